//! Files in the parts of one request, for simple clients.

use axum::extract::{Multipart, multipart::Field};
use weft_http::{Caller, limits};
use weft_kernel::{Fault, FaultKind, id::FileId};

use super::{
    Owner, UploadRequest, Whole,
    finish::{discard, finish},
    receive::{receive, staged},
    resumable::begin,
};
use crate::{File, Files, settings};

/// Takes every part named `file`. Those before one that is refused stay, and go after a day.
pub(crate) async fn simple(files: &Files, caller: &Caller, mut form: Multipart) -> Result<Vec<File>, Fault> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        Fault::new(FaultKind::BadRequest, format!("The form is not understood: {}.", error.body_text()))
    };
    let mut taken = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            return Err(Fault::invalid("file", "Only parts named file are understood."));
        }
        if taken.len() == limits::FILES_AT_ONCE {
            return Err(Fault::invalid("file", "At most 20 files at once.")
                .param("max", limits::FILES_AT_ONCE as i64));
        }
        taken.push(one(files, caller.into(), field).await?);
    }
    if taken.is_empty() {
        return Err(Fault::invalid("file", "Send at least one part named file."));
    }
    Ok(taken)
}

async fn one(files: &Files, owner: Owner, field: Field<'_>) -> Result<File, Fault> {
    let id: FileId = files.0.env.id();
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut request = UploadRequest::new(name, field.content_type().map(str::to_owned));
    let limits = settings::load(&files.0.db, owner.org).await?;
    let too_much = || {
        settings::fits(&limits, i64::MAX).err().unwrap_or_else(|| Fault::internal("a file without an end"))
    };
    let path = staged(files, id);
    let received = receive(&path, 0, limits.max_file_size, too_much, field).await;
    let whole = async {
        request.size = received?;
        request.check()?;
        begin(files, owner, id, &request).await?;
        request.name = crate::clean_name(&request.name);
        finish(
            files,
            &Whole { id, owner, size: request.size, request: &request, created_at: None, was: None },
        )
        .await
    };
    let done = whole.await;
    if done.is_err() {
        discard(files, id, owner.org, request.size).await?;
    }
    done
}
