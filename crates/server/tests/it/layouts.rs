//! Office documents are shown as LibreOffice lays them out, to those who may read them, and whatever
//! is in one stays in its own process.

mod kit;
mod make;

use std::{
    fs,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{TestClient, TestServer, eventually, on_both};

use crate::files::kit::{file, id, objects, png, send, zipped};
use kit::{Fake, PDF, ask, at_work, laid_out, path, pdf, start, start_with, words};

const JOBS: Sql = Sql::new("SELECT COUNT(*) FROM outbox WHERE kind = 'lay_out'");
const NOW: Sql = Sql::new("UPDATE outbox SET run_at = 0 WHERE kind = 'lay_out'");
const EXPIRE: Sql = Sql::new("UPDATE files SET keep_until = 0");

/// Somebody who listens on this machine, and how often anybody called.
fn listener() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let calls = Arc::new(AtomicUsize::new(0));
    let heard = calls.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            heard.fetch_add(1, Ordering::SeqCst);
            drop(stream);
        }
    });
    (port, calls)
}

async fn failed(who: &TestClient, document: &Value, reason: &str) {
    assert_eq!(laid_out(who, document).await, json!({"state": "failed", "reason": reason}), "{document}");
    who.get(&path(document)).await.refused(404, "not_found");
}

async fn db(server: &TestServer) -> Db {
    Db::open(&server.database_config()).await.expect("the database")
}

fn idle(server: &TestServer) -> bool {
    let folder = server.data().join("layouts");
    at_work(&folder) == 0 && fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none())
}

