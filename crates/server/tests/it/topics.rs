//! Topics within a conversation.

use serde_json::{Value, json};
use weft_testkit::{Reply, TestPerson, TestSocket, eventually, on_both, scratch::unique};

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

async fn try_saying(person: &TestPerson, room: &str, topic: &str) -> Reply {
    let body = json!({"nonce": unique("nonce"), "text": format!("about {topic}"), "topic": topic});
    person.client.post(&format!("/conversations/{room}/messages"), body).await
}

async fn say(person: &TestPerson, room: &str, topic: &str) -> Value {
    try_saying(person, room, topic).await.ok()
}

async fn topics(person: &TestPerson, room: &str, query: &str) -> Value {
    person.client.get(&format!("/conversations/{room}/topics{query}")).await.ok()
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().map(|t| t["name"].as_str().expect("a name")).collect()
}

async fn messages(person: &TestPerson, room: &str, topic: &Value) -> Vec<Value> {
    let topic = topic.as_str().unwrap_or("none");
    let page = person.client.get(&format!("/conversations/{room}/messages?topic={topic}")).await.ok();
    page["items"].as_array().expect("items").iter().map(|m| m["id"].clone()).collect()
}

async fn shift(person: &TestPerson, room: &str, messages: &[&Value], topic: Value) -> Reply {
    let ids: Vec<&Value> = messages.iter().map(|m| &m["id"]).collect();
    let body = json!({"messages": ids, "topic": topic});
    person.client.post(&format!("/conversations/{room}/topics/move"), body).await
}

