//! Puts the frames of one log into `seq` order before they fan out. No I/O, no clock of its own.
//!
//! Two transactions on one log commit in `seq` order, but the tasks that publish them may run in
//! the other. A frame that comes too early waits for the one before it, for a bounded time; after
//! that it goes out as it is, and clients repair the gap from the log.

use std::collections::BTreeMap;

use weft_kernel::Micros;

/// Frames that wait at most.
const MAX_HELD: usize = 64;
/// How long a frame waits for the one before it.
pub(crate) const MAX_WAIT: Micros = 500_000;

/// The order of one log.
#[derive(Debug)]
pub(crate) struct Order<T> {
    next: Option<i64>,
    held: BTreeMap<i64, T>,
    since: Micros,
}

impl<T> Default for Order<T> {
    fn default() -> Self {
        Order { next: None, held: BTreeMap::new(), since: 0 }
    }
}

impl<T> Order<T> {
    /// Takes a frame and hands those that are due to `out`, in order.
    pub(crate) fn push(&mut self, seq: i64, frame: T, now: Micros, mut out: impl FnMut(T)) {
        match self.next {
            // Late: clients that know better ignore it.
            Some(next) if seq < next => return out(frame),
            Some(next) if seq > next => {
                if self.held.is_empty() {
                    self.since = now;
                }
                self.held.insert(seq, frame);
            }
            _ => {
                self.next = Some(seq + 1);
                out(frame);
            }
        }
        self.release(&mut out);
        if self.held.len() > MAX_HELD || (!self.held.is_empty() && now - self.since > MAX_WAIT) {
            self.give_up(out);
        }
    }

    fn release(&mut self, out: &mut impl FnMut(T)) {
        while let Some(next) = self.next
            && let Some(frame) = self.held.remove(&next)
        {
            self.next = Some(next + 1);
            out(frame);
        }
    }

    /// Hands out what waits, gap or not.
    pub(crate) fn give_up(&mut self, mut out: impl FnMut(T)) {
        for (seq, frame) in std::mem::take(&mut self.held) {
            self.next = Some(seq + 1);
            out(frame);
        }
    }

    /// Whether frames have waited too long.
    pub(crate) fn overdue(&self, now: Micros) -> bool {
        !self.held.is_empty() && now - self.since > MAX_WAIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(pushes: &[(i64, Micros)]) -> Vec<i64> {
        let mut order = Order::default();
        let mut out = Vec::new();
        for (seq, now) in pushes {
            order.push(*seq, *seq, *now, |s| out.push(s));
        }
        out
    }

    #[test]
    fn swapped_frames_are_put_right() {
        assert_eq!(run(&[(5, 0), (7, 0), (8, 0), (6, 0), (9, 0)]), [5, 6, 7, 8, 9]);
    }

    #[test]
    fn a_missing_frame_holds_the_rest_only_for_a_while() {
        assert_eq!(run(&[(5, 0), (7, 0)]), [5]);
        assert_eq!(run(&[(5, 0), (7, 0), (8, MAX_WAIT + 1)]), [5, 7, 8]);
        assert_eq!(
            run(&[(5, 0), (7, 0), (8, MAX_WAIT + 1), (6, MAX_WAIT + 2), (9, MAX_WAIT + 3)]),
            [5, 7, 8, 6, 9]
        );
    }
}
