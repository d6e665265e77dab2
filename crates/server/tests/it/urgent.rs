//! Urgent messages: shown until confirmed, and brought to people step by step.

mod gateway;
mod ladder;
mod phones;

use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{
    Engine, Reply, ServerOptions, TestPerson, TestServer, eventually, on_both, scratch::unique,
};

fn id(message: &Value) -> &str {
    message["id"].as_str().expect("an id")
}

/// A server that may call gateways on this machine, with a mail server that nobody answers for: its
/// mails stay where they can be counted.
async fn server(engine: Engine) -> TestServer {
    let mut options = ServerOptions::default();
    options.env.insert("WEFT_SMTP_URL".into(), "smtp://127.0.0.1:1".into());
    options.env.insert("WEFT_MAIL_FROM".into(), "weft@example.org".into());
    options.env.insert("WEFT_OUTBOUND_ALLOW".into(), "127.0.0.0/8".into());
    TestServer::start_with(env!("CARGO_BIN_EXE_weft"), engine, options).await
}

/// The addresses that mails wait for.
async fn mails(server: &TestServer) -> Vec<String> {
    let db = Db::open(&server.database_config()).await.expect("the database");
    let rows = db
        .query(Sql::new("SELECT payload FROM outbox WHERE kind = 'mail' ORDER BY job"), vec![])
        .await
        .expect("jobs");
    let payloads = rows.iter().map(|row| row.get::<String>(0).expect("text"));
    payloads
        .map(|text| {
            serde_json::from_str::<Value>(&text).expect("JSON")["to"].as_str().expect("text").to_owned()
        })
        .collect()
}

fn steps(each: &[(&str, i64, bool)]) -> Value {
    let steps = each
        .iter()
        .map(|(step, after, breaks)| json!({"step": step, "after_minutes": after, "breaks_quiet": breaks}));
    json!({"steps": steps.collect::<Vec<_>>()})
}

async fn try_urgent(person: &TestPerson, conversation: &str, mut ack: Value) -> Reply {
    ack["urgent"] = true.into();
    let body = json!({"nonce": unique("nonce"), "text": "the **roof** is on fire", "ack": ack});
    person.client.post(&format!("/conversations/{conversation}/messages"), body).await
}

async fn urgent(person: &TestPerson, conversation: &str) -> Value {
    try_urgent(person, conversation, json!({})).await.ok()
}

async fn policy(owner: &TestPerson, change: Value) {
    let mut policy = owner.client.get("/urgent/policy").await.ok()["policy"].clone();
    for (name, value) in change.as_object().expect("an object") {
        policy[name] = value.clone();
    }
    owner.client.put("/urgent/policy", policy).await.ok();
}

/// How far each step to each person is: `person step → state`.
async fn reached(sender: &TestPerson, message: &Value) -> Vec<(String, String, String)> {
    let page = sender.client.get(&format!("/messages/{}/urgent", id(message))).await.ok();
    let mut out = Vec::new();
    for person in page["items"].as_array().expect("items") {
        for step in person["steps"].as_array().expect("steps") {
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            out.push((text(&person["id"]), text(&step["step"]), text(&step["state"])));
        }
    }
    out
}

async fn step_is(sender: &TestPerson, message: &Value, to: &TestPerson, step: &str, state: &str) {
    let wanted = (to.id.clone(), step.to_owned(), state.to_owned());
    let look = || async { reached(sender, message).await.contains(&wanted).then_some(()) };
    eventually(&format!("{step} is {state}"), look).await;
}

async fn confirm(person: &TestPerson, message: &Value) {
    let body = json!({"state": "acknowledged"});
    person.client.put(&format!("/messages/{}/ack", id(message)), body).await.ok();
}

/// Lets minutes pass for everything that is urgent, jobs in hand among it.
async fn later(server: &TestServer, minutes: i64) {
    let db = Db::open(&server.database_config()).await.expect("the database");
    let by = minutes * 60_000_000;
    for statement in [
        Sql::new("UPDATE urgent_messages SET at = at - $1"),
        Sql::new("UPDATE urgent_steps SET at = at - $1"),
        Sql::new("UPDATE outbox SET run_at = run_at - $1 WHERE kind LIKE 'urgent%'"),
    ] {
        db.execute(statement, params![by]).await.expect("time passes");
    }
}

