//! Pages of a conversation's main flow or of a thread. The columns are those of `MessageRow`.

use weft_storage::statements;

statements! {
    /// Main flow, backwards.
    MAIN_BEFORE = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq < $2 AND seq >= $3 AND thread IS NULL ORDER BY seq DESC LIMIT $4";
    /// Main flow, forwards.
    MAIN_AFTER = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq > $2 AND seq >= $3 AND thread IS NULL ORDER BY seq LIMIT $4";
    /// A thread, backwards.
    THREAD_BEFORE = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq < $2 AND seq >= $3 AND thread = $5 ORDER BY seq DESC LIMIT $4";
    /// A thread, forwards.
    THREAD_AFTER = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq > $2 AND seq >= $3 AND thread = $5 ORDER BY seq LIMIT $4";
    /// The first message at or after a place, for the search by time.
    AT_OR_AFTER = "SELECT seq, at FROM messages WHERE log = $1 AND seq >= $2 ORDER BY seq LIMIT 1";
    /// The head.
    HEAD = "SELECT head_seq FROM logs WHERE log = $1";
}
