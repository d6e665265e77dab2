//! Who has read what: lists, live counts, the org's policy.

use serde_json::{Value, json};
use weft_testkit::{TestPerson, TestSocket, on_both};

fn id(message: &Value) -> &str {
    message["id"].as_str().expect("an id")
}

async fn read(person: &TestPerson, conversation: &str, seq: &Value) {
    person.client.put(&format!("/conversations/{conversation}/read"), json!({"seq": seq})).await.ok();
}

async fn list(person: &TestPerson, message: &Value, state: &str) -> Value {
    person.client.get(&format!("/messages/{}/receipts?state={state}", id(message))).await.ok()
}

fn people(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().map(id).collect()
}

async fn counts(person: &TestPerson, message: &Value) -> (i64, i64) {
    let page = list(person, message, "read").await;
    (page["read_count"].as_i64().expect("a count"), page["unread_count"].as_i64().expect("a count"))
}

/// What the socket is told next of the message with `seq`, once so many have read it.
async fn told(socket: &mut TestSocket, seq: &Value, read: i64) -> Value {
    let items = |frame: &Value| frame["items"].as_array().cloned().unwrap_or_default();
    let hit = |item: &Value| item["seq"] == *seq && item["read"] == read;
    let frame = socket
        .wait_for("the readers", |frame| frame["t"] == "receipts" && items(frame).iter().any(hit))
        .await;
    let item = items(&frame).into_iter().find(hit).expect("it was just found");
    json!({"conv": frame["conv"], "thread": frame["thread"], "item": item})
}

