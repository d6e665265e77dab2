//! Who is told of what.

use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{TestServer, TestSocket, on_both};

use super::kit::{Browser, PushService, person, proven, server};

const HOUR: i64 = 3_600_000_000;

/// Reminders wished an hour from now are due.
async fn hour_passes(server: &TestServer) {
    let db = Db::open(&server.database_config()).await.expect("the database opens");
    let earlier = Sql::new("UPDATE outbox SET run_at = run_at - $1 WHERE kind = 'saved_reminder'");
    db.execute(earlier, params![HOUR]).await.expect("time passes");
}

on_both! {
    async fn a_direct_message_reaches_a_device_and_is_taken_back_when_read(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, browser) = person(&org, &service, "Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let said = org.owner.say(&room, &format!("**hello** <@{}>, see the plan", mei.id)).await;
        let arrived = service.next().await;
        let key = browser.client.get("/push/key").await.ok()["key"].as_str().expect("a key").to_owned();
        assert!(proven(&arrived, &key)["aud"].as_str().is_some_and(|aud| aud.starts_with("http://127.0.0.1:")));
        assert_eq!((arrived.header("urgency"), arrived.header("content-encoding")), ("high", "aes128gcm"));
        assert_eq!((arrived.header("ttl"), arrived.header("topic").len()), ("86400", 24));
        let told = browser.open(&arrived);
        assert_eq!((&told["t"], &told["conv"], &told["seq"]), (&json!("message"), &json!(room), &said["seq"]));
        assert_eq!(told["body"], "hello @Mei, see the plan");
        assert_eq!(told["url"], format!("/o/{}/c/{room}/{}", told["org"].as_str().expect("an org"), said["seq"]));
        assert_eq!((&told["badge"], &told["me"]), (&json!(1), &json!(mei.id)));

        mei.client.put(&format!("/conversations/{room}/read"), json!({"seq": said["seq"]})).await.ok();
        let cleared = browser.open(&service.next().await);
        assert_eq!((&cleared["t"], &cleared["tag"], &cleared["badge"]), (&json!("clear"), &told["tag"], &json!(0)));
    }

    async fn only_what_concerns_somebody_is_told(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, browser) = person(&org, &service, "Mei").await;
        let jonas = org.member("Jonas").await;
        let (room, quiet) = (org.owner.channel(&[&mei, &jonas]).await, org.owner.channel(&[&mei]).await);
        mei.client.patch(&format!("/conversations/{quiet}/me"), json!({"muted": true})).await.ok();
        mei.client.patch(&format!("/conversations/{room}/me"), json!({"level": "mentions"})).await.ok();
        org.owner.say(&room, "for nobody in particular").await;
        org.owner.say(&room, &format!("<@{}> for another", jonas.id)).await;
        org.owner.say(&quiet, &format!("<@{}> muted", mei.id)).await;
        mei.say(&room, &format!("<@{}> by myself", mei.id)).await;
        let root = mei.say(&room, "a question").await;
        let root = root["id"].as_str().expect("an id");
        // Each of these is the next that arrives: nothing came of the others.
        org.owner.reply(&room, root, "an answer").await;
        let told = browser.open(&service.next().await);
        assert!(told["body"].as_str().is_some_and(|body| body.ends_with(": an answer")), "{told}");
        assert_eq!(told["thread"], root);
        assert!(told["url"].as_str().is_some_and(|url| url.ends_with(&format!("?thread={root}"))), "{told}");
        org.owner.say(&room, "<@all> hear this").await;
        let told = browser.open(&service.next().await);
        assert!(told["body"].as_str().is_some_and(|body| body.ends_with(": @all hear this")), "{told}");
        let group = org.owner.conversation("group", &[&mei, &jonas]).await;
        org.owner.say(&group, "three of us").await;
        assert!(browser.open(&service.next().await)["body"].as_str().is_some_and(|body| body.ends_with("three of us")));
    }

    async fn who_is_there_or_has_left_is_not_told(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, browser) = person(&org, &service, "Mei").await;
        let (there, gone) = (org.owner.channel(&[&mei]).await, org.owner.channel(&[&mei]).await);
        let mut socket = TestSocket::live(&browser.client.in_org(&org.id)).await;
        socket.send(json!({"t": "active"})).await;
        // Answered only after the frame before it was taken.
        socket.send(json!({"t": "ping"})).await;
        socket.wait_for("a pong", |frame| frame["t"] == "pong").await;
        let seen = org.owner.say(&there, &format!("<@{}> in front of it", mei.id)).await;
        mei.client.put(&format!("/conversations/{there}/read"), json!({"seq": seen["seq"]})).await.ok();
        org.owner.say(&gone, &format!("<@{}> and then away", mei.id)).await;
        mei.client.post(&format!("/conversations/{gone}/leave"), Value::Null).await.ok();
        let waits = org.owner.say(&there, &format!("<@{}> turn away", mei.id)).await;
        // Whoever turns away is told of what they have not read, after a moment.
        socket.send(json!({"t": "active", "on": false})).await;
        let told = browser.open(&service.next().await);
        assert_eq!((&told["conv"], &told["seq"]), (&json!(there), &waits["seq"]));
        assert_eq!(service.count(), 1);
    }

    async fn what_is_taken_back_is_taken_from_the_device(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, browser) = person(&org, &service, "Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let said = org.owner.say(&room, "a slip").await;
        let told = browser.open(&service.next().await);
        org.owner.client.post(&format!("/messages/{}/recall", said["id"].as_str().expect("an id")), Value::Null).await.ok();
        let cleared = browser.open(&service.next().await);
        assert_eq!((&cleared["t"], &cleared["tag"]), (&json!("clear"), &told["tag"]));
    }

    async fn of_a_message_that_vanishes_nothing_is_said(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, browser) = person(&org, &service, "Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        org.owner.client.put(&format!("/conversations/{room}/vanish"), json!({"after": 3600})).await.ok();
        org.owner.say(&room, &format!("the code is 4711 <@{}>", mei.id)).await;
        let told = browser.open(&service.next().await);
        assert_eq!(told["body"], "A vanishing message");
        // It goes unread, and from the device too.
        let db = Db::open(&server.database_config()).await.expect("the database opens");
        db.execute(Sql::new("UPDATE vanishing SET at = $1"), params![0_i64]).await.expect("time passes");
        let cleared = browser.open(&service.next().await);
        assert_eq!((&cleared["t"], &cleared["tag"]), (&json!("clear"), &told["tag"]));
    }

    async fn no_more_is_said_than_org_and_reader_allow(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, browser) = person(&org, &service, "Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let says = async |browser: &Browser, words: &str| {
            org.owner.say(&room, words).await;
            browser.open(&service.next().await).to_string()
        };
        assert!(says(&browser, "secret one").await.contains("secret one"));
        let name = org.owner.client.get("/me").await.ok()["principal"]["name"].as_str().expect("a name").to_owned();
        org.owner.client.patch("/org", json!({"push": {"content": "sender"}})).await.ok();
        let told = says(&browser, "secret two").await;
        assert!(!told.contains("secret") && told.contains(&name), "{told}");
        mei.client.patch("/me/settings", json!({"push.content": "nothing"})).await.ok();
        let told = says(&browser, "secret three").await;
        assert!(!told.contains("secret") && !told.contains(&name), "{told}");
        mei.client.patch("/me/settings", json!({"push.content": "full"})).await.ok();
        assert!(!says(&browser, "secret four").await.contains("secret"), "the org allows no more");
        org.owner.client.patch("/org", json!({"push": {"content": "all of it"}})).await.refused(422, "invalid");
    }

    async fn a_reminder_reaches_a_device_once(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, browser) = person(&org, &service, "Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let said = org.owner.say(&room, "read this tomorrow").await;
        assert_eq!(browser.open(&service.next().await)["t"], "message");
        let (path, at) = (format!("/messages/{}/saved", said["id"].as_str().expect("an id")), said["at"].as_i64().expect("a time"));
        let later = json!({"at": at + HOUR});
        mei.client.put(&path, json!({"note": "with Jonas", "remind": later})).await.ok();
        hour_passes(&server).await;
        let told = browser.open(&service.next().await);
        assert_eq!((&told["t"], &told["title"], &told["body"]), (&json!("alert"), &json!("Reminder"), &json!("with Jonas")));
        assert!(told["url"].as_str().is_some_and(|url| url.ends_with(&format!("/c/{room}/{}", said["seq"]))), "{told}");
        mei.client.post("/saved", json!({"note": "water", "remind": later})).await.ok();
        hour_passes(&server).await;
        let told = browser.open(&service.next().await);
        assert_eq!(told["body"], "water", "and nothing of the first again");
        assert!(told["url"].as_str().is_some_and(|url| url.ends_with("/later")), "{told}");
    }
}
