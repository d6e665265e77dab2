//! Statements of this module.

use weft_storage::statements;

statements! {
    /// A message that vanishes, written with it.
    ADD = "INSERT INTO vanishing (log, seq, sender, n, thread, after_s, state, at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7)";
    /// From now on read marks look for such messages in its conversation.
    MARK = "UPDATE conversations SET vanished = 1 WHERE log = $1 AND vanished = 0";
    /// What the org decides.
    POLICY = "SELECT settings FROM orgs WHERE org = $1";
    /// Sets how long new messages of a conversation last.
    SET = "UPDATE conversations SET vanish_after = $2, changed_seq = $3 WHERE log = $1";
    /// Begins the countdown of what the other one has read of some conversations, in either lane.
    BEGIN = "UPDATE vanishing SET state = 2, at = $2 + after_s * 1000000 WHERE log IN_INTS($1) AND state = 1 AND EXISTS
               (SELECT 1 FROM members m LEFT JOIN thread_marks t
                  ON t.principal = m.principal AND t.log = m.log AND t.root = vanishing.thread
                WHERE m.log = vanishing.log AND m.principal <> vanishing.sender AND m.left_seq IS NULL
                  AND CASE WHEN vanishing.thread = 0 THEN m.read_n ELSE COALESCE(t.read_n, 0) END >= vanishing.n)";
    /// When messages of one conversation vanish whose countdown has begun.
    TIMES = "SELECT seq, at FROM vanishing WHERE log = $1 AND seq IN_INTS($2) AND state > 1";
    /// Conversations where something is to be removed or told.
    ROOMS = "SELECT log FROM vanishing WHERE at <= $1 UNION SELECT log FROM vanishing WHERE state = 2 LIMIT 100";
    /// What that is, under the head's lock.
    PENDING = "SELECT v.seq, v.at <= $2, m.body, c.id FROM vanishing v JOIN messages m ON m.log = v.log AND m.seq = v.seq
               JOIN conversations c ON c.log = v.log WHERE v.log = $1 AND (v.at <= $2 OR v.state = 2) ORDER BY v.seq LIMIT 200";
    /// Both hear when it vanishes.
    TOLD = "UPDATE vanishing SET state = 3 WHERE log = $1 AND seq = $2";
    /// Keeps nothing of what a message said.
    UNHASH = "UPDATE messages SET request_hash = NULL WHERE log = $1 AND seq = $2";
    /// It is gone.
    FORGET = "DELETE FROM vanishing WHERE log = $1 AND seq = $2";
    /// Tries again later what could not be removed.
    POSTPONE = "UPDATE vanishing SET at = $3 WHERE log = $1 AND at <= $2";
    /// When the next one goes.
    NEXT = "SELECT MIN(at) FROM vanishing";
}
