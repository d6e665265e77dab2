//! Time and randomness, passed in so that tests and simulations own them.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use parking_lot::Mutex;
use uuid::{Builder, Uuid};

use crate::id::Id;

/// Microseconds since 1970-01-01 UTC.
pub type Micros = i64;

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// Now. May step back (the operator sets the clock); see [`Env::now`].
    fn now(&self) -> Micros;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Micros {
        match std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => since.as_micros() as Micros,
            Err(_) => 0,
        }
    }
}

/// A clock that a test sets.
#[derive(Debug)]
pub struct FakeClock(AtomicI64);

impl FakeClock {
    /// Starts at `now`.
    pub fn new(now: Micros) -> Self {
        FakeClock(AtomicI64::new(now))
    }

    /// Moves by `micros`, also backwards.
    pub fn advance(&self, micros: Micros) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Micros {
        self.0.load(Ordering::SeqCst)
    }
}

/// A source of unpredictable bytes.
pub trait Entropy: Send + Sync {
    /// Fills `out` entirely.
    fn fill(&self, out: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) {
        // Without randomness no secret is safe: stopping is the only right answer.
        getrandom::fill(out).expect("the operating system has no random bytes to give");
    }
}

struct Inner {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    last_now: AtomicI64,
    last_v7: Mutex<(i64, u16)>,
}

/// Time, randomness and fresh ids. Cheap to clone.
#[derive(Clone)]
pub struct Env(Arc<Inner>);

impl Env {
    /// An environment over the given sources.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Env(Arc::new(Inner { clock, entropy, last_now: AtomicI64::new(0), last_v7: Mutex::new((0, 0)) }))
    }

    /// The machine's clock and generator.
    pub fn system() -> Self {
        Env::new(Arc::new(SystemClock), Arc::new(SystemEntropy))
    }

    /// Now, in microseconds; never less than an earlier answer of this `Env`, even when the
    /// machine's clock steps back.
    pub fn now(&self) -> Micros {
        let now = self.0.clock.now();
        self.0.last_now.fetch_max(now, Ordering::Relaxed).max(now)
    }

    /// A fresh UUIDv7 (RFC 9562): ascending within this process, also within one millisecond.
    pub fn uuid(&self) -> Uuid {
        let mut random = [0u8; 10];
        self.0.entropy.fill(&mut random);
        let (millis, count) = self.next_v7_tick();
        // rand_a carries the counter (RFC 9562 §6.2, method 1).
        random[0] = (count >> 8) as u8;
        random[1] = count as u8;
        Builder::from_unix_timestamp_millis(millis as u64, &random).into_uuid()
    }

    fn next_v7_tick(&self) -> (i64, u16) {
        const COUNTER_MAX: u16 = 0x0fff;
        let now = self.now() / 1000;
        let mut last = self.0.last_v7.lock();
        if now > last.0 {
            *last = (now, 0);
        } else if last.1 == COUNTER_MAX {
            *last = (last.0 + 1, 0);
        } else {
            last.1 += 1;
        }
        *last
    }

    /// A fresh public id.
    pub fn id<K>(&self) -> Id<K> {
        Id::from_uuid(self.uuid())
    }

    /// `N` unpredictable bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut out = [0u8; N];
        self.0.entropy.fill(&mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_does_not_fall_when_the_clock_steps_back() {
        let clock = Arc::new(FakeClock::new(1_000_000));
        let env = Env::new(clock.clone(), Arc::new(SystemEntropy));
        assert_eq!(env.now(), 1_000_000);
        clock.advance(-500_000);
        assert_eq!(env.now(), 1_000_000);
    }

    #[test]
    fn ids_ascend_within_one_millisecond() {
        let env = Env::new(Arc::new(FakeClock::new(5_000_000)), Arc::new(SystemEntropy));
        let ids: Vec<Uuid> = (0..5_000).map(|_| env.uuid()).collect();
        assert!(ids.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(ids[0].get_version_num(), 7);
    }
}
