//! What links lead to: looked at after the send, by the server only, shown to whoever may read.

mod hostile;
mod kit;

use serde_json::{Value, json};
use weft_testkit::on_both;

use self::kit::{Site, answer, card, id, page, start, without};
use crate::files::kit::png;

on_both! {
    async fn a_link_is_shown_after_the_send(engine: Engine) {
        let site = Site::start(|path| match path {
            "/news" => page(r#"<title>No</title><meta property="og:title" content="新闻 &amp; more">
                <meta property="og:site_name" content="Daily"><meta name="description" content="About it">
                <meta property="og:image" content="/pic.png"><link rel=icon sizes=32x32 href=/i.png>"#),
            "/pic.png" => answer("200 OK", "content-type: image/png\r\n", &png(640, 320)),
            "/i.png" => answer("200 OK", "content-type: image/png\r\n", &png(32, 32)),
            _ => answer("404 Not Found", "", b""),
        });
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let mut socket = mei.socket().await;
        let sent = org.owner.say(&room, &format!("see {} and `{}`", site.url("/news#top"), site.url("/code"))).await;
        assert_eq!(sent["previews"], Value::Null, "the send does not wait");
        let told = socket.wait_for("the card", |f| f["ev"]["k"] == "message.changed").await;
        let message = &told["ev"]["message"];
        assert_eq!(message["id"], sent["id"]);
        let card = &message["previews"][0];
        assert_eq!(card["title"], "新闻 & more");
        assert_eq!((card["site"].as_str(), card["description"].as_str()), (Some("Daily"), Some("About it")));
        assert_eq!(card["url"], site.url("/news#top"));
        assert_eq!(card["image"], json!({"width": 320, "height": 160, "color": "#c81e1e"}));
        assert_eq!(card["icon"], true);
        assert_eq!(message["previews"].as_array().map(Vec::len), Some(1), "what is in code is no link");

        for which in ["image", "icon"] {
            let picture = mei.client.get(&format!("/links/{}/{which}", id(card))).await;
            assert_eq!(picture.headers["content-type"], "image/jpeg");
            assert_eq!(picture.headers["content-security-policy"], "sandbox; default-src 'none'");
            assert!(picture.bytes.starts_with(b"\xFF\xD8"), "made anew here");
        }
        let page = mei.client.get(&format!("/conversations/{room}/messages")).await.ok();
        let shown = page["items"].as_array().and_then(|items| items.last()).expect("a message");
        assert_eq!(shown["previews"][0]["id"], card["id"]);
        assert!(site.asked("/news").iter().all(|head| !head.contains("cookie") && !head.contains("referer")));
        assert!(site.asked("/code").is_empty());
    }

    async fn an_address_is_fetched_once_for_an_org(engine: Engine) {
        let site = Site::start(|_| page("<title>One</title>"));
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let url = site.url("/same");
        let one = org.owner.say(&room, &url).await;
        let first = card(&org.owner, &one).await;
        let two = org.owner.say(&room, &format!("again {url}")).await;
        assert_eq!(card(&org.owner, &two).await["id"], first["id"]);
        assert_eq!(site.asked("/same").len(), 1);
        let other = server.org("Other").await;
        let there = other.owner.channel(&[]).await;
        let three = other.owner.say(&there, &url).await;
        assert_ne!(card(&other.owner, &three).await["id"], first["id"]);
        assert_eq!(site.asked("/same").len(), 2);
        other.owner.client.get(&format!("/links/{}/icon", id(&first))).await.refused(404, "not_found");
    }

    async fn pictures_are_for_those_who_may_read_the_message(engine: Engine) {
        let site = Site::start(|path| match path {
            "/p.png" => answer("200 OK", "content-type: image/png\r\n", &png(64, 64)),
            _ => answer("404 Not Found", "", b""),
        });
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let (mei, far) = (org.member("Mei").await, org.member("Far").await);
        let room = org.owner.conversation("private_channel", &[&mei]).await;
        let sent = org.owner.say(&room, &site.url("/p.png")).await;
        let shown = card(&mei, &sent).await;
        assert_eq!(shown["title"], "p.png");
        let path = format!("/links/{}/image", id(&shown));
        mei.client.get(&path).await;
        assert!(mei.client.get(&path).await.status.is_success());
        far.client.get(&path).await.refused(404, "not_found");
        server.client().get(&path).await.refused(401, "unauthenticated");
        mei.client.get(&format!("/links/{}/icon", id(&shown))).await.refused(404, "not_found");
        org.owner.client.delete(&format!("/messages/{}", id(&sent))).await.ok();
        mei.client.get(&path).await.refused(404, "not_found");
    }

    async fn an_author_takes_a_card_away_for_good(engine: Engine) {
        let site = Site::start(|path| page(&format!("<title>Page {path}</title>")));
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let mei = org.member("Mei").await;
        let room = org.owner.channel(&[&mei]).await;
        let (a, b, c) = (site.url("/a"), site.url("/b"), site.url("/c"));
        let sent = mei.say(&room, &format!("{a} {b}")).await;
        let first = card(&mei, &sent).await;
        let path = format!("/messages/{}/previews/{}", id(&sent), id(&first));
        let far = org.member("Far").await;
        far.client.post(&format!("/conversations/{room}/join"), Value::Null).await.ok();
        far.client.delete(&path).await.refused(403, "forbidden");
        let left = mei.client.delete(&path).await.ok();
        assert_eq!(left["previews"].as_array().map(Vec::len), Some(1));
        assert_eq!(left["previews"][0]["title"], "Page /b");
        assert_eq!(mei.client.delete(&path).await.ok()["previews"], left["previews"], "again changes nothing");

        // An edit brings what is new, forgets what is gone, and does not bring back what was taken away.
        let mut socket = mei.socket().await;
        let edit = json!({"text": format!("{c} {a}")});
        let edited = mei.client.patch(&format!("/messages/{}", id(&sent)), edit).await.ok();
        assert_eq!(edited["previews"], Value::Null, "what is gone goes at once");
        let told = socket.wait_for("the new card", |f| f["ev"]["message"]["previews"].is_array()).await;
        let cards = told["ev"]["message"]["previews"].as_array().expect("cards").clone();
        assert_eq!(cards.iter().map(|card| &card["title"]).collect::<Vec<_>>(), ["Page /c"]);
        org.owner.client.delete(&format!("/messages/{}/previews/{}", id(&sent), id(&cards[0]))).await.ok();
        assert_eq!(without(&mei, &sent).await, Value::Null, "an owner of the channel may, too");
    }

    async fn an_org_can_do_without(engine: Engine) {
        let site = Site::start(|_| page("<title>Seen</title>"));
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let off = org.owner.client.patch("/files/settings", json!({"link_previews": false})).await.ok();
        assert_eq!(off["link_previews"], false);
        let quiet = org.owner.say(&room, &site.url("/quiet")).await;
        let other = server.org("Other").await;
        let there = other.owner.channel(&[]).await;
        // Jobs are taken in order: when this one is done, so is the one before.
        let loud = other.owner.say(&there, &site.url("/loud")).await;
        card(&other.owner, &loud).await;
        org.owner.client.patch("/files/settings", json!({"link_previews": true})).await.ok();
        let on = org.owner.say(&room, &site.url("/on")).await;
        card(&org.owner, &on).await;
        assert_eq!(without(&org.owner, &quiet).await, Value::Null);
        assert!(site.asked("/quiet").is_empty());
        let member = org.member("Mei").await;
        member.client.patch("/files/settings", json!({"link_previews": false})).await.refused(403, "forbidden");
    }

    async fn at_most_three_links_are_looked_at(engine: Engine) {
        let site = Site::start(|path| page(&format!("<title>{path}</title>")));
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let text: Vec<String> = (1..=5).map(|n| site.url(&format!("/{n}"))).collect();
        let sent = org.owner.say(&room, &text.join(" ")).await;
        card(&org.owner, &sent).await;
        let shown = without(&org.owner, &sent).await;
        let titles: Vec<_> = shown.as_array().expect("cards").iter().map(|card| card["title"].clone()).collect();
        assert_eq!(titles, ["/1", "/2", "/3"]);
        assert!(site.asked("/4").is_empty());
    }
}
