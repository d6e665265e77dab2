//! Statements of the outbox.

use weft_storage::statements;

statements! {
    /// Adds a job.
    INSERT = "INSERT INTO outbox (kind, payload, run_at) VALUES ($1, $2, $3) RETURNING job";
    /// Claims due jobs for a while: who dies with one in hand leaves it to be done again.
    CLAIM = {
        sqlite: "UPDATE outbox SET run_at = $3, attempts = attempts + 1 WHERE job IN
                 (SELECT job FROM outbox WHERE kind = $1 AND failed_at IS NULL AND run_at <= $2
                  ORDER BY run_at LIMIT 10) RETURNING job, payload, attempts",
        pg: "UPDATE outbox SET run_at = $3, attempts = attempts + 1 WHERE job IN
             (SELECT job FROM outbox WHERE kind = $1 AND failed_at IS NULL AND run_at <= $2
              ORDER BY run_at LIMIT 10 FOR UPDATE SKIP LOCKED) RETURNING job, payload, attempts",
    };
    /// Whether anything is due, without taking the write lock.
    DUE = "SELECT job FROM outbox WHERE kind = $1 AND failed_at IS NULL AND run_at <= $2 LIMIT 1";
    /// Done: what was in it (perhaps a link) is gone from here.
    DONE = "DELETE FROM outbox WHERE job = $1";
    /// Tries again later.
    RETRY = "UPDATE outbox SET run_at = $2, last_error = $3 WHERE job = $1";
    /// Forgets what failed some time ago.
    DELETE_FAILED = "DELETE FROM outbox WHERE failed_at <= $1";
    /// Gives up; the payload, which may hold a link, is not kept.
    FAIL = "UPDATE outbox SET failed_at = $2, last_error = $3, payload = '{}' WHERE job = $1";
}
