//! Conversations, membership, and what is written in them.

pub mod acks;
pub mod append;
pub mod attachments;
pub mod attention;
pub mod cards;
pub mod content;
pub mod conversations;
pub mod cx;
pub mod due;
pub mod events;
pub mod guard;
pub mod history;
pub mod inbox;
pub mod load;
pub mod marks;
pub mod messages;
pub mod people;
pub mod polls;
pub mod posts;
pub mod previews;
pub mod receipts;
pub mod rights;
mod routes;
pub mod saved;
pub mod scheduled;
pub mod send;
pub mod socket;
pub mod standing;
pub mod sync;
pub mod system;
mod teller;
pub mod topics;
pub mod urgent;
pub mod vanish;
pub mod when;
pub mod wire;

pub use cx::Cx;
pub use guard::{Guard, Room, Seat, View};
pub use people::People;
pub use teller::Teller;

use std::sync::Arc;

use weft_gateway::Backend;
use weft_http::{Module, RateLimiter, limits};
use weft_kernel::Env;
use weft_log::Publisher;
use weft_storage::{Db, DbResult};

/// What messaging needs of the rest of the server.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time, randomness, ids.
    pub env: Env,
    /// Where committed events go.
    pub publisher: Arc<dyn Publisher>,
    /// People and orgs.
    pub directory: Arc<dyn sync::Directory>,
    /// Files.
    pub attachments: Arc<dyn attachments::Attachments>,
    /// Ways to people outside the app.
    pub steps: Arc<dyn urgent::Steps>,
    /// What links lead to.
    pub links: Arc<dyn previews::Links>,
    /// Told of reminders.
    pub notices: Arc<dyn saved::Notices>,
}

/// Starts messaging: its writer runs until the process ends.
///
/// # Errors
/// Any database error.
pub async fn start(deps: Deps) -> DbResult<Cx> {
    let Deps { db, env, publisher, directory, attachments, steps, links, notices } = deps;
    let people = Arc::new(People::new(db.clone()));
    let receipts = receipts::Receipts::start(db.clone(), env.clone(), people.clone(), publisher.clone());
    let attention = attention::Attention::start(db.clone(), env.clone(), publisher.clone());
    let due = Arc::default();
    Ok(Cx {
        recent: Arc::default(),
        reacting: Arc::new(RateLimiter::new(limits::REACTING_BURST, limits::REACTING_EVERY)),
        epoch: sync::epoch(&db, &env).await?.into(),
        guard: Arc::new(Guard::new(db.clone())),
        appender: append::Appender::start(db.clone(), env.clone(), publisher.clone(), attention.clone()),
        marker: marks::Marker::start(db.clone(), env.clone(), receipts.clone(), Arc::clone(&due)),
        attention,
        acks: tell(acks::Acknowledged, &db, &env, &people, &publisher),
        polls: tell(polls::Votes, &db, &env, &people, &publisher),
        people,
        receipts,
        db,
        env,
        publisher,
        directory,
        attachments,
        steps,
        urgent: Arc::default(),
        links,
        linked: Arc::default(),
        notices,
        due,
    })
}

fn tell(
    count: impl teller::Count,
    db: &Db,
    env: &Env,
    people: &Arc<People>,
    publisher: &Arc<dyn Publisher>,
) -> teller::Teller {
    teller::Teller::start(count, db.clone(), env.clone(), people.clone(), publisher.clone())
}

/// The routes.
pub fn module(cx: &Cx) -> Module {
    Module {
        name: "messaging",
        router: routes::router()
            .merge(conversations::router())
            .merge(messages::router())
            .merge(marks::router())
            .merge(receipts::router())
            .merge(acks::router())
            .merge(polls::router())
            .merge(topics::router())
            .merge(urgent::router())
            .merge(previews::router())
            .merge(saved::router())
            .merge(scheduled::router())
            .merge(attention::router())
            .merge(inbox::router())
            .merge(vanish::router())
            .with_state(cx.clone()),
    }
}

/// What the gateway talks to.
pub fn backend(cx: &Cx) -> Arc<dyn Backend> {
    Arc::new(socket::Socket::new(cx.clone()))
}

/// Every statement of this crate, for the test that prepares each on both databases.
pub const STATEMENTS: &[&[(&str, weft_storage::Sql)]] = &[
    acks::sql::ALL,
    append::ALL,
    attention::sql::ALL,
    cards::ALL,
    conversations::sql::ALL,
    guard::ALL,
    history::ALL,
    inbox::sql::ALL,
    load::ALL,
    marks::sql::ALL,
    people::ALL,
    polls::sql::ALL,
    previews::sql::ALL,
    receipts::sql::ALL,
    saved::sql::ALL,
    scheduled::sql::ALL,
    standing::ALL,
    sync::ALL,
    system::ALL,
    teller::ALL,
    topics::sql::ALL,
    urgent::sql::ALL,
    vanish::sql::ALL,
    when::ALL,
];
