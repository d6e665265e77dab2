//! Where identity and messaging meet: each asks for a narrow port, the server fills it with the
//! other.

use async_trait::async_trait;
use futures_util::stream::poll_fn;
use serde_json::Value;
use weft_files::Files;
use weft_http::{Caller, Credential, Scopes};
use weft_identity::{Joined, OnJoin};
use weft_imports::shelf;
use weft_kernel::{
    Env, Fault, OrgKey, PrincipalKey,
    id::{FileId, PrincipalId},
};
use weft_messaging::{
    Cx,
    attachments::{Attached, Attachments},
    content::FileRef,
    conversations,
    previews::Links,
    sync::{Directory, Opening},
};
use weft_storage::Db;

/// Identity's people and orgs, for messaging.
pub(crate) struct People {
    db: Db,
    env: Env,
}

impl People {
    pub(crate) fn new(db: Db, env: Env) -> Self {
        People { db, env }
    }
}

fn json<T: serde::Serialize>(value: T) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(Fault::internal)
}

#[async_trait]
impl Directory for People {
    async fn opening(&self, caller: &Caller, people: &[PrincipalKey]) -> Result<Opening, Fault> {
        let now = self.env.now();
        let found = weft_identity::people::by_keys(&self.db, people).await?;
        let me = found.iter().find(|p| p.key == caller.principal);
        let me = me.ok_or_else(|| Fault::not_found("principal"))?.seen_by(caller, now);
        Ok(Opening {
            me: json(me)?,
            org: json(weft_identity::org_of(&self.db, caller).await?)?,
            people: found.iter().map(|p| json(p.public(now))).collect::<Result<_, _>>()?,
            settings: self.settings(caller).await?,
        })
    }

    async fn changes(&self, caller: &Caller, after: i64, limit: u32) -> Result<Option<Vec<Value>>, Fault> {
        let found = weft_identity::changes(&self.db, caller, after, limit, self.env.now()).await?;
        if found.more {
            return Ok(None);
        }
        found.items.into_iter().map(|(_, item)| json(item)).collect::<Result<_, _>>().map(Some)
    }

    async fn visible(
        &self,
        caller: &Caller,
        ids: &[PrincipalId],
    ) -> Result<Vec<(PrincipalId, PrincipalKey)>, Fault> {
        let found = weft_identity::people::visible(&self.db, caller, ids).await?;
        Ok(found.iter().map(|person| (person.id, person.key)).collect())
    }

    async fn settings(&self, caller: &Caller) -> Result<Value, Fault> {
        json(weft_identity::settings(&self.db, caller.principal).await?)
    }
}

/// The files, for messaging.
pub(crate) struct Shelf(Files);

impl Shelf {
    pub(crate) fn new(files: Files) -> Self {
        Shelf(files)
    }
}

#[async_trait]
impl Attachments for Shelf {
    async fn claim(&self, caller: &Caller, ids: &[FileId]) -> Result<Vec<Attached>, Fault> {
        let found = self.0.claim(caller, ids).await?;
        found.into_iter().map(|stored| Ok(Attached { key: stored.key, file: named(&stored.file)? })).collect()
    }
}

#[async_trait]
impl Links for Shelf {
    async fn look(&self, org: OrgKey, address: &str) -> Result<Option<i64>, Fault> {
        self.0.look(org, address).await
    }
}

/// A file as a message names it: what may change later, such as its preview, is left out.
fn named(file: &weft_files::File) -> Result<FileRef, Fault> {
    let mut more = match json(&file.details)? {
        Value::Object(details) => details,
        _ => serde_json::Map::new(),
    };
    more.insert("kind".into(), json(file.kind)?);
    more.insert("thumb".into(), file.thumb.into());
    Ok(FileRef {
        id: Some(file.id),
        name: file.name.clone(),
        url: None,
        size: Some(file.size),
        mime: Some(file.mime.clone()),
        more,
    })
}

/// The same files, for imports.
#[async_trait]
impl shelf::Shelf for Shelf {
    async fn room(&self, org: OrgKey) -> Result<shelf::Room, Fault> {
        let weft_files::Room { max_file_size, left } = self.0.room(org).await?;
        Ok(shelf::Room { max_file_size, left })
    }

    async fn keep(&self, file: shelf::Incoming, mut bytes: shelf::Bytestream) -> Result<shelf::Kept, Fault> {
        let shelf::Incoming { id, org, uploader, name, mime, size, at } = file;
        let brought = weft_files::Brought { id, org, uploader, name, mime, size, at };
        let stored = self.0.bring(brought, poll_fn(|cx| bytes.poll_recv(cx))).await?;
        Ok(shelf::Kept { key: stored.key, part: json(named(&stored.file)?)? })
    }
}

/// For commands, which send no files.
pub(crate) struct NoShelf;

#[async_trait]
impl Attachments for NoShelf {
    async fn claim(&self, _: &Caller, _: &[FileId]) -> Result<Vec<Attached>, Fault> {
        Err(Fault::not_found("file"))
    }
}

/// Messaging's default channels, for identity.
pub(crate) struct DefaultChannels(Cx);

impl DefaultChannels {
    pub(crate) fn new(cx: Cx) -> Self {
        DefaultChannels(cx)
    }
}

#[async_trait]
impl OnJoin for DefaultChannels {
    /// Puts someone new where everybody is; the first one of an org gets the room made.
    async fn joined(&self, who: &Joined) -> Result<(), Fault> {
        if who.first {
            conversations::make_first(&self.0, &as_caller(who), &who.locale).await?;
        }
        conversations::join_defaults(&self.0, who.org.key, who.principal).await
    }
}

/// The new member as the caller of what is done in their name. Their log is as fresh as they are.
fn as_caller(who: &Joined) -> Caller {
    Caller {
        org: who.org.key,
        org_id: who.org.id,
        org_log: who.org.log,
        principal: who.principal,
        principal_id: who.id,
        log: who.log,
        acl_version: 1,
        role: who.role,
        account: None,
        credential: Credential::Token {
            key: 0,
            scopes: Scopes { read: true, write: true, admin: true },
            expires_at: None,
        },
    }
}
