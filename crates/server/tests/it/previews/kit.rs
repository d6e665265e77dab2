//! A site that says what it is told to, and waiting for cards.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use weft_testkit::{Engine, ServerOptions, TestPerson, TestServer, eventually};

/// A server that may call this machine.
pub(super) async fn start(engine: Engine) -> TestServer {
    start_with(engine, &["--outbound-allow", "127.0.0.0/8"]).await
}

pub(super) async fn start_with(engine: Engine, args: &[&str]) -> TestServer {
    let options = ServerOptions {
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        ..ServerOptions::default()
    };
    TestServer::start_with(env!("CARGO_BIN_EXE_weft"), engine, options).await
}

pub(super) fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

/// The cards of a message as they are now.
pub(super) async fn without(person: &TestPerson, message: &Value) -> Value {
    person.client.get(&format!("/messages/{}", id(message))).await.ok()["previews"].clone()
}

/// The first card of a message, once there is one.
pub(super) async fn card(person: &TestPerson, message: &Value) -> Value {
    eventually("a card", async || {
        let cards = without(person, message).await;
        cards.get(0).cloned()
    })
    .await
}

/// An answer with a length.
pub(super) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A page with this in its head.
pub(super) fn page(head: &str) -> Vec<u8> {
    let html = format!("<!doctype html><html><head>{head}</head><body>text</body></html>");
    answer("200 OK", "content-type: text/html; charset=utf-8\r\n", html.as_bytes())
}

type Told = Arc<Mutex<Vec<String>>>;

pub(super) struct Site {
    address: SocketAddr,
    told: Told,
}

impl Site {
    /// Answers every request by what `say` makes of its path.
    pub(super) fn start(say: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Site {
        Site::start_at("127.0.0.1", say)
    }

    /// The same at another address of this machine.
    pub(super) fn start_at(host: &str, say: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Site {
        let listener = TcpListener::bind((host, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (told, say) = (Told::default(), Arc::new(say));
        let shared = told.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (told, say) = (shared.clone(), say.clone());
                std::thread::spawn(move || serve(stream, &*say, &told));
            }
        });
        Site { address, told }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of the requests for a path so far, in lower case.
    pub(super) fn asked(&self, path: &str) -> Vec<String> {
        let asked = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let line = format!("get {path} ");
        asked.iter().filter(|head| head.starts_with(&line)).cloned().collect()
    }
}

fn serve(mut stream: TcpStream, say: &dyn Fn(&str) -> Vec<u8>, told: &Told) {
    let (mut head, mut byte) = (Vec::new(), [0; 1]);
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    told.lock().unwrap_or_else(PoisonError::into_inner).push(head.to_lowercase());
    let _ = stream.write_all(&say(&path));
}
