//! The shapes that clients see; see "Search" in `docs/API.md`.

use serde::Serialize;
use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{Ref, RefOr, Schema},
};

use crate::{
    index::IndexState,
    query::{Filter, Parsed, Warning},
    snippet::Snippet,
    text::ClauseKind,
};

fn message() -> RefOr<Schema> {
    Ref::from_schema_name("Message").into()
}

fn conversation() -> RefOr<Schema> {
    Ref::from_schema_name("Conversation").into()
}

fn people() -> RefOr<Schema> {
    utoipa::openapi::schema::ArrayBuilder::new().items(Ref::from_schema_name("Principal")).build().into()
}

fn conversations() -> RefOr<Schema> {
    utoipa::openapi::schema::ArrayBuilder::new().items(Ref::from_schema_name("Conversation")).build().into()
}

/// A message that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessageHit {
    /// The message as it now is.
    #[schema(schema_with = message)]
    pub message: Value,
    /// Where it is.
    #[schema(schema_with = conversation)]
    pub conversation: Value,
    /// The words around what was found.
    pub snippet: Snippet,
    /// When what was asked for stands in one of its documents: which one, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileHit>,
}

/// A document in which something was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileHit {
    /// `fil_…`; one of the message's files.
    pub id: String,
    /// The words around what was found.
    pub snippet: Snippet,
}

/// A word or phrase of a query.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AskedText {
    /// Folded: lower case, white space as single spaces.
    pub text: String,
    /// It stood in quotes.
    pub phrase: bool,
    /// No hit may have it.
    pub negated: bool,
}

/// A query as it was understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AskedQuery {
    /// Words and phrases.
    pub texts: Vec<AskedText>,
    /// Filters.
    pub filters: Vec<Filter>,
    /// What was not taken as it may have been meant.
    pub warnings: Vec<Warning>,
}

impl AskedQuery {
    pub(crate) fn of(parsed: Parsed) -> AskedQuery {
        let text = |clause: &crate::text::Clause| AskedText {
            text: clause.chars.iter().collect(),
            phrase: clause.kind == ClauseKind::Phrase,
            negated: clause.negated,
        };
        AskedQuery {
            texts: parsed.clauses.iter().map(text).collect(),
            filters: parsed.filters,
            warnings: parsed.warnings,
        }
    }
}

/// Messages that were found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessageHits {
    /// Best or newest first.
    pub items: Vec<MessageHit>,
    /// Pass it as `cursor` for the next page; null at the end.
    pub next_cursor: Option<String>,
    /// How many the index finds; a few of them may turn out not to fit.
    pub total: usize,
    /// Whether everything can be found yet.
    pub index: IndexState,
    /// The query as it was understood.
    pub query: AskedQuery,
}

/// The best of everything.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Everything {
    /// People by name, pinyin or initials.
    #[schema(schema_with = people)]
    pub people: Vec<Value>,
    /// Conversations by name, pinyin or initials.
    #[schema(schema_with = conversations)]
    pub conversations: Vec<Value>,
    /// Messages.
    pub messages: MessageHits,
}
