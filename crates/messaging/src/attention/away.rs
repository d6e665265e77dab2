//! Who is away answers by themselves: once a day to each person who writes to them directly or
//! names them. It is a frame to the one who wrote, never a message, so that nothing answers it.

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use weft_kernel::{
    Fault, Micros, PrincipalKey,
    id::{ConversationId, MessageId, PrincipalId},
};
use weft_storage::params;

use super::{
    follow::{Sent, Worker},
    sql,
};

/// What is read of a stored status; identity writes it.
#[derive(Debug, Deserialize)]
struct Status {
    #[serde(default)]
    emoji: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    until: Option<Micros>,
    #[serde(default)]
    away: bool,
    #[serde(default)]
    reply: String,
}

/// Tells who wrote that the one they wrote to is away.
#[derive(Debug, Serialize)]
struct AwayFrame {
    t: &'static str,
    conv: ConversationId,
    thread: Option<MessageId>,
    who: PrincipalId,
    emoji: String,
    text: String,
    until: Option<Micros>,
    reply: String,
}

struct Person {
    key: PrincipalKey,
    id: PrincipalId,
    status: Option<Status>,
    timezone: Option<String>,
    human: bool,
    log: weft_kernel::LogKey,
}

/// Answers a message for those who are away among whom it is for.
pub(super) async fn answer(worker: &Worker, sent: &Sent, direct: bool) -> Result<(), Fault> {
    let mut asked: Vec<i64> = sent.mentions.iter().map(|who| who.0).collect();
    if direct {
        for row in worker.db.query(sql::PEER, params![sent.log, sent.sender]).await? {
            asked.push(row.get(0)?);
        }
    }
    asked.retain(|who| *who != sent.sender.0);
    if asked.is_empty() {
        return Ok(());
    }
    asked.push(sent.sender.0);
    let now = worker.env.now();
    let people = people(worker, asked, now).await?;
    let Some(sender) = people.iter().find(|person| person.key == sent.sender) else { return Ok(()) };
    if !sender.human || sender.status.is_some() {
        // Nobody reads an answer to a bot; and who is away does not wait for one.
        return Ok(());
    }
    for person in people.iter().filter(|person| person.key != sent.sender) {
        let Some(status) = &person.status else { continue };
        let day = day(person.timezone.as_deref(), now);
        let first = params![person.key, sent.sender, day];
        if worker.db.execute(sql::AWAY_REPLY, first).await? == 0 {
            continue;
        }
        let frame = AwayFrame {
            t: "away",
            conv: sent.conversation,
            thread: sent.thread.map(|(_, root)| root),
            who: person.id,
            emoji: status.emoji.clone(),
            text: status.text.clone(),
            until: status.until,
            reply: status.reply.clone(),
        };
        let text = serde_json::to_string(&frame).map_err(Fault::internal)?;
        worker.publisher.publish_ephemeral(sender.log, None, text.into());
    }
    Ok(())
}

/// People with their status, if it says that they are away now.
async fn people(worker: &Worker, keys: Vec<i64>, now: Micros) -> Result<Vec<Person>, Fault> {
    let rows = worker.db.query(sql::STANDING, params![keys]).await?;
    rows.iter()
        .map(|row| {
            let status: Option<String> = row.get(2)?;
            let status: Option<Status> = status.and_then(|json| serde_json::from_str(&json).ok());
            Ok(Person {
                key: row.get(0)?,
                id: row.get(1)?,
                status: status.filter(|s| s.away && s.until.is_none_or(|until| until > now)),
                timezone: row.get(3)?,
                human: row.get::<i64>(4)? <= 2,
                log: row.get(5)?,
            })
        })
        .collect()
}

/// The day where somebody is, as a number; where that is not known, in UTC.
fn day(timezone: Option<&str>, now: Micros) -> i64 {
    let zone = timezone.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let offset = Timestamp::from_microsecond(now).map_or(0, |at| i64::from(zone.to_offset(at).seconds()));
    (now / 1_000_000 + offset).div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn a_day_begins_where_somebody_is() {
        let before_midnight = 1_792_425_540_000_000; // 2026-10-19 23:59 in Shanghai
        let shanghai = Some("Asia/Shanghai");
        assert_eq!(day(shanghai, before_midnight) + 1, day(shanghai, before_midnight + 60_000_000));
        assert_eq!(day(None, before_midnight), day(Some("Mars/Base"), before_midnight + 60_000_000));
    }
}
