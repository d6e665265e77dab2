//! First start, signing in, sessions, passwords, access tokens.

use crate::world::{As, PASSWORD, World, nobody, session, setup_body, token};
use http::StatusCode;
use serde_json::json;
use weft_storage::Sql;
use weft_testkit::on_both;

const DAY: i64 = 86_400_000_000;
const COUNT_SESSIONS: Sql = Sql::new("SELECT COUNT(*) FROM sessions");

on_both! {
    async fn of_two_setups_at_once_one_wins(test: TestDb) {
        let world = World::new(test).await;
        assert_eq!(world.get(&nobody(), "/setup").await.body["needed"], true);
        let secret = world.identity.setup_token().await.unwrap().unwrap();
        let wrong = world.post(&nobody(), "/setup", setup_body("no", "ann@example.com")).await;
        assert_eq!((wrong.status, wrong.code()), (StatusCode::FORBIDDEN, "setup_token"));
        let (ann, bob) = (setup_body(&secret, "ann@example.com"), setup_body(&secret, "bob@example.com"));
        let none = nobody();
        let (a, b) = tokio::join!(world.post(&none, "/setup", ann), world.post(&none, "/setup", bob));
        let mut statuses = [a.status, b.status];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::CREATED, StatusCode::CONFLICT], "{a:?} {b:?}");
        let (won, lost) = if a.status == StatusCode::CREATED { (a, b) } else { (b, a) };
        assert_eq!(lost.code(), "already_set_up");
        let me = world.get(&session(&won.cookie), "/me").await;
        assert_eq!(me.status, StatusCode::OK, "{me:?}");
        assert_eq!(me.body["principal"]["role"], "owner");
        assert_eq!(me.body["org"]["name"], "Weft");
        assert_eq!(me.body["orgs"].as_array().unwrap().len(), 1);
        assert_eq!(world.get(&nobody(), "/setup").await.body["needed"], false);
        assert_eq!(world.identity.setup_token().await.unwrap(), None);
    }

    async fn a_wrong_password_and_an_unknown_address_get_one_answer(test: TestDb) {
        let (world, _) = World::set_up(test).await;
        let attempt = async |email: &str, password: &str| {
            world.post(&nobody(), "/auth/sign-in", json!({"email": email, "password": password})).await
        };
        let wrong = attempt("ann@example.com", "wrong horse battery").await;
        let unknown = attempt("nobody@example.com", "wrong horse battery").await;
        assert_eq!((wrong.status, wrong.code()), (StatusCode::UNAUTHORIZED, "bad_credentials"));
        assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
        assert_eq!(attempt("ANN@example.com ", PASSWORD).await.status, StatusCode::OK);
        assert_eq!(attempt("ann\u{0}@example.com", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn guessing_is_slowed_down_and_right_passwords_do_not_count(test: TestDb) {
        let (world, _) = World::set_up(test).await;
        for _ in 0..12 {
            world.sign_in("ann@example.com").await;
        }
        let wrong = json!({"email": "ann@example.com", "password": "wrong horse battery"});
        for _ in 0..10 {
            let answer = world.post(&nobody(), "/auth/sign-in", wrong.clone()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        }
        let answer = world.post(&nobody(), "/auth/sign-in", wrong).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(answer.headers.contains_key("retry-after"));
    }

    async fn a_session_dies_on_sign_out_and_is_cut(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        let other = world.sign_in("ann@example.com").await;
        assert_eq!(world.get(&owner, "/me").await.status, StatusCode::OK);
        let sessions = world.get(&owner, "/auth/sessions").await;
        let items = sessions.body["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items.iter().filter(|s| s["current"] == true).count(), 1);
        let done = world.post(&owner, "/auth/sign-out", json!({})).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
        assert_eq!(world.get(&owner, "/me").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(world.get(&other, "/me").await.status, StatusCode::OK);
        assert_eq!(world.recorder.cuts.lock().len(), 1);
    }

    async fn signing_out_everywhere_ends_sessions_and_tokens(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        let other = world.sign_in("ann@example.com").await;
        let made = world.post(&owner, "/tokens", json!({"name": "ci", "scopes": ["read"]})).await;
        let ci = token(&made.text("secret"));
        assert_eq!(world.get(&ci, "/me").await.status, StatusCode::OK);
        assert_eq!(
            world.post(&owner, "/auth/sign-out-everywhere", json!({})).await.status,
            StatusCode::NO_CONTENT
        );
        for who in [&owner, &other, &ci] {
            assert_eq!(world.get(who, "/me").await.status, StatusCode::UNAUTHORIZED);
        }
    }

    async fn a_session_slides_and_runs_out(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        world.clock.advance(89 * DAY);
        assert_eq!(world.get(&owner, "/me").await.status, StatusCode::OK);
        world.clock.advance(91 * DAY);
        let answer = world.get(&owner, "/me").await;
        assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "session_expired"));
    }

    async fn an_ended_session_is_told_so_until_its_cookie_is_gone(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        let count = async || -> i64 { world.db.query_one(COUNT_SESSIONS, Vec::new()).await.unwrap().get(0).unwrap() };
        world.clock.advance(91 * DAY);
        let fresh = world.sign_in("ann@example.com").await;
        world.identity.tidy().await.unwrap();
        assert_eq!(count().await, 2);
        assert_eq!(world.get(&owner, "/me").await.code(), "session_expired");
        assert_eq!(world.get(&owner, "/auth/account").await.code(), "session_expired");
        assert_eq!(world.get(&fresh, "/me").await.status, StatusCode::OK);
        assert_eq!(world.get(&fresh, "/auth/sessions").await.body["items"].as_array().unwrap().len(), 1);
        world.clock.advance(311 * DAY);
        world.identity.tidy().await.unwrap();
        assert_eq!(count().await, 1);
        assert_eq!(world.get(&owner, "/me").await.code(), "unauthenticated");
        assert_eq!(world.get(&fresh, "/me").await.code(), "session_expired");
    }

    async fn a_session_that_somebody_ended_is_not_one_that_ran_out(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        let ended = world.sign_in("ann@example.com").await;
        let old = world.sign_in("ann@example.com").await;
        world.clock.advance(91 * DAY);
        let now = world.sign_in("ann@example.com").await;
        assert_eq!(world.get(&ended, "/me").await.code(), "session_expired");
        assert_eq!(world.post(&now, "/auth/sign-out-everywhere", json!({})).await.status, StatusCode::NO_CONTENT);
        // Whoever ends all sessions ends those too that had run out: their devices are to forget.
        for who in [&owner, &ended, &old, &now] {
            let answer = world.get(who, "/me").await;
            assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
        }
    }

    async fn a_password_change_ends_other_sessions(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        let other = world.sign_in("ann@example.com").await;
        let change = async |current: &str, new: &str| {
            world.put(&owner, "/auth/password", json!({"current": current, "new": new})).await
        };
        let wrong = change("wrong horse battery", "another horse battery").await;
        assert_eq!((wrong.status, wrong.code()), (StatusCode::FORBIDDEN, "bad_credentials"));
        assert_eq!(change(PASSWORD, "password123").await.code(), "weak_password");
        assert_eq!(change(PASSWORD, "another horse battery").await.status, StatusCode::NO_CONTENT);
        assert_eq!(world.get(&other, "/me").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(world.get(&owner, "/me").await.status, StatusCode::OK);
    }

    async fn a_reset_link_works_once(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        let forgot = world.post(&nobody(), "/auth/password/forgot", json!({"email": "x@example.com"})).await;
        assert_eq!(forgot.status, StatusCode::ACCEPTED);
        let link = weft_identity::admin::reset_token(&world.db, &world.env, "ann@example.com").await.unwrap();
        let weak = json!({"token": link, "password": "password123"});
        let answer = world.post(&nobody(), "/auth/password/reset", weak).await;
        assert_eq!(answer.code(), "weak_password");
        let body = json!({"token": link, "password": "another horse battery"});
        let first = world.post(&nobody(), "/auth/password/reset", body.clone()).await;
        assert_eq!(first.status, StatusCode::NO_CONTENT);
        assert_eq!(world.get(&owner, "/me").await.status, StatusCode::UNAUTHORIZED);
        let second = world.post(&nobody(), "/auth/password/reset", body).await;
        assert_eq!((second.status, second.code()), (StatusCode::GONE, "token_spent"));
    }

    async fn a_token_does_only_what_its_scopes_say(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        let make = async |who: &As, scopes: serde_json::Value| {
            world.post(who, "/tokens", json!({"name": "t", "scopes": scopes})).await
        };
        let reader = token(&make(&owner, json!(["read"])).await.text("secret"));
        let writer = token(&make(&owner, json!(["read", "write"])).await.text("secret"));
        assert_eq!(world.get(&reader, "/me").await.status, StatusCode::OK);
        let answer = world.patch(&reader, "/me", json!({"title": "CEO"})).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "scope"));
        assert_eq!(world.patch(&writer, "/me", json!({"title": "CEO"})).await.status, StatusCode::OK);
        // The owner's token without admin administers nothing, and cannot make one that does.
        let answer = world.patch(&writer, "/org", json!({"name": "Other"})).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "scope"));
        assert_eq!(make(&writer, json!(["admin"])).await.status, StatusCode::FORBIDDEN);
        // A token is no session, and a session's secret is no token.
        assert_eq!(world.get(&writer, "/auth/sessions").await.status, StatusCode::UNAUTHORIZED);
        let cookie_as_bearer = token(owner.cookie.as_deref().unwrap());
        assert_eq!(world.get(&cookie_as_bearer, "/me").await.status, StatusCode::UNAUTHORIZED);
        let ends = world.env.now() + 1_000_000;
        let body = json!({"name": "short", "scopes": ["read"], "expires_at": ends});
        let short = token(&world.post(&owner, "/tokens", body).await.text("secret"));
        assert_eq!(world.get(&short, "/me").await.status, StatusCode::OK);
        world.clock.advance(3_000_000);
        assert_eq!(world.get(&short, "/me").await.code(), "token_expired");
    }

    async fn a_removed_token_is_dead_at_once(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        let made = world.post(&owner, "/tokens", json!({"name": "ci", "scopes": ["read"]})).await;
        let ci = token(&made.text("secret"));
        assert_eq!(world.get(&ci, "/me").await.status, StatusCode::OK);
        let path = format!("/tokens/{}", made.text("id"));
        assert_eq!(world.delete(&owner, &path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(world.get(&ci, "/me").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(world.delete(&owner, &path).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_cookie_from_another_site_is_refused(test: TestDb) {
        let (world, owner) = World::set_up(test).await;
        let request = http::Request::builder()
            .method("PATCH")
            .uri("/me")
            .header("host", "weft.test")
            .header("origin", "http://evil.test")
            .header("content-type", "application/json")
            .header("cookie", format!("weft_session={}", owner.cookie.unwrap()))
            .body(axum::body::Body::from("{}"))
            .unwrap();
        let answer = world.call(request).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "csrf"));
    }
}
