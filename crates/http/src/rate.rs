//! Token buckets, in memory, of bounded number.

use std::{borrow::Borrow, hash::Hash};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use weft_kernel::{Fault, Micros};

/// Keys remembered at once; when full, buckets that have refilled are forgotten.
const MAX_KEYS: usize = 100_000;

/// Allows `burst` acts at once and one more each `refill_every` microseconds, per key.
pub struct RateLimiter<K> {
    burst: f64,
    refill_every: f64,
    buckets: Mutex<FxHashMap<K, (f64, Micros)>>,
}

impl<K: Hash + Eq> RateLimiter<K> {
    /// See the type.
    pub fn new(burst: u32, refill_every: Micros) -> Self {
        RateLimiter { burst: burst.into(), refill_every: refill_every as f64, buckets: Mutex::default() }
    }

    /// Takes one token of `key`.
    ///
    /// # Errors
    /// `rate_limited`, with the seconds until the next token.
    pub fn take(&self, key: K, now: Micros) -> Result<(), Fault> {
        let mut buckets = self.buckets.lock();
        if buckets.len() >= MAX_KEYS {
            let (full, every) = (self.burst, self.refill_every);
            buckets.retain(|_, (tokens, at)| *tokens + (now - *at) as f64 / every < full);
        }
        let (tokens, at) = buckets.entry(key).or_insert((self.burst, now));
        *tokens = (*tokens + (now - *at).max(0) as f64 / self.refill_every).min(self.burst);
        *at = now;
        if *tokens >= 1.0 {
            *tokens -= 1.0;
            return Ok(());
        }
        let wait_s = ((1.0 - *tokens) * self.refill_every / 1e6).ceil().max(1.0);
        Err(Fault::rate_limited(wait_s as u32))
    }

    /// Returns a token that was taken for an act that shall not count (a right password).
    pub fn give_back<Q: Hash + Eq + ?Sized>(&self, key: &Q)
    where
        K: Borrow<Q>,
    {
        if let Some((tokens, _)) = self.buckets.lock().get_mut(key) {
            *tokens = (*tokens + 1.0).min(self.burst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_refills() {
        let limiter = RateLimiter::new(2, 1_000_000);
        assert!(limiter.take("a", 0).is_ok());
        assert!(limiter.take("a", 0).is_ok());
        assert_eq!(limiter.take("a", 0).unwrap_err().retry_after_s(), Some(1));
        assert!(limiter.take("b", 0).is_ok());
        assert!(limiter.take("a", 1_000_000).is_ok());
        assert!(limiter.take("a", 1_000_000).is_err());
        limiter.give_back("a");
        assert!(limiter.take("a", 1_000_000).is_ok());
    }
}
