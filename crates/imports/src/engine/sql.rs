//! The engine's statements.

use weft_storage::statements;

statements! {
    /// Which source of this org knows most of a sample of people.
    KNOWN_SOURCE = "SELECT source, COUNT(*) FROM import_map WHERE org = $1 AND kind = 'user' AND outside IN_TEXTS($2)
                    GROUP BY source ORDER BY COUNT(*) DESC, source LIMIT 1";
    /// The org's log, and its first owner.
    ORG = "SELECT o.log, (SELECT MIN(p.principal) FROM principals p WHERE p.org = o.org AND p.role = 1 AND p.state = 1)
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
    PEOPLE_KEYS = "SELECT people_key FROM conversations WHERE org = $1 AND people_key IS NOT NULL";
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
        sqlite: "SELECT m.nonce, m.seq FROM json_each($2) j CROSS JOIN messages m INDEXED BY messages_nonce
                 WHERE m.log = $1 AND m.sender = json_extract(j.value, '$[0]')
                   AND m.nonce = json_extract(j.value, '$[1]') AND m.nonce IS NOT NULL",
        pg: "SELECT m.nonce, m.seq FROM unnest($2::text[]) u (pair) JOIN messages m
             ON m.log = $1 AND m.sender = (u.pair::jsonb ->> 0)::bigint AND m.nonce = u.pair::jsonb ->> 1",
    };
    /// Messages by their nonce alone: reads the conversation's index once.
    ROOTS = "SELECT nonce, seq, sender FROM messages WHERE log = $1 AND nonce IN_TEXTS($2) AND thread IS NULL";
    /// The last ordinals of threads.
    THREAD_ENDS = "SELECT thread, CAST(MAX(n) AS BIGINT) FROM messages
                   WHERE log = $1 AND thread IN_INTS($2) AND n IS NOT NULL GROUP BY thread";
    /// New messages.
    ADD_MESSAGES = {
        sqlite: "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, nonce, at, edited_at, changed_seq,
                   pinned_at, pinned_by, body)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $2, $12, $13, $14)",
        pg: "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, nonce, at, edited_at, changed_seq,
               pinned_at, pinned_by, body)
             SELECT a, b, c, d, e, f, g, h, i, j, k, b, l, m, n FROM unnest($1::bigint[], $2::bigint[], $3::uuid[],
               $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::bigint[],
               $11::bigint[], $12::bigint[], $13::bigint[], $14::bytea[]) u (a, b, c, d, e, f, g, h, i, j, k, l, m, n)",
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
        sqlite: "INSERT INTO members (log, principal, role, joined_at, changed_seq, read_seq, read_n, own_seq)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        pg: "INSERT INTO members (log, principal, role, joined_at, changed_seq, read_seq, read_n, own_seq)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
               $7::bigint[], $8::bigint[])",
    };
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
