//! Message text: checked, and read once for its plain text and its mentions.
//!
//! The text is stored as written and rendered by clients; nothing here makes HTML. Nesting and
//! work are bounded: the walk over the tree is iterative, and a text that needs too much work or
//! nests too deeply is refused, so that no reader's client has to cope with it.

use std::cell::Cell;

use comrak::{
    Arena, Node, Options,
    arena_tree::NodeEdge,
    nodes::NodeValue,
    options::{Extension, Parse, Render},
};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use weft_http::limits;
use weft_kernel::Fault;
use weft_kernel::id::{ConversationId, PrincipalId};

use super::part::Content;

/// Deepest nesting of quotes, lists and emphasis.
const MAX_DEPTH: usize = 60;
/// Work before a text counts as hostile, in units of the parser's checks (about 256 steps each).
const MAX_WORK: u32 = 4_000;
/// Longest single mention token: `usr_` or `cnv_` and 26 characters.
const TOKEN: usize = 30;

/// Who is called besides named people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MentionAll {
    /// Every member.
    All,
    /// Every member who is online.
    Here,
}

impl MentionAll {
    /// As it is stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            MentionAll::All => "all",
            MentionAll::Here => "here",
        }
    }
}

/// A text, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What to store.
    pub content: Content,
    /// The text without markup, blocks separated by newlines, for search and previews.
    /// Mentions stay as `<@id>`.
    pub plain: String,
    /// The people named outside code, once each, in order. Whether they exist is not checked.
    pub mentions: Vec<PrincipalId>,
    /// `@all` or `@here` outside code; `@all` wins.
    pub mention_all: Option<MentionAll>,
    /// The conversations linked outside code, once each. Whether they exist is not checked.
    pub links: Vec<ConversationId>,
    /// The first web addresses that it links to, once each, in order; none of code.
    pub web: Vec<String>,
}

impl Parsed {
    /// No text at all: what comes with files needs none.
    pub fn empty() -> Parsed {
        Parsed {
            content: Content::new(Vec::new()),
            plain: String::new(),
            mentions: Vec::new(),
            mention_all: None,
            links: Vec::new(),
            web: Vec::new(),
        }
    }
}

/// As [`parse`], but when `may_be_empty` a text without a visible character is none.
///
/// # Errors
/// As [`parse`].
pub fn parse_beside(text: &str, may_be_empty: bool) -> Result<Parsed, Fault> {
    if may_be_empty && text.trim().is_empty() { Ok(Parsed::empty()) } else { parse(text) }
}

/// Checks and reads message text.
///
/// # Errors
/// `invalid` with field `text`: empty, longer than 40,000 characters, a NUL, nested too deeply,
/// or more than 50 people mentioned.
pub fn parse(text: &str) -> Result<Parsed, Fault> {
    check(text)?;
    let arena = Arena::new();
    let work = Cell::new(0_u32);
    let too_much = || {
        work.set(work.get() + 1);
        work.get() > MAX_WORK
    };
    let root = comrak::try_parse_document(&arena, text, &options(), &too_much).map_err(|_| too_complex())?;
    let mut reader = Reader::default();
    reader.walk(root)?;
    reader.finish(text)
}

fn check(text: &str) -> Result<(), Fault> {
    // Bytes bound the count of characters from above: most texts are settled by their length.
    if text.len() > limits::MESSAGE_CHARS && text.chars().count() > limits::MESSAGE_CHARS {
        return Err(Fault::invalid("text", "A message may have at most 40,000 characters.")
            .param("max", limits::MESSAGE_CHARS as i64));
    }
    if text.contains('\0') {
        return Err(Fault::invalid("text", "It holds a NUL character (U+0000), which cannot be stored."));
    }
    if text.trim().is_empty() {
        return Err(Fault::invalid("text", "A message must not be empty."));
    }
    Ok(())
}

fn too_complex() -> Fault {
    Fault::invalid("text", "Its quotes, lists or emphasis are nested too deeply. Simplify it.")
}

fn options() -> Options<'static> {
    Options {
        extension: Extension {
            strikethrough: true,
            table: true,
            autolink: true,
            tasklist: true,
            cjk_friendly_emphasis: true,
            ..Extension::default()
        },
        parse: Parse::default(),
        render: Render::default(),
    }
}

