//! Statements of accounts, their links, avatars, and the first start.

use weft_storage::statements;

statements! {
    /// A new account.
    INSERT = "INSERT INTO accounts (id, email, email_key, password_hash, locale, timezone, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING account";
    /// By folded address.
    BY_EMAIL = "SELECT account, email, password_hash, locale FROM accounts WHERE email_key = $1";
    /// By key.
    BY_KEY = "SELECT account, email, password_hash, locale FROM accounts WHERE account = $1";
    /// What an account sees of itself.
    VIEW = "SELECT id, email, locale, timezone FROM accounts WHERE account = $1";
    /// Where a person gets mail, and in which language.
    MAIL_OF = "SELECT a.email, a.locale FROM principals p JOIN accounts a ON a.account = p.account WHERE p.principal = $1";
    /// A new password.
    SET_PASSWORD = "UPDATE accounts SET password_hash = $2 WHERE account = $1";
    /// Another language or zone.
    SET_PLACE = "UPDATE accounts SET locale = COALESCE(CAST($2 AS TEXT), locale),
                 timezone = COALESCE(CAST($3 AS TEXT), timezone) WHERE account = $1";
    /// Another address, and whether nobody has shown that mail to it arrives.
    SET_EMAIL = "UPDATE accounts SET email = $2, email_key = $3, email_unproven = $4 WHERE account = $1";
    /// Whether nobody has shown that mail to an account's address arrives.
    SET_UNPROVEN = "UPDATE accounts SET email_unproven = $2 WHERE account = $1";
    /// A link.
    INSERT_LINK = "INSERT INTO account_links (secret_hash, account, purpose, payload, expires_at)
                   VALUES ($1, $2, $3, $4, $5)";
    /// Looks at a link.
    LINK = "SELECT account FROM account_links WHERE secret_hash = $1 AND purpose = $2 AND expires_at > $3";
    /// Spends a link: whoever gets the row has it.
    SPEND_LINK = "DELETE FROM account_links WHERE secret_hash = $1 AND purpose = $2 RETURNING account, payload, expires_at";
    /// Ends an account's links of a purpose, and all that have run out.
    DELETE_LINKS = "DELETE FROM account_links WHERE (account = $1 AND purpose = $2) OR expires_at <= $3";
    /// Removes every link that has run out.
    DELETE_ENDED_LINKS = "DELETE FROM account_links WHERE expires_at <= $1";
    /// Names of the account's principals, against passwords made of them.
    NAMES = "SELECT name FROM principals WHERE account = $1 ORDER BY principal";
    /// A value of the server.
    STATE = "SELECT value FROM server_state WHERE key = $1";
    /// Sets a value of the server.
    SET_STATE = "INSERT INTO server_state (key, value) VALUES ($1, $2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    /// Removes a value of the server.
    DELETE_STATE = "DELETE FROM server_state WHERE key = $1";
    /// Stores a picture; it may be there.
    INSERT_AVATAR = "INSERT INTO avatars (hash, org, mime, bytes) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (hash) DO NOTHING";
    /// A picture, for people of its org.
    AVATAR = "SELECT mime, bytes FROM avatars WHERE hash = $1 AND org = $2";
    /// A picture, for an account that is active in its org.
    AVATAR_OF_ACCOUNT = "SELECT v.mime, v.bytes FROM avatars v WHERE v.hash = $1 AND EXISTS (
        SELECT 1 FROM principals p WHERE p.account = $2 AND p.org = v.org AND p.state = 1)";
    /// Removes a picture that nobody wears.
    DROP_AVATAR = "DELETE FROM avatars WHERE hash = $1 AND org = $2 AND NOT EXISTS (
        SELECT 1 FROM principals WHERE org = $2 AND avatar = $1)";
}
