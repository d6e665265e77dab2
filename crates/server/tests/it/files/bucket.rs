//! Files in a bucket: a small server that speaks as much of S3 as Weft does, and looks whether
//! requests are signed.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::json;
use weft_testkit::{Engine, ServerOptions, TestServer};

use super::kit::{file, id, png, upload, zipped};

const BINARY: &str = env!("CARGO_BIN_EXE_weft");

#[derive(Clone, Default)]
struct Bucket(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    objects: BTreeMap<String, Bytes>,
    parts: BTreeMap<(String, u32), Bytes>,
    unsigned: Vec<String>,
    down: bool,
}

/// Whether a request carries a signature of version 4 for this bucket's region.
fn is_signed(headers: &HeaderMap) -> bool {
    let value = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let signed = value("authorization");
    signed.starts_with("AWS4-HMAC-SHA256 Credential=the-key/")
        && signed.contains("/eu-test-1/s3/aws4_request")
        && signed.contains("SignedHeaders=")
        && signed.rsplit("Signature=").next().is_some_and(|hex| hex.len() == 64)
        && value("x-amz-date").len() == 16
        && !value("x-amz-content-sha256").is_empty()
}

async fn answer(
    State(Bucket(inner)): State<Bucket>,
    method: Method,
    uri: Uri,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut inner = inner.lock().expect("the bucket");
    let key = uri.path().to_owned();
    if !is_signed(&headers) {
        inner.unsigned.push(format!("{method} {uri}"));
        return StatusCode::FORBIDDEN.into_response();
    }
    if inner.down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let part = query.get("partNumber").and_then(|n| n.parse().ok());
    match (method, part) {
        (Method::POST, _) if query.contains_key("uploads") => {
            "<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>"
                .into_response()
        }
        (Method::POST, _) if query.contains_key("uploadId") => {
            let whole: Vec<u8> = inner
                .parts
                .iter()
                .filter(|((k, _), _)| *k == key)
                .flat_map(|(_, part)| part.to_vec())
                .collect();
            inner.parts.retain(|(k, _), _| *k != key);
            inner.objects.insert(key, whole.into());
            "<CompleteMultipartUploadResult><ETag>\"x\"</ETag></CompleteMultipartUploadResult>"
                .into_response()
        }
        (Method::PUT, Some(number)) => {
            inner.parts.insert((key, number), body);
            [("etag", "\"x\"")].into_response()
        }
        (Method::PUT, None) => {
            inner.objects.insert(key, body);
            [("etag", "\"x\"")].into_response()
        }
        (Method::GET, _) => read(inner.objects.get(&key), &headers),
        (Method::DELETE, _) => {
            inner.objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::NOT_IMPLEMENTED.into_response(),
    }
}

fn read(object: Option<&Bytes>, headers: &HeaderMap) -> Response {
    let Some(bytes) = object else {
        return (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response();
    };
    let common = [("etag", "\"x\""), ("last-modified", "Sun, 22 Nov 2026 00:00:00 GMT")];
    let range = headers.get("range").and_then(|v| v.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'));
    let Some((first, last)) = range else { return (common, bytes.clone()).into_response() };
    let first: usize = first.parse().expect("a number");
    let end = last.parse::<usize>().map_or(bytes.len(), |last| (last + 1).min(bytes.len()));
    let said = format!("bytes {first}-{}/{}", end - 1, bytes.len());
    (StatusCode::PARTIAL_CONTENT, common, [("content-range", said)], bytes.slice(first..end)).into_response()
}

async fn serve() -> (Bucket, String) {
    let bucket = Bucket::default();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().fallback(answer).with_state(bucket.clone());
    let router = router.layer(axum::extract::DefaultBodyLimit::disable());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (bucket, format!("http://{address}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_can_lie_in_a_bucket() {
    let (bucket, endpoint) = serve().await;
    let credentials = [("AWS_ACCESS_KEY_ID", "the-key"), ("AWS_SECRET_ACCESS_KEY", "the-secret")];
    let options = ServerOptions {
        args: vec!["--s3".into(), format!("s3://files/weft/test?endpoint={endpoint}&region=eu-test-1")],
        env: credentials.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
    };
    let server = TestServer::start_with(BINARY, Engine::Sqlite, options).await;
    let me = server.org("Acme").await.owner.client;
    // More than one part.
    let bytes: Vec<u8> = (0..5_000_000_u32).flat_map(u32::to_be_bytes).collect();
    let large = file(&me, "large.bin", &bytes).await;
    let path = format!("/files/{}/content", id(&large));
    assert!(me.get(&path).await.bytes == bytes);
    let part = me.with_header("range", "bytes=9000000-9000009").get(&path).await;
    assert!(part.status == 206 && part.bytes == bytes[9_000_000..9_000_010]);
    let photo = file(&me, "photo.png", &png(1_000, 10)).await;
    for size in [320, 960] {
        let thumb = me.get(&format!("/files/{}/thumb?size={size}", id(&photo))).await;
        assert_eq!(thumb.headers["content-type"], "image/jpeg");
    }
    {
        let inner = bucket.0.lock().expect("the bucket");
        assert_eq!(inner.unsigned, [""; 0]);
        assert_eq!(inner.objects.len(), 4, "two files and two thumbnails");
        let address = |key: &String| key.starts_with("/files/weft/test/") && !key.contains(id(&photo));
        assert!(inner.objects.keys().all(address), "{:?}", inner.objects.keys());
        assert!(!server.data().join("files").exists());
    }
    // An import beside the server puts its files there too.
    let archive = server.data().with_extension("zip");
    let users = json!([{"id": "U1", "name": "u"}]).to_string();
    let channels =
        json!([{"id": "C1", "name": "plans", "created": 1_600_000_000, "members": ["U1"]}]).to_string();
    let day = json!([{"ts": "1600000100.000100", "user": "U1", "text": "", "files": [{"id": "F1", "name": "a.txt"}]}]);
    let entries: [(&str, &[u8]); 4] = [
        ("users.json", users.as_bytes()),
        ("channels.json", channels.as_bytes()),
        ("plans/2020-09-13.json", &day.to_string().into_bytes()),
        ("__uploads/F1/a.txt", b"imported"),
    ];
    std::fs::write(&archive, zipped(&entries)).expect("the archive");
    let url = format!("s3://files/weft/test?endpoint={endpoint}&region=eu-test-1");
    server.admin("import slack", &[archive.to_str().expect("a path"), "--org", "Acme", "--s3", &url]);
    let listed = me.get("/files?q=a.txt").await.ok();
    let imported = format!("/files/{}/content", id(&listed["items"][0]["file"]));
    assert_eq!(me.get(&imported).await.bytes, b"imported"[..]);
    assert!(!server.data().join("files").exists());
    // A bucket that is away: said so, and the upload can be finished when it is back.
    bucket.0.lock().expect("the bucket").down = true;
    let refused = upload(&me, "later.txt", b"later").await;
    refused.refused(503, "storage_unavailable");
    me.get(&path).await.refused(503, "storage_unavailable");
    bucket.0.lock().expect("the bucket").down = false;
    let begun = me.post("/files/uploads", json!({"name": "x", "size": 1})).await.ok();
    let done = super::kit::write(&me, id(&begun), 0, b"x").await.ok();
    assert_eq!(done["file"]["size"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_is_not_understood_is_named() {
    let server = TestServer::prepare(BINARY, Engine::Sqlite, ServerOptions::default()).await;
    for url in ["http://x", "s3://", "s3://bucket?colour=red"] {
        let exit = server.run("serve", &["--listen", "127.0.0.1:0", "--s3", url], "");
        assert!(!exit.status.success() && exit.err.contains("--s3"), "{}{}", exit.out, exit.err);
    }
}
