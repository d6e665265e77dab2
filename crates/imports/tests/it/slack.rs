//! What an export becomes.

use serde_json::json;
use weft_imports::Options;
use weft_storage::params;

use crate::{
    desk::Desk,
    fixture::{Export, message, ts},
};

weft_testkit::on_both! {
    async fn everything_slack_documents_comes_in(test: TestDb) {
        let desk = Desk::new(test).await;
        let report = desk.import(&Export::everything().pack().path).await.unwrap();
        // Four users, the bot CI, Slackbot and a guest of another workspace.
        assert_eq!((report.users, report.conversations, report.threads, report.replies), (7, 5, 2, 3));
        assert_eq!((report.messages, report.reactions, report.files), (16, 3, 1));
        assert_eq!(report.skipped_by["entry:integration_logs.json"], 1);
        assert_eq!(report.skipped_by["empty"], 1);
        assert_eq!(report.skipped_by["subtype:bot_add"], 1);
        assert_eq!(report.skipped_by["file:tombstone"], 1);
        assert_eq!(report.skipped_by["reaction_without_name"], 2);
        assert_eq!(report.adapted_by["reply_without_its_start"], 1);
        assert_eq!(report.skipped, 6);
        desk.audit().await;

        let general = desk.log("general").await;
        let texts = desk.texts(general).await;
        let public = |name: &'static str| {
            let desk = &desk;
            async move {
                let rows = desk.rows("SELECT id FROM principals WHERE name = $1", params![name]).await;
                rows[0].get::<weft_kernel::id::PrincipalId>(0).unwrap()
            }
        };
        let (ming, old) = (public("王小明").await, desk.log("old-news").await);
        let old = desk.rows("SELECT id FROM conversations WHERE log = $1", params![old]).await;
        let old: weft_kernel::id::ConversationId = old[0].get(0).unwrap();
        assert_eq!(texts[0], format!("Release **today**, see [the notes](<https://a.example/x>) <@{ming}> <#{old}> <3"));
        assert_eq!(texts[1], "好的 <@all>");
        assert!(texts.contains(&"_waves_".to_owned()));
        assert!(texts.contains(&"> **[Build 7](<https://ci.example/7>)**\n> passed\n> **Took**: 12".to_owned()));
        assert!(texts.contains(&format!("**Bold** and <@{ming}>🎉\n1. one")));

        let contents = desk.contents(general).await;
        assert_eq!((&contents[0]["mentions"], &contents[1]["mention_all"]), (&json!([ming]), &json!("all")));
        let part = |code: &str| contents.iter().map(|c| &c["parts"][0]).find(|p| p["code"] == code).cloned();
        assert_eq!(part("topic.changed").unwrap()["params"], json!({"topic": "Ship"}));
        assert_eq!(part("conversation.renamed").unwrap()["params"]["old_name"], "all");
        assert!(part("member.joined").is_some());
        let files = contents.iter().flat_map(|c| c["parts"].as_array().unwrap()).find(|p| p["type"] == "files");
        assert_eq!(files.unwrap()["files"][0], json!({"name": "plan.pdf", "size": 1234,
            "mime": "application/pdf", "url": "https://files.slack.com/plan.pdf"}));
    }

    async fn rows_say_what_the_export_said(test: TestDb) {
        let desk = Desk::new(test).await;
        desk.import(&Export::everything().pack().path).await.unwrap();
        let general = desk.log("general").await;
        let first = desk.rows("SELECT at, edited_at, pinned_at, n FROM messages WHERE log = $1 ORDER BY seq LIMIT 1",
            params![general]).await;
        assert_eq!(first[0].get::<i64>(0).unwrap(), 1_709_510_401_000_200);
        assert_eq!(first[0].get::<i64>(1).unwrap(), 1_709_510_490_000_200);
        assert_eq!(first[0].get::<i64>(2).unwrap(), 1_709_510_500_000_000);
        let emoji = desk.rows("SELECT emoji FROM reactions WHERE log = $1 ORDER BY emoji", params![general]).await;
        let emoji: Vec<String> = emoji.iter().map(|r| r.get(0).unwrap()).collect();
        assert_eq!(emoji, [":party_parrot:", "👍", "👍"]);
        assert_eq!(desk.int("SELECT COUNT(*) FROM mentions WHERE principal = 0", vec![]).await, 1);
        let kinds = desk.rows("SELECT kind, archived_at, topic FROM conversations ORDER BY created_at", vec![]).await;
        let seen: Vec<(i64, bool)> =
            kinds.iter().map(|r| (r.get(0).unwrap(), r.get::<Option<i64>>(1).unwrap().is_some())).collect();
        assert_eq!(seen, [(1, false), (1, true), (2, false), (3, false), (4, false)]);
        assert_eq!(kinds[0].get::<String>(2).unwrap(), "Ship & tell");
        let people = desk.rows("SELECT kind, role, state, search_key FROM principals WHERE name IN ('王小明', 'CI')
            ORDER BY kind", vec![]).await;
        assert!(people[0].get::<String>(3).unwrap().starts_with("王小明 wangxiaoming wxm"));
        let kind = |i: usize| (0..3).map(|c| people[i].get::<i64>(c).unwrap()).collect::<Vec<_>>();
        assert_eq!((kind(0), kind(1)), (vec![2, 4, 3], vec![3, 3, 3]));
    }

    async fn a_second_run_adds_nothing_and_a_newer_export_only_what_is_new(test: TestDb) {
        let desk = Desk::new(test).await;
        let mut export = Export::everything();
        desk.import(&export.pack().path).await.unwrap();
        let size = desk.size().await;
        let again = desk.import(&export.pack().path).await.unwrap();
        assert_eq!((again.users, again.conversations, again.messages, again.memberships), (0, 0, 0, 0));
        assert_eq!((again.already.users, again.already.messages), (7, 16));
        assert_eq!(desk.size().await, size);

        export.day("general", "2024-03-05", vec![
            message(86_400, "U2", "late reply", json!({"thread_ts": ts(1)})),
            message(86_401, "U2", "first reply", json!({"thread_ts": ts(9)})),
            message(86_402, "U1", "new", json!({})),
        ]);
        let newer = desk.import(&export.pack().path).await.unwrap();
        assert_eq!((newer.users, newer.messages, newer.threads, newer.replies), (0, 3, 1, 2));
        desk.audit().await;
        let at = desk.int("SELECT MAX(at) FROM messages", vec![]).await;
        assert_eq!(at, 1_709_596_802_000_200);
    }

    async fn a_dry_run_writes_nothing_and_reports_the_same(test: TestDb) {
        let desk = Desk::new(test).await;
        let packed = Export::everything().pack();
        let size = desk.size().await;
        let dry = desk.import_with(&packed.path, Options { dry_run: true, ..Options::default() }).await.unwrap();
        assert_eq!(desk.size().await, size);
        let real = desk.import(&packed.path).await.unwrap();
        assert!(dry.dry_run);
        assert_eq!(weft_imports::Report { dry_run: false, ..dry }, real);
        let again = desk.import_with(&packed.path, Options { dry_run: true, ..Options::default() }).await.unwrap();
        assert_eq!((again.messages, again.already.messages), (0, 16));
    }

    async fn people_are_recognised_and_taken_names_get_a_suffix(test: TestDb) {
        let desk = Desk::new(test).await;
        let ada = desk.person("Ada", 3, "U1@Acme.example").await;
        let before = desk.int("SELECT l.head_seq FROM logs l JOIN principals p ON p.log = l.log
            WHERE p.principal = $1", params![ada]).await;
        let packed = Export::everything().pack();
        let first = desk.import(&packed.path).await.unwrap();
        assert_eq!((first.matched, first.users), (1, 6));
        assert_eq!(desk.int("SELECT COUNT(*) FROM messages WHERE sender = $1", params![ada]).await, 7);
        // She learns of her four conversations through her own log.
        let after = desk.int("SELECT l.head_seq FROM logs l JOIN principals p ON p.log = l.log
            WHERE p.principal = $1", params![ada]).await;
        assert_eq!(after, before + 4);
        assert_eq!(desk.int("SELECT MAX(own_seq) FROM members WHERE principal = $1", params![ada]).await, after);

        // Another workspace, with channels of the same names.
        let mut other = Export(Vec::new());
        other.put("users.json", json!([crate::fixture::user("X1", "Xenia", json!({"team_id": "T2"}))]));
        other.put("channels.json", json!([{"id": "C8", "name": "General", "members": ["X1"]},
            {"id": "C9", "name": "leads", "members": ["X1"]}]));
        other.day("leads", "2024-03-04", vec![message(1, "X1", "hello", json!({}))]);
        let second = desk.import(&other.pack().path).await.unwrap();
        assert_eq!((second.conversations, second.messages), (2, 1));
        assert_eq!(second.renamed.iter().map(|r| r.to.as_str()).collect::<Vec<_>>(),
            ["General-slack", "leads-slack"]);
        desk.audit().await;
    }

    async fn a_run_that_breaks_off_is_finished_by_the_next(test: TestDb) {
        let desk = Desk::new(test).await;
        let mut export = Export::everything();
        let many = |from: u32| (from..from + 3_000).map(|i| {
            let more = if i % 3 == 0 { json!({}) } else { json!({"thread_ts": ts(from)}) };
            message(i, if i % 2 == 0 { "U1" } else { "U2" }, &format!("message {i}"), more)
        }).collect::<Vec<_>>();
        export.day("general", "2024-03-05", many(86_400));
        export.day("leads", "2024-03-05", many(86_400));
        let packed = export.pack();
        // The run is dropped where it stands, in the midst of writing.
        for steps in [1, 2, 4] {
            desk.import_broken_off(weft_imports::Format::Slack, &packed.path, steps).await;
        }
        desk.import(&packed.path).await.unwrap();
        desk.audit().await;
        let size = desk.size().await;
        let once = Desk::new(weft_testkit::TestDb::migrated(weft_testkit::Engine::Sqlite).await).await;
        once.import(&packed.path).await.unwrap();
        assert_eq!(size, once.size().await);
    }
}
