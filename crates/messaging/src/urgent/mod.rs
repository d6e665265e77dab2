//! Urgent messages: whoever is addressed has to confirm (`acks`), is shown the message insistently
//! in the app, and until then is reached by one step after another: push, e-mail, SMS, phone, as
//! the org's policy says.
//!
//! **Invariants:** an urgent message is for few: a row for each person addressed, bounded by the
//! policy and by [`limits::PEOPLE_AT_ONCE`](weft_http::limits::PEOPLE_AT_ONCE); a step is taken at
//! most once for a person and message: it is written down as under way in the transaction that
//! claims its job, before anything leaves the server, and what became of it unknown after a crash
//! counts as done; confirming (or reading, as the policy says) ends it, since that is looked at in
//! the same transaction; a step that fails lets the next one come at once.

mod ask;
mod buzz;
mod call;
mod count;
mod ladder;
mod list;
mod log;
mod policy;
mod preferences;
mod quiet;
mod routes;
mod run;
pub mod sql;

pub use policy::Policy;
pub use quiet::Quiet;
pub use routes::router;
pub use run::run;

pub(crate) use ask::{Reserved, UrgentAsk, ask};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_kernel::{
    Fault, Micros, OrgKey, PrincipalKey,
    id::{ConversationId, MessageId, OrgId},
};

/// The job that looks after an urgent message.
pub(crate) const LADDER_JOB: &str = "urgent_ladder";
/// The job that takes one step to one person.
pub(crate) const STEP_JOB: &str = "urgent_step";

/// Rung when there is something to do, so that it need not wait for the next look.
#[derive(Default)]
pub(crate) struct Bells {
    /// A message became urgent, or may have more to do.
    pub(crate) messages: tokio::sync::Notify,
    /// A step is to be taken.
    pub(crate) steps: tokio::sync::Notify,
}

/// A minute, in microseconds.
const MINUTE: Micros = 60_000_000;

/// How a message comes to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Shown in the app, again and again.
    App = 1,
    /// A push notification.
    Push = 2,
    /// A mail to the account's address.
    Email = 3,
    /// A short message to the person's phone.
    Sms = 4,
    /// A call that reads it out.
    Phone = 5,
}

impl Step {
    /// All, in the usual order.
    pub const ALL: [Step; 5] = [Step::App, Step::Push, Step::Email, Step::Sms, Step::Phone];

    /// The step of a stored number.
    pub fn from_stored(value: i64) -> Option<Step> {
        Step::ALL.into_iter().find(|step| *step as i64 == value)
    }

    /// Whether it costs the org money and rings at the person's side.
    fn calls(self) -> bool {
        matches!(self, Step::Sms | Step::Phone)
    }
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepState {
    /// It waits: for its turn, or (in the app) for a device.
    Waiting = 1,
    /// It has been begun.
    UnderWay = 2,
    /// It was taken.
    Done = 3,
    /// It was tried and did not succeed.
    Failed = 4,
    /// It was not tried.
    LeftOut = 5,
    /// What became of it is not known; it counts as taken.
    Unknown = 6,
}

impl StepState {
    fn from_stored(value: i64) -> StepState {
        use StepState::{Done, Failed, LeftOut, UnderWay, Waiting};
        let known = [Waiting, UnderWay, Done, Failed, LeftOut];
        known.into_iter().find(|state| *state as i64 == value).unwrap_or(StepState::Unknown)
    }

    /// Whether the next step need not wait for its time. One that was left out was never to reach
    /// them, so the next one keeps its own: who has no push device is not mailed at once.
    fn missed(self) -> bool {
        self == StepState::Failed
    }
}

/// Stored states of an urgent message.
mod state {
    /// Under way.
    pub(super) const OPEN: i64 = 1;
    /// Nothing is left to do.
    pub(super) const OVER: i64 = 2;
}

/// What a step brings to somebody.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The org.
    pub org: OrgKey,
    /// Its public id.
    pub org_id: OrgId,
    /// Who is to be reached.
    pub to: PrincipalKey,
    /// Where the message is.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageId,
    /// Its place.
    pub seq: i64,
    /// Who sent it.
    pub sender: String,
    /// The beginning of what it says; none where the policy keeps it inside.
    pub text: Option<String>,
    /// The same for this message, person and step, however often it is tried.
    pub key: String,
}

/// The ways to people outside the app. The server fills it with what it has.
#[async_trait]
pub trait Steps: Send + Sync {
    /// Which can be taken in an org.
    ///
    /// # Errors
    /// Any database fault.
    async fn offered(&self, org: OrgKey) -> Result<Vec<Step>, Fault>;

    /// Takes one. Only a fault that is certain to mean "not sent" may have another code than
    /// `unknown`; its code is what the log shows.
    ///
    /// # Errors
    /// Why it was not sent; `unknown` where it may have been.
    async fn take(&self, step: Step, notice: &Notice) -> Result<(), Fault>;
}

/// For commands, which reach nobody.
pub struct NoSteps;

#[async_trait]
impl Steps for NoSteps {
    async fn offered(&self, _: OrgKey) -> Result<Vec<Step>, Fault> {
        Ok(Vec::new())
    }

    async fn take(&self, _: Step, _: &Notice) -> Result<(), Fault> {
        Err(Fault::conflict("unavailable", "This process reaches nobody."))
    }
}
