use uuid::Uuid;

use super::*;

fn person(n: u128) -> PrincipalId {
    PrincipalId::from_uuid(Uuid::from_u128(n))
}

#[test]
fn mentions_are_found_outside_code_only() {
    let (a, b, c) = (person(1), person(2), person(3));
    let text = format!("**<@{a}>** 和 <@{b}> and `<@{c}>`\n\n```\n<@{c}> <@all>\n```\n\n> <@{a}> <@here>");
    let parsed = parse(&text).unwrap();
    assert_eq!(parsed.mentions, vec![a, b]);
    assert_eq!(parsed.mention_all, Some(MentionAll::Here));
    assert_eq!(parsed.content.text(), Some(text.as_str()));
}

#[test]
fn mentions_survive_whatever_stands_beside_them() {
    let a = person(u128::MAX >> 3);
    for text in [
        format!("_<@{a}>_"),
        format!("x<@{a}>y"),
        format!("<b><@{a}></b>"),
        format!("<div>\n<@{a}>\n</div>"),
        format!("| h |\n|---|\n| <@{a}> |"),
        format!("- [ ] <@{a}>"),
        format!("# <@{a}>"),
        format!("[<@{a}>](https://example.org)"),
        format!("<<@{a}>>"),
        format!("<@usr_nobody> <@{a}>"),
    ] {
        assert_eq!(parse(&text).unwrap().mentions, vec![a], "{text}");
    }
}

#[test]
fn plain_text_has_no_markup() {
    let parsed =
        parse("**重要：**请看 [文档](https://example.org)\n第二行\n\n- one\n- ~~two~~\n\n`code`").unwrap();
    assert_eq!(parsed.plain, "重要：请看 文档\n第二行\none\ntwo\ncode");
}

#[test]
fn all_wins_over_here_and_channels_are_linked() {
    let c = ConversationId::from_uuid(Uuid::from_u128(9));
    let parsed = parse(&format!("<@all> <@here> <#{c}> <#{c}>")).unwrap();
    assert_eq!(parsed.mention_all, Some(MentionAll::All));
    assert_eq!(parsed.links, vec![c]);
}

#[test]
fn unacceptable_texts_are_refused() {
    let crowd: String = (1..=51).map(|n| format!("<@{}>", person(n))).collect();
    for bad in ["", " \n\t", "a\0b", crowd.as_str(), &"长".repeat(40_001)] {
        let fault = parse(bad).unwrap_err();
        assert_eq!(fault.field(), Some("text"));
    }
    assert!(parse(&"长".repeat(40_000)).is_ok());
}

#[test]
fn hostile_nesting_neither_overflows_nor_hangs() {
    for unit in [
        ">", "[", "*", "_", "`", "~", "![", "<", "- ", "> - ", "(", "a**", "[](", "|", "\\", "1. ", "<@",
        "*_",
    ] {
        for length in [39_999, 50_000] {
            let text: String = unit.chars().cycle().take(length).collect();
            // Refused or understood; what matters is that it returns.
            let parsed = parse(&text);
            assert!(length < 50_000 || parsed.is_err());
        }
    }
    let lines = format!("{}\n", ">".repeat(199)).repeat(200);
    assert!(parse(&lines).is_err());
    let nested: String = (0..280).map(|n| format!("{}- a\n", " ".repeat(n))).collect();
    let _ = parse(&nested);
    let emphasis = format!("{}a{}", "*a **a ".repeat(2_000), "** *".repeat(2_000));
    let _ = parse(&emphasis);
}
