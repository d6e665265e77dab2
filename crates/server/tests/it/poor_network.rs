//! A long way to the server, on which every tenth packet is lost and connections break.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use weft_testkit::{SlowProxy, TestClient, TestSocket, eventually, on_both, slow::Poor};

const FAR: Poor = Poor { rtt: Duration::from_millis(300), loss: 10 };

/// A socket through the proxy, caught up after `cursor`; what came is added to `held`.
async fn resumed(client: &TestClient, room: &str, cursor: &mut i64, held: &mut Vec<Value>) -> TestSocket {
    let mut socket = eventually("a socket", || async { TestSocket::try_open(client, &[]).await.ok() }).await;
    socket.wait_for("hello", |frame| frame["t"] == "hello").await;
    for frame in socket.resume(json!({room: *cursor})).await {
        take(&frame, room, cursor, held);
    }
    socket
}

/// Takes over what a frame brings of the room, once.
fn take(frame: &Value, room: &str, cursor: &mut i64, held: &mut Vec<Value>) {
    if frame["log"] != room {
        return;
    }
    let (messages, upto): (Vec<&Value>, &Value) = match frame["t"].as_str() {
        Some("event") => (vec![&frame["ev"]["message"]], &frame["seq"]),
        Some("changes") => {
            (frame["items"].as_array().into_iter().flatten().map(|i| &i["message"]).collect(), &frame["upto"])
        }
        _ => return,
    };
    for message in messages {
        if message["seq"].as_i64().is_some_and(|seq| seq > *cursor) {
            held.push(message.clone());
        }
    }
    *cursor = upto.as_i64().expect("a place").max(*cursor);
}

on_both! {
    async fn twenty_messages_come_through_once_and_in_order(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let proxy = SlowProxy::before(server.base(), FAR).await;
        let client = TestClient::new(proxy.base()).with_token(&mei.token);
        let mut cursor = org.owner.see(&room).await["head_seq"].as_i64().expect("a head");
        let (mut held, mut acked) = (Vec::new(), BTreeSet::new());
        let mut socket = resumed(&client, &room, &mut cursor, &mut held).await;
        for n in 0..20_i64 {
            // Meanwhile others speak over a better network.
            org.owner.say(&room, &format!("other {n}")).await;
            let frame = json!({"t": "send", "id": n, "conv": room, "nonce": format!("n{n}"), "text": format!("mine {n}")});
            while !acked.contains(&n) {
                let sent = socket.send_raw(frame.to_string().into()).await;
                if sent.is_ok() && n % 6 == 3 && !held.is_empty() && !acked.contains(&(-n)) {
                    // The connection breaks with the message, or its answer, under way.
                    acked.insert(-n);
                    proxy.cut();
                }
                while let Ok(frame) = socket.next().await {
                    take(&frame, &room, &mut cursor, &mut held);
                    if frame["id"] == n {
                        assert_eq!(frame["t"], "ack", "{frame}");
                        acked.insert(n);
                        break;
                    }
                }
                if !acked.contains(&n) {
                    socket = resumed(&client, &room, &mut cursor, &mut held).await;
                }
            }
        }
        let head = org.owner.see(&room).await["head_seq"].as_i64().expect("a head");
        while cursor < head {
            let frame = socket.next().await.expect("the rest");
            take(&frame, &room, &mut cursor, &mut held);
        }
        let words: Vec<&str> = held.iter().filter_map(|m| m["content"]["parts"][0]["text"].as_str()).collect();
        for who in ["mine", "other"] {
            let said: Vec<&str> = words.iter().copied().filter(|w| w.starts_with(who)).collect();
            let wanted: Vec<String> = (0..20).map(|n| format!("{who} {n}")).collect();
            assert_eq!(said, wanted, "each once, in order");
        }
    }
}
