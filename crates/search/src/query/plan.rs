//! The question put to the index. It may find more than was asked for, never less: what it finds
//! is read and looked at again.

use std::ops::Bound;

use tantivy::{
    Searcher, Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, InvertedIndexRangeQuery, Occur, PhraseQuery,
        Query, TermQuery, TermSetQuery,
    },
    schema::{Field, IndexRecordOption},
};

use crate::{
    index::schema::Fields,
    text::{
        Clause, ClauseKind, Hay,
        chars::is_word,
        segments::segments,
        terms::{EDGE_CHARS, WORD_CHARS, cover},
    },
};

/// Inner parts of an identifier that are asked for; the rest is looked at in the text.
const TRIGRAMS: usize = 12;
/// Above this many messages with the rarest term, weighing them all takes longer than it helps:
/// the newest are the best then.
const WEIGHED: u64 = 250_000;
/// What a whole word counts against the beginning of one.
const WHOLE: f32 = 2.0;

type Asked = Box<dyn Query>;

/// A set of terms of which a message must have one, or must have none.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The terms, of one field or of several.
    pub terms: Vec<Term>,
    /// None of them.
    pub negated: bool,
}

/// What to ask.
pub struct Plan {
    /// The question.
    pub query: Asked,
    /// Worth weighing: not too many.
    pub weighed: bool,
}

/// Makes the question for messages that fit all clauses and choices.
pub fn plan(searcher: &Searcher, fields: &Fields, clauses: &[Clause], choices: &[Choice]) -> Plan {
    let builder = Builder { fields };
    let mut parts: Vec<(Occur, Asked)> = Vec::new();
    let mut rarest = u64::MAX;
    for clause in clauses.iter().filter(|clause| !clause.negated) {
        builder.required(clause, &mut parts);
        rarest = rarest.min(builder.rarest(searcher, clause));
    }
    for choice in choices.iter().filter(|choice| !choice.negated) {
        let many = choice.terms.iter().map(|term| searcher.doc_freq(term).unwrap_or(0)).sum();
        rarest = rarest.min(many);
        parts.push((Occur::Must, unweighed(any_of(&choice.terms))));
    }
    if !parts.iter().any(|(occur, _)| *occur == Occur::Must) {
        parts.push((Occur::Must, unweighed(Box::new(AllQuery))));
    }
    for choice in choices.iter().filter(|choice| choice.negated) {
        parts.push((Occur::MustNot, any_of(&choice.terms)));
    }
    for clause in clauses.iter().filter(|clause| clause.negated) {
        parts.extend(builder.excluded(clause).map(|query| (Occur::MustNot, query)));
    }
    let words = clauses.iter().any(|clause| !clause.negated);
    Plan { query: Box::new(BooleanQuery::new(parts)), weighed: words && rarest <= WEIGHED }
}

fn any_of(terms: &[Term]) -> Asked {
    match terms {
        [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::Basic)),
        terms => Box::new(TermSetQuery::new(terms.to_vec())),
    }
}

/// A condition that says nothing of how good a hit is.
fn unweighed(query: Asked) -> Asked {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn all(mut queries: Vec<Asked>) -> Option<Asked> {
    match queries.len() {
        0 => None,
        1 => queries.pop(),
        _ => Some(Box::new(BooleanQuery::intersection(queries))),
    }
}

/// A word of a clause: where it stands, and whether the clause may end inside it.
struct Piece {
    text: String,
    last: bool,
}

struct Builder<'a> {
    fields: &'a Fields,
}

