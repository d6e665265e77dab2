//! Rocket.Chat's CSV archive, made after its documented format.

use weft_imports::{Format, Options, Report};
use weft_kernel::{Fault, id::PrincipalId};
use weft_storage::params;

use crate::{desk::Desk, fixture::Export};

const T: i64 = 1_709_510_400_000;

fn export(files: &[(&str, String)]) -> Export {
    Export(files.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())).collect())
}

fn everything() -> Vec<(&'static str, String)> {
    vec![
        ("users.csv", "ada,u1@acme.example,Ada Lovelace\n\"Ming\",u2@acme.example,王小明\ngrace,,\n".into()),
        (
            "channels.csv",
            "general,ada,public,Ming;grace\n\"负责人\",ada,Private, ming ; ada \nempty,ada,,\n".into(),
        ),
        // Rows and files in no order of time.
        (
            "general/2.csv",
            format!("ada,{},\"*bold* @ming #general, \"\"quoted\"\"\nand a second line\"\n", T + 1_000),
        ),
        (
            "general/1.csv",
            format!("ming,{},\"hi @all\"\nstranger,{},~gone~\nada,{},first\n", T + 3_000, T + 2_000, T),
        ),
        ("负责人/messages.csv", format!("Ada,{},只有我们\n", T)),
        (
            "directmessages/all.csv",
            format!("ada,ming,{},\"hello\"\nming,ada,{},你好\ngrace,grace,{},note\n", T, T + 1, T),
        ),
    ]
}

async fn import(desk: &Desk, files: &[(&str, String)]) -> Result<Report, Fault> {
    desk.import_as(Format::RocketChat, &export(files).pack().path, Options::default()).await
}

