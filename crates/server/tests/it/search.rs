//! Searching through the API: what is found, what is not, and what becomes of a broken index.

use std::fs;

use serde_json::{Value, json};
use weft_testkit::{ServerOptions, TestPerson, TestServer, eventually, on_both};

fn path(q: &str, more: &str) -> String {
    let mut encoded = String::new();
    for byte in q.bytes() {
        encoded.push_str(&format!("%{byte:02X}"));
    }
    format!("/search/messages?q={encoded}{more}")
}

async fn ask(who: &TestPerson, q: &str) -> Value {
    who.client.get(&path(q, "")).await.ok()
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    let mut ids: Vec<String> = items.iter().map(|hit| text(&hit["message"]["id"])).collect();
    ids.sort();
    ids
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Waits until `q` finds exactly these messages.
async fn finds(who: &TestPerson, q: &str, messages: &[&Value]) {
    let mut expected: Vec<String> = messages.iter().map(|message| text(&message["id"])).collect();
    expected.sort();
    let what = format!("{q} finds {} messages", expected.len());
    eventually(&what, || async { (ids(&ask(who, q).await) == expected).then_some(()) }).await;
}

fn warnings(page: &Value) -> Vec<String> {
    let list = page["query"]["warnings"].as_array().expect("warnings");
    list.iter().map(|warning| text(&warning["code"])).collect()
}

on_both! {
    async fn what_was_said_is_found(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let english = org.owner.say(&room, "The **quick** brown fox deployed getUserName() to v2.1 today").await;
        let chinese = mei.say(&room, "我们用PostgreSQL存数据，**下周**发布。").await;
        for q in ["quick", "QUI", "q", "\"quick brown\"", "deploy", "getusername", "user", "serna", "v2.1", "2.1", "fox -cat"] {
            finds(&mei, q, &[&english]).await;
        }
        for q in ["数据", "据", "们用post", "sql存", "据，下周", "下周发布", "\"发布\"", "postgre 数据"] {
            finds(&mei, q, &[&chinese]).await;
        }
        for q in ["uick", "\"quick bro\"", "\"brown quick\"", "fox -brown", "据数", "存放"] {
            finds(&mei, q, &[]).await;
        }
        let hit = &ask(&mei, "brown").await["items"][0];
        assert_eq!(hit["conversation"]["id"], room);
        let (from, to) = (hit["snippet"]["ranges"][0][0].as_u64(), hit["snippet"]["ranges"][0][1].as_u64());
        let shown = text(&hit["snippet"]["text"]);
        assert_eq!(&shown[from.expect("from") as usize..to.expect("to") as usize], "brown", "{hit}");
        assert!(!shown.contains("**"), "markup is not shown: {shown}");
    }

    async fn what_changes_leaves_the_index(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let edited = org.owner.say(&room, "apple one").await;
        let recalled = org.owner.say(&room, "apple two").await;
        let deleted = org.owner.say(&room, "apple three").await;
        let pinned = org.owner.say(&room, "apple four").await;
        finds(&org.owner, "apple", &[&edited, &recalled, &deleted, &pinned]).await;
        let client = &org.owner.client;
        let at = |message: &Value| format!("/messages/{}", text(&message["id"]));
        client.patch(&at(&edited), json!({"text": "cherry one"})).await.ok();
        client.post(&format!("{}/recall", at(&recalled)), Value::Null).await.ok();
        client.delete(&at(&deleted)).await;
        client.put(&format!("{}/pin", at(&pinned)), Value::Null).await;
        // At once, whatever the index still holds.
        assert_eq!(ids(&ask(&org.owner, "apple").await), [text(&pinned["id"])]);
        finds(&org.owner, "cherry", &[&edited]).await;
        finds(&org.owner, "has:pin", &[&pinned]).await;
        finds(&org.owner, "is:edited", &[&edited]).await;
        let total = || async { (ask(&org.owner, "apple").await["total"] == 1).then_some(()) };
        eventually("the index has forgotten", total).await;
    }

    async fn only_readers_find(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let secret = org.owner.conversation("private_channel", &[&mei]).await;
        let public = org.owner.channel(&[]).await;
        let hidden = org.owner.say(&secret, "pineapple plans").await;
        let open = org.owner.say(&public, "pineapple party").await;
        finds(&mei, "pineapple", &[&hidden, &open]).await;
        finds(&jonas, "pineapple", &[&open]).await;
        let stranger = server.org("Other").await;
        finds(&stranger.owner, "pineapple", &[]).await;
        finds(&jonas, &format!("in:{secret}"), &[]).await;
        mei.client.post(&format!("/conversations/{secret}/leave"), Value::Null).await;
        assert_eq!(ids(&ask(&mei, "pineapple").await), [text(&open["id"])], "leaving hides at once");
    }

    async fn newcomers_find_what_they_may_see(server: TestServer) {
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.conversation("private_channel", &[]).await;
        let path = format!("/conversations/{room}");
        org.owner.client.patch(&path, json!({"history": "from_joining"})).await.ok();
        let before = org.owner.say(&room, "grape secret").await;
        finds(&org.owner, "grape", &[&before]).await;
        org.owner.client.post(&format!("{path}/members"), json!({"members": [mei.id]})).await;
        let after = org.owner.say(&room, "grape for all").await;
        finds(&mei, "grape", &[&after]).await;
        assert_eq!(ask(&mei, "grape").await["total"], 1);
        finds(&org.owner, "grape", &[&before, &after]).await;
    }

    async fn filters_narrow(server: TestServer) {
        let org = server.org("Acme").await;
        let zhang = org.member("张伟").await;
        let (general, other) = (org.owner.channel(&[&zhang]).await, org.owner.channel(&[&zhang]).await);
        let name = text(&zhang.see(&general).await["name"]);
        let root = org.owner.say(&general, "plan alpha https://example.org/x").await;
        let reply = zhang.reply(&general, &text(&root["id"]), "plan beta `code`").await;
        let away = zhang.say(&other, &format!("plan gamma <@{}>", org.owner.id)).await;
        finds(&org.owner, "plan", &[&root, &reply, &away]).await;
        for q in ["plan from:张伟", "from:zhangwei plan", "from:zw", &format!("plan from:{}", zhang.id), "plan -from:@me"] {
            finds(&org.owner, q, &[&reply, &away]).await;
        }
        finds(&org.owner, &format!("plan in:#{name}"), &[&root, &reply]).await;
        finds(&org.owner, &format!("plan -in:{general}"), &[&away]).await;
        finds(&org.owner, "has:link", &[&root]).await;
        finds(&org.owner, "has:code", &[&reply]).await;
        finds(&org.owner, "mentions:@me", &[&away]).await;
        finds(&org.owner, "is:thread", &[&root, &reply]).await;
        finds(&org.owner, "plan on:today", &[&root, &reply, &away]).await;
        finds(&org.owner, "plan before:today", &[]).await;
        finds(&org.owner, "plan after:2024-01-01", &[&root, &reply, &away]).await;
        org.owner.client.patch(&format!("/conversations/{other}"), json!({"topic": "Q3 发布"})).await.ok();
        finds(&org.owner, "plan topic:q3", &[&away]).await;
        let unknown = ask(&org.owner, "plan from:nobody").await;
        assert_eq!((ids(&unknown).len(), warnings(&unknown)), (0, vec!["unknown_person".to_owned()]));
    }

    async fn pages_and_orders(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let mut said = Vec::new();
        for number in 0..7 {
            said.push(text(&org.owner.say(&room, &format!("banana {number}")).await["id"]));
        }
        eventually("all are found", || async { (ids(&ask(&org.owner, "banana").await).len() == 7).then_some(()) }).await;
        for sort in ["time", "relevance"] {
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = org.owner.client.get(&path("banana", &format!("&limit=3&sort={sort}{cursor}"))).await.ok();
                seen.extend(page["items"].as_array().expect("items").iter().map(|hit| text(&hit["message"]["id"])));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            if sort == "time" {
                seen.reverse();
                assert_eq!(seen, said);
            }
            seen.sort();
            let mut all = said.clone();
            all.sort();
            assert_eq!(seen, all, "{sort}");
        }
    }

    async fn whatever_is_typed_is_answered(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let said = org.owner.say(&room, "a message 好 with error:timeout").await;
        finds(&org.owner, "message", &[&said]).await;
        let expect = [
            ("a", vec![], 1),
            ("好", vec![], 1),
            ("- -- : \"\" -\"\"", vec!["not_searchable"], 0),
            ("\"message 好", vec!["open_quote"], 1),
            ("error:timeout", vec!["unknown_filter"], 1),
            ("from:", vec!["unknown_value"], 0),
            ("has:nonsense message", vec!["unknown_value"], 1),
            ("after:someday message", vec!["unknown_date"], 1),
            ("-message", vec!["only_excluded"], 0),
            ("", vec![], 0),
        ];
        for (q, codes, found) in expect {
            let page = ask(&org.owner, q).await;
            assert_eq!(ids(&page).len(), found, "{q}: {page}");
            assert!(codes.iter().all(|code| warnings(&page).contains(&(*code).to_owned())), "{q}: {page}");
        }
        let long = ask(&org.owner, &"x".repeat(10_000)).await;
        assert_eq!(warnings(&long), ["query_cut"]);
        ask(&org.owner, &"长".repeat(2_000)).await;
        ask(&org.owner, "nul \0 in:\0 from:\0").await;
        let client = &org.owner.client;
        client.get(&path("a", "&limit=0")).await.refused(422, "invalid");
        client.get(&path("a", "&limit=101")).await.refused(422, "invalid");
        client.get(&path("a", "&cursor=nonsense")).await.refused(422, "invalid");
        client.get(&path("a", "&sort=luck")).await.refused(422, "invalid");
        client.get("/search/messages").await.refused(422, "invalid");
    }

    async fn one_box_finds_everything(server: TestServer) {
        let org = server.org("Acme").await;
        let zhang = org.member("张伟").await;
        let room = org.owner.channel(&[&zhang]).await;
        org.owner.client.patch(&format!("/conversations/{room}"), json!({"name": "张江项目"})).await.ok();
        let said = org.owner.say(&room, "张贴公告").await;
        finds(&zhang, "张贴", &[&said]).await;
        let all = zhang.client.get("/search?q=%E5%BC%A0").await.ok();
        assert_eq!(all["people"][0]["id"], zhang.id, "{all}");
        assert_eq!(all["conversations"][0]["id"], room);
        assert_eq!(all["messages"]["items"][0]["message"]["id"], said["id"]);
        let by_initials = zhang.client.get("/search?q=zw").await.ok();
        assert_eq!(by_initials["people"][0]["id"], zhang.id);
        assert_eq!(zhang.client.get("/search?q=zjxm").await.ok()["conversations"][0]["id"], room);
        let stranger = server.org("Other").await;
        let none = stranger.owner.client.get("/search?q=%E5%BC%A0").await.ok();
        assert_eq!((&none["people"], &none["conversations"]), (&json!([]), &json!([])));
    }

    async fn a_broken_index_is_built_anew(engine: Engine) {
        let options = ServerOptions::default();
        let mut server = TestServer::start_with(env!("CARGO_BIN_EXE_weft"), engine, options).await;
        let org = server.org("Acme").await;
        let owner = org.owner.clone();
        let room = owner.channel(&[]).await;
        let first = owner.say(&room, "durian one").await;
        finds(&owner, "durian", &[&first]).await;
        drop(org);
        for damage in ["garbage", "cut", "missing", "meta"] {
            // Killed while it may be writing: what was acknowledged is found all the same.
            server.kill();
            break_files(&server, damage);
            server.restart().await;
            let page = ask(&owner, "durian").await;
            assert!(["building", "ready"].contains(&text(&page["index"]["state"]).as_str()), "{page}");
            finds(&owner, "durian", &[&first]).await;
            eventually("it is ready", || async { (ask(&owner, "durian").await["index"]["state"] == "ready").then_some(()) }).await;
        }
        server.kill();
        server.restart().await;
        let last = owner.say(&room, "durian two").await;
        server.kill();
        server.restart().await;
        finds(&owner, "durian", &[&first, &last]).await;
    }

    async fn copies_for_measuring_are_found(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let root = org.owner.say(&room, "fig").await;
        org.owner.reply(&room, &text(&root["id"]), "fig leaf").await;
        server.admin("admin repeat", &["--org", &org.name, "--times", "2"]);
        let all = || async { (ids(&ask(&org.owner, "fig is:thread").await).len() == 6).then_some(()) };
        eventually("copies are found", all).await;
    }

    async fn reindex_works_with_and_without_a_server(server: TestServer) {
        let mut server = server;
        let org = server.org("Acme").await;
        let (owner, name) = (org.owner.clone(), org.name.clone());
        let room = owner.channel(&[]).await;
        let said = owner.say(&room, "elderberry").await;
        finds(&owner, "elderberry", &[&said]).await;
        let printed = server.admin("admin reindex", &["--org", &name]);
        assert!(printed.contains("server"), "{printed}");
        finds(&owner, "elderberry", &[&said]).await;
        drop(org);
        server.kill();
        fs::remove_dir_all(server.data().join("search")).expect("the index");
        let printed = server.admin("admin reindex", &[]);
        assert!(printed.contains('1'), "{printed}");
        server.restart().await;
        assert_eq!(ids(&ask(&owner, "elderberry").await), [text(&said["id"])]);
        server.run("admin reindex", &["--org", "nobody"], "").status.success().then(|| panic!("no such org"));
    }
}

/// Damages the only index of a server that does not run.
fn break_files(server: &TestServer, how: &str) {
    let folder = fs::read_dir(server.data().join("search")).expect("indexes");
    let folder = folder.flatten().find(|entry| entry.path().is_dir()).expect("an index").path();
    if how == "missing" {
        return fs::remove_dir_all(folder).expect("removed");
    }
    for entry in fs::read_dir(folder).expect("files").flatten() {
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        let is_meta = name == "meta.json";
        match how {
            "meta" if is_meta => fs::write(path, "{").expect("written"),
            "garbage" if !is_meta && name.contains('.') && !name.starts_with('.') => {
                let length = fs::read(&path).expect("read").len();
                fs::write(path, vec![0xA5; length]).expect("written");
            }
            "cut" if name.ends_with(".idx") || name.ends_with(".fast") => {
                fs::write(path, "").expect("written")
            }
            _ => {}
        }
    }
}
