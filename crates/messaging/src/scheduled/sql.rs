//! Statements of this module.

use weft_storage::statements;

statements! {
    /// A new one.
    ADD = "INSERT INTO scheduled_messages (id, principal, log, nonce, at, state, body, job, created_at, changed_at, own_seq)
           VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $8, $9)";
    /// A file that it will refer to.
    ADD_FILES = "INSERT INTO scheduled_files (scheduled, file)
                 SELECT s.id, f.file FROM scheduled_messages s JOIN files f ON f.file IN_INTS($2) WHERE s.id = $1";
    /// It refers to none any more.
    DROP_FILES = "DELETE FROM scheduled_files WHERE scheduled = $1";
    /// How many somebody has.
    COUNT = "SELECT COUNT(*) FROM scheduled_messages WHERE principal = $1 AND state < 4";
    /// By its nonce.
    BY_NONCE = "SELECT id, state FROM scheduled_messages WHERE log = $1 AND principal = $2 AND nonce = $3";
    /// Somebody's, the next first.
    LIST = "SELECT s.id, c.id, s.at, s.state, s.body, s.failed_at, s.reason, s.created_at, s.log, s.nonce
            FROM scheduled_messages s JOIN conversations c ON c.log = s.log
            WHERE s.principal = $1 AND s.state < 4 ORDER BY s.at, s.id";
    /// One of somebody.
    ONE = "SELECT s.id, c.id, s.at, s.state, s.body, s.failed_at, s.reason, s.created_at, s.log, s.nonce
           FROM scheduled_messages s JOIN conversations c ON c.log = s.log
           WHERE s.principal = $1 AND s.id = $2 AND s.state < 4";
    /// One of somebody, as it is under the own log's lock.
    STATE = "SELECT state FROM scheduled_messages WHERE id = $1 AND principal = $2";
    /// Changes what it says, and when: it waits again.
    CHANGE = "UPDATE scheduled_messages SET at = $2, body = $3, job = $4, state = 1, failed_at = NULL, reason = NULL,
              changed_at = $5, own_seq = $6 WHERE id = $1 AND state IN (1, 3)";
    /// A job that is no longer needed.
    DROP_JOB = "DELETE FROM outbox WHERE kind = 'scheduled_send' AND job = (SELECT job FROM scheduled_messages WHERE id = $1)";
    /// It was sent, or given up.
    END = "UPDATE scheduled_messages SET state = 4, body = NULL, changed_at = $2, own_seq = $3 WHERE id = $1 AND state < 4";
    /// What a job is about.
    DUE = "SELECT s.principal, c.id, s.at, s.state, s.body, s.job, s.nonce FROM scheduled_messages s
           JOIN conversations c ON c.log = s.log WHERE s.id = $1";
    /// From now on it cannot be changed: it is on its way.
    SENDING = "UPDATE scheduled_messages SET state = 2 WHERE id = $1 AND job = $2 AND state IN (1, 2)";
    /// It could not be sent.
    FAIL = "UPDATE scheduled_messages SET state = 3, failed_at = $2, reason = $3, changed_at = $2, own_seq = $4
            WHERE id = $1 AND state IN (1, 2)";
    /// Who sends it, as they are now.
    SENDER = "SELECT o.org, o.id, o.log, p.principal, p.id, p.log, l.acl_version, p.role, p.account, p.state
              FROM principals p JOIN orgs o ON o.org = p.org JOIN logs l ON l.log = p.log WHERE p.principal = $1";
    /// What changed in somebody's own log.
    CHANGED = "SELECT s.id, c.id, s.state FROM scheduled_messages s JOIN conversations c ON c.log = s.log
               WHERE s.principal = $1 AND s.own_seq > $2 ORDER BY s.own_seq";
    /// Forgets what was sent or given up long ago.
    TIDY = "DELETE FROM scheduled_messages WHERE state = 4 AND changed_at <= $1";
}
