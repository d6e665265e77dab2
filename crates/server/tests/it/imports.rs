//! Imports over HTTP, and what becomes of the people who come with them.

use std::io::Write;

use http::Method;
use serde_json::{Value, json};
use weft_imports::{Format, Input, runs};
use weft_kernel::Env;
use weft_storage::{Db, Sql, params};
use weft_testkit::{TestOrg, TestPerson, eventually, on_both};
use zip::{ZipWriter, write::SimpleFileOptions};

const ORG: Sql = Sql::new("SELECT org FROM orgs");
const SILENT: Sql = Sql::new("UPDATE imports SET beat_at = $2 WHERE import = $1");

/// A small export: three people, of whom one has an address, one channel, two messages.
fn export(email: &str) -> Vec<u8> {
    export_saying(email, json!({"text": "hello <@U1>"}))
}

/// The same, with other fields of its first message.
fn export_saying(email: &str, first: Value) -> Vec<u8> {
    let mut hello = json!({"ts": "1600000100.000100", "user": "U2"});
    if let (Some(hello), Value::Object(first)) = (hello.as_object_mut(), first) {
        hello.extend(first);
    }
    let mut out = std::io::Cursor::new(Vec::new());
    let mut zip = ZipWriter::new(&mut out);
    let mut put = |name: &str, content: Value| {
        zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(content.to_string().as_bytes()).expect("bytes");
    };
    put(
        "users.json",
        json!([
            {"id": "U1", "name": "mei", "profile": {"real_name": "Mei", "email": email}},
            {"id": "U2", "name": "old", "profile": {"real_name": "Old Hand"}},
            {"id": "U3", "name": "third", "profile": {"real_name": "Third"}},
        ]),
    );
    put(
        "channels.json",
        json!([{"id": "C1", "name": "from-slack", "created": 1_600_000_000, "members": ["U1", "U2"]}]),
    );
    put(
        "from-slack/2020-09-14.json",
        json!([
            hello,
            {"ts": "1600000200.000100", "user": "U1", "text": "*hi*"},
        ]),
    );
    zip.finish().expect("a zip");
    out.into_inner()
}

/// Uploads `archive` and waits for the run's end. `query` begins with `?`.
pub(crate) async fn import(who: &TestPerson, archive: Vec<u8>, query: &str) -> Value {
    let path = format!("/imports{query}");
    let reply = who.client.raw(Method::POST, &path, Some("application/zip"), archive).await;
    let id = reply.expect("an answer").ok()["id"].as_str().expect("an id").to_owned();
    eventually("the import ends", || async {
        let run = who.client.get(&format!("/imports/{id}")).await.ok();
        matches!(run["state"].as_str(), Some("done" | "failed")).then_some(run)
    })
    .await
}

/// A Mattermost export: two people, a channel, a thread, a direct message.
fn mattermost(email: &str) -> Vec<u8> {
    let teams = json!([{"name": "acme", "channels": [{"name": "dev"}]}]);
    let lines = [
        json!({"type": "version", "version": 1}),
        json!({"type": "team", "team": {"name": "acme", "display_name": "Acme", "type": "O"}}),
        json!({"type": "channel", "channel": {"team": "acme", "name": "dev", "display_name": "From Mattermost", "type": "O"}}),
        json!({"type": "user", "user": {"username": "mei", "email": email, "teams": teams}}),
        json!({"type": "user", "user": {"username": "old", "email": "", "nickname": "Old", "teams": teams}}),
        json!({"type": "post", "post": {"team": "acme", "channel": "dev", "user": "old", "message": "hello @mei",
            "create_at": 1_600_000_100_000_i64,
            "replies": [{"user": "mei", "message": "**hi**", "create_at": 1_600_000_200_000_i64}]}}),
        json!({"type": "direct_post", "direct_post": {"channel_members": ["mei", "old"], "user": "old",
            "message": "only us", "create_at": 1_600_000_300_000_i64}}),
    ];
    lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}

/// A Rocket.Chat archive of the same kind.
fn rocketchat(email: &str) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let mut zip = ZipWriter::new(&mut out);
    for (name, text) in [
        ("users.csv", format!("mei,{email},Mei\nold,,Old\n")),
        ("channels.csv", "From Rocket.Chat,mei,public,old;mei\n".to_owned()),
        ("From Rocket.Chat/1.csv", "old,1600000100000,hello @mei\nmei,1600000200000,*hi*\n".to_owned()),
        ("directmessages/1.csv", "old,mei,1600000300000,only us\n".to_owned()),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(text.as_bytes()).expect("bytes");
    }
    zip.finish().expect("a zip");
    out.into_inner()
}

async fn joined(who: &TestPerson, name: &str) -> Option<Value> {
    let mine = who.client.get("/conversations").await.ok();
    mine["items"].as_array()?.iter().find(|c| c["name"] == name).cloned()
}

