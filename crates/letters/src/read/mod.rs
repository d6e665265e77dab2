//! Reading a mail: first its head, by which it is refused or believed; its body only then.
//!
//! **Invariants:** nothing in a mail makes reading it deep or long: messages in messages are not
//! opened, parts are counted before they are looked at, and what breaks the parser is a mail that
//! cannot be read, not a server that falls.

mod harmless;
mod html;
pub(crate) mod reply;

use std::borrow::Cow;

use mail_parser::{
    Address, Header, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};
use weft_http::limits;

use crate::port::Attachment;

/// Pictures in a text that are smaller are logos and counters, not what somebody sends, in bytes.
const SMALL: usize = 16 << 10;
/// How the ids of our own mails begin.
pub(crate) const OWN_ID: &str = "weft.";

/// What the head of a mail says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The one address that it is from; none where there are more or fewer.
    pub(crate) from: Option<String>,
    /// Whom it was sent to, as far as it says.
    pub(crate) to: Vec<String>,
    /// Its id.
    pub(crate) id: Option<String>,
    /// Why it is no person's answer.
    pub(crate) automatic: Option<&'static str>,
}

impl Head {
    /// None where it has no head: neither a sender nor a recipient nor an id.
    pub(crate) fn read(raw: &[u8]) -> Option<Head> {
        let message = MessageParser::default().parse_headers(raw)?;
        let headers = message.headers();
        let head = Head {
            from: only_sender(headers),
            to: recipients(&message),
            id: message.message_id().map(str::to_owned),
            automatic: automatic(&message),
        };
        (head != Head::default()).then_some(head)
    }
}

/// A header's value as it stands there.
fn raw<'a>(message: &'a Message<'_>, name: &str) -> Option<&'a str> {
    let found = message.headers_raw().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim()).last()
}

fn addresses<'a>(value: &'a HeaderValue<'_>) -> Vec<&'a str> {
    let Some(list) = value.as_address() else { return Vec::new() };
    list.iter().filter_map(|one| one.address()).collect()
}

fn only_sender(headers: &[Header<'_>]) -> Option<String> {
    let mut from = headers.iter().filter(|header| header.name == HeaderName::From);
    let (one, more) = (from.next()?, from.next());
    let list: Vec<&str> = addresses(&one.value);
    let grouped = matches!(one.value.as_address(), Some(Address::Group(_)));
    match list.as_slice() {
        [address] if more.is_none() && !grouped => Some((*address).to_owned()),
        _ => None,
    }
}

fn recipients(message: &Message<'_>) -> Vec<String> {
    let mut to: Vec<String> = ["Delivered-To", "X-Original-To", "Envelope-To"]
        .into_iter()
        .filter_map(|name| raw(message, name))
        .map(str::to_owned)
        .collect();
    for header in message.headers() {
        if matches!(header.name, HeaderName::To | HeaderName::Cc) {
            to.extend(addresses(&header.value).into_iter().map(str::to_owned));
        }
    }
    to
}

/// Why a mail is no person's answer (RFC 3834, and what came before it); none where it may be one.
fn automatic(message: &Message<'_>) -> Option<&'static str> {
    let is = |name: &str, words: &[&str]| {
        let value = raw(message, name).unwrap_or_default();
        let first = value.split([';', ' ', '(']).next().unwrap_or_default();
        words.iter().any(|word| first.eq_ignore_ascii_case(word))
    };
    let there = |name: &str| raw(message, name).is_some();
    if there("Auto-Submitted") && !is("Auto-Submitted", &["no"]) {
        return Some("auto_submitted");
    }
    if is("Precedence", &["bulk", "junk", "list", "auto_reply"]) || there("List-Id") {
        return Some("bulk");
    }
    if there("X-Autoreply") || there("X-Autorespond") || there("X-Autoresponder") {
        return Some("auto_reply");
    }
    if raw(message, "Return-Path") == Some("<>") {
        return Some("bounce");
    }
    let own = message.message_id().is_some_and(|id| id.starts_with(OWN_ID));
    (own || there("X-Weft-Digest")).then_some("loop")
}

/// What a mail says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Body {
    /// What its writer wrote, without what they quote.
    pub(crate) text: String,
    /// What came with it.
    pub(crate) attachments: Vec<Attachment>,
    /// Attachments beyond those.
    pub(crate) left_out: usize,
}

/// Reads a mail; none where it cannot be read.
pub(crate) async fn body(mail: Vec<u8>) -> Option<Body> {
    // In a thread of its own, whose end is not ours.
    match tokio::task::spawn_blocking(move || parse(mail)).await {
        Ok(body) => body,
        Err(error) => {
            tracing::warn!(%error, "a mail broke its parser");
            None
        }
    }
}

fn parse(mut mail: Vec<u8>) -> Option<Body> {
    if harmless::make(&mut mail) > limits::MAIL_PARTS {
        return None;
    }
    let message = MessageParser::default().parse(&mail)?;
    let mut body = Body { text: reply::extract(&text(&message)), ..Body::default() };
    for part in message.attachments() {
        let Some(attachment) = attachment(part) else { continue };
        match body.attachments.len() {
            limits::FILES_AT_ONCE.. => body.left_out += 1,
            _ => body.attachments.push(attachment),
        }
    }
    Some(body)
}

/// The text that people read: the plain one, else the HTML, else what a damaged mail has left of it.
fn text(message: &Message<'_>) -> String {
    let listed = |list: &[u32]| joined(list.iter().filter_map(|at| message.part(*at)));
    let texts = [&message.text_body, &message.html_body].map(|list| listed(list));
    let found = texts.into_iter().find(|text| !text.trim().is_empty());
    found.unwrap_or_else(|| joined(message.parts.iter().filter(|part| part.attachment_name().is_none())))
}

fn joined<'a>(parts: impl Iterator<Item = &'a MessagePart<'a>>) -> String {
    let texts: Vec<Cow<'_, str>> = parts
        .filter_map(|part| match &part.body {
            PartType::Text(text) => Some(Cow::Borrowed(&**text)),
            PartType::Html(html) => Some(Cow::Owned(html::text(html))),
            _ => None,
        })
        .collect();
    texts.join("\n")
}

