//! Text as it is gathered: no more than is kept, and tidy at the end.

use super::super::{KEPT, Read};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Out {
    text: String,
    /// There is more than is kept.
    pub(super) cut: bool,
}

impl Out {
    /// Adds what fits.
    pub(super) fn push(&mut self, text: &str) {
        let left = KEPT - self.text.len();
        if text.len() <= left {
            self.text.push_str(text);
            return;
        }
        self.cut = true;
        let end = (0..=left).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        self.text.push_str(&text[..end]);
    }

    /// Whether no more is taken.
    pub(super) fn full(&self) -> bool {
        self.cut
    }

    /// The text without what nobody reads. `printed`: its lines are those of paper, so that a break
    /// or a gap between two characters of a script without spaces stands for nothing.
    pub(super) fn done(self, printed: bool) -> Read {
        let mut text = String::with_capacity(self.text.len());
        let mut gap = String::new();
        for c in self.text.chars() {
            match c {
                '\n' | '\t' => gap.push(c),
                '\r' => {}
                // Stands for names in messages.
                c if c.is_whitespace() || c == '\u{FFFC}' => gap.push(' '),
                c if c.is_control() => {}
                c => {
                    let joined = printed && gap_stands_for_nothing(&text, &gap, c);
                    if !joined && !text.is_empty() {
                        text.push_str(shortened(&gap));
                    }
                    gap.clear();
                    text.push(c);
                }
            }
        }
        Read { text, cut: self.cut }
    }
}

/// One sign for any white space: what of it means most.
fn shortened(gap: &str) -> &'static str {
    match () {
        () if gap.is_empty() => "",
        () if gap.matches('\n').count() > 1 => "\n\n",
        () if gap.contains('\n') => "\n",
        () if gap.contains('\t') => "\t",
        () => " ",
    }
}

fn gap_stands_for_nothing(before: &str, gap: &str, after: char) -> bool {
    gap.matches('\n').count() < 2 && before.chars().next_back().is_some_and(unspaced) && unspaced(after)
}

/// Written without spaces: Han, kana, and their punctuation.
fn unspaced(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(text: &str, printed: bool) -> String {
        let mut out = Out::default();
        out.push(text);
        out.done(printed).text
    }

    #[test]
    fn what_nobody_reads_is_dropped() {
        assert_eq!(done("  a \u{0} b\r\n\n\n\nc \n", false), "a b\n\nc");
        assert_eq!(done("第一\n行 a", false), "第一\n行 a");
    }

    #[test]
    fn lines_of_paper_do_not_part_chinese() {
        assert_eq!(done("季度预\n算 报告\n\n第二页 two\nthree", true), "季度预算报告\n\n第二页 two\nthree");
    }

    #[test]
    fn no_more_is_kept_than_fits() {
        let mut out = Out::default();
        out.push(&"字".repeat(KEPT));
        assert!(out.full());
        assert_eq!(out.done(false).text.len(), KEPT / 3 * 3);
    }
}
