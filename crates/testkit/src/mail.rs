//! A mail server that takes everything, and shows what it took.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::eventually;

/// A mail that was delivered.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The envelope's recipient.
    pub to: String,
    /// The mail as it came, with CRLF.
    pub raw: String,
}

impl Mail {
    /// A header's value, unfolded; empty when there is none.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let mut values = head.split("\r\n").filter_map(|line| line.split_once(": "));
        values
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or_else(String::new, |(_, v)| v.to_owned())
    }

    /// Each part's content type and text, transfer encodings undone.
    pub fn parts(&self) -> Vec<(String, String)> {
        let kind = self.header("Content-Type");
        let Some(boundary) = kind.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()) else {
            let body = self.raw.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            return vec![(kind, decoded(&self.header("Content-Transfer-Encoding"), body))];
        };
        let boundary = format!("--{boundary}");
        let parts = self.raw.split(&boundary).skip(1).filter(|part| !part.starts_with("--"));
        parts
            .map(|part| {
                let part = Mail { to: String::new(), raw: part.trim_start().to_owned() };
                let body = part.raw.split_once("\r\n\r\n").map_or("", |(_, body)| body);
                (part.header("Content-Type"), decoded(&part.header("Content-Transfer-Encoding"), body))
            })
            .collect()
    }

    /// The plain text.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The HTML.
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    fn part(&self, kind: &str) -> String {
        self.parts()
            .into_iter()
            .find(|(known, _)| known.starts_with(kind))
            .map_or_else(String::new, |(_, text)| text)
    }
}

fn decoded(encoding: &str, body: &str) -> String {
    let bytes = match encoding {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable(body),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

fn base64(body: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for six in body.bytes().filter_map(value) {
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut bytes = joined.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte != b'=' {
            out.push(byte);
            continue;
        }
        let hex: String = bytes.by_ref().take(2).map(char::from).collect();
        out.extend(u8::from_str_radix(&hex, 16).ok());
    }
    out
}

#[derive(Default)]
struct Shelf {
    arrived: VecDeque<Mail>,
    count: usize,
}

/// A mail server on this machine.
#[derive(Clone)]
pub struct MailSink {
    address: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
}

impl MailSink {
    /// Listens on a free port.
    ///
    /// # Panics
    /// When it cannot.
    pub async fn start() -> MailSink {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let sink = MailSink { address: listener.local_addr().expect("an address"), shelf: Arc::default() };
        let shelf = sink.shelf.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let shelf = shelf.clone();
                // Whoever hangs up in the middle has delivered nothing.
                tokio::spawn(async move { talk(socket, shelf).await.ok() });
            }
        });
        sink
    }

    /// What `weft serve --smtp-url` takes.
    pub fn url(&self) -> String {
        format!("smtp://{}?tls=none", self.address)
    }

    /// How many mails have arrived.
    ///
    /// # Panics
    /// Never, but for a poisoned lock.
    pub fn count(&self) -> usize {
        self.shelf.lock().expect("the shelf").count
    }

    /// The next mail, in the order of arrival.
    ///
    /// # Panics
    /// When none comes.
    pub async fn next(&self) -> Mail {
        let look = || std::future::ready(self.shelf.lock().expect("the shelf").arrived.pop_front());
        eventually("a mail arrives", look).await
    }
}

async fn talk(socket: TcpStream, shelf: Arc<Mutex<Shelf>>) -> std::io::Result<()> {
    let mut socket = BufReader::new(socket);
    let mut to = String::new();
    socket.write_all(b"220 sink\r\n").await?;
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.trim().to_ascii_uppercase();
        let answer = if verb.starts_with("EHLO") {
            "250-sink\r\n250 8BITMIME\r\n"
        } else if let Some(rest) = verb.starts_with("RCPT TO:").then(|| &line[8..]) {
            to = rest.trim().trim_matches(['<', '>']).to_owned();
            "250 ok\r\n"
        } else if verb == "DATA" {
            socket.write_all(b"354 go on\r\n").await?;
            let raw = data(&mut socket).await?;
            let mut shelf = shelf.lock().expect("the shelf");
            shelf.arrived.push_back(Mail { to: to.clone(), raw });
            shelf.count += 1;
            "250 taken\r\n"
        } else if verb == "QUIT" {
            socket.write_all(b"221 bye\r\n").await?;
            return Ok(());
        } else {
            "250 ok\r\n"
        };
        socket.write_all(answer.as_bytes()).await?;
    }
}

/// The mail up to the line with only a dot.
async fn data(socket: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(raw);
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
