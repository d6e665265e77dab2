//! Deadlines of polls.

use serde_json::{Value, json};
use weft_http::Role;
use weft_storage::{Sql, params};
use weft_testkit::{eventually, on_both};

use crate::world::World;

const TWICE: Sql = Sql::new(
    "INSERT INTO outbox (kind, payload, run_at) SELECT kind, payload, run_at FROM outbox WHERE kind = 'poll_deadline'",
);
const HURRY: Sql = Sql::new("UPDATE outbox SET run_at = 0 WHERE kind = 'poll_deadline'");
const PASS: Sql = Sql::new("UPDATE polls SET deadline = 1");
const LEFT: Sql = Sql::new("SELECT COUNT(*) FROM outbox WHERE kind = 'poll_deadline'");

on_both! {
    async fn a_deadline_closes_a_poll_once_whoever_works_on_it(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let people = w.people(org, &["Ada", "Bob"], Role::Member).await;
        let (ada, bob) = (&people[0], &people[1]);
        let path = w.conversation(ada, "channel", "talk", &[bob]).await;
        let deadline = w.cx.env.now() + 3_600_000_000;
        let poll = json!({"question": "when?", "options": ["now", "later"], "deadline": deadline});
        let body = json!({"nonce": "n1", "text": "", "poll": poll});
        let asked = w.ok(ada, "POST", &format!("{path}/messages"), body).await;
        let at = format!("/messages/{}", asked["id"].as_str().unwrap());
        w.ok(bob, "PUT", &format!("{at}/poll/vote"), json!({"options": [1]})).await;
        // The deadline has come, but whoever closes it has not looked yet: no vote counts any more.
        w.cx.db.execute(PASS, params![]).await.unwrap();
        let late = w.call(ada, "PUT", &format!("{at}/poll/vote"), json!({"options": [0]})).await;
        assert_eq!(late.1["code"], "poll_closed");

        let (one, two) = (w.cx.clone(), w.cx.clone());
        let workers = [
            tokio::spawn(async move { weft_messaging::polls::run(&one).await }),
            tokio::spawn(async move { weft_messaging::polls::run(&two).await }),
        ];
        // Two jobs for the same deadline, as after a crash between the work and its end.
        w.cx.db.execute(TWICE, Vec::new()).await.unwrap();
        w.cx.db.execute(HURRY, params![]).await.unwrap();
        eventually("the jobs are done", || async {
            let left: i64 = w.cx.db.query_one(LEFT, Vec::new()).await.unwrap().get(0).unwrap();
            (left == 0).then_some(())
        })
        .await;
        let message = w.ok(ada, "GET", &at, Value::Null).await;
        assert!(message["poll"]["closed_at"].is_i64() && message["poll"]["closed_by"].is_null());
        assert_eq!(message["poll"]["options"][1]["votes"], 1);
        let changes = w.ok(ada, "GET", &format!("{path}/changes?after_seq=0&limit=200"), Value::Null).await;
        workers.iter().for_each(|worker| worker.abort());
        let again = w.ok(ada, "POST", &format!("{at}/poll/close"), Value::Null).await;
        assert_eq!(again["poll"]["closed_at"], message["poll"]["closed_at"], "closed once");
        let after = w.ok(ada, "GET", &format!("{path}/changes?after_seq=0&limit=200"), Value::Null).await;
        assert_eq!(after["upto_seq"], changes["upto_seq"], "closing again is no event");
    }
}
