//! `GET /gateway`.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64;
use http::{HeaderValue, header};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tungstenite::{
    error::{Error, ProtocolError},
    handshake::server::create_response_with_body,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Module, Problem, Reject};
use weft_kernel::{Fault, FaultKind};

use crate::{
    hub::Hub,
    session::{Backend, Session},
    wire::Wire,
};

/// The version of the protocol that is spoken here, and by every browser.
const VERSION: HeaderValue = HeaderValue::from_static("13");
/// Bytes of a handshake's key.
const KEY: usize = 16;
const TICK: Duration = Duration::from_millis(500);

#[derive(Clone)]
struct Gateway {
    hub: Arc<Hub>,
    backend: Arc<dyn Backend>,
}

/// The gateway's route.
pub fn module(hub: Arc<Hub>, backend: Arc<dyn Backend>) -> Module {
    let router = OpenApiRouter::new().routes(routes!(connect)).with_state(Gateway { hub, backend });
    Module { name: "gateway", router }
}

impl Hub {
    /// Flushes presence and overdue frames until the process ends.
    pub async fn tick(self: Arc<Hub>) {
        let mut tick = tokio::time::interval(TICK);
        loop {
            tick.tick().await;
            self.presence.flush();
            self.release_overdue();
        }
    }
}

/// Upgrades to a WebSocket; the frames are in `docs/EVENTS.md`.
#[utoipa::path(
    get, path = "/gateway", operation_id = "gateway", tag = "gateway",
    params(("org" = Option<String>, Query, description = "Which of the account's orgs")),
    responses((status = 101, description = "Switching to WebSocket"), (status = 401, body = Problem))
)]
async fn connect(State(gateway): State<Gateway>, caller: Caller, request: Request) -> ApiResult<Response> {
    let (answer, upgrade) = match handshake(request) {
        Ok(both) => both,
        Err(fault) => return Ok(refusal(fault)),
    };
    let Gateway { hub, backend } = gateway;
    let socket = hub.admit(caller)?;
    tokio::spawn(async move {
        match upgrade.await {
            Ok(stream) => Session { hub, backend, socket }.run(Wire::new(TokioIo::new(stream))).await,
            Err(_) => hub.leave(&socket),
        }
    });
    Ok(answer)
}

/// The answer that upgrades the connection, and the connection once that has been sent.
fn handshake(mut request: Request) -> Result<(Response, OnUpgrade), Fault> {
    let refused = |e: &dyn std::fmt::Display| {
        Fault::new(FaultKind::BadRequest, format!("This is a WebSocket address: {e}."))
    };
    let answer = create_response_with_body(&request, Body::empty).map_err(|e| match e {
        Error::Protocol(ProtocolError::MissingSecWebSocketVersionHeader) => Fault::new(
            FaultKind::UpgradeRequired,
            "Only version 13 of the WebSocket protocol is spoken here. Ask for that one.",
        ),
        e => refused(&e),
    })?;
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
    if !BASE64.decode(key).is_ok_and(|key| key.len() == KEY) {
        return Err(refused(&"Sec-WebSocket-Key must be 16 bytes in Base64"));
    }
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let upgrade = upgrade.ok_or_else(|| refused(&"this connection cannot be upgraded"))?;
    Ok((answer, upgrade))
}

/// Says which version to come back with, if that was wrong.
fn refusal(fault: Fault) -> Response {
    let other_version = fault.kind() == FaultKind::UpgradeRequired;
    let mut response = Reject(fault).into_response();
    if other_version {
        response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, VERSION);
    }
    response
}
