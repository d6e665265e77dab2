//! Whatever happens, `changes` from any earlier cursor rebuild the present state, and frames
//! applied one by one agree with it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weft_http::Role;
use weft_testkit::on_both;

use crate::world::{Someone, World};

/// A small generator of its own: the same operations on every run and on both databases.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// What a client holds of one conversation.
#[derive(Debug, Clone, Default, PartialEq)]
struct Held {
    cursor: i64,
    messages: BTreeMap<i64, Value>,
    members: BTreeMap<String, Value>,
    conversation: Value,
    member_count: i64,
}

impl Held {
    fn apply(&mut self, item: &Value) {
        match item["type"].as_str().unwrap() {
            "message" => {
                let message = item["message"].clone();
                self.messages.insert(message["seq"].as_i64().unwrap(), message);
            }
            "member" => {
                let member = item["member"].clone();
                self.members.insert(member["id"].as_str().unwrap().to_owned(), member);
                self.member_count = item["member_count"].as_i64().unwrap();
            }
            "conversation" => {
                self.conversation = item["conversation"].clone();
                let count = self.conversation.as_object_mut().unwrap().remove("member_count");
                self.member_count = count.and_then(|count| count.as_i64()).unwrap();
            }
            other => panic!("unknown item {other}"),
        }
    }

    async fn catch_up(&mut self, w: &World, who: &Someone, path: &str, limit: usize) {
        loop {
            let route = format!("{path}/changes?after_seq={}&limit={limit}", self.cursor);
            let page = w.ok(who, "GET", &route, Value::Null).await;
            page["items"].as_array().unwrap().iter().for_each(|item| self.apply(item));
            let upto = page["upto_seq"].as_i64().unwrap();
            assert!(upto > self.cursor || page["more"] == false, "no progress at {upto}: {page}");
            self.cursor = upto;
            if page["more"] == false {
                return;
            }
        }
    }
}

async fn step(w: &World, dice: &mut Dice, people: &[Someone], path: &str, sent: &mut Vec<String>, n: usize) {
    let who = &people[dice.roll(people.len())];
    let message = sent.get(dice.roll(sent.len().max(1))).cloned().unwrap_or_default();
    let other = &people[dice.roll(people.len())];
    // Refusals (a tombstone edited, a stranger removed) are part of the walk.
    match dice.roll(12) {
        0..=3 => {
            let text = format!("message {n} <@{}>", other.id);
            let (status, made) = w
                .call(
                    who,
                    "POST",
                    &format!("{path}/messages"),
                    json!({"nonce": format!("n{n}"), "text": text}),
                )
                .await;
            if status.is_success() {
                sent.push(format!("/messages/{}", made["id"].as_str().unwrap()));
            }
        }
        4 => drop(w.call(who, "PATCH", &message, json!({"text": format!("edit {n}")})).await),
        5 => drop(w.call(who, "PUT", &format!("{message}/reactions/:e{}:", dice.roll(4)), Value::Null).await),
        6 => drop(
            w.call(who, "DELETE", &format!("{message}/reactions/:e{}:", dice.roll(4)), Value::Null).await,
        ),
        7 => drop(w.call(who, "PUT", &format!("{message}/pin"), Value::Null).await),
        8 => drop(w.call(who, "POST", &format!("{message}/recall"), Value::Null).await),
        9 => drop(w.call(who, "POST", &format!("{path}/leave"), Value::Null).await),
        10 => drop(w.call(who, "POST", &format!("{path}/join"), Value::Null).await),
        _ => drop(w.call(who, "PATCH", path, json!({"topic": format!("topic {n}")})).await),
    }
}

on_both! {
    async fn changes_from_any_cursor_equal_the_present_state(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let people = w.people(org, &["Ada", "Bob", "Cyd", "Dan"], Role::Member).await;
        let viewer = w.person(org, "Viewer", Role::Member).await;
        let members: Vec<&Someone> = people.iter().chain([&viewer]).collect();
        let path = w.conversation(&people[0], "channel", "walk", &members[1..]).await;
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let mut sent = Vec::new();
        let mut clients: Vec<Held> = Vec::new();
        let mut head = 0;
        for n in 0..160 {
            if n % 20 == 0 {
                let mut client = Held::default();
                client.catch_up(&w, &viewer, &path, 7).await;
                clients.push(client);
            }
            step(&w, &mut dice, &people, &path, &mut sent, n).await;
            let now = w.ok(&viewer, "GET", &path, Value::Null).await["head_seq"].as_i64().unwrap();
            assert!(now >= head);
            head = now;
        }
        let mut fresh = Held::default();
        fresh.catch_up(&w, &viewer, &path, 200).await;
        assert_eq!(fresh.cursor, head);
        for (n, mut client) in clients.into_iter().enumerate() {
            client.catch_up(&w, &viewer, &path, 3 + n).await;
            let stopped = n * 20;
            assert_eq!(client.messages, fresh.messages, "stopped after {stopped} steps");
            assert_eq!(client, fresh, "stopped after {stopped} steps");
        }
        // And what was rebuilt is what the pages and lists show.
        let page = w.ok(&viewer, "GET", &format!("{path}/messages?limit=200"), Value::Null).await;
        let shown: Vec<&Value> = page["items"].as_array().unwrap().iter().collect();
        assert_eq!(shown, fresh.messages.values().collect::<Vec<_>>());
        let list = w.ok(&viewer, "GET", &format!("{path}/members"), Value::Null).await;
        let present = fresh.members.values().filter(|member| member["state"] == "joined").count();
        assert_eq!(list["total"], present);

        // The frames of the log are dense: every number from the first to the head, once.
        let log = path.rsplit('/').next().unwrap();
        let mut seqs: Vec<i64> = w.frames.of(log).into_iter().map(|(seq, _)| seq).collect();
        seqs.sort_unstable();
        let first = seqs[0];
        assert_eq!(seqs, (first..=head).collect::<Vec<_>>());
    }
}
