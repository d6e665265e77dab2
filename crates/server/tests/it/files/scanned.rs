//! Uploads that a virus scanner sees first.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use serde_json::json;
use weft_testkit::{Engine, ServerOptions, TestServer, on_both};

use super::kit::{id, upload, write};

/// What the scanner of a test has been sent.
type Seen = Arc<Mutex<Vec<Vec<u8>>>>;

/// A scanner that speaks INSTREAM and finds a virus in what holds the word.
fn scanner() -> (u16, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let seen = Seen::default();
    let shared = seen.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = shared.clone();
            std::thread::spawn(move || scan(stream, &seen));
        }
    });
    (port, seen)
}

fn scan(mut stream: TcpStream, seen: &Seen) -> Option<()> {
    let mut command = [0; 10];
    stream.read_exact(&mut command).ok()?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut bytes = Vec::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).ok()?;
        let mut chunk = vec![0; u32::from_be_bytes(length) as usize];
        if chunk.is_empty() {
            break;
        }
        stream.read_exact(&mut chunk).ok()?;
        bytes.extend(chunk);
        if bytes.len() > 1_000_000 {
            return stream.write_all(b"INSTREAM size limit exceeded. ERROR\0").ok();
        }
    }
    let ill = bytes.windows(5).any(|part| part == b"EICAR");
    seen.lock().expect("what was seen").push(bytes);
    let answer: &[u8] = if ill { b"stream: Eicar-Test-Signature FOUND\0" } else { b"stream: OK\0" };
    stream.write_all(answer).ok()
}

async fn start(engine: Engine, args: &[&str]) -> TestServer {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    let options = ServerOptions { args, ..ServerOptions::default() };
    TestServer::start_with(env!("CARGO_BIN_EXE_weft"), engine, options).await
}

/// A port where nobody listens.
fn nobody() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

on_both! {
    async fn what_is_infected_is_not_taken(engine: Engine) {
        let (port, seen) = scanner();
        let server = start(engine, &["--clamav", &format!("127.0.0.1:{port}")]).await;
        let org = server.org("Acme").await;
        let client = &org.owner.client;
        let clean = upload(client, "a.txt", b"clean").await.ok();
        assert_eq!(clean["file"]["name"], "a.txt");
        assert_eq!(*seen.lock().expect("what was seen"), [b"clean".to_vec()], "the bytes as they are");
        let used = client.get("/files/settings").await.ok()["used"].clone();
        let refused = upload(client, "b.txt", b"an EICAR test").await;
        refused.refused(422, "file_infected");
        let begun = client.post("/files/uploads", json!({"name": "c.bin", "size": 2_000_000})).await.ok();
        let big = write(client, id(&begun), 0, &vec![7; 2_000_000]).await;
        big.refused(413, "file_not_scanned");
        client.get(&format!("/files/uploads/{}", id(&begun))).await.refused(404, "not_found");
        assert_eq!(client.get("/files/settings").await.ok()["used"], used, "what was refused is not counted");
    }

    async fn without_an_answer_nothing_is_taken_unless_the_owner_says_so(engine: Engine) {
        let place = format!("127.0.0.1:{}", nobody());
        let strict = start(engine, &["--clamav", &place]).await;
        let org = strict.org("Acme").await;
        let client = &org.owner.client;
        let begun = client.post("/files/uploads", json!({"name": "a.txt", "size": 1})).await.ok();
        write(client, id(&begun), 0, b"x").await.refused(503, "scanner_unavailable");
        // The bytes stay, so that nothing has to be sent again.
        assert_eq!(client.get(&format!("/files/uploads/{}", id(&begun))).await.ok()["offset"], 1);
        write(client, id(&begun), 1, b"").await.refused(503, "scanner_unavailable");
        let lenient = start(engine, &["--clamav", &place, "--clamav-unreachable", "allow"]).await;
        let org = lenient.org("Acme").await;
        upload(&org.owner.client, "a.txt", b"x").await.ok();
    }
}
