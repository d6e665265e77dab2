//! A search from the words to the page.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, LogKey, Micros, names::fold};
use weft_storage::{DbResult, params, statements};

use crate::{
    Search,
    index::{
        OrgIndex,
        collect::{Best, Collected, Rank},
        schema::Place,
        shelf::blocking,
        store::IndexError,
    },
    port::{Document, Shown},
    query::{
        Parsed, parse,
        plan::plan,
        resolve::{About, Asked, escaped, resolve},
    },
    snippet::{Snippet, snippet},
    text::{
        Clause, Hay,
        find::{find, find_in},
    },
    wire::{AskedQuery, Everything, FileHit, MessageHit, MessageHits},
};

statements! {
    /// Conversations by name that somebody is in, or that are public.
    FIND = "SELECT c.log FROM conversations c
            LEFT JOIN members m ON m.log = c.log AND m.principal = $2 AND m.left_seq IS NULL
            WHERE c.org = $1 AND c.parent IS NULL AND c.name_key <> '' AND c.search_key LIKE $3 ESCAPE '\\'
              AND (m.principal IS NOT NULL OR (c.kind = 1 AND $4 = 0))
            ORDER BY CASE WHEN c.name_key = $5 THEN 0 WHEN c.search_key LIKE $6 ESCAPE '\\' THEN 1 ELSE 2 END,
              CASE WHEN c.archived_at IS NULL THEN 0 ELSE 1 END, CASE WHEN m.principal IS NULL THEN 1 ELSE 0 END, c.name_key, c.log
            LIMIT $7";
}

/// Candidates that one request looks at, at most.
const LOOKED_AT: usize = 600;
/// The deepest place of a page that is sorted by relevance.
const DEEPEST: usize = 2_000;
/// How many of each kind the one box shows.
const FEW: u32 = 5;
/// Longest name that people and conversations are looked for with, in characters.
const NAME_CHARS: usize = 80;

/// The order of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    /// The best first; what is new counts more.
    #[default]
    Relevance,
    /// The newest first.
    Time,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    /// After so many, as they were weighed at a time.
    Place(usize, Micros),
    /// After this one.
    Time(Micros, Place),
}

impl Cursor {
    fn text(self) -> String {
        let plain = match self {
            Cursor::Place(offset, now) => format!("r {offset} {now}"),
            Cursor::Time(at, place) => format!("t {at} {}", place.0),
        };
        BASE64URL_NOPAD.encode(plain.as_bytes())
    }

    fn read(text: &str, sort: Sort) -> Result<Cursor, Fault> {
        let parsed = || {
            let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
            let plain = String::from_utf8(bytes).ok()?;
            let mut words = plain.split(' ');
            match (words.next()?, words.next()?, words.next()?, sort) {
                ("r", offset, now, Sort::Relevance) => {
                    Some(Cursor::Place(offset.parse().ok().filter(|n| *n <= DEEPEST)?, now.parse().ok()?))
                }
                ("t", at, place, Sort::Time) => {
                    Some(Cursor::Time(at.parse().ok()?, Place(place.parse().ok()?)))
                }
                _ => None,
            }
        };
        parsed().ok_or_else(|| Fault::invalid("cursor", "It is not a cursor of this search."))
    }
}

/// What one request asks for.
pub(crate) struct Wanted<'a> {
    pub(crate) q: &'a str,
    pub(crate) sort: Sort,
    pub(crate) cursor: Option<&'a str>,
    pub(crate) limit: usize,
}

impl Search {
    /// Messages that fit, as far as `caller` may read them.
    pub(crate) async fn messages(&self, caller: &Caller, wanted: &Wanted<'_>) -> Result<MessageHits, Fault> {
        let parsed = parse(wanted.q);
        let cursor = wanted.cursor.map(|text| Cursor::read(text, wanted.sort)).transpose()?;
        self.find(caller, parsed, wanted, cursor).await
    }

    async fn find(
        &self,
        caller: &Caller,
        mut parsed: Parsed,
        wanted: &Wanted<'_>,
        cursor: Option<Cursor>,
    ) -> Result<MessageHits, Fault> {
        let _place = self.0.queue.try_acquire().map_err(|_| {
            Fault::unavailable("The server has too many searches waiting. Try again.", "search queue")
        })?;
        let slot = self.0.shelf.slot(caller.org);
        let index = self.0.shelf.open(&slot).await.map_err(unusable)?;
        let now = self.0.env.now();
        let asked = resolve(&self.0.db, caller, &index.fields, now, &mut parsed).await?;
        let mut page = Page { hits: Vec::new(), total: 0, next: None };
        if !parsed.is_empty() && !asked.nothing {
            let weighed_at = match cursor {
                Some(Cursor::Place(_, at)) => at,
                _ => now,
            };
            let question = Question { search: self, caller, parsed: &parsed, wanted, index, now: weighed_at };
            page = question.page(asked, cursor).await?;
        }
        let items = self.items(caller, page.hits).await?;
        Ok(MessageHits {
            items,
            next_cursor: page.next.map(Cursor::text),
            total: page.total,
            index: slot.state(),
            query: AskedQuery::of(parsed),
        })
    }

