//! What the tests of files share.

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
};

use http::Method;
use serde_json::{Value, json};
use weft_testkit::{Reply, TestClient, TestPerson};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Uploads through the resumable way, at once.
pub(crate) async fn upload(client: &TestClient, name: &str, bytes: &[u8]) -> Reply {
    upload_as(client, json!({"name": name, "size": bytes.len()}), bytes).await
}

/// The same, with more said of the file.
pub(crate) async fn upload_as(client: &TestClient, request: Value, bytes: &[u8]) -> Reply {
    let begun = client.post("/files/uploads", request).await;
    if !begun.status.is_success() {
        return begun;
    }
    write(client, begun.json()["id"].as_str().expect("an id"), 0, bytes).await
}

/// Sends bytes of an upload.
pub(crate) async fn write(client: &TestClient, id: &str, offset: usize, bytes: &[u8]) -> Reply {
    let client = client.with_header("upload-offset", &offset.to_string());
    client.raw(Method::PATCH, &format!("/files/uploads/{id}"), None, bytes.to_vec()).await.expect("an answer")
}

/// Uploads what must be taken, and returns the file.
pub(crate) async fn file(client: &TestClient, name: &str, bytes: &[u8]) -> Value {
    upload(client, name, bytes).await.ok()["file"].clone()
}

/// Uploads and sends to a conversation; returns the message.
pub(crate) async fn send(person: &TestPerson, room: &str, files: &[&Value]) -> Value {
    let ids: Vec<&str> = files.iter().map(|file| id(file)).collect();
    let body = json!({"nonce": ids.join(".").get(..64.min(ids.join(".").len())), "text": "", "files": ids});
    person.client.post(&format!("/conversations/{room}/messages"), body).await.ok()
}

/// The id of whatever has one.
pub(crate) fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

/// A form with files.
pub(crate) fn form(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head =
            format!("--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xx--\r\n");
    body
}

/// The type of [`form`].
pub(crate) const FORM: &str = "multipart/form-data; boundary=xx";

/// A PNG of one colour, `width` × `height`, with its lines stored as they are.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut rows = Vec::new();
    for _ in 0..height {
        rows.push(0);
        rows.extend((0..width).flat_map(|_| [200_u8, 30, 30]));
    }
    png_of(width, height, &zlib(&rows))
}

/// A PNG that says it has `width` × `height` pixels, with this content.
pub(crate) fn png_of(width: u32, height: u32, content: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    for (kind, data) in [(b"IHDR", header.as_slice()), (b"IDAT", content), (b"IEND", &[])] {
        out.extend((data.len() as u32).to_be_bytes());
        let body = [kind.as_slice(), data].concat();
        out.extend(&body);
        out.extend(crc(&body).to_be_bytes());
    }
    out
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}

/// A zlib stream of stored blocks.
fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 1];
    let mut blocks = bytes.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        out.push(u8::from(blocks.peek().is_none()));
        out.extend((block.len() as u16).to_le_bytes());
        out.extend((!(block.len() as u16)).to_le_bytes());
        out.extend(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend(((b << 16) | a).to_be_bytes());
    out
}

/// How many objects lie below a folder.
pub(crate) fn objects(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { objects(&entry.path()) } else { 1 }).sum()
}

/// A zip of these entries.
pub(crate) fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        archive.write_all(bytes).expect("its bytes");
    }
    archive.finish().expect("an archive").into_inner()
}
