//! Accounts: server-wide credentials, and what a person changes about themselves.

pub(crate) mod avatar;
pub(crate) mod email;
pub(crate) mod link;
pub(crate) mod me;
pub(crate) mod password;
pub(crate) mod settings;
pub(crate) mod setup;
mod sniff;
pub(crate) mod sql;
pub(crate) mod view;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::limits;
use weft_kernel::{
    AccountKey, Env, Fault,
    id::AccountId,
    names::{fold, is_deceptive},
};
use weft_storage::{Db, DbError, DbResult, Row, Tx, params};

use crate::Identity;

/// Languages that the product speaks.
pub(crate) const LOCALES: [&str; 2] = ["en", "zh-CN"];

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    let pictures = OpenApiRouter::new()
        .routes(routes!(avatar::put, avatar::remove))
        .layer(DefaultBodyLimit::max(limits::AVATAR));
    OpenApiRouter::new()
        .routes(routes!(setup::status, setup::run))
        .routes(routes!(me::get, me::update))
        .routes(routes!(settings::update))
        .routes(routes!(password::change))
        .routes(routes!(password::forgot))
        .routes(routes!(password::reset))
        .routes(routes!(email::change))
        .routes(routes!(email::verify))
        .routes(routes!(email::confirm))
        .routes(routes!(avatar::get))
        .merge(pictures)
}

/// An account to be.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// As typed.
    pub email: String,
    /// A PHC string; none: cannot sign in with a password (yet).
    pub password_hash: Option<String>,
    /// `en` or `zh-CN`.
    pub locale: String,
    /// IANA zone.
    pub timezone: String,
}

/// Adds an account.
///
/// # Errors
/// `invalid` for an unfit address; `409 account_exists`.
pub async fn create_account(tx: &mut Tx, env: &Env, new: &NewAccount) -> Result<AccountKey, Fault> {
    let email = clean_email("email", &new.email)?;
    let id: AccountId = env.id();
    let values = params![
        id,
        email.as_str(),
        fold(&email),
        new.password_hash.clone(),
        new.locale.as_str(),
        new.timezone.as_str(),
        env.now()
    ];
    match tx.query_one(sql::INSERT, values).await {
        Ok(row) => Ok(row.get(0)?),
        Err(e) if e.is_unique("email_key") => Err(exists()),
        Err(e) => Err(e.into()),
    }
}

/// Nobody has shown that mail to the account's address arrives.
pub(crate) async fn unproven(tx: &mut Tx, account: AccountKey) -> DbResult<()> {
    tx.execute(sql::SET_UNPROVEN, params![account, true]).await.map(drop)
}

/// The fault of an address that is taken.
pub(crate) fn exists() -> Fault {
    Fault::conflict("account_exists", "An account with this e-mail address exists already. Sign in with it.")
}

/// What sign-in needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) account: AccountKey,
    pub(crate) email: String,
    pub(crate) password_hash: Option<String>,
    pub(crate) locale: String,
}

impl Credentials {
    fn read(row: &Row) -> DbResult<Self> {
        Ok(Credentials {
            account: row.get(0)?,
            email: row.get(1)?,
            password_hash: row.get(2)?,
            locale: row.get(3)?,
        })
    }
}

/// The account of a folded address. NUL, which no database text holds, finds nothing.
pub(crate) async fn by_email(db: &Db, email_key: &str) -> Result<Option<Credentials>, DbError> {
    if email_key.contains('\0') {
        return Ok(None);
    }
    let row = db.query_opt(sql::BY_EMAIL, params![email_key]).await?;
    row.as_ref().map(Credentials::read).transpose()
}

/// The account of a key.
pub(crate) async fn by_key(db: &Db, account: AccountKey) -> DbResult<Credentials> {
    Credentials::read(&db.query_one(sql::BY_KEY, params![account]).await?)
}

/// What the account is called in its orgs, the oldest first.
pub(crate) async fn names(db: &Db, account: AccountKey) -> DbResult<Vec<String>> {
    db.query(sql::NAMES, params![account]).await?.iter().map(|row| row.get(0)).collect()
}

/// An address that a mail server could take; what is at the other end only a mail can tell.
///
/// # Errors
/// `invalid`.
pub(crate) fn clean_email(field: &'static str, text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let wrong = || Fault::invalid(field, "This is not an e-mail address.");
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let fine = |c: char| {
        !c.is_whitespace() && !is_deceptive(c) && !matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')')
    };
    let ok = !local.is_empty()
        && !domain.is_empty()
        && text.len() <= 254
        && text.chars().all(fine)
        && !local.contains('@')
        && !domain.starts_with('.')
        && !domain.ends_with('.');
    if ok { Ok(text.to_owned()) } else { Err(wrong()) }
}

/// One of the product's languages.
///
/// # Errors
/// `invalid`.
pub(crate) fn clean_locale(text: &str) -> Result<String, Fault> {
    match LOCALES.iter().find(|l| **l == text) {
        Some(locale) => Ok((*locale).to_owned()),
        None => Err(Fault::invalid("locale", "It must be one of: en, zh-CN.")),
    }
}

/// What looks like a name of the IANA time zone database.
///
/// # Errors
/// `invalid`.
pub(crate) fn clean_timezone(text: &str) -> Result<String, Fault> {
    let part = |p: &str| {
        p.starts_with(|c: char| c.is_ascii_alphabetic())
            && p.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))
    };
    if text.len() <= 64 && text.split('/').count() <= 3 && text.split('/').all(part) {
        return Ok(text.to_owned());
    }
    Err(Fault::invalid("timezone", "It must be a name like Asia/Shanghai or Europe/Berlin."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_zones_and_languages_are_checked() {
        for good in ["a@b", "Li.Lei+x@Example.com", "李雷@例子.公司"] {
            assert!(clean_email("email", good).is_ok(), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "a@.b", "<a@b>", "a\u{202e}@b"]
        {
            assert!(clean_email("email", bad).is_err(), "{bad:?}");
        }
        assert!(clean_timezone("America/Argentina/Buenos_Aires").is_ok());
        for bad in ["", "../etc/passwd", "A/B/C/D", "Asia/上海", "/"] {
            assert!(clean_timezone(bad).is_err(), "{bad}");
        }
        assert!(clean_locale("zh-CN").is_ok() && clean_locale("zh").is_err());
    }
}
