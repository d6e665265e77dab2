//! Sends due mail, with growing pauses after failures.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        MultiPart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::authentication::Credentials,
};
use weft_kernel::Fault;
use weft_log::outbox::{self, Job};
use weft_storage::DbResult;

use super::{JOB, Letter, MailConfig, MailSecurity};
use crate::{Identity, state::SECOND};

/// Looks for mail of other processes, and for retries, this often.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Longest talk with the mail server about one mail.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);
/// Attempts, over about a day.
const ATTEMPTS: i64 = 10;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Sends due mail until dropped; returns at once when no mail server is configured.
pub(crate) async fn run(identity: &Identity) {
    let Some(config) = &identity.mail else { return };
    let transport = match transport(config) {
        Ok(transport) => transport,
        Err(error) => {
            tracing::error!(%error, host = config.host, "the mail server cannot be used; no mail is sent");
            return;
        }
    };
    loop {
        match send_due(identity, config, &transport).await {
            Ok(0) => {
                let _ = tokio::time::timeout(LOOK_EVERY, identity.mail_due.notified()).await;
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "could not read the outbox");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

fn transport(config: &MailConfig) -> Result<Transport, lettre::transport::smtp::Error> {
    let builder = match config.security {
        MailSecurity::Tls => Transport::relay(&config.host)?,
        MailSecurity::StartTls => Transport::starttls_relay(&config.host)?,
        MailSecurity::Plain => Transport::builder_dangerous(&config.host),
    };
    let builder = builder.port(config.port).timeout(Some(SEND_TIMEOUT));
    Ok(match &config.credentials {
        Some((name, password)) => {
            builder.credentials(Credentials::new(name.clone(), password.clone())).build()
        }
        None => builder.build(),
    })
}

/// Sends what is due and returns how many were tried.
async fn send_due(identity: &Identity, config: &MailConfig, transport: &Transport) -> DbResult<usize> {
    let jobs = outbox::claim(&identity.db, JOB, identity.now()).await?;
    for job in &jobs {
        let sent = match job.payload().and_then(|letter| message(config, letter)) {
            Ok(message) => transport.send(message).await.map_err(|e| (e.is_permanent(), e.to_string())),
            Err(fault) => Err((true, fault.to_string())),
        };
        settle(identity, job, sent.map(drop)).await?;
    }
    Ok(jobs.len())
}

async fn settle(identity: &Identity, job: &Job, sent: Result<(), (bool, String)>) -> DbResult<()> {
    let (db, now) = (&identity.db, identity.now());
    let Err((permanent, error)) = sent else { return outbox::done(db, job.key).await };
    tracing::warn!(job = job.key, attempts = job.attempts, error, "a mail was not sent");
    if permanent || job.attempts >= ATTEMPTS {
        return outbox::fail(db, job.key, now, &error).await;
    }
    let pause = (30 * SECOND) << job.attempts.clamp(0, 10);
    outbox::retry(db, job.key, now + pause, &error).await
}

fn message(config: &MailConfig, letter: Letter) -> Result<Message, Fault> {
    let mut builder = Message::builder()
        .from(config.from.parse().map_err(Fault::internal)?)
        .to(letter.to.parse().map_err(Fault::internal)?)
        .subject(letter.subject);
    if let Some(reply_to) = &letter.reply_to {
        builder = builder.reply_to(reply_to.parse().map_err(Fault::internal)?);
    }
    if letter.message_id.is_some() {
        builder = builder.message_id(letter.message_id);
    }
    for (name, value) in letter.headers {
        let name = HeaderName::new_from_ascii(name).map_err(Fault::internal)?;
        builder = builder.raw_header(HeaderValue::new(name, value));
    }
    let message = match letter.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(letter.text, html)),
        None => builder.header(ContentType::TEXT_PLAIN).body(letter.text),
    };
    message.map_err(Fault::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_mail_is_well_formed() {
        let config = MailConfig {
            host: "localhost".into(),
            port: 25,
            security: MailSecurity::Plain,
            credentials: None,
            from: "Weft <weft@example.com>".into(),
            public_url: "https://weft.example/".into(),
        };
        assert_eq!(config.base_url(), "https://weft.example");
        let letter = Letter {
            to: "li@example.com".into(),
            subject: "重设密码".into(),
            text: "你好\n".into(),
            html: Some("<p>你好</p>".into()),
            message_id: Some("<weft.1@example.com>".into()),
            headers: vec![("Auto-Submitted".into(), "auto-generated".into())],
            ..Letter::default()
        };
        let bytes = message(&config, letter).unwrap().formatted();
        assert!(bytes.is_ascii(), "headers and body are encoded");
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.contains("Message-ID: <weft.1@example.com>\r\n") && text.contains("multipart/alternative")
        );
        assert!(text.contains("Auto-Submitted: auto-generated\r\n"));
        let nobody = Letter { to: "no address".into(), ..Letter::default() };
        assert!(message(&config, nobody).is_err());
    }
}
