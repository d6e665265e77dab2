//! Filling a template: one pass, each value escaped for where it stands. What a value holds is
//! never read as a placeholder, and never changes the shape around it.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use weft_kernel::Fault;

use crate::template::{Basic, Encoding, Template};

/// What may be filled in, besides secrets.
pub(crate) const FIELDS: [&str; 8] =
    ["phone", "phone_digits", "phone_local", "text", "sender", "org", "link", "id"];

/// Everything but what RFC 3986 leaves unreserved.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Values by name; secrets as `secret.NAME`.
pub(crate) type Values = BTreeMap<String, String>;

/// A placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hole<'a> {
    /// What goes in.
    pub(crate) name: &'a str,
    /// Written as the inside of a JSON string first.
    json: bool,
}

enum Piece<'a> {
    Text(&'a str),
    Hole(Hole<'a>),
    /// Opened and not closed, or with another filter.
    Broken,
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        match rest.find("{{") {
            Some(0) => {
                let Some(end) = rest.find("}}") else {
                    rest = "";
                    return Some(Piece::Broken);
                };
                let inside = &rest[2..end];
                rest = &rest[end + 2..];
                Some(match inside.split_once('|') {
                    None => Piece::Hole(Hole { name: inside.trim(), json: false }),
                    Some((name, filter)) if filter.trim() == "json" => {
                        Piece::Hole(Hole { name: name.trim(), json: true })
                    }
                    Some(_) => Piece::Broken,
                })
            }
            at => {
                let (text, more) = rest.split_at(at.unwrap_or(rest.len()));
                rest = more;
                Some(Piece::Text(text))
            }
        }
    })
}

/// The placeholders of a text; none for one that is broken.
pub(crate) fn holes(text: &str) -> impl Iterator<Item = Option<Hole<'_>>> {
    pieces(text).filter_map(|piece| match piece {
        Piece::Text(_) => None,
        Piece::Hole(hole) => Some(Some(hole)),
        Piece::Broken => Some(None),
    })
}

/// The text with `stand_in` in place of each placeholder.
pub(crate) fn plain(text: &str, stand_in: &str) -> String {
    with(text, |_| stand_in.to_owned())
}

fn with(text: &str, value: impl Fn(Hole<'_>) -> String) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Hole(hole) => out.push_str(&value(hole)),
            Piece::Broken => {}
        }
    }
    out
}

