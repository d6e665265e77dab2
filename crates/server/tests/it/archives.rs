//! Archives of an organisation: out of one server, into another with the other database, and out
//! again the same.

mod asked;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{Engine, ServerOptions, TestPerson, TestServer, eventually};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::files::kit::{file, id, png, send};

const BINARY: &str = env!("CARGO_BIN_EXE_weft");
const ORGS: Sql = Sql::new("SELECT COUNT(*) FROM orgs");
const EVERYTHING: Sql = Sql::new(
    "SELECT (SELECT COUNT(*) FROM messages) + (SELECT COUNT(*) FROM principals) + (SELECT COUNT(*) FROM logs)
       + (SELECT COUNT(*) FROM members) + (SELECT COUNT(*) FROM files) + (SELECT COUNT(*) FROM accounts)
       + (SELECT COUNT(*) FROM import_map) + (SELECT COUNT(*) FROM outbox)",
);

type Entries = BTreeMap<String, Vec<u8>>;

fn entries(path: &Path) -> Entries {
    let mut zip = ZipArchive::new(File::open(path).expect("the archive")).expect("a zip");
    let mut entries = Entries::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        entries.insert(name, bytes);
    }
    entries
}

fn pack(path: &Path, entries: &Entries) {
    let mut zip = ZipWriter::new(File::create(path).expect("a file"));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), options).expect("an entry");
        zip.write_all(bytes).expect("bytes");
    }
    zip.finish().expect("a zip");
}

/// The same but for when it was made.
fn normal(path: &Path) -> Entries {
    let mut entries = entries(path);
    let manifest = entries.get_mut("manifest.json").expect("a manifest");
    let mut said: Value = serde_json::from_slice(manifest).expect("JSON");
    said["created_at"] = Value::Null;
    *manifest = said.to_string().into_bytes();
    entries
}

fn beside(server: &TestServer, name: &str) -> PathBuf {
    server.data().with_extension(name)
}

fn export(server: &TestServer, org: &str, name: &str) -> PathBuf {
    let path = beside(server, name);
    server.admin("export org", &[path.to_str().expect("a path"), "--org", org]);
    path
}

fn import(server: &TestServer, path: &Path, more: &[&str]) -> Result<Value, String> {
    let args = [&[path.to_str().expect("a path")], more].concat();
    let exit = server.run("import weft", &args, "");
    let last = exit.out.lines().last().unwrap_or_default();
    if exit.status.success() { Ok(serde_json::from_str(last).expect("a report")) } else { Err(exit.err) }
}

async fn int(server: &TestServer, sql: Sql) -> i64 {
    let db = Db::open(&server.database_config()).await.expect("the database");
    db.query_one(sql, params![]).await.expect("a row").get(0).expect("a number")
}

/// A little of everything; returns a member, a private channel, and a file in it.
async fn fill(server: &TestServer) -> (TestPerson, String, Value) {
    let org = server.org("Acme").await;
    let (owner, mei) = (org.owner.clone(), org.member("Mei").await);
    let guest = org.guest("Gus").await;
    let room = owner.conversation("private_channel", &[&mei, &guest]).await;
    let direct = owner.conversation("direct", &[&mei]).await;
    let first = owner.say(&room, "first **words** \u{1F600}\n第二行").await;
    let first = id(&first);
    mei.reply(&room, first, &format!("a reply to <@{}>", owner.id)).await;
    let edit = json!({"text": "first words, edited"});
    owner.client.patch(&format!("/messages/{first}"), edit).await.ok();
    mei.client.put(&format!("/messages/{first}/reactions/:tada:"), Value::Null).await.ok();
    owner.client.put(&format!("/messages/{first}/pin"), Value::Null).await.ok();
    let gone = mei.say(&direct, "to be deleted").await;
    mei.client.delete(&format!("/messages/{}", id(&gone))).await.ok();
    mei.say(&direct, "@all and more").await;
    let ask = json!({"nonce": "ask", "text": "please confirm", "ack": {}});
    let asked = owner.client.post(&format!("/conversations/{room}/messages"), ask).await.ok();
    mei.client.put(&format!("/messages/{}/ack", id(&asked)), json!({"state": "acknowledged"})).await.ok();
    let topical = json!({"nonce": "topical", "text": "about it", "topic": "Release"});
    owner.client.post(&format!("/conversations/{room}/messages"), topical).await.ok();
    for name in ["打工人", "removed"] {
        crate::emoji::add(&owner.client, name, &png(9, 9)).await.ok();
    }
    let removed = owner.client.get("/emoji").await.ok()["items"][0].clone();
    owner.client.delete(&format!("/emoji/{}", id(&removed))).await.ok();
    let pack = crate::stickers::pack(&owner.client, "猫").await;
    let sticker = crate::stickers::add(&owner.client, Some(&pack), &[("cat.png", &png(10, 10))]).await.ok();
    crate::stickers::add(&mei.client, None, &[("own.png", &png(11, 11))]).await.ok();
    crate::stickers::send(&mei, &room, id(&sticker["added"][0])).await.ok();
    mei.client.put(&format!("/messages/{first}/reactions/:打工人:"), Value::Null).await.ok();
    let picture = file(&mei.client, "照片.png", &png(300, 200)).await;
    let text = file(&mei.client, "notes.txt", b"notes").await;
    send(&mei, &room, &[&picture, &text]).await;
    mei.client.patch("/me", json!({"title": "Engineer"})).await.ok();
    asked::ask(&owner, &mei, &room).await;
    guest.client.post(&format!("/conversations/{room}/leave"), Value::Null).await.ok();
    (mei, room, picture)
}

