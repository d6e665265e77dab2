//! Rooms to talk in, and people connected.

use std::{collections::BTreeMap, future::Future};

use futures_util::{StreamExt, TryStreamExt, stream};
use http::Method;
use serde_json::{Value, json};

use crate::{
    Outcome, Person, Target, nonce,
    wire::{Reader, Writer, connect},
};

/// Requests or handshakes under way at once while preparing.
const AT_ONCE: usize = 32;
/// People that one request adds.
const ADD_AT_ONCE: usize = 400;

/// A conversation of the generator's.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    pub(crate) id: String,
    /// Indices into the people of the run, the maker first.
    pub(crate) members: Vec<usize>,
}

/// Makes one private channel for each list of members.
pub(crate) async fn make(target: &Target, people: &[Person], lists: Vec<Vec<usize>>) -> Outcome<Vec<Room>> {
    parallel(lists.into_iter().map(|members| make_one(target, people, members))).await
}

async fn make_one(target: &Target, people: &[Person], members: Vec<usize>) -> Outcome<Room> {
    let maker = &people[*members.first().ok_or("a room without members")?];
    let others: Vec<&str> = members[1..].iter().map(|&index| people[index].id.as_str()).collect();
    let mut batches = others.chunks(ADD_AT_ONCE);
    let first = batches.next().unwrap_or_default();
    let body = json!({"kind": "private_channel", "name": crate::name(), "members": first});
    let made = target.rest.json(&maker.token, Method::POST, "/conversations", body).await?;
    let id = made["id"].as_str().ok_or("the server made a conversation without an id")?.to_owned();
    for batch in batches {
        let path = format!("/conversations/{id}/members");
        target.rest.json(&maker.token, Method::POST, &path, json!({"members": batch})).await?;
    }
    Ok(Room { id, members })
}

/// Where each room's log stands.
pub(crate) async fn heads(
    target: &Target,
    people: &[Person],
    rooms: &[Room],
) -> Outcome<BTreeMap<String, u64>> {
    let ask = |room: &Room| {
        let (id, token) = (room.id.clone(), people[room.members[0]].token.clone());
        async move {
            let seen =
                target.rest.json(&token, Method::GET, &format!("/conversations/{id}"), Value::Null).await?;
            let head = seen["head_seq"].as_u64().ok_or("a conversation without head_seq")?;
            Ok((id, head))
        }
    };
    Ok(parallel(rooms.iter().map(ask)).await?.into_iter().collect())
}

/// Sends one message by REST.
pub(crate) async fn post(target: &Target, person: &Person, room: &str, text: &str) -> Outcome<()> {
    let body = json!({"nonce": nonce(), "text": text});
    let path = format!("/conversations/{room}/messages");
    target.rest.json(&person.token, Method::POST, &path, body).await.map(drop)
}

/// Connects everyone and resumes from nothing: they hear what happens from now on.
pub(crate) async fn connect_all(target: &Target, people: &[Person]) -> Outcome<Vec<(Reader, Writer)>> {
    parallel(people.iter().map(|person| connect_one(target, person, "{}".to_owned()))).await
}

/// Connects one person and returns once the server says that they are up to date with `cursors`
/// (a JSON object).
pub(crate) async fn connect_one(
    target: &Target,
    person: &Person,
    cursors: String,
) -> Outcome<(Reader, Writer)> {
    let (mut reader, mut writer) = connect(&target.address, person).await?;
    reader.until(r#""t":"hello""#).await?;
    writer.send(&format!(r#"{{"t":"resume","cursors":{cursors}}}"#)).await?;
    reader.until(r#""t":"ready""#).await?;
    Ok((reader, writer))
}

/// Runs the futures, a bounded number at once, in order.
pub(crate) async fn parallel<T, F: Future<Output = Outcome<T>>>(
    work: impl Iterator<Item = F>,
) -> Outcome<Vec<T>> {
    stream::iter(work).buffered(AT_ONCE).try_collect().await
}

/// The frame of a message; the text says when it was due, for whoever receives it.
pub(crate) fn message(id: u64, room: &str, due: u64) -> String {
    let padding = "The shuttle carries the weft through the warp, over and under, thread by thread.";
    let nonce = nonce();
    format!(r#"{{"t":"send","id":{id},"conv":"{room}","nonce":"{nonce}","text":"{DUE}{due} and {padding}"}}"#)
}

/// Marks the due time in a message's text.
pub(crate) const DUE: &str = "weft-bench due ";
