//! Slack's `mrkdwn` as our Markdown: what a reader of Slack saw is what a reader here sees.
//!
//! Text that Slack shows as it is but Markdown would take for markup is escaped. The time is
//! linear in the text, whatever it holds.

use crate::{
    emoji,
    markup::{self, escaped},
    model::{Directory, Mentions},
};

/// Converts the texts of one message and gathers whom they mention.
pub(super) struct Converter<'a> {
    directory: &'a Directory,
    pub(super) mentions: Mentions,
}

/// Delimiters for which no closing one is left on the line, and those already open around it.
#[derive(Clone, Copy, Default)]
struct Spent {
    star: bool,
    underscore: bool,
    tilde: bool,
}

impl Spent {
    fn of(&mut self, delimiter: char) -> &mut bool {
        match delimiter {
            '*' => &mut self.star,
            '_' => &mut self.underscore,
            _ => &mut self.tilde,
        }
    }
}

impl<'a> Converter<'a> {
    pub(super) fn new(directory: &'a Directory) -> Self {
        Converter { directory, mentions: Mentions::default() }
    }

    /// The Markdown of a message's `text`.
    pub(super) fn markdown(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        let mut rest = text;
        while let Some((before, (code, after))) = split_fence(rest) {
            self.lines(before, &mut out);
            end_line(&mut out);
            out.push_str("```\n");
            plain(code.strip_prefix('\n').unwrap_or(code), &mut out);
            end_line(&mut out);
            out.push_str("```\n");
            rest = after.strip_prefix('\n').unwrap_or(after);
        }
        self.lines(rest, &mut out);
        out.truncate(out.trim_end().len());
        out.retain(|c| c != '\0');
        out
    }

