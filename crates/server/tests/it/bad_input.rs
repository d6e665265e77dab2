//! Bad input: always an answer that helps, never a crash, never something half done.

use futures_util::future::join_all;
use http::Method;
use serde_json::{Value, json};
use weft_testkit::{eventually, on_both};

on_both! {
    async fn texts_at_the_edges(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let path = format!("/conversations/{room}/messages");
        let send = async |nonce: &str, text: &str| {
            org.owner.client.post(&path, json!({"nonce": nonce, "text": text})).await
        };
        for (nonce, text) in [("empty", String::new()), ("blank", " \n\t ".into()), ("nul", "a\0b".into()), ("long", "字".repeat(40_001))] {
            let reply = send(nonce, &text).await;
            assert!(matches!(reply.status.as_u16(), 400 | 413 | 422), "{nonce}: {reply:?}");
            assert!(!reply.code().is_empty());
        }
        send("longest", &"字".repeat(40_000)).await.ok();
        send("emoji", "👩‍👩‍👧‍👦 \u{202e}evil\u{202c} \u{200b}zero").await.ok();
        for nonce in ["", &"n".repeat(65), "has space", "不行"] {
            send(nonce, "text").await.refused(422, "invalid");
        }
    }

    async fn hostile_markdown_is_only_text(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let path = format!("/conversations/{room}/messages");
        let nonce = || weft_testkit::scratch::unique("nonce");
        let hostile = [
            "<script>alert(1)</script>".to_owned(),
            "[x](javascript:alert(1))".to_owned(),
            "![x](data:text/html;base64,PHNjcmlwdD4=)".to_owned(),
            "> ".repeat(5_000) + "deep",
            "*".repeat(20_000),
            "[".repeat(20_000),
            "`".repeat(20_000),
            format!("|{}|\n|{}|", "a|".repeat(500), "-|".repeat(500)),
            "<@usr_nobody> <@all <@> <#cnv_> <@usr_01jq0000000000000000000000>".to_owned(),
            "\u{feff}\u{202e}\u{2066}abc\u{2069}".to_owned(),
        ];
        for text in hostile {
            let reply = org.owner.client.post(&path, json!({"nonce": nonce(), "text": text})).await;
            if reply.status == 422 {
                // Nesting without end is refused, in words.
                reply.refused(422, "invalid");
                continue;
            }
            let sent = reply.ok();
            assert_eq!(sent["content"]["parts"][0]["text"], text.as_str());
            assert_eq!(sent["mentions"], json!([]));
        }
    }

    async fn bodies_that_are_no_request(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let path = format!("/conversations/{room}/messages");
        let json_type = Some("application/json");
        let deep = format!(r#"{{"nonce":"n","text":{}{}}}"#, "[".repeat(50_000), "]".repeat(50_000));
        let bodies: [(&[u8], Option<&str>); 9] = [
            (b"", json_type),
            (b"{", json_type),
            (b"null", json_type),
            (b"\xff\xfe{}", json_type),
            (br#"{"nonce":"n","text":"a\u0000b"}"#, json_type),
            (br#"{"nonce":"n","text":"x","surprise":1}"#, json_type),
            (br#"{"nonce":1,"text":["x"]}"#, json_type),
            (deep.as_bytes(), json_type),
            (br#"{"nonce":"n","text":"x"}"#, Some("text/plain")),
        ];
        for (body, kind) in bodies {
            let reply = org.owner.client.raw(Method::POST, &path, kind, body.to_vec()).await.expect("an answer");
            assert!(reply.status.is_client_error(), "{:?}: {reply:?}", String::from_utf8_lossy(&body[..body.len().min(60)]));
            assert!(!reply.code().is_empty(), "{reply:?}");
        }
        let huge = vec![b' '; 2 * 1024 * 1024];
        if let Ok(reply) = org.owner.client.raw(Method::POST, &path, json_type, huge).await {
            assert_eq!(reply.status, 413);
        }
    }

    async fn ids_and_queries_that_are_none(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let client = &org.owner.client;
        for id in ["x", "cnv_", "cnv_zzzz", org.owner.id.as_str(), "%00", "..%2f..", &"a".repeat(5_000)] {
            let reply = client.get(&format!("/conversations/{id}")).await;
            assert!(matches!(reply.status.as_u16(), 400 | 404 | 414 | 431), "{id:.40}: {reply:?}");
        }
        for query in ["limit=0", "limit=201", "limit=-1", "limit=x", "before_seq=x", "before_seq=99999999999999999999", "cursor=%FF", "thread=x"] {
            let reply = client.get(&format!("/conversations/{room}/messages?{query}")).await;
            assert!(reply.status.is_client_error() || reply.status.is_success(), "{query}: {reply:?}");
        }
        let far = client.get(&format!("/conversations/{room}/changes?after_seq=9000000000000000000")).await;
        assert!(far.status.is_success() || far.status.is_client_error(), "{far:?}");
        for query in ["q=%00", "q=%F0%9F", "cursor=garbage", "state=none", "role=king"] {
            let reply = client.get(&format!("/principals?{query}")).await;
            assert!(reply.status.is_client_error() || reply.status.is_success(), "{query}: {reply:?}");
        }
    }

    async fn names_cannot_deceive(server: TestServer) {
        let org = server.org("Acme").await;
        let client = &org.owner.client;
        let wear = async |name: String| client.patch("/me", json!({"name": name})).await;
        for name in ["", "   ", "\u{200b}\u{200d}", "a\0b"] {
            let reply = wear(name.to_owned()).await;
            assert!(reply.status.is_client_error(), "{name:?}: {reply:?}");
        }
        assert!(wear("n".repeat(10_000)).await.status.is_client_error());
        let worn = wear("Olga\u{202e}renwO\u{200b}".to_owned()).await;
        if worn.status.is_success() {
            let name = worn.json()["name"].as_str().expect("a name").to_owned();
            assert!(!name.contains(['\u{202e}', '\u{200b}']), "{name:?}");
        }
    }

    async fn a_flood_of_reactions_has_an_end(server: TestServer) {
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let message = org.owner.say(&room, "react").await;
        let path = format!("/messages/{}/reactions", message["id"].as_str().expect("an id"));
        let client = &org.owner.client;
        let puts = (0..60_u32).map(|n| {
            let emoji = char::from_u32(0x1F600 + n).expect("an emoji");
            let coded: String = emoji.to_string().bytes().map(|b| format!("%{b:02X}")).collect();
            let path = format!("{path}/{coded}");
            async move { client.put(&path, Value::Null).await }
        });
        let replies = join_all(puts).await;
        let accepted = replies.iter().filter(|r| r.status.is_success()).count();
        assert_eq!(accepted, 50);
        assert!(replies.iter().all(|r| r.status.is_success() || r.status.is_client_error()));
        // Beyond the burst whoever goes on is told for how long to wait.
        let again = format!("{path}/%F0%9F%98%80");
        let held = eventually("reactions come too fast", || async {
            let reply = client.put(&again, Value::Null).await;
            (!reply.status.is_success()).then_some(reply)
        });
        let held = held.await;
        held.refused(429, "rate_limited");
        let wait = held.headers.get("retry-after").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
        assert!(wait.is_some_and(|seconds: u64| (1..=60).contains(&seconds)), "{held:?}");
        for nonsense in ["x".repeat(500), "%00".into(), "%20".into()] {
            let reply = org.owner.client.put(&format!("{path}/{nonsense}"), Value::Null).await;
            assert!(reply.status.is_client_error(), "{nonsense:.20}: {reply:?}");
        }
    }

    async fn an_avatar_is_a_picture(server: TestServer) {
        let org = server.org("Acme").await;
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        for (kind, bytes) in [("image/svg+xml", svg.to_vec()), ("image/png", svg.to_vec()), ("image/png", Vec::new()), ("image/png", vec![0; 3 * 1024 * 1024])] {
            if let Ok(reply) = org.owner.client.raw(Method::PUT, "/me/avatar", Some(kind), bytes).await {
                assert!(reply.status.is_client_error(), "{kind}: {reply:?}");
            }
        }
    }

    async fn a_member_list_of_nonsense_makes_nothing(server: TestServer) {
        let org = server.org("Acme").await;
        let client = &org.owner.client;
        let before = client.get("/conversations").await.ok()["items"].as_array().map(Vec::len);
        let bodies = [
            json!({"kind": "channel"}),
            json!({"kind": "nonsense", "name": "x"}),
            json!({"kind": "channel", "name": "x", "members": ["usr_01jq0000000000000000000000"]}),
            json!({"kind": "channel", "name": "x", "members": vec![org.owner.id.as_str(); 1_000]}),
            json!({"kind": "channel", "name": "\u{202e}"}),
            json!({"kind": "direct", "members": []}),
        ];
        for body in bodies {
            let reply = client.post("/conversations", body.clone()).await;
            assert!(reply.status.is_client_error() || body["kind"] == "direct", "{body:.80}: {reply:?}");
        }
        let after = client.get("/conversations").await.ok()["items"].as_array().map(Vec::len);
        assert!(after <= before.map(|count| count + 1), "at most the direct conversation with oneself is new");
    }
}
