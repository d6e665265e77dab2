//! The fields of the index, and the document that a message becomes.

use tantivy::{
    TantivyDocument, Term,
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
    },
    tokenizer::{PreTokenizedString, Token},
};
use uuid::Uuid;
use weft_kernel::{LogKey, Micros, PrincipalKey};

use crate::text::{Hay, Terms, segments::segments};

/// Rises with every change of the fields, of the terms, or of the text that is indexed: an index of
/// another version is built anew.
pub const VERSION: u32 = 2;
/// Among the cursors, which are of logs, the one of documents' texts: no log has this key.
pub const TEXTS: LogKey = LogKey(0);
/// Bits of a [`Place`] for the message's `seq`.
const SEQ_BITS: u32 = 36;

/// Where a message is: its log and its `seq`, as one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub u64);

impl Place {
    /// The place of `seq` in `log`. Both are far from filling their bits: 2²⁷ logs of 2³⁶ events.
    pub fn new(log: LogKey, seq: i64) -> Place {
        Place((log.0 as u64) << SEQ_BITS | (seq as u64 & ((1 << SEQ_BITS) - 1)))
    }

    /// The conversation's log.
    pub fn log(self) -> LogKey {
        LogKey((self.0 >> SEQ_BITS) as i64)
    }

    /// The message's event.
    pub fn seq(self) -> i64 {
        (self.0 & ((1 << SEQ_BITS) - 1)) as i64
    }
}

/// What a message has or is, for the filters `has:` and `is:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// An address.
    Link = 1,
    /// A file.
    File = 2,
    /// A picture.
    Image = 3,
    /// Code.
    Code = 4,
    /// A reaction.
    Reaction = 5,
    /// It is pinned.
    Pin = 6,
    /// It is part of a thread.
    Thread = 7,
    /// It was edited.
    Edited = 8,
}

/// The fields.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// [`Place`]; what is deleted by, and what a hit is.
    pub place: Field,
    /// When.
    pub at: Field,
    /// The conversation's log.
    pub log: Field,
    /// Who.
    pub from: Field,
    /// The ids of who is mentioned; nil: everybody.
    pub mention: Field,
    /// [`Flag`]s.
    pub flag: Field,
    /// The topic's key; a reply's is that of its thread.
    pub topic: Field,
    /// Words and parts of words.
    pub words: Field,
    /// Beginnings of words.
    pub edges: Field,
    /// Single characters and pairs.
    pub grams: Field,
    /// Three neighbours inside identifiers.
    pub trigrams: Field,
    /// Chinese words, for ranking.
    pub segments: Field,
}

/// The schema with its fields.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let number = || NumericOptions::default().set_indexed();
    let text = |option: IndexRecordOption, norms: bool| {
        let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(option);
        TextOptions::default().set_indexing_options(indexing.set_fieldnorms(norms))
    };
    let fields = Fields {
        place: builder.add_u64_field("place", INDEXED | FAST),
        at: builder.add_i64_field("at", FAST),
        log: builder.add_u64_field("log", number()),
        from: builder.add_u64_field("from", number()),
        mention: builder.add_bytes_field("mention", INDEXED),
        flag: builder.add_u64_field("flag", number()),
        topic: builder.add_u64_field("topic", number()),
        words: builder.add_text_field("words", text(IndexRecordOption::WithFreqsAndPositions, true)),
        edges: builder.add_text_field("edges", text(IndexRecordOption::Basic, false)),
        grams: builder.add_text_field("grams", text(IndexRecordOption::WithFreqsAndPositions, false)),
        trigrams: builder.add_text_field("trigrams", text(IndexRecordOption::Basic, false)),
        segments: builder.add_text_field("segments", text(IndexRecordOption::Basic, false)),
    };
    (builder.build(), fields)
}

/// A message as it is indexed.
#[derive(Debug)]
pub struct Entry {
    /// Where it is.
    pub place: Place,
    /// When.
    pub at: Micros,
    /// Who sent it.
    pub from: PrincipalKey,
    /// The key of what it is about.
    pub topic: Option<i64>,
    /// What people read in it.
    pub text: String,
    /// Who is mentioned; nil: everybody.
    pub mentions: Vec<Uuid>,
    /// What it has and is.
    pub flags: Vec<Flag>,
}

impl Fields {
    /// The document of a message.
    pub fn document(&self, entry: &Entry) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.place, entry.place.0);
        document.add_i64(self.at, entry.at);
        document.add_u64(self.log, entry.place.log().0 as u64);
        document.add_u64(self.from, entry.from.0 as u64);
        entry.mentions.iter().for_each(|id| document.add_bytes(self.mention, id.as_bytes()));
        entry.flags.iter().for_each(|flag| document.add_u64(self.flag, *flag as u64));
        if let Some(topic) = entry.topic {
            document.add_u64(self.topic, topic as u64);
        }
        let hay = Hay::new(&entry.text);
        let Terms { words, edges, grams, trigrams } = Terms::of(&hay);
        add(&mut document, self.words, words);
        add(&mut document, self.edges, unplaced(edges));
        if !grams.is_empty() {
            add(&mut document, self.segments, unplaced(segments(&hay.folded)));
        }
        add(&mut document, self.grams, grams);
        add(&mut document, self.trigrams, unplaced(trigrams));
        document
    }

    /// The term that finds the document of a message.
    pub fn place_term(&self, place: Place) -> Term {
        Term::from_field_u64(self.place, place.0)
    }
}

fn unplaced(terms: impl IntoIterator<Item = String>) -> Vec<(String, usize)> {
    terms.into_iter().map(|term| (term, 0)).collect()
}

fn add(document: &mut TantivyDocument, field: Field, terms: Vec<(String, usize)>) {
    if terms.is_empty() {
        return;
    }
    let token = |(text, position)| Token { text, position, ..Token::default() };
    let tokens = terms.into_iter().map(token).collect();
    document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_keeps_log_and_seq() {
        let place = Place::new(LogKey(123_456), 68_000_000_000);
        assert_eq!((place.log(), place.seq()), (LogKey(123_456), 68_000_000_000));
        assert!(place > Place::new(LogKey(123_456), 7));
    }
}
