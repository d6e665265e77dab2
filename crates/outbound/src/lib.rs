//! The one way in which the server calls addresses that people typed: link previews, webhooks,
//! gateways.
//!
//! **Invariants:** an address is judged when it is connected to, not before: the addresses that a
//! name has are checked by the resolver that hands them to the connector, every one of them, at
//! every hop of a redirect; private networks are reached only where the owner allows them; no
//! proxy of the environment is asked; whatever comes back is bounded in time, in headers, and in
//! bytes after they were unpacked.

mod body;
mod client;
mod error;
mod hop;
mod place;
mod resolve;
#[cfg(test)]
mod tests;
mod tls;

pub use client::{Answer, Config, Limits, Outbound, Schemes};
pub use error::OutboundError;
pub use hop::web_address;
pub use url::Url;
