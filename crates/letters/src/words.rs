//! What is said by mail and on the page that a mail leads to.

/// The language that a locale means.
pub(crate) fn chinese(locale: &str) -> bool {
    locale.starts_with("zh")
}

/// Why an answer was not posted, for whoever wrote it: subject and text. `detail` is what to say of
/// reasons that have no words here.
pub(crate) fn not_posted(locale: &str, code: &str, detail: &str, began: &str) -> (String, String) {
    let why = reason(locale, code).unwrap_or(detail);
    if chinese(locale) {
        let quoted =
            if began.is_empty() { String::new() } else { format!("\n\n你写的内容：\n\n{began}") };
        return (
            "你的邮件回复没有发出".into(),
            format!("你通过邮件回复的内容没有发到经纬。\n\n原因：{why}{quoted}\n"),
        );
    }
    let quoted = if began.is_empty() { String::new() } else { format!("\n\nWhat you wrote:\n\n{began}") };
    (
        "Your answer by mail was not posted".into(),
        format!("What you answered by mail was not posted in Weft.\n\nReason: {why}{quoted}\n"),
    )
}

fn reason(locale: &str, code: &str) -> Option<&'static str> {
    let (en, zh) = match code {
        "expired" => (
            "A mail can be answered for two weeks. Answer in Weft instead.",
            "邮件只能在两周内回复，请在经纬中回复。",
        ),
        "deactivated" => ("Your access to the organisation was ended.", "你在该组织的访问权限已停用。"),
        "not_member" | "not_found" => ("You are not in the conversation any more.", "你已不在这个会话中。"),
        "archived" => ("The conversation is archived.", "会话已归档。"),
        "not_publisher" | "post_needed" => {
            ("Only this space's publishers may post there.", "只有发布者可以在那里发布。")
        }
        "comments_off" => ("Comments are switched off there.", "那里已关闭评论。"),
        "message_gone" => ("What you answer was recalled or deleted.", "你回复的消息已被撤回或删除。"),
        "confirm_all" => (
            "It calls everybody in a large conversation, which has to be confirmed in Weft.",
            "它会通知大型会话中的所有人，需要在经纬中确认。",
        ),
        "empty" => (
            "There was no text above what you quoted. Write your answer at the top of the mail.",
            "引用内容的上方没有文字。请把回复写在邮件开头。",
        ),
        "unreadable" => ("The mail is damaged.", "邮件已损坏，无法读取。"),
        "too_long" => ("It has more than 40,000 characters.", "内容超过 40,000 个字符。"),
        _ => return None,
    };
    Some(if chinese(locale) { zh } else { en })
}

/// Said below an answer some of whose attachments were left out.
pub fn left_out(locale: &str, count: usize) -> String {
    match (chinese(locale), count) {
        (true, count) => format!("（邮件中的 {count} 个附件未能添加）"),
        (false, 1) => "(An attachment of the mail was left out.)".into(),
        (false, count) => format!("({count} attachments of the mail were left out.)"),
    }
}
