//! Registering devices.

use serde_json::{Value, json};
use weft_testkit::{eventually, on_both};

use super::kit::{Browser, PASSWORD, PushService, person, server};

on_both! {
    async fn a_device_belongs_to_its_session(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (mei, phone) = person(&org, &service, "Mei").await;
        let laptop = Browser::signed_in(&mei, &org.owner.client, service.url("laptop"), "laptop").await;
        let made = laptop.register().await.ok();
        assert_eq!((&made["current"], &made["service"], &made["kind"]), (&json!(true), &json!("127.0.0.1"), &json!("web")));
        assert_eq!(laptop.register().await.ok()["id"], made["id"], "again: the same device");
        assert_eq!(phone.devices().await.len(), 2);

        // A new subscription of the same browser takes the old one's place.
        let renewed = laptop.renewed(service.url("renewed"));
        renewed.register().await.ok();
        assert_eq!(phone.devices().await.len(), 2);

        laptop.client.post("/auth/sign-out", Value::Null).await.ok();
        let left = phone.devices().await;
        assert_eq!(left.len(), 1, "signed out: {left:?}");
        let id = left[0]["id"].as_str().expect("an id");
        let jonas = org.member_with_password("Jonas", PASSWORD).await;
        let other = Browser::signed_in(&jonas, &org.owner.client, service.url("Mei"), "Mei").await;
        other.client.delete(&format!("/push/devices/{id}")).await.refused(404, "not_found");

        // Somebody else on the same browser: it is theirs from now on.
        other.register().await.ok();
        assert!(phone.devices().await.is_empty());
        assert_eq!(other.devices().await.len(), 1);
        let id = other.devices().await[0]["id"].clone();
        other.client.delete(&format!("/push/devices/{}", id.as_str().expect("an id"))).await.ok();
        assert!(other.devices().await.is_empty());
    }

    async fn what_is_no_device_is_refused(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let mei = org.member_with_password("Mei", PASSWORD).await;
        let browser = Browser::signed_in(&mei, &org.owner.client, service.url("Mei"), "Mei").await;
        let good = browser.registration();
        let with = |field: &str, value: Value| {
            let mut bad = good.clone();
            bad[field] = value;
            bad
        };
        for bad in [
            with("kind", json!("carrier-pigeon")),
            with("endpoint", json!("http://push.example.com/x")),
            with("endpoint", json!("file:///etc/passwd")),
            with("endpoint", json!(format!("https://a.example/{}", "x".repeat(2000)))),
            with("keys", json!({"p256dh": "AAAA", "auth": "AAAA"})),
            with("keys", json!({"p256dh": good["keys"]["p256dh"], "auth": "AAAA"})),
            with("name", json!("x".repeat(500))),
            with("x", json!(1)),
        ] {
            browser.client.post("/push/devices", bad.clone()).await.refused(422, "invalid");
        }
        // A token is no session: nothing would end with it.
        mei.client.get("/push/devices").await.refused(401, "unauthenticated");
        assert!(browser.devices().await.is_empty());
    }

    async fn a_unifiedpush_server_is_asked_what_it_is(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let mei = org.member_with_password("Mei", PASSWORD).await;
        let app = Browser::signed_in(&mei, &org.owner.client, service.unified("Mei"), "Mei").await;
        assert_eq!(app.register().await.ok()["kind"], "unifiedpush");
        let mut wrong = app.registration();
        wrong["endpoint"] = json!(service.url("Mei"));
        app.client.post("/push/devices", wrong).await.refused(409, "not_a_push_server");
        let room = org.owner.conversation("direct", &[&mei]).await;
        org.owner.say(&room, "hello").await;
        assert_eq!(app.open(&service.next().await)["body"], "hello");
    }

    async fn a_test_tells_what_came_of_it(engine: Engine) {
        let server = server(engine).await;
        let (org, service) = (server.org("Acme").await, PushService::start().await);
        let (_mei, browser) = person(&org, &service, "Mei").await;
        let id = browser.devices().await[0]["id"].as_str().expect("an id").to_owned();
        let test = format!("/push/devices/{id}/test");
        assert_eq!(browser.client.post(&test, Value::Null).await.ok()["taken"], true);
        assert_eq!(browser.open(&service.next().await)["t"], "test");
        service.answers(&[(503, ""), (403, ""), (410, "")]);
        assert_eq!(browser.client.post(&test, Value::Null).await.ok()["taken"], false);
        browser.client.post(&test, Value::Null).await.refused(409, "push_refused");
        browser.client.post(&test, Value::Null).await.refused(410, "device_gone");
        let look = || async { browser.devices().await.is_empty().then_some(()) };
        eventually("what is gone is forgotten", look).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_in_a_private_network_is_not_called() {
    let server =
        weft_testkit::TestServer::start(env!("CARGO_BIN_EXE_weft"), weft_testkit::Engine::Sqlite).await;
    let (org, service) = (server.org("Acme").await, PushService::start().await);
    let (_mei, browser) = person(&org, &service, "Mei").await;
    let id = browser.devices().await[0]["id"].as_str().expect("an id").to_owned();
    browser.client.post(&format!("/push/devices/{id}/test"), Value::Null).await.refused(409, "push_refused");
    assert_eq!(service.count(), 0);
}
