//! `/healthz`, `/readyz`, `/metrics`.

use std::{fmt::Write, sync::Arc};

use axum::{Router, extract::State, routing::get};
use http::StatusCode;
use weft_gateway::Hub;
use weft_storage::Db;

#[derive(Clone)]
struct Probes {
    db: Db,
    hub: Arc<Hub>,
}

/// Routes for whoever watches the server. They tell nothing of anybody's data.
pub(crate) fn router(db: Db, hub: Arc<Hub>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Probes { db, hub })
}

async fn ready(State(probes): State<Probes>) -> (StatusCode, &'static str) {
    match probes.db.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

/// Prometheus text format 0.0.4.
async fn metrics(State(probes): State<Probes>) -> String {
    let mut out = String::new();
    let mut gauge = |name: &str, help: &str, value: &dyn std::fmt::Display| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    };
    gauge("weft_gateway_sockets", "WebSocket connections open now.", &probes.hub.sockets());
    out
}