#[derive(Default)]
struct Reader {
    plain: String,
    /// Text that may hold mentions and is not yet searched: adjacent text nodes, together.
    run: String,
    seen: FxHashSet<PrincipalId>,
    mentions: Vec<PrincipalId>,
    mention_all: Option<MentionAll>,
    links: Vec<ConversationId>,
    web: Vec<String>,
}

impl Reader {
    fn walk<'a>(&mut self, root: Node<'a>) -> Result<(), Fault> {
        let mut depth = 0_usize;
        for edge in root.traverse() {
            match edge {
                NodeEdge::Start(node) => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(too_complex());
                    }
                    self.enter(&node.data().value);
                }
                NodeEdge::End(node) => {
                    depth -= 1;
                    self.leave(&node.data().value);
                }
            }
        }
        self.search();
        Ok(())
    }

    fn enter(&mut self, value: &NodeValue) {
        match value {
            NodeValue::Text(text) => {
                self.plain.push_str(text);
                self.run.push_str(text);
            }
            // Shown as text, so read as text.
            NodeValue::HtmlInline(html) => {
                self.plain.push_str(html);
                self.run.push_str(html);
            }
            NodeValue::HtmlBlock(html) => {
                self.plain.push_str(&html.literal);
                self.run.push_str(&html.literal);
            }
            NodeValue::Code(code) => {
                self.search();
                self.plain.push_str(&code.literal);
            }
            NodeValue::CodeBlock(code) => {
                self.search();
                self.plain.push_str(&code.literal);
            }
            NodeValue::SoftBreak | NodeValue::LineBreak => {
                self.search();
                self.plain.push('\n');
            }
            NodeValue::Link(link) => {
                self.search();
                self.link(&link.url);
            }
            _ => self.search(),
        }
    }

    fn link(&mut self, url: &str) {
        let web = url.starts_with("https://") || url.starts_with("http://");
        let fits = self.web.len() < limits::LINKS_SHOWN && url.len() <= limits::LINK;
        if web && fits && !self.web.iter().any(|known| known == url) {
            self.web.push(url.to_owned());
        }
    }

    fn leave(&mut self, value: &NodeValue) {
        match value {
            NodeValue::Text(_) | NodeValue::HtmlInline(_) => {}
            NodeValue::TableCell => {
                self.search();
                self.plain.push(' ');
            }
            value => {
                self.search();
                if value.block() && !self.plain.ends_with('\n') {
                    self.plain.push('\n');
                }
            }
        }
    }

    /// Looks for `<@…>` and `<#…>` in the run and starts a new one.
    fn search(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let run = std::mem::take(&mut self.run);
        let mut rest = run.as_str();
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            let Some(end) = rest.bytes().take(TOKEN + 2).position(|b| b == b'>') else { continue };
            self.token(&rest[..end]);
        }
    }

    fn token(&mut self, token: &str) {
        match token {
            "@all" => self.mention_all = Some(MentionAll::All),
            "@here" => self.mention_all = self.mention_all.or(Some(MentionAll::Here)),
            _ => {
                if let Some(id) = token.strip_prefix('@').and_then(|t| t.parse().ok()) {
                    if self.seen.insert(id) {
                        self.mentions.push(id);
                    }
                } else if let Some(id) = token.strip_prefix('#').and_then(|t| t.parse().ok())
                    && !self.links.contains(&id)
                    && self.links.len() < limits::MENTIONS
                {
                    self.links.push(id);
                }
            }
        }
    }

    fn finish(mut self, text: &str) -> Result<Parsed, Fault> {
        if self.mentions.len() > limits::MENTIONS {
            return Err(Fault::invalid("text", "A message may mention at most 50 people.")
                .param("max", limits::MENTIONS as i64));
        }
        self.plain.truncate(self.plain.trim_end().len());
        Ok(Parsed {
            content: Content::markdown(text),
            plain: self.plain,
            mentions: self.mentions,
            mention_all: self.mention_all,
            links: self.links,
            web: self.web,
        })
    }
}

#[cfg(test)]
mod tests;
