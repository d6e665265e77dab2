//! The parts that a message is made of.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weft_kernel::id::{ConversationId, FileId, MessageId, PrincipalId};
use weft_kernel::{Fault, Micros};

use super::parse::MentionAll;
use crate::{polls::Results, wire::StoredBody};

/// The version of [`Content`] that this server writes.
const VERSION: u32 = 1;

/// The content of a message: `{v: 1, parts: […]}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Content {
    /// Format version.
    pub v: u32,
    /// What is shown, in order.
    pub parts: Vec<Part>,
}

/// One part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// Text that a person wrote.
    Markdown {
        /// Markdown, as written.
        text: String,
    },
    /// What the server tells; the reader's client puts it into words.
    System {
        /// Stable, such as `member.joined`.
        code: String,
        /// Ids and texts that the sentence needs.
        #[schema(value_type = Object)]
        params: Map<String, Value>,
    },
    /// An earlier message, of this or of another conversation, that this one answers.
    Quote(Quoted),
    /// A message brought here from elsewhere.
    Forward(Forwarded),
    /// Several messages of one conversation, brought here as one.
    MergedForward(MergedForward),
    /// Files that were sent along.
    Files {
        /// The files.
        files: Vec<FileRef>,
    },
    /// A picture that is sent by itself.
    Sticker(StickerPart),
    /// What makes a message an announcement; its text is the part after it.
    Post(PostPart),
    /// What people are asked to vote on; how they voted is in the message's `poll`.
    Poll(PollPart),
    /// A kind that this version does not know; kept as it is.
    #[serde(untagged)]
    #[schema(value_type = Object)]
    Unknown(Value),
}

/// A quoted message, as it was when it was quoted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Quoted {
    /// The message.
    #[schema(value_type = String)]
    pub message: MessageId,
    /// Where it is.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// Its number there.
    pub seq: i64,
    /// Who wrote it.
    #[schema(value_type = String)]
    pub from: PrincipalId,
    /// When, in microseconds UTC.
    pub at: Micros,
    /// The beginning of its text.
    pub text: String,
    /// It vanishes: nothing of its text is repeated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vanishing: bool,
}

/// A forwarded message, as it was when it was forwarded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Forwarded {
    /// The message.
    #[schema(value_type = String)]
    pub message: MessageId,
    /// Where it came from; the reader may not be able to open it.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// Who wrote it.
    #[schema(value_type = String)]
    pub from: PrincipalId,
    /// When, in microseconds UTC.
    pub at: Micros,
    /// Its text, Markdown.
    pub text: String,
}

/// Messages of one conversation, as they were when they were forwarded together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MergedForward {
    /// Where they came from; the reader may not be able to open it.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// What that was called; empty where only its people name it.
    pub title: String,
    /// How many there are.
    pub count: usize,
    /// The messages, oldest first.
    #[schema(no_recursion)]
    pub items: Vec<MergedItem>,
}

/// One of the messages of a [`MergedForward`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MergedItem {
    /// The message.
    #[schema(value_type = String)]
    pub message: MessageId,
    /// Its number in its conversation.
    pub seq: i64,
    /// Who wrote it.
    #[schema(value_type = String)]
    pub from: PrincipalId,
    /// When, in microseconds UTC.
    pub at: Micros,
    /// What it said.
    #[schema(no_recursion)]
    pub parts: Vec<Part>,
}

/// A sticker, as it was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StickerPart {
    /// What stands for it in words.
    pub name: String,
    /// It moves.
    pub animated: bool,
    /// Its picture.
    pub file: FileRef,
}

/// What a poll asks, as it was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PollPart {
    /// What is asked.
    pub question: String,
    /// What can be chosen; options that were added later are in the message's `poll`.
    pub options: Vec<PollOption>,
    /// How many options one person may choose.
    pub choices: u32,
    /// Nobody can see who voted for what.
    pub anonymous: bool,
    /// When people see the results.
    pub results: Results,
    /// Whoever may vote may add an option.
    pub may_add: bool,
    /// When it closes by itself.
    pub deadline: Option<Micros>,
}

/// The head of an announcement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostPart {
    /// One line of plain text.
    pub title: String,
    /// Whether it may be commented on, where its space lets people.
    pub comments: bool,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PollOption {
    /// Its number in the poll.
    pub id: i64,
    /// What it says.
    pub text: String,
}

impl PollPart {
    /// The question and the options as Markdown, where they are told and cannot be chosen.
    pub fn told(&self) -> String {
        let options = self.options.iter().map(|option| format!("\n- {}", option.text));
        std::iter::once(self.question.clone()).chain(options).collect()
    }
}

/// A file as a message names it: one that is kept here has an `id`, one that an import only knows
/// the address of has a `url`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FileRef {
    /// `fil_…`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub id: Option<FileId>,
    /// Its name.
    pub name: String,
    /// Where it can be had, if anywhere.
    pub url: Option<String>,
    /// Size in bytes.
    pub size: Option<i64>,
    /// Media type.
    pub mime: Option<String>,
    /// How it is shown, and what else is known of it: `kind`, `width`, `height`, `duration_ms`,
    /// `waveform`, `color`, `thumb`, as in a file's own description.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub more: Map<String, Value>,
}

impl Content {
    /// Content of these parts.
    pub fn new(parts: Vec<Part>) -> Content {
        Content { v: VERSION, parts }
    }

    /// Plain Markdown text.
    pub fn markdown(text: impl Into<String>) -> Content {
        Content::new(vec![Part::Markdown { text: text.into() }])
    }

