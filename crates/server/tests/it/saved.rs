//! What people keep for later, with reminders; conversations that are put away.

use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{TestPerson, TestServer, eventually, on_both};

const HOUR: i64 = 3_600_000_000;

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

async fn save(person: &TestPerson, message: &Value, patch: Value) -> Value {
    person.client.put(&format!("/messages/{}/saved", id(message)), patch).await.ok()
}

async fn list(person: &TestPerson, state: &str) -> Vec<Value> {
    let page = person.client.get(&format!("/saved?state={state}")).await.ok();
    page["items"].as_array().expect("items").clone()
}

async fn run(server: &TestServer, sql: &'static str, micros: i64) {
    let db = Db::open(&server.database_config()).await.expect("the database opens");
    db.execute(Sql::new(sql), params![micros]).await.expect("time passes");
}

on_both! {
    async fn messages_are_kept_done_and_taken_out_on_every_device(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let message = org.owner.say(&room, "read this later").await;
        let mut socket = mei.socket().await;
        let mark = save(&mei, &message, json!({})).await;
        assert_eq!((&mark["message"], &mark["state"]), (&message["id"], &json!("open")));
        let told = socket.wait_for("it is kept", |f| f["ev"]["k"] == "saved").await;
        assert_eq!((&told["ev"]["id"], &told["ev"]["message"]), (&mark["id"], &message["id"]));
        let noted = save(&mei, &message, json!({"note": "with Jonas"})).await;
        assert_eq!(noted["id"], mark["id"], "once for each message");
        let kept = list(&mei, "open").await.remove(0);
        assert_eq!((&kept["note"], &kept["message"]["id"], &kept["conversation"]), (&json!("with Jonas"), &message["id"], &json!(room)));
        assert_eq!(mei.client.get("/saved/marks").await.ok()["items"][0]["id"], mark["id"]);
        let path = format!("/saved/{}", id(&mark));
        mei.client.patch(&path, json!({"state": "done"})).await.ok();
        assert_eq!((list(&mei, "open").await.len(), list(&mei, "done").await.len()), (0, 1));
        mei.client.delete(&path).await.ok();
        socket.wait_for("it is out", |f| f["ev"]["k"] == "saved" && f["ev"]["state"] == "gone").await;
        mei.client.delete(&path).await.refused(404, "not_found");
        let again = save(&mei, &message, json!({})).await;
        assert_eq!(again["id"], mark["id"]);
        assert_eq!(list(&mei, "open").await[0]["note"], "", "kept anew, nothing of before holds");
        mei.client.delete(&format!("/messages/{}/saved", id(&message))).await.ok();
        assert!(list(&mei, "open").await.is_empty());
        assert!(list(&org.owner, "open").await.is_empty());
    }

    async fn what_is_kept_shows_the_message_as_it_is_and_only_to_who_may_read_it(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("private_channel", &[&mei]).await;
        let (one, two) = (org.owner.say(&room, "one").await, org.owner.say(&room, "two").await);
        save(&mei, &one, json!({})).await;
        save(&mei, &two, json!({})).await;
        org.owner.client.patch(&format!("/messages/{}", id(&one)), json!({"text": "changed"})).await.ok();
        org.owner.client.post(&format!("/messages/{}/recall", id(&two)), Value::Null).await.ok();
        let kept = list(&mei, "open").await;
        assert_eq!(kept[1]["message"]["content"]["parts"][0]["text"], "changed");
        assert_eq!(kept[0]["message"]["state"], "recalled");
        org.owner.client.delete(&format!("/conversations/{room}/members/{}", mei.id)).await.ok();
        let kept = list(&mei, "open").await;
        assert!(kept.iter().all(|item| item["message"] == Value::Null && item["message_id"].is_string()));
        mei.client.put(&format!("/messages/{}/saved", id(&one)), json!({})).await.refused(404, "not_found");
        mei.client.delete(&format!("/messages/{}/saved", id(&one))).await.ok();
        mei.client.delete(&format!("/messages/{}/saved", id(&one))).await.refused(404, "not_found");
        assert_eq!(list(&mei, "open").await.len(), 1);
    }

    async fn a_reminder_comes_once_also_over_a_crash(server: TestServer) {
        let mut server = server;
        let (room, message, mei, owner) = {
            let org = server.org("Acme").await;
            let mei = org.member("Mei").await;
            let room = org.owner.channel(&[&mei]).await;
            let message = org.owner.say(&room, "remember").await;
            (room, message, mei, org.owner.clone())
        };
        let at = message["at"].as_i64().expect("a time");
        let mut socket = mei.socket().await;
        let mark = save(&mei, &message, json!({"note": "now", "remind": {"at": at + HOUR}})).await;
        mei.client.post("/saved", json!({"note": "water", "remind": {"at": at + HOUR}})).await.ok();
        // Wished otherwise, the earlier time is nothing any more.
        save(&mei, &message, json!({"remind": {"at": at + 2 * HOUR}})).await;
        run(&server, "UPDATE outbox SET run_at = run_at - $1 WHERE kind = 'saved_reminder'", 3 * HOUR).await;
        let water = socket.wait_for("the note", |f| f["t"] == "reminder").await;
        let (water, other) = if water["note"] == "water" {
            (water, socket.wait_for("the message", |f| f["t"] == "reminder").await)
        } else {
            (socket.wait_for("the note", |f| f["t"] == "reminder").await, water)
        };
        assert_eq!(water["message"], Value::Null);
        assert_eq!((&other["message"], &other["conv"], &other["note"]), (&message["id"], &json!(room), &json!("now")));
        let due = || async { list(&mei, "open").await.into_iter().all(|item| item["reminded_at"].is_i64()).then_some(()) };
        eventually("both are due", due).await;
        // As after a crash between the commit and the job's end: the job comes again.
        let db = Db::open(&server.database_config()).await.expect("the database opens");
        let payload = json!([mark["id"], at + 2 * HOUR]).to_string();
        let again = Sql::new("INSERT INTO outbox (kind, payload, run_at) VALUES ('saved_reminder', $1, 1)");
        db.execute(again, params![payload]).await.expect("the job again");
        drop(db);
        server.restart().await;
        let mut socket = mei.socket().await;
        let left = || async {
            let db = Db::open(&server.database_config()).await.expect("the database opens");
            let row = db.query_one(Sql::new("SELECT COUNT(*) FROM outbox WHERE kind = 'saved_reminder'"), Vec::new()).await.expect("a count");
            (row.get::<i64>(0).expect("a count") == 0).then_some(())
        };
        eventually("no job is left", left).await;
        owner.say(&room, "the end").await;
        socket.wait_for("the end", |f| f["ev"]["k"] == "message").await;
        assert!(socket.passed().all(|f| f["t"] != "reminder"), "once");
        // Done reminds no more.
        let done = mei.client.patch(&format!("/saved/{}", id(&mark)), json!({"state": "done"})).await.ok();
        assert_eq!((&done["remind_at"], &done["reminded_at"]), (&Value::Null, &Value::Null));
    }

    async fn bad_wishes_change_nothing(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let message = org.owner.say(&room, "x").await;
        let path = format!("/messages/{}/saved", id(&message));
        for bad in [json!({"state": "gone"}), json!({"state": "x"}), json!({"note": "x".repeat(2001)}), json!({"note": "a\u{0}"}),
                    json!({"remind": {"at": 1}}), json!({"remind": {}}), json!({"remind": 5}), json!({"x": 1})] {
            org.owner.client.put(&path, bad).await.refused(422, "invalid");
        }
        for bad in [json!({}), json!({"note": " "}), json!({"note": "x", "remind": {"local": "x"}})] {
            org.owner.client.post("/saved", bad).await.refused(422, "invalid");
        }
        org.owner.client.get("/saved?state=gone").await.refused(422, "invalid");
        org.owner.client.get("/saved?cursor=x").await.refused(422, "invalid");
        assert!(list(&org.owner, "open").await.is_empty());
        for n in 0..3 {
            org.owner.client.post("/saved", json!({"note": format!("n{n}")})).await.ok();
        }
        let first = org.owner.client.get("/saved?limit=2").await.ok();
        let rest = org.owner.client.get(&format!("/saved?limit=2&cursor={}", first["next_cursor"].as_str().expect("more"))).await.ok();
        let notes: Vec<_> = first["items"].as_array().into_iter().chain(rest["items"].as_array()).flatten().map(|i| i["note"].clone()).collect();
        assert_eq!(notes, [json!("n2"), json!("n1"), json!("n0")]);
    }

    async fn a_conversation_is_put_away_and_returns_at_its_time(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let said = org.owner.say(&room, "one").await;
        let me = format!("/conversations/{room}/me");
        let away = mei.client.patch(&me, json!({"hidden": true})).await.ok();
        assert_eq!((&away["hidden"], &away["hidden_n"]), (&json!(true), &said["n"]));
        let back = mei.client.patch(&me, json!({"hidden": false})).await.ok();
        assert_eq!((&back["hidden"], &back["hidden_n"]), (&json!(false), &Value::Null));
        mei.client.put(&format!("/conversations/{room}/read"), json!({"seq": said["seq"]})).await.ok();
        let at = said["at"].as_i64().expect("a time") + HOUR;
        mei.client.patch(&me, json!({"snooze": {"at": at}, "hidden": false})).await.refused(422, "invalid");
        mei.client.patch(&me, json!({"snooze": {"at": 1}})).await.refused(422, "invalid");
        let away = mei.client.patch(&me, json!({"snooze": {"at": at}})).await.ok();
        assert_eq!((&away["hidden"], &away["snoozed_until"]), (&json!(true), &json!(at)));
        let muted = mei.client.patch(&me, json!({"muted": false})).await.ok();
        assert_eq!(muted["snoozed_until"], json!(at), "other wishes leave it");
        let mut socket = mei.socket().await;
        run(&server, "UPDATE outbox SET run_at = run_at - $1 WHERE kind = 'snooze_return'", HOUR).await;
        let told = socket.wait_for("it returns", |f| f["ev"]["k"] == "membership").await;
        let now = &told["ev"]["me"];
        assert_eq!((&now["hidden"], &now["snoozed_until"], &now["unread_from"]), (&json!(false), &Value::Null, &said["seq"]));
        // Brought back by hand, its time means nothing any more.
        mei.client.patch(&me, json!({"snooze": {"at": at}})).await.ok();
        mei.client.patch(&me, json!({"hidden": false})).await.ok();
        run(&server, "UPDATE outbox SET run_at = run_at - $1 WHERE kind = 'snooze_return'", HOUR).await;
        let left = || async {
            let db = Db::open(&server.database_config()).await.expect("the database opens");
            let row = db.query_one(Sql::new("SELECT COUNT(*) FROM outbox WHERE kind = 'snooze_return'"), Vec::new()).await.expect("a count");
            (row.get::<i64>(0).expect("a count") == 0).then_some(())
        };
        eventually("no job is left", left).await;
        assert_eq!(mei.see(&room).await["me"]["hidden"], json!(false));
    }
}
