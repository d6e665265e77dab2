//! Text of systems that write Markdown as we do: what differs is how people, channels and emoji
//! are named in it. The time is linear in the text, whatever it holds.

use weft_kernel::id::ConversationId;

use crate::{
    emoji,
    model::{Directory, Known, Mentions},
};

/// Longest name looked up, in characters.
const MAX_NAME: usize = 64;
/// Backtick runs longer than this are text.
const MAX_TICKS: usize = 8;

/// How a system's Markdown differs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    /// What stands before a channel's name.
    pub(crate) channel: char,
    /// `*` is bold and `~` strikes through, each alone.
    pub(crate) single: bool,
}

/// Converts the texts of one message and gathers whom they mention.
pub(crate) struct Converter<'a> {
    dialect: Dialect,
    directory: &'a Directory,
    /// What a channel's name means where the message stands.
    channel: &'a dyn Fn(&str) -> Option<ConversationId>,
    pub(crate) mentions: Mentions,
}

/// What is known of the line that is read.
#[derive(Default)]
struct Line {
    /// Lengths of backtick runs that no other closes.
    ticks: [bool; MAX_TICKS + 1],
    star: Emphasis,
    tilde: Emphasis,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Emphasis {
    #[default]
    Closed,
    Open,
    /// Nothing closes it on this line any more.
    Spent,
}

impl<'a> Converter<'a> {
    pub(crate) fn new(
        dialect: Dialect,
        directory: &'a Directory,
        channel: &'a dyn Fn(&str) -> Option<ConversationId>,
    ) -> Self {
        Converter { dialect, directory, channel, mentions: Mentions::default() }
    }

    /// Our Markdown for `text`.
    pub(crate) fn markdown(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        let mut fence: Option<(char, usize)> = None;
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                out.push('\n');
            }
            let marks = fence_of(line);
            match (fence, marks) {
                (None, Some(_)) => fence = marks,
                (Some((open, length)), Some((mark, count))) if mark == open && count >= length => {
                    fence = None
                }
                (None, None) => {
                    self.line(line, &mut out);
                    continue;
                }
                _ => {}
            }
            out.push_str(line);
        }
        out.retain(|c| c != '\0');
        out.truncate(out.trim_end().len());
        out
    }

    fn line(&mut self, text: &str, out: &mut String) {
        let mut line = Line::default();
        let (mut at, mut previous) = (0, None);
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            let used = match c {
                '\\' => rest.chars().nth(1).map(|next| copy(&rest[..1 + next.len_utf8()], out)),
                '`' => Some(ticks(rest, &mut line, out)),
                'h' | 'H' => address(rest).map(|length| copy(&rest[..length], out)),
                '<' if rest[1..].starts_with(['@', '#']) => {
                    out.push('\\'); // shown text, not one of our mentions
                    None
                }
                ':' => emoji::shortcode(rest, out),
                '@' if !joins(previous) => self.mention(rest, out),
                c if c == self.dialect.channel && !joins(previous) && previous != Some(c) => {
                    self.named_channel(rest, out)
                }
                _ => None,
            };
            let used = used.or_else(|| self.emphasis(rest, c, previous, &mut line, out));
            let used = used.unwrap_or_else(|| copy(&rest[..c.len_utf8()], out));
            previous = text[..at + used].chars().next_back();
            at += used;
        }
    }

    fn mention(&mut self, rest: &str, out: &mut String) -> Option<usize> {
        for (length, name) in names(&rest[1..]) {
            let everybody = match name.as_str() {
                "all" | "channel" => Some("all"),
                "here" => Some("here"),
                _ => None,
            };
            if let Some(word) = everybody {
                self.mentions.everybody(word);
                out.push_str(&format!("<@{word}>"));
                return Some(1 + length);
            }
            if let Some(known) = self.directory.people.get(&name) {
                self.person(*known, out);
                return Some(1 + length);
            }
        }
        None
    }

    fn person(&mut self, known: Known, out: &mut String) {
        self.mentions.person(known);
        out.push_str(&format!("<@{}>", known.id));
    }

    fn named_channel(&mut self, rest: &str, out: &mut String) -> Option<usize> {
        let (length, id) =
            names(&rest[1..]).find_map(|(length, name)| Some((length, (self.channel)(&name)?)))?;
        out.push_str(&format!("<#{id}>"));
        Some(1 + length)
    }

    /// A `*` or `~` that stands alone, where the dialect gives it a meaning.
    fn emphasis(
        &self,
        rest: &str,
        c: char,
        previous: Option<char>,
        line: &mut Line,
        out: &mut String,
    ) -> Option<usize> {
        let (state, mark) = match c {
            '*' if self.dialect.single => (&mut line.star, "**"),
            '~' if self.dialect.single => (&mut line.tilde, "~~"),
            _ => return None,
        };
        let next = rest[1..].chars().next();
        if next == Some(c) || previous == Some(c) {
            return None;
        }
        let opens = next.is_some_and(|n| !n.is_whitespace()) && !previous.is_some_and(char::is_alphanumeric);
        *state = match *state {
            Emphasis::Open if previous.is_some_and(|p| !p.is_whitespace()) => Emphasis::Closed,
            Emphasis::Closed if opens && closes(&rest[1..], c) => Emphasis::Open,
            Emphasis::Closed if opens => {
                *state = Emphasis::Spent;
                return None;
            }
            _ => return None,
        };
        out.push_str(mark);
        Some(1)
    }
}

