//! Making, finding, joining, leaving, settings.

use http::StatusCode;
use serde_json::{Value, json};
use weft_http::Role;
use weft_testkit::on_both;

use crate::world::{Someone, World};

fn kinds(frames: &[(String, Value)]) -> Vec<&str> {
    frames.iter().map(|(_, ev)| ev["k"].as_str().unwrap()).collect()
}

on_both! {
    async fn a_channel_is_made_joined_and_left(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let (ada, bob) = (w.person(org, "Ada", Role::Member).await, w.person(org, "Bob", Role::Member).await);
        let made = w.ok(&ada, "POST", "/conversations",
            json!({"kind": "channel", "name": "产品 讨论", "topic": "t", "purpose": "p"})).await;
        assert_eq!(made["me"]["role"], "owner");
        assert_eq!((made["member_count"].clone(), made["topic"].clone()), (json!(1), json!("t")));
        assert_eq!(made["created_by"], ada.id.to_string());
        let path = format!("/conversations/{}", made["id"].as_str().unwrap());
        assert_eq!(kinds(&w.frames.take()), ["conversation.joined"]);

        // Bob may look, then join; both hear of it, he in his own log.
        assert_eq!(w.ok(&bob, "GET", &path, Value::Null).await["me"], Value::Null);
        let joined = w.ok(&bob, "POST", &format!("{path}/join"), Value::Null).await;
        assert_eq!((joined["me"]["role"].clone(), joined["member_count"].clone()), (json!("member"), json!(2)));
        assert_eq!(joined["me"]["read_seq"], joined["head_seq"]);
        let frames = w.frames.take();
        assert_eq!(kinds(&frames), ["conversation.joined", "member"]);
        assert_eq!(frames[0].0, bob.id.to_string());
        assert_eq!(frames[1].1["member"]["id"], bob.id.to_string());
        assert_eq!(frames[1].1["message"]["content"]["parts"][0]["code"], "member.joined");
        assert_eq!(w.frames.subscribed(bob.key), Some(true));

        // Twice is once.
        w.ok(&bob, "POST", &format!("{path}/join"), Value::Null).await;
        assert!(w.frames.take().is_empty());

        w.ok(&bob, "POST", &format!("{path}/leave"), Value::Null).await;
        let frames = w.frames.take();
        assert_eq!(kinds(&frames), ["conversation.left", "member"]);
        assert_eq!(frames[1].1["member_count"], 1);
        assert_eq!(w.frames.subscribed(bob.key), Some(false));
        assert_eq!(w.ok(&bob, "GET", "/conversations", Value::Null).await["items"], json!([]));
        // The last owner may leave, and come back as a member.
        w.ok(&ada, "POST", &format!("{path}/leave"), Value::Null).await;
        let back = w.ok(&ada, "POST", &format!("{path}/join"), Value::Null).await;
        assert_eq!(back["me"]["role"], "member");
        assert_eq!(back["member_count"], 1);
    }

    async fn names_are_unique_and_clean(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let ada = w.person(org, "Ada", Role::Member).await;
        let path = w.conversation(&ada, "channel", "General", &[]).await;
        w.conversation(&ada, "private_channel", "Other", &[]).await;
        let again = json!({"kind": "private_channel", "name": " general "});
        w.refused(&ada, "POST", "/conversations", again, "name_taken").await;
        w.refused(&ada, "PATCH", &path, json!({"name": "OTHER"}), "name_taken").await;
        for name in ["", "  ", "a\u{202E}b", &"x".repeat(81)] {
            w.refused(&ada, "POST", "/conversations", json!({"kind": "channel", "name": name}), "invalid").await;
        }
        // Another org's names are its own.
        let other = w.org("Other").await;
        let eve = w.person(other, "Eve", Role::Member).await;
        w.conversation(&eve, "channel", "General", &[]).await;
    }

    async fn direct_conversations_and_groups_are_found_again(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let people = w.people(org, &["Ada", "Bob", "Cyd"], Role::Member).await;
        let (ada, bob, cyd) = (&people[0], &people[1], &people[2]);
        let direct = w.conversation(ada, "direct", "", &[bob]).await;
        assert_eq!(direct, w.conversation(bob, "direct", "", &[ada]).await);
        let (status, myself) = w.call(ada, "POST", "/conversations", json!({"kind": "direct"})).await;
        assert_eq!(status, StatusCode::CREATED);
        assert_eq!(myself["peers"], json!([]));
        assert_eq!(w.call(ada, "POST", "/conversations", json!({"kind": "direct"})).await.0, StatusCode::OK);

        let group = w.conversation(ada, "group", "", &[bob, cyd]).await;
        assert_eq!(group, w.conversation(cyd, "group", "", &[ada, bob]).await);
        let seen = w.ok(cyd, "GET", &group, Value::Null).await;
        assert_eq!(seen["peers"], json!([ada.id, bob.id]));
        // Once its people changed, it is another group.
        w.ok(cyd, "POST", &format!("{group}/leave"), Value::Null).await;
        assert_ne!(group, w.conversation(cyd, "group", "", &[ada, bob]).await);

        w.refused(ada, "POST", &format!("{direct}/leave"), Value::Null, "direct").await;
        w.refused(ada, "POST", &format!("{direct}/members"), json!({"members": [cyd.id]}), "direct").await;
        w.refused(cyd, "GET", &direct, Value::Null, "not_found").await;
    }

    async fn what_one_may_not_see_is_not_found(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let ada = w.person(org, "Ada", Role::Member).await;
        let bob = w.person(org, "Bob", Role::Member).await;
        let boss = w.person(org, "Boss", Role::Owner).await;
        let guest = w.person(org, "Guest", Role::Guest).await;
        let elsewhere = w.org("Other").await;
        let eve = w.person(elsewhere, "Eve", Role::Owner).await;
        let public = w.conversation(&ada, "channel", "open", &[]).await;
        let private = w.conversation(&ada, "private_channel", "closed", &[]).await;
        for (who, path) in [(&bob, &private), (&boss, &private), (&guest, &public), (&eve, &public), (&eve, &private)] {
            for (method, route, body) in [
                ("GET", "", Value::Null), ("PATCH", "", json!({"topic": "x"})), ("POST", "/archive", Value::Null),
                ("POST", "/unarchive", Value::Null), ("POST", "/join", Value::Null), ("POST", "/leave", Value::Null),
                ("GET", "/members", Value::Null), ("POST", "/members", json!({"members": []})),
            ] {
                w.refused(who, method, &format!("{path}{route}"), body, "not_found").await;
            }
            let gone = format!("{path}/members/{}", ada.id);
            w.refused(who, "DELETE", &gone, Value::Null, "not_found").await;
        }
        w.refused(&guest, "GET", "/conversations/browse", Value::Null, "guest").await;
        w.refused(&guest, "POST", "/conversations", json!({"kind": "channel", "name": "g"}), "guest").await;
        // A guest writes only to people they know; nobody can be pulled in from another org.
        w.refused(&guest, "POST", "/conversations", json!({"kind": "direct", "members": [ada.id]}), "invalid").await;
        w.refused(&ada, "POST", &format!("{public}/members"), json!({"members": [eve.id]}), "invalid").await;
        w.ok(&ada, "POST", &format!("{public}/members"), json!({"members": [guest.id]})).await;
        w.conversation(&guest, "direct", "", &[&ada]).await;
        w.refused(&guest, "POST", &format!("{public}/members"), json!({"members": [bob.id]}), "guest").await;
    }

    async fn removal_takes_an_owner_or_admin(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let people = w.people(org, &["Ada", "Bob", "Cyd"], Role::Member).await;
        let (ada, bob, cyd) = (&people[0], &people[1], &people[2]);
        let admin = w.person(org, "Admin", Role::Admin).await;
        let path = w.conversation(ada, "private_channel", "team", &[bob, cyd, &admin]).await;
        w.refused(bob, "DELETE", &format!("{path}/members/{}", cyd.id), Value::Null, "forbidden").await;
        w.frames.take();
        w.ok(ada, "DELETE", &format!("{path}/members/{}", cyd.id), Value::Null).await;
        let frames = w.frames.take();
        assert_eq!(frames[1].1["message"]["content"]["parts"][0],
            json!({"type": "system", "code": "member.removed", "params": {"member": cyd.id}}));
        w.refused(cyd, "GET", &path, Value::Null, "not_found").await;
        w.ok(&admin, "DELETE", &format!("{path}/members/{}", bob.id), Value::Null).await;
        w.refused(bob, "GET", &path, Value::Null, "not_found").await;
        assert_eq!(w.ok(ada, "GET", &path, Value::Null).await["member_count"], 2);
    }

    async fn many_people_come_in_at_once(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let ada = w.person(org, "Ada", Role::Member).await;
        let names: Vec<String> = (0..500).map(|n| format!("Person {n:03}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let crowd = w.people(org, &names, Role::Member).await;
        let path = w.conversation(&ada, "channel", "all", &[&crowd[7]]).await;
        w.frames.take();
        let ids: Vec<_> = crowd.iter().map(|p| p.id).collect();
        w.ok(&ada, "POST", &format!("{path}/members"), json!({"members": ids})).await;
        let seen = w.ok(&ada, "GET", &path, Value::Null).await;
        assert_eq!(seen["member_count"], 501);
        let frames = w.frames.take();
        assert_eq!(frames.iter().filter(|(_, ev)| ev["k"] == "conversation.joined").count(), 499);
        let told: Vec<_> = frames.iter().filter(|(_, ev)| ev["k"] == "member").collect();
        assert_eq!(told.len(), 499);
        assert!(told[..498].iter().all(|(_, ev)| ev.get("message").is_none()));
        assert_eq!(told[498].1["message"]["content"]["parts"][0]["params"]["count"], 499);
        assert_eq!(told[498].1["message"]["seq"], seen["head_seq"]);

        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = w.ok(&ada, "GET", &format!("{path}/members?limit=200{cursor}"), Value::Null).await;
            assert_eq!(page["total"], 501);
            found.extend(page["items"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found.len(), 501);
        assert!(found.is_sorted());
        let page = w.ok(&ada, "GET", &format!("{path}/members?q=PERSON%2001"), Value::Null).await;
        assert_eq!((page["total"].clone(), page["items"].as_array().unwrap().len()), (json!(10), 10));
        let many: Vec<_> = (0..501).map(|_| ada.id).collect();
        w.refused(&ada, "POST", &format!("{path}/members"), json!({"members": many}), "invalid").await;
    }

    async fn settings_are_told_one_by_one(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let ada = w.person(org, "Ada", Role::Member).await;
        let bob = w.person(org, "Bob", Role::Member).await;
        let admin = w.person(org, "Admin", Role::Admin).await;
        let path = w.conversation(&ada, "channel", "one", &[&bob]).await;
        w.refused(&bob, "PATCH", &path, json!({"name": "two"}), "forbidden").await;
        w.refused(&ada, "PATCH", &path, json!({"default": true}), "forbidden").await;
        w.refused(&ada, "PATCH", &path, json!({"colour": "red"}), "invalid").await;
        w.frames.take();
        w.ok(&ada, "PATCH", &path, json!({"name": "two", "topic": "今天", "purpose": ""})).await;
        let frames = w.frames.take();
        assert_eq!(kinds(&frames), ["conversation", "conversation"]);
        assert_eq!(frames[0].1["message"]["content"]["parts"][0]["params"]["name"], "two");
        assert_eq!(frames[1].1["conversation"]["topic"], "今天");
        let changed = w.ok(&admin, "PATCH", &path, json!({"default": true})).await;
        assert_eq!(changed["default"], true);

        // A newcomer joins the defaults; a guest does not, and twice is once.
        let new = w.person(org, "New", Role::Member).await;
        let guest = w.person(org, "Guest", Role::Guest).await;
        for who in [&new, &new, &guest] {
            weft_messaging::conversations::join_defaults(&w.cx, org, who.key).await.unwrap();
        }
        let joined = w.ok(&new, "GET", "/conversations", Value::Null).await;
        assert_eq!(joined["items"][0]["name"], "two");
        assert_eq!(joined["items"][0]["member_count"], 3);

        w.refused(&bob, "POST", &format!("{path}/archive"), Value::Null, "forbidden").await;
        assert_eq!(w.ok(&ada, "POST", &format!("{path}/archive"), Value::Null).await["archived"], true);
        w.refused(&ada, "PATCH", &path, json!({"topic": "x"}), "archived").await;
        w.refused(&admin, "POST", &format!("{path}/join"), Value::Null, "archived").await;
        let listed = w.ok(&bob, "GET", "/conversations/browse", Value::Null).await;
        assert_eq!(listed["items"], json!([]));
        let listed = w.ok(&bob, "GET", "/conversations/browse?archived=true", Value::Null).await;
        assert_eq!(listed["items"][0]["archived"], true);
        w.ok(&ada, "POST", &format!("{path}/unarchive"), Value::Null).await;
        w.ok(&admin, "POST", &format!("{path}/join"), Value::Null).await;
    }

    async fn channels_are_browsed_by_name_pinyin_and_page(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let ada = w.person(org, "Ada", Role::Member).await;
        for name in ["产品讨论", "beta", "alpha", "100%"] {
            w.conversation(&ada, "channel", name, &[]).await;
        }
        w.conversation(&ada, "private_channel", "alphabet", &[]).await;
        let name = |page: &Value| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
        };
        let bob = w.person(org, "Bob", Role::Member).await;
        let first = w.ok(&bob, "GET", "/conversations/browse?limit=3", Value::Null).await;
        assert_eq!(name(&first), ["100%", "alpha", "beta"]);
        let next = format!("/conversations/browse?limit=3&cursor={}", first["next_cursor"].as_str().unwrap());
        let second = w.ok(&bob, "GET", &next, Value::Null).await;
        assert_eq!((name(&second), second["next_cursor"].clone()), (vec!["产品讨论".to_owned()], Value::Null));
        for (q, expected) in [("cptl", "产品讨论"), ("chanpin", "产品讨论"), ("0%25", "100%"), ("ALPH", "alpha")] {
            let page = w.ok(&bob, "GET", &format!("/conversations/browse?q={q}"), Value::Null).await;
            assert_eq!(name(&page), [expected], "{q}");
        }
        w.refused(&bob, "GET", "/conversations/browse?cursor=nonsense", Value::Null, "invalid").await;
        w.refused(&bob, "GET", "/conversations/browse?limit=0", Value::Null, "invalid").await;
    }

    async fn newcomers_see_only_what_comes_after_they_joined_where_that_is_set(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let people = w.people(org, &["Ada", "Bob", "Cy", "Di"], Role::Member).await;
        let (ada, bob, cy, di) = (&people[0], &people[1], &people[2], &people[3]);
        let path = w.conversation(ada, "private_channel", "plans", &[bob]).await;
        let add = |who: &Someone| (format!("{path}/members"), json!({"members": [who.id]}));
        let old = w.send(ada, &path, "before").await;
        let message = format!("/messages/{}", old["id"].as_str().unwrap());
        w.reply(ada, &path, &old, "reply before").await;
        w.ok(ada, "PUT", &format!("{message}/pin"), Value::Null).await;

        // Owners and admins set it, where there are newcomers at all.
        let set = json!({"history": "from_joining"});
        w.refused(bob, "PATCH", &path, set.clone(), "forbidden").await;
        let open = w.conversation(ada, "channel", "open", &[]).await;
        w.refused(ada, "PATCH", &open, set.clone(), "invalid").await;
        w.ok(ada, "POST", &add(di).0, add(di).1).await;
        w.frames.take();
        assert_eq!(w.ok(ada, "PATCH", &path, set).await["history"], "from_joining");
        let told = w.frames.take();
        assert_eq!(told[0].1["conversation"]["history"], "from_joining");
        assert_eq!(told[0].1["message"]["content"]["parts"][0]["code"], "history.changed");

        w.ok(ada, "POST", &add(cy).0, add(cy).1).await;
        w.send(ada, &path, "after").await;
        let texts = |page: &Value| -> Vec<String> {
            let items = page["items"].as_array().unwrap().iter();
            items.filter_map(|m| m["content"]["parts"][0]["text"].as_str().map(str::to_owned)).collect()
        };
        for who in [ada, bob, di] {
            assert_eq!(texts(&w.ok(who, "GET", &format!("{path}/messages"), Value::Null).await), ["before", "after"]);
        }
        assert_eq!(texts(&w.ok(cy, "GET", &format!("{path}/messages"), Value::Null).await), ["after"]);
        let seq = &old["seq"];
        assert_eq!(texts(&w.ok(cy, "GET", &format!("{path}/messages?around_seq={seq}"), Value::Null).await), ["after"]);
        let pins = w.ok(cy, "GET", &format!("{path}/pins"), Value::Null).await;
        assert_eq!(pins["items"], json!([]));
        for (method, route, body) in [
            ("GET", message.clone(), Value::Null),
            ("GET", format!("{message}/history"), Value::Null),
            ("PUT", format!("{message}/reactions/:up:"), Value::Null),
            ("PUT", format!("{message}/thread"), json!({"following": true})),
            ("GET", format!("{path}/messages?thread={}", old["id"].as_str().unwrap()), Value::Null),
            ("POST", format!("{message}/forward"), json!({"to": [path.rsplit('/').next()], "nonce": "f"})),
            ("POST", format!("{path}/messages"), json!({"nonce": "q", "text": "x", "quote": old["id"]})),
            ("POST", format!("{path}/messages"), json!({"nonce": "t", "text": "x", "thread": old["id"]})),
        ] {
            w.refused(cy, method, &route, body, "not_found").await;
        }

        // A change of an old message reaches sockets as a hint only, and each finds what they see.
        w.frames.take();
        let cursor = w.ok(ada, "GET", &path, Value::Null).await["head_seq"].clone();
        w.ok(ada, "PATCH", &message, json!({"text": "changed"})).await;
        w.ok(bob, "PUT", &format!("{message}/reactions/:up:"), Value::Null).await;
        assert_eq!(w.frames.take().iter().map(|(_, ev)| ev).collect::<Vec<_>>(), [&Value::Null, &Value::Null]);
        let changes = format!("{path}/changes?after_seq={cursor}");
        let (theirs, hers) = (w.ok(cy, "GET", &changes, Value::Null).await, w.ok(bob, "GET", &changes, Value::Null).await);
        assert_eq!((&theirs["items"], &theirs["upto_seq"]), (&json!([]), &hers["upto_seq"]));
        assert_eq!(hers["items"][0]["message"]["content"]["parts"][0]["text"], "changed");
        let all = w.ok(cy, "GET", &format!("{path}/changes?after_seq=0&limit=200"), Value::Null).await;
        assert!(!all.to_string().contains("before") && !all.to_string().contains("changed\"}"), "{all}");

        // Who comes back comes as a newcomer: not even the thread they followed is listed.
        w.reply(bob, &path, &old, "mine").await;
        w.ok(bob, "POST", &format!("{path}/leave"), Value::Null).await;
        w.ok(ada, "POST", &add(bob).0, add(bob).1).await;
        assert_eq!(w.ok(bob, "GET", "/threads", Value::Null).await["items"], json!([]));
        w.refused(bob, "GET", &message, Value::Null, "not_found").await;
    }

    async fn a_name_in_chinese_brings_its_pinyin(db: TestDb) {
        let w = World::new(db).await;
        let org = w.org("Acme").await;
        let ada = w.person(org, "Ada", Role::Member).await;
        let path = w.conversation(&ada, "channel", "产品", &[]).await;
        assert_eq!(w.ok(&ada, "GET", &path, Value::Null).await["search_key"], "产品 chanpin cp");
        w.frames.take();
        let renamed = w.ok(&ada, "PATCH", &path, json!({"name": "general"})).await;
        assert_eq!((renamed.get("search_key"), w.frames.take()[0].1["conversation"].get("search_key")), (None, None));
    }
}
