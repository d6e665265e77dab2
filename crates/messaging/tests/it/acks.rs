//! Deadlines of messages that ask to be acknowledged.

use serde_json::{Value, json};
use weft_http::Role;
use weft_storage::{Sql, params};
use weft_testkit::{eventually, on_both};

use crate::world::World;

const HURRY: Sql = Sql::new("UPDATE outbox SET run_at = 0 WHERE kind = 'ack_deadline'");
const LEFT: Sql = Sql::new("SELECT COUNT(*) FROM outbox WHERE kind = 'ack_deadline'");

on_both! {
    async fn a_deadline_reminds_once_whoever_works_on_it(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let people = w.people(org, &["Ada", "Bob", "Cem"], Role::Member).await;
        let (ada, bob, cem) = (&people[0], &people[1], &people[2]);
        let path = w.conversation(ada, "channel", "talk", &[bob, cem]).await;
        let deadline = w.cx.env.now() + 3_600_000_000;
        let body = json!({"nonce": "n1", "text": "confirm", "ack": {"deadline": deadline}});
        let asked = w.ok(ada, "POST", &format!("{path}/messages"), body).await;
        let ack = format!("/messages/{}/ack", asked["id"].as_str().unwrap());
        w.ok(cem, "PUT", &ack, json!({"state": "acknowledged"})).await;
        let (one, two) = (w.cx.clone(), w.cx.clone());
        let workers = [
            tokio::spawn(async move { weft_messaging::acks::run(&one).await }),
            tokio::spawn(async move { weft_messaging::acks::run(&two).await }),
        ];
        // Two jobs for the same deadline, as after a crash between the work and its end.
        let twice = Sql::new("INSERT INTO outbox (kind, payload, run_at) SELECT kind, payload, run_at FROM outbox WHERE kind = 'ack_deadline'");
        w.cx.db.execute(twice, Vec::new()).await.unwrap();
        w.cx.db.execute(HURRY, params![]).await.unwrap();
        eventually("the jobs are done", || async {
            let left: i64 = w.cx.db.query_one(LEFT, Vec::new()).await.unwrap().get(0).unwrap();
            (left == 0).then_some(())
        })
        .await;
        let told = || w.frames.ephemeral().into_iter().filter(|f| f["t"] == "waiting" && f["why"] == "deadline").collect::<Vec<Value>>();
        eventually("who has not answered is told", || async { (!told().is_empty()).then_some(()) }).await;
        assert_eq!(told().len(), 1, "only Bob, and once");
        let waiting = w.ok(bob, "GET", "/acks", Value::Null).await;
        assert!(waiting["items"][0]["ack"]["reminded_at"].is_i64());
        workers.iter().for_each(|worker| worker.abort());
    }
}
