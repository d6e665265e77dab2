//! Where an object lies, and links that open one for a minute: both are HMACs under the server's
//! key, so that neither can be guessed or made.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use weft_kernel::{
    Env, Micros,
    id::{FileId, LinkId, OrgId},
};
use weft_storage::{Db, DbResult, params};

use crate::sql;

/// An object that belongs to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Object {
    /// Its bytes.
    Content,
    /// A picture that stands for it (a film's).
    Poster,
    /// A thumbnail of at most so many pixels a side.
    Thumb(u32),
    /// An Office document as PDF.
    Layout,
}

impl Object {
    fn name(self) -> String {
        match self {
            Object::Content => "content".into(),
            Object::Poster => "poster".into(),
            Object::Layout => "layout".into(),
            Object::Thumb(size) => format!("thumb-{size}"),
        }
    }
}

/// The server's key for files. Each org's addresses are under a key of its own made from it.
pub(crate) struct Keys([u8; 32]);

impl Keys {
    /// Reads the key, or makes it when the server has none yet.
    pub(crate) async fn load(db: &Db, env: &Env) -> DbResult<Keys> {
        let fresh = data_encoding::HEXLOWER.encode(&env.random::<32>());
        db.execute(sql::MAKE_KEY, params![fresh]).await?;
        let text: String = db.query_one(sql::KEY, params![]).await?.get(0)?;
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok();
        let key = bytes.and_then(|bytes| bytes.try_into().ok());
        key.map(Keys).ok_or_else(|| weft_storage::DbError::Other("the key of files is not 32 bytes".into()))
    }

    fn mac(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
        // HMAC takes a key of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key fits");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }

    fn org(&self, org: OrgId) -> [u8; 32] {
        Keys::mac(&self.0, &[b"org", org.uuid().as_bytes()]).finalize().into_bytes().into()
    }

    /// The address of one of a file's objects: two folders deep, so that none grows too large.
    pub(crate) fn address(&self, org: OrgId, file: FileId, object: Object) -> String {
        let mac = Keys::mac(&self.org(org), &[file.uuid().as_bytes(), object.name().as_bytes()]);
        Keys::place(mac)
    }

    /// The address of a picture of what a link leads to.
    pub(crate) fn picture(&self, org: OrgId, link: LinkId, name: &str) -> String {
        let mac = Keys::mac(&self.org(org), &[b"link", link.uuid().as_bytes(), name.as_bytes()]);
        Keys::place(mac)
    }

    fn place(mac: Hmac<Sha256>) -> String {
        let name = data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes());
        format!("{}/{}/{}", &name[..2], &name[2..4], &name[4..])
    }

    fn link(&self, file: FileId, until: Micros) -> Hmac<Sha256> {
        Keys::mac(&self.0, &[b"link", file.uuid().as_bytes(), &until.to_be_bytes()])
    }

    /// The signature of a link to `file` that ends at `until`.
    pub(crate) fn sign(&self, file: FileId, until: Micros) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.link(file, until).finalize().into_bytes())
    }

    /// Whether a link was signed here. Its end is for the caller to look at.
    pub(crate) fn signed(&self, file: FileId, until: Micros, signature: &str) -> bool {
        let bytes = data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes());
        bytes.is_ok_and(|bytes| self.link(file, until).verify_slice(&bytes).is_ok())
    }
}
