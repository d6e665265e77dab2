//! Rules about single files: their size, foreign paths in them, unregistered statements.

use std::{fs, path::Path};

use crate::{Findings, output};

/// Lines that a source file may have; more is two files.
const MAX_LINES: usize = 500;
const SOURCE: &[&str] = &["rs", "ts", "tsx", "css", "sh", "mjs"];
/// Made by a program, not by hand.
const GENERATED: &[&str] = &["web/sdk/src/generated/"];
/// Paths of somebody's machine, in pieces so that this file does not find itself.
const MACHINE: &[&str] =
    &[concat!("/ho", "me/"), concat!("/Use", "rs/"), concat!("/ro", "ot/"), concat!("/wo", "rk/")];
/// Where a lock file may say that a package comes from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM: &str = "https://registry.npmjs.org/";

/// Files of the repository, also new ones that are not ignored.
pub(crate) fn tracked(root: &Path) -> Result<Vec<String>, String> {
    let list = output(root, "git", &["ls-files", "--cached", "--others", "--exclude-standard"])?;
    Ok(list.lines().filter(|file| root.join(file).is_file()).map(str::to_owned).collect())
}

fn extension(file: &str) -> &str {
    Path::new(file).extension().and_then(|e| e.to_str()).unwrap_or_default()
}

fn generated(file: &str) -> bool {
    GENERATED.iter().any(|folder| file.starts_with(folder))
}

/// No source file is longer than [`MAX_LINES`].
pub(crate) fn sizes(root: &Path, files: &[String]) -> Findings {
    let sources = files.iter().filter(|file| SOURCE.contains(&extension(file)) && !generated(file));
    sources
        .filter_map(|file| {
            let lines = fs::read_to_string(root.join(file)).ok()?.lines().count();
            (lines > MAX_LINES)
                .then(|| format!("{file}: {lines} lines, at most {MAX_LINES}: split it by subject"))
        })
        .collect()
}

/// No path of a developer's machine, and lock files that any machine can use.
pub(crate) fn foreign_paths(root: &Path, files: &[String]) -> Findings {
    let mut findings = Findings::new();
    for file in files {
        let Ok(text) = fs::read_to_string(root.join(file)) else { continue };
        for (number, line) in text.lines().enumerate() {
            let at = number + 1;
            if MACHINE.iter().any(|path| names_path(line, path)) {
                findings.push(format!("{file}:{at}: a path of one machine"));
            }
            if foreign_source(file, line) {
                findings.push(format!("{file}:{at}: a registry that others may not reach"));
            }
        }
    }
    findings
}

/// Whether `line` holds `path` as the start of an absolute path (not `…/x/home/…`).
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| {
            !(c.is_alphanumeric() || matches!(c, '.' | '/' | '_' | '-' | '}' | ')' | '*' | '~' | '…'))
        })
    })
}

fn foreign_source(file: &str, line: &str) -> bool {
    let line = line.trim();
    if file.ends_with("Cargo.lock") {
        return line.strip_prefix("source = \"").is_some_and(|source| !source.starts_with(CRATES_IO));
    }
    let resolved = line.strip_prefix("\"resolved\": \"").filter(|_| file.ends_with("package-lock.json"));
    resolved.is_some_and(|url| url.contains("://") && !url.starts_with(NPM))
}

/// Statements outside `statements!` would escape the test that prepares each on both databases.
pub(crate) fn unregistered_statements(root: &Path, files: &[String]) -> Findings {
    let ours =
        |file: &&String| file.starts_with("crates/") && file.contains("/src/") && file.ends_with(".rs");
    // The last one declares those of archives, which that test is given, too.
    let layer = ["crates/storage/", "crates/testkit/", "crates/archive/src/section.rs"];
    let mut findings = Findings::new();
    for file in files.iter().filter(ours).filter(|file| !layer.iter().any(|path| file.starts_with(path))) {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            if line.contains("Sql::new(") || line.contains("Sql::pair(") {
                findings.push(format!("{file}:{}: declare the statement with statements!", number + 1));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_paths_of_a_machine_are_foreign() {
        let home = MACHINE[0];
        assert!(names_path(&format!("cd {home}someone"), home));
        assert!(names_path(&format!("\"{home}someone\""), home));
        assert!(!names_path(&format!("https://example.org{home}"), home));
        assert!(!names_path(&format!("web{home}index.ts"), home));
    }

    #[test]
    fn a_lock_file_names_only_public_registries() {
        assert!(!foreign_source("Cargo.lock", &format!("source = \"{CRATES_IO}\"")));
        assert!(foreign_source("Cargo.lock", "source = \"registry+http://127.0.0.1/index\""));
        assert!(foreign_source("web/package-lock.json", "  \"resolved\": \"http://127.0.0.1/a.tgz\","));
        assert!(!foreign_source("web/package-lock.json", "  \"resolved\": \"sdk\","));
    }
}
