//! Where such messages never get to.

use std::{
    fs,
    io::{Cursor, Read},
};

use serde_json::{Value, json};
use weft_testkit::{TestPerson, TestServer, eventually, on_both, scratch::unique};
use zip::ZipArchive;

use super::{HOUR, count, id, pass, read, see, send, switch, until_gone};
use crate::files::kit::file;

/// Waits until a search finds exactly this message.
async fn finds(person: &TestPerson, q: &str, message: &Value) {
    eventually("it is found", || async {
        let page = person.client.get(&format!("/search/messages?q={q}")).await.ok();
        let hits = page["items"].as_array().expect("items");
        (hits.len() == 1 && hits[0]["message"]["id"] == message["id"]).then_some(())
    })
    .await;
}

/// Everything in a zip, as text.
fn unpacked(bytes: Vec<u8>) -> String {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut all = String::new();
    for index in 0..zip.len() {
        let mut bytes = Vec::new();
        zip.by_index(index).expect("an entry").read_to_end(&mut bytes).expect("its bytes");
        all.push_str(&String::from_utf8_lossy(&bytes));
    }
    all
}

fn exported(server: &TestServer) -> String {
    let path = server.data().with_extension("zip");
    server.admin("export org", &[path.to_str().expect("a path"), "--org", "Acme"]);
    unpacked(fs::read(path).expect("an archive"))
}

