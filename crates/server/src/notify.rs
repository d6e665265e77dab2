//! Where notifications meet messaging: they hear what is committed, and read what messages say.

use async_trait::async_trait;
use weft_kernel::{Fault, PrincipalKey};
use weft_messaging::{Cx, attention, content::Part, load, wire::StoredBody};
use weft_notify::{Candidate, Content, Preferences, Said, news::News};

use crate::search::read_text;

/// What messages say, for notifications.
pub(crate) struct Bodies;

impl Content for Bodies {
    fn read(&self, body: &[u8]) -> Said {
        let Ok(body) = serde_json::from_slice::<StoredBody>(body) else { return Said::default() };
        let parts: Vec<Part> = match body.vanish {
            None => serde_json::from_str(body.parts.get()).unwrap_or_default(),
            Some(_) => Vec::new(),
        };
        let mut said = Said {
            vanishes: body.vanish.is_some(),
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

/// What each wants to be told of: levels, alerts, do-not-disturb.
pub(crate) struct Wishes(pub(crate) Cx);

impl Wishes {
    /// Everybody who is told of a message now, ascending.
    async fn audience(&self, news: &News) -> Result<Vec<PrincipalKey>, Fault> {
        let Some(row) = load::by_seq(&self.0.db, news.log, news.seq).await? else { return Ok(Vec::new()) };
        let audience = attention::audience(&self.0, &row, false).await?;
        let mut people: Vec<PrincipalKey> = audience.into_iter().map(|one| one.principal).collect();
        people.sort_unstable();
        Ok(people)
    }
}

#[async_trait]
impl Preferences for Wishes {
    async fn also(&self, news: &News, after: PrincipalKey, limit: u32) -> Result<Vec<PrincipalKey>, Fault> {
        let people = self.audience(news).await?;
        Ok(people.into_iter().filter(|who| *who > after).take(limit as usize).collect())
    }

    async fn told(&self, news: &News, candidates: &[Candidate]) -> Result<Vec<PrincipalKey>, Fault> {
        let people = self.audience(news).await?;
        let told = candidates.iter().map(|one| one.principal);
        Ok(told.filter(|who| people.binary_search(who).is_ok()).collect())
    }
}

/// Adds what one part says. What a quote repeats its readers have seen.
fn read(said: &mut Said, part: &Part) {
    match part {
        Part::Post(post) => {
            said.text.push_str(&post.title);
            said.text.push('\n');
        }
        Part::Markdown { text } => add(said, text),
        Part::Forward(forwarded) => add(said, &forwarded.text),
        Part::Sticker(sticker) => add(said, &format!("[{}]", sticker.name)),
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
