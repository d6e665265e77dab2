//! Documents are found by what they say, by those who may read them, and none stops the others.

mod make;

use std::fs;

use serde_json::Value;
use weft_storage::{Db, Sql, params};
use weft_testkit::{TestPerson, TestServer, eventually, on_both};

use crate::files::kit::{file, id, send, zipped};

fn path(q: &str) -> String {
    let encoded: String = q.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/search/messages?q={encoded}")
}

async fn hits(who: &TestPerson, q: &str) -> Vec<Value> {
    who.client.get(&path(q)).await.ok()["items"].as_array().cloned().expect("items")
}

/// Waits until `q` finds one message by the text of its document, and returns the hit.
async fn found(who: &TestPerson, q: &str, document: &Value) -> Value {
    let looked = || async {
        let hits = hits(who, q).await;
        (hits.len() == 1 && hits[0]["file"]["id"] == document["id"]).then(|| hits[0].clone())
    };
    eventually(&format!("{q} finds {document}"), looked).await
}

/// What became of a document, once it was read.
async fn read(who: &TestPerson, document: &Value) -> Value {
    let path = format!("/files/{}/text", id(document));
    let looked = || async {
        let text = who.client.get(&path).await.ok();
        (text["state"] != "pending").then_some(text)
    };
    eventually(&format!("{document} is read"), looked).await
}

/// What is marked in a snippet.
fn marked(snippet: &Value) -> String {
    let units: Vec<u16> = snippet["text"].as_str().expect("a text").encode_utf16().collect();
    let at = |end: usize| snippet["ranges"][0][end].as_u64().expect("a place") as usize;
    String::from_utf16(&units[at(0)..at(1)]).expect("characters")
}

const CLEAR: Sql = Sql::new("DELETE FROM file_texts WHERE size > $1");
const LATER: Sql = Sql::new(
    "INSERT INTO outbox (kind, payload, run_at)
     SELECT 'read_document_later', '{\"file\":' || CAST(file AS TEXT) || '}', $1 FROM files",
);

