//! Finding conversations and their members, in pages.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Caller, Page, limits, page};
use weft_kernel::{
    Fault, LogKey, Micros,
    id::{ConversationId, PrincipalId},
    names,
};
use weft_storage::{DbResult, Row, params};

use super::sql;
use crate::{cards, cx::Cx, events::role_name, guard::View, rights, wire::Conversation};

/// Most members of a page.
const MEMBERS_MAX: u32 = 500;
/// Above this many members, walking the org's people in order beats sorting the members.
const MANY: i64 = 1_000;

/// Which public channels.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct BrowseQuery {
    /// A part of the name, its pinyin or its initials.
    pub q: Option<String>,
    /// Archived ones too.
    pub archived: Option<bool>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Items of a page.
    pub limit: Option<u32>,
}

/// Which members.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct MembersQuery {
    /// A part of the name, its pinyin or its initials.
    pub q: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Items of a page, up to 500.
    pub limit: Option<u32>,
}

/// A member, with what a list shows of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MemberItem {
    /// Who.
    #[schema(value_type = String)]
    pub id: PrincipalId,
    /// `owner` or `member`.
    pub role: &'static str,
    /// Since when.
    pub joined_at: Micros,
    /// Display name.
    pub name: String,
    /// The picture's hash.
    pub avatar: Option<String>,
    /// `member`, `guest`, `bot` or `app`.
    pub kind: &'static str,
    /// `active`, `deactivated` or `placeholder`.
    pub state: &'static str,
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberPage {
    /// By name.
    pub items: Vec<MemberItem>,
    /// Pass it as `cursor` for the next page; null at the end.
    pub next_cursor: Option<String>,
    /// How many there are in all, or match the search.
    pub total: i64,
}

/// A place in an order by name, before which everything was given.
type Place = (String, i64);

/// The place that a cursor stands for; a cursor may only name what the list itself may show.
fn place(found: Option<Row>) -> Result<Place, Fault> {
    let row = found.ok_or_else(|| Fault::invalid("cursor", "It is not a cursor of this list."))?;
    Ok((row.get(0)?, row.get(1)?))
}

fn cursor<K: weft_kernel::TypedId>(text: Option<String>) -> Result<Option<uuid::Uuid>, Fault> {
    let parse = |text: String| text.parse::<weft_kernel::Id<K>>().map(weft_kernel::Id::uuid);
    text.map(parse).transpose().map_err(|_| Fault::invalid("cursor", "It is not a cursor of this list."))
}

/// `LIKE` pattern for texts that contain `q`.
fn containing(q: Option<&str>) -> String {
    let mut pattern = String::from("%");
    for c in names::fold(q.unwrap_or_default()).chars().take(names::MAX_NAME_CHARS) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    if pattern.len() > 1 {
        pattern.push('%');
    }
    pattern
}

/// The public channels of the org, by name.
pub(super) async fn browse(
    cx: &Cx,
    caller: &Caller,
    query: BrowseQuery,
) -> Result<Page<Conversation>, Fault> {
    rights::not_guest(caller)?;
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let (name, log) = match cursor::<weft_kernel::id::Conversation>(query.cursor)? {
        Some(id) => place(cx.db.query_opt(sql::PLACE, params![caller.org, id]).await?)?,
        None => Place::default(),
    };
    let archived = query.archived.unwrap_or(false);
    let pattern = containing(query.q.as_deref());
    let asked = params![caller.org, archived, pattern, name, log, i64::from(limit) + 1];
    let rows = cx.db.query(sql::BROWSE, asked).await?;
    let logs = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<LogKey>>>()?;
    let items = cards::cards(&cx.db, &cx.people, caller.principal, &logs).await?;
    Ok(Page::cut(items, limit, |last| last.id.to_string()))
}

/// The conversations that the caller is in.
pub(super) async fn mine(cx: &Cx, caller: &Caller) -> Result<Page<Conversation>, Fault> {
    let logs = cards::joined(&cx.db, caller.principal).await?;
    Ok(Page::whole(cards::cards(&cx.db, &cx.people, caller.principal, &logs).await?))
}

/// One conversation.
pub(crate) async fn one(cx: &Cx, caller: &Caller, id: ConversationId) -> Result<Conversation, Fault> {
    let view = cx.guard.view(caller, id).await?;
    cards::card(&cx.db, &cx.people, caller.principal, view.room.log).await
}

/// Members by name.
pub(super) async fn members(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    query: MembersQuery,
) -> Result<MemberPage, Fault> {
    let view = cx.guard.view(caller, id).await?;
    let limit = page::limit(query.limit, MEMBERS_MAX)?;
    let (name, key) = match cursor::<weft_kernel::id::Principal>(query.cursor)? {
        Some(id) => {
            let asked = params![caller.org, id, view.room.log];
            place(cx.db.query_opt(sql::PERSON_PLACE, asked).await?)?
        }
        None => Place::default(),
    };
    let pattern = containing(query.q.as_deref());
    let count: i64 = member_count(cx, &view).await?;
    let sql = if count > MANY { sql::MEMBERS_OF_MANY } else { sql::MEMBERS_OF_FEW };
    let asked = params![caller.org, view.room.log, &pattern, name, key, i64::from(limit) + 1];
    let rows = cx.db.query(sql, asked).await?;
    let items = rows.iter().map(member).collect::<DbResult<Vec<_>>>()?;
    let total = match query.q.as_deref().map(str::trim) {
        None | Some("") => count,
        Some(_) => cx.db.query_one(sql::MEMBERS_FOUND, params![view.room.log, pattern]).await?.get(0)?,
    };
    let Page { items, next_cursor } = Page::cut(items, limit, |last| last.id.to_string());
    Ok(MemberPage { items, next_cursor, total })
}

async fn member_count(cx: &Cx, view: &View) -> Result<i64, Fault> {
    Ok(cx.db.query_one(sql::PRESENT_STATE, params![view.room.log]).await?.get(5)?)
}

fn member(row: &Row) -> DbResult<MemberItem> {
    Ok(MemberItem {
        id: row.get(0)?,
        role: role_name(row.get(1)?),
        joined_at: row.get(2)?,
        name: row.get(3)?,
        avatar: row.get(4)?,
        kind: match row.get(5)? {
            2_i64 => "guest",
            3 => "bot",
            4 => "app",
            5 => "customer",
            _ => "member",
        },
        state: match row.get(6)? {
            1_i64 => "active",
            3 => "placeholder",
            _ => "deactivated",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn patterns_take_wildcards_literally() {
        assert_eq!(containing(None), "%");
        assert_eq!(containing(Some(" 100%_A\\ ")), "%100\\%\\_a\\\\%");
    }
}
