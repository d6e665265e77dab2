//! The devices of an account: which are told, and how they are registered.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{AccountCaller, ApiResult, Json, Page, Path, Problem, limits};
use weft_kernel::{
    Fault, FaultKind, Micros,
    id::DeviceId,
    names::{MAX_NAME_CHARS, clean_line},
};
use weft_outbound::{Url, web_address};
use weft_storage::{DbResult, Row, params};

use crate::{
    Notify,
    provider::{Endpoint, Keys, Outcome, Push, Urgency},
    sql,
    tell::{once, words},
};

/// Longest address of a service, in bytes.
const ADDRESS: usize = 1_024;

pub(crate) fn router() -> OpenApiRouter<Notify> {
    OpenApiRouter::new()
        .routes(routes!(key))
        .routes(routes!(list, register))
        .routes(routes!(remove))
        .routes(routes!(test))
}

/// The server's public key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PushKey {
    /// An uncompressed point of P-256 in base64url, as `applicationServerKey`.
    key: String,
}

#[utoipa::path(get, path = "/push/key", operation_id = "getPushKey", tag = "push",
    responses((status = 200, body = PushKey), (status = "default", body = Problem)))]
/// The key that a browser registers with.
async fn key(State(notify): State<Notify>, _: AccountCaller) -> ApiResult<Json<PushKey>> {
    Ok(Json(PushKey { key: notify.signer.public() }))
}

/// A browser or app that is told of what is new, in every org of its account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PushDevice)]
pub(crate) struct DeviceView {
    #[schema(value_type = String)]
    id: DeviceId,
    /// What it calls itself.
    name: String,
    /// `web` or `unifiedpush`.
    kind: String,
    /// The host of its service.
    service: String,
    created_at: Micros,
    /// When its service last took something, within an hour.
    used_at: Option<Micros>,
    /// Whether it belongs to the session that asks.
    current: bool,
}

fn read(row: &Row, session: i64) -> DbResult<DeviceView> {
    let endpoint: String = row.get(6)?;
    let host = Url::parse(&endpoint).ok().and_then(|url| url.host_str().map(str::to_owned));
    Ok(DeviceView {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: row.get(2)?,
        service: host.unwrap_or_default(),
        created_at: row.get(3)?,
        used_at: row.get(4)?,
        current: row.get::<i64>(5)? == session,
    })
}

#[utoipa::path(get, path = "/push/devices", operation_id = "listPushDevices", tag = "push",
    responses((status = 200, body = Page<DeviceView>), (status = "default", body = Problem)))]
/// My devices that are told, the newest first.
async fn list(State(notify): State<Notify>, caller: AccountCaller) -> ApiResult<Json<Page<DeviceView>>> {
    let rows = notify.db.query(sql::DEVICES, params![caller.account, notify.env.now()]).await?;
    let devices = rows.iter().map(|row| read(row, caller.session)).collect::<DbResult<_>>()?;
    Ok(Json(Page::whole(devices)))
}

/// A device that asks to be told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPushDevice)]
pub(crate) struct Registration {
    /// `web` (the browser's push service) or `unifiedpush`.
    kind: String,
    /// The address that its push service gave it.
    endpoint: String,
    /// What it encrypts with.
    keys: RegistrationKeys,
    /// What it calls itself.
    #[serde(default)]
    name: Option<String>,
}

/// As a browser gives them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPushDeviceKeys)]
pub(crate) struct RegistrationKeys {
    /// Its public key, an uncompressed point of P-256 in base64url.
    p256dh: String,
    /// A secret of 16 bytes in base64url.
    auth: String,
}

#[utoipa::path(post, path = "/push/devices", operation_id = "addPushDevice", tag = "push", request_body = Registration,
    responses((status = 201, body = DeviceView), (status = "default", body = Problem)))]
