//! Killed without warning, under load, again and again.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use http::Method;
use serde_json::{Value, json};
use weft_testkit::{TestClient, TestPerson, TestSocket, eventually, on_both};

/// Kills on each database: a few in every run, many in `make deep`.
fn cycles() -> u64 {
    std::env::var("WEFT_CRASH_CYCLES").ok().and_then(|n| n.parse().ok()).unwrap_or(5)
}

/// Sends numbered messages until told to stop, each again and again with its nonce until it is
/// acknowledged; what was acknowledged, by number.
async fn talk(who: TestPerson, room: String, stop: Arc<AtomicBool>, acked: Arc<AtomicU64>) -> Vec<Value> {
    let path = format!("/conversations/{room}/messages");
    let mut done = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let body = json!({"nonce": format!("{}-{}", who.id, done.len()), "text": format!("{} {}", who.name, done.len())});
        let sent = eventually("an acknowledgement", || async {
            let reply = who
                .client
                .raw(Method::POST, &path, Some("application/json"), body.to_string().into_bytes())
                .await;
            match reply {
                Ok(reply) if reply.status.is_success() => Some(reply.json()),
                Ok(reply) if reply.status.is_client_error() && reply.status != 429 => {
                    panic!("refused: {reply:?}")
                }
                _ => None,
            }
        });
        done.push(sent.await);
        acked.fetch_add(1, Ordering::Relaxed);
    }
    done
}

/// A client that follows the room through every crash: what it holds at the end, by seq.
async fn follow(
    client: TestClient,
    room: String,
    mut cursor: i64,
    stop: Arc<AtomicU64>,
) -> BTreeMap<i64, Value> {
    let mut held = BTreeMap::new();
    loop {
        let opened = TestSocket::try_open(&client, &[]).await;
        let Ok(mut socket) = opened else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        if socket
            .send_raw(json!({"t": "resume", "cursors": {&room: cursor}}).to_string().into())
            .await
            .is_err()
        {
            continue;
        }
        loop {
            let last = stop.load(Ordering::Relaxed);
            if last > 0 && cursor as u64 >= last {
                return held;
            }
            let Ok(Ok(frame)) = tokio::time::timeout(Duration::from_millis(500), socket.next()).await else {
                // Broken, or quiet: resuming again finds whatever there is.
                break;
            };
            if frame["log"] != room.as_str() {
                continue;
            }
            let (messages, upto): (Vec<Value>, _) = match frame["t"].as_str() {
                Some("event") => (vec![frame["ev"]["message"].clone()], &frame["seq"]),
                Some("changes") => {
                    let items = frame["items"].as_array().into_iter().flatten();
                    (items.map(|item| item["message"].clone()).collect(), &frame["upto"])
                }
                _ => continue,
            };
            let upto = upto.as_i64().expect("a number");
            if frame["t"] == "event" && upto <= cursor {
                continue;
            }
            if frame["t"] == "event" && upto > cursor + 1 {
                // What a client does about a gap.
                let ask = json!({"t": "catchup", "log": room, "after": cursor}).to_string();
                if socket.send_raw(ask.into()).await.is_err() {
                    break;
                }
                continue;
            }
            cursor = upto;
            for message in messages.into_iter().filter(|m| m["content"]["parts"][0]["type"] == "markdown") {
                held.insert(message["seq"].as_i64().expect("a seq"), message);
            }
        }
    }
}

async fn everything(client: &TestClient, room: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let page =
            client.get(&format!("/conversations/{room}/messages?after_seq={after}&limit=200")).await.ok();
        let items = page["items"].as_array().expect("items").clone();
        after = items.last().and_then(|m| m["seq"].as_i64()).unwrap_or(after);
        found.extend(items.into_iter().filter(|m| m["content"]["parts"][0]["type"] == "markdown"));
        if page["has_after"] != true {
            return found;
        }
    }
}

on_both! {
    async fn every_acknowledged_message_survives_once_in_order(server: TestServer) {
        let mut server = server;
        let (people, room) = {
            let org = server.org("Acme").await;
            let people = [org.owner.clone(), org.member("Mei").await, org.member("Jonas").await];
            let room = org.owner.channel(&[&people[1], &people[2]]).await;
            (people, room)
        };
        let cursor = people[0].see(&room).await["head_seq"].as_i64().expect("a head");
        let (stop, acked, last) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let talkers: Vec<_> = people
            .iter()
            .map(|who| tokio::spawn(talk(who.clone(), room.clone(), stop.clone(), acked.clone())))
            .collect();
        let follower = tokio::spawn(follow(people[1].client.clone(), room.clone(), cursor, last.clone()));

        for cycle in 0..cycles() {
            // At a different point of the work each time, by what was done and not by the clock.
            let until = acked.load(Ordering::Relaxed) + 3 + cycle * 7 % 40;
            let busy = || std::future::ready((acked.load(Ordering::Relaxed) >= until).then_some(()));
            eventually("some messages are sent", busy).await;
            server.kill();
            server.restart().await;
        }
        stop.store(true, Ordering::Relaxed);
        let mut acknowledged = Vec::new();
        for talker in talkers {
            acknowledged.push(talker.await.expect("a talker ends"));
        }

        let messages = everything(&people[0].client, &room).await;
        for (who, sent) in people.iter().zip(&acknowledged) {
            let kept: Vec<&Value> = messages.iter().filter(|m| m["from"] == who.id.as_str()).collect();
            let texts: Vec<&str> = kept.iter().filter_map(|m| m["content"]["parts"][0]["text"].as_str()).collect();
            let wanted: Vec<String> = (0..sent.len()).map(|n| format!("{} {n}", who.name)).collect();
            assert_eq!(texts, wanted, "each once, in order");
            let place = |m: &Value| (m["id"].clone(), m["seq"].clone());
            assert!(kept.iter().zip(sent).all(|(m, ack)| place(m) == place(ack)), "where it was acknowledged");
        }
        let seqs: Vec<i64> = messages.iter().filter_map(|m| m["seq"].as_i64()).collect();
        assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "no gap: {seqs:?}");
        let head = seqs.last().copied().expect("messages");
        assert_eq!(people[0].see(&room).await["head_seq"].as_i64(), Some(head));

        last.store(head as u64, Ordering::Relaxed);
        let held = tokio::time::timeout(Duration::from_secs(60), follower).await.expect("the follower catches up").expect("it ends");
        assert_eq!(held.keys().copied().collect::<Vec<_>>(), seqs, "the follower missed nothing");
    }
}
