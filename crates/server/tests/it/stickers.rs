//! Stickers: packs of the org, one's own, and messages that are one.

use http::Method;
use serde_json::{Value, json};
use weft_storage::{Db, Sql, params};
use weft_testkit::{Reply, TestClient, TestPerson, eventually, on_both, scratch::unique};

use crate::files::kit::{FORM, form, id, png, png_of, zipped};

/// Makes a pack; returns its id.
pub(crate) async fn pack(client: &TestClient, name: &str) -> String {
    id(&client.post("/sticker-packs", json!({"name": name})).await.ok()).to_owned()
}

/// Adds pictures to a pack, or to one's own.
pub(crate) async fn add(client: &TestClient, pack: Option<&str>, files: &[(&str, &[u8])]) -> Reply {
    let path = pack.map_or_else(|| "/stickers".to_owned(), |pack| format!("/sticker-packs/{pack}/stickers"));
    client.raw(Method::POST, &path, Some(FORM), form(files)).await.expect("an answer")
}

/// Sends a sticker.
pub(crate) async fn send(person: &TestPerson, room: &str, sticker: &str) -> Reply {
    let body = json!({"nonce": unique("sticker"), "text": "", "sticker": sticker});
    person.client.post(&format!("/conversations/{room}/messages"), body).await
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("stickers").iter().map(|one| one["name"].as_str().expect("a name")).collect()
}

