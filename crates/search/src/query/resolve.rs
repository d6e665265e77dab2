//! What the filters of a query mean for the one who asks: names become people and conversations,
//! dates become times.

use rustc_hash::FxHashSet;
use tantivy::Term;
use uuid::Uuid;
use weft_http::Caller;
use weft_kernel::{
    LogKey, Micros, PrincipalKey,
    id::{ConversationId, PrincipalId},
    names::fold,
};
use weft_storage::{Db, DbResult, params, statements};

use super::{
    Filter, FilterKey, Parsed,
    dates::{self, Stretch},
    plan::Choice,
};
use crate::{
    index::schema::{Fields, Flag},
    rights::Readable,
};

statements! {
    /// People by id; guests ($3) only whom they share a conversation with.
    PERSON = "SELECT principal, id FROM principals p WHERE org = $1 AND id = $2 AND state < 4
              AND (CAST($3 AS BIGINT) = 0 OR p.principal = $3 OR EXISTS (
                SELECT 1 FROM members mine JOIN members theirs ON theirs.log = mine.log
                WHERE mine.principal = $3 AND mine.left_seq IS NULL AND theirs.principal = p.principal))";
    /// People by name, or, when nobody has that name, by the beginning of it or of their pinyin;
    /// guests ($5) as above.
    PEOPLE = "SELECT principal, id, CASE WHEN name_key = $2 THEN 0 ELSE 1 END AS other FROM principals p
              WHERE org = $1 AND state < 4 AND (name_key = $2 OR search_key LIKE $3 ESCAPE '\\' OR search_key LIKE $4 ESCAPE '\\')
              AND (CAST($5 AS BIGINT) = 0 OR p.principal = $5 OR EXISTS (
                SELECT 1 FROM members mine JOIN members theirs ON theirs.log = mine.log
                WHERE mine.principal = $5 AND mine.left_seq IS NULL AND theirs.principal = p.principal))
              ORDER BY other, principal LIMIT 200";
    /// A conversation by id.
    ROOM = "SELECT log FROM conversations WHERE org = $1 AND id = $2";
    /// Conversations by name, or, when none has it, by a part of it.
    ROOMS = "SELECT log, CASE WHEN name_key = $2 THEN 0 ELSE 1 END AS other FROM conversations
             WHERE org = $1 AND name_key <> '' AND (name_key = $2 OR search_key LIKE $3 ESCAPE '\\') ORDER BY other, log LIMIT 500";
    /// Direct conversations of two people.
    DIRECT = "SELECT c.log FROM conversations c JOIN members m ON m.log = c.log JOIN members o ON o.log = c.log
              WHERE c.org = $1 AND c.kind = 4 AND m.principal = $2 AND o.principal = $3";
    /// Conversations by their topic and purpose.
    TOPICS = "SELECT log FROM conversations WHERE org = $1 AND (LOWER(topic) LIKE $2 ESCAPE '\\' OR LOWER(purpose) LIKE $2 ESCAPE '\\') LIMIT 2000";
    /// Topics within conversations, by a part of their name.
    MESSAGE_TOPICS = "SELECT t.topic, t.log FROM topics t JOIN conversations c ON c.log = t.log
                      JOIN topics r ON r.topic = COALESCE(t.merged_into, t.topic)
                      WHERE c.org = $1 AND r.name_key LIKE $2 ESCAPE '\\' LIMIT 5000";
    /// The zone of somebody's days.
    ZONE = "SELECT COALESCE(p.timezone, a.timezone) FROM principals p LEFT JOIN accounts a ON a.account = p.account
            WHERE p.principal = $1";
}

/// Terms of one choice at most; a filter that means more people is cut.
const TERMS: usize = 200;

/// The filters, understood.
#[derive(Debug)]
pub struct Asked {
    /// Terms that a message must have or not have.
    pub choices: Vec<Choice>,
    /// What may be read and is asked for.
    pub readable: Readable,
    /// From this time on.
    pub from: Micros,
    /// Before this time.
    pub until: Micros,
    /// What the messages found must be about, looked at again when they are read.
    pub about: Vec<About>,
    /// Some filter fits nothing.
    pub nothing: bool,
}

/// A topic that is asked for: of the message, or of its conversation.
#[derive(Debug)]
pub struct About {
    /// A part of the name, folded.
    key: String,
    /// Conversations whose own topic or purpose holds it.
    logs: FxHashSet<LogKey>,
    negated: bool,
}

impl About {
    /// Whether a message in `log`, whose own topic is called `topic`, fits.
    pub fn fits(&self, log: LogKey, topic: Option<&str>) -> bool {
        let is = self.logs.contains(&log) || topic.is_some_and(|name| fold(name).contains(&self.key));
        is != self.negated
    }
}

