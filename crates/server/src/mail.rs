//! The mail server's address, from a URL.

use weft_identity::{MailConfig, MailSecurity};

/// Reads `smtp://[user:password@]host[:port]` (STARTTLS; plain on port 25 or with `?tls=none`) or
/// `smtps://…` (TLS).
///
/// # Errors
/// A sentence that says what is wrong, without the password.
pub(crate) fn config(url: &str, from: Option<&str>, public_url: &str) -> Result<MailConfig, String> {
    let wrong = |what: &str| {
        format!(
            "The mail server's URL is not understood: {what}. Give smtp://user:password@host:587 or smtps://…."
        )
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("it has no scheme"))?;
    let (rest, open) = match rest.rsplit_once('?') {
        Some((rest, "tls=none")) => (rest, true),
        Some(_) => return Err(wrong("after the ? only tls=none is known")),
        None => (rest, false),
    };
    let (credentials, place) = match rest.trim_end_matches('/').rsplit_once('@') {
        Some((credentials, place)) => {
            let (name, password) =
                credentials.split_once(':').ok_or_else(|| wrong("the password is missing"))?;
            (Some((decode(name), decode(password))), place)
        }
        None => (None, rest.trim_end_matches('/')),
    };
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) => {
            (host, Some(port.parse::<u16>().map_err(|_| wrong("the port is not a number"))?))
        }
        None => (place, None),
    };
    if host.is_empty() {
        return Err(wrong("it has no host"));
    }
    let (security, port) = match (scheme, port) {
        ("smtps", port) => (MailSecurity::Tls, port.unwrap_or(465)),
        ("smtp", port) if open || port == Some(25) => (MailSecurity::Plain, port.unwrap_or(25)),
        ("smtp", port) => (MailSecurity::StartTls, port.unwrap_or(587)),
        _ => return Err(wrong("its scheme is neither smtp nor smtps")),
    };
    let from = from.ok_or("Set --mail-from to the sender of mails, such as Weft <weft@example.com>.")?;
    Ok(MailConfig {
        host: host.to_owned(),
        port,
        security,
        credentials,
        from: from.to_owned(),
        public_url: public_url.to_owned(),
    })
}

/// Percent-decoding, for passwords with special characters.
fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read() {
        let mail = config("smtp://a%40b:p%3Aw@mail.example.com", Some("w@example.com"), "http://x").unwrap();
        assert_eq!(
            (mail.host.as_str(), mail.port, mail.security),
            ("mail.example.com", 587, MailSecurity::StartTls)
        );
        assert_eq!(mail.credentials, Some(("a@b".into(), "p:w".into())));
        let near = config("smtp://127.0.0.1:1025?tls=none", Some("w@example.com"), "http://x").unwrap();
        assert_eq!((near.port, near.security), (1025, MailSecurity::Plain));
        assert!(config("smtp://h?tls=some", Some("w@example.com"), "http://x").is_err());
        assert!(config("mail.example.com", Some("w@example.com"), "http://x").is_err());
        assert!(config("smtp://h", None, "http://x").is_err());
    }
}
