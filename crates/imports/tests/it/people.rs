//! Conversations of people who have one here.

use serde_json::json;
use weft_imports::Options;
use weft_kernel::{LogKey, keys};
use weft_storage::{Sql, params};

use crate::{
    desk::Desk,
    fixture::{Export, message},
};

/// A direct conversation that Ada (U1) and 王小明 (U2) have here, with a message at `at` if one was said.
async fn talk(desk: &Desk, at: Option<i64>) -> LogKey {
    const LOG: Sql =
        Sql::new("INSERT INTO logs (kind, org, head_seq, last_n) VALUES (1, $1, $2, $3) RETURNING log");
    const SPACE: Sql = Sql::new(
        "INSERT INTO conversations (log, id, org, kind, name, name_key, search_key, people_key, member_count,
           created_by, created_at) VALUES ($1, $2, $3, 4, '', '', '', $4, 2, $5, 1)",
    );
    const MEMBER: Sql = Sql::new(
        "INSERT INTO members (log, principal, joined_at, changed_seq, read_seq, read_n) VALUES ($1, $2, 1, $3, $4, $5)",
    );
    const SAY: Sql = Sql::new(
        "INSERT INTO messages (log, seq, id, sender, kind, state, n, nonce, at, changed_seq, body)
         VALUES ($1, 4, $2, $3, 1, 1, 1, 'own', $4, 4, $5)",
    );
    let ada = desk.person("Ada", 3, "u1@acme.example").await;
    let ming = desk.person("Ming", 3, "u2@acme.example").await;
    let said = i64::from(at.is_some());
    let mut tx = desk.db().begin().await.unwrap();
    let log: LogKey = tx.query_one(LOG, params![desk.org, 3 + said, said]).await.unwrap().get(0).unwrap();
    let people = keys::people_key(vec![ada, ming]);
    tx.execute(SPACE, params![log, desk.env.uuid(), desk.org, people, ada]).await.unwrap();
    for (i, who) in [ada, ming].into_iter().enumerate() {
        tx.execute(MEMBER, params![log, who, 2 + i as i64, 3 + said, said]).await.unwrap();
    }
    if let Some(at) = at {
        let body = weft_storage::Envelope.seal(br#"{"v":1,"parts":[{"type":"markdown","text":"here"}]}"#);
        tx.execute(SAY, params![log, desk.env.uuid(), ada, at, body]).await.unwrap();
    }
    tx.commit().await.unwrap();
    log
}

async fn direct(desk: &Desk) -> Vec<(LogKey, bool, bool)> {
    let rows = desk
        .rows(
            "SELECT log, archived_at IS NOT NULL, people_key IS NOT NULL FROM conversations
        WHERE kind = 4 ORDER BY log",
            vec![],
        )
        .await;
    rows.iter().map(|r| (r.get(0).unwrap(), r.get(1).unwrap(), r.get(2).unwrap())).collect()
}

/// Imports beside a conversation in which something was said, or nothing.
async fn goes_on(desk: Desk, said: Option<i64>) {
    let talk = talk(&desk, said).await;
    let packed = Export::everything().pack();
    let dry = desk.import_with(&packed.path, Options { dry_run: true, ..Options::default() }).await.unwrap();
    let report = desk.import(&packed.path).await.unwrap();
    assert_eq!(weft_imports::Report { dry_run: false, ..dry }, report);
    assert_eq!((report.merged, report.conversations), (1, 4));
    assert_eq!(direct(&desk).await, [(talk, false, true)]);
    let texts = desk.texts(talk).await;
    assert!(texts.last().unwrap().starts_with("hi <@"), "{texts:?}");
    assert_eq!(texts.len(), 1 + usize::from(said.is_some()));
    desk.audit().await;
    let size = desk.size().await;
    let again = desk.import(&packed.path).await.unwrap();
    assert_eq!((again.merged, again.conversations, again.already.conversations), (0, 0, 5));
    assert_eq!(desk.size().await, size);
}

weft_testkit::on_both! {
    async fn an_empty_conversation_takes_the_imported_messages(test: TestDb) {
        goes_on(Desk::new(test).await, None).await;
    }

    async fn later_messages_go_on_in_the_conversation_that_is_here(test: TestDb) {
        goes_on(Desk::new(test).await, Some(1_600_000_000_000_000)).await;
    }

    async fn who_comes_with_a_newer_export_does_not_see_a_past_that_is_kept(test: TestDb) {
        let desk = Desk::new(test).await;
        let mut export = Export::everything();
        desk.import(&export.pack().path).await.unwrap();
        let leads = desk.log("leads").await;
        let seen = "SELECT visible_from_seq FROM members WHERE log = $1 ORDER BY visible_from_seq DESC LIMIT 1";
        assert_eq!(desk.int(seen, params![leads]).await, 0);
        const KEEP: Sql = Sql::new("UPDATE conversations SET newcomers_see = 2 WHERE log = $1");
        desk.db().execute(KEEP, params![leads]).await.unwrap();
        let head = desk.int("SELECT head_seq FROM logs WHERE log = $1", params![leads]).await;
        export.put("groups.json", json!([{"id": "G1", "name": "leads", "created": 1_700_000_002, "creator": "U1",
            "members": ["U1", "U2", "U4"]}]));
        let report = desk.import(&export.pack().path).await.unwrap();
        assert_eq!(report.memberships, 1);
        assert_eq!(desk.int(seen, params![leads]).await, head + 1);
        assert_eq!(desk.int("SELECT hidden_below FROM conversations WHERE log = $1", params![leads]).await, head + 1);
    }

    async fn earlier_messages_become_a_history_that_the_conversation_leads_to(test: TestDb) {
        let desk = Desk::new(test).await;
        let talk = talk(&desk, Some(1_800_000_000_000_000)).await;
        let mut export = Export::everything();
        let packed = export.pack();
        let dry = desk.import_with(&packed.path, Options { dry_run: true, ..Options::default() }).await.unwrap();
        let report = desk.import(&packed.path).await.unwrap();
        assert_eq!(weft_imports::Report { dry_run: false, ..dry }, report);
        assert_eq!((report.merged, report.adapted_by["history_beside_conversation"]), (0, 1));
        let all = direct(&desk).await;
        assert_eq!((all[0], all[1].1, all[1].2), ((talk, false, true), true, false));
        let contents = desk.contents(talk).await;
        let history = desk.rows("SELECT id FROM conversations WHERE log = $1", params![all[1].0]).await;
        let history: weft_kernel::id::ConversationId = history[0].get(0).unwrap();
        assert_eq!(contents.len(), 2);
        assert_eq!(contents[1]["parts"][0], json!({"type": "system", "code": "history.imported",
            "params": {"conversation": history, "source": "slack"}}));
        // What comes later goes to the history too, and the link is written once.
        let size = desk.size().await;
        desk.import(&packed.path).await.unwrap();
        assert_eq!(desk.size().await, size);
        export.day("D1", "2024-03-05", vec![message(86_400, "U1", "later", json!({}))]);
        desk.import(&export.pack().path).await.unwrap();
        assert_eq!(desk.texts(all[1].0).await.len(), 2);
        assert_eq!(desk.contents(talk).await.len(), 2);
    }
}
