//! What is needed of other domains; the server fills it.

use async_trait::async_trait;
use weft_kernel::{Fault, LogKey, PrincipalKey};
use weft_storage::Uuid;

use crate::news::News;

/// In [`Said::text`]: stands for the next of [`Said::refs`].
pub const REFERENCE: char = '\u{FFFC}';

/// What a message says, as far as it matters who is told of it and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The text that people read, without markup. Ids in it are replaced by [`REFERENCE`].
    pub text: String,
    /// What those stand for, in order: `usr_…`, `all`, `cnv_…`.
    pub refs: Vec<String>,
    /// Names of the files that came with it.
    pub files: Vec<String>,
    /// All of them are pictures.
    pub pictures: bool,
    /// Ids of the people mentioned.
    pub mentions: Vec<Uuid>,
    /// Everybody in the conversation is called.
    pub everybody: bool,
    /// Only whoever is there now.
    pub here: bool,
    /// It vanishes once it was read: nothing of it is told.
    pub vanishes: bool,
}

/// What messages say.
pub trait Content: Send + Sync {
    /// What a stored body says, given as the JSON that was sealed.
    fn read(&self, body: &[u8]) -> Said;
}

/// Why somebody may want to hear of a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reasons {
    /// It is in a direct conversation or a group.
    pub direct: bool,
    /// It mentions them.
    pub mentioned: bool,
    /// It calls everybody.
    pub everybody: bool,
    /// It calls whoever is there.
    pub here: bool,
    /// It is in a thread that they follow.
    pub follows: bool,
    /// [`Preferences::also`] named them.
    pub also: bool,
}

/// Somebody who may want to hear of a message: a member who has not read it and did not write it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Who.
    pub principal: PrincipalKey,
    /// Why.
    pub why: Reasons,
    /// They have muted the conversation.
    pub muted: bool,
    /// A socket of theirs is open.
    pub online: bool,
}

/// What each wants to be told of.
#[async_trait]
pub trait Preferences: Send + Sync {
    /// Members who want to hear of `news` though it neither calls them nor is in a thread that they
    /// follow: for whom every message of `log` counts, or a word of it. Ascending, after `after`,
    /// at most `limit`; found through an index, since it is asked for every message.
    ///
    /// # Errors
    /// Any database fault.
    async fn also(&self, news: &News, after: PrincipalKey, limit: u32) -> Result<Vec<PrincipalKey>, Fault>;

    /// Those of `candidates` who are told of `news` now.
    ///
    /// # Errors
    /// Any database fault.
    async fn told(&self, news: &News, candidates: &[Candidate]) -> Result<Vec<PrincipalKey>, Fault>;
}

/// For whoever has chosen nothing: direct conversations, groups, mentions and followed threads,
/// and nothing of a muted conversation.
pub struct Defaults;

impl Defaults {
    /// Whether `candidate` is told.
    pub fn tells(candidate: &Candidate) -> bool {
        let why = candidate.why;
        let called = why.direct || why.mentioned || why.everybody || why.follows || why.also;
        !candidate.muted && (called || (why.here && candidate.online))
    }
}

#[async_trait]
impl Preferences for Defaults {
    async fn also(&self, _: &News, _: PrincipalKey, _: u32) -> Result<Vec<PrincipalKey>, Fault> {
        Ok(Vec::new())
    }

    async fn told(&self, _: &News, candidates: &[Candidate]) -> Result<Vec<PrincipalKey>, Fault> {
        Ok(candidates.iter().filter(|one| Defaults::tells(one)).map(|one| one.principal).collect())
    }
}

/// The place of what a device shows: a conversation, or a thread in it (0: the main flow).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub(crate) struct Lane {
    pub(crate) log: LogKey,
    pub(crate) root: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_by_default() {
        let candidate = |why, muted, online| Candidate { principal: PrincipalKey(1), why, muted, online };
        let mentioned = Reasons { mentioned: true, ..Reasons::default() };
        let here = Reasons { here: true, ..Reasons::default() };
        assert!(Defaults::tells(&candidate(mentioned, false, false)));
        assert!(!Defaults::tells(&candidate(mentioned, true, false)));
        assert!(!Defaults::tells(&candidate(Reasons::default(), false, true)));
        assert!(!Defaults::tells(&candidate(here, false, false)), "who is not there is not called");
        assert!(Defaults::tells(&candidate(here, false, true)));
    }
}