on_both! {
    async fn a_pack_is_everybodys_to_send(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let guest = org.guest("Gus").await;
        let room = mei.channel(&[&jonas]).await;
        let pack = pack(&mei.client, "猫猫").await;
        let zip = zipped(&[
            ("cats/好.png", &png(20, 10)),
            ("cats/.hidden.png", &png(2, 2)),
            ("__MACOSX/cats/x.png", b"x"),
            ("cats/notes.txt", b"notes"),
        ]);
        let taken = add(&mei.client, Some(&pack), &[("哈哈.png", &png(10, 10)), ("all.zip", &zip)]).await.ok();
        assert_eq!(names(&taken["added"]), ["哈哈", "好"]);
        assert_eq!(taken["refused"], json!([{"name": "notes", "code": "picture_type"}]));

        let listed = jonas.client.get("/stickers").await.ok();
        assert_eq!((&listed["packs"][0]["name"], &listed["packs"][0]["stickers"]), (&json!("猫猫"), &taken["added"]));
        assert_eq!(listed["mine"], json!([]));
        let cat = id(&taken["added"][1]);
        let image = guest.client.get(&format!("/stickers/{cat}/image")).await;
        assert_eq!(&image.bytes[..], &png(20, 10)[..]);

        let mut watching = mei.socket().await;
        let said = send(&jonas, &room, cat).await.ok();
        let part = &said["content"]["parts"][0];
        assert_eq!((&part["type"], &part["name"], &part["file"]["width"]), (&json!("sticker"), &json!("好"), &json!(20)));
        watching.wait_for("the sticker", |f| f["ev"]["message"]["id"] == said["id"]).await;
        let file = part["file"]["id"].as_str().expect("a file");
        assert_eq!(mei.client.get(&format!("/files/{file}/content")).await.bytes, png(20, 10));
        guest.client.get(&format!("/files/{file}/content")).await.refused(404, "not_found");
        assert_eq!(mei.client.get("/files").await.ok()["items"], json!([]), "stickers are not listed as files");

        // It is quoted, answered, reacted to and forwarded like any message.
        let quote = json!({"nonce": "q", "text": "so true", "quote": said["id"]});
        let quoted = mei.client.post(&format!("/conversations/{room}/messages"), quote).await.ok();
        assert_eq!(quoted["content"]["parts"][0]["text"], "[好]");
        mei.reply(&room, id(&said), "yes").await;
        mei.client.put(&format!("/messages/{}/reactions/👍", id(&said)), Value::Null).await.ok();
        let direct = mei.conversation("direct", &[&guest]).await;
        let forward = json!({"to": [direct], "nonce": "f"});
        let there = mei.client.post(&format!("/messages/{}/forward", id(&said)), forward).await.ok();
        assert_eq!(there["items"][0]["content"]["parts"][1]["type"], "sticker");
        assert_eq!(guest.client.get(&format!("/files/{file}/content")).await.bytes, png(20, 10));

        // Removing the pack keeps what was sent, also once nothing else refers to the picture.
        jonas.client.delete(&format!("/sticker-packs/{pack}")).await.refused(403, "forbidden");
        mei.client.delete(&format!("/sticker-packs/{pack}")).await.ok();
        send(&jonas, &room, cat).await.refused(404, "not_found");
        jonas.client.get(&format!("/stickers/{cat}/image")).await.refused(404, "not_found");
        let db = Db::open(&server.database_config()).await.expect("the database");
        db.execute(Sql::new("UPDATE files SET keep_until = 0"), params![]).await.expect("an update");
        let mut server = server;
        server.restart().await;
        eventually("the picture that was not sent is gone", async || {
            let count = Sql::new("SELECT COUNT(*) FROM files");
            let left: i64 = db.query_one(count, params![]).await.expect("a row").get(0).expect("a number");
            (left == 1).then_some(())
        })
        .await;
        let again = server.client().with_token(&jonas.token);
        assert_eq!(again.get(&format!("/files/{file}/content")).await.bytes, png(20, 10));
        // Deleted, it is read by nobody.
        again.delete(&format!("/messages/{}", id(&said))).await.ok();
        again.get(&format!("/files/{file}/content")).await.refused(404, "not_found");
    }

    async fn ones_own_are_ones_own(server: TestServer) {
        let org = server.org("Acme").await;
        let (mei, jonas) = (org.member("Mei").await, org.member("Jonas").await);
        let room = mei.channel(&[&jonas]).await;
        let taken = add(&mei.client, None, &[("mine.png", &png(10, 10))]).await.ok();
        let mine = id(&taken["added"][0]);
        assert_eq!(jonas.client.get("/stickers").await.ok()["mine"], json!([]));
        jonas.client.get(&format!("/stickers/{mine}/image")).await.refused(404, "not_found");
        jonas.client.delete(&format!("/stickers/{mine}")).await.refused(404, "not_found");
        send(&jonas, &room, mine).await.refused(404, "not_found");

        let said = send(&mei, &room, mine).await.ok();
        let file = said["content"]["parts"][0]["file"]["id"].clone();
        let collect = json!({"file": file, "name": "mine"});
        let stranger = server.org("Rivals").await.owner;
        stranger.client.post("/stickers/collect", collect.clone()).await.refused(404, "not_found");
        send(&stranger, &stranger.channel(&[]).await, mine).await.refused(404, "not_found");
        assert!(jonas.client.post("/stickers/collect", collect.clone()).await.ok()["sticker"].is_object());
        assert!(jonas.client.post("/stickers/collect", collect).await.ok()["sticker"].is_null());
        let theirs = jonas.client.get("/stickers").await.ok()["mine"][0].clone();
        // It is theirs when its first owner has given it up.
        mei.client.delete(&format!("/stickers/{mine}")).await.ok();
        mei.client.delete(&format!("/messages/{}", id(&said))).await.ok();
        send(&jonas, &room, id(&theirs)).await.ok();
    }

    async fn what_is_no_sticker_is_refused(server: TestServer) {
        let org = server.org("Acme").await;
        let (owner, guest) = (org.owner.client.clone(), org.guest("Gus").await.client);
        let mei = org.member("Mei").await;
        let refused = async |bytes: &[u8]| {
            let taken = add(&owner, None, &[("x.png", bytes)]).await.ok();
            assert_eq!(taken["added"], json!([]));
            taken["refused"][0]["code"].as_str().expect("a code").to_owned()
        };
        assert_eq!(refused(b"<svg onload=alert(1)>").await, "picture_type");
        assert_eq!(refused(&png(40, 40)[..200]).await, "picture_broken");
        assert_eq!(refused(&png(1_025, 1)).await, "picture_dimensions");
        assert_eq!(refused(&png_of(60_000, 60_000, b"x")).await, "file_bomb");
        assert_eq!(refused(&[png(2, 2), vec![0; 512 * 1024]].concat()).await, "picture_too_large");
        let swollen = zipped(&[("a.png", &vec![0; 8 << 20])]);
        assert_eq!(refused(&swollen).await, "picture_too_large");
        add(&owner, None, &[("x.zip", b"PK\x03\x04 and no zip")]).await.refused(422, "picture_broken");
        let bytes = png(1, 1);
        let entries: Vec<(String, &[u8])> = (0..101).map(|n| (format!("{n}.png"), bytes.as_slice())).collect();
        let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        add(&owner, None, &[("many.zip", &zipped(&entries))]).await.refused(409, "too_many_stickers");
        add(&owner, None, &[]).await.refused(422, "invalid");

        guest.post("/sticker-packs", json!({"name": "x"})).await.refused(403, "emoji_not_allowed");
        owner.post("/sticker-packs", json!({"name": " "})).await.refused(422, "invalid");
        let theirs = pack(&owner, "theirs").await;
        add(&mei.client, Some(&theirs), &[("x.png", &png(2, 2))]).await.refused(403, "forbidden");
        mei.client.patch(&format!("/sticker-packs/{theirs}"), json!({"name": "y"})).await.refused(403, "forbidden");
        owner.patch(&format!("/sticker-packs/{theirs}"), json!({"name": "y"})).await.ok();
        assert_eq!(owner.get("/stickers").await.ok()["packs"][0]["name"], "y");

        let taken = add(&owner, Some(&theirs), &[("x.png", &png(2, 2))]).await.ok();
        let room = mei.channel(&[]).await;
        let path = format!("/conversations/{room}/messages");
        let sticker = id(&taken["added"][0]);
        for more in [json!({"text": "words"}), json!({"ack": {}}), json!({"poll": {"question": "?", "options": ["a", "b"]}})] {
            let mut body = json!({"nonce": "x", "text": "", "sticker": sticker});
            for (key, value) in more.as_object().expect("an object") {
                body[key] = value.clone();
            }
            mei.client.post(&path, body).await.refused(422, "invalid");
        }
        let sent = json!({"nonce": "same", "text": "", "sticker": sticker});
        let first = mei.client.post(&path, sent.clone()).await.ok();
        assert_eq!(mei.client.post(&path, sent).await.ok()["id"], first["id"]);
        let soon = first["at"].as_i64().expect("a time") + 3_600_000_000;
        let later = json!({"when": {"at": soon}, "message": {"nonce": "later", "text": "", "sticker": sticker}});
        mei.client.post(&format!("/conversations/{room}/scheduled"), later).await.refused(422, "invalid");
    }
}
