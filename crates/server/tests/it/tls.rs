//! TLS to a real PostgreSQL, with certificates made for it.

use std::fs;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use weft_storage::{Backend, Db, DbConfig};
use weft_testkit::{Engine, Scratch, TestServer, postgres::Cluster, server::ServerOptions};

/// An authority's certificate, and a server's for these names with its key; all PEM.
fn certificates(names: &[&str]) -> (String, String, String) {
    let key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(Vec::new()).expect("an authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = authority.self_signed(&key).expect("a root").pem();
    let issuer = Issuer::new(authority, key);
    let key = KeyPair::generate().expect("a key");
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let server =
        CertificateParams::new(names).expect("names").signed_by(&key, &issuer).expect("a certificate");
    (root, server.pem(), key.serialize_pem())
}

/// Whether the connection is encrypted, by what PostgreSQL itself says.
async fn encrypted(url: &str) -> Result<bool, String> {
    let db = Db::open(&DbConfig::Postgres(url.to_owned())).await.map_err(|e| e.to_string())?;
    let Backend::Postgres(postgres) = db.backend() else { return Err("not PostgreSQL".to_owned()) };
    let connection = postgres.connection().await.map_err(|e| e.to_string())?;
    let asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    connection.raw().query_one(asked, &[]).await.map(|row| row.get(0)).map_err(|e| e.to_string())
}

#[tokio::test]
async fn what_sslmode_asks_for_is_done() {
    let (root, certificate, key) = certificates(&["127.0.0.1"]);
    let cluster = Cluster::start_with(Some((&certificate, &key))).expect("a cluster");
    let folder = Scratch::new("certificates");
    let trusted = folder.path().join("root.pem");
    fs::write(&trusted, root).expect("a file");
    let (url, trusted) = (cluster.url(), trusted.display());

    assert_eq!(encrypted(url).await, Ok(false));
    assert_eq!(encrypted(&format!("{url}?sslmode=disable")).await, Ok(false));
    assert_eq!(encrypted(&format!("{url}?sslmode=prefer")).await, Ok(true));
    assert_eq!(encrypted(&format!("{url}?sslmode=require")).await, Ok(true));
    assert_eq!(encrypted(&format!("{url}?sslmode=verify-full&sslrootcert={trusted}")).await, Ok(true));
    let unknown = encrypted(&format!("{url}?sslmode=verify-full")).await.expect_err("nobody vouches for it");
    assert!(unknown.contains("UnknownIssuer"), "{unknown}");
    // The same server by a name that its certificate does not hold.
    let other = url.replace("127.0.0.1", "localhost");
    let other = encrypted(&format!("{other}?sslmode=verify-full&sslrootcert={trusted}")).await;
    let other = other.expect_err("another name");
    assert!(other.contains("not valid for name"), "{other}");
}

#[tokio::test]
async fn an_operator_is_told_what_to_do() {
    let server =
        TestServer::prepare(env!("CARGO_BIN_EXE_weft"), Engine::Sqlite, ServerOptions::default()).await;
    let said =
        |url: String| server.run("serve", &["--listen", "127.0.0.1:0", "--database-url", &url], "").err;
    let plain = Cluster::start().expect("a cluster");
    let refused = said(format!("{}?sslmode=require", plain.url()));
    assert!(refused.contains("does not support TLS") && refused.contains("Switch on ssl"), "{refused}");
    let (_, certificate, key) = certificates(&["127.0.0.1"]);
    let cluster = Cluster::start_with(Some((&certificate, &key))).expect("a cluster");
    let refused = said(format!("{}?sslmode=verify-full", cluster.url()));
    assert!(refused.contains("sslrootcert=FILE"), "{refused}");
}
