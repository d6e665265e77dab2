//! Who is told of a message, asked of the database: what notifications are made from.

use weft_http::Dnd;
use weft_kernel::{Fault, LogKey, Micros, PrincipalKey, id::PrincipalId};
use weft_storage::{DbResult, params};

use super::{
    follow,
    matcher::Hit,
    policy::{Facts, How, Level, Told, Wishes, told},
    rules::Alerts,
    sql,
};
use crate::{
    Cx,
    load::MessageRow,
    wire::{Kind, state},
};

/// Somebody who is told of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    /// Who.
    pub principal: PrincipalKey,
    /// Their public id.
    pub id: PrincipalId,
    /// How a device that is set to nothing particular tells them; never [`How::None`].
    pub how: How,
    /// It calls them: it is more than one message of many.
    pub called: bool,
}

/// Everybody who is told of the message `row` now. `urgent`: it passes mutes and do-not-disturb.
///
/// The members of a large channel are not looked through: only who is called, follows the thread,
/// or has chosen to hear everything there.
///
/// # Errors
/// Any database fault.
pub async fn audience(cx: &Cx, row: &MessageRow, urgent: bool) -> Result<Vec<Listener>, Fault> {
    let Some(room) = cx.db.query_opt(sql::ROOM, params![row.log]).await? else { return Ok(Vec::new()) };
    let (org, members): (weft_kernel::OrgKey, i64) = (room.get(0)?, room.get(2)?);
    let kind = Kind::from_stored(room.get(1)?).unwrap_or(Kind::Channel);
    if row.state != state::LIVE || row.n.is_none() {
        return Ok(Vec::new());
    }
    let body = row.stored();
    let mentioned: Vec<PrincipalKey> =
        cx.people.keys(org, &body.mentions).await?.into_iter().map(|(_, key)| key).collect();
    let sender = cx.people.ids([row.sender]).await?.get(&row.sender).copied();
    let matcher = cx.attention.matcher(&cx.db, org).await?;
    let hits = sender.map(|id| matcher.hits(id, &follow::text(&body.parts))).unwrap_or_default();
    let all = body.mention_all.is_some();
    let everybody = all || urgent || (row.thread.is_none() && Level::by_default(kind, members) == Level::All);
    let mut people: Vec<PrincipalKey> = mentioned.iter().copied().chain(hits.keys().copied()).collect();
    if everybody || kind == Kind::Direct {
        people.extend(keys(cx, sql::EVERYBODY, params![row.log, i64::from(urgent)]).await?);
    } else if row.thread.is_none() {
        people.extend(keys(cx, sql::LOUD, params![row.log]).await?);
    }
    if let Some(root) = row.thread {
        people.extend(keys(cx, sql::FOLLOWERS, params![row.log, root]).await?);
    }
    let message = Facts { kind, members, thread: row.thread.is_some(), all, urgent, ..Facts::default() };
    let mut out = Vec::new();
    for (who, wishes, alerts) in wishes(cx, kind, row, people).await? {
        let hit = hits.get(&who.0);
        let facts = Facts {
            own: who.0 == row.sender,
            mentioned: mentioned.contains(&who.0),
            keyword: hit.is_some_and(|hit: &Hit| !hit.keywords.is_empty()),
            watched: hit.is_some_and(|hit| hit.person),
            vip: sender.is_some_and(|sender| alerts.vips.contains(&sender)),
            ..message
        };
        let Told { how, inbox } = told(&facts, &wishes);
        if how != How::None {
            out.push(Listener { principal: who.0, id: who.1, how, called: inbox });
        }
    }
    Ok(out)
}

async fn keys(
    cx: &Cx,
    sql: weft_storage::Sql,
    params: Vec<weft_storage::Value>,
) -> DbResult<Vec<PrincipalKey>> {
    cx.db.query(sql, params).await?.iter().map(|row| row.get(0)).collect()
}

type Wished = ((PrincipalKey, PrincipalId), Wishes, Alerts);

async fn wishes(cx: &Cx, kind: Kind, row: &MessageRow, people: Vec<PrincipalKey>) -> DbResult<Vec<Wished>> {
    let mut people: Vec<i64> = people.into_iter().map(|who| who.0).collect();
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let now: Micros = cx.env.now();
    let log: LogKey = row.log;
    let rows = cx.db.query(sql::WISHES_OF, params![log, people, row.thread.unwrap_or(0), row.seq]).await?;
    rows.iter()
        .map(|row| {
            let (dnd, body): (Option<String>, Option<String>) = (row.get(5)?, row.get(6)?);
            let alerts = Alerts::from_stored(body.as_deref());
            let wishes = Wishes {
                level: Level::from_stored(row.get(2)?, row.get(3)?).or(alerts.streams.level(kind)),
                all_silenced: row.get(4)?,
                follows: row.get(7)?,
                dnd: Dnd::from_stored(dnd.as_deref()).holds(now),
                mentions_pass: alerts.mentions_pass,
                ..Wishes::default()
            };
            Ok(((row.get(0)?, row.get(1)?), wishes, alerts))
        })
        .collect()
}
