//! Emoji of an org's own.

use http::Method;
use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{Reply, TestClient, eventually, on_both};

use crate::files::kit::{id, png, png_of};

const KIND: &str = "multipart/form-data; boundary=xx";

/// A GIF of two frames, one pixel each.
fn moving() -> Vec<u8> {
    let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0".to_vec();
    for _ in 0..2 {
        gif.extend(b"\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
    }
    gif.push(b';');
    gif
}

fn form(texts: &[(&str, &str)], file: Option<&[u8]>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, text) in texts {
        body.extend(
            format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes(),
        );
    }
    if let Some(bytes) = file {
        body.extend(b"--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n");
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--xx--\r\n");
    body
}

async fn post(client: &TestClient, body: Vec<u8>) -> Reply {
    client.raw(Method::POST, "/emoji", Some(KIND), body).await.expect("an answer")
}

pub(crate) async fn add(client: &TestClient, name: &str, bytes: &[u8]) -> Reply {
    post(client, form(&[("name", name)], Some(bytes))).await
}

async fn names(client: &TestClient) -> Vec<String> {
    let list = client.get("/emoji").await.ok();
    let name = |emoji: &Value| emoji["name"].as_str().expect("a name").to_owned();
    list["items"].as_array().expect("items").iter().map(name).collect()
}

async fn react(client: &TestClient, message: &Value, emoji: &str, on: bool) -> Reply {
    let path = format!("/messages/{}/reactions/{emoji}", id(message));
    client.call(if on { Method::PUT } else { Method::DELETE }, &path, Value::Null).await
}

fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
    reply.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

on_both! {
    async fn everybody_of_the_org_has_a_new_emoji_at_once(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let guest = org.guest("Gus").await;
        let (mut watching, mut visiting) = (jonas.socket().await, guest.socket().await);
        let picture = moving();
        let body = form(&[("name", ":打工人:"), ("aliases", "Worker"), ("aliases", "worker")], Some(&picture));
        let made = post(&mei.client, body).await.ok();
        assert_eq!((&made["name"], &made["aliases"]), (&json!("打工人"), &json!(["worker"])));
        assert_eq!((&made["animated"], &made["width"], &made["by"]), (&json!(true), &json!(1), &json!(mei.id)));
        assert!(made["search_key"].as_str().expect("pinyin").contains("dagongren"), "{made}");

        let told = watching.wait_for("the emoji", |f| f["ev"]["k"] == "emoji").await;
        assert_eq!((&told["ev"]["emoji"], &told["log"]), (&made, &json!(org.id)));
        let head = visiting.wait_for("that something changed", |f| f["t"] == "head" && f["log"] == org.id.as_str()).await;
        let seq = head["seq"].as_i64().expect("a number");
        visiting.send(json!({"t": "catchup", "log": org.id, "after": seq - 1})).await;
        let caught = visiting.wait_for("the changes", |f| f["t"] == "changes" && f["log"] == org.id.as_str()).await;
        assert_eq!(caught["items"], json!([{"type": "emoji", "emoji": made}]));

        for person in [&jonas, &guest] {
            let listed = person.client.get("/emoji").await;
            assert_eq!(listed.json()["items"], json!([made]));
            let again = person.client.with_header("if-none-match", header(&listed, "etag")).get("/emoji").await;
            assert_eq!(again.status.as_u16(), 304);
            let image = person.client.get(&format!("/emoji/{}/image", id(&made))).await;
            assert_eq!((header(&image, "content-type"), &image.bytes[..]), ("image/gif", &picture[..]));
            assert_eq!(header(&image, "cache-control"), "private, max-age=31536000, immutable");
            assert_eq!(header(&image, "x-content-type-options"), "nosniff");
            assert!(header(&image, "content-security-policy").contains("sandbox"));
            let still = person.client.get(&format!("/emoji/{}/image?still=true&org={}", id(&made), org.id)).await;
            assert!(matches!(header(&still, "content-type"), "image/jpeg" | "image/webp"));
        }
        let room = mei.channel(&[&jonas]).await;
        let said = mei.say(&room, "早 :打工人:").await;
        assert_eq!(said["content"]["parts"][0]["text"], "早 :打工人:");

        let stranger = server.org("Rivals").await.owner;
        assert!(names(&stranger.client).await.is_empty());
        stranger.client.get(&format!("/emoji/{}/image", id(&made))).await.refused(404, "not_found");
        stranger.client.delete(&format!("/emoji/{}", id(&made))).await.refused(404, "not_found");
        let aliases = json!({"aliases": ["mine"]});
        stranger.client.patch(&format!("/emoji/{}", id(&made)), aliases).await.refused(404, "not_found");
        server.client().get(&format!("/emoji/{}/image", id(&made))).await.refused(401, "unauthenticated");
    }

    async fn what_is_no_small_picture_is_refused_and_leaves_nothing(server: TestServer) {
        let me = server.org("Acme").await.owner.client;
        let used = async || me.get("/files/settings").await.ok()["used"].clone();
        let before = used().await;
        let half = &png(40, 40)[..300];
        let half_gif = &moving()[..24];
        let huge = vec![7_u8; 300 * 1024];
        let heavy = [png(2, 2), vec![0; 256 * 1024]].concat();
        for (bytes, status, code) in [
            (b"<svg onload=alert(1)></svg>".as_slice(), 422, "picture_type"),
            (b"", 422, "picture_type"),
            (b"BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0\x01\0\x01\0\x01\0\x18\0\0\0\xff\0", 422, "picture_type"),
            (half, 422, "picture_broken"),
            (half_gif, 422, "picture_broken"),
            (b"\x89PNG\r\n\x1a\n", 422, "picture_broken"),
            (b"RIFF\x10\0\0\0WEBPVP8 zzzz", 422, "picture_broken"),
            (&png(513, 1), 422, "picture_dimensions"),
            (&png_of(60_000, 60_000, b"x"), 422, "file_bomb"),
            (&huge, 413, "picture_too_large"),
            (&heavy, 413, "picture_too_large"),
        ] {
            add(&me, "fete", bytes).await.refused(status, code);
        }
        for (name, code) in [("", "invalid"), ("a b", "invalid"), ("12:30", "invalid"), ("a/b", "invalid"), ("smile", "emoji_standard"), ("+1", "invalid")] {
            let status = if code == "invalid" { 422 } else { 409 };
            add(&me, name, &png(2, 2)).await.refused(status, code);
        }
        post(&me, form(&[("name", "fete")], None)).await.refused(422, "invalid");
        post(&me, form(&[("name", "fete"), ("evil", "x")], Some(&png(2, 2)))).await.refused(422, "invalid");
        post(&me, form(&[("name", &"x".repeat(9_000))], Some(&png(2, 2)))).await.refused(422, "invalid");
        post(&me, b"--xx\r\nno form".to_vec()).await.refused(400, "bad_request");
        me.post("/emoji", json!({"name": "fete"})).await.refused(400, "bad_request");
        assert!(names(&me).await.is_empty());
        assert_eq!(used().await, before);
        add(&me, "Fete", &png(512, 128)).await.ok();
        assert_eq!(names(&me).await, ["fete"]);
    }

    async fn a_name_means_one_picture(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await.client, org.member("Jonas").await.client);
        let picture = png(4, 4);
        let both = futures_util::future::join(add(&mei, "race", &picture), add(&jonas, "race", &picture)).await;
        let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        let lost = if both.0.status.as_u16() == 409 { both.0 } else { both.1 };
        assert_eq!(lost.code(), "emoji_exists");
        let first = mei.get("/emoji").await.ok()["items"][0].clone();

        let second = post(&org.owner.client, form(&[("name", "second"), ("aliases", "zwei")], Some(&picture))).await.ok();
        add(&mei, "zwei", &picture).await.refused(409, "emoji_exists");
        post(&mei, form(&[("name", "third"), ("aliases", "race")], Some(&picture))).await.refused(409, "emoji_exists");
        let path = format!("/emoji/{}", id(&second));
        org.owner.client.patch(&path, json!({"aliases": ["race"]})).await.refused(409, "emoji_exists");
        org.owner.client.patch(&path, json!({"aliases": ["smile"]})).await.refused(409, "emoji_standard");
        let changed = org.owner.client.patch(&path, json!({"aliases": ["二"]})).await.ok();
        assert_eq!(changed["aliases"], json!(["二"]));
        mei.patch(&path, json!({"aliases": []})).await.refused(403, "forbidden");
        add(&mei, "zwei", &picture).await.ok();
        // A removed emoji gives its name back.
        org.owner.client.delete(&format!("/emoji/{}", id(&first))).await.ok();
        org.owner.client.delete(&format!("/emoji/{}", id(&first))).await.refused(404, "not_found");
        let again = add(&jonas, "race", &png(8, 8)).await.ok();
        assert_ne!(again["id"], first["id"]);
    }

    async fn reactions_know_the_orgs_emoji(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = mei.channel(&[&jonas]).await;
        let message = mei.say(&room, "done").await;
        react(&mei.client, &message, ":ship:", true).await.ok();
        react(&mei.client, &message, ":parrot2:", true).await.refused(422, "unknown_emoji");
        react(&mei.client, &message, ":打工人:", true).await.refused(422, "unknown_emoji");
        let body = form(&[("name", "打工人"), ("aliases", "worker")], Some(&png(4, 4)));
        let emoji = post(&mei.client, body).await.ok();
        let mut watching = org.owner.socket().await;
        react(&mei.client, &message, ":打工人:", true).await.ok();
        react(&jonas.client, &message, ":worker:", true).await.ok();
        let seen = jonas.client.get(&format!("/messages/{}", id(&message))).await.ok();
        assert_eq!(seen["reactions"][1], json!({"emoji": ":打工人:", "count": 2, "by": [mei.id, jonas.id]}));

        jonas.client.delete(&format!("/emoji/{}", id(&emoji))).await.refused(403, "forbidden");
        mei.client.delete(&format!("/emoji/{}", id(&emoji))).await.ok();
        let gone = watching.wait_for("the removal", |f| f["ev"]["k"] == "emoji").await;
        assert_eq!((&gone["ev"]["emoji"]["id"], &gone["ev"]["emoji"]["removed"]), (&emoji["id"], &json!(true)));
        mei.client.get(&format!("/emoji/{}/image", id(&emoji))).await.refused(404, "not_found");
        // What was said with it stays, and can be joined and left; new ones cannot begin.
        react(&jonas.client, &message, ":打工人:", false).await.ok();
        react(&jonas.client, &message, ":打工人:", true).await.ok();
        let other = mei.say(&room, "another").await;
        react(&mei.client, &other, ":打工人:", true).await.refused(422, "unknown_emoji");
        let seen = jonas.client.get(&format!("/messages/{}", id(&message))).await.ok();
        assert_eq!((&seen["reactions"][1]["emoji"], &seen["reactions"][1]["count"]), (&json!(":打工人:"), &json!(2)));
    }

    async fn the_org_decides_who_adds(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, guest) = (org.member("Mei").await.client, org.guest("Gus").await.client);
        let picture = png(4, 4);
        add(&guest, "guests", &picture).await.refused(403, "emoji_not_allowed");
        let mine = add(&mei, "mine", &picture).await.ok();
        mei.patch("/org", json!({"emoji": {"add": "admins"}})).await.refused(403, "forbidden");
        org.owner.client.patch("/org", json!({"emoji": {"add": "nobody"}})).await.refused(422, "invalid");
        let changed = org.owner.client.patch("/org", json!({"emoji": {"add": "admins"}})).await.ok();
        assert_eq!(changed["emoji"], json!({"add": "admins"}));
        add(&mei, "more", &picture).await.refused(403, "emoji_not_allowed");
        add(&org.owner.client, "more", &picture).await.ok();
        // What somebody added stays theirs to remove.
        mei.delete(&format!("/emoji/{}", id(&mine))).await.ok();
        assert_eq!(names(&mei).await, ["more"]);
    }

    async fn a_picture_is_kept_while_its_emoji_is_there(server: TestServer) {
        let owner = server.org("Acme").await.owner;
        let (kept, gone) = (
            add(&owner.client, "kept", &png(4, 4)).await.ok(),
            add(&owner.client, "gone", &png(5, 5)).await.ok(),
        );
        owner.client.delete(&format!("/emoji/{}", id(&gone))).await.ok();
        let db = Db::open(&server.database_config()).await.expect("the database");
        db.execute(Sql::new("UPDATE files SET keep_until = 0"), params![]).await.expect("an update");
        let mut server = server;
        server.restart().await;
        let count = Sql::new("SELECT COUNT(*) FROM files");
        eventually("the picture of the removed one is gone", async || {
            let left: i64 = db.query_one(count, params![]).await.expect("a row").get(0).expect("a number");
            (left == 1).then_some(())
        })
        .await;
        let image = server.client().with_token(&owner.token).get(&format!("/emoji/{}/image", id(&kept))).await;
        assert_eq!(&image.bytes[..], &png(4, 4)[..]);
    }
}
