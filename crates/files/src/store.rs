//! The bytes themselves: in a folder, or in a bucket that speaks S3.
//!
//! Objects are envelopes; their layout is known here only.

use std::{ops::Range, path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    WriteMultipart, aws::AmazonS3Builder, local::LocalFileSystem, path::Path as Address,
};
use tokio::io::AsyncReadExt;
use weft_kernel::Fault;
use weft_storage::Envelope;

/// What a bucket is sent at once, in bytes.
const PART: usize = 8 << 20;
/// Parts under way at once.
const PARTS: usize = 4;

/// Where objects lie. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// The same, when it is a folder: what lies on the same disk is moved into it, not copied.
    folder: Option<Arc<LocalFileSystem>>,
    prefix: Address,
}

impl Store {
    /// Objects in `folder`, which is made.
    ///
    /// # Errors
    /// A sentence for the terminal.
    pub fn folder(folder: &Path) -> Result<Store, String> {
        let failed = |e: &dyn std::fmt::Display| {
            format!("The folder of files {} cannot be used: {e}.", folder.display())
        };
        std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|e| failed(&e))?;
        let store = Arc::new(store.with_automatic_cleanup(false));
        Ok(Store { objects: store.clone(), folder: Some(store), prefix: Address::default() })
    }

    /// Objects in the bucket of `s3://bucket/prefix?endpoint=…&region=…`, with the credentials of
    /// the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`).
    ///
    /// # Errors
    /// A sentence for the terminal.
    pub fn s3(url: &str) -> Result<Store, String> {
        let wrong = |what: &str| {
            format!("--s3 is not understood: {what}. Write s3://bucket/prefix?endpoint=https://…&region=….")
        };
        let rest = url.strip_prefix("s3://").ok_or_else(|| wrong("it does not begin with s3://"))?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(wrong("the bucket is missing"));
        }
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_retry(retries())
            .with_disable_bulk_delete(true);
        let mut options = ClientOptions::new().with_connect_timeout(Duration::from_secs(10));
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("endpoint", endpoint)) => {
                    builder = builder.with_endpoint(endpoint);
                    options = options.with_allow_http(endpoint.starts_with("http://"));
                }
                Some(("region", region)) => builder = builder.with_region(region),
                Some(("virtual_host", yes)) => {
                    builder = builder.with_virtual_hosted_style_request(yes == "true");
                }
                _ => return Err(wrong(&format!("{pair} is not known"))),
            }
        }
        // Whatever speaks TLS here does so with ring; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let objects = builder.with_client_options(options).build().map_err(|e| wrong(&e.to_string()))?;
        let prefix = Address::parse(prefix.trim_matches('/')).map_err(|e| wrong(&e.to_string()))?;
        Ok(Store { objects: Arc::new(objects), folder: None, prefix })
    }

    fn at(&self, address: &str) -> Address {
        address.split('/').fold(self.prefix.clone(), |path, part| path.join(part))
    }

    /// Takes in a staged file, which is an envelope already. It may be gone from its place then.
    ///
    /// # Errors
    /// `storage_full`, `storage_unavailable`.
    pub async fn take(&self, address: &str, staged: &Path) -> Result<(), Fault> {
        let to = self.at(address);
        if let Some(folder) = &self.folder
            && let Ok(path) = folder.path_to_filesystem(&to)
        {
            if let Some(parent) = path.parent() {
                tokio::fs::create_dir_all(parent).await.map_err(unwritable)?;
            }
            // On another disk it is copied below.
            if tokio::fs::rename(staged, &path).await.is_ok() {
                return Ok(());
            }
        }
        let mut file = tokio::fs::File::open(staged).await.map_err(unwritable)?;
        let upload = self.objects.put_multipart(&to).await.map_err(unavailable)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        loop {
            let mut chunk = Vec::with_capacity(PART);
            if (&mut file).take(PART as u64).read_to_end(&mut chunk).await.map_err(unwritable)? == 0 {
                break;
            }
            upload.wait_for_capacity(PARTS).await.map_err(unavailable)?;
            upload.put(chunk.into());
        }
        upload.finish().await.map_err(unavailable)?;
        Ok(())
    }

    /// Writes a small object.
    ///
    /// # Errors
    /// As [`Store::take`].
    pub async fn put(&self, address: &str, plain: &[u8]) -> Result<(), Fault> {
        let sealed = PutPayload::from(Envelope.seal(plain));
        self.objects.put(&self.at(address), sealed).await.map_err(unavailable)?;
        Ok(())
    }

    /// Reads `range` of an object as it comes.
    ///
    /// # Errors
    /// `not_found`, `storage_unavailable`.
    pub async fn read(
        &self,
        address: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, std::io::Result<Bytes>>, Fault> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let head = Envelope::STREAM.len() as u64;
        let range = GetRange::Bounded(range.start + head..range.end + head);
        let options = GetOptions { range: Some(range), ..GetOptions::default() };
        let found = self.objects.get_opts(&self.at(address), options).await.map_err(unavailable)?;
        Ok(found.into_stream().map_err(std::io::Error::other).boxed())
    }

    /// Reads a small object whole.
    ///
    /// # Errors
    /// `not_found`, `storage_unavailable`.
    pub async fn load(&self, address: &str) -> Result<Vec<u8>, Fault> {
        let sealed = self.objects.get(&self.at(address)).await.map_err(unavailable)?;
        let sealed = sealed.bytes().await.map_err(unavailable)?;
        let plain = Envelope.open(&sealed).ok_or_else(|| Fault::internal("an object cannot be opened"))?;
        Ok(plain.to_vec())
    }

    /// Removes an object, if there is one.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn remove(&self, address: &str) -> Result<(), Fault> {
        match self.objects.delete(&self.at(address)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }
}

/// A caller waits meanwhile: three tries, then they are told.
fn retries() -> RetryConfig {
    RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(20), ..RetryConfig::default() }
}

fn unavailable(error: object_store::Error) -> Fault {
    use std::{error::Error, io};
    if matches!(error, object_store::Error::NotFound { .. }) {
        return Fault::not_found("file");
    }
    let mut source: Option<&dyn Error> = Some(&error);
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<io::Error>()
            && io.kind() == io::ErrorKind::StorageFull
        {
            return full(io);
        }
        source = inner.source();
    }
    Fault::unavailable("The server's file storage does not answer. Try again shortly.", error)
        .code("storage_unavailable")
}

/// A failed write to the server's own disk.
pub(crate) fn unwritable(error: std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::StorageFull
        | std::io::ErrorKind::QuotaExceeded
        | std::io::ErrorKind::FileTooLarge => full(&error),
        _ => Fault::unavailable("The server cannot write files now. Tell the administrator.", error)
            .code("storage_unavailable"),
    }
}

fn full(error: &std::io::Error) -> Fault {
    Fault::unavailable("The server's disk is full, so the file was not saved. Tell the administrator.", error)
        .code("storage_full")
}