    /// A system message. `params` must be a JSON object; anything else counts as empty.
    pub fn system(code: &str, params: Value) -> Content {
        let params = match params {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        Content::new(vec![Part::System { code: code.to_owned(), params }])
    }

    /// Reads stored or received JSON.
    ///
    /// # Errors
    /// `internal` when it is not content at all.
    pub fn from_json(json: &[u8]) -> Result<Content, Fault> {
        serde_json::from_slice(json).map_err(|e| Fault::internal(format!("stored content: {e}")))
    }

    /// The JSON that is stored and sent.
    pub fn to_json(&self) -> Vec<u8> {
        // Our own types have string keys only and cannot fail to serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The body to store, with what was found in the text.
    pub fn stored(&self, mentions: Vec<PrincipalId>, mention_all: Option<MentionAll>) -> StoredBody {
        StoredBody {
            v: self.v,
            parts: serde_json::value::to_raw_value(&self.parts).unwrap_or_default(),
            mentions,
            mention_all: mention_all.map(|all| all.name().to_owned()),
            ack: None,
            poll: self.poll().is_some(),
            vanish: None,
        }
    }

    /// The poll in it, if any.
    pub fn poll(&self) -> Option<&PollPart> {
        self.parts.iter().find_map(|part| match part {
            Part::Poll(poll) => Some(poll),
            _ => None,
        })
    }

    /// The head of an announcement, if it is one.
    pub fn post(&self) -> Option<&PostPart> {
        self.parts.iter().find_map(|part| match part {
            Part::Post(post) => Some(post),
            _ => None,
        })
    }

    /// The same content where nobody can act on it: an announcement's title becomes its first line,
    /// a poll its words after the text.
    #[must_use]
    pub fn told(mut self) -> Content {
        let title = self.post().map(|post| post.title.clone());
        let poll = self.poll().map(PollPart::told);
        if title.is_none() && poll.is_none() {
            return self;
        }
        self.parts.retain(|part| !matches!(part, Part::Poll(_) | Part::Post(_)));
        let said = [title.as_deref(), self.text(), poll.as_deref()];
        let said: Vec<&str> = said.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        let text = said.join("\n\n");
        self.with_text(&text)
    }

    /// The Markdown that a person wrote in it, if any.
    pub fn text(&self) -> Option<&str> {
        self.parts.iter().find_map(|part| match part {
            Part::Markdown { text } => Some(text.as_str()),
            _ => None,
        })
    }

    /// The sticker that it is, if it is one.
    pub fn sticker(&self) -> Option<&StickerPart> {
        self.parts.iter().find_map(|part| match part {
            Part::Sticker(sticker) => Some(sticker),
            _ => None,
        })
    }

    /// The files that it refers to.
    pub fn files(&self) -> impl Iterator<Item = &FileRef> {
        self.parts.iter().flat_map(|part| match part {
            Part::Files { files } => files.as_slice(),
            _ => &[],
        })
    }

    /// The kept files that it refers to, those of forwarded messages in it too, each once.
    pub fn kept_files(&self) -> Vec<FileId> {
        fn gather(parts: &[Part], found: &mut Vec<FileId>) {
            for part in parts {
                match part {
                    Part::Files { files } => found.extend(files.iter().filter_map(|file| file.id)),
                    Part::Sticker(sticker) => found.extend(sticker.file.id),
                    Part::MergedForward(merged) => {
                        merged.items.iter().for_each(|item| gather(&item.parts, found))
                    }
                    _ => {}
                }
            }
        }
        let mut found = Vec::new();
        gather(&self.parts, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The same content with other text, or none: every other part stays.
    #[must_use]
    pub fn with_text(mut self, new: &str) -> Content {
        if new.trim().is_empty() {
            self.parts.retain(|part| !matches!(part, Part::Markdown { .. }));
            return self;
        }
        match self.parts.iter_mut().find(|part| matches!(part, Part::Markdown { .. })) {
            Some(Part::Markdown { text }) => *text = new.to_owned(),
            _ => self.parts.push(Part::Markdown { text: new.to_owned() }),
        }
        self
    }

    /// How many [`MergedForward`]s lie in one another here; 0 without any.
    pub fn merged_depth(&self) -> usize {
        merged_depth(&self.parts)
    }

    /// Whether the server wrote it.
    pub fn is_system(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::System { .. }))
    }
}

fn merged_depth(parts: &[Part]) -> usize {
    let inside = |item: &MergedItem| merged_depth(&item.parts);
    let of = |part: &Part| match part {
        Part::MergedForward(merged) => 1 + merged.items.iter().map(inside).max().unwrap_or(0),
        _ => 0,
    };
    parts.iter().map(of).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_future_survive_a_round_trip() {
        let json = r#"{"v":1,"parts":[{"type":"markdown","text":"a"},{"type":"hologram","depth":[1,2]}]}"#;
        let content = Content::from_json(json.as_bytes()).unwrap();
        assert!(matches!(content.parts[1], Part::Unknown(_)));
        let again: Value = serde_json::from_slice(&content.with_text("b").to_json()).unwrap();
        assert_eq!(again["parts"][0]["text"], "b");
        assert_eq!(again["parts"][1]["depth"][1], 2);
    }

    #[test]
    fn system_parts_have_a_code_and_parameters() {
        let json = String::from_utf8(
            Content::system("conversation.renamed", serde_json::json!({"name": "新名"})).to_json(),
        )
        .unwrap();
        assert_eq!(
            json,
            r#"{"v":1,"parts":[{"type":"system","code":"conversation.renamed","params":{"name":"新名"}}]}"#
        );
    }
}
