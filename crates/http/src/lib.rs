//! HTTP for every domain: who calls, strict requests, problems, limits.
//!
//! **Invariant:** only this crate knows status codes; a domain answers with a
//! [`weft_kernel::Fault`].

pub mod caller;
pub mod digest;
pub mod extract;
pub mod limits;
pub mod module;
pub mod page;
pub mod policy;
pub mod problem;
pub mod proxy;
pub mod quiet;
pub mod rate;

pub use caller::{
    AccountCaller, Admin, Authenticate, Caller, Credential, Credentials, Role, Scopes, SharedAuth,
};
pub use digest::DigestWish;
pub use extract::{Json, Path, Query};
pub use module::{API, Module};
pub use page::Page;
pub use policy::{
    AnnouncementsPolicy, BoardMakers, EmojiAdders, EmojiPolicy, MailPolicy, OrgPolicy, PushContent,
    PushPolicy, ReceiptsMode, ReceiptsPolicy, VanishingPolicy,
};
pub use problem::{ApiResult, Problem, Reject};
pub use proxy::{ClientAddress, TrustedProxies};
pub use quiet::{Dnd, Schedule, Span};
pub use rate::RateLimiter;
