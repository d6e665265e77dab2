//! What messages ask of people and what people keep for themselves, in an archive.

use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{Engine, TestClient, TestPerson, TestServer, eventually};

use super::{BINARY, entries, export, fill};
use crate::files::kit::{file, id, png};

const HOUR: i64 = 3_600_000_000;

/// Tables that are not in an archive, with the reason.
const LEFT_OUT: [(&str, &str); 32] = [
    ("server_state", "of the server"),
    ("logs", "heads are columns of their people, conversations and org"),
    ("schema_version", "of the database"),
    ("control_events", "of the server"),
    ("accounts", "their addresses are columns of people; the rest are credentials"),
    ("orgs", "the section is called org"),
    ("principals", "the section is called people"),
    ("sessions", "credentials"),
    ("access_tokens", "credentials"),
    ("account_links", "credentials"),
    ("invitations", "credentials"),
    ("outbox", "jobs are made anew from what they are for"),
    ("imports", "runs of imports"),
    ("import_map", "three sections: imported_…"),
    ("file_settings", "columns of org"),
    ("uploads", "under way"),
    ("file_waste", "of the store"),
    ("file_texts", "made of the files"),
    ("file_text_heads", "made of the files"),
    ("links", "what was found on the web is found again"),
    ("message_links", "what was found on the web is found again"),
    ("push_devices", "browsers register with the new server"),
    ("push_cursors", "of the server"),
    ("push_shown", "of the browsers"),
    ("away_replies", "told again at most once a day"),
    ("stickers", "two sections: pack_stickers, own_stickers"),
    ("urgent_usage", "counts of this server's gateways"),
    ("phone_gateways", "credentials"),
    ("digests", "of this server's mails"),
    ("digest_told", "of this server's mails"),
    ("vanishing", "what vanishes is left out, and counted"),
    ("file_layouts", "made of the files"),
];

async fn say(person: &TestPerson, room: &str, nonce: &str, extra: Value) -> Value {
    let mut body = json!({"nonce": nonce, "text": ""});
    for (key, value) in extra.as_object().expect("an object") {
        body[key] = value.clone();
    }
    person.client.post(&format!("/conversations/{room}/messages"), body).await.ok()
}

fn poll(extra: Value) -> Value {
    let mut poll = json!({"question": "午饭？", "options": ["面", "饭"]});
    for (key, value) in extra.as_object().expect("an object") {
        poll[key] = value.clone();
    }
    json!({"poll": poll})
}

async fn vote(client: &TestClient, message: &Value, options: &[i64]) -> Value {
    client.put(&format!("/messages/{}/poll/vote", id(message)), json!({"options": options})).await.ok()
}

/// Polls, an urgent message, an alert, something in the inbox, a reminder, a scheduled message.
pub(super) async fn ask(owner: &TestPerson, mei: &TestPerson, room: &str) {
    let named = say(owner, room, "named", poll(json!({"deadline": far(owner, room).await}))).await;
    let secret = say(owner, room, "secret", poll(json!({"anonymous": true}))).await;
    for poll in [&named, &secret] {
        vote(&mei.client, poll, &[1]).await;
        vote(&owner.client, poll, &[0]).await;
    }
    // Counting is an event, which is to be in every archive.
    let counted = async || {
        let page = owner.client.get(&format!("/conversations/{room}/messages")).await.ok();
        let mut polls = page["items"].as_array()?.iter().filter(|message| !message["poll"].is_null());
        polls.all(|poll| poll["poll"]["voters"] == 2).then_some(())
    };
    eventually("the votes are counted", counted).await;

    mei.client.put("/me/alerts", json!({"keywords": ["发布"], "people": [owner.id]})).await.ok();
    say(owner, room, "alert", json!({"text": "今晚发布"})).await;
    let mention = say(owner, room, "mention", json!({"text": format!("<@{}> look", mei.id)})).await;
    let called = async || {
        let inbox = mei.client.get("/inbox").await.ok();
        (inbox["items"].as_array().expect("items").len() >= 2).then_some(())
    };
    eventually("both call her", called).await;
    mei.client.put("/inbox/read", json!({"messages": [mention["id"]], "read": true})).await.ok();

    let at = far(owner, room).await;
    let remind = json!({"note": "later", "remind": {"at": at}});
    mei.client.put(&format!("/messages/{}/saved", id(&mention)), remind).await.ok();
    let picture = file(&mei.client, "later.png", &png(30, 20)).await;
    let message = json!({"nonce": "later", "text": "good morning", "files": [picture["id"]]});
    let when = json!({"when": {"at": at}, "message": message});
    mei.client.post(&format!("/conversations/{room}/scheduled"), when).await.ok();

    mei.client.put("/me/urgent", json!({"calls_per_day": 3})).await.ok();
    // No step that comes later: it would be in one of two archives.
    let mut policy = owner.client.get("/urgent/policy").await.ok()["policy"].clone();
    policy["steps"] = json!([]);
    owner.client.put("/urgent/policy", policy).await.ok();
    say(owner, room, "urgent", json!({"text": "the roof", "ack": {"urgent": true}})).await;
}

