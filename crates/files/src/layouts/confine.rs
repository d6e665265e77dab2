//! Becoming LibreOffice, with as little as it needs: bounded memory, processor time, open files and
//! size of files; an environment of nothing but its own folder; and, where the kernel has Landlock,
//! no file but the system's programs and fonts to read and that folder to write (and a socket that
//! it insists on), no TCP.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::{
    OUTPUT,
    office::Sort,
    profile,
    watch::{End, Task},
};

/// Memory, in bytes, of each process.
const MEMORY: u64 = 3 << 30;
/// Open files of each process.
const FILES: u64 = 512;
/// What is used of Landlock, if the kernel has it; of older kernels, what they have.
const KNOWN: ABI = ABI::V6;
/// What LibreOffice reads: itself, what it is linked with, fonts, the settings of all of these.
const READ: [&str; 16] = [
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/opt",
    "/nix/store",
    "/etc/fonts",
    "/etc/libreoffice",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/alternatives",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/etc/locale.alias",
    "/dev/urandom",
];

/// Where LibreOffice makes the socket by which a second one would find it, whatever it is told; its
/// watcher takes that away.
pub(super) const SOCKETS: &str = "/tmp";

/// Whether this kernel keeps processes from files.
pub(super) fn works() -> bool {
    let asked = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    asked.handle_access(AccessFs::from_all(ABI::V1)).and_then(|ruleset| ruleset.create()).is_ok()
}

/// What this kernel does about networks where there are no namespaces, for the log.
pub(super) fn networks() -> &'static str {
    let asked = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    let made = asked.handle_access(AccessNet::from_all(ABI::V4)).and_then(|ruleset| ruleset.create());
    if made.is_ok() {
        "no TCP, but other protocols are not kept from it"
    } else {
        "networks are not kept from it but by its own settings"
    }
}

/// Becomes LibreOffice; returns only when that is not possible.
pub(super) fn run(task: &Task) -> ExitCode {
    let Some(sort) = Sort::from_extension(&task.extension) else { return failed() };
    let profile = task.folder.join("profile");
    let home = task.folder.join("home");
    let made = profile::write(&profile).and_then(|()| std::fs::create_dir_all(&home));
    if made.is_err() || bound(task.seconds).is_err() || restrict(task).is_err() {
        return failed();
    }
    let mut office = Command::new(&task.program);
    office.arg(format!("-env:UserInstallation=file://{}", profile.display()));
    office.args(["--headless", "--invisible", "--norestore", "--nolockcheck", "--nodefault", "--nologo"]);
    office.arg(format!("--infilter={}", sort.filter));
    office.args(["--convert-to", "pdf", "--outdir"]).arg(&task.folder);
    office.arg(task.folder.join("document").with_extension(sort.extension));
    office.env_clear();
    office.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LANG", "C.UTF-8").env("SAL_USE_VCLPLUGIN", "svp");
    office.env("HOME", &home).env("TMPDIR", &home).current_dir(&home);
    let _ = office.exec();
    failed()
}

fn failed() -> ExitCode {
    ExitCode::from(End::NotStarted.code())
}

fn bound(seconds: u64) -> rustix::io::Result<()> {
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, seconds),
        (Resource::Nofile, FILES),
        (Resource::Fsize, OUTPUT),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn restrict(task: &Task) -> Result<(), RulesetError> {
    let all = AccessFs::from_all(KNOWN);
    let read = READ.iter().map(PathBuf::from).chain(installed(&task.program));
    Ruleset::default()
        .handle_access(all)?
        .handle_access(AccessNet::from_all(KNOWN))?
        .scope(Scope::from_all(KNOWN))?
        .create()?
        .add_rules(path_beneath_rules(read, AccessFs::from_read(KNOWN)))?
        .add_rules(path_beneath_rules(["/dev/null", "/dev/zero"], AccessFs::ReadFile | AccessFs::WriteFile))?
        .add_rules(path_beneath_rules([&task.folder], all))?
        .add_rules(path_beneath_rules([SOCKETS], AccessFs::MakeSock))?
        .restrict_self()?;
    Ok(())
}

/// The folder of a LibreOffice that was installed somewhere else.
fn installed(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?;
    let above = folder.parent().filter(|_| folder.ends_with("program"));
    Some(above.unwrap_or(folder).to_path_buf())
}
