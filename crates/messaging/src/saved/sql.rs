//! Statements of this module.

use weft_storage::statements;

statements! {
    /// What somebody keeps, by its message.
    BY_MESSAGE = "SELECT id, note, state, saved_at, remind_at, reminded_at FROM saved_items WHERE principal = $1 AND log = $2 AND seq = $3";
    /// The same, by its id.
    BY_ID = "SELECT id, note, state, saved_at, remind_at, reminded_at, log, seq FROM saved_items WHERE principal = $1 AND id = $2 AND state < 4";
    /// How much somebody keeps.
    COUNT = "SELECT COUNT(*) FROM saved_items WHERE principal = $1 AND state < 4";
    /// Keeps something.
    ADD = "INSERT INTO saved_items (id, principal, log, seq, note, state, saved_at, remind_at, reminded_at, own_seq)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// Changes what is kept.
    CHANGE = "UPDATE saved_items SET note = $2, state = $3, saved_at = $4, remind_at = $5, reminded_at = $6, own_seq = $7 WHERE id = $1";
    /// One page of what somebody keeps, the newest first, after a place.
    LIST = "SELECT s.id, s.note, s.state, s.saved_at, s.remind_at, s.reminded_at, s.log, s.seq, c.id, x.id
            FROM saved_items s LEFT JOIN conversations c ON c.log = s.log LEFT JOIN messages x ON x.log = s.log AND x.seq = s.seq
            WHERE s.principal = $1 AND s.state = $2 AND (s.saved_at < $3 OR (s.saved_at = $3 AND s.id < $4))
            ORDER BY s.saved_at DESC, s.id DESC LIMIT $5";
    /// The place of one in that order.
    PLACE = "SELECT saved_at FROM saved_items WHERE principal = $1 AND id = $2";
    /// What is in progress, without its words.
    MARKS = "SELECT s.id, x.id, s.state, s.saved_at, s.remind_at, s.reminded_at FROM saved_items s
             LEFT JOIN messages x ON x.log = s.log AND x.seq = s.seq WHERE s.principal = $1 AND s.state = 1 ORDER BY s.saved_at DESC, s.id DESC";
    /// What changed in somebody's own log.
    CHANGED = "SELECT s.id, x.id, s.state, s.saved_at, s.remind_at, s.reminded_at FROM saved_items s
               LEFT JOIN messages x ON x.log = s.log AND x.seq = s.seq WHERE s.principal = $1 AND s.own_seq > $2 ORDER BY s.own_seq";
    /// Whom a reminder is for, and of what.
    WHOSE = "SELECT p.principal, p.id, p.log, s.note, s.log, c.id, x.id, x.seq, o.id FROM saved_items s JOIN principals p ON p.principal = s.principal
             JOIN orgs o ON o.org = p.org
             LEFT JOIN conversations c ON c.log = s.log LEFT JOIN messages x ON x.log = s.log AND x.seq = s.seq WHERE s.id = $1";
    /// The time has come: once.
    REMINDED = "UPDATE saved_items SET reminded_at = $3, state = 1, own_seq = $4
                WHERE id = $1 AND remind_at = $2 AND reminded_at IS NULL AND state < 4";
}