on_both! {
    async fn documents_are_laid_out_when_they_are_opened(engine: Engine) {
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let me = &org.owner;
        for (name, bytes, expected) in [
            ("a.docx", make::docx(&["Quarterly forecast", "第三季度预算报告"]), ["Quarterly forecast", "第三季度预算报告"]),
            ("b.xlsx", make::xlsx(&["Turnover", "华东区销售额"]), ["Turnover", "华东区销售额"]),
            ("c.pptx", make::pptx("Launch 发布前检查清单"), ["Launch", "发布前检查清单"]),
            ("d.odt", make::odt("<text:p>Minutes 会议纪要草稿</text:p>"), ["Minutes", "会议纪要草稿"]),
        ] {
            let document = file(&me.client, name, &bytes).await;
            me.client.get(&path(&document)).await.refused(404, "not_found");
            assert_eq!(laid_out(&me.client, &document).await, json!({"state": "ready"}), "{name}");
            let answer = me.client.get(&path(&document)).await;
            let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
            assert_eq!(header("content-type"), "application/pdf");
            assert_eq!(header("cache-control"), "private, no-cache");
            assert!(header("content-security-policy").contains("sandbox"));
            assert!(header("content-disposition").starts_with(&format!("inline; filename=\"{name}.pdf\"")));
            let part = me.client.with_header("range", "bytes=0-4").get(&path(&document)).await;
            assert_eq!((part.status.as_u16(), &part.bytes[..]), (206, b"%PDF-".as_slice()));
            let known = me.client.with_header("if-none-match", &header("etag")).get(&path(&document)).await;
            assert_eq!(known.status, 304);
            let read = words(me, &answer.bytes).await;
            for words in expected {
                assert!(read.contains(words), "{name}: {read}");
            }
        }
        assert!(idle(&server), "nothing is left of them");
    }

    async fn hostile_documents_call_nobody_and_read_nothing(engine: Engine) {
        let server = start(engine).await;
        let me = server.org("Acme").await.owner;
        let (port, calls) = listener();
        let site = format!("http://127.0.0.1:{port}");
        let secret = server.data().join("secret.txt");
        fs::write(&secret, "hippopotamus").expect("a secret");
        let secret = format!("file://{}", secret.display());
        let linked = |target: &str| make::docx_of(&format!("{}<w:p><w:r><w:t>around</w:t></w:r></w:p>", make::LINKED_PICTURE), &[("image", target)]);
        let section = |target: &str| {
            let source = format!("<text:section text:name=\"s\"><text:section-source xlink:href=\"{target}\"/><text:p>inside</text:p></text:section>");
            make::odt(&format!("<text:p>around</text:p>{source}"))
        };
        let drawn = |target: &str| {
            let frame = format!("<draw:frame svg:width=\"3cm\" svg:height=\"3cm\"><draw:image xlink:href=\"{target}\" xlink:type=\"simple\" xlink:actuate=\"onLoad\"/></draw:frame>");
            make::odt(&format!("<text:p>around{frame}</text:p>"))
        };
        for (name, bytes) in [
            ("picture.docx", linked(&format!("{site}/a.png"))),
            ("own.docx", linked(&secret)),
            ("section.odt", section(&format!("{site}/a.odt"))),
            ("own.odt", section(&secret)),
            ("drawn.odt", drawn(&format!("{site}/b.png"))),
        ] {
            let document = file(&me.client, name, &bytes).await;
            assert_eq!(laid_out(&me.client, &document).await["state"], "ready", "{name}");
            let read = words(&me, &pdf(&me.client, &document).await).await;
            assert!(read.contains("around") && !read.contains("hippopotamus"), "{name}: {read}");
        }
        assert_eq!(calls.load(Ordering::SeqCst), 0, "nobody was called");
    }

    async fn what_cannot_be_laid_out_says_why(engine: Engine) {
        let server = start(engine).await;
        let me = server.org("Acme").await.owner.client;
        let whole = make::docx(&["some words"]);
        let compound = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 600]].concat();
        let types = ("[Content_Types].xml", b"<Types/>".as_slice());
        let locked = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><manifest:file-entry manifest:full-path=\"content.xml\" manifest:size=\"9\"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
        let odt = ("mimetype", b"application/vnd.oasis.opendocument.text".as_slice());
        for (name, bytes, reason) in [
            ("sealed.docx", compound.clone(), "encrypted"),
            ("old.doc", compound, "damaged"),
            ("renamed.docx", zipped(&[types, ("word/document.xml", b"<html><script>alert(1)</script>")]), "damaged"),
            ("locked.odt", zipped(&[odt, ("content.xml", b"\x93\x17 sealed"), ("META-INF/manifest.xml", locked.as_bytes())]), "damaged"),
        ] {
            let document = file(&me, name, &bytes).await;
            failed(&me, &document, reason).await;
        }
        // What is no Office document by its bytes is none by its name either.
        for (name, bytes) in [
            ("cut.docx", whole[..whole.len() - 30].to_vec()),
            ("really.docx", b"%PDF-1.7\nnot Word".to_vec()),
            ("picture.docx", png(2, 2)),
            ("drawing.odg", zipped(&[("mimetype", b"application/vnd.oasis.opendocument.graphics"), ("content.xml", b"<a/>")])),
        ] {
            let document = file(&me, name, &bytes).await;
            assert_eq!(ask(&me, &document).await, json!({"state": "none"}), "{name}");
        }
        let good = file(&me, "good.docx", &whole).await;
        assert_eq!(laid_out(&me, &good).await["state"], "ready", "none stops the others");
    }

    async fn without_libreoffice_there_is_only_the_text(engine: Engine) {
        let server = start_with(engine, &["--soffice", "off"]).await;
        let me = server.org("Acme").await.owner.client;
        let document = file(&me, "a.docx", &make::docx(&["some words"])).await;
        assert_eq!(ask(&me, &document).await, json!({"state": "none"}));
        me.get(&path(&document)).await.refused(404, "not_found");
        let wrong = server.run("serve", &["--listen", "127.0.0.1:0", "--soffice", "/nowhere/soffice"], "");
        assert!(!wrong.status.success() && wrong.err.contains("--soffice: /nowhere/soffice"), "{}", wrong.err);
        let wrong = server.run("serve", &["--listen", "127.0.0.1:0", "--soffice-seconds", "0"], "");
        assert!(wrong.err.contains("--soffice-seconds is between"), "{}", wrong.err);
    }

    async fn what_takes_too_much_is_ended(engine: Engine) {
        let fake = Fake::new("sleep 1000");
        let server = fake.start(engine, 2).await;
        let me = server.org("Acme").await.owner.client;
        let bytes = make::docx(&["some words"]);
        let mut last = Value::Null;
        for (name, script) in [
            ("hangs.docx", "sleep 1000"),
            ("hides.docx", "(trap '' TERM HUP; exec sleep 1000) & sleep 1000"),
            ("spins.docx", "while :; do :; done"),
            ("writes.docx", "head -c 1000000000 /dev/zero > ../document.pdf"),
        ] {
            fake.says(script);
            let document = file(&me, name, &bytes).await;
            failed(&me, &document, "too_complex").await;
            last = document;
        }
        eventually("their processes are gone", async || idle(&server).then_some(())).await;
        // Remembered: nothing runs again, though it would succeed by now.
        fake.says(PDF);
        failed(&me, &last, "too_complex").await;
        let document = file(&me, "good.docx", &bytes).await;
        assert_eq!(laid_out(&me, &document).await["state"], "ready");
    }

    async fn many_files_are_too_much_as_well(engine: Engine) {
        let fake = Fake::new("for n in 1 2 3 4 5 6 7 8 9 10; do truncate -s 60M big$n; done; sleep 1000");
        let server = fake.start(engine, 600).await;
        let me = server.org("Acme").await.owner.client;
        let document = file(&me, "a.docx", &make::docx(&["some words"])).await;
        failed(&me, &document, "too_complex").await;
        eventually("its processes are gone", async || idle(&server).then_some(())).await;
    }

    async fn what_is_left_in_the_place_of_a_pdf_is_not_followed(engine: Engine) {
        let fake = Fake::new(PDF);
        let server = fake.start(engine, 60).await;
        let me = server.org("Acme").await.owner.client;
        let paper = server.data().join("secret.pdf");
        fs::write(&paper, "%PDF-1.4\nsecret\n%%EOF").expect("a secret");
        let link = format!("ln -s {} ../document.pdf", paper.display());
        for script in [link.as_str(), "mkfifo ../document.pdf", "mkdir ../document.pdf", "echo hello > ../document.pdf", "echo %PDF-1.4 > ../document.pdf", "exit 1", ":"] {
            fake.says(script);
            let document = file(&me, "a.docx", &make::docx(&["some words"])).await;
            failed(&me, &document, "damaged").await;
        }
    }

    async fn its_process_has_nothing_of_the_server_s(engine: Engine) {
        let fake = Fake::new(":");
        let server = fake.start(engine, 60).await;
        let me = server.org("Acme").await.owner.client;
        let secret = server.data().join("secret.txt");
        fs::write(&secret, "hippopotamus").expect("a secret");
        let (port, calls) = listener();
        fake.says(&format!(
            "{{ echo %PDF-1.4; env; cat {0} 2>&1; echo x > {0}; cat /proc/{1}/cmdline 2>&1; \
             bash -c 'echo > /dev/tcp/127.0.0.1/{port}' 2>&1; echo limits $(ulimit -t) $(ulimit -c) $(ulimit -n); \
             echo %%EOF; }} > ../document.pdf",
            secret.display(),
            server.pid().expect("a process"),
        ));
        let document = file(&me, "a.docx", &make::docx(&["some words"])).await;
        assert_eq!(laid_out(&me, &document).await["state"], "ready");
        let said = String::from_utf8(pdf(&me, &document).await).expect("a text");
        assert!(said.contains("limits 60 0 512"), "{said}");
        let names: Vec<&str> = said.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
        for name in &names {
            assert!(["PATH", "LANG", "SAL_USE_VCLPLUGIN", "HOME", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_"].contains(name), "{name}");
        }
        // What the server says of this machine holds.
        let log = server.log();
        if log.contains("kept from files") {
            assert!(!said.contains("hippopotamus") && !said.contains("--soffice"), "{said}");
            assert_eq!(fs::read_to_string(&secret).expect("a secret"), "hippopotamus");
        }
        if log.contains("files and networks") || log.contains("no TCP") {
            assert_eq!(calls.load(Ordering::SeqCst), 0, "{said}");
        }
    }

    async fn many_open_it_and_it_is_laid_out_once(engine: Engine) {
        let fake = Fake::new("sleep 1000");
        let mut server = fake.start(engine, 600).await;
        let (me, document, data);
        {
            let org = server.org("Acme").await;
            data = server.data().join("layouts");
            document = file(&org.owner.client, "a.docx", &make::docx(&["some words"])).await;
            me = org.owner.client.clone();
        }
        let asked = (0..20).map(|_| ask(&me, &document));
        for answer in futures_util::future::join_all(asked).await {
            assert_eq!(answer, json!({"state": "pending"}));
        }
        let jobs = db(&server).await.query_one(JOBS, params![]).await.expect("a count").get::<i64>(0).expect("a number");
        assert_eq!(jobs, 1);
        eventually("it is under way", async || (at_work(&data) > 0).then_some(())).await;
        assert_eq!(fs::read_dir(&data).expect("a folder").count(), 1);
        // As in a power cut: nobody goes on without the server, and the next one starts over.
        server.kill();
        eventually("its processes are gone", async || (at_work(&data) == 0).then_some(())).await;
        fake.says(PDF);
        db(&server).await.execute(NOW, params![]).await.expect("the lease ran out");
        server.restart().await;
        assert_eq!(laid_out(&me, &document).await, json!({"state": "ready"}));
        assert_eq!(pdf(&me, &document).await, b"%PDF-1.4\nmade\n%%EOF\n");
        // Nobody makes it again.
        fake.says("exit 1");
        assert_eq!(ask(&me, &document).await, json!({"state": "ready"}));
    }

    async fn a_layout_is_read_by_whoever_reads_the_file(engine: Engine) {
        let fake = Fake::new(PDF);
        let mut server = fake.start(engine, 60).await;
        let me;
        {
            let org = server.org("Acme").await;
            let (mei, bob) = (org.member("Mei").await, org.member("Bob").await);
            let owner = &org.owner;
            let document = file(&owner.client, "a.docx", &make::docx(&["some words"])).await;
            let plain = file(&owner.client, "b.txt", b"x").await;
            let ask = |who: &TestClient| { let (who, path) = (who.clone(), path(&document)); async move { who.post(&path, Value::Null).await.status.as_u16() } };
            assert_eq!(ask(&mei.client).await, 404, "not sent yet");
            let room = owner.conversation("private_channel", &[&mei]).await;
            let message = send(owner, &room, &[&document, &plain]).await;
            assert_eq!(laid_out(&mei.client, &document).await["state"], "ready");
            assert_eq!(pdf(&mei.client, &document).await, pdf(&owner.client, &document).await);
            let used = owner.client.get("/files/settings").await.ok()["used"].as_i64();
            assert_eq!(used, Some(document["size"].as_i64().expect("bytes") + 1), "a layout takes nothing of the quota");
            let other = server.org("Other").await;
            for who in [&bob.client, &other.owner.client] {
                assert_eq!(ask(who).await, 404);
                who.get(&path(&document)).await.refused(404, "not_found");
            }
            assert_eq!(ask(&server.client()).await, 401);
            owner.client.delete(&format!("/messages/{}", id(&message))).await.ok();
            mei.client.get(&path(&document)).await.refused(404, "not_found");
            assert_eq!(ask(&mei.client).await, 404, "deleted");
            me = owner.client.clone();
        }
        // Its bytes go with the file's.
        db(&server).await.execute(EXPIRE, params![]).await.expect("time passes");
        server.restart().await;
        let files = server.data().join("files");
        eventually("nothing is kept", async || (objects(&files) == 0).then_some(())).await;
        assert_eq!(me.get("/files/settings").await.ok()["used"], 0);
    }
}