/// Resolves the filters of `parsed`, whose warnings grow by what is unknown.
///
/// # Errors
/// Any database error.
pub async fn resolve(
    db: &Db,
    caller: &Caller,
    fields: &Fields,
    now: Micros,
    parsed: &mut Parsed,
) -> DbResult<Asked> {
    let readable = Readable::by(db, caller).await?;
    let asked = Asked {
        choices: Vec::new(),
        readable,
        from: Micros::MIN,
        until: Micros::MAX,
        about: Vec::new(),
        nothing: false,
    };
    let filters = parsed.filters.clone();
    let mut resolver = Resolver { db, caller, fields, now, parsed, asked };
    for filter in filters {
        resolver.filter(&filter).await?;
    }
    Ok(resolver.asked)
}

struct Resolver<'a> {
    db: &'a Db,
    caller: &'a Caller,
    fields: &'a Fields,
    now: Micros,
    parsed: &'a mut Parsed,
    asked: Asked,
}

impl Resolver<'_> {
    async fn filter(&mut self, filter: &Filter) -> DbResult<()> {
        match filter.key {
            FilterKey::From => self.from(filter).await?,
            FilterKey::Mentions => self.mentions(filter).await?,
            FilterKey::In => self.within(filter).await?,
            FilterKey::Topic => self.topic(filter).await?,
            FilterKey::Before | FilterKey::After | FilterKey::On => self.time(filter).await?,
            FilterKey::Has | FilterKey::Is => self.flag(filter),
        }
        Ok(())
    }

    async fn from(&mut self, filter: &Filter) -> DbResult<()> {
        let people = self.people(filter).await?;
        let terms =
            people.iter().map(|(key, _)| Term::from_field_u64(self.fields.from, key.0 as u64)).collect();
        self.choose(terms, filter.negated);
        Ok(())
    }

    async fn mentions(&mut self, filter: &Filter) -> DbResult<()> {
        let people = self.people(filter).await?;
        let mut ids: Vec<Uuid> = people.iter().map(|(_, id)| id.uuid()).collect();
        if people.iter().any(|(key, _)| *key == self.caller.principal) {
            ids.push(Uuid::nil());
        }
        let terms = ids.iter().map(|id| Term::from_field_bytes(self.fields.mention, id.as_bytes())).collect();
        self.choose(terms, filter.negated);
        Ok(())
    }

    fn choose(&mut self, mut terms: Vec<Term>, negated: bool) {
        terms.truncate(TERMS);
        if !terms.is_empty() {
            self.asked.choices.push(Choice { terms, negated });
        } else if !negated {
            self.asked.nothing = true;
        }
    }

    async fn people(&mut self, filter: &Filter) -> DbResult<Vec<(PrincipalKey, PrincipalId)>> {
        let name = filter.value.trim_start_matches('@');
        if name.eq_ignore_ascii_case("me") || name == "我" {
            return Ok(vec![(self.caller.principal, self.caller.principal_id)]);
        }
        let guest = if self.caller.is_guest() { self.caller.principal.0 } else { 0 };
        let rows = match name.parse::<PrincipalId>() {
            Ok(id) => self.db.query(PERSON, params![self.caller.org, id, guest]).await?,
            Err(_) => {
                let (key, like) = (fold(name), escaped(&fold(name)));
                let asked = params![self.caller.org, key, format!("{like}%"), format!("% {like}%"), guest];
                let rows = self.db.query(PEOPLE, asked).await?;
                exact_first(rows, 2)?
            }
        };
        let found = rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<DbResult<Vec<_>>>()?;
        if found.is_empty() {
            self.parsed.warn("unknown_person", &filter.value);
        }
        Ok(found)
    }

    async fn within(&mut self, filter: &Filter) -> DbResult<()> {
        let mut logs = FxHashSet::default();
        if filter.value.starts_with('@') {
            for (key, _) in self.people(filter).await? {
                let rows =
                    self.db.query(DIRECT, params![self.caller.org, self.caller.principal, key]).await?;
                for row in rows {
                    logs.insert(row.get::<LogKey>(0)?);
                }
            }
        } else {
            let name = filter.value.trim_start_matches(['#', '＃']);
            let rows = match name.parse::<ConversationId>() {
                Ok(id) => self.db.query(ROOM, params![self.caller.org, id]).await?,
                Err(_) => {
                    let key = fold(name);
                    let asked = params![self.caller.org, &key, format!("%{}%", escaped(&key))];
                    exact_first(self.db.query(ROOMS, asked).await?, 1)?
                }
            };
            for row in rows {
                logs.insert(row.get::<LogKey>(0)?);
            }
        }
        logs.retain(|log| self.asked.readable.has(*log));
        self.only(logs, filter, "unknown_conversation");
        Ok(())
    }

    async fn topic(&mut self, filter: &Filter) -> DbResult<()> {
        let like = format!("%{}%", escaped(&fold(&filter.value)));
        let rows = self.db.query(TOPICS, params![self.caller.org, &like]).await?;
        let mut logs = rows.iter().map(|row| row.get(0)).collect::<DbResult<FxHashSet<LogKey>>>()?;
        logs.retain(|log| self.asked.readable.has(*log));
        let mut terms: Vec<Term> =
            logs.iter().map(|log| Term::from_field_u64(self.fields.log, log.0 as u64)).collect();
        for row in self.db.query(MESSAGE_TOPICS, params![self.caller.org, like]).await? {
            if self.asked.readable.has(row.get(1)?) {
                terms.push(Term::from_field_u64(self.fields.topic, row.get::<i64>(0)? as u64));
            }
        }
        if terms.is_empty() {
            self.parsed.warn("unknown_value", &filter.value);
            self.asked.nothing |= !filter.negated;
            return Ok(());
        }
        self.asked.choices.push(Choice { terms, negated: filter.negated });
        self.asked.about.push(About { key: fold(&filter.value), logs, negated: filter.negated });
        Ok(())
    }

    /// Leaves only these conversations, or all but these.
    fn only(&mut self, logs: FxHashSet<LogKey>, filter: &Filter, unknown: &'static str) {
        if logs.is_empty() {
            self.parsed.warn(unknown, &filter.value);
        }
        self.asked.readable.narrow(|log| logs.contains(&log) != filter.negated);
        if filter.negated {
            return;
        }
        self.asked.nothing |= logs.is_empty();
        if logs.len() <= TERMS && !logs.is_empty() {
            let terms = logs.iter().map(|log| Term::from_field_u64(self.fields.log, log.0 as u64)).collect();
            self.choose(terms, false);
        }
    }

    async fn time(&mut self, filter: &Filter) -> DbResult<()> {
        let row = self.db.query_opt(ZONE, params![self.caller.principal]).await?;
        let name: Option<String> = row.map(|row| row.get(0)).transpose()?.flatten();
        let zone = dates::zone(name.as_deref().unwrap_or("UTC"));
        let Some(Stretch { start, end }) = dates::read(&filter.value, &zone, self.now) else {
            self.parsed.warn("unknown_date", &filter.value);
            return Ok(());
        };
        let asked = &mut self.asked;
        match (filter.key, filter.negated) {
            (FilterKey::Before, false) => asked.until = asked.until.min(start),
            (FilterKey::Before, true) => asked.from = asked.from.max(start),
            (FilterKey::After, false) => asked.from = asked.from.max(end),
            (FilterKey::After, true) => asked.until = asked.until.min(end),
            (_, false) => {
                asked.from = asked.from.max(start);
                asked.until = asked.until.min(end);
            }
            (_, true) => self.parsed.warn("unknown_value", format!("-on:{}", filter.value)),
        }
        Ok(())
    }

    fn flag(&mut self, filter: &Filter) {
        let flag = match (filter.key, filter.value.to_lowercase().as_str()) {
            (FilterKey::Has, "link" | "url") => Flag::Link,
            (FilterKey::Has, "file" | "attachment") => Flag::File,
            (FilterKey::Has, "image" | "picture") => Flag::Image,
            (FilterKey::Has, "code") => Flag::Code,
            (FilterKey::Has, "reaction") => Flag::Reaction,
            (FilterKey::Has, "pin") | (FilterKey::Is, "pinned") => Flag::Pin,
            (FilterKey::Is, "thread") => Flag::Thread,
            (FilterKey::Is, "edited") => Flag::Edited,
            _ => return self.parsed.warn("unknown_value", &filter.value),
        };
        self.choose(vec![Term::from_field_u64(self.fields.flag, flag as u64)], filter.negated);
    }
}

/// Of rows ordered by whether the name is another: those of that very name, if there are any.
fn exact_first(mut rows: Vec<weft_storage::Row>, other: usize) -> DbResult<Vec<weft_storage::Row>> {
    let exact = rows.iter().map(|row| row.get::<i64>(other)).collect::<DbResult<Vec<_>>>()?;
    let count = exact.iter().filter(|other| **other == 0).count();
    if count > 0 {
        rows.truncate(count);
    }
    Ok(rows)
}

/// `text` with what LIKE treats specially made ordinary.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