fn copy(text: &str, out: &mut String) -> usize {
    out.push_str(text);
    text.len()
}

/// Whether a name after this character belongs to a longer word, such as an e-mail address.
fn joins(previous: Option<char>) -> bool {
    previous.is_some_and(|p| p.is_ascii_alphanumeric() || matches!(p, '.' | '_' | '-' | '/' | '@'))
}

/// Whether a delimiter that stands alone follows a character that is no space.
fn closes(text: &str, delimiter: char) -> bool {
    let mut previous = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let alone = c == delimiter && previous != delimiter && chars.peek() != Some(&delimiter);
        if alone && !previous.is_whitespace() {
            return true;
        }
        previous = c;
    }
    false
}

/// What a name at the start of `text` may be, the longest first, and its length in bytes.
fn names(text: &str) -> impl Iterator<Item = (usize, String)> {
    let part = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let ends: Vec<usize> = text
        .chars()
        .take_while(part)
        .take(MAX_NAME)
        .scan(0, |end, c| {
            *end += c.len_utf8();
            Some(*end)
        })
        .collect();
    // A shorter name may end before punctuation or a script without spaces, not within a word.
    let whole = move |end: &usize| {
        let next = text[*end..].chars().next();
        !(next.is_some_and(|c| c.is_ascii_alphanumeric())
            && text[..*end].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric()))
    };
    ends.into_iter().rev().filter(whole).map(|end| (end, text[..end].to_lowercase()))
}

/// The marks that open or close a fence on this line.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let text = line.trim_start();
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = text.chars().take_while(|c| *c == mark).count();
    (count >= 3 && line.len() - text.len() <= 3).then_some((mark, count))
}

/// Code between backticks, as it is; or the backticks alone.
fn ticks(rest: &str, line: &mut Line, out: &mut String) -> usize {
    let count = rest.bytes().take_while(|b| *b == b'`').count();
    if count > MAX_TICKS || line.ticks[count] {
        return copy(&rest[..count], out);
    }
    let mut run = 0;
    for (i, b) in rest.bytes().enumerate().skip(count).chain([(rest.len(), b' ')]) {
        if b == b'`' {
            run += 1;
        } else if run == count {
            return copy(&rest[..i], out);
        } else {
            run = 0;
        }
    }
    line.ticks[count] = true;
    copy(&rest[..count], out)
}

/// The length of a web address at the start of `rest`.
fn address(rest: &str) -> Option<usize> {
    let scheme = ["https://", "http://"]
        .iter()
        .find(|scheme| rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | ')' | ']');
    Some(rest[scheme.len()..].find(ends).map_or(rest.len(), |length| scheme.len() + length))
}

