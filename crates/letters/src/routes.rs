//! The routes: what a relay hands over, how a reader ends mails, and what one's settings show.

use axum::{
    body::to_bytes,
    extract::{FromRequestParts, Request, State},
    response::{Html, IntoResponse, Response},
};
use data_encoding::BASE64;
use http::{StatusCode, header, request::Parts};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, OrgPolicy, Path, Problem, Query, Reject, limits};
use weft_kernel::{Fault, FaultKind, PrincipalKey};
use weft_storage::params;

use crate::{
    Letters,
    inbound::{self, Outcome},
    page, sql,
};

pub(crate) fn router() -> OpenApiRouter<Letters> {
    OpenApiRouter::new().routes(routes!(take)).routes(routes!(end_page, end)).routes(routes!(own))
}

/// A relay that has shown the owner's secret. It is looked at before the mail is read.
struct Relay;

impl FromRequestParts<Letters> for Relay {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, letters: &Letters) -> Result<Self, Reject> {
        let shown = shown(parts).unwrap_or_default();
        let secret = letters.secret.as_deref().unwrap_or_default();
        if !secret.is_empty() && same(&shown, secret) {
            return Ok(Relay);
        }
        let detail = "Show the secret of --mail-inbound-secret, as a bearer token or a password.";
        Err(Fault::new(FaultKind::Unauthenticated, detail).into())
    }
}

/// A bearer token, or the password of basic authentication.
fn shown(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    let basic = scheme.eq_ignore_ascii_case("basic").then(|| BASE64.decode(rest.trim().as_bytes()).ok());
    let pair = String::from_utf8(basic??).ok()?;
    pair.split_once(':').map(|(_, password)| password.to_owned())
}

/// Compares without telling by its duration where texts differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |all, (x, y)| all | (x ^ y)) == 0
}

/// Whom a mail is delivered to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Delivery {
    /// The address of the envelope, where the headers do not name it.
    to: Option<String>,
}

#[utoipa::path(post, path = "/mail/inbound", operation_id = "takeMail", tag = "mail", params(Delivery),
    request_body(content = Vec<u8>, content_type = "message/rfc822", description = "The mail, as it came (RFC 5322)"),
    responses((status = 200, body = Outcome),
        (status = 403, body = Problem, description = "`mail_forged`"),
        (status = 404, body = Problem, description = "`mail_address`"),
        (status = 413, body = Problem, description = "`too_large`"),
        (status = 422, body = Problem, description = "`mail_unreadable`"),
        (status = "default", body = Problem)))]
/// Takes in a mail from a relay, which shows the owner's secret.
async fn take(
    State(letters): State<Letters>,
    _: Relay,
    Query(delivery): Query<Delivery>,
    request: Request,
) -> ApiResult<Json<Outcome>> {
    let too_large = || Fault::new(FaultKind::TooLarge, "The mail is larger than 25 MB, or broke off.");
    // What is somewhat too large is read to its end, so that its relay hears why it is not taken.
    let mail = to_bytes(request.into_body(), 2 * limits::MAIL).await.map_err(|_| too_large())?;
    if mail.len() > limits::MAIL {
        return Err(too_large().into());
    }
    // A plus that was not encoded has become a space, which no address holds.
    let to = delivery.to.map(|to| to.replace(' ', "+"));
    Ok(Json(inbound::take(&letters, mail.into(), to.as_deref()).await?))
}

/// Whose mails a token ends.
async fn ended_by(letters: &Letters, token: &str) -> Result<(PrincipalKey, String), Fault> {
    let nobody = || Fault::not_found("thing at this address");
    let who = letters.keys.ended_by(token).ok_or_else(nobody)?;
    let row = letters.db.query_opt(sql::WRITER, params![who]).await?.ok_or_else(nobody)?;
    Ok((who, row.get(1)?))
}

#[utoipa::path(get, path = "/mail/unsubscribe/{token}", operation_id = "askToEndMails", tag = "mail",
    params(("token" = String, Path,)), security(()),
    responses((status = 200, content_type = "text/html", body = String), (status = "default", body = Problem)))]
/// The page that asks whether to end mails. Looking at it ends nothing: mail programs look at links.
async fn end_page(State(letters): State<Letters>, Path(token): Path<String>) -> ApiResult<Response> {
    let (_, locale) = ended_by(&letters, &token).await?;
    Ok(Html(page::end(&locale, false)).into_response())
}

#[utoipa::path(post, path = "/mail/unsubscribe/{token}", operation_id = "endMails", tag = "mail",
    params(("token" = String, Path,)), security(()),
    responses((status = 200, content_type = "text/html", body = String), (status = "default", body = Problem)))]
/// Ends the mails of what one missed, by the link in each (RFC 8058).
async fn end(State(letters): State<Letters>, Path(token): Path<String>) -> ApiResult<Response> {
    let (who, locale) = ended_by(&letters, &token).await?;
    letters.desk.end(who).await?;
    Ok((StatusCode::OK, Html(page::end(&locale, true))).into_response())
}

/// Where I am told by mail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnMail)]
struct Own {
    /// Whether this server sends mail.
    offered: bool,
    /// Whether my org lets mails tell what was missed.
    allowed: bool,
    /// My address.
    email: Option<String>,
    /// Whether mail to it is known to arrive; until then I am told nothing.
    proven: bool,
    /// Whether these mails can be answered.
    answered: bool,
}

#[utoipa::path(get, path = "/me/mail", operation_id = "getMyMail", tag = "mail",
    responses((status = 200, body = Own), (status = "default", body = Problem)))]
/// Where I am told by mail of what I missed. When is the setting `mail.digest`.
async fn own(State(letters): State<Letters>, caller: Caller) -> ApiResult<Json<Own>> {
    let (mut email, mut proven, mut allowed) = (None, false, true);
    if let Some(row) = letters.db.query_opt(sql::OWN, params![caller.principal]).await? {
        email = Some(row.get(0)?);
        proven = !row.get::<bool>(1)?;
        allowed = OrgPolicy::from_stored(&row.get::<String>(2)?).mail.digests;
    }
    Ok(Json(Own { offered: letters.mails, allowed, email, proven, answered: letters.answered() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_in_two_ways() {
        let parts = |value: &str| {
            let request = http::Request::builder().header("authorization", value).body(());
            shown(&request.expect("a request").into_parts().0)
        };
        assert_eq!(parts("Bearer s3cret").as_deref(), Some("s3cret"));
        assert_eq!(parts("basic d2VmdDpzM2NyZXQ=").as_deref(), Some("s3cret"));
        for other in ["s3cret", "Digest x", "Basic !!", "Bearer"] {
            assert_ne!(parts(other).as_deref(), Some("s3cret"), "{other}");
        }
        assert!(same("a", "a") && !same("a", "b") && !same("a", "ab"));
    }
}
