//! Messages that are written now and sent at a time.

use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{Reply, TestPerson, TestServer, eventually, on_both, scratch::unique};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// The server's clock, as the last message says it.
async fn now(person: &TestPerson) -> i64 {
    let own = person.client.post("/conversations", json!({"kind": "direct", "members": []})).await.ok();
    person.say(own["id"].as_str().expect("an id"), "tick").await["at"].as_i64().expect("a time")
}

async fn try_schedule(person: &TestPerson, room: &str, when: Value, message: Value) -> Reply {
    let body = json!({"when": when, "message": message});
    person.client.post(&format!("/conversations/{room}/scheduled"), body).await
}

async fn schedule(person: &TestPerson, room: &str, at: i64, text: &str) -> Value {
    try_schedule(person, room, json!({"at": at}), json!({"nonce": unique("nonce"), "text": text})).await.ok()
}

async fn list(person: &TestPerson) -> Vec<Value> {
    person.client.get("/scheduled").await.ok()["items"].as_array().expect("items").clone()
}

async fn said(person: &TestPerson, room: &str) -> Vec<String> {
    let page = person.client.get(&format!("/conversations/{room}/messages?limit=200")).await.ok();
    let items = page["items"].as_array().expect("items").iter();
    items
        .filter_map(|m| {
            m["content"]["parts"].as_array()?.iter().find_map(|p| {
                (p["type"] == "markdown").then(|| p["text"].as_str().unwrap_or_default().to_owned())
            })
        })
        .collect()
}

async fn until_said(person: &TestPerson, room: &str, text: &str) {
    eventually("it is sent", || async { said(person, room).await.iter().any(|t| t == text).then_some(()) })
        .await;
}

async fn until_failed(person: &TestPerson) -> Value {
    eventually("it has failed", || async { list(person).await.into_iter().find(|s| s["state"] == "failed") })
        .await
}

/// Moves what is scheduled by a stretch of time, as if that had passed.
async fn pass(server: &TestServer, micros: i64) {
    let db = Db::open(&server.database_config()).await.expect("the database opens");
    for sql in [
        "UPDATE scheduled_messages SET at = at - $1",
        "UPDATE outbox SET run_at = run_at - $1 WHERE kind = 'scheduled_send'",
    ] {
        db.execute(Sql::new(sql), params![micros]).await.expect("time passes");
    }
}

fn path(item: &Value) -> String {
    format!("/scheduled/{}", item["id"].as_str().expect("an id"))
}

