//! The steps outside the app.

use serde_json::{Value, json};
use weft_testkit::{TestPerson, TestServer, eventually, on_both};

use super::{
    confirm,
    gateway::{FakeGateway, Mood, set_up},
    id, later, policy, reached, server, step_is, steps, urgent,
};

/// Gives somebody a number that counts as theirs.
async fn number(server: &TestServer, who: &TestPerson, number: &str) {
    who.client.put("/me/phone", json!({"number": number})).await;
    let db = weft_storage::Db::open(&server.database_config()).await.expect("the database");
    let sql = weft_storage::Sql::new("UPDATE phones SET verified_at = 1 WHERE number = $1");
    db.execute(sql, weft_storage::params![number]).await.expect("verified");
}

/// The time of everybody's last look has come, and it was taken: what was not to happen has not.
async fn looked_again(server: &TestServer, sender: &TestPerson, room: &str, witness: &TestPerson) {
    // Jobs are taken in order of their time: this message's is later than all others'.
    let other = urgent(sender, room).await;
    let mut socket = witness.socket().await;
    later(server, 5).await;
    socket.wait_for("a later job", |f| f["t"] == "waiting" && f["message"] == other["id"]).await;
}

on_both! {
    async fn an_sms_is_sent_once_and_says_what_the_message_says(engine: Engine) {
        let server = server(engine).await;
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let gateway = FakeGateway::start(Mood::Kind).await;
        number(&server, &mei, "+8613800138000").await;
        set_up(&org.owner, "sms", &gateway.url).await;
        policy(&org.owner, steps(&[("sms", 5, true)])).await;
        let mut own = org.owner.socket().await;
        let sent = urgent(&org.owner, &room).await;
        later(&server, 5).await;
        own.wait_for("progress", |f| f["t"] == "urgent").await;
        step_is(&org.owner, &sent, &mei, "sms", "done").await;
        let said = gateway.calls()[0].json();
        assert_eq!((&said["to"], &said["by"]), (&json!("+8613800138000"), &json!("Olga Owner")));
        assert!(said["say"].as_str().expect("text").contains("the roof is on fire"), "{said}");
        assert_eq!(gateway.calls()[0].headers["x-token"], "s3cret");
        assert_eq!(gateway.calls()[0].headers["idempotency-key"], said["id"].as_str().expect("an id"));
        later(&server, 30).await;
        let over = || async {
            let page = org.owner.client.get(&format!("/messages/{}/urgent", id(&sent))).await.ok();
            (page["state"] == "over").then_some(())
        };
        eventually("nothing is left to do", over).await;
        assert_eq!(gateway.calls().len(), 1);
        assert_eq!(mei.client.get("/acks").await.ok()["urgent"], 1, "it is shown until it is confirmed");
        let log = org.owner.client.get("/urgent/deliveries?limit=1").await.ok();
        let (item, cursor) = (&log["items"][0], log["next_cursor"].as_str().expect("more"));
        assert_eq!((&item["to"], &item["from"], &item["message"]), (&json!(mei.id), &json!(org.owner.id), &sent["id"]));
        let rest = org.owner.client.get(&format!("/urgent/deliveries?cursor={cursor}")).await.ok();
        assert_eq!(rest["items"].as_array().map(Vec::len), Some(1));
        org.owner.client.get("/urgent/deliveries?cursor=x").await.refused(422, "invalid");
        assert_eq!(org.owner.client.get("/urgent/usage").await.ok()["total"]["sms"], 1);
    }

    async fn a_step_that_fails_lets_the_next_one_come_and_is_never_tried_again(engine: Engine) {
        let server = server(engine).await;
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let (sms, phone) = (FakeGateway::start(Mood::BrokenOnce).await, FakeGateway::start(Mood::Kind).await);
        number(&server, &mei, "+8613800138000").await;
        set_up(&org.owner, "sms", &sms.url).await;
        set_up(&org.owner, "phone", &phone.url).await;
        policy(&org.owner, steps(&[("sms", 0, true), ("phone", 60, true)])).await;
        let sent = urgent(&org.owner, &room).await;
        step_is(&org.owner, &sent, &mei, "sms", "failed").await;
        step_is(&org.owner, &sent, &mei, "phone", "done").await;
        later(&server, 120).await;
        looked_again(&server, &org.owner, &room, &mei).await;
        let for_it = sms.calls().iter().filter(|call| call.body.contains(id(&sent))).count();
        assert_eq!(for_it, 1);
        step_is(&org.owner, &sent, &mei, "sms", "failed").await;
    }

    async fn a_gateway_that_is_down_or_says_no_or_anything_is_understood(engine: Engine) {
        let server = server(engine).await;
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let phone = FakeGateway::start(Mood::Kind).await;
        number(&server, &mei, "+8613800138000").await;
        set_up(&org.owner, "phone", &phone.url).await;
        policy(&org.owner, steps(&[("sms", 0, true), ("phone", 60, true)])).await;
        set_up(&org.owner, "sms", &FakeGateway::down().await).await;
        let sent = urgent(&org.owner, &room).await;
        step_is(&org.owner, &sent, &mei, "phone", "done").await;
        let no = FakeGateway::start(Mood::SaysNo).await;
        set_up(&org.owner, "sms", &no.url).await;
        let sent = urgent(&org.owner, &room).await;
        step_is(&org.owner, &sent, &mei, "phone", "done").await;
        let hostile = FakeGateway::start(Mood::Hostile).await;
        set_up(&org.owner, "sms", &hostile.url).await;
        let sent = urgent(&org.owner, &room).await;
        step_is(&org.owner, &sent, &mei, "sms", "unknown").await;
        assert_eq!((no.calls().len(), phone.calls().len()), (1, 2), "what may have been sent lets the next wait");
    }

    async fn a_crash_in_a_call_is_never_a_second_call(engine: Engine) {
        let mut server = server(engine).await;
        let (owner, mei, room) = {
            let org = server.org("Acme").await;
            let mei = org.member("Mei").await;
            let room = org.owner.channel(&[&mei]).await;
            (org.owner.clone(), mei, room)
        };
        let gateway = FakeGateway::start(Mood::Silent).await;
        number(&server, &mei, "+8613800138000").await;
        set_up(&owner, "sms", &gateway.url).await;
        policy(&owner, steps(&[("sms", 0, true)])).await;
        let sent = urgent(&owner, &room).await;
        let called = || std::future::ready((gateway.calls().len() == 1).then_some(()));
        eventually("the call", called).await;
        server.kill();
        server.restart().await;
        assert!(reached(&owner, &sent).await.contains(&(mei.id.clone(), "sms".into(), "under_way".into())));
        // The lease of the job runs out, and another process finds it begun.
        later(&server, 10).await;
        step_is(&owner, &sent, &mei, "sms", "unknown").await;
        gateway.let_answer();
        looked_again(&server, &owner, &room, &mei).await;
        let for_it = gateway.calls().iter().filter(|call| call.body.contains(id(&sent))).count();
        assert_eq!(for_it, 1);
    }

    async fn a_crash_between_steps_loses_none(engine: Engine) {
        let mut server = server(engine).await;
        let (owner, mei, room) = {
            let org = server.org("Acme").await;
            let mei = org.member("Mei").await;
            let room = org.owner.channel(&[&mei]).await;
            (org.owner.clone(), mei, room)
        };
        let gateway = FakeGateway::start(Mood::Kind).await;
        number(&server, &mei, "+8613800138000").await;
        set_up(&owner, "sms", &gateway.url).await;
        set_up(&owner, "phone", &gateway.url).await;
        policy(&owner, steps(&[("sms", 0, true), ("phone", 30, true)])).await;
        let sent = urgent(&owner, &room).await;
        step_is(&owner, &sent, &mei, "sms", "done").await;
        server.kill();
        later(&server, 60).await;
        server.restart().await;
        step_is(&owner, &sent, &mei, "phone", "done").await;
        assert_eq!(gateway.calls().len(), 2);
    }

    async fn who_confirms_reads_leaves_or_goes_is_not_called(engine: Engine) {
        let server = server(engine).await;
        let org = server.org("Acme").await;
        let people = [org.member("Mei").await, org.member("Jonas").await, org.member("Lea").await, org.member("Gus").await, org.member("Still").await];
        let [mei, jonas, lea, gus, still] = &people;
        let room = org.owner.channel(&people.each_ref()).await;
        let gateway = FakeGateway::start(Mood::Kind).await;
        for (at, who) in people.iter().enumerate() {
            number(&server, who, &format!("+861380013800{at}")).await;
        }
        set_up(&org.owner, "sms", &gateway.url).await;
        let mut wanted = steps(&[("sms", 5, true)]);
        wanted["stops_on"] = "read".into();
        policy(&org.owner, wanted).await;
        let sent = urgent(&org.owner, &room).await;
        confirm(mei, &sent).await;
        jonas.client.put(&format!("/conversations/{room}/read"), json!({"seq": sent["seq"]})).await.ok();
        lea.client.post(&format!("/conversations/{room}/leave"), Value::Null).await.ok();
        org.owner.client.post(&format!("/principals/{}/deactivate", gus.id), Value::Null).await.ok();
        later(&server, 5).await;
        step_is(&org.owner, &sent, still, "sms", "done").await;
        let called: Vec<Value> = gateway.calls().iter().map(|call| call.json()["to"].clone()).collect();
        assert_eq!(called, [json!("+8613800138004")]);
        let gone = urgent(&org.owner, &room).await;
        org.owner.client.post(&format!("/messages/{}/recall", id(&gone)), Value::Null).await.ok();
        looked_again(&server, &org.owner, &room, still).await;
        assert!(!gateway.calls().iter().any(|call| call.body.contains(id(&gone))));
    }

    async fn quiet_hours_limits_and_quotas_hold(engine: Engine) {
        let server = server(engine).await;
        let org = server.org("Acme").await;
        let (mei, jonas, lea) = (org.member("Mei").await, org.member("Jonas").await, org.member("Lea").await);
        let room = org.owner.channel(&[&mei, &jonas, &lea]).await;
        let (sms, phone) = (FakeGateway::start(Mood::Kind).await, FakeGateway::start(Mood::Kind).await);
        for (at, who) in [&mei, &jonas, &lea].into_iter().enumerate() {
            number(&server, who, &format!("+861380013800{at}")).await;
        }
        set_up(&org.owner, "sms", &sms.url).await;
        set_up(&org.owner, "phone", &phone.url).await;
        // Always quiet but for one minute that this test does not meet twice.
        mei.client.put("/me/urgent", json!({"quiet": {"from": 1, "to": 0}})).await.ok();
        jonas.client.put("/me/urgent", json!({"calls_per_day": 0})).await.ok();
        for bad in [json!({"quiet": {"from": -1, "to": 0}}), json!({"calls_per_day": 101}), json!({"x": 1})] {
            jonas.client.put("/me/urgent", bad).await.refused(422, "invalid");
        }
        let mut wanted = steps(&[("sms", 0, false), ("phone", 0, true)]);
        wanted["steps"][1]["per_month"] = 1.into();
        policy(&org.owner, wanted).await;
        let sent = urgent(&org.owner, &room).await;
        step_is(&org.owner, &sent, &mei, "phone", "done").await;
        step_is(&org.owner, &sent, &lea, "sms", "done").await;
        step_is(&org.owner, &sent, &lea, "phone", "left_out").await;
        step_is(&org.owner, &sent, &jonas, "sms", "left_out").await;
        assert_eq!((sms.calls().len(), phone.calls().len()), (1, 1));
        assert!(!reached(&org.owner, &sent).await.iter().any(|(who, step, _)| *who == mei.id && step == "sms"), "it waits for the end of her night");
    }
}
