//! What an owner writes down of a gateway, and whether it can be filled.

use http::{HeaderName, Method};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use weft_kernel::Fault;
use weft_outbound::web_address;

use crate::fill::{self, FIELDS, Hole};

/// Longest address, in bytes.
const URL: usize = 2_000;
/// Longest body, in bytes.
const BODY: usize = 8_000;
/// Most headers.
const HEADERS: usize = 20;
/// Longest value of a header or of what a success looks like, in bytes.
const VALUE: usize = 1_000;
/// Headers that are the request's own.
const OWN_HEADERS: [&str; 6] =
    ["content-length", "content-type", "host", "connection", "transfer-encoding", "idempotency-key"];

/// How a request's body is written, and so how values are escaped in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Encoding {
    /// `application/json`: values fill strings.
    Json,
    /// `application/x-www-form-urlencoded`: values are percent-encoded.
    Form,
    /// No body.
    None,
}

/// A header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    /// Its name.
    pub(crate) name: String,
    /// Its value; may hold placeholders.
    pub(crate) value: String,
}

/// HTTP basic authentication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Basic {
    /// The name; may hold placeholders.
    pub(crate) user: String,
    /// The password; may hold placeholders, and should be a secret.
    pub(crate) password: String,
}

/// What a success looks like, besides a status of 200–299.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Success {
    /// A JSON pointer into the answer, such as `/Code`.
    pub(crate) pointer: Option<String>,
    /// What must be there, as text.
    pub(crate) equals: Option<String>,
}

/// How a gateway is called. `{{phone}}`, `{{phone_digits}}`, `{{phone_local}}`, `{{text}}`,
/// `{{sender}}`, `{{org}}`, `{{link}}`, `{{id}}` and `{{secret.NAME}}` are filled in;
/// `{{text|json}}` is written as the inside of a JSON string first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Template {
    /// Where it came from, for the form.
    #[serde(default)]
    pub(crate) preset: Option<String>,
    /// `GET`, `POST` or `PUT`.
    pub(crate) method: String,
    /// The address; placeholders only after the host.
    pub(crate) url: String,
    /// More headers.
    #[serde(default)]
    pub(crate) headers: Vec<Header>,
    /// Basic authentication.
    #[serde(default)]
    pub(crate) basic: Option<Basic>,
    /// How the body is written.
    pub(crate) encoding: Encoding,
    /// The body.
    #[serde(default)]
    pub(crate) body: String,
    /// What a success looks like.
    #[serde(default)]
    pub(crate) success: Success,
}

impl Template {
    /// Refuses what could not be filled or sent.
    ///
    /// # Errors
    /// `invalid`, with the field.
    pub(crate) fn checked(self, secrets: &[&str]) -> Result<Template, Fault> {
        if !["GET", "POST", "PUT"].contains(&self.method.as_str()) {
            return Err(Fault::invalid("method", "It must be GET, POST or PUT."));
        }
        self.check_url(secrets)?;
        self.check_headers(secrets)?;
        self.check_body(secrets)?;
        let Success { pointer, equals } = &self.success;
        let wrong = |detail| Err(Fault::invalid("success", detail));
        match (pointer, equals) {
            (Some(pointer), _) if !pointer.starts_with('/') || pointer.len() > VALUE => {
                return wrong("A JSON pointer begins with a slash, as in /result/code.");
            }
            (Some(_), None) | (None, Some(_)) => {
                return wrong("Give both, where to look and what must be there, or neither.");
            }
            (_, Some(equals)) if equals.len() > VALUE => return wrong("This is too long."),
            _ => {}
        }
        Ok(self)
    }

    /// The method as `http` has it.
    pub(crate) fn method(&self) -> Method {
        match self.method.as_str() {
            "GET" => Method::GET,
            "PUT" => Method::PUT,
            _ => Method::POST,
        }
    }

    fn check_url(&self, secrets: &[&str]) -> Result<(), Fault> {
        let wrong = |detail| Err(Fault::invalid("url", detail));
        if self.url.len() > URL {
            return wrong("The address is too long.");
        }
        holes("url", &self.url, secrets)?;
        let after_scheme = self.url.find("://").map_or(0, |at| at + 3);
        let host_end =
            self.url[after_scheme..].find(['/', '?', '#']).map_or(self.url.len(), |at| after_scheme + at);
        if self.url[..host_end].contains("{{") {
            return wrong("Placeholders may stand only after the host.");
        }
        if self.url.contains('#') || web_address(&fill::plain(&self.url, "x")).is_err() {
            return wrong("Write a web address: https://, a host, a path.");
        }
        Ok(())
    }

    fn check_headers(&self, secrets: &[&str]) -> Result<(), Fault> {
        let wrong = |detail| Err(Fault::invalid("headers", detail));
        if self.headers.len() > HEADERS {
            return wrong("These are too many headers.");
        }
        for header in &self.headers {
            let Ok(name) = HeaderName::from_bytes(header.name.as_bytes()) else {
                return wrong("A name of a header is not one.");
            };
            if OWN_HEADERS.contains(&name.as_str()) {
                return wrong("This header is made by the server itself.");
            }
            if header.value.len() > VALUE || header.value.chars().any(char::is_control) {
                return wrong("A value of a header is too long or has control characters.");
            }
            holes("headers", &header.value, secrets)?;
        }
        if let Some(Basic { user, password }) = &self.basic {
            for part in [user, password] {
                if part.len() > VALUE {
                    return Err(Fault::invalid("basic", "Name or password are too long."));
                }
                holes("basic", part, secrets)?;
            }
        }
        Ok(())
    }

    fn check_body(&self, secrets: &[&str]) -> Result<(), Fault> {
        let wrong = |detail| Err(Fault::invalid("body", detail));
        if self.body.len() > BODY {
            return wrong("The body is too long.");
        }
        holes("body", &self.body, secrets)?;
        match self.encoding {
            Encoding::None if !self.body.trim().is_empty() => wrong("A request without a body has none."),
            Encoding::Json if serde_json::from_str::<Value>(&self.body).is_err() => {
                wrong("The body is not JSON. Placeholders stand inside strings: \"{{text}}\".")
            }
            Encoding::Json | Encoding::None if self.method == "GET" && self.encoding == Encoding::Json => {
                wrong("A GET request has no body.")
            }
            Encoding::Form if self.method == "GET" => wrong("A GET request has no body."),
            _ => Ok(()),
        }
    }
}

fn holes(field: &'static str, text: &str, secrets: &[&str]) -> Result<(), Fault> {
    for hole in fill::holes(text) {
        let known = match hole {
            Some(Hole { name, .. }) => {
                let secret = name.strip_prefix("secret.");
                secret.map_or_else(|| FIELDS.contains(&name), |secret| secrets.contains(&secret))
            }
            None => false,
        };
        if !known {
            let detail = "There is a placeholder that is not known, or a secret that was not given.";
            return Err(Fault::invalid(field, detail));
        }
    }
    Ok(())
}
