//! A site of this machine that says what it is told to.

use std::{io::Write, sync::Arc};

use flate2::{Compression, write::GzEncoder};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Mutex as AsyncMutex,
};
use tokio_rustls::TlsAcceptor;

type Told = Arc<std::sync::Mutex<Vec<String>>>;

pub(super) struct Site {
    port: u16,
    asked: Told,
}

/// An answer with a length.
pub(super) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Bytes as they are, and the end of the connection.
pub(super) fn raw(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

impl Site {
    /// Answers every request by what `say` makes of its path, and ends the connection.
    pub(super) async fn start(say: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Site {
        let say = Arc::new(say);
        Site::each(move |stream, asked| {
            let say = say.clone();
            async move { serve(stream, &*say, asked).await }
        })
        .await
    }

    /// The same over TLS for the name `localhost`, and the authority that vouches for it.
    pub(super) async fn secure(
        say: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    ) -> (Site, CertificateDer<'static>) {
        let authority_key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = params.self_signed(&authority_key).unwrap();
        let issuer = Issuer::new(params, authority_key);
        let key = KeyPair::generate().unwrap();
        let own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let own = own.signed_by(&key, &issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let say = Arc::new(say);
        let site = Site::each(move |stream, asked| {
            let (say, acceptor) = (say.clone(), acceptor.clone());
            async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(stream, &*say, asked).await;
                }
            }
        })
        .await;
        (site, authority.der().clone())
    }

    /// Says `bytes` and then nothing, without an end.
    pub(super) async fn silent(bytes: &'static [u8]) -> Site {
        let held = Arc::new(AsyncMutex::new(Vec::new()));
        Site::each(move |mut stream: TcpStream, _| {
            let held = held.clone();
            async move {
                request(&mut stream).await;
                let _ = stream.write_all(bytes).await;
                held.lock().await.push(stream);
            }
        })
        .await
    }

    /// Repeats `bytes` for as long as somebody reads: as a body, or for `/headers` as headers.
    pub(super) async fn endless(bytes: Vec<u8>) -> Site {
        let bytes = Arc::new(bytes);
        Site::each(move |mut stream: TcpStream, _| {
            let bytes = bytes.clone();
            async move {
                let asked = request(&mut stream).await;
                let end: &[u8] = if asked.contains("/headers") { b"" } else { b"\r\n" };
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
                let _ = stream.write_all(end).await;
                while stream.write_all(&bytes).await.is_ok() {}
            }
        })
        .await
    }

    /// A port where nobody listens.
    pub(super) async fn gone() -> u16 {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
    }

    async fn each<F>(serve: impl Fn(TcpStream, Told) -> F + Send + 'static) -> Site
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Told::default();
        let told = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, told.clone()));
            }
        });
        Site { port, asked }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The requests so far.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    say: &(dyn Fn(&str) -> Vec<u8> + Send + Sync),
    asked: Told,
) {
    let request = request(&mut stream).await;
    if request.is_empty() {
        return;
    }
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.lock().unwrap().push(request);
    let _ = stream.write_all(&say(&path)).await;
    let _ = stream.shutdown().await;
}

/// One request, its body included.
async fn request<S: AsyncRead + Unpin>(stream: &mut S) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.and_then(|n| n.trim().parse().ok()).unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return text,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
        }
    }
}
