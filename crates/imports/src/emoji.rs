//! Emoji names of other systems as the characters themselves.

/// Names that Slack has and GitHub's list (which `emojis` knows) has not, or has otherwise.
const OWN: [(&str, &str); 12] = [
    ("simple_smile", "🙂"),
    ("slightly_smiling_face", "🙂"),
    ("thumbsup_all", "👍"),
    ("face_with_rolling_eyes", "🙄"),
    ("hugging_face", "🤗"),
    ("white_frowning_face", "☹️"),
    ("male-technologist", "👨‍💻"),
    ("female-technologist", "👩‍💻"),
    ("man-shrugging", "🤷‍♂️"),
    ("woman-shrugging", "🤷‍♀️"),
    ("man-facepalming", "🤦‍♂️"),
    ("woman-facepalming", "🤦‍♀️"),
];

/// Longest name looked up, in bytes.
const MAX_NAME: usize = 64;

/// The character of a name such as `+1` or `wave::skin-tone-3`; none for a custom one.
pub(crate) fn character(name: &str) -> Option<String> {
    let (base, tone) = match name.split_once("::skin-tone-") {
        Some((base, tone)) => (base, tone.parse::<usize>().ok()),
        None => named_tone(name),
    };
    if let Some((_, own)) = OWN.iter().find(|(n, _)| *n == base) {
        return Some((*own).to_owned());
    }
    let country = base.strip_prefix("flag-").unwrap_or(base);
    let found = emojis::get_by_shortcode(base)
        .or_else(|| emojis::get_by_shortcode(&base.replace('-', "_")))
        .or_else(|| emojis::get_by_shortcode(country))?;
    // Slack counts tones from 2 (light) to 6 (dark); the list starts without one.
    let toned = tone.and_then(|tone| found.skin_tones()?.nth(tone.checked_sub(1)?));
    Some(toned.unwrap_or(found).as_str().to_owned())
}

/// Mattermost's way: `thumbsup_dark_skin_tone`.
fn named_tone(name: &str) -> (&str, Option<usize>) {
    let tones =
        ["_medium_light", "_medium_dark", "_light", "_medium", "_dark"].into_iter().zip([3, 5, 2, 4, 6]);
    let toned = name.strip_suffix("_skin_tone").and_then(|name| {
        tones.into_iter().find_map(|(tone, number)| Some((name.strip_suffix(tone)?, Some(number))))
    });
    toned.unwrap_or((name, None))
}

/// What a reaction is stored as: the character, or `:name:` of a custom one.
pub(crate) fn reaction(name: &str) -> String {
    character(name).unwrap_or_else(|| format!(":{}:", name.chars().take(MAX_NAME).collect::<String>()))
}

/// A `:name:` at the start of `rest` that is a known emoji; returns how much was read.
pub(crate) fn shortcode(rest: &str, out: &mut String) -> Option<usize> {
    let is_name = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_+-'".contains(b);
    let length = rest.as_bytes()[1..].iter().take(MAX_NAME).take_while(|b| is_name(b)).count();
    let mut end = 1 + length;
    if length == 0 || rest.as_bytes().get(end) != Some(&b':') {
        return None;
    }
    end += 1;
    let mut name = rest[1..end - 1].to_owned();
    if let Some(tone) = rest[end..].strip_prefix(":skin-tone-")
        && tone.as_bytes().get(1) == Some(&b':')
    {
        name.push_str("::skin-tone-");
        name.push_str(&tone[..1]);
        end += ":skin-tone-".len() + 2;
    }
    out.push_str(&character(&name)?);
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_characters() {
        assert_eq!(reaction("+1"), "👍");
        assert_eq!(reaction("thumbsup"), "👍");
        assert_eq!(reaction("white_check_mark"), "✅");
        assert_eq!(reaction("wave::skin-tone-2"), "👋🏻");
        assert_eq!(reaction("wave_medium_dark_skin_tone"), "👋🏾");
        assert_eq!(reaction("flag-cn"), "🇨🇳");
        assert_eq!(reaction("party_parrot"), ":party_parrot:");
    }
}