fn inside_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn fill(text: &str, values: &Values, escape: impl Fn(&str) -> String) -> String {
    with(text, |hole| {
        let value = values.get(hole.name).map_or("", String::as_str);
        escape(&if hole.json { inside_json(value) } else { value.to_owned() })
    })
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

fn as_is(text: &str) -> String {
    text.to_owned()
}

fn fill_json(value: &mut Value, values: &Values) {
    match value {
        Value::String(text) => *text = fill(text, values, as_is),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_json(item, values)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill_json(field, values)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn header_value(text: &str, values: &Values) -> Result<HeaderValue, Fault> {
    let one_line: String =
        fill(text, values, as_is).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    HeaderValue::from_bytes(one_line.as_bytes()).map_err(Fault::internal)
}

/// The request that a template makes of these values.
///
/// # Errors
/// `gateway_template` when what is stored cannot be sent.
pub(crate) fn request(template: &Template, values: &Values) -> Result<Request<Bytes>, Fault> {
    let wrong = || {
        Fault::conflict(
            "gateway_template",
            "The gateway's settings make no request that can be sent. Check them.",
        )
    };
    let body = match template.encoding {
        Encoding::None => String::new(),
        Encoding::Form => fill(&template.body, values, percent),
        Encoding::Json => {
            let mut body: Value = serde_json::from_str(&template.body).map_err(|_| wrong())?;
            fill_json(&mut body, values);
            body.to_string()
        }
    };
    let mut request = Request::builder()
        .method(template.method())
        .uri(fill(&template.url, values, percent))
        .body(Bytes::from(body))
        .map_err(|_| wrong())?;
    let headers = request.headers_mut();
    for each in &template.headers {
        let name = HeaderName::from_bytes(each.name.as_bytes()).map_err(|_| wrong())?;
        headers.append(name, header_value(&each.value, values)?);
    }
    if let Some(Basic { user, password }) = &template.basic {
        let both = format!("{}:{}", fill(user, values, as_is), fill(password, values, as_is));
        let encoded = data_encoding::BASE64.encode(both.as_bytes());
        headers.insert(header::AUTHORIZATION, header_value(&format!("Basic {encoded}"), &Values::new())?);
    }
    let kind = match template.encoding {
        Encoding::Json => Some("application/json"),
        Encoding::Form => Some("application/x-www-form-urlencoded"),
        Encoding::None => None,
    };
    if let Some(kind) = kind {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    headers.insert("idempotency-key", header_value("{{id}}", values)?);
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Header, Success};

    fn values() -> Values {
        let text = "\"},\"to\":\"evil\" & To=+1\r\nX: y {{secret.key}} \\ 你好";
        [
            ("text", text),
            ("phone", "+8613800138000"),
            ("id", "m-1"),
            ("secret.key", "s3cret"),
            ("sender", "A\nB"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    fn template(encoding: Encoding, body: &str) -> Template {
        Template {
            preset: None,
            method: "POST".into(),
            url: "https://sms.example/{{phone}}/send?m={{text}}".into(),
            headers: vec![Header { name: "X-From".into(), value: "{{sender}}".into() }],
            basic: Some(Basic { user: "me".into(), password: "{{secret.key}}".into() }),
            encoding,
            body: body.into(),
            success: Success::default(),
        }
        .checked(&["key"])
        .unwrap()
    }

    #[test]
    fn a_value_cannot_leave_its_place_in_json() {
        let body = r#"{"to": "{{phone}}", "n": 1, "deep": [{"say": "{{text}}"}], "param": "{\"t\":\"{{text|json}}\"}"}"#;
        let request = request(&template(Encoding::Json, body), &values()).unwrap();
        let sent: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(sent["to"], "+8613800138000");
        assert_eq!(sent["deep"][0]["say"], values()["text"].as_str());
        let inner: Value = serde_json::from_str(sent["param"].as_str().unwrap()).unwrap();
        assert_eq!(inner["t"], values()["text"].as_str());
        assert_eq!(sent.as_object().unwrap().len(), 4);
        assert!(!String::from_utf8_lossy(request.body()).contains("s3cret"), "what is said names no secret");
    }

    #[test]
    fn a_value_cannot_leave_its_place_in_a_form_an_address_or_a_header() {
        let request = request(&template(Encoding::Form, "To={{phone}}&Body={{text}}"), &values()).unwrap();
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        assert!(body.starts_with("To=%2B8613800138000&Body=%22%7D%2C"));
        assert_eq!(body.matches('&').count(), 1);
        assert!(body.is_ascii());
        assert_eq!(request.uri().path(), "/%2B8613800138000/send");
        assert_eq!(request.headers()["x-from"], "A B");
        assert_eq!(request.headers()["authorization"], "Basic bWU6czNjcmV0");
        assert_eq!(request.headers()["idempotency-key"], "m-1");
    }

    #[test]
    fn what_cannot_be_filled_or_sent_is_refused() {
        let good = template(Encoding::Form, "a={{text}}");
        let with = |change: fn(&mut Template)| {
            let mut template = good.clone();
            change(&mut template);
            template.checked(&["key"]).map(drop).map_err(|fault| fault.field().unwrap_or_default())
        };
        assert_eq!(with(|t| t.url = "https://{{phone}}.example/".into()), Err("url"));
        assert_eq!(with(|t| t.url = "file:///etc/passwd".into()), Err("url"));
        assert_eq!(with(|t| t.url = "https://a.example/{{nothing}}".into()), Err("url"));
        assert_eq!(with(|t| t.body = "a={{secret.other}}".into()), Err("body"));
        assert_eq!(with(|t| t.body = "a={{text".into()), Err("body"));
        assert_eq!(with(|t| t.body = "a={{text|html}}".into()), Err("body"));
        assert_eq!(with(|t| t.encoding = Encoding::Json), Err("body"));
        assert_eq!(with(|t| t.method = "DELETE".into()), Err("method"));
        assert_eq!(with(|t| t.headers[0].name = "Content-Type".into()), Err("headers"));
        assert_eq!(with(|t| t.headers[0].value = "a\r\nb".into()), Err("headers"));
        assert_eq!(with(|t| t.success.pointer = Some("/Code".into())), Err("success"));
    }
}
