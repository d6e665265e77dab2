//! What a notification says, in its reader's language, as far as the org and the reader let it.

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use weft_http::{OrgPolicy, PushContent};
use weft_kernel::{
    Fault, Micros, PrincipalKey,
    id::{ConversationId, Id, MessageId, OrgId, PrincipalId},
};
use weft_storage::{DbResult, Uuid, params};

use crate::{
    Notify,
    alert::Alert,
    news::News,
    port::{Lane, REFERENCE},
    provider::Push,
    sql,
};

/// Most characters of a text.
const TEXT: usize = 240;
/// Most characters of a title.
const TITLE: usize = 80;

/// What a device is sent, as its service worker reads it.
#[derive(Debug, Default, Serialize)]
struct Payload<'a> {
    v: u32,
    t: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    org: Option<OrgId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conv: Option<ConversationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    msg: Option<MessageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<MessageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    me: Option<PrincipalId>,
    tag: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Micros>,
    lang: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<i64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    insist: bool,
}

impl Payload<'_> {
    fn bytes(&self) -> Result<Option<Bytes>, Fault> {
        let text = serde_json::to_vec(self).map_err(Fault::internal)?;
        // Bounded by the lengths above; one that outgrew them would be refused by the service anyway.
        Ok((text.len() <= Push::MAX).then(|| text.into()))
    }
}

/// The language that a locale means.
fn chinese(locale: &str) -> bool {
    locale.starts_with("zh")
}

fn lang(locale: &str) -> &'static str {
    if chinese(locale) { "zh-CN" } else { "en" }
}

/// Where something is shown, as the device knows the place.
fn tag(conversation: ConversationId, lane: Lane) -> String {
    match lane.root {
        0 => conversation.to_string(),
        root => format!("{conversation}.{root}"),
    }
}

/// What a service knows a place by, so that a newer message replaces an older one that waits there.
pub(crate) fn topic(principal: PrincipalKey, lane: Lane) -> String {
    let place = format!("{}/{}/{}", principal.0, lane.log.0, lane.root);
    BASE64URL_NOPAD.encode(&Sha256::digest(place.as_bytes())[..18])
}

/// Whom a notification is for.
struct Reader {
    id: PrincipalId,
    content: PushContent,
    org_name: String,
}

async fn reader(notify: &Notify, principal: PrincipalKey) -> Result<Option<Reader>, Fault> {
    let Some(row) = notify.db.query_opt(sql::READER, params![principal]).await? else { return Ok(None) };
    let own: FxHashMap<String, Value> = serde_json::from_str(&row.get::<String>(1)?).unwrap_or_default();
    let own = own.get("push.content").cloned().and_then(|value| serde_json::from_value(value).ok());
    let org = OrgPolicy::from_stored(&row.get::<String>(2)?).push.content;
    Ok(Some(Reader {
        id: row.get(0)?,
        // The less of the two.
        content: own.map_or(org, |own: PushContent| own.max(org)),
        org_name: row.get(3)?,
    }))
}

/// How much calls somebody, for the number on the app's icon.
async fn badge(notify: &Notify, principal: PrincipalKey) -> DbResult<i64> {
    let direct: i64 = notify.db.query_one(sql::UNREAD, params![principal]).await?.get(0)?;
    let mentions: i64 = notify.db.query_one(sql::UNREAD_MENTIONS, params![principal]).await?.get(0)?;
    Ok(direct + mentions)
}

/// A message for one of its readers; none when they are not there any more.
pub(crate) async fn message(
    notify: &Notify,
    news: &News,
    principal: PrincipalKey,
    locale: &str,
) -> Result<Option<Bytes>, Fault> {
    let Some(reader) = reader(notify, principal).await? else { return Ok(None) };
    let sender = name(notify, news.sender).await?;
    let zh = chinese(locale);
    let (title, body) = match reader.content {
        PushContent::Full => {
            let said = said(notify, news, principal, zh).await?;
            match news.is_direct() {
                true => (sender, said),
                false => (place(notify, news, principal).await?, by(&sender, &said, zh)),
            }
        }
        PushContent::Sender => {
            let new = if zh { "发来一条新消息" } else { "New message" };
            match news.is_direct() {
                true => (sender, new.to_owned()),
                false => (place(notify, news, principal).await?, by(&sender, new, zh)),
            }
        }
        PushContent::Nothing => (reader.org_name, hidden(zh).to_owned()),
    };
    let tag = tag(news.conversation, news.lane());
    let url = link(news);
    Payload {
        v: 1,
        t: "message",
        org: Some(news.org_id),
        conv: Some(news.conversation),
        msg: Some(news.id),
        seq: Some(news.seq),
        thread: news.root_id,
        me: Some(reader.id),
        tag: &tag,
        url: &url,
        title: &cut(&title, TITLE),
        body: &cut(&body, TEXT),
        at: Some(news.at),
        lang: lang(locale),
        badge: Some(badge(notify, principal).await?),
        insist: false,
    }
    .bytes()
}

