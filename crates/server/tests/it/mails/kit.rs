//! A server that sends mail into a sink and takes answers, and time that passes.

use std::collections::HashMap;

use http::Method;
use serde_json::{Value, json};
use weft_kernel::Env;
use weft_storage::{Db, Sql, params};
use weft_testkit::{Engine, MailSink, Reply, ServerOptions, TestOrg, TestServer};

pub(super) const SECRET: &str = "a secret of the owner's";
const HOUR: i64 = 3_600_000_000;

pub(super) struct Post {
    pub(super) server: TestServer,
    pub(super) sink: MailSink,
}

impl Post {
    pub(super) async fn start(engine: Engine) -> Post {
        let sink = MailSink::start().await;
        let args = [
            "--smtp-url",
            &sink.url(),
            "--mail-from",
            "Weft <weft@example.com>",
            "--mail-reply-address",
            "reply@example.com",
        ];
        let args = args.map(str::to_owned).to_vec();
        let env = HashMap::from([("WEFT_MAIL_INBOUND_SECRET".to_owned(), SECRET.to_owned())]);
        let server =
            TestServer::start_with(env!("CARGO_BIN_EXE_weft"), engine, ServerOptions { args, env }).await;
        Post { server, sink }
    }

    pub(super) async fn db(&self) -> Db {
        Db::open(&self.server.database_config()).await.expect("the database opens")
    }

    /// An org whose owner is told nothing.
    pub(super) async fn org(&self, name: &str) -> TestOrg<'_> {
        let org = self.server.org(name).await;
        org.owner.client.patch("/me/settings", json!({"mail.digest": {"when": "off"}})).await.ok();
        org
    }

    /// Whoever has something waiting is told now.
    pub(super) async fn hour_passes(&self) {
        let earlier = Sql::new("UPDATE outbox SET run_at = run_at - $1 WHERE kind = 'digest'");
        self.db().await.execute(earlier, params![HOUR]).await.expect("time passes");
    }

    /// Waits until so many people have something waiting, and lets the time pass.
    pub(super) async fn told_of(&self, people: i64) {
        self.waits_for(people).await;
        self.hour_passes().await;
    }

    /// Waits until something waits for so many people, and nobody is being told.
    pub(super) async fn waits_for(&self, people: i64) {
        let waiting = Sql::new(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN attempts = 0 AND run_at > $1 THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM outbox WHERE kind = 'digest'",
        );
        let db = self.db().await;
        weft_testkit::eventually("something waits", || async {
            let row = db.query_one(waiting, params![Env::system().now()]).await.ok()?;
            (row.get::<i64>(0).ok()? == people && row.get::<i64>(1).ok()? == people).then_some(())
        })
        .await;
    }

    /// Hands a mail over as a relay does.
    pub(super) async fn deliver(&self, mail: &str) -> Reply {
        self.deliver_bytes(mail.replace('\n', "\r\n").into_bytes()).await
    }

    pub(super) async fn deliver_bytes(&self, mail: Vec<u8>) -> Reply {
        let relay = self.server.client().with_token(SECRET);
        relay.raw(Method::POST, "/mail/inbound", Some("message/rfc822"), mail).await.expect("an answer")
    }

    /// What became of a mail that was taken.
    pub(super) async fn outcome(&self, mail: &str) -> Value {
        self.deliver(mail).await.ok()
    }
}

/// A mail of somebody's program.
pub(super) fn answer(from: &str, to: &str, id: &str, text: &str) -> String {
    format!(
        "Return-Path: <{from}>\nFrom: Somebody <{from}>\nTo: {to}\nSubject: Re: x\nMessage-ID: <{id}@mail.example>\n\
         Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
}
