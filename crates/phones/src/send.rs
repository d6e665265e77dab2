//! Calling a gateway: one request, judged by its answer.

use std::time::Duration;

use serde_json::Value;
use weft_kernel::{Fault, FaultKind, OrgKey, PrincipalKey};
use weft_outbound::{Answer, Limits, OutboundError};
use weft_storage::params;

use crate::{
    Kind, Phones,
    fill::{self, Values},
    gateway::Gateway,
    number, sql,
    template::Success,
};

/// Some gateways take their time.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is said to a phone.
#[derive(Debug, Clone)]
pub struct Words {
    /// What it says, made for the phone's owner.
    pub text: String,
    /// Who says it.
    pub sender: String,
    /// Where it can be read in full; may be empty.
    pub link: String,
    /// The same however often it is tried.
    pub id: String,
}

fn failed(code: &'static str, detail: &'static str) -> Fault {
    Fault::conflict(code, detail)
}

fn no_gateway() -> Fault {
    failed("no_gateway", "There is no such gateway. Set it up first.")
}

/// The number that somebody can be reached at is missing.
pub(crate) fn no_number() -> Fault {
    failed("no_number", "There is no verified phone number.")
}

impl Phones {
    /// Sends `words` to a person's verified number; to any number of theirs, while the org cannot
    /// verify numbers because it has no gateway for SMS.
    ///
    /// # Errors
    /// `no_gateway`, `no_number`, `gateway_refused`, `gateway_unreachable`, `gateway_template`:
    /// nothing was sent, as far as can be known; `unknown`: it may have been.
    pub async fn send(&self, org: OrgKey, kind: Kind, to: PrincipalKey, words: &Words) -> Result<(), Fault> {
        let gateway = self.gateway(org, kind).await?.ok_or_else(no_gateway)?;
        let row = self.0.db.query_opt(sql::NUMBER, params![to]).await?.ok_or_else(no_number)?;
        let verified: Option<i64> = row.get(1)?;
        if verified.is_none() && self.kinds(org).await?.contains(&Kind::Sms) {
            return Err(no_number());
        }
        self.call(org, &gateway, &row.get::<String>(0)?, words).await
    }

    /// As [`Phones::send`], whether the number is verified or not: to find that out, or for who
    /// tries a gateway on their own.
    pub(crate) async fn send_own(
        &self,
        org: OrgKey,
        kind: Kind,
        to: PrincipalKey,
        words: &Words,
    ) -> Result<(), Fault> {
        let gateway = self.gateway(org, kind).await?.ok_or_else(no_gateway)?;
        let row = self.0.db.query_opt(sql::NUMBER, params![to]).await?.ok_or_else(no_number)?;
        self.call(org, &gateway, &row.get::<String>(0)?, words).await
    }

    async fn call(&self, org: OrgKey, gateway: &Gateway, to: &str, words: &Words) -> Result<(), Fault> {
        let org_name: String = self.0.db.query_one(sql::ORG_NAME, params![org]).await?.get(0)?;
        let mut values = Values::new();
        for (name, value) in [
            ("phone", to),
            ("phone_digits", number::digits(to)),
            ("phone_local", number::local(to)),
            ("text", &words.text),
            ("sender", &words.sender),
            ("org", &org_name),
            ("link", &words.link),
            ("id", &words.id),
        ] {
            values.insert(name.to_owned(), value.to_owned());
        }
        for (name, secret) in &gateway.secrets {
            values.insert(format!("secret.{name}"), secret.clone());
        }
        let request = fill::request(&gateway.template, &values)?;
        let limits = Limits { timeout: PATIENCE, ..Limits::default() };
        match self.0.outbound.send(request, limits).await {
            Ok(answer) => judge(&answer, &gateway.template.success),
            Err(OutboundError::Timeout | OutboundError::TooLarge | OutboundError::Unreadable) => {
                Err(unknown())
            }
            Err(error) => {
                tracing::warn!(%error, "a phone gateway could not be called");
                Err(failed("gateway_unreachable", "The gateway could not be reached."))
            }
        }
    }
}

fn unknown() -> Fault {
    let unsure = "The gateway gave no clear answer. The message may have been sent.";
    Fault::new(FaultKind::Unavailable, unsure).code("unknown")
}

/// Whether an answer says that the message was taken.
fn judge(answer: &Answer, success: &Success) -> Result<(), Fault> {
    let refused = || {
        tracing::warn!(status = answer.status.as_u16(), "a phone gateway refused a message");
        failed("gateway_refused", "The gateway refused the message.")
    };
    if !answer.status.is_success() {
        return Err(refused());
    }
    let (Some(pointer), Some(expected)) = (&success.pointer, &success.equals) else { return Ok(()) };
    if answer.truncated {
        return Err(unknown());
    }
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else { return Err(unknown()) };
    let found = match body.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ => return Err(refused()),
    };
    if found == *expected { Ok(()) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str, truncated: bool) -> &'static str {
        let answer = Answer {
            status: http::StatusCode::from_u16(status).unwrap(),
            headers: http::HeaderMap::new(),
            body: body.to_owned().into(),
            url: String::new(),
            truncated,
        };
        let success = Success { pointer: Some("/Code".into()), equals: Some("OK".into()) };
        judge(&answer, &success).err().map_or("sent", |fault| fault.code_str())
    }

    #[test]
    fn an_answer_counts_only_for_what_it_says() {
        assert_eq!(said(200, r#"{"Code": "OK"}"#, false), "sent");
        assert_eq!(said(200, r#"{"Code": "isv.BUSINESS_LIMIT_CONTROL"}"#, false), "gateway_refused");
        assert_eq!(said(200, r#"{"code": "OK"}"#, false), "gateway_refused");
        assert_eq!(said(200, "<html>", false), "unknown");
        assert_eq!(said(200, r#"{"Code": "OK"}"#, true), "unknown");
        assert_eq!(said(500, r#"{"Code": "OK"}"#, false), "gateway_refused");
        assert_eq!(said(302, "", false), "gateway_refused");
    }
}
