//! Where mails meet the rest: what somebody missed is written and handed over, and what they answer
//! is posted.

mod desk;
mod html;
mod plain;
mod words;

use async_trait::async_trait;
use weft_identity::{Identity, Letter};
use weft_kernel::{Fault, PrincipalKey};
use weft_letters::Letters;
use weft_messaging::{Cx, attention, load};
use weft_notify::{
    Digest, Digests,
    missed::{Line, Place},
    news::News,
};
use weft_storage::Tx;

pub(crate) use desk::Counter;

/// Tells people by mail what they missed.
pub(crate) struct Mails {
    pub(crate) cx: Cx,
    pub(crate) identity: Identity,
    pub(crate) letters: Letters,
    /// Where people reach this server.
    pub(crate) base: String,
    /// What the ids of mails end with.
    pub(crate) domain: String,
}

#[async_trait]
impl Digests for Mails {
    fn offered(&self) -> bool {
        self.identity.mails()
    }

    async fn concerned(&self, news: &News) -> Result<Vec<PrincipalKey>, Fault> {
        let Some(row) = load::by_seq(&self.cx.db, news.log, news.seq).await? else { return Ok(Vec::new()) };
        let listeners = attention::concerned(&self.cx, &row).await?;
        Ok(listeners.into_iter().map(|one| one.principal).collect())
    }

    async fn concerns(&self, news: &News, who: PrincipalKey) -> Result<bool, Fault> {
        let Some(row) = load::by_seq(&self.cx.db, news.log, news.seq).await? else { return Ok(false) };
        attention::concerns(&self.cx, &row, who).await
    }

    async fn send(&self, tx: &mut Tx, digest: &Digest) -> Result<(), Fault> {
        self.identity.letter_in(tx, &self.letter(digest)).await
    }

    fn sent(&self) {
        self.identity.ring_mail();
    }
}

/// What the texts of a mail are made from.
struct Sheet<'a> {
    digest: &'a Digest,
    /// Beside each place: where it is answered, if it can be.
    answers: Vec<Option<String>>,
    base: &'a str,
    /// Where mails are ended.
    end: String,
    /// Answering the mail answers its only place.
    direct: bool,
}

impl Mails {
    fn letter(&self, digest: &Digest) -> Letter {
        let answers: Vec<Option<String>> =
            digest.places.iter().map(|place| self.answer(digest, place)).collect();
        let reply_to = match answers.as_slice() {
            [only] => only.clone(),
            _ => None,
        };
        let end = self.letters.end_address(digest.to);
        let sheet = Sheet { digest, answers, base: &self.base, direct: reply_to.is_some(), end: end.clone() };
        let id = self.letters.mail_id(digest.to, digest.number);
        let header = |name: &str, value: String| (name.to_owned(), value);
        Letter {
            to: digest.email.clone(),
            subject: words::subject(digest),
            text: plain::write(&sheet),
            html: Some(html::write(&sheet)),
            reply_to,
            message_id: Some(format!("<{id}@{}>", self.domain)),
            headers: vec![
                header("Auto-Submitted", "auto-generated".into()),
                header("X-Weft-Digest", "1".into()),
                header("List-Unsubscribe", format!("<{end}>")),
                header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()),
            ],
        }
    }

    /// Where a place is answered; in a conversation where few post, only its threads are.
    fn answer(&self, digest: &Digest, place: &Place) -> Option<String> {
        if place.board && place.root == 0 {
            return None;
        }
        self.letters.answer_address(digest.to, place.log, place.root)
    }
}

impl Sheet<'_> {
    fn zh(&self) -> bool {
        words::chinese(&self.digest.locale)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn settings(&self) -> String {
        self.url(&format!("/o/{}/settings/notifications", self.digest.org))
    }

    fn time(&self, line: &Line) -> String {
        words::time(line.at, &self.digest.timezone)
    }

    /// Places with where each is answered.
    fn places(&self) -> impl Iterator<Item = (&Place, Option<&str>)> {
        self.digest.places.iter().zip(self.answers.iter().map(Option::as_deref))
    }
}
