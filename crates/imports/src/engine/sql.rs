//! The engine's statements.

use weft_storage::statements;

statements! {
    /// Which source of this kind and org knows most of a sample of people.
    KNOWN_SOURCE = "SELECT source, COUNT(*) FROM import_map
                    WHERE org = $1 AND kind = 'user' AND outside IN_TEXTS($2) AND source LIKE $3
                    GROUP BY source ORDER BY COUNT(*) DESC, source LIMIT 1";
    /// The org's log, and its first owner.
    ORG = "SELECT o.log, (SELECT MIN(p.principal) FROM principals p WHERE p.org = o.org AND p.role = 1 AND p.state = 1), o.id
           FROM orgs o WHERE o.org = $1";
    /// People of the source who are here.
    MAPPED_PEOPLE = "SELECT m.outside, p.principal, p.id, p.log, p.state FROM import_map m
                     JOIN principals p ON p.principal = m.subject
                     WHERE m.org = $1 AND m.source = $2 AND m.kind = 'user'";
    /// Everybody with an address.
    ADDRESSES = "SELECT COALESCE(a.email_key, p.email), p.principal, p.id, p.log, p.state FROM principals p
                 LEFT JOIN accounts a ON a.account = p.account
                 WHERE p.org = $1 AND p.state <> 4 AND COALESCE(a.email_key, p.email) IS NOT NULL
                 ORDER BY p.state, p.principal";
    /// New logs: of kind $1, in org $2, $3 of them, with $4 events taken.
    NEW_LOGS = {
        sqlite: "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < $3)
                 INSERT INTO logs (kind, org, head_seq) SELECT $1, $2, $4 FROM c RETURNING log",
        pg: "INSERT INTO logs (kind, org, head_seq) SELECT $1::bigint, $2::bigint, $4::bigint
             FROM generate_series(1, $3::bigint) RETURNING log",
    };
    /// New people.
    ADD_PEOPLE = {
        sqlite: "INSERT INTO principals (id, org, log, kind, role, state, name, name_key, search_key, email, title,
                   timezone, changed_seq, created_at)
                 VALUES ($1, $2, $3, $4, $5, 3, $6, $7, $8, $9, $10, $11, $12, $13)",
        pg: "INSERT INTO principals (id, org, log, kind, role, state, name, name_key, search_key, email, title,
               timezone, changed_seq, created_at)
             SELECT a, b, c, d, e, 3, f, g, h, i, j, k, l, m FROM unnest($1::uuid[], $2::bigint[], $3::bigint[],
               $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
               $12::bigint[], $13::bigint[]) u (a, b, c, d, e, f, g, h, i, j, k, l, m)",
    };
    /// The keys of people who were just added.
    ADDED_PEOPLE = "SELECT log, principal FROM principals WHERE org = $1 AND changed_seq > $2 AND changed_seq <= $3";
    /// Notes what outside ids became.
    ADD_MAP = {
        sqlite: "INSERT INTO import_map (org, source, kind, outside, subject) VALUES ($1, $2, $3, $4, $5)",
        pg: "INSERT INTO import_map (org, source, kind, outside, subject)
             SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[])",
    };
    /// Conversations of the source that are here.
    MAPPED_SPACES = "SELECT m.outside, c.log, c.id FROM import_map m JOIN conversations c ON c.log = m.subject
                     WHERE m.org = $1 AND m.source = $2 AND m.kind = 'conversation'";
    /// Names that are taken.
    NAMES = "SELECT name_key FROM conversations WHERE org = $1 AND kind <= 2 AND parent IS NULL";
    /// Sets of people who have a conversation.
    PEOPLE_KEYS = "SELECT people_key, log, id FROM conversations WHERE org = $1 AND people_key IS NOT NULL";
    /// When something was last said in a conversation.
    LAST_SAID = "SELECT CAST(MAX(at) AS BIGINT) FROM messages WHERE log = $1 AND n IS NOT NULL";
    /// The server tells something; never unread, so without an ordinal.
    TELL = "INSERT INTO messages (log, seq, id, sender, kind, state, at, changed_seq, body)
            VALUES ($1, $2, $3, $4, 2, 1, $5, $2, $6)";
    /// New conversations.
    ADD_SPACES = {
        sqlite: "INSERT INTO conversations (log, id, org, kind, name, name_key, search_key, topic, purpose, is_default,
                   archived_at, people_key, changed_seq, created_by, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $14)",
        pg: "INSERT INTO conversations (log, id, org, kind, name, name_key, search_key, topic, purpose, is_default,
               archived_at, people_key, changed_seq, created_by, created_at)
             SELECT a, b, c, d, e, f, g, h, i, j, k, l, 1, m, n FROM unnest($1::bigint[], $2::uuid[], $3::bigint[],
               $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[],
               $12::text[], $13::bigint[], $14::bigint[]) u (a, b, c, d, e, f, g, h, i, j, k, l, m, n)",
    };
    /// Which messages are here; each of $2 is the JSON `[sender, nonce]`.
    EXISTING = {
        sqlite: "SELECT m.nonce, m.seq, m.request_hash FROM json_each($2) j CROSS JOIN messages m INDEXED BY messages_nonce
                 WHERE m.log = $1 AND m.sender = json_extract(j.value, '$[0]')
                   AND m.nonce = json_extract(j.value, '$[1]') AND m.nonce IS NOT NULL",
        pg: "SELECT m.nonce, m.seq, m.request_hash FROM unnest($2::text[]) u (pair) JOIN messages m
             ON m.log = $1 AND m.sender = (u.pair::jsonb ->> 0)::bigint AND m.nonce = u.pair::jsonb ->> 1",
    };
    /// Messages that may have to change, read under their head's lock.
    PRESENT = "SELECT m.seq, m.state, m.n, m.thread, m.at, m.edited_at, m.pinned_at,
                 CAST((SELECT COALESCE(MAX(v.version), 0) FROM message_versions v WHERE v.log = m.log AND v.seq = m.seq)
                   AS BIGINT), m.body
               FROM messages m WHERE m.log = $1 AND m.seq IN_INTS($2)";
    /// Their reactions.
    REACTIONS = "SELECT seq, emoji, principal, at FROM reactions WHERE log = $1 AND seq IN_INTS($2)";
    /// Messages that a source had between two times, live ones of people.
    IMPORTED = "SELECT seq, request_hash FROM messages WHERE log = $1 AND nonce LIKE $2 AND kind = 1 AND state = 1
                  AND at > $3 AND at < $4 ORDER BY seq";
    /// Messages have changed.
    TOUCH = {
        sqlite: "UPDATE messages SET changed_seq = $3 WHERE log = $1 AND seq = $2",
        pg: "UPDATE messages SET changed_seq = u.c FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) u (a, b, c)
             WHERE messages.log = u.a AND messages.seq = u.b",
    };
    /// What the source says of them now.
    STAMP = {
        sqlite: "UPDATE messages SET request_hash = $3 WHERE log = $1 AND seq = $2",
        pg: "UPDATE messages SET request_hash = u.c FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) u (a, b, c)
             WHERE messages.log = u.a AND messages.seq = u.b",
    };
    /// Keeps an earlier version.
    KEEP = "INSERT INTO message_versions (log, seq, version, at, body) VALUES ($1, $2, $3, $4, $5)";
    /// Writes a new text.
    EDIT = "UPDATE messages SET body = $3, edited_at = $4 WHERE log = $1 AND seq = $2";
    /// Leaves a tombstone.
    BURY = "UPDATE messages SET state = 3, body = NULL, edited_at = NULL, pinned_at = NULL, pinned_by = NULL
            WHERE log = $1 AND seq = $2";
    /// Forgets the earlier versions.
    FORGET_VERSIONS = "DELETE FROM message_versions WHERE log = $1 AND seq = $2";
    /// Forgets the reactions.
    FORGET_REACTIONS = "DELETE FROM reactions WHERE log = $1 AND seq = $2";
    /// Forgets which files it referred to.
    FORGET_FILES = "DELETE FROM message_files WHERE log = $1 AND seq = $2";
    /// New references to files.
    REFER = {
        sqlite: "INSERT INTO message_files (log, seq, file, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO message_files (log, seq, file, at)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) ON CONFLICT DO NOTHING",
    };
    /// Live messages, and how many files each refers to.
    LINKED = "SELECT m.seq, (SELECT COUNT(*) FROM message_files x WHERE x.log = m.log AND x.seq = m.seq), m.body
              FROM messages m WHERE m.log = $1 AND m.seq IN_INTS($2) AND m.state = 1 AND m.body IS NOT NULL";
    /// A message names files that were links, if it still says what was read.
    ATTACH = "UPDATE messages SET body = $4, changed_seq = $5 WHERE log = $1 AND seq = $2 AND state = 1 AND body = $3";
    /// Takes reactions back.
    TAKE_REACTIONS = {
        sqlite: "DELETE FROM reactions WHERE log = $1 AND seq = $2 AND emoji = $3 AND principal = $4",
        pg: "DELETE FROM reactions USING unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) u (a, b, c, d)
             WHERE reactions.log = u.a AND reactions.seq = u.b AND reactions.emoji = u.c AND reactions.principal = u.d",
    };
    /// Pins, or unpins ($3 and $4 NULL).
    PIN = "UPDATE messages SET pinned_at = $3, pinned_by = $4 WHERE log = $1 AND seq = $2";
    /// Mentions somebody, or everybody (0).
    MENTION = "INSERT INTO mentions (principal, log, seq, n, thread) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    /// Forgets that these people, and everybody, were mentioned.
    UNMENTION = "DELETE FROM mentions WHERE log = $1 AND seq = $2
                 AND principal IN (SELECT p.principal FROM principals p WHERE p.id IN_UUIDS($3) UNION ALL SELECT 0)";
    /// Messages by their nonce alone: reads the conversation's index once.
    ROOTS = "SELECT nonce, seq, sender FROM messages WHERE log = $1 AND nonce IN_TEXTS($2) AND thread IS NULL";
    /// The last ordinals of threads.
    THREAD_ENDS = "SELECT thread, CAST(MAX(n) AS BIGINT) FROM messages
                   WHERE log = $1 AND thread IN_INTS($2) AND n IS NOT NULL GROUP BY thread";
    /// New messages.
    ADD_MESSAGES = {
        sqlite: "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, nonce, at, edited_at, changed_seq,
                   pinned_at, pinned_by, body, request_hash)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $2, $12, $13, $14, $15)",
        pg: "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, nonce, at, edited_at, changed_seq,
               pinned_at, pinned_by, body, request_hash)
             SELECT a, b, c, d, e, f, g, h, i, j, k, b, l, m, n, o FROM unnest($1::bigint[], $2::bigint[], $3::uuid[],
               $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::bigint[],
               $11::bigint[], $12::bigint[], $13::bigint[], $14::bytea[], $15::bytea[])
               u (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)",
    };
    /// New reactions.
    ADD_REACTIONS = {
        sqlite: "INSERT INTO reactions (log, seq, emoji, principal, at) VALUES ($1, $2, $3, $4, $5)",
        pg: "INSERT INTO reactions (log, seq, emoji, principal, at)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[])",
    };
    /// New mentions.
    ADD_MENTIONS = {
        sqlite: "INSERT INTO mentions (principal, log, seq, n, thread) VALUES ($1, $2, $3, $4, $5)",
        pg: "INSERT INTO mentions (principal, log, seq, n, thread)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])",
    };
    /// Earlier contents of new messages.
    ADD_VERSIONS = {
        sqlite: "INSERT INTO message_versions (log, seq, version, at, body) VALUES ($1, $2, $3, $4, $5)",
        pg: "INSERT INTO message_versions (log, seq, version, at, body)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[])",
    };
    /// When the newest message of the source's newest export was written.
    NEWEST = "SELECT subject FROM import_map WHERE org = $1 AND source = $2 AND kind = 'newest' AND outside = ''";
    /// Notes it.
    SET_NEWEST = "INSERT INTO import_map (org, source, kind, outside, subject) VALUES ($1, $2, 'newest', '', $3)
                  ON CONFLICT (org, source, kind, outside) DO UPDATE SET subject = EXCLUDED.subject";
    /// Moves a locked head on.
    MOVE_HEAD = "UPDATE logs SET head_seq = $2, last_n = $3, last_at = GREATEST(last_at, $4) WHERE log = $1";
    /// Moves a locked head on and makes earlier permission proofs stale.
    MOVE_HEAD_ACL = "UPDATE logs SET head_seq = $2, last_at = GREATEST(last_at, $3), acl_version = acl_version + 1
                     WHERE log = $1";
    /// Moves several locked heads on by one.
    MOVE_HEADS = "UPDATE logs SET head_seq = head_seq + 1, last_at = GREATEST(last_at, $2) WHERE log IN_INTS($1)";
    /// How far a run has come.
    PROGRESS = "UPDATE imports SET state = 'running', done = $2, total = $3 WHERE import = $1";
    /// Who is or was in a conversation.
    MEMBERS = "SELECT principal FROM members WHERE log = $1";
    /// New memberships.
    ADD_MEMBERS = {
        sqlite: "INSERT INTO members (log, principal, role, joined_at, changed_seq, read_seq, read_n, own_seq,
                   visible_from_seq)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        pg: "INSERT INTO members (log, principal, role, joined_at, changed_seq, read_seq, read_n, own_seq,
               visible_from_seq)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
               $7::bigint[], $8::bigint[], $9::bigint[])",
    };
    /// Where history begins with joining, newcomers see nothing below $2. A row if it does.
    HIDE = "UPDATE conversations SET hidden_below = $2 WHERE log = $1 AND newcomers_see <> 1 RETURNING hidden_below";
    /// Counts who is in a conversation.
    COUNT_MEMBERS = "UPDATE conversations SET member_count =
                     (SELECT COUNT(*) FROM members m WHERE m.log = conversations.log AND m.left_seq IS NULL)
                     WHERE log = $1";
    /// Who takes part follows, and has read what was there. Keeps marks that exist.
    ADD_MARKS = {
        sqlite: "INSERT INTO thread_marks (principal, log, root, following, read_n, own_seq)
                 VALUES ($1, $2, $3, 1, $4, 0) ON CONFLICT DO NOTHING",
        pg: "INSERT INTO thread_marks (principal, log, root, following, read_n, own_seq)
             SELECT a, b, c, 1, d, 0 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) u (a, b, c, d)
             ON CONFLICT DO NOTHING",
    };
    /// The last message that was written here and that can be unread.
    LAST_NATIVE = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM messages WHERE log = $1 AND n IS NOT NULL
                   AND thread IS NULL AND (nonce IS NULL OR nonce NOT LIKE $2)";
    /// Members whose unread messages all came with the import.
    BEHIND = "SELECT m.principal, p.log, p.state FROM members m JOIN principals p ON p.principal = m.principal
              WHERE m.log = $1 AND m.left_seq IS NULL AND m.read_seq >= $2 AND m.read_n < $3";
    /// Raises read marks to the head; $5 is the event in each member's own log.
    RAISE = {
        sqlite: "UPDATE members SET read_seq = $3, read_n = $4, own_seq = MAX(own_seq, $5)
                 WHERE log = $1 AND principal = $2",
        pg: "UPDATE members SET read_seq = u.c, read_n = u.d, own_seq = GREATEST(own_seq, u.e)
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) u (a, b, c, d, e)
             WHERE members.log = u.a AND members.principal = u.b",
    };
}
