//! What becomes of answers.

use data_encoding::BASE64;
use serde_json::{Value, json};
use weft_testkit::{TestOrg, TestPerson, eventually, on_both};

use super::kit::{Post, answer};

/// Mei was told of a message in a direct conversation and can answer at an address.
struct Told<'a> {
    org: TestOrg<'a>,
    mei: TestPerson,
    room: String,
    to: String,
}

async fn told(post: &Post) -> Told<'_> {
    let org = post.org("Acme").await;
    let mei = org.member("Mei").await;
    let room = org.owner.conversation("group", &[&mei]).await;
    let to = asked(post, &org, &room, "can you?").await;
    Told { org, mei, room, to }
}

/// The address at which a message is answered.
async fn asked(post: &Post, org: &TestOrg<'_>, room: &str, words: &str) -> String {
    org.owner.say(room, words).await;
    post.told_of(1).await;
    post.sink.next().await.header("Reply-To")
}

/// The texts of a conversation, oldest first.
async fn texts(person: &TestPerson, room: &str) -> Vec<String> {
    let page = person.client.get(&format!("/conversations/{room}/messages")).await.ok();
    let items = page["items"].as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|item| Some(item["content"]["parts"][0]["text"].as_str()?.to_owned())).collect()
}

on_both! {
    async fn an_answer_is_posted_once(engine: Engine) {
        let post = Post::start(engine).await;
        let Told { org, mei, room, to } = told(&post).await;
        let mail = answer(&mei.email, &to, "1", "Yes, at **three**.\n\nOn Mon, 2 Nov 2026, Weft <x@y> wrote:\n> can you?");
        let done = post.outcome(&mail).await;
        assert_eq!(done["result"], "posted", "{done}");
        let again = post.outcome(&mail.replace("Return-Path", "X-Hop: 2\nReturn-Path")).await;
        assert_eq!(again["message"], done["message"], "a relay delivers twice");
        assert_eq!(texts(&org.owner, &room).await, ["can you?", "Yes, at **three**."]);
        let message = org.owner.client.get(&format!("/messages/{}", done["message"].as_str().expect("an id"))).await.ok();
        assert_eq!(message["from"], mei.id);
        // Capitals, another order of recipients, a display name: the same mail program's whims.
        let loud = answer(&mei.email.to_uppercase(), &format!("a@b.example, Weft <{}>", to.to_uppercase()), "2", "again");
        assert_eq!(post.outcome(&loud).await["result"], "posted");
        assert_eq!(post.sink.count(), 1, "nobody is written to about it");
    }

    async fn a_thread_is_answered_in_it(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let root = mei.say(&room, "a question").await;
        let root = root["id"].as_str().expect("an id");
        org.owner.reply(&room, root, "an answer").await;
        post.told_of(1).await;
        let mail = post.sink.next().await;
        assert!(mail.text().contains("thread"), "{}", mail.text());
        let before = mei.see(&room).await["me"]["read_n"].clone();
        let done = post.outcome(&answer(&mei.email, &mail.header("Reply-To"), "1", "thanks")).await;
        let message = mei.client.get(&format!("/messages/{}", done["message"].as_str().expect("an id"))).await.ok();
        assert_eq!(message["thread"], root);
        assert_eq!(mei.see(&room).await["me"]["read_n"], before, "an answer reads nothing else");
    }

    async fn where_few_post_only_comments_are_answered(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme").await;
        let mei = org.member("Mei").await;
        let board = json!({"kind": "announcement", "name": "News", "members": [mei.id]});
        let board = org.owner.client.post("/conversations", board).await.ok()["id"].as_str().expect("an id").to_owned();
        let path = format!("/conversations/{board}/messages");
        let said = json!({"nonce": "a", "text": "on Friday", "post": {"title": "Outage"}});
        let root = org.owner.client.post(&path, said).await.ok()["id"].as_str().expect("an id").to_owned();
        post.told_of(1).await;
        let mail = post.sink.next().await;
        assert!(mail.text().contains("Outage") && mail.text().contains("on Friday"), "{}", mail.text());
        assert!(mail.header("Reply-To").is_empty() && !mail.text().contains("mailto:"), "{}", mail.text());
        mei.reply(&board, &root, "why?").await;
        org.owner.reply(&board, &root, "a new switch").await;
        post.told_of(1).await;
        let to = post.sink.next().await.header("Reply-To");
        org.owner.client.patch(&format!("/conversations/{board}"), json!({"comments": false})).await.ok();
        let done = post.outcome(&answer(&mei.email, &to, "1", "I see")).await;
        assert_eq!((&done["result"], &done["reason"]), (&json!("refused"), &json!("comments_off")));
        org.owner.client.patch(&format!("/conversations/{board}"), json!({"comments": true})).await.ok();
        assert_eq!(post.outcome(&answer(&mei.email, &to, "2", "I see")).await["result"], "posted");
    }

    async fn forged_and_unknown_mails_are_refused_in_silence(engine: Engine) {
        let post = Post::start(engine).await;
        let Told { org, mei, room, to } = told(&post).await;
        let stranger = post.org("Other").await;
        post.deliver(&answer("evil@example.org", &to, "1", "pay me")).await.refused(403, "mail_forged");
        post.deliver(&answer(&org.owner.email, &to, "2", "pay me")).await.refused(403, "mail_forged");
        post.deliver(&answer(&stranger.owner.email, &to, "3", "pay me")).await.refused(403, "mail_forged");
        let two = answer(&mei.email, &to, "4", "x").replace("To:", "From: evil@example.org\nTo:");
        post.deliver(&two).await.refused(403, "mail_forged");
        let mut tampered = to.clone().into_bytes();
        tampered[10] = if tampered[10] == b'a' { b'b' } else { b'a' };
        let tampered = String::from_utf8(tampered).expect("text");
        for wrong in [tampered.as_str(), "reply@example.com", "reply+@example.com", "reply+abc@example.com", "x@y.example"] {
            post.deliver(&answer(&mei.email, wrong, "5", "x")).await.refused(404, "mail_address");
        }
        let anybody = post.server.client();
        for client in [anybody.clone(), anybody.with_token("wrong"), mei.client.clone()] {
            let raw = client.raw(http::Method::POST, "/mail/inbound", None, answer(&mei.email, &to, "6", "x").into_bytes());
            raw.await.expect("an answer").refused(401, "unauthenticated");
        }
        assert_eq!(texts(&org.owner, &room).await, ["can you?"]);
        assert_eq!(post.sink.count(), 1, "nobody is written to");
    }

    async fn automatic_answers_vanish(engine: Engine) {
        let post = Post::start(engine).await;
        let Told { org, mei, room, to } = told(&post).await;
        for line in ["Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes", "X-Weft-Digest: 1"] {
            let mail = format!("{line}\n{}", answer(&mei.email, &to, line, "I am away"));
            assert_eq!(post.outcome(&mail).await["result"], "dropped", "{line}");
        }
        let bounce = answer(&mei.email, &to, "b", "undeliverable").replace(&format!("Return-Path: <{}>", mei.email), "Return-Path: <>");
        assert_eq!(post.outcome(&bounce).await["reason"], "bounce");
        assert_eq!(texts(&org.owner, &room).await, ["can you?"]);
        assert_eq!(post.sink.count(), 1);
    }

    async fn who_may_not_post_is_told_why(engine: Engine) {
        let post = Post::start(engine).await;
        let Told { org, mei, room, to } = told(&post).await;
        org.owner.client.post(&format!("/conversations/{room}/archive"), Value::Null).await.ok();
        let done = post.outcome(&answer(&mei.email, &to, "1", "my words")).await;
        assert_eq!((&done["result"], &done["reason"]), (&json!("refused"), &json!("archived")));
        let mail = post.sink.next().await;
        assert_eq!((mail.to.as_str(), mail.header("Auto-Submitted").as_str()), (mei.email.as_str(), "auto-replied"));
        assert!(mail.text().contains("archived") && mail.text().contains("my words"), "{}", mail.text());
        org.owner.client.post(&format!("/conversations/{room}/unarchive"), Value::Null).await.ok();
        let quoted = "On Mon, 2 Nov 2026, Weft <x@y> wrote:\n> can you?";
        assert_eq!(post.outcome(&answer(&mei.email, &to, "2", quoted)).await["reason"], "empty");
        assert!(post.sink.next().await.text().contains("no text above"));
        mei.client.post(&format!("/conversations/{room}/leave"), Value::Null).await.ok();
        let left = post.outcome(&answer(&mei.email, &to, "3", "still here")).await;
        assert_eq!(left["result"], "refused", "{left}");
        assert!(post.sink.next().await.text().contains("not in the conversation"));
        // Told three times at once; after that in silence.
        assert_eq!(post.outcome(&answer(&mei.email, &to, "4", "hello?")).await["result"], "refused");
        assert_eq!(post.sink.count(), 4);
        org.owner.client.post(&format!("/principals/{}/deactivate", mei.id), Value::Null).await.ok();
        assert_eq!(post.outcome(&answer(&mei.email, &to, "5", "x")).await["reason"], "deactivated");
        assert!(!texts(&org.owner, &room).await.iter().any(|text| text != "can you?"));
    }

    async fn attachments_become_files(engine: Engine) {
        let post = Post::start(engine).await;
        let Told { org, mei, room, to } = told(&post).await;
        let pdf = BASE64.encode(b"%PDF-1.4 not much of one");
        let mail = |id: &str, name: &str| {
            format!(
                "From: {}\nTo: {to}\nMessage-ID: <{id}@x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
                 Content-Type: text/plain; charset=gb18030\nContent-Transfer-Encoding: base64\n\nz8LO58j9teO/ydLU\n--b\n\
                 Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"{name}\"\n\
                 Content-Transfer-Encoding: base64\n\n{pdf}\n--b--\n",
                mei.email
            )
        };
        let done = post.outcome(&mail("1", "../plan.pdf")).await;
        let path = format!("/messages/{}", done["message"].as_str().expect("an id"));
        let message = org.owner.client.get(&path).await.ok();
        assert_eq!(message["content"]["parts"][0]["text"], "下午三点可以");
        let file = &message["content"]["parts"][1]["files"][0];
        assert_eq!(file["name"], "plan.pdf", "{message}");
        let bytes = org.owner.client.get(&format!("/files/{}/content", file["id"].as_str().expect("an id"))).await;
        assert_eq!(bytes.bytes, b"%PDF-1.4 not much of one".as_slice());
        org.owner.client.patch("/files/settings", json!({"max_file_size": 5})).await.ok();
        let done = post.outcome(&mail("2", "large.pdf")).await;
        let message = org.owner.client.get(&format!("/messages/{}", done["message"].as_str().expect("an id"))).await.ok();
        let text = message["content"]["parts"][0]["text"].as_str().expect("a text");
        assert!(text.contains("下午三点可以") && text.contains("left out"), "{text}");
        assert_eq!(texts(&org.owner, &room).await.len(), 3);
    }

    async fn bad_mails_hurt_nobody(engine: Engine) {
        let post = Post::start(engine).await;
        let Told { org, mei, room, to } = told(&post).await;
        for none in ["", "\n", "no headers at all"] {
            post.deliver(none).await.refused(422, "mail_unreadable");
        }
        let large = format!("{}{}", answer(&mei.email, &to, "large", "x"), "y".repeat(30 << 20));
        post.deliver_bytes(large.into_bytes()).await.refused(413, "too_large");
        let head = |id: &str| format!("From: {}\nTo: {to}\nMessage-ID: <{id}@x>\n", mei.email);
        let deep = format!("{}{}hi", head("deep"), "Content-Type: message/rfc822\n\n".repeat(100_000));
        assert_eq!(post.outcome(&deep).await["reason"], "unreadable");
        let nested: String = (0..200).map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n")).collect();
        let nested = format!("{}{nested}Content-Type: text/plain\n\nfound it\n", head("nested"));
        assert_eq!(post.outcome(&nested).await["result"], "posted");
        assert_eq!(post.outcome(&format!("{}\n", head("none"))).await["reason"], "empty");
        let mut bytes = format!("{}\ncaf", head("bytes")).into_bytes();
        bytes.extend([0xff, 0xfe, 0x00, 0x80]);
        bytes.extend(b" is not UTF-8");
        let done = post.deliver_bytes(bytes).await.ok();
        assert!(matches!(done["result"].as_str(), Some("posted" | "refused")), "{done}");
        let half = format!("{}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhalf a", head("half"));
        assert_eq!(post.outcome(&half).await["result"], "posted");
        let said = texts(&org.owner, &room).await;
        assert!(said.iter().any(|text| text == "found it") && said.iter().any(|text| text == "half a"), "{said:?}");
        // The server is as well as before.
        assert_eq!(post.outcome(&answer(&mei.email, &to, "fine", "fine")).await["result"], "posted");
    }

    async fn a_mail_server_pipes_answers_in(engine: Engine) {
        let post = Post::start(engine).await;
        let Told { org, mei, room, to } = told(&post).await;
        let listen = post.server.base().trim_start_matches("http://").to_owned();
        let pipe = |args: &[&str], mail: &str| {
            let args = [&["--listen", &listen][..], args].concat();
            post.server.run("mail deliver", &args, mail).status.code()
        };
        // The address only in the envelope.
        let mail = answer(&mei.email, "undisclosed-recipients:;", "1", "piped in");
        assert_eq!(pipe(&["--to", &to], &mail), Some(0));
        assert_eq!(pipe(&[], &mail), Some(67));
        assert_eq!(pipe(&["--to", &to], &answer("evil@example.org", &to, "2", "x")), Some(77));
        assert_eq!(pipe(&["--to", &to], ""), Some(65));
        assert_eq!(pipe(&["--to", &to, "--mail-inbound-secret", "another secret it is"], &mail), Some(75));
        assert_eq!(pipe(&["--server", "http://127.0.0.1:1"], &mail), Some(75));
        eventually("it is posted", || async {
            (texts(&org.owner, &room).await == ["can you?", "piped in"]).then_some(())
        })
        .await;
    }

    async fn an_answer_at_a_time_long_past_is_refused(engine: Engine) {
        let post = Post::start(engine).await;
        let Told { mei, .. } = told(&post).await;
        let to = run_out(&post, &mei).await;
        let done = post.outcome(&answer(&mei.email, &to, "1", "late")).await;
        assert_eq!((&done["result"], &done["reason"]), (&json!("refused"), &json!("expired")));
        assert!(post.sink.next().await.text().contains("two weeks"));
    }
}

/// A token that was good until the first of January 1970, signed as the server signs.
async fn run_out(post: &Post, mei: &TestPerson) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    use weft_kernel::id::PrincipalId;
    use weft_storage::{Sql, params};
    let db = post.db().await;
    let key = Sql::new("SELECT value FROM server_state WHERE key = 'mail_key'");
    let key: String = db.query_one(key, Vec::new()).await.expect("the key").get(0).expect("text");
    let key = data_encoding::HEXLOWER.decode(key.as_bytes()).expect("hex");
    let who = Sql::new("SELECT principal FROM principals WHERE id = $1");
    let id: PrincipalId = mei.id.parse().expect("an id");
    let who: i64 = db.query_one(who, params![id]).await.expect("Mei").get(0).expect("a key");
    let mut says = Vec::new();
    for number in [who, 1, 0] {
        says.extend(&number.to_be_bytes()[3..]);
    }
    says.extend([0, 0]);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).expect("any key fits");
    mac.update(b"answer\0");
    mac.update(&says);
    says.extend(&mac.finalize().into_bytes()[..12]);
    format!("reply+{}@example.com", data_encoding::BASE32_NOPAD.encode(&says))
}
