//! Finding people.

use axum::extract::State;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use utoipa::IntoParams;
use weft_http::{ApiResult, Caller, Json, Page, Path, Problem, Query, Role, limits, page};
use weft_kernel::{Fault, id::PrincipalId, names::fold};
use weft_storage::{Db, DbResult, params};

use super::{Person, Principal, PrincipalKind, PrincipalState, sql};
use crate::Identity;

/// Longest query, in characters.
const MAX_QUERY_CHARS: usize = 100;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Up to 500 ids, separated by commas: only these, whatever else is asked.
    ids: Option<String>,
    /// Matches the name anywhere; pinyin, initials and later words at their start; for admins
    /// also the start of the e-mail address.
    q: Option<String>,
    /// Only this state.
    state: Option<PrincipalState>,
    /// Only this role.
    role: Option<Role>,
    /// Only this kind.
    kind: Option<PrincipalKind>,
    /// From the page before.
    cursor: Option<String>,
    /// 1 to 200, 50 if absent.
    limit: Option<u32>,
    /// The org, when no header names it.
    #[param(value_type = Option<String>)]
    #[allow(dead_code, reason = "read by the caller's extractor")]
    org: Option<String>,
}

#[utoipa::path(get, path = "/principals", operation_id = "listPrincipals", tag = "people", params(ListQuery),
    responses((status = 200, body = Page<Principal>), (status = "default", body = Problem)))]
/// The directory by name, or certain people of it. Guests see only whom they share a
/// conversation with.
pub(crate) async fn list(
    State(identity): State<Identity>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Principal>>> {
    let now = identity.now();
    if let Some(ids) = &query.ids {
        let people = visible(&identity.db, &caller, &parse_ids(ids)?).await?;
        return Ok(Json(Page::whole(people.iter().map(|p| p.seen_by(&caller, now)).collect())));
    }
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let people = search(&identity, &caller, &query, limit).await?;
    let Page { items, next_cursor } = Page::cut(people, limit, cursor_of);
    let items = items.iter().map(|p| p.seen_by(&caller, now)).collect();
    Ok(Json(Page { items, next_cursor }))
}

fn parse_ids(text: &str) -> Result<Vec<PrincipalId>, Fault> {
    let ids: Vec<&str> = text.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if ids.len() > limits::PEOPLE_AT_ONCE {
        return Err(Fault::invalid("ids", format!("At most {} at once.", limits::PEOPLE_AT_ONCE)));
    }
    ids.into_iter().map(|id| id.parse().map_err(|e| Fault::invalid("ids", format!("{e}.")))).collect()
}

/// The key of a guest, for statements that narrow what they see; 0 for others.
pub(crate) fn guest(caller: &Caller) -> i64 {
    if caller.is_guest() { caller.principal.0 } else { 0 }
}

/// Those of `ids` that `caller` may see: everybody of the org, for a guest only themselves and
/// whom they share a conversation with.
///
/// # Errors
/// Any database fault.
pub async fn visible(db: &Db, caller: &Caller, ids: &[PrincipalId]) -> Result<Vec<Person>, Fault> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let rows = db.query(sql::BY_IDS, params![ids, caller.org, guest(caller)]).await?;
    Ok(rows.iter().map(Person::read).collect::<DbResult<_>>()?)
}

async fn search(
    identity: &Identity,
    caller: &Caller,
    query: &ListQuery,
    limit: u32,
) -> Result<Vec<Person>, Fault> {
    let q: String = fold(query.q.as_deref().unwrap_or_default());
    if q.chars().count() > MAX_QUERY_CHARS || q.contains('\0') {
        return Err(Fault::invalid("q", format!("At most {MAX_QUERY_CHARS} ordinary characters.")));
    }
    let (after_name, after_key) = match &query.cursor {
        Some(cursor) => read_cursor(cursor)?,
        None => (String::new(), 0),
    };
    let like = escape_like(&q);
    // Who may not see addresses may not guess them either.
    let email = if caller.role.administers() && !q.is_empty() { format!("{like}%") } else { String::new() };
    let values = params![
        caller.org,
        after_name,
        after_key,
        query.state.map_or(0, stored_state),
        query.role.map_or(0, |r| r as i64),
        query.kind.map_or(0, |k| k as i64),
        q,
        format!("{like}%"),
        format!("% {like}%"),
        format!("%{like}%"),
        email,
        guest(caller),
        i64::from(limit) + 1
    ];
    let rows = identity.db.query(sql::DIRECTORY, values).await?;
    Ok(rows.iter().map(Person::read).collect::<DbResult<_>>()?)
}

/// People whom `caller` may see and who are found by `q` as in the directory, by name.
///
/// # Errors
/// `invalid` when `q` is too long, or any database fault.
pub async fn find(
    identity: &Identity,
    caller: &Caller,
    q: &str,
    limit: u32,
) -> Result<Vec<Principal>, Fault> {
    let query = ListQuery { q: Some(q.to_owned()), ..ListQuery::default() };
    let mut people = search(identity, caller, &query, limit).await?;
    people.truncate(limit as usize);
    let now = identity.now();
    Ok(people.iter().map(|person| person.seen_by(caller, now)).collect())
}

fn stored_state(state: PrincipalState) -> i64 {
    match state {
        PrincipalState::Active => 1,
        PrincipalState::Deactivated => 2,
        PrincipalState::Placeholder => 3,
    }
}

/// `text` with what LIKE treats specially made ordinary.
fn escape_like(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn cursor_of(person: &Person) -> String {
    BASE64URL_NOPAD.encode(format!("{}\n{}", person.key.0, person.name_key).as_bytes())
}

fn read_cursor(cursor: &str) -> Result<(String, i64), Fault> {
    let wrong = || Fault::invalid("cursor", "It is not a cursor that this list gave.");
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| wrong())?;
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    let (key, name) = text.split_once('\n').ok_or_else(wrong)?;
    if name.contains('\0') {
        return Err(wrong());
    }
    Ok((name.to_owned(), key.parse().map_err(|_| wrong())?))
}

#[utoipa::path(get, path = "/principals/{id}", operation_id = "getPrincipal", tag = "people",
    params(("id" = String, Path,)),
    responses((status = 200, body = Principal), (status = "default", body = Problem)))]
/// One person.
pub(crate) async fn get(
    State(identity): State<Identity>,
    caller: Caller,
    Path(id): Path<PrincipalId>,
) -> ApiResult<Json<Principal>> {
    let people = visible(&identity.db, &caller, &[id]).await?;
    let person = people.first().ok_or_else(|| Fault::not_found("person"))?;
    Ok(Json(person.seen_by(&caller, identity.now())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_and_patterns_survive_hostile_input() {
        assert_eq!(escape_like(r"50%_\"), r"50\%\_\\");
        for bad in ["", "!", "YQ", "eA"] {
            assert!(read_cursor(bad).is_err(), "{bad}");
        }
        assert_eq!(read_cursor(&BASE64URL_NOPAD.encode("7\n李 雷".as_bytes())).unwrap(), ("李 雷".into(), 7));
    }
}
