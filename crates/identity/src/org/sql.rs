//! Statements of orgs.

use weft_storage::statements;

statements! {
    /// A new org.
    INSERT = "INSERT INTO orgs (id, log, name, changed_seq, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING org";
    /// Ties a log to its org.
    SET_LOG_ORG = "UPDATE logs SET org = $2 WHERE log = $1";
    /// Whether there is any.
    ANY = "SELECT org FROM orgs LIMIT 1";
    /// By key.
    BY_KEY = "SELECT org, id, log, name, created_at, changed_seq, settings FROM orgs WHERE org = $1";
    /// By public id.
    BY_ID = "SELECT org, id, log, name, created_at, changed_seq, settings FROM orgs WHERE id = $1";
    /// By name, oldest first.
    BY_NAME = "SELECT org, id, log, name, created_at, changed_seq, settings FROM orgs WHERE name = $1 ORDER BY org LIMIT 2";
    /// What is changed of it, under its log's head lock.
    SETTINGS = "SELECT name, settings FROM orgs WHERE org = $1";
    /// Changes name and settings.
    CHANGE = "UPDATE orgs SET name = $2, settings = $3, changed_seq = $4 WHERE org = $1";
    /// Where an account is active.
    OF_ACCOUNT = "SELECT o.org, o.id, o.log, o.name, o.created_at, o.changed_seq, o.settings, p.principal
                  FROM principals p JOIN orgs o ON o.org = p.org
                  WHERE p.account = $1 AND p.state = 1 ORDER BY o.name, o.org";
    /// The last number of a log.
    HEAD = "SELECT head_seq FROM logs WHERE log = $1";
}
