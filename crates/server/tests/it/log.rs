//! The log: dense, exactly once, and caught up with from any cursor.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde_json::{Value, json};
use weft_testkit::{TestClient, TestPerson, on_both};

fn messages(conversation: &str) -> String {
    format!("/conversations/{conversation}/messages")
}

/// Every message of the main flow, page by page.
async fn all(client: &TestClient, conversation: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let page = client.get(&format!("{}?after_seq={after}&limit=200", messages(conversation))).await.ok();
        let items = page["items"].as_array().expect("items").clone();
        after = items.last().and_then(|m| m["seq"].as_i64()).unwrap_or(after);
        found.extend(items);
        if page["has_after"] != true {
            return found;
        }
    }
}

/// Messages by people, by seq, rebuilt from `changes` alone.
async fn rebuilt(client: &TestClient, conversation: &str) -> BTreeMap<i64, Value> {
    let mut state = BTreeMap::new();
    let mut after = 0;
    loop {
        let path = format!("/conversations/{conversation}/changes?after_seq={after}&limit=7");
        let changes = client.get(&path).await.ok();
        for item in changes["items"].as_array().expect("items") {
            if item["type"] == "message" {
                let message = item["message"].clone();
                state.insert(message["seq"].as_i64().expect("a seq"), message);
            }
        }
        let upto = changes["upto_seq"].as_i64().expect("upto_seq");
        assert!(upto >= after, "a cursor never goes back");
        after = upto;
        if changes["more"] != true {
            return state;
        }
    }
}

fn texts(messages: &[Value]) -> Vec<String> {
    let text = |m: &Value| m["content"]["parts"][0]["text"].as_str().map(str::to_owned);
    messages.iter().filter_map(text).collect()
}

