//! Owners, roles, the directory, invitations, placeholders, and the wall between orgs.

use crate::world::{As, PASSWORD, World, invite_token, nobody};
use http::{Method, StatusCode};
use serde_json::json;
use weft_identity::{NewPrincipal, admin, changes, insert_principals};
use weft_storage::{Sql, params};
use weft_testkit::on_both;

async fn my_id(world: &World, who: &As) -> String {
    world.get(who, "/me").await.body["principal"]["id"].as_str().unwrap().to_owned()
}

on_both! {
    async fn the_last_owner_stays_also_when_two_owners_race(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let ann_id = my_id(&world, &ann).await;
        let alone = world.patch(&ann, &format!("/principals/{ann_id}"), json!({"role": "member"})).await;
        assert_eq!((alone.status, alone.code()), (StatusCode::CONFLICT, "last_owner"));
        let alone = world.post(&ann, &format!("/principals/{ann_id}/deactivate"), json!({})).await;
        assert_eq!(alone.code(), "last_owner");

        let (bob_id, bob) = world.join(&ann, "owner", "Bob", "bob@example.com").await;
        let (demote_bob, demote_ann) =
            (format!("/principals/{bob_id}"), format!("/principals/{ann_id}/deactivate"));
        let (a, b) = tokio::join!(
            world.patch(&ann, &demote_bob, json!({"role": "member"})),
            world.post(&bob, &demote_ann, json!({}))
        );
        let won = [&a, &b].iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!(won, 1, "{a:?} {b:?}");
        let left = if a.status == StatusCode::OK { &ann } else { &bob };
        let list = world.get(left, "/principals?role=owner&state=active").await;
        assert_eq!(list.body["items"].as_array().unwrap().len(), 1);
    }

    async fn an_admin_cannot_touch_owners_nor_a_member_anyone(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let ann_id = my_id(&world, &ann).await;
        let (bob_id, bob) = world.join(&ann, "admin", "Bob", "bob@example.com").await;
        let (_, eve) = world.join(&bob, "member", "Eve", "eve@example.com").await;
        let answer = world.patch(&bob, &format!("/principals/{ann_id}"), json!({"role": "member"})).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "owner_only"));
        let answer = world.patch(&bob, &format!("/principals/{bob_id}"), json!({"role": "owner"})).await;
        assert_eq!(answer.code(), "owner_only");
        let answer = world.post(&bob, "/invitations", json!({"role": "owner"})).await;
        assert_eq!(answer.code(), "owner_only");
        for (method, path, body) in [
            (Method::PATCH, format!("/principals/{bob_id}"), json!({"role": "guest"})),
            (Method::POST, format!("/principals/{bob_id}/deactivate"), json!({})),
            (Method::POST, "/invitations".into(), json!({"role": "member"})),
            (Method::PATCH, "/org".into(), json!({"name": "Eve's"})),
        ] {
            let answer = world.send(&eve, method, &path, Some(body)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
    }

    async fn deactivation_ends_access_at_once_and_can_be_undone(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let (bob_id, bob) = world.join(&ann, "member", "Bob", "bob@example.com").await;
        let made = world.post(&bob, "/tokens", json!({"name": "t", "scopes": ["read"]})).await;
        let bot = crate::world::token(&made.text("secret"));
        for who in [&bob, &bot] {
            assert_eq!(world.get(who, "/me").await.status, StatusCode::OK);
        }
        let done = world.post(&ann, &format!("/principals/{bob_id}/deactivate"), json!({})).await;
        assert_eq!(done.body["state"], "deactivated");
        assert_eq!(world.get(&bob, "/me").await.code(), "not_a_member");
        assert_eq!(world.get(&bot, "/me").await.status, StatusCode::UNAUTHORIZED);
        assert!(world.recorder.cuts.lock().iter().any(|(_, code)| *code == "deactivated"));
        let frame = world.recorder.frames.lock().iter().rfind(|f| f["ev"]["k"] == "principal").cloned().unwrap();
        assert_eq!(frame["ev"]["principal"]["state"], "deactivated");
        assert!(frame["ev"]["principal"]["email"].is_null(), "events tell no addresses");
        let done = world.post(&ann, &format!("/principals/{bob_id}/reactivate"), json!({})).await;
        assert_eq!(done.body["state"], "active");
        assert_eq!(world.get(&bob, "/me").await.status, StatusCode::OK);
        assert_eq!(world.get(&bot, "/me").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn of_many_who_accept_at_once_only_max_uses_get_in(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let invitation = world.post(&ann, "/invitations", json!({"role": "member", "max_uses": 2})).await;
        let path = format!("/invitations/by-token/{}/accept", invite_token(&invitation));
        let none = nobody();
        let accept = async |n: u32| {
            let body =
                json!({"name": format!("P{n}"), "email": format!("p{n}@example.com"), "password": PASSWORD});
            world.post(&none, &path, body).await
        };
        let (a, b, c, d) = tokio::join!(accept(1), accept(2), accept(3), accept(4));
        let answers = [a, b, c, d];
        let got_in = answers.iter().filter(|a| a.status == StatusCode::OK).count();
        assert_eq!(got_in, 2, "{answers:?}");
        assert_eq!(answers.iter().filter(|a| a.code() == "invitation_spent").count(), 2);
        assert_eq!(world.get(&nobody(), path.trim_end_matches("/accept")).await.code(), "invitation_spent");
        // Whoever did not get in has no account either.
        let people = world.get(&ann, "/principals").await;
        assert_eq!(people.body["items"].as_array().unwrap().len(), 3);
    }

    async fn invitations_expire_and_are_taken_back(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let made = world.post(&ann, "/invitations", json!({"role": "member", "email": "bob@example.com"})).await;
        assert_eq!(made.body["emailed"], false);
        let look = format!("/invitations/by-token/{}", invite_token(&made));
        let seen = world.get(&nobody(), &look).await;
        assert_eq!(seen.body["org"]["name"], "Weft");
        assert_eq!(
            (&seen.body["email"], &seen.body["account_exists"]),
            (&json!("bob@example.com"), &json!(false))
        );
        assert_eq!(world.get(&ann, "/invitations").await.body["items"].as_array().unwrap().len(), 1);
        let revoke = format!("/invitations/{}", made.text("id"));
        assert_eq!(world.delete(&ann, &revoke).await.status, StatusCode::NO_CONTENT);
        assert_eq!(world.delete(&ann, &revoke).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.get(&nobody(), &look).await.status, StatusCode::GONE);
        let made = world.post(&ann, "/invitations", json!({"role": "member"})).await;
        world.clock.advance(8 * 86_400_000_000);
        let look = format!("/invitations/by-token/{}", invite_token(&made));
        assert_eq!(world.get(&nobody(), &look).await.status, StatusCode::GONE);
    }

    async fn who_was_let_go_keeps_no_invitation_to_come_back_with(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let (bob_id, bob) = world.join(&ann, "admin", "Bob", "bob@example.com").await;
        let made = world.post(&bob, "/invitations", json!({"role": "admin"})).await;
        let look = format!("/invitations/by-token/{}", invite_token(&made));
        assert_eq!(world.get(&nobody(), &look).await.status, StatusCode::OK);
        let demoted = world.patch(&ann, &format!("/principals/{bob_id}"), json!({"role": "member"})).await;
        assert_eq!(demoted.status, StatusCode::OK, "{demoted:?}");
        assert_eq!(world.get(&nobody(), &look).await.code(), "invitation_spent");
        let body = json!({"name": "B", "email": "b@example.com", "password": PASSWORD});
        let back = world.post(&nobody(), &format!("{look}/accept"), body).await;
        assert_eq!(back.code(), "invitation_spent");
    }

    async fn a_placeholder_is_claimed_once_and_keeps_its_id(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let org = admin::find_org(&world.db, "Weft").await.unwrap();
        let mut tx = world.db.begin().await.unwrap();
        let new = [NewPrincipal::placeholder("欧阳娜娜", Some("nana@old.example".into()))];
        let made = insert_principals(&mut tx, &world.env, &org, &new).await.unwrap();
        tx.commit().await.unwrap();
        let id = made[0].id.to_string();
        let body = json!({"role": "member", "claims": id});
        let first = world.post(&ann, "/invitations", body.clone()).await;
        assert_eq!(first.status, StatusCode::CREATED, "{first:?}");
        let second = world.post(&ann, "/invitations", body).await;
        let seen = world.get(&nobody(), &format!("/invitations/by-token/{}", invite_token(&first))).await;
        assert_eq!(seen.body["claims"]["name"], "欧阳娜娜");
        let accept = async |token: String, email: &str| {
            let body = json!({"email": email, "password": PASSWORD, "locale": "zh-CN"});
            world.post(&nobody(), &format!("/invitations/by-token/{token}/accept"), body).await
        };
        let claimed = accept(invite_token(&first), "nana@example.com").await;
        assert_eq!(claimed.status, StatusCode::OK, "{claimed:?}");
        assert_eq!(claimed.body["principal"]["id"], id.as_str());
        assert_eq!(claimed.body["principal"]["state"], "active");
        assert_eq!(claimed.body["principal"]["name"], "欧阳娜娜");
        assert_eq!(claimed.body["account"]["locale"], "zh-CN");
        assert_eq!(accept(invite_token(&second), "other@example.com").await.code(), "invitation_spent");
        let again = world.post(&ann, "/invitations", json!({"role": "member", "claims": id})).await;
        assert_eq!(again.code(), "not_a_placeholder");
    }

    async fn an_existing_account_joins_a_second_org_by_signing_in(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let other = admin::create_org(&world.db, &world.env, "Other").await.unwrap();
        let user = admin::NewUser {
            email: "olga@example.com".into(),
            name: "Olga".into(),
            password: Some(PASSWORD.into()),
            role: weft_http::Role::Owner,
            locale: "en".into(),
        };
        admin::create_user(&world.db, &world.env, &weft_identity::NoJoin, &other, user).await.unwrap();
        let olga = world.sign_in("olga@example.com").await;
        let made = world.post(&olga, "/invitations", json!({"role": "member", "email": "ann@example.com"})).await;
        let path = format!("/invitations/by-token/{}", invite_token(&made));
        assert_eq!(world.get(&nobody(), &path).await.body["account_exists"], true);
        let accept = format!("{path}/accept");
        let stranger = world.post(&nobody(), &accept, json!({"name": "A", "password": PASSWORD})).await;
        assert_eq!((stranger.status, stranger.code()), (StatusCode::CONFLICT, "account_exists"));
        let joined = world.post(&ann, &accept, json!({})).await;
        assert_eq!(joined.status, StatusCode::OK, "{joined:?}");
        assert_eq!(joined.body["orgs"].as_array().unwrap().len(), 2);
        assert_eq!(joined.body["principal"]["name"], "Ann Lee", "called as elsewhere");
        assert_eq!(world.get(&ann, "/me").await.code(), "org_required");
        let account = world.get(&ann, "/auth/account").await;
        assert_eq!(account.body["orgs"].as_array().unwrap().len(), 2);
        let here = As { org: Some(other.id.to_string()), ..ann.clone() };
        assert_eq!(world.get(&here, "/me").await.body["org"]["name"], "Other");
    }

    async fn another_orgs_admin_sees_and_changes_nothing(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let ann_id = my_id(&world, &ann).await;
        let here = world.get(&ann, "/org").await.text("id");
        let invitation = world.post(&ann, "/invitations", json!({"role": "member"})).await.text("id");
        let other = admin::create_org(&world.db, &world.env, "Other").await.unwrap();
        let user = admin::NewUser {
            email: "olga@example.com".into(),
            name: "Olga".into(),
            password: Some(PASSWORD.into()),
            role: weft_http::Role::Owner,
            locale: "en".into(),
        };
        admin::create_user(&world.db, &world.env, &weft_identity::NoJoin, &other, user).await.unwrap();
        let olga = world.sign_in("olga@example.com").await;
        for (method, path, body) in [
            (Method::GET, format!("/principals/{ann_id}"), None),
            (Method::PATCH, format!("/principals/{ann_id}"), Some(json!({"title": "x"}))),
            (Method::POST, format!("/principals/{ann_id}/deactivate"), Some(json!({}))),
            (Method::POST, format!("/principals/{ann_id}/reactivate"), Some(json!({}))),
            (Method::DELETE, format!("/invitations/{invitation}"), None),
            (Method::POST, "/invitations".into(), Some(json!({"role": "member", "claims": ann_id}))),
        ] {
            let answer = world.send(&olga, method, &path, body).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(
            world.get(&olga, &format!("/principals?ids={ann_id}")).await.body["items"]
                .as_array()
                .unwrap()
                .is_empty()
        );
        assert_eq!(world.get(&olga, "/principals").await.body["items"].as_array().unwrap().len(), 1);
        assert!(world.get(&olga, "/invitations").await.body["items"].as_array().unwrap().is_empty());
        let trespasser = As { org: Some(here), ..olga };
        assert_eq!(world.get(&trespasser, "/me").await.code(), "not_a_member");
    }

    async fn a_person_changes_how_they_appear(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let until = world.env.now() + 60_000_000;
        let body = json!({"name": "  欧阳 娜娜 ", "title": "CEO", "timezone": "Asia/Shanghai", "locale": "zh-CN",
            "status": {"emoji": "🌴", "text": "away", "until": until}});
        let changed = world.patch(&ann, "/me", body).await;
        assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
        assert_eq!(changed.body["name"], "欧阳 娜娜");
        assert_eq!(changed.body["status"]["text"], "away");
        assert!(changed.text("search_key").contains("oynn"));
        world.clock.advance(61_000_000);
        let me = world.get(&ann, "/me").await;
        assert!(me.body["principal"]["status"].is_null(), "it ran out");
        assert_eq!(me.body["account"]["timezone"], "Asia/Shanghai");
        for bad in
            [json!({"name": "a\u{202E}b"}), json!({"locale": "fr"}), json!({"timezone": "../x"}), json!({"x": 1})]
        {
            let answer = world.patch(&ann, "/me", bad.clone()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }
        let settings = world.patch(&ann, "/me/settings", json!({"theme": "dark", "a": 1})).await;
        assert_eq!(settings.body, json!({"theme": "dark", "a": 1}));
        let settings = world.patch(&ann, "/me/settings", json!({"a": null})).await;
        assert_eq!(settings.body, json!({"theme": "dark"}));
        let huge = world.patch(&ann, "/me/settings", json!({"x": "y".repeat(70_000)})).await;
        assert_eq!(huge.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(world.get(&ann, "/me").await.body["settings"], json!({"theme": "dark"}));
    }

    async fn pictures_are_served_to_their_org_only_and_never_as_pages(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 0, 64, 0, 0, 0, 64]);
        let put = async |bytes: &[u8]| {
            let body = axum::body::Body::from(bytes.to_vec());
            world.raw(&ann, Method::PUT, "/me/avatar", "application/octet-stream", body).await
        };
        assert_eq!(
            put(b"<svg xmlns='http://www.w3.org/2000/svg'/>").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(put(&vec![0; 3 << 20]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let worn = put(&png).await;
        assert_eq!(worn.status, StatusCode::OK, "{worn:?}");
        let path = format!("/avatars/{}", worn.text("avatar"));
        let seen = world.get(&ann, &path).await;
        assert_eq!(seen.status, StatusCode::OK);
        assert_eq!(seen.headers["content-type"], "image/png");
        assert_eq!(seen.headers["x-content-type-options"], "nosniff");
        assert!(seen.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert_eq!(world.get(&nobody(), &path).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(world.delete(&ann, "/me/avatar").await.status, StatusCode::OK);
        assert_eq!(world.get(&ann, &path).await.status, StatusCode::NOT_FOUND);
    }
}

const NEW_LOG: Sql = Sql::new("INSERT INTO logs (kind) VALUES (1) RETURNING log");
const NEW_CONVERSATION: Sql = Sql::new(
    "INSERT INTO conversations (log, id, org, kind, name, name_key, search_key, created_by, created_at)
     VALUES ($1, $2, $3, 2, 'x', 'x', 'x', 0, 0)",
);
const NEW_MEMBERS: Sql = Sql::new(
    "INSERT INTO members (log, principal, joined_at, changed_seq)
     SELECT CAST($1 AS BIGINT), principal, 0, 1 FROM principals WHERE id IN_UUIDS($2)",
);

on_both! {
    async fn a_guest_sees_only_whom_they_share_a_conversation_with(test: TestDb) {
        let (world, ann) = World::set_up(test).await;
        let (bob_id, _) = world.join(&ann, "member", "Bob", "bob@example.com").await;
        let (eve_id, _) = world.join(&ann, "member", "Eve", "eve@example.com").await;
        let (gus_id, gus) = world.join(&ann, "guest", "Gus", "gus@example.com").await;
        let org = admin::find_org(&world.db, "Weft").await.unwrap();
        let uuid = |id: &str| id.parse::<weft_kernel::id::PrincipalId>().unwrap().uuid();
        let mut tx = world.db.begin().await.unwrap();
        let log: i64 = tx.query_one(NEW_LOG, Vec::new()).await.unwrap().get(0).unwrap();
        tx.execute(NEW_CONVERSATION, params![log, world.env.uuid(), org.key]).await.unwrap();
        tx.execute(NEW_MEMBERS, params![log, vec![uuid(&bob_id), uuid(&gus_id)]]).await.unwrap();
        tx.commit().await.unwrap();

        let listed = world.get(&gus, "/principals").await;
        let names: Vec<&str> =
            listed.body["items"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Bob", "Gus"]);
        assert_eq!(world.get(&gus, &format!("/principals/{eve_id}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.get(&gus, &format!("/principals/{bob_id}")).await.status, StatusCode::OK);
        let found = world.get(&gus, &format!("/principals?ids={bob_id},{eve_id}")).await;
        assert_eq!(found.body["items"].as_array().unwrap().len(), 1);
        assert!(world.get(&gus, "/principals?q=eve").await.body["items"].as_array().unwrap().is_empty());
        let caller = crate::world::common_caller(&world, &gus).await;
        let caught_up = changes(&world.db, &caller, 0, 100, world.env.now()).await.unwrap();
        assert_eq!(caught_up.items.len(), 3, "the org, Bob and the guest");
    }
}
