//! Accounts, orgs and the people in them: first start, sign-in, sessions, access tokens, the
//! directory, roles, invitations, mail.
//!
//! **Invariants:** a secret (session, token, link) is stored only as its SHA-256; every change to
//! a principal takes a number of its org's log; whoever ends someone's access raises the
//! `acl_version` of their principal log, announces it in the same transaction and cuts their
//! sockets after the commit; the last owner of an org stays.

mod account;
pub mod admin;
mod auth;
mod changes;
mod invite;
mod mail;
mod org;
mod password;
pub mod people;
mod secret;
mod service;
mod state;

pub use account::{NewAccount, create_account};
pub use changes::{OrgChange, OrgChanges, PrincipalChange, changes, concerned, settings, settings_since};
pub use mail::{Letter, MailConfig, MailSecurity};
pub use org::{Org, OrgRef, create_org, org_of};
pub use people::{
    Joined, NewPrincipal, NoJoin, OnJoin, Person, PersonState, Principal, PrincipalKind, PrincipalState,
    UserStatus, insert_principals,
};
pub use service::{Deps, Identity};

use weft_storage::Sql;

/// Every statement of this crate, for the test that prepares each on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[
    account::sql::ALL,
    auth::sql::ALL,
    invite::sql::ALL,
    org::sql::ALL,
    weft_log::outbox::ALL,
    people::sql::ALL,
];
