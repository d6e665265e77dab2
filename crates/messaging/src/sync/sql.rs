//! What changed since a cursor.

use weft_storage::statements;

statements! {
    /// New messages, in order. The columns are those of `MessageRow`.
    NEW = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq > $2 AND seq <= $3 AND seq >= $4 ORDER BY seq LIMIT $5";
    /// Older messages that changed.
    CHANGED = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND changed_seq > $2 AND changed_seq > seq AND seq <= $2 AND seq >= $3
        ORDER BY changed_seq LIMIT $4";
    /// Members who came or went.
    MEMBERS = "SELECT principal, role, joined_at, left_seq IS NULL, changed_seq FROM members
        WHERE log = $1 AND changed_seq > $2 ORDER BY changed_seq LIMIT $3";
    /// The conversation, its last change, and the head that all the rest is read up to.
    CONVERSATION = "SELECT l.head_seq, c.changed_seq, c.member_count FROM conversations c JOIN logs l ON l.log = c.log WHERE c.log = $1";
    /// Heads of everything that a person is in.
    HEADS = "SELECT c.id, m.log, l.head_seq, m.visible_from_seq FROM members m JOIN conversations c ON c.log = m.log
        JOIN logs l ON l.log = m.log WHERE m.principal = $1 AND m.left_seq IS NULL";
    /// The head of one log.
    HEAD = "SELECT head_seq FROM logs WHERE log = $1";
    /// Memberships that changed in a person's own log.
    OWN_MEMBERS = "SELECT m.log, c.id, m.left_seq IS NULL FROM members m JOIN conversations c ON c.log = m.log
        WHERE m.principal = $1 AND m.own_seq > $2 ORDER BY m.own_seq";
    /// Drafts that changed.
    OWN_DRAFTS = "SELECT c.id, r.id, d.text, d.updated_at FROM drafts d JOIN conversations c ON c.log = d.log
        LEFT JOIN messages r ON r.log = d.log AND r.seq = d.thread WHERE d.principal = $1 AND d.own_seq > $2";
    /// Whose a log is, and its head.
    NAME = "SELECT l.kind, l.head_seq, COALESCE(c.id, p.id, o.id) FROM logs l
        LEFT JOIN conversations c ON c.log = l.log LEFT JOIN principals p ON p.log = l.log LEFT JOIN orgs o ON o.log = l.log
        WHERE l.log = $1";
    /// The server's epoch.
    EPOCH = "SELECT value FROM server_state WHERE key = 'epoch'";
    /// Sets the first epoch.
    PUT_EPOCH = "INSERT INTO server_state (key, value) VALUES ('epoch', $1) ON CONFLICT DO NOTHING";
}
