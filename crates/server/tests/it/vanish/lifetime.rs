//! From being read to being gone.

use serde_json::{Value, json};
use weft_testkit::{eventually, on_both};

use super::{HOUR, count, id, pass, read, see, send, switch, until_counting, until_gone};

on_both! {
    async fn it_vanishes_for_both_once_it_was_read(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let (mut hers, mut theirs) = (mei.socket().await, org.owner.socket().await);
        let set = switch(&mei, &room, json!(5)).await.ok();
        assert_eq!(set["vanish_after"], 5);
        let told = theirs.wait_for("the switch", |f| f["ev"]["k"] == "conversation").await;
        assert_eq!(told["ev"]["conversation"]["vanish_after"], 5);
        let line = &told["ev"]["message"]["content"]["parts"][0];
        assert_eq!((&line["code"], &line["params"]), (&json!("vanish.changed"), &json!({"after": 5})));

        let said = send(&mei, &room, json!({"text": format!("the code is 4711 <@{}>", org.owner.id)})).await.ok();
        let came = theirs.wait_for("the message", |f| f["ev"]["k"] == "message" && f["ev"]["message"]["nonce"] == said["nonce"]).await;
        assert_eq!(came["ev"]["message"]["vanish"], json!({"after": 5, "at": null}));
        org.owner.client.put(&format!("/messages/{}/reactions/:eyes:", id(&said)), Value::Null).await.ok();
        mei.client.patch(&format!("/messages/{}", id(&said)), json!({"text": "the code was 4711"})).await.ok();
        assert_eq!(mei.client.get(&format!("/messages/{}/history", id(&said))).await.ok()["items"], json!([]));

        // Who wrote it does not begin the countdown by reading it.
        read(&mei, &room, &said).await;
        assert_eq!(see(&mei, &said).await["vanish"]["at"], Value::Null);
        read(&org.owner, &room, &said).await;
        for socket in [&mut hers, &mut theirs] {
            let counting = |f: &Value| f["ev"]["k"] == "message.changed" && f["ev"]["message"]["vanish"]["at"].is_i64();
            let told = socket.wait_for("the countdown", counting).await;
            let at = told["ev"]["message"]["vanish"]["at"].as_i64().expect("a time");
            assert!(at > said["at"].as_i64().expect("a time") + 5_000_000);
        }
        for socket in [&mut hers, &mut theirs] {
            let told = socket.wait_for("its end", |f| f["ev"]["message"]["state"] == "vanished").await;
            let gone = &told["ev"]["message"];
            assert_eq!((&gone["content"]["parts"], &gone["reactions"], &gone["mentions"]), (&json!([]), &json!([]), &json!([])));
            assert_eq!(gone.get("vanish"), None);
        }
        for person in [&mei, &org.owner] {
            let page = person.client.get(&format!("/conversations/{room}/messages")).await.ok();
            assert!(!page.to_string().contains("4711"), "{page}");
        }
        for (what, sql) in [
            ("body or hash", "SELECT COUNT(*) FROM messages WHERE state = 4 AND (body IS NOT NULL OR request_hash IS NOT NULL)"),
            ("version", "SELECT COUNT(*) FROM message_versions"),
            ("mention", "SELECT COUNT(*) FROM mentions"),
            ("reaction", "SELECT COUNT(*) FROM reactions"),
            ("link", "SELECT COUNT(*) FROM message_links"),
            ("row", "SELECT COUNT(*) FROM vanishing"),
        ] {
            assert_eq!(count(&server, sql).await, 0, "a {what} is left");
        }
    }

    async fn a_reply_vanishes_once_its_thread_was_read(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let root = mei.say(&room, "this stays").await;
        switch(&mei, &room, json!(HOUR)).await.ok();
        let reply = send(&mei, &room, json!({"thread": id(&root)})).await.ok();
        let later = send(&mei, &room, json!({})).await.ok();
        read(&org.owner, &room, &later).await;
        until_counting(&mei, &later).await;
        assert_eq!(see(&mei, &reply).await["vanish"]["at"], Value::Null, "the thread was not opened");
        let path = format!("/messages/{}/thread/read", id(&root));
        org.owner.client.put(&path, json!({"seq": reply["seq"]})).await.ok();
        until_counting(&org.owner, &reply).await;
        pass(&server, HOUR).await;
        until_gone(&org.owner, &reply).await;
        assert_eq!(see(&mei, &root).await["state"], "live");
    }

    async fn answering_and_reading_everything_count_as_reading(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let first = send(&mei, &room, json!({"vanish": HOUR})).await.ok();
        org.owner.say(&room, "thanks").await;
        until_counting(&mei, &first).await;
        let second = send(&mei, &room, json!({"vanish": HOUR})).await.ok();
        org.owner.client.post("/read-all", Value::Null).await.ok();
        until_counting(&mei, &second).await;
    }

    async fn what_nobody_reads_stays_for_two_weeks(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let unread = send(&mei, &room, json!({"vanish": 5})).await.ok();
        let jonas = org.member("Jonas").await;
        let other = mei.conversation("direct", &[&jonas]).await;
        let seen = send(&mei, &other, json!({"vanish": HOUR})).await.ok();
        read(&jonas, &other, &seen).await;
        pass(&server, 13 * 24 * HOUR).await;
        until_gone(&mei, &seen).await;
        assert_eq!(see(&org.owner, &unread).await["state"], "live");
        pass(&server, 24 * HOUR).await;
        until_gone(&org.owner, &unread).await;
    }

    async fn switching_off_leaves_what_was_sent_before(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        switch(&mei, &room, json!(HOUR)).await.ok();
        let before = send(&mei, &room, json!({})).await.ok();
        assert_eq!(switch(&org.owner, &room, Value::Null).await.ok().get("vanish_after"), None);
        let (after, named) = (send(&mei, &room, json!({})).await.ok(), send(&mei, &room, json!({"vanish": 60})).await.ok());
        assert_eq!(see(&mei, &after).await.get("vanish"), None);
        // One that was written earlier keeps what it was written with, either way.
        assert_eq!(see(&mei, &named).await["vanish"]["after"], 60);
        switch(&mei, &room, json!(60)).await.ok();
        let stays = send(&mei, &room, json!({"vanish": 0})).await.ok();
        assert_eq!(see(&mei, &stays).await.get("vanish"), None);
        read(&org.owner, &room, &stays).await;
        until_counting(&mei, &before).await;
        pass(&server, HOUR).await;
        until_gone(&org.owner, &before).await;
        until_gone(&org.owner, &named).await;
        for message in [&after, &stays] {
            assert_eq!(see(&org.owner, message).await["state"], "live");
        }
        let page = mei.client.get(&format!("/conversations/{room}/messages")).await.ok();
        let codes: Vec<_> = page["items"].as_array().expect("items").iter()
            .filter(|m| m["content"]["parts"][0]["code"] == "vanish.changed")
            .map(|m| m["content"]["parts"][0]["params"]["after"].clone()).collect();
        assert_eq!(codes, [json!(HOUR), Value::Null, json!(60)]);
    }

    async fn a_server_that_was_down_at_its_time_removes_it_when_it_is_back(server: TestServer) {
        let mut server = server;
        let (owner, mei, room) = {
            let org = server.org("Acme").await;
            let mei = org.member("Mei").await;
            let room = org.owner.conversation("direct", &[&mei]).await;
            (org.owner.clone(), mei, room)
        };
        let first = send(&mei, &room, json!({"vanish": HOUR})).await.ok();
        read(&owner, &room, &first).await;
        // Killed right after the mark: that it has begun is known from then on.
        server.kill();
        pass(&server, HOUR).await;
        server.restart().await;
        let gone = until_gone(&owner, &first).await;
        // Once: nothing changes it again.
        let second = send(&mei, &room, json!({"vanish": HOUR})).await.ok();
        read(&owner, &room, &second).await;
        until_counting(&mei, &second).await;
        assert_eq!(see(&mei, &first).await["changed_seq"], gone["changed_seq"]);
        let left = count(&server, "SELECT COUNT(*) FROM vanishing").await;
        assert_eq!(left, 1);
    }

    async fn who_was_away_learns_of_the_end_and_never_of_the_text(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let said = send(&mei, &room, json!({"vanish": HOUR})).await.ok();
        let before = said["seq"].as_i64().expect("a place") - 1;
        read(&org.owner, &room, &said).await;
        pass(&server, HOUR).await;
        until_gone(&org.owner, &said).await;
        let (_socket, frames) = weft_testkit::TestSocket::resumed(&mei.client, json!({&room: before})).await;
        let told = json!(frames).to_string();
        assert!(told.contains("vanished") && !told.contains("4711"), "{told}");
        let (_socket, frames) = weft_testkit::TestSocket::resumed(&mei.client, json!({&room: said["seq"]})).await;
        let told = json!(frames).to_string();
        assert!(told.contains("vanished") && !told.contains("4711"), "{told}");
    }

    async fn an_edit_comes_before_its_end_or_not_at_all(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let said = send(&mei, &room, json!({"vanish": HOUR})).await.ok();
        read(&org.owner, &room, &said).await;
        pass(&server, HOUR).await;
        let path = format!("/messages/{}", id(&said));
        eventually("an edit comes too late", || async {
            let reply = mei.client.patch(&path, json!({"text": "4711, edited"})).await;
            (reply.status != 200).then(|| reply.refused(409, "message_gone"))
        })
        .await;
        assert_eq!(see(&mei, &said).await["state"], "vanished");
        mei.client.put(&format!("{path}/reactions/:eyes:"), Value::Null).await.refused(409, "message_gone");
        let texts = "SELECT COUNT(*) FROM messages WHERE log = (SELECT log FROM messages WHERE state = 4) AND kind = 1 AND body IS NOT NULL";
        assert_eq!(count(&server, texts).await, 0);
    }

    async fn what_is_taken_back_before_its_time_is_gone_at_once(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let said = send(&mei, &room, json!({"vanish": HOUR})).await.ok();
        mei.client.post(&format!("/messages/{}/recall", id(&said)), Value::Null).await.ok();
        assert_eq!(count(&server, "SELECT COUNT(*) FROM vanishing").await, 0);
        assert_eq!(see(&org.owner, &said).await["state"], "recalled");
        // Its nonce finds it still, though no hash of it is kept.
        let again = json!({"nonce": said["nonce"], "text": "the safe's code is 4711", "vanish": HOUR});
        let found = mei.client.post(&format!("/conversations/{room}/messages"), again).await.ok();
        assert_eq!(found["id"], said["id"]);
    }

    async fn other_conversations_know_no_such_messages(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let group = mei.conversation("group", &[&jonas, &org.owner]).await;
        let channel = org.owner.channel(&[&mei]).await;
        let own = mei.conversation("direct", &[]).await;
        for room in [&group, &channel, &own] {
            switch(&mei, room, json!(60)).await.refused(409, "not_of_two");
            send(&mei, room, json!({"vanish": 60})).await.refused(409, "not_of_two");
        }
        let direct = mei.conversation("direct", &[&jonas]).await;
        switch(&org.owner, &direct, json!(60)).await.refused(404, "not_found");
        for after in [0, 4, 7 * 24 * HOUR + 1, -1] {
            switch(&mei, &direct, json!(after)).await.refused(422, "invalid");
        }
        send(&mei, &direct, json!({"vanish": 4})).await.refused(422, "invalid");
        assert_eq!(mei.see(&direct).await.get("vanish_after"), None);
        assert_eq!(count(&server, "SELECT COUNT(*) FROM conversations WHERE vanished = 1").await, 0);
    }
}