on_both! {
    async fn read_marks_say_who_has_read(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let first = org.owner.say(&room, "first").await;
        let second = org.owner.say(&room, "second").await;
        assert_eq!(counts(&org.owner, &first).await, (0, 2));
        read(&mei, &room, &first["seq"]).await;
        assert_eq!(counts(&org.owner, &first).await, (1, 1));
        assert_eq!(counts(&org.owner, &second).await, (0, 2), "what comes later was not read with it");
        assert_eq!(people(&list(&org.owner, &first, "read").await), [mei.id.as_str()]);
        assert_eq!(people(&list(&org.owner, &first, "unread").await), [jonas.id.as_str()]);

        let late = org.member("Late").await;
        late.client.post(&format!("/conversations/{room}/join"), Value::Null).await.ok();
        assert_eq!(counts(&org.owner, &second).await, (0, 2), "it is not for who came after it");
        jonas.client.post("/read-all", Value::Null).await.ok();
        assert_eq!(counts(&org.owner, &second).await, (1, 1));
        jonas.client.post(&format!("/conversations/{room}/leave"), Value::Null).await.ok();
        assert_eq!(counts(&org.owner, &first).await, (1, 0), "who has left is not waited for");
    }

    async fn lists_come_in_pages_by_name(server: TestServer) {
        let org = server.org("Acme").await;
        let names = ["Ada", "Bob", "Cem"];
        let mut members = Vec::new();
        for name in names {
            members.push(org.member(name).await);
        }
        let room = org.owner.channel(&members.iter().collect::<Vec<_>>()).await;
        let said = org.owner.say(&room, "hello").await;
        let base = format!("/messages/{}/receipts?state=unread&limit=2", id(&said));
        let first = org.owner.client.get(&base).await.ok();
        assert_eq!(people(&first), [members[0].id.as_str(), members[1].id.as_str()]);
        let cursor = first["next_cursor"].as_str().expect("more");
        let last = org.owner.client.get(&format!("{base}&cursor={cursor}")).await.ok();
        assert_eq!((people(&last), &last["next_cursor"]), (vec![members[2].id.as_str()], &Value::Null));
        org.owner.client.get(&format!("{base}&cursor=nonsense")).await.refused(422, "invalid");
    }

    async fn delivered_is_said_only_where_a_device_is_known_to_have_it(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let _socket = mei.socket().await;
        let said = org.owner.say(&room, "hello").await;
        let unread = list(&org.owner, &said, "unread").await;
        let person = |id: &str| unread["items"].as_array().expect("items").iter().find(|p| p["id"] == id).cloned().expect("there");
        assert_eq!(person(&mei.id)["delivered"], true);
        assert_eq!(person(&jonas.id).get("delivered"), None);
    }

    async fn only_its_author_learns_who_has_read(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, stranger) = (org.member("Mei").await, org.member("Stranger").await);
        let room = org.owner.conversation("private_channel", &[&mei]).await;
        let said = org.owner.say(&room, "hello").await;
        let path = format!("/messages/{}/receipts", id(&said));
        mei.client.get(&path).await.refused(403, "not_sender");
        stranger.client.get(&path).await.refused(404, "not_found");
        let mut socket = mei.socket().await;
        socket.send(json!({"t": "receipts", "id": 1, "conv": room, "seqs": [said["seq"]]})).await;
        socket.wait_for("the answer", |frame| frame["id"] == 1).await;
        assert!(socket.passed().all(|frame| frame["t"] != "receipts"), "another's message is passed over");
        org.owner.client.post(&format!("/messages/{}/recall", id(&said)), Value::Null).await.ok();
        org.owner.client.get(&path).await.refused(409, "message_gone");
    }

    async fn the_ring_fills_while_it_is_looked_at(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let said = org.owner.say(&room, &format!("<@{}> please", mei.id)).await;
        let mut socket = org.owner.socket().await;
        socket.send(json!({"t": "receipts", "conv": room, "seqs": [said["seq"]]})).await;
        let none = told(&mut socket, &said["seq"], 0).await;
        assert_eq!(none, json!({"conv": room, "thread": null,
            "item": {"seq": said["seq"], "read": 0, "total": 2, "mentioned": []}}));
        read(&mei, &room, &said["seq"]).await;
        assert_eq!(told(&mut socket, &said["seq"], 1).await["item"]["mentioned"], json!([mei.id]));
        // Whoever answers has read.
        jonas.say(&room, "yes").await;
        assert_eq!(told(&mut socket, &said["seq"], 2).await["item"]["total"], 2);
    }

    async fn replies_are_read_by_marks_of_the_thread(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let root = org.owner.say(&room, "root").await;
        let reply = org.owner.reply(&room, id(&root), "reply").await;
        let mut socket = org.owner.socket().await;
        socket.send(json!({"t": "receipts", "conv": room, "thread": root["id"], "seqs": [reply["seq"]]})).await;
        assert_eq!(told(&mut socket, &reply["seq"], 0).await["thread"], root["id"]);
        read(&mei, &room, &reply["seq"]).await;
        assert_eq!(counts(&org.owner, &reply).await, (0, 2), "who never opened the thread has not read it");
        // Mei does not follow the thread: she only looks.
        mei.client.put(&format!("/messages/{}/thread/read", id(&root)), json!({"seq": reply["seq"]})).await.ok();
        told(&mut socket, &reply["seq"], 1).await;
        assert_eq!(people(&list(&org.owner, &reply, "read").await), [mei.id.as_str()]);
        assert_eq!(mei.client.get("/threads").await.ok()["items"], json!([]), "looking is not following");
        mei.reply(&room, id(&root), "an answer").await;
        assert_eq!(mei.client.get("/threads").await.ok()["items"][0]["following"], true, "answering is");
    }

    async fn whoever_leaves_hears_no_more(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let said = mei.say(&room, "hello").await;
        let mut socket = mei.socket().await;
        socket.send(json!({"t": "receipts", "conv": room, "seqs": [said["seq"]]})).await;
        told(&mut socket, &said["seq"], 0).await;
        org.owner.client.delete(&format!("/conversations/{room}/members/{}", mei.id)).await.ok();
        socket.wait_for("the farewell", |frame| frame["ev"]["k"] == "conversation.left").await;
        read(&jonas, &room, &said["seq"]).await;
        socket.send(json!({"t": "receipts", "id": 5, "conv": room, "seqs": [said["seq"]]})).await;
        let answer = socket.wait_for("the answer", |frame| frame["id"] == 5).await;
        assert_eq!(answer["t"], "nack");
        assert!(socket.passed().all(|frame| frame["t"] != "receipts"));
    }

    async fn the_org_decides_how_much_is_told(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let said = org.owner.say(&room, &format!("<@{}>", mei.id)).await;
        read(&mei, &room, &said["seq"]).await;
        let set = |policy: Value| {
            let client = org.owner.client.clone();
            async move { client.patch("/org", json!({"receipts": policy})).await }
        };
        for policy in [json!({"mode": "count_only"}), json!({"mode": "on", "list_limit": 0})] {
            let changed = set(policy.clone()).await.ok();
            assert_eq!(changed["receipts"]["mode"], policy["mode"]);
            weft_testkit::eventually("only the count is told", || async {
                let page = list(&org.owner, &said, "read").await;
                let counted = page["names"] == false && page["items"] == json!([]) && page["read_count"] == 1;
                counted.then_some(())
            })
            .await;
            let mut socket = org.owner.socket().await;
            socket.send(json!({"t": "receipts", "conv": room, "seqs": [said["seq"]]})).await;
            assert_eq!(told(&mut socket, &said["seq"], 1).await["item"].get("mentioned"), None);
        }
        set(json!({"mode": "off"})).await.ok();
        assert_eq!(mei.client.get("/bootstrap").await.ok()["org"]["receipts"]["mode"], "off");
        let path = format!("/messages/{}/receipts", id(&said));
        weft_testkit::eventually("nothing is told", || async {
            (org.owner.client.get(&path).await.code() == "receipts_off").then_some(())
        }).await;
        set(json!({"mode": "on", "list_limit": -1})).await.refused(422, "invalid");
        set(json!({"mode": "sometimes"})).await.refused(422, "invalid");
        mei.client.patch("/org", json!({"receipts": {"mode": "on"}})).await.refused(403, "forbidden");
    }
}