    async fn items(&self, caller: &Caller, hits: Vec<Hit>) -> Result<Vec<MessageHit>, Fault> {
        let mut logs: Vec<LogKey> = hits.iter().map(|hit| hit.place.log()).collect();
        logs.sort_unstable();
        logs.dedup();
        let cards = self.0.content.conversations(caller, &logs).await?;
        let cards: FxHashMap<&str, &Value> =
            cards.iter().filter_map(|card| Some((card["id"].as_str()?, card))).collect();
        let with_card = |hit: Hit| {
            let conversation = (*cards.get(hit.message["conversation"].as_str()?)?).clone();
            Some(MessageHit { conversation, message: hit.message, snippet: hit.snippet, file: hit.file })
        };
        Ok(hits.into_iter().filter_map(with_card).collect())
    }

    /// The best of everything for the one box.
    pub(crate) async fn everything(
        &self,
        caller: &Caller,
        q: &str,
        limit: Option<u32>,
    ) -> Result<Everything, Fault> {
        let limit = limit.unwrap_or(FEW);
        let wanted = Wanted { q, sort: Sort::Relevance, cursor: None, limit: limit as usize };
        let parsed = parse(q);
        let named = parsed.filters.is_empty();
        let name: String =
            q.trim().trim_start_matches(['@', '#']).chars().filter(|c| *c != '\0').take(NAME_CHARS).collect();
        let (people, conversations) = if named && !name.is_empty() {
            (
                self.0.content.people(caller, &name, limit).await?,
                self.conversations(caller, &name, limit).await?,
            )
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(Everything { people, conversations, messages: self.messages(caller, &wanted).await? })
    }

    async fn conversations(&self, caller: &Caller, name: &str, limit: u32) -> Result<Vec<Value>, Fault> {
        let key = fold(name);
        let like = escaped(&key);
        let asked = params![
            caller.org,
            caller.principal,
            format!("%{like}%"),
            caller.is_guest(),
            key,
            format!("{like}%"),
            limit
        ];
        let rows = self.0.db.query(FIND, asked).await?;
        let logs = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<LogKey>>>()?;
        self.0.content.conversations(caller, &logs).await
    }
}

pub(crate) fn unusable(error: IndexError) -> Fault {
    Fault::unavailable("The search index cannot be read now. Tell the administrator.", error)
        .code("search_unavailable")
}

/// A hit that was read and fits.
struct Hit {
    place: Place,
    message: Value,
    snippet: Snippet,
    file: Option<FileHit>,
}

struct Page {
    hits: Vec<Hit>,
    total: usize,
    next: Option<Cursor>,
}

/// One request under way.
struct Question<'a> {
    search: &'a Search,
    caller: &'a Caller,
    parsed: &'a Parsed,
    wanted: &'a Wanted<'a>,
    index: Arc<OrgIndex>,
    now: Micros,
}

