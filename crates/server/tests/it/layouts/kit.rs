//! Servers with a LibreOffice, real or not, and waiting for layouts.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;
use weft_testkit::{
    Engine, PATIENCE, Scratch, ServerOptions, TestClient, TestPerson, TestServer, eventually,
};

use crate::files::kit::{file, id};

/// A server with the LibreOffice of this machine.
pub(super) async fn start(engine: Engine) -> TestServer {
    start_with(engine, &["--soffice", "/usr/bin/soffice", "--soffice-seconds", "300"]).await
}

pub(super) async fn start_with(engine: Engine, args: &[&str]) -> TestServer {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    let options = ServerOptions { args, ..ServerOptions::default() };
    TestServer::start_with(env!("CARGO_BIN_EXE_weft"), engine, options).await
}

/// A program in LibreOffice's place. It runs in a folder of the document's folder.
pub(super) struct Fake(Scratch);

impl Fake {
    pub(super) fn new(script: &str) -> Fake {
        let fake = Fake(Scratch::new("soffice"));
        fake.says(script);
        fake
    }

    /// What it does from now on.
    pub(super) fn says(&self, script: &str) {
        let (path, new) = (self.path(), self.0.join("new"));
        fs::write(&new, format!("#!/bin/sh\n{script}\n")).expect("a script");
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).expect("a program");
        fs::rename(new, path).expect("in its place");
    }

    pub(super) fn path(&self) -> PathBuf {
        self.0.join("soffice")
    }

    pub(super) async fn start(&self, engine: Engine, seconds: u32) -> TestServer {
        let (path, seconds) = (self.path().display().to_string(), seconds.to_string());
        start_with(engine, &["--soffice", &path, "--soffice-seconds", &seconds]).await
    }
}

/// Leaves a PDF that says what is echoed.
pub(super) const PDF: &str = "{ echo %PDF-1.4; echo made; echo %%EOF; } > ../document.pdf";

pub(super) fn path(document: &Value) -> String {
    format!("/files/{}/layout", id(document))
}

/// Asks for a layout once.
pub(super) async fn ask(who: &TestClient, document: &Value) -> Value {
    who.post(&path(document), Value::Null).await.ok()
}

/// What becomes of a document's layout. LibreOffice takes long where much else is done.
pub(super) async fn laid_out(who: &TestClient, document: &Value) -> Value {
    let looked = async {
        loop {
            let answer = ask(who, document).await;
            if answer["state"] != "pending" {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(6 * PATIENCE, looked).await.expect("it is laid out, or not")
}

/// The PDF itself.
pub(super) async fn pdf(who: &TestClient, document: &Value) -> Vec<u8> {
    let answer = who.get(&path(document)).await;
    assert_eq!(answer.status, 200, "{document}");
    answer.bytes.to_vec()
}

/// What is to be read in a PDF: the server reads it as it reads any.
pub(super) async fn words(who: &TestPerson, pdf: &[u8]) -> String {
    let paper = file(&who.client, "layout.pdf", pdf).await;
    let path = format!("/files/{}/text", id(&paper));
    let text = eventually("the PDF is read", || async {
        let text = who.client.get(&path).await.ok();
        (text["state"] != "pending").then_some(text)
    })
    .await;
    text["text"].as_str().expect("a text").to_owned()
}

/// Processes that work in a folder, by their command lines.
pub(super) fn at_work(folder: &Path) -> usize {
    let folder = folder.display().to_string();
    let lines = fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = lines.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).contains(&folder)).count()
}
