//! Counting answers.

use async_trait::async_trait;
use weft_kernel::Fault;
use weft_storage::{Tx, params};

use super::{Spot, sql};
use crate::teller::Count;

/// Counts who has acknowledged.
pub(crate) struct Acknowledged;

#[async_trait]
impl Count for Acknowledged {
    async fn count(&self, tx: &mut Tx, Spot { log, seq }: Spot) -> Result<bool, Fault> {
        let counted = tx.query_one(sql::COUNT, params![log, seq]).await?;
        let (total, acknowledged, done): (i64, i64, i64) =
            (counted.get(0)?, counted.get(1)?, counted.get(2)?);
        tx.execute(sql::COUNTED, params![log, seq, total, acknowledged, done]).await?;
        Ok(true)
    }
}
