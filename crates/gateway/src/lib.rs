//! WebSocket sessions, subscriptions and fan-out.
//!
//! **Invariants:** the gateway never reads a table and never looks into a payload; a frame is
//! encoded once, and its bytes are shared by every socket; each socket's queue is bounded in frames and bytes, and a slow
//! reader is told to resync; when this node could not confirm permissions with the database for
//! two seconds, nothing is delivered.

mod chunk;
mod hub;
mod order;
mod presence;
mod queue;
mod route;
mod session;
mod wire;

pub use hub::{Activity, Hub, HubConfig};
pub use route::module;
pub use session::{Backend, Reply, Rest};
