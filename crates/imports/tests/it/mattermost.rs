//! Mattermost's bulk export, made after its documented format.

use serde_json::{Value, json};
use weft_imports::{Format, Options, Report};
use weft_kernel::{Fault, id::PrincipalId};
use weft_storage::params;

use crate::{
    desk::Desk,
    fixture::{Export, Packed},
};

const T: i64 = 1_709_510_400_000;

fn post(at: i64, user: &str, message: &str, more: Value) -> Value {
    let mut post = json!({"team": "acme", "channel": "town-square", "user": user, "type": "", "message": message,
        "props": {}, "create_at": T + at, "edit_at": 0});
    crate::fixture::merge(&mut post, more);
    json!({"type": "post", "post": post})
}

fn direct(members: &[&str], at: i64, user: &str, message: &str) -> Value {
    json!({"type": "direct_post", "direct_post": {"channel_members": members, "user": user, "message": message,
        "create_at": T + at, "flagged_by": null, "reactions": null, "replies": null, "attachments": null}})
}

fn member(channels: &[&str]) -> Value {
    let channels: Vec<Value> = channels.iter().map(|c| json!({"name": c, "roles": "channel_user"})).collect();
    json!([{"name": "acme", "roles": "team_user", "channels": channels}])
}

/// Everything before the posts.
fn start() -> Vec<Value> {
    vec![
        json!({"type": "version", "version": 1, "info": {"generator": "mattermost-server", "version": "10.1"}}),
        json!({"type": "scheme", "scheme": {"name": "s", "display_name": "S", "scope": "team"}}),
        json!({"type": "emoji", "emoji": {"name": "parrot", "image": "exported_emoji/parrot"}}),
        json!({"type": "team", "team": {"name": "acme", "display_name": "Acme", "type": "O"}}),
        json!({"type": "channel", "channel": {"team": "acme", "name": "town-square", "display_name": "Town Square",
            "type": "O", "header": "Ship & tell", "purpose": "All"}}),
        json!({"type": "channel", "channel": {"team": "acme", "name": "leads", "display_name": "负责人", "type": "P"}}),
        json!({"type": "user", "user": {"username": "ada", "email": "u1@acme.example", "first_name": "Ada",
            "last_name": "Lovelace", "nickname": "", "position": "Engineer", "roles": "system_admin system_user",
            "auth_service": null, "teams": member(&["town-square", "leads", "archived-one"])}}),
        json!({"type": "user", "user": {"username": "ming", "email": "u2@acme.example", "nickname": "王小明",
            "first_name": "", "last_name": "", "roles": "system_guest", "teams": member(&["town-square"])}}),
        json!({"type": "user", "user": {"username": "grace", "email": "g@acme.example", "roles": "system_user",
            "delete_at": 5, "teams": null}}),
        json!({"type": "bot", "bot": {"username": "ci", "display_name": "CI", "owner": "ada"}}),
    ]
}

/// Posts as the exporter writes them: in no order of time.
fn posts() -> Vec<Value> {
    vec![
        post(9_000, "ada", "last", json!({})),
        post(
            1_000,
            "ada",
            "Release **today** @ming ~leads #tag :tada:",
            json!({"edit_at": T + 5_000, "is_pinned": true,
            "flagged_by": ["ming"],
            "reactions": [{"user": "ming", "emoji_name": "+1", "create_at": T + 1_500},
                {"user": "gone", "emoji_name": "+1", "create_at": T}, {"user": "ada", "emoji_name": "parrot", "create_at": T}],
            "replies": [{"user": "grace", "message": "好的 @all", "create_at": T + 2_000},
                {"user": "ada", "message": "and `@ming`", "create_at": T + 3_000,
                 "attachments": [{"path": "20240304/teams/noteam/plan.pdf"}]}]}),
        ),
        post(4_000, "ming", "ming joined", json!({"type": "system_join_channel"})),
        post(
            4_500,
            "ada",
            "header",
            json!({"type": "system_header_change", "props": {"new_header": "Ship & tell"}}),
        ),
        post(4_600, "ada", "x", json!({"type": "system_combined_user_activity"})),
        post(
            5_000,
            "ci",
            "",
            json!({"type": "slack_attachment", "props": {"override_username": "Jenkins", "attachments":
            [{"title": "Build 7", "title_link": "https://ci.example/7", "text": "passed *well*",
              "fields": [{"title": "Took", "value": 12, "short": true}]}]}}),
        ),
        // The same person in the same millisecond, twice.
        post(6_000, "ci", "one", json!({})),
        post(6_000, "ci", "two", json!({})),
        post(7_000, "ada", "only us", json!({"channel": "leads"})),
        post(8_000, "ming", "waves", json!({"type": "me"})),
    ]
}

