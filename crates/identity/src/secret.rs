//! Secrets: made of 32 unpredictable bytes, shown once, kept only as a SHA-256.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use weft_kernel::Env;

/// What a personal access token starts with.
pub(crate) const TOKEN_PREFIX: &str = "weft_pat_";
/// Longer texts are no secrets of ours and are not hashed.
const MAX_LEN: usize = 128;

/// A fresh secret: 52 lower-case base32 characters, safe in a cookie, a URL and a shell.
pub(crate) fn generate(env: &Env) -> String {
    BASE32_NOPAD.encode(&env.random::<32>()).to_ascii_lowercase()
}

/// A fresh access token.
pub(crate) fn generate_token(env: &Env) -> String {
    format!("{TOKEN_PREFIX}{}", generate(env))
}

/// What is stored of a secret; none when `secret` cannot be one.
pub(crate) fn hash(secret: &str) -> Option<[u8; 32]> {
    (secret.len() <= MAX_LEN).then(|| Sha256::digest(secret.as_bytes()).into())
}

/// The hash of a secret that [`generate`] made.
pub(crate) fn stored(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// A hash as text, for `server_state`.
pub(crate) fn stored_hex(secret: &str) -> String {
    HEXLOWER.encode(&stored(secret))
}

/// Compares without telling by its duration where texts differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_hash_alike() {
        let env = Env::system();
        let (a, b) = (generate(&env), generate(&env));
        assert_ne!(a, b);
        assert_eq!(a.len(), 52);
        assert_eq!(hash(&a).map(|h| h.to_vec()), Some(stored(&a)));
        assert!(hash(&"x".repeat(129)).is_none());
        assert!(same(&stored_hex(&a), &stored_hex(&a)));
        assert!(!same(&stored_hex(&a), &stored_hex(&b)));
    }
}
