//! The OpenAPI document and the TypeScript types, generated from the server's routes.

use std::{fs, path::Path};

use crate::output;

const DOCUMENT: &str = "web/sdk/src/generated/openapi.json";
const TYPES: &str = "web/sdk/src/generated/api.ts";

/// Writes both files.
pub(crate) fn write(root: &Path) -> Result<String, String> {
    let document = document(root)?;
    let path = root.join(DOCUMENT);
    fs::create_dir_all(path.parent().unwrap_or(root)).map_err(|e| format!("{DOCUMENT}: {e}"))?;
    fs::write(&path, document).map_err(|e| format!("{DOCUMENT}: {e}"))?;
    types(root, TYPES)?;
    Ok(format!("wrote {DOCUMENT} and {TYPES}"))
}

/// Fails when a file in the tree is not what [`write`] would make.
pub(crate) fn check(root: &Path) -> Result<String, String> {
    const SCRATCH: &str = "target/drift-api.ts";
    compare(root, DOCUMENT, &document(root)?)?;
    fs::create_dir_all(root.join("target")).map_err(|e| format!("target: {e}"))?;
    types(root, SCRATCH)?;
    let made = fs::read_to_string(root.join(SCRATCH)).map_err(|e| format!("{SCRATCH}: {e}"))?;
    compare(root, TYPES, &made)?;
    Ok("openapi: the document and the types are what the server says".to_owned())
}

fn compare(root: &Path, file: &str, wanted: &str) -> Result<(), String> {
    let have = fs::read_to_string(root.join(file)).unwrap_or_default();
    if have == wanted {
        return Ok(());
    }
    let line = have.lines().zip(wanted.lines()).take_while(|(a, b)| a == b).count() + 1;
    Err(format!("{file}:{line}: has drifted from the server; run `cargo xtask openapi` and commit"))
}

/// The document as the server prints it. All binaries are built at once, with the features that
/// the tests use too, so that nothing is compiled twice.
fn document(root: &Path) -> Result<String, String> {
    output(root, "cargo", &["build", "--quiet", "--workspace", "--bins"])?;
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let binary = root.join(target).join("debug").join("weft");
    let text = output(root, &binary.to_string_lossy(), &["openapi"])?;
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|e| format!("weft openapi: {e}"))?;
    let pretty = serde_json::to_string_pretty(&value).map_err(|e| format!("weft openapi: {e}"))?;
    Ok(pretty + "\n")
}

fn types(root: &Path, to: &str) -> Result<(), String> {
    let web = root.join("web");
    let document = root.join(DOCUMENT);
    let to = root.join(to);
    let args = ["openapi-typescript", &document.to_string_lossy(), "-o", &to.to_string_lossy()];
    output(&web, "npx", &[&["--no-install"], &args[..]].concat()).map(drop)
}
