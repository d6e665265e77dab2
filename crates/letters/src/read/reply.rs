//! What somebody wrote, out of a mail that also holds what they answer.
//!
//! **Invariant:** what stands above the first thing that looks like a quote is the answer; only where
//! nothing stands there is it looked for between and below quoted lines.

/// Our own line, above what a mail holds; in both languages, since the answer may be read in either.
pub const MARKER: [&str; 2] = ["Reply above this line", "请在此行上方回复"];

/// Lines over which a program breaks the words before what it quotes.
const FOLDED: usize = 4;
/// Lines within which the head of a quoted mail stands.
const HEAD: usize = 8;

/// The answer in `text`; empty where there is none but quotes.
pub(crate) fn extract(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n").replace('\u{a0}', " ");
    // What no database and no reader has a use for.
    let text = text.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\t'), "");
    let lines: Vec<&str> = text.lines().collect();
    let cut = (0..lines.len()).find(|at| begins_quote(&lines, *at)).unwrap_or(lines.len());
    let above = tidy(&lines[..cut]);
    if !above.is_empty() {
        return above;
    }
    // Written below, or between what is quoted: everything that is neither quoted nor says so.
    let mut own = Vec::new();
    let mut at = cut;
    while at < lines.len() {
        match quoted_at(&lines, at) {
            0 => {
                own.push(lines[at]);
                at += 1;
            }
            lines => at += lines,
        }
    }
    tidy(&own)
}

/// Whether what is quoted begins at a line.
fn begins_quote(lines: &[&str], at: usize) -> bool {
    quoted_at(lines, at) > 0 && !(is_quoted(lines[at]) && answered_below(lines, at))
}

