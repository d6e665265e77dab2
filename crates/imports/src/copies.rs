//! Public channels copied several times over, so that there is as much to measure as wanted.

use weft_kernel::{Env, Fault, LogKey, OrgKey, id::ConversationId, names};
use weft_log::{ControlKind, control};
use weft_storage::{Db, params, statements};

statements! {
    /// The public channels of an org that are no copies themselves.
    CHANNELS = "SELECT log, name FROM conversations WHERE org = $1 AND kind <= 2 AND kind = 1 AND parent IS NULL
                AND name NOT LIKE '% copy %' ORDER BY log";
    /// A head like another.
    COPY_HEAD = "INSERT INTO logs (kind, org, head_seq, last_n, last_at)
                 SELECT kind, org, head_seq, last_n, last_at FROM logs WHERE log = $1 RETURNING log";
    /// A channel like another, without members.
    COPY_CHANNEL = "INSERT INTO conversations (log, id, org, kind, name, name_key, search_key, topic, purpose,
                      changed_seq, created_by, created_at)
                    SELECT CAST($2 AS BIGINT), $3, org, kind, $4, $5, $6, topic, purpose, changed_seq, created_by, created_at
                    FROM conversations WHERE log = $1";
    /// Its messages, with ids of their own.
    COPY_MESSAGES = {
        sqlite: "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, at, edited_at, changed_seq, body)
                 SELECT $2, seq, randomblob(16), sender, kind, state, n, thread, at, edited_at, changed_seq, body
                 FROM messages WHERE log = $1",
        pg: "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, at, edited_at, changed_seq, body)
             SELECT CAST($2 AS BIGINT), seq, gen_random_uuid(), sender, kind, state, n, thread, at, edited_at, changed_seq, body
             FROM messages WHERE log = $1"
    };
}

/// Copies every public channel of `org` `times` times; returns the number of messages made.
///
/// # Errors
/// `conflict` when a copy's name is taken (it was copied before), or any database fault.
pub async fn run(db: &Db, env: &Env, org: OrgKey, times: u32) -> Result<u64, Fault> {
    let channels = db.query(CHANNELS, params![org]).await?;
    let mut made = 0;
    for number in 1..=times {
        for channel in &channels {
            let (log, name): (LogKey, String) = (channel.get(0)?, channel.get(1)?);
            made += copy(db, env, log, &format!("{name} copy {number}")).await?;
        }
    }
    Ok(made)
}

async fn copy(db: &Db, env: &Env, from: LogKey, name: &str) -> Result<u64, Fault> {
    let mut tx = db.begin().await?;
    let log: LogKey = tx.query_one(COPY_HEAD, params![from]).await?.get(0)?;
    let id = ConversationId::from_uuid(env.uuid());
    let named = params![from, log, id, name, names::fold(name), names::search_key(name)];
    tx.execute(COPY_CHANNEL, named).await?;
    let made = tx.execute(COPY_MESSAGES, params![from, log]).await?;
    control::announce(&mut tx, ControlKind::Conversation, log.0, env.now()).await?;
    tx.commit().await?;
    Ok(made)
}
