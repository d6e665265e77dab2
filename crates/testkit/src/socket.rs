//! A client of the gateway that shows each frame as it came.

use std::collections::{BTreeMap, VecDeque};

use futures_util::{SinkExt, StreamExt};
use http::HeaderValue;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, protocol::frame::CloseFrame},
};

use crate::{PATIENCE, TestClient};

/// How a socket ended.
#[derive(Debug)]
pub enum End {
    /// The server closed it in order.
    Closed(Option<CloseFrame>),
    /// The connection broke.
    Broken(String),
}

/// An open socket.
pub struct TestSocket {
    stream: WebSocketStream<TcpStream>,
    passed: VecDeque<Value>,
}

impl TestSocket {
    /// Opens a socket as `client`; the handshake must succeed.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn open(client: &TestClient) -> TestSocket {
        TestSocket::try_open(client, &[]).await.unwrap_or_else(|e| panic!("the gateway refused: {e}"))
    }

    /// Opens a socket with more headers, which replace those of the same name.
    ///
    /// # Errors
    /// What the handshake failed of, with the status of a refusal in its text.
    pub async fn try_open(client: &TestClient, headers: &[(&str, &str)]) -> Result<TestSocket, String> {
        let address = client.base().trim_start_matches("http://");
        let org = client.org().map(|org| format!("?org={org}")).unwrap_or_default();
        let url = format!("ws://{address}/api/v1/gateway{org}");
        let mut request = url.into_client_request().map_err(|e| e.to_string())?;
        let more = headers.iter().map(|(name, value)| (name.parse(), (*value).to_owned()));
        for (name, value) in client.headers().into_iter().map(|(name, value)| (Ok(name), value)).chain(more) {
            let name = name.map_err(|e: http::header::InvalidHeaderName| e.to_string())?;
            request.headers_mut().insert(name, HeaderValue::from_str(&value).map_err(|e| e.to_string())?);
        }
        let tcp = TcpStream::connect(address).await.map_err(|e| e.to_string())?;
        let (stream, _) = client_async(request, tcp).await.map_err(|e| e.to_string())?;
        Ok(TestSocket { stream, passed: VecDeque::new() })
    }

    /// Opens a socket, takes its hello, and resumes from `cursors`; returns once it is `ready`,
    /// with every frame seen until then.
    pub async fn resumed(client: &TestClient, cursors: Value) -> (TestSocket, Vec<Value>) {
        let mut socket = TestSocket::open(client).await;
        socket.wait_for("hello", |frame| frame["t"] == "hello").await;
        let frames = socket.resume(cursors).await;
        (socket, frames)
    }

    /// Opens a socket that hears all that happens from now on: bootstrap, then resume.
    pub async fn live(client: &TestClient) -> TestSocket {
        TestSocket::resumed(client, cursors(client).await).await.0
    }

    /// Sends `resume` and returns the frames until `ready`.
    pub async fn resume(&mut self, cursors: Value) -> Vec<Value> {
        self.send(json!({"t": "resume", "cursors": cursors})).await;
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.expect("frames until ready");
            if frame["t"] == "ready" {
                return frames;
            }
            frames.push(frame);
        }
    }

    /// Sends a frame.
    ///
    /// # Panics
    /// When the socket is gone.
    pub async fn send(&mut self, frame: Value) {
        self.send_raw(Message::text(frame.to_string())).await.expect("the socket is open");
    }

    /// Sends any message, for bad input.
    ///
    /// # Errors
    /// When the socket is gone.
    pub async fn send_raw(&mut self, message: Message) -> Result<(), String> {
        self.stream.send(message).await.map_err(|e| e.to_string())
    }

    /// The socket underneath, for what no well-behaved client does.
    pub fn stream(&mut self) -> &mut WebSocketStream<TcpStream> {
        &mut self.stream
    }

    /// The next frame.
    ///
    /// # Errors
    /// How the socket ended.
    ///
    /// # Panics
    /// When none comes.
    pub async fn next(&mut self) -> Result<Value, End> {
        if let Some(frame) = self.passed.pop_front() {
            return Ok(frame);
        }
        self.receive().await
    }

    async fn receive(&mut self) -> Result<Value, End> {
        loop {
            let received = timeout(PATIENCE, self.stream.next()).await.expect("a frame or the end");
            match received {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(&text).expect("frames are JSON"));
                }
                Some(Ok(Message::Close(frame))) => return Err(End::Closed(frame)),
                Some(Ok(_)) => {}
                Some(Err(e)) => return Err(End::Broken(e.to_string())),
                None => return Err(End::Closed(None)),
            }
        }
    }

    /// The first frame that fits, also of those passed over before; the others are kept for later.
    ///
    /// # Panics
    /// When the socket ends or nothing fits in time.
    pub async fn wait_for(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.passed.iter().position(&fits) {
            return self.passed.remove(at).expect("it was just found");
        }
        let search = async {
            loop {
                let frame = self.receive().await.unwrap_or_else(|end| panic!("waiting for {what}: {end:?}"));
                if fits(&frame) {
                    return frame;
                }
                self.passed.push_back(frame);
            }
        };
        timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("never came: {what}"))
    }

    /// Reads on until the socket ends, and says how; returns the `bye` that came before, if any.
    pub async fn end(&mut self) -> (Option<Value>, End) {
        let mut bye = None;
        loop {
            match self.next().await {
                Ok(frame) if frame["t"] == "bye" => bye = Some(frame),
                Ok(_) => {}
                Err(end) => return (bye, end),
            }
        }
    }

    /// Sends a message over the socket and returns its acknowledgement.
    pub async fn say(&mut self, id: u64, conversation: &str, nonce: &str, text: &str) -> Value {
        self.send(json!({"t": "send", "id": id, "conv": conversation, "nonce": nonce, "text": text})).await;
        self.wait_for("ack", |frame| frame["id"] == id && (frame["t"] == "ack" || frame["t"] == "nack")).await
    }

    /// Everything that was read while waiting for something else.
    pub fn passed(&self) -> impl Iterator<Item = &Value> {
        self.passed.iter()
    }
}

/// Where every log of a client stands now, for `resume`: the bootstrap's cursors, and the heads of
/// its conversations.
pub async fn cursors(client: &TestClient) -> Value {
    let mut bootstrap = client.get("/bootstrap").await.ok();
    let mut cursors = bootstrap["cursors"].take();
    for conversation in bootstrap["conversations"].as_array().into_iter().flatten() {
        let id = conversation["id"].as_str().unwrap_or_default();
        cursors[id] = conversation["head_seq"].clone();
    }
    cursors
}

/// The cursors after applying `frames` to `cursors`; panics on a gap, as no client may see one.
pub fn advance(cursors: &mut BTreeMap<String, i64>, frames: &[Value]) {
    for frame in frames {
        let log = frame["log"].as_str().unwrap_or_default().to_owned();
        if frame["t"] == "event" {
            let seq = frame["seq"].as_i64().expect("an event has a seq");
            let cursor = cursors.entry(log).or_insert(seq - 1);
            assert!(seq <= *cursor + 1, "a gap: {seq} after {cursor}");
            *cursor = seq.max(*cursor);
        } else if frame["t"] == "changes" {
            let upto = frame["upto"].as_i64().expect("changes say up to where");
            let cursor = cursors.entry(log).or_insert(upto);
            *cursor = upto.max(*cursor);
        }
    }
}
