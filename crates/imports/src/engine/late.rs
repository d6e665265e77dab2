//! Files of messages that are here already as links, whose bytes came only now: with a newer
//! export, or because there was no room before.

use rustc_hash::FxHashMap;
use serde_json::Value;
use weft_kernel::{Fault, FileKey};
use weft_log::head;
use weft_storage::{Column, Envelope, params};

use super::{
    Cx, ROWS,
    changes::Here,
    files::{Carried, Carrier, items},
    spaces::State,
    sql,
};
use crate::{
    model::{Post, PostKind},
    report::Report,
};

/// Attaches what the source has the bytes of. Each message takes one event, and is not edited.
pub(super) async fn complete(
    cx: &Cx<'_>,
    carrier: &mut Carrier<'_>,
    state: &mut State,
    posts: &[Post],
    here: &FxHashMap<String, Here>,
    report: &mut Report,
) -> Result<(), Fault> {
    let with_files = |post: &&Post| post.kind == PostKind::Person && !post.files.is_empty();
    let posts: Vec<(&Post, i64)> =
        posts.iter().filter(with_files).map(|post| (post, here[&post.nonce].seq)).collect();
    for chunk in posts.chunks(ROWS) {
        let seqs: Vec<i64> = chunk.iter().map(|(_, seq)| *seq).collect();
        let mut lacking = FxHashMap::default();
        for row in cx.db.query(sql::LINKED, params![state.log, seqs]).await? {
            lacking.insert(row.get::<i64>(0)?, (row.get::<i64>(1)?, row.get::<Vec<u8>>(2)?));
        }
        for (post, seq) in chunk {
            let Some((count, body)) = lacking.get(seq) else { continue };
            if (*count as usize) < post.files.len() {
                attach(cx, carrier, state, post, *seq, body, report).await?;
            }
        }
    }
    Ok(())
}

async fn attach(
    cx: &Cx<'_>,
    carrier: &mut Carrier<'_>,
    state: &mut State,
    post: &Post,
    seq: i64,
    body: &[u8],
    report: &mut Report,
) -> Result<(), Fault> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let present = Envelope.open(body).and_then(read);
    let (Some(mut present), Some(mut said)) = (present, read(&post.content)) else { return Ok(()) };
    let (Some(linked), Some(named)) = (items(&mut present), items(&mut said)) else { return Ok(()) };
    let mut keys: Vec<FileKey> = Vec::new();
    for enclosed in &post.files {
        let Some(item) = named.get(enclosed.place) else { continue };
        // A file that was added or removed here has moved the others.
        let same = |link: &&mut Value| link.get("id").is_none() && link["name"] == item["name"];
        let Some(link) = linked.iter_mut().find(same) else { continue };
        match carrier.carry(cx, post, &enclosed.entry, item, report).await? {
            Carried::Kept(kept) => {
                *link = kept.part;
                keys.push(kept.key);
                report.changed.files += 1;
            }
            Carried::Would => report.changed.files += 1,
            Carried::Not => {}
        }
    }
    if keys.is_empty() {
        return Ok(());
    }
    keys.sort_unstable_by_key(|key| key.0);
    keys.dedup();
    write(cx, state, post, seq, body, &present, &keys).await
}

async fn write(
    cx: &Cx<'_>,
    state: &mut State,
    post: &Post,
    seq: i64,
    before: &[u8],
    content: &Value,
    keys: &[FileKey],
) -> Result<(), Fault> {
    let log = state.log.0;
    let mut tx = cx.db.begin().await?;
    let event = head::advance(&mut tx, state.log, cx.env.now()).await?.seq;
    let sealed = Envelope.seal(&content.to_string().into_bytes());
    // Somebody who changed the message meanwhile comes first; the next run attaches the files.
    if tx.execute(sql::ATTACH, params![log, seq, before, sealed, event]).await? == 0 {
        return Ok(tx.rollback().await?);
    }
    let count = keys.len();
    let columns = vec![
        Column::Ints(vec![log; count]),
        Column::Ints(vec![seq; count]),
        Column::Ints(keys.iter().map(|key| key.0).collect()),
        Column::Ints(vec![post.at; count]),
    ];
    tx.execute_many(sql::REFER, columns).await?;
    state.changed += 1;
    Ok(tx.commit().await?)
}
