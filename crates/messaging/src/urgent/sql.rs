//! Statements of this module.

use weft_storage::statements;

statements! {
    /// An org's policy.
    POLICY = "SELECT policy FROM urgent_policies WHERE org = $1";
    /// Another policy.
    SET_POLICY = "INSERT INTO urgent_policies (org, policy) VALUES ($1, $2)
                  ON CONFLICT (org) DO UPDATE SET policy = excluded.policy";
    /// A message becomes urgent.
    MESSAGE = "INSERT INTO urgent_messages (log, seq, org, sender, at, state) VALUES ($1, $2, $3, $4, $5, 1)";
    /// For these people.
    PEOPLE = "INSERT INTO urgent_steps (log, seq, principal, step, org, state, at)
              SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), p.principal, 1, CAST($3 AS BIGINT), 1, CAST($4 AS BIGINT)
              FROM principals p WHERE p.principal IN_INTS($5)";
    /// Whom a message of someone's can be urgent for: those who are there and see it.
    ADDRESSABLE = "SELECT p.principal, p.id FROM members m JOIN principals p ON p.principal = m.principal
                   WHERE m.log = $1 AND m.left_seq IS NULL AND m.principal <> $2 AND m.visible_from_seq <= $3
                     AND p.state = 1 AND p.kind <= 2 ORDER BY p.principal LIMIT $4";
    /// Those of them who are asked to confirm it and have not.
    WAITING = "SELECT p.principal, p.id FROM ack_requests r
               JOIN members m ON m.log = r.log AND m.left_seq IS NULL AND m.joined_at <= r.at AND m.principal <> r.sender
               JOIN principals p ON p.principal = m.principal AND p.state = 1 AND p.kind <= 2
               WHERE r.log = $1 AND r.seq = $2 AND m.visible_from_seq <= r.seq AND (r.everybody = 1 OR EXISTS
                 (SELECT 1 FROM ack_asked a WHERE a.log = r.log AND a.seq = r.seq AND a.principal = m.principal))
                 AND NOT EXISTS (SELECT 1 FROM acks k WHERE k.log = r.log AND k.seq = r.seq AND k.principal = m.principal)
               ORDER BY p.principal LIMIT $3";
    /// Whether a message with a nonce is there already.
    SENT = "SELECT seq FROM messages WHERE log = $1 AND sender = $2 AND nonce = $3";
    /// A message's urgency.
    ONE = "SELECT org, sender, at, state, rounds FROM urgent_messages WHERE log = $1 AND seq = $2";
    /// The same, kept as it is until the end of the transaction.
    LOCKED = "SELECT org, sender, at, state, rounds FROM urgent_messages WHERE log = $1 AND seq = $2 FOR_UPDATE";
    /// Shown once more, or over.
    GO_ON = "UPDATE urgent_messages SET rounds = $3, state = $4 WHERE log = $1 AND seq = $2";
    /// Taken back.
    CANCEL = "UPDATE urgent_messages SET state = 3 WHERE log = $1 AND seq = $2 AND state <= 2";
    /// What waits is left out.
    LEAVE_OUT_WAITING = "UPDATE urgent_steps SET state = 5, at = $3, detail = 'cancelled'
                         WHERE log = $1 AND seq = $2 AND step > 1 AND state = 1";
    /// Who is addressed and has not confirmed ($3: only this person; 0: everybody), and whether they have read it.
    OPEN_PEOPLE = "SELECT s.principal, p.id, p.log, COALESCE(p.timezone, a.timezone), f.quiet_from, f.quiet_to, f.calls_per_day,
                     CAST(CASE WHEN x.thread IS NULL AND m.read_seq >= x.seq THEN 1
                               WHEN x.thread IS NOT NULL AND COALESCE(t.read_n, 0) >= x.n THEN 1 ELSE 0 END AS BIGINT)
                   FROM urgent_steps s
                   JOIN messages x ON x.log = s.log AND x.seq = s.seq AND x.state = 1
                   JOIN members m ON m.log = s.log AND m.principal = s.principal AND m.left_seq IS NULL
                   JOIN principals p ON p.principal = s.principal AND p.state = 1
                   LEFT JOIN accounts a ON a.account = p.account
                   LEFT JOIN thread_marks t ON t.principal = s.principal AND t.log = s.log AND t.root = x.thread
                   LEFT JOIN urgent_preferences f ON f.principal = s.principal
                   WHERE s.log = $1 AND s.seq = $2 AND s.step = 1
                     AND (CAST($3 AS BIGINT) = 0 OR s.principal = $3)
                     AND NOT EXISTS (SELECT 1 FROM acks k WHERE k.log = s.log AND k.seq = s.seq AND k.principal = s.principal)
                   ORDER BY s.principal";
    /// What was done for whom.
    STEPS = "SELECT principal, step, state, at, detail FROM urgent_steps WHERE log = $1 AND seq = $2 ORDER BY principal, step";
    /// SMS and calls to some people since a time.
    CALLED = "SELECT principal, COUNT(*) FROM urgent_steps
              WHERE principal IN_INTS($1) AND step >= 4 AND state IN (1, 2, 3, 6) AND at > $2 GROUP BY principal";
    /// A step for a person: to be taken, or left out.
    STEP = "INSERT INTO urgent_steps (log, seq, principal, step, org, state, at, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (log, seq, principal, step) DO NOTHING";
    /// A step goes from one state to another.
    MOVE = "UPDATE urgent_steps SET state = $6, at = $7, detail = $8
            WHERE log = $1 AND seq = $2 AND principal = $3 AND step = $4 AND state = $5";
    /// The job that looks after a message comes sooner.
    SOONER = "UPDATE outbox SET run_at = $3 WHERE kind = $1 AND payload = $2 AND failed_at IS NULL AND run_at > $3";
    /// Counts one more, unless that would be too many.
    COUNT = "INSERT INTO urgent_usage (org, kind, period, principal, used) VALUES ($1, $2, $3, $4, 1)
             ON CONFLICT (org, kind, period, principal) DO UPDATE SET used = urgent_usage.used + 1
             WHERE urgent_usage.used < $5";
    /// Counts one less.
    UNCOUNT = "UPDATE urgent_usage SET used = used - 1
               WHERE org = $1 AND kind = $2 AND period = $3 AND principal = $4 AND used > 0";
    /// What was counted.
    USED = "SELECT used FROM urgent_usage WHERE org = $1 AND kind = $2 AND period = $3 AND principal = $4";
    /// Forgets what was counted in periods long past.
    FORGET_USAGE = "DELETE FROM urgent_usage WHERE (kind = 0 AND period < $1) OR (kind > 0 AND period < $2)";
    /// The log and the name of a person.
    PERSON = "SELECT log, name FROM principals WHERE principal = $1";
    /// An org's public id.
    ORG_ID = "SELECT id FROM orgs WHERE org = $1";
    /// Names of people, by id.
    NAMES = "SELECT id, name FROM principals WHERE org = $1 AND id IN_UUIDS($2)";
    /// When those who answered did.
    ANSWERED = "SELECT principal, at FROM acks WHERE log = $1 AND seq = $2";
    /// The steps of an org, the latest first, after a place.
    DELIVERIES = "SELECT s.at, x.id, c.id, s.principal, u.sender, s.step, s.state, s.detail
                  FROM urgent_steps s
                  JOIN urgent_messages u ON u.log = s.log AND u.seq = s.seq
                  JOIN messages x ON x.log = s.log AND x.seq = s.seq
                  JOIN conversations c ON c.log = s.log
                  WHERE s.org = $1 AND (s.at, s.log, s.seq, s.principal, s.step) < ($2, $3, $4, $5, $6)
                  ORDER BY s.at DESC, s.log DESC, s.seq DESC, s.principal DESC, s.step DESC LIMIT $7";
    /// The place of a step in that order.
    DELIVERY_PLACE = "SELECT x.log, x.seq, p.principal FROM messages x JOIN urgent_messages u ON u.log = x.log AND u.seq = x.seq
                      JOIN principals p ON p.id = $3 AND p.org = u.org WHERE u.org = $1 AND x.id = $2";
    /// How many urgent messages people sent since a time, most first.
    SENT_SINCE = "SELECT sender, COUNT(*) FROM urgent_messages WHERE org = $1 AND at >= $2
                  GROUP BY sender ORDER BY 2 DESC, sender LIMIT $3";
    /// The steps taken for their messages.
    TAKEN_SINCE = "SELECT u.sender, s.step, COUNT(*) FROM urgent_steps s
                   JOIN urgent_messages u ON u.log = s.log AND u.seq = s.seq
                   WHERE s.org = $1 AND s.at >= $2 AND s.step > 1 AND s.state IN (2, 3, 6) GROUP BY u.sender, s.step";
    /// What somebody wants for themselves.
    PREFERENCES = "SELECT quiet_from, quiet_to, calls_per_day FROM urgent_preferences WHERE principal = $1";
    /// What they want from now on.
    SET_PREFERENCES = "INSERT INTO urgent_preferences (principal, quiet_from, quiet_to, calls_per_day) VALUES ($1, $2, $3, $4)
                       ON CONFLICT (principal) DO UPDATE SET quiet_from = excluded.quiet_from,
                       quiet_to = excluded.quiet_to, calls_per_day = excluded.calls_per_day";
    /// Asks to confirm, of a message that did not.
    SET_BODY = "UPDATE messages SET body = $3, changed_seq = $4 WHERE log = $1 AND seq = $2";
}
