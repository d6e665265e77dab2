//! Statements of this module.

use weft_storage::statements;

statements! {
    /// A request, written with its message.
    REQUEST = "INSERT INTO ack_requests (log, seq, sender, at, deadline, everybody, total) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Whom it asks by name.
    NAME = "INSERT INTO ack_asked (log, seq, principal)
            SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), p.principal FROM principals p WHERE p.principal IN_INTS($3)";
    /// How many people a message to everybody would ask.
    EVERYBODY = "SELECT COUNT(*) FROM members m JOIN principals p ON p.principal = m.principal
                 WHERE m.log = $1 AND m.left_seq IS NULL AND m.principal <> $2 AND p.state = 1 AND p.kind <= 2";
    /// Those of some people whom a message may ask.
    ASKABLE = "SELECT p.principal FROM members m JOIN principals p ON p.principal = m.principal
               WHERE m.log = $1 AND m.left_seq IS NULL AND m.principal <> $2 AND p.state = 1 AND p.kind <= 2
                 AND m.principal IN_INTS($3)";
    /// The requests of messages.
    REQUESTS = "SELECT r.seq, r.deadline, r.total, r.acknowledged, r.done, r.reminded_at, u.state, u.at FROM ack_requests r
                LEFT JOIN urgent_messages u ON u.log = r.log AND u.seq = r.seq
                WHERE r.log = $1 AND r.seq IN_INTS($2)";
    /// When people were last reminded of a request, and how often.
    ONE = "SELECT reminded_at, reminders FROM ack_requests WHERE log = $1 AND seq = $2";
    /// How many are asked, how many of them have acknowledged, how many are done.
    COUNT = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN k.state >= 1 THEN 1 ELSE 0 END), 0) AS BIGINT),
               CAST(COALESCE(SUM(CASE WHEN k.state = 2 THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM ack_requests r
             JOIN members m ON m.log = r.log AND m.left_seq IS NULL AND m.joined_at <= r.at AND m.principal <> r.sender
             JOIN principals p ON p.principal = m.principal AND p.state = 1 AND p.kind <= 2
             LEFT JOIN acks k ON k.log = r.log AND k.seq = r.seq AND k.principal = m.principal
             WHERE r.log = $1 AND r.seq = $2 AND (r.everybody = 1 OR EXISTS
               (SELECT 1 FROM ack_asked a WHERE a.log = r.log AND a.seq = r.seq AND a.principal = m.principal))";
    /// Those of them in one state (0: have not answered), by name, after a place.
    PEOPLE = "SELECT p.id, k.at, p.log FROM ack_requests r
              JOIN members m ON m.log = r.log AND m.left_seq IS NULL AND m.joined_at <= r.at AND m.principal <> r.sender
              JOIN principals p ON p.principal = m.principal AND p.state = 1 AND p.kind <= 2
              LEFT JOIN acks k ON k.log = r.log AND k.seq = r.seq AND k.principal = m.principal
              WHERE r.log = $1 AND r.seq = $2 AND (r.everybody = 1 OR EXISTS
                (SELECT 1 FROM ack_asked a WHERE a.log = r.log AND a.seq = r.seq AND a.principal = m.principal))
                AND COALESCE(k.state, 0) = $3 AND (p.name_key, p.principal) > ($4, $5)
              ORDER BY p.name_key, p.principal LIMIT $6";
    /// The logs of those who have not answered.
    WAITING_LOGS = "SELECT p.log FROM ack_requests r
              JOIN members m ON m.log = r.log AND m.left_seq IS NULL AND m.joined_at <= r.at AND m.principal <> r.sender
              JOIN principals p ON p.principal = m.principal AND p.state = 1 AND p.kind <= 2
              WHERE r.log = $1 AND r.seq = $2 AND (r.everybody = 1 OR EXISTS
                (SELECT 1 FROM ack_asked a WHERE a.log = r.log AND a.seq = r.seq AND a.principal = m.principal))
                AND NOT EXISTS (SELECT 1 FROM acks k WHERE k.log = r.log AND k.seq = r.seq AND k.principal = m.principal)";
    /// Whether someone is asked, and what they have answered.
    MINE = "SELECT COALESCE(k.state, 0) FROM ack_requests r
            JOIN members m ON m.log = r.log AND m.principal = $3 AND m.left_seq IS NULL AND m.joined_at <= r.at
            LEFT JOIN acks k ON k.log = r.log AND k.seq = r.seq AND k.principal = m.principal
            WHERE r.log = $1 AND r.seq = $2 AND r.sender <> $3 AND (r.everybody = 1 OR EXISTS
              (SELECT 1 FROM ack_asked a WHERE a.log = r.log AND a.seq = r.seq AND a.principal = m.principal))";
    /// Answers, or says that it is done.
    ANSWER = "INSERT INTO acks (log, seq, principal, state, at) VALUES ($1, $2, $3, $4, $5)
              ON CONFLICT (log, seq, principal) DO UPDATE SET state = excluded.state, at = excluded.at
              WHERE acks.state < excluded.state";
    /// Writes what was counted.
    COUNTED = "UPDATE ack_requests SET total = $3, acknowledged = $4, done = $5 WHERE log = $1 AND seq = $2";
    /// The sender asks again, if they may by now.
    REMIND = "UPDATE ack_requests SET reminded_at = $3, reminders = reminders + 1
              WHERE log = $1 AND seq = $2 AND reminders < $4 AND COALESCE(reminded_at, 0) <= $5";
    /// The deadline has come: once.
    DEADLINE = "UPDATE ack_requests SET deadline_told = 1, reminded_at = $3 WHERE log = $1 AND seq = $2 AND deadline_told = 0
                AND EXISTS (SELECT 1 FROM messages x WHERE x.log = ack_requests.log AND x.seq = ack_requests.seq AND x.state = 1)";
    /// What waits for someone, what is urgent for them before the rest (1 before 0), the newest
    /// first, after a place. The columns after the first are those of `MessageRow`.
    WAITING = "SELECT c.id,
                 x.log, x.seq, x.id, x.sender, x.state, x.n, x.thread, x.nonce, x.at, x.edited_at, x.changed_seq, x.pinned_at, x.pinned_by, x.body
               FROM members m JOIN ack_requests r ON r.log = m.log
               JOIN messages x ON x.log = r.log AND x.seq = r.seq AND x.state = 1
               JOIN conversations c ON c.log = r.log
               LEFT JOIN urgent_steps s ON s.log = r.log AND s.seq = r.seq AND s.principal = $1 AND s.step = 1
               LEFT JOIN urgent_messages u ON u.log = s.log AND u.seq = s.seq AND u.state <= 2
               WHERE m.principal = $1 AND m.left_seq IS NULL AND r.sender <> $1 AND m.joined_at <= r.at AND r.seq >= m.visible_from_seq
                 AND (r.everybody = 1 OR EXISTS (SELECT 1 FROM ack_asked a WHERE a.log = r.log AND a.seq = r.seq AND a.principal = $1))
                 AND NOT EXISTS (SELECT 1 FROM acks k WHERE k.log = r.log AND k.seq = r.seq AND k.principal = $1)
                 AND (CAST(CASE WHEN u.state IS NULL THEN 0 ELSE 1 END AS BIGINT), r.at, r.log, r.seq) < ($6, $2, $3, $4)
               ORDER BY CASE WHEN u.state IS NULL THEN 0 ELSE 1 END DESC, r.at DESC, r.log DESC, r.seq DESC LIMIT $5";
    /// How many wait for someone, and how many of them are urgent for them.
    WAITING_COUNT = "SELECT COUNT(*), COUNT(u.state) FROM members m JOIN ack_requests r ON r.log = m.log
               JOIN messages x ON x.log = r.log AND x.seq = r.seq AND x.state = 1
               LEFT JOIN urgent_steps s ON s.log = r.log AND s.seq = r.seq AND s.principal = $1 AND s.step = 1
               LEFT JOIN urgent_messages u ON u.log = s.log AND u.seq = s.seq AND u.state <= 2
               WHERE m.principal = $1 AND m.left_seq IS NULL AND r.sender <> $1 AND m.joined_at <= r.at AND r.seq >= m.visible_from_seq
                 AND (r.everybody = 1 OR EXISTS (SELECT 1 FROM ack_asked a WHERE a.log = r.log AND a.seq = r.seq AND a.principal = $1))
                 AND NOT EXISTS (SELECT 1 FROM acks k WHERE k.log = r.log AND k.seq = r.seq AND k.principal = $1)";
    /// The place of a request in that order.
    WAITING_PLACE = "SELECT r.at, r.log, r.seq, CAST(CASE WHEN u.state IS NULL THEN 0 ELSE 1 END AS BIGINT)
                     FROM messages x JOIN ack_requests r ON r.log = x.log AND r.seq = x.seq
                     JOIN members m ON m.log = r.log AND m.principal = $2
                     LEFT JOIN urgent_steps s ON s.log = r.log AND s.seq = r.seq AND s.principal = $2 AND s.step = 1
                     LEFT JOIN urgent_messages u ON u.log = s.log AND u.seq = s.seq AND u.state <= 2 WHERE x.id = $1";
    /// A conversation's id, and from where on every member sees all.
    CONVERSATION = "SELECT id, hidden_below FROM conversations WHERE log = $1";
    /// A person's place in the order by name.
    PLACE = "SELECT name_key, principal FROM principals WHERE org = $1 AND id = $2";
}
