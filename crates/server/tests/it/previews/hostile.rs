//! Pages that mean harm: nothing of them is shown, and what comes after them is.

use weft_testkit::on_both;

use super::kit::{Site, answer, card, page, start, start_with, without};
use crate::files::kit::{png, png_of};

on_both! {
    async fn hostile_pages_show_nothing(engine: Engine) {
        let site = Site::start(|path| match path {
            "/inside" => answer("302 Found", "location: http://10.0.0.1/\r\n", b""),
            "/metadata" => answer("302 Found", "location: http://169.254.169.254/latest/meta-data/\r\n", b""),
            "/file" => answer("302 Found", "location: file:///etc/passwd\r\n", b""),
            "/loop" => answer("302 Found", "location: /loop\r\n", b""),
            "/binary" => answer("200 OK", "content-type: application/octet-stream\r\n", b"<title>no</title>"),
            "/pdf" => answer("200 OK", "content-type: application/pdf\r\n", b"%PDF-1.7"),
            "/gone" => answer("404 Not Found", "content-type: text/html\r\n", b"<title>Not found</title>"),
            "/error" => answer("500 Oops", "content-type: text/html\r\n", b"<title>Error</title>"),
            "/empty" => page(""),
            "/broken" => b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 900\r\n\r\n<title>x".to_vec(),
            "/svg.png" => answer("200 OK", "content-type: image/png\r\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "/pixels.png" => answer("200 OK", "content-type: image/png\r\n", &png_of(60_000, 60_000, b"")),
            _ => page("<title>Good</title>"),
        });
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let mut sent = Vec::new();
        for path in ["/inside", "/metadata", "/file", "/loop", "/binary", "/pdf", "/gone", "/error", "/empty", "/broken", "/svg.png", "/pixels.png"] {
            sent.push(org.owner.say(&room, &site.url(path)).await);
        }
        let good = org.owner.say(&room, &site.url("/good")).await;
        assert_eq!(card(&org.owner, &good).await["title"], "Good");
        for message in &sent {
            assert!(without(&org.owner, message).await.is_null(), "{message}");
        }
    }

    async fn hostile_pictures_are_left_out(engine: Engine) {
        let site = Site::start(|path| match path {
            "/svg" => answer("200 OK", "content-type: image/svg+xml\r\n", b"<svg/>"),
            "/bomb" => answer("200 OK", "content-type: image/png\r\n", &png_of(30_000, 30_000, b"")),
            "/tiny" => answer("200 OK", "content-type: image/png\r\n", &png(1, 1)),
            "/favicon.ico" => answer("200 OK", "content-type: image/x-icon\r\n", b"\0\0\x01\0\xFF\xFF"),
            path => page(&format!("<title>Kept</title><meta property=og:image content='{}'>", &path[5..])),
        });
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        for picture in ["/svg", "/bomb", "/tiny", "/none", "http://10.0.0.1/a.png"] {
            let sent = org.owner.say(&room, &site.url(&format!("/page{picture}"))).await;
            let shown = card(&org.owner, &sent).await;
            assert_eq!(shown["title"], "Kept");
            assert!(shown["image"].is_null(), "{picture}");
            assert_eq!(shown["icon"], false);
        }
    }

    async fn texts_are_read_in_their_encoding_and_shown_as_they_are(engine: Engine) {
        let site = Site::start(|path| match path {
            "/gbk" => answer("200 OK", "content-type: text/html\r\n", b"<meta charset=gb2312><title>\xD6\xD0\xCE\xC4\xB1\xA8\xB8\xE6</title>"),
            "/wrong" => answer("200 OK", "content-type: text/html; charset=utf-8\r\n", b"<title>\xD6\xD0 fallback</title>"),
            "/huge" => page(&format!("<title>{}</title>{}", "长".repeat(3000), "<meta name=x content=y>".repeat(60_000))),
            _ => page("<title>a\u{202E}b &lt;script&gt;</title>"),
        });
        let server = start(engine).await;
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let title = async |path: &str| {
            let sent = org.owner.say(&room, &site.url(path)).await;
            card(&org.owner, &sent).await["title"].as_str().unwrap_or_default().to_owned()
        };
        assert_eq!(title("/gbk").await, "中文报告");
        assert!(title("/wrong").await.ends_with("fallback"));
        assert_eq!(title("/huge").await.chars().count(), 201);
        assert_eq!(title("/other").await, "ab <script>");
    }

    async fn this_machine_is_not_called_unless_the_owner_says_so(engine: Engine) {
        let site = Site::start(|_| page("<title>Secret</title>"));
        let allowed = Site::start_at("127.0.0.2", |_| page("<title>Allowed</title>"));
        let server = start_with(engine, &["--outbound-allow", "127.0.0.2"]).await;
        let org = server.org("Acme").await;
        let room = org.owner.channel(&[]).await;
        let port = site.url("").rsplit(':').next().expect("a port").to_owned();
        let mut sent = Vec::new();
        for host in ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"] {
            sent.push(org.owner.say(&room, &format!("http://{host}:{port}/a")).await);
        }
        // What is refused needs no time: when the last one is shown, all were looked at.
        let last = org.owner.say(&room, &allowed.url("/last")).await;
        assert_eq!(card(&org.owner, &last).await["title"], "Allowed");
        assert!(site.asked("/a").is_empty());
        for message in &sent {
            assert!(without(&org.owner, message).await.is_null());
        }
    }
}