/// Text that is neither code nor markup, escaped where it could become a mention.
pub(crate) fn escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '<' | '[' | ']' | '*' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
}

/// A link with its label; only the label where the address is none that one may follow.
pub(crate) fn link(address: &str, label: Option<&str>, out: &mut String) {
    let shown = label.filter(|l| !l.is_empty());
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let safe = matches!(scheme.as_deref(), Some("http" | "https" | "mailto" | "ftp" | "tel"))
        && !address.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>'));
    if !safe {
        return escaped(shown.unwrap_or(address), out);
    }
    let bare = address.strip_prefix("mailto:").or_else(|| address.strip_prefix("tel:")).unwrap_or(address);
    match shown {
        Some(label) if label != bare && label != address => {
            out.push('[');
            escaped(label, out);
            out.push_str("](<");
            out.push_str(address);
            out.push_str(">)");
        }
        _ if bare.contains(['(', ')', '*', '[', ']', '~', '_']) => {
            out.push('<');
            out.push_str(bare);
            out.push('>');
        }
        _ => out.push_str(bare),
    }
}

#[cfg(test)]
mod tests {
    use weft_kernel::{Env, LogKey, PrincipalKey};

    use super::*;

    const MARKDOWN: Dialect = Dialect { channel: '~', single: false };
    const SINGLE: Dialect = Dialect { channel: '#', single: true };

    fn check(dialect: Dialect, cases: &[(&str, &str)]) {
        let env = Env::system();
        let mut directory = Directory::default();
        let known = Known { key: PrincipalKey(1), id: env.id(), log: LogKey(1), placeholder: true };
        for name in ["bob", "bob.lee", "王小明"] {
            directory.people.insert(name.to_owned(), known);
        }
        let town: ConversationId = env.id();
        let channel = |name: &str| (name == "town").then_some(town);
        for (text, expected) in cases {
            let ours = Converter::new(dialect, &directory, &channel).markdown(text);
            let expected =
                expected.replace("BOB", &format!("<@{}>", known.id)).replace("TOWN", &format!("<#{town}>"));
            assert_eq!(ours, expected, "{text}");
        }
    }

    #[test]
    fn only_names_change_where_markdown_is_written() {
        check(
            MARKDOWN,
            &[
                ("**bold** *it* ~~gone~~ #tag", "**bold** *it* ~~gone~~ #tag"),
                ("@bob, @Bob. @bob.lee. @bobby", "BOB, BOB. BOB. @bobby"),
                ("请@bob看一下 @王小明", "请BOB看一下 BOB"),
                ("a@bob.example https://x.example/@bob", "a@bob.example https://x.example/@bob"),
                ("@all @channel @here @nobody", "<@all> <@all> <@here> @nobody"),
                ("~town ~~town~~ ~nowhere", "TOWN ~~town~~ ~nowhere"),
                ("`@bob` ``a`@bob`` `@bob", "`@bob` ``a`@bob`` `BOB"),
                ("```\n@bob\n```\n@bob", "```\n@bob\n```\nBOB"),
                ("<@usr_x> <#cnv_x> \\@bob", "\\<@usr_x> \\<#cnv_x> \\@bob"),
                (":tada: :no_such_thing: 10:30:00", "🎉 :no_such_thing: 10:30:00"),
            ],
        );
    }

    #[test]
    fn single_marks_become_double() {
        check(
            SINGLE,
            &[
                ("*bold* **bold** _it_ ~gone~ ~~gone~~", "**bold** **bold** _it_ ~~gone~~ ~~gone~~"),
                ("* item\n2 * 3 * 4 *open", "* item\n2 * 3 * 4 *open"),
                ("# heading #town #tag", "# heading TOWN #tag"),
            ],
        );
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for piece in ["*a ", "~a ", "`", "``` ", "<@", "@b", "@bob.", ":a", "#t", "http://", "\\", "`` ` "] {
            let channel = |_: &str| None;
            Converter::new(SINGLE, &Directory::default(), &channel).markdown(&piece.repeat(200_000));
        }
    }
}