on_both! {
    async fn a_message_carries_a_topic_that_is_made_by_its_name(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut socket = mei.socket().await;
        let first = say(&org.owner, &room, "Release  2.0").await;
        assert_eq!(first["topic"]["name"], "Release 2.0", "white space is folded");
        let made = socket.wait_for("the topic", |f| f["ev"]["k"] == "topic").await;
        assert_eq!((&made["ev"]["topic"]["id"], &made["ev"]["topic"]["created_by"]), (&first["topic"]["id"], &json!(org.owner.id)));
        socket.wait_for("its message", |f| f["ev"]["message"]["topic"] == first["topic"]).await;
        let again = say(&mei, &room, "RELEASE 2.0").await;
        assert_eq!(again["topic"], first["topic"], "whatever the case of its letters");
        let by_id = say(&mei, &room, first["topic"]["id"].as_str().expect("an id")).await;
        assert_eq!(by_id["topic"], first["topic"]);
        let plain = mei.say(&room, "beside it").await;
        assert!(plain.get("topic").is_none(), "{plain}");

        // A reply belongs to its thread's topic, by every route.
        let root = text(&first["id"]);
        let reply = mei.reply(&room, &root, "a reply").await;
        assert_eq!(reply["topic"], first["topic"]);
        let body = json!({"nonce": "r", "text": "x", "thread": root, "topic": "other"});
        mei.client.post(&format!("/conversations/{room}/messages"), body).await.refused(422, "invalid");

        assert_eq!(messages(&mei, &room, &first["topic"]["id"]).await, [first["id"].clone(), again["id"].clone(), by_id["id"].clone()]);
        assert_eq!(messages(&mei, &room, &Value::Null).await, [plain["id"].clone()]);
        let (_, caught) = TestSocket::resumed(&mei.client, json!({ &room: 1 })).await;
        let changes = caught.iter().find(|f| f["t"] == "changes" && f["log"] == room).expect("changes");
        let told = changes["items"].as_array().expect("items");
        assert!(told.iter().any(|i| i["type"] == "topic" && i["topic"]["name"] == "Release 2.0"), "{changes}");
        assert!(told.iter().any(|i| i["message"]["topic"] == first["topic"]));
    }

    async fn a_socket_sends_with_a_topic_exactly_once(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let mut socket = org.owner.socket().await;
        let frame = json!({"t": "send", "id": 1, "conv": room, "nonce": "one", "text": "hello", "topic": "发布"});
        socket.send(frame.clone()).await;
        let ack = socket.wait_for("the ack", |f| f["t"] == "ack").await;
        socket.send(frame.clone()).await;
        let again = socket.wait_for("the ack", |f| f["t"] == "ack").await;
        assert_eq!(ack["msg"]["id"], again["msg"]["id"]);
        let mut other = frame;
        other["topic"] = json!("别的");
        socket.send(other).await;
        let nack = socket.wait_for("the refusal", |f| f["t"] == "nack").await;
        assert_eq!(nack["problem"]["code"], "nonce_reused");
    }

    async fn bad_topics_are_refused(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let elsewhere = org.owner.conversation("private_channel", &[]).await;
        let hidden = say(&org.owner, &elsewhere, "Hidden").await;
        for bad in ["", "  ", &"长".repeat(61), "a\u{202E}b", "a\u{200B}b"] {
            try_saying(&mei, &room, bad).await.refused(422, "invalid");
        }
        try_saying(&mei, &room, &"长".repeat(60)).await.ok();
        let id = text(&hidden["topic"]["id"]);
        try_saying(&mei, &room, &id).await.refused(404, "not_found");
        mei.client.get(&format!("/conversations/{room}/messages?topic={id}")).await.refused(404, "not_found");
        mei.client.get(&format!("/conversations/{room}/messages?topic=nonsense")).await.refused(404, "not_found");
        mei.client.patch(&format!("/topics/{id}"), json!({"name": "x"})).await.refused(404, "not_found");
        mei.client.get(&format!("/conversations/{room}/topics?cursor=x")).await.refused(422, "invalid");
        let direct = mei.conversation("direct", &[&org.owner]).await;
        try_saying(&mei, &direct, "x").await.refused(409, "no_topics");
        let before = say(&mei, &room, "One").await;
        shift(&mei, &room, &[], json!("x")).await.refused(422, "invalid");
        shift(&mei, &room, &[&hidden], json!("x")).await.refused(404, "not_found");
        let foreign = org.owner.say(&room, "mine").await;
        shift(&mei, &room, &[&before, &foreign], json!("Two")).await.refused(403, "forbidden");
        assert_eq!(names(&topics(&mei, &room, "?q=two").await), Vec::<&str>::new(), "nothing was half done");
    }

    async fn topics_are_listed_with_what_is_unread(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        say(&org.owner, &room, "Alpha").await;
        let beta = say(&org.owner, &room, "Beta").await;
        org.owner.say(&room, "of nothing").await;
        let last = say(&org.owner, &room, "Alpha").await;
        let page = topics(&mei, &room, "").await;
        assert_eq!(names(&page), ["Alpha", "Beta"], "the newest message first");
        let alpha = &page["items"][0];
        assert_eq!((&alpha["count"], &alpha["unread"], &alpha["last_seq"]), (&json!(2), &json!(2), &last["seq"]));
        assert_eq!(page["unread_without"], 1);
        assert_eq!(topics(&org.owner, &room, "").await["items"][0]["unread"], 0, "one has read what one wrote");
        let one = topics(&mei, &room, "?limit=1").await;
        let cursor = text(&one["next_cursor"]);
        assert_eq!(names(&topics(&mei, &room, &format!("?limit=1&cursor={cursor}")).await), ["Beta"]);
        assert_eq!(names(&topics(&mei, &room, "?q=ALP").await), ["Alpha"]);

        // Read one by itself: the others stay unread, on other devices too.
        let mut socket = mei.socket().await;
        let id = text(&alpha["id"]);
        let read = |topic: String, seq: Value| {
            let client = mei.client.clone();
            let room = room.clone();
            async move { client.put(&format!("/conversations/{room}/topics/{topic}/read"), json!({"seq": seq})).await.ok() }
        };
        read(id.clone(), last["seq"].clone()).await;
        let told = socket.wait_for("the mark", |f| f["ev"]["k"] == "topic.read").await;
        assert_eq!((&told["ev"]["topic"], &told["ev"]["read_seq"]), (&json!(id), &last["seq"]));
        let page = topics(&mei, &room, "").await;
        assert_eq!((&page["items"][0]["unread"], &page["items"][1]["unread"], &page["unread_without"]), (&json!(0), &json!(1), &json!(1)));
        let me = mei.see(&room).await["me"].clone();
        assert!(me["read_n"].as_i64() < Some(2), "Beta has not been read: {me}");
        // With the rest read, so is the conversation.
        read(text(&beta["topic"]["id"]), last["seq"].clone()).await;
        read("none".into(), last["seq"].clone()).await;
        let seen = mei.see(&room).await;
        assert_eq!(seen["me"]["read_n"], seen["last_n"], "{seen}");
        read(id, json!(1)).await;
        assert_eq!(topics(&mei, &room, "").await["items"][0]["unread"], 0, "only rises");
    }

    async fn topics_are_renamed_resolved_and_merged(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let first = say(&mei, &room, "Alpah").await;
        let reply = jonas.reply(&room, first["id"].as_str().expect("an id"), "a reply").await;
        let other = say(&mei, &room, "Beta").await;
        let (id, into) = (text(&first["topic"]["id"]), text(&other["topic"]["id"]));
        let path = format!("/topics/{id}");
        jonas.client.patch(&path, json!({"name": "Mine"})).await.refused(403, "forbidden");
        jonas.client.post(&format!("{path}/merge"), json!({"into": into})).await.refused(403, "forbidden");
        mei.client.patch(&path, json!({"name": "beta"})).await.refused(409, "topic_taken");
        mei.client.patch(&path, json!({"name": " "})).await.refused(422, "invalid");
        let mut socket = jonas.socket().await;
        let renamed = mei.client.patch(&path, json!({"name": "Alpha", "resolved": true})).await.ok();
        assert_eq!((&renamed["name"], &renamed["resolved"]), (&json!("Alpha"), &json!(true)));
        socket.wait_for("the new name", |f| f["ev"]["topic"]["name"] == "Alpha" && f["ev"]["topic"]["resolved"] == true).await;
        assert_eq!(names(&topics(&mei, &room, "?resolved=false").await), ["Beta"]);
        assert_eq!(org.owner.client.get(&format!("/messages/{}", text(&first["id"]))).await.ok()["topic"]["name"], "Alpha");

        mei.client.post(&format!("{path}/merge"), json!({"into": id})).await.refused(422, "invalid");
        let merged = org.owner.client.post(&format!("{path}/merge"), json!({"into": into})).await.ok();
        assert_eq!(merged["id"], into.as_str());
        socket.wait_for("where it went", |f| f["ev"]["topic"]["merged_into"] == into.as_str()).await;
        socket.wait_for("the message", |f| f["ev"]["message"]["id"] == first["id"] && f["ev"]["message"]["topic"]["id"] == into.as_str()).await;
        socket.wait_for("its reply", |f| f["ev"]["message"]["id"] == reply["id"] && f["ev"]["message"]["topic"]["id"] == into.as_str()).await;
        assert_eq!(names(&topics(&mei, &room, "").await), ["Beta"]);
        assert_eq!(messages(&mei, &room, &json!(into)).await, [first["id"].clone(), other["id"].clone()]);
        // An id that a client still holds leads on; the name is free again.
        assert_eq!(say(&jonas, &room, &id).await["topic"]["id"], into.as_str());
        assert_ne!(say(&jonas, &room, "Alpha").await["topic"]["id"], id.as_str());
        org.owner.client.post(&format!("{path}/merge"), json!({"into": into})).await.ok();
    }

    async fn messages_move_with_their_threads(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let root = mei.say(&room, "where is this about the sprockets").await;
        let reply = org.owner.reply(&room, root["id"].as_str().expect("an id"), "a reply about sprockets").await;
        let mut socket = org.owner.socket().await;
        let moved = shift(&mei, &room, &[&root], json!("Sprockets")).await.ok();
        assert_eq!(moved["items"][0]["topic"]["name"], "Sprockets");
        for message in [&root, &reply] {
            socket.wait_for("the move", |f| f["ev"]["k"] == "message.changed" && f["ev"]["message"]["id"] == message["id"] && f["ev"]["message"]["topic"]["name"] == "Sprockets").await;
        }
        shift(&mei, &room, &[&reply], json!("Other")).await.refused(409, "not_a_root");
        let before = root["seq"].as_i64().expect("a seq");
        let changes = mei.client.get(&format!("/conversations/{room}/changes?after_seq={}", before + 1)).await.ok();
        let moved: Vec<&Value> = changes["items"].as_array().expect("items").iter().filter(|i| i["message"]["topic"]["name"] == "Sprockets").collect();
        assert_eq!(moved.len(), 2, "{changes}");
        // Found by its topic, and not after it has left it.
        let found = |q: &'static str, want: usize| {
            let client = mei.client.clone();
            async move {
                eventually(q, || async { (client.get(&format!("/search/messages?q={q}")).await.ok()["items"].as_array().map(Vec::len) == Some(want)).then_some(()) }).await
            }
        };
        found("topic%3Asprock", 2).await;
        found("sprockets%20-topic%3Asprock", 0).await;
        shift(&org.owner, &room, &[&root], Value::Null).await.ok();
        found("topic%3Asprock", 0).await;
        found("sprockets%20-topic%3Anowhere", 2).await;
        assert_eq!(messages(&mei, &room, &Value::Null).await, [root["id"].clone()]);
        mei.client.delete(&format!("/messages/{}", text(&root["id"]))).await.ok();
        shift(&mei, &room, &[&root], json!("Late")).await.refused(409, "message_gone");
    }

    async fn newcomers_learn_nothing_of_earlier_topics(server: TestServer) {
        let org = server.org("Acme").await;
        let late = org.member("Late").await;
        let room = org.owner.conversation("private_channel", &[]).await;
        org.owner.client.patch(&format!("/conversations/{room}"), json!({"history": "from_joining"})).await.ok();
        let secret = say(&org.owner, &room, "Layoffs").await;
        org.owner.client.post(&format!("/conversations/{room}/members"), json!({"members": [late.id]})).await.ok();
        assert_eq!(names(&topics(&late, &room, "").await), Vec::<&str>::new());
        let id = text(&secret["topic"]["id"]);
        late.client.get(&format!("/conversations/{room}/messages?topic={id}")).await.refused(404, "not_found");
        let mut socket = late.socket().await;
        org.owner.client.patch(&format!("/topics/{id}"), json!({"resolved": true})).await.ok();
        socket.wait_for("that something happened", |f| f["t"] == "head" && f["log"] == room).await;
        let changes = late.client.get(&format!("/conversations/{room}/changes?after_seq=0")).await.ok();
        assert!(!changes.to_string().contains("Layoffs"), "{changes}");
        say(&org.owner, &room, "Layoffs").await;
        assert_eq!(names(&topics(&late, &room, "").await), ["Layoffs"]);
    }
}
