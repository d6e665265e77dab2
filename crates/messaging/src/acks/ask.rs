//! Asking: what comes with a message that is sent.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{Fault, LogKey, Micros, PrincipalKey, id::PrincipalId};
use weft_log::outbox;
use weft_storage::{DbError, DbResult, Sql, Value, params};

use super::{DEADLINE_JOB, Spot, sql};
use crate::{
    Cx, Seat,
    append::{Alongside, Appended},
    urgent::{self, UrgentAsk},
    wire::{self, Ack, Message, StoredAck},
};

/// A deadline is at least this far away.
const SOONEST: Micros = 60_000_000;
/// And at most this far.
const LATEST: Micros = 366 * 24 * 3_600 * 1_000_000;

/// A message asks to be acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AckRequest {
    /// Until when; who has not acknowledged by then is reminded. Between a minute and a year away.
    #[serde(default)]
    pub deadline: Option<Micros>,
    /// Who is asked, up to 500 members; everybody who is there when it is absent.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub from: Option<Vec<PrincipalId>>,
    /// A deadline that has come by the time the message arrives is dropped, where it would be
    /// refused: for messages that may have waited for a network.
    #[serde(default)]
    pub drop_late: bool,
    /// It is urgent: those who are asked are shown it insistently, and reached outside the app as
    /// the org's policy says, until they acknowledge it.
    #[serde(default)]
    pub urgent: bool,
}

/// A request as it is written with its message.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// What the message says of it.
    pub(crate) stored: StoredAck,
    /// Whom it asks by name; none: everybody.
    pub(crate) people: Option<Vec<PrincipalKey>>,
    /// How many it asks.
    pub(crate) total: i64,
    /// That it is urgent, and for whom.
    pub(crate) urgent: Option<UrgentAsk>,
}

impl Alongside for Ask {
    /// As clients see it before anybody has answered.
    fn show(&self, message: &mut Message) {
        let StoredAck { people, deadline } = self.stored.clone();
        let urgent = self.urgent.as_ref().map(|_| wire::Urgent::fresh(message.at));
        message.ack = Some(Ack { people, deadline, total: self.total, urgent, ..Ack::default() });
    }

    /// The request, and the job that looks after the deadline.
    fn statements(
        &self,
        log: LogKey,
        sender: PrincipalKey,
        place: &Appended,
    ) -> DbResult<Vec<(Sql, Vec<Value>)>> {
        let deadline = self.stored.deadline;
        let everybody = self.people.is_none();
        let request = params![log, place.seq, sender, place.at, deadline, everybody, self.total];
        let mut out = vec![(sql::REQUEST, request)];
        if let Some(people) = &self.people {
            let keys: Vec<i64> = people.iter().map(|key| key.0).collect();
            out.push((sql::NAME, params![log, place.seq, keys]));
        }
        if let Some(deadline) = deadline {
            let spot = Spot { log, seq: place.seq };
            let payload = serde_json::to_string(&spot).map_err(|e| DbError::Other(e.to_string()))?;
            out.push((outbox::INSERT, params![DEADLINE_JOB, payload, deadline]));
        }
        if let Some(urgent) = &self.urgent {
            out.extend(urgent.statements(log, sender, place)?);
        }
        Ok(out)
    }
}

fn wrong(detail: &'static str) -> Fault {
    Fault::invalid("ack", detail)
}

/// Checks a request of the seat's holder and finds whom it asks.
pub(crate) async fn ask(cx: &Cx, caller: &Caller, seat: &Seat, request: &AckRequest) -> Result<Ask, Fault> {
    let deadline = deadline(request, cx.env.now())?;
    let (people, ids) = match &request.from {
        None => (None, Vec::new()),
        Some(from) => {
            let (keys, ids) = named(cx, seat, from).await?;
            (Some(keys), ids)
        }
    };
    let total = match &people {
        Some(people) => people.len() as i64,
        None => cx.db.query_one(sql::EVERYBODY, params![seat.room.log, seat.principal]).await?.get(0)?,
    };
    if total == 0 {
        return Err(wrong("There is nobody here who could acknowledge it."));
    }
    let urgent = match request.urgent {
        true => Some(urgent::ask(cx, caller, seat, people.as_deref()).await?),
        false => None,
    };
    Ok(Ask { stored: StoredAck { people: ids, deadline }, people, total, urgent })
}

fn deadline(request: &AckRequest, now: Micros) -> Result<Option<Micros>, Fault> {
    let Some(deadline) = request.deadline else { return Ok(None) };
    match deadline.saturating_sub(now) {
        SOONEST..=LATEST => Ok(Some(deadline)),
        ..SOONEST if request.drop_late && deadline > 0 => Ok(None),
        _ => Err(wrong("The deadline must be between a minute and a year from now.")),
    }
}

async fn named(
    cx: &Cx,
    seat: &Seat,
    from: &[PrincipalId],
) -> Result<(Vec<PrincipalKey>, Vec<PrincipalId>), Fault> {
    if from.is_empty() || from.len() > limits::PEOPLE_AT_ONCE {
        return Err(wrong("Name between 1 and 500 people, or leave \"from\" out to ask everybody."));
    }
    let mut known = cx.people.keys(seat.room.org, from).await?;
    known.sort_unstable_by_key(|(_, key)| *key);
    known.dedup();
    let keys: Vec<i64> = known.iter().map(|(_, key)| key.0).collect();
    let rows = cx.db.query(sql::ASKABLE, params![seat.room.log, seat.principal, keys]).await?;
    let askable = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<PrincipalKey>>>()?;
    let strangers =
        from.iter().any(|id| !known.iter().any(|(held, key)| held == id && askable.contains(key)));
    if strangers {
        return Err(wrong("Only other members of the conversation can be asked."));
    }
    Ok(known.into_iter().map(|(id, key)| (key, id)).unzip())
}
