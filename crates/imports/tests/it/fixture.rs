//! Archives made after Slack's documented layout.

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use weft_testkit::Scratch;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Entries of an archive to be packed.
#[derive(Clone)]
pub(crate) struct Export(pub(crate) Vec<(String, Vec<u8>)>);

/// A packed archive, gone when dropped.
pub(crate) struct Packed {
    _dir: Scratch,
    pub(crate) path: PathBuf,
}

pub(crate) fn user(id: &str, name: &str, more: Value) -> Value {
    let mut user = json!({
        "id": id, "team_id": "T1", "name": name.to_lowercase(), "deleted": false, "real_name": name,
        "tz": "Asia/Shanghai", "is_bot": false,
        "profile": {"real_name": name, "display_name": "", "email": format!("{}@acme.example", id.to_lowercase())},
    });
    merge(&mut user, more);
    user
}

pub(crate) fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}

/// A message at second `at` of 2024-03-04, with further fields.
pub(crate) fn message(at: u32, user: &str, text: &str, more: Value) -> Value {
    let mut message = json!({"type": "message", "user": user, "text": text, "ts": ts(at)});
    merge(&mut message, more);
    message
}

pub(crate) fn ts(at: u32) -> String {
    format!("{}.000200", 1_709_510_400 + i64::from(at))
}

impl Export {
    /// Every list and a little of everything.
    pub(crate) fn everything() -> Export {
        let mut export = Export(Vec::new());
        export.put(
            "users.json",
            json!([
                user("U1", "Ada Lovelace", json!({})),
                user("U2", "王小明", json!({"is_restricted": true})),
                user(
                    "U3",
                    "Deploy Bot",
                    json!({"is_bot": true, "profile": {"real_name": "Deploy Bot", "email": null}})
                ),
                user("U4", "Grace Hopper", json!({"deleted": true})),
            ]),
        );
        export.put("channels.json", json!([
            {"id": "C1", "name": "general", "created": 1_700_000_000, "creator": "U1", "is_general": true,
             "members": ["U1", "U2", "U4"], "topic": {"value": "Ship &amp; tell"}, "purpose": {"value": "All"},
             "pins": [{"id": ts(1), "type": "C", "created": 1_709_510_500, "user": "U2"}]},
            {"id": "C2", "name": "old-news", "created": 1_700_000_001, "creator": "U1", "is_archived": true,
             "members": [], "topic": null, "purpose": null},
        ]));
        export.put("groups.json", json!([
            {"id": "G1", "name": "leads", "created": 1_700_000_002, "creator": "U1", "members": ["U1", "U4"]},
        ]));
        export.put("mpims.json", json!([
            {"id": "G2", "name": "mpdm-u1--u2--u4-1", "created": 1_700_000_003, "members": ["U1", "U2", "U4"]},
        ]));
        export.put("dms.json", json!([{"id": "D1", "created": 1_700_000_004, "members": ["U1", "U2"]}]));
        export.put("integration_logs.json", json!([{"service_id": "1", "change_type": "added"}]));
        export.day("general", "2024-03-04", general());
        export.day("leads", "2024-03-04", vec![message(1, "U4", "only us", json!({}))]);
        export.day("mpdm-u1--u2--u4-1", "2024-03-04", vec![message(1, "U2", "三个人", json!({}))]);
        export.day("D1", "2024-03-04", vec![message(1, "U2", "hi <@U1>", json!({}))]);
        export
    }

    pub(crate) fn put(&mut self, name: &str, content: Value) {
        let bytes = content.to_string().into_bytes();
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), bytes));
    }

    pub(crate) fn day(&mut self, folder: &str, date: &str, messages: Vec<Value>) {
        self.put(&format!("{folder}/{date}.json"), Value::Array(messages));
    }

    pub(crate) fn without(mut self, name: &str) -> Export {
        self.0.retain(|(n, _)| n != name);
        self
    }

    pub(crate) fn with_bytes(mut self, name: &str, bytes: &[u8]) -> Export {
        self.0.retain(|(n, _)| n != name);
        self.0.push((name.to_owned(), bytes.to_vec()));
        self
    }

    pub(crate) fn pack(&self) -> Packed {
        let dir = Scratch::new("export");
        let path = dir.join("export.zip");
        write_zip(&path, &self.0);
        Packed { _dir: dir, path }
    }
}

pub(crate) fn write_zip(path: &Path, entries: &[(String, Vec<u8>)]) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn general() -> Vec<Value> {
    let thread = json!({"thread_ts": ts(1)});
    let mut replied = thread.clone();
    merge(&mut replied, json!({"subtype": "thread_broadcast"}));
    vec![
        message(
            1,
            "U1",
            "Release *today*, see <https://a.example/x|the notes> <@U2> <#C2|old-news> &lt;3",
            json!({"thread_ts": ts(1), "reply_count": 2, "edited": {"user": "U1", "ts": ts(90)},
                "reactions": [{"name": "+1", "users": ["U2", "U4"], "count": 2},
                              {"name": "party_parrot", "users": ["U2"], "count": 3}]}),
        ),
        message(2, "U2", "好的 <!channel>", thread),
        message(3, "U1", "and here", replied),
        message(4, "U4", "<@U4> has joined the channel", json!({"subtype": "channel_join"})),
        message(5, "U1", "set the topic", json!({"subtype": "channel_topic", "topic": "Ship"})),
        message(6, "U1", "renamed", json!({"subtype": "channel_name", "name": "general", "old_name": "all"})),
        message(7, "U1", "waves", json!({"subtype": "me_message"})),
        json!({"type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "CI", "text": "",
               "ts": ts(8), "attachments": [{"title": "Build 7", "title_link": "https://ci.example/7",
               "text": "passed", "fields": [{"title": "Took", "value": 12, "short": true}], "color": "good"}]}),
        message(
            9,
            "U1",
            "the plan",
            json!({"files": [{"id": "F1", "name": "plan.pdf", "mimetype": "application/pdf",
               "size": 1234, "url_private": "https://files.slack.com/plan.pdf"}, {"id": "F2", "mode": "tombstone"}]}),
        ),
        message(
            10,
            "U1",
            "",
            json!({"blocks": [{"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "Bold", "style": {"bold": true}},
                {"type": "text", "text": " and "}, {"type": "user", "user_id": "U2"}, {"type": "emoji", "name": "tada"}]},
            {"type": "rich_text_list", "style": "ordered", "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}]}]}]}),
        ),
        json!({"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.",
               "ts": ts(11), "thread_ts": ts(11), "reply_count": 1}),
        message(
            12,
            "U404",
            "from another workspace",
            json!({"thread_ts": ts(11),
               "user_profile": {"real_name": "Guest of Honour"}}),
        ),
        message(13, "U1", "", json!({})),
        message(14, "U1", "", json!({"subtype": "bot_add"})),
        message(15, "U2", "a reply to nothing", json!({"thread_ts": "1600000000.000100"})),
    ]
}
