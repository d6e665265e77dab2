//! Names of emoji: what may stand between two colons.

use weft_kernel::{Fault, emoji, names};

/// Aliases that one emoji may have.
const ALIASES: usize = 10;

/// A name as it is kept: folded, without the colons that people type around it.
///
/// # Errors
/// `invalid` for what no name can be, `emoji_standard` for one that means another emoji already.
pub(super) fn clean(field: &'static str, typed: &str) -> Result<String, Fault> {
    let name = names::fold(typed.trim().trim_matches(':'));
    if !emoji::is_name(&name) {
        return Err(Fault::invalid(
            field,
            "Use 1 to 32 letters a–z, Chinese characters, digits, and _ or - between them; at least one letter or character.",
        ));
    }
    if emoji::is_standard(&name) {
        return Err(Fault::conflict(
            "emoji_standard",
            "This is the name of a standard emoji. Choose another one.",
        ));
    }
    Ok(name)
}

/// Aliases, each once and other than the name.
///
/// # Errors
/// As [`clean`], and for more than an emoji may have.
pub(super) fn aliases(name: &str, typed: &[String]) -> Result<Vec<String>, Fault> {
    let mut clean_ones: Vec<String> = Vec::new();
    for one in typed.iter().filter(|one| !one.trim().is_empty()) {
        let one = clean("aliases", one)?;
        if one != name && !clean_ones.contains(&one) {
            clean_ones.push(one);
        }
    }
    if clean_ones.len() > ALIASES {
        return Err(
            Fault::invalid("aliases", "An emoji can have at most 10 aliases.").param("max", ALIASES as i64)
        );
    }
    Ok(clean_ones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_standard_ones_refused() {
        assert_eq!(clean("name", " :Party_Parrot: ").unwrap(), "party_parrot");
        assert_eq!(clean("name", "打工人2").unwrap(), "打工人2");
        for (name, code) in [
            ("", "invalid"),
            ("30", "invalid"),
            ("a b", "invalid"),
            ("_a_", "invalid"),
            ("a:b", "invalid"),
            ("é", "invalid"),
            ("\u{202e}a", "invalid"),
            ("smile", "emoji_standard"),
            (":SMILE:", "emoji_standard"),
            ("heart-eyes", "emoji_standard"),
        ] {
            assert_eq!(clean("name", name).unwrap_err().code_str(), code, "{name}");
        }
        assert!(clean("name", &"好".repeat(32)).is_ok());
        assert!(clean("name", &"好".repeat(33)).is_err());
    }

    #[test]
    fn aliases_are_each_once() {
        let typed = ["Shipit".to_owned(), "shipit".into(), "party_parrot".into(), " ".into()];
        assert_eq!(aliases("party_parrot", &typed).unwrap(), ["shipit"]);
        let many: Vec<String> = (0..11).map(|i| format!("a{i}x")).collect();
        assert!(aliases("name", &many).is_err());
    }
}
