//! LibreOffice's settings: a profile made afresh for each document, in which it runs no macro,
//! follows no link and asks nobody anything.

use std::{fs, io, path::Path};

/// Paths, names, types and values.
const SETTINGS: [(&str, &str, &str); 16] = [
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisablePythonRuntime", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    // Never, in each program's own numbers.
    ("Writer/Content/Update", "Link", "0"),
    ("Writer/Content/Update", "Field", "false"),
    ("Calc/Content/Update", "Link", "2"),
    ("Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("Common/Save/Document", "AutoSave", "false"),
    ("Recovery/AutoSave", "Enabled", "false"),
    ("Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments", "AutoCheckEnabled", "false"),
    ("Common/Misc", "CrashReport", "false"),
    ("Common/Misc", "UseOpenCL", "false"),
    ("Common/Misc", "FirstRun", "false"),
];

/// A proxy where nobody listens, for what would still ask the web.
const PROXY: [(&str, &str); 6] = [
    ("ooInetProxyType", "2"),
    ("ooInetNoProxy", ""),
    ("ooInetHTTPProxyName", "127.0.0.1"),
    ("ooInetHTTPProxyPort", "9"),
    ("ooInetHTTPSProxyName", "127.0.0.1"),
    ("ooInetHTTPSProxyPort", "9"),
];

/// Writes the profile to `folder`, which is made.
pub(super) fn write(folder: &Path) -> io::Result<()> {
    let user = folder.join("user");
    fs::create_dir_all(&user)?;
    fs::write(user.join("registrymodifications.xcu"), text())
}

fn text() -> String {
    let item = |path: &str, name: &str, value: &str| {
        format!(
            "<item oor:path=\"/org.openoffice.{path}\"><prop oor:name=\"{name}\" oor:op=\"fuse\">\
             <value>{value}</value></prop></item>\n"
        )
    };
    let office = SETTINGS.iter().map(|(path, name, value)| item(&format!("Office.{path}"), name, value));
    let proxy = PROXY.iter().map(|(name, value)| item("Inet/Settings", name, value));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">\n{}</oor:items>\n",
        office.chain(proxy).collect::<String>()
    )
}
