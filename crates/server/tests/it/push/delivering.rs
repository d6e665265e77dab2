//! Services that are busy, slow, gone, and servers that die.

use weft_storage::{Db, Sql};
use weft_testkit::{TestServer, eventually, on_both};

use super::kit::{PushService, person, server};

const PUT_ASIDE: Sql = Sql::new("SELECT job FROM outbox WHERE kind = 'push_send' AND last_error IS NOT NULL");

/// Waits until what was refused is noted for another try: a job in hand would be nobody's for minutes.
async fn put_aside(server: &TestServer) {
    let db = Db::open_unmigrated(&server.database_config()).expect("the database beside the server");
    let look = || async { db.query_opt(PUT_ASIDE, Vec::new()).await.expect("an answer").map(drop) };
    eventually("another try is noted", look).await;
}

on_both! {
    async fn a_device_that_is_gone_is_forgotten(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, browser) = person(&org, &service, "Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        service.answers(&[(410, "")]);
        org.owner.say(&room, "anybody there?").await;
        service.next().await;
        let look = || async { browser.devices().await.is_empty().then_some(()) };
        eventually("the device is forgotten", look).await;
    }

    async fn a_busy_service_is_asked_again_when_it_said_so(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, browser) = person(&org, &service, "Mei").await;
        let room = org.owner.conversation("direct", &[&mei]).await;
        service.answers(&[(429, "1"), (503, "1")]);
        org.owner.say(&room, "again").await;
        for _ in 0..3 {
            assert_eq!(browser.open(&service.next().await)["body"], "again");
        }
        let used = || async { browser.devices().await[0]["used_at"].as_i64() };
        eventually("it was taken", used).await;
    }

    async fn a_slow_service_holds_up_nobody(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, _stuck) = person(&org, &service, "Mei").await;
        let (jonas, browser) = person(&org, &service, "Jonas").await;
        service.never_answers("Mei");
        let group = org.owner.conversation("group", &[&mei, &jonas]).await;
        for words in ["one", "two", "three"] {
            org.owner.say(&group, words).await;
            let told = browser.open(&service.next().await);
            assert!(told["body"].as_str().is_some_and(|body| body.ends_with(words)), "{told}");
        }
    }

    async fn a_crash_loses_no_notification(engine: Engine) {
        let mut server = server(engine).await;
        let service = PushService::start().await;
        let (browser, seq) = {
            let org = server.org("Acme").await;
            let (mei, browser) = person(&org, &service, "Mei").await;
            let room = org.owner.conversation("direct", &[&mei]).await;
            // It has been decided, and the service has not taken it yet.
            service.answers(&[(503, "1")]);
            let said = org.owner.say(&room, "before the crash").await;
            service.next().await;
            put_aside(&server).await;
            (browser, said["seq"].clone())
        };
        server.kill();
        server.restart().await;
        let told = browser.open(&service.next().await);
        assert_eq!((&told["seq"], &told["body"]), (&seq, &"before the crash".into()));
    }

    async fn what_is_said_right_before_a_crash_is_told_after_it(engine: Engine) {
        let mut server = server(engine).await;
        let service = PushService::start().await;
        let browser = {
            let org = server.org("Acme").await;
            let (mei, browser) = person(&org, &service, "Mei").await;
            let room = org.owner.conversation("direct", &[&mei]).await;
            org.owner.say(&room, "last words").await;
            browser
        };
        server.kill();
        server.restart().await;
        assert_eq!(browser.open(&service.next().await)["body"], "last words");
    }
}
