//! Several messages forwarded at once; quotes from elsewhere.

use serde_json::{Value, json};
use weft_http::Role;
use weft_testkit::on_both;

use crate::world::{Someone, World};

const ROUTE: &str = "/messages/forward";

fn id(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

/// Ada's private channel, which Bob is in; Bob's own; and Eve, who is in Bob's alone.
async fn three(w: &World) -> (Someone, Someone, Someone, String, String) {
    let org = w.org("Acme").await;
    let people = w.people(org, &["Ada", "Bob", "Eve"], Role::Member).await;
    let from = w.conversation(&people[0], "private_channel", "talk", &[&people[1]]).await;
    let to = w.conversation(&people[1], "private_channel", "else", &[&people[2]]).await;
    let mut people = people.into_iter();
    (people.next().unwrap(), people.next().unwrap(), people.next().unwrap(), from, to)
}

fn last(message: &Value) -> Value {
    message["content"]["parts"].as_array().unwrap().last().unwrap().clone()
}

on_both! {
    async fn several_messages_become_one_card(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, eve, from, to) = three(&w).await;
        let one = w.send(&ada, &from, "**one**").await;
        let two = w.send(&bob, &from, "two").await;
        let ask = json!({"messages": [two["id"], one["id"], two["id"]], "to": [id(&to)], "mode": "merged", "nonce": "m", "text": "看"});
        let first = w.ok(&bob, "POST", ROUTE, ask.clone()).await;
        let sent = &first["items"][0];
        assert_eq!(sent["content"]["parts"][0], json!({"type": "markdown", "text": "看"}));
        let card = last(sent);
        assert_eq!((card["type"].clone(), card["title"].clone(), card["count"].clone(), card["conversation"].clone()),
            (json!("merged_forward"), json!("talk"), json!(2), json!(id(&from))));
        assert_eq!(card["items"][0], json!({"message": one["id"], "seq": one["seq"], "from": ada.id, "at": one["at"],
            "parts": [{"type": "markdown", "text": "**one**"}]}));
        assert_eq!(card["items"][1]["from"], json!(bob.id));

        // Whoever cannot see where they came from reads them, and only here.
        let page = w.ok(&eve, "GET", &format!("{to}/messages"), Value::Null).await;
        assert_eq!(last(page["items"].as_array().unwrap().last().unwrap()), card);
        w.refused(&eve, "GET", &format!("/messages/{}", one["id"].as_str().unwrap()), Value::Null, "not_found").await;

        // The same request again makes nothing new; another one under its nonce is refused.
        assert_eq!(w.ok(&bob, "POST", ROUTE, ask).await, first);
        let other = json!({"messages": [one["id"]], "to": [id(&to)], "mode": "merged", "nonce": "m", "text": "看"});
        w.refused(&bob, "POST", ROUTE, other, "nonce_reused").await;
        let separate = json!({"messages": [two["id"], one["id"]], "to": [id(&to)], "mode": "separate", "nonce": "m", "text": "看"});
        assert_eq!(w.ok(&bob, "POST", ROUTE, separate).await["items"].as_array().unwrap().len(), 2);
    }

    async fn several_messages_go_one_by_one(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, _, from, to) = three(&w).await;
        let direct = w.conversation(&bob, "direct", "", &[&ada]).await;
        let mut ids = Vec::new();
        for i in 0..3 {
            ids.push(w.send(&ada, &from, &format!("n{i}")).await["id"].clone());
        }
        let ask = json!({"messages": ids, "to": [id(&to), id(&direct)], "mode": "separate", "nonce": "s", "text": "all"});
        let first = w.ok(&bob, "POST", ROUTE, ask.clone()).await;
        assert_eq!(first["items"].as_array().unwrap().len(), 6);
        for path in [&to, &direct] {
            let page = w.ok(&bob, "GET", &format!("{path}/messages"), Value::Null).await;
            let items = page["items"].as_array().unwrap();
            let carried: Vec<Value> = items[items.len() - 3..].iter().map(|m| last(m)["text"].clone()).collect();
            assert_eq!(carried, [json!("n0"), json!("n1"), json!("n2")]);
            let with_words = |m: &&Value| m["content"]["parts"][0] == json!({"type": "markdown", "text": "all"});
            assert_eq!(items.iter().filter(with_words).count(), 1);
        }
        assert_eq!(w.ok(&bob, "POST", ROUTE, ask).await, first);
    }

    async fn what_cannot_be_forwarded_together_is_refused(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, eve, from, to) = three(&w).await;
        let sent = w.send(&ada, &from, "x").await;
        let elsewhere = w.send(&bob, &to, "y").await;
        let gone = w.send(&ada, &from, "gone").await;
        w.ok(&ada, "POST", &format!("/messages/{}/recall", gone["id"].as_str().unwrap()), Value::Null).await;
        let long = "长".repeat(30_000);
        let (a, b) = (w.send(&ada, &from, &long).await, w.send(&ada, &from, &long).await);
        let ask = |messages: Value, to: &str, nonce: &str| json!({"messages": messages, "to": [id(to)], "mode": "merged", "nonce": nonce});
        w.refused(&bob, "POST", ROUTE, ask(json!([]), &to, "1"), "invalid").await;
        w.refused(&bob, "POST", ROUTE, ask(json!([sent["id"], elsewhere["id"]]), &to, "2"), "invalid").await;
        w.refused(&bob, "POST", ROUTE, ask(json!([gone["id"]]), &to, "3"), "message_gone").await;
        w.refused(&bob, "POST", ROUTE, ask(json!([a["id"], b["id"]]), &to, "4"), "invalid").await;
        w.refused(&eve, "POST", ROUTE, ask(json!([sent["id"]]), &to, "5"), "not_found").await;
        w.refused(&ada, "POST", ROUTE, ask(json!([sent["id"]]), &to, "6"), "not_found").await;
        w.refused(&bob, "POST", ROUTE, ask(json!([sent["id"]]), &to, &"n".repeat(61)), "invalid").await;
        let page = w.ok(&bob, "GET", &format!("{from}/messages"), Value::Null).await;
        let system = page["items"].as_array().unwrap().iter().find(|m| m["content"]["parts"][0]["type"] == "system").unwrap();
        w.refused(&bob, "POST", ROUTE, ask(json!([system["id"]]), &to, "7"), "system_message").await;

        // Cards lie in one another three deep.
        let mut inner = sent["id"].clone();
        for depth in 1..=3 {
            let nonce = format!("d{depth}");
            inner = w.ok(&bob, "POST", ROUTE, ask(json!([inner]), &to, &nonce)).await["items"][0]["id"].clone();
        }
        w.refused(&bob, "POST", ROUTE, ask(json!([inner]), &to, "d4"), "invalid").await;
        let single = format!("/messages/{}/forward", inner.as_str().unwrap());
        let carried = w.ok(&bob, "POST", &single, json!({"to": [id(&from)], "nonce": "one"})).await;
        assert_eq!(last(&carried["items"][0])["type"], "merged_forward");
    }

    async fn a_message_of_another_conversation_is_quoted_by_whoever_may_read_it(db: TestDb) {
        let w = World::new(db).await;
        let (ada, bob, eve, from, to) = three(&w).await;
        let sent = w.send(&ada, &from, "the source").await;
        let ask = |nonce: &str| json!({"nonce": nonce, "text": "see", "quote": sent["id"]});
        let quoting = w.ok(&bob, "POST", &format!("{to}/messages"), ask("q")).await;
        let quote = &quoting["content"]["parts"][0];
        assert_eq!((quote["conversation"].clone(), quote["message"].clone(), quote["text"].clone(), quote["from"].clone()),
            (json!(id(&from)), sent["id"].clone(), json!("the source"), json!(ada.id)));
        w.refused(&eve, "POST", &format!("{to}/messages"), ask("e"), "not_found").await;
    }
}
