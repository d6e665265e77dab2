//! Files in messages.

use serde_json::{Value, json};
use weft_testkit::on_both;

use super::kit::{FORM, file, form, id, png, send, upload_as};

on_both! {
    async fn a_message_tells_all_that_is_needed_to_show_its_files(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut socket = mei.socket().await;
        let photo = file(&org.owner.client, "p.png", &png(30, 20)).await;
        let said = json!({"name": "v.ogg", "size": 40, "mime": "audio/ogg", "duration_ms": 2_500, "waveform": [0, 128, 255]});
        let sound = [b"OggS\0\x02".as_slice(), &[0; 34]].concat();
        let voice = upload_as(&org.owner.client, said, &sound).await.ok()["file"].clone();
        assert_eq!(voice["kind"], "voice");
        let body = json!({"nonce": "a", "text": "two", "files": [photo["id"], voice["id"]]});
        let message = org.owner.client.post(&format!("/conversations/{room}/messages"), body.clone()).await.ok();
        let parts = message["content"]["parts"].as_array().expect("parts").clone();
        assert_eq!((parts[0]["type"].as_str(), parts[1]["type"].as_str()), (Some("markdown"), Some("files")));
        let shown = &parts[1]["files"];
        for (key, value) in [("id", &photo["id"]), ("kind", &json!("image")), ("width", &json!(30)), ("height", &json!(20)),
            ("color", &json!("#c81e1e")), ("thumb", &json!(true)), ("url", &Value::Null), ("size", &photo["size"])] {
            assert_eq!(&shown[0][key], value, "{key}");
        }
        assert_eq!((&shown[1]["kind"], &shown[1]["duration_ms"]), (&json!("voice"), &json!(2_500)));
        assert_eq!(shown[1]["waveform"], json!([0, 128, 255]));
        let event = socket.wait_for("the message", |frame| frame["ev"]["k"] == "message").await;
        assert_eq!(event["ev"]["message"]["content"], message["content"]);
        // The same again is the same; with another file it is not.
        let again = org.owner.client.post(&format!("/conversations/{room}/messages"), body).await;
        assert_eq!((again.status.as_u16(), again.json()["id"].clone()), (200, message["id"].clone()));
        let other = json!({"nonce": "a", "text": "two", "files": [photo["id"]]});
        org.owner.client.post(&format!("/conversations/{room}/messages"), other).await.refused(409, "nonce_reused");
        // An edit keeps them, also one that leaves no text.
        let path = format!("/messages/{}", id(&message));
        let edited = org.owner.client.patch(&path, json!({"text": "2"})).await.ok();
        assert_eq!(edited["content"]["parts"][1]["files"], *shown);
        let bare = org.owner.client.patch(&path, json!({"text": " "})).await.ok();
        assert_eq!(bare["content"]["parts"], json!([{"type": "files", "files": shown}]));
        let plain = org.owner.say(&room, "plain").await;
        org.owner.client.patch(&format!("/messages/{}", id(&plain)), json!({"text": ""})).await.refused(422, "invalid");
        // A quote of a message without text says the file's name.
        let quote = json!({"nonce": "q", "text": "nice", "quote": message["id"]});
        let quoted = org.owner.client.post(&format!("/conversations/{room}/messages"), quote).await.ok();
        assert_eq!(quoted["content"]["parts"][0]["text"], "p.png");
    }

    async fn files_go_over_the_socket_too(server: TestServer) {
        let owner = server.org("Acme").await.owner;
        let room = owner.channel(&[]).await;
        let one = file(&owner.client, "a.txt", b"a").await;
        let mut socket = owner.socket().await;
        socket.send(json!({"t": "send", "id": 7, "conv": room, "nonce": "s", "text": "", "files": [one["id"]]})).await;
        let ack = socket.wait_for("the answer", |frame| frame["id"] == 7).await;
        assert_eq!(ack["t"], "ack", "{ack}");
        let message = owner.client.get(&format!("/messages/{}", id(&ack["msg"]))).await.ok();
        assert_eq!(message["content"]["parts"][0]["files"][0]["name"], "a.txt");
    }

    async fn wrong_files_are_refused(server: TestServer) {
        let owner = server.org("Acme").await.owner;
        let path = format!("/conversations/{}/messages", owner.channel(&[]).await);
        let one = file(&owner.client, "a.txt", b"a").await;
        let pending = owner.client.post("/files/uploads", json!({"name": "b", "size": 1})).await.ok();
        let send = async |files: Value| owner.client.post(&path, json!({"nonce": "n", "text": "", "files": files})).await;
        send(json!([])).await.refused(422, "invalid");
        send(json!([one["id"], one["id"]])).await.refused(422, "invalid");
        send(json!(["fil_0000000000000000000000000a"])).await.refused(404, "not_found");
        send(json!([pending["id"]])).await.refused(404, "not_found");
        send(json!(["msg_0000000000000000000000000a"])).await.refused(422, "invalid");
        send(Value::from(vec![one["id"].clone(); 21])).await.refused(422, "invalid");
    }

    async fn simple_clients_send_a_form(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        let post = async |kind: &str, body: Vec<u8>| {
            me.raw(http::Method::POST, "/files", Some(kind), body).await.expect("an answer")
        };
        let taken = post(FORM, form(&[("a.txt", b"one"), ("../b.png", &png(2, 2))])).await;
        assert_eq!(taken.status, 201);
        let items = taken.json()["items"].clone();
        assert_eq!((&items[0]["name"], &items[1]["name"]), (&json!("a.txt"), &json!("b.png")));
        assert_eq!((&items[0]["kind"], &items[1]["kind"]), (&json!("text"), &json!("image")));
        post(FORM, form(&[])).await.refused(422, "invalid");
        post("application/json", b"{}".to_vec()).await.refused(400, "bad_request");
        post(FORM, b"--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf".to_vec()).await.refused(400, "upload_broken");
        let other = String::from_utf8(form(&[("a", b"x")])).expect("text").replace("name=\"file\"", "name=\"x\"");
        post(FORM, other.into_bytes()).await.refused(422, "invalid");
        assert_eq!(me.get("/files/settings").await.ok()["used"], 3 + png(2, 2).len());
    }

    async fn files_are_found_by_kind_person_time_and_name(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let (one, two) = (org.owner.channel(&[&mei]).await, org.owner.conversation("private_channel", &[&mei]).await);
        let photo = file(&org.owner.client, "Urlaub.png", &png(3, 3)).await;
        let notes = file(&mei.client, "100% fertig.txt", b"x").await;
        let first = send(&org.owner, &one, &[&photo]).await;
        let second = send(&mei, &two, &[&notes]).await;
        let found = async |query: &str| {
            let items = mei.client.get(&format!("/files{query}")).await.ok()["items"].clone();
            items.as_array().expect("items").iter().map(|item| item["file"]["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
        };
        let all = ["100% fertig.txt", "Urlaub.png"];
        assert_eq!(found("").await, all);
        assert_eq!(found(&format!("?conversation={one}")).await, all[1..]);
        assert_eq!(found("?kind=text,code").await, all[..1]);
        assert_eq!(found("?kind=image").await, all[1..]);
        assert_eq!(found(&format!("?from={}", org.owner.id)).await, all[1..]);
        assert_eq!(found("?q=urlaub").await, all[1..]);
        assert_eq!(found("?q=0%25").await, all[..1]);
        assert_eq!(found("?q=_").await, [""; 0]);
        assert_eq!(found(&format!("?after={}", second["at"])).await, all[..1]);
        assert_eq!(found(&format!("?before={}", second["at"])).await, all[1..]);
        let page = mei.client.get("/files?limit=1").await.ok();
        let item = &page["items"][0];
        assert_eq!((&item["message"], &item["conversation"], &item["from"]), (&second["id"], &json!(two), &json!(mei.id)));
        let rest = mei.client.get(&format!("/files?limit=1&cursor={}", page["next_cursor"].as_str().expect("more"))).await.ok();
        assert_eq!((&rest["items"][0]["message"], &rest["next_cursor"]), (&first["id"], &Value::Null));
        mei.client.get("/files?kind=nonsense").await.refused(422, "invalid");
        mei.client.get("/files?cursor=1.2").await.refused(422, "invalid");
    }
}
