//! The real archive, where the machine has it.

use std::path::PathBuf;

use crate::desk::Desk;

fn archive() -> Option<PathBuf> {
    let dir = std::env::var_os("WEFT_SHARED_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = dir.unwrap_or(beside).join("slack-export.zip");
    let found = path.exists();
    if !found {
        eprintln!("skipped: there is no {}; set WEFT_SHARED_DATA", path.display());
    }
    found.then_some(path)
}

weft_testkit::on_both! {
    async fn the_real_archive_comes_in_whole_and_once(test: TestDb) {
        let Some(path) = archive() else { return };
        let desk = Desk::new(test).await;
        let started = std::time::Instant::now();
        let first = desk.import(&path).await.unwrap();
        eprintln!("imported in {:?}", started.elapsed());
        assert_eq!((first.users, first.conversations), (17_128, 7));
        assert_eq!(first.messages + first.skipped, 228_190);
        assert_eq!(first.threads, 6_648);
        assert_eq!(desk.int("SELECT COUNT(*) FROM messages", vec![]).await as u64, first.messages);
        desk.audit().await;

        let size = desk.size().await;
        let started = std::time::Instant::now();
        let second = desk.import(&path).await.unwrap();
        eprintln!("again in {:?}", started.elapsed());
        assert_eq!((second.users, second.conversations, second.messages, second.threads), (0, 0, 0, 0));
        assert_eq!((second.already.users, second.already.messages), (17_128, first.messages));
        assert_eq!(desk.size().await, size);
    }
}