/// Entry by entry, so that a difference can be read.
fn same(one: &Entries, two: &Entries) {
    // What it says of them comes after what they say.
    let (sums, sections): (Vec<_>, Vec<_>) = one.iter().partition(|(name, _)| *name == "manifest.json");
    for (name, bytes) in sections.into_iter().chain(sums) {
        let other = two.get(name).unwrap_or_else(|| panic!("{name} is missing"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(bytes == other, "{name}:\n{}\n{}", text(bytes), text(other));
    }
    assert_eq!(one.len(), two.len());
}

/// Messages, without those whose state an archive ends or counts anew.
fn steady(page: &Value) -> Vec<&Value> {
    let items = page["items"].as_array().expect("items").iter();
    items.filter(|message| message["poll"].is_null() && message["ack"]["urgent"].is_null()).collect()
}

async fn round_trip(from: Engine, to: Engine) {
    let mut first = TestServer::start(BINARY, from).await;
    let (mei, room, picture) = fill(&first).await;
    let before = mei.client.get(&format!("/conversations/{room}/messages")).await.ok();
    // While it is stopped, when nothing waits to be written any more, and beside the running server.
    first.stop().await;
    let one = export(&first, "Acme", "one.zip");
    first.restart().await;
    let live = export(&first, "Acme", "live.zip");
    same(&normal(&one), &normal(&live));

    let second = TestServer::start(BINARY, to).await;
    let done = import(&second, &one, &[]).expect("it comes in");
    assert_eq!(done["already"], false, "{done}");
    let two = export(&second, "Acme", "two.zip");
    same(&normal(&one), &normal(&two));

    // The same archive again adds nothing.
    let size = int(&second, EVERYTHING).await;
    assert_eq!(import(&second, &one, &[]).expect("it is here")["already"], true);
    assert_eq!(int(&second, EVERYTHING).await, size);
    // Another archive of an org that is here is refused, unless as a copy.
    assert!(import(&second, &two, &[]).expect_err("it is refused").contains("already"));
    let copy = import(&second, &two, &["--copy", "Acme again"]).expect("a copy");
    assert_ne!(copy["org"], done["org"]);
    assert_eq!(import(&second, &two, &["--copy", "Acme again"]).expect("it is here")["already"], true);
    assert_eq!(int(&second, ORGS).await, 2);

    // People sign in by their address and find all as it was, in the org and in its copy.
    // The copy first: time is let pass in the other.
    for org in ["Acme again", "Acme"] {
        let printed = second.admin("admin token", &["--org", org, "--email", &mei.email]);
        let client = second.client().with_token(printed.split_whitespace().last().expect("a token"));
        let mine = client.get("/conversations").await.ok();
        let rooms = mine["items"].as_array().expect("items");
        let found = rooms.iter().find(|c| c["kind"] == "private_channel").expect("her room");
        let after = client.get(&format!("/conversations/{}/messages", id(found))).await.ok();
        if org == "Acme" {
            assert_eq!(id(found), room);
            assert_eq!(steady(&after), steady(&before));
            assert_eq!(client.get(&format!("/files/{}/content", id(&picture))).await.bytes, png(300, 200));
            assert_eq!(client.get(&format!("/files/{}/thumb", id(&picture))).await.status, 200);
            eventually("it is found", || async {
                let found = client.get("/search/messages?q=%E7%AC%AC%E4%BA%8C%E8%A1%8C").await.ok();
                let edited = client.get("/search/messages?q=notes.txt").await.ok();
                (found["items"] == json!([]) && edited["items"][0].is_object()).then_some(())
            })
            .await;
            let on = json!({"nonce": "x", "text": "on"});
            let said = client.post(&format!("/conversations/{room}/messages"), on).await.ok();
            assert_eq!(said["seq"], found["head_seq"].as_i64().expect("a head") + 1);
            asked::goes_on(&second, &client, &room, true).await;
        } else {
            let (after, before) =
                (after["items"].as_array().expect("items"), before["items"].as_array().expect("items"));
            assert_eq!(after.len(), before.len());
            for (a, b) in after.iter().zip(before) {
                assert_eq!((&a["seq"], &a["n"], &a["at"]), (&b["seq"], &b["n"], &b["at"]));
                assert_ne!(a["id"], b["id"]);
            }
            let mut parts = after.iter().flat_map(|m| m["content"]["parts"].as_array().into_iter().flatten());
            let attached = &parts.find(|part| part["type"] == "files").expect("files")["files"][0];
            assert_ne!(attached["id"], picture["id"]);
            asked::goes_on(&second, &client, id(found), false).await;
            assert_eq!(client.get(&format!("/files/{}/content", id(attached))).await.bytes, png(300, 200));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_org_moves_from_sqlite_to_postgresql() {
    round_trip(Engine::Sqlite, Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_org_moves_from_postgresql_to_sqlite() {
    round_trip(Engine::Postgres, Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_damaged_or_changed_is_refused_before_anything_is_written() {
    let server = TestServer::start(BINARY, Engine::Sqlite).await;
    fill(&server).await;
    let good = export(&server, "Acme", "good.zip");
    let whole = std::fs::read(&good).expect("the archive");
    let other = TestServer::prepare(BINARY, Engine::Sqlite, ServerOptions::default()).await;
    let bad = beside(&other, "bad.zip");
    let refused = |what: &str, said: &str| {
        let error = import(&other, &bad, &[]).expect_err(what);
        assert!(error.contains(said), "{what}: {error}");
    };
    for (what, bytes, said) in [
        ("empty", Vec::new(), "zip"),
        ("cut", whole[..whole.len() / 2].to_vec(), "zip"),
        ("no zip", b"{}".to_vec(), "zip"),
    ] {
        std::fs::write(&bad, bytes).expect("a file");
        refused(what, said);
    }
    let change = |change: &dyn Fn(&mut Entries)| {
        let mut changed = entries(&good);
        change(&mut changed);
        pack(&bad, &changed);
    };
    let replace = |entries: &mut Entries, name: &str, from: &str, to: &str| {
        let text = String::from_utf8(entries[name].clone()).expect("text");
        assert!(text.contains(from), "{name} has no {from}");
        entries.insert(name.into(), text.replacen(from, to, 1).into_bytes());
    };
    let picture = entries(&good).keys().find(|name| name.starts_with("files/")).expect("a file").clone();
    change(&|e| replace(e, "messages.jsonl", "edited", "forged"));
    refused("a text", "messages.jsonl");
    change(&|e| drop(e.remove("members.jsonl")));
    refused("a missing section", "members.jsonl");
    change(&|e| e.get_mut(&picture).expect("it").push(0));
    refused("bytes", "files/");
    change(&|e| drop(e.remove(&picture)));
    refused("missing bytes", "files/");
    change(&|e| drop(e.insert("../evil".into(), vec![1])));
    refused("something more", "evil");
    change(&|e| drop(e.remove("manifest.json")));
    refused("no manifest", "manifest");
    change(&|e| replace(e, "manifest.json", "\"version\": 1", "\"version\": 2"));
    refused("a newer format", "newer");
    change(&|e| replace(e, "manifest.json", "\"name\": \"acks\"", "\"name\": \"karma\""));
    refused("a newer section", "karma");
    // Even where the sums were made to fit, what does not fit together is refused.
    let fitting = |name: &str, from: &str, to: &str| {
        change(&|e| {
            replace(e, name, from, to);
            fit(e);
        });
    };
    fitting("reactions.jsonl", "usr_", "cnv_");
    refused("a wrong kind of id", "reactions.jsonl, line 1");
    fitting("reactions.jsonl", "\"principal\":\"usr_0", "\"principal\":\"usr_7");
    refused("somebody unknown", "reactions.jsonl, line 1");
    fitting("messages.jsonl", "\"seq\":", "\"seq_\":");
    refused("a column that is none", "messages.jsonl, line 1");
    assert_eq!(int(&other, ORGS).await, 0);
    std::fs::copy(&good, &bad).expect("a copy");
    assert_eq!(import(&other, &bad, &["--dry-run"]).expect("it is sound")["dry_run"], true);
    assert_eq!(int(&other, ORGS).await, 0);
    import(&other, &bad, &[]).expect("after all, the whole one comes in");
}

/// Makes the manifest's sums those of the entries.
fn fit(entries: &mut Entries) {
    use sha2::{Digest, Sha256};
    let mut said: Value = serde_json::from_slice(&entries["manifest.json"]).expect("JSON");
    for section in said["sections"].as_array_mut().expect("sections") {
        let bytes = &entries[&format!("{}.jsonl", section["name"].as_str().expect("a name"))];
        let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        section["sha256"] = sum.into();
        section["bytes"] = bytes.len().into();
    }
    entries.insert("manifest.json".into(), said.to_string().into_bytes());
}
