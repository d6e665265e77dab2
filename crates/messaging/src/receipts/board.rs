//! The readers of one lane and the messages that their authors look at: counts that follow each
//! mark as it rises. No I/O.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;
use weft_kernel::{LogKey, Micros, PrincipalKey, id::PrincipalId};

/// A person of the conversation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub(super) joined_at: Micros,
    /// How far they have read the lane.
    pub(super) mark: i64,
}

/// Whom a message is of, and where they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Author {
    pub(super) key: PrincipalKey,
    pub(super) log: LogKey,
}

/// Somebody whom a message mentions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mentioned {
    pub(super) key: PrincipalKey,
    pub(super) id: PrincipalId,
    pub(super) read: bool,
}

/// A message that its author looks at.
#[derive(Debug)]
pub(super) struct Tracked {
    pub(super) seq: i64,
    pub(super) at: Micros,
    pub(super) author: Author,
    pub(super) mentioned: Vec<Mentioned>,
    /// Until when its author wants to hear.
    pub(super) until: Micros,
    read: i64,
    total: i64,
    /// Something that its author does not know.
    news: bool,
}

/// What an author is told of one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Receipt {
    pub(super) seq: i64,
    /// How many have read it.
    pub(super) read: i64,
    /// How many it is for.
    pub(super) total: i64,
    /// Who of those mentioned has; left out where names are not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mentioned: Option<Vec<PrincipalId>>,
}

impl Tracked {
    pub(super) fn new(
        seq: i64,
        at: Micros,
        author: Author,
        mentioned: Vec<Mentioned>,
        until: Micros,
    ) -> Self {
        Tracked { seq, at, author, mentioned, until, read: 0, total: 0, news: true }
    }

    fn is_for(&self, who: PrincipalKey, reader: Reader) -> bool {
        reader.joined_at <= self.at && who != self.author.key
    }

    fn count(&mut self, reach: i64, readers: &FxHashMap<PrincipalKey, Reader>) {
        let before = (self.read, self.total);
        let them = readers.iter().filter(|(who, reader)| self.is_for(**who, **reader));
        (self.read, self.total) =
            them.fold((0, 0), |(read, total), (_, r)| (read + i64::from(r.mark >= reach), total + 1));
        for person in &mut self.mentioned {
            let read = readers.get(&person.key).is_some_and(|r| r.mark >= reach);
            self.news |= read != person.read;
            person.read = read;
        }
        self.news |= before != (self.read, self.total);
    }

    fn receipt(&self, names: impl Fn(i64) -> bool) -> Receipt {
        let readers = || self.mentioned.iter().filter(|person| person.read).map(|person| person.id);
        let mentioned = names(self.total).then(|| readers().collect());
        Receipt { seq: self.seq, read: self.read, total: self.total, mentioned }
    }
}

/// The readers of one lane and what is looked at there.
#[derive(Debug, Default)]
pub(super) struct Board {
    readers: FxHashMap<PrincipalKey, Reader>,
    /// By what a mark must reach.
    tracked: BTreeMap<i64, Tracked>,
    /// Marks that rose while the readers are being read: those may or may not have them.
    early: FxHashMap<PrincipalKey, i64>,
    /// Readings under way.
    loading: u32,
    /// The conversation's `acl_version` and the time when the readers were read.
    pub(super) version: i64,
    pub(super) read_at: Micros,
    news: bool,
}

impl Board {
    /// A reading of the readers begins.
    pub(super) fn begin(&mut self) {
        self.loading += 1;
    }

    /// A reading ended, with or without success.
    pub(super) fn end(&mut self, found: Option<FxHashMap<PrincipalKey, Reader>>) {
        self.loading -= 1;
        if let Some(mut readers) = found {
            for (who, mark) in &self.early {
                if let Some(reader) = readers.get_mut(who) {
                    reader.mark = reader.mark.max(*mark);
                }
            }
            // Who is no longer a member hears no more of their messages here.
            self.tracked.retain(|_, tracked| readers.contains_key(&tracked.author.key));
            for (reach, tracked) in &mut self.tracked {
                tracked.count(*reach, &readers);
                self.news |= tracked.news;
            }
            self.readers = readers;
        }
        if self.loading == 0 {
            self.early = FxHashMap::default();
        }
    }

