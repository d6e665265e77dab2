//! Proving to a push service which server speaks: VAPID (RFC 8292).

use data_encoding::BASE64URL_NOPAD;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::json;
use weft_kernel::{Fault, Micros};
use weft_outbound::Url;
use weft_storage::{Db, params};

use crate::sql;

/// How long a proof is good for. Services take up to a day.
const GOOD_FOR_S: i64 = 12 * 3600;

/// The server's key, by which push services know it.
pub struct Signer {
    key: EcdsaKeyPair,
    /// Whom a service may write to about what this server sends: an address of this server, or of mail.
    contact: String,
}

impl Signer {
    /// The key of this server, made when it is first asked for.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn load(db: &Db, contact: String) -> Result<Signer, Fault> {
        let stored: String = match db.query_opt(sql::KEY, Vec::new()).await? {
            Some(row) => row.get(0)?,
            None => {
                let document =
                    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
                let document = document.map_err(Fault::internal)?;
                db.execute(sql::MAKE_KEY, params![BASE64URL_NOPAD.encode(document.as_ref())]).await?;
                // Another process may have been first.
                db.query_one(sql::KEY, Vec::new()).await?.get(0)?
            }
        };
        let document = BASE64URL_NOPAD.decode(stored.as_bytes()).map_err(Fault::internal)?;
        Signer::of(&document, contact)
    }

    fn of(document: &[u8], contact: String) -> Result<Signer, Fault> {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::from_pkcs8(algorithm, document, &SystemRandom::new());
        Ok(Signer { key: key.map_err(Fault::internal)?, contact })
    }

    /// The public key, which a browser asks for before it registers: base64url of a point.
    pub fn public(&self) -> String {
        BASE64URL_NOPAD.encode(self.key.public_key().as_ref())
    }

    /// The `Authorization` for a request to `url`.
    ///
    /// # Errors
    /// When the system has no randomness to sign with.
    pub(crate) fn authorization(&self, url: &Url, now: Micros) -> Result<String, Fault> {
        let claims = json!({
            "aud": url.origin().ascii_serialization(),
            "exp": now / 1_000_000 + GOOD_FOR_S,
            "sub": self.contact,
        });
        let header = BASE64URL_NOPAD.encode(br#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{header}.{}", BASE64URL_NOPAD.encode(claims.to_string().as_bytes()));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).map_err(Fault::internal)?;
        let token = format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()));
        Ok(format!("vapid t={token}, k={}", self.public()))
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_service_can_check_who_speaks() {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let signer = Signer::of(document.as_ref(), "mailto:it@example.com".into()).unwrap();
        let url = Url::parse("https://push.example.net:8443/send/abc?x=1").unwrap();
        let header = signer.authorization(&url, 5_000_000).unwrap();
        let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let decode = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decode(key));
        public.verify(signed.as_bytes(), &decode(signature)).unwrap();
        let claims: Value = serde_json::from_slice(&decode(signed.split_once('.').unwrap().1)).unwrap();
        assert_eq!(claims["aud"], "https://push.example.net:8443");
        assert_eq!(claims["exp"], 5 + GOOD_FOR_S);
        assert_eq!(claims["sub"], "mailto:it@example.com");
    }
}
