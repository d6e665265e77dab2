//! An archive that is to be imported: opened, and checked from end to end before anything is
//! written.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use weft_http::limits;
use weft_kernel::Fault;
use weft_storage::{Uuid, Value};
use zip::ZipArchive;

use crate::{
    line,
    manifest::{self, FORMAT, FilesSaid, Manifest, SectionSaid, VERSION, broken},
    refs::Of,
    section::{Kind, Section},
    sections::{ALL, CONVERSATIONS, FILES, ORG, PEOPLE},
};

/// Largest manifest, in bytes.
const MANIFEST: u64 = 1 << 20;

pub(crate) type Zip = ZipArchive<BufReader<File>>;

/// Opens the zip.
pub(crate) fn zip(path: &Path) -> Result<Zip, Fault> {
    let file = File::open(path).map_err(|e| broken(format!("The file cannot be opened: {e}.")))?;
    ZipArchive::new(BufReader::with_capacity(1 << 16, file))
        .map_err(|e| broken(format!("The file is not a whole zip archive: {e}.")))
}

/// An archive that is sound.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) path: PathBuf,
    pub(crate) manifest: Manifest,
    /// Of the manifest, which has those of all else: tells one archive from another.
    pub(crate) digest: [u8; 32],
}

/// Reads all of the archive and checks it.
///
/// # Errors
/// `invalid` with code `import_archive`.
pub(crate) fn check(path: &Path) -> Result<Checked, Fault> {
    let mut zip = zip(path)?;
    if zip.len() > limits::IMPORT_ENTRIES {
        return Err(broken("The archive has more entries than an archive of ours can have."));
    }
    if zip.has_duplicate_names() || zip.has_overlapping_files().unwrap_or(true) {
        return Err(broken("The archive holds entries twice or over each other: it was tampered with."));
    }
    let mut text = Vec::new();
    match zip.by_name(manifest::ENTRY) {
        Ok(entry) => entry.take(MANIFEST).read_to_end(&mut text).map_err(|e| damaged(manifest::ENTRY, &e))?,
        Err(_) => return Err(broken("The file is no archive of Weft: it has no manifest.json.")),
    };
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|e| broken(format!("manifest.json is not understood: {e}.")))?;
    if manifest.format != FORMAT {
        return Err(broken("The file is no archive of Weft."));
    }
    if manifest.version > VERSION {
        return Err(broken(format!(
            "The archive has version {} of the format; this Weft reads up to {VERSION}. Use a newer Weft.",
            manifest.version
        )));
    }
    let digest = Sha256::digest(&text).into();
    let mut checks =
        Checks { expected: [manifest::ENTRY.to_owned()].into_iter().collect(), ..Checks::default() };
    let said: FxHashMap<&str, &SectionSaid> =
        manifest.sections.iter().map(|s| (s.name.as_str(), s)).collect();
    if let Some(name) = said.keys().find(|name| !ALL.iter().any(|section| section.name == **name)) {
        let name: String = name.escape_debug().take(80).collect();
        return Err(broken(format!(
            "The archive holds “{name}”, which this Weft does not know. Use a newer one."
        )));
    }
    for needed in [&ORG, &PEOPLE, &CONVERSATIONS] {
        if !said.contains_key(needed.name) {
            return Err(broken(format!("The archive lacks {}.", needed.entry())));
        }
    }
    for section in ALL {
        if let Some(said) = said.get(section.name) {
            checks.section(&mut zip, section, said)?;
        }
    }
    checks.files(&mut zip, manifest.files)?;
    checks.nothing_else(&zip)?;
    if checks.org != Of::Org.read(&manifest.org.id) || checks.org.is_none() {
        return Err(broken("org.jsonl is of another organisation than manifest.json."));
    }
    Ok(Checked { path: path.to_owned(), manifest, digest })
}

fn damaged(entry: &str, error: &io::Error) -> Fault {
    broken(format!("{entry} is damaged: {error}."))
}

/// Gives each line of an entry to `each`, with its number; returns what the bytes were.
pub(crate) fn lines(
    zip: &mut Zip,
    entry: &str,
    mut each: impl FnMut(u64, &str) -> Result<(), Fault>,
) -> Result<SectionSaid, Fault> {
    let file = zip.by_name(entry).map_err(|_| broken(format!("The archive lacks {entry}.")))?;
    let mut file = BufReader::with_capacity(1 << 16, file);
    let (mut hash, mut rows, mut bytes, mut line) = (Sha256::new(), 0, 0, Vec::new());
    loop {
        line.clear();
        let read = (&mut file).take(limits::IMPORT_LINE).read_until(b'\n', &mut line);
        if read.map_err(|e| damaged(entry, &e))? == 0 {
            break;
        }
        hash.update(&line);
        rows += 1;
        bytes += line.len() as u64;
        let text = line.strip_suffix(b"\n").and_then(|line| std::str::from_utf8(line).ok());
        let text =
            text.ok_or_else(|| broken(format!("{entry}, line {rows}: it is not a whole line of text.")))?;
        each(rows, text)?;
    }
    let sha256 = data_encoding::HEXLOWER.encode(&hash.finalize());
    Ok(SectionSaid { name: String::new(), rows, bytes, sha256 })
}

