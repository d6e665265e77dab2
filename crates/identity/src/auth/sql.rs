//! Statements of sessions and access tokens.

use weft_storage::statements;

statements! {
    /// The session of a secret.
    SESSION = "SELECT s.session, s.id, s.account, a.id, s.expires_at, s.last_seen_at
               FROM sessions s JOIN accounts a ON a.account = s.account WHERE s.secret_hash = $1";
    /// Where an account may act.
    MEMBERSHIPS = "SELECT p.principal, p.id, p.log, p.role, l.acl_version, o.org, o.id, o.log
                   FROM principals p JOIN orgs o ON o.org = p.org JOIN logs l ON l.log = p.log
                   WHERE p.account = $1 AND p.state = 1 ORDER BY o.org";
    /// The token of a secret, and who it acts for.
    TOKEN = "SELECT p.principal, p.id, p.log, p.role, l.acl_version, o.org, o.id, o.log,
                    p.account, t.token, t.scopes, t.expires_at, t.last_used_at
             FROM access_tokens t JOIN principals p ON p.principal = t.principal
             JOIN orgs o ON o.org = p.org JOIN logs l ON l.log = p.log
             WHERE t.secret_hash = $1 AND p.state = 1";
    /// Slides a session.
    SEEN = "UPDATE sessions SET last_seen_at = $2, expires_at = $3 WHERE session = $1";
    /// Notes a token's use.
    TOKEN_SEEN = "UPDATE access_tokens SET last_used_at = $2 WHERE token = $1";
    /// The account of an address, with its row locked against a change of password.
    CREDENTIALS_LOCKED = "SELECT password_hash FROM accounts WHERE account = $1 FOR_UPDATE";
    /// A new session.
    INSERT_SESSION = "INSERT INTO sessions
        (id, account, secret_hash, created_at, last_seen_at, expires_at, user_agent, ip)
        VALUES ($1, $2, $3, $4, $4, $5, $6, $7) RETURNING session";
    /// Removes what ran out long ago, and what is beyond the newest hundred.
    PRUNE_SESSIONS = "DELETE FROM sessions WHERE account = $1 AND (expires_at <= $2 OR session NOT IN
        (SELECT session FROM sessions WHERE account = $1 ORDER BY last_seen_at DESC, session DESC LIMIT 100))";
    /// Removes every session that ran out long ago.
    DELETE_ENDED = "DELETE FROM sessions WHERE expires_at <= $1";
    /// Removes tokens that ran out some time ago.
    DELETE_ENDED_TOKENS = "DELETE FROM access_tokens WHERE expires_at <= $1";
    /// An account's sessions.
    SESSIONS = "SELECT session, id, created_at, last_seen_at, user_agent, ip FROM sessions
                WHERE account = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, session DESC";
    /// Ends one session of an account.
    DELETE_SESSION = "DELETE FROM sessions WHERE account = $1 AND id = $2 RETURNING session";
    /// Ends an account's sessions but one (0: all).
    DELETE_SESSIONS = "DELETE FROM sessions WHERE account = $1 AND session <> $2 RETURNING session";
    /// An account's principals, in every state.
    PRINCIPALS_OF = "SELECT principal, id, log FROM principals WHERE account = $1 ORDER BY log";
    /// Ends the tokens of an account's principals.
    DELETE_ACCOUNT_TOKENS = "DELETE FROM access_tokens WHERE principal IN
        (SELECT principal FROM principals WHERE account = $1) RETURNING token";
    /// Ends a principal's tokens.
    DELETE_PRINCIPAL_TOKENS = "DELETE FROM access_tokens WHERE principal = $1 RETURNING token";
    /// A new token.
    INSERT_TOKEN = "INSERT INTO access_tokens (id, principal, secret_hash, name, scopes, created_at, expires_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// How many tokens a principal has.
    COUNT_TOKENS = "SELECT COUNT(*) FROM access_tokens WHERE principal = $1";
    /// A principal's tokens.
    TOKENS = "SELECT id, name, scopes, created_at, last_used_at, expires_at FROM access_tokens
              WHERE principal = $1 ORDER BY token DESC";
    /// Ends one token of a principal.
    DELETE_TOKEN = "DELETE FROM access_tokens WHERE principal = $1 AND id = $2 RETURNING token";
}
