//! Read marks and what they make of the unread counts.

use serde_json::{Value, json};
use weft_testkit::{TestPerson, on_both};

async fn unread(person: &TestPerson, conversation: &str) -> i64 {
    let seen = person.see(conversation).await;
    seen["last_n"].as_i64().expect("last_n") - seen["me"]["read_n"].as_i64().expect("read_n")
}

async fn read(person: &TestPerson, conversation: &str, seq: &Value) -> weft_testkit::Reply {
    person.client.put(&format!("/conversations/{conversation}/read"), json!({"seq": seq})).await
}

on_both! {
    async fn unread_counts_messages_and_nothing_else(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let start = unread(&mei, &room).await;
        let mut said = Vec::new();
        for number in 0..5 {
            said.push(org.owner.say(&room, &format!("{number}")).await);
        }
        assert_eq!(unread(&mei, &room).await, start + 5);

        let first = format!("/messages/{}", said[0]["id"].as_str().expect("an id"));
        org.owner.client.put(&format!("{first}/reactions/%F0%9F%91%8D"), Value::Null).await.ok();
        org.owner.client.patch(&first, json!({"text": "changed"})).await.ok();
        assert_eq!(unread(&mei, &room).await, start + 5, "reactions and edits are not unread");

        read(&mei, &room, &said[2]["seq"]).await.ok();
        assert_eq!(unread(&mei, &room).await, 2);
        read(&mei, &room, &said[0]["seq"]).await.ok();
        assert_eq!(unread(&mei, &room).await, 2, "a read mark only rises");
        read(&mei, &room, &said[4]["seq"]).await.ok();
        assert_eq!(unread(&mei, &room).await, 0);
    }

    async fn replies_in_threads_do_not_count_in_the_main_flow(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let root = org.owner.say(&room, "root").await;
        read(&mei, &room, &root["seq"]).await.ok();
        for number in 0..3 {
            org.owner.reply(&room, root["id"].as_str().expect("an id"), &format!("reply {number}")).await;
        }
        assert_eq!(unread(&mei, &room).await, 0);
        let next = org.owner.say(&room, "main again").await;
        assert_eq!(next["n"].as_i64(), root["n"].as_i64().map(|n| n + 1), "the main lane has no holes");
        assert_eq!(unread(&mei, &room).await, 1);
    }

    async fn a_conversation_marked_unread_stays_so_until_it_is_read(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let first = org.owner.say(&room, "first").await;
        let last = org.owner.say(&room, "last").await;
        read(&mei, &room, &last["seq"]).await.ok();
        mei.client.put(&format!("/conversations/{room}/unread"), json!({"from_seq": first["seq"]})).await.ok();
        let seen = mei.see(&room).await;
        assert_eq!(seen["me"]["unread_from"], first["seq"]);
        assert_eq!(seen["me"]["read_seq"], last["seq"], "the read mark itself does not fall");
        read(&mei, &room, &last["seq"]).await.ok();
        assert_eq!(mei.see(&room).await["me"]["unread_from"], Value::Null);
    }

    async fn a_mention_counts_until_it_is_read(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let said = org.owner.say(&room, &format!("please look, <@{}>", mei.id)).await;
        assert_eq!(said["mentions"], json!([mei.id]));
        assert_eq!(mei.see(&room).await["me"]["mentions"], 1);
        assert_eq!(jonas.see(&room).await["me"]["mentions"], 0);
        let all = org.owner.say(&room, "<@all> lunch").await;
        assert_eq!(mei.see(&room).await["me"]["mentions"], 2);
        assert_eq!(jonas.see(&room).await["me"]["mentions"], 1);
        read(&mei, &room, &all["seq"]).await.ok();
        assert_eq!(mei.see(&room).await["me"]["mentions"], 0);
    }

    async fn a_mark_from_the_future_is_no_more_than_the_end(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        org.owner.say(&room, "first").await;
        let reply = read(&mei, &room, &json!(9_000_000_000_000_000_i64)).await;
        assert!(reply.status.is_success() || reply.status == 422 || reply.status == 400, "{reply:?}");
        org.owner.say(&room, "after").await;
        assert!(unread(&mei, &room).await >= 1, "what comes later is unread all the same");
    }

    async fn all_is_read_at_once(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let rooms = [org.owner.channel(&[&mei]).await, org.owner.conversation("direct", &[&mei]).await];
        for room in &rooms {
            org.owner.say(room, "hello").await;
        }
        mei.client.post("/read-all", Value::Null).await.ok();
        for room in &rooms {
            assert_eq!(unread(&mei, room).await, 0);
        }
    }

    async fn another_device_learns_of_a_read_mark(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let said = org.owner.say(&room, "hello").await;
        let mut device = mei.socket().await;
        read(&mei, &room, &said["seq"]).await.ok();
        let frame = device.wait_for("the mark", |f| f["log"] == mei.id.as_str() && f["ev"]["k"] == "membership").await;
        assert_eq!(frame["ev"]["me"]["read_seq"], said["seq"]);
        assert_eq!(frame["ev"]["conversation"], room.as_str());
    }
}
