//! Polls.

use futures_util::future::join_all;
use serde_json::{Value, json};
use weft_storage::{Db, Row, Sql};
use weft_testkit::{Reply, TestPerson, on_both, scratch::unique};

fn id(message: &Value) -> &str {
    message["id"].as_str().expect("an id")
}

fn lunch() -> Value {
    json!({"question": "午饭吃什么？", "options": ["面", "饭", "👨‍👩‍👧 火锅"]})
}

fn with(extra: Value) -> Value {
    let mut poll = lunch();
    for (key, value) in extra.as_object().expect("an object") {
        poll[key] = value.clone();
    }
    poll
}

async fn try_asking(person: &TestPerson, room: &str, poll: Value) -> Reply {
    let body = json!({"nonce": unique("nonce"), "text": "", "poll": poll});
    person.client.post(&format!("/conversations/{room}/messages"), body).await
}

async fn ask(person: &TestPerson, room: &str, poll: Value) -> Value {
    try_asking(person, room, poll).await.ok()
}

async fn vote(person: &TestPerson, poll: &Value, options: &[i64]) -> Reply {
    person.client.put(&format!("/messages/{}/poll/vote", id(poll)), json!({"options": options})).await
}

async fn view(person: &TestPerson, poll: &Value) -> Value {
    person.client.get(&format!("/messages/{}/poll", id(poll))).await.ok()
}

async fn close(person: &TestPerson, poll: &Value) -> Reply {
    person.client.post(&format!("/messages/{}/poll/close", id(poll)), Value::Null).await
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.bytes).into_owned()
}

fn counts(poll: &Value) -> Vec<Option<i64>> {
    poll["options"].as_array().expect("options").iter().map(|option| option["votes"].as_i64()).collect()
}

/// Everything that the database holds of votes, as text.
async fn held(db: &Db) -> Vec<Row> {
    db.query(Sql::new("SELECT seq, option, principal, at FROM poll_votes ORDER BY option"), Vec::new())
        .await
        .expect("votes")
}

