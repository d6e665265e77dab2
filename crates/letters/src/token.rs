//! Tokens: who may answer where, and who ends mails. They hold what they stand for, so that sending
//! a mail writes nothing for them, and an HMAC under the server's key.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use weft_kernel::{Env, LogKey, Micros, PrincipalKey};
use weft_storage::{Db, DbError, DbResult, params};

use crate::sql;

/// How long a mail can be answered, in days.
const DAYS: i64 = 14;
/// One day.
const DAY: Micros = 24 * 3_600_000_000;
/// Bytes of a number in a token.
const NUMBER: usize = 5;
/// Bytes of what an answer's token says: person, conversation, thread, last day.
const SAYS: usize = 3 * NUMBER + 2;
/// Bytes of its signature.
const SIGNED: usize = 12;
/// Characters of an answer's token: what is left of the 64 of a local part is the address's own.
pub(crate) const CHARS: usize = ((SAYS + SIGNED) * 8).div_ceil(5);

/// Where an answer goes, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) who: PrincipalKey,
    pub(crate) log: LogKey,
    /// The thread's root; 0: the main flow.
    pub(crate) root: i64,
    /// The last day on which it is good, since 1970.
    last_day: i64,
}

impl Ticket {
    pub(crate) fn ran_out(&self, now: Micros) -> bool {
        now / DAY > self.last_day
    }
}

/// The server's key for mails.
pub(crate) struct Keys([u8; 32]);

impl Keys {
    /// Reads the key, or makes it when the server has none yet.
    pub(crate) async fn load(db: &Db, env: &Env) -> DbResult<Keys> {
        let fresh = HEXLOWER.encode(&env.random::<32>());
        db.execute(sql::MAKE_KEY, params![fresh]).await?;
        let text: String = db.query_one(sql::KEY, params![]).await?.get(0)?;
        let key = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        key.map(Keys).ok_or_else(|| DbError::Other("the key of mails is not 32 bytes".into()))
    }

    fn mac(&self, purpose: &[u8], says: &[u8]) -> Hmac<Sha256> {
        // HMAC takes a key of any length; purposes are of one length each and end with a NUL.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any key fits");
        mac.update(purpose);
        mac.update(says);
        mac
    }

    /// A token for an answer; none for keys beyond a trillion.
    pub(crate) fn answer(&self, who: PrincipalKey, log: LogKey, root: i64, now: Micros) -> Option<String> {
        let mut bytes = Vec::with_capacity(SAYS + SIGNED);
        for number in [who.0, log.0, root] {
            let wide = number.to_be_bytes();
            let (zeros, rest) = wide.split_at(wide.len() - NUMBER);
            if zeros.iter().any(|byte| *byte != 0) {
                return None;
            }
            bytes.extend(rest);
        }
        bytes.extend(u16::try_from(now / DAY + DAYS).ok()?.to_be_bytes());
        let mac = self.mac(b"answer\0", &bytes).finalize().into_bytes();
        bytes.extend(&mac[..SIGNED]);
        Some(BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
    }

    /// What a token for an answer says, if it was signed here; whether it ran out is for the caller.
    pub(crate) fn ticket(&self, token: &str) -> Option<Ticket> {
        let bytes = BASE32_NOPAD.decode(token.to_ascii_uppercase().as_bytes()).ok()?;
        let (says, signed) = bytes.split_at_checked(SAYS).filter(|(_, signed)| signed.len() == SIGNED)?;
        self.mac(b"answer\0", says).verify_truncated_left(signed).ok()?;
        let number = |at: usize| {
            says[at * NUMBER..(at + 1) * NUMBER].iter().fold(0_i64, |all, byte| all << 8 | i64::from(*byte))
        };
        let last_day = i64::from(u16::from_be_bytes([says[SAYS - 2], says[SAYS - 1]]));
        Some(Ticket { who: PrincipalKey(number(0)), log: LogKey(number(1)), root: number(2), last_day })
    }

    /// A token with which `who` ends mails.
    pub(crate) fn end(&self, who: PrincipalKey) -> String {
        let mac = self.mac(b"end\0", &who.0.to_be_bytes()).finalize().into_bytes();
        let bytes = [&who.0.to_be_bytes()[..], &mac[..16]].concat();
        BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()
    }

    /// Who ends mails with a token, if it was signed here.
    pub(crate) fn ended_by(&self, token: &str) -> Option<PrincipalKey> {
        let bytes = BASE32_NOPAD.decode(token.to_ascii_uppercase().as_bytes()).ok()?;
        let (who, signed) = bytes.split_at_checked(8).filter(|(_, signed)| signed.len() == 16)?;
        self.mac(b"end\0", who).verify_truncated_left(signed).ok()?;
        Some(PrincipalKey(i64::from_be_bytes(who.try_into().ok()?)))
    }

    /// An id for a mail.
    pub(crate) fn mail_id(&self, who: PrincipalKey, number: i64) -> String {
        let says = [who.0.to_be_bytes(), number.to_be_bytes()].concat();
        let mac = self.mac(b"mail\0", &says).finalize().into_bytes();
        BASE32_NOPAD.encode(&mac[..15]).to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: PrincipalKey = PrincipalKey(71);
    const NOW: Micros = 1_800_000_000_000_000;

    #[test]
    fn a_token_says_who_where_and_until_when() {
        let keys = Keys([7; 32]);
        let token = keys.answer(WHO, LogKey(1 << 39), 12, NOW).unwrap();
        assert_eq!(token.len(), CHARS);
        for spelt in [token.clone(), token.to_ascii_uppercase()] {
            let ticket = keys.ticket(&spelt).unwrap();
            assert_eq!((ticket.who, ticket.log, ticket.root), (WHO, LogKey(1 << 39), 12));
            assert!(!ticket.ran_out(NOW + 13 * DAY) && ticket.ran_out(NOW + 16 * DAY));
        }
        assert!(keys.answer(PrincipalKey(1 << 40), LogKey(1), 0, NOW).is_none());
    }

    #[test]
    fn no_other_token_is_believed() {
        let keys = Keys([7; 32]);
        let token = keys.answer(WHO, LogKey(5), 0, NOW).unwrap();
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] = if other[at] == b'a' { b'b' } else { b'a' };
            let other = String::from_utf8(other).unwrap();
            assert!(keys.ticket(&other).is_none(), "{other}");
        }
        assert!(Keys([8; 32]).ticket(&token).is_none());
        for wrong in ["", "aaaa", "ä", &token[1..], &keys.end(WHO)] {
            assert!(keys.ticket(wrong).is_none(), "{wrong}");
        }
        assert_eq!(keys.ended_by(&keys.end(WHO)), Some(WHO));
        assert_eq!(keys.ended_by(&token), None);
    }
}