on_both! {
    async fn a_repeated_nonce_finds_the_first_message(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let body = json!({"nonce": "n1", "text": "once"});
        let first = org.owner.client.post(&messages(&room), body.clone()).await;
        assert_eq!(first.status, 201);
        let again = org.owner.client.post(&messages(&room), body).await;
        assert_eq!(again.status, 200);
        assert_eq!(again.json()["id"], first.json()["id"]);
        assert_eq!(again.json()["seq"], first.json()["seq"]);
        assert_eq!(texts(&all(&org.owner.client, &room).await), ["once"]);
    }

    async fn a_nonce_with_other_content_is_refused(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let root = org.owner.client.post(&messages(&room), json!({"nonce": "n1", "text": "once"})).await.ok();
        for other in [json!({"nonce": "n1", "text": "twice"}), json!({"nonce": "n1", "text": "once", "thread": root["id"]})] {
            org.owner.client.post(&messages(&room), other).await.refused(409, "nonce_reused");
        }
        assert_eq!(texts(&all(&org.owner.client, &room).await), ["once"]);
    }

    async fn a_nonce_is_its_senders_own(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        for person in [&org.owner, &mei] {
            let sent = person.client.post(&messages(&room), json!({"nonce": "same", "text": person.name.clone()})).await;
            assert_eq!(sent.status, 201);
        }
        let said = texts(&all(&mei.client, &room).await);
        assert!(said.contains(&org.owner.name) && said.contains(&mei.name), "{said:?}");
    }

    async fn one_nonce_sent_many_times_at_once_makes_one_message(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let path = messages(&room);
        let tries = (0..24).map(|_| org.owner.client.post(&path, json!({"nonce": "race", "text": "only one"})));
        let replies = join_all(tries).await;
        assert_eq!(replies.iter().filter(|r| r.status == 201).count(), 1);
        let ids: BTreeSet<String> = replies.into_iter().map(|r| r.ok()["id"].to_string()).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(all(&org.owner.client, &room).await.iter().filter(|m| m["nonce"] == "race").count(), 1);
    }

    async fn numbers_are_dense_when_many_send_at_once(server: TestServer) {
        let org = server.org("Acme").await;
        let mut people = vec![org.owner.clone()];
        for name in ["Mei", "Jonas", "Aiko"] {
            people.push(org.member(name).await);
        }
        let others: Vec<&TestPerson> = people[1..].iter().collect();
        let room = org.owner.channel(&others).await;
        let before = org.owner.see(&room).await;
        let talk = people.iter().map(|person| async {
            for number in 0..25 {
                person.say(&room, &format!("{} {number}", person.name)).await;
            }
        });
        join_all(talk).await;

        let messages = all(&org.owner.client, &room).await;
        let said: Vec<&Value> = messages.iter().filter(|m| m["n"].is_i64() && m["content"]["parts"][0]["type"] == "markdown").collect();
        assert_eq!(said.len(), 100);
        let after = org.owner.see(&room).await;
        assert_eq!(after["head_seq"].as_i64(), before["head_seq"].as_i64().map(|seq| seq + 100));
        assert_eq!(after["last_n"].as_i64(), before["last_n"].as_i64().map(|n| n + 100));
        let seqs: Vec<i64> = said.iter().filter_map(|m| m["seq"].as_i64()).collect();
        assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");
        let ordinals: Vec<i64> = said.iter().filter_map(|m| m["n"].as_i64()).collect();
        assert!(ordinals.windows(2).all(|pair| pair[1] == pair[0] + 1), "{ordinals:?}");
        let times: Vec<i64> = said.iter().filter_map(|m| m["at"].as_i64()).collect();
        assert!(times.is_sorted(), "time never falls within a log");
        for person in &people {
            let own: Vec<String> = texts(&messages).into_iter().filter(|text| text.starts_with(&person.name)).collect();
            let wanted: Vec<String> = (0..25).map(|n| format!("{} {n}", person.name)).collect();
            assert_eq!(own, wanted, "a sender's messages keep their order");
        }
    }

    async fn changes_are_the_present_state(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut ids = Vec::new();
        for number in 0..20 {
            ids.push(org.owner.say(&room, &format!("message {number}")).await["id"].as_str().expect("an id").to_owned());
        }
        let client = &org.owner.client;
        client.patch(&format!("/messages/{}", ids[3]), json!({"text": "edited"})).await.ok();
        client.patch(&format!("/messages/{}", ids[3]), json!({"text": "edited twice"})).await.ok();
        client.post(&format!("/messages/{}/recall", ids[4]), Value::Null).await.ok();
        client.delete(&format!("/messages/{}", ids[5])).await.ok();
        for emoji in ["%F0%9F%91%8D", "%F0%9F%8E%89"] {
            mei.client.put(&format!("/messages/{}/reactions/{emoji}", ids[6]), Value::Null).await.ok();
        }
        client.put(&format!("/messages/{}/pin", ids[7]), Value::Null).await.ok();

        for viewer in [&org.owner, &mei] {
            let fresh: BTreeMap<i64, Value> =
                all(&viewer.client, &room).await.into_iter().map(|m| (m["seq"].as_i64().expect("a seq"), m)).collect();
            assert_eq!(rebuilt(&viewer.client, &room).await, fresh);
            let edited = fresh.values().find(|m| m["id"] == ids[3].as_str()).expect("the edited message");
            assert_eq!(edited["content"]["parts"][0]["text"], "edited twice");
            let recalled = fresh.values().find(|m| m["id"] == ids[4].as_str()).expect("the recalled message");
            assert_eq!(recalled["state"], "recalled");
            assert!(!recalled.to_string().contains("message 4"), "a recalled message has no body");
        }
    }

    async fn a_thousand_reactions_are_one_change(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let message = org.owner.say(&room, "react to this").await;
        let before = org.owner.see(&room).await["head_seq"].as_i64().expect("a head");
        let path = format!("/messages/{}/reactions/%F0%9F%91%8D", message["id"].as_str().expect("an id"));
        for _ in 0..20 {
            org.owner.client.put(&path, Value::Null).await.ok();
            org.owner.client.delete(&path).await.ok();
        }
        org.owner.client.put(&path, Value::Null).await.ok();
        let changes = org.owner.client.get(&format!("/conversations/{room}/changes?after_seq={before}")).await.ok();
        assert_eq!(changes["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(changes["items"][0]["message"]["reactions"][0]["count"], 1);
        assert_eq!(changes["upto_seq"].as_i64(), Some(before + 41), "each took a number");
    }

    async fn pages_meet_without_gap_or_overlap(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        for number in 0..25 {
            org.owner.say(&room, &format!("{number}")).await;
        }
        let forward = all(&org.owner.client, &room).await;
        let mut backward: Vec<Value> = Vec::new();
        let mut query = "limit=7".to_owned();
        loop {
            let page = org.owner.client.get(&format!("{}?{query}", messages(&room))).await.ok();
            let items = page["items"].as_array().expect("items").clone();
            query = format!("limit=7&before_seq={}", items[0]["seq"]);
            backward.splice(0..0, items);
            if page["has_before"] != true {
                break;
            }
        }
        assert_eq!(backward, forward);
        let middle = forward[12]["seq"].as_i64().expect("a seq");
        let around = org.owner.client.get(&format!("{}?around_seq={middle}&limit=5", messages(&room))).await.ok();
        assert!(around["items"].as_array().expect("items").iter().any(|m| m["seq"] == middle));
        assert_eq!((&around["has_before"], &around["has_after"]), (&json!(true), &json!(true)));
    }

    async fn an_edit_and_a_recall_at_once_never_bring_the_text_back(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        for round in 0..8 {
            let message = org.owner.say(&room, "original").await;
            let path = format!("/messages/{}", message["id"].as_str().expect("an id"));
            let recall = format!("{path}/recall");
            let (edit, recalled) = tokio::join!(
                org.owner.client.patch(&path, json!({"text": format!("edit {round}")})),
                org.owner.client.post(&recall, Value::Null),
            );
            assert!(recalled.status.is_success(), "{recalled:?}");
            assert!(edit.status.is_success() || edit.status.is_client_error(), "{edit:?}");
            let last = org.owner.client.get(&path).await.ok();
            assert_eq!(last["state"], "recalled");
            assert!(!last.to_string().contains("original") && !last.to_string().contains("edit "));
            let history = org.owner.client.get(&format!("{path}/history")).await;
            assert!(!String::from_utf8_lossy(&history.bytes).contains("original"), "history goes with it");
        }
    }

    async fn every_reader_sees_the_same_order(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let (mut one, mut two) = (org.owner.socket().await, mei.socket().await);
        let talk = |person: TestPerson| {
            let room = room.clone();
            async move {
                for number in 0..10 {
                    person.say(&room, &format!("{} {number}", person.name)).await;
                }
            }
        };
        tokio::join!(talk(org.owner.clone()), talk(mei.clone()));
        let mut seen = [Vec::new(), Vec::new()];
        for (socket, seen) in [&mut one, &mut two].into_iter().zip(&mut seen) {
            while seen.len() < 20 {
                let frame = socket.wait_for("a message", |f| f["t"] == "event" && f["ev"]["k"] == "message").await;
                seen.push((frame["seq"].as_i64(), frame["ev"]["message"]["id"].clone()));
            }
        }
        assert_eq!(seen[0], seen[1]);
        assert!(seen[0].windows(2).all(|pair| pair[1].0 == pair[0].0.map(|seq| seq + 1)));
    }
}