on_both! {
    async fn people_vote_change_and_withdraw_until_it_is_closed(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let poll = ask(&mei, &room, lunch()).await;
        assert_eq!(poll["content"]["parts"][0]["type"], "poll");
        assert_eq!(counts(&poll["poll"]), [Some(0), Some(0), Some(0)]);

        let (mut watching, mut other) = (org.owner.socket().await, jonas.socket().await);
        let mine = vote(&jonas, &poll, &[1]).await.ok();
        assert_eq!((&mine["mine"], counts(&mine["poll"])), (&json!([1]), vec![Some(0), Some(1), Some(0)]));
        let told = watching.wait_for("the count", |f| f["ev"]["k"] == "message.changed" && f["ev"]["message"]["poll"]["voters"] == 1).await;
        assert_eq!(told["ev"]["message"]["poll"]["options"][1]["faces"], json!([jonas.id]));
        let own = other.wait_for("the own vote", |f| f["t"] == "poll_vote").await;
        assert_eq!((&own["message"], &own["mine"]), (&poll["id"], &json!([1])));
        assert!(watching.passed().all(|f| f["t"] != "poll_vote"), "one's vote is told to one's own devices");

        vote(&jonas, &poll, &[2]).await.ok();
        vote(&jonas, &poll, &[0, 2]).await.refused(422, "invalid");
        vote(&jonas, &poll, &[9]).await.refused(422, "invalid");
        assert_eq!(view(&jonas, &poll).await["mine"], json!([2]), "what is refused changes nothing");
        vote(&org.owner, &poll, &[0]).await.ok();
        vote(&org.owner, &poll, &[]).await.ok();
        let after = view(&org.owner, &poll).await;
        assert_eq!((&after["mine"], &after["poll"]["voters"]), (&json!([]), &json!(1)));

        let voters = mei.client.get(&format!("/messages/{}/poll/voters?option=2", id(&poll))).await.ok();
        assert_eq!((&voters["items"][0]["id"], voters["items"].as_array().map(Vec::len)), (&json!(jonas.id), Some(1)));
        close(&jonas, &poll).await.refused(403, "forbidden");
        let closed = close(&mei, &poll).await.ok();
        assert_eq!(closed["poll"]["closed_by"], json!(mei.id));
        close(&org.owner, &poll).await.ok();
        watching.wait_for("the closing", |f| f["ev"]["message"]["poll"]["closed_at"].is_i64()).await;
        vote(&jonas, &poll, &[0]).await.refused(409, "poll_closed");
        assert_eq!(counts(&view(&jonas, &poll).await["poll"]), [Some(0), Some(0), Some(1)]);
    }

    async fn several_options_up_to_a_limit_and_more_that_others_add(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let poll = ask(&org.owner, &room, with(json!({"choices": 2, "may_add": true}))).await;
        vote(&mei, &poll, &[0, 1, 2]).await.refused(422, "invalid");
        vote(&mei, &poll, &[0, 2, 2]).await.ok();
        let path = format!("/messages/{}/poll/options", id(&poll));
        let added = mei.client.post(&path, json!({"text": " 饺子 "})).await.ok();
        assert_eq!((&added["poll"]["options"][3]["text"], &added["poll"]["options"][3]["added_by"]), (&json!("饺子"), &json!(mei.id)));
        mei.client.post(&path, json!({"text": "饺子"})).await.refused(409, "option_exists");
        mei.client.post(&path, json!({"text": "  "})).await.refused(422, "invalid");
        // Twenty at once where sixteen fit: as many as fit, and no number twice.
        let texts: Vec<String> = (0..20).map(|n| format!("more {n}")).collect();
        let replies = join_all(texts.iter().map(|text| mei.client.post(&path, json!({"text": text})))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 16);
        let options = view(&mei, &poll).await["poll"]["options"].as_array().expect("options").clone();
        assert!(options.iter().enumerate().all(|(i, option)| option["id"] == json!(i)) && options.len() == 20);
        vote(&mei, &poll, &[3, 19]).await.ok();
        let fixed = ask(&org.owner, &room, lunch()).await;
        mei.client.post(&format!("/messages/{}/poll/options", id(&fixed)), json!({"text": "x"})).await.refused(403, "options_fixed");
    }

    async fn nobody_learns_who_voted_anonymously(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let poll = ask(&org.owner, &room, with(json!({"anonymous": true, "may_add": true}))).await;
        let mut socket = org.owner.socket().await;
        vote(&mei, &poll, &[0]).await.ok();
        vote(&jonas, &poll, &[0]).await.ok();
        vote(&jonas, &poll, &[1]).await.ok();
        assert_eq!(view(&jonas, &poll).await["mine"], json!([1]), "one vote for each, and one's own is one's own");
        let told = socket.wait_for("two voters", |f| f["ev"]["message"]["poll"]["voters"] == 2).await;
        let frames = format!("{:?}{told}", socket.passed().collect::<Vec<_>>());
        for secret in [&mei.id, &jonas.id] {
            assert!(!frames.contains(secret.as_str()), "{frames}");
        }
        let seen = view(&org.owner, &poll).await.to_string();
        assert!(!seen.contains(&mei.id) && !seen.contains(&jonas.id), "{seen}");
        org.owner.client.get(&format!("/messages/{}/poll/voters?option=0", id(&poll))).await.refused(403, "anonymous");
        let table = org.owner.client.get(&format!("/messages/{}/poll/export", id(&poll))).await;
        assert!(table.status == 200 && !text(&table).contains("Mei"), "{}", text(&table));
        let added = mei.client.post(&format!("/messages/{}/poll/options", id(&poll)), json!({"text": "粥"})).await.ok();
        assert_eq!(added["poll"]["options"][3]["added_by"], Value::Null);

        let db = Db::open(&server.database_config()).await.expect("the database");
        for row in held(&db).await {
            let (principal, at): (Option<i64>, i64) = (row.get(2).expect("principal"), row.get(3).expect("at"));
            assert_eq!((principal, at), (None, 0), "neither who nor when");
        }
        close(&org.owner, &poll).await.ok();
        let secrets = db.query(Sql::new("SELECT seq FROM polls WHERE secret IS NOT NULL"), Vec::new()).await.expect("polls");
        assert!(secrets.is_empty(), "what voters were hashed with is destroyed");
        assert_eq!(view(&jonas, &poll).await["mine"], json!([]));
    }

    async fn results_are_hidden_until_they_may_be_seen(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let voted = ask(&mei, &room, with(json!({"results": "voted"}))).await;
        let mut socket = org.owner.socket().await;
        assert_eq!(counts(&vote(&jonas, &voted, &[1]).await.ok()["poll"]), [Some(0), Some(1), Some(0)]);
        assert_eq!(counts(&view(&mei, &voted).await["poll"]), [None, None, None], "nor does who asked see them");
        mei.client.get(&format!("/messages/{}/poll/voters?option=1", id(&voted))).await.refused(403, "results_hidden");
        mei.client.get(&format!("/messages/{}/poll/export", id(&voted))).await.refused(403, "results_hidden");
        let told = socket.wait_for("the count", |f| f["ev"]["message"]["poll"]["voters"] == 1).await;
        assert_eq!((counts(&told["ev"]["message"]["poll"]), &told["ev"]["message"]["poll"]["options"][1]["faces"]), (vec![None, None, None], &json!([])));
        vote(&jonas, &voted, &[]).await.ok();
        assert_eq!(counts(&view(&jonas, &voted).await["poll"]), [None, None, None], "whoever withdraws no longer sees them");

        let later = ask(&mei, &room, with(json!({"results": "closed"}))).await;
        assert_eq!(counts(&vote(&jonas, &later, &[1]).await.ok()["poll"]), [None, None, None]);
        close(&mei, &later).await.ok();
        assert_eq!(counts(&view(&org.owner, &later).await["poll"]), [Some(0), Some(1), Some(0)]);
    }

    async fn a_vote_that_races_with_the_closing_is_counted_or_refused(server: TestServer) {
        let org = server.org("Acme").await;
        let mut people = Vec::new();
        for n in 0..8 {
            people.push(org.member(&format!("Voter {n}")).await);
        }
        let room = org.owner.channel(&people.iter().collect::<Vec<_>>()).await;
        let poll = ask(&org.owner, &room, with(json!({"choices": 2}))).await;
        let votes = join_all(people.iter().map(|person| vote(person, &poll, &[0, 1])));
        let (votes, closed) = tokio::join!(votes, close(&org.owner, &poll));
        closed.ok();
        let counted = votes.iter().filter(|reply| reply.status == 200).count() as i64;
        for reply in votes.iter().filter(|reply| reply.status != 200) {
            assert_eq!(reply.code(), "poll_closed");
        }
        let after = view(&org.owner, &poll).await["poll"].clone();
        assert_eq!((&after["voters"], counts(&after)), (&json!(counted), vec![Some(counted), Some(counted), Some(0)]));
        let message = org.owner.client.get(&format!("/messages/{}", id(&poll))).await.ok();
        assert_eq!(message["poll"], after, "the last count is what everybody is told");
    }

    async fn bad_polls_are_refused_and_write_nothing(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, stranger) = (org.member("Mei").await, org.member("Far").await);
        let room = org.owner.conversation("private_channel", &[&mei]).await;
        let long = "长".repeat(121);
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        let cases = [
            json!({"question": ""}), json!({"question": "x".repeat(301)}), json!({"options": ["a"]}), json!({"options": many}),
            json!({"options": ["a", "Ａ"]}), json!({"options": ["a", " "]}), json!({"options": ["a", long]}), json!({"choices": 0}),
            json!({"choices": 4}), json!({"deadline": 5}), json!({"deadline": i64::MAX}), json!({"results": "never"}), json!({"x": 1}),
            json!({"options": ["a", "b\u{202e}"]}),
        ];
        for bad in cases {
            try_asking(&org.owner, &room, with(bad.clone())).await.refused(422, "invalid");
        }
        let plain = org.owner.say(&room, "no poll").await;
        assert!(plain.get("poll").is_none());
        vote(&mei, &plain, &[0]).await.refused(409, "no_poll");
        let poll = ask(&org.owner, &room, lunch()).await;
        vote(&stranger, &poll, &[0]).await.refused(404, "not_found");
        org.owner.client.post(&format!("/messages/{}/recall", id(&poll)), Value::Null).await.ok();
        vote(&mei, &poll, &[0]).await.refused(409, "message_gone");
        let db = Db::open(&server.database_config()).await.expect("the database");
        for table in [Sql::new("SELECT seq FROM polls"), Sql::new("SELECT seq FROM poll_options"), Sql::new("SELECT seq FROM poll_votes")] {
            assert!(db.query(table, Vec::new()).await.expect("rows").is_empty(), "a recalled poll leaves nothing");
        }
    }

    async fn the_same_nonce_asks_once_and_a_poll_is_forwarded_in_words(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut socket = org.owner.socket().await;
        let mut send = json!({"t": "send", "id": 1, "conv": room, "nonce": "n1", "text": "", "poll": lunch()});
        for number in [1, 2] {
            send["id"] = number.into();
            socket.send(send.clone()).await;
            socket.wait_for("the answer", |f| f["t"] == "ack" && f["id"] == number).await;
        }
        send["poll"]["anonymous"] = true.into();
        send["id"] = 3.into();
        socket.send(send).await;
        let refused = socket.wait_for("the refusal", |f| f["id"] == 3).await;
        assert_eq!(refused["problem"]["code"], "nonce_reused");
        let page = mei.client.get(&format!("/conversations/{room}/messages")).await.ok();
        let poll = page["items"].as_array().expect("items").iter().rev().find(|m| m["poll"].is_object()).expect("the poll").clone();
        let other = mei.channel(&[]).await;
        let body = json!({"to": [other], "nonce": unique("n")});
        let sent = mei.client.post(&format!("/messages/{}/forward", id(&poll)), body).await.ok();
        assert_eq!(sent["items"][0]["content"]["parts"][0]["text"], "午饭吃什么？\n- 面\n- 饭\n- 👨‍👩‍👧 火锅");
        let quoted = json!({"nonce": unique("n"), "text": "see", "quote": poll["id"]});
        let quote = mei.client.post(&format!("/conversations/{room}/messages"), quoted).await.ok();
        assert_eq!(quote["content"]["parts"][0]["text"], "午饭吃什么？");
    }

    async fn an_export_is_safe_to_open(server: TestServer) {
        let org = server.org("Acme").await;
        let evil = org.member("=cmd()").await;
        let room = org.owner.channel(&[&evil]).await;
        let poll = ask(&org.owner, &room, json!({"question": "q", "options": ["=1+1", "say \"hi\""]})).await;
        vote(&evil, &poll, &[0]).await.ok();
        evil.client.get(&format!("/messages/{}/poll/export", id(&poll))).await.refused(403, "forbidden");
        let table = org.owner.client.get(&format!("/messages/{}/poll/export", id(&poll))).await;
        assert!(table.headers["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/csv")));
        let text = text(&table);
        assert!(text.starts_with('\u{feff}'), "Excel needs the mark to see UTF-8");
        for cell in ["\"'=1+1\",\"1\"\r\n", "\"say \"\"hi\"\"\",\"0\"\r\n", "\"'=1+1\",\"'=cmd()\"\r\n"] {
            assert!(text.contains(cell), "{text}");
        }
    }
}
