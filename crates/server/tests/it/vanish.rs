//! Messages between two people that vanish once they were read.

mod kept_from;
mod lifetime;

use serde_json::{Value, json};
use weft_storage::{Db, Sql};
use weft_testkit::{Reply, TestPerson, TestServer, eventually, scratch::unique};

pub(crate) const HOUR: i64 = 3_600;

pub(crate) fn id(message: &Value) -> &str {
    message["id"].as_str().expect("an id")
}

/// Sets how long new messages last; null: they stay.
pub(crate) async fn switch(person: &TestPerson, room: &str, after: Value) -> Reply {
    person.client.put(&format!("/conversations/{room}/vanish"), json!({"after": after})).await
}

/// Sends what says itself how long it lasts.
pub(crate) async fn send(person: &TestPerson, room: &str, more: Value) -> Reply {
    let mut body = json!({"nonce": unique("nonce"), "text": "the safe's code is 4711"});
    for (key, value) in more.as_object().expect("fields") {
        body[key] = value.clone();
    }
    person.client.post(&format!("/conversations/{room}/messages"), body).await
}

pub(crate) async fn read(person: &TestPerson, room: &str, message: &Value) {
    let seq = json!({"seq": message["seq"]});
    person.client.put(&format!("/conversations/{room}/read"), seq).await.ok();
}

/// A message as somebody sees it now.
pub(crate) async fn see(person: &TestPerson, message: &Value) -> Value {
    person.client.get(&format!("/messages/{}", id(message))).await.ok()
}

/// Waits until both know when it goes.
pub(crate) async fn until_counting(person: &TestPerson, message: &Value) -> i64 {
    eventually("its countdown has begun", || async { see(person, message).await["vanish"]["at"].as_i64() })
        .await
}

pub(crate) async fn until_gone(person: &TestPerson, message: &Value) -> Value {
    eventually("it has vanished", || async {
        Some(see(person, message).await).filter(|now| now["state"] == "vanished")
    })
    .await
}

pub(crate) async fn database(server: &TestServer) -> Db {
    Db::open(&server.database_config()).await.expect("the database opens")
}

/// How many rows a statement counts.
pub(crate) async fn count(server: &TestServer, sql: &'static str) -> i64 {
    let row = database(server).await.query_one(Sql::new(sql), Vec::new()).await.expect("a count");
    row.get(0).expect("a number")
}

/// As if so many seconds had passed for what will vanish.
pub(crate) async fn pass(server: &TestServer, seconds: i64) {
    let earlier = Sql::new("UPDATE vanishing SET at = at - $1");
    let micros = weft_storage::params![seconds * 1_000_000];
    database(server).await.execute(earlier, micros).await.expect("time passes");
}
