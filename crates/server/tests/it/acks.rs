//! Messages that ask to be acknowledged.

use serde_json::{Value, json};
use weft_testkit::{Reply, TestPerson, on_both, scratch::unique};

fn id(message: &Value) -> &str {
    message["id"].as_str().expect("an id")
}

async fn try_asking(person: &TestPerson, conversation: &str, ack: Value) -> Reply {
    let body = json!({"nonce": unique("nonce"), "text": "please confirm", "ack": ack});
    person.client.post(&format!("/conversations/{conversation}/messages"), body).await
}

async fn ask(person: &TestPerson, conversation: &str, ack: Value) -> Value {
    try_asking(person, conversation, ack).await.ok()
}

async fn answer(person: &TestPerson, message: &Value, state: &str) -> Reply {
    person.client.put(&format!("/messages/{}/ack", id(message)), json!({"state": state})).await
}

async fn acks(person: &TestPerson, message: &Value, state: &str) -> Value {
    person.client.get(&format!("/messages/{}/acks{state}", id(message))).await.ok()
}

fn people(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().map(id).collect()
}

async fn waiting(person: &TestPerson) -> Value {
    person.client.get("/acks").await.ok()
}

on_both! {
    async fn everybody_who_was_there_is_asked_and_answers(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let asked = ask(&org.owner, &room, json!({})).await;
        let late = org.member("Late").await;
        late.client.post(&format!("/conversations/{room}/join"), Value::Null).await.ok();
        let fresh = json!({"people": [], "deadline": null, "total": 2, "acknowledged": 0, "done": 0, "reminded_at": null});
        assert_eq!(asked["ack"], fresh);
        assert_eq!(waiting(&mei).await["items"][0]["id"], asked["id"]);
        assert_eq!(waiting(&org.owner).await["count"], 0, "the sender asks others");
        assert_eq!(waiting(&late).await["count"], 0, "who came later is not asked");
        answer(&late, &asked, "acknowledged").await.refused(409, "not_asked");

        let mut socket = org.owner.socket().await;
        answer(&mei, &asked, "acknowledged").await;
        let told = socket.wait_for("the count", |f| f["ev"]["k"] == "message.changed" && f["ev"]["message"]["ack"]["acknowledged"] == 1).await;
        assert_eq!(told["ev"]["message"]["id"], asked["id"]);
        assert_eq!(waiting(&mei).await["count"], 0);
        assert_eq!(people(&acks(&org.owner, &asked, "?state=acknowledged").await), [mei.id.as_str()]);
        assert_eq!(people(&acks(&org.owner, &asked, "?state=waiting").await), [jonas.id.as_str()]);

        answer(&mei, &asked, "done").await;
        answer(&mei, &asked, "acknowledged").await;
        let now = acks(&mei, &asked, "").await;
        assert_eq!((&now["mine"], &now["acknowledged"], &now["done"]), (&json!("done"), &json!(1), &json!(1)), "only forwards");
        socket.wait_for("done", |f| f["ev"]["message"]["ack"]["done"] == 1).await;
        jonas.client.post(&format!("/conversations/{room}/leave"), Value::Null).await.ok();
        assert_eq!(acks(&mei, &asked, "").await["total"], 1, "who has left is not waited for");
    }

    async fn people_can_be_asked_by_name(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas, stranger) = (org.member("Mei").await, org.member("Jonas").await, org.member("Far").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let asked = ask(&org.owner, &room, json!({"from": [mei.id]})).await;
        assert_eq!((&asked["ack"]["people"], &asked["ack"]["total"]), (&json!([mei.id]), &json!(1)));
        assert_eq!((waiting(&mei).await["count"].clone(), waiting(&jonas).await["count"].clone()), (json!(1), json!(0)));
        answer(&jonas, &asked, "acknowledged").await.refused(409, "not_asked");
        answer(&mei, &asked, "waiting").await.refused(422, "invalid");
        answer(&mei, &asked, "done").await;
        assert_eq!(acks(&org.owner, &asked, "?state=done").await["items"][0]["id"], json!(mei.id));
        for bad in [json!({"from": []}), json!({"from": [stranger.id]}), json!({"from": [org.owner.id]}), json!({"deadline": 5}), json!({"deadline": i64::MAX}), json!({"x": 1})] {
            try_asking(&org.owner, &room, bad).await.refused(422, "invalid");
        }
        let alone = org.owner.channel(&[]).await;
        try_asking(&org.owner, &alone, json!({})).await.refused(422, "invalid");
        let plain = org.owner.say(&room, "nothing asked").await;
        assert_eq!(plain["ack"], Value::Null);
        answer(&mei, &plain, "acknowledged").await.refused(409, "not_asked");
    }

    async fn the_sender_reminds_not_too_often(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let asked = ask(&org.owner, &room, json!({})).await;
        answer(&jonas, &asked, "acknowledged").await;
        let (mut hers, mut his) = (mei.socket().await, jonas.socket().await);
        let path = format!("/messages/{}/ack/remind", id(&asked));
        mei.client.post(&path, Value::Null).await.refused(403, "not_sender");
        org.owner.client.post(&path, Value::Null).await.ok();
        let told = hers.wait_for("the reminder", |f| f["t"] == "waiting").await;
        assert_eq!((&told["why"], &told["message"], &told["from"]), (&json!("reminder"), &asked["id"], &json!(org.owner.id)));
        org.owner.client.post(&path, Value::Null).await.refused(429, "rate_limited");
        his.wait_for("the change", |f| f["ev"]["message"]["ack"]["reminded_at"].is_i64()).await;
        assert!(his.passed().all(|f| f["t"] != "waiting"), "who has answered is left in peace");
    }

    async fn a_socket_asks_too_and_the_same_nonce_asks_once(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut socket = org.owner.socket().await;
        let mut send = json!({"t": "send", "id": 1, "conv": room, "nonce": "n1", "text": "ok?", "ack": {}});
        for number in [1, 2] {
            send["id"] = number.into();
            socket.send(send.clone()).await;
            socket.wait_for("the answer", |f| f["t"] == "ack" && f["id"] == number).await;
        }
        assert_eq!(waiting(&mei).await["count"], 1);
        send["ack"] = json!({"from": [mei.id]});
        send["id"] = 3.into();
        socket.send(send).await;
        let refused = socket.wait_for("the refusal", |f| f["id"] == 3).await;
        assert_eq!(refused["problem"]["code"], "nonce_reused");
    }

    async fn an_edit_keeps_what_was_asked_and_a_recall_ends_it(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let asked = ask(&org.owner, &room, json!({"from": [mei.id]})).await;
        let edited = org.owner.client.patch(&format!("/messages/{}", id(&asked)), json!({"text": "please"})).await.ok();
        assert_eq!(edited["ack"], asked["ack"]);
        org.owner.client.post(&format!("/messages/{}/recall", id(&asked)), Value::Null).await.ok();
        assert_eq!(waiting(&mei).await["count"], 0);
        answer(&mei, &asked, "acknowledged").await.refused(409, "message_gone");
    }

    async fn only_the_sender_learns_who_answered(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, stranger) = (org.member("Mei").await, org.member("Stranger").await);
        let room = org.owner.conversation("private_channel", &[&mei]).await;
        let asked = ask(&org.owner, &room, json!({})).await;
        let path = format!("/messages/{}/acks?state=waiting", id(&asked));
        mei.client.get(&path).await.refused(403, "not_sender");
        stranger.client.get(&path).await.refused(404, "not_found");
        answer(&stranger, &asked, "acknowledged").await.refused(404, "not_found");
    }

    async fn what_waits_comes_in_pages_newest_first(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut asked = Vec::new();
        for _ in 0..3 {
            asked.push(ask(&org.owner, &room, json!({})).await);
        }
        let first = mei.client.get("/acks?limit=2").await.ok();
        assert_eq!((&first["count"], id(&first["items"][0]), id(&first["items"][1])), (&json!(3), id(&asked[2]), id(&asked[1])));
        let cursor = first["next_cursor"].as_str().expect("more");
        let last = mei.client.get(&format!("/acks?limit=2&cursor={cursor}")).await.ok();
        assert_eq!((people(&last), &last["next_cursor"]), (vec![id(&asked[0])], &Value::Null));
        mei.client.get("/acks?cursor=x").await.refused(422, "invalid");
    }
}
