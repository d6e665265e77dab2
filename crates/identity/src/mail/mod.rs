//! Mail: written into the outbox in the transaction that causes it, sent by a worker after.

pub(crate) mod text;
pub(crate) mod worker;

use serde::{Deserialize, Serialize};
use weft_kernel::{Fault, Micros};
use weft_log::outbox;
use weft_storage::Tx;

/// The kind of the jobs that send mail.
const JOB: &str = "mail";

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS from the first byte (port 465).
    Tls,
    /// STARTTLS, required (port 587).
    StartTls,
    /// None: for a relay on this machine only.
    Plain,
}

/// How mail is sent.
#[derive(Clone)]
pub struct MailConfig {
    /// The mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Name and password, if it asks for them.
    pub credentials: Option<(String, String)>,
    /// `Weft <weft@example.com>`.
    pub from: String,
    /// Where people reach this server. Links in mails begin with it; they are never made from a
    /// request's Host header, which a stranger chooses.
    pub public_url: String,
}

impl MailConfig {
    pub(crate) fn base_url(&self) -> &str {
        self.public_url.trim_end_matches('/')
    }
}

/// A mail's subject and plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) subject: String,
    pub(crate) body: String,
}

/// A mail with more to it than a subject and a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Whom it goes to.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says, as plain text.
    #[serde(rename = "body")]
    pub text: String,
    /// The same as HTML.
    #[serde(default)]
    pub html: Option<String>,
    /// Where answers go, if not to the sender.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// With its angle brackets; the same however often it is sent.
    #[serde(default)]
    pub message_id: Option<String>,
    /// More headers: names and values, in ASCII.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
}

impl crate::Identity {
    /// Whether this server sends mail.
    pub fn mails(&self) -> bool {
        self.mail.is_some()
    }

    /// Sends `letter` when `tx` commits; [`crate::Identity::ring_mail`] then sends it without
    /// waiting for the next look.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn letter_in(&self, tx: &mut Tx, letter: &Letter) -> Result<(), Fault> {
        outbox::add(tx, JOB, letter, self.now()).await.map(drop)
    }

    /// There may be mail to send.
    pub fn ring_mail(&self) {
        self.mail_due.notify_one();
    }

    /// The language of somebody's account; English where they have none.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn locale_of(&self, who: weft_kernel::PrincipalKey) -> Result<String, Fault> {
        let row = self.db.query_opt(crate::account::sql::MAIL_OF, weft_storage::params![who]).await?;
        Ok(row.map(|row| row.get(1)).transpose()?.unwrap_or_else(|| "en".to_owned()))
    }

    /// Answers somebody's mail by one that no program answers; nothing where no mail is sent here.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn answer_to(
        &self,
        who: weft_kernel::PrincipalKey,
        subject: String,
        text: String,
    ) -> Result<(), Fault> {
        let row = self.db.query_opt(crate::account::sql::MAIL_OF, weft_storage::params![who]).await?;
        let Some(row) = row.filter(|_| self.mails()) else { return Ok(()) };
        let headers = vec![("Auto-Submitted".to_owned(), "auto-replied".to_owned())];
        let letter = Letter { to: row.get(0)?, subject, text, headers, ..Letter::default() };
        let mut tx = self.db.begin().await?;
        self.letter_in(&mut tx, &letter).await?;
        tx.commit().await?;
        self.ring_mail();
        Ok(())
    }

    /// Hands a mail to somebody to the outbox; `write` makes subject and body in their language.
    ///
    /// # Errors
    /// `no_address` when they have none or no mail is sent here; any database fault.
    pub async fn mail_to(
        &self,
        who: weft_kernel::PrincipalKey,
        write: impl FnOnce(&str) -> (String, String) + Send,
    ) -> Result<(), Fault> {
        let nowhere = || Fault::conflict("no_address", "They have no e-mail address.");
        if !self.mails() {
            return Err(nowhere());
        }
        let row = self.db.query_opt(crate::account::sql::MAIL_OF, weft_storage::params![who]).await?;
        let row = row.ok_or_else(nowhere)?;
        let (to, locale): (String, String) = (row.get(0)?, row.get(1)?);
        let (subject, body) = write(&locale);
        let mut tx = self.db.begin().await?;
        enqueue(&mut tx, &to, Text { subject, body }, self.now()).await?;
        tx.commit().await?;
        self.mail_due.notify_one();
        Ok(())
    }
}

/// Sends a mail when `tx` commits.
///
/// # Errors
/// Any database fault.
pub(crate) async fn enqueue(tx: &mut Tx, to: &str, text: Text, now: Micros) -> Result<(), Fault> {
    let letter = Letter { to: to.to_owned(), subject: text.subject, text: text.body, ..Letter::default() };
    outbox::add(tx, JOB, &letter, now).await.map(drop)
}
