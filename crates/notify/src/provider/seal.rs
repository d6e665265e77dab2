//! Encrypting for one device: RFC 8291 (keys) and RFC 8188 (`aes128gcm`, one record).

use data_encoding::BASE64URL_NOPAD;
use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
    rand::{SecureRandom, SystemRandom},
};
use weft_kernel::Fault;

/// A record's size. Services take at least this much, and one record is all that is sent.
const RECORD: u32 = 4096;
/// What is sent is padded to a multiple of this, so that its length says little.
const PADDED_TO: usize = 512;
/// Bytes of an uncompressed point of P-256.
const POINT: usize = 65;
/// Bytes of the secret that device and server share.
const SECRET: usize = 16;

/// What a device gave to encrypt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Its public key, an uncompressed point of P-256.
    pub p256dh: Vec<u8>,
    /// A secret that it shares with this server.
    pub auth: Vec<u8>,
}

impl Keys {
    /// Reads them as a browser writes them: base64url, padded or not.
    ///
    /// # Errors
    /// `invalid` when they are no keys.
    pub fn read(p256dh: &str, auth: &str) -> Result<Keys, Fault> {
        let read = |text: &str| {
            let text = text.trim_end_matches('=');
            let bytes = BASE64URL_NOPAD.decode(text.as_bytes());
            bytes.or_else(|_| data_encoding::BASE64_NOPAD.decode(text.as_bytes()))
        };
        let wrong = || Fault::invalid("keys", "These are not the keys of a push subscription.");
        let keys =
            Keys { p256dh: read(p256dh).map_err(|_| wrong())?, auth: read(auth).map_err(|_| wrong())? };
        if keys.p256dh.len() != POINT || keys.auth.len() != SECRET {
            return Err(wrong());
        }
        // A point that is not on the curve is found by using it.
        seal(&keys, b"").map_err(|_| wrong())?;
        Ok(keys)
    }
}

/// Encrypts `text` for whoever holds the private half of `keys`.
///
/// # Errors
/// When the key is no point of the curve.
pub fn seal(keys: &Keys, text: &[u8]) -> Result<Vec<u8>, Unspecified> {
    // The library takes randomness from the operating system only.
    let random = SystemRandom::new();
    let mut salt = [0; 16];
    random.fill(&mut salt)?;
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, &random)?;
    let public = ours.compute_public_key()?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, &keys.p256dh);
    let padding = (text.len() + 1).next_multiple_of(PADDED_TO) - text.len() - 1;
    agree_ephemeral(ours, &theirs, |shared| record(keys, shared, public.as_ref(), salt, text, padding))?
}

/// The one record: header, then what is encrypted with keys made of the shared secret.
fn record(
    keys: &Keys,
    shared: &[u8],
    public: &[u8],
    salt: [u8; 16],
    text: &[u8],
    padding: usize,
) -> Result<Vec<u8>, Unspecified> {
    let mut both = [0; 32];
    let info = [b"WebPush: info\0".as_slice(), &keys.p256dh, public];
    let first = Salt::new(HKDF_SHA256, &keys.auth).extract(shared);
    first.expand(&info, Length(both.len()))?.fill(&mut both)?;
    let second = Salt::new(HKDF_SHA256, &salt).extract(&both);
    let key: [u8; 16] = expand(&second, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; 12] = expand(&second, b"Content-Encoding: nonce\0")?;

    let mut body = Vec::with_capacity(text.len() + 1 + padding);
    body.extend_from_slice(text);
    // The mark of the last record; zeros after it are padding.
    body.push(2);
    body.resize(body.len() + padding, 0);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut body)?;

    let mut out = Vec::with_capacity(salt.len() + 5 + public.len() + body.len());
    out.extend_from_slice(&salt);
    out.extend_from_slice(&RECORD.to_be_bytes());
    out.push(POINT as u8);
    out.extend_from_slice(public);
    out.extend_from_slice(&body);
    Ok(out)
}

/// A length for the library.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(key: &Prk, info: &[u8]) -> Result<[u8; N], Unspecified> {
    let mut out = [0; N];
    key.expand(&[info], Length(N))?.fill(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_standard() {
        let keys = Keys {
            p256dh: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        let public =
            bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt: [u8; 16] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let text = b"When I grow up, I want to be a watermelon";
        let record = record(&keys, &shared, &public, salt, text, 0).unwrap();
        assert_eq!(
            BASE64URL_NOPAD.encode(&record),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn a_length_says_little_and_fits() {
        let keys = Keys {
            p256dh: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        let long = |text: usize| seal(&keys, &vec![b'x'; text]).unwrap().len();
        assert_eq!(long(1), long(200));
        assert!(long(crate::provider::Push::MAX) <= RECORD as usize);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        assert!(Keys::read(point, "BTBZMqHH6r4Tts7J_aSIgg==").is_ok());
        let off = point.replace('7', "8");
        for (p256dh, auth) in [("", ""), (point, "AA"), (off.as_str(), "BTBZMqHH6r4Tts7J_aSIgg"), ("ü", "ü")]
        {
            assert_eq!(Keys::read(p256dh, auth).unwrap_err().code_str(), "invalid", "{p256dh}");
        }
    }
}
