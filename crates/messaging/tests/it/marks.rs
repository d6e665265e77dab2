//! Read marks, preferences, drafts, threads.

use serde_json::{Value, json};
use weft_http::Role;
use weft_testkit::on_both;

use crate::world::{Someone, World};

async fn two(w: &World) -> (Someone, Someone, String) {
    let org = w.org("Acme").await;
    let people = w.people(org, &["Ada", "Bob"], Role::Member).await;
    let path = w.conversation(&people[0], "channel", "talk", &[&people[1]]).await;
    let mut people = people.into_iter();
    (people.next().unwrap(), people.next().unwrap(), path)
}

async fn me(w: &World, who: &Someone, path: &str) -> Value {
    w.ok(who, "GET", path, Value::Null).await["me"].clone()
}

on_both! {
    async fn read_marks_only_rise_and_never_pass_the_head(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let mut sent = Vec::new();
        for n in 0..3 {
            sent.push(w.send(&ada, &path, &format!("{n} <@{}>", bob.id)).await);
        }
        let all = w.send(&ada, &path, "<@all>").await;
        assert_eq!(me(&w, &bob, &path).await["mentions"], 4);
        assert_eq!(me(&w, &ada, &path).await["mentions"], 0);
        w.frames.take();
        let read = format!("{path}/read");
        w.ok(&bob, "PUT", &read, json!({"seq": sent[1]["seq"]})).await;
        let frames = w.frames.take();
        assert_eq!((frames.len(), frames[0].0.clone()), (1, bob.id.to_string()));
        assert_eq!(frames[0].1["k"], "membership");
        assert_eq!((frames[0].1["me"]["read_n"].clone(), frames[0].1["me"]["mentions"].clone()), (json!(2), json!(2)));
        assert_eq!(frames[0].1["last_n"], 4);
        // Backwards, or the same again, is nothing.
        w.ok(&bob, "PUT", &read, json!({"seq": 1})).await;
        w.ok(&bob, "PUT", &read, json!({"seq": -5})).await;
        w.ok(&bob, "PUT", &read, json!({"seq": sent[1]["seq"]})).await;
        assert!(w.frames.take().is_empty());
        w.ok(&bob, "PUT", &read, json!({"seq": i64::MAX})).await;
        let now = me(&w, &bob, &path).await;
        assert_eq!((now["read_seq"].clone(), now["read_n"].clone(), now["mentions"].clone()), (all["seq"].clone(), json!(4), json!(0)));

        let unread = format!("{path}/unread");
        w.ok(&bob, "PUT", &unread, json!({"from_seq": sent[2]["seq"]})).await;
        assert_eq!(me(&w, &bob, &path).await["unread_from"], sent[2]["seq"]);
        for bad in [0, -1, 10_000] {
            w.refused(&bob, "PUT", &unread, json!({"from_seq": bad}), "invalid").await;
        }
        w.ok(&bob, "PUT", &read, json!({"seq": 1})).await;
        assert_eq!(me(&w, &bob, &path).await["unread_from"], Value::Null);
    }

    async fn whoever_writes_has_read(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        w.send(&ada, &path, "one").await;
        let root = w.send(&bob, &path, "two").await;
        w.reply(&ada, &path, &root, "three").await;
        w.reply(&bob, &path, &root, "four").await;
        w.frames.take();
        // Written with the next mark of anybody, or soon: no event tells of it.
        weft_testkit::eventually("bob has read his own words", async || {
            let mine = me(&w, &bob, &path).await;
            let threads = w.ok(&bob, "GET", "/threads", Value::Null).await;
            (mine["read_n"] == 2 && threads["items"][0]["read_n"] == 2).then_some(())
        }).await;
        assert_eq!(me(&w, &ada, &path).await["read_n"], 1);
        assert!(w.frames.take().is_empty());
    }

    async fn many_read_at_once(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let ada = w.person(org, "Ada", Role::Member).await;
        let names: Vec<String> = (0..100).map(|n| format!("Person {n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let crowd = w.people(org, &names, Role::Member).await;
        let path = w.conversation(&ada, "channel", "all", &crowd.iter().collect::<Vec<_>>()).await;
        let sent = w.send(&ada, &path, "hello").await;
        w.frames.take();
        let route = format!("{path}/read");
        let reads = crowd.iter().map(|who| w.ok(who, "PUT", &route, json!({"seq": sent["seq"]})));
        futures_util::future::join_all(reads).await;
        let frames = w.frames.take();
        assert_eq!(frames.len(), 100);
        assert!(frames.iter().all(|(_, ev)| ev["me"]["read_n"] == 1));
        // Who was removed meanwhile is refused, the others are not.
        let late = w.send(&ada, &path, "again").await;
        w.ok(&ada, "DELETE", &format!("{path}/members/{}", crowd[0].id), Value::Null).await;
        let body = json!({"seq": late["seq"]});
        let (first, second) = tokio::join!(w.call(&crowd[0], "PUT", &route, body.clone()), w.call(&crowd[1], "PUT", &route, body.clone()));
        assert_eq!(first.1["code"], "not_member");
        assert!(second.0.is_success());
    }

    async fn a_reply_in_a_thread_leaves_the_main_flow_read(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let root = w.send(&ada, &path, "root").await;
        w.ok(&bob, "PUT", &format!("{path}/read"), json!({"seq": root["seq"]})).await;
        for n in 0..3 {
            w.reply(&ada, &path, &root, &format!("reply {n}")).await;
        }
        let now = w.ok(&bob, "GET", &path, Value::Null).await;
        assert_eq!((now["last_n"].clone(), now["me"]["read_n"].clone()), (json!(1), json!(1)));
    }

    async fn everything_is_read_at_once(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let other = w.conversation(&ada, "private_channel", "other", &[&bob]).await;
        let root = w.send(&bob, &path, "root").await;
        w.reply(&ada, &path, &root, "one").await;
        w.send(&ada, &other, "x").await;
        w.frames.take();
        w.ok(&bob, "POST", "/read-all", Value::Null).await;
        let frames = w.frames.take();
        let kinds: Vec<_> = frames.iter().map(|(_, ev)| ev["k"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["membership", "membership", "thread"]);
        assert_eq!((frames[2].1["read_n"].clone(), frames[2].1["last_n"].clone()), (json!(1), json!(1)));
        for path in [&path, &other] {
            let now = w.ok(&bob, "GET", path, Value::Null).await;
            assert_eq!(now["last_n"], now["me"]["read_n"]);
        }
        w.ok(&bob, "POST", "/read-all", Value::Null).await;
        assert!(w.frames.take().is_empty());
    }

    async fn preferences_are_ones_own(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        w.frames.take();
        let mine = format!("{path}/me");
        let now = w.ok(&bob, "PATCH", &mine, json!({"muted": true, "section": " 项目 "})).await;
        assert_eq!((now["muted"].clone(), now["section"].clone(), now["favourite"].clone()), (json!(true), json!("项目"), json!(false)));
        let now = w.ok(&bob, "PATCH", &mine, json!({"favourite": true})).await;
        assert_eq!((now["muted"].clone(), now["section"].clone(), now["favourite"].clone()), (json!(true), json!("项目"), json!(true)));
        let now = w.ok(&bob, "PATCH", &mine, json!({"section": null, "hidden": true})).await;
        assert_eq!((now["section"].clone(), now["hidden"].clone()), (Value::Null, json!(true)));
        assert_eq!(me(&w, &ada, &path).await["muted"], false);
        assert!(w.frames.take().iter().all(|(log, _)| *log == bob.id.to_string()));
        w.refused(&bob, "PATCH", &mine, json!({"section": "a\u{202E}"}), "invalid").await;
        w.refused(&bob, "PATCH", &mine, json!({"role": "owner"}), "invalid").await;
    }

    async fn drafts_reach_other_devices(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let root = w.send(&ada, &path, "root").await;
        w.frames.take();
        let draft = format!("{path}/draft");
        w.ok(&bob, "PUT", &draft, json!({"text": "半句"})).await;
        w.ok(&bob, "PUT", &draft, json!({"text": "半句"})).await;
        w.ok(&bob, "PUT", &draft, json!({"text": "in thread", "thread": root["id"]})).await;
        let frames = w.frames.take();
        assert_eq!(frames.len(), 2);
        assert_eq!((frames[0].1["k"].clone(), frames[0].1["text"].clone(), frames[0].1["thread"].clone()),
            (json!("draft"), json!("半句"), Value::Null));
        assert_eq!(frames[1].1["thread"], root["id"]);
        let held = w.ok(&bob, "GET", "/bootstrap", Value::Null).await["drafts"].clone();
        assert_eq!(held.as_array().unwrap().len(), 2);
        w.ok(&bob, "PUT", &draft, json!({"text": "  "})).await;
        assert_eq!(w.frames.take()[0].1["text"], "");
        let held = w.ok(&bob, "GET", "/bootstrap", Value::Null).await["drafts"].clone();
        assert_eq!(held.as_array().unwrap().len(), 1);
        w.refused(&bob, "PUT", &draft, json!({"text": "x".repeat(40_001)}), "invalid").await;
        let reply = w.reply(&ada, &path, &root, "r").await;
        w.refused(&bob, "PUT", &draft, json!({"text": "x", "thread": reply["id"]}), "invalid").await;
    }

    async fn threads_are_followed_read_and_listed(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, path) = two(&w).await;
        let first = w.send(&ada, &path, "first").await;
        let second = w.send(&ada, &path, "second").await;
        w.reply(&bob, &path, &first, "to the first").await;
        w.reply(&bob, &path, &second, "to the second").await;
        w.reply(&bob, &path, &first, "to the first again").await;
        // The author follows the threads under their messages; the newest reply comes first.
        let list = w.ok(&ada, "GET", "/threads?limit=1", Value::Null).await;
        let item = &list["items"][0];
        assert_eq!((item["root"].clone(), item["read_n"].clone(), item["last_n"].clone()), (first["id"].clone(), json!(0), json!(2)));
        assert_eq!(item["message"]["replies"]["count"], 2);
        let next = format!("/threads?limit=1&cursor={}", list["next_cursor"].as_str().unwrap());
        let list = w.ok(&ada, "GET", &next, Value::Null).await;
        assert_eq!((list["items"][0]["root"].clone(), list["next_cursor"].clone()), (second["id"].clone(), Value::Null));

        w.frames.take();
        let thread = format!("/messages/{}/thread", first["id"].as_str().unwrap());
        w.ok(&ada, "PUT", &format!("{thread}/read"), json!({"seq": i64::MAX})).await;
        w.ok(&ada, "PUT", &format!("{thread}/read"), json!({"seq": 1})).await;
        let frames = w.frames.take();
        assert_eq!(frames.len(), 1);
        assert_eq!((frames[0].1["k"].clone(), frames[0].1["read_n"].clone()), (json!("thread"), json!(2)));
        w.ok(&ada, "PUT", &thread, json!({"following": false})).await;
        let list = w.ok(&ada, "GET", "/threads", Value::Null).await;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        w.ok(&ada, "PUT", &thread, json!({"following": true})).await;
        assert_eq!(w.ok(&ada, "GET", "/threads", Value::Null).await["items"][0]["read_n"], 2);
        w.refused(&ada, "GET", "/threads?cursor=x", Value::Null, "invalid").await;
        let reply = w.reply(&bob, &path, &first, "third").await;
        let wrong = format!("/messages/{}/thread", reply["id"].as_str().unwrap());
        w.refused(&ada, "PUT", &wrong, json!({"following": true}), "not_a_root").await;
        // Who left sees nothing of it any more.
        w.ok(&ada, "POST", &format!("{path}/leave"), Value::Null).await;
        assert_eq!(w.ok(&ada, "GET", "/threads", Value::Null).await["items"], json!([]));
    }
}
