//! Many at once in one channel: no deadlock, no gap, and nobody is heard who is not there.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use http::StatusCode;
use serde_json::{Value, json};
use weft_http::Role;
use weft_testkit::on_both;

use crate::world::{Someone, World};

const STEPS: usize = 30;

/// What one person does, and the statuses that it was answered with.
async fn walk(
    w: &World,
    me: &Someone,
    other: &Someone,
    path: &str,
    start: usize,
) -> Vec<(StatusCode, Value)> {
    let mut seen = Vec::new();
    let mut mine = format!("/messages/{}", "msg_00000000000000000000000000");
    for n in start..start + STEPS {
        let (method, route, body) = match n % 10 {
            0 | 3 | 6 => (
                "POST",
                format!("{path}/messages"),
                json!({"nonce": format!("n{n}"), "text": format!("{n}")}),
            ),
            1 => ("PUT", format!("{mine}/reactions/:a:"), Value::Null),
            2 => ("PUT", format!("{path}/read"), json!({"seq": i64::MAX})),
            4 => ("PATCH", mine.clone(), json!({"text": format!("edited {n}")})),
            5 => ("POST", format!("{path}/leave"), Value::Null),
            7 => ("POST", format!("{path}/join"), Value::Null),
            8 => ("POST", format!("{path}/members"), json!({"members": [other.id]})),
            _ => ("PATCH", path.to_owned(), json!({"topic": format!("topic {n} of {}", me.id)})),
        };
        let answer = w.call(me, method, &route, body).await;
        if let Some(id) = answer.1["id"].as_str().filter(|id| id.starts_with("msg_")) {
            mine = format!("/messages/{id}");
        }
        seen.push(answer);
    }
    seen
}

on_both! {
    async fn nobody_is_heard_who_is_not_there(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let names: Vec<String> = (0..8).map(|n| format!("Person {n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let people = w.people(org, &names, Role::Member).await;
        let path = w.conversation(&people[0], "channel", "busy", &people[1..].iter().collect::<Vec<_>>()).await;
        let first = w.ok(&people[0], "GET", &path, Value::Null).await["head_seq"].as_i64().unwrap();
        let walks = people.iter().enumerate().map(|(n, me)| {
            walk(&w, me, &people[(n + 3) % people.len()], &path, n * 7)
        });
        for (status, answer) in join_all(walks).await.into_iter().flatten() {
            assert!(!status.is_server_error(), "{status} {answer}");
            assert_ne!(answer["code"], "stale_permission", "{answer}");
        }

        let log = path.rsplit('/').next().unwrap();
        let mut frames = w.frames.of(log);
        frames.sort_by_key(|(seq, _)| *seq);
        let head = w.ok(&people[0], "GET", "/conversations/browse", Value::Null).await["items"][0].clone();
        let seqs: Vec<i64> = frames.iter().map(|(seq, _)| *seq).collect();
        assert_eq!(seqs, (first + 1..=head["head_seq"].as_i64().unwrap()).collect::<Vec<_>>());

        let mut present: BTreeSet<String> = people.iter().map(|p| p.id.to_string()).collect();
        let mut n = 0;
        for (seq, ev) in &frames {
            if ev["k"] == "member" {
                let who = ev["member"]["id"].as_str().unwrap().to_owned();
                let came = ev["member"]["state"] == "joined";
                let changed = if came { present.insert(who) } else { present.remove(&who) };
                assert!(changed, "{seq}: {ev}");
                assert_eq!(ev["member_count"], present.len(), "{seq}");
            }
            if ev["k"] == "message" && !ev["message"]["n"].is_null() {
                n += 1;
                assert_eq!(ev["message"]["n"], n, "{seq}");
                assert!(present.contains(ev["message"]["from"].as_str().unwrap()), "{seq}: {ev}");
            }
        }
        assert_eq!((head["last_n"].clone(), head["member_count"].clone()), (json!(n), json!(present.len())));
    }

    async fn a_flood_of_reactions_is_one_change(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let people = w.people(org, &["Ada", "Bob"], Role::Member).await;
        let path = w.conversation(&people[0], "channel", "flood", &[&people[1]]).await;
        let sent = w.send(&people[0], &path, "calm").await;
        let up = format!("/messages/{}/reactions/:up:", sent["id"].as_str().unwrap());
        for n in 0..100 {
            w.ok(&people[n / 50], if n % 2 == 0 { "PUT" } else { "DELETE" }, &up, Value::Null).await;
        }
        let route = format!("{path}/changes?after_seq={}", sent["seq"]);
        let page = w.ok(&people[0], "GET", &route, Value::Null).await;
        assert_eq!((page["items"].as_array().unwrap().len(), page["more"].clone()), (1, json!(false)));
        assert_eq!(page["upto_seq"].as_i64().unwrap() - sent["seq"].as_i64().unwrap(), 100);
    }
}