/// A time that does not come during a test.
async fn far(owner: &TestPerson, room: &str) -> i64 {
    let page = owner.client.get(&format!("/conversations/{room}/messages?limit=1")).await.ok();
    page["items"][0]["at"].as_i64().expect("a time") + 24 * HOUR
}

/// It is all there, and goes on. `same`: it is the org itself, not a copy.
pub(super) async fn goes_on(server: &TestServer, client: &TestClient, room: &str, same: bool) {
    let page = client.get(&format!("/conversations/{room}/messages?limit=100")).await.ok();
    let found = |what: &str, test: &dyn Fn(&Value) -> bool| {
        page["items"].as_array().expect("items").iter().find(|m| test(m)).expect(what).clone()
    };
    let named = found("the poll", &|m| m["content"]["parts"][0]["anonymous"] == false);
    assert_eq!(named["poll"]["options"][1]["faces"].as_array().map(Vec::len), Some(1), "{named}");
    let changed = vote(client, &named, &[0]).await;
    assert_eq!((&changed["mine"], &changed["poll"]["voters"]), (&json!([0]), &json!(2)), "one vote a person");
    let secret = found("the anonymous poll", &|m| m["content"]["parts"][0]["anonymous"] == true);
    assert_eq!((secret["poll"]["closed_at"].is_i64(), &secret["poll"]["voters"]), (true, &json!(2)));
    let again = client.put(&format!("/messages/{}/poll/vote", id(&secret)), json!({"options": [0]})).await;
    again.refused(409, "poll_closed");

    let alerts = client.get("/me/alerts").await.ok();
    let watched = alerts["people"][0].as_str().expect("somebody").to_owned();
    assert_eq!(client.get(&format!("/principals/{watched}")).await.ok()["role"], "owner", "{alerts}");
    let inbox = client.get("/inbox").await.ok();
    let whys: Vec<_> =
        inbox["items"].as_array().expect("items").iter().map(|i| (&i["why"], &i["unread"])).collect();
    assert!(whys.contains(&(&json!("mention"), &json!(false))), "{inbox}");
    assert!(whys.contains(&(&json!("alert"), &json!(true))), "{inbox}");
    assert_eq!(client.get("/me/urgent").await.ok()["calls_per_day"], 3);

    let scheduled = client.get("/scheduled").await.ok();
    assert_eq!(scheduled["items"][0]["state"], "waiting", "{scheduled}");
    assert_eq!(client.get("/acks").await.ok()["urgent"], 1, "it is shown until it is confirmed");
    if same {
        pass(server).await;
        let sent = async || {
            let page = client.get(&format!("/conversations/{room}/messages?limit=5")).await.ok();
            let mut items = page["items"].as_array()?.iter();
            items.any(|m| m["content"]["parts"][0]["text"] == "good morning").then_some(())
        };
        eventually("the scheduled message is sent", sent).await;
        let reminded = async || {
            let saved = client.get("/saved").await.ok();
            saved["items"][0]["reminded_at"].is_i64().then_some(())
        };
        eventually("she is reminded", reminded).await;
        let closed = async || {
            let read = client.get(&format!("/messages/{}/poll", id(&named))).await.ok();
            read["poll"]["closed_at"].is_i64().then_some(())
        };
        eventually("the poll is closed", closed).await;
    }
}

/// As if a day had passed.
async fn pass(server: &TestServer) {
    let db = Db::open(&server.database_config()).await.expect("the database");
    for sql in [
        "UPDATE scheduled_messages SET at = at - $1",
        "UPDATE polls SET deadline = deadline - $1 WHERE deadline IS NOT NULL",
        "UPDATE outbox SET run_at = run_at - $1",
    ] {
        db.execute(Sql::new(sql), params![24 * HOUR]).await.expect("a later time");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_is_in_an_archive_or_left_out_for_a_reason() {
    let server = TestServer::start(BINARY, Engine::Sqlite).await;
    fill(&server).await;
    let archive = entries(&export(&server, "Acme", "tables.zip"));
    let db = Db::open(&server.database_config()).await.expect("the database");
    let tables = Sql::new(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_%' ESCAPE '\\'",
    );
    for row in db.query(tables, params![]).await.expect("the tables") {
        let table: String = row.get(0).expect("a name");
        let left = LEFT_OUT.iter().any(|(name, _)| *name == table);
        let kept = archive.contains_key(&format!("{table}.jsonl"));
        assert!(
            left != kept,
            "{table}: what an org would miss of it is a section of the archive; else name it here, with the reason"
        );
    }
}