impl Builder<'_> {
    /// What a message must have for `clause`, and what makes it a better hit.
    fn required(&self, clause: &Clause, parts: &mut Vec<(Occur, Asked)>) {
        let grams = self.grams(clause);
        let has_gram = grams.is_some();
        parts.extend(grams.map(|query| (Occur::Must, query)));
        if has_gram {
            for word in segments(&clause.chars) {
                let term = Term::from_field_text(self.fields.segments, &word);
                let query = TermQuery::new(term, IndexRecordOption::Basic);
                parts.push((Occur::Should, Box::new(BoostQuery::new(Box::new(query), 0.5))));
            }
        }
        match clause.kind {
            ClauseKind::Phrase => parts.extend(self.phrase(clause).map(|query| (Occur::Must, query))),
            // Letters beside Chinese need not be whole words; the text decides.
            ClauseKind::Word if has_gram => {}
            ClauseKind::Word => self.word(clause, parts),
        }
    }

    fn grams(&self, clause: &Clause) -> Option<Asked> {
        // White space may be of any length, so places are known only within a stretch without any.
        let stretches = clause.chars.split(|c| *c == ' ').map(cover).filter(|grams| !grams.is_empty());
        let query = |grams: Vec<(usize, String)>| -> Asked {
            let term = |text: &str| Term::from_field_text(self.fields.grams, text);
            match grams.as_slice() {
                [(_, gram)] => Box::new(TermQuery::new(term(gram), IndexRecordOption::WithFreqs)),
                grams => {
                    let placed = grams.iter().map(|(at, gram)| (*at, term(gram))).collect();
                    Box::new(PhraseQuery::new_with_offset(placed))
                }
            }
        };
        all(stretches.map(query).collect())
    }

    /// The words of a phrase, one after the other.
    fn phrase(&self, clause: &Clause) -> Option<Asked> {
        let terms: Vec<Term> = pieces(clause).iter().map(|piece| self.word_term(&piece.text)).collect();
        match terms.as_slice() {
            [] => None,
            [term] => Some(Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs))),
            _ => Some(Box::new(PhraseQuery::new(terms))),
        }
    }

    fn word(&self, clause: &Clause, parts: &mut Vec<(Occur, Asked)>) {
        let pieces = pieces(clause);
        let words = pieces.iter().map(|piece| self.piece(piece, clause)).collect();
        let mut ways: Vec<Asked> = all(words).into_iter().collect();
        ways.extend(self.trigrams(clause));
        let must =
            if ways.len() == 1 { ways.pop() } else { Some(Box::new(BooleanQuery::union(ways)) as Asked) };
        parts.extend(must.map(|query| (Occur::Must, unweighed(query))));
        for piece in &pieces {
            let whole = TermQuery::new(self.word_term(&piece.text), IndexRecordOption::WithFreqs);
            parts.push((Occur::Should, Box::new(BoostQuery::new(Box::new(whole), WHOLE))));
        }
    }

    /// A word that must be there: whole, or its beginning where the clause ends in it.
    fn piece(&self, piece: &Piece, clause: &Clause) -> Asked {
        let open = piece.last && clause.chars.last().is_some_and(|c| is_word(*c));
        if open {
            self.beginning(&piece.text)
        } else {
            Box::new(TermQuery::new(self.word_term(&piece.text), IndexRecordOption::Basic))
        }
    }

    fn beginning(&self, text: &str) -> Asked {
        let chars = text.chars().count();
        if chars <= EDGE_CHARS {
            return Box::new(TermQuery::new(
                Term::from_field_text(self.fields.edges, text),
                IndexRecordOption::Basic,
            ));
        }
        if chars >= WORD_CHARS {
            return Box::new(TermQuery::new(self.word_term(text), IndexRecordOption::Basic));
        }
        let (from, until) = prefix_range(self.fields.words, text);
        Box::new(InvertedIndexRangeQuery::new(from, until))
    }

    /// The inside of an identifier.
    fn trigrams(&self, clause: &Clause) -> Option<Asked> {
        let trimmed = {
            let from = clause.chars.iter().position(|c| is_word(*c))?;
            let to = clause.chars.iter().rposition(|c| is_word(*c))? + 1;
            &clause.chars[from..to]
        };
        let every = trimmed.len().saturating_sub(2).div_ceil(TRIGRAMS).max(1);
        let term = |three: &[char]| -> Asked {
            let term = Term::from_field_text(self.fields.trigrams, &String::from_iter(three));
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        };
        all(trimmed.windows(3).step_by(every).map(term).collect())
    }

    /// What no hit may have: only where the index is exact, the rest is decided by the text.
    fn excluded(&self, clause: &Clause) -> Option<Asked> {
        if clause.kind == ClauseKind::Phrase {
            return None;
        }
        let plain = clause.chars.iter().all(|c| is_word(*c));
        if plain {
            return Some(self.beginning(&clause.chars.iter().take(WORD_CHARS).collect::<String>()));
        }
        let only_grams = clause.chars.iter().all(|c| crate::text::chars::is_gram(*c));
        only_grams.then(|| self.grams(clause)).flatten()
    }

    /// About how many messages have the clause's rarest term.
    fn rarest(&self, searcher: &Searcher, clause: &Clause) -> u64 {
        let count = |term: Term| searcher.doc_freq(&term).unwrap_or(0);
        let grams =
            cover(&clause.chars).into_iter().map(|(_, gram)| Term::from_field_text(self.fields.grams, &gram));
        let words = pieces(clause).into_iter().map(|piece| match piece.text.chars().count() {
            _ if clause.has_gram() => u64::MAX,
            n if piece.last && n <= EDGE_CHARS => {
                count(Term::from_field_text(self.fields.edges, &piece.text))
            }
            _ => count(self.word_term(&piece.text)),
        });
        grams.map(count).chain(words.collect::<Vec<_>>()).min().unwrap_or(u64::MAX)
    }

    fn word_term(&self, text: &str) -> Term {
        Term::from_field_text(self.fields.words, text)
    }
}

fn pieces(clause: &Clause) -> Vec<Piece> {
    let hay = Hay { original: clause.chars.clone(), folded: clause.chars.clone() };
    let places: Vec<(usize, usize)> = hay.words().collect();
    let count = places.len();
    let piece = |(index, (start, end)): (usize, (usize, usize))| Piece {
        text: hay.text(start, end.min(start + WORD_CHARS)),
        last: index + 1 == count,
    };
    places.into_iter().enumerate().map(piece).collect()
}

/// All terms that begin with `text`.
fn prefix_range(field: Field, text: &str) -> (Bound<Term>, Bound<Term>) {
    let from = Bound::Included(Term::from_field_text(field, text));
    let mut chars: Vec<char> = text.chars().collect();
    while let Some(last) = chars.pop() {
        // Surrogates are no characters: the next one after them is.
        let next = if last == '\u{D7FF}' { Some('\u{E000}') } else { char::from_u32(last as u32 + 1) };
        if let Some(next) = next {
            chars.push(next);
            return (from, Bound::Excluded(Term::from_field_text(field, &String::from_iter(chars))));
        }
    }
    (from, Bound::Unbounded)
}
