//! Pages of a conversation's main flow or of a thread. The columns are those of `MessageRow`.

use weft_storage::statements;

statements! {
    /// Everything that was written, replies among it.
    ALL_AFTER = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq > $2 AND seq >= $3 ORDER BY seq LIMIT $4";
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
    /// A topic, backwards.
    TOPIC_BEFORE = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq < $2 AND seq >= $3 AND topic = $5 ORDER BY seq DESC LIMIT $4";
    /// A topic, forwards.
    TOPIC_AFTER = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq > $2 AND seq >= $3 AND topic = $5 ORDER BY seq LIMIT $4";
    /// What people wrote in the main flow without a topic, backwards.
    NO_TOPIC_BEFORE = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq < $2 AND seq >= $3 AND thread IS NULL AND topic IS NULL AND kind = 1
        ORDER BY seq DESC LIMIT $4";
    /// The same, forwards.
    NO_TOPIC_AFTER = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
        FROM messages WHERE log = $1 AND seq > $2 AND seq >= $3 AND thread IS NULL AND topic IS NULL AND kind = 1
        ORDER BY seq LIMIT $4";
    /// The last messages of threads (a message without replies is one of its own) before a place, with
    /// their roots, the newest first. What is left of a deleted message without replies is none.
    LAST_OF_THREADS = "SELECT COALESCE(m.thread, m.seq), m.seq FROM messages m
        WHERE m.log = $1 AND m.seq < $2 AND m.seq >= $3 AND COALESCE(m.thread, m.seq) >= $3 AND m.kind = 1
          AND (m.state = 1 OR m.thread IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM messages r WHERE r.log = m.log AND r.thread = COALESCE(m.thread, m.seq) AND r.seq > m.seq)
        ORDER BY m.seq DESC LIMIT $4";
    /// The first message at or after a place, for the search by time.
    AT_OR_AFTER = "SELECT seq, at FROM messages WHERE log = $1 AND seq >= $2 ORDER BY seq LIMIT 1";
    /// The head.
    HEAD = "SELECT head_seq FROM logs WHERE log = $1";
}
