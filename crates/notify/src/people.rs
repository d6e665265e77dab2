//! Who may have to be told of a message.

use weft_kernel::{Fault, PrincipalKey, id::PrincipalId};
use weft_storage::{DbResult, Row, params};

use weft_gateway::Activity;

use crate::{
    Notify,
    news::News,
    port::{Candidate, Reasons},
    sql,
};

/// People looked at together.
pub(crate) const PAGE: u32 = 200;

/// Some of the people whom a message may concern, ascending by key.
pub(crate) struct People {
    pub(crate) candidates: Vec<Candidate>,
    /// After whom to go on; none: that was all.
    pub(crate) next: Option<PrincipalKey>,
}

/// Whether there is anybody.
pub(crate) async fn any(notify: &Notify, news: &News) -> Result<bool, Fault> {
    let mut after = PrincipalKey(0);
    loop {
        let page = page(notify, news, after).await?;
        if !page.candidates.is_empty() {
            return Ok(true);
        }
        match page.next {
            Some(next) => after = next,
            None => return Ok(false),
        }
    }
}

/// The people after `after`.
pub(crate) async fn page(notify: &Notify, news: &News, after: PrincipalKey) -> Result<People, Fault> {
    let named = named(notify, news).await?;
    if news.for_all() {
        let rows = members(notify, news, after, None).await?;
        return people(notify, news, rows, &named, &[], after, PAGE as usize);
    }
    let also = notify.preferences.also(news, after, PAGE).await?;
    let followers = followers(notify, news, after).await?;
    let mut keys: Vec<PrincipalKey> = named.iter().copied().filter(|key| *key > after).collect();
    keys.extend(&also);
    keys.extend(&followers);
    keys.sort_unstable();
    keys.dedup();
    // A full list is whole up to its own end only: what lies beyond comes with the next page.
    let ends = [&also, &followers].into_iter().filter(|list| list.len() == PAGE as usize);
    let end = ends.filter_map(|list| list.last().copied()).min();
    keys.retain(|key| end.is_none_or(|end| *key <= end));
    let more = end.is_some() || keys.len() > PAGE as usize;
    keys.truncate(PAGE as usize);
    let Some(last) = keys.last().copied() else {
        return Ok(People { candidates: Vec::new(), next: None });
    };
    let rows = members(notify, news, after, Some(&keys)).await?;
    let found = people(notify, news, rows, &named, &also, after, usize::MAX)?;
    Ok(People { next: more.then_some(last), ..found })
}

async fn named(notify: &Notify, news: &News) -> DbResult<Vec<PrincipalKey>> {
    if news.said.mentions.is_empty() {
        return Ok(Vec::new());
    }
    let rows = notify.db.query(sql::KEYS, params![news.org, news.said.mentions.clone()]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

async fn followers(notify: &Notify, news: &News, after: PrincipalKey) -> DbResult<Vec<PrincipalKey>> {
    let Some(root) = news.root else { return Ok(Vec::new()) };
    let rows = notify.db.query(sql::FOLLOWERS, params![news.log, root, after, PAGE]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Members with a device, after `after`; among `some` if given.
async fn members(
    notify: &Notify,
    news: &News,
    after: PrincipalKey,
    some: Option<&[PrincipalKey]>,
) -> DbResult<Vec<Row>> {
    let (root, now) = (news.root.unwrap_or(0), notify.env.now());
    let mut asked = params![news.log, news.seq, after, root, news.n, news.sender, news.at, now, PAGE];
    let Some(some) = some else { return notify.db.query(sql::MEMBERS, asked).await };
    asked.extend(params![some.iter().map(|key| key.0).collect::<Vec<i64>>()]);
    notify.db.query(sql::MEMBERS_AMONG, asked).await
}

/// Reads rows of [`sql::MEMBERS`]; who has read the message is left out.
fn people(
    notify: &Notify,
    news: &News,
    rows: Vec<Row>,
    named: &[PrincipalKey],
    also: &[PrincipalKey],
    after: PrincipalKey,
    full: usize,
) -> Result<People, Fault> {
    let next = (rows.len() >= full).then(|| rows.last().map_or(Ok(after), |row| row.get(0))).transpose()?;
    let mut candidates = Vec::with_capacity(rows.len());
    for row in rows {
        let (principal, id): (PrincipalKey, PrincipalId) = (row.get(0)?, row.get(1)?);
        let (muted, read, follows): (bool, bool, bool) = (row.get(2)?, row.get(3)?, row.get(4)?);
        if read {
            continue;
        }
        let why = Reasons {
            direct: news.is_direct() || ((news.is_group() || news.is_board()) && news.root.is_none()),
            mentioned: named.contains(&principal) || news.said.mentions.contains(&id.uuid()),
            everybody: news.said.everybody,
            here: news.said.here,
            follows: news.root.is_some() && follows,
            also: also.contains(&principal),
        };
        let online = notify.hub.activity(principal) != Activity::Away;
        candidates.push(Candidate { principal, why, muted, online });
    }
    Ok(People { candidates, next })
}

/// Somebody as a candidate, if they still are one.
pub(crate) async fn one(
    notify: &Notify,
    news: &News,
    principal: PrincipalKey,
) -> Result<Option<Candidate>, Fault> {
    let named = named(notify, news).await?;
    let rows = members(notify, news, PrincipalKey(0), Some(&[principal])).await?;
    Ok(people(notify, news, rows, &named, &[], principal, usize::MAX)?.candidates.pop())
}
