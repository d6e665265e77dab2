//! Guests know of the people they share a conversation with, and of nobody else by any way.

use serde_json::{Value, json};
use weft_testkit::{TestPerson, TestSocket, on_both, scratch::unique};

/// Waits until what was asked before is answered, and returns the presence that was told meanwhile.
async fn settled(socket: &mut TestSocket) -> Vec<String> {
    socket.send(json!({"t": "ping"})).await;
    socket.wait_for("pong", |f| f["t"] == "pong").await;
    let told = socket.passed().filter(|f| f["t"] == "presence");
    told.flat_map(|f| f["online"].as_array().cloned().unwrap_or_default())
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect()
}

async fn watch(socket: &mut TestSocket, people: &[&TestPerson]) -> Value {
    let ids: Vec<&str> = people.iter().map(|p| p.id.as_str()).collect();
    socket.send(json!({"t": "watch", "people": ids})).await;
    socket.wait_for("who is online", |f| f["t"] == "presence").await["online"].clone()
}

/// The names that a `changes` frame of the org's log tells.
fn names(frame: &Value) -> Vec<&str> {
    let items = frame["items"].as_array().expect("items").iter();
    items.filter_map(|item| item["principal"]["name"].as_str()).collect()
}

on_both! {
    async fn a_guest_watches_only_people_they_share_a_conversation_with(server: TestServer) {
        let org = server.org("Acme").await;
        let (guest, mei, stranger) = (org.guest("Gus").await, org.member("Mei").await, org.member("Sam").await);
        let room = mei.conversation("private_channel", &[&guest]).await;
        let (_hers, _theirs) = (mei.socket().await, stranger.socket().await);
        let mut socket = guest.socket().await;
        assert_eq!(watch(&mut socket, &[&mei, &stranger, &guest]).await.as_array().map(Vec::len), Some(2));
        let online = watch(&mut socket, &[&mei, &stranger]).await;
        assert_eq!(online, json!([mei.id]));

        // Who leaves the conversation stops watching its people at once.
        mei.client.delete(&format!("/conversations/{room}/members/{}", guest.id)).await.ok();
        socket.wait_for("that they left", |f| f["ev"]["k"] == "conversation.left").await;
        let mut other = org.owner.socket().await;
        watch(&mut other, &[&mei]).await;
        drop(_hers);
        other.wait_for("that she went", |f| f["t"] == "presence" && f["offline"] == json!([mei.id])).await;
        settled(&mut socket).await;
        assert!(!socket.passed().any(|f| f["t"] == "presence" && f["offline"] != json!([])));
        assert_eq!(watch(&mut socket, &[&mei]).await, json!([]));
    }

    async fn a_guest_learns_of_nobody_else_by_naming_them(server: TestServer) {
        let org = server.org("Acme").await;
        let (guest, mei, stranger) = (org.guest("Gus").await, org.member("Mei").await, org.member("Sam").await);
        let room = mei.conversation("private_channel", &[&guest]).await;
        let nobody = "usr_00000000000000000000000000";
        let path = format!("/conversations/{room}");

        let people = guest.client.get(&format!("/principals?ids={},{}", mei.id, stranger.id)).await.ok();
        assert_eq!(people["items"].as_array().map(Vec::len), Some(1), "{people}");
        let text = format!("<@{}> <@{}>", mei.id, stranger.id);
        let said = guest.say(&room, &text).await;
        assert_eq!(said["mentions"], json!([mei.id]));
        let message = format!("/messages/{}", said["id"].as_str().expect("an id"));
        let edited = guest.client.patch(&message, json!({"text": text.clone() + "!"})).await.ok();
        assert_eq!(edited["mentions"], json!([mei.id]));
        let body = json!({"to": [room], "nonce": unique("n"), "text": text});
        let forwarded = guest.client.post(&format!("{message}/forward"), body).await.ok();
        assert_eq!(forwarded["items"][0]["mentions"], json!([mei.id]));

        // Someone unseen is answered like someone who does not exist.
        for id in [stranger.id.as_str(), nobody] {
            guest.client.get(&format!("/principals/{id}")).await.refused(404, "not_found");
            let direct = json!({"kind": "direct", "members": [id]});
            guest.client.post("/conversations", direct).await.refused(422, "invalid");
            guest.client.get(&format!("{path}/members?cursor={id}")).await.refused(422, "invalid");
        }
        let group = guest.client.post("/conversations", json!({"kind": "group", "members": [mei.id]})).await.ok();
        let group = format!("/conversations/{}/members", group["id"].as_str().expect("an id"));
        for id in [stranger.id.as_str(), nobody] {
            guest.client.delete(&format!("{group}/{id}")).await.refused(404, "not_found");
        }
    }

    async fn a_guest_hears_at_once_of_changed_names_of_people_they_see(server: TestServer) {
        let org = server.org("Acme").await;
        let (guest, mei, stranger) = (org.guest("Gus").await, org.member("Mei").await, org.member("Sam").await);
        mei.conversation("private_channel", &[&guest]).await;
        let mut socket = guest.socket().await;
        let start = guest.client.get("/bootstrap").await.ok()["cursors"][&org.id].clone();

        stranger.client.patch("/me", json!({"name": "Not for guests"})).await.ok();
        mei.client.patch("/me", json!({"name": "Mei Renamed"})).await.ok();
        // What was before may be told only now: it is this head that counts.
        let newest = async || guest.client.get("/bootstrap").await.ok()["cursors"][&org.id].clone();
        let grown = |f: &Value, to: &Value| f["t"] == "head" && f["log"] == org.id.as_str() && f["seq"] == *to;
        let renamed = newest().await;
        let head = socket.wait_for("that something changed", |f| grown(f, &renamed)).await;
        socket.send(json!({"t": "catchup", "log": org.id, "after": start})).await;
        let changes = socket.wait_for("what changed", |f| f["t"] == "changes").await;
        assert_eq!(names(&changes), ["Mei Renamed"]);
        assert_eq!(changes["upto"], head["seq"]);

        // Of what concerns them not, they hear nothing; of what does, after it.
        stranger.client.patch("/me", json!({"title": "Also not"})).await.ok();
        org.owner.client.post(&format!("/principals/{}/deactivate", mei.id), Value::Null).await.ok();
        let ended = newest().await;
        let next = socket.wait_for("that she was deactivated", |f| grown(f, &ended)).await;
        socket.send(json!({"t": "catchup", "log": org.id, "after": head["seq"]})).await;
        let changes = socket.wait_for("what changed", |f| f["t"] == "changes").await;
        assert_eq!((changes["items"][0]["principal"]["state"].as_str(), &changes["upto"]), (Some("deactivated"), &next["seq"]));
        org.owner.client.patch("/org", json!({"name": "Acme, renamed"})).await.ok();
        let called = newest().await;
        socket.wait_for("the org's new name", |f| grown(f, &called)).await;
        assert!(!socket.passed().any(|f| f["t"] == "event" && f["log"] == org.id.as_str()));
    }
}
