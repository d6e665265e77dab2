//! Announcements: few post, all read.

use serde_json::{Value, json};
use weft_testkit::{Reply, TestOrg, TestPerson, on_both, scratch::unique};

fn id(thing: &Value) -> &str {
    thing["id"].as_str().expect("an id")
}

async fn board(by: &TestPerson, extra: Value) -> Value {
    try_board(by, extra).await.ok()
}

async fn try_board(by: &TestPerson, extra: Value) -> Reply {
    let mut wanted = json!({"kind": "announcement", "name": unique("公告")});
    for (key, value) in extra.as_object().expect("an object") {
        wanted[key] = value.clone();
    }
    by.client.post("/conversations", wanted).await
}

async fn send(by: &TestPerson, board: &Value, body: Value) -> Reply {
    let mut request = json!({"nonce": unique("n"), "text": "**停机**：周五晚"});
    for (key, value) in body.as_object().expect("an object") {
        request[key] = value.clone();
    }
    by.client.post(&format!("/conversations/{}/messages", id(board)), request).await
}

async fn post(by: &TestPerson, board: &Value, title: &str) -> Value {
    send(by, board, json!({"post": {"title": title}})).await.ok()
}

async fn comment(by: &TestPerson, board: &Value, post: &Value) -> Reply {
    send(by, board, json!({"text": "收到", "thread": id(post)})).await
}

async fn edit(by: &TestPerson, post: &Value, body: Value) -> Reply {
    by.client.patch(&format!("/messages/{}", id(post)), body).await
}

async fn role(by: &TestPerson, board: &Value, who: &TestPerson, role: &str) -> Reply {
    let path = format!("/conversations/{}/members/{}", id(board), who.id);
    by.client.patch(&path, json!({"role": role})).await
}

/// Over the socket: the acknowledgement, or the error.
async fn by_socket(by: &TestPerson, board: &Value, extra: Value) -> Value {
    let mut socket = by.socket().await;
    let mut frame =
        json!({"t": "send", "id": 7, "conv": id(board), "nonce": unique("s"), "text": "来自套接字"});
    for (key, value) in extra.as_object().expect("an object") {
        frame[key] = value.clone();
    }
    socket.send(frame).await;
    socket.wait_for("the answer", |f| f["id"] == 7).await
}

/// An hour from now, as the server's clock says it.
async fn far(person: &TestPerson) -> i64 {
    let own = person.client.post("/conversations", json!({"kind": "direct", "members": []})).await.ok();
    person.say(id(&own), "tick").await["at"].as_i64().expect("a time") + 3_600_000_000
}

async fn people(org: &TestOrg<'_>) -> (TestPerson, TestPerson, TestPerson) {
    (org.member("Mei").await, org.member("Jonas").await, org.guest("Gus").await)
}

