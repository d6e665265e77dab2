//! The dependency rule between crates.

use std::path::Path;

use serde_json::Value;

use crate::{Findings, output};

/// What the layers below the domains may use. A crate that is not named here is a domain: it may
/// use every one of these, and never another domain.
const LAYERS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("storage", &["kernel"]),
    ("cluster", &["kernel"]),
    ("jobs", &["kernel", "storage", "cluster"]),
    ("http", &["kernel", "storage"]),
    ("log", &["kernel", "storage"]),
    ("outbound", &["kernel"]),
    ("gateway", &["kernel", "cluster", "http", "log"]),
    ("ports", &["kernel", "storage"]),
];
/// Composition may use everything.
const COMPOSITION: &[&str] = &["server"];
/// A tool stands beside the product: no crate of the product may use it but in tests, and it
/// uses no more of the product than is said here.
const TOOLS: &[(&str, &[&str])] = &[("testkit", &["kernel", "storage"]), ("bench", &[])];

/// `cargo metadata` of the whole graph.
pub(crate) fn metadata(root: &Path) -> Result<Value, String> {
    let text = output(root, "cargo", &["metadata", "--format-version=1", "--locked"])?;
    serde_json::from_str(&text).map_err(|e| format!("cargo metadata: {e}"))
}

/// A short name (`kernel`) of a crate of this workspace.
fn short(name: &str) -> Option<&str> {
    name.strip_prefix("weft-")
}

/// Each crate uses only what its layer may.
pub(crate) fn dependency_rule(metadata: &Value) -> Findings {
    let mut findings = Findings::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let Some(user) = package["name"].as_str().and_then(short) else { continue };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let Some(used) = dependency["name"].as_str().and_then(short) else { continue };
            let test_only = dependency["kind"] == "dev";
            if !allowed(user, used, test_only) {
                findings.push(format!(
                    "crates/{user}: must not depend on weft-{used} (the rule: docs/ARCHITECTURE.md)"
                ));
            }
        }
    }
    findings
}

fn allowed(user: &str, used: &str, test_only: bool) -> bool {
    let find = |table: &[(&str, &'static [&'static str])], name: &str| {
        table.iter().find(|(layer, _)| *layer == name).map(|(_, may)| *may)
    };
    if let Some(may) = find(TOOLS, user) {
        return may.contains(&used);
    }
    if find(TOOLS, used).is_some() {
        return test_only || COMPOSITION.contains(&user);
    }
    if COMPOSITION.contains(&user) {
        return true;
    }
    match find(LAYERS, user) {
        Some(may) => may.contains(&used),
        None => find(LAYERS, used).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn layers_point_down_and_domains_keep_apart() {
        assert!(allowed("storage", "kernel", false));
        assert!(!allowed("kernel", "storage", false));
        assert!(!allowed("gateway", "storage", false), "the gateway never reads a table");
        assert!(allowed("messaging", "http", false));
        assert!(allowed("messaging", "outbound", false));
        assert!(!allowed("outbound", "storage", false));
        assert!(!allowed("messaging", "identity", false));
        assert!(!allowed("messaging", "identity", true));
        assert!(allowed("messaging", "testkit", true));
        assert!(!allowed("messaging", "testkit", false));
        assert!(allowed("server", "messaging", false));
        assert!(!allowed("messaging", "server", true));
        assert!(!allowed("bench", "messaging", false), "the load generator knows only the public API");
    }
}
