//! Sites that mean harm.

use std::time::Duration;

use super::{
    get, inside, limits, refused,
    server::{Site, answer, gzip, raw},
};
use crate::{Limits, OutboundError};

#[tokio::test]
async fn a_body_is_cut_where_it_was_said() {
    let site = Site::start(|_| answer("200 OK", "", &vec![b'x'; 300_000])).await;
    let found = inside().send(get(&site.url("/")), Limits { max_body: 1000, ..limits() }).await.unwrap();
    assert_eq!(found.body.len(), 1000);
    assert!(found.truncated);
    assert_eq!(found.whole().unwrap_err(), OutboundError::TooLarge);
    let exact = Limits { max_body: 300_000, ..limits() };
    assert!(!inside().send(get(&site.url("/")), exact).await.unwrap().truncated);
}

#[tokio::test]
async fn a_bomb_is_no_larger_than_was_said() {
    let packed = gzip(&vec![0; 32 << 20]);
    assert!(packed.len() < 64 * 1024);
    let site = Site::start(move |_| answer("200 OK", "content-encoding: gzip\r\n", &packed)).await;
    let found = inside().send(get(&site.url("/")), limits()).await.unwrap();
    assert_eq!(found.body.len(), 64 * 1024);
    assert!(found.truncated);
}

#[tokio::test]
async fn an_endless_body_ends() {
    let site = Site::endless(b"x".repeat(1024)).await;
    let found = inside().send(get(&site.url("/")), limits()).await.unwrap();
    assert!(found.truncated);
}

#[tokio::test]
async fn who_is_slow_is_not_waited_for() {
    let silent = Site::silent(b"").await;
    let hurried = Limits { timeout: Duration::from_millis(300), ..limits() };
    let error = inside().send(get(&silent.url("/")), hurried).await.unwrap_err();
    assert_eq!(error, OutboundError::Timeout);
    let half = Site::silent(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await;
    let error = inside().send(get(&half.url("/")), hurried).await.unwrap_err();
    assert_eq!(error, OutboundError::Timeout);
}

#[tokio::test]
async fn headers_are_bounded() {
    let many = format!("x-long: {}\r\n", "y".repeat(80_000));
    let site = Site::start(move |_| answer("200 OK", &many, b"")).await;
    assert_eq!(refused(&inside(), &site.url("/")).await, OutboundError::TooLarge);
    let endless = Site::endless(b"x-more: y\r\n".to_vec()).await;
    let error = refused(&inside(), &endless.url("/headers")).await;
    assert!(matches!(error, OutboundError::Unreachable | OutboundError::Unreadable), "{error:?}");
}

#[tokio::test]
async fn what_is_no_answer_is_an_error() {
    for bytes in [
        "",
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort",
    ] {
        let site = Site::start(move |_| raw(bytes.as_bytes())).await;
        let error = refused(&inside(), &site.url("/")).await;
        assert!(
            matches!(error, OutboundError::Unreachable | OutboundError::Unreadable),
            "{bytes}: {error:?}"
        );
    }
    for coding in ["br", "zstd", "gzip, gzip", "gzip"] {
        let head = format!("content-encoding: {coding}\r\n");
        let site = Site::start(move |_| answer("200 OK", &head, b"not packed at all")).await;
        assert_eq!(refused(&inside(), &site.url("/")).await, OutboundError::Unreadable, "{coding}");
    }
}

#[tokio::test]
async fn nobody_there() {
    let port = Site::gone().await;
    assert_eq!(refused(&inside(), &format!("http://127.0.0.1:{port}/")).await, OutboundError::Unreachable);
    assert_eq!(refused(&inside(), "http://nobody.invalid/").await, OutboundError::Unreachable);
}
