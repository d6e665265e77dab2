//! Statements of this module.

use weft_storage::statements;

statements! {
    /// The org's settings.
    POLICY = "SELECT settings FROM orgs WHERE org = $1";
    /// Permission versions, to see whose members changed.
    VERSIONS = "SELECT log, acl_version FROM logs WHERE log IN_INTS($1)";
    /// The people of a conversation, since when they are there, and how far they have read the
    /// main flow ($2 = 0) or a thread.
    READERS = "SELECT m.principal, m.joined_at, CASE WHEN $2 = 0 THEN m.read_seq ELSE COALESCE(t.read_n, 0) END
               FROM members m JOIN principals p ON p.principal = m.principal
               LEFT JOIN thread_marks t ON t.principal = m.principal AND t.log = m.log AND t.root = $2
               WHERE m.log = $1 AND m.left_seq IS NULL AND p.state = 1 AND p.kind <= 2";
    /// How many a message is for, and how many of them have read it. $3: when it was sent; $4: by
    /// whom; $5: what a mark must reach.
    COUNT = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN r.mark >= $5 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM
               (SELECT CASE WHEN $2 = 0 THEN m.read_seq ELSE COALESCE(t.read_n, 0) END AS mark
                FROM members m JOIN principals p ON p.principal = m.principal
                LEFT JOIN thread_marks t ON t.principal = m.principal AND t.log = m.log AND t.root = $2
                WHERE m.log = $1 AND m.left_seq IS NULL AND p.state = 1 AND p.kind <= 2
                  AND m.joined_at <= $3 AND m.principal <> $4) r";
    /// Those of them who have ($6 = 1) or have not ($6 = 0), by name, after a place.
    PEOPLE = "SELECT r.id, r.principal FROM
                (SELECT p.id, p.principal, p.name_key, CASE WHEN $2 = 0 THEN m.read_seq ELSE COALESCE(t.read_n, 0) END AS mark
                 FROM members m JOIN principals p ON p.principal = m.principal
                 LEFT JOIN thread_marks t ON t.principal = m.principal AND t.log = m.log AND t.root = $2
                 WHERE m.log = $1 AND m.left_seq IS NULL AND p.state = 1 AND p.kind <= 2
                   AND m.joined_at <= $3 AND m.principal <> $4) r
              WHERE CASE WHEN r.mark >= $5 THEN 1 ELSE 0 END = $6 AND (r.name_key, r.principal) > ($7, $8)
              ORDER BY r.name_key, r.principal LIMIT $9";
    /// A person's place in the order by name.
    PLACE = "SELECT name_key, principal FROM principals WHERE org = $1 AND id = $2";
    /// Messages of one sender by their places. The columns are those of `MessageRow`.
    OWN = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
           FROM messages WHERE log = $1 AND seq IN_INTS($2) AND sender = $3 AND state = 1 AND n IS NOT NULL";
}
