//! What a person takes along.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use serde_json::{Value, json};
use weft_testkit::{TestPerson, on_both};
use zip::ZipArchive;

use crate::files::kit::{file, id, png, send};

type Entries = BTreeMap<String, Vec<u8>>;

async fn taken(person: &TestPerson, query: &str) -> Entries {
    let reply = person.client.get(&format!("/me/export{query}")).await;
    assert_eq!(
        (reply.status.as_u16(), reply.headers["content-type"].as_bytes()),
        (200, b"application/zip".as_slice())
    );
    let mut zip = ZipArchive::new(Cursor::new(reply.bytes.to_vec())).expect("a zip");
    let mut entries = Entries::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).expect("an entry");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes, whose sum is right");
        let name = entry.name().expect("a name").into_owned();
        assert!(entries.insert(name, bytes).is_none(), "each entry once");
    }
    entries
}

fn text<'a>(entries: &'a Entries, name: &str) -> &'a str {
    std::str::from_utf8(entries.get(name).unwrap_or_else(|| panic!("no {name}"))).expect("UTF-8")
}

fn lines(entries: &Entries, room: &str) -> Vec<Value> {
    let text = text(entries, &format!("conversations/{room}.jsonl"));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

on_both! {
    async fn all_that_one_may_read_and_no_more(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.conversation("private_channel", &[&mei]).await;
        let secret = org.owner.conversation("private_channel", &[&jonas]).await;
        let direct = mei.conversation("direct", &[&jonas]).await;
        org.owner.say(&secret, "not for everybody").await;
        let said = org.owner.say(&room, &format!("<b>hello</b> <@{}> 第二行", mei.id)).await;
        mei.reply(&room, id(&said), "a reply").await;
        let gone = mei.say(&direct, "taken back").await;
        mei.client.post(&format!("/messages/{}/recall", id(&gone)), Value::Null).await.ok();
        let picture = file(&mei.client, "照片 1.png", &png(300, 200)).await;
        send(&mei, &room, &[&picture]).await;
        send(&mei, &direct, &[&picture]).await;

        let entries = taken(&mei, "?files=true").await;
        assert!(!entries.keys().any(|name| name.contains(&secret)));
        assert!(entries.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("not for everybody")));
        assert!(entries.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("taken back")));
        let all = lines(&entries, &room);
        let seqs: Vec<i64> = all.iter().map(|line| line["seq"].as_i64().expect("a place")).collect();
        assert!(seqs.is_sorted(), "{seqs:?}");
        assert!(all.iter().any(|line| line["id"] == said["id"] && line["content"] == said["content"]));
        assert!(all.iter().any(|line| line["thread"] == said["id"]));
        assert!(lines(&entries, &direct).iter().any(|line| line["state"] == "recalled"));
        let page = text(&entries, &format!("conversations/{room}.html"));
        assert!(page.contains("&lt;b&gt;hello&lt;/b&gt; @Mei 第二行"), "{page}");
        assert!(page.contains("class=\"reply\"") && !page.contains("<script"));
        let name = format!("files/{}-照片 1.png", id(&picture));
        assert_eq!(entries[&name], png(300, 200), "once, though it was sent twice");
        assert!(text(&entries, "index.html").contains(&format!("conversations/{direct}.html\">Jonas<")));
        let said: Value = serde_json::from_str(text(&entries, "export.json")).expect("JSON");
        assert_eq!((&said["format"], &said["person"], &said["files_missing"]), (&json!("weft-own-conversations"), &json!(mei.id), &json!(0)));
        let people: Value = serde_json::from_str(text(&entries, "people.json")).expect("JSON");
        assert_eq!(people[&jonas.id], "Jonas");

        let entries = taken(&mei, "").await;
        assert!(!entries.keys().any(|name| name.starts_with("files/")));
        assert!(text(&entries, &format!("conversations/{room}.html")).contains("[照片 1.png]"));
    }

    async fn newcomers_and_those_who_left_take_what_they_see(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = &org.owner.conversation("private_channel", &[]).await;
        org.owner.client.patch(&format!("/conversations/{room}"), json!({"history": "from_joining"})).await.ok();
        org.owner.say(room, "before").await;
        org.owner.client.post(&format!("/conversations/{room}/members"), json!({"members": [mei.id]})).await.ok();
        org.owner.say(room, "after").await;
        let page = taken(&mei, "").await;
        let page = text(&page, &format!("conversations/{room}.html"));
        assert!(page.contains("after") && !page.contains("before"), "{page}");
        org.owner.client.delete(&format!("/conversations/{room}/members/{}", mei.id)).await.ok();
        assert!(!taken(&mei, "").await.keys().any(|name| name.contains(room)));
    }

    async fn announcements_keep_their_titles(server: TestServer) {
        let org = server.org("Acme").await;
        let board = org.owner.client.post("/conversations", json!({"kind": "announcement", "name": "News"})).await.ok();
        let post = json!({"nonce": "p", "text": "from eight", "post": {"title": "Friday off"}});
        org.owner.client.post(&format!("/conversations/{}/messages", id(&board)), post).await.ok();
        let entries = taken(&org.owner, "").await;
        assert!(text(&entries, &format!("conversations/{}.html", id(&board))).contains("<p>Friday off\nfrom eight</p>"));
    }

    async fn more_than_a_page_comes_whole(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        for n in 0..450 {
            org.owner.say(&room, &format!("message {n}")).await;
        }
        let entries = taken(&org.owner, "").await;
        let said = lines(&entries, &room);
        let said = said.iter().filter_map(|line| line["content"]["parts"][0]["text"].as_str());
        let expected: Vec<String> = (0..450).map(|n| format!("message {n}")).collect();
        assert_eq!(said.collect::<Vec<_>>(), expected);
        assert_eq!(text(&entries, &format!("conversations/{room}.html")).matches("<article>").count(), 450);
    }
}