weft_testkit::on_both! {
    async fn everything_that_is_documented_comes_in(test: TestDb) {
        let desk = Desk::new(test).await;
        let packed = export(&everything()).pack();
        let dry = Options { dry_run: true, ..Options::default() };
        let dry = desk.import_as(Format::RocketChat, &packed.path, dry).await.unwrap();
        let report = import(&desk, &everything()).await.unwrap();
        assert_eq!(Report { dry_run: false, ..dry }, report);
        // Three users and somebody who is in no list.
        assert_eq!((report.users, report.conversations, report.messages), (4, 5, 8));
        assert_eq!(report.skipped, 0);
        desk.audit().await;
        assert!(desk.is_tidy());
        let ming: PrincipalId =
            desk.rows("SELECT id FROM principals WHERE name = '王小明'", vec![]).await[0].get(0).unwrap();
        let general = desk.rows("SELECT log, id FROM conversations WHERE name = 'general'", vec![]).await;
        let id: weft_kernel::id::ConversationId = general[0].get(1).unwrap();
        assert_eq!(desk.texts(general[0].get(0).unwrap()).await, [
            "first".into(), format!("**bold** <@{ming}> <#{id}>, \"quoted\"\nand a second line"),
            "~~gone~~".into(), "hi <@all>".into(),
        ]);
        assert_eq!(desk.int("SELECT kind FROM conversations WHERE name = '负责人'", vec![]).await, 2);
        let at = desk.int("SELECT MAX(at) FROM messages WHERE log = $1", params![general[0].get::<weft_kernel::LogKey>(0).unwrap()]).await;
        assert_eq!(at, (T + 3_000) * 1_000);
        assert_eq!(desk.int("SELECT COUNT(*) FROM conversations WHERE kind = 4 AND member_count = 1", vec![]).await, 1);
    }

    async fn a_second_run_adds_nothing_and_a_newer_archive_what_is_new(test: TestDb) {
        let desk = Desk::new(test).await;
        import(&desk, &everything()).await.unwrap();
        let size = desk.size().await;
        let again = import(&desk, &everything()).await.unwrap();
        assert_eq!((again.users, again.messages, again.already.messages), (0, 0, 8));
        assert_eq!(desk.size().await, size);
        let mut newer = everything();
        newer[3].1 = format!("ming,{},\"hi @all!\"\nada,{},first\nada,{},later\n", T + 3_000, T, T + 9_000);
        let report = import(&desk, &newer).await.unwrap();
        // An archive may be a part: what it lacks stays.
        assert_eq!((report.messages, report.changed.edited, report.changed.deleted), (1, 1, 0));
        let general = desk.log("general").await;
        let texts = desk.texts(general).await;
        assert_eq!((texts[2].as_str(), texts[3].as_str(), texts[4].as_str()), ("~~gone~~", "hi <@all>!", "later"));
    }

    async fn headings_are_passed_over_and_a_broken_run_is_finished(test: TestDb) {
        let desk = Desk::new(test).await;
        let mut files = everything();
        files[0].1.insert_str(0, "\u{FEFF}username,email,name\n");
        files[1].1.insert_str(0, "name,creator,type,members\n");
        files[2].1.insert_str(0, "username,timestamp,message\n");
        files[5].1.insert_str(0, "from,to,ts,text\n");
        for i in 0..5_000 {
            files[3].1.push_str(&format!("ada,{},message {i}\n", T + 10_000 + (i * 7919) % 5_000));
        }
        let packed = export(&files).pack();
        for steps in [1, 2] {
            desk.import_broken_off(Format::RocketChat, &packed.path, steps).await;
        }
        import(&desk, &files).await.unwrap();
        assert_eq!(desk.int("SELECT COUNT(*) FROM messages", vec![]).await, 5_008);
        assert_eq!(desk.int("SELECT COUNT(*) FROM principals WHERE state = 3", vec![]).await, 4);
        desk.audit().await;
        assert!(desk.is_tidy());
    }

    async fn what_is_wrong_is_named_by_its_place(test: TestDb) {
        let desk = Desk::new(test).await;
        let size = desk.size().await;
        let with = |index: usize, text: &str| {
            let mut files = everything();
            files[index].1 = text.to_owned();
            files
        };
        // Not so uniform that it would count as a bomb.
        let endless: String = (0..330_000).map(|i| format!("{i:0107}")).collect();
        let mut cases = vec![
            (everything()[1..].to_vec(), "no users.csv"),
            (with(0, "ada,a,A\nADA,b,B\n"), "users.csv, line 2: the user “ada” occurs twice"),
            (with(0, ",a,A\n"), "users.csv, line 1: a user has no usable name"),
            (with(1, "general,ada,public,\nGeneral,ada,public,\n"), "channels.csv, line 2"),
            (with(1, "general,ada,secret,\n"), "neither public nor private"),
            (with(1, "other,ada,public,\n"), "is no channel of channels.csv"),
            (with(3, "ada,yesterday1,x\n"), "general/1.csv, line 1: “yesterday1” is not a time"),
            (with(3, "ada,5,x\n"), "5 is not a time"),
            (with(3, &format!("ada,{T},x\nada,{T}\n")), "general/1.csv, line 2: the row has 2 columns"),
            (with(5, &format!("ada,,{T},x\n")), "directmessages/all.csv, line 1"),
            (with(3, &format!("ada,{T},\"{endless}")), "longer than 32 MiB"),
        ];
        let mut outside = everything();
        outside.push(("../evil.csv", String::new()));
        cases.push((outside, "not allowed"));
        for (files, expected) in cases {
            let fault = import(&desk, &files).await.expect_err(expected);
            assert_eq!(fault.code_str(), "import_archive", "{fault}");
            assert!(fault.detail().contains(expected), "{expected}: {}", fault.detail());
            assert_eq!(desk.size().await, size, "something was written: {expected}");
        }
        let mut bytes = export(&everything());
        bytes.0[3].1 = b"ada,1709510400000,\xff\n".to_vec();
        let fault = desk.import_as(Format::RocketChat, &bytes.pack().path, Options::default()).await.unwrap_err();
        assert!(fault.detail().contains("general/1.csv, line 1: it is not UTF-8"), "{}", fault.detail());
        assert!(desk.is_tidy());
    }
}
