//! What a newer export says otherwise of messages that are here already.

use serde_json::json;
use weft_imports::Options;
use weft_kernel::LogKey;
use weft_storage::{Row, Sql, params};

use crate::{
    desk::Desk,
    fixture::{Export, message, ts},
};

const DAY: &str = "2024-03-04";

/// Three messages: one with a reaction and a mention, one with nothing, and a last one.
fn first() -> Export {
    day(vec![
        message(
            1,
            "U1",
            "hello <@U2>",
            json!({"reactions": [{"name": "+1", "users": ["U2", "U4"], "count": 2}]}),
        ),
        message(2, "U2", "原文", json!({})),
        message(3, "U1", "stays", json!({})),
        message(9, "U1", "last", json!({})),
    ])
}

fn day(messages: Vec<serde_json::Value>) -> Export {
    let mut export = Export::everything();
    export.day("general", DAY, messages);
    export
}

fn edited(at: u32) -> serde_json::Value {
    json!({"edited": {"user": "U1", "ts": ts(at)}})
}

/// The newer export: an edit, a reaction taken back and two given, a message that is gone.
fn second() -> Export {
    let reactions = json!({"edited": {"user": "U1", "ts": ts(500)}, "reactions": [
        {"name": "+1", "users": ["U4"], "count": 1}, {"name": "tada", "users": ["U1", "U2"], "count": 2}]});
    day(vec![
        message(1, "U1", "hello <@U4>", reactions),
        message(3, "U1", "stays", json!({})),
        message(9, "U1", "last", json!({})),
    ])
}

async fn head(desk: &Desk, log: LogKey) -> i64 {
    desk.int("SELECT head_seq FROM logs WHERE log = $1", params![log]).await
}

async fn row(desk: &Desk, log: LogKey, at: u32) -> Row {
    let at = (1_709_510_400 + i64::from(at)) * 1_000_000 + 200;
    let sql = "SELECT seq, state, edited_at, changed_seq FROM messages WHERE log = $1 AND at = $2";
    desk.rows(sql, params![log, at]).await.remove(0)
}

/// Changes a message as its author would here.
async fn edit_here(desk: &Desk, log: LogKey, seq: i64) {
    const EDIT: Sql =
        Sql::new("UPDATE messages SET edited_at = 1800000000000000 WHERE log = $1 AND seq = $2");
    const KEEP: Sql = Sql::new(
        "INSERT INTO message_versions (log, seq, version, at, body) SELECT log, seq, 1, at, body FROM messages
         WHERE log = $1 AND seq = $2",
    );
    desk.db().execute(EDIT, params![log, seq]).await.unwrap();
    desk.db().execute(KEEP, params![log, seq]).await.unwrap();
}