/// Registers this device; again, it changes its keys. It belongs to this session and ends with it.
async fn register(
    State(notify): State<Notify>,
    caller: AccountCaller,
    Json(request): Json<Registration>,
) -> ApiResult<(StatusCode, Json<DeviceView>)> {
    notify.registering.take(caller.account, notify.env.now())?;
    let provider = notify.providers.iter().find(|provider| provider.kind() == request.kind);
    let provider = provider.ok_or_else(|| Fault::invalid("kind", "It must be one of: web, unifiedpush."))?;
    let url = address(&request.endpoint)?;
    let keys = Keys::read(&request.keys.p256dh, &request.keys.auth)?;
    let name = match request.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => clean_line("name", name, MAX_NAME_CHARS)?,
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let endpoint = Endpoint { url: url.to_string(), keys };
    provider.check(&endpoint).await?;
    let (id, now): (DeviceId, Micros) = (notify.env.id(), notify.env.now());
    let mut tx = notify.db.begin().await?;
    let hash = Sha256::digest(endpoint.url.as_bytes()).to_vec();
    let values = params![
        id,
        caller.account,
        caller.session,
        provider.kind(),
        endpoint.url.as_str(),
        hash,
        endpoint.keys.p256dh,
        endpoint.keys.auth,
        name,
        now
    ];
    let row = tx.query_one(sql::REGISTER, values).await?;
    let (device, id): (i64, DeviceId) = (row.get(0)?, row.get(1)?);
    let most = limits::PUSH_DEVICES;
    tx.execute(sql::PRUNE, params![caller.account, caller.session, device, provider.kind(), most]).await?;
    tx.commit().await?;
    let rows = notify.db.query(sql::DEVICES, params![caller.account, now]).await?;
    let mine = rows.iter().map(|row| read(row, caller.session)).collect::<DbResult<Vec<_>>>()?;
    let mine = mine.into_iter().find(|device| device.id == id);
    Ok((StatusCode::CREATED, Json(mine.ok_or_else(|| Fault::not_found("device"))?)))
}

/// The address of a push service: `https`, or `http` on this machine and in private networks, which
/// are called only where the owner allows them.
fn address(text: &str) -> Result<Url, Fault> {
    let wrong = || Fault::invalid("endpoint", "It must be the https:// address of a push service.");
    let url = web_address(text).ok().filter(|_| text.len() <= ADDRESS).ok_or_else(wrong)?;
    let near = match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok(),
        None => false,
    };
    if url.scheme() == "https" || near { Ok(url) } else { Err(wrong()) }
}

#[utoipa::path(delete, path = "/push/devices/{id}", operation_id = "deletePushDevice", tag = "push",
    params(("id" = String, Path,)),
    responses((status = 204), (status = "default", body = Problem)))]
/// Tells a device of mine nothing any more.
async fn remove(
    State(notify): State<Notify>,
    caller: AccountCaller,
    Path(id): Path<DeviceId>,
) -> ApiResult<StatusCode> {
    match notify.db.execute(sql::REMOVE, params![caller.account, id]).await? {
        0 => Err(Fault::not_found("device").into()),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

/// What came of a test.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PushTest)]
pub(crate) struct Tested {
    /// Whether its service took it. False: the service could not be reached now.
    taken: bool,
}

#[utoipa::path(post, path = "/push/devices/{id}/test", operation_id = "testPushDevice", tag = "push",
    params(("id" = String, Path,)),
    responses((status = 200, body = Tested), (status = "default", body = Problem)))]
/// Sends a notification to a device of mine, at once.
async fn test(
    State(notify): State<Notify>,
    caller: AccountCaller,
    Path(id): Path<DeviceId>,
) -> ApiResult<Json<Tested>> {
    notify.testing.take(caller.account, notify.env.now())?;
    let row = notify.db.query_opt(sql::DEVICE_OF, params![caller.account, id]).await?;
    let device: i64 = row.ok_or_else(|| Fault::not_found("device"))?.get(0)?;
    let locale: String = notify.db.query_one(sql::LOCALE, params![caller.account]).await?.get(0)?;
    let text = words::test(&locale)?.unwrap_or_default();
    let ttl = std::time::Duration::from_secs(60);
    let push = Push { text, urgency: Urgency::High, ttl, topic: None };
    match once(&notify, device, &push).await? {
        Outcome::Taken => Ok(Json(Tested { taken: true })),
        Outcome::Later(_, why) => {
            tracing::info!(device, why, "a test notification was not taken");
            Ok(Json(Tested { taken: false }))
        }
        Outcome::Gone => {
            let detail = "The push service knows this device no more. Turn notifications on there again.";
            Err(Fault::new(FaultKind::Gone, detail).code("device_gone").into())
        }
        Outcome::Refused(why) => {
            tracing::warn!(device, why, "a test notification was refused");
            let detail = "The push service refused the notification. Turn notifications off and on again.";
            Err(Fault::conflict("push_refused", detail).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_services() {
        for good in
            ["https://fcm.googleapis.com/x", "http://127.0.0.1:9/x", "http://[::1]/x", "http://localhost/x"]
        {
            assert!(address(good).is_ok(), "{good}");
        }
        let long = format!("https://a.example/{}", "x".repeat(ADDRESS));
        for bad in ["", "x", "ftp://a.example/", "http://push.example.com/x", "https://u:p@a.example/", &long]
        {
            assert_eq!(address(bad).unwrap_err().code_str(), "invalid", "{bad}");
        }
    }
}
