//! `blocks`, read only where a message has no `text`: apps leave it out.

use serde_json::Value;

use super::mrkdwn::{Converter, end_line, link};

/// The Markdown of a message's blocks; empty when there is nothing to read.
pub(super) fn markdown(blocks: &str, converter: &mut Converter<'_>) -> String {
    let Ok(Value::Array(blocks)) = serde_json::from_str(blocks) else { return String::new() };
    let mut out = String::new();
    for block in &blocks {
        end_line(&mut out);
        match kind(block) {
            "rich_text" => rich(block, converter, &mut out),
            "header" | "section" | "context" | "markdown" => {
                texts(block, converter, &mut out);
            }
            "divider" => out.push_str("\n---\n"),
            "image" => link(field(block, "image_url"), Some(field(block, "alt_text")), &mut out),
            _ => {}
        }
    }
    out.trim().to_owned()
}

fn kind(value: &Value) -> &str {
    field(value, "type")
}

fn field<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn children<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// `text`, `fields` and `elements` of a block of the older kind.
fn texts(block: &Value, converter: &mut Converter<'_>, out: &mut String) {
    let own = block.get("text").into_iter();
    for part in own.chain(children(block, "fields")).chain(children(block, "elements")) {
        let text = part.as_str().unwrap_or_else(|| field(part, "text"));
        if !text.is_empty() {
            end_line(out);
            let converted = converter.markdown(text);
            match kind(block) {
                "header" => out.push_str(&format!("**{converted}**")),
                _ => out.push_str(&converted),
            }
        }
    }
}

fn rich(block: &Value, converter: &mut Converter<'_>, out: &mut String) {
    for element in children(block, "elements") {
        end_line(out);
        match kind(element) {
            "rich_text_list" => list(element, converter, out),
            "rich_text_preformatted" => {
                out.push_str("```\n");
                for run in children(element, "elements") {
                    out.push_str(match field(run, "text") {
                        "" => field(run, "url"),
                        text => text,
                    });
                }
                end_line(out);
                out.push_str("```\n");
            }
            "rich_text_quote" => {
                let mut quoted = String::new();
                section(element, converter, &mut quoted);
                out.push_str("> ");
                out.push_str(&quoted.replace('\n', "\n> "));
                out.push_str("\n\n");
            }
            _ => section(element, converter, out),
        }
    }
}

fn list(element: &Value, converter: &mut Converter<'_>, out: &mut String) {
    let depth = element.get("indent").and_then(Value::as_u64).unwrap_or_default().min(8) as usize;
    let ordered = field(element, "style") == "ordered";
    for (number, item) in children(element, "elements").iter().enumerate() {
        end_line(out);
        out.push_str(&"   ".repeat(depth));
        match ordered {
            true => out.push_str(&format!("{}. ", number + 1)),
            false => out.push_str("- "),
        }
        section(item, converter, out);
    }
    out.push('\n');
}

fn section(element: &Value, converter: &mut Converter<'_>, out: &mut String) {
    for run in children(element, "elements") {
        match kind(run) {
            "text" => styled(run, out),
            "link" => link(field(run, "url"), Some(field(run, "text")), out),
            "user" => converter.mention(field(run, "user_id"), None, out),
            "channel" => converter.channel(field(run, "channel_id"), None, out),
            "broadcast" => converter.command(field(run, "range"), None, out),
            "usergroup" => converter.command(&format!("subteam^{}", field(run, "usergroup_id")), None, out),
            "emoji" => {
                let name = field(run, "name");
                out.push_str(&crate::emoji::reaction(name));
            }
            _ => out.push_str(field(run, "text")),
        }
    }
}

/// A run of text with its style. White space stays outside the marks, where they would not work.
fn styled(run: &Value, out: &mut String) {
    let text = field(run, "text");
    let style =
        |name: &str| run.get("style").and_then(|s| s.get(name)).and_then(Value::as_bool).unwrap_or_default();
    let inner = text.trim();
    let marks = [("bold", "**"), ("italic", "_"), ("strike", "~~")];
    if inner.is_empty() || inner.contains('\n') || !(style("code") || marks.iter().any(|(s, _)| style(s))) {
        return out.push_str(text);
    }
    let start = &text[..text.len() - text.trim_start().len()];
    let end = &text[text.trim_end().len()..];
    out.push_str(start);
    if style("code") && !inner.contains('`') {
        out.push_str(&format!("`{inner}`"));
    } else {
        let open: String = marks.iter().filter(|(s, _)| style(s)).map(|(_, mark)| *mark).collect();
        let close: String = marks.iter().rev().filter(|(s, _)| style(s)).map(|(_, mark)| *mark).collect();
        out.push_str(&format!("{open}{inner}{close}"));
    }
    out.push_str(end);
}
