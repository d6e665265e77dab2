//! Statements of this crate.

use weft_storage::statements;

statements! {
    /// Somebody's number.
    NUMBER = "SELECT number, verified_at FROM phones WHERE principal = $1";
    /// The number of a person of an org.
    NUMBER_OF = "SELECT f.number, f.verified_at, p.principal FROM principals p LEFT JOIN phones f ON f.principal = p.principal
                 WHERE p.org = $1 AND p.id = $2";
    /// A new number, not verified.
    SET_NUMBER = "INSERT INTO phones (principal, org, number) VALUES ($1, $2, $3)
                  ON CONFLICT (principal) DO UPDATE SET number = excluded.number,
                  verified_at = CASE WHEN phones.number = excluded.number THEN phones.verified_at ELSE NULL END,
                  code_hash = NULL, code_until = NULL, code_tries = 0";
    /// Forgets a number.
    DELETE_NUMBER = "DELETE FROM phones WHERE principal = $1";
    /// A code was sent to it.
    SET_CODE = "UPDATE phones SET code_hash = $2, code_until = $3, code_tries = 0, code_sent_at = $4 WHERE principal = $1";
    /// One more try; what the code must be.
    TRY_CODE = "UPDATE phones SET code_tries = code_tries + 1
                WHERE principal = $1 AND code_until > $2 AND code_tries < $3 RETURNING code_hash";
    /// The number is theirs.
    VERIFIED = "UPDATE phones SET verified_at = $2, code_hash = NULL, code_until = NULL WHERE principal = $1";
    /// An org's gateways.
    GATEWAYS = "SELECT kind, template, secrets, changed_at FROM phone_gateways WHERE org = $1 ORDER BY kind";
    /// One of them.
    GATEWAY = "SELECT kind, template, secrets, changed_at FROM phone_gateways WHERE org = $1 AND kind = $2";
    /// The same, kept as it is until the end of the transaction.
    GATEWAY_LOCKED = "SELECT kind, template, secrets, changed_at FROM phone_gateways WHERE org = $1 AND kind = $2 FOR_UPDATE";
    /// Sets one up, or changes it.
    SET_GATEWAY = "INSERT INTO phone_gateways (org, kind, template, secrets, changed_at) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (org, kind) DO UPDATE SET template = excluded.template,
                   secrets = excluded.secrets, changed_at = excluded.changed_at";
    /// Takes one down.
    DELETE_GATEWAY = "DELETE FROM phone_gateways WHERE org = $1 AND kind = $2";
    /// Which kinds an org has.
    KINDS = "SELECT kind FROM phone_gateways WHERE org = $1 ORDER BY kind";
    /// An org's name.
    ORG_NAME = "SELECT name FROM orgs WHERE org = $1";
    /// Somebody's name and language.
    PERSON = "SELECT p.name, COALESCE(a.locale, 'en') FROM principals p LEFT JOIN accounts a ON a.account = p.account WHERE p.principal = $1";
    /// Who sees numbers.
    VISIBLE = "SELECT visible FROM phone_policies WHERE org = $1";
    /// Who sees them from now on.
    SET_VISIBLE = "INSERT INTO phone_policies (org, visible) VALUES ($1, $2)
                   ON CONFLICT (org) DO UPDATE SET visible = excluded.visible";
}
