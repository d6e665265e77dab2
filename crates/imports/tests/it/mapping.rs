//! A placeholder's history becomes another person's.

use weft_http::{Admin, Caller, Credential, Role, Scopes};
use weft_imports::mapping::map;
use weft_kernel::{LogKey, PrincipalKey, id::PrincipalId};
use weft_storage::params;

use crate::{desk::Desk, fixture::Export};

async fn id_of(desk: &Desk, who: PrincipalKey) -> PrincipalId {
    desk.rows("SELECT id FROM principals WHERE principal = $1", params![who]).await[0].get(0).unwrap()
}

async fn named(desk: &Desk, name: &'static str) -> (PrincipalKey, PrincipalId) {
    let rows = desk.rows("SELECT principal, id FROM principals WHERE name = $1", params![name]).await;
    (rows[0].get(0).unwrap(), rows[0].get(1).unwrap())
}

async fn admin(desk: &Desk) -> Admin {
    let org = desk.rows("SELECT id, log FROM orgs WHERE org = $1", params![desk.org]).await;
    let log: LogKey = desk.rows("SELECT log FROM principals WHERE principal = $1", params![desk.owner]).await
        [0]
    .get(0)
    .unwrap();
    Admin(Caller {
        org: desk.org,
        org_id: org[0].get(0).unwrap(),
        org_log: org[0].get(1).unwrap(),
        principal: desk.owner,
        principal_id: id_of(desk, desk.owner).await,
        log,
        acl_version: 1,
        role: Role::Owner,
        account: None,
        credential: Credential::Token {
            key: 0,
            scopes: Scopes { read: true, write: true, admin: true },
            expires_at: None,
        },
    })
}

weft_testkit::on_both! {
    async fn a_history_changes_hands_whole(test: TestDb) {
        let desk = Desk::new(test).await;
        let export = Export::everything().pack();
        desk.import(&export.path).await.unwrap();
        let ming = desk.person("Ming", 3, "ming@acme.example").await;
        let (placeholder, placeholder_id) = named(&desk, "王小明").await;
        let (to, caller) = (id_of(&desk, ming).await, admin(&desk).await);
        let of = |sql: &'static str, who: PrincipalKey| desk.int(sql, params![who]);
        const ROWS: [&str; 5] = [
            "SELECT COUNT(*) FROM messages WHERE sender = $1",
            "SELECT COUNT(*) FROM reactions WHERE principal = $1",
            "SELECT COUNT(*) FROM mentions WHERE principal = $1",
            "SELECT COUNT(*) FROM thread_marks WHERE principal = $1",
            "SELECT COUNT(*) FROM members WHERE principal = $1 AND left_seq IS NULL",
        ];
        let mut before = Vec::new();
        for sql in ROWS {
            before.push(of(sql, placeholder).await);
        }
        assert!(before.iter().all(|count| *count > 0), "{before:?}");

        map(desk.db(), &desk.env, &caller, placeholder_id, to).await.unwrap();
        let mut after = Vec::new();
        for sql in ROWS {
            after.push(of(sql, ming).await);
            assert_eq!(of(sql, placeholder).await, 0, "{sql}");
        }
        assert_eq!(after, before);
        let general = desk.log("general").await;
        assert!(desk.texts(general).await[0].contains(&format!("<@{to}>")));
        let person = desk.rows("SELECT state, mapped_to FROM principals WHERE principal = $1", params![placeholder]).await;
        assert_eq!((person[0].get::<i64>(0).unwrap(), person[0].get::<PrincipalKey>(1).unwrap()), (4, ming));
        // Clients learn of it: every message of theirs changed after the head that they knew.
        assert_eq!(desk.int("SELECT COUNT(*) FROM messages WHERE sender = $1 AND changed_seq <= seq", params![ming]).await, 0);
        assert_eq!(desk.int("SELECT COUNT(*) FROM logs l WHERE l.head_seq <
            (SELECT MAX(changed_seq) FROM messages m WHERE m.log = l.log)", vec![]).await, 0);

        let again = map(desk.db(), &desk.env, &caller, placeholder_id, to).await.unwrap_err();
        assert_eq!(again.code_str(), "not_a_placeholder");
        let itself = map(desk.db(), &desk.env, &caller, to, to).await.unwrap_err();
        assert_eq!(itself.code_str(), "not_a_placeholder");
        // A later import knows who it is now.
        let report = desk.import(&export.path).await.unwrap();
        assert_eq!((report.users, report.messages, report.memberships), (0, 0, 0));
    }
}
