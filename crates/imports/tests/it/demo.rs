//! The demonstration company.

use weft_imports::demo;
use weft_storage::params;

use crate::desk::Desk;

weft_testkit::on_both! {
    async fn the_company_is_whole_and_of_this_week(test: TestDb) {
        let desk = Desk::new(test).await;
        assert!(!demo::is_empty(desk.db()).await.unwrap());
        let emma = desk.person("Emma Clarke", 1, demo::ACCOUNTS[0].email).await;
        desk.person("林晓雯", 2, demo::ACCOUNTS[1].email).await;
        let report = demo::run(desk.db(), &desk.env, desk.org).await.unwrap();
        assert_eq!((report.matched, report.users), (2, 24));
        assert_eq!(report.skipped + report.adapted_by.len() as u64, 0);
        assert!(report.conversations >= 17 && report.threads >= 15 && report.reactions > 100);
        let now = desk.env.now();
        let week = desk.rows("SELECT MIN(at), MAX(at) FROM messages", vec![]).await;
        let (first, last) = (week[0].get::<i64>(0).unwrap(), week[0].get::<i64>(1).unwrap());
        assert!(first > now - 9 * 86_400_000_000 && last < now && last > now - 3_600_000_000);
        // Times never fall within a conversation, and replies follow what they answer.
        assert_eq!(desk.int("SELECT COUNT(*) FROM messages a JOIN messages b ON b.log = a.log AND b.seq = a.seq + 1
            WHERE b.at < a.at", vec![]).await, 0);
        assert_eq!(desk.int("SELECT COUNT(*) FROM messages r JOIN messages m ON m.log = r.log AND m.seq = r.thread
            WHERE r.at <= m.at", vec![]).await, 0);
        let unread = desk.int("SELECT CAST(SUM(l.last_n - m.read_n) AS BIGINT) FROM members m JOIN logs l ON l.log = m.log
            WHERE m.principal = $1", params![emma]).await;
        assert!(unread > 5, "Emma has {unread} unread");
        assert_eq!(desk.int("SELECT COUNT(*) FROM members m JOIN messages s ON s.log = m.log AND s.seq = m.read_seq
            WHERE m.principal = $1 AND s.n IS NOT NULL AND s.n <> m.read_n AND s.thread IS NULL", params![emma]).await, 0);
        assert_eq!(desk.int("SELECT COUNT(*) FROM principals WHERE state = 3", vec![]).await, 0);
        assert_eq!(desk.int("SELECT COUNT(*) FROM message_versions", vec![]).await, 1);
    }
}

#[test]
fn everybody_has_something_to_say() {
    let silent: Vec<String> =
        demo::voices().unwrap().into_iter().filter(|(_, count)| *count == 0).map(|(id, _)| id).collect();
    assert!(silent.is_empty(), "silent: {silent:?}");
}
