//! The best hits among those that the searcher may read.

use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::Column,
};
use weft_kernel::Micros;

use super::schema::Place;
use crate::query::resolve::Asked;

/// The weight of what is new halves in this time: ninety days.
const HALF_LIFE: f64 = 90.0 * 86_400.0 * 1e6;
/// What age leaves of a hit's weight.
const KEPT: f64 = 0.4;

/// A hit: its weight as sortable bits (0 when sorted by time), its time, its place.
pub type Rank = (u32, Micros, Place);

/// Which hits.
#[derive(Debug, Clone)]
pub struct Best {
    /// What the searcher may read and asks for.
    pub asked: Arc<Asked>,
    /// How many.
    pub limit: usize,
    /// By weight, not by time.
    pub scored: bool,
    /// The time that ages are counted from.
    pub now: Micros,
    /// By time: only what comes after this one.
    pub after: Option<(Micros, Place)>,
}

/// The best hits, best first, and how many there were.
#[derive(Debug, Default)]
pub struct Collected {
    /// Best first.
    pub hits: Vec<Rank>,
    /// All that the searcher may read, whether or not they are among `hits`.
    pub total: usize,
}

/// See [`Best`].
pub struct Segment {
    best: Best,
    places: Column<u64>,
    times: Column<i64>,
    heap: BinaryHeap<Reverse<Rank>>,
    total: usize,
}

impl Collector for Best {
    type Fruit = Collected;
    type Child = Segment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Segment> {
        Ok(Segment {
            places: segment.fast_fields().u64("place")?,
            times: segment.fast_fields().i64("at")?,
            best: self.clone(),
            heap: BinaryHeap::with_capacity(self.limit + 1),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.scored
    }

    fn merge_fruits(&self, segments: Vec<Collected>) -> tantivy::Result<Collected> {
        let mut all = Collected::default();
        for segment in segments {
            all.total += segment.total;
            all.hits.extend(segment.hits);
        }
        all.hits.sort_unstable_by(|a, b| b.cmp(a));
        all.hits.truncate(self.limit);
        Ok(all)
    }
}

impl SegmentCollector for Segment {
    type Fruit = Collected;

    fn collect(&mut self, doc: DocId, score: Score) {
        let Some(place) = self.places.first(doc).map(Place) else { return };
        if !self.best.asked.readable.may_read(place) {
            return;
        }
        let at = self.times.first(doc).unwrap_or(0);
        if at < self.best.asked.from || at >= self.best.asked.until {
            return;
        }
        self.total += 1;
        if self.best.after.is_some_and(|after| (at, place) >= after) {
            return;
        }
        let rank = (if self.best.scored { self.weight(score, at) } else { 0 }, at, place);
        if self.heap.len() < self.best.limit {
            self.heap.push(Reverse(rank));
        } else if self.heap.peek().is_some_and(|worst| rank > worst.0) {
            self.heap.pop();
            self.heap.push(Reverse(rank));
        }
    }

    fn harvest(self) -> Collected {
        Collected { hits: self.heap.into_iter().map(|rank| rank.0).collect(), total: self.total }
    }
}

impl Segment {
    /// Positive floats sort as their bits do.
    fn weight(&self, score: Score, at: Micros) -> u32 {
        let age = (self.best.now - at).max(0) as f64 / HALF_LIFE;
        let fresh = KEPT + (1.0 - KEPT) * (-age).exp2();
        ((f64::from(score.max(0.0)) * fresh) as f32).to_bits()
    }
}
