//! The head of a page: what it says of itself. A tokenizer reads it, forwards only; nothing is built
//! of it, so that nothing can nest too deeply.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, HtmlString, Spanned, StartTag, Token, Tokenizer};
use weft_outbound::Url;

/// Most tokens that are looked at.
const TOKENS: usize = 20_000;
/// Most icons that are compared.
const ICONS: usize = 20;

/// What a page says of itself, as it says it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) site: String,
    pub(super) image: Option<Url>,
    pub(super) icon: Option<Url>,
}

/// Reads the head of a page that lies at `url`.
pub(super) fn read(html: &str, url: &Url) -> Page {
    let mut reader = Reader::default();
    let mut emitter = DefaultEmitter::default();
    // What is in scripts and styles is not taken for tags.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter).take(TOKENS) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                if tag.name.as_slice() == b"body" {
                    break;
                }
                reader.start(&tag);
            }
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"head" => break,
                b"title" => reader.in_title = false,
                _ => {}
            },
            Token::String(text) if reader.in_title => {
                reader.title.push_str(&String::from_utf8_lossy(&text));
            }
            _ => {}
        }
    }
    reader.finish(url)
}

#[derive(Default)]
struct Reader {
    in_title: bool,
    title: String,
    base: Option<String>,
    /// By name, the first of each.
    said: BTreeMap<String, String>,
    /// How good, and where.
    icons: Vec<(u32, String)>,
}

type Attributes = BTreeMap<HtmlString, Spanned<HtmlString, ()>>;

fn attribute(attributes: &Attributes, name: &str) -> Option<String> {
    let value = attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(value).trim().to_owned())
}

impl Reader {
    fn start(&mut self, tag: &StartTag<()>) {
        let given = |name| attribute(&tag.attributes, name);
        match tag.name.as_slice() {
            // A picture drawn in the page has titles, too.
            b"title" => self.in_title = self.title.is_empty(),
            b"base" => self.base = self.base.take().or_else(|| given("href")),
            b"meta" => {
                let name = given("property").or_else(|| given("name")).or_else(|| given("itemprop"));
                if let (Some(name), Some(content)) = (name, given("content"))
                    && !content.is_empty()
                {
                    self.said.entry(name.to_ascii_lowercase()).or_insert(content);
                }
            }
            b"link" => {
                let (Some(rel), Some(href)) = (given("rel"), given("href")) else { return };
                self.link(&rel.to_ascii_lowercase(), href, &given("type"), &given("sizes"));
            }
            _ => {}
        }
    }

    fn link(&mut self, rel: &str, href: String, mime: &Option<String>, sizes: &Option<String>) {
        let is = |word| rel.split_ascii_whitespace().any(|one| one == word);
        if is("image_src") {
            self.said.entry("image_src".into()).or_insert(href);
            return;
        }
        let drawn = mime.as_deref().is_some_and(|mime| mime.contains("svg"))
            || href.split(['?', '#']).next().is_some_and(|path| path.ends_with(".svg"));
        if drawn || self.icons.len() >= ICONS {
            return;
        }
        let side = sizes.as_deref().and_then(|sizes| sizes.split(['x', 'X']).next()?.parse::<u32>().ok());
        if is("icon") {
            self.icons.push((icon_worth(side.unwrap_or(16)), href));
        } else if is("apple-touch-icon") || is("apple-touch-icon-precomposed") {
            self.icons.push((icon_worth(side.unwrap_or(180)), href));
        }
    }

    fn finish(self, url: &Url) -> Page {
        let base = self.base.as_deref().and_then(|base| url.join(base).ok()).unwrap_or_else(|| url.clone());
        let first = |names: &[&str]| names.iter().find_map(|name| self.said.get(*name));
        let text = |names: &[&str]| first(names).cloned().unwrap_or_default();
        let place =
            |href: &String| base.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let title = first(&["og:title", "twitter:title"]).cloned().unwrap_or(self.title);
        let image = first(&[
            "og:image:secure_url",
            "og:image",
            "og:image:url",
            "twitter:image",
            "twitter:image:src",
            "image_src",
        ]);
        // The best that is said, else the one place where every site has it.
        let icon = self.icons.iter().max_by_key(|(worth, _)| *worth).map(|(_, href)| href.clone());
        let icon = icon.unwrap_or_else(|| "/favicon.ico".into());
        Page {
            title,
            description: text(&["og:description", "twitter:description", "description"]),
            site: text(&["og:site_name", "application-name"]),
            image: image.and_then(place),
            icon: place(&icon),
        }
    }
}

/// An icon is shown at 16 points: 32 pixels and a bit more are best.
fn icon_worth(side: u32) -> u32 {
    match side {
        32..=64 => 4,
        65..=192 => 3,
        193.. => 2,
        16..=31 => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        read(html, &weft_outbound::web_address("https://example.com/a/b").unwrap())
    }

    fn at(url: &str) -> Option<Url> {
        weft_outbound::web_address(url).ok()
    }

    #[test]
    fn what_a_page_says_of_itself() {
        let found = page(
            r#"<!doctype html><html><head><title>Plain &amp; simple</title>
            <meta property="og:title" content="A &quot;title&quot;"><meta name=description content="About it">
            <meta property="og:site_name" content="Example"><meta property="og:image" content="../c.png">
            <link rel="shortcut icon" href="/i16.png" sizes=16x16><link rel=icon href=/i32.png sizes=32x32>
            <link rel=icon href=/i.svg type="image/svg+xml"></head><body>"#,
        );
        assert_eq!(found.title, "A \"title\"");
        assert_eq!((found.description.as_str(), found.site.as_str()), ("About it", "Example"));
        assert_eq!(found.image, at("https://example.com/c.png"));
        assert_eq!(found.icon, at("https://example.com/i32.png"));
    }

    #[test]
    fn a_page_that_says_little() {
        let found = page("<title>Only &#20013;&#25991;\n this</title><p>text");
        assert_eq!(found.title, "Only 中文\n this");
        assert_eq!(found.icon, at("https://example.com/favicon.ico"));
        assert_eq!(page(""), Page { icon: at("https://example.com/favicon.ico"), ..Page::default() });
    }

    #[test]
    fn scripts_and_bodies_are_not_read() {
        let found = page(
            r#"<head><script>var a = "<title>no</title><meta property='og:title' content=no>"</script>
            <style></style><!-- <title>no</title> --><title>yes</title></head>
            <body><meta property="og:title" content="no"><title>no</title>"#,
        );
        assert_eq!(found.title, "yes");
    }

    #[test]
    fn pictures_lie_on_the_web() {
        for href in ["javascript:alert(1)", "data:image/png;base64,AA", "file:///etc/passwd", "http://["] {
            let found = page(&format!("<meta property=og:image content='{href}'>"));
            assert_eq!(found.image, None, "{href}");
        }
        let based = page("<base href='https://cdn.example.org/x/'><meta property=og:image content=y.png>");
        assert_eq!(based.image, at("https://cdn.example.org/x/y.png"));
    }

    #[test]
    fn hostile_pages_are_read_in_a_moment() {
        page(&"<".repeat(200_000));
        page(&"<a ".repeat(100_000));
        page(&"<meta name=a content=".repeat(20_000));
        page(&format!("<title>{}", "x".repeat(500_000)));
        page(&"<link rel=icon href=a>".repeat(20_000));
        page(&"<!--".repeat(100_000));
    }
}