    fn lines(&mut self, text: &str, out: &mut String) {
        let (mut quote_on, mut quoted) = (false, false);
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                out.push('\n');
            }
            let mut line = line.strip_suffix('\r').unwrap_or(line);
            if let Some(after) = line.strip_prefix("&gt;&gt;&gt;") {
                (quote_on, line) = (true, after);
            }
            let single = line.strip_prefix("&gt;");
            let now_quoted = quote_on || single.is_some();
            if quoted && !now_quoted && !line.is_empty() {
                // Without an empty line Markdown would draw this line into the quotation.
                out.push('\n');
            }
            quoted = now_quoted;
            if now_quoted {
                out.push_str("> ");
                line = single.unwrap_or(line).trim_start();
            }
            self.line(line, out);
        }
    }

    fn line(&mut self, line: &str, out: &mut String) {
        let item = line.trim_start();
        let indent = &line[..line.len() - item.len()];
        if let Some(after) = ["• ", "◦ ", "▪ "].iter().find_map(|b| item.strip_prefix(b)) {
            out.push_str(indent);
            out.push_str("- ");
            return self.inline(after, Spent::default(), out);
        }
        let marks = item.bytes().take_while(|b| *b == b'#').count();
        let heading = (1..=6).contains(&marks) && item[marks..].chars().next().is_none_or(|c| c == ' ');
        let underline = !item.is_empty()
            && ['-', '=', '_', '*'].iter().any(|m| item.trim_end().chars().all(|c| c == *m || c == ' '));
        if heading || (underline && !item.starts_with(['_', '*'])) {
            out.push('\\');
        }
        self.inline(line, Spent::default(), out);
    }

    fn inline(&mut self, line: &str, mut spent: Spent, out: &mut String) {
        let mut at = 0;
        let mut previous: Option<char> = None;
        while let Some(c) = line[at..].chars().next() {
            let rest = &line[at..];
            let used = match c {
                '`' => code_span(rest, out),
                '<' => self.control(rest, out),
                '&' => Some(entity(rest, out)),
                ':' => emoji::shortcode(rest, out),
                '*' | '_' | '~' => self.emphasis(rest, c, previous, &mut spent, out),
                '\\' if rest[1..].starts_with(|n: char| n.is_ascii_punctuation()) => {
                    out.push('\\');
                    None
                }
                _ => None,
            };
            let used = used.unwrap_or_else(|| {
                let next = rest[c.len_utf8()..].chars().next();
                if needs_escape(c, previous, next) {
                    out.push('\\');
                }
                out.push(c);
                c.len_utf8()
            });
            previous = line[..at + used].chars().next_back();
            at += used;
        }
    }

    /// `*bold*`, `_italic_`, `~struck~` at the start of `rest`; none when it is plain text.
    fn emphasis(
        &mut self,
        rest: &str,
        delimiter: char,
        previous: Option<char>,
        spent: &mut Spent,
        out: &mut String,
    ) -> Option<usize> {
        let opens = previous.is_none_or(|p| !p.is_alphanumeric() && p != delimiter)
            && rest[1..].chars().next().is_some_and(|n| !n.is_whitespace() && n != delimiter);
        if !opens || *spent.of(delimiter) {
            return None;
        }
        let Some(length) = closing(&rest[1..], delimiter) else {
            *spent.of(delimiter) = true;
            return None;
        };
        let mark = match delimiter {
            '*' => "**",
            '_' => "_",
            _ => "~~",
        };
        let mut within = *spent;
        *within.of(delimiter) = true;
        out.push_str(mark);
        self.inline(&rest[1..=length], within, out);
        out.push_str(mark);
        Some(length + 2)
    }

    /// `<…>` at the start of `rest`.
    fn control(&mut self, rest: &str, out: &mut String) -> Option<usize> {
        // A second `<` ends the search, so that a row of them is not searched again and again.
        let end = 1 + rest.bytes().skip(1).position(|b| b == b'<' || b == b'>')?;
        if rest.as_bytes()[end] == b'<' {
            return None;
        }
        let inner = &rest[1..end];
        let (what, label) = match inner.split_once('|') {
            Some((what, label)) => (what, Some(label)),
            None => (inner, None),
        };
        if let Some(id) = what.strip_prefix('@') {
            self.mention(id, label, out);
        } else if let Some(id) = what.strip_prefix('#') {
            self.channel(id, label, out);
        } else if let Some(command) = what.strip_prefix('!') {
            self.command(command, label, out);
        } else {
            link(what, label, out);
        }
        Some(end + 1)
    }

    /// A person, by their outside id.
    pub(super) fn mention(&mut self, id: &str, label: Option<&str>, out: &mut String) {
        match self.directory.people.get(id) {
            Some(known) => {
                self.mentions.person(*known);
                out.push_str(&format!("<@{}>", known.id));
            }
            None => {
                out.push('@');
                text(label.unwrap_or(id).trim_start_matches('@'), out);
            }
        }
    }

    /// A conversation, by its outside id.
    pub(super) fn channel(&mut self, id: &str, label: Option<&str>, out: &mut String) {
        match self.directory.spaces.get(id) {
            Some(id) => out.push_str(&format!("<#{id}>")),
            None => {
                out.push('#');
                text(label.filter(|l| !l.is_empty()).unwrap_or(id), out);
            }
        }
    }

    /// `here`, `channel`, `everyone`, `subteam^…`, `date^…`.
    pub(super) fn command(&mut self, command: &str, label: Option<&str>, out: &mut String) {
        let everybody = match command {
            "here" => "here",
            "channel" | "everyone" | "group" => "all",
            _ => {
                let name = label.or_else(|| command.split('^').nth(1)).unwrap_or(command);
                if command.starts_with("subteam") && !name.starts_with('@') {
                    out.push('@');
                }
                return text(name, out);
            }
        };
        out.push_str(&format!("<@{everybody}>"));
        self.mentions.everybody(everybody);
    }
}

/// Text before a fence, the code in it, and what follows; none without a whole fence.
fn split_fence(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, after) = text.split_once("```")?;
    Some((before, after.split_once("```")?))
}

pub(super) fn end_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// The length of the text up to a closing `delimiter`, if one is on this line.
fn closing(text: &str, delimiter: char) -> Option<usize> {
    let mut previous = None;
    let mut hidden_until = None;
    for (i, c) in text.char_indices() {
        match hidden_until {
            Some(end) if c == end => hidden_until = None,
            Some(_) => {}
            None if c == '<' => hidden_until = Some('>'),
            None if c == '`' => hidden_until = Some('`'),
            None if c == delimiter => {
                let next = text[i + c.len_utf8()..].chars().next();
                let ends = next.is_none_or(|n| !n.is_alphanumeric() && n != delimiter);
                if ends && previous.is_some_and(|p: char| !p.is_whitespace() && p != delimiter) {
                    return Some(i);
                }
            }
            None => {}
        }
        previous = Some(c);
    }
    None
}

