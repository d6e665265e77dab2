//! Every operation of the OpenAPI document refuses who has no business there. An operation without
//! a case here fails, so a new route cannot be forgotten.

mod cases;

use std::collections::BTreeSet;

use cases::{CASES, Case, Guard, Subjects};
use http::Method;
use serde_json::Value;
use weft_testkit::{Reply, TestClient, TestServer, on_both};

const PASSWORD: &str = "correct horse battery staple";

/// `METHOD /path` of every operation.
async fn operations(server: &TestServer) -> BTreeSet<String> {
    let document = server.client().get("/openapi.json").await.ok();
    let mut found = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        for method in methods.as_object().expect("operations").keys() {
            if matches!(method.as_str(), "get" | "put" | "post" | "patch" | "delete") {
                found.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    found
}

async fn ask(client: &TestClient, case: &Case, subjects: &Subjects) -> Reply {
    let (method, path) = case.operation.split_once(' ').expect("a method and a path");
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let (kind, body) = match case.body {
        "" => (None, Vec::new()),
        "PNG" => (Some("image/png"), b"\x89PNG\r\n\x1a\n".to_vec()),
        "ZIP" => (Some("application/zip"), b"PK\x05\x06".to_vec()),
        "BYTES" => (Some("application/octet-stream"), b"x".to_vec()),
        "FORM" => {
            let part =
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nx\r\n--x--\r\n";
            (Some("multipart/form-data; boundary=x"), part.as_bytes().to_vec())
        }
        body => (Some("application/json"), subjects.fill(body).into_bytes()),
    };
    let client = &client.with_header("upload-offset", "0");
    client.raw(method, &subjects.fill(path), kind, body).await.expect("an answer")
}

/// What all refusals found; told at once, so that one run shows every hole.
#[derive(Default)]
struct Holes(Vec<String>);

impl Holes {
    fn expect(&mut self, who: &str, case: &Case, reply: &Reply, statuses: &[u16]) {
        if !statuses.contains(&reply.status.as_u16()) || reply.code().is_empty() {
            let body = String::from_utf8_lossy(&reply.bytes);
            self.0.push(format!("{who}: {}: {} {body:.120}", case.operation, reply.status));
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "not refused:\n{}", self.0.join("\n"));
    }
}

on_both! {
    async fn every_operation_has_a_case(server: TestServer) {
        let operations = operations(&server).await;
        let cases: BTreeSet<String> = CASES.iter().map(|case| case.operation.to_owned()).collect();
        let missing: Vec<_> = operations.difference(&cases).collect();
        let gone: Vec<_> = cases.difference(&operations).collect();
        assert!(missing.is_empty() && gone.is_empty(), "without a case: {missing:#?}\nno such operation: {gone:#?}");
    }

    async fn a_stranger_is_refused(server: TestServer) {
        let subjects = Subjects::make(&server).await;
        let mut holes = Holes::default();
        for case in CASES.iter().filter(|case| case.guard != Guard::Public) {
            holes.expect("stranger", case, &ask(&server.client(), case, &subjects).await, &[401]);
            let forged = server.client().with_token("weft_pat_0000000000000000000000000000000000000000000");
            holes.expect("forged token", case, &ask(&forged, case, &subjects).await, &[401]);
        }
        holes.none();
    }

    async fn a_session_that_signed_out_is_refused(server: TestServer) {
        let subjects = Subjects::make(&server).await;
        let org = server.org("Other").await;
        let mei = org.member_with_password("Mei", PASSWORD).await;
        let sign_in = serde_json::json!({"email": mei.email, "password": PASSWORD});
        let signed = server.client().post("/auth/sign-in", sign_in).await;
        let browser = server.client().with_session(&signed.session_cookie().expect("a cookie"));
        browser.get("/me").await.ok();
        browser.post("/auth/sign-out", Value::Null).await.ok();
        let mut holes = Holes::default();
        for case in CASES.iter().filter(|case| case.guard != Guard::Public) {
            holes.expect("signed out", case, &ask(&browser, case, &subjects).await, &[401]);
        }
        holes.none();
    }

    async fn the_owner_of_another_org_finds_nothing(server: TestServer) {
        let subjects = Subjects::make(&server).await;
        let other = server.org("Other").await;
        let mut holes = Holes::default();
        for case in CASES.iter().filter(|case| matches!(case.guard, Guard::Member | Guard::OrgMember | Guard::Foreign)) {
            holes.expect("other org", case, &ask(&other.owner.client, case, &subjects).await, &[404]);
        }
        holes.none();
        subjects.untouched().await;
    }

    async fn a_colleague_who_is_not_a_member_finds_nothing(server: TestServer) {
        let subjects = Subjects::make(&server).await;
        let mut holes = Holes::default();
        for case in CASES.iter().filter(|case| case.guard == Guard::Member) {
            holes.expect("colleague", case, &ask(&subjects.colleague.client, case, &subjects).await, &[404]);
        }
        holes.none();
        subjects.untouched().await;
    }

    async fn a_member_is_no_administrator(server: TestServer) {
        let subjects = Subjects::make(&server).await;
        let mut holes = Holes::default();
        for case in CASES.iter().filter(|case| case.admin) {
            holes.expect("member", case, &ask(&subjects.colleague.client, case, &subjects).await, &[403, 404]);
        }
        holes.none();
        subjects.untouched().await;
    }

    async fn a_request_from_another_site_changes_nothing(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member_with_password("Mei", PASSWORD).await;
        let sign_in = serde_json::json!({"email": mei.email, "password": PASSWORD});
        let signed = server.client().post("/auth/sign-in", sign_in).await;
        let cookie = signed.session_cookie().expect("a cookie");
        for origin in [Some("https://evil.example"), Some("null"), None] {
            let reply = server.client().foreign(&cookie, origin).patch("/me", serde_json::json!({"title": "owned"})).await;
            reply.refused(403, "csrf");
        }
        assert_ne!(mei.client.get("/me").await.ok()["principal"]["title"], "owned");
    }
}
