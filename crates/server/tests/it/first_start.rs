//! The first start: one organisation, one owner, one time.

use futures_util::future::join_all;
use serde_json::{Value, json};
use weft_testkit::{TestServer, eventually, on_both};

/// The one-time token that the server printed.
async fn setup_token(server: &TestServer) -> String {
    eventually("the setup link is printed", || async {
        let log = server.log();
        let (_, rest) = log.split_once("/setup?token=")?;
        Some(rest.split_whitespace().next()?.to_owned())
    })
    .await
}

fn request(token: &str, number: usize) -> Value {
    json!({"token": token, "org_name": format!("Acme {number}"), "name": "Olga",
        "email": format!("olga{number}@example.org"), "password": "correct horse battery staple"})
}

on_both! {
    async fn the_first_person_becomes_the_owner(server: TestServer) {
        let client = server.client();
        assert_eq!(client.get("/setup").await.ok()["needed"], true);
        let token = setup_token(&server).await;
        client.post("/setup", request("wrong", 0)).await.refused(403, "setup_token");
        let mut weak = request(&token, 0);
        weak["password"] = "password".into();
        client.post("/setup", weak).await.refused(422, "weak_password");
        let made = client.post("/setup", request(&token, 1)).await;
        assert_eq!(made.status, 201, "{made:?}");
        let cookie = made.session_cookie().expect("a session");
        let me = client.with_session(&cookie).get("/me").await.ok();
        assert_eq!((&me["principal"]["role"], &me["org"]["name"]), (&json!("owner"), &json!("Acme 1")));
        assert_eq!(client.get("/setup").await.ok()["needed"], false);
        client.post("/setup", request(&token, 2)).await.refused(409, "already_set_up");
    }

    async fn two_first_times_at_once_make_one_organisation(server: TestServer) {
        let token = setup_token(&server).await;
        let client = server.client();
        let tries = (0..6).map(|number| client.post("/setup", request(&token, number)));
        let tries: Vec<_> = tries.collect();
        let replies = join_all(tries).await;
        let made: Vec<_> = replies.iter().filter(|reply| reply.status == 201).collect();
        assert_eq!(made.len(), 1, "{replies:?}");
        for refused in replies.iter().filter(|reply| reply.status != 201) {
            refused.refused(409, "already_set_up");
        }
        let owner = client.with_session(&made[0].session_cookie().expect("a session"));
        assert_eq!(owner.get("/me").await.ok()["orgs"].as_array().map(Vec::len), Some(1));
    }

    async fn the_command_line_can_do_it_instead(server: TestServer) {
        let org = server.org("Acme").await;
        assert_eq!(server.client().get("/setup").await.ok()["needed"], false);
        assert_eq!(org.owner.client.get("/me").await.ok()["principal"]["role"], "owner");
    }
}
