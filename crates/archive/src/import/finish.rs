//! The end of an import: what is open goes on, people can sign in, and a running server hears of it.

use weft_kernel::{
    Fault,
    id::{SavedId, ScheduledId},
};
use weft_log::{ControlKind, control, outbox};
use weft_storage::{Tx, Uuid, Value, params};

use super::{Cx, batch::Rows, heads::one, text};
use crate::{
    ids::Ids,
    sections::{ORG, PEOPLE},
    sql,
};

/// Jobs of what comes at a time, as `messaging` knows them.
const ACK_DEADLINE: &str = "ack_deadline";
const POLL_DEADLINE: &str = "poll_deadline";
const REMINDER: &str = "saved_reminder";
const RETURN: &str = "snooze_return";
const SCHEDULED: &str = "scheduled_send";
/// People of one transaction.
const PEOPLE_AT_ONCE: usize = 500;
/// The state of people who can sign in or could.
const WITH_ACCOUNT: i64 = 2;

impl Cx<'_> {
    pub(super) async fn finish(&self) -> Result<(), Fault> {
        self.accounts().await?;
        let mut rows = Rows::open(self.archive, &ORG, Ids::default());
        let batch = rows.next().await?.unwrap_or_default();
        let mut tx = self.db.begin().await?;
        if let Some(row) = batch.first()
            && let Value::Int(max_file_size) = row[ORG.at("max_file_size")]
        {
            let quota = match row[ORG.at("quota")] {
                Value::Int(quota) => Some(quota),
                _ => None,
            };
            tx.execute(sql::LIMITS, params![self.here.org, max_file_size, quota]).await?;
        }
        self.deadlines(&mut tx).await?;
        self.due(&mut tx).await?;
        for count in [sql::VOTERS, sql::FACES] {
            tx.execute(count, params![self.here.org]).await?;
        }
        tx.execute(sql::SET_MARK, params![self.here.org, self.mark(), 1_i64]).await?;
        control::announce(&mut tx, ControlKind::Reindex, self.here.org, self.env.now()).await?;
        Ok(tx.commit().await?)
    }

    /// What ends at a time: confirmations and polls.
    async fn deadlines(&self, tx: &mut Tx) -> Result<(), Fault> {
        for (job, open) in [(ACK_DEADLINE, sql::DEADLINES), (POLL_DEADLINE, sql::POLL_DEADLINES)] {
            for row in tx.query(open, params![self.here.org]).await? {
                let (log, seq, deadline): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                outbox::add(tx, job, &serde_json::json!({"log": log, "seq": seq}), deadline).await?;
            }
        }
        Ok(())
    }

    /// What comes at a time: reminders, conversations that return, scheduled messages.
    async fn due(&self, tx: &mut Tx) -> Result<(), Fault> {
        for row in tx.query(sql::REMINDERS, params![self.here.org]).await? {
            let (id, at): (SavedId, i64) = (row.get(0)?, row.get(1)?);
            outbox::add(tx, REMINDER, &(id, at), at).await?;
        }
        for row in tx.query(sql::RETURNS, params![self.here.org]).await? {
            let (log, who, until): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            outbox::add(tx, RETURN, &(log, who, until), until).await?;
        }
        for row in tx.query(sql::WAITING, params![self.here.org]).await? {
            let (id, at): (ScheduledId, i64) = (row.get(0)?, row.get(1)?);
            let job = outbox::add(tx, SCHEDULED, &id, at).await?;
            tx.execute(sql::WAITS_WITH, params![id, job]).await?;
        }
        Ok(())
    }

    /// Gives people to the accounts of their addresses. A new account has no password: its person
    /// sets one with a link.
    async fn accounts(&self) -> Result<(), Fault> {
        let mut rows = Rows::open(self.archive, &PEOPLE, Ids::default());
        while let Some(batch) = rows.next().await? {
            for some in batch.chunks(PEOPLE_AT_ONCE) {
                self.link(some).await?;
            }
        }
        Ok(())
    }

    async fn link(&self, rows: &[Vec<Value>]) -> Result<(), Fault> {
        let mut tx = self.db.begin().await?;
        for row in rows {
            let value = |column: &str| &row[PEOPLE.at(column)];
            let (Value::Uuid(id), Value::Uuid(account)) = (value("id"), value("account")) else { continue };
            let Some(person) = self.here.people.get(&self.ids.of(*id)) else { continue };
            let email = text(value("account_email"));
            let key = weft_kernel::names::fold(&email);
            let account = self.account(*account);
            let new = params![
                account,
                email,
                key.as_str(),
                text(value("account_locale")),
                text(value("account_timezone")),
                one(value("account_created_at")),
            ];
            tx.execute(sql::ADD_ACCOUNT, new).await?;
            let found: Option<i64> = match tx.query_opt(sql::ACCOUNT, params![key]).await? {
                Some(row) => Some(row.get(0)?),
                None => None,
            };
            if let (Some(found), 1..=WITH_ACCOUNT) = (found, one(value("state"))) {
                tx.execute(sql::LINK, params![*person, found, self.here.org]).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// The id of a new account. Whoever has the address has an account with another already.
    fn account(&self, id: Uuid) -> Uuid {
        self.ids.of(id)
    }
}
