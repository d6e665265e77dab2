//! Behind a reverse proxy.

use serde_json::json;
use weft_testkit::{Engine, TestServer, on_both, server::ServerOptions};

const PASSWORD: &str = "correct horse battery staple";

async fn started(engine: Engine, trusted: &str) -> TestServer {
    let args = vec!["--trusted-proxy".to_owned(), trusted.to_owned()];
    let options = ServerOptions { args, ..ServerOptions::default() };
    TestServer::start_with(env!("CARGO_BIN_EXE_weft"), engine, options).await
}

/// Signs in through a chain of proxies; the address that the session shows, and whether its cookie
/// is for HTTPS alone.
async fn signed_in_from(server: &TestServer) -> (String, bool) {
    let org = server.org("Acme").await;
    let mei = org.member_with_password("Mei", PASSWORD).await;
    let client = server.client().with_header("x-forwarded-for", "6.6.6.6, 198.51.100.1, 10.0.0.9");
    let client = client.with_header("x-forwarded-proto", "https");
    let signed = client.post("/auth/sign-in", json!({"email": mei.email, "password": PASSWORD})).await;
    let secure = signed.headers.get_all("set-cookie").iter().any(|v| v.as_bytes().ends_with(b"; Secure"));
    let browser = server.client().with_session(&signed.session_cookie().expect("a cookie"));
    let sessions = browser.get("/auth/sessions").await.ok();
    (sessions["items"][0]["ip"].as_str().expect("an address").to_owned(), secure)
}

on_both! {
    async fn the_client_behind_trusted_proxies_is_seen(engine: Engine) {
        let server = started(engine, "127.0.0.0/8,10.0.0.0/24").await;
        assert_eq!(signed_in_from(&server).await, ("198.51.100.1".to_owned(), true));
    }

    async fn who_is_no_trusted_proxy_is_not_believed(engine: Engine) {
        let server = started(engine, "10.0.0.0/24").await;
        assert_eq!(signed_in_from(&server).await, ("127.0.0.1".to_owned(), false));
    }

    async fn what_is_no_network_is_refused_at_the_start(engine: Engine) {
        let server = TestServer::prepare(env!("CARGO_BIN_EXE_weft"), engine, ServerOptions::default()).await;
        let exit = server.run("serve", &["--listen", "127.0.0.1:0", "--trusted-proxy", "10.0.0.0/8,proxy"], "");
        assert!(!exit.status.success());
        assert!(exit.err.contains("--trusted-proxy: proxy is neither"), "{}", exit.err);
    }
}
