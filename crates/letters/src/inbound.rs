//! Taking in a mail: whose it is, where it goes, and what becomes of it.

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use weft_http::limits;
use weft_kernel::{Fault, FaultKind, PrincipalKey, id::MessageId, names::fold};
use weft_storage::params;

use crate::{
    Letters,
    port::Posting,
    read::{self, Head},
    sql,
    token::Ticket,
    words,
};

/// Stored state of a person who may act.
const ACTIVE: i64 = 1;
/// How much of what somebody wrote is given back to them, in characters.
const BEGAN: usize = 2_000;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    /// It is a message now.
    Posted,
    /// It is no person's answer: nothing was done, nobody was told.
    Dropped,
    /// Its writer was told by mail why it was not posted.
    Refused,
}

/// What became of a mail, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InboundMail)]
pub(crate) struct Outcome {
    /// What.
    pub(crate) result: Fate,
    /// Of one that was dropped or refused: a stable code.
    pub(crate) reason: Option<String>,
    /// Of one that was posted.
    #[schema(value_type = Option<String>)]
    pub(crate) message: Option<MessageId>,
}

impl Outcome {
    fn dropped(reason: &str) -> Outcome {
        Outcome { result: Fate::Dropped, reason: Some(reason.to_owned()), message: None }
    }

    fn refused(reason: &str) -> Outcome {
        Outcome { result: Fate::Refused, reason: Some(reason.to_owned()), message: None }
    }
}

/// Whose a mail is.
struct Writer {
    key: PrincipalKey,
    email_key: String,
    locale: String,
    active: bool,
}

/// Takes in `mail`, which a relay delivers `to` an address, if it says so.
///
/// # Errors
/// `mail_unreadable`, `mail_address`, `mail_forged`; `rate_limited` and faults that may pass by
/// themselves: then nothing was done, and it may be delivered again.
pub(crate) async fn take(letters: &Letters, mail: Vec<u8>, to: Option<&str>) -> Result<Outcome, Fault> {
    let head = Head::read(&mail).ok_or_else(|| {
        Fault::new(FaultKind::Invalid, "This is no mail: it has no headers.").code("mail_unreadable")
    })?;
    if let Some(reason) = head.automatic {
        return Ok(Outcome::dropped(reason));
    }
    let (token, ticket) = ticket(letters, &head, to).ok_or_else(nobody)?;
    let writer = writer(letters, ticket.who).await?.ok_or_else(nobody)?;
    let genuine = head.from.as_deref().is_some_and(|from| fold(from) == writer.email_key);
    if !genuine {
        let detail = "The mail is not from the address of the account that it answers for.";
        return Err(Fault::forbidden(detail).code("mail_forged"));
    }
    if !writer.active {
        return refuse(letters, &writer, "deactivated", "", "").await;
    }
    if ticket.ran_out(letters.env.now()) {
        return refuse(letters, &writer, "expired", "", "").await;
    }
    letters.posting.take(writer.key, letters.env.now())?;
    let nonce = nonce(&head, &token, &mail);
    let Some(body) = read::body(mail).await else {
        return refuse(letters, &writer, "unreadable", "", "").await;
    };
    if body.text.is_empty() && body.attachments.is_empty() {
        return refuse(letters, &writer, "empty", "", "").await;
    }
    if body.text.chars().count() > limits::MESSAGE_CHARS {
        return refuse(letters, &writer, "too_long", "", &body.text).await;
    }
    let began = body.text.clone();
    let posting = Posting {
        who: writer.key,
        log: ticket.log,
        root: ticket.root,
        nonce,
        text: body.text,
        attachments: body.attachments,
        left_out: body.left_out,
        locale: writer.locale.clone(),
    };
    match letters.desk.post(posting).await {
        Ok(message) => Ok(Outcome { result: Fate::Posted, reason: None, message: Some(message) }),
        Err(fault) if passes(&fault) => Err(fault),
        Err(fault) => refuse(letters, &writer, fault.code_str(), fault.detail(), &began).await,
    }
}

/// Nobody is told which of an address's parts was wrong.
fn nobody() -> Fault {
    Fault::new(FaultKind::NotFound, "Nobody answers at this address.").code("mail_address")
}

/// Faults that may pass by themselves.
fn passes(fault: &Fault) -> bool {
    matches!(fault.kind(), FaultKind::Unavailable | FaultKind::Internal | FaultKind::RateLimited)
        || fault.code_str() == "stale_permission"
}

/// The first token that was signed here among whom the mail was sent to.
fn ticket(letters: &Letters, head: &Head, to: Option<&str>) -> Option<(String, Ticket)> {
    let reply = letters.reply.as_ref()?;
    let addresses = to.into_iter().chain(head.to.iter().map(String::as_str));
    addresses.filter_map(|address| reply.token(address)).find_map(|token| {
        let ticket = letters.keys.ticket(token)?;
        Some((token.to_ascii_lowercase(), ticket))
    })
}

async fn writer(letters: &Letters, who: PrincipalKey) -> Result<Option<Writer>, Fault> {
    let Some(row) = letters.db.query_opt(sql::WRITER, params![who]).await? else { return Ok(None) };
    let active = row.get::<i64>(2)? == ACTIVE;
    Ok(Some(Writer { key: who, email_key: row.get(0)?, locale: row.get(1)?, active }))
}

/// The same for the same mail, however often it is delivered. One without an id is known by what it is.
fn nonce(head: &Head, token: &str, mail: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(token.as_bytes());
    match &head.id {
        Some(id) => hash.update(id.as_bytes()),
        None => hash.update(mail),
    }
    format!("mail-{}", HEXLOWER.encode(&hash.finalize()[..16]))
}

/// Tells the writer why, unless they were told much of late.
async fn refuse(
    letters: &Letters,
    writer: &Writer,
    code: &str,
    detail: &str,
    text: &str,
) -> Result<Outcome, Fault> {
    if letters.telling.take(writer.key, letters.env.now()).is_ok() {
        let began: String = text.chars().take(BEGAN).collect();
        let (subject, text) = words::not_posted(&writer.locale, code, detail, &began);
        letters.desk.tell(writer.key, subject, text).await?;
    }
    Ok(Outcome::refused(code))
}