/// Whether Markdown would take `c` for markup where Slack shows it.
fn needs_escape(c: char, previous: Option<char>, next: Option<char>) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    match c {
        '*' => !(space(previous) && space(next)),
        '_' => !(word(previous) && word(next) || space(previous) && space(next)),
        '~' => next == Some('~') || previous == Some('~'),
        '`' => true,
        '<' => matches!(next, Some('@' | '#')),
        _ => false,
    }
}

fn code_span(rest: &str, out: &mut String) -> Option<usize> {
    let length = rest[1..].find('`').filter(|length| *length > 0)?;
    out.push('`');
    plain(&rest[1..=length], out);
    out.push('`');
    Some(length + 2)
}

/// The entity at the start of `rest`, decoded; returns its length.
fn entity(rest: &str, out: &mut String) -> usize {
    if let Some(after) = rest.strip_prefix("&lt;") {
        if after.starts_with(['@', '#']) {
            out.push('\\'); // shown text, not one of our mentions
        }
        out.push('<');
        return 4;
    }
    if rest.starts_with("&gt;") {
        out.push('>');
        return 4;
    }
    let after = rest.strip_prefix("&amp;");
    if after.is_some_and(looks_like_entity) {
        out.push('\\');
    }
    out.push('&');
    if after.is_some() { 5 } else { 1 }
}

fn looks_like_entity(text: &str) -> bool {
    let name = text.bytes().take(32).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    name > 0 && text.as_bytes().get(name) == Some(&b';')
}

/// Entities decoded, nothing escaped: for code and addresses.
pub(super) fn decode(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Text that is neither code nor markup.
fn text(text: &str, out: &mut String) {
    escaped(&decode(text), out);
}

/// Code: entities decoded, links as their label.
fn plain(code: &str, out: &mut String) {
    let mut rest = code;
    while let Some(open) = rest.find('<') {
        let Some(length) = rest[open..].find('>') else { break };
        out.push_str(&decode(&rest[..open]));
        let inner = &rest[open + 1..open + length];
        out.push_str(&decode(inner.split_once('|').map_or(inner, |(_, label)| label)));
        rest = &rest[open + length + 1..];
    }
    out.push_str(&decode(rest));
}

/// A link with its label.
pub(super) fn link(address: &str, label: Option<&str>, out: &mut String) {
    markup::link(&decode(address), label.map(decode).as_deref(), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(text: &str) -> String {
        Converter::new(&Directory::default()).markdown(text)
    }

    #[test]
    fn markup_keeps_its_meaning() {
        for (slack, ours) in [
            ("*bold* _it_ ~gone~", "**bold** _it_ ~~gone~~"),
            ("*_both_*", "**_both_**"),
            ("2 * 3 * 4 and a*b*c", "2 * 3 * 4 and a\\*b\\*c"),
            ("snake_case __init__", "snake_case \\_\\_init\\_\\_"),
            ("`a *b* &lt;c&gt;`", "`a *b* <c>`"),
            ("see ```\nlet x = 1;\n``` ok", "see \n```\nlet x = 1;\n```\n ok"),
            ("&gt; quoted\nplain", "> quoted\n\nplain"),
            ("<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"),
            ("<https://a.example|the [page]>", "[the \\[page\\]](<https://a.example>)"),
            ("<javascript:alert(1)|x>", "x"),
            ("<mailto:a@b.example|a@b.example>", "a@b.example"),
            ("<!here> <!channel> <!subteam^S1|@ops>", "<@here> <@all> @ops"),
            ("<@U404|bob> <#C404|general>", "@bob #general"),
            ("&lt;@usr_x&gt; &amp;copy; R&amp;D", "\\<@usr_x> \\&copy; R&D"),
            ("# not a heading\n• item", "\\# not a heading\n- item"),
            ("a\n---", "a\n\\---"),
            (":tada: :unknown_thing: 10:30:00", "🎉 :unknown_thing: 10:30:00"),
            ("这是*重点*内容", "这是\\*重点\\*内容"),
        ] {
            assert_eq!(convert(slack), ours, "{slack}");
        }
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for piece in ["*a ", "_a ", "`", "<", "<@", "&lt;", ":a", "*_~", "```", "&gt;&gt;&gt;"] {
            let text = piece.repeat(200_000);
            convert(&text);
        }
    }
}
