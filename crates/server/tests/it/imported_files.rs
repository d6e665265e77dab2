//! Files that come with an import: their bytes are kept, and what cannot be kept is counted while
//! its message still comes in.

use std::io::{Cursor, Write};

use http::Method;
use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{TestPerson, TestServer, eventually, on_both};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    files::kit::{id, png, png_of, zipped},
    imports::import,
};

const FILES: Sql = Sql::new("SELECT COUNT(*) FROM files");
const REFERENCES: Sql = Sql::new("SELECT COUNT(*) FROM message_files");
const USED: Sql = Sql::new("SELECT CAST(COALESCE(SUM(used), 0) AS BIGINT) FROM file_settings");
const SIZES: Sql = Sql::new("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM files");
const UPLOADS: Sql = Sql::new("SELECT COUNT(*) FROM uploads");
const AT: i64 = 1_600_000_000;

/// An archive entry.
struct Entry {
    name: String,
    bytes: Vec<u8>,
    stored: bool,
}

fn entry(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Entry {
    Entry { name: name.into(), bytes: bytes.into(), stored: true }
}

fn pack(entries: Vec<Entry>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for Entry { name, bytes, stored } in entries {
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(name, options).expect("an entry");
        zip.write_all(&bytes).expect("bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

/// What slackdump writes: one private channel of U1 and U2 with these messages, and the uploads.
fn slackdump(email: &str, messages: Value, uploads: Vec<Entry>) -> Vec<u8> {
    let json = |name: &str, content: Value| entry(name, content.to_string());
    let mut entries = vec![
        json(
            "users.json",
            json!([
                {"id": "U1", "name": "mei", "profile": {"real_name": "Mei", "email": email}},
                {"id": "U2", "name": "old", "profile": {"real_name": "Old Hand"}},
            ]),
        ),
        json("channels.json", json!([{"id": "C1", "name": "open", "created": AT, "members": []}])),
        json("groups.json", json!([{"id": "G1", "name": "plans", "created": AT, "members": ["U1", "U2"]}])),
        json("plans/2020-09-13.json", messages),
    ];
    entries.extend(uploads);
    pack(entries)
}

fn message(at: i64, files: Value) -> Value {
    json!({"ts": format!("{}.000100", AT + at), "user": "U2", "text": format!("message {at}"), "files": files})
}

fn slack_file(id: &str, name: &str) -> Value {
    json!({"id": id, "name": name, "mimetype": "application/octet-stream", "size": 1,
        "permalink": format!("https://acme.slack.com/files/{id}")})
}

async fn plans(who: &TestPerson) -> String {
    let mine = who.client.get("/conversations").await.ok();
    let items = mine["items"].as_array().expect("items");
    let found = items.iter().find(|c| c["name"] == "plans").expect("she is in it");
    id(found).to_owned()
}

async fn said(who: &TestPerson, room: &str) -> Vec<Value> {
    let page = who.client.get(&format!("/conversations/{room}/messages")).await.ok();
    page["items"].as_array().expect("messages").clone()
}

/// The files that a message names.
fn named(message: &Value) -> Vec<Value> {
    let parts = message["content"]["parts"].as_array().expect("parts");
    let part = parts.iter().find(|part| part["type"] == "files");
    part.and_then(|part| part["files"].as_array()).cloned().unwrap_or_default()
}

async fn db(server: &TestServer) -> Db {
    Db::open(&server.database_config()).await.expect("the database")
}

async fn int(db: &Db, sql: Sql) -> i64 {
    db.query_one(sql, params![]).await.expect("a row").get(0).expect("a number")
}

/// The bytes that are kept, and the count of objects on the disk.
fn objects(server: &TestServer) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|e| if e.path().is_dir() { count(&e.path()) } else { 1 }).sum()
    }
    count(&server.data().join("files"))
}

on_both! {
    async fn what_slackdump_packed_is_kept(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, bob) = (org.member("Mei").await, org.member("Bob").await);
        let photo = png(400, 200);
        let archive = |more: Vec<Value>| {
            let mut messages = vec![
                message(1, json!([slack_file("F1", "photo.png"), slack_file("F9", "elsewhere.pdf")])),
                message(2, json!([slack_file("F2", "季度 报告.txt")])),
                // The same file again.
                message(3, json!([slack_file("F1", "photo.png")])),
            ];
            messages.extend(more);
            slackdump(&mei.email, messages.into(), vec![
                entry("__uploads/F1/photo.png", photo.clone()),
                entry("__uploads/F2/季度 报告.txt", "三季度 revenue"),
                // A file may well be JSON.
                entry("__uploads/F3/users.json", "[1,"),
            ])
        };
        let dry = import(&org.owner, archive(vec![]), "?dry_run=true").await;
        let run = import(&org.owner, archive(vec![]), "").await;
        let (dry, report) = (&dry["report"], &run["report"]);
        for key in ["messages", "files_kept", "file_bytes", "files", "adapted_by"] {
            assert_eq!(dry[key], report[key], "{key}: {dry} {run}");
        }
        assert_eq!((&report["files_kept"], &report["files"]), (&json!(3), &json!(1)), "{run}");
        let room = plans(&mei).await;
        let messages = said(&mei, &room).await;
        let files = named(&messages[0]);
        let picture = &files[0];
        assert_eq!((&picture["name"], &picture["mime"], &picture["kind"]), (&json!("photo.png"), &json!("image/png"), &json!("image")));
        assert_eq!((&picture["width"], &picture["thumb"]), (&json!(400), &json!(true)));
        assert_eq!((&files[1]["id"], &files[1]["url"]), (&Value::Null, &json!("https://acme.slack.com/files/F9")));
        assert_eq!(named(&messages[2])[0]["id"], picture["id"], "one file, not two");
        // As old as its message, and read by whoever reads that.
        let path = format!("/files/{}", id(picture));
        let known = mei.client.get(&path).await.ok();
        assert_eq!(known["created_at"], (AT + 1) * 1_000_000 + 100);
        assert_eq!(mei.client.get(&format!("{path}/content")).await.bytes, photo);
        assert_eq!(mei.client.get(&format!("{path}/thumb")).await.headers["content-type"], "image/jpeg");
        bob.client.get(&format!("{path}/content")).await.refused(404, "not_found");
        let listed = mei.client.get(&format!("/files?conversation={room}")).await.ok();
        let listed = listed["items"].as_array().expect("items").clone();
        assert_eq!(listed.len(), 3);
        assert_eq!((&listed[0]["from"], &listed[0]["at"]), (&messages[2]["from"], &messages[2]["at"]));
        eventually("the name is found", || async {
            let found = mei.client.get("/search/messages?q=%E5%AD%A3%E5%BA%A6").await.ok();
            found["items"].as_array().is_some_and(|items| items.len() == 1).then_some(())
        }).await;
        assert_eq!(org.owner.client.get("/files/settings").await.ok()["used"], report["file_bytes"].as_i64().expect("bytes") - photo.len() as i64);
        // Once more, and with something new: what is here stays as it is.
        let again = import(&org.owner, archive(vec![message(4, json!([slack_file("F2", "季度 报告.txt")]))]), "").await;
        assert_eq!((&again["report"]["messages"], &again["report"]["files_kept"]), (&json!(1), &json!(1)), "{again}");
        assert_eq!(again["report"]["changed"]["files"], 0);
        let db = db(&server).await;
        assert_eq!((int(&db, FILES).await, int(&db, REFERENCES).await), (2, 4));
        assert_eq!(int(&db, USED).await, int(&db, SIZES).await);
        assert_eq!(said(&mei, &room).await[..3], messages[..]);
    }

    async fn what_mattermost_exports_is_kept(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let teams = json!([{"name": "acme", "channels": [{"name": "dev"}]}]);
        let at = |path: &str| json!([{"path": path}]);
        let lines = [
            json!({"type": "version", "version": 1}),
            json!({"type": "team", "team": {"name": "acme", "display_name": "Acme", "type": "O"}}),
            json!({"type": "channel", "channel": {"team": "acme", "name": "dev", "display_name": "Dev", "type": "P"}}),
            json!({"type": "user", "user": {"username": "mei", "email": mei.email, "teams": teams}}),
            json!({"type": "user", "user": {"username": "old", "email": "", "nickname": "Old", "teams": teams}}),
            json!({"type": "post", "post": {"team": "acme", "channel": "dev", "user": "old", "message": "plan",
                "create_at": AT * 1_000, "attachments": at("20200913/teams/noteam/f1/plan.txt"),
                "replies": [{"user": "mei", "message": "", "create_at": AT * 1_000 + 1_000,
                    "attachments": at("data/20200913/teams/noteam/f2/photo.png")}]}}),
            json!({"type": "post", "post": {"team": "acme", "channel": "dev", "user": "old", "message": "lost",
                "create_at": AT * 1_000 + 2_000, "attachments": at("../../../etc/passwd")}}),
            json!({"type": "direct_post", "direct_post": {"channel_members": ["mei", "old"], "user": "old",
                "message": "only us", "create_at": AT * 1_000, "attachments": at("20200913/f3/note.md")}}),
        ];
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let archive = pack(vec![
            entry("import.jsonl", lines),
            entry("data/20200913/teams/noteam/f1/plan.txt", "the plan"),
            entry("data/20200913/teams/noteam/f2/photo.png", png(4, 4)),
            entry("data/20200913/f3/note.md", "# note"),
            // A file may well look like an export.
            entry("data/other.jsonl", "{}"),
        ]);
        let run = import(&org.owner, archive.clone(), "?source=mattermost").await;
        let report = &run["report"];
        assert_eq!((&report["files_kept"], &report["files"]), (&json!(3), &json!(1)), "{run}");
        assert_eq!(report["adapted_by"]["file_only_by_name"], 1);
        let mine = mei.client.get("/files").await.ok();
        let names: Vec<&str> = mine["items"].as_array().expect("items").iter()
            .map(|item| item["file"]["name"].as_str().expect("a name")).collect();
        assert_eq!(names.len(), 3, "{mine}");
        for name in ["plan.txt", "photo.png", "note.md"] {
            assert!(names.contains(&name), "{names:?}");
        }
        let again = import(&org.owner, archive, "?source=mattermost").await;
        assert_eq!((&again["report"]["messages"], &again["report"]["files_kept"]), (&json!(0), &json!(0)));
        assert_eq!(int(&db(&server).await, FILES).await, 3);
    }

    async fn what_harms_or_is_broken_stays_a_name(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let limits = json!({"max_file_size": 4_000_000});
        org.owner.client.patch("/files/settings", limits).await.ok();
        let uploads = |broken: &str| vec![
            entry("__uploads/F1/huge.png", png_of(100_000, 100_000, b"")),
            Entry { stored: false, ..entry("__uploads/F2/zeros.bin", vec![0; 3 << 20]) },
            entry("__uploads/F3/broken.txt", broken),
            entry("__uploads/F4/large.bin", vec![7; 4_000_001]),
            entry("__uploads/F5/locked.txt", "locked-locked"),
            entry("__uploads/F6/fine.zip", zipped(&[("a", b"b")])),
            entry("__uploads/F7/..%2F..%2Fevil.sh", "#!/bin/sh"),
        ];
        let name = |n: i64| ["huge.png", "zeros.bin", "broken.txt", "large.bin", "locked.txt", "fine.zip", "../../evil.sh"][n as usize - 1];
        let messages: Vec<Value> =
            (1..=7).map(|n| message(n, json!([slack_file(&format!("F{n}"), name(n))]))).collect();
        let mut archive = slackdump(&mei.email, messages.into(), uploads("whole-whole"));
        damage(&mut archive, b"whole-whole", |bytes| bytes[0] ^= 0xff);
        lock(&mut archive, "__uploads/F5/locked.txt");
        let run = import(&org.owner, archive, "").await;
        let report = &run["report"];
        assert_eq!(run["state"], "done", "{run}");
        assert_eq!((&report["messages"], &report["files_kept"], &report["files"]), (&json!(7), &json!(2), &json!(5)), "{run}");
        let adapted = json!({"file_bomb": 2, "file_broken": 1, "file_too_large": 1, "file_encrypted": 1});
        assert_eq!(report["adapted_by"], adapted);
        let messages = said(&mei, &plans(&mei).await).await;
        assert_eq!(named(&messages[0])[0]["name"], "huge.png");
        assert_eq!(named(&messages[0])[0]["url"], "https://acme.slack.com/files/F1");
        assert_eq!(named(&messages[5])[0]["kind"], "archive");
        assert_eq!(named(&messages[6])[0]["name"], "evil.sh");
        // Nothing of what was refused is left.
        let db = db(&server).await;
        assert_eq!((int(&db, FILES).await, int(&db, UPLOADS).await), (2, 0));
        assert_eq!(int(&db, USED).await, int(&db, SIZES).await);
        assert_eq!(objects(&server), 2);
        assert_eq!(std::fs::read_dir(server.data().join("staging")).expect("the folder").count(), 0);
        // A path that leads elsewhere is no archive at all.
        let evil = slackdump(&mei.email, json!([]), vec![entry("__uploads/../../x", "x")]);
        let run = import(&org.owner, evil, "").await;
        assert_eq!((&run["state"], &run["error"]["code"]), (&json!("failed"), &json!("import_archive")), "{run}");
    }

    async fn what_does_not_fit_comes_in_when_there_is_room(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let messages = json!([
            message(1, json!([slack_file("F1", "one.txt"), slack_file("F2", "two.txt")])),
            message(2, json!([slack_file("F3", "three.txt")])),
        ]);
        let uploads = || vec![
            entry("__uploads/F1/one.txt", vec![b'1'; 600]),
            entry("__uploads/F2/two.txt", vec![b'2'; 600]),
            entry("__uploads/F3/three.txt", vec![b'3'; 300]),
        ];
        let quota = |bytes: Value| org.owner.client.patch("/files/settings", json!({"quota": bytes}));
        // At first without any bytes: links.
        let links = import(&org.owner, slackdump(&mei.email, messages.clone(), vec![]), "").await;
        assert_eq!((&links["report"]["files"], &links["report"]["files_kept"]), (&json!(3), &json!(0)));
        let room = plans(&mei).await;
        let before = said(&mei, &room).await;
        let mut socket = mei.socket().await;
        quota(json!(1_000)).await.ok();
        let archive = slackdump(&mei.email, messages, uploads());
        let dry = import(&org.owner, archive.clone(), "?dry_run=true").await;
        let part = import(&org.owner, archive.clone(), "").await;
        for run in [&dry, &part] {
            let report = &run["report"];
            assert_eq!((&report["changed"]["files"], &report["files"]), (&json!(2), &json!(1)), "{run}");
            assert_eq!(report["adapted_by"]["file_over_quota"], 1);
        }
        assert_eq!(org.owner.client.get("/files/settings").await.ok()["used"], 900);
        socket.wait_for("word of the files", |frame| frame["t"] == "head").await;
        let messages = said(&mei, &room).await;
        let files = named(&messages[0]);
        assert!(files[0]["id"].is_string() && files[1]["id"].is_null(), "{files:?}");
        assert_eq!((&messages[0]["edited_at"], &messages[0]["n"]), (&before[0]["edited_at"], &before[0]["n"]), "it was not edited");
        quota(Value::Null).await.ok();
        let rest = import(&org.owner, archive.clone(), "").await;
        assert_eq!((&rest["report"]["changed"]["files"], &rest["report"]["files"]), (&json!(1), &json!(0)), "{rest}");
        let again = import(&org.owner, archive, "").await;
        assert_eq!((&again["report"]["changed"]["files"], &again["report"]["file_bytes"]), (&json!(0), &json!(0)), "{again}");
        let db = db(&server).await;
        assert_eq!((int(&db, FILES).await, int(&db, REFERENCES).await, int(&db, USED).await), (3, 3, 1_500));
        // An edit there keeps the files that are here; deletion lets go of them.
        let edited = json!([{"ts": format!("{}.000100", AT + 1), "user": "U2", "text": "edited there",
            "edited": {"user": "U2", "ts": format!("{}.000000", AT + 50)},
            "files": [slack_file("F1", "one.txt"), slack_file("F2", "two.txt")]},
            {"ts": format!("{}.000100", AT + 2), "user": "U2", "subtype": "tombstone"}]);
        let newer = import(&org.owner, slackdump(&mei.email, edited, vec![]), "").await;
        assert_eq!((&newer["report"]["changed"]["edited"], &newer["report"]["changed"]["deleted"]), (&json!(1), &json!(1)), "{newer}");
        let messages = said(&mei, &room).await;
        assert!(named(&messages[0]).iter().all(|file| file["id"].is_string()), "{}", messages[0]);
        assert_eq!(int(&db, REFERENCES).await, 2);
    }

    async fn a_run_that_is_killed_is_finished_by_another(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let count = 120;
        let messages: Vec<Value> =
            (1..=count).map(|n| message(n, json!([slack_file(&format!("F{n}"), "file.bin")]))).collect();
        let bytes = |n: i64| (0..40_000_i64).flat_map(|i| (i * n).to_le_bytes()).collect::<Vec<u8>>();
        let uploads = (1..=count).map(|n| entry(format!("__uploads/F{n}/file.bin"), bytes(n))).collect();
        let path = server.data().with_extension("zip");
        std::fs::write(&path, slackdump(&mei.email, messages.into(), uploads)).expect("the archive");
        let args = [path.to_str().expect("a path"), "--org", &org.name];
        let db = db(&server).await;
        let mut killed = server.command("import slack").args(args).spawn().expect("it starts");
        eventually("files come in", || async { (int(&db, FILES).await >= 40).then_some(()) }).await;
        killed.kill().expect("it is killed");
        killed.wait().expect("it is gone");
        let out = server.admin("import slack", &args);
        let report: Value = serde_json::from_str(out.lines().last().expect("a report")).expect("JSON");
        let all = report["messages"].as_i64().expect("a count") + report["already"]["messages"].as_i64().expect("a count");
        assert_eq!(all, count);
        assert_eq!((int(&db, FILES).await, int(&db, REFERENCES).await, int(&db, UPLOADS).await), (count, count, 0));
        assert_eq!(int(&db, USED).await, int(&db, SIZES).await);
        assert_eq!(objects(&server), count as usize);
        assert_eq!(std::fs::read_dir(server.data().join("staging")).expect("the folder").count(), 0);
        let page = mei.client.get("/files?limit=200").await.ok();
        for item in page["items"].as_array().expect("items").iter().take(3) {
            let n = (item["at"].as_i64().expect("a time") / 1_000_000) - AT;
            let read = mei.client.raw(Method::GET, &format!("/files/{}/content", id(&item["file"])), None, vec![]).await;
            assert!(read.expect("an answer").bytes == bytes(n));
        }
        std::fs::remove_file(&path).expect("it was there");
    }
}

/// Changes the stored bytes of an entry that hold `content`.
fn damage(archive: &mut [u8], content: &[u8], change: impl Fn(&mut [u8])) {
    let at = archive.windows(content.len()).position(|window| window == content).expect("it is there");
    change(&mut archive[at..at + content.len()]);
}

/// Says of an entry that it is encrypted.
fn lock(archive: &mut [u8], name: &str) {
    for (signature, flags, start) in [(b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)] {
        let named = |at: &usize| {
            archive[*at..].starts_with(signature) && archive[at + start..].starts_with(name.as_bytes())
        };
        let at = (0..archive.len() - name.len() - start).find(named).expect("it is there");
        archive[at + flags] |= 1;
    }
}
