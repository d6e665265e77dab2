//! The company's texts as they are written in `data/`.

use serde::Deserialize;
use weft_kernel::{Fault, Micros};

const PEOPLE: &str = include_str!("data/people.toml");
/// One conversation each.
const ONE_EACH: [&str; 4] = [
    include_str!("data/general.toml"),
    include_str!("data/engineering.toml"),
    include_str!("data/customers.toml"),
    include_str!("data/product.toml"),
];
const SEVERAL: &str = include_str!("data/channels.toml");

const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;
/// Days and hours in the data are Shanghai's, which has no summer time.
const ZONE: Micros = 8 * 60 * MINUTE;

#[derive(Debug, Clone, Default)]
pub(super) struct Company {
    pub(super) people: Vec<Person>,
    pub(super) spaces: Vec<Space>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) title: String,
    #[serde(default = "shanghai")]
    pub(super) zone: String,
    #[serde(default)]
    pub(super) bot: bool,
}

fn shanghai() -> String {
    "Asia/Shanghai".to_owned()
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Space {
    pub(super) id: String,
    pub(super) kind: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) topic: String,
    #[serde(default)]
    pub(super) purpose: String,
    /// Ids, or `all`.
    #[serde(deserialize_with = "one_or_more")]
    pub(super) members: Vec<String>,
    #[serde(default)]
    pub(super) default: bool,
    /// How many of the last messages the demo accounts have not read.
    #[serde(default)]
    pub(super) unread: i64,
    #[serde(rename = "m")]
    pub(super) messages: Vec<Message>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    /// When: `6d 09:12` (days ago, time of day in Shanghai) or `35m` (minutes ago).
    pub(super) t: String,
    pub(super) from: String,
    pub(super) text: String,
    /// What it said before it was edited.
    #[serde(default)]
    pub(super) was: Option<String>,
    /// `👍 emma lin; 🎉 chen`.
    #[serde(default)]
    r: String,
    /// Who pinned it.
    #[serde(default)]
    pub(super) pinned: Option<String>,
    #[serde(default, rename = "re")]
    pub(super) replies: Vec<Message>,
}

#[derive(Deserialize)]
struct People {
    people: Vec<Person>,
}

#[derive(Deserialize)]
struct Spaces {
    space: Vec<Space>,
}

fn one_or_more<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Members {
        One(String),
        More(Vec<String>),
    }
    Ok(match Members::deserialize(from)? {
        Members::One(one) => vec![one],
        Members::More(more) => more,
    })
}

/// All of the data.
///
/// # Errors
/// `internal` when a file is not of the shapes above: a bug that a test finds.
pub(super) fn read() -> Result<Company, Fault> {
    let people: People = toml::from_str(PEOPLE).map_err(Fault::internal)?;
    let mut spaces = Vec::new();
    for text in ONE_EACH {
        spaces.push(toml::from_str(text).map_err(Fault::internal)?);
    }
    let several: Spaces = toml::from_str(SEVERAL).map_err(Fault::internal)?;
    spaces.extend(several.space);
    Ok(Company { people: people.people, spaces })
}

/// The time that `t` means at `now`.
///
/// # Errors
/// `internal` for another form: a bug that a test finds.
pub(super) fn time(t: &str, now: Micros) -> Result<Micros, Fault> {
    let wrong = || Fault::internal(format!("“{t}” is no time of the demo data"));
    let number = |text: &str| text.parse::<i64>().map_err(|_| wrong());
    if let Some(minutes) = t.strip_suffix('m') {
        return Ok(now - number(minutes)? * MINUTE);
    }
    let (days, clock) = t.split_once("d ").ok_or_else(wrong)?;
    let (hours, minutes) = clock.split_once(':').ok_or_else(wrong)?;
    let today = (now + ZONE).div_euclid(DAY) * DAY - ZONE;
    Ok(today - number(days)? * DAY + (number(hours)? * 60 + number(minutes)?) * MINUTE)
}

impl Message {
    /// Each emoji with each who gave it.
    pub(super) fn reactions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.r.split(';').flat_map(|given| {
            let mut words = given.split_whitespace();
            let emoji = words.next().unwrap_or_default();
            words.map(move |who| (emoji, who))
        })
    }
}

impl Space {
    /// How many messages this person has not read: none before their own last one.
    pub(super) fn unread_of(&self, id: &str) -> i64 {
        let after_own = self.messages.iter().rev().take_while(|m| m.from != id).count() as i64;
        self.unread.min(after_own)
    }
}
