//! Pictures of people.

use axum::{
    body::Bytes,
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use http::{HeaderValue, header, request::Parts};
use sha2::{Digest, Sha256};
use weft_http::{ApiResult, Caller, Json, Path, Problem, limits};
use weft_kernel::Fault;
use weft_storage::{DbResult, Row, params};

use super::{sniff, sql};
use crate::{
    Identity,
    auth::client::MaybeAccount,
    org::OrgRef,
    people::{Principal, change},
    state::Effects,
};

#[utoipa::path(put, path = "/me/avatar", operation_id = "putAvatar", tag = "people",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Principal), (status = "default", body = Problem)))]
/// My picture: the bytes of a PNG, JPEG or WebP, at most 2 MB and 4,096 pixels a side.
pub(crate) async fn put(
    State(identity): State<Identity>,
    caller: Caller,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> ApiResult<Json<Principal>> {
    let too_large = || {
        let limit = limits::AVATAR / 1024 / 1024;
        Fault::new(weft_kernel::FaultKind::TooLarge, format!("A picture may have at most {limit} MB."))
    };
    let bytes = body.map_err(|_| too_large())?;
    let mime = sniff::picture(&bytes).ok_or_else(|| {
        Fault::invalid("avatar", "It must be a PNG, JPEG or WebP picture of at most 4096 by 4096 pixels.")
    })?;
    // The org is in the hash: the address of a picture in one org opens nothing in another.
    let digest = Sha256::new().chain_update(caller.org_id.uuid().as_bytes()).chain_update(&bytes).finalize();
    let hash = HEXLOWER.encode(&digest);
    wear(&identity, &caller, Some((hash, mime, bytes))).await
}

#[utoipa::path(delete, path = "/me/avatar", operation_id = "deleteAvatar", tag = "people",
    responses((status = 200, body = Principal), (status = "default", body = Problem)))]
/// Removes my picture.
pub(crate) async fn remove(State(identity): State<Identity>, caller: Caller) -> ApiResult<Json<Principal>> {
    wear(&identity, &caller, None).await
}

async fn wear(
    identity: &Identity,
    caller: &Caller,
    picture: Option<(String, &'static str, Bytes)>,
) -> ApiResult<Json<Principal>> {
    let (now, org, mut effects) = (identity.now(), OrgRef::of(caller), Effects::default());
    let mut tx = identity.db.begin().await?;
    let person = change::lock(&mut tx, &org, caller.principal_id, false).await?;
    let mut person = person.ok_or_else(|| Fault::not_found("person"))?;
    let before = person.avatar.take();
    if let Some((hash, mime, bytes)) = picture {
        tx.execute(sql::INSERT_AVATAR, params![hash.as_str(), org.key, mime, bytes.to_vec()]).await?;
        person.avatar = Some(hash);
    }
    if before != person.avatar {
        change::save_profile(&mut tx, &mut effects, &org, &mut person, now).await?;
        if let Some(hash) = before {
            tx.execute(sql::DROP_AVATAR, params![hash, org.key]).await?;
        }
    }
    identity.finish(tx, effects).await?;
    Ok(Json(person.seen_by(caller, now)))
}

/// Who looks at a picture: an `<img>` cannot name the org in a header.
pub(crate) enum Viewer {
    Account(weft_kernel::AccountKey),
    Caller(Box<Caller>),
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = weft_http::Reject;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        if let MaybeAccount(Some(account)) = MaybeAccount::from_request_parts(parts, state).await? {
            return Ok(Viewer::Account(account.account));
        }
        Ok(Viewer::Caller(Box::new(Caller::from_request_parts(parts, state).await?)))
    }
}

#[utoipa::path(get, path = "/avatars/{hash}", operation_id = "getAvatar", tag = "people",
    params(("hash" = String, Path,)),
    responses((status = 200, content_type = "image/*", body = Vec<u8>), (status = "default", body = Problem)))]
/// A picture; it never changes under its address. With a cookie, of any of the account's orgs.
pub(crate) async fn get(
    State(identity): State<Identity>,
    viewer: Viewer,
    Path(hash): Path<String>,
) -> ApiResult<Response> {
    let wanted = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    let row = match viewer {
        _ if !wanted => None,
        Viewer::Account(account) => {
            identity.db.query_opt(sql::AVATAR_OF_ACCOUNT, params![hash, account]).await?
        }
        Viewer::Caller(caller) => identity.db.query_opt(sql::AVATAR, params![hash, caller.org]).await?,
    };
    Ok(respond(row.ok_or_else(|| Fault::not_found("picture"))?)?)
}

fn respond(mut row: Row) -> DbResult<Response> {
    let mime: String = row.get(0)?;
    let mut response = row.take_bytes(1)?.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(&mime).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    for (name, value) in [
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CONTENT_DISPOSITION, "inline"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
