//! Composition: the one list of modules.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{Json, Router, routing::get};
use utoipa::openapi::{
    InfoBuilder, OpenApi, OpenApiBuilder,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;
use weft_archive::takeout::Takeout;
use weft_files::{Files, Office, Scanner, Store};
use weft_gateway::{Hub, HubConfig};
use weft_http::{API, Module, SharedAuth, TrustedProxies};
use weft_identity::{Identity, MailConfig};
use weft_kernel::{Env, Fault};
use weft_letters::{Letters, ReplyAddress};
use weft_messaging::{Cx, previews::NoLinks, urgent::NoSteps};
use weft_notify::Notify;
use weft_outbound::Outbound;
use weft_phones::Phones;
use weft_search::Search;
use weft_storage::Db;

use crate::{
    archives::Readable,
    directory::{DefaultChannels, NoShelf, People, Shelf},
    escalation::{Escalation, Ways},
    guests::{Guests, Tell},
    layers,
    letters::{Counter, Mails},
    notify::{Bodies, Wishes},
    probes,
    reminders::Reminders,
    search::{Readings, Watched},
    web,
};

/// What `serve` decides.
pub(crate) struct Settings {
    pub(crate) hub: HubConfig,
    pub(crate) mail: Option<MailConfig>,
    /// Where mails are answered.
    pub(crate) reply: Option<ReplyAddress>,
    /// What a relay shows that brings mail.
    pub(crate) inbound_secret: Option<String>,
    pub(crate) public_url: Option<String>,
    pub(crate) proxies: TrustedProxies,
    /// Where uploads lie while they are read.
    pub(crate) uploads: PathBuf,
    /// Where the search indexes are.
    pub(crate) indexes: PathBuf,
    /// Where files lie.
    pub(crate) store: Store,
    /// Where files lie until they are whole.
    pub(crate) staging: PathBuf,
    /// How addresses that people typed are called.
    pub(crate) outbound: Outbound,
    /// Who looks at uploads.
    pub(crate) scanner: Option<Scanner>,
    /// Who lays Office documents out.
    pub(crate) office: Option<Office>,
}

/// A composed server, without a socket yet.
pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) document: OpenApi,
    pub(crate) hub: Arc<Hub>,
    pub(crate) identity: Identity,
    pub(crate) cx: Cx,
    pub(crate) guests: Arc<Guests>,
    pub(crate) search: Search,
    pub(crate) files: Files,
    pub(crate) notify: Notify,
}

/// Puts the server together over `db`.
///
/// # Errors
/// Any database fault.
pub(crate) async fn compose(db: Db, env: Env, settings: Settings) -> Result<App, Fault> {
    let contact = contact(&settings);
    let domain = mail_domain(&settings);
    let hub = Hub::new(env.clone(), settings.hub);
    let directory = Arc::new(People::new(db.clone(), env.clone()));
    let watched = Arc::new(Watched::new(hub.clone()));
    let guests = Guests::new(db.clone(), hub.clone());
    let tell = Arc::new(Tell(hub.clone(), guests.clone()));
    let files = Files::start(weft_files::Deps {
        db: db.clone(),
        env: env.clone(),
        store: settings.store,
        staging: settings.staging,
        outbound: settings.outbound.clone(),
        scanner: settings.scanner,
        office: settings.office,
        public_url: settings.public_url.clone(),
        publisher: tell.clone(),
    })
    .await?;
    let escalation = Arc::new(Escalation::default());
    let reminders = Arc::new(Reminders::default());
    let cx = weft_messaging::start(weft_messaging::Deps {
        db: db.clone(),
        env: env.clone(),
        publisher: watched.clone(),
        directory,
        attachments: Arc::new(Shelf::new(files.clone())),
        steps: escalation.clone(),
        links: Arc::new(Shelf::new(files.clone())),
        notices: reminders.clone(),
    })
    .await?;
    let phones = Phones::new(weft_phones::Deps {
        db: db.clone(),
        env: env.clone(),
        outbound: settings.outbound.clone(),
    });
    let base = settings.mail.as_ref().map(|mail| mail.public_url.clone()).or(settings.public_url.clone());
    let identity = Identity::new(weft_identity::Deps {
        db,
        env,
        publisher: tell,
        on_join: Arc::new(DefaultChannels::new(cx.clone())),
        mail: settings.mail,
        public_url: settings.public_url,
    });
    let search = search(&cx, identity.clone(), settings.indexes);
    let base = base.unwrap_or_default();
    let letters = Letters::start(weft_letters::Deps {
        db: cx.db.clone(),
        env: cx.env.clone(),
        mails: identity.mails(),
        reply: settings.reply,
        secret: settings.inbound_secret,
        base: base.clone(),
        desk: Arc::new(Counter { cx: cx.clone(), identity: identity.clone(), files: files.clone() }),
    })
    .await?;
    let mails = Mails {
        cx: cx.clone(),
        identity: identity.clone(),
        letters: letters.clone(),
        base: base.trim_end_matches('/').to_owned(),
        domain,
    };
    let notify = Notify::start(weft_notify::Deps {
        db: cx.db.clone(),
        env: cx.env.clone(),
        hub: hub.clone(),
        outbound: settings.outbound,
        content: Arc::new(Bodies),
        preferences: Arc::new(Wishes(cx.clone())),
        digests: Arc::new(mails),
        contact,
    })
    .await?;
    watched.tell(search.clone(), notify.clone());
    reminders.use_devices(notify.clone());
    escalation.use_ways(Ways {
        identity: identity.clone(),
        phones: phones.clone(),
        notify: notify.clone(),
        base,
    });
    let imports = weft_imports::Deps {
        db: cx.db.clone(),
        env: cx.env.clone(),
        folder: settings.uploads,
        shelf: Arc::new(Shelf::new(files.clone())),
    };
    let own = Readable { cx: cx.clone(), files: files.clone() };
    let takeout = Takeout::new(Arc::new(own), cx.env.clone());
    let modules = vec![
        identity.module(),
        weft_messaging::module(&cx),
        weft_imports::module(imports),
        search.module(),
        weft_files::module(&files),
        phones.module(),
        notify.module(),
        letters.module(),
        takeout.module(),
        weft_gateway::module(hub.clone(), weft_messaging::backend(&cx)),
    ];
    let (api, document) = assemble(modules);
    let served = document.clone();
    let router = api
        .route(&format!("{API}/openapi.json"), get(move || async move { Json(served) }))
        .merge(probes::router(cx.db.clone(), hub.clone()))
        .fallback(web::fallback);
    let router = layers::wrap(router, SharedAuth(Arc::new(identity.clone())), settings.proxies);
    Ok(App { router, document, hub, identity, cx, guests, search, files, notify })
}

