//! TLS to PostgreSQL: what `sslmode` and `sslrootcert` of a database URL ask for.

use std::{str::FromStr, sync::Arc};

use percent_encoding::percent_decode_str;
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{DbError, DbResult};

/// How the server is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Nothing is encrypted.
    Plain,
    /// Encrypted, to whoever answers: it keeps out who listens, not who stands between.
    Anyone(SslMode),
    /// Encrypted, to whom a trusted authority calls by this name.
    Named,
}

/// Where to connect, and how.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) config: Config,
    /// None: nothing is encrypted.
    pub(crate) tls: Option<MakeRustlsConnect>,
}

impl Target {
    /// Reads `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=FILE`.
    ///
    /// # Errors
    /// [`DbError::Other`] that says what is wrong, without the password.
    pub(crate) fn read(url: &str) -> DbResult<Target> {
        let asked = Asked::read(url)?;
        let mut config = Config::from_str(&asked.url)
            .map_err(|e| wrong(format!("the database URL is not understood: {e}")))?;
        let trust = asked.trust()?;
        config.ssl_mode(match trust {
            Trust::Plain => SslMode::Disable,
            Trust::Anyone(mode) => mode,
            Trust::Named => SslMode::Require,
        });
        let tls = match trust {
            Trust::Plain => None,
            _ => Some(MakeRustlsConnect::new(client(trust, asked.roots.as_deref())?)),
        };
        Ok(Target { config, tls })
    }
}

fn wrong(text: impl Into<String>) -> DbError {
    DbError::Other(text.into())
}

/// A database URL without what it says of TLS, and that.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    url: String,
    mode: Option<String>,
    roots: Option<String>,
}

impl Asked {
    fn read(url: &str) -> DbResult<Asked> {
        let Some((place, query)) = url.split_once('?') else {
            return Ok(Asked { url: url.to_owned(), ..Asked::default() });
        };
        let mut asked = Asked::default();
        let mut rest = Vec::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = || {
                let text = percent_decode_str(value).decode_utf8();
                text.map(std::borrow::Cow::into_owned).map_err(|_| wrong(format!("{name} is not UTF-8")))
            };
            match name {
                "sslmode" => asked.mode = Some(value()?),
                "sslrootcert" => asked.roots = Some(value()?),
                _ => rest.push(pair),
            }
        }
        asked.url = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
        Ok(asked)
    }

    fn trust(&self) -> DbResult<Trust> {
        let trust = match self.mode.as_deref() {
            None | Some("disable") => Trust::Plain,
            Some("prefer") => Trust::Anyone(SslMode::Prefer),
            Some("require") => Trust::Anyone(SslMode::Require),
            Some("verify-full") => Trust::Named,
            Some(other) => {
                return Err(wrong(format!(
                    "sslmode={other} is not known here; give disable, prefer, require or verify-full"
                )));
            }
        };
        if self.roots.is_some() && trust != Trust::Named {
            return Err(wrong("sslrootcert says whom to trust only with sslmode=verify-full; give both"));
        }
        Ok(trust)
    }
}

fn client(trust: Trust, roots: Option<&str>) -> DbResult<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(e.to_string()))?;
    Ok(match trust {
        Trust::Named => builder.with_root_certificates(authorities(roots)?).with_no_client_auth(),
        _ => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anyone(provider)))
            .with_no_client_auth(),
    })
}

/// The authorities of a PEM file, or else those that this system trusts.
fn authorities(file: Option<&str>) -> DbResult<RootCertStore> {
    let mut store = RootCertStore::empty();
    let Some(file) = file else {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if store.is_empty() {
            return Err(wrong(
                "this system trusts no authority; install its CA certificates, or give sslrootcert=FILE",
            ));
        }
        return Ok(store);
    };
    let unreadable = |e: &dyn std::fmt::Display| wrong(format!("sslrootcert: {file} cannot be read: {e}"));
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| unreadable(&e))? {
        store.add(certificate.map_err(|e| unreadable(&e))?).map_err(|e| unreadable(&e))?;
    }
    if store.is_empty() {
        return Err(wrong(format!("sslrootcert: {file} holds no certificate in PEM form")));
    }
    Ok(store)
}

/// Takes any certificate whose key signs the handshake.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let asked =
            Asked::read("postgres://u:p@h/d?sslmode=verify-full&connect_timeout=5&sslrootcert=%2Fa+b%20c")
                .unwrap();
        assert_eq!(asked.url, "postgres://u:p@h/d?connect_timeout=5");
        assert_eq!((asked.trust().unwrap(), asked.roots.as_deref()), (Trust::Named, Some("/a+b c")));
        let plain = Asked::read("postgres://u:p@h/d").unwrap();
        assert_eq!((plain.url.as_str(), plain.trust().unwrap()), ("postgres://u:p@h/d", Trust::Plain));
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        let said = |url: &str| Target::read(url).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(said("postgres://h/d?sslmode=maybe").contains("sslmode=maybe is not known"));
        assert!(
            said("postgres://h/d?sslmode=require&sslrootcert=/x").contains("only with sslmode=verify-full")
        );
        assert!(
            said("postgres://h/d?sslmode=verify-full&sslrootcert=/no/file")
                .contains("/no/file cannot be read")
        );
        assert!(!said("postgres://h:secret@x:y/d?sslmode=require").contains("secret"));
    }
}
