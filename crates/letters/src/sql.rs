//! Statements of this crate.

use weft_storage::statements;

statements! {
    /// The key with which the server signs, made once.
    MAKE_KEY = "INSERT INTO server_state (key, value) VALUES ('mail_key', $1) ON CONFLICT DO NOTHING";
    /// That key.
    KEY = "SELECT value FROM server_state WHERE key = 'mail_key'";
    /// Whose a mail is: their folded address, language and state.
    WRITER = "SELECT a.email_key, a.locale, p.state FROM principals p JOIN accounts a ON a.account = p.account
              WHERE p.principal = $1";
    /// Where somebody gets mail, and what their org decides.
    OWN = "SELECT a.email, a.email_unproven, o.settings FROM principals p JOIN accounts a ON a.account = p.account
           JOIN orgs o ON o.org = p.org WHERE p.principal = $1";
}
