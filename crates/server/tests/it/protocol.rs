//! The WebSocket protocol (RFC 6455) itself, as strange clients speak it.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{
        CloseFrame,
        frame::{
            Frame,
            coding::{CloseCode, Data, OpCode},
        },
    },
};
use weft_testkit::{TestSocket, on_both, socket::End};

fn text(bytes: &[u8], last: bool) -> Message {
    Message::Frame(Frame::message(bytes.to_vec(), OpCode::Data(Data::Text), last))
}

fn rest(bytes: &[u8], last: bool) -> Message {
    Message::Frame(Frame::message(bytes.to_vec(), OpCode::Data(Data::Continue), last))
}

/// The code that the server closed with.
async fn closed(socket: &mut TestSocket) -> Option<u16> {
    match socket.end().await {
        (_, End::Closed(frame)) => frame.map(|frame| frame.code.into()),
        (_, End::Broken(_)) => None,
    }
}

/// The next message of the protocol that is no text.
async fn sign(socket: &mut TestSocket) -> Message {
    loop {
        let message = socket.stream().next().await.expect("a message").expect("an open socket");
        if !message.is_text() {
            return message;
        }
    }
}

on_both! {
    async fn a_message_in_fragments_is_one(server: TestServer) {
        let org = server.org("Acme").await;
        let mut socket = org.owner.socket().await;
        // A ping may come between the fragments, and a letter may be cut in two.
        let words = r#"{"t":"重"}"#.as_bytes();
        let fragments =
            [text(&words[..7], false), Message::Ping("now".into()), rest(&words[7..9], false), rest(&words[9..], true)];
        for fragment in fragments {
            socket.send_raw(fragment).await.expect("the socket is open");
        }
        assert_eq!(sign(&mut socket).await, Message::Pong("now".into()));
        let nack = socket.next().await.expect("an answer");
        assert_eq!(nack["problem"]["detail"], "This kind of frame is not known here.", "it was understood");
        socket.send_raw(text(br#"{"t":"pi"#, false)).await.expect("the socket is open");
        socket.send_raw(rest(br#"ng"}"#, true)).await.expect("the socket is open");
        socket.wait_for("pong", |f| f["t"] == "pong").await;
    }

    async fn a_ping_is_answered_with_what_it_carried(server: TestServer) {
        let org = server.org("Acme").await;
        let mut socket = org.owner.socket().await;
        for carried in ["", "one", "x".repeat(125).as_str()] {
            socket.send_raw(Message::Ping(carried.to_owned().into())).await.expect("the socket is open");
            assert_eq!(sign(&mut socket).await, Message::Pong(carried.to_owned().into()));
        }
        socket.send_raw(Message::Pong("unasked".into())).await.expect("the socket is open");
        socket.send(json!({"t": "ping"})).await;
        socket.wait_for("pong", |f| f["t"] == "pong").await;
    }

    async fn a_close_is_answered_before_the_server_hangs_up(server: TestServer) {
        let org = server.org("Acme").await;
        let mut socket = org.owner.socket().await;
        let close = CloseFrame { code: CloseCode::Normal, reason: "enough".into() };
        socket.send_raw(Message::Close(Some(close.clone()))).await.expect("the socket is open");
        assert_eq!(sign(&mut socket).await, Message::Close(Some(close)));
        assert!(socket.stream().next().await.is_none(), "and then the end");
    }

    async fn what_breaks_the_protocol_is_told_so(server: TestServer) {
        let org = server.org("Acme").await;
        let mut reserved = Frame::message("{}", OpCode::Data(Data::Text), true);
        reserved.header_mut().rsv1 = true;
        let mut cut_ping = Frame::ping("x");
        cut_ping.header_mut().is_final = false;
        let long = " ".repeat(300_000).into_bytes();
        let cases: [(u16, &str, Vec<Message>); 9] = [
            (1009, "too long", vec![text(&long, true)]),
            (1009, "too long in fragments", vec![text(&long[..200_000], false), rest(&long[..100_000], true)]),
            (1007, "not UTF-8", vec![text(&[b'"', 0xff, b'"'], true)]),
            (1007, "not UTF-8 in fragments", vec![text(&[0xe9], false), rest(&[0xff], true)]),
            (1003, "binary", vec![Message::binary(vec![1, 2, 3])]),
            (1002, "a reserved bit", vec![Message::Frame(reserved)]),
            (1002, "a rest of nothing", vec![rest(b"{}", true)]),
            (1002, "a ping in fragments", vec![Message::Frame(cut_ping)]),
            (1002, "a ping that is too long", vec![Message::Frame(Frame::ping(vec![0; 126]))]),
        ];
        for (code, what, messages) in cases {
            let mut socket = org.owner.socket().await;
            for message in messages {
                socket.send_raw(message).await.expect("the socket is open");
            }
            assert_eq!(closed(&mut socket).await, Some(code), "{what}");
        }
    }

    async fn a_client_must_mask_its_frames(server: TestServer) {
        let org = server.org("Acme").await;
        let mut socket = org.owner.socket().await;
        socket.stream().get_mut().write_all(b"\x81\x02{}").await.expect("the connection is open");
        assert_eq!(closed(&mut socket).await, Some(1002));
    }

    async fn whoever_cannot_speak_it_is_not_let_in(server: TestServer) {
        let org = server.org("Acme").await;
        let client = &org.owner.client;
        let cases = [
            ("sec-websocket-version", "12", "426"),
            ("sec-websocket-key", "short", "400"),
            ("sec-websocket-key", "not base64 at all!!!!!!!", "400"),
            ("upgrade", "h2c", "400"),
        ];
        for (header, value, status) in cases {
            let refused = TestSocket::try_open(client, &[(header, value)]).await.err().expect("a refusal");
            assert!(refused.contains(status), "{header}: {value}: {refused}");
        }
        client.get("/gateway").await.refused(400, "bad_request");
    }

    async fn messages_sent_at_once_arrive_in_their_order(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let (mut mine, mut hers) = (org.owner.socket().await, mei.socket().await);
        const COUNT: u64 = 300;
        for id in 0..COUNT {
            let frame = json!({"t": "send", "id": id, "conv": room, "nonce": format!("n{id}"), "text": format!("{id}")});
            mine.stream().feed(Message::text(frame.to_string())).await.expect("the socket is open");
        }
        mine.stream().flush().await.expect("the socket is open");
        let mut before = None;
        for id in 0..COUNT {
            let event = hers.wait_for("the next message", |f| f["ev"]["k"] == "message").await;
            assert_eq!(event["ev"]["message"]["content"]["parts"][0]["text"], id.to_string());
            let seq = event["seq"].as_i64().expect("a seq");
            assert!(before.is_none_or(|before| seq == before + 1), "no gap");
            before = Some(seq);
            let ack = mine.wait_for("its acknowledgement", |f| f["t"] == "ack" && f["id"] == id).await;
            assert_eq!(ack["msg"]["seq"], seq);
        }
    }

    async fn what_is_refused_in_between_does_not_come_later(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut hers = mei.socket().await;
        const COUNT: u64 = 200;
        let path = format!("/conversations/{room}");
        let archive = async {
            for step in ["archive", "unarchive"].into_iter().cycle().take(20) {
                org.owner.client.post(&format!("{path}/{step}"), Value::Null).await.ok();
            }
        };
        let send = async {
            for id in 0..COUNT {
                hers.send(json!({"t": "send", "id": id, "conv": room, "nonce": format!("n{id}"), "text": "x"})).await;
            }
        };
        tokio::join!(archive, send);
        let mut last = 0;
        for id in 0..COUNT {
            let answer = hers.wait_for("an answer", |f| f["id"] == id).await;
            if answer["t"] == "ack" {
                let seq = answer["msg"]["seq"].as_i64().expect("a seq");
                assert!(seq > last, "{id} came at {seq}, after {last}");
                last = seq;
            }
        }
        org.owner.say(&room, "and it is open again").await;
    }
}
