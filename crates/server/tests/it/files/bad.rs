//! Files that are wrong, hostile or too much, and uploads that break.

use std::{path::Path, process::Command};

use http::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use weft_testkit::{ServerOptions, TestServer, eventually, on_both};

use super::kit::{FORM, file, form, id, png, png_of, upload, upload_as, write, zipped};

const BINARY: &str = env!("CARGO_BIN_EXE_weft");

on_both! {
    async fn bytes_say_what_a_file_is(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        for (name, bytes, kind, mime) in [
            ("photo.png", b"MZ\x90\0\x03\0\0\0\x04\0\0\0".as_slice(), "other", ""),
            ("photo.png", b"<svg onload=alert(1)>", "code", "image/svg+xml"),
            ("report.pdf", b"<html><script>alert(1)</script>", "code", "text/html"),
            ("film.mp4", &png(2, 2), "image", "image/png"),
            ("sheet.xlsx", &zipped(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")]), "office", ""),
            ("sheet.docx", &zipped(&[("a.txt", b"a")]), "archive", "application/zip"),
            ("secret.docx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1encrypted", "office", ""),
            ("half.pdf", b"%PDF-1.7\n%\xE2\xE3", "pdf", "application/pdf"),
            ("half.png", &png(40, 40)[..60], "image", "image/png"),
            ("half.zip", &zipped(&[("a.txt", b"a")])[..40], "archive", "application/zip"),
            ("empty", b"", "text", "text/plain"),
        ] {
            let found = file(&me, name, bytes).await;
            assert_eq!(found["kind"], kind, "{name}: {found}");
            assert!(mime.is_empty() || found["mime"] == mime, "{name}: {found}");
            assert_eq!(found["size"], bytes.len());
            let whole = me.get(&format!("/files/{}/content", id(&found))).await;
            assert!(whole.status.is_success() && whole.bytes == bytes, "{name}");
            assert_eq!(found["thumb"], name == "film.mp4", "{name}");
        }
    }

    async fn hostile_names_are_made_harmless(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        for (name, kept) in [
            ("../../../etc/passwd", "passwd"),
            ("..\\..\\evil.exe", "evil.exe"),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
            ("a\r\nSet-Cookie: x=y", "a Set-Cookie x=y"),
            ("", "file"),
        ] {
            let found = file(&me, name, b"x").await;
            assert_eq!(found["name"], kept, "{name:?}");
            let reply = me.get(&format!("/files/{}/content", id(&found))).await;
            assert!(reply.headers["content-disposition"].to_str().expect("ASCII").starts_with("attachment; filename="));
            assert!(!reply.headers.contains_key("set-cookie"));
        }
        let long = file(&me, &format!("{}.png", "长".repeat(5_000)), b"x").await;
        assert!(long["name"].as_str().is_some_and(|name| name.chars().count() == 200 && name.ends_with(".png")));
        me.post("/files/uploads", json!({"name": "a\u{0}b", "size": 1})).await.refused(422, "invalid");
    }

    async fn bombs_are_refused_and_leave_nothing(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        // A picture of a few bytes that says it has 60,000 × 60,000 pixels.
        upload(&me, "bomb.png", &png_of(60_000, 60_000, b"\x78\x01\x03\0\0\0\0\x01")).await.refused(422, "file_bomb");
        // One that lies: few pixels said, more than its limit packed, decodes to nothing.
        let lie = png_of(30_000, 4_000, b"\x78\x01\x03\0\0\0\0\x01");
        assert_eq!(file(&me, "lie.png", &lie).await["thumb"], false);
        // 300 MB of zeros in 300 kB.
        let bomb = zipped(&[("zeros", &vec![0; 300 << 20])]);
        assert!(bomb.len() < 1 << 20);
        upload(&me, "bomb.zip", &bomb).await.refused(422, "file_bomb");
        let posted = me.raw(Method::POST, "/files", Some(FORM), form(&[("bomb.zip", &bomb)])).await;
        posted.expect("an answer").refused(422, "file_bomb");
        assert_eq!(me.get("/files/settings").await.ok()["used"], lie.len(), "only the picture that lies");
        assert_eq!(std::fs::read_dir(server.data().join("staging")).expect("a folder").count(), 0);
    }

    async fn an_upload_that_breaks_off_goes_on_where_it_stopped(server: TestServer) {
        let org = server.org("Acme").await;
        let me = &org.owner.client;
        let bytes: Vec<u8> = (0..300_000_u32).flat_map(|n| n.to_be_bytes()).collect();
        let begun = me.post("/files/uploads", json!({"name": "big.bin", "size": bytes.len()})).await.ok();
        let path = format!("/files/uploads/{}", id(&begun));
        // Announces all of it, sends a part and hangs up.
        let address = server.base().trim_start_matches("http://").to_owned();
        let mut line = tokio::net::TcpStream::connect(&address).await.expect("a connection");
        let head = format!(
            "PATCH /api/v1{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nUpload-Offset: 0\r\n\
             Content-Length: {}\r\n\r\n", org.owner.token, bytes.len());
        line.write_all(head.as_bytes()).await.expect("the head");
        line.write_all(&bytes[..400_000]).await.expect("a part");
        line.flush().await.expect("sent");
        eventually("something has arrived", || async {
            (me.get(&path).await.ok()["offset"].as_i64()? >= 100_000).then_some(())
        }).await;
        drop(line);
        let offset = eventually("the line is known to be gone", || async {
            let at = me.get(&path).await.ok()["offset"].as_u64()? as usize;
            let wrong = write(me, id(&begun), at + 1, b"x").await;
            (wrong.code() == "upload_offset").then_some(at)
        }).await;
        assert!(offset <= 400_000);
        let head = me.raw(Method::HEAD, &path, None, Vec::new()).await.expect("an answer");
        assert_eq!(head.headers["upload-offset"], offset.to_string().as_str());
        let middle = write(me, id(&begun), offset, &bytes[offset..800_000]).await.ok();
        assert_eq!(middle["offset"], 800_000);
        write(me, id(&begun), 800_000, &[&bytes[800_000..], b"!"].concat()).await.refused(413, "upload_overrun");
        let offset = me.get(&path).await.ok()["offset"].as_u64().expect("an offset") as usize;
        let done = write(me, id(&begun), offset, &bytes[offset..]).await.ok();
        assert_eq!(done["file"]["id"], begun["id"], "a finished upload is the file of its id");
        me.get(&path).await.refused(404, "not_found");
        let content = me.get(&format!("/files/{}/content", id(&begun))).await;
        assert!(content.bytes == bytes);
    }

    async fn an_upload_survives_a_crash(server: TestServer) {
        let mut server = server;
        let owner = server.org("Acme").await.owner;
        let begun = owner.client.post("/files/uploads", json!({"name": "a.txt", "size": 10})).await.ok();
        write(&owner.client, id(&begun), 0, b"01234").await.ok();
        server.kill();
        server.restart().await;
        assert_eq!(owner.client.get(&format!("/files/uploads/{}", id(&begun))).await.ok()["offset"], 5);
        let done = write(&owner.client, id(&begun), 5, b"56789").await.ok();
        let content = owner.client.get(&format!("/files/{}/content", id(&done["file"]))).await;
        assert_eq!(&content.bytes[..], b"0123456789");
    }

    async fn a_checksum_is_held_to(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let request = |sum: &str| json!({"name": "abc", "size": 3, "sha256": sum});
        assert_eq!(upload_as(&me, request(sum), b"abc").await.ok()["file"]["size"], 3);
        upload_as(&me, request(sum), b"abd").await.refused(422, "checksum_mismatch");
        upload_as(&me, request("abc"), b"abc").await.refused(422, "invalid");
        for bad in [json!({"size": -1}), json!({"size": 3, "waveform": vec![1; 101]}), json!({"size": 3, "duration_ms": -5})] {
            let mut request = bad;
            request["name"] = "x".into();
            me.post("/files/uploads", request).await.refused(422, "invalid");
        }
    }

    async fn a_quota_holds_when_many_ask_at_once(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        me.patch("/files/settings", json!({"quota": 1_000, "max_file_size": 400})).await.ok();
        me.post("/files/uploads", json!({"name": "a", "size": 401})).await.refused(413, "file_too_large");
        let form_of_401 = form(&[("a", &[b'x'; 401])]);
        me.raw(Method::POST, "/files", Some(FORM), form_of_401).await.expect("an answer").refused(413, "file_too_large");
        let tries = (0..12).map(|_| async { me.post("/files/uploads", json!({"name": "a", "size": 300})).await });
        let replies = futures_util::future::join_all(tries).await;
        let taken: Vec<Value> = replies.iter().filter(|r| r.status.is_success()).map(weft_testkit::Reply::json).collect();
        assert_eq!(taken.len(), 3);
        replies.iter().filter(|r| !r.status.is_success()).for_each(|r| { r.refused(413, "quota_exceeded"); });
        assert_eq!(me.get("/files/settings").await.ok()["used"], 900);
        let both = form(&[("a", &[b'x'; 90]), ("b", &[b'y'; 90])]);
        me.raw(Method::POST, "/files", Some(FORM), both).await.expect("an answer").refused(413, "quota_exceeded");
        me.delete(&format!("/files/uploads/{}", id(&taken[0]))).await.ok();
        me.delete(&format!("/files/uploads/{}", id(&taken[0]))).await.refused(404, "not_found");
        assert_eq!(me.get("/files/settings").await.ok()["used"], 690);
        me.patch("/files/settings", json!({"quota": null})).await.ok();
        file(&me, "now.txt", &[b'x'; 400]).await;
        assert_eq!(me.get("/files/settings").await.ok()["used"], 1_090);
    }

    async fn a_full_disk_is_said_so_and_the_upload_goes_on_when_there_is_room(engine: Engine) {
        let mut server = TestServer::prepare(BINARY, engine, ServerOptions::default()).await;
        let staging = server.data().join("staging");
        std::fs::create_dir_all(&staging).expect("a folder");
        let Some(_disk) = SmallDisk::mount(&staging) else {
            eprintln!("skipped: mounting a small disk needs root");
            return;
        };
        server.restart().await;
        let me = server.org("Acme").await.owner.client;
        let ballast = staging.join("ballast");
        std::fs::write(&ballast, vec![0; 1 << 20]).expect("ballast");
        let bytes = vec![b'x'; 1_500_000];
        let begun = me.post("/files/uploads", json!({"name": "a.txt", "size": bytes.len()})).await.ok();
        write(&me, id(&begun), 0, &bytes).await.refused(503, "storage_full");
        let at = me.get(&format!("/files/uploads/{}", id(&begun))).await.ok()["offset"].as_u64().expect("an offset") as usize;
        let posted = me.raw(Method::POST, "/files", Some(FORM), form(&[("b", &bytes)])).await.expect("an answer");
        posted.refused(503, "storage_full");
        std::fs::remove_file(&ballast).expect("room");
        let done = write(&me, id(&begun), at, &bytes[at..]).await.ok();
        let content = me.get(&format!("/files/{}/content", id(&done["file"]))).await;
        assert!(content.bytes == bytes);
    }
}

/// A small disk of its own; only root may mount one.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<SmallDisk> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"]).arg(at);
        mount.output().is_ok_and(|out| out.status.success()).then(|| SmallDisk(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
