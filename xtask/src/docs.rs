//! Links between the project's documents.

use std::{fs, path::Path};

use crate::Findings;

/// Every relative link of a Markdown file leads to a file, and its anchor to a heading.
pub(crate) fn links(root: &Path, files: &[String]) -> Findings {
    let mut findings = Findings::new();
    for file in files.iter().filter(|file| file.ends_with(".md")) {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        let folder = root.join(file).parent().map(Path::to_owned).unwrap_or_default();
        for (line, target) in targets(&text) {
            if let Err(why) = resolve(&root.join(file), &folder, target) {
                findings.push(format!("{file}:{line}: {target}: {why}"));
            }
        }
    }
    findings
}

/// The targets of `[text](target)` outside code, with their line numbers.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let in_code = line[..at].matches('`').count() % 2 == 1;
            let rest = &line[at + 2..];
            if let Some(end) = rest.find(')').filter(|_| !in_code) {
                found.push((number + 1, rest[..end].split_whitespace().next().unwrap_or_default()));
            }
        }
    }
    found
}

fn resolve(file: &Path, folder: &Path, target: &str) -> Result<(), &'static str> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(());
    }
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let goal = if path.is_empty() { file.to_owned() } else { folder.join(path) };
    if !goal.exists() {
        return Err("no such file");
    }
    let Some(anchor) = anchor.filter(|_| goal.extension().is_some_and(|e| e == "md")) else { return Ok(()) };
    let text = fs::read_to_string(goal).map_err(|_| "cannot be read")?;
    let headings = text.lines().filter(|line| line.starts_with('#'));
    if headings.map(slug).any(|heading| heading == anchor) { Ok(()) } else { Err("no such heading") }
}

/// A heading's anchor as forges make it.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{slug, targets};

    #[test]
    fn finds_links_but_not_code() {
        let text = "see [a](b.md#c) and `[x](y)`\n```\n[no](no)\n```\n";
        assert_eq!(targets(text), [(1, "b.md#c")]);
        assert_eq!(slug("## Kill −9, in a loop"), "kill-9-in-a-loop");
    }
}
