//! Against a real server on this machine, which is no place of the internet.

mod hostile;
mod server;

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Method, StatusCode};
use server::{Site, answer, gzip};

use crate::{
    Answer, Config, Limits, Outbound, OutboundError, Schemes,
    resolve::{Lookup, system},
};

fn config(allow: &[&str]) -> Config {
    Config { allow: allow.iter().map(|n| n.parse().unwrap()).collect(), user_agent: "Weft/test".into() }
}

/// May call this machine.
fn inside() -> Outbound {
    Outbound::new(config(&["127.0.0.0/8", "::1/128"]))
}

/// Answers names from a list; the n-th question gets the n-th entry.
fn names(answers: &[&[&str]]) -> Lookup {
    let answers: Vec<Vec<IpAddr>> =
        answers.iter().map(|list| list.iter().map(|a| a.parse().unwrap()).collect()).collect();
    let asked = Arc::new(AtomicUsize::new(0));
    Arc::new(move |_| {
        let n = asked.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
        let answer = answers[n].clone();
        Box::pin(async move { Ok(answer) })
    })
}

fn get(url: &str) -> http::Request<Bytes> {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

fn limits() -> Limits {
    Limits { max_redirects: 3, ..Limits::default() }
}

async fn refused(outbound: &Outbound, url: &str) -> OutboundError {
    outbound.send(get(url), limits()).await.unwrap_err()
}

#[tokio::test]
async fn an_answer_comes_back_as_it_is() {
    let site = Site::start(|_| answer("404 Not Found", "x-a: b\r\n", b"nothing here")).await;
    let Answer { status, headers, body, url, truncated } =
        inside().send(get(&site.url("/a?b=c#d")), limits()).await.unwrap();
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(headers["x-a"], "b");
    assert_eq!(body, "nothing here");
    assert_eq!(url, site.url("/a?b=c"));
    assert!(!truncated);
    let asked = site.asked();
    assert!(asked[0].starts_with("GET /a?b=c HTTP/1.1\r\n"), "{}", asked[0]);
    assert!(asked[0].contains("user-agent: Weft/test\r\n"));
}

#[tokio::test]
async fn a_body_and_its_headers_are_sent() {
    let site = Site::start(|_| answer("200 OK", "", b"")).await;
    let request =
        http::Request::post(site.url("/hook")).header("x-signature", "s").header("host", "elsewhere");
    let request = request.body(Bytes::from_static(b"{}")).unwrap();
    inside().send(request, Limits::default()).await.unwrap();
    let asked = site.asked();
    assert!(asked[0].starts_with("POST /hook HTTP/1.1\r\n"));
    assert!(asked[0].contains("x-signature: s\r\n") && asked[0].ends_with("{}"), "{}", asked[0]);
    assert!(!asked[0].contains("elsewhere"));
}

#[tokio::test]
async fn what_is_not_allowed_is_not_called() {
    let site = Site::start(|_| answer("200 OK", "", b"secret")).await;
    let nobody = Outbound::new(config(&[]));
    let port = site.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "localhost",
        "10.0.0.1",
        "169.254.169.254",
        "[fd00:ec2::254]",
    ] {
        for place in [host.to_owned(), format!("{host}:{port}"), format!("{host}:8080")] {
            let url = format!("http://{place}/");
            assert_eq!(refused(&nobody, &url).await, OutboundError::RefusedAddress, "{url}");
        }
    }
    assert_eq!(refused(&nobody, "http://1.1.1.1:6379/").await, OutboundError::RefusedAddress);
    assert!(site.asked().is_empty());
}

#[tokio::test]
async fn what_is_no_web_address_is_not_called() {
    let outbound = inside();
    for url in ["ftp://127.0.0.1/", "http://user:pass@127.0.0.1/", "http://user@127.0.0.1/", "/only/a/path"] {
        assert_eq!(refused(&outbound, url).await, OutboundError::NotWeb, "{url}");
    }
    let only = Limits { schemes: Schemes::Https, ..Limits::default() };
    assert_eq!(outbound.send(get("http://127.0.0.1/"), only).await.unwrap_err(), OutboundError::NotWeb);
}

#[tokio::test]
async fn every_address_of_a_name_must_be_admitted() {
    let site = Site::start(|_| answer("200 OK", "", b"here")).await;
    let url = format!("http://name.example:{}/", site.port());
    let some = Outbound::with(config(&["127.0.0.0/8"]), names(&[&["127.0.0.1", "10.0.0.1"]]), &[]);
    assert_eq!(refused(&some, &url).await, OutboundError::RefusedAddress);
    let all = Outbound::with(config(&["127.0.0.0/8"]), names(&[&["127.0.0.1"]]), &[]);
    assert_eq!(all.send(get(&url), limits()).await.unwrap().body, "here");
    // A strange port is for allowed networks only, also when it is a name that says so.
    let open = Outbound::with(config(&["127.0.0.0/8"]), names(&[&["1.1.1.1"]]), &[]);
    assert_eq!(refused(&open, &url).await, OutboundError::RefusedAddress);
}

