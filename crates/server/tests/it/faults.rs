//! When the world around the server fails: a clear message, nothing corrupt, and back by itself.

use std::{fs, net::TcpListener, path::Path, process::Command};

use serde_json::{Value, json};
use weft_storage::{Db, Sql, params, rusqlite};
use weft_testkit::{Engine, ServerOptions, TestPerson, TestServer, eventually, on_both};

const NEWER: Sql = Sql::new("INSERT INTO schema_version (version) VALUES ($1)");
const AHEAD: Sql = Sql::new("UPDATE logs SET last_at = $1");

const BINARY: &str = env!("CARGO_BIN_EXE_weft");

async fn try_to_say(person: &TestPerson, room: &str, nonce: &str) -> weft_testkit::Reply {
    person
        .client
        .post(&format!("/conversations/{room}/messages"), json!({"nonce": nonce, "text": nonce}))
        .await
}

/// Says it again with the same nonce until it is accepted.
async fn say_in_the_end(person: &TestPerson, room: &str, nonce: &str) -> Value {
    eventually("the server has recovered", || async {
        let reply = try_to_say(person, room, nonce).await;
        reply.status.is_success().then(|| reply.json())
    })
    .await
}

on_both! {
    async fn a_port_that_is_taken_is_said_so(engine: Engine) {
        let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = taken.local_addr().expect("an address").to_string();
        let server = TestServer::prepare(BINARY, engine, ServerOptions::default()).await;
        let exit = server.run("serve", &["--listen", &address], "");
        assert!(!exit.status.success());
        let said = format!("{}{}", exit.out, exit.err);
        assert!(said.contains(&address) && said.contains("--listen"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }

    async fn a_schema_of_a_newer_version_is_left_alone(engine: Engine) {
        let server = TestServer::start(BINARY, engine).await;
        let config = server.database_config();
        let db = Db::open(&config).await.expect("the database opens");
        db.execute(NEWER, params![999_i64]).await.expect("a newer version");
        let exit = server.run("serve", &["--listen", "127.0.0.1:0"], "");
        assert!(!exit.status.success());
        let said = format!("{}{}", exit.out, exit.err);
        assert!(said.contains("999") && said.to_lowercase().contains("newer"), "{said}");
    }

    async fn a_clock_that_steps_back_never_turns_a_log_around(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let config = server.database_config();
        let first = org.owner.say(&room, "before").await;
        // As if the clock had been an hour ahead when the last message was written.
        let ahead = first["at"].as_i64().expect("a time") + 3_600_000_000;
        let db = Db::open(&config).await.expect("the database opens");
        db.execute(AHEAD, params![ahead]).await.expect("a later time");
        let mut last = ahead;
        for number in 0..3 {
            let at = org.owner.say(&room, &format!("{number}")).await["at"].as_i64().expect("a time");
            assert!(at >= last, "{at} after {last}");
            last = at;
        }
    }

    async fn a_server_told_to_stop_stops(server: TestServer) {
        let mut server = server;
        let (owner, room) = {
            let org = server.org("Acme").await;
            let room = org.owner.channel(&[]).await;
            (org.owner, room)
        };
        let mut socket = owner.socket().await;
        let said = owner.say(&room, "before").await;
        let (status, bye) = {
            let waiting = tokio::spawn(async move { socket.end().await.0 });
            (server.stop().await, waiting.await.expect("the socket ends"))
        };
        assert!(status.success(), "{status}");
        assert_eq!(bye.expect("a last word")["code"], "draining");
        server.restart().await;
        let kept = owner.client.get(&format!("/messages/{}", said["id"].as_str().expect("an id"))).await.ok();
        assert_eq!(kept["content"], said["content"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_that_cannot_be_read_is_named() {
    let server = TestServer::prepare(BINARY, Engine::Sqlite, ServerOptions::default()).await;
    let broken = server.data().join("broken.toml");
    fs::write(&broken, "listen = [this is no TOML\n").expect("a file");
    let unknown = server.data().join("unknown.toml");
    fs::write(&unknown, "lissten = \"127.0.0.1:1\"\n").expect("a file");
    for path in [broken.as_path(), unknown.as_path(), Path::new("/no/such/weft.toml")] {
        let path = path.to_string_lossy();
        let exit = server.run("serve", &["--config", &path], "");
        let said = format!("{}{}", exit.out, exit.err);
        assert!(!exit.status.success() && said.contains(&*path) && !said.contains("panicked"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_data_folder_that_cannot_be_used_is_named() {
    let server = TestServer::prepare(BINARY, Engine::Sqlite, ServerOptions::default()).await;
    let file = server.data().join("file");
    fs::write(&file, "").expect("a file");
    let inside = file.join("data");
    let out = Command::new(BINARY)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&inside)
        .output()
        .expect("the binary starts");
    let said = String::from_utf8_lossy(&out.stderr).into_owned() + &String::from_utf8_lossy(&out.stdout);
    assert!(!out.status.success() && said.contains(&*inside.to_string_lossy()), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_is_waited_for_and_then_said_so() {
    let server = TestServer::start(BINARY, Engine::Sqlite).await;
    let org = server.org("Acme").await;
    let room = org.owner.channel(&[]).await;
    org.owner.say(&room, "before").await;
    let other = rusqlite::Connection::open(server.data().join("weft.db")).expect("the database opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    try_to_say(&org.owner, &room, "locked").await.refused(503, "database_unavailable");
    let page = org.owner.client.get(&format!("/conversations/{room}/messages")).await;
    assert!(page.status.is_success(), "reading goes on");
    other.execute_batch("ROLLBACK").expect("the lock is given back");
    say_in_the_end(&org.owner, &room, "locked").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_gone_and_back_needs_no_restart() {
    let server = TestServer::start(BINARY, Engine::Postgres).await;
    let org = server.org("Acme").await;
    let room = org.owner.channel(&[]).await;
    org.owner.say(&room, "before").await;
    let url = server.database().url().expect("PostgreSQL").to_owned();
    let (place, name) = url.rsplit_once('/').expect("a database");
    let psql = |statement: &str| {
        let done =
            Command::new("psql").args(["-q", "-d", &format!("{place}/postgres"), "-c", statement]).output();
        assert!(done.is_ok_and(|out| out.status.success()), "{statement}");
    };
    psql(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"));
    psql(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    let refused = try_to_say(&org.owner, &room, "gone").await;
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.headers.contains_key("retry-after"));
    psql(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"));
    say_in_the_end(&org.owner, &room, "gone").await;
}

/// A small disk of its own; only root may mount one.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<SmallDisk> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(at);
        mount.output().is_ok_and(|out| out.status.success()).then(|| SmallDisk(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_so_and_recovers_when_there_is_room() {
    let mut server = TestServer::prepare(BINARY, Engine::Sqlite, ServerOptions::default()).await;
    let Some(_disk) = SmallDisk::mount(server.data()) else {
        eprintln!("skipped: mounting a small disk needs root");
        return;
    };
    let ballast = server.data().join("ballast");
    fs::write(&ballast, vec![0; 1024 * 1024]).expect("ballast");
    server.restart().await;
    let org = server.org("Acme").await;
    let room = org.owner.channel(&[]).await;
    let text = "x".repeat(30_000);
    let mut kept = Vec::new();
    let refused = loop {
        let nonce = format!("n{}", kept.len());
        let body = json!({"nonce": nonce, "text": text});
        let reply = org.owner.client.post(&format!("/conversations/{room}/messages"), body).await;
        if !reply.status.is_success() {
            break reply;
        }
        kept.push(reply.json()["seq"].clone());
        assert!(kept.len() < 1000, "the disk never filled");
    };
    refused.refused(503, "storage_full");
    fs::remove_file(&ballast).expect("room again");
    say_in_the_end(&org.owner, &room, "after").await;
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let page = org
            .owner
            .client
            .get(&format!("/conversations/{room}/messages?after_seq={after}&limit=200"))
            .await
            .ok();
        let items = page["items"].as_array().expect("items");
        found.extend(items.iter().map(|m| m["seq"].clone()));
        after = found.last().and_then(Value::as_i64).unwrap_or(after);
        if page["has_after"] != true {
            break;
        }
    }
    assert!(kept.iter().all(|seq| found.contains(seq)), "what was acknowledged is there");
}
