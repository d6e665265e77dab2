//! The steps of urgent messages outside the app: messaging says when and to whom, here is how.

use std::sync::OnceLock;

use async_trait::async_trait;
use weft_identity::Identity;
use weft_kernel::{Fault, OrgKey};
use weft_messaging::urgent::{Notice, Step, Steps};
use weft_notify::{Alert, AlertWords, Notify};
use weft_phones::{Kind, Phones, Words};

/// What the steps are taken with; filled when the parts are there.
#[derive(Default)]
pub(crate) struct Escalation(OnceLock<Ways>);

/// The parts.
pub(crate) struct Ways {
    /// For mail.
    pub(crate) identity: Identity,
    /// For SMS and calls.
    pub(crate) phones: Phones,
    /// For notifications on devices.
    pub(crate) notify: Notify,
    /// Where people reach this server; empty: links are left out.
    pub(crate) base: String,
}

impl Escalation {
    /// From now on steps are taken these ways.
    pub(crate) fn use_ways(&self, ways: Ways) {
        // Composed once; a second set would be a mistake of the composition.
        let _ = self.0.set(ways);
    }

    fn ways(&self) -> Result<&Ways, Fault> {
        self.0.get().ok_or_else(|| Fault::conflict("unavailable", "The server is starting."))
    }
}

#[async_trait]
impl Steps for Escalation {
    async fn offered(&self, org: OrgKey) -> Result<Vec<Step>, Fault> {
        let Ok(ways) = self.ways() else { return Ok(Vec::new()) };
        let mut offered = vec![Step::Push];
        if ways.identity.mails() {
            offered.push(Step::Email);
        }
        for kind in ways.phones.kinds(org).await? {
            offered.push(match kind {
                Kind::Sms => Step::Sms,
                Kind::Phone => Step::Phone,
            });
        }
        Ok(offered)
    }

    async fn take(&self, step: Step, notice: &Notice) -> Result<(), Fault> {
        let ways = self.ways()?;
        match step {
            Step::Email => {
                ways.identity.mail_to(notice.to, |locale| mail(locale, notice, &ways.link(notice))).await
            }
            Step::Sms => ways.call(Kind::Sms, notice).await,
            Step::Phone => ways.call(Kind::Phone, notice).await,
            Step::Push => match ways.notify.alert(notice.to, &alert(notice)).await? {
                0 => Err(Fault::conflict("no_device", "They have no device that takes notifications.")),
                _ => Ok(()),
            },
            Step::App => Err(Fault::conflict("unavailable", "This step is not taken here.")),
        }
    }
}

impl Ways {
    fn link(&self, notice: &Notice) -> String {
        if self.base.is_empty() {
            return String::new();
        }
        let base = self.base.trim_end_matches('/');
        format!("{base}/o/{}/c/{}/{}", notice.org_id, notice.conversation, notice.seq)
    }

    async fn call(&self, kind: Kind, notice: &Notice) -> Result<(), Fault> {
        let locale = self.identity.locale_of(notice.to).await?;
        let words = Words {
            text: words(&locale, notice),
            sender: notice.sender.clone(),
            link: self.link(notice),
            id: notice.key.clone(),
        };
        self.phones.send(notice.org, kind, notice.to, &words).await
    }
}

fn chinese(locale: &str) -> bool {
    locale.starts_with("zh")
}

/// What an SMS or a call says.
fn words(locale: &str, notice: &Notice) -> String {
    let sender = &notice.sender;
    match (&notice.text, chinese(locale)) {
        (Some(text), true) => format!("{sender} 的加急消息：{text}"),
        (None, true) => format!("{sender} 给你发了一条加急消息，请在经纬中查看并确认。"),
        (Some(text), false) => format!("Urgent from {sender}: {text}"),
        (None, false) => format!("{sender} sent you an urgent message. Please open Weft and confirm it."),
    }
}

/// How long a notification that nobody has seen is worth showing, in seconds.
const ALERT_FOR: u32 = 3600;

/// A notification that stays until it is answered. What it shows where notifications hide what
/// they are about is that it is urgent.
fn alert(notice: &Notice) -> Alert {
    let sender = &notice.sender;
    let says = |locale: &str, title: String, hidden: &str| AlertWords {
        title,
        body: notice.text.clone().unwrap_or_else(|| words(locale, notice)),
        hidden: hidden.to_owned(),
    };
    Alert {
        path: format!("/o/{}/c/{}/{}", notice.org_id, notice.conversation, notice.seq),
        tag: format!("urgent.{}", notice.message),
        insist: true,
        ttl_s: ALERT_FOR,
        en: says("en", format!("Urgent: {sender}"), "You have an urgent message"),
        zh: says("zh-CN", format!("加急：{sender}"), "你有一条加急消息"),
    }
}

/// A mail's subject and text.
fn mail(locale: &str, notice: &Notice, link: &str) -> (String, String) {
    let sender = &notice.sender;
    let said = words(locale, notice);
    if chinese(locale) {
        let open = if link.is_empty() {
            "请打开经纬确认收到。".into()
        } else {
            format!("请打开确认收到：\n\n{link}")
        };
        return (format!("加急：{sender} 等你确认"), format!("{said}\n\n{open}\n"));
    }
    let open = if link.is_empty() {
        "Please open Weft and confirm it.".into()
    } else {
        format!("Open it to confirm:\n\n{link}")
    };
    (format!("Urgent: {sender} waits for your confirmation"), format!("{said}\n\n{open}\n"))
}

#[cfg(test)]
mod tests {
    use weft_kernel::{Env, PrincipalKey};

    use super::*;

    #[test]
    fn what_is_said_names_the_sender_and_leads_to_the_message() {
        let env = Env::system();
        let mut notice = Notice {
            org: OrgKey(1),
            org_id: env.id(),
            to: PrincipalKey(1),
            conversation: env.id(),
            message: env.id(),
            seq: 7,
            sender: "张伟".into(),
            text: Some("机房停电".into()),
            key: String::new(),
        };
        assert_eq!(words("zh-CN", &notice), "张伟 的加急消息：机房停电");
        let (subject, body) = mail("en", &notice, "https://weft.example/x");
        assert!(
            subject.contains("张伟") && body.contains("机房停电") && body.contains("https://weft.example/x")
        );
        notice.text = None;
        assert!(!mail("zh-CN", &notice, "").1.contains("机房停电"));
    }
}