on_both! {
    async fn a_message_is_sent_at_its_time_and_leaves_the_list_on_every_device(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let at = now(&mei).await + 1_500_000;
        let (mut hers, mut theirs) = (mei.socket().await, org.owner.socket().await);
        let made = schedule(&mei, &room, at, "on time").await;
        assert_eq!((&made["state"], &made["at"], &made["message"]["text"]), (&json!("waiting"), &json!(at), &json!("on time")));
        let told = hers.wait_for("it is scheduled", |f| f["ev"]["k"] == "scheduled").await;
        assert_eq!((&told["ev"]["id"], &told["ev"]["state"]), (&made["id"], &json!("waiting")));
        let came = theirs.wait_for("the message", |f| f["ev"]["k"] == "message").await;
        assert!(came["ev"]["message"]["at"].as_i64() >= Some(at), "not before its time");
        assert_eq!(came["ev"]["message"]["from"], json!(mei.id));
        hers.wait_for("it is gone", |f| f["ev"]["k"] == "scheduled" && f["ev"]["state"] == "gone").await;
        assert!(list(&mei).await.is_empty());
        assert!(theirs.passed().all(|f| f["ev"]["k"] != "scheduled"), "nobody else hears of it");
    }

    async fn it_carries_what_a_message_carries(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let root = org.owner.say(&room, "root").await;
        let upload = mei.client.post("/files/uploads", json!({"name": "a.txt", "size": 1})).await.ok();
        let file = upload["id"].as_str().expect("an id").to_owned();
        let bytes = mei.client.with_header("upload-offset", "0");
        bytes.raw(http::Method::PATCH, &format!("/files/uploads/{file}"), None, b"x".to_vec()).await.expect("an answer").ok();
        let at = now(&mei).await + HOUR;
        let message = json!({"nonce": "n1", "text": "all of it", "thread": root["id"], "quote": root["id"], "files": [file], "ack": {"deadline": at + HOUR}});
        let made = try_schedule(&mei, &room, json!({"at": at}), message.clone()).await.ok();
        assert_eq!(made["files"][0]["name"], "a.txt");
        let again = try_schedule(&mei, &room, json!({"at": at}), message).await.ok();
        assert_eq!(again["id"], made["id"], "the same nonce is the same message");
        // Its files stay, however long it waits.
        let db = Db::open(&server.database_config()).await.expect("the database opens");
        db.execute(Sql::new("UPDATE files SET keep_until = 0 WHERE file > $1"), params![0_i64]).await.expect("an old file");
        mei.client.post(&format!("{}/send", path(&made)), Value::Null).await.ok();
        until_gone(&mei).await;
        let replies = org.owner.client.get(&format!("/conversations/{room}/messages?thread={}", root["id"].as_str().unwrap_or_default())).await.ok();
        let reply = replies["items"].as_array().and_then(|items| items.last()).cloned().expect("a reply");
        let kinds: Vec<_> = reply["content"]["parts"].as_array().into_iter().flatten().map(|p| p["type"].clone()).collect();
        assert_eq!(kinds, [json!("quote"), json!("markdown"), json!("files")]);
        assert_eq!(reply["ack"]["total"], 1, "the deadline moved along");
    }

    async fn it_can_be_changed_moved_and_given_up(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let at = now(&org.owner).await + HOUR;
        let made = schedule(&org.owner, &room, at, "first").await;
        let patch = json!({"when": {"at": at + HOUR}, "message": {"nonce": "x", "text": "second"}});
        let changed = org.owner.client.patch(&path(&made), patch).await.ok();
        assert_eq!((&changed["at"], &changed["message"]["text"], &changed["message"]["nonce"]), (&json!(at + HOUR), &json!("second"), &made["message"]["nonce"]));
        org.owner.client.patch(&path(&made), json!({"when": {"at": 5}})).await.refused(422, "invalid");
        org.owner.client.patch(&path(&made), json!({"message": {"nonce": "x", "text": ""}})).await.refused(422, "invalid");
        let other = schedule(&org.owner, &room, at, "given up").await;
        org.owner.client.delete(&path(&other)).await.ok();
        org.owner.client.delete(&path(&other)).await.refused(404, "not_found");
        pass(&server, 2 * HOUR).await;
        until_said(&org.owner, &room, "second").await;
        until_gone(&org.owner).await;
        assert_eq!(said(&org.owner, &room).await, ["second"]);
    }

    async fn times_are_those_of_the_clock_on_the_wall(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let year = 1970 + now(&org.owner).await / (365 * DAY + DAY / 4);
        // Next spring in Berlin, the clock goes from 2:00 to 3:00 on the last Sunday of March.
        let spring = (25..=31).rev().map(|day| format!("{}-03-{day}", year + 1)).find(|date| weekday(date) == 0).expect("a Sunday");
        let message = |n: &str| json!({"nonce": n, "text": n});
        let when = |time: &str, zone: &str| json!({"local": format!("{spring}T{time}"), "zone": zone});
        let skipped = try_schedule(&org.owner, &room, when("02:30", "Europe/Berlin"), message("a")).await.ok();
        let moved = try_schedule(&org.owner, &room, when("03:30", "Europe/Berlin"), message("b")).await.ok();
        assert_eq!(skipped["at"], moved["at"], "what the clock skips is moved on");
        let before = try_schedule(&org.owner, &room, when("01:30", "Europe/Berlin"), message("c")).await.ok();
        assert_eq!(moved["at"].as_i64().zip(before["at"].as_i64()).map(|(a, b)| a - b), Some(HOUR));
        // Without a zone, the person's own.
        org.owner.client.patch("/me", json!({"timezone": "Asia/Shanghai"})).await.ok();
        let own = try_schedule(&org.owner, &room, json!({"local": format!("{spring}T09:00")}), message("d")).await.ok();
        let utc = try_schedule(&org.owner, &room, when("01:00", "UTC"), message("e")).await.ok();
        assert_eq!(own["at"], utc["at"]);
        // Whoever moves to another zone later has said an instant.
        org.owner.client.patch("/me", json!({"timezone": "America/New_York"})).await.ok();
        let kept = list(&org.owner).await.into_iter().find(|s| s["id"] == own["id"]).expect("it waits");
        assert_eq!(kept["at"], own["at"]);
        for bad in [json!({}), json!({"at": 1, "local": "2030-01-01T00:00"}), json!({"local": "soon"}), json!({"local": "2030-02-30T09:00"}),
                    json!({"local": format!("{spring}T09:00"), "zone": "Mars/Base"}), json!({"at": i64::MAX}), json!({"at": i64::MIN}), json!({"at": 1, "zone": "UTC"})] {
            try_schedule(&org.owner, &room, bad, message("f")).await.refused(422, "invalid");
        }
    }

    async fn what_cannot_be_sent_then_is_kept_with_the_reason(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let at = now(&org.owner).await + HOUR;
        let left = org.owner.conversation("private_channel", &[&mei]).await;
        let archived = org.owner.conversation("private_channel", &[&jonas]).await;
        let gone = org.owner.conversation("private_channel", &[]).await;
        schedule(&mei, &left, at, "left").await;
        schedule(&jonas, &archived, at, "archived").await;
        let quoted = org.owner.say(&gone, "to be recalled").await;
        let message = json!({"nonce": "q", "text": "quote", "quote": quoted["id"]});
        try_schedule(&org.owner, &gone, json!({"at": at}), message).await.ok();
        mei.client.post(&format!("/conversations/{left}/leave"), Value::Null).await.ok();
        org.owner.client.post(&format!("/conversations/{archived}/archive"), Value::Null).await.ok();
        org.owner.client.post(&format!("/messages/{}/recall", quoted["id"].as_str().unwrap_or_default()), Value::Null).await.ok();
        let mut hers = mei.socket().await;
        pass(&server, HOUR).await;
        assert_eq!(until_failed(&mei).await["reason"], "left");
        assert_eq!(until_failed(&jonas).await["reason"], "archived");
        assert_eq!(until_failed(&org.owner).await["reason"], "quote_gone");
        hers.wait_for("she is told", |f| f["ev"]["k"] == "scheduled" && f["ev"]["state"] == "failed").await;
        // Once it can be sent again, it is.
        org.owner.client.post(&format!("/conversations/{archived}/unarchive"), Value::Null).await.ok();
        let failed = until_failed(&jonas).await;
        jonas.client.patch(&path(&failed), json!({"message": {"nonce": "x", "text": "again"}})).await.refused(422, "invalid");
        jonas.client.post(&format!("{}/send", path(&failed)), Value::Null).await.ok();
        until_said(&org.owner, &archived, "archived").await;
    }

    async fn nobody_sends_who_is_no_longer_there(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let at = now(&mei).await + HOUR;
        schedule(&mei, &room, at, "from the past").await;
        org.owner.client.post(&format!("/principals/{}/deactivate", mei.id), Value::Null).await.ok();
        pass(&server, HOUR).await;
        let db = Db::open(&server.database_config()).await.expect("the database opens");
        let reason = || async {
            let row = db.query_one(Sql::new("SELECT reason FROM scheduled_messages"), Vec::new()).await.expect("a row");
            row.get::<Option<String>>(0).expect("a reason")
        };
        let reason = eventually("it has failed", reason).await;
        assert_eq!(reason, "deactivated");
        assert!(said(&org.owner, &room).await.is_empty());
        // Back again, they find it and can still send it.
        org.owner.client.post(&format!("/principals/{}/reactivate", mei.id), Value::Null).await.ok();
        let printed = server.admin("admin token", &["--org", &org.name, "--email", &mei.email]);
        let back = TestPerson { client: server.client().with_token(printed.split_whitespace().next_back().unwrap_or_default()), ..mei };
        let failed = until_failed(&back).await;
        back.client.post(&format!("{}/send", path(&failed)), Value::Null).await.ok();
        until_said(&org.owner, &room, "from the past").await;
    }

    async fn a_server_that_was_down_sends_on_its_return_but_not_a_day_later(server: TestServer) {
        let mut server = server;
        let (room, client) = {
            let org = server.org("Acme").await;
            let room = org.owner.channel(&[]).await;
            let at = now(&org.owner).await + HOUR;
            schedule(&org.owner, &room, at, "late").await;
            schedule(&org.owner, &room, at + 30 * HOUR, "later").await;
            (room, org.owner.clone())
        };
        server.kill();
        pass(&server, 26 * HOUR).await;
        server.restart().await;
        let missed = until_failed(&client).await;
        assert_eq!((&missed["reason"], &missed["message"]["text"]), (&json!("missed"), &json!("late")));
        pass(&server, 10 * HOUR).await;
        until_said(&client, &room, "later").await;
    }

    async fn killed_at_any_moment_it_sends_each_once(server: TestServer) {
        let mut server = server;
        let (room, owner) = {
            let org = server.org("Acme").await;
            (org.owner.channel(&[]).await, org.owner.clone())
        };
        let start = now(&owner).await;
        for n in 0..24 {
            schedule(&owner, &room, start + 1_500_000 + n * 40_000, &format!("m{n}")).await;
        }
        for _ in 0..3 {
            let before = said(&owner, &room).await.len();
            eventually("some are sent", || async { (said(&owner, &room).await.len() > before).then_some(()) }).await;
            server.restart().await;
        }
        until_gone(&owner).await;
        let mut all = said(&owner, &room).await;
        all.sort();
        let mut wanted: Vec<String> = (0..24).map(|n| format!("m{n}")).collect();
        wanted.sort();
        assert_eq!(all, wanted);
    }

    async fn what_was_sent_but_not_noted_is_not_sent_again(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let at = now(&org.owner).await + HOUR;
        let made = schedule(&org.owner, &room, at, "once").await;
        // As after a crash between the message's commit and the job's end: the message is there.
        let mut message = made["message"].clone();
        message["confirm_all"] = json!(true);
        org.owner.client.post(&format!("/conversations/{room}/messages"), message).await.ok();
        pass(&server, HOUR).await;
        until_gone(&org.owner).await;
        assert_eq!(said(&org.owner, &room).await, ["once"]);
    }

    async fn there_are_so_many_and_no_more(server: TestServer) {
        let org = server.org("Acme").await;
        let stranger = org.member("Stranger").await;
        let room = org.owner.conversation("private_channel", &[]).await;
        let at = now(&org.owner).await + HOUR;
        for n in 0..200 {
            schedule(&org.owner, &room, at + n, "many").await;
        }
        let more = json!({"nonce": "more", "text": "more"});
        try_schedule(&org.owner, &room, json!({"at": at}), more.clone()).await.refused(409, "too_many_scheduled");
        try_schedule(&stranger, &room, json!({"at": at}), more).await.refused(404, "not_found");
        let first = list(&org.owner).await.remove(0);
        stranger.client.patch(&path(&first), json!({"when": {"at": at}})).await.refused(404, "not_found");
        stranger.client.delete(&path(&first)).await.refused(404, "not_found");
        assert!(list(&stranger).await.is_empty());
        let ends = json!({"nonce": "", "text": "x"});
        try_schedule(&org.owner, &room, json!({"at": at}), ends).await.refused(422, "invalid");
    }
}

async fn until_gone(person: &TestPerson) {
    eventually("nothing waits", || async { list(person).await.is_empty().then_some(()) }).await;
}

/// 0 is Sunday (Sakamoto's method).
fn weekday(date: &str) -> i64 {
    let part = |n| date.split('-').nth(n).and_then(|p| p.parse::<i64>().ok()).expect("a date");
    let (year, month, day) = (part(0), part(1), part(2));
    let year = if month < 3 { year - 1 } else { year };
    let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][usize::try_from(month - 1).expect("a month")];
    (year + year / 4 - year / 100 + year / 400 + shift + day) % 7
}
