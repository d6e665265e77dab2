//! What tests stand on: a real PostgreSQL, a fresh database of either kind, a real server
//! process, and clients that speak to it as anyone would.
//!
//! ```ignore
//! weft_testkit::on_both! {
//!     async fn a_message_arrives(server: TestServer) {
//!         let org = server.org("Acme").await;
//!         …
//!     }
//! }
//! ```
//! Tests wait for conditions with a deadline ([`eventually`]), never for time to pass.

pub mod client;
pub mod database;
pub mod mail;
pub mod people;
pub mod postgres;
pub mod scratch;
pub mod server;
pub mod slow;
pub mod socket;
pub mod statements;

pub use client::{Reply, TestClient};
pub use database::{Engine, TestDb};
pub use mail::{Mail, MailSink};
pub use people::{TestOrg, TestPerson};
pub use scratch::Scratch;
pub use server::{Exit, ServerOptions, TestServer};
pub use slow::SlowProxy;
pub use socket::TestSocket;
pub use statements::prepare_all;

use std::{
    future::Future,
    time::{Duration, Instant},
};

/// How long a condition may take to come true, on a machine that does much else.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks `probe` again until it answers; panics with `what` after [`PATIENCE`].
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut probe: impl FnMut() -> F) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = probe().await {
            return value;
        }
        assert!(started.elapsed() < PATIENCE, "never came true: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Runs each test on SQLite and on PostgreSQL.
///
/// The argument's type says what is made afresh for it: a [`TestDb`] (an empty, migrated
/// database), an [`Engine`] (only the choice), or a `TestServer`, the real binary on a fresh
/// database — that one only in the crate that builds the binary `weft`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($arg:ident: $kind:ident) $body:block)*) => {
        $($(#[$meta])* mod $name {
            #[allow(unused_imports)]
            use super::*;
            async fn case($arg: $crate::on_both!(@type $kind)) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                case($crate::on_both!(@make $kind, $crate::Engine::Sqlite)).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                case($crate::on_both!(@make $kind, $crate::Engine::Postgres)).await;
            }
        })*
    };
    (@type TestDb) => { $crate::TestDb };
    (@type Engine) => { $crate::Engine };
    (@type TestServer) => { $crate::TestServer };
    (@make TestDb, $engine:expr) => { $crate::TestDb::migrated($engine).await };
    (@make Engine, $engine:expr) => { $engine };
    (@make TestServer, $engine:expr) => {
        $crate::TestServer::start(env!("CARGO_BIN_EXE_weft"), $engine).await
    };
}
