//! HTML as the text that people read. A tokenizer reads it, forwards only.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// Most tokens that are looked at.
const TOKENS: usize = 200_000;
/// Quotes in quotes beyond this are not told apart.
const QUOTES: usize = 8;

/// The text of `html`; what it quotes is in lines that begin with `>`.
pub(super) fn text(html: &str) -> String {
    let mut page = Page::default();
    let mut emitter = DefaultEmitter::default();
    // What is in scripts and styles is not taken for tags.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter).take(TOKENS) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.open(&tag),
            Token::EndTag(tag) => page.close(&tag.name),
            Token::String(text) if page.hidden.is_none() => page.say(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    page.end_line();
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    line: String,
    quotes: usize,
    /// The element whose text nobody reads.
    hidden: Option<Vec<u8>>,
    /// Line breaks are kept.
    preformatted: bool,
}

impl Page {
    fn open(&mut self, tag: &StartTag<()>) {
        match tag.name.as_slice() {
            b"script" | b"style" | b"title" | b"head" if self.hidden.is_none() && !tag.self_closing => {
                self.hidden = Some(tag.name.to_vec());
            }
            // A head that is never closed hides nothing of the body.
            b"body" => self.hidden = None,
            b"br" => self.break_line(),
            b"blockquote" => {
                self.end_line();
                self.quotes += 1;
            }
            b"li" => {
                self.end_line();
                self.line.push_str("- ");
            }
            b"pre" => {
                self.end_line();
                self.preformatted = true;
            }
            name if block(name) => self.end_line(),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        if self.hidden.as_deref() == Some(name) {
            self.hidden = None;
        }
        match name {
            b"blockquote" => {
                self.end_line();
                self.quotes = self.quotes.saturating_sub(1);
            }
            b"pre" => {
                self.end_line();
                self.preformatted = false;
            }
            b"p" => {
                self.end_line();
                self.break_line();
            }
            name if block(name) => self.end_line(),
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        if self.preformatted {
            let mut lines = text.split('\n');
            self.line.push_str(lines.next().unwrap_or_default());
            for line in lines {
                self.break_line();
                self.line.push_str(line);
            }
            return;
        }
        for c in text.chars() {
            match c {
                c if !c.is_whitespace() => self.line.push(c),
                _ if self.line.is_empty() || self.line.ends_with(' ') => {}
                _ => self.line.push(' '),
            }
        }
    }

    /// Ends the line, if there is one.
    fn end_line(&mut self) {
        if !self.line.trim().is_empty() {
            self.break_line();
        }
        self.line.clear();
    }

    fn break_line(&mut self) {
        let quotes = "> ".repeat(self.quotes.min(QUOTES));
        self.text.push_str(&quotes);
        self.text.push_str(self.line.trim_end());
        self.text.push('\n');
        self.line.clear();
    }
}

fn block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"div"
            | b"tr"
            | b"table"
            | b"ul"
            | b"ol"
            | b"li"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"hr"
            | b"section"
            | b"article"
            | b"header"
            | b"footer"
    )
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn people_read_this() {
        let html = "<html><head><title>x</title></head><body><div>你好，</div><div><br></div><div>see  <b>this</b></div>\
            <script>no()</script><ul><li>one<li>two</ul><div class=gmail_quote>On Monday, A wrote:<blockquote>old<br>older\
            <blockquote>oldest</blockquote></blockquote></div></body></html>";
        assert_eq!(
            text(html),
            "你好，\n\nsee this\n- one\n- two\nOn Monday, A wrote:\n> old\n> older\n> > oldest\n"
        );
        assert_eq!(text("<p>a</p><p>b &lt;x&gt;</p>"), "a\n\nb <x>\n\n");
        assert_eq!(text(""), "");
        let deep = "<blockquote>".repeat(10_000) + "x";
        assert!(text(&deep).ends_with("x\n"));
    }
}
