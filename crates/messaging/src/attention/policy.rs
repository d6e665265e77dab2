//! Who is told of a message and how: the one place that decides it. Pure; the client decides the
//! same way in `@weft/sdk`, and `cases.json` holds both to it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::limits;

use crate::wire::Kind;

/// Which messages of a conversation somebody is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Every message.
    All = 1,
    /// What calls them: mentions, alerts, threads that they follow.
    Mentions = 2,
    /// Nothing; the same as muted.
    Nothing = 3,
}

impl Level {
    /// The one chosen, from what is stored; none when it goes by kind and size.
    pub fn from_stored(muted: bool, level: i64) -> Option<Level> {
        match (muted, level) {
            (true, _) => Some(Level::Nothing),
            (_, 1) => Some(Level::All),
            (_, 2) => Some(Level::Mentions),
            _ => None,
        }
    }

    /// Where somebody has chosen none: conversations between people and small channels tell of
    /// everything, large channels of what calls one.
    pub fn by_default(kind: Kind, members: i64) -> Level {
        let channel = matches!(kind, Kind::Channel | Kind::PrivateChannel);
        if channel && members > limits::QUIET_ABOVE { Level::Mentions } else { Level::All }
    }
}

/// What a message is to the person in question.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// They wrote it.
    pub own: bool,
    /// Where it is.
    pub kind: Kind,
    /// How many are there.
    pub members: i64,
    /// It is a reply in a thread.
    pub thread: bool,
    /// It names them.
    pub mentioned: bool,
    /// It calls everybody.
    pub all: bool,
    /// It is urgent, and the org's policy lets that through everything.
    pub urgent: bool,
    /// It holds one of their keywords.
    pub keyword: bool,
    /// It is by somebody whom they watch.
    pub watched: bool,
    /// It is by somebody whom they always hear.
    pub vip: bool,
}

impl Default for Facts {
    fn default() -> Self {
        Facts {
            own: false,
            kind: Kind::Channel,
            members: 2,
            thread: false,
            mentioned: false,
            all: false,
            urgent: false,
            keyword: false,
            watched: false,
            vip: false,
        }
    }
}

/// What the person wants.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wishes {
    /// The level that they chose for the conversation.
    pub level: Option<Level>,
    /// Calls to everybody do not count.
    pub all_silenced: bool,
    /// They follow the thread.
    pub follows: bool,
    /// They are not to be disturbed now.
    pub dnd: bool,
    /// Messages that name them pass all the same.
    pub mentions_pass: bool,
    /// What this device is set to.
    pub device: Device,
}

/// What one device is set to.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Device {
    /// In place of the levels of conversations, except of those that are muted.
    pub level: Option<Level>,
    /// Whether it shows notifications.
    pub desktop: bool,
    /// Whether they sound.
    pub sound: bool,
}

impl Default for Device {
    fn default() -> Self {
        Device { level: None, desktop: true, sound: true }
    }
}

/// How somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Not at all.
    None,
    /// Shown without a sound.
    Silent,
    /// Shown, and heard.
    Sound,
}

/// What follows for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// How their device tells them.
    pub how: How,
    /// It is among what calls them in the inbox, whatever the device does.
    pub inbox: bool,
}

/// Decides.
pub fn told(message: &Facts, wishes: &Wishes) -> Told {
    if message.own {
        return Told { how: How::None, inbox: false };
    }
    let chosen = wishes.level.unwrap_or_else(|| Level::by_default(message.kind, message.members));
    let muted = chosen == Level::Nothing;
    let called = message.mentioned || (message.all && !wishes.all_silenced && !muted);
    let alerted = (message.keyword || message.watched) && !muted;
    let inbox = called || alerted || message.urgent;
    let level = if muted { chosen } else { wishes.device.level.unwrap_or(chosen) };
    let followed = message.thread && (wishes.follows || message.kind == Kind::Direct);
    let wanted = match level {
        Level::Nothing => false,
        Level::Mentions => called || alerted || (message.thread && wishes.follows),
        Level::All => called || alerted || followed || !message.thread,
    };
    let passes = !wishes.dnd || message.vip || (message.mentioned && wishes.mentions_pass);
    let heard = message.urgent || (wanted && passes);
    let how = match (heard && wishes.device.desktop, wishes.device.sound) {
        (false, _) => How::None,
        (true, false) => How::Silent,
        (true, true) => How::Sound,
    };
    Told { how, inbox }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Case {
        name: String,
        #[serde(default)]
        message: Facts,
        #[serde(default)]
        wishes: Wishes,
        how: How,
        inbox: bool,
    }

    #[derive(Deserialize)]
    struct Table {
        told: Vec<Case>,
    }

    #[test]
    fn the_table_holds() {
        let table: Table = serde_json::from_str(include_str!("cases.json")).expect("the table");
        for case in table.told {
            let told = told(&case.message, &case.wishes);
            assert_eq!(told, Told { how: case.how, inbox: case.inbox }, "{}", case.name);
        }
    }
}