    /// Somebody has read up to `mark`; says whether an author has something to hear.
    pub(super) fn rise(&mut self, who: PrincipalKey, mark: i64) -> bool {
        if self.loading > 0 {
            let early = self.early.entry(who).or_insert(0);
            *early = mark.max(*early);
        }
        let Some(reader) = self.readers.get_mut(&who) else { return false };
        if mark <= reader.mark {
            return false;
        }
        let before = std::mem::replace(&mut reader.mark, mark);
        let reader = *reader;
        for (_, tracked) in self.tracked.range_mut(before + 1..=mark) {
            if tracked.is_for(who, reader) {
                tracked.read += 1;
                tracked.news = true;
                self.news = true;
            }
            for person in tracked.mentioned.iter_mut().filter(|person| person.key == who) {
                person.read = true;
            }
        }
        self.news
    }

    /// An author looks at a message; what is known of it is news to them.
    pub(super) fn track(&mut self, reach: i64, mut tracked: Tracked) {
        tracked.count(reach, &self.readers);
        tracked.news = true;
        self.news = true;
        self.tracked.insert(reach, tracked);
    }

    /// Forgets what nobody looks at any more; says whether anything is left to do here.
    pub(super) fn prune(&mut self, now: Micros) -> bool {
        self.tracked.retain(|_, tracked| tracked.until > now);
        self.loading > 0 || !self.tracked.is_empty()
    }

    /// Whether an author has something to hear.
    pub(super) fn has_news(&self) -> bool {
        self.news
    }

    /// What each author (or only one of them) has to hear, oldest message first; then it is told.
    pub(super) fn news(
        &mut self,
        only: Option<PrincipalKey>,
        names: impl Fn(i64) -> bool,
    ) -> Vec<(Author, Vec<Receipt>)> {
        self.news &= only.is_some();
        let mut out: Vec<(Author, Vec<Receipt>)> = Vec::new();
        let theirs = |tracked: &Tracked| only.is_none_or(|author| author == tracked.author.key);
        for tracked in self.tracked.values_mut().filter(|tracked| tracked.news && theirs(tracked)) {
            tracked.news = false;
            let receipt = tracked.receipt(&names);
            match out.iter_mut().find(|(author, _)| *author == tracked.author) {
                Some((_, receipts)) => receipts.push(receipt),
                None => out.push((tracked.author, vec![receipt])),
            }
        }
        out
    }

    /// How many readers are held.
    pub(super) fn size(&self) -> usize {
        self.readers.len()
    }

