//! The address that answers go to, and the token in it.

use crate::token::CHARS;

/// Longest local part of an address (RFC 5321).
const LOCAL: usize = 64;

/// `reply@example.com`; answers go to `reply+TOKEN@example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyAddress {
    local: String,
    domain: String,
}

impl ReplyAddress {
    /// Reads what the owner gives.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn read(text: &str) -> Result<ReplyAddress, String> {
        let room = LOCAL - CHARS - 1;
        let wrong = || format!("--mail-reply-address is an address such as reply@example.com, not {text}.");
        let (local, domain) = text.trim().split_once('@').ok_or_else(wrong)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if local.is_empty() || domain.is_empty() || !local.chars().all(plain) || !domain.chars().all(plain) {
            return Err(wrong());
        }
        if local.len() > room {
            return Err(format!("--mail-reply-address may have at most {room} characters before the @."));
        }
        Ok(ReplyAddress { local: local.to_owned(), domain: domain.to_owned() })
    }

    /// The address with a token.
    pub(crate) fn with(&self, token: &str) -> String {
        format!("{}+{token}@{}", self.local, self.domain)
    }

    /// The token in `address`, if it is this one with one.
    pub(crate) fn token<'a>(&self, address: &'a str) -> Option<&'a str> {
        let (local, domain) = address.trim().trim_matches(['<', '>']).rsplit_once('@')?;
        let (name, token) = local.split_once('+')?;
        let same = domain.eq_ignore_ascii_case(&self.domain) && name.eq_ignore_ascii_case(&self.local);
        same.then_some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_in_addresses() {
        let reply = ReplyAddress::read("Reply@Example.com").unwrap();
        assert_eq!(reply.with("abc"), "Reply+abc@Example.com");
        assert_eq!(reply.token("<REPLY+abc@example.COM>"), Some("abc"));
        for other in ["reply@example.com", "reply+abc@evil.example", "x+abc@example.com", "", "@", "+@"] {
            assert_eq!(reply.token(other), None, "{other}");
        }
    }

    #[test]
    fn the_longest_address_fits() {
        let reply = ReplyAddress::read("weft-answers@example.com").unwrap();
        assert!(reply.with(&"x".repeat(CHARS)).split('@').next().unwrap().len() <= LOCAL);
        for wrong in ["", "reply", "@example.com", "a b@example.com", "a-name-that-is-too-long@example.com"] {
            assert!(ReplyAddress::read(wrong).is_err(), "{wrong}");
        }
    }
}
