//! Sends due mail, with growing pauses after failures.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::header::ContentType,
    transport::smtp::authentication::Credentials,
};
use weft_kernel::{Fault, Micros};
use weft_storage::{DbResult, params};

use super::{MailConfig, MailSecurity, Payload, sql};
use crate::{Identity, state::SECOND};

/// Looks for mail of other processes, and for retries, this often.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// A claimed mail is tried again by anyone after this long.
const CLAIM_FOR: Micros = 300 * SECOND;
/// Longest talk with the mail server about one mail.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);
/// Attempts, over about a day.
const ATTEMPTS: i64 = 10;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// See [`Identity::run_mail`].
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
    let now = identity.now();
    let mut tx = identity.db.begin().await?;
    let rows = tx.query(sql::CLAIM, params![now, now + CLAIM_FOR]).await?;
    tx.commit().await?;
    for row in &rows {
        let (job, payload, attempts): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let sent = match message(config, &payload) {
            Ok(message) => {
                transport.send(message).await.map(drop).map_err(|e| (e.is_permanent(), e.to_string()))
            }
            Err(fault) => Err((true, fault.to_string())),
        };
        settle(identity, job, attempts, sent).await?;
    }
    Ok(rows.len())
}

async fn settle(
    identity: &Identity,
    job: i64,
    attempts: i64,
    sent: Result<(), (bool, String)>,
) -> DbResult<()> {
    let now = identity.now();
    let Err((permanent, error)) = sent else {
        identity.db.execute(sql::DONE, params![job]).await?;
        return Ok(());
    };
    tracing::warn!(job, attempts, error, "a mail was not sent");
    if permanent || attempts >= ATTEMPTS {
        identity.db.execute(sql::FAIL, params![job, now, error]).await?;
    } else {
        let pause = (30 * SECOND) << attempts.clamp(0, 10);
        identity.db.execute(sql::RETRY, params![job, now + pause, error]).await?;
    }
    Ok(())
}

fn message(config: &MailConfig, payload: &str) -> Result<Message, Fault> {
    let payload: Payload = serde_json::from_str(payload).map_err(Fault::internal)?;
    Message::builder()
        .from(config.from.parse().map_err(Fault::internal)?)
        .to(payload.to.parse().map_err(Fault::internal)?)
        .subject(payload.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(payload.body)
        .map_err(Fault::internal)
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
        let payload =
            Payload { to: "li@example.com".into(), subject: "重设密码".into(), body: "你好\n".into() };
        let json = serde_json::to_string(&payload).unwrap();
        let bytes = message(&config, &json).unwrap().formatted();
        assert!(bytes.is_ascii(), "headers and body are encoded");
        assert!(message(&config, "{}").is_err());
    }
}
