//! The statements of the append queue.

use weft_storage::statements;

statements! {
    /// One head (SQLite: the writer holds the only write lock).
    HEAD = "SELECT head_seq, last_n, last_at, acl_version FROM logs WHERE log = $1";
    /// Heads, locked in ascending order.
    HEADS = "SELECT log, head_seq, last_n, last_at, acl_version FROM logs WHERE log IN_INTS($1) ORDER BY log FOR_UPDATE";
    /// Versions of the senders; no lock, a revocation waits for nobody.
    VERSIONS = "SELECT log, head_seq, last_n, last_at, acl_version FROM logs WHERE log IN_INTS($1)";
    /// Whoever is a present member of an open conversation; read only when a proof is stale.
    STANDING = {
        sqlite: "SELECT m.log, m.principal FROM members m JOIN conversations c ON c.log = m.log
                 WHERE m.log = $1 AND m.principal = $2 AND m.left_seq IS NULL AND c.archived_at IS NULL",
        pg: "SELECT m.log, m.principal FROM members m JOIN conversations c ON c.log = m.log
             JOIN unnest($1::bigint[], $2::bigint[]) AS b (log, principal) ON m.log = b.log AND m.principal = b.principal
             WHERE m.left_seq IS NULL AND c.archived_at IS NULL"
    };
    /// A message that took this nonce.
    BY_NONCE = "SELECT id, seq, n, at, request_hash FROM messages WHERE log = $1 AND sender = $2 AND nonce = $3";
    /// The last ordinal of a thread.
    THREAD_LAST = "SELECT n FROM messages WHERE log = $1 AND thread = $2 ORDER BY seq DESC LIMIT 1";
    /// One message; nothing when its nonce was seen before.
    INSERT = "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, nonce, request_hash, at, changed_seq, body, topic)
              VALUES ($1, $2, $3, $4, 1, 1, $5, $6, $7, $8, $9, $2, $10,
                (SELECT COALESCE(t.merged_into, t.topic) FROM topics t WHERE t.topic = $11)) ON CONFLICT (log, sender, nonce) WHERE nonce IS NOT NULL DO NOTHING";
    /// Writes a head back.
    PUT_HEAD = "UPDATE logs SET head_seq = $2, last_n = $3, last_at = $4 WHERE log = $1";
    /// A mention.
    MENTION = "INSERT INTO mentions (principal, log, seq, n, thread) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    /// A file that a message refers to.
    FILE = "INSERT INTO message_files (log, seq, file, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    /// Follows a thread, if its person has not decided about it.
    FOLLOW = "INSERT INTO thread_marks (principal, log, root, following, read_n, own_seq) VALUES ($1, $2, $3, 1, $4, 0)
              ON CONFLICT (principal, log, root) DO UPDATE SET following = 1 WHERE thread_marks.following = 2";
    /// Who wrote a thread's root.
    ROOT_SENDER = "SELECT sender FROM messages WHERE log = $1 AND seq = $2";
    /// Nonces of a batch that were seen before (PostgreSQL).
    SEEN = {
        sqlite: "SELECT log, sender, nonce, id, seq, n, at, request_hash FROM messages WHERE log = $1 AND sender = $2 AND nonce = $3",
        pg: "SELECT m.log, m.sender, m.nonce, m.id, m.seq, m.n, m.at, m.request_hash FROM messages m
             JOIN unnest($1::bigint[], $2::bigint[], $3::text[]) AS b (log, sender, nonce)
             ON m.log = b.log AND m.sender = b.sender AND m.nonce = b.nonce"
    };
    /// Last ordinals of the threads of a batch (PostgreSQL).
    THREADS_LAST = {
        sqlite: "SELECT log, thread, n FROM messages WHERE log = $1 AND thread = $2 ORDER BY seq DESC LIMIT 1",
        pg: "SELECT b.log, b.root, COALESCE((SELECT m.n FROM messages m WHERE m.log = b.log AND m.thread = b.root
             ORDER BY m.seq DESC LIMIT 1), 0), (SELECT r.sender FROM messages r WHERE r.log = b.log AND r.seq = b.root)
             FROM unnest($1::bigint[], $2::bigint[]) AS b (log, root)"
    };
    /// A batch of messages (PostgreSQL).
    INSERT_ALL = {
        sqlite: "SELECT 1",
        pg: "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, nonce, request_hash, at, changed_seq, body, topic)
             SELECT log, seq, id, sender, 1, 1, n, thread, nonce, request_hash, at, seq, body,
               (SELECT COALESCE(t.merged_into, t.topic) FROM topics t WHERE t.topic = b.topic)
             FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[],
                         $8::bytea[], $9::bigint[], $10::bytea[], $11::bigint[])
             AS b (log, seq, id, sender, n, thread, nonce, request_hash, at, body, topic)"
    };
    /// The heads of a batch (PostgreSQL).
    PUT_HEADS = {
        sqlite: "SELECT 1",
        pg: "UPDATE logs SET head_seq = b.seq, last_n = b.n, last_at = b.at
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS b (log, seq, n, at)
             WHERE logs.log = b.log"
    };
    /// The mentions of a batch (PostgreSQL).
    MENTIONS_ALL = {
        sqlite: "SELECT 1",
        pg: "INSERT INTO mentions (principal, log, seq, n, thread)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) ON CONFLICT DO NOTHING"
    };
    /// The files that a batch refers to (PostgreSQL).
    FILES_ALL = {
        sqlite: "SELECT 1",
        pg: "INSERT INTO message_files (log, seq, file, at)
             SELECT log, seq, file, at FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
             AS b (log, seq, file, at) ON CONFLICT DO NOTHING"
    };
    /// The threads that people come to follow with a batch (PostgreSQL).
    FOLLOW_ALL = {
        sqlite: "SELECT 1",
        pg: "INSERT INTO thread_marks (principal, log, root, following, read_n, own_seq)
             SELECT principal, log, root, 1, MAX(read_n), 0 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
             AS b (principal, log, root, read_n) GROUP BY principal, log, root
             ON CONFLICT (principal, log, root) DO UPDATE SET following = 1 WHERE thread_marks.following = 2"
    };
}