fn end() -> Vec<Value> {
    vec![
        json!({"type": "direct_channel", "direct_channel": {"members": ["ada", "ming"], "header": ""}}),
        json!({"type": "direct_channel", "direct_channel": {"members": ["ada", "ada"], "header": "Notes"}}),
        direct(&["ming", "ada"], 1_000, "ming", "hi @ada"),
        direct(&["ada", "ming", "grace"], 1_000, "grace", "三个人"),
    ]
}

fn lines(values: &[Value]) -> Vec<u8> {
    values.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}

fn everything() -> Vec<Value> {
    [start(), posts(), end()].concat()
}

fn zipped(values: &[Value]) -> Packed {
    Export(vec![
        ("import.jsonl".to_owned(), lines(values)),
        ("data/20240304/teams/noteam/plan.pdf".to_owned(), b"%PDF".to_vec()),
    ])
    .pack()
}

async fn import(desk: &Desk, packed: &Packed) -> Result<Report, Fault> {
    desk.import_as(Format::Mattermost, &packed.path, Options::default()).await
}

async fn public(desk: &Desk, name: &'static str) -> PrincipalId {
    desk.rows("SELECT id FROM principals WHERE name = $1", params![name]).await[0].get(0).unwrap()
}

weft_testkit::on_both! {
    async fn everything_that_is_documented_comes_in(test: TestDb) {
        let desk = Desk::new(test).await;
        let packed = zipped(&everything());
        let dry = Options { dry_run: true, ..Options::default() };
        let dry = desk.import_as(Format::Mattermost, &packed.path, dry).await.unwrap();
        let report = import(&desk, &packed).await.unwrap();
        assert_eq!(Report { dry_run: false, ..dry }, report);
        assert_eq!((report.users, report.conversations, report.messages), (4, 5, 13));
        assert_eq!((report.threads, report.replies, report.reactions, report.files), (1, 2, 2, 1));
        for (reason, count) in [("custom_emoji", 1), ("line:scheme", 1), ("saved_mark", 1),
            ("membership_of_unknown_channel", 1), ("reaction_of_unknown_person", 1),
            ("subtype:system_combined_user_activity", 1)] {
            assert_eq!(report.skipped_by.get(reason), Some(&count), "{reason}");
        }
        assert_eq!(report.adapted_by["posted_under_another_name"], 1);
        desk.audit().await;
        assert!(desk.is_tidy());

        let town = desk.log("Town Square").await;
        let texts = desk.texts(town).await;
        let ming = public(&desk, "王小明").await;
        let leads = desk.rows("SELECT id FROM conversations WHERE name = '负责人'", vec![]).await;
        let leads: weft_kernel::id::ConversationId = leads[0].get(0).unwrap();
        assert_eq!(texts, [
            format!("Release **today** <@{ming}> <#{leads}> #tag 🎉"), "好的 <@all>".into(), "and `@ming`".into(),
            "> **[Build 7](<https://ci.example/7>)**\n> passed *well*\n> **Took**: 12".into(),
            "one".into(), "two".into(), "_waves_".into(), "last".into(),
        ]);
        let kinds = desk.rows("SELECT kind, is_default, topic FROM conversations ORDER BY kind, name", vec![]).await;
        let kinds: Vec<i64> = kinds.iter().map(|row| row.get(0).unwrap()).collect();
        assert_eq!(kinds, [1, 2, 3, 4, 4]);
        assert_eq!(desk.int("SELECT is_default FROM conversations WHERE log = $1", params![town]).await, 1);
        let first = desk.rows("SELECT at, edited_at, pinned_at IS NOT NULL FROM messages WHERE log = $1 ORDER BY seq LIMIT 1",
            params![town]).await;
        assert_eq!(first[0].get::<i64>(0).unwrap(), (T + 1_000) * 1_000);
        assert_eq!(first[0].get::<i64>(1).unwrap(), (T + 5_000) * 1_000);
        assert!(first[0].get::<bool>(2).unwrap());
        let guest = desk.int("SELECT kind FROM principals WHERE name = '王小明'", vec![]).await;
        assert_eq!((guest, desk.int("SELECT kind FROM principals WHERE name = 'CI'", vec![]).await), (2, 3));
    }

    async fn a_second_run_adds_nothing_and_a_newer_export_what_changed(test: TestDb) {
        let desk = Desk::new(test).await;
        import(&desk, &zipped(&everything())).await.unwrap();
        let size = desk.size().await;
        // Another order, as another server might give.
        let mut other = posts();
        other[..6].reverse();
        let again = import(&desk, &zipped(&[start(), other, end()].concat())).await.unwrap();
        assert_eq!((again.users, again.messages, again.already.messages), (0, 0, 13));
        assert_eq!(again.changed, weft_imports::report::Changed::default());
        assert_eq!(desk.size().await, size);

        let mut newer = posts();
        newer[1]["post"]["message"] = json!("Release tomorrow");
        newer[1]["post"]["edit_at"] = json!(T + 60_000);
        newer[1]["post"]["is_pinned"] = json!(false);
        newer[1]["post"]["replies"][0]["reactions"] = json!([{"user": "ada", "emoji_name": "heart", "create_at": T}]);
        newer.remove(5);
        newer.push(post(90_000, "ming", "new", json!({})));
        let report = import(&desk, &zipped(&[start(), newer, end()].concat())).await.unwrap();
        let changed = &report.changed;
        assert_eq!((changed.edited, changed.deleted, changed.reactions, changed.pins), (1, 1, 1, 1));
        assert_eq!((report.messages, changed.conflicts), (1, 0));
        let town = desk.log("Town Square").await;
        assert_eq!(desk.texts(town).await[0], "Release tomorrow");
    }

    async fn the_lines_alone_are_enough_and_a_broken_run_is_finished(test: TestDb) {
        let desk = Desk::new(test).await;
        let many = (0..5_000).map(|i| {
            let replies = json!([{"user": "ming", "message": format!("re {i}"), "create_at": T + 200_000 + i * 7 % 100}]);
            post(100_000 + (i * 7919) % 5_000, "ada", &format!("message {i}"), if i % 5 == 0 { json!({"replies": replies}) } else { json!({}) })
        });
        let all = [start(), many.collect(), end()].concat();
        let dir = weft_testkit::Scratch::new("jsonl");
        let plain = dir.join("export.jsonl");
        std::fs::write(&plain, lines(&all)).unwrap();
        for steps in [1, 2] {
            desk.import_broken_off(Format::Mattermost, &plain, steps).await;
        }
        let report = desk.import_as(Format::Mattermost, &plain, Options::default()).await.unwrap();
        assert!(report.already.messages > 0, "{report:?}");
        desk.audit().await;
        let once = Desk::new(weft_testkit::TestDb::migrated(weft_testkit::Engine::Sqlite).await).await;
        once.import_as(Format::Mattermost, &plain, Options::default()).await.unwrap();
        assert_eq!(desk.size().await, once.size().await);
        // Time orders the messages, whatever order they came in.
        let unordered = "SELECT COUNT(*) FROM messages a JOIN messages b ON b.log = a.log AND b.seq = a.seq + 1 AND b.at < a.at";
        assert_eq!(desk.int(unordered, vec![]).await, 0);
    }

    async fn direct_conversations_of_two_systems_are_one(test: TestDb) {
        let desk = Desk::new(test).await;
        // Slack first; both name Ada and 王小明 by the same addresses.
        desk.import(&Export::everything().pack().path).await.unwrap();
        let mut all = everything();
        let later = all.len() - 2;
        all[later]["direct_post"]["create_at"] = json!(T + 100_000_000);
        let report = import(&desk, &zipped(&all)).await.unwrap();
        assert_eq!((report.matched, report.merged), (2, 1), "{report:?}");
        let talks = desk.int("SELECT COUNT(*) FROM conversations WHERE kind = 4 AND member_count = 2", vec![]).await;
        assert_eq!(talks, 1);
        desk.audit().await;
    }

    async fn what_is_wrong_is_named_by_its_line(test: TestDb) {
        let desk = Desk::new(test).await;
        let size = desk.size().await;
        let with = |line: Value| lines(&[start(), vec![line], end()].concat());
        let team = |name: &str| json!({"type": "channel", "channel": {"team": name, "name": "x", "type": "O"}});
        let mut cases: Vec<(Vec<u8>, &str)> = vec![
            (Vec::new(), "no line of type"),
            (lines(&start()[1..]), "line 1: the first line must be of type “version”"),
            (lines(&[json!({"type": "version", "version": 2})]), "version is 2"),
            (lines(&[json!({"type": "version"})]), "version is none"),
            (with(json!({"type": "version", "version": 1})), "line 11: a second line"),
            (with(json!({"type": "post"})), "line 11: the object"),
            (with(json!({"type": "post", "post": 5})), "line 11"),
            (with(json!([])), "line 11"),
            (with(team("nowhere")), "no team “nowhere”"),
            (with(post(1, "nobody", "x", json!({}))), "line 11: there is no user “nobody”"),
            (with(post(1, "ada", "x", json!({"channel": "nowhere"}))), "no channel “acme/nowhere”"),
            (with(post(1, "ada", "x", json!({"replies": [{"user": "nobody", "message": "", "create_at": T}]}))), "nobody"),
            (with(post(1, "ada", "x", json!({"replies": [{"user": "ada", "message": "", "create_at": T,
                "replies": [{"user": "ada", "message": "", "create_at": T}]}]}))), "a reply has replies"),
            (with(post(1, "ada", "x", json!({"create_at": -1}))), "-1 is not a time"),
            (with(post(1, "ada", "x", json!({"create_at": "now"}))), "line 11"),
            (with(post(1, "ada", "x", json!({"edit_at": 7}))), "7 is not a time"),
            (with(post(1, "ada", "x", json!({"message": {"a": 1}}))), "line 11"),
            (with(start()[6].clone()), "the user “ada” occurs twice"),
            (with(start()[3].clone()), "the team “acme” occurs twice"),
            (with(start()[4].clone()), "the channel “acme/town-square” occurs twice"),
            (with(direct(&[], 1, "ada", "x")), "a direct channel of 0 people"),
            (with(direct(&["ada", "nobody"], 1, "ada", "x")), "nobody"),
        ];
        let whole = lines(&everything());
        cases.push((whole[..whole.len() - 20].to_vec(), "line 24"));
        cases.push(([&lines(&start())[..], b"{\"type\": \"post\", \xff}\n"].concat(), "line 11: it is not UTF-8"));
        let deep = format!("{{\"type\":\"post\",\"post\":{}1{}}}\n", "[".repeat(50_000), "]".repeat(50_000));
        cases.push(([&lines(&start())[..], deep.as_bytes()].concat(), "line 11"));
        let long = vec![b'x'; (33 << 20) as usize];
        cases.push(([&lines(&start())[..], &long].concat(), "line 11: it is longer than 32 MiB"));
        let dir = weft_testkit::Scratch::new("jsonl");
        let plain = dir.join("export.jsonl");
        for (bytes, expected) in cases {
            std::fs::write(&plain, &bytes).unwrap();
            let fault = desk.import_as(Format::Mattermost, &plain, Options::default()).await.expect_err(expected);
            assert_eq!(fault.code_str(), "import_archive", "{fault}");
            assert!(fault.detail().contains(expected), "{expected}: {}", fault.detail());
            assert_eq!(desk.size().await, size, "something was written: {expected}");
            assert!(desk.is_tidy());
        }
        for (entries, expected) in [
            (vec![("../import.jsonl", lines(&everything()))], "not allowed"),
            (vec![("data/x.png", vec![1])], "no .jsonl"),
            (vec![("a.jsonl", lines(&everything())), ("b.jsonl", lines(&everything()))], "several"),
            (vec![("a.jsonl", vec![b' '; 64 << 20])], "bomb"),
        ] {
            let packed = Export(entries.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()).pack();
            let fault = import(&desk, &packed).await.expect_err(expected);
            assert!(fault.detail().contains(expected), "{expected}: {}", fault.detail());
        }
        assert_eq!(desk.size().await, size);
    }

    async fn damaged_exports_never_panic_and_never_write_half(test: TestDb) {
        let desk = Desk::new(test).await;
        let size = desk.size().await;
        let whole = lines(&everything());
        let dir = weft_testkit::Scratch::new("jsonl");
        let plain = dir.join("export.jsonl");
        let dry = Options { dry_run: true, ..Options::default() };
        // A small generator, the same on every run.
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..=next(3) {
                let at = next(bytes.len());
                match next(4) {
                    0 => bytes[at] = next(256) as u8,
                    1 => bytes.truncate(at.max(1)),
                    2 => drop(bytes.splice(at..at, *b"\"}],:null")),
                    _ => {
                        let end = (at + next(200)).min(bytes.len());
                        bytes.drain(at..end);
                        bytes.push(b'\n');
                    }
                }
            }
            std::fs::write(&plain, &bytes).unwrap();
            if let Err(fault) = desk.import_as(Format::Mattermost, &plain, dry).await {
                assert_eq!(fault.code_str(), "import_archive", "{fault}");
            }
        }
        assert_eq!(desk.size().await, size);
        assert!(desk.is_tidy());
    }
}
