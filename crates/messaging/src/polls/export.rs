//! Who chose what: a page of people, or everything as a table.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Caller, Page, limits, page};
use weft_kernel::{
    Fault, Micros,
    id::{MessageId, PrincipalId},
};
use weft_storage::{Envelope, params};

use super::{
    sql,
    vote::{found, may_close, present, spot},
};
use crate::{Cx, messages::Found, teller::Spot};

/// Which option, and how many people.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct VotersQuery {
    /// The option; the first when it is absent.
    #[serde(default)]
    option: i64,
    /// Where the page before ended.
    cursor: Option<String>,
    /// Items of a page.
    limit: Option<u32>,
}

/// Somebody who chose an option.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Voter {
    /// Who.
    #[schema(value_type = String)]
    id: PrincipalId,
    /// When.
    at: Micros,
}

fn anonymous() -> Fault {
    Fault::forbidden("This poll is anonymous: nobody can see who voted.").code("anonymous")
}

/// The poll as the caller sees it, where they may see its results.
async fn results(cx: &Cx, caller: &Caller, found: &Found) -> Result<super::vote::PollView, Fault> {
    let view = present(cx, caller, found).await?;
    if view.poll.options.iter().any(|option| option.votes.is_none()) {
        let later = "The results of this poll are not shown yet.";
        return Err(Fault::forbidden(later).code("results_hidden"));
    }
    Ok(view)
}

/// Who chose an option of a named poll, by name.
pub(super) async fn voters(
    cx: &Cx,
    caller: &Caller,
    id: MessageId,
    query: VotersQuery,
) -> Result<Page<Voter>, Fault> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let (found, held) = found(cx, caller, id).await?;
    if held.anonymous {
        return Err(anonymous());
    }
    results(cx, caller, &found).await?;
    let Spot { log, seq } = spot(&found);
    let (name, key) = place(cx, caller, query.cursor.as_deref()).await?;
    let asked = params![log, seq, query.option, name, key, i64::from(limit) + 1];
    let mut people = Vec::new();
    for row in cx.db.query(sql::PEOPLE, asked).await? {
        people.push(Voter { id: row.get(0)?, at: row.get(1)? });
    }
    Ok(Page::cut(people, limit, |last| last.id.to_string()))
}

async fn place(cx: &Cx, caller: &Caller, cursor: Option<&str>) -> Result<(String, i64), Fault> {
    let wrong = || Fault::invalid("cursor", "It is not a cursor of this list.");
    let Some(cursor) = cursor else { return Ok((String::new(), 0)) };
    let id: PrincipalId = cursor.parse().map_err(|_| wrong())?;
    let row = cx.db.query_opt(sql::PLACE, params![caller.org, id]).await?.ok_or_else(wrong)?;
    Ok((row.get(0)?, row.get(1)?))
}

/// The results as CSV (RFC 4180, UTF-8 with a byte order mark), for its sender and those who
/// manage the conversation.
pub(super) async fn export(cx: &Cx, caller: &Caller, id: MessageId) -> Result<String, Fault> {
    let (found, held) = found(cx, caller, id).await?;
    may_close(&found, caller)?;
    let view = results(cx, caller, &found).await?;
    let Spot { log, seq } = spot(&found);
    let mut out = Table::new();
    out.row(["option", "votes"]);
    for option in &view.poll.options {
        out.row([option.text.as_str(), &option.votes.unwrap_or(0).to_string()]);
    }
    if !held.anonymous {
        let mut texts: Vec<(i64, String)> = Vec::new();
        for row in cx.db.query(sql::TEXTS, params![log, seq]).await? {
            let sealed: Vec<u8> = row.get(1)?;
            let text = Envelope.open(&sealed).map(|plain| String::from_utf8_lossy(plain).into_owned());
            texts.push((row.get(0)?, text.unwrap_or_default()));
        }
        out.row(["", ""]);
        out.row(["option", "voter"]);
        for row in cx.db.query(sql::EXPORT, params![log, seq]).await? {
            let (option, name): (i64, String) = (row.get(0)?, row.get(1)?);
            let text = texts.iter().find(|(of, _)| *of == option).map_or("", |(_, text)| text);
            out.row([text, name.as_str()]);
        }
    }
    Ok(out.0)
}

/// A CSV table being written.
struct Table(String);

impl Table {
    fn new() -> Table {
        Table("\u{feff}".into())
    }

    fn row<const N: usize>(&mut self, cells: [&str; N]) {
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }
}

/// A cell, always quoted. What a spreadsheet would take for a formula gets an apostrophe.
fn cell(text: &str) -> String {
    let formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let guard = if formula || text.starts_with(['\t', '\r', '\n']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell(" @x"), "\"' @x\"");
        assert_eq!(cell("\t-2"), "\"'\t-2\"");
        assert_eq!(cell("＝A1"), "\"'＝A1\"");
        assert_eq!(cell("say \"hi\", you"), "\"say \"\"hi\"\", you\"");
        assert_eq!(cell("3"), "\"3\"");
    }
}