fn attachment(part: &MessagePart<'_>) -> Option<Attachment> {
    let named = part.attachment_name();
    let bytes = match &part.body {
        PartType::InlineBinary(bytes) if part.content_id().is_some() && bytes.len() < SMALL => return None,
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.to_vec(),
        // Text without a name is a part of the text in another form, or a signature.
        PartType::Text(text) | PartType::Html(text) => {
            named?;
            text.as_bytes().to_vec()
        }
        PartType::Message(_) | PartType::Multipart(_) => return None,
    };
    let kind = part.content_type();
    if bytes.is_empty()
        || kind.is_some_and(|kind| kind.subtype().is_some_and(|sub| sub.contains("signature")))
    {
        return None;
    }
    let mime = kind.and_then(|kind| Some(format!("{}/{}", kind.ctype(), kind.subtype()?)));
    let mime = mime.filter(|mime| mime.bytes().all(|byte| byte.is_ascii_graphic()));
    Some(Attachment { name: named.unwrap_or("attachment").to_owned(), mime, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mail: &str) -> Body {
        parse(mail.replace('\n', "\r\n").into_bytes()).expect("a mail")
    }

    fn head(mail: &str) -> Head {
        Head::read(mail.replace('\n', "\r\n").as_bytes()).expect("a head")
    }

    #[test]
    fn a_head_tells_sender_recipients_and_id() {
        let read = head(
            "Delivered-To: reply+a@x.example\nFrom: =?utf-8?B?5p2O?= <Li@Example.com>\nTo: reply+b@x.example,\n c <c@x.example>\nMessage-ID: <1@y>\n\nhi\n",
        );
        assert_eq!(read.from.as_deref(), Some("Li@Example.com"));
        assert_eq!(read.to, ["reply+a@x.example", "reply+b@x.example", "c@x.example"]);
        assert_eq!((read.id.as_deref(), read.automatic), (Some("1@y"), None));
    }

    #[test]
    fn who_is_not_one_is_nobody() {
        for from in
            ["From: a@x, b@x\n", "From: a@x\nFrom: b@x\n", "From: g: a@x;\n", "From: \n", "Subject: x\n"]
        {
            assert_eq!(head(&format!("{from}To: c@x\n\nhi\n")).from, None, "{from}");
        }
        for none in ["", "\r\n", "no headers at all", "no: sender\r\n\r\nx"] {
            assert!(Head::read(none.as_bytes()).is_none(), "{none}");
        }
    }

    #[test]
    fn automatic_answers_are_known() {
        let why = |line: &str| head(&format!("From: a@x\n{line}\n\nhi\n")).automatic;
        for line in [
            "Auto-Submitted: auto-replied",
            "auto-submitted: auto-generated; owner-email=\"x\"",
            "Precedence: bulk",
            "Precedence: JUNK",
            "Precedence: list",
            "X-Autoreply: yes",
            "Return-Path: <>",
            "X-Weft-Digest: 1",
            "Message-ID: <weft.abc@x.example>",
        ] {
            assert!(why(line).is_some(), "{line}");
        }
        for line in ["Auto-Submitted: no", "Precedence: first-class", "Return-Path: <a@x>", "X-Mailer: y"] {
            assert_eq!(why(line), None, "{line}");
        }
    }

    #[test]
    fn texts_of_all_charsets_are_read() {
        let words = "下午三点可以";
        for (charset, base64) in [
            ("gb2312", "z8LO58j9teO/ydLU"),
            ("GB18030", "z8LO58j9teO/ydLU"),
            ("GBK", "z8LO58j9teO/ydLU"),
            ("utf-8", "5LiL5Y2I5LiJ54K55Y+v5Lul"),
        ] {
            let mail = format!(
                "From: a@x\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n{base64}\n"
            );
            assert_eq!(read(&mail).text, words, "{charset}");
        }
        let big5 = "From: a@x\nContent-Type: text/plain; charset=big5\nContent-Transfer-Encoding: quoted-printable\n\n=A4=A4=A4=E5\n";
        assert_eq!(read(big5).text, "中文");
        assert!(!parse(b"From: a@x\r\n\r\n\xff\xfe\x80 hi\r\n".to_vec()).unwrap().text.is_empty());
    }

    #[test]
    fn html_alone_becomes_text() {
        let mail = "From: a@x\nContent-Type: text/html; charset=utf-8\n\n<style>p{}</style><p>Yes &amp; no<br>maybe</p><blockquote>quoted</blockquote>\n";
        assert_eq!(read(mail).text, "Yes & no\nmaybe");
    }

    #[test]
    fn attachments_come_with_their_names() {
        let mail = "From: a@x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee this\n--b\nContent-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment; filename=\"a.pdf\"\nContent-Transfer-Encoding: base64\n\nJVBERg==\n--b\nContent-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\niVBORw==\n--b--\n";
        let body = read(mail);
        assert_eq!(body.text, "see this");
        let named: Vec<_> =
            body.attachments.iter().map(|one| (one.name.as_str(), one.bytes.as_slice())).collect();
        assert_eq!(named, [("a.pdf", b"%PDF".as_slice())], "logos are left where they are");
    }

    #[test]
    fn nothing_nests_too_deeply() {
        for inner in
            ["message/rfc822", "MESSAGE/\n RFC822", "message / global", "multipart/digest; boundary=b"]
        {
            let level = format!("Content-Type: {inner}\n\n--b\n\n");
            for depth in [20, 20_000] {
                let mail = format!("From: a@x\n{}\nhi\n", level.repeat(depth));
                let read = parse(mail.into_bytes());
                assert_eq!(read.is_some(), depth == 20, "{inner}");
            }
        }
        let many = format!(
            "From: a@x\nContent-Type: multipart/mixed; boundary=b\n\n{}",
            "--b\n\nx\n".repeat(50_000)
        );
        assert!(parse(many.into_bytes()).is_some());
    }

    #[test]
    fn broken_mails_are_read_as_far_as_they_go() {
        for mail in [
            "From: a@x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhalf a",
            "From: a@x\nContent-Type: multipart/mixed\n\nno boundary\n",
            "From: a@x\nContent-Type: text/plain; charset=nonsense\nContent-Transfer-Encoding: base64\n\n!!!not base64!!!\n",
            "From: a@x\n\n",
            "From: a@x\nContent-Type: ;;;=\n\nx\n",
        ] {
            let _ = read(mail);
        }
    }
}