/// The page of a message: a reply's is its thread.
pub(crate) fn link(news: &News) -> String {
    let room = format!("/o/{}/c/{}", news.org_id, news.conversation);
    match (news.root, news.root_id) {
        (Some(seq), Some(id)) => format!("{room}/{seq}?thread={id}"),
        _ => format!("{room}/{}", news.seq),
    }
}

/// That a place has nothing to show any more.
pub(crate) async fn clear(
    notify: &Notify,
    principal: PrincipalKey,
    lane: Lane,
) -> Result<Option<Bytes>, Fault> {
    let Some(row) = notify.db.query_opt(sql::CONVERSATION, params![lane.log]).await? else {
        return Ok(None);
    };
    if notify.db.query_opt(sql::SHOWN, params![principal, lane.log, lane.root]).await?.is_some() {
        // Something newer is shown in its place.
        return Ok(None);
    }
    let tag = tag(row.get(0)?, lane);
    let badge = Some(badge(notify, principal).await?);
    Payload { v: 1, t: "clear", tag: &tag, lang: "", badge, ..Payload::default() }.bytes()
}

/// An alert, as far as its reader lets it say something.
pub(crate) async fn alert(
    notify: &Notify,
    principal: PrincipalKey,
    locale: &str,
    alert: &Alert,
) -> Result<Option<Bytes>, Fault> {
    let Some(reader) = reader(notify, principal).await? else { return Ok(None) };
    let words = if chinese(locale) { &alert.zh } else { &alert.en };
    let (title, body) = match reader.content {
        PushContent::Full => (&words.title, &words.body),
        PushContent::Sender | PushContent::Nothing => (&reader.org_name, &words.hidden),
    };
    Payload {
        v: 1,
        t: "alert",
        me: Some(reader.id),
        tag: &alert.tag,
        url: &alert.path,
        title: &cut(title, TITLE),
        body: &cut(body, TEXT),
        lang: lang(locale),
        badge: Some(badge(notify, principal).await?),
        insist: alert.insist,
        ..Payload::default()
    }
    .bytes()
}

/// Something to look at whether notifications arrive.
pub(crate) fn test(locale: &str) -> Result<Option<Bytes>, Fault> {
    let (title, body) = match chinese(locale) {
        true => ("通知已就绪", "有新消息时，会像这样出现在这台设备上。"),
        false => ("Notifications work", "This is how new messages will appear on this device."),
    };
    Payload { v: 1, t: "test", tag: "test", title, body, lang: lang(locale), ..Payload::default() }.bytes()
}

fn hidden(zh: bool) -> &'static str {
    if zh { "你有一条新消息" } else { "You have a new message" }
}

fn by(sender: &str, said: &str, zh: bool) -> String {
    if zh { format!("{sender}：{said}") } else { format!("{sender}: {said}") }
}

/// What somebody is called.
pub(crate) async fn name(notify: &Notify, who: PrincipalKey) -> DbResult<String> {
    notify.db.query_one(sql::NAME, params![who]).await?.get(0)
}

/// What the reader calls the conversation.
pub(crate) async fn place(notify: &Notify, news: &News, principal: PrincipalKey) -> DbResult<String> {
    if !news.name.is_empty() {
        return Ok(if news.is_group() || news.is_board() {
            news.name.clone()
        } else {
            format!("#{}", news.name)
        });
    }
    let rows = notify.db.query(sql::PEERS, params![news.log, principal]).await?;
    let names = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<String>>>()?;
    Ok(names.join(", "))
}

/// What a message says, on one line, with names in place of ids.
async fn said(notify: &Notify, news: &News, principal: PrincipalKey, zh: bool) -> Result<String, Fault> {
    if news.said.vanishes {
        return Ok(vanishing(zh).to_owned());
    }
    let text = spelt(notify, news, principal, zh).await?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(with_files(news, text, " ", zh))
}

/// What a message says in somebody's language, with its line breaks and names in place of ids.
pub(crate) async fn whole(
    notify: &Notify,
    news: &News,
    principal: PrincipalKey,
    locale: &str,
) -> Result<String, Fault> {
    let zh = chinese(locale);
    if news.said.vanishes {
        return Ok(vanishing(zh).to_owned());
    }
    let text = spelt(notify, news, principal, zh).await?;
    Ok(with_files(news, text.trim().to_owned(), "\n", zh))
}

/// What is told of a message that vanishes: nothing of it.
fn vanishing(zh: bool) -> &'static str {
    if zh { "一条阅后即焚消息" } else { "A vanishing message" }
}