    /// Forgets an author's messages that they asked for longest ago, so that at most `keep` remain.
    pub(super) fn make_room(&mut self, author: PrincipalKey, keep: usize) {
        let theirs = self.tracked.iter().filter(|(_, tracked)| tracked.author.key == author);
        let mut theirs: Vec<(Micros, i64)> = theirs.map(|(reach, tracked)| (tracked.until, *reach)).collect();
        theirs.sort_unstable();
        for (_, reach) in theirs.iter().take(theirs.len().saturating_sub(keep)) {
            self.tracked.remove(reach);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: Author = Author { key: PrincipalKey(1), log: LogKey(11) };

    fn readers(all: &[(i64, Micros, i64)]) -> FxHashMap<PrincipalKey, Reader> {
        all.iter()
            .map(|(who, joined_at, mark)| (PrincipalKey(*who), Reader { joined_at: *joined_at, mark: *mark }))
            .collect()
    }

    fn board(all: &[(i64, Micros, i64)]) -> Board {
        let mut board = Board::default();
        board.begin();
        board.end(Some(readers(all)));
        board
    }

    fn told(board: &mut Board) -> Vec<(i64, i64, i64)> {
        let news = board.news(None, |_| true);
        news.into_iter().flat_map(|(_, receipts)| receipts).map(|r| (r.seq, r.read, r.total)).collect()
    }

    #[test]
    fn a_mark_counts_for_every_message_that_it_passes_and_for_none_twice() {
        let mut board = board(&[(1, 0, 9), (2, 0, 3), (3, 0, 0), (4, 50, 0)]);
        for (seq, at) in [(4, 10), (6, 60), (8, 70)] {
            board.track(seq, Tracked::new(seq, at, ANN, Vec::new(), 1_000));
        }
        assert_eq!(
            told(&mut board),
            [(4, 0, 2), (6, 0, 3), (8, 0, 3)],
            "the one who came later is not asked"
        );
        assert!(board.rise(PrincipalKey(2), 6));
        assert!(!board.rise(PrincipalKey(9), 6), "a stranger");
        assert_eq!(told(&mut board), [(4, 1, 2), (6, 1, 3)]);
        assert!(!board.rise(PrincipalKey(2), 6) && !board.rise(PrincipalKey(2), 5), "marks only rise");
        assert!(!board.rise(PrincipalKey(1), 20), "one's own reading is none");
        board.rise(PrincipalKey(4), 8);
        assert_eq!(told(&mut board), [(6, 2, 3), (8, 1, 3)]);
        assert!(told(&mut board).is_empty());
    }

    #[test]
    fn a_mark_that_rises_while_the_readers_are_read_is_not_lost() {
        let mut board = Board::default();
        board.begin();
        board.rise(PrincipalKey(2), 7);
        board.end(Some(readers(&[(1, 0, 0), (2, 0, 3)])));
        board.track(5, Tracked::new(5, 10, ANN, Vec::new(), 1_000));
        assert_eq!(told(&mut board), [(5, 1, 1)]);
    }

    #[test]
    fn who_has_left_hears_no_more_and_is_not_counted() {
        let mut board = board(&[(1, 0, 0), (2, 0, 0), (3, 0, 9)]);
        board.track(5, Tracked::new(5, 10, ANN, Vec::new(), 1_000));
        assert_eq!(told(&mut board), [(5, 1, 2)]);
        board.begin();
        board.end(Some(readers(&[(1, 0, 0), (2, 0, 0)])));
        assert_eq!(told(&mut board), [(5, 0, 1)]);
        board.begin();
        board.end(Some(readers(&[(2, 0, 0)])));
        board.rise(PrincipalKey(2), 9);
        assert!(told(&mut board).is_empty());
    }

    #[test]
    fn a_crowd_that_reads_at_once_is_told_of_once() {
        let crowd: Vec<_> = (2..=16_001).map(|who| (who, 0, 0)).chain([(1, 0, 0)]).collect();
        let mut board = board(&crowd);
        for seq in 1..=100 {
            board.track(seq, Tracked::new(seq, 10, ANN, Vec::new(), 1_000));
        }
        board.news(None, |_| true);
        for who in 2..=16_001 {
            board.rise(PrincipalKey(who), 100);
        }
        let news = board.news(None, |_| true);
        assert_eq!((news.len(), news[0].1.len()), (1, 100), "one author, one frame");
        assert!(news[0].1.iter().all(|receipt| (receipt.read, receipt.total) == (16_000, 16_000)));
    }

    #[test]
    fn names_are_told_only_where_they_may_be() {
        let id = PrincipalId::from_uuid(uuid::Uuid::from_u128(7));
        let mut board = board(&[(1, 0, 0), (2, 0, 0)]);
        let mentioned = vec![Mentioned { key: PrincipalKey(2), id, read: false }];
        board.track(5, Tracked::new(5, 10, ANN, mentioned, 1_000));
        assert_eq!(board.news(None, |_| true)[0].1[0].mentioned, Some(Vec::new()));
        board.rise(PrincipalKey(2), 5);
        assert_eq!(board.news(None, |_| true)[0].1[0].mentioned, Some(vec![id]));
        board.rise(PrincipalKey(1), 9);
        assert!(!board.prune(2_000), "nobody looks any more");
        board.track(5, Tracked::new(5, 10, ANN, Vec::new(), 3_000));
        assert_eq!(board.news(None, |total| total < 1)[0].1[0].mentioned, None);
    }
}