impl Question<'_> {
    async fn page(&self, asked: Asked, cursor: Option<Cursor>) -> Result<Page, Fault> {
        let (offset, after) = match cursor {
            Some(Cursor::Place(offset, _)) => (offset, None),
            Some(Cursor::Time(at, place)) => (0, Some((at, place))),
            None => (0, None),
        };
        let asked = Arc::new(asked);
        let limit = self.wanted.limit;
        // A few more than wanted: some may turn out not to fit.
        let mut depth = offset + limit + limit / 2 + 8;
        let mut page = Page { hits: Vec::new(), total: 0, next: None };
        let mut looked_at = offset;
        loop {
            let Some(found) = self.ask(&asked, after, depth).await? else { return Ok(page) };
            page.total = found.total;
            let more = found.hits.len() == depth;
            for chunk in found.hits[looked_at.min(found.hits.len())..].chunks(limit) {
                let fitting = self.read(chunk, &asked.about).await?;
                for (rank, hit) in chunk.iter().zip(fitting) {
                    looked_at += 1;
                    page.hits.extend(hit);
                    if page.hits.len() == limit {
                        let last = looked_at == found.hits.len() && !more;
                        page.next = (!last).then(|| self.next(looked_at, rank)).flatten();
                        return Ok(page);
                    }
                }
            }
            if !more || looked_at >= offset + LOOKED_AT {
                let last = found.hits.last();
                page.next = last.filter(|_| more).and_then(|rank| self.next(looked_at, rank));
                return Ok(page);
            }
            depth = offset + LOOKED_AT;
        }
    }

    fn next(&self, looked_at: usize, (_, at, place): &Rank) -> Option<Cursor> {
        match self.wanted.sort {
            Sort::Time => Some(Cursor::Time(*at, *place)),
            Sort::Relevance => (looked_at < DEEPEST).then_some(Cursor::Place(looked_at, self.now)),
        }
    }

    /// The first `depth` candidates; none when the index turned out to be damaged.
    async fn ask(
        &self,
        asked: &Arc<Asked>,
        after: Option<(Micros, Place)>,
        depth: usize,
    ) -> Result<Option<Collected>, Fault> {
        let _turn = self.search.0.turns.acquire().await.map_err(Fault::internal)?;
        let (index, asked, clauses) = (self.index.clone(), asked.clone(), self.parsed.clauses.clone());
        let (by_time, now) = (self.wanted.sort == Sort::Time, self.now);
        let found = blocking(move || {
            let searcher = index.searcher();
            let plan = plan(&searcher, &index.fields, &clauses, &asked.choices);
            let best = Best { limit: depth, scored: plan.weighed && !by_time, now, after, asked };
            Ok(searcher.search(&plan.query, &best)?)
        });
        match found.await {
            Ok(found) => Ok(Some(found)),
            Err(error) => {
                tracing::warn!(%error, org = self.caller.org.0, "a search failed; the index is built anew");
                self.search.rebuild(self.caller.org);
                Ok(None)
            }
        }
    }

    /// The hits among candidates, in their order; none for each that does not fit.
    async fn read(&self, ranks: &[Rank], about: &[About]) -> Result<Vec<Option<Hit>>, Fault> {
        let places: Vec<Place> = ranks.iter().map(|rank| rank.2).collect();
        let shown = self.search.0.content.messages(self.caller, &places).await?;
        let mut by_place: FxHashMap<Place, Hit> = FxHashMap::default();
        for shown in shown {
            let topic = shown.message["topic"]["name"].as_str();
            if !about.iter().all(|about| about.fits(shown.place.log(), topic)) {
                continue;
            }
            let place = shown.place;
            if let Some((snippet, file)) = self.fits(&shown).await? {
                by_place.insert(place, Hit { place, message: shown.message, snippet, file });
            }
        }
        Ok(places.iter().map(|place| by_place.remove(place)).collect())
    }
}

impl Question<'_> {
    /// Where what is asked for stands in a message and its documents, if it does.
    async fn fits(&self, shown: &Shown) -> Result<Option<(Snippet, Option<FileHit>)>, Fault> {
        let clauses = &self.parsed.clauses;
        let alone = {
            let hay = Hay::new(&shown.text);
            find(&hay, clauses).map(|found| snippet(&hay, &shown.refs, &found))
        };
        let excludes = clauses.iter().any(|clause| clause.negated);
        if !shown.file || (alone.is_some() && !excludes) {
            return Ok(alone.map(|snippet| (snippet, None)));
        }
        let documents = self.search.0.content.documents(shown.place).await?;
        if documents.is_empty() {
            return Ok(alone.map(|snippet| (snippet, None)));
        }
        // A text of a million characters takes a while.
        let (text, refs, clauses) = (shown.text.clone(), shown.refs.clone(), clauses.clone());
        let work = move || with_documents(&text, &refs, &documents, &clauses);
        tokio::task::spawn_blocking(work).await.map_err(Fault::internal)
    }
}

fn with_documents(
    text: &str,
    refs: &[String],
    documents: &[Document],
    clauses: &[Clause],
) -> Option<(Snippet, Option<FileHit>)> {
    let said = Hay::new(text);
    let texts: Vec<Hay> = documents.iter().map(|document| Hay::new(&document.text)).collect();
    let all: Vec<&Hay> = std::iter::once(&said).chain(&texts).collect();
    let found = find_in(&all, clauses)?;
    let (own, others) = found.split_first()?;
    let best = others.iter().enumerate().rev().max_by_key(|(_, places)| places.len());
    let file = best.filter(|(_, places)| !places.is_empty()).map(|(at, places)| FileHit {
        id: documents[at].file.clone(),
        snippet: snippet(&texts[at], &[], places),
    });
    Some((snippet(&said, refs, own), file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_and_others_are_refused() {
        let cursor = Cursor::Place(40, 7);
        assert_eq!(Cursor::read(&cursor.text(), Sort::Relevance).unwrap(), cursor);
        assert!(Cursor::read(&cursor.text(), Sort::Time).is_err());
        let far = Cursor::Place(DEEPEST + 1, 7).text();
        for bad in ["", "!", "cg", &far] {
            assert!(Cursor::read(bad, Sort::Relevance).is_err(), "{bad}");
        }
    }
}