on_both! {
    async fn publishers_post_readers_read_confirm_and_comment(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas, _) = people(&org).await;
        let board = board(&org.owner, json!({"members": [jonas.id], "publishers": [mei.id]})).await;
        assert_eq!((&board["kind"], &board["comments"], &board["member_count"]), (&json!("announcement"), &json!(true), &json!(3)));
        assert_eq!(mei.see(id(&board)).await["me"]["role"], "publisher");
        let mut watching = jonas.socket().await;
        let made = send(&mei, &board, json!({"post": {"title": "  周五 停机 "}, "ack": {}})).await.ok();
        assert_eq!(made["content"]["parts"][0], json!({"type": "post", "title": "周五 停机", "comments": true}));
        let told = watching.wait_for("the post", |f| f["ev"]["k"] == "message").await;
        assert_eq!(told["ev"]["message"]["content"]["parts"][0]["title"], "周五 停机");
        assert_eq!(jonas.see(id(&board)).await["last_n"], 1, "it is unread as a message is");

        // Read by, not read, confirmed, comments: from marks and acknowledgements alone.
        let path = format!("/messages/{}", id(&made));
        let unread = mei.client.get(&format!("{path}/receipts?state=unread")).await.ok();
        assert_eq!((&unread["read_count"], &unread["unread_count"]), (&json!(0), &json!(2)));
        jonas.client.put(&format!("/conversations/{}/read", id(&board)), json!({"seq": made["seq"]})).await.ok();
        let read = org.owner.client.get(&format!("{path}/receipts?state=read")).await.ok();
        assert_eq!(read["items"][0]["id"], json!(jonas.id), "who manages the space sees it, too");
        jonas.client.put(&format!("{path}/ack"), json!({"state": "acknowledged"})).await.ok();
        let confirmed = org.owner.client.get(&format!("{path}/acks?state=acknowledged")).await.ok();
        assert_eq!((&confirmed["total"], &confirmed["items"][0]["id"]), (&json!(2), &json!(jonas.id)));
        jonas.client.get(&format!("{path}/receipts")).await.refused(403, "not_sender");
        jonas.client.get(&format!("{path}/acks?state=waiting")).await.refused(403, "not_sender");
        jonas.client.post(&format!("{path}/ack/remind"), Value::Null).await.refused(403, "not_sender");
        comment(&jonas, &board, &made).await.ok();
        assert_eq!(mei.client.get(&path).await.ok()["replies"]["count"], 1);

        // A change keeps versions as an edit of a message does.
        let edited = edit(&mei, &made, json!({"text": "改到周六", "title": "周六停机"})).await.ok();
        assert_eq!((&edited["content"]["parts"][0]["title"], &edited["ack"]["acknowledged"]), (&json!("周六停机"), &json!(1)));
        let history = mei.client.get(&format!("{path}/history")).await.ok();
        assert_eq!(history["items"][0]["content"]["parts"][0]["title"], "周五 停机");
    }

    async fn who_may_not_post_is_refused_by_every_way(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas, gus) = people(&org).await;
        let board = board(&org.owner, json!({"members": [jonas.id, gus.id], "publishers": [mei.id]})).await;
        let post_it = json!({"post": {"title": "x"}});
        for person in [&jonas, &gus] {
            send(person, &board, post_it.clone()).await.refused(403, "not_publisher");
            send(person, &board, json!({})).await.refused(403, "not_publisher");
            assert_eq!(by_socket(person, &board, post_it.clone()).await["problem"]["code"], "not_publisher");
            assert_eq!(by_socket(person, &board, json!({})).await["problem"]["code"], "not_publisher");
        }
        let later = json!({"when": {"at": far(&jonas).await}, "message": {"nonce": unique("n"), "text": "x", "post": {"title": "x"}}});
        let path = format!("/conversations/{}/scheduled", id(&board));
        jonas.client.post(&path, later).await.refused(403, "not_publisher");
        let room = mei.channel(&[&jonas]).await;
        let said = mei.say(&room, "看这个").await;
        let forward = json!({"to": [id(&board)], "nonce": unique("n")});
        for person in [&mei, &jonas] {
            person.client.post(&format!("/messages/{}/forward", id(&said)), forward.clone()).await.refused(409, "posts_only");
        }
        send(&mei, &board, json!({"topic": "x", "post": {"title": "x"}})).await.refused(409, "no_topics");
        send(&mei, &board, json!({})).await.refused(422, "invalid");
        send(&mei, &board, json!({"post": {"title": "  "}})).await.refused(422, "invalid");
        send(&mei, &board, json!({"post": {"title": "长".repeat(201)}})).await.refused(422, "invalid");
        send(&mei, &board, json!({"post": {"title": "x", "colour": 1}})).await.refused(422, "invalid");
        let plain = json!({"nonce": unique("n"), "text": "x", "post": {"title": "x"}});
        mei.client.post(&format!("/conversations/{room}/messages"), plain).await.refused(422, "invalid");
        let made = post(&mei, &board, "One").await;
        send(&jonas, &board, json!({"thread": id(&made), "post": {"title": "x"}})).await.refused(422, "invalid");
        jonas.client.put(&format!("/messages/{}/pin", id(&made)), Value::Null).await.refused(403, "not_publisher");
        edit(&jonas, &made, json!({"text": "x"})).await.refused(403, "not_publisher");
        edit(&org.owner, &made, json!({"text": "x"})).await.refused(403, "forbidden");
        // Strangers: of the org, of another one, once it is archived.
        let (stranger, other) = (org.member("Sam").await, server.org("Other").await);
        send(&stranger, &board, post_it.clone()).await.refused(404, "not_found");
        send(&other.owner, &board, post_it.clone()).await.refused(404, "not_found");
        stranger.client.get(&format!("/conversations/{}/messages", id(&board))).await.refused(404, "not_found");
        org.owner.client.post(&format!("/conversations/{}/archive", id(&board)), Value::Null).await.ok();
        send(&mei, &board, post_it).await.refused(409, "archived");
        comment(&jonas, &board, &made).await.refused(409, "archived");
        role(&org.owner, &board, &jonas, "publisher").await.refused(409, "archived");
    }

    async fn comments_are_off_where_a_post_or_its_space_says_so(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas, gus) = people(&org).await;
        let board = board(&org.owner, json!({"members": [jonas.id, gus.id], "publishers": [mei.id]})).await;
        let path = format!("/conversations/{}", id(&board));
        let closed = send(&mei, &board, json!({"post": {"title": "Closed", "comments": false}})).await.ok();
        comment(&jonas, &board, &closed).await.refused(403, "comments_off");
        assert_eq!(by_socket(&gus, &board, json!({"thread": id(&closed)})).await["problem"]["code"], "comments_off");
        let open = post(&mei, &board, "Open").await;
        let first = comment(&gus, &board, &open).await.ok();
        comment(&jonas, &board, &first).await.refused(422, "invalid");

        // Switched off midway, and on again, by the post.
        edit(&mei, &open, json!({"text": "**停机**：周五晚", "comments": false})).await.ok();
        comment(&jonas, &board, &open).await.refused(403, "comments_off");
        assert_eq!(by_socket(&jonas, &board, json!({"thread": id(&open)})).await["problem"]["code"], "comments_off");
        edit(&mei, &open, json!({"text": "**停机**：周五晚", "comments": true})).await.ok();
        comment(&jonas, &board, &open).await.ok();
        edit(&jonas, &first, json!({"text": "x", "comments": false})).await.refused(403, "forbidden");
        edit(&gus, &first, json!({"text": "x", "comments": false})).await.refused(422, "invalid");

        // By the space: every post, whatever it says.
        jonas.client.patch(&path, json!({"comments": false})).await.refused(403, "forbidden");
        let mut watching = jonas.socket().await;
        let patched = org.owner.client.patch(&path, json!({"comments": false})).await.ok();
        assert_eq!(patched["comments"], false);
        watching.wait_for("the switch", |f| f["ev"]["conversation"]["comments"] == false).await;
        comment(&jonas, &board, &open).await.refused(403, "comments_off");
        let later = post(&mei, &board, "Later").await;
        assert_eq!(later["content"]["parts"][0]["comments"], false, "a new post is as its space");
        org.owner.client.patch(&path, json!({"comments": true})).await.ok();
        comment(&jonas, &board, &open).await.ok();
        mei.client.delete(&format!("/messages/{}", id(&open))).await.ok();
        comment(&jonas, &board, &open).await.refused(409, "message_gone");
        let room = mei.channel(&[]).await;
        mei.client.patch(&format!("/conversations/{room}"), json!({"comments": false})).await.refused(422, "invalid");
    }

    async fn publishers_come_and_go(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas, gus) = people(&org).await;
        let board = board(&org.owner, json!({"members": [mei.id, jonas.id, gus.id]})).await;
        let (mut own, mut other) = (jonas.socket().await, mei.socket().await);
        role(&mei, &board, &jonas, "publisher").await.refused(403, "forbidden");
        role(&org.owner, &board, &gus, "publisher").await.refused(422, "invalid");
        role(&org.owner, &board, &jonas, "owner").await.refused(422, "invalid");
        role(&org.owner, &board, &jonas, "publisher").await.ok();
        own.wait_for("the own role", |f| f["ev"]["k"] == "membership" && f["ev"]["me"]["role"] == "publisher").await;
        other.wait_for("the role", |f| f["ev"]["k"] == "member" && f["ev"]["member"]["role"] == "publisher").await;
        let made = post(&jonas, &board, "Mine").await;
        assert!(by_socket(&jonas, &board, json!({"post": {"title": "By socket"}})).await["msg"]["seq"].is_i64());
        role(&org.owner, &board, &jonas, "member").await.ok();
        send(&jonas, &board, json!({"post": {"title": "x"}})).await.refused(403, "not_publisher");
        edit(&jonas, &made, json!({"text": "anders"})).await.refused(403, "not_publisher");
        role(&org.owner, &board, &org.owner, "member").await.refused(409, "owner_publishes");
        let stranger = org.member("Sam").await;
        role(&org.owner, &board, &stranger, "publisher").await.refused(404, "not_found");
        let room = org.owner.channel(&[&mei]).await;
        let elsewhere = format!("/conversations/{room}/members/{}", mei.id);
        org.owner.client.patch(&elsewhere, json!({"role": "publisher"})).await.refused(409, "not_announcement");
        mei.client.post(&format!("/conversations/{}/members", id(&board)), json!({"members": [stranger.id]})).await.refused(403, "forbidden");

        // Who is deactivated posts no more; who comes back is a reader.
        role(&org.owner, &board, &mei, "publisher").await.ok();
        org.owner.client.post(&format!("/principals/{}/deactivate", mei.id), Value::Null).await.ok();
        send(&mei, &board, json!({"post": {"title": "x"}})).await.refused(401, "unauthenticated");
        role(&org.owner, &board, &jonas, "publisher").await.ok();
        jonas.client.post(&format!("/conversations/{}/leave", id(&board)), Value::Null).await.ok();
        let again = json!({"members": [jonas.id]});
        org.owner.client.post(&format!("/conversations/{}/members", id(&board)), again).await.ok();
        send(&jonas, &board, json!({"post": {"title": "x"}})).await.refused(403, "not_publisher");
    }

    async fn who_makes_a_space_and_who_is_in_it(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas, gus) = people(&org).await;
        try_board(&mei, json!({})).await.refused(403, "forbidden");
        try_board(&gus, json!({})).await.refused(403, "guest");
        try_board(&org.owner, json!({"publishers": [gus.id]})).await.refused(422, "invalid");
        try_board(&org.owner, json!({"name": " "})).await.refused(422, "invalid");
        let odd = json!({"kind": "channel", "name": unique("c"), "publishers": [mei.id]});
        org.owner.client.post("/conversations", odd).await.refused(422, "invalid");
        org.owner.client.patch("/org", json!({"announcements": {"create": "nobody"}})).await.refused(422, "invalid");
        org.owner.client.patch("/org", json!({"announcements": {"create": "members"}})).await.ok();
        try_board(&mei, json!({"everyone": true})).await.refused(403, "forbidden");
        let hers = board(&mei, json!({})).await;
        let taken = json!({"name": hers["name"]});
        try_board(&org.owner, taken).await.refused(409, "name_taken");
        try_board(&gus, json!({})).await.refused(403, "guest");

        let all = board(&org.owner, json!({"everyone": true})).await;
        assert_eq!((&all["default"], &all["member_count"]), (&json!(true), &json!(3)), "everybody but guests");
        assert_eq!(jonas.see(id(&all)).await["me"]["role"], "member");
        gus.client.get(&format!("/conversations/{}", id(&all))).await.refused(404, "not_found");
        let late = org.member("Late").await;
        assert_eq!(late.see(id(&all)).await["me"]["role"], "member", "newcomers are in it");
        let path = format!("/conversations/{}", id(&hers));
        mei.client.patch(&path, json!({"default": true})).await.refused(403, "forbidden");
        mei.client.patch(&path, json!({"topic": "新"})).await.ok();
        assert_eq!(org.owner.client.get("/conversations/browse").await.ok()["items"].as_array().map(Vec::len), Some(1));
    }

    async fn a_stream_is_quiet_for_who_wants_it_so(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, ..) = people(&org).await;
        let wanted = json!({"streams": {"announcements": {"level": "mentions", "badge": false}}});
        let put = mei.client.put("/me/alerts", wanted.clone()).await.ok();
        assert_eq!(put["streams"], wanted["streams"]);
        let odd = json!({"streams": {"announcements": {"level": "loud"}}});
        mei.client.put("/me/alerts", odd).await.refused(422, "invalid");
        mei.client.put("/me/alerts", json!({"streams": {"gossip": {}}})).await.refused(422, "invalid");
        assert_eq!(mei.client.get("/me/alerts").await.ok()["streams"], wanted["streams"]);
    }
}
