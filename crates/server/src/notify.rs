//! Where notifications meet messaging: they hear what is committed, and read what messages say.

use weft_messaging::{content::Part, wire::StoredBody};
use weft_notify::{Content, Said};

use crate::search::read_text;

/// What messages say, for notifications.
pub(crate) struct Bodies;

impl Content for Bodies {
    fn read(&self, body: &[u8]) -> Said {
        let Ok(body) = serde_json::from_slice::<StoredBody>(body) else { return Said::default() };
        let parts: Vec<Part> = serde_json::from_str(body.parts.get()).unwrap_or_default();
        let mut said = Said {
            mentions: body.mentions.iter().map(|id| id.uuid()).collect(),
            everybody: body.mention_all.as_deref() == Some("all"),
            here: body.mention_all.as_deref() == Some("here"),
            pictures: true,
            ..Said::default()
        };
        parts.iter().for_each(|part| read(&mut said, part));
        said.pictures &= !said.files.is_empty();
        said
    }
}

/// Adds what one part says. What a quote repeats its readers have seen.
fn read(said: &mut Said, part: &Part) {
    match part {
        Part::Markdown { text } => add(said, text),
        Part::Forward(forwarded) => add(said, &forwarded.text),
        Part::Files { files } => {
            for file in files {
                said.pictures &= file.mime.as_deref().is_some_and(|mime| mime.starts_with("image/"));
                said.files.push(file.name.clone());
            }
        }
        _ => {}
    }
}

fn add(said: &mut Said, markdown: &str) {
    let mut found = weft_search::Said { text: std::mem::take(&mut said.text), ..Default::default() };
    read_text(&mut found, markdown);
    said.text = found.text;
    said.refs.append(&mut found.refs);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_says() {
        let body = r#"{"v":1,"parts":[{"type":"markdown","text":"**a** <@all>"},
            {"type":"files","files":[{"name":"x.png","mime":"image/png"}]}],"mention_all":"all"}"#;
        let said = Bodies.read(body.as_bytes());
        assert_eq!(said.text, format!("a {}", weft_notify::port::REFERENCE));
        assert_eq!(said.refs, ["all"]);
        assert!(said.everybody && !said.here && said.pictures);
        assert_eq!(said.files, ["x.png"]);
        assert_eq!(Bodies.read(b"no body"), Said::default());
    }
}
