//! Edits, recall, deletion, reactions, pins, forwarding.

use http::StatusCode;
use serde_json::{Value, json};
use weft_http::Role;
use weft_storage::{Sql, params};
use weft_testkit::on_both;

use crate::world::{Someone, World};

async fn two(w: &World) -> (Someone, Someone, String) {
    let org = w.org("Acme").await;
    let people = w.people(org, &["Ada", "Bob"], Role::Member).await;
    let path = w.conversation(&people[0], "channel", "talk", &[&people[1]]).await;
    let mut people = people.into_iter();
    (people.next().unwrap(), people.next().unwrap(), path)
}

async fn rows(w: &World, sql: Sql) -> i64 {
    w.cx.db.query_one(sql, params![]).await.unwrap().get(0).unwrap()
}

const VERSIONS: Sql = Sql::new("SELECT COUNT(*) FROM message_versions");
const REACTIONS: Sql = Sql::new("SELECT COUNT(*) FROM reactions");
const MENTIONS: Sql = Sql::new("SELECT COUNT(*) FROM mentions");
const BODIES: Sql = Sql::new("SELECT COUNT(*) FROM messages WHERE kind = 1 AND body IS NOT NULL");

on_both! {
    async fn an_edit_keeps_what_was_there(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let quoted = w.send(&bob, &path, "first").await;
        let body = json!({"nonce": "q", "text": format!("hello <@{}>", bob.id), "quote": quoted["id"]});
        let sent = w.ok(&ada, "POST", &format!("{path}/messages"), body).await;
        let message = format!("/messages/{}", sent["id"].as_str().unwrap());
        w.frames.take();
        let edited = w.ok(&ada, "PATCH", &message, json!({"text": "bye **all** <@all>"})).await;
        assert_eq!(edited["content"]["parts"][0]["type"], "quote");
        assert_eq!(edited["content"]["parts"][1]["text"], "bye **all** <@all>");
        assert_eq!((edited["mentions"].clone(), edited["mention_all"].clone()), (json!([]), Value::Null));
        assert!(edited["edited_at"].is_i64() && edited["changed_seq"].as_i64() > edited["seq"].as_i64());
        assert_eq!(rows(&w, MENTIONS).await, 0);
        let frames = w.frames.take();
        assert_eq!((frames.len(), frames[0].1["k"].clone()), (1, json!("message.changed")));
        assert_eq!(frames[0].1["message"], edited);

        // The same text again is no edit.
        w.ok(&ada, "PATCH", &message, json!({"text": "bye **all** <@all>"})).await;
        w.ok(&ada, "PATCH", &message, json!({"text": format!("<@{}>", bob.id)})).await;
        assert_eq!(rows(&w, MENTIONS).await, 1);
        let history = w.ok(&bob, "GET", &format!("{message}/history"), Value::Null).await;
        let texts: Vec<_> = history["items"].as_array().unwrap().iter().map(|v| v["content"]["parts"][1]["text"].clone()).collect();
        assert_eq!(texts, [json!(format!("hello <@{}>", bob.id)), json!("bye **all** <@all>")]);
        assert_eq!(history["items"][0]["at"], sent["at"]);

        w.refused(&bob, "PATCH", &message, json!({"text": "mine"}), "forbidden").await;
        w.refused(&ada, "PATCH", &message, json!({"text": " "}), "invalid").await;
        w.refused(&ada, "PATCH", &message, json!({"text": "x", "extra": 1}), "invalid").await;
    }

    async fn a_tombstone_keeps_nothing(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        for (method, route, state) in [("POST", "/recall", "recalled"), ("DELETE", "", "deleted")] {
            let sent = w.send(&ada, &path, &format!("secret <@{}> <@all>", bob.id)).await;
            let message = format!("/messages/{}", sent["id"].as_str().unwrap());
            w.ok(&ada, "PATCH", &message, json!({"text": format!("more <@{}> <@all>", bob.id)})).await;
            w.ok(&bob, "PUT", &format!("{message}/reactions/%F0%9F%91%8D"), Value::Null).await;
            w.ok(&bob, "PUT", &format!("{message}/pin"), Value::Null).await;
            assert_eq!(rows(&w, MENTIONS).await, 2);
            w.refused(&bob, method, &format!("{message}{route}"), Value::Null, "forbidden").await;
            let gone = w.ok(&ada, method, &format!("{message}{route}"), Value::Null).await;
            assert_eq!((gone["state"].clone(), gone["content"]["parts"].clone()), (json!(state), json!([])));
            assert_eq!((gone["pinned"].clone(), gone["reactions"].clone()), (Value::Null, json!([])));
            assert_eq!((gone["mentions"].clone(), gone["edited_at"].clone()), (json!([]), Value::Null));
            for sql in [VERSIONS, REACTIONS, MENTIONS, BODIES] {
                assert_eq!(rows(&w, sql).await, 0);
            }
            // What is gone stays gone, and takes nothing new.
            let again = w.ok(&ada, method, &format!("{message}{route}"), Value::Null).await;
            assert_eq!(again["changed_seq"], gone["changed_seq"]);
            w.refused(&ada, "PATCH", &message, json!({"text": "x"}), "message_gone").await;
            w.refused(&bob, "PUT", &format!("{message}/reactions/%F0%9F%91%8D"), Value::Null, "message_gone").await;
            w.refused(&bob, "PUT", &format!("{message}/pin"), Value::Null, "message_gone").await;
            assert_eq!(w.ok(&bob, "GET", &format!("{message}/history"), Value::Null).await["items"], json!([]));
        }
    }

    async fn owners_and_admins_delete_what_others_wrote(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let people = w.people(org, &["Ada", "Bob", "Cyd"], Role::Member).await;
        let admin = w.person(org, "Admin", Role::Admin).await;
        let (ada, bob, cyd) = (&people[0], &people[1], &people[2]);
        let path = w.conversation(ada, "channel", "talk", &[bob, cyd]).await;
        let closed = w.conversation(ada, "private_channel", "closed", &[bob]).await;
        let sent = w.send(bob, &path, "x").await;
        let message = format!("/messages/{}", sent["id"].as_str().unwrap());
        w.refused(cyd, "DELETE", &message, Value::Null, "forbidden").await;
        w.ok(ada, "DELETE", &message, Value::Null).await;
        let sent = w.send(bob, &path, "y").await;
        w.ok(&admin, "DELETE", &format!("/messages/{}", sent["id"].as_str().unwrap()), Value::Null).await;
        let hidden = w.send(bob, &closed, "z").await;
        let message = format!("/messages/{}", hidden["id"].as_str().unwrap());
        for (method, route, body) in [
            ("GET", "", Value::Null), ("PATCH", "", json!({"text": "x"})), ("DELETE", "", Value::Null),
            ("POST", "/recall", Value::Null), ("GET", "/history", Value::Null), ("PUT", "/pin", Value::Null),
            ("DELETE", "/pin", Value::Null), ("PUT", "/reactions/:a:", Value::Null), ("PUT", "/thread", json!({"following": true})),
            ("PUT", "/thread/read", json!({"seq": 1})), ("POST", "/forward", json!({"to": [], "nonce": "n"})),
        ] {
            if route != "/forward" {
                w.refused(&admin, method, &format!("{message}{route}"), body.clone(), "not_found").await;
            }
            let nothing = format!("/messages/msg_00000000000000000000000000{route}");
            if route != "/forward" {
                w.refused(ada, method, &nothing, body, "not_found").await;
            }
        }
        // The system's own lines stay.
        let page = w.ok(ada, "GET", &format!("{path}/messages"), Value::Null).await;
        let line = format!("/messages/{}", page["items"][0]["id"].as_str().unwrap());
        w.refused(ada, "DELETE", &line, Value::Null, "system_message").await;
        w.refused(ada, "PATCH", &line, json!({"text": "x"}), "system_message").await;
    }

    async fn an_edit_and_a_recall_at_once_leave_a_tombstone(db: TestDb) {
        let w = World::new(db).await;
        let (ada, _, path) = two(&w).await;
        for round in 0..10 {
            let sent = w.send(&ada, &path, "race").await;
            let message = format!("/messages/{}", sent["id"].as_str().unwrap());
            let recall = format!("{message}/recall");
            let edit = w.call(&ada, "PATCH", &message, json!({"text": "won"}));
            let (edited, recalled) = tokio::join!(edit, w.call(&ada, "POST", &recall, Value::Null));
            assert_eq!(recalled.0, StatusCode::OK, "{round}: {}", recalled.1);
            assert!(edited.0 == StatusCode::OK || edited.1["code"] == "message_gone", "{}", edited.1);
            let now = w.ok(&ada, "GET", &message, Value::Null).await;
            assert_eq!((now["state"].clone(), now["content"]["parts"].clone()), (json!("recalled"), json!([])));
        }
        assert_eq!(rows(&w, VERSIONS).await, 0);
    }

    async fn reactions_are_deltas_and_bounded(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let sent = w.send(&ada, &path, "react").await;
        let message = format!("/messages/{}", sent["id"].as_str().unwrap());
        w.frames.take();
        let up = format!("{message}/reactions/:up:");
        for who in [&ada, &bob, &bob] {
            w.ok(who, "PUT", &up, Value::Null).await;
        }
        let frames = w.frames.take();
        assert_eq!(frames.len(), 2);
        assert_eq!(frames[1].1, json!({"k": "reaction", "message": sent["id"], "message_seq": sent["seq"],
            "emoji": ":up:", "by": bob.id, "on": true, "count": 2}));
        w.ok(&ada, "DELETE", &up, Value::Null).await;
        w.ok(&ada, "DELETE", &up, Value::Null).await;
        assert_eq!(w.frames.take().len(), 1);
        let now = w.ok(&ada, "GET", &message, Value::Null).await;
        assert_eq!(now["reactions"], json!([{"emoji": ":up:", "count": 1, "by": [bob.id]}]));
        // From 😀 (U+1F600) on, one after the other, as a path has them.
        let face = |n: u8| format!("{message}/reactions/%F0%9F%98%{:02X}", 0x80 + n);
        for n in 1..50 {
            w.ok(&ada, "PUT", &face(n), Value::Null).await;
        }
        w.refused(&ada, "PUT", &face(50), Value::Null, "too_many_reactions").await;
        w.refused(&ada, "PUT", &format!("{message}/reactions/:nowhere:"), Value::Null, "unknown_emoji").await;
        w.ok(&ada, "PUT", &up, Value::Null).await;
        for bad in ["x", "%3Cb%3E", "%F0%9F%91%8D%20"] {
            w.refused(&ada, "PUT", &format!("{message}/reactions/{bad}"), Value::Null, "invalid").await;
        }
    }

    async fn pins_are_told_and_listed(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let sent = w.send(&ada, &path, "pin me").await;
        let message = format!("/messages/{}", sent["id"].as_str().unwrap());
        w.frames.take();
        w.ok(&bob, "PUT", &format!("{message}/pin"), Value::Null).await;
        w.ok(&ada, "PUT", &format!("{message}/pin"), Value::Null).await;
        let frames = w.frames.take();
        assert_eq!(frames.len(), 2);
        assert_eq!(frames[0].1["message"]["pinned"]["by"], bob.id.to_string());
        assert_eq!(frames[1].1["message"]["content"]["parts"][0]["params"]["message"], sent["id"]);
        let pins = w.ok(&ada, "GET", &format!("{path}/pins"), Value::Null).await;
        assert_eq!(pins["items"][0]["id"], sent["id"]);
        w.ok(&ada, "DELETE", &format!("{message}/pin"), Value::Null).await;
        assert_eq!(w.ok(&ada, "GET", &format!("{path}/pins"), Value::Null).await["items"], json!([]));
    }

    async fn a_message_is_forwarded_once(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let one = w.conversation(&bob, "private_channel", "one", &[]).await;
        let other = w.conversation(&bob, "direct", "", &[&ada]).await;
        let strange = w.conversation(&ada, "private_channel", "strange", &[]).await;
        let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        let sent = w.send(&ada, &path, "**carry me**").await;
        let route = format!("/messages/{}/forward", sent["id"].as_str().unwrap());
        let ask = json!({"to": [id(&one), id(&other), id(&one)], "nonce": "f1", "text": "看"});
        let first = w.ok(&bob, "POST", &route, ask.clone()).await;
        assert_eq!(first["items"].as_array().unwrap().len(), 2);
        let parts = &first["items"][0]["content"]["parts"];
        assert_eq!(parts[0], json!({"type": "markdown", "text": "看"}));
        assert_eq!((parts[1]["type"].clone(), parts[1]["text"].clone(), parts[1]["from"].clone()),
            (json!("forward"), json!("**carry me**"), json!(ada.id)));
        let again = w.ok(&bob, "POST", &route, ask).await;
        assert_eq!(again["items"], first["items"]);
        let different = json!({"to": [id(&one)], "nonce": "f1", "text": "other"});
        w.refused(&bob, "POST", &route, different, "nonce_reused").await;

        // A forwarded message is carried on as it was.
        let onward = format!("/messages/{}/forward", first["items"][0]["id"].as_str().unwrap());
        let carried = w.ok(&bob, "POST", &onward, json!({"to": [id(&other)], "nonce": "f2"})).await;
        let parts = carried["items"][0]["content"]["parts"].as_array().unwrap().clone();
        assert_eq!(parts.last().unwrap()["text"], "**carry me**");

        // Nothing is written when one of the targets is not the caller's.
        let ask = json!({"to": [id(&one), id(&strange)], "nonce": "f3"});
        w.refused(&bob, "POST", &route, ask, "not_found").await;
        let page = w.ok(&bob, "GET", &format!("{one}/messages"), Value::Null).await;
        assert!(page["items"].as_array().unwrap().iter().all(|m| m["nonce"] != "f3"));
        w.refused(&bob, "POST", &route, json!({"to": [], "nonce": "f4"}), "invalid").await;
    }

    async fn nothing_is_written_into_an_archive(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let sent = w.send(&bob, &path, "x").await;
        let message = format!("/messages/{}", sent["id"].as_str().unwrap());
        w.ok(&ada, "POST", &format!("{path}/archive"), Value::Null).await;
        let say = json!({"nonce": "late", "text": "late"});
        w.refused(&bob, "POST", &format!("{path}/messages"), say, "archived").await;
        w.refused(&bob, "PATCH", &message, json!({"text": "y"}), "archived").await;
        w.refused(&bob, "PUT", &format!("{message}/reactions/:a:"), Value::Null, "archived").await;
        w.refused(&bob, "PUT", &format!("{message}/pin"), Value::Null, "archived").await;
        w.ok(&bob, "GET", &message, Value::Null).await;
    }

    async fn who_reacts_without_end_is_told_to_wait(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let (ada, bob) = (w.person(org, "Ada", Role::Member).await, w.person(org, "Bob", Role::Member).await);
        let room = w.conversation(&ada, "channel", "room", &[&bob]).await;
        let message = format!("/messages/{}", w.send(&ada, &room, "hi").await["id"].as_str().unwrap());
        let up = format!("{message}/reactions/:up:");
        let mut waiting = None;
        for n in 0..1_000 {
            let (status, body) = w.call(&ada, ["PUT", "DELETE"][n % 2], &up, Value::Null).await;
            if !status.is_success() {
                waiting = Some((n, status.as_u16(), body["code"].as_str().map(str::to_owned)));
                break;
            }
        }
        let (n, status, code) = waiting.expect("an end");
        assert!(n >= 60, "{n}");
        assert_eq!((status, code.as_deref()), (429, Some("rate_limited")));
        w.ok(&bob, "PUT", &up, Value::Null).await;
    }
}