/// How many lines from `at` on are quoted, or say so.
fn quoted_at(lines: &[&str], at: usize) -> usize {
    let line = lines[at].trim();
    if is_quoted(line) || is_marker(line) || is_divider(line) {
        return 1;
    }
    attribution(lines, at).max(head(lines, at))
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Whether quoted lines are answered one by one: something own stands between them and what follows.
fn answered_below(lines: &[&str], at: usize) -> bool {
    let rest = &lines[at..];
    let quoted = rest.iter().take_while(|line| is_quoted(line)).count();
    let own = rest[quoted..].iter().find(|line| !line.trim().is_empty());
    own.is_some_and(|line| !is_marker(line) && line.trim_end() != "--")
}

fn is_marker(line: &str) -> bool {
    MARKER.iter().any(|marker| line.contains(marker))
}

/// `-----Original Message-----` and its kin.
fn is_divider(line: &str) -> bool {
    let inner = line.trim_matches(['-', '_', '*', ' ', '—', '=']);
    let dashes = line.chars().take_while(|c| matches!(c, '-' | '_' | '—' | '=')).count();
    let known = [
        "original message",
        "original appointment",
        "forwarded message",
        "原始邮件",
        "原邮件",
        "回复的原邮件",
        "转发的原邮件",
        "转发邮件",
        "原始郵件",
        "邮件原件",
    ];
    dashes >= 2 && known.iter().any(|name| inner.eq_ignore_ascii_case(name))
}

/// `On … wrote:`, `在 … 写道：`, over up to four lines; how many.
fn attribution(lines: &[&str], at: usize) -> usize {
    const STARTS: [&str; 5] = ["on ", "at ", "le ", "在", "于"];
    let mut joined = String::new();
    let first = lines[at].trim().to_lowercase();
    if !first.contains(['@', '<']) && !STARTS.iter().any(|start| first.starts_with(start)) {
        return 0;
    }
    for (count, line) in lines[at..].iter().take(FOLDED).enumerate() {
        let line = line.trim();
        if line.is_empty() || is_quoted(line) {
            return 0;
        }
        joined.push_str(line);
        joined.push(' ');
        let said = joined.trim_end().trim_end_matches([':', '：']);
        let ended = said.len() < joined.trim_end().len();
        let lower = said.to_ascii_lowercase();
        let dated = said.contains(|c: char| c.is_ascii_digit()) || said.contains('@');
        if ended && dated && (lower.ends_with(" wrote") || lower.ends_with(" écrit ")) {
            return count + 1;
        }
        let chinese = ["写道", "写到", "寫道", "寫到"].iter().any(|word| said.trim_end().ends_with(word));
        if ended && dated && chinese {
            return count + 1;
        }
    }
    0
}

/// The head of a mail as some programs quote it: `From:` and at least two more of its kin; how many
/// lines.
fn head(lines: &[&str], at: usize) -> usize {
    const FIRST: [&str; 6] = ["from", "发件人", "寄件者", "寄件人", "發件人", "von"];
    const MORE: [&str; 18] = [
        "sent",
        "date",
        "to",
        "cc",
        "subject",
        "发送时间",
        "日期",
        "时间",
        "收件人",
        "抄送",
        "主题",
        "傳送時間",
        "寄件日期",
        "收件者",
        "副本",
        "主旨",
        "importance",
        "reply-to",
    ];
    let name = |line: &str| {
        let line = line.trim().trim_matches('*').trim_start();
        let (name, _) = line.split_once([':', '：'])?;
        Some(name.trim().trim_matches('*').trim().to_lowercase())
    };
    let is = |line: &str, names: &[&str]| name(line).is_some_and(|name| names.contains(&name.as_str()));
    if !is(lines[at], &FIRST) {
        return 0;
    }
    let rest = &lines[at + 1..];
    let block = rest.iter().take(HEAD).take_while(|line| !line.trim().is_empty());
    let (mut named, mut last) = (0, 0);
    for (count, line) in block.enumerate() {
        if is(line, &MORE) {
            named += 1;
            last = count + 1;
        }
    }
    if named >= 2 { last + 1 } else { 0 }
}

/// Without a signature, what programs add, and empty lines around it.
fn tidy(lines: &[&str]) -> String {
    let signed = lines.iter().position(|line| matches!(*line, "-- " | "--"));
    let mut lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    if let Some(at) = signed {
        lines.truncate(at);
    }
    while let Some(last) = lines.last() {
        let rule = !last.is_empty() && last.trim().chars().all(|c| matches!(c, '_' | '-' | '—' | '=' | '*'));
        if !last.trim().is_empty() && !rule && !is_device(last) && !is_introduction(last, signed) {
            break;
        }
        lines.pop();
    }
    let begin = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(lines.len());
    lines[begin..].join("\n")
}

/// `Sent from my iPhone` and its kin.
fn is_device(line: &str) -> bool {
    let line = line.trim();
    let lower = line.to_ascii_lowercase();
    let english = lower.starts_with("sent from my ") || lower.starts_with("get outlook for ");
    let chinese = line.starts_with("发自我的") || line.starts_with("從我的") || line.starts_with("来自我的");
    (english || chinese) && line.chars().count() <= 60
}

/// Words of another language before what is quoted: they end with a colon and name an address.
fn is_introduction(line: &str, signed: Option<usize>) -> bool {
    signed.is_none()
        && line.trim_end().ends_with([':', '：'])
        && line.contains('@')
        && line.contains(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::extract;

    #[test]
    fn what_is_quoted_is_left_out() {
        for (mail, answer) in [
            ("Yes, at three.\r\n", "Yes, at three."),
            ("Yes\n\nOn Mon, 2 Nov 2026 at 10:00, Weft <reply+x@y> wrote:\n> old\n", "Yes"),
            (
                "Yes\n\nOn Mon, 2 Nov 2026 at 10:00, Weft\n<reply+xxxxxxxxxxxxxxxxxxxxx@example.com>\nwrote:\n\n> old\n",
                "Yes",
            ),
            ("好的\n\n在 2026年11月2日，10:00，Weft <reply+x@y> 写道：\n> 旧\n", "好的"),
            ("好的\n\nWeft <reply+x@y> 于2026年11月2日周一 10:00写道：\n\n旧", "好的"),
            ("好\n\n\n------------------ 原始邮件 ------------------\n发件人: \"Weft\"\n旧", "好"),
            ("Yes\nOn Mon, 2 Nov 2026, Weft <x@y> wrote:\n> old", "Yes"),
            ("ok\n\n-----Original Message-----\nFrom: Weft\nold", "ok"),
            (
                "ok\n\n________________________________\nFrom: Weft <x@y>\nSent: Monday\nTo: me\nSubject: s\n\nold",
                "ok",
            ),
            ("ok\n\n发件人： Weft\n发送时间： 2026年11月2日\n收件人： me\n主题： s\n\n旧", "ok"),
            ("ok\n— Reply above this line —\nold", "ok"),
            ("ok\n> —— 请在此行上方回复 ——\n> 旧", "ok"),
            ("ok\n\n-- \nLi Lei\n+86 …", "ok"),
            ("ok\n\nSent from my iPhone\n\nOn 2 Nov 2026, at 10:00, Weft <x@y> wrote:\n> old", "ok"),
            ("好\n\n发自我的 iPhone\n", "好"),
            ("Ja\n\nAm 02.11.2026 um 10:00 schrieb Weft <x@y>:\n> alt", "Ja"),
            ("two\n\nparagraphs\n\n> quoted at the end\n> and more\n", "two\n\nparagraphs"),
        ] {
            assert_eq!(extract(mail), answer, "{mail}");
        }
    }

    #[test]
    fn what_is_written_below_or_between_is_found() {
        let below = "On Mon, 2 Nov 2026, Weft <x@y> wrote:\n> old\n> older\n\nmy answer\n-- \nLi";
        assert_eq!(extract(below), "my answer");
        let between = "> can you?\nyes\n> when?\nat three\n";
        assert_eq!(extract(between), "> can you?\nyes\n> when?\nat three");
        let chinese = "在 2026年11月2日，Weft <x@y> 写道：\n> 旧\n\n我的回复";
        assert_eq!(extract(chinese), "我的回复");
    }

    #[test]
    fn words_that_look_like_it_stay() {
        for words in [
            "From: the beginning I thought so",
            "On Monday I wrote:\nnothing",
            "he said > she said",
            "I wrote: see below",
            "Original message was fine",
            "subject: lunch\ndate: today",
            "a list:\n- one\n- two",
            "-- not a signature",
            "写道是个词",
        ] {
            assert_eq!(extract(words), words);
        }
    }

    #[test]
    fn a_quote_alone_is_no_answer() {
        for mail in [
            "> old\n> older\n",
            "On Mon, 2 Nov 2026, Weft <x@y> wrote:\n> old\n",
            "",
            " \n\n",
            "— Reply above this line —\n",
        ] {
            assert_eq!(extract(mail), "", "{mail}");
        }
    }
}
