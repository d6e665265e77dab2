//! Who is told of a message, asked of the database: what notifications are made from.

use rustc_hash::FxHashMap;
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
    let Some(call) = Call::of(cx, row, urgent).await? else { return Ok(Vec::new()) };
    let people = call.may_hear(cx, row).await?;
    call.told(cx, row, people, true).await
}

/// Everybody whom the message `row` is for, whether or not they are to be disturbed now; found as
/// [`audience`] finds them.
///
/// # Errors
/// Any database fault.
pub async fn concerned(cx: &Cx, row: &MessageRow) -> Result<Vec<Listener>, Fault> {
    let Some(call) = Call::of(cx, row, false).await? else { return Ok(Vec::new()) };
    let people = call.may_hear(cx, row).await?;
    call.told(cx, row, people, false).await
}

/// Whether the message `row` is for `who`, whether or not they are to be disturbed now.
///
/// # Errors
/// Any database fault.
pub async fn concerns(cx: &Cx, row: &MessageRow, who: PrincipalKey) -> Result<bool, Fault> {
    let Some(call) = Call::of(cx, row, false).await? else { return Ok(false) };
    Ok(!call.told(cx, row, vec![who], false).await?.is_empty())
}

/// What a message says about whom it calls.
struct Call {
    kind: Kind,
    members: i64,
    mentioned: Vec<PrincipalKey>,
    sender: Option<PrincipalId>,
    hits: FxHashMap<PrincipalKey, Hit>,
    all: bool,
    urgent: bool,
}

impl Call {
    /// None where it calls nobody, or not any more.
    async fn of(cx: &Cx, row: &MessageRow, urgent: bool) -> Result<Option<Call>, Fault> {
        let Some(room) = cx.db.query_opt(sql::ROOM, params![row.log]).await? else { return Ok(None) };
        if row.state != state::LIVE || row.n.is_none() {
            return Ok(None);
        }
        let org: weft_kernel::OrgKey = room.get(0)?;
        let body = row.stored();
        let sender = cx.people.ids([row.sender]).await?.get(&row.sender).copied();
        let matcher = cx.attention.matcher(&cx.db, org).await?;
        Ok(Some(Call {
            kind: Kind::from_stored(room.get(1)?).unwrap_or(Kind::Channel),
            members: room.get(2)?,
            mentioned: cx.people.keys(org, &body.mentions).await?.into_iter().map(|(_, key)| key).collect(),
            hits: sender.map(|id| matcher.hits(id, &follow::text(&body.parts))).unwrap_or_default(),
            sender,
            all: body.mention_all.is_some(),
            urgent,
        }))
    }

    /// Everybody who could be told.
    async fn may_hear(&self, cx: &Cx, row: &MessageRow) -> Result<Vec<PrincipalKey>, Fault> {
        let lively = row.thread.is_none() && Level::by_default(self.kind, self.members) == Level::All;
        let everybody = self.all || self.urgent || lively;
        let mut people: Vec<PrincipalKey> =
            self.mentioned.iter().copied().chain(self.hits.keys().copied()).collect();
        if everybody || self.kind == Kind::Direct {
            people.extend(keys(cx, sql::EVERYBODY, params![row.log, i64::from(self.urgent)]).await?);
        } else if row.thread.is_none() {
            people.extend(keys(cx, sql::LOUD, params![row.log]).await?);
        }
        if let Some(root) = row.thread {
            people.extend(keys(cx, sql::FOLLOWERS, params![row.log, root]).await?);
        }
        Ok(people)
    }

    /// Those of `people` who are told; `quiet`: nobody who is not to be disturbed.
    async fn told(
        &self,
        cx: &Cx,
        row: &MessageRow,
        people: Vec<PrincipalKey>,
        quiet: bool,
    ) -> Result<Vec<Listener>, Fault> {
        let mut out = Vec::new();
        for (who, wishes, alerts) in wishes(cx, self.kind, row, people).await? {
            let hit = self.hits.get(&who.0);
            let facts = Facts {
                own: who.0 == row.sender,
                kind: self.kind,
                members: self.members,
                thread: row.thread.is_some(),
                mentioned: self.mentioned.contains(&who.0),
                all: self.all,
                urgent: self.urgent,
                keyword: hit.is_some_and(|hit| !hit.keywords.is_empty()),
                watched: hit.is_some_and(|hit| hit.person),
                vip: self.sender.is_some_and(|sender| alerts.vips.contains(&sender)),
            };
            let Told { how, inbox } = told(&facts, &Wishes { dnd: wishes.dnd && quiet, ..wishes });
            if how != How::None {
                out.push(Listener { principal: who.0, id: who.1, how, called: inbox });
            }
        }
        Ok(out)
    }
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
