//! Statements of the outbox, as far as mail goes.

use weft_storage::statements;

statements! {
    /// Adds a job.
    INSERT = "INSERT INTO outbox (kind, payload, run_at) VALUES ('mail', $1, $2)";
    /// Claims due mail for a while: who dies with it in hand leaves it to be sent again.
    CLAIM = {
        sqlite: "UPDATE outbox SET run_at = $2, attempts = attempts + 1 WHERE job IN
                 (SELECT job FROM outbox WHERE kind = 'mail' AND failed_at IS NULL AND run_at <= $1
                  ORDER BY run_at LIMIT 10) RETURNING job, payload, attempts",
        pg: "UPDATE outbox SET run_at = $2, attempts = attempts + 1 WHERE job IN
             (SELECT job FROM outbox WHERE kind = 'mail' AND failed_at IS NULL AND run_at <= $1
              ORDER BY run_at LIMIT 10 FOR UPDATE SKIP LOCKED) RETURNING job, payload, attempts",
    };
    /// Sent: the links in it are gone from here.
    DONE = "DELETE FROM outbox WHERE job = $1";
    /// Tries again later.
    RETRY = "UPDATE outbox SET run_at = $2, last_error = $3 WHERE job = $1";
    /// Gives up; the text, which may hold a link, is not kept.
    FAIL = "UPDATE outbox SET failed_at = $2, last_error = $3, payload = '{}' WHERE job = $1";
}
