//! Phone numbers and the gateways.

use serde_json::{Value, json};
use weft_testkit::on_both;

use super::{
    gateway::{FakeGateway, Mood, set_up},
    server,
};

on_both! {
    async fn a_number_is_proved_by_a_code(engine: Engine) {
        let server = server(engine).await;
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        for bad in ["", "12345", "+0 123 4567", "+86 1380013800x", "+12345678901234567"] {
            mei.client.put("/me/phone", json!({"number": bad})).await.refused(422, "invalid");
        }
        let set = mei.client.put("/me/phone", json!({"number": "+86 138-0013-8000"})).await.ok();
        assert_eq!((&set["number"], &set["verified"], &set["can_verify"]), (&json!("+8613800138000"), &json!(false), &json!(false)));
        let gateway = FakeGateway::start(Mood::Kind).await;
        set_up(&org.owner, "sms", &gateway.url).await;
        let set = mei.client.put("/me/phone", json!({"number": "+8613800138000"})).await.ok();
        assert_eq!(set["code_sent"], true);
        let said = gateway.calls()[0].json()["say"].as_str().expect("text").to_owned();
        let code: String = said.chars().filter(char::is_ascii_digit).take(6).collect();
        for _ in 0..2 {
            mei.client.post("/me/phone/verify", json!({"code": "000 000"})).await.refused(422, "wrong_code");
        }
        let verified = mei.client.post("/me/phone/verify", json!({"code": code})).await.ok();
        assert_eq!(verified["verified"], true);
        mei.client.post("/me/phone/verify", json!({"code": code})).await.refused(422, "wrong_code");
        // Another number has to be proved anew, and guessing ends.
        mei.client.put("/me/phone", json!({"number": "+8613900139000"})).await.ok();
        for _ in 0..6 {
            mei.client.post("/me/phone/verify", json!({"code": "x"})).await.refused(422, "wrong_code");
        }
        let said = gateway.calls()[1].json()["say"].as_str().expect("text").to_owned();
        let code: String = said.chars().filter(char::is_ascii_digit).take(6).collect();
        mei.client.post("/me/phone/verify", json!({"code": code})).await.refused(422, "wrong_code");
        mei.client.delete("/me/phone").await.ok();
        assert_eq!(mei.client.get("/me/phone").await.ok()["number"], Value::Null);
    }

    async fn a_number_is_seen_by_whom_it_concerns(engine: Engine) {
        let server = server(engine).await;
        let org = server.org("Acme").await;
        let (mei, jonas, guest) = (org.member("Mei").await, org.member("Jonas").await, org.guest("Guest").await);
        mei.client.put("/me/phone", json!({"number": "+8613800138000"})).await.ok();
        let path = format!("/principals/{}/phone", mei.id);
        let other = server.org("Other").await;
        assert_eq!(org.owner.client.get(&path).await.ok()["number"], "+8613800138000");
        jonas.client.get(&path).await.refused(404, "not_found");
        jonas.client.put("/phone-visibility", json!({"visible": "members"})).await.refused(403, "forbidden");
        org.owner.client.put("/phone-visibility", json!({"visible": "members"})).await.ok();
        assert_eq!(jonas.client.get(&path).await.ok()["number"], "+8613800138000");
        guest.client.get(&path).await.refused(404, "not_found");
        other.owner.client.get(&path).await.refused(404, "not_found");
    }

    async fn a_gateway_is_set_up_tried_and_keeps_its_secrets(engine: Engine) {
        let server = server(engine).await;
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let gateway = FakeGateway::start(Mood::Kind).await;
        org.owner.client.post("/phone-gateways/sms/test", Value::Null).await.refused(409, "no_number");
        org.owner.client.put("/me/phone", json!({"number": "+8613800138000"})).await.ok();
        org.owner.client.post("/phone-gateways/sms/test", Value::Null).await.refused(409, "no_gateway");
        set_up(&org.owner, "sms", &gateway.url).await;
        let shown = org.owner.client.get("/phone-gateways").await.ok();
        assert_eq!(shown["items"][0]["secrets"], json!(["key"]));
        assert!(!shown.to_string().contains("s3cret"));
        assert!(shown["presets"].as_array().is_some_and(|presets| presets.len() >= 4));
        // Another template keeps the secrets that it does not name.
        let mut template = shown["items"][0]["template"].clone();
        template["url"] = format!("{}/other", gateway.url).into();
        let changed = org.owner.client.put("/phone-gateways/sms", json!({"template": template})).await.ok();
        assert!(!changed.to_string().contains("s3cret"));
        let tested = org.owner.client.post("/phone-gateways/sms/test", Value::Null).await.ok();
        assert_eq!(tested["number"], "+•••••••••8000");
        assert_eq!(gateway.calls()[0].headers["x-token"], "s3cret");
        template["body"] = "{\"a\": {{text}}}".into();
        org.owner.client.put("/phone-gateways/sms", json!({"template": template})).await.refused(422, "invalid");
        mei.client.get("/phone-gateways").await.refused(403, "forbidden");
        assert!(org.owner.client.delete("/phone-gateways/fax").await.status.is_client_error());
        org.owner.client.delete("/phone-gateways/sms").await.ok();
        assert_eq!(org.owner.client.get("/phone-gateways").await.ok()["items"], json!([]));
    }

    async fn a_gateway_in_the_servers_own_network_is_not_called(server: TestServer) {
        let org = server.org("Acme").await;
        let gateway = FakeGateway::start(Mood::Kind).await;
        org.owner.client.put("/me/phone", json!({"number": "+8613800138000"})).await.ok();
        set_up(&org.owner, "phone", &gateway.url).await;
        org.owner.client.post("/phone-gateways/phone/test", Value::Null).await.refused(409, "gateway_unreachable");
        assert!(gateway.calls().is_empty());
    }
}
