//! Chinese words, for ranking: a message in which what was searched for is a word stands before
//! one in which it only happens to lie across two.

use std::sync::OnceLock;

use jieba_rs::Jieba;

use super::chars::is_gram;

/// Read from the binary when the first Chinese text comes by: an installation without any never
/// pays for it.
fn dictionary() -> &'static Jieba {
    static DICTIONARY: OnceLock<Jieba> = OnceLock::new();
    DICTIONARY.get_or_init(Jieba::new)
}

/// The words of two characters and more in the Chinese stretches of a folded text; also those
/// inside longer ones.
pub fn segments(folded: &[char]) -> Vec<String> {
    let mut out = Vec::new();
    for stretch in folded.split(|c| !is_gram(*c)).filter(|stretch| stretch.len() > 1) {
        let text: String = stretch.iter().collect();
        let words = dictionary().cut_for_search(&text, false).into_iter().map(|token| token.word);
        out.extend(words.filter(|word| word.chars().nth(1).is_some()).map(str::to_owned));
    }
    out.sort_unstable();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        let text: Vec<char> = "我们用数据库，ok".chars().collect();
        let words = segments(&text);
        assert!(words.iter().any(|w| w == "数据库") && words.iter().any(|w| w == "数据"), "{words:?}");
        assert!(!words.iter().any(|w| w == "用数"));
    }
}
