//! People's phone numbers, and the gateways through which an org reaches them by SMS and by call.
//!
//! **Invariants:** a gateway is data: a template that the org's owner wrote, filled so that no
//! value can change its shape; its secrets go in and are never shown again; one call of
//! [`Phones::send`] is at most one request, never repeated; a number is seen by its person, by
//! admins, and by others only where the owner says so.

mod fill;
mod gateway;
mod number;
mod own;
mod presets;
mod routes;
mod send;
mod sql;
mod template;

pub use gateway::Kind;
pub use send::Words;

use std::sync::Arc;

use weft_http::{Module, RateLimiter};
use weft_kernel::{Env, PrincipalKey};
use weft_outbound::Outbound;
use weft_storage::{Db, Sql};

/// What this needs of the server.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time and randomness.
    pub env: Env,
    /// How gateways are called.
    pub outbound: Outbound,
}

struct Inner {
    db: Db,
    env: Env,
    outbound: Outbound,
    /// Codes that somebody has sent to their number.
    codes: RateLimiter<PrincipalKey>,
    /// Tests of a gateway.
    tests: RateLimiter<PrincipalKey>,
}

/// Numbers and gateways. Cheap to clone.
#[derive(Clone)]
pub struct Phones(Arc<Inner>);

/// A second, in microseconds.
const SECOND: i64 = 1_000_000;

impl Phones {
    /// The service over `deps`.
    pub fn new(deps: Deps) -> Phones {
        let Deps { db, env, outbound } = deps;
        // Five at once, then one every two hours; five tests, then one every half minute.
        let codes = RateLimiter::new(5, 7_200 * SECOND);
        let tests = RateLimiter::new(5, 30 * SECOND);
        Phones(Arc::new(Inner { db, env, outbound, codes, tests }))
    }

    /// The routes.
    pub fn module(&self) -> Module {
        Module { name: "phones", router: routes::router().with_state(self.clone()) }
    }
}

/// Every statement of this crate, for the test that prepares each on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[sql::ALL];
