//! Archives that are broken, partial or made to harm: a clear error, and nothing changes.

use std::{fs::File, io::Write};

use serde_json::json;
use weft_testkit::Scratch;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    desk::Desk,
    fixture::{Export, message, ts, user, write_zip},
};

/// Imports `bytes` and says how it was refused.
async fn refused(desk: &Desk, bytes: &[u8]) -> String {
    let dir = Scratch::new("hostile");
    let path = dir.join("export.zip");
    std::fs::write(&path, bytes).unwrap();
    let size = desk.size().await;
    let fault = desk.import(&path).await.expect_err("it must be refused");
    assert_eq!(fault.code_str(), "import_archive", "{fault}");
    assert_eq!(desk.size().await, size, "something was written");
    fault.detail().to_owned()
}

async fn refused_export(desk: &Desk, export: &Export) -> String {
    refused(desk, &std::fs::read(export.pack().path).unwrap()).await
}

fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let dir = Scratch::new("hostile");
    let path = dir.join("x.zip");
    let entries: Vec<(String, Vec<u8>)> =
        entries.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    write_zip(&path, &entries);
    std::fs::read(path).unwrap()
}

weft_testkit::on_both! {
    async fn what_is_no_archive_or_only_a_part_is_refused(test: TestDb) {
        let desk = Desk::new(test).await;
        let whole = std::fs::read(Export::everything().pack().path).unwrap();
        assert!(refused(&desk, b"").await.contains("zip"));
        assert!(refused(&desk, b"PK\x03\x04 no more").await.contains("zip"));
        for cut in [whole.len() - 10, whole.len() / 2] {
            assert!(refused(&desk, &whole[..cut]).await.contains("zip"));
        }
        let mut flipped = whole.clone();
        flipped[200] ^= 0xff;
        refused(&desk, &flipped).await;
        assert!(refused_export(&desk, &Export::everything().without("users.json")).await.contains("users.json"));
        assert!(refused_export(&desk, &Export::everything().without("channels.json")).await.contains("channels.json"));
        assert!(refused_export(&desk, &Export::everything().without("dms.json")).await.contains("D1"));
    }

    async fn names_that_lead_elsewhere_are_refused(test: TestDb) {
        let desk = Desk::new(test).await;
        let fine: [(&str, &[u8]); 2] = [("users.json", b"[]"), ("channels.json", b"[]")];
        for name in ["../evil.json", "/etc/evil.json", "a/../../evil.json", "a\\..\\evil.json", "C:evil.json", "a//b.json"] {
            let detail = refused(&desk, &packed(&[fine[0], fine[1], (name, b"[]")])).await;
            assert!(detail.contains("not allowed"), "{name}: {detail}");
        }
        let mut link = std::io::Cursor::new(Vec::new());
        let mut zip = ZipWriter::new(&mut link);
        zip.add_symlink("users.json", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        zip.finish().unwrap();
        assert!(refused(&desk, link.get_ref()).await.contains("symbolic link"));
        // The same name twice, which no honest tool writes.
        let twice = packed(&[fine[0], fine[1], ("usersXjson", b"[]")]);
        let twice = replace(twice, b"usersXjson", b"users.json");
        assert!(refused(&desk, &twice).await.contains("same name"));
    }

    async fn bombs_are_refused(test: TestDb) {
        let desk = Desk::new(test).await;
        let dir = Scratch::new("bomb");
        let path = dir.join("bomb.zip");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        zip.start_file("users.json", SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        for _ in 0..64 {
            zip.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        zip.finish().unwrap();
        assert!(refused(&desk, &std::fs::read(&path).unwrap()).await.contains("bomb"));

        let nested = format!("[{{\"id\":\"U1\",\"profile\":{}1{}}}]", "[".repeat(200_000), "]".repeat(200_000));
        let deep = Export::everything().with_bytes("users.json", nested.as_bytes());
        assert!(refused_export(&desk, &deep).await.contains("users.json"));
        let blocks = format!("[{{\"ts\":\"{}\",\"user\":\"U1\",\"blocks\":{}1{}}}]", ts(1), "[".repeat(5_000), "]".repeat(5_000));
        let deep = Export::everything().with_bytes("general/2024-03-04.json", blocks.as_bytes());
        let report = desk.import(&deep.pack().path).await.unwrap();
        assert_eq!(report.skipped_by["empty"], 1, "blocks nested beyond reason are no text");
    }

    async fn what_slack_would_not_write_is_refused_by_entry_and_place(test: TestDb) {
        let desk = Desk::new(test).await;
        let day = "general/2024-03-04.json";
        for wrong in [
            json!({"ts": ts(2)}),
            json!([message(1, "U1", "fine", json!({})), {"ts": 5, "user": "U1"}]),
            json!([message(1, "U1", "x", json!({"ts": "yesterday"}))]),
            json!([message(1, "U1", "x", json!({"ts": "-5.000000"}))]),
            json!([message(1, "U1", "x", json!({"ts": "99999999999999999999.0"}))]),
            json!([message(1, "U1", "x", json!({"text": 5}))]),
            json!([message(1, "U1", "x", json!({"reactions": [{"name": 1}]}))]),
            json!([message(1, "U1", "x", json!({"edited": {"ts": "no"}}))]),
            json!([{"user": "U1", "text": "no time"}]),
            json!(["text"]),
        ] {
            let mut export = Export::everything();
            export.put(day, wrong.clone());
            let detail = refused_export(&desk, &export).await;
            assert!(detail.contains(day), "{wrong}: {detail}");
        }
        for broken in [&b"[{\"ts\":"[..], b"[] []", b"\xff\xfe", b"", b"[{\"ts\": \"1\xff\"}]"] {
            let detail = refused_export(&desk, &Export::everything().with_bytes(day, broken)).await;
            assert!(detail.contains(day), "{detail}");
        }
    }

    async fn ids_that_stand_twice_are_refused(test: TestDb) {
        let desk = Desk::new(test).await;
        let mut export = Export::everything();
        export.put("users.json", json!([user("U1", "A", json!({})), user("U1", "B", json!({}))]));
        assert!(refused_export(&desk, &export).await.contains("U1 twice"));
        let mut export = Export::everything();
        export.put("groups.json", json!([{"id": "C1", "name": "leads", "members": []}]));
        assert!(refused_export(&desk, &export).await.contains("C1"));
        let mut export = Export::everything();
        export.put("groups.json", json!([{"id": "G1", "name": "general", "members": []}]));
        assert!(refused_export(&desk, &export).await.contains("general"));
    }

    async fn deceptive_names_and_nul_are_made_harmless(test: TestDb) {
        let desk = Desk::new(test).await;
        let mut export = Export::everything();
        export.put("users.json", json!([user("U1", "Ada\u{202E}\u{0}\u{200B}", json!({})), user("U2", "\u{200B}", json!({}))]));
        export.day("general", "2024-03-04", vec![message(1, "U1", "a\u{0}b", json!({}))]);
        desk.import(&export.pack().path).await.unwrap();
        let names = desk.rows("SELECT name FROM principals WHERE name IN ('Ada', 'U2')", vec![]).await;
        assert_eq!(names.len(), 2);
        let general = desk.log("general").await;
        assert_eq!(desk.texts(general).await, ["ab"]);
    }
}

fn replace(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    for at in 0..bytes.len() - from.len() {
        if &bytes[at..at + from.len()] == from {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}
