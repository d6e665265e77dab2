//! What is done after a commit: mail, and what new members join.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use weft_testkit::{TestDb, on_both};

use crate::world::{As, PASSWORD, World, nobody};
use async_trait::async_trait;
use http::StatusCode;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use weft_identity::{Joined, MailConfig, MailSecurity, OnJoin};
use weft_kernel::Fault;

/// Takes mails (RFC 5321, the least of it) and hands their texts on.
async fn mail_server() -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (out, mails) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(talk(socket, out.clone()));
        }
    });
    (port, mails)
}

async fn talk(socket: TcpStream, out: mpsc::UnboundedSender<String>) -> Option<()> {
    let mut lines = BufReader::new(socket);
    lines.write_all(b"220 test\r\n").await.ok()?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        if verb == "DATA" {
            lines.write_all(b"354 go on\r\n").await.ok()?;
            let mut mail = String::new();
            while !mail.ends_with("\r\n.\r\n") {
                lines.read_line(&mut mail).await.ok()?;
            }
            out.send(mail).ok()?;
        }
        let answer: &[u8] = if verb == "QUIT" { b"221 bye\r\n" } else { b"250 fine\r\n" };
        lines.write_all(answer).await.ok()?;
    }
}

fn config(port: u16) -> MailConfig {
    MailConfig {
        host: "127.0.0.1".into(),
        port,
        security: MailSecurity::Plain,
        credentials: None,
        from: "Weft <weft@example.com>".into(),
        public_url: "https://weft.example/".into(),
    }
}

/// The secret at the end of the link in a mail's text.
fn link(mail: &str, path: &str) -> String {
    // The text is quoted-printable: soft line breaks end in `=`.
    let text = mail.replace("=\r\n", "");
    let from = text.find(path).unwrap_or_else(|| panic!("no {path} in {text}")) + path.len();
    text[from..].chars().take_while(char::is_ascii_alphanumeric).collect()
}

async fn next(mails: &mut mpsc::UnboundedReceiver<String>) -> String {
    tokio::time::timeout(Duration::from_secs(30), mails.recv()).await.unwrap().unwrap()
}

async fn posting(test: TestDb) -> (World, As, mpsc::UnboundedReceiver<String>) {
    let (port, mails) = mail_server().await;
    let world = World::with(test, Some(config(port)), Arc::new(weft_identity::NoJoin)).await;
    let owner = world.first_start().await;
    let identity = world.identity.clone();
    tokio::spawn(async move { identity.run_outbox().await });
    (world, owner, mails)
}

on_both! {
    async fn an_invitation_is_mailed_and_its_link_works(test: TestDb) {
        let (world, ann, mut mails) = posting(test).await;
        let made = world.post(&ann, "/invitations", json!({"role": "member", "email": "bob@example.com"})).await;
        assert_eq!(made.body["emailed"], true);
        let mail = next(&mut mails).await;
        assert!(mail.contains("To: bob@example.com"), "{mail}");
        let token = link(&mail, "https://weft.example/invite/");
        let body = json!({"name": "Bob", "password": PASSWORD});
        let joined = world.post(&nobody(), &format!("/invitations/by-token/{token}/accept"), body).await;
        assert_eq!(joined.status, StatusCode::OK, "{joined:?}");
        assert_eq!(joined.body["account"]["email"], "bob@example.com");
    }

    async fn a_forgotten_password_is_reset_by_mail(test: TestDb) {
        let (world, _, mut mails) = posting(test).await;
        for email in ["nobody@example.com", "ann@example.com"] {
            let answer = world.post(&nobody(), "/auth/password/forgot", json!({"email": email})).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED);
        }
        let mail = next(&mut mails).await;
        assert!(mail.contains("To: ann@example.com"), "{mail}");
        let body =
            json!({"token": link(&mail, "https://weft.example/reset/"), "password": "another horse battery"});
        let done = world.post(&nobody(), "/auth/password/reset", body).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
        let body = json!({"email": "ann@example.com", "password": "another horse battery"});
        assert_eq!(world.post(&nobody(), "/auth/sign-in", body).await.status, StatusCode::OK);
    }

    async fn a_new_address_counts_once_its_mailbox_has_said_so(test: TestDb) {
        let (world, ann, mut mails) = posting(test).await;
        let wrong = json!({"email": "ann@new.example", "password": "wrong horse battery"});
        assert_eq!(world.post(&ann, "/auth/email", wrong).await.code(), "bad_credentials");
        let body = json!({"email": "ann@new.example", "password": PASSWORD});
        assert_eq!(world.post(&ann, "/auth/email", body).await.status, StatusCode::ACCEPTED);
        assert_eq!(world.get(&ann, "/me").await.body["account"]["email"], "ann@example.com");
        let mail = next(&mut mails).await;
        assert!(mail.contains("To: ann@new.example"), "{mail}");
        let body = json!({"token": link(&mail, "https://weft.example/email/")});
        let confirm = world.post(&nobody(), "/auth/email/confirm", body.clone()).await;
        assert_eq!(confirm.status, StatusCode::NO_CONTENT);
        assert_eq!(world.post(&nobody(), "/auth/email/confirm", body).await.code(), "token_spent");
        let me = world.get(&ann, "/me").await;
        assert_eq!(me.body["account"]["email"], "ann@new.example");
        assert_eq!(me.body["principal"]["email"], "ann@new.example");
        world.sign_in("ann@new.example").await;
    }
}

/// Fails the first time.
#[derive(Default)]
struct Stumbling {
    calls: AtomicU32,
    joined: parking_lot::Mutex<Vec<Joined>>,
}

#[async_trait]
impl OnJoin for Stumbling {
    async fn joined(&self, joined: &Joined) -> Result<(), Fault> {
        if self.calls.fetch_add(1, Ordering::SeqCst) == 0 {
            return Err(Fault::internal("stumbled"));
        }
        self.joined.lock().push(joined.clone());
        Ok(())
    }
}

on_both! {
    async fn what_a_new_member_joins_is_tried_again_until_it_is_done(test: TestDb) {
        let on_join = Arc::new(Stumbling::default());
        let world = World::with(test, None, on_join.clone()).await;
        let ann = world.first_start().await;
        assert!(on_join.joined.lock().is_empty(), "the first start works although this failed");
        world.join(&ann, "guest", "Gus", "gus@example.com").await;
        world.join(&ann, "member", "Bob", "bob@example.com").await;
        let roles = |list: &[Joined]| list.iter().map(|j| (j.role, j.first)).collect::<Vec<_>>();
        assert_eq!(roles(&on_join.joined.lock()), [(weft_http::Role::Member, false)], "done before the answer");
        world.clock.advance(61_000_000);
        let identity = world.identity.clone();
        let worker = tokio::spawn(async move { identity.run_outbox().await });
        tokio::time::timeout(Duration::from_secs(30), async {
            while on_join.joined.lock().len() < 2 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .unwrap();
        worker.abort();
        let last = on_join.joined.lock().last().cloned().unwrap();
        assert_eq!((last.role, last.first, last.locale.as_str()), (weft_http::Role::Owner, true, "en"));
    }
}