async fn person(org: &TestOrg<'_>, name: &str) -> String {
    let found = org.owner.client.get(&format!("/principals?q={name}&state=placeholder")).await.ok();
    found["items"][0]["id"].as_str().expect("a placeholder").to_owned()
}

on_both! {
    async fn an_export_comes_in_while_people_are_online(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let mut socket = mei.socket().await;
        let dry = import(&org.owner, export(&mei.email), "?dry_run=true").await;
        assert_eq!((dry["state"].as_str(), dry["report"]["messages"].as_i64()), (Some("done"), Some(2)), "{dry}");
        assert!(joined(&mei, "from-slack").await.is_none());

        let run = import(&org.owner, export(&mei.email), "").await;
        assert_eq!(run["state"], "done", "{run}");
        assert_eq!((&run["report"]["matched"], &run["report"]["users"]), (&json!(1), &json!(2)));
        // Her open socket hears of it, and she has nothing unread.
        socket.wait_for("word of the import", |frame| frame["t"] == "head").await;
        let channel = joined(&mei, "from-slack").await.expect("she is in it");
        assert_eq!(channel["last_n"], channel["me"]["read_n"]);
        let id = channel["id"].as_str().expect("an id");
        let page = mei.client.get(&format!("/conversations/{id}/messages")).await.ok();
        assert_eq!(page["items"][1]["content"]["parts"][0]["text"], "**hi**");
        assert_eq!(page["items"][1]["from"], mei.id);
        assert_eq!(page["items"][1]["at"], 1_600_000_200_000_100_i64);
        assert_eq!(page["items"][0]["mentions"], json!([mei.id]));
        // What is said here goes on where the import ended.
        let said = mei.say(id, "and on").await;
        assert_eq!(said["n"], 3);
        let again = import(&org.owner, export(&mei.email), "").await;
        assert_eq!((&again["report"]["messages"], &again["report"]["already"]["messages"]), (&json!(0), &json!(2)));
    }

    async fn a_newer_export_reaches_whoever_is_looking(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        import(&org.owner, export(&mei.email), "").await;
        let channel = joined(&mei, "from-slack").await.expect("she is in it");
        let id = channel["id"].as_str().expect("an id");
        let cursor = channel["head_seq"].as_i64().expect("a head");
        let mut socket = mei.socket().await;
        let newer = json!({"text": "hello, all", "edited": {"user": "U2", "ts": "1600000500.000000"},
            "reactions": [{"name": "tada", "users": ["U1"], "count": 1}]});
        let run = import(&org.owner, export_saying(&mei.email, newer), "").await;
        let changed = &run["report"]["changed"];
        assert_eq!((&changed["edited"], &changed["reactions"]), (&json!(1), &json!(1)), "{run}");
        socket.wait_for("word of the change", |frame| frame["t"] == "head" && frame["log"] == id).await;
        let news = mei.client.get(&format!("/conversations/{id}/changes?after_seq={cursor}")).await.ok();
        let message = &news["items"][0]["message"];
        assert_eq!(message["content"]["parts"][0]["text"], "hello, all");
        assert_eq!(message["edited_at"], 1_600_000_500_000_000_i64);
        assert_eq!(message["reactions"][0]["count"], 1, "{message}");
        assert_eq!(news["items"].as_array().map(Vec::len), Some(1), "{news}");
        let history = mei.client.get(&format!("/messages/{}/history", message["id"].as_str().expect("an id"))).await.ok();
        assert!(history["items"][0]["content"]["parts"][0]["text"].as_str().is_some_and(|t| t.starts_with("hello <@")));
    }

    async fn other_systems_come_in_through_the_interface(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        for (source, archive, name) in [
            ("mattermost", mattermost(&mei.email), "From Mattermost"),
            ("rocketchat", rocketchat(&mei.email), "From Rocket.Chat"),
        ] {
            let dry = import(&org.owner, archive.clone(), &format!("?source={source}&dry_run=true")).await;
            let run = import(&org.owner, archive.clone(), &format!("?source={source}")).await;
            assert_eq!((&run["state"], &run["source"]), (&json!("done"), &json!(source)), "{run}");
            assert_eq!(run["report"]["messages"], 3);
            for key in ["users", "matched", "conversations", "messages", "threads", "replies", "merged"] {
                assert_eq!(dry["report"][key], run["report"][key], "{source}: {key}");
            }
            let channel = joined(&mei, name).await.expect("she is in it");
            let id = channel["id"].as_str().expect("an id");
            let page = mei.client.get(&format!("/conversations/{id}/messages")).await.ok();
            let text = format!("hello <@{}>", mei.id);
            assert_eq!(page["items"][0]["content"]["parts"][0]["text"], text);
            let again = import(&org.owner, archive, &format!("?source={source}")).await;
            assert_eq!((&again["report"]["messages"], &again["report"]["already"]["messages"]), (&json!(0), &json!(3)));
        }
        // What is one system's is no export of another.
        let run = import(&org.owner, mattermost(&mei.email), "?source=rocketchat").await;
        assert_eq!(run["error"]["code"], "import_archive");
        let path = "/imports?source=carrier-pigeon";
        let refused = org.owner.client.raw(Method::POST, path, Some("application/zip"), Vec::new()).await;
        assert_eq!(refused.expect("an answer").status, 422);
    }

    async fn other_systems_come_in_from_the_command_line(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        for (source, archive, name) in [
            ("mattermost", mattermost(&mei.email), "From Mattermost"),
            ("rocketchat", rocketchat(&mei.email), "From Rocket.Chat"),
        ] {
            let path = server.data().join(source);
            std::fs::write(&path, archive).expect("a file");
            let file = path.to_str().expect("a path");
            let command = format!("import {source}");
            let report = |args: &[&str]| -> Value {
                let out = server.admin(&command, args);
                serde_json::from_str(out.lines().last().expect("a line")).expect("a report")
            };
            let dry = report(&["--org", "Acme", "--dry-run", file]);
            let real = report(&["--org", "Acme", file]);
            assert_eq!((&dry["messages"], &real["messages"], &real["matched"]), (&json!(3), &json!(3), &json!(1)));
            assert!(joined(&mei, name).await.is_some(), "{source}");
            std::fs::write(&path, "no export").expect("a file");
            let wrong = server.run(&command, &["--org", "Acme", file], "");
            assert!(!wrong.status.success() && wrong.err.contains("weft: "), "{}", wrong.err);
        }
    }

    async fn what_is_no_export_fails_with_words(server: TestServer) {
        let org = server.org("Acme").await;
        let run = import(&org.owner, b"PK\x05\x06".to_vec(), "").await;
        assert_eq!(run["state"], "failed");
        assert_eq!(run["error"]["code"], "import_archive");
        assert!(run["error"]["detail"].as_str().is_some_and(|e| e.contains("zip")), "{run}");
        let listed = org.owner.client.get("/imports").await.ok();
        assert_eq!(listed["items"][0]["id"], run["id"]);
    }

    async fn a_server_that_starts_leaves_the_imports_of_others_alone(server: TestServer) {
        let mut server = server;
        let token = server.org("Acme").await.owner.token;
        // This process is the other one: it has begun two runs, and goes on with one of them.
        let db = Db::open(&server.database_config()).await.expect("the database opens");
        let org = db.query_one(ORG, vec![]).await.expect("the org").get(0).expect("its key");
        let env = Env::system();
        let living = runs::begin(&db, &env, org, Format::Slack, None, false).await.expect("a run");
        let broken = runs::begin(&db, &env, org, Format::Slack, None, false).await.expect("a run");
        db.execute(SILENT, params![broken.key, env.now() - 61_000_000]).await.expect("long silent");
        let folder = server.data().join("uploads");
        std::fs::create_dir_all(&folder).expect("a folder");
        let (held, left) = (folder.join("held.zip"), folder.join("left.zip"));
        let lock = std::fs::File::create(&held).expect("a file");
        lock.lock().expect("a lock");
        std::fs::write(&left, "left").expect("a file");
        server.restart().await;
        let admin = server.client().with_token(&token);
        let state = async |run: &runs::Run| admin.get(&format!("/imports/{}", run.id)).await.ok();
        eventually("the broken one is noticed", || async { (state(&broken).await["state"] == "failed").then_some(()) }).await;
        assert_eq!(state(&broken).await["error"]["code"], "import_interrupted");
        assert_eq!(state(&living).await["state"], "reading");
        assert_eq!((held.exists(), left.exists()), (true, false));
        // It ends as it should, in the process that runs it.
        let archive = folder.join("mine.zip");
        std::fs::write(&archive, export("nobody@acme.example")).expect("an archive");
        let input = Input { format: Format::Slack, path: archive, folder };
        runs::import(&db, &env, &living, input, None, &|_| {}).await.expect("an import");
        assert_eq!(state(&living).await["state"], "done");
    }

    async fn a_placeholder_becomes_somebody(server: TestServer) {
        let org = server.org("Acme").await;
        let wang = org.member("Wang").await;
        import(&org.owner, export("nobody@acme.example"), "").await;
        let (old, third) = (person(&org, "Old").await, person(&org, "Third").await);
        let path = format!("/principals/{old}/map");
        org.owner.client.post(&path, json!({"to": old})).await.refused(422, "invalid");
        org.owner.client.post(&path, json!({"to": wang.id})).await.ok();
        org.owner.client.post(&path, json!({"to": third})).await.refused(409, "not_a_placeholder");
        let channel = eventually("Wang is in the channel", || joined(&wang, "from-slack")).await;
        let id = channel["id"].as_str().expect("an id");
        let page = wang.client.get(&format!("/conversations/{id}/messages")).await.ok();
        assert_eq!(page["items"][0]["from"], wang.id);
        let members = wang.client.get(&format!("/conversations/{id}/members")).await.ok();
        assert_eq!(members["total"], 2);
    }
}
