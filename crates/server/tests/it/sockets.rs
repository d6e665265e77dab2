//! The gateway: what it says, what it stands, and when it cuts.

use std::collections::BTreeMap;

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};
use weft_testkit::{TestServer, TestSocket, on_both, socket::End};

/// The messages of `changes` and `event` frames, by seq, as a client would hold them.
fn apply(state: &mut BTreeMap<i64, Value>, frame: &Value) {
    let mut put = |message: &Value| state.insert(message["seq"].as_i64().expect("a seq"), message.clone());
    if frame["t"] == "changes" {
        frame["items"].as_array().expect("items").iter().filter(|i| i["type"] == "message").for_each(|i| {
            put(&i["message"]);
        });
    } else if frame["ev"]["k"] == "message" || frame["ev"]["k"] == "message.changed" {
        put(&frame["ev"]["message"]);
    }
}

async fn still_serves(server: &TestServer) {
    server.client().call(http::Method::GET, "//readyz", Value::Null).await.ok();
}

on_both! {
    async fn the_hello_says_what_a_client_needs(server: TestServer) {
        let org = server.org("Acme").await;
        let mut socket = TestSocket::open(&org.owner.client).await;
        let hello = socket.next().await.expect("a first frame");
        assert_eq!((&hello["t"], &hello["v"]), (&json!("hello"), &json!(1)));
        assert_eq!(hello["me"], org.owner.id.as_str());
        let bootstrap = org.owner.client.get("/bootstrap").await.ok();
        assert_eq!(hello["epoch"], bootstrap["epoch"]);
        assert!(hello["heartbeat_s"].is_i64() && hello["jitter_ms"].is_i64() && hello["now"].is_i64());
        socket.send(json!({"t": "ping"})).await;
        socket.wait_for("pong", |f| f["t"] == "pong").await;
    }

    async fn a_message_is_acknowledged_and_reaches_everyone_once(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let (mut mine, mut hers) = (org.owner.socket().await, mei.socket().await);
        let ack = mine.say(7, &room, "n1", "hello").await;
        assert_eq!(ack["t"], "ack", "{ack}");
        let heard = hers.wait_for("the message", |f| f["ev"]["k"] == "message").await;
        assert_eq!(heard["ev"]["message"]["id"], ack["msg"]["id"]);
        assert_eq!(heard["seq"], ack["msg"]["seq"]);
        let again = mine.say(8, &room, "n1", "hello").await;
        assert_eq!(again["msg"], ack["msg"]);
        let other = mine.say(9, &room, "n1", "something else").await;
        assert_eq!((&other["t"], &other["problem"]["code"]), (&json!("nack"), &json!("nonce_reused")));
        mine.say(10, &room, "n2", "next").await;
        let next = hers.wait_for("the next message", |f| f["ev"]["k"] == "message").await;
        assert_eq!(next["seq"].as_i64(), heard["seq"].as_i64().map(|seq| seq + 1), "the repeats said nothing");
    }

    async fn a_client_that_was_away_catches_up_without_gap(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let rooms = [org.owner.channel(&[&mei]).await, org.owner.conversation("direct", &[&mei]).await];
        let cursors = weft_testkit::socket::cursors(&mei.client).await;
        for number in 0..230 {
            org.owner.say(&rooms[usize::from(number % 10 == 0)], &format!("{number}")).await;
        }
        let (_socket, frames) = TestSocket::resumed(&mei.client, cursors).await;
        for room in &rooms {
            let mut held = BTreeMap::new();
            frames.iter().filter(|f| f["log"] == room.as_str()).for_each(|f| apply(&mut held, f));
            let head = mei.see(room).await["head_seq"].clone();
            let last = frames.iter().rfind(|f| f["log"] == room.as_str()).expect("changes of the room");
            assert_eq!((&last["upto"], &last["more"]), (&head, &json!(false)));
            let texts: Vec<&str> = held.values().filter_map(|m| m["content"]["parts"][0]["text"].as_str()).collect();
            let wanted: Vec<String> = (0..230).filter(|n| (n % 10 == 0) == (room == &rooms[1])).map(|n| n.to_string()).collect();
            // A long absence may be answered with the newest only; then the client pages the rest.
            let reset = frames.iter().any(|f| f["log"] == room.as_str() && f["reset"] == true);
            assert!(reset || texts == wanted, "{texts:?}");
        }
    }

    async fn catching_up_goes_on_from_where_it_stopped(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let mut socket = org.owner.socket().await;
        for number in 0..5 {
            org.owner.say(&room, &format!("{number}")).await;
        }
        let mut after = 0;
        let mut held = BTreeMap::new();
        loop {
            socket.send(json!({"t": "catchup", "log": room, "after": after})).await;
            let changes = socket.wait_for("changes", |f| f["t"] == "changes").await;
            apply(&mut held, &changes);
            assert!(changes["upto"].as_i64() >= Some(after));
            after = changes["upto"].as_i64().expect("upto");
            if changes["more"] != true {
                break;
            }
        }
        assert_eq!(Some(after), org.owner.see(&room).await["head_seq"].as_i64());
        assert_eq!(held.values().filter(|m| m["content"]["parts"][0]["type"] == "markdown").count(), 5);
    }

    async fn a_slow_reader_is_told_to_resync_and_loses_nothing(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut slow = mei.socket().await;
        let cursor = mei.see(&room).await["head_seq"].clone();
        // More than its queue and the kernel's buffers hold.
        let long = "重".repeat(13_000);
        let mut last = Value::Null;
        for _ in 0..600 {
            last = org.owner.say(&room, &long).await;
        }
        let mut resynced = false;
        while !resynced {
            let frame = slow.next().await.expect("the socket stays open");
            resynced = frame["t"] == "resync";
        }
        let frames = slow.resume(json!({room.clone(): cursor})).await;
        let upto = frames.iter().rfind(|f| f["t"] == "changes" && f["log"] == room.as_str()).expect("changes");
        assert_eq!(upto["upto"], last["seq"]);
        org.owner.say(&room, "after").await;
        slow.wait_for("what comes after", |f| f["ev"]["message"]["content"]["parts"][0]["text"] == "after").await;
    }

    async fn who_is_removed_hears_no_more(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let secret = org.owner.conversation("private_channel", &[&mei]).await;
        let open = org.owner.channel(&[&mei]).await;
        let mut hers = mei.socket().await;
        org.owner.client.delete(&format!("/conversations/{secret}/members/{}", mei.id)).await.ok();
        hers.wait_for("that she left", |f| f["ev"]["k"] == "conversation.left").await;
        org.owner.say(&secret, "she must not hear this").await;
        org.owner.say(&open, "she may hear this").await;
        hers.wait_for("the open room", |f| f["ev"]["message"]["content"]["parts"][0]["text"] == "she may hear this").await;
        assert!(!hers.passed().any(|f| f.to_string().contains("must not hear")));
        mei.client.get(&format!("/conversations/{secret}/messages")).await.refused(404, "not_found");
        let nack = hers.say(1, &secret, "n", "still here?").await;
        assert_eq!((&nack["t"], &nack["problem"]["code"]), (&json!("nack"), &json!("not_found")));
    }

    async fn deactivation_cuts_open_sockets(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let mut hers = mei.socket().await;
        org.owner.client.post(&format!("/principals/{}/deactivate", mei.id), Value::Null).await.ok();
        let (bye, _) = hers.end().await;
        assert_eq!(bye.expect("a last word")["code"], "deactivated");
        assert!(!mei.client.get("/me").await.status.is_success());
    }

    async fn a_withdrawn_token_cuts_its_socket_and_no_other(server: TestServer) {
        let org = server.org("Acme").await;
        let client = &org.owner.client;
        let made = client.post("/tokens", json!({"name": "second", "scopes": ["read", "write"]})).await.ok();
        let second = server.client().with_token(made["secret"].as_str().expect("a secret"));
        let (mut kept, mut cut) = (org.owner.socket().await, TestSocket::live(&second).await);
        client.delete(&format!("/tokens/{}", made["id"].as_str().expect("an id"))).await.ok();
        let (bye, _) = cut.end().await;
        assert!(bye.is_some());
        second.get("/me").await.refused(401, "unauthenticated");
        kept.send(json!({"t": "ping"})).await;
        kept.wait_for("pong", |f| f["t"] == "pong").await;
    }

    async fn signing_out_cuts_the_sessions_socket(server: TestServer) {
        let org = server.org("Acme").await;
        let password = "correct horse battery staple";
        let mei = org.member_with_password("Mei", password).await;
        let signed = server.client().post("/auth/sign-in", json!({"email": mei.email, "password": password})).await;
        let browser = server.client().with_session(&signed.session_cookie().expect("a cookie"));
        let mut socket = TestSocket::live(&browser).await;
        browser.post("/auth/sign-out", Value::Null).await.ok();
        let (bye, _) = socket.end().await;
        assert_eq!(bye.expect("a last word")["code"], "signed_out");
        browser.get("/me").await.refused(401, "unauthenticated");
    }

    async fn a_stranger_and_another_site_are_refused(server: TestServer) {
        let org = server.org("Acme").await;
        let password = "correct horse battery staple";
        let mei = org.member_with_password("Mei", password).await;
        let refused = TestSocket::try_open(&server.client(), &[]).await.err().expect("a refusal");
        assert!(refused.contains("401"), "{refused}");
        let signed = server.client().post("/auth/sign-in", json!({"email": mei.email, "password": password})).await;
        let browser = server.client().with_session(&signed.session_cookie().expect("a cookie"));
        let refused = TestSocket::try_open(&browser, &[("origin", "https://evil.example")]).await.err().expect("a refusal");
        assert!(refused.contains("403"), "{refused}");
    }

    async fn frames_that_make_no_sense_get_an_answer(server: TestServer) {
        let org = server.org("Acme").await;
        let mut socket = org.owner.socket().await;
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for text in ["", "not json", "null", "[]", "{}", r#"{"t":5}"#, r#"{"t":"no such","id":1}"#, r#"{"t":"send","id":2}"#, &deep] {
            socket.send_raw(Message::text(text.to_owned())).await.expect("the socket is open");
            let answer = socket.next().await.expect("an answer");
            assert_eq!(answer["t"], "nack", "{text:.40}: {answer}");
            assert!(answer["problem"]["code"].is_string());
        }
        socket.send(json!({"t": "send", "id": 3, "conv": org.owner.id, "nonce": "n", "text": "x"})).await;
        assert_eq!(socket.next().await.expect("an answer")["t"], "nack");
        socket.send(json!({"t": "catchup", "log": "cnv_nothing", "after": 0})).await;
        assert_eq!(socket.next().await.expect("an answer")["t"], "nack");
        socket.send(json!({"t": "ping"})).await;
        socket.wait_for("pong", |f| f["t"] == "pong").await;
    }

    async fn frames_beyond_the_limits_end_the_socket_and_nothing_else(server: TestServer) {
        let org = server.org("Acme").await;
        let text = |bytes: Vec<u8>, last| Message::Frame(Frame::message(bytes, OpCode::Data(Data::Text), last));
        let rest = |bytes: Vec<u8>, last| Message::Frame(Frame::message(bytes, OpCode::Data(Data::Continue), last));
        let many_fragments = || {
            let mut fragments = vec![text(b"{".to_vec(), false)];
            fragments.extend((0..300_000).map(|_| rest(b" ".to_vec(), false)));
            fragments
        };
        let endless = || {
            let mut fragments = vec![text(vec![b' '; 60_000], false)];
            fragments.extend((0..20).map(|_| rest(vec![b' '; 60_000], false)));
            fragments
        };
        let hostile: [(&str, Vec<Message>); 5] = [
            ("too long", vec![Message::text(" ".repeat(300_000))]),
            ("binary", vec![Message::binary(vec![1, 2, 3])]),
            ("not UTF-8", vec![text(vec![0xff, 0xfe], true)]),
            ("too long in tiny fragments", many_fragments()),
            ("too long in fragments", endless()),
        ];
        for (what, messages) in hostile {
            let mut socket = org.owner.socket().await;
            for message in messages {
                // The server may have hung up already.
                if socket.stream().feed(message).await.is_err() {
                    break;
                }
            }
            let _ = socket.stream().flush().await;
            let (_, end) = socket.end().await;
            assert!(matches!(end, End::Closed(_) | End::Broken(_)), "{what}");
        }
        still_serves(&server).await;
    }

    async fn typing_and_presence_reach_those_who_look(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut mine = org.owner.socket().await;
        mine.send(json!({"t": "watch", "people": [mei.id]})).await;
        let first = mine.wait_for("presence", |f| f["t"] == "presence").await;
        assert_eq!(first["online"], json!([]));
        let mut hers = mei.socket().await;
        mine.wait_for("that she came", |f| f["t"] == "presence" && f["online"] == json!([mei.id])).await;
        hers.send(json!({"t": "typing", "conv": room})).await;
        let typing = mine.wait_for("typing", |f| f["t"] == "typing").await;
        assert_eq!((&typing["conv"], &typing["by"]), (&json!(room), &json!(mei.id)));
        drop(hers);
        mine.wait_for("that she left", |f| f["t"] == "presence" && f["offline"] == json!([mei.id])).await;
    }

    async fn a_token_that_may_read_may_not_send(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let made = org.owner.client.post("/tokens", json!({"name": "reader", "scopes": ["read"]})).await.ok();
        let reader = server.client().with_token(made["secret"].as_str().expect("a secret"));
        let mut socket = TestSocket::live(&reader).await;
        let nack = socket.say(1, &room, "n", "hello").await;
        assert_eq!((&nack["t"], &nack["problem"]["code"]), (&json!("nack"), &json!("scope")));
    }
}