weft_testkit::on_both! {
    async fn a_newer_export_changes_what_is_here(test: TestDb) {
        let desk = Desk::new(test).await;
        desk.import(&first().pack().path).await.unwrap();
        let general = desk.log("general").await;
        let before = head(&desk, general).await;
        let newer = second().pack();
        let dry = Options { dry_run: true, ..Options::default() };
        let dry = desk.import_with(&newer.path, dry).await.unwrap();
        assert_eq!(head(&desk, general).await, before);
        let report = desk.import(&newer.path).await.unwrap();
        assert_eq!(dry.changed, report.changed);
        let changed = &report.changed;
        assert_eq!((changed.edited, changed.deleted, changed.reactions, changed.conflicts), (1, 1, 3, 0));
        assert_eq!(report.messages, 0);

        // One event for each message that changed, in the order of the log.
        assert_eq!(head(&desk, general).await, before + 2);
        let (one, two) = (row(&desk, general, 1).await, row(&desk, general, 2).await);
        assert_eq!((one.get::<i64>(3).unwrap(), two.get::<i64>(3).unwrap()), (before + 1, before + 2));
        assert_eq!(one.get::<i64>(2).unwrap(), 1_709_510_900_000_200);
        assert_eq!(two.get::<i64>(1).unwrap(), 3);
        assert_eq!(row(&desk, general, 3).await.get::<i64>(3).unwrap(), row(&desk, general, 3).await.get::<i64>(0).unwrap());
        // The earlier text is kept, and whoever was mentioned is not any more.
        assert_eq!(desk.int("SELECT COUNT(*) FROM message_versions WHERE log = $1", params![general]).await, 1);
        let mentioned = desk.rows("SELECT p.name FROM mentions n JOIN principals p ON p.principal = n.principal
            WHERE n.log = $1", params![general]).await;
        assert_eq!(mentioned.iter().map(|r| r.get::<String>(0).unwrap()).collect::<Vec<_>>(), ["Grace Hopper"]);
        let reactions = desk.rows("SELECT r.emoji, p.name FROM reactions r JOIN principals p ON p.principal = r.principal
            WHERE r.log = $1 ORDER BY r.emoji, p.name", params![general]).await;
        let mut reactions: Vec<(String, String)> =
            reactions.iter().map(|r| (r.get(0).unwrap(), r.get(1).unwrap())).collect();
        reactions.sort();
        let expected = [("🎉", "Ada Lovelace"), ("🎉", "王小明"), ("👍", "Grace Hopper")];
        assert_eq!(reactions, expected.map(|(e, p)| (e.to_owned(), p.to_owned())));

        let size = desk.size().await;
        let again = desk.import(&newer.path).await.unwrap();
        assert_eq!(again.changed, weft_imports::report::Changed::default());
        assert_eq!(desk.size().await, size);
    }

    async fn an_older_export_takes_nothing_back(test: TestDb) {
        let desk = Desk::new(test).await;
        let mut newest = second();
        newest.day("general", "2024-03-05", vec![message(86_500, "U1", "next day", json!({}))]);
        desk.import(&newest.pack().path).await.unwrap();
        let general = desk.log("general").await;
        let before = desk.texts(general).await;
        let report = desk.import(&first().pack().path).await.unwrap();
        // What the newer one did not have comes in, nothing else.
        assert_eq!((report.messages, report.changed), (1, weft_imports::report::Changed::default()));
        assert_eq!(report.adapted_by["older_export_changes_nothing"], 1);
        let after = desk.texts(general).await;
        assert_eq!(after[..before.len()], before[..]);
        assert_eq!(desk.int("SELECT COUNT(*) FROM messages WHERE state = 3", vec![]).await, 0);
    }

    async fn what_was_changed_here_stays(test: TestDb) {
        let desk = Desk::new(test).await;
        desk.import(&first().pack().path).await.unwrap();
        let general = desk.log("general").await;
        for at in [1, 2] {
            edit_here(&desk, general, row(&desk, general, at).await.get(0).unwrap()).await;
        }
        // Somebody here reacts too.
        const REACT: Sql = Sql::new("INSERT INTO reactions (log, seq, emoji, principal, at) VALUES ($1, $2, '🔥', $3, 5)");
        let seq: i64 = row(&desk, general, 1).await.get(0).unwrap();
        desk.db().execute(REACT, params![general, seq, desk.owner]).await.unwrap();
        let texts = desk.texts(general).await;
        let report = desk.import(&second().pack().path).await.unwrap();
        assert_eq!((report.changed.edited, report.changed.deleted, report.changed.conflicts), (0, 0, 2));
        assert_eq!(desk.texts(general).await, texts);
        assert_eq!(desk.int("SELECT COUNT(*) FROM reactions WHERE emoji = '🔥'", vec![]).await, 1);
        // The reactions of the export are no part of the conflict.
        assert_eq!(report.changed.reactions, 3);
    }

    async fn an_edit_follows_an_edit_and_a_tombstone_ends_both(test: TestDb) {
        let desk = Desk::new(test).await;
        let export = |text: &str, more| day(vec![message(1, "U1", text, more), message(9, "U1", "last", json!({}))]);
        desk.import(&export("one", json!({})).pack().path).await.unwrap();
        let general = desk.log("general").await;
        for (text, at) in [("two", 100), ("three", 200)] {
            let report = desk.import(&export(text, edited(at)).pack().path).await.unwrap();
            assert_eq!((report.changed.edited, report.changed.conflicts), (1, 0), "{text}");
        }
        let versions = desk.rows("SELECT at FROM message_versions WHERE log = $1 ORDER BY version", params![general]).await;
        let written: Vec<i64> = versions.iter().map(|r| r.get(0).unwrap()).collect();
        assert_eq!(written, [1_709_510_401_000_200, 1_709_510_500_000_200]);
        assert_eq!(desk.texts(general).await, ["three", "last"]);
        let report = desk.import(&export("This message was deleted.", json!({"subtype": "tombstone"})).pack().path).await.unwrap();
        assert_eq!((report.changed.deleted, report.changed.conflicts), (1, 0));
        assert_eq!(desk.texts(general).await, ["last"]);
        assert_eq!(desk.int("SELECT COUNT(*) FROM message_versions WHERE log = $1", params![general]).await, 0);
    }

    async fn a_part_of_an_export_deletes_nothing(test: TestDb) {
        let desk = Desk::new(test).await;
        let many = |step: usize| {
            let messages = (0..200).step_by(step).chain([300]).map(|i| message(i, "U1", &format!("{i}"), json!({})));
            day(messages.collect())
        };
        desk.import(&many(1).pack().path).await.unwrap();
        let report = desk.import(&many(4).pack().path).await.unwrap();
        assert_eq!((report.changed.deleted, report.adapted_by["missing_in_newer_export_kept"]), (0, 150));
        assert_eq!(desk.int("SELECT COUNT(*) FROM messages WHERE state = 3", vec![]).await, 0);
    }

    async fn pins_and_messages_that_only_lost_their_files_are_told_apart(test: TestDb) {
        let desk = Desk::new(test).await;
        let file = |mode: &str| json!({"files": [{"id": "F1", "name": "plan.pdf", "mode": mode}]});
        let export = |mode| day(vec![
            message(1, "U1", "pinned once", json!({})), message(2, "U1", "", file(mode)), message(9, "U1", "last", json!({})),
        ]);
        desk.import(&export("hosted").pack().path).await.unwrap();
        let general = desk.log("general").await;
        let mut newer = export("tombstone");
        let mut channels: serde_json::Value = serde_json::from_slice(
            &newer.0.iter().find(|(name, _)| name == "channels.json").unwrap().1).unwrap();
        channels[0]["pins"] = json!([{"id": ts(9), "type": "C", "created": 1_709_510_600, "user": "U2"}]);
        newer.put("channels.json", channels);
        let report = desk.import(&newer.pack().path).await.unwrap();
        assert_eq!((report.changed.pins, report.changed.deleted), (2, 0), "{report:?}");
        let pinned = desk.rows("SELECT pinned_at FROM messages WHERE log = $1 AND pinned_at IS NOT NULL", params![general]).await;
        assert_eq!(pinned.iter().map(|r| r.get::<i64>(0).unwrap()).collect::<Vec<_>>(), [1_709_510_600_000_000]);
    }
}
