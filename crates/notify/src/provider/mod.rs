//! Ways to a device. A provider takes bytes to the service that a device named when it registered;
//! what they say is encrypted for that device alone ([`seal`]).
//!
//! **Invariants:** a service learns when a device is told, how urgently, and how long what it is
//! told is; never by whom or what. An answer is believed as far as it is bounded: nobody is waited
//! for longer than [`LATEST`].

mod post;
mod seal;
mod unified;
mod vapid;
mod web;

pub use post::Post;
pub use seal::{Keys, seal};
pub use unified::UnifiedPush;
pub use vapid::Signer;
pub use web::WebPush;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use weft_kernel::{Fault, Micros};
use weft_outbound::{Limits, Schemes};

/// How much of a hurry there is, as services know it (RFC 8030).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// When the device is on power anyway.
    Low,
    /// When it is awake.
    Normal,
    /// Now.
    High,
}

impl Urgency {
    /// As the header says it.
    pub fn name(self) -> &'static str {
        match self {
            Urgency::Low => "low",
            Urgency::Normal => "normal",
            Urgency::High => "high",
        }
    }
}

/// What is taken to a device.
#[derive(Debug, Clone)]
pub struct Push {
    /// What it says, before it is encrypted; at most [`Push::MAX`] bytes.
    pub text: Bytes,
    /// How much of a hurry there is.
    pub urgency: Urgency,
    /// How long the service keeps it for a device that is off.
    pub ttl: Duration,
    /// What it replaces, if that has not arrived: at most 32 characters of base64url.
    pub topic: Option<String>,
}

impl Push {
    /// What fits in one record, whatever the service.
    pub const MAX: usize = 3_000;
}

/// Where a device is reached.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The address at its service.
    pub url: String,
    /// What it encrypts with.
    pub keys: Keys,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The service has taken it.
    Taken,
    /// The service knows no such device any more.
    Gone,
    /// It may be tried again, at the soonest after this long when the service said so.
    Later(Option<Micros>, String),
    /// The service does not want it, and will not.
    Refused(String),
}

/// A kind of service.
#[async_trait]
pub trait Provider: Send + Sync {
    /// The kind's name, as devices register with it.
    fn kind(&self) -> &'static str;

    /// Looks whether somebody who registers names a service of this kind.
    ///
    /// # Errors
    /// `invalid`, or a fault that says why it cannot be reached.
    async fn check(&self, endpoint: &Endpoint) -> Result<(), Fault>;

    /// Takes `push` there, once.
    async fn send(&self, endpoint: &Endpoint, push: &Push) -> Outcome;
}

/// Nobody is waited for longer than this.
const LATEST: Duration = Duration::from_secs(10);

/// What one request may cost. What the services answer is not read beyond this.
const LIMITS: Limits =
    Limits { timeout: LATEST, max_body: 4 * 1024, max_redirects: 0, schemes: Schemes::Web };
