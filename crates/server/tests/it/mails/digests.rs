//! What somebody is told by mail.

use http::Method;
use serde_json::{Value, json};
use weft_testkit::{TestSocket, on_both};

use super::kit::Post;

on_both! {
    async fn what_was_missed_comes_in_one_mail(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme <&> Co").await;
        let mei = org.member("Mei").await;
        let (direct, room) = (org.owner.conversation("direct", &[&mei]).await, org.owner.channel(&[&mei]).await);
        mei.client.patch(&format!("/conversations/{room}/me"), json!({"level": "mentions"})).await.ok();
        let first = org.owner.say(&direct, "first <b>bold</b> & \"quoted\"\nsecond line").await;
        org.owner.say(&room, "for nobody").await;
        org.owner.say(&room, &format!("<@{}> look", mei.id)).await;
        org.owner.say(&direct, "last").await;
        post.told_of(1).await;
        let mail = post.sink.next().await;
        assert_eq!(mail.to, mei.email);
        let (text, html) = (mail.text(), mail.html());
        let base = post.server.base();
        for said in ["Olga Owner", "second line", "@Mei look", "last", &format!("{base}/o/")] {
            assert!(text.contains(said) && html.contains(said), "{said}: {text}\n{html}");
        }
        assert!(!text.contains("for nobody"), "{text}");
        assert!(text.find("second line") < text.find("last") && text.find("last") < text.find("look"), "{text}");
        assert!(!html.contains("<b>bold") && !html.contains("<img") && !html.contains("src="), "{html}");
        assert!(html.contains("&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;"), "{html}");
        let page = format!("{base}/o/{}/c/{direct}/{}", org.id, first["seq"]);
        assert!(html.contains(&page), "{html}");
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert_eq!(mail.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert!(mail.header("Message-ID").starts_with("<weft.") && mail.header("Message-ID").ends_with("@example.com>"));
        assert_eq!(mail.header("Reply-To"), "", "two places: each has an address of its own");
        assert_eq!(text.matches("mailto:reply+").count(), 2, "{text}");

        // Nobody is told of it again; what comes then is told by itself.
        org.owner.say(&direct, "later").await;
        post.told_of(1).await;
        let mail = post.sink.next().await;
        assert!(mail.text().contains("later") && !mail.text().contains("second line"), "{}", mail.text());
        assert!(mail.header("Reply-To").starts_with("reply+"), "one place is answered by answering");
        assert!(mail.text().starts_with("— Reply above this line —"), "{}", mail.text());
        assert_eq!(post.sink.count(), 2);
    }

    async fn what_was_read_or_taken_back_is_not_told(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme").await;
        let mei = org.member("Mei").await;
        let (read, kept, left) = (
            org.owner.conversation("direct", &[&mei]).await,
            org.owner.channel(&[&mei]).await,
            org.owner.conversation("private_channel", &[&mei]).await,
        );
        let seen = org.owner.say(&read, "has read this").await;
        let recalled = org.owner.say(&kept, "a slip").await;
        let deleted = org.owner.say(&kept, "a mistake").await;
        org.owner.say(&left, "not for you any more").await;
        org.owner.say(&kept, "stays").await;
        post.waits_for(1).await;
        mei.client.put(&format!("/conversations/{read}/read"), json!({"seq": seen["seq"]})).await.ok();
        let path = |message: &Value| format!("/messages/{}", message["id"].as_str().expect("an id"));
        org.owner.client.post(&format!("{}/recall", path(&recalled)), Value::Null).await.ok();
        org.owner.client.delete(&path(&deleted)).await.ok();
        org.owner.client.delete(&format!("/conversations/{left}/members/{}", mei.id)).await.ok();
        post.hour_passes().await;
        let text = post.sink.next().await.text();
        assert!(text.contains("stays"), "{text}");
        for gone in ["has read", "slip", "mistake", "any more"] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
    }

    async fn wishes_mutes_and_quiet_hours_count(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme").await;
        let (mei, off, muted, quiet) =
            (org.member("Mei").await, org.member("Off").await, org.member("Muted").await, org.member("Quiet").await);
        let room = org.owner.conversation("group", &[&mei, &off, &muted, &quiet]).await;
        off.client.patch("/me/settings", json!({"mail.digest": {"when": "off"}})).await.ok();
        muted.client.patch(&format!("/conversations/{room}/me"), json!({"muted": true})).await.ok();
        let said = org.owner.say(&room, "hello").await;
        let later = said["at"].as_i64().expect("a time") + 3 * 3_600_000_000;
        quiet.client.patch("/me", json!({"dnd": {"until": later}})).await.ok();
        // Mei, and who is not to be disturbed until later.
        post.told_of(2).await;
        assert_eq!(post.sink.next().await.to, mei.email);
        post.waits_for(1).await;
        quiet.client.patch("/me", json!({"dnd": null})).await.ok();
        post.hour_passes().await;
        assert_eq!(post.sink.next().await.to, quiet.email);
        assert_eq!(post.sink.count(), 2);
        for wrong in [json!("off"), json!({"when": "now"}), json!({"when": "day", "hour": 24})] {
            mei.client.patch("/me/settings", json!({"mail.digest": wrong})).await.refused(422, "invalid");
        }
    }

    async fn who_is_there_is_told_when_they_are_away(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let mut socket = TestSocket::live(&mei.client).await;
        socket.send(json!({"t": "active"})).await;
        socket.send(json!({"t": "ping"})).await;
        socket.wait_for("a pong", |frame| frame["t"] == "pong").await;
        org.owner.say(&room, "are you there?").await;
        post.told_of(1).await;
        // Put off, without a mail.
        post.waits_for(1).await;
        assert_eq!(post.sink.count(), 0);
        socket.send(json!({"t": "active", "on": false})).await;
        socket.send(json!({"t": "ping"})).await;
        socket.wait_for("a pong", |frame| frame["t"] == "pong").await;
        post.hour_passes().await;
        assert!(post.sink.next().await.text().contains("are you there?"));
    }

    async fn an_org_decides_what_leaves_the_server(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme").await;
        let mei = org.member("Mei").await;
        mei.client.patch("/me", json!({"locale": "zh-CN", "timezone": "Asia/Shanghai"})).await.ok();
        let room = org.owner.conversation("direct", &[&mei]).await;
        let policy = json!({"mail": {"digests": true, "texts": false}});
        assert_eq!(org.owner.client.patch("/org", policy).await.ok()["mail"]["texts"], false);
        org.owner.say(&room, "a secret").await;
        post.told_of(1).await;
        let mail = post.sink.next().await;
        assert!(mail.text().contains("Olga Owner") && mail.text().contains("条消息"), "{}", mail.text());
        assert!(!mail.raw.contains("secret") && !mail.text().contains("secret") && !mail.html().contains("secret"));
        assert!(mail.html().contains("lang=\"zh-CN\"") && mail.text().starts_with("—— 请在此行上方回复 ——"));
        org.owner.client.patch("/org", json!({"mail": {"digests": false}})).await.ok();
        assert_eq!(mei.client.get("/me/mail").await.ok()["allowed"], false);
        org.owner.say(&room, "nobody is told").await;
        org.owner.client.patch("/org", json!({"mail": {"digests": true}})).await.ok();
        org.owner.say(&room, "told again").await;
        post.told_of(1).await;
        assert!(post.sink.next().await.text().contains("told again"));
        mei.client.patch("/org", json!({"mail": {"digests": false}})).await.refused(403, "forbidden");
    }

    async fn only_addresses_that_are_proven_and_people_who_may_are_told(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme").await;
        let (mei, gone, guest) = (org.member("Mei").await, org.member("Gone").await, org.guest("Typed").await);
        let room = org.owner.conversation("group", &[&mei, &gone, &guest]).await;
        assert_eq!(guest.client.get("/me/mail").await.ok()["proven"], false, "they typed it themselves");
        org.owner.say(&room, "hello").await;
        post.waits_for(2).await;
        org.owner.client.post(&format!("/principals/{}/deactivate", gone.id), Value::Null).await.ok();
        post.hour_passes().await;
        assert_eq!(post.sink.next().await.to, mei.email);
        post.waits_for(0).await;
        assert_eq!(post.sink.count(), 1);
        let own = mei.client.get("/me/mail").await.ok();
        assert_eq!((&own["offered"], &own["proven"], &own["answered"]), (&json!(true), &json!(true), &json!(true)));
        assert_eq!(own["email"], mei.email);
    }

    async fn more_than_fits_is_counted(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        for number in 0..25 {
            org.owner.say(&room, &format!("number {number}.")).await;
        }
        post.told_of(1).await;
        let mail = post.sink.next().await;
        assert!(mail.text().contains("number 0.") && mail.text().contains("number 19."), "{}", mail.text());
        assert!(!mail.text().contains("number 20.") && mail.text().contains("and 5 more"), "{}", mail.text());
        assert!(mail.header("Subject").contains("25 unread messages"), "{}", mail.header("Subject"));
    }

    async fn a_mail_is_ended_with_one_click(engine: Engine) {
        let post = Post::start(engine).await;
        let org = post.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        org.owner.say(&room, "hello").await;
        post.told_of(1).await;
        let link = post.sink.next().await.header("List-Unsubscribe");
        let path = link.trim_matches(['<', '>']).strip_prefix(&format!("{}/api/v1", post.server.base())).expect("our link").to_owned();
        let stranger = post.server.client();
        let page = stranger.get(&path).await;
        assert!(page.status.is_success() && String::from_utf8_lossy(&page.bytes).contains("<form method=\"post\">"));
        assert_eq!(mei.client.get("/me").await.ok()["settings"]["mail.digest"], Value::Null, "looking ends nothing");
        let mut socket = mei.socket().await;
        let body = b"List-Unsubscribe=One-Click".to_vec();
        let kind = Some("application/x-www-form-urlencoded");
        let done = stranger.raw(Method::POST, &path, kind, body).await.expect("an answer");
        assert!(done.status.is_success());
        let told = socket.wait_for("the setting", |f| f["t"] == "event" && f["ev"]["k"] == "settings").await;
        assert_eq!(told["ev"]["settings"]["mail.digest"]["when"], "off");
        let other = format!("{}a", &path[..path.len() - 1]);
        let other = if other == path { format!("{}b", &path[..path.len() - 1]) } else { other };
        stranger.post(&other, Value::Null).await.refused(404, "not_found");
        stranger.get("/mail/unsubscribe/x").await.refused(404, "not_found");
    }
}
