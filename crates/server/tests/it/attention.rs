//! What people are told of: levels, do-not-disturb, alerts, the inbox, the replies of who is away.

use serde_json::{Value, json};
use weft_testkit::{TestPerson, eventually, on_both};

async fn me(person: &TestPerson, room: &str) -> Value {
    person.see(room).await["me"].clone()
}

async fn prefer(person: &TestPerson, room: &str, patch: Value) -> weft_testkit::Reply {
    person.client.patch(&format!("/conversations/{room}/me"), patch).await
}

async fn inbox(person: &TestPerson, query: &str) -> Vec<Value> {
    let page = person.client.get(&format!("/inbox{query}")).await.ok();
    page["items"].as_array().cloned().unwrap_or_default()
}

async fn unread(person: &TestPerson) -> i64 {
    person.client.get("/inbox/unread").await.ok()["unread"].as_i64().unwrap_or(-1)
}

fn whys(items: &[Value]) -> Vec<(&str, bool)> {
    items.iter().map(|item| (item["why"].as_str().unwrap_or(""), item["unread"] == true)).collect()
}

on_both! {
    async fn a_level_is_chosen_and_a_mute_is_one(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let fresh = me(&mei, &room).await;
        assert_eq!((&fresh["level"], &fresh["muted"], &fresh["all_silenced"]), (&Value::Null, &json!(false), &json!(false)));
        let mut socket = mei.socket().await;
        prefer(&mei, &room, json!({"level": "mentions"})).await.ok();
        let told = socket.wait_for("the level", |f| f["ev"]["k"] == "membership").await;
        assert_eq!((&told["ev"]["me"]["level"], &told["ev"]["me"]["muted"]), (&json!("mentions"), &json!(false)));
        let muted = prefer(&mei, &room, json!({"muted": true})).await.ok();
        assert_eq!((&muted["level"], &muted["muted"]), (&json!("nothing"), &json!(true)));
        let back = prefer(&mei, &room, json!({"muted": false})).await.ok();
        assert_eq!((&back["level"], &back["muted"]), (&json!("mentions"), &json!(false)), "the level before");
        let nothing = prefer(&mei, &room, json!({"level": "nothing"})).await.ok();
        assert_eq!((&nothing["level"], &nothing["muted"]), (&json!("nothing"), &json!(true)));
        let reset = prefer(&mei, &room, json!({"level": null})).await.ok();
        assert_eq!((&reset["level"], &reset["muted"]), (&Value::Null, &json!(false)));
        let boot = mei.client.get("/bootstrap").await.ok();
        assert!(boot["conversations"].as_array().is_some_and(|all| all.iter().any(|c| c["me"].get("level").is_some())));
        for bad in [json!({"level": "loud"}), json!({"level": "all", "muted": true}), json!({"all_silenced": 3})] {
            prefer(&mei, &room, bad).await.refused(422, "invalid");
        }
    }

    async fn everybodys_call_can_be_silenced(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        org.owner.say(&room, "<@all> one").await;
        assert_eq!((me(&mei, &room).await["mentions"].clone(), unread(&mei).await), (json!(1), 1));
        prefer(&mei, &room, json!({"all_silenced": true})).await.ok();
        assert_eq!((me(&mei, &room).await["mentions"].clone(), unread(&mei).await), (json!(0), 0));
        org.owner.say(&room, &format!("<@{}> you", mei.id)).await;
        assert_eq!((me(&mei, &room).await["mentions"].clone(), unread(&mei).await), (json!(1), 1), "by name it calls");
    }

    async fn do_not_disturb_is_set_shown_and_checked(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let until = org.owner.say(&org.owner.channel(&[]).await, "now").await["at"].as_i64().unwrap_or(0) + 3_600_000_000;
        let schedule = json!({"timezone": "Asia/Shanghai", "spans": [{"days": [1, 2], "from": 1320, "to": 480}]});
        let mut socket = org.owner.socket().await;
        let set = mei.client.patch("/me", json!({"dnd": {"until": until, "schedule": schedule}})).await.ok();
        assert_eq!((&set["dnd"]["until"], &set["dnd"]["schedule"]), (&json!(until), &schedule));
        let told = socket.wait_for("the moon", |f| f["ev"]["k"] == "principal" && f["ev"]["principal"]["id"] == mei.id.as_str()).await;
        assert_eq!(told["ev"]["principal"]["dnd"]["until"], until);
        for bad in [
            json!({"until": 5}),
            json!({"until": i64::MAX}),
            json!({"schedule": {"timezone": "Mars/Base", "spans": []}}),
            json!({"schedule": {"timezone": "UTC", "spans": [{"days": [8], "from": 0, "to": 1}]}}),
            json!({"schedule": {"timezone": "UTC", "spans": [{"days": [], "from": 0, "to": 1}]}}),
            json!({"schedule": {"timezone": "UTC", "spans": [{"days": [1], "from": 1440, "to": 1}]}}),
            json!({"schedule": {"timezone": "UTC", "spans": vec![json!({"days": [1], "from": 0, "to": 1}); 15]}}),
            json!({"x": 1}),
        ] {
            mei.client.patch("/me", json!({"dnd": bad})).await.refused(422, "invalid");
        }
        let off = mei.client.patch("/me", json!({"dnd": null})).await.ok();
        assert!(off.get("dnd").is_none_or(Value::is_null));
    }

    async fn a_status_ends_by_itself(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let now = org.owner.say(&org.owner.channel(&[]).await, "now").await["at"].as_i64().unwrap_or(0);
        let mut socket = org.owner.socket().await;
        let status = json!({"emoji": "🌴", "text": "Lijiang", "until": now + 2_000_000, "away": true, "reply": "Back soon"});
        mei.client.patch("/me", json!({"status": status})).await.ok();
        let hers = |f: &Value| f["ev"]["k"] == "principal" && f["ev"]["principal"]["id"] == mei.id.as_str();
        let told = socket.wait_for("the status", hers).await;
        assert_eq!((&told["ev"]["principal"]["status"]["away"], &told["ev"]["principal"]["status"]["reply"]), (&json!(true), &json!("Back soon")));
        let ended = socket.wait_for("its end", |f| hers(f) && f["ev"]["principal"]["status"].is_null()).await;
        assert_eq!(ended["ev"]["principal"]["status"], Value::Null);
        let no_leave = json!({"status": {"emoji": "", "text": "x", "reply": "hello"}});
        mei.client.patch("/me", no_leave).await.refused(422, "invalid");
    }

    async fn who_is_away_answers_each_person_once(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas, ada) = (org.member("Mei").await, org.member("Jonas").await, org.member("Ada").await);
        let away = json!({"status": {"emoji": "🌴", "text": "On leave", "away": true, "reply": "Ask Ada"}});
        mei.client.patch("/me", away.clone()).await.ok();
        let direct = jonas.conversation("direct", &[&mei]).await;
        let room = ada.channel(&[&mei, &jonas]).await;
        let (mut his, mut hers) = (jonas.socket().await, ada.socket().await);
        jonas.say(&direct, "are you there?").await;
        let told = his.wait_for("the answer", |f| f["t"] == "away").await;
        assert_eq!((&told["who"], &told["reply"], &told["conv"]), (&json!(mei.id), &json!("Ask Ada"), &json!(direct)));
        jonas.say(&direct, "hello?").await;
        ada.say(&room, "nobody is named").await;
        ada.say(&room, &format!("<@{}> look", mei.id)).await;
        let told = hers.wait_for("the answer", |f| f["t"] == "away").await;
        assert_eq!(told["conv"], json!(room));
        // Both are away: neither answers the other.
        jonas.client.patch("/me", away).await.ok();
        mei.say(&direct, "we are both away").await;
        mei.say(&room, &format!("<@{}> see you", jonas.id)).await;
        let last = ada.say(&room, &format!("<@{}> and you?", jonas.id)).await;
        let told = hers.wait_for("his answer", |f| f["t"] == "away" && f["who"] == jonas.id.as_str()).await;
        assert_eq!(told["conv"], last["conversation"]);
        his.wait_for("what was said last", |f| f["ev"]["message"]["id"] == last["id"]).await;
        assert!(his.passed().all(|f| f["t"] != "away"), "once a day, and not to who is away");
    }

    async fn alerts_call_and_are_found_in_the_inbox(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let elsewhere = org.owner.channel(&[&jonas]).await;
        let mut own = mei.socket().await;
        let set = json!({"keywords": ["发布", "Release plan"], "people": [jonas.id], "vips": [org.owner.id], "mentions_pass": true,
            "streams": {"announcements": {"level": null, "badge": true}}});
        let kept = mei.client.put("/me/alerts", set.clone()).await.ok();
        assert_eq!(kept, set);
        let told = own.wait_for("the event", |f| f["ev"]["k"] == "alerts").await;
        assert_eq!(told["ev"]["alerts"], set);
        org.owner.say(&elsewhere, "发布 is not hers to read").await;
        org.owner.say(&room, "我们今天发布新版本").await;
        org.owner.say(&room, "the **release\nPLAN** for October").await;
        org.owner.say(&room, "prerelease planning").await;
        jonas.say(&room, "good morning").await;
        jonas.say(&room, &format!("<@{}> 发布", mei.id)).await;
        eventually("four items", async || (inbox(&mei, "").await.len() == 4).then_some(())).await;
        let items = inbox(&mei, "").await;
        assert_eq!(whys(&items), [("mention", true), ("alert", true), ("alert", true), ("alert", true)]);
        assert_eq!((&items[1]["person"], &items[3]["keywords"]), (&json!(true), &json!(["发布"])));
        assert_eq!(unread(&mei).await, 4);
        let seq = items[0]["message"]["seq"].clone();
        mei.client.put(&format!("/conversations/{room}/read"), json!({"seq": seq})).await.ok();
        assert_eq!(unread(&mei).await, 0, "what is read where it is, is read here");
        prefer(&mei, &room, json!({"muted": true})).await.ok();
        jonas.say(&room, "发布 where it is muted").await;
        let last = jonas.say(&room, &format!("<@{}> hear me", mei.id)).await;
        eventually("the mention", async || (inbox(&mei, "").await[0]["message"]["id"] == last["id"]).then_some(())).await;
        assert_eq!(inbox(&mei, "").await.len(), 5, "a mention is found, an alert is not");
        for bad in [
            json!({"keywords": vec!["x"; 51]}),
            json!({"keywords": ["x".repeat(61)]}),
            json!({"keywords": ["**"]}),
            json!({"people": ["usr_01jq0000000000000000000000"]}),
            json!({"vips": [5]}),
        ] {
            mei.client.put("/me/alerts", bad).await.refused(422, "invalid");
        }
        assert_eq!(mei.client.get("/me/alerts").await.ok(), set, "nothing of it was written");
        let gone = mei.client.put("/me/alerts", json!({})).await.ok();
        assert_eq!(gone["keywords"], json!([]));
    }

    async fn the_inbox_holds_what_calls_unread_first_in_pages(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = org.owner.channel(&[&mei, &jonas]).await;
        let call = format!("<@{}> look", mei.id);
        let first = org.owner.say(&room, &call).await;
        let second = org.owner.say(&room, "<@all> all of you").await;
        let third = org.owner.say(&room, &call).await;
        let hers = mei.say(&room, "an idea").await;
        jonas.reply(&room, hers["id"].as_str().unwrap_or(""), "a good one").await;
        jonas.client.put(&format!("/messages/{}/reactions/👍", hers["id"].as_str().unwrap_or("")), Value::Null).await.ok();
        // Who writes has read what was before: what follows is unread.
        let fourth = org.owner.say(&room, &call).await;
        eventually("her own read mark", async || (unread(&mei).await == 1).then_some(())).await;
        let ids = |items: &[Value]| items.iter().map(|item| item["message"]["id"].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&inbox(&mei, "").await), [&fourth, &third, &second, &first].map(|m| m["id"].clone()));
        let all = inbox(&mei, "?kinds=mentions,alerts,replies,reactions").await;
        let mut kinds: Vec<_> = all.iter().map(|item| item["why"].as_str().unwrap_or("")).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["all", "mention", "mention", "mention", "reaction", "reply"]);
        assert!(all[..3].iter().all(|item| item["unread"] == true), "{:?}", whys(&all));

        let page = mei.client.get("/inbox?limit=3").await.ok();
        let cursor = page["next_cursor"].as_str().unwrap_or("").to_owned();
        assert_eq!(ids(&inbox(&mei, &format!("?limit=3&cursor={cursor}")).await), [first["id"].clone()]);
        let mut socket = mei.socket().await;
        let mark = |read: bool| json!({"messages": [fourth["id"]], "read": read});
        mei.client.put("/inbox/read", mark(true)).await.ok();
        socket.wait_for("the news", |f| f["t"] == "inbox").await;
        assert_eq!(unread(&mei).await, 0);
        mei.client.put("/inbox/read", mark(false)).await.ok();
        assert_eq!(unread(&mei).await, 1);
        mei.client.put("/inbox/read", json!({})).await.ok();
        assert_eq!(whys(&inbox(&mei, "?kinds=replies,reactions").await), [("reaction", false), ("reply", false)]);

        let stranger = org.member("Far").await;
        assert!(inbox(&stranger, "").await.is_empty());
        stranger.client.put("/inbox/read", mark(true)).await.refused(404, "not_found");
        for bad in ["?kinds=spam", "?cursor=1.2", "?cursor=x.y.z", "?limit=0"] {
            mei.client.get(&format!("/inbox{bad}")).await.refused(422, "invalid");
        }
        mei.client.put("/inbox/read", json!({"read": false})).await.refused(422, "invalid");
        let body = json!({"text": ""});
        mei.client.put("/inbox/read", body).await.refused(422, "invalid");
        org.owner.client.post(&format!("/messages/{}/recall", fourth["id"].as_str().unwrap_or("")), Value::Null).await.ok();
        assert_eq!(inbox(&mei, "").await.len(), 3, "what is recalled calls nobody");
        mei.client.post(&format!("/conversations/{room}/leave"), Value::Null).await.ok();
        assert!(inbox(&mei, "").await.is_empty(), "what one may not see any more is not there");
    }
}
