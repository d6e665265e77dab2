//! How people and conversations are found by name: folded, in pinyin, and by initials.

use crate::names::fold;
use pinyin::ToPinyinMulti;

/// Readings of one name that are kept: 曾乐 could be read four ways, a poem a million.
const MAX_READINGS: usize = 8;
/// Readings of one character that are kept.
const MAX_PER_CHAR: usize = 3;
/// Longest key, in bytes.
const MAX_BYTES: usize = 512;

/// What a name is found by: the folded name, then for names in Chinese each plausible full
/// pinyin and its initials, for names of several words their initials; separated by spaces.
///
/// `欧阳娜娜` → `欧阳娜娜 ouyangnana oynn`, `Ann Lee` → `ann lee al`. A query matches at the
/// start of any of these words, or anywhere in the name.
pub fn search_key(name: &str) -> String {
    let folded = fold(name);
    let mut keys = vec![folded.clone()];
    let chinese = folded.chars().any(|c| c.to_pinyin_multi().is_some());
    for (full, initials) in readings(&folded) {
        // A Latin name is its own full reading, and the initial of a single word finds too much.
        let wanted = [(full, chinese), (initials.clone(), chinese || initials.chars().count() > 1)];
        for (key, wanted) in wanted {
            if wanted && !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    let mut out = String::new();
    for key in keys {
        if out.len() + key.len() < MAX_BYTES {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&key);
        }
    }
    out
}

/// Each reading as (everything joined, initials).
fn readings(folded: &str) -> Vec<(String, String)> {
    let mut out = vec![(String::new(), String::new())];
    let mut word_starts = true;
    for c in folded.chars() {
        if let Some(sounds) = sounds(c) {
            out = combine(&out, &sounds);
            word_starts = true;
        } else if c.is_alphanumeric() {
            for (full, initials) in &mut out {
                full.push(c);
                if word_starts {
                    initials.push(c);
                }
            }
            word_starts = false;
        } else {
            word_starts = true;
        }
    }
    out
}

fn sounds(c: char) -> Option<Vec<&'static str>> {
    let mut sounds = Vec::new();
    for sound in c.to_pinyin_multi()? {
        if !sounds.contains(&sound.plain()) && sounds.len() < MAX_PER_CHAR {
            sounds.push(sound.plain());
        }
    }
    Some(sounds)
}

fn combine(before: &[(String, String)], sounds: &[&str]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    // The usual sound of each character first, so that the usual reading always stays.
    for sound in sounds {
        for (full, initials) in before {
            if out.len() < MAX_READINGS {
                let initial = sound.chars().next().map(String::from).unwrap_or_default();
                out.push((format!("{full}{sound}"), format!("{initials}{initial}")));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_pinyin_and_initials() {
        let key = search_key("欧阳娜娜");
        assert!(key.starts_with("欧阳娜娜 "), "{key}");
        let words: Vec<&str> = key.split(' ').collect();
        assert!(words.contains(&"ouyangnana") && words.contains(&"oynn"), "{key}");
        assert_eq!(search_key("Ann Lee"), "ann lee al");
        assert_eq!(search_key("Bob"), "bob");
        assert!(search_key("王 Lily").starts_with("王 lily wanglily wl"));
    }

    #[test]
    fn surnames_of_several_sounds_are_found_by_each() {
        let key = search_key("单伟");
        let words: Vec<&str> = key.split(' ').collect();
        assert!(words.contains(&"shanwei") && words.contains(&"danwei"), "{key}");
    }

    #[test]
    fn a_long_name_stays_bounded() {
        assert!(search_key(&"乐".repeat(80)).len() <= MAX_BYTES);
    }
}
