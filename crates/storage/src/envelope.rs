//! How bodies are stored: `{alg, key_id, nonce, bytes}`, so that encryption at rest can be
//! switched on for an existing installation without changing a table.
//!
//! Layout: `alg: u8`, then for `alg` 0 (none) the bytes; otherwise `key_id: u32 BE`,
//! `nonce_len: u8`, nonce, ciphertext. The associated data (org, log, id) is not stored: a body
//! moved to another row does not open.

/// No encryption.
const ALG_NONE: u8 = 0;

/// Seals and opens bodies.
#[derive(Debug, Clone, Copy, Default)]
pub struct Envelope;

impl Envelope {
    /// What stands before the bytes of a sealed stream; for files, which are too large to seal at
    /// once.
    pub const STREAM: &'static [u8] = &[ALG_NONE];

    /// The stored form of `plain`.
    pub fn seal(self, plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(plain.len() + 1);
        out.push(ALG_NONE);
        out.extend_from_slice(plain);
        out
    }

    /// The content of a stored body; `None` when it was sealed with an algorithm or key that
    /// this server does not have.
    pub fn open(self, stored: &[u8]) -> Option<&[u8]> {
        match stored.split_first() {
            Some((&ALG_NONE, plain)) => Some(plain),
            _ => None,
        }
    }
}