on_both! {
    async fn documents_are_found_by_their_text(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        for (name, bytes, queries) in [
            ("a.docx", make::docx(&["Quarterly forecast", "第三季度预算报告 &amp; more"]), ["forecast", "度预算", "季度预算报告"]),
            ("b.pptx", make::pptx(&["Launch checklist", "发布前检查清单"]), ["checklist", "前检查", "查清"]),
            ("c.xlsx", make::xlsx(&["Turnover", "华东区销售额"], "48151"), ["turnover", "48151", "东区销"]),
            ("d.odt", make::odt("Meeting minutes 会议纪要草稿"), ["minutes", "议纪要", "稿"]),
            ("e.pdf", make::pdf(&["Invoice for consulting", "Second page zebra"]), ["consulting", "zebra", "\"invoice for\""]),
            ("f.pdf", make::chinese_pdf(&["采购合同第一", "条付款方式"]), ["购合同", "第一条付", "方式"]),
            ("g.csv", "name,amount\n苹果园,77123\n".into(), ["77123", "果园", "amount"]),
            ("h.md", "# Runbook\n\nRestart the flux capacitor 重启步骤".into(), ["capacitor", "启步", "runbook"]),
            ("i.rs", "fn compute_entropy() {}".into(), ["entropy", "compute_entropy", "pute_en"]),
            ("j.txt", b"\xD6\xD0\xCE\xC4\xB1\xA8\xB8\xE6 legacy".to_vec(), ["文报", "中文报告", "legacy"]),
        ] {
            let document = file(&org.owner.client, name, &bytes).await;
            let text = read(&org.owner, &document).await;
            assert_eq!(text["state"], "ready", "{name}: {text}");
            send(&org.owner, &room, &[&document]).await;
            for q in queries {
                let hit = found(&org.owner, q, &document).await;
                assert_eq!(marked(&hit["file"]["snippet"]).to_lowercase(), q.trim_matches('"'), "{name}: {hit}");
            }
        }
        assert!(hits(&org.owner, "预算告").await.is_empty());
        assert!(hits(&org.owner, "forecast -budget -季度预算").await.is_empty(), "what it must not hold");
        let both = hits(&org.owner, "forecast a.docx").await;
        assert_eq!(both.len(), 1, "words of the message and of its document together");
    }

    async fn only_readers_find_documents(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, bob) = (org.member("Mei").await, org.member("Bob").await);
        let secret = org.owner.conversation("private_channel", &[&mei]).await;
        let document = file(&org.owner.client, "plan.docx", &make::docx(&["pineapple merger"])).await;
        let path = format!("/files/{}/text", id(&document));
        assert_eq!(mei.client.get(&path).await.status, 404, "not sent yet");
        let message = send(&org.owner, &secret, &[&document]).await;
        found(&mei, "pineapple", &document).await;
        assert_eq!(mei.client.get(&path).await.ok()["text"], "pineapple merger");
        assert!(hits(&bob, "pineapple").await.is_empty());
        assert_eq!(bob.client.get(&path).await.status, 404);
        assert_eq!(server.client().get(&path).await.status, 401);
        let other = server.org("Other").await;
        assert!(hits(&other.owner, "pineapple").await.is_empty());
        mei.client.post(&format!("/conversations/{secret}/leave"), Value::Null).await.ok();
        assert!(hits(&mei, "pineapple").await.is_empty(), "leaving hides at once");
        org.owner.client.delete(&format!("/messages/{}", id(&message))).await.ok();
        assert!(hits(&org.owner, "pineapple").await.is_empty(), "deleting hides at once");
    }

    async fn what_cannot_be_read_is_noted_and_stops_nothing(server: TestServer) {
        let org = server.org("Acme").await;
        let me = &org.owner;
        let whole = make::pdf(&["some words"]);
        let sealed = make::paged(&[], &["BT ET".into()], "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O (0123456789abcdef0123456789abcdef) /U (0123456789abcdef0123456789abcdef) >> /ID [(0123456789abcdef) (0123456789abcdef)]");
        let word = make::docx(&["some words"]);
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]><w:document xmlns:w=\"w\"><w:p><w:t>&b;&f;</w:t></w:p></w:document>";
        let types = ("[Content_Types].xml", b"<Types/>".as_slice());
        let compound = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 600]].concat();
        let spaces = vec![b' '; 40 << 20];
        for (name, bytes, reason) in [
            ("sealed.pdf", sealed, "encrypted"),
            ("cut.pdf", whole[..whole.len() / 3].to_vec(), "damaged"),
            ("not.pdf", b"%PDF-1.7\nnothing of the sort".to_vec(), "damaged"),
            ("blank.pdf", make::paged(&[], &["BT ET".into()], ""), "no_text"),
            ("entities.docx", zipped(&[types, ("word/document.xml", bomb.as_bytes())]), "damaged"),
            ("deep.docx", make::docx_of(&"<w:p>".repeat(100_000)), "too_complex"),
            ("empty.docx", zipped(&[types, ("word/other.xml", b"<a/>")]), "damaged"),
            ("blank.docx", zipped(&[types, ("word/document.xml", &spaces)]), "no_text"),
            ("sealed.docx", compound.clone(), "encrypted"),
            ("old.doc", compound, "unsupported"),
            ("empty.txt", Vec::new(), "no_text"),
        ] {
            let document = file(&me.client, name, &bytes).await;
            let text = read(me, &document).await;
            assert_eq!((text["state"].as_str(), text["reason"].as_str()), (Some("unreadable"), Some(reason)), "{name}: {text}");
            assert_eq!(text["text"], "");
        }
        // A broken end does not make a zip unreadable to the upload, only to the reader.
        let broken = file(&me.client, "broken.docx", &word[..word.len() - 30]).await;
        assert_eq!(read(me, &broken).await["state"], "none", "it is no Office file at all");
        let picture = file(&me.client, "picture.png", &crate::files::kit::png(2, 2)).await;
        assert_eq!(read(me, &picture).await["state"], "none");
        // A thousand pages and more, and a long text: the beginning is kept.
        let pages: Vec<String> = (0..1_200).map(|n| format!("page number {n}")).collect();
        let many = make::pdf(&pages.iter().map(String::as_str).collect::<Vec<_>>());
        let many = read(me, &file(&me.client, "many.pdf", &many).await).await;
        assert_eq!((many["state"].as_str(), many["cut"].as_bool()), (Some("ready"), Some(true)));
        assert!(many["text"].as_str().is_some_and(|text| text.contains("page number 999") && !text.contains("page number 1000")));
        let long = read(me, &file(&me.client, "long.txt", "词语 ".repeat(700_000).as_bytes()).await).await;
        assert_eq!(long["cut"], true);
        assert!(long["text"].as_str().is_some_and(|text| text.len() <= 1 << 20));
        let room = me.channel(&[]).await;
        let good = file(&me.client, "good.docx", &word).await;
        send(me, &room, &[&good]).await;
        found(me, "words", &good).await;
    }

    async fn files_from_before_are_read_and_an_index_is_built_with_them(server: TestServer) {
        let mut server = server;
        let (me, room, document);
        {
            let org = server.org("Acme").await;
            let owner = &org.owner;
            room = owner.channel(&[]).await;
            document = file(&owner.client, "old.docx", &make::docx(&["archaeology 考古发掘"])).await;
            send(owner, &room, &[&document]).await;
            found(owner, "archaeology", &document).await;
            me = owner.client.clone();
        }
        let asks = |q: &'static str| {
            let (me, document) = (me.clone(), document.clone());
            async move {
                let page = me.get(&path(q)).await.ok();
                (page["items"][0]["file"]["id"] == document["id"]).then_some(())
            }
        };
        server.kill();
        let printed = server.admin("admin reindex", &[]);
        assert!(printed.contains("1 messages"), "{printed}");
        server.restart().await;
        eventually("a rebuilt index knows documents", || asks("古发")).await;
        // As an older version left it: files whose text nobody has read, and an index without them.
        server.kill();
        let db = Db::open(&server.database_config()).await.expect("the database");
        assert_eq!(db.execute(CLEAR, params![0]).await.expect("cleared"), 1);
        db.execute(LATER, params![0]).await.expect("left");
        drop(db);
        fs::remove_dir_all(server.data().join("search")).expect("the index");
        server.restart().await;
        eventually("it is read in the background", || asks("archaeology")).await;
    }
}
