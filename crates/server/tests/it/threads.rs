//! Threads are lanes of their own.

use serde_json::{Value, json};
use weft_testkit::on_both;

on_both! {
    async fn a_thread_counts_its_own_replies(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let roots = [org.owner.say(&room, "one").await, org.owner.say(&room, "two").await];
        for root in &roots {
            let id = root["id"].as_str().expect("an id");
            for number in 1..=3 {
                let reply = mei.reply(&room, id, &format!("reply {number}")).await;
                assert_eq!(reply["n"], number);
                assert_eq!((&reply["thread"], &reply["thread_seq"]), (&root["id"], &root["seq"]));
            }
            let seen = org.owner.client.get(&format!("/messages/{id}")).await.ok();
            assert_eq!(seen["replies"]["count"], 3);
            assert_eq!(seen["replies"]["last_n"], 3);
            assert_eq!(seen["replies"]["by"], json!([mei.id]));
        }
        let main = org.owner.client.get(&format!("/conversations/{room}/messages?limit=200")).await.ok();
        assert!(main["items"].as_array().expect("items").iter().all(|m| m["thread"].is_null()));
        let root = roots[0]["id"].as_str().expect("an id");
        let replies = org.owner.client.get(&format!("/conversations/{room}/messages?thread={root}")).await.ok();
        let found: Vec<&Value> = replies["items"].as_array().expect("items").iter().filter(|m| m["thread"] == root).collect();
        assert_eq!(found.len(), 3);
    }

    async fn a_conversation_is_read_as_its_threads(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let old = org.owner.say(&room, "old").await;
        let alone = org.owner.say(&room, "alone").await;
        let gone = org.owner.say(&room, "gone").await;
        org.owner.client.delete(&format!("/messages/{}", gone["id"].as_str().expect("an id"))).await.ok();
        for number in 1..=4 {
            mei.reply(&room, old["id"].as_str().expect("an id"), &format!("reply {number}")).await;
        }
        let path = format!("/conversations/{room}/threads");
        let page = mei.client.get(&path).await.ok();
        let items = page["items"].as_array().expect("items");
        let roots: Vec<&Value> = items.iter().map(|i| &i["message"]["id"]).collect();
        assert_eq!(roots, [&old["id"], &alone["id"]], "what was last spoken in comes first");
        let replies = items[0]["replies"].as_array().expect("replies");
        assert_eq!(replies.len(), 3, "the last ones");
        assert_eq!((&replies[0]["n"], &replies[2]["n"]), (&json!(2), &json!(4)));
        assert_eq!(items[1]["replies"], json!([]));
        let first = mei.client.get(&format!("{path}?limit=1")).await.ok();
        let cursor = first["next_cursor"].as_str().expect("a cursor");
        let second = mei.client.get(&format!("{path}?limit=1&cursor={cursor}")).await.ok();
        assert_eq!((&second["items"][0]["message"]["id"], &second["next_cursor"]), (&alone["id"], &Value::Null));
        mei.client.get(&format!("{path}?cursor=x")).await.refused(422, "invalid");
        mei.client.get(&format!("{path}?limit=51")).await.refused(422, "invalid");
    }

    async fn a_reply_has_no_thread_of_its_own(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let root = org.owner.say(&room, "root").await;
        let reply = org.owner.reply(&room, root["id"].as_str().expect("an id"), "reply").await;
        let body = json!({"nonce": "deeper", "text": "deeper", "thread": reply["id"]});
        let refused = org.owner.client.post(&format!("/conversations/{room}/messages"), body).await;
        assert!(refused.status.is_client_error(), "{refused:?}");
    }

    async fn who_writes_in_a_thread_follows_it(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let root = org.owner.say(&room, "root").await;
        mei.reply(&room, root["id"].as_str().expect("an id"), "mine").await;
        let followed = mei.client.get("/threads").await.ok();
        assert_eq!(followed["items"][0]["root"], root["id"]);
        assert_eq!(followed["items"][0]["following"], true);
        assert_eq!(jonas.client.get("/threads").await.ok()["items"], json!([]));
    }
}
