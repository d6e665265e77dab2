//! `GET /gateway`.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    response::Response,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Module, Problem, limits};
use weft_kernel::{Fault, FaultKind};

use crate::{
    hub::Hub,
    session::{Backend, Session},
};

/// tungstenite's default of 128 KiB for each socket would cost ten thousand idle ones 1.3 GB.
const READ_BUFFER: usize = 1024;
/// Frames are coalesced up to this before a system call.
const WRITE_BUFFER: usize = 16 * 1024;
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
async fn connect(
    State(gateway): State<Gateway>,
    caller: Caller,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> ApiResult<Response> {
    let upgrade = upgrade
        .map_err(|e| Fault::new(FaultKind::BadRequest, format!("This is a WebSocket address: {e}.")))?;
    let socket = gateway.hub.admit(caller)?;
    let Gateway { hub, backend } = gateway;
    let failed = (hub.clone(), socket.clone());
    Ok(upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(limits::FRAME)
        .max_frame_size(limits::FRAME)
        .on_failed_upgrade(move |_| failed.0.leave(&failed.1))
        .on_upgrade(move |ws| Session { hub, backend, socket }.run(ws)))
}