/// What was seen so far.
#[derive(Default)]
struct Checks {
    expected: FxHashSet<String>,
    org: Option<Uuid>,
    people: FxHashSet<Uuid>,
    talks: FxHashSet<Uuid>,
    topics: FxHashSet<Uuid>,
    /// Size and checksum by file.
    files: FxHashMap<Uuid, (i64, Vec<u8>)>,
}

impl Checks {
    fn section(&mut self, zip: &mut Zip, section: &'static Section, said: &SectionSaid) -> Result<(), Fault> {
        let entry = section.entry();
        // What a line says must be of the section's own shape even if its bytes are as they were.
        let mut later = Vec::new();
        let found = lines(zip, &entry, |number, text| {
            let wrong = |what: String| broken(format!("{entry}, line {number}: {what}."));
            let values = line::read(section, text).map_err(wrong)?;
            self.own(section, &values).map_err(|what| broken(format!("{entry}, line {number}: {what}.")))?;
            self.references(section, number, &values, &mut later);
            Ok(())
        })?;
        if (found.rows, found.bytes, &found.sha256) != (said.rows, said.bytes, &said.sha256) {
            return Err(broken(format!(
                "{entry} is not what the manifest says: the archive was changed or damaged."
            )));
        }
        // People and conversations may refer to ones that come later in the same file.
        match later.into_iter().find(|(_, of, id)| !self.has(*of, *id)) {
            Some((number, ..)) => {
                Err(broken(format!("{entry}, line {number}: it refers to what is not in the archive.")))
            }
            None => {
                self.expected.insert(entry);
                Ok(())
            }
        }
    }

    /// Notes the row's own id.
    fn own(&mut self, section: &Section, values: &[Value]) -> Result<(), String> {
        for ((_, kind), value) in section.columns.iter().zip(values) {
            let Value::Uuid(id) = value else { continue };
            let new = match kind {
                Kind::OrgId => self.org.replace(*id).is_none(),
                Kind::PersonId => self.people.insert(*id),
                Kind::TalkId => self.talks.insert(*id),
                Kind::TopicId => self.topics.insert(*id),
                Kind::FileId => {
                    let (size, sum) = (&values[FILES.at("size")], &values[FILES.at("sha256")]);
                    let (Value::Int(size), Value::Bytes(sum)) = (size, sum) else {
                        return Err("its size or checksum is missing".into());
                    };
                    self.files.insert(*id, (*size, sum.clone())).is_none()
                }
                _ => continue,
            };
            if !new {
                return Err("its id occurs twice".into());
            }
        }
        Ok(())
    }

    fn references(&self, section: &Section, number: u64, values: &[Value], later: &mut Vec<(u64, Of, Uuid)>) {
        for ((_, kind), value) in section.columns.iter().zip(values) {
            let own =
                matches!(kind, Kind::OrgId | Kind::PersonId | Kind::TalkId | Kind::FileId | Kind::TopicId);
            let mut missing = |of: Of, id: Uuid| {
                if !self.has(of, id) {
                    later.push((number, of, id));
                }
            };
            match (Of::kind(*kind), value) {
                (Some(of), Value::Uuid(id)) if !own => missing(of, *id),
                (_, Value::Uuids(ids)) => ids.iter().for_each(|id| missing(Of::Person, *id)),
                _ => {}
            }
        }
    }

    fn has(&self, of: Of, id: Uuid) -> bool {
        match of {
            Of::Person => self.people.contains(&id),
            Of::Talk => self.talks.contains(&id),
            Of::Topic => self.topics.contains(&id),
            Of::File => self.files.contains_key(&id),
            Of::Org | Of::Account | Of::Message => true,
        }
    }

    fn files(&mut self, zip: &mut Zip, said: FilesSaid) -> Result<(), Fault> {
        let mut found = FilesSaid::default();
        for (id, (size, sum)) in &self.files {
            let entry = format!("files/{}", Of::File.show(*id));
            let read = digest(zip, &entry)?;
            if i64::try_from(read.0) != Ok(*size) || read.1[..] != sum[..] {
                return Err(broken(format!(
                    "{entry} is not what files.jsonl says: the archive was changed or damaged."
                )));
            }
            found.count += 1;
            found.bytes += read.0;
            self.expected.insert(entry);
            self.expected.insert(format!("posters/{}", Of::File.show(*id)));
        }
        match found == said {
            true => Ok(()),
            false => Err(broken("There are not as many files as the manifest says.")),
        }
    }

    fn nothing_else(&self, zip: &Zip) -> Result<(), Fault> {
        for name in zip.file_names() {
            let name = name.map(|name| name.into_owned()).unwrap_or_default();
            if !self.expected.contains(&name) {
                let name: String = name.escape_debug().take(80).collect();
                return Err(broken(format!(
                    "The archive holds “{name}”, of which its manifest says nothing."
                )));
            }
        }
        Ok(())
    }
}

fn digest(zip: &mut Zip, name: &str) -> Result<(u64, [u8; 32]), Fault> {
    let mut entry = zip.by_name(name).map_err(|_| broken(format!("The archive lacks {name}.")))?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 256 << 10]);
    loop {
        match entry.read(&mut buffer).map_err(|e| damaged(name, &e))? {
            0 => return Ok((size, hash.finalize().into())),
            read => {
                hash.update(&buffer[..read]);
                size += read as u64;
            }
        }
    }
}
