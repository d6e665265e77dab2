//! Who may read a file, and as what it comes.

use http::Method;
use serde_json::{Value, json};
use weft_storage::{Db, DbConfig, Sql, params};
use weft_testkit::{TestClient, eventually, on_both};

use super::kit::{file, id, objects, png, send, write};

const EXPIRE: Sql = Sql::new("UPDATE files SET keep_until = 0");

async fn status(client: &TestClient, file: &Value) -> u16 {
    client.get(&format!("/files/{}/content", id(file))).await.status.as_u16()
}

on_both! {
    async fn a_file_is_read_by_whoever_reads_a_message_with_it(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, bob) = (org.member("Mei").await, org.member("Bob").await);
        let owner = &org.owner;
        let shown = file(&owner.client, "a.png", &png(4, 4)).await;
        assert_eq!(status(&owner.client, &shown).await, 200, "before it is sent: who uploaded it");
        assert_eq!(status(&mei.client, &shown).await, 404);
        let room = owner.conversation("private_channel", &[&mei]).await;
        let message = send(owner, &room, &[&shown]).await;
        for path in ["", "/content", "/thumb?size=320"] {
            let path = format!("/files/{}{path}", id(&shown));
            assert_eq!(mei.client.get(&path).await.status, 200, "{path}");
            assert_eq!(bob.client.get(&path).await.status, 404, "{path}");
            assert_eq!(server.client().get(&path).await.status, 401, "{path}");
        }
        // Who may not read it can neither send it nor list it.
        let channel = bob.channel(&[]).await;
        let body = json!({"nonce": "x", "text": "look", "files": [shown["id"]]});
        bob.client.post(&format!("/conversations/{channel}/messages"), body).await.refused(404, "not_found");
        assert_eq!(bob.client.get("/files").await.ok()["items"], json!([]));
        assert_eq!(mei.client.get("/files").await.ok()["items"][0]["file"]["id"], shown["id"]);
        // Forwarding lets others read it, also when the first message is gone.
        let open = mei.channel(&[]).await;
        let forward = json!({"to": [open], "nonce": "f"});
        mei.client.post(&format!("/messages/{}/forward", id(&message)), forward).await.ok();
        assert_eq!(status(&bob.client, &shown).await, 200, "a channel is open");
        owner.client.delete(&format!("/messages/{}", id(&message))).await.ok();
        assert_eq!(status(&mei.client, &shown).await, 200);
        // Whoever leaves reads no more.
        let secret = file(&owner.client, "s.txt", b"secret").await;
        send(owner, &room, &[&secret]).await;
        assert_eq!(status(&mei.client, &secret).await, 200);
        mei.client.post(&format!("/conversations/{room}/leave"), Value::Null).await.ok();
        assert_eq!(status(&mei.client, &secret).await, 404);
        let other = server.org("Other").await.owner;
        assert_eq!(status(&other.client, &shown).await, 404);
    }

    async fn a_browser_can_run_nothing_of_it(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        let pdf = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj";
        for (name, bytes, mime, inline) in [
            ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".as_slice(), "text/plain", false),
            ("x.html", b"<!doctype html><script>alert(1)</script>", "text/plain", false),
            ("x.xml", b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>", "text/plain", false),
            ("x.js", b"alert(1)", "text/plain", false),
            ("x.swf", b"CWS\x09\0\0\0\0", "application/octet-stream", false),
            ("x.exe", b"MZ\x90\0\x03\0\0\0", "application/octet-stream", false),
            ("x.png", &png(3, 3), "image/png", true),
            ("x.pdf", pdf, "application/pdf", true),
        ] {
            let found = file(&me, name, bytes).await;
            let path = format!("/files/{}/content", id(&found));
            let reply = me.get(&path).await;
            let header = |name: &str| reply.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
            assert_eq!(header("content-type"), mime, "{name}");
            let kind = if inline { "inline; " } else { "attachment; " };
            assert!(header("content-disposition").starts_with(kind), "{name}");
            assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin");
            assert_eq!(header("cache-control"), "private, no-cache");
            let saved = me.get(&format!("{path}?download=true")).await;
            assert!(saved.headers["content-disposition"].to_str().is_ok_and(|v| v.starts_with("attachment; ")));
        }
    }

    async fn parts_can_be_asked_for(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        let bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
        let found = file(&me, "a.bin", &bytes).await;
        let path = format!("/files/{}/content", id(&found));
        for (asked, status, expected, said) in [
            ("bytes=0-9", 206, &bytes[..10], "bytes 0-9/200000"),
            ("bytes=199990-", 206, &bytes[199_990..], "bytes 199990-199999/200000"),
            ("bytes=-5", 206, &bytes[199_995..], "bytes 199995-199999/200000"),
            ("bytes=100-999999999", 206, &bytes[100..], "bytes 100-199999/200000"),
            ("bytes=200000-", 416, &[], "bytes */200000"),
            ("bytes=0-1,5-6", 200, &bytes[..], ""),
            ("bytes=nonsense", 200, &bytes[..], ""),
        ] {
            let reply = me.with_header("range", asked).get(&path).await;
            assert_eq!(reply.status.as_u16(), status, "{asked}");
            assert!(reply.bytes == expected, "{asked}");
            let range = reply.headers.get("content-range").and_then(|v| v.to_str().ok()).unwrap_or_default();
            assert_eq!(range, said, "{asked}");
        }
        let whole = me.with_header("accept-encoding", "gzip, br").get(&path).await;
        assert!(whole.bytes == bytes && !whole.headers.contains_key("content-encoding"));
        assert_eq!(whole.headers["accept-ranges"], "bytes");
        assert_eq!(whole.headers["content-length"], "200000");
        let etag = whole.headers["etag"].to_str().expect("an etag");
        assert_eq!(me.with_header("if-none-match", etag).get(&path).await.status, 304);
        let asked = me.with_header("range", "bytes=0-1");
        assert_eq!(asked.with_header("if-range", etag).get(&path).await.status, 206);
        assert_eq!(asked.with_header("if-range", "\"other\"").get(&path).await.status, 200);
        let head = me.raw(Method::HEAD, &path, None, Vec::new()).await.expect("an answer");
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    }

    async fn thumbnails_are_small_upright_and_bare(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        let wide = file(&me, "wide.png", &png(2_000, 100)).await;
        assert_eq!((&wide["width"], &wide["height"]), (&json!(2_000), &json!(100)));
        assert_eq!(wide["color"], "#c81e1e");
        for (asked, width) in [("", 320), ("?size=320", 320), ("?size=500", 960), ("?size=99999", 1_920)] {
            let reply = me.get(&format!("/files/{}/thumb{asked}", id(&wide))).await;
            assert_eq!(reply.headers["content-type"], "image/jpeg", "{asked}");
            assert_eq!(jpeg_width(&reply.bytes), width, "{asked}");
        }
        // A photo from a camera on its side: turned, and what the camera wrote is gone.
        let flat = file(&me, "flat.png", &png(60, 40)).await;
        let jpeg = me.get(&format!("/files/{}/thumb", id(&flat))).await.bytes;
        let photo = file(&me, "photo.jpg", &turned(&jpeg)).await;
        assert_eq!((&photo["width"], &photo["height"]), (&json!(40), &json!(60)));
        let small = me.get(&format!("/files/{}/thumb", id(&photo))).await;
        assert!(!small.bytes.windows(4).any(|four| four == b"Exif"));
        assert_eq!(jpeg_width(&small.bytes), 40);
    }

    async fn texts_have_a_beginning_to_look_at(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        let preview = async |file: &Value| me.get(&format!("/files/{}/preview", id(file))).await;
        let gbk = file(&me, "旧.txt", b"\xD6\xD0\xCE\xC4\xB1\xA8\xB8\xE6").await;
        let reply = preview(&gbk).await;
        assert_eq!(&reply.bytes[..], "中文报告".as_bytes());
        assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8");
        let long = file(&me, "long.log", "行\n".repeat(200_000).as_bytes()).await;
        let reply = preview(&long).await;
        assert!(reply.bytes.len() <= 256 << 10 && reply.bytes.len() > 250 << 10);
        assert!(std::str::from_utf8(&reply.bytes).is_ok(), "cut between characters");
        let html = file(&me, "x.html", b"<!doctype html><script>").await;
        assert_eq!(preview(&html).await.headers["content-type"], "text/plain; charset=utf-8");
        let png = file(&me, "x.png", &png(2, 2)).await;
        preview(&png).await.refused(404, "not_found");
    }

    async fn a_signed_link_opens_one_file_for_a_minute(server: TestServer) {
        let org = server.org("Acme").await;
        let me = &org.owner.client;
        let (one, two) = (file(me, "a.txt", b"one").await, file(me, "b.txt", b"two").await);
        let link = me.post(&format!("/files/{}/link", id(&one)), Value::Null).await.ok();
        let url = link["url"].as_str().expect("a url").to_owned();
        let path = url.strip_prefix("/api/v1").expect("below the API");
        let anybody = server.client();
        let reply = anybody.get(path).await;
        assert_eq!(&reply.bytes[..], b"one");
        assert_eq!(reply.headers["cross-origin-resource-policy"], "cross-origin");
        anybody.get(&path.replace(id(&one), id(&two))).await.refused(404, "not_found");
        let (head, rest) = path.split_once("exp=").expect("an end");
        let (end, signature) = rest.split_once('&').expect("a signature");
        let later = end.parse::<i64>().expect("a time") + 1_000_000;
        anybody.get(&format!("{head}exp={later}&{signature}")).await.refused(404, "not_found");
        anybody.get(&format!("{head}exp={end}&sig=AAAA")).await.refused(404, "not_found");
        assert_eq!(anybody.get(head.trim_end_matches('?')).await.status, 401);
        let stranger = org.member("Mei").await;
        stranger.client.post(&format!("/files/{}/link", id(&one)), Value::Null).await.refused(404, "not_found");
    }

    async fn what_nothing_refers_to_goes(server: TestServer) {
        let mut server = server;
        let owner = server.org("Acme").await.owner;
        let room = owner.channel(&[]).await;
        let kept = file(&owner.client, "kept.png", &png(9, 9)).await;
        let gone = file(&owner.client, "gone.png", &png(10, 10)).await;
        let unsent = file(&owner.client, "unsent.txt", b"unsent").await;
        send(&owner, &room, &[&kept]).await;
        let message = send(&owner, &room, &[&gone]).await;
        owner.client.get(&format!("/files/{}/thumb", id(&gone))).await;
        owner.client.post(&format!("/messages/{}/recall", id(&message)), Value::Null).await.ok();
        let config = server.database().url().map_or_else(
            || DbConfig::Sqlite(server.data().join("weft.db")),
            |url| DbConfig::Postgres(url.to_owned()),
        );
        Db::open(&config).await.expect("the database opens").execute(EXPIRE, params![]).await.expect("time passes");
        // It tidies when it starts, and every hour.
        server.restart().await;
        for file in [&gone, &unsent] {
            eventually("it is gone", || async { (status(&owner.client, file).await == 404).then_some(()) }).await;
        }
        assert_eq!(status(&owner.client, &kept).await, 200);
        assert_eq!(owner.client.get("/files/settings").await.ok()["used"], kept["size"]);
        eventually("their bytes are gone", || async {
            (objects(&server.data().join("files")) == 2).then_some(())
        }).await;
    }

    async fn an_unfinished_upload_is_only_its_maker_s(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let begun = org.owner.client.post("/files/uploads", json!({"name": "a", "size": 5})).await.ok();
        write(&mei.client, id(&begun), 0, b"12345").await.refused(404, "not_found");
        mei.client.get(&format!("/files/uploads/{}", id(&begun))).await.refused(404, "not_found");
        mei.client.delete(&format!("/files/uploads/{}", id(&begun))).await.refused(404, "not_found");
        let path = format!("/files/uploads/{}", id(&begun));
        org.owner.client.raw(Method::PATCH, &path, None, b"1".to_vec()).await.expect("an answer").refused(422, "invalid");
    }
}

/// The width in a JPEG's frame header.
fn jpeg_width(bytes: &[u8]) -> u16 {
    let at =
        bytes.windows(2).position(|two| two[0] == 0xFF && matches!(two[1], 0xC0 | 0xC2)).expect("a frame");
    u16::from_be_bytes([bytes[at + 7], bytes[at + 8]])
}

/// The JPEG with an EXIF block that says: turn me by 90°.
fn turned(jpeg: &[u8]) -> Vec<u8> {
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let mut out = jpeg[..2].to_vec();
    out.extend([0xFF, 0xE1]);
    out.extend((exif.len() as u16 + 2).to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}
