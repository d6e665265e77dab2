//! The repository's own checks and generators: `cargo xtask tidy`, `cargo xtask openapi`.

mod crates;
mod docs;
mod files;
mod licences;
mod openapi;

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// What a check found: one line for each breach, empty when all is well.
type Findings = Vec<String>;

const HELP: &str = "\
cargo xtask tidy               the rules: crates, sizes, paths, links, licences of npm packages
cargo xtask openapi            writes the OpenAPI document and the TypeScript types from the server
cargo xtask openapi --check    fails when they have drifted from the server";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let root = root();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args[..] {
        ["tidy"] => tidy(&root),
        ["openapi"] => openapi::write(&root),
        ["openapi", "--check"] => openapi::check(&root),
        _ => Err(HELP.to_owned()),
    };
    match outcome {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

fn tidy(root: &Path) -> Result<String, String> {
    let files = files::tracked(root)?;
    let metadata = crates::metadata(root)?;
    let mut findings = Findings::new();
    findings.extend(crates::dependency_rule(&metadata));
    findings.extend(files::sizes(root, &files));
    findings.extend(files::foreign_paths(root, &files));
    findings.extend(files::unregistered_statements(root, &files));
    findings.extend(docs::links(root, &files));
    findings.extend(licences::npm(root)?);
    if findings.is_empty() {
        return Ok(format!("tidy: {} files, every rule holds", files.len()));
    }
    findings.sort();
    Err(format!("{}\ntidy: {} to mend", findings.join("\n"), findings.len()))
}

/// The workspace's directory.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// What `cargo run` tells this program of itself. Build scripts of others watch these: a cargo that
/// inherited them would compile those crates anew, and the next one outside once more.
fn ours_alone(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| name.starts_with(prefix))
}

/// Runs a program at `root` and returns what it printed.
fn output(root: &Path, program: &str, args: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(ours_alone)) {
        command.env_remove(name);
    }
    let out =
        command.args(args).current_dir(root).output().map_err(|e| format!("cannot run {program}: {e}"))?;
    if !out.status.success() {
        let said = String::from_utf8_lossy(&out.stderr);
        return Err(format!("{program} {} failed:\n{said}", args.join(" ")));
    }
    String::from_utf8(out.stdout).map_err(|e| format!("{program} printed no UTF-8: {e}"))
}