/// The text with names in place of ids.
async fn spelt(notify: &Notify, news: &News, principal: PrincipalKey, zh: bool) -> Result<String, Fault> {
    let names = names(notify, news, principal).await?;
    let mut refs = news.said.refs.iter();
    let mut text = String::with_capacity(news.said.text.len());
    for c in news.said.text.chars() {
        match c {
            REFERENCE => text.push_str(&refs.next().map_or_else(String::new, |of| names.name(of, zh))),
            c => text.push(c),
        }
    }
    Ok(text)
}

/// A text with the files that came with it.
fn with_files(news: &News, text: String, between: &str, zh: bool) -> String {
    match (text.is_empty(), news.said.files.as_slice()) {
        (false, []) => text,
        (true, []) => hidden(zh).to_owned(),
        (empty, files) => {
            let files = attached(files, news.said.pictures, zh);
            if empty { files } else { format!("{files}{between}{text}") }
        }
    }
}

fn attached(files: &[String], pictures: bool, zh: bool) -> String {
    let (count, first) = (files.len(), files.first().map_or("", String::as_str));
    match (pictures, zh, count) {
        (true, true, 1) => "[图片]".to_owned(),
        (true, true, count) => format!("[{count} 张图片]"),
        (true, false, 1) => "[Picture]".to_owned(),
        (true, false, count) => format!("[{count} pictures]"),
        (false, true, 1) => format!("[文件] {first}"),
        (false, true, count) => format!("[{count} 个文件] {first}"),
        (false, false, 1) => format!("[File] {first}"),
        (false, false, count) => format!("[{count} files] {first}"),
    }
}

/// What ids in a text stand for.
#[derive(Default)]
struct Names {
    people: FxHashMap<Uuid, String>,
    rooms: FxHashMap<Uuid, String>,
}

impl Names {
    fn name(&self, of: &str, zh: bool) -> String {
        let somebody = if zh { "某人" } else { "someone" };
        if matches!(of, "all" | "here") {
            return if zh { "@所有人" } else { "@all" }.to_owned();
        }
        if let Ok(id) = of.parse::<PrincipalId>() {
            return format!("@{}", self.people.get(&id.uuid()).map_or(somebody, String::as_str));
        }
        let room = of.parse::<ConversationId>().ok().and_then(|id| self.rooms.get(&id.uuid()));
        // One that the reader is not in is not named.
        format!("#{}", room.map_or("…", String::as_str))
    }
}

async fn names(notify: &Notify, news: &News, principal: PrincipalKey) -> Result<Names, Fault> {
    let mut names = Names::default();
    let refs = &news.said.refs;
    let people: Vec<Uuid> =
        refs.iter().filter_map(|of| of.parse::<PrincipalId>().ok()).map(Id::uuid).collect();
    let rooms: Vec<Uuid> =
        refs.iter().filter_map(|of| of.parse::<ConversationId>().ok()).map(Id::uuid).collect();
    if !people.is_empty() {
        for row in notify.db.query(sql::NAMES, params![news.org, people]).await? {
            names.people.insert(row.get(0)?, row.get(1)?);
        }
    }
    if !rooms.is_empty() {
        for row in notify.db.query(sql::ROOM_NAMES, params![principal, rooms]).await? {
            names.rooms.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(names)
}

pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use weft_kernel::LogKey;

    use super::*;

    #[test]
    fn a_topic_fits_in_its_header() {
        let lane = Lane { log: LogKey(i64::MAX), root: i64::MAX };
        let topic = topic(PrincipalKey(7), lane);
        assert!(topic.len() <= 32 && topic.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("你好世界", 2), "你好…");
        assert_eq!(cut("short", 5), "short");
    }

    #[test]
    fn files_are_told_without_their_content() {
        let files = ["a.pdf".to_owned(), "b.pdf".to_owned()];
        assert_eq!(attached(&files[..1], false, true), "[文件] a.pdf");
        assert_eq!(attached(&files, false, false), "[2 files] a.pdf");
        assert_eq!(attached(&files[..1], true, false), "[Picture]");
    }

    #[test]
    fn strangers_in_a_text_have_no_name() {
        let names = Names::default();
        assert_eq!(names.name("usr_01h2xcejqtf2nbrexx3vqjhp41", false), "@someone");
        assert_eq!(names.name("here", true), "@所有人");
        assert_eq!(names.name("cnv_01h2xcejqtf2nbrexx3vqjhp41", true), "#…");
    }

    #[test]
    fn the_longest_words_fit() {
        let (title, body) = ("标".repeat(TITLE + 1), "文".repeat(TEXT + 1));
        let payload = Payload {
            v: 1,
            t: "message",
            tag: "x",
            url: "/",
            title: &title,
            body: &body,
            lang: "zh-CN",
            ..Payload::default()
        };
        assert!(payload.bytes().unwrap().is_some());
    }
}