/// The sender of mails, without a name.
fn sender(settings: &Settings) -> Option<&str> {
    let from = settings.mail.as_ref()?.from.as_str();
    let address = from.rsplit_once('<').map_or(from, |(_, address)| address);
    Some(address.trim_end_matches('>').trim())
}

/// What the ids of mails end with: the domain of their sender.
fn mail_domain(settings: &Settings) -> String {
    let domain = sender(settings).and_then(|address| address.rsplit_once('@'));
    domain.map_or_else(|| "localhost".to_owned(), |(_, domain)| domain.to_owned())
}

/// Whom push services may write to about this server: the sender of its mails, else its address.
fn contact(settings: &Settings) -> String {
    let address = sender(settings).map(|address| format!("mailto:{address}"));
    let page = || settings.public_url.clone().filter(|url| url.starts_with("https://"));
    address.or_else(page).unwrap_or_else(|| "mailto:postmaster@localhost".into())
}

/// Messaging for commands: what it publishes reaches nobody here, a running server hears of it by
/// the control log.
///
/// # Errors
/// Any database fault.
pub(crate) async fn without_sockets(db: Db, env: Env) -> Result<Cx, Fault> {
    let directory = Arc::new(People::new(db.clone(), env.clone()));
    let publisher = Hub::new(env.clone(), HubConfig::default());
    let (attachments, links) = (Arc::new(NoShelf), Arc::new(NoLinks));
    let steps = Arc::new(NoSteps);
    let notices = Arc::new(Reminders::default());
    let deps = weft_messaging::Deps { db, env, publisher, directory, attachments, steps, links, notices };
    Ok(weft_messaging::start(deps).await?)
}

/// Search for commands, over the indexes in `folder`. Nobody hears of what it does.
///
/// # Errors
/// Any database fault.
pub(crate) async fn search_alone(db: Db, env: Env, folder: PathBuf) -> Result<Search, Fault> {
    let cx = without_sockets(db.clone(), env.clone()).await?;
    let identity = Identity::new(weft_identity::Deps {
        db,
        env,
        publisher: cx.publisher.clone(),
        on_join: Arc::new(DefaultChannels::new(cx.clone())),
        mail: None,
        public_url: None,
    });
    Ok(search(&cx, identity, folder))
}

fn search(cx: &Cx, identity: Identity, folder: PathBuf) -> Search {
    Search::new(weft_search::Deps {
        db: cx.db.clone(),
        env: cx.env.clone(),
        folder,
        epoch: cx.epoch.clone(),
        content: Arc::new(Readings::new(cx.clone(), identity)),
    })
}

/// The OpenAPI document of every module, without a server.
///
/// # Errors
/// Any database fault (it is composed over a throw-away database).
pub(crate) async fn openapi(db: Db, folder: &Path) -> Result<OpenApi, Fault> {
    let settings = Settings {
        hub: HubConfig::default(),
        mail: None,
        reply: None,
        inbound_secret: None,
        public_url: None,
        proxies: TrustedProxies::default(),
        uploads: folder.join("uploads"),
        indexes: folder.join("search"),
        store: Store::folder(&folder.join("files")).map_err(Fault::internal)?,
        staging: folder.join("staging"),
        outbound: Outbound::new(weft_outbound::Config::default()),
        scanner: None,
        office: None,
    };
    Ok(compose(db, Env::system(), settings).await?.document)
}

fn assemble(modules: Vec<Module>) -> (Router, OpenApi) {
    let mut api = OpenApiRouter::with_openapi(base_document());
    for module in modules {
        api = api.nest(API, module.router);
    }
    api.split_for_parts()
}

fn base_document() -> OpenApi {
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Weft")
                .version("1")
                .description(Some("The Weft API. What a schema cannot say is in docs/API.md."))
                .license(Some(utoipa::openapi::License::new("Apache-2.0"))),
        )
        .build();
    let mut components = utoipa::openapi::Components::new();
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(weft_http::caller::SESSION_COOKIE))),
    );
    document.components = Some(components);
    document
}
