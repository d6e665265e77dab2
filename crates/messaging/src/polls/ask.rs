//! Asking: what comes with a message that is sent.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::limits;
use weft_kernel::{Fault, LogKey, Micros, PrincipalKey, names};
use weft_log::outbox;
use weft_storage::{DbError, DbResult, Envelope, Sql, Value, params};

use super::{DEADLINE_JOB, folded, sql};
use crate::{
    Cx,
    append::{Alongside, Appended},
    content::{PollOption, PollPart},
    teller::Spot,
    wire,
};

/// A deadline is at least this far away.
const SOONEST: Micros = 60_000_000;
/// And at most this far.
const LATEST: Micros = 366 * 24 * 3_600 * 1_000_000;

/// When people see what was chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Results {
    /// At any time.
    #[default]
    Always = 1,
    /// Once they have voted.
    Voted = 2,
    /// Once the poll is closed.
    Closed = 3,
}

impl Results {
    /// The one of a stored number; an unknown one of a newer Weft shows less.
    pub(super) fn from_stored(stored: i64) -> Results {
        match stored {
            1 => Results::Always,
            2 => Results::Voted,
            _ => Results::Closed,
        }
    }
}

/// A message asks people to vote.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PollRequest {
    /// What is asked, 1–300 characters.
    pub question: String,
    /// 2–20 different options of 1–120 characters.
    pub options: Vec<String>,
    /// How many options one person may choose; 1 when it is absent.
    #[serde(default)]
    pub choices: Option<u32>,
    /// Nobody can see who voted for what.
    #[serde(default)]
    pub anonymous: bool,
    /// When people see the results: `always`, once they have `voted`, or once it is `closed`.
    #[serde(default)]
    pub results: Results,
    /// Whoever may vote may add an option.
    #[serde(default)]
    pub may_add: bool,
    /// When it closes by itself, between a minute and a year away.
    #[serde(default)]
    pub deadline: Option<Micros>,
}

/// A poll as it is written with its message.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// What the message says.
    pub(crate) part: PollPart,
    secret: Option<Vec<u8>>,
}

impl Alongside for Ask {
    /// As clients see it before anybody has voted.
    fn show(&self, message: &mut wire::Message) {
        let shown = self.part.results == Results::Always;
        let option = |option: &PollOption| wire::PollChoice {
            id: option.id,
            text: option.text.clone(),
            added_by: None,
            votes: shown.then_some(0),
            faces: Vec::new(),
        };
        let options = self.part.options.iter().map(option).collect();
        message.poll = Some(wire::Poll { options, ..wire::Poll::default() });
    }

    /// The poll and its options, and the job that looks after the deadline.
    fn statements(
        &self,
        log: LogKey,
        sender: PrincipalKey,
        place: &Appended,
    ) -> DbResult<Vec<(Sql, Vec<Value>)>> {
        let PollPart { choices, anonymous, results, may_add, deadline, .. } = self.part;
        let (seq, secret) = (place.seq, self.secret.clone());
        let results = results as i64;
        let poll = params![log, seq, sender, choices, anonymous, results, may_add, deadline, secret];
        let mut out = vec![(sql::POLL, poll)];
        for option in &self.part.options {
            let text = Envelope.seal(option.text.as_bytes());
            let nobody: Option<PrincipalKey> = None;
            out.push((sql::OPTION, params![log, seq, option.id, text, nobody]));
        }
        if let Some(deadline) = deadline {
            let payload =
                serde_json::to_string(&Spot { log, seq }).map_err(|e| DbError::Other(e.to_string()))?;
            out.push((outbox::INSERT, params![DEADLINE_JOB, payload, deadline]));
        }
        Ok(out)
    }
}

/// Checks a poll.
pub(crate) fn ask(cx: &Cx, request: &PollRequest) -> Result<Ask, Fault> {
    let question = line("poll.question", &request.question, limits::POLL_QUESTION)?;
    let count = request.options.len();
    if !(2..=limits::POLL_OPTIONS).contains(&count) {
        return Err(Fault::invalid("poll.options", "Give between 2 and 20 options.")
            .param("max", limits::POLL_OPTIONS as i64));
    }
    let mut options: Vec<PollOption> = Vec::with_capacity(count);
    for (id, text) in request.options.iter().enumerate() {
        let text = option_text(text)?;
        if options.iter().any(|known| folded(&known.text) == folded(&text)) {
            return Err(Fault::invalid("poll.options", "Two options are the same."));
        }
        options.push(PollOption { id: id as i64, text });
    }
    let most = if request.may_add { limits::POLL_OPTIONS } else { count };
    let choices = request.choices.unwrap_or(1);
    if choices == 0 || choices as usize > most {
        return Err(Fault::invalid("poll.choices", "It must be between 1 and the number of options."));
    }
    if let Some(deadline) = request.deadline {
        let away = deadline.saturating_sub(cx.env.now());
        if !(SOONEST..=LATEST).contains(&away) {
            let advice = "The deadline must be between a minute and a year from now.";
            return Err(Fault::invalid("poll.deadline", advice));
        }
    }
    let PollRequest { anonymous, results, may_add, deadline, .. } = *request;
    let part = PollPart { question, options, choices, anonymous, results, may_add, deadline };
    Ok(Ask { part, secret: anonymous.then(|| cx.env.random::<32>().to_vec()) })
}

/// The text of an option, cleaned.
pub(super) fn option_text(text: &str) -> Result<String, Fault> {
    line("poll.options", text, limits::POLL_OPTION)
}

/// One line; unlike a name it may hold emoji that are joined.
fn line(field: &'static str, text: &str, max: usize) -> Result<String, Fault> {
    let line = names::clean_text(field, text, max)?.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { Err(Fault::invalid(field, "It must not be empty.")) } else { Ok(line) }
}
