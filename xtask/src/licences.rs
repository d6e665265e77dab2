//! Every npm package is under a licence that lets anyone use, change and sell what we make. Of the
//! crates `cargo deny` knows more: see `deny.toml`.

use std::{fs, path::Path};

use serde_json::Value;

use crate::Findings;

const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "OFL-1.1",
    "PSF-2.0",
    "PostgreSQL",
    "Python-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];
/// Used to build or to test, never shipped: weak copyleft is no burden there.
const DEVELOPMENT_ONLY: &[&str] = &["MPL-2.0", "CC-BY-4.0"];

/// Packages whose manifest states no licence, and what the licence file in them says.
const BY_FILE: &[(&str, &str)] = &[("khroma", "MIT")];

/// The npm packages, by the lock file.
pub(crate) fn npm(root: &Path) -> Result<Findings, String> {
    let Ok(text) = fs::read_to_string(root.join("web/package-lock.json")) else { return Ok(Vec::new()) };
    let lock: Value = serde_json::from_str(&text).map_err(|e| format!("web/package-lock.json: {e}"))?;
    let mut findings = Findings::new();
    for (path, package) in lock["packages"].as_object().into_iter().flatten() {
        let Some((_, name)) = path.rsplit_once("node_modules/") else { continue };
        if package["link"] == true {
            continue;
        }
        let by_file = || BY_FILE.iter().find(|(known, _)| *known == name).map(|(_, licence)| *licence);
        let licence = package["license"].as_str().or_else(by_file).unwrap_or("none stated");
        let development = package["dev"] == true || package["devOptional"] == true;
        let fits = permissive(licence, PERMISSIVE) || development && permissive(licence, DEVELOPMENT_ONLY);
        if !fits {
            findings.push(format!("web/package-lock.json: {name}: licence {licence}"));
        }
    }
    Ok(findings)
}

/// Whether an SPDX expression can be met with the `accepted` licences alone. `AND` binds tighter
/// than `OR`; parentheses are taken apart from the inside.
fn permissive(expression: &str, accepted: &[&str]) -> bool {
    let mut text = expression.replace('/', " OR ");
    while let (Some(open), true) = (text.rfind('('), text.contains(')')) {
        let Some(close) = text[open..].find(')').map(|at| open + at) else { return false };
        let inner = if permissive(&text[open + 1..close], accepted) { "MIT" } else { "refused" };
        text = format!("{}{inner}{}", &text[..open], &text[close + 1..]);
    }
    text.split(" OR ").any(|choice| choice.split(" AND ").all(|one| accepted.contains(&one.trim())))
}

#[cfg(test)]
mod tests {
    use super::{PERMISSIVE, permissive};

    #[test]
    fn reads_spdx_expressions() {
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(permissive(good, PERMISSIVE), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND AGPL-3.0", "(GPL-2.0 OR LGPL-2.1) AND MIT", "none stated"] {
            assert!(!permissive(bad, PERMISSIVE), "{bad}");
        }
    }
}