on_both! {
    async fn it_is_shown_until_it_is_confirmed(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let (mut hers, mut own) = (mei.socket().await, org.owner.socket().await);
        let plain = json!({"nonce": unique("n"), "text": "no hurry", "ack": {}});
        let sent = urgent(&org.owner, &room).await;
        assert_eq!(sent["ack"]["urgent"]["state"], "open");
        org.owner.client.post(&format!("/conversations/{room}/messages"), plain).await.ok();
        let told = hers.wait_for("urgency", |f| f["t"] == "waiting" && f["why"] == "urgent").await;
        assert_eq!((&told["message"], &told["from"]), (&sent["id"], &json!(org.owner.id)));
        let waiting = mei.client.get("/acks").await.ok();
        assert_eq!((&waiting["count"], &waiting["urgent"]), (&json!(2), &json!(1)));
        assert_eq!(waiting["items"][0]["id"], sent["id"], "what is urgent comes first, though it is older");
        let cursor = mei.client.get("/acks?limit=1").await.ok()["next_cursor"].as_str().expect("more").to_owned();
        let next = mei.client.get(&format!("/acks?limit=1&cursor={cursor}")).await.ok();
        assert_eq!((next["items"].as_array().map(Vec::len), &next["items"][0]["ack"]["urgent"]), (Some(1), &Value::Null));

        let path = format!("/messages/{}/urgent", id(&sent));
        mei.client.put(&format!("{path}/seen"), Value::Null).await.ok();
        own.wait_for("progress", |f| f["t"] == "urgent" && f["message"] == sent["id"]).await;
        step_is(&org.owner, &sent, &mei, "app", "done").await;
        step_is(&org.owner, &sent, &jonas, "app", "waiting").await;
        mei.client.get(&path).await.refused(403, "not_sender");
        confirm(&mei, &sent).await;
        assert_eq!(mei.client.get("/acks").await.ok()["urgent"], 0);
        let page = org.owner.client.get(&path).await.ok();
        let at = |who: &TestPerson| page["items"].as_array().expect("items").iter().find(|p| p["id"] == who.id.as_str()).expect("them")["confirmed_at"].is_i64();
        assert_eq!((at(&mei), at(&jonas)), (true, false));

        let mut his = jonas.socket().await;
        later(&server, 5).await;
        his.wait_for("it is shown again", |f| f["t"] == "waiting" && f["why"] == "urgent").await;
        mei.client.delete(&path).await.refused(403, "not_sender");
        org.owner.client.delete(&path).await.ok();
        his.wait_for("the end", |f| f["t"] == "waiting" && f["why"] == "cancelled").await;
        let waiting = jonas.client.get("/acks").await.ok();
        assert_eq!((&waiting["count"], &waiting["urgent"]), (&json!(2), &json!(0)), "it still asks");
        assert_eq!(waiting["items"][1]["ack"]["urgent"]["state"], "cancelled");
        org.owner.client.delete(&path).await.ok();
        hers.wait_for("the change", |f| f["ev"]["message"]["ack"]["urgent"]["state"] == "cancelled").await;
        assert!(hers.passed().all(|f| f["why"] != "urgent" && f["why"] != "cancelled"), "who has confirmed is left in peace");
    }

    async fn a_message_that_is_there_becomes_urgent(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas, late) = (org.member("Mei").await, org.member("Jonas").await, org.member("Late").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let said = org.owner.say(&room, "the roof is on fire").await;
        let path = format!("/messages/{}/urgent", id(&said));
        mei.client.post(&path, json!({})).await.refused(403, "not_sender");
        for bad in [json!({"people": []}), json!({"people": [late.id]}), json!({"people": [org.owner.id]}), json!({"x": 1})] {
            org.owner.client.post(&path, bad).await.refused(422, "invalid");
        }
        let mut hers = mei.socket().await;
        let buzzed = org.owner.client.post(&path, json!({"people": [mei.id]})).await.ok();
        assert_eq!((&buzzed["ack"]["people"], &buzzed["ack"]["urgent"]["state"]), (&json!([mei.id]), &json!("open")));
        hers.wait_for("the change", |f| f["ev"]["k"] == "message.changed" && f["ev"]["message"]["ack"]["urgent"]["state"] == "open").await;
        hers.wait_for("urgency", |f| f["t"] == "waiting" && f["why"] == "urgent").await;
        assert_eq!(jonas.client.get("/acks").await.ok()["count"], 0);
        org.owner.client.post(&path, json!({})).await.refused(409, "already_urgent");
        let edited = org.owner.client.patch(&format!("/messages/{}", id(&said)), json!({"text": "all is well"})).await.ok();
        assert_eq!(edited["ack"]["urgent"]["state"], "open");
        let asked = org.owner.client.post(&format!("/conversations/{room}/messages"), json!({"nonce": "a", "text": "?", "ack": {}})).await.ok();
        confirm(&mei, &asked).await;
        let buzzed = org.owner.client.post(&format!("/messages/{}/urgent", id(&asked)), json!({})).await.ok();
        assert_eq!(buzzed["ack"]["total"], 2, "what it asked stays");
        assert_eq!((&mei.client.get("/acks").await.ok()["urgent"], &jonas.client.get("/acks").await.ok()["urgent"]), (&json!(1), &json!(1)), "only who has not confirmed");
        let plain = org.owner.say(&room, "nothing").await;
        org.owner.client.delete(&format!("/messages/{}/urgent", id(&plain))).await.refused(409, "not_urgent");
    }

    async fn only_who_may_and_only_for_few(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas, guest) = (org.member("Mei").await, org.member("Jonas").await, org.guest("Guest").await);
        let room = org.owner.conversation("private_channel", &[&mei, &jonas, &guest]).await;
        try_urgent(&guest, &room, json!({})).await.refused(403, "urgent_not_allowed");
        mei.client.get("/urgent/policy").await.refused(403, "forbidden");
        policy(&org.owner, json!({"people_limit": 2})).await;
        try_urgent(&mei, &room, json!({})).await.refused(409, "urgent_too_many");
        try_urgent(&mei, &room, json!({"from": [jonas.id, guest.id]})).await.ok();
        policy(&org.owner, json!({"senders": "admins", "people_limit": 50})).await;
        try_urgent(&mei, &room, json!({})).await.refused(403, "urgent_not_allowed");
        assert_eq!(mei.client.get("/urgent").await.ok()["may_send"], false);
        policy(&org.owner, json!({"enabled": false})).await;
        try_urgent(&org.owner, &room, json!({})).await.refused(403, "urgent_not_allowed");
        for bad in [json!({"people_limit": 0}), json!({"quiet": {"from": 0, "to": 1440}}), json!({"steps": [{"step": "app", "after_minutes": 1}]}), json!({"x": 1})] {
            org.owner.client.put("/urgent/policy", bad).await.refused(422, "invalid");
        }
    }

    async fn the_last_of_a_day_goes_to_one_of_those_who_race_for_it(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        policy(&org.owner, json!({"per_person_per_day": 3})).await;
        let racing = (0..8).map(|_| try_urgent(&org.owner, &room, json!({})));
        let all = futures_util::future::join_all(racing).await;
        let sent: Vec<&Reply> = all.iter().filter(|reply| reply.status.is_success()).collect();
        assert_eq!(sent.len(), 3);
        for refused in all.iter().filter(|reply| !reply.status.is_success()) {
            refused.refused(409, "urgent_quota");
        }
        assert_eq!(org.owner.client.get("/urgent").await.ok()["left_today"], 0);
        let first = sent[0].json();
        let again = json!({"nonce": first["nonce"], "text": "the **roof** is on fire", "ack": {"urgent": true}});
        let again = org.owner.client.post(&format!("/conversations/{room}/messages"), again).await.ok();
        assert_eq!(again["id"], first["id"], "what was sent is found, though nothing is left");
        try_urgent(&mei, &room, json!({})).await.ok();
        // One that is not sent is not counted.
        let other = json!({"nonce": first["nonce"], "text": "another", "ack": {"urgent": true}});
        mei.client.post(&format!("/conversations/{room}/messages"), json!({"nonce": "n", "text": "x"})).await.ok();
        org.owner.client.post(&format!("/conversations/{room}/messages"), other).await.refused(409, "nonce_reused");
        let usage = org.owner.client.get("/urgent/usage").await.ok();
        assert_eq!((&usage["total"]["messages"], &usage["items"][0]["messages"]), (&json!(4), &json!(3)));
        mei.client.get("/urgent/usage").await.refused(403, "forbidden");
    }

    async fn a_deadline_that_passed_on_the_way_is_dropped(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let path = format!("/conversations/{room}/messages");
        let now = org.owner.say(&room, "before").await["at"].as_i64().expect("a time");
        let body = |late: bool| json!({"nonce": "late", "text": "please", "ack": {"deadline": now - 1_000_000, "drop_late": late}});
        org.owner.client.post(&path, body(false)).await.refused(422, "invalid");
        let sent = org.owner.client.post(&path, body(true)).await.ok();
        assert_eq!((&sent["ack"]["deadline"], &sent["ack"]["total"]), (&Value::Null, &json!(1)));
        assert_eq!(org.owner.client.post(&path, body(true)).await.ok()["id"], sent["id"]);
    }

    async fn a_mail_comes_after_its_time_once_to_who_still_has_to_confirm(engine: Engine) {
        let mut server = server(engine).await;
        let (owner, people, room) = {
            let org = server.org("Acme").await;
            let people = [org.member("Mei").await, org.member("Jonas").await, org.member("Lea").await, org.member("Gus").await, org.member("Night").await];
            let room = org.owner.channel(&people.each_ref()).await;
            (org.owner.clone(), people, room)
        };
        let [mei, jonas, lea, gus, night] = &people;
        let mut wanted = steps(&[("email", 5, false)]);
        wanted["stops_on"] = "read".into();
        policy(&owner, wanted).await;
        night.client.put("/me/urgent", json!({"quiet": {"from": 1, "to": 0}})).await.ok();
        for bad in [json!({"quiet": {"from": -1, "to": 0}}), json!({"calls_per_day": 101}), json!({"x": 1})] {
            night.client.put("/me/urgent", bad).await.refused(422, "invalid");
        }
        let sent = urgent(&owner, &room).await;
        confirm(jonas, &sent).await;
        lea.client.put(&format!("/conversations/{room}/read"), json!({"seq": sent["seq"]})).await.ok();
        owner.client.post(&format!("/principals/{}/deactivate", gus.id), Value::Null).await.ok();
        server.kill();
        later(&server, 5).await;
        server.restart().await;
        step_is(&owner, &sent, mei, "email", "done").await;
        later(&server, 60).await;
        let over = || async { (!reached(&owner, &sent).await.iter().any(|(_, step, state)| step == "email" && state != "done")).then_some(()) };
        eventually("no mail is on its way", over).await;
        assert_eq!(mails(&server).await, [mei.email.as_str()], "not who confirmed, read, is gone, or is to be left in peace");
        let log = owner.client.get("/urgent/deliveries?limit=1").await.ok();
        let cursor = log["next_cursor"].as_str().expect("more").to_owned();
        assert_eq!(owner.client.get(&format!("/urgent/deliveries?cursor={cursor}")).await.ok()["items"].as_array().map(Vec::len), Some(5));
        owner.client.get("/urgent/deliveries?cursor=x").await.refused(422, "invalid");
        assert_eq!(owner.client.get("/urgent/usage").await.ok()["total"]["email"], 1);
    }

    async fn a_crash_in_a_step_counts_as_taken(engine: Engine) {
        let server = server(engine).await;
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        policy(&org.owner, steps(&[("email", 5, true)])).await;
        let sent = urgent(&org.owner, &room).await;
        // As a process leaves it that dies in the middle: written down as begun, its job leased.
        let db = Db::open(&server.database_config()).await.expect("the database");
        let spot = db.query_one(Sql::new("SELECT log, seq, org FROM urgent_messages"), vec![]).await.expect("the message");
        let (log, seq, of): (i64, i64, i64) = (spot.get(0).expect("log"), spot.get(1).expect("seq"), spot.get(2).expect("org"));
        let who: i64 = db.query_one(Sql::new("SELECT principal FROM urgent_steps WHERE step = 1"), vec![]).await.expect("her").get(0).expect("a key");
        let begun = Sql::new("INSERT INTO urgent_steps (log, seq, principal, step, org, state, at) VALUES ($1, $2, $3, 3, $4, 2, 0)");
        db.execute(begun, params![log, seq, who, of]).await.expect("begun");
        let job = json!({"spot": {"log": log, "seq": seq}, "org": of, "to": who, "step": "email"}).to_string();
        db.execute(Sql::new("INSERT INTO outbox (kind, payload, run_at) VALUES ('urgent_step', $1, 0)"), params![job]).await.expect("a job");
        step_is(&org.owner, &sent, &mei, "email", "unknown").await;
        later(&server, 10).await;
        let jobs = || async { db.query(Sql::new("SELECT job FROM outbox WHERE kind = 'urgent_step'"), vec![]).await.expect("jobs").is_empty().then_some(()) };
        eventually("nothing is left to take", jobs).await;
        assert!(mails(&server).await.is_empty());
    }
}
