//! A principal as stored, and as shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::{Caller, Dnd, Role};
use weft_kernel::{
    AccountKey, Fault, LogKey, Micros, OrgKey, PrincipalKey,
    id::{OrgId, PrincipalId},
};
use weft_log::{Frame, LogName};
use weft_storage::{DbResult, Row};

/// What kind of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// A member of the org.
    Member = 1,
    /// A guest.
    Guest = 2,
    /// A bot.
    Bot = 3,
    /// An app.
    App = 4,
}

/// Whether they can act, as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalState {
    /// They can act.
    Active,
    /// Their access was ended.
    Deactivated,
    /// Known from an import only; may be claimed.
    Placeholder,
}

/// Whether they can act, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonState {
    /// They can act.
    Active = 1,
    /// Their access was ended.
    Deactivated = 2,
    /// Known from an import only; may be claimed.
    Placeholder = 3,
    /// A placeholder whose history is another person's now; not in the directory.
    Mapped = 4,
}

impl PersonState {
    fn from_stored(value: i64) -> PersonState {
        match value {
            1 => PersonState::Active,
            3 => PersonState::Placeholder,
            4 => PersonState::Mapped,
            // An unknown state of a newer Weft gives no access.
            _ => PersonState::Deactivated,
        }
    }

    /// As shown.
    pub fn shown(self) -> PrincipalState {
        match self {
            PersonState::Active => PrincipalState::Active,
            PersonState::Placeholder => PrincipalState::Placeholder,
            PersonState::Deactivated | PersonState::Mapped => PrincipalState::Deactivated,
        }
    }
}

/// What someone says they are doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserStatus {
    /// An emoji or its shortcode; may be empty.
    #[serde(default)]
    pub emoji: String,
    /// A few words; may be empty.
    #[serde(default)]
    pub text: String,
    /// When it ends; null: until changed.
    #[serde(default)]
    pub until: Option<Micros>,
    /// They are on leave: who writes to them is told, once a day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub away: bool,
    /// What who writes to them is told besides, up to 300 characters; only with `away`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reply: String,
}

/// A principal as everyone in the org may see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Principal {
    /// `usr_…`
    #[schema(value_type = String)]
    pub id: PrincipalId,
    /// What kind.
    pub kind: PrincipalKind,
    /// What they may do.
    pub role: Role,
    /// Whether they can act.
    pub state: PrincipalState,
    /// Shown name.
    pub name: String,
    /// Job title; may be empty.
    pub title: String,
    /// For `GET /avatars/{hash}`.
    pub avatar: Option<String>,
    /// What they are doing.
    pub status: Option<UserStatus>,
    /// When they are not to be disturbed, if ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dnd: Option<Dnd>,
    /// Folded name, pinyin, initials, separated by spaces.
    pub search_key: String,
    /// Only for themselves and when an admin asks.
    pub email: Option<String>,
    /// IANA zone.
    pub timezone: Option<String>,
}

/// A row of the directory.
#[derive(Debug, Clone)]
pub struct Person {
    /// Internal key.
    pub key: PrincipalKey,
    /// Public id.
    pub id: PrincipalId,
    /// Their org.
    pub org: OrgKey,
    /// Their log.
    pub log: LogKey,
    /// Their credentials' owner.
    pub account: Option<AccountKey>,
    /// What kind.
    pub kind: PrincipalKind,
    /// What they may do.
    pub role: Role,
    /// Whether they can act.
    pub state: PersonState,
    /// Shown name.
    pub name: String,
    /// Job title.
    pub title: String,
    /// Hash of their picture.
    pub avatar: Option<String>,
    /// What they are doing.
    pub status: Option<UserStatus>,
    /// What they are found by.
    pub search_key: String,
    /// Their address.
    pub email: Option<String>,
    /// IANA zone.
    pub timezone: Option<String>,
    /// Folded name.
    pub name_key: String,
    /// Last change, in the org's log.
    pub changed_seq: i64,
    /// When they are not to be disturbed.
    pub dnd: Option<Dnd>,
}

impl Person {
    pub(crate) fn read(row: &Row) -> DbResult<Person> {
        let kind = match row.get::<i64>(5)? {
            2 => PrincipalKind::Guest,
            3 => PrincipalKind::Bot,
            4 => PrincipalKind::App,
            _ => PrincipalKind::Member,
        };
        let (status, dnd): (Option<String>, Option<String>) = (row.get(11)?, row.get(17)?);
        Ok(Person {
            key: row.get(0)?,
            id: row.get(1)?,
            org: row.get(2)?,
            log: row.get(3)?,
            account: row.get(4)?,
            kind,
            role: Role::from_stored(row.get(6)?).unwrap_or(Role::Guest),
            state: PersonState::from_stored(row.get(7)?),
            name: row.get(8)?,
            title: row.get(9)?,
            avatar: row.get(10)?,
            status: status.and_then(|json| serde_json::from_str(&json).ok()),
            search_key: row.get(12)?,
            email: row.get(13)?,
            timezone: row.get(14)?,
            name_key: row.get(15)?,
            changed_seq: row.get(16)?,
            dnd: dnd.and_then(|json| serde_json::from_str(&json).ok()),
        })
    }

    /// As everyone in the org may see them at `now`.
    pub fn public(&self, now: Micros) -> Principal {
        let status = self.status.clone().filter(|s| s.until.is_none_or(|until| until > now));
        Principal {
            id: self.id,
            kind: self.kind,
            role: self.role,
            state: self.state.shown(),
            name: self.name.clone(),
            title: self.title.clone(),
            avatar: self.avatar.clone(),
            status,
            dnd: self.dnd.clone(),
            search_key: self.search_key.clone(),
            email: None,
            timezone: self.timezone.clone(),
        }
    }

    /// As `caller` may see them: with the address for themselves and for admins.
    pub fn seen_by(&self, caller: &Caller, now: Micros) -> Principal {
        let mut shown = self.public(now);
        if caller.role.administers() || caller.principal == self.key {
            shown.email.clone_from(&self.email);
        }
        shown
    }

    /// The frame of the org's log that tells of their present state.
    pub(crate) fn frame(&self, org_log: LogKey, org: OrgId, now: Micros) -> Frame {
        #[derive(Serialize)]
        struct Event {
            k: &'static str,
            principal: Principal,
        }
        let event = Event { k: "principal", principal: self.public(now) };
        Frame::event(org_log, LogName::Org(org), self.changed_seq, &event)
    }

    /// The stored form of when they are not to be disturbed.
    pub(crate) fn dnd_json(&self) -> Result<Option<String>, Fault> {
        self.dnd.as_ref().map(serde_json::to_string).transpose().map_err(Fault::internal)
    }

    /// The stored form of their status.
    pub(crate) fn status_json(&self) -> Result<Option<String>, Fault> {
        self.status.as_ref().map(serde_json::to_string).transpose().map_err(Fault::internal)
    }
}