#[tokio::test]
async fn a_name_that_changes_its_address_gains_nothing() {
    let site = Site::start(|_| answer("302 Found", "location: /again\r\nconnection: close\r\n", b"")).await;
    let url = format!("http://name.example:{}/", site.port());
    let lookup = names(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let outbound = Outbound::with(config(&["127.0.0.1/32"]), lookup, &[]);
    assert_eq!(refused(&outbound, &url).await, OutboundError::RefusedAddress);
    assert_eq!(site.asked().len(), 1);
}

#[tokio::test]
async fn redirects_are_judged_at_each_hop() {
    for to in
        ["http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::ffff:10.0.0.1]/", "//10.0.0.1/"]
    {
        let head = format!("location: {to}\r\n");
        let site = Site::start(move |_| answer("302 Found", &head, b"")).await;
        assert_eq!(refused(&inside(), &site.url("/")).await, OutboundError::RefusedAddress, "{to}");
    }
    let head = "location: file:///etc/passwd\r\n";
    let site = Site::start(move |_| answer("302 Found", head, b"")).await;
    assert_eq!(refused(&inside(), &site.url("/")).await, OutboundError::NotWeb);
}

#[tokio::test]
async fn redirects_are_followed_as_often_as_was_said() {
    let site = Site::start(|path| match path {
        "/a" => answer("301 Moved", "location: /b\r\n", b""),
        "/b" => answer("302 Found", "location: c?d\r\n", b""),
        "/c?d" => answer("200 OK", "", b"end"),
        _ => answer("307 Temporary Redirect", "location: /loop\r\n", b""),
    })
    .await;
    let outbound = inside();
    let found = outbound.send(get(&site.url("/a")), limits()).await.unwrap();
    assert_eq!((found.body, found.url), (Bytes::from_static(b"end"), site.url("/c?d")));
    let once = Limits { max_redirects: 1, ..Limits::default() };
    let error = outbound.send(get(&site.url("/a")), once).await.unwrap_err();
    assert_eq!(error, OutboundError::TooManyRedirects);
    assert_eq!(refused(&outbound, &site.url("/loop")).await, OutboundError::TooManyRedirects);
    let none = outbound.send(get(&site.url("/a")), Limits::default()).await.unwrap();
    assert_eq!(none.status, StatusCode::MOVED_PERMANENTLY);
}

#[tokio::test]
async fn a_redirect_to_another_site_takes_no_secrets_along() {
    let other = Site::start(|_| answer("200 OK", "", b"")).await;
    let head = format!("location: {}\r\n", other.url("/there"));
    let site = Site::start(move |_| answer("307 Temporary Redirect", &head, b"")).await;
    let request = http::Request::builder().method(Method::GET).uri(site.url("/"));
    let request =
        request.header("authorization", "Bearer secret").header("cookie", "a=b").header("x-key", "c");
    inside().send(request.body(Bytes::new()).unwrap(), limits()).await.unwrap();
    assert!(site.asked()[0].contains("Bearer secret"));
    let told = other.asked().concat();
    assert!(!told.contains("secret") && !told.contains("cookie") && !told.contains("x-key"), "{told}");
}

#[tokio::test]
async fn a_packed_body_is_unpacked() {
    let packed = gzip(b"hello ".repeat(100).as_slice());
    let site = Site::start(move |_| answer("200 OK", "content-encoding: gzip\r\n", &packed)).await;
    let found = inside().send(get(&site.url("/")), limits()).await.unwrap();
    assert_eq!(found.body, b"hello ".repeat(100));
    assert!(!found.truncated);
}

#[tokio::test]
async fn only_who_can_prove_their_name_is_spoken_to_securely() {
    let (site, authority) = Site::secure(|_| answer("200 OK", "", b"safe")).await;
    let url = format!("https://localhost:{}/", site.port());
    assert_eq!(refused(&inside(), &url).await, OutboundError::Tls);
    let allow = config(&["127.0.0.0/8", "::1/128"]);
    let trusting = Outbound::with(allow, system(), &[authority]);
    let limits = Limits { timeout: Duration::from_secs(20), ..Limits::default() };
    assert_eq!(trusting.send(get(&url), limits).await.unwrap().body, "safe");
    // Its certificate is for another name.
    let wrong = format!("https://127.0.0.1:{}/", site.port());
    assert_eq!(refused(&trusting, &wrong).await, OutboundError::Tls);
}

#[tokio::test]
async fn a_secure_address_does_not_lead_secrets_into_the_open() {
    let plain = Site::start(|_| answer("200 OK", "", b"open")).await;
    let head = format!("location: {}\r\n", plain.url("/"));
    let (site, authority) = Site::secure(move |_| answer("302 Found", &head, b"")).await;
    let outbound = Outbound::with(config(&["127.0.0.0/8", "::1/128"]), system(), &[authority]);
    let url = format!("https://localhost:{}/", site.port());
    let secret = http::Request::get(&url).header("authorization", "Bearer x").body(Bytes::new()).unwrap();
    assert_eq!(outbound.send(secret, limits()).await.unwrap_err(), OutboundError::Downgrade);
    assert_eq!(outbound.send(get(&url), limits()).await.unwrap().body, "open");
}
