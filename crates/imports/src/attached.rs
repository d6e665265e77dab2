//! What programs add below a message, and what a link shows of its page, as a quotation. The
//! shape is Slack's; others took it over.

use serde::{Deserialize, Serialize};

use crate::{
    json::{loose_text, null_default},
    markup::link,
};

/// One attachment.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Attachment {
    #[serde(default, deserialize_with = "loose_text")]
    pub(crate) pretext: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(crate) title: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(crate) title_link: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(crate) text: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(crate) fallback: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(crate) fields: Vec<Field>,
}

/// A line of one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Field {
    #[serde(default, deserialize_with = "loose_text")]
    pub(crate) title: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(crate) value: String,
}

impl Attachment {
    /// All that tells one from another.
    pub(crate) fn said(&self) -> impl Iterator<Item = &str> {
        let own = [&self.pretext, &self.title, &self.title_link, &self.text];
        let fields = self.fields.iter().flat_map(|field| [&field.title, &field.value]);
        own.into_iter().chain(fields).map(String::as_str)
    }

    /// Adds it below `text`. `markdown` converts the source's markup, `plain` what stands for
    /// itself, such as an address.
    pub(crate) fn quote(
        &self,
        mut markdown: impl FnMut(&str) -> String,
        plain: fn(&str) -> String,
        text: &mut String,
    ) {
        let mut lines = Vec::new();
        let pretext = markdown(&self.pretext);
        let title = markdown(&self.title);
        if !title.is_empty() {
            let mut line = String::from("**");
            match self.title_link.is_empty() {
                true => line.push_str(&title),
                false => link(&plain(&self.title_link), Some(&plain(&self.title)), &mut line),
            }
            lines.push(line + "**");
        }
        lines.extend(Some(markdown(&self.text)).filter(|t| !t.is_empty()));
        for field in &self.fields {
            let (title, value) = (markdown(&field.title), markdown(&field.value));
            lines.push(if title.is_empty() { value } else { format!("**{title}**: {value}") });
        }
        if lines.is_empty() && pretext.is_empty() {
            lines.push(markdown(&self.fallback));
        }
        let body = lines.join("\n");
        for (block, quoted) in [(pretext, false), (body, true)] {
            if block.trim().is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            match quoted {
                true => text.push_str(&format!("> {}", block.replace('\n', "\n> "))),
                false => text.push_str(&block),
            }
        }
    }
}
