//! Statements of this module.

use weft_storage::statements;

statements! {
    /// What is shown under messages.
    CARDS = "SELECT x.seq, l.id, l.body FROM message_links x JOIN links l ON l.link = x.link
             WHERE x.log = $1 AND x.seq IN_INTS($2) AND x.hidden = 0 ORDER BY x.seq, x.place";
    /// What a message's links led to so far.
    KNOWN = "SELECT mark, link, place, hidden FROM message_links WHERE log = $1 AND seq = $2";
    /// Shows something.
    SHOW = "INSERT INTO message_links (log, seq, mark, place, link, hidden) VALUES ($1, $2, $3, $4, $5, 0)
            ON CONFLICT (log, seq, mark) DO UPDATE SET place = excluded.place, link = excluded.link";
    /// Forgets the links that a message does not have any more.
    KEEP_ONLY = "DELETE FROM message_links WHERE log = $1 AND seq = $2 AND NOT mark IN_INTS($3)";
    /// Forgets all of them.
    FORGET = "DELETE FROM message_links WHERE log = $1 AND seq = $2";
    /// Takes one away for good.
    HIDE = "UPDATE message_links SET hidden = 1 WHERE log = $1 AND seq = $2 AND hidden = 0
            AND link IN (SELECT l.link FROM links l WHERE l.id = $3)";
    /// A conversation's id and org, and from where on every member sees all.
    CONVERSATION = "SELECT id, org, hidden_below FROM conversations WHERE log = $1";
}
