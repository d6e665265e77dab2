//! Statements of this module.

use weft_storage::statements;

statements! {
    /// A message, read under its log's head lock, and whether some member may not see it.
    LOCKED = "SELECT m.sender, m.kind, m.state, m.n, m.thread, m.at, m.edited_at, m.pinned_at, m.body, c.hidden_below > m.seq
              FROM messages m JOIN conversations c ON c.log = m.log WHERE m.log = $1 AND m.seq = $2";
    /// How many earlier versions there are.
    VERSIONS = "SELECT COUNT(*) FROM message_versions WHERE log = $1 AND seq = $2";
    /// Keeps an earlier version.
    KEEP = "INSERT INTO message_versions (log, seq, version, at, body) VALUES ($1, $2, $3, $4, $5)";
    /// The earlier versions, oldest first.
    HISTORY = "SELECT at, body FROM message_versions WHERE log = $1 AND seq = $2 ORDER BY version";
    /// Writes a new body.
    EDIT = "UPDATE messages SET body = $3, edited_at = $4, changed_seq = $5 WHERE log = $1 AND seq = $2";
    /// Mentions people.
    MENTION = "INSERT INTO mentions (principal, log, seq, n, thread)
               SELECT p.principal, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT)
               FROM principals p WHERE p.principal IN_INTS($1) ON CONFLICT DO NOTHING";
    /// Mentions everybody.
    MENTION_ALL = "INSERT INTO mentions (principal, log, seq, n, thread) VALUES (0, $1, $2, $3, $4) ON CONFLICT DO NOTHING";
    /// Forgets who was mentioned.
    UNMENTION = "DELETE FROM mentions WHERE log = $1 AND seq = $2
                 AND principal IN (SELECT p.principal FROM principals p WHERE p.id IN_UUIDS($3))";
    /// Forgets that everybody was mentioned.
    UNMENTION_ALL = "DELETE FROM mentions WHERE principal = 0 AND log = $1 AND seq = $2";
    /// Leaves a tombstone.
    BURY = "UPDATE messages SET state = $3, body = NULL, edited_at = NULL, pinned_at = NULL, pinned_by = NULL,
              changed_seq = $4 WHERE log = $1 AND seq = $2";
    /// Forgets the earlier versions.
    FORGET_VERSIONS = "DELETE FROM message_versions WHERE log = $1 AND seq = $2";
    /// Forgets the reactions.
    FORGET_REACTIONS = "DELETE FROM reactions WHERE log = $1 AND seq = $2";
    /// Refers to no files any more.
    FORGET_FILES = "DELETE FROM message_files WHERE log = $1 AND seq = $2";
    /// The different reactions under a message.
    EMOJI = "SELECT DISTINCT emoji FROM reactions WHERE log = $1 AND seq = $2";
    /// The name of an org's own emoji, by it or an alias.
    CUSTOM = "SELECT e.name FROM emoji_names n JOIN emoji e ON e.id = n.emoji WHERE n.org = $1 AND n.name = $2";
    /// Reacts.
    REACT = "INSERT INTO reactions (log, seq, emoji, principal, at, author) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    /// Takes a reaction back.
    UNREACT = "DELETE FROM reactions WHERE log = $1 AND seq = $2 AND emoji = $3 AND principal = $4";
    /// How many reacted alike.
    COUNT = "SELECT COUNT(*) FROM reactions WHERE log = $1 AND seq = $2 AND emoji = $3";
    /// Marks as changed.
    TOUCH = "UPDATE messages SET changed_seq = $3 WHERE log = $1 AND seq = $2";
    /// Pins, or unpins ($3 and $4 NULL).
    PIN = "UPDATE messages SET pinned_at = $3, pinned_by = $4, changed_seq = $5 WHERE log = $1 AND seq = $2";
    /// How many are pinned.
    PINNED = "SELECT COUNT(*) FROM messages WHERE log = $1 AND pinned_at IS NOT NULL";
    /// The pinned ones, newest pin first. The columns are those of `MessageRow`.
    PINS = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
            FROM messages WHERE log = $1 AND pinned_at IS NOT NULL AND seq >= $2 ORDER BY pinned_at DESC, seq DESC LIMIT 200";
}
