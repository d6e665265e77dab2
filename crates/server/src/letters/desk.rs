//! Posting what somebody answers by mail, as they could post it now.

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream;
use sha2::{Digest, Sha256};
use weft_files::{Brought, Files};
use weft_identity::Identity;
use weft_kernel::{
    Fault, FaultKind, PrincipalKey,
    id::{FileId, MessageId},
};
use weft_letters::{Attachment, Desk, Posting, words};
use weft_messaging::{Cx, load, rights, scheduled, send};
use weft_storage::Uuid;

/// Where answers arrive.
pub(crate) struct Counter {
    pub(crate) cx: Cx,
    pub(crate) identity: Identity,
    pub(crate) files: Files,
}

#[async_trait]
impl Desk for Counter {
    async fn post(&self, posting: Posting) -> Result<MessageId, Fault> {
        let db = &self.cx.db;
        let Posting { who, log, root, nonce, mut text, attachments, mut left_out, locale } = posting;
        if let Some(sent) = load::by_nonce(db, log, who, &nonce).await? {
            // Delivered before.
            return Ok(sent);
        }
        let gone = || Fault::not_found("conversation");
        let caller = scheduled::acting(&self.cx, who).await?.ok_or_else(gone)?;
        // Looked at before files are kept; what is remembered may be old.
        self.cx.guard.forget(log);
        let view = self.cx.guard.view_by_log(&caller, log).await?;
        rights::seated(&view)?.open()?;
        let thread = match root {
            0 => None,
            root => Some(load::by_seq(db, log, root).await?.ok_or_else(gone)?.id),
        };
        let mut files = Vec::new();
        for (at, attachment) in attachments.into_iter().enumerate() {
            match self.keep(&caller, &nonce, at, attachment).await {
                Ok(file) => files.push(file),
                // The relay brings it again.
                Err(fault) if fault.kind() == FaultKind::Unavailable => return Err(fault),
                Err(fault) => {
                    tracing::info!(%fault, "an attachment of a mail was left out");
                    left_out += 1;
                }
            }
        }
        if left_out > 0 {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&words::left_out(&locale, left_out));
        }
        let request = send::SendRequest { thread, files, ..send::SendRequest::new(nonce.clone(), text) };
        match send::send(&self.cx, &caller, view.room.id, &request).await {
            // Delivered twice at once, and not all of it could be kept both times.
            Err(fault) if fault.code_str() == "nonce_reused" => {
                load::by_nonce(db, log, who, &nonce).await?.ok_or(fault)
            }
            done => Ok(done?.id),
        }
    }

    async fn tell(&self, who: PrincipalKey, subject: String, text: String) -> Result<(), Fault> {
        self.identity.answer_to(who, subject, text).await
    }

    async fn end(&self, who: PrincipalKey) -> Result<(), Fault> {
        self.identity.end_digests(who).await
    }
}

impl Counter {
    /// Keeps what came with a mail, under an id that follows from the mail: delivered again, it is
    /// the same file.
    async fn keep(
        &self,
        caller: &weft_http::Caller,
        nonce: &str,
        at: usize,
        attachment: Attachment,
    ) -> Result<FileId, Fault> {
        let hash = Sha256::new().chain_update(nonce).chain_update(at.to_be_bytes()).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        let size = i64::try_from(attachment.bytes.len()).map_err(Fault::internal)?;
        let brought = Brought {
            id: FileId::from_uuid(Uuid::from_bytes(id)),
            org: caller.org,
            uploader: caller.principal,
            name: attachment.name,
            mime: attachment.mime,
            size,
            at: self.cx.env.now(),
        };
        let bytes = Ok::<Bytes, std::convert::Infallible>(attachment.bytes.into());
        Ok(self.files.bring(brought, stream::iter([bytes])).await?.file.id)
    }
}
