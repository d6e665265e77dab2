//! What a mail says besides messages, in its reader's language.

use weft_kernel::Micros;
use weft_notify::{Digest, missed::Place};

/// The language that a locale means.
pub(super) fn chinese(locale: &str) -> bool {
    locale.starts_with("zh")
}

/// How many messages a mail tells of, shown or not.
fn count(digest: &Digest) -> usize {
    digest.places.iter().map(|place| place.lines.len()).sum::<usize>() + digest.more
}

/// A count that may be short.
fn counted(digest: &Digest, count: usize) -> String {
    if digest.uncounted { format!("{count}+") } else { count.to_string() }
}

pub(super) fn subject(digest: &Digest) -> String {
    let many = counted(digest, count(digest));
    let org = one_line(&digest.org_name);
    let from = match digest.places.as_slice() {
        [only] => one_line(&only.name),
        _ => String::new(),
    };
    match (chinese(&digest.locale), from.is_empty()) {
        (true, true) => format!("{org}：{many} 条未读消息"),
        (true, false) => format!("{org}：「{from}」有 {many} 条未读消息"),
        (false, true) if count(digest) == 1 => format!("{org}: 1 unread message"),
        (false, true) => format!("{org}: {many} unread messages"),
        (false, false) if count(digest) == 1 => format!("{org}: 1 unread message in {from}"),
        (false, false) => format!("{org}: {many} unread messages in {from}"),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What begins a mail.
pub(super) fn intro(digest: &Digest) -> String {
    let many = counted(digest, count(digest));
    match (chinese(&digest.locale), count(digest)) {
        (true, _) => format!("你不在的时候，{} 有 {many} 条消息在等你。", digest.org_name),
        (false, 1) => format!("While you were away, a message came for you in {}.", digest.org_name),
        (false, _) => format!("While you were away, {many} messages came for you in {}.", digest.org_name),
    }
}

/// What a place is called.
pub(super) fn place(place: &Place, zh: bool) -> String {
    match (place.root > 0, zh) {
        (false, _) => place.name.clone(),
        (true, true) => format!("{} · 话题串", place.name),
        (true, false) => format!("{} · thread", place.name),
    }
}

/// What stands for a text that may not leave the server.
pub(super) fn hidden(zh: bool) -> &'static str {
    if zh { "发来一条消息" } else { "sent a message" }
}

/// That there are messages which are not shown.
pub(super) fn more(digest: &Digest) -> Option<String> {
    let many = counted(digest, digest.more);
    match (chinese(&digest.locale), digest.more) {
        (_, 0) => None,
        (true, _) => Some(format!("还有 {many} 条")),
        (false, _) => Some(format!("and {many} more")),
    }
}

/// Above everything that an answer quotes.
pub(super) fn marker(zh: bool) -> String {
    let [en, cn] = weft_letters::MARKER;
    if zh { format!("—— {cn} ——") } else { format!("— {en} —") }
}

/// The other words.
pub(super) struct Words {
    pub(super) open: &'static str,
    pub(super) answer: &'static str,
    pub(super) answer_this: &'static str,
    pub(super) answer_subject: &'static str,
    pub(super) why: &'static str,
    pub(super) settings: &'static str,
    pub(super) end: &'static str,
}

pub(super) fn words(zh: bool) -> Words {
    if zh {
        return Words {
            open: "打开经纬",
            answer: "用邮件回复",
            answer_this: "直接回复这封邮件，内容会发到这个会话。",
            answer_subject: "回复",
            why: "你收到这封邮件，是因为有发给你的消息尚未阅读。",
            settings: "更改接收时间",
            end: "不再接收",
        };
    }
    Words {
        open: "Open Weft",
        answer: "Answer by mail",
        answer_this: "Answer this mail, and what you write is posted there.",
        answer_subject: "Answer",
        why: "You get this mail because messages for you are unread.",
        settings: "Change when",
        end: "Send me no more",
    }
}

/// A time where the reader is.
pub(super) fn time(at: Micros, zone: &str) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let Ok(at) = jiff::Timestamp::from_microsecond(at) else { return String::new() };
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}
