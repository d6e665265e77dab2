//! `weft serve`.

use std::{io::IsTerminal, net::SocketAddr, path::Path};

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use weft_gateway::HubConfig;
use weft_identity::MailConfig;
use weft_kernel::Env;
use weft_storage::{Db, DbConfig};

use crate::{
    app::{self, App, Settings},
    config::{self, DataOptions, ServeOptions},
    control::Listener,
    mail, upkeep,
};

/// Runs the server until it is told to stop.
///
/// # Errors
/// A sentence for the terminal that says what to do.
pub(crate) async fn run(data: DataOptions, options: ServeOptions) -> Result<(), String> {
    start_log(options.log_json.unwrap_or(false));
    let address = options.address();
    // Before the database is touched: a second server on one port must not disturb the first.
    let listener = TcpListener::bind(address).await.map_err(|e| cannot_listen(address, &e))?;
    // Port 0 is any free one: from here on, the one that was given.
    let address = listener.local_addr().unwrap_or(address);
    let config = data.database()?;
    let db = Db::open(&config).await.map_err(|e| cannot_open(&config, &e))?;
    let settings = settings(&options, address, &data.folder())?;
    let public_url = settings.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    weft_imports::tidy(&settings.uploads);
    let app = app::compose(db, Env::system(), settings).await.map_err(|e| e.to_string())?;
    tracing::info!(%address, "Weft is ready: open {public_url}");
    if let Some(token) = app.identity.setup_token().await.map_err(|e| e.to_string())? {
        tracing::info!("First start: set up your organisation at {public_url}/setup?token={token}");
    }
    serve(app, listener).await
}

async fn serve(app: App, listener: TcpListener) -> Result<(), String> {
    let App { router, hub, identity, cx, files, guests, search, notify, .. } = app;
    tokio::spawn(search.clone().run());
    tokio::spawn(notify.clone().run());
    let (documents, found) = (files.clone(), search.clone());
    tokio::spawn(documents.read_documents(move |org| found.documents(org)));
    tokio::spawn(files.clone().lay_out_documents());
    tokio::spawn(hub.clone().tick());
    tokio::spawn(upkeep::run(cx.clone(), identity.clone(), files, notify.clone()));
    tokio::spawn(weft_imports::watch(cx.db.clone(), cx.env.clone()));
    tokio::spawn(guests.clone().run());
    let due = cx.clone();
    tokio::spawn(async move { weft_messaging::due::run(&due).await });
    let deadlines = cx.clone();
    tokio::spawn(async move { weft_messaging::acks::run(&deadlines).await });
    let polls = cx.clone();
    tokio::spawn(async move { weft_messaging::polls::run(&polls).await });
    let urgent = cx.clone();
    tokio::spawn(async move { weft_messaging::urgent::run(&urgent).await });
    let linked = cx.clone();
    tokio::spawn(async move { weft_messaging::previews::run(&linked).await });
    tokio::spawn(Listener { cx, hub: hub.clone(), identity: identity.clone(), guests, search, notify }.run());
    tokio::spawn(async move { identity.run_outbox().await });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    // Without it an acknowledgement behind a fan-out frame waits for the client's delayed ACK: 40 ms.
    let listener = listener.tap_io(|tcp| {
        if let Err(error) = tcp.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY on a connection");
        }
    });
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            stop_signal().await;
            tracing::info!("stopping: clients are told to reconnect");
            hub.drain();
        })
        .await
        .map_err(|e| format!("The server stopped: {e}."))
}

fn start_log(json: bool) {
    let filter = EnvFilter::try_from_env("WEFT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    if json {
        log.json().init();
    } else {
        log.with_ansi(std::io::stdout().is_terminal()).init();
    }
}

fn settings(options: &ServeOptions, address: SocketAddr, folder: &Path) -> Result<Settings, String> {
    let mut hub = HubConfig::default();
    if let Some(max) = options.max_sockets {
        hub.max_sockets = max;
    }
    let base = options.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let mail: Option<MailConfig> = match &options.smtp_url {
        Some(url) => Some(mail::config(url, options.mail_from.as_deref(), &base)?),
        None => None,
    };
    let (reply, inbound_secret) = options.answers()?;
    let store = config::store(options.s3.as_deref(), folder)?;
    Ok(Settings {
        hub,
        mail,
        reply,
        inbound_secret,
        public_url: options.public_url.clone(),
        proxies: options.proxies()?,
        uploads: folder.join("uploads"),
        indexes: folder.join("search"),
        store,
        staging: folder.join("staging"),
        outbound: options.outbound()?,
        scanner: options.scanner()?,
        office: options.office(folder)?,
    })
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> String {
    let hint = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            "Another program uses it: stop that one, or choose another with --listen."
        }
        std::io::ErrorKind::PermissionDenied => {
            "Ports below 1024 need privileges: choose another with --listen."
        }
        _ => "Choose another with --listen.",
    };
    format!("Cannot listen on {address}: {error}. {hint}")
}

fn cannot_open(config: &DbConfig, error: &weft_storage::DbError) -> String {
    match config {
        DbConfig::Sqlite(path) => format!(
            "The database {} cannot be opened: {error}. Check that the folder exists, is writable and has free space.",
            path.display()
        ),
        // The URL holds a password and is not repeated.
        DbConfig::Postgres(_) => {
            let error = error.to_string();
            let hint = match () {
                () if error.contains("UnknownIssuer") => {
                    "Give the authority that signed its certificate with sslrootcert=FILE."
                }
                () if error.contains("NotValidForName") || error.contains("not valid for name") => {
                    "Connect by a name that its certificate holds."
                }
                () if error.contains("CaUsedAsEndEntity") => {
                    "Its certificate is an authority's own: sign one for the server with it."
                }
                () if error.contains("does not support TLS") => {
                    "Switch on ssl in its configuration, or give sslmode=disable on a network that you trust."
                }
                () => "Check --database-url and that the server runs.",
            };
            format!("The PostgreSQL database cannot be used: {error}. {hint}")
        }
    }
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
