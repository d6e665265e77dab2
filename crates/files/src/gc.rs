//! Removing what nothing refers to: in the database first, then, from a list that survives a
//! crash, in the store.

use weft_kernel::{Fault, FileKey, OrgKey, id::FileId};
use weft_storage::{DbResult, params};

use crate::{
    Files, Stored,
    address::Object,
    details::{PICTURE_NONE, PICTURE_POSTER},
    look::picture::SIZES,
    settings, sql,
    upload::discard,
};

/// A staged file without an upload is left over when it has not been written to for a day.
const LEFT_OVER: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

impl Files {
    /// Removes uploads that nobody finished, files that nothing refers to, and their bytes. The
    /// server calls it once an hour.
    ///
    /// # Errors
    /// Any fault; what is left is removed by the next call.
    pub async fn tidy(&self) -> Result<(), Fault> {
        self.uploads().await?;
        self.staging().await?;
        if let Some(office) = &self.0.office {
            office.sweep().await?;
        }
        while self.files().await? > 0 {}
        self.tidy_links().await?;
        while self.waste().await? > 0 {}
        Ok(())
    }

    async fn uploads(&self) -> Result<(), Fault> {
        loop {
            let rows = self.0.db.query(sql::EXPIRED_UPLOADS, params![self.0.env.now()]).await?;
            for row in &rows {
                let (id, org, size): (FileId, OrgKey, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                discard(self, id, org, size).await?;
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    }

    /// What a crash left in the staging folder.
    async fn staging(&self) -> Result<(), Fault> {
        let mut folder = tokio::fs::read_dir(&self.0.staging).await.map_err(crate::store::unwritable)?;
        while let Some(entry) = folder.next_entry().await.map_err(crate::store::unwritable)? {
            let Ok(found) = entry.metadata().await else { continue };
            let old =
                found.modified().ok().and_then(|at| at.elapsed().ok()).is_some_and(|age| age > LEFT_OVER);
            let id = entry.file_name().to_str().and_then(|name| weft_storage::Uuid::parse_str(name).ok());
            let Some(id) = id.filter(|_| old && found.is_file()) else { continue };
            if self.0.db.query(sql::KNOWN_UPLOADS, params![vec![id]]).await?.is_empty() {
                let _ = tokio::fs::remove_file(entry.path()).await;
            }
        }
        Ok(())
    }

    async fn files(&self) -> Result<usize, Fault> {
        let now = self.0.env.now();
        let rows = self.0.db.query(sql::UNREFERRED, params![now]).await?;
        let mut gone = 0;
        for row in &rows {
            let (file, org) = (Stored::read(row)?, row.get(13)?);
            gone += usize::from(self.forget(&file, org, now).await?);
        }
        Ok(gone)
    }

    async fn forget(&self, file: &Stored, org: OrgKey, now: i64) -> Result<bool, Fault> {
        let mut tx = self.0.db.begin().await?;
        let FileKey(key) = file.key;
        if tx.execute(sql::FORGET, params![key, now]).await? == 0 {
            return Ok(false);
        }
        tx.execute(sql::DROP_TEXT, params![key]).await?;
        settings::release(&mut tx, org, file.file.size).await?;
        let laid_out = tx.execute(sql::DROP_LAYOUT, params![key]).await? == 1;
        for object in objects(file).into_iter().chain(laid_out.then_some(Object::Layout)) {
            let address = self.0.keys.address(file.org, file.file.id, object);
            tx.execute(sql::WASTE, params![address, now]).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn waste(&self) -> Result<usize, Fault> {
        let rows = self.0.db.query(sql::ALL_WASTE, params![self.0.env.now()]).await?;
        let addresses = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<String>>>()?;
        for address in &addresses {
            self.0.store.remove(address).await?;
            self.0.db.execute(sql::NO_WASTE, params![address]).await?;
        }
        Ok(addresses.len())
    }
}

/// Whatever may have been made of a file.
fn objects(file: &Stored) -> Vec<Object> {
    let mut objects = vec![Object::Content];
    if file.picture != PICTURE_NONE {
        objects.extend(SIZES.map(Object::Thumb));
    }
    if file.picture == PICTURE_POSTER {
        objects.push(Object::Poster);
    }
    objects
}