on_both! {
    async fn it_is_not_carried_on(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.conversation("direct", &[&mei]).await;
        let elsewhere = org.owner.conversation("direct", &[&jonas]).await;
        let said = send(&mei, &room, json!({"vanish": HOUR})).await.ok();
        let base = format!("/messages/{}", id(&said));
        for person in [&org.owner, &mei] {
            let one = json!({"to": [room], "nonce": unique("n")});
            person.client.post(&format!("{base}/forward"), one).await.refused(409, "vanishing");
            for mode in ["merged", "separate"] {
                let many = json!({"messages": [id(&said)], "to": [room], "mode": mode, "nonce": unique("n")});
                person.client.post("/messages/forward", many).await.refused(409, "vanishing");
            }
            person.client.put(&format!("{base}/saved"), json!({})).await.refused(409, "vanishing");
            person.client.put(&format!("{base}/pin"), Value::Null).await.refused(409, "vanishing");
        }
        mei.client.post(&format!("{base}/urgent"), json!({})).await.refused(409, "vanishing");
        send(&mei, &room, json!({"vanish": HOUR, "ack": {}})).await.refused(409, "vanishing");
        send(&org.owner, &elsewhere, json!({"quote": id(&said)})).await.refused(409, "vanishing");
        // Where it is, it may be answered; its text is not repeated.
        let answer = send(&org.owner, &room, json!({"text": "yes", "quote": id(&said)})).await.ok();
        let quote = &answer["content"]["parts"][0];
        assert_eq!((&quote["type"], &quote["text"], &quote["vanishing"]), (&json!("quote"), &json!(""), &json!(true)));
        // What comes from elsewhere lasts as long as what is written here.
        switch(&mei, &room, json!(60)).await.ok();
        let stays = org.owner.say(&elsewhere, "from elsewhere").await;
        let brought = json!({"to": [room], "nonce": unique("n")});
        let brought = org.owner.client.post(&format!("/messages/{}/forward", id(&stays)), brought).await.ok();
        assert_eq!(brought["items"][0]["vanish"]["after"], 60);
    }

    async fn its_files_go_with_it_and_nowhere_else(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.conversation("direct", &[&mei]).await;
        let elsewhere = org.owner.conversation("direct", &[&jonas]).await;
        let secret = file(&mei.client, "quarterly.txt", b"profits 4711").await;
        let said = send(&mei, &room, json!({"text": "", "files": [id(&secret)], "vanish": HOUR})).await.ok();
        let content = format!("/files/{}/content", id(&secret));
        assert_eq!(org.owner.client.get(&content).await.bytes, b"profits 4711".as_slice());
        send(&org.owner, &elsewhere, json!({"files": [id(&secret)]})).await.refused(409, "vanishing");
        assert_eq!(org.owner.client.get("/files").await.ok()["items"], json!([]), "no list of files has it");
        // The same request again finds the message.
        let again = json!({"nonce": said["nonce"], "text": "", "files": [id(&secret)], "vanish": HOUR});
        let again = mei.client.post(&format!("/conversations/{room}/messages"), again).await.ok();
        assert_eq!(again["id"], said["id"]);
        read(&org.owner, &room, &said).await;
        pass(&server, HOUR).await;
        until_gone(&org.owner, &said).await;
        org.owner.client.get(&content).await.refused(404, "not_found");
    }

    async fn no_search_finds_it(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let attached = file(&mei.client, "heron.txt", b"heron in a document").await;
        let hidden = json!({"text": "heron", "files": [id(&attached)], "vanish": HOUR});
        send(&mei, &room, hidden).await.ok();
        let found = mei.say(&room, "heron in the open").await;
        finds(&org.owner, "heron", &found).await;
        finds(&mei, "from:%40me", &found).await;
        // Also after an edit, when it is indexed anew.
        let edited = send(&mei, &room, json!({"text": "egret", "vanish": HOUR})).await.ok();
        mei.client.patch(&format!("/messages/{}", id(&edited)), json!({"text": "heron again"})).await.ok();
        let also = mei.say(&room, "egret in the open").await;
        finds(&org.owner, "egret", &also).await;
        finds(&org.owner, "heron", &found).await;
    }

    async fn no_archive_holds_it(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let secret = file(&mei.client, "quarterly.txt", b"profits 4711").await;
        let said = send(&mei, &room, json!({"files": [id(&secret)], "vanish": HOUR})).await.ok();
        org.owner.client.put(&format!("/messages/{}/reactions/:eyes:", id(&said)), Value::Null).await.ok();
        mei.say(&room, "what stays").await;
        let own = mei.client.get("/me/export?files=true").await;
        let own = unpacked(own.bytes.to_vec());
        assert!(own.contains("what stays") && !own.contains("4711") && !own.contains("quarterly"));
        assert!(own.contains(r#""vanishing_left_out": 1"#), "{own}");
        let all = exported(&server);
        assert!(all.contains("what stays") && !all.contains("4711") && !all.contains("quarterly"));
        assert!(all.contains(r#""vanishing": 1"#) && !all.contains(":eyes:"));
        let line = all.lines().find(|line| line.contains(id(&said))).expect("its place");
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!((&line["state"], line.get("body"), line.get("request_hash")), (&json!(4), None, None));
    }

    async fn links_in_it_are_not_looked_at_and_words_alert_nobody(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        let alerts = json!({"keywords": ["heron"], "people": [], "vips": [], "mentions_pass": true, "streams": {}});
        org.owner.client.put("/me/alerts", alerts).await.ok();
        let text = "heron https://example.org/heron";
        let said = send(&mei, &room, json!({"text": text, "vanish": HOUR})).await.ok();
        mei.client.patch(&format!("/messages/{}", id(&said)), json!({"text": format!("{text}/2")})).await.ok();
        let jobs = count(&server, "SELECT COUNT(*) FROM outbox WHERE kind = 'message_links'").await;
        assert_eq!(jobs, 0);
        // What comes after it alerts, and is alone in that.
        mei.say(&room, "heron in the open").await;
        eventually("an alert", || async {
            (count(&server, "SELECT COUNT(*) FROM alerts").await > 0).then_some(())
        })
        .await;
        assert_eq!(count(&server, "SELECT COUNT(*) FROM alerts").await, 1);
    }

    async fn an_org_may_want_nothing_to_vanish(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        assert_eq!(mei.client.get("/org").await.ok()["vanishing"], json!({"allowed": true}));
        switch(&mei, &room, json!(HOUR)).await.ok();
        let before = send(&mei, &room, json!({})).await.ok();
        let off = json!({"vanishing": {"allowed": false}});
        mei.client.patch("/org", off.clone()).await.refused(403, "forbidden");
        assert_eq!(org.owner.client.patch("/org", off).await.ok()["vanishing"], json!({"allowed": false}));
        let after = send(&mei, &room, json!({})).await.ok();
        assert_eq!(see(&mei, &after).await.get("vanish"), None, "what is set does not apply");
        send(&mei, &room, json!({"vanish": HOUR})).await.refused(403, "vanishing_off");
        switch(&mei, &room, json!(60)).await.refused(403, "vanishing_off");
        // What was promised before is kept; switching off is always possible.
        read(&org.owner, &room, &after).await;
        pass(&server, HOUR).await;
        until_gone(&org.owner, &before).await;
        switch(&mei, &room, Value::Null).await.ok();
        assert_eq!(see(&mei, &after).await["state"], "live");
    }
}
