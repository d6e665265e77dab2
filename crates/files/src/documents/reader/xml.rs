//! XML as it comes: no document types, no entities but XML's own, no deeper than documents are.

use std::io::BufRead;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::super::Reason;

/// The deepest element.
const DEPTH: usize = 256;

/// Who hears what an XML file holds. Names come without their prefix.
pub(super) trait Listener {
    fn start(&mut self, name: &str, element: &BytesStart<'_>);
    fn end(&mut self, name: &str);
    fn text(&mut self, text: &str);
    /// Nothing more is wanted.
    fn full(&self) -> bool;
}

/// Tells `listener` of everything in `from`.
pub(super) fn walk(from: impl BufRead, listener: &mut impl Listener) -> Result<(), Reason> {
    let mut reader = Reader::from_reader(from);
    let (mut buffer, mut depth) = (Vec::new(), 0_usize);
    while !listener.full() {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| Reason::Damaged)?;
        match event {
            Event::Start(element) => {
                depth += 1;
                if depth > DEPTH {
                    return Err(Reason::TooComplex);
                }
                listener.start(&name(element.local_name().as_ref()), &element);
            }
            Event::Empty(element) => {
                let name = name(element.local_name().as_ref());
                listener.start(&name, &element);
                listener.end(&name);
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                listener.end(&name(element.local_name().as_ref()));
            }
            Event::Text(text) => listener.text(&text.decode().map_err(|_| Reason::Damaged)?),
            Event::CData(text) => listener.text(&text.decode().map_err(|_| Reason::Damaged)?),
            Event::GeneralRef(reference) => {
                let meant = match reference.resolve_char_ref() {
                    Ok(Some(c)) => Some(c),
                    Ok(None) => predefined(&reference),
                    Err(_) => None,
                };
                listener.text(meant.map(String::from).unwrap_or_default().as_str());
            }
            // Where entities would be declared: no honest document has it.
            Event::DocType(_) => return Err(Reason::Damaged),
            // Cut off in the midst of an element.
            Event::Eof if depth > 0 => return Err(Reason::Damaged),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}

fn predefined(name: &[u8]) -> Option<char> {
    Some(match name {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        _ => return None,
    })
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct All(String);

    impl Listener for All {
        fn start(&mut self, _: &str, _: &BytesStart<'_>) {}
        fn end(&mut self, _: &str) {}
        fn text(&mut self, text: &str) {
            self.0.push_str(text);
        }
        fn full(&self) -> bool {
            false
        }
    }

    fn heard(xml: &str) -> Result<String, Reason> {
        let mut all = All::default();
        walk(xml.as_bytes(), &mut all).map(|()| all.0)
    }

    #[test]
    fn only_the_entities_of_xml_are_known() {
        assert_eq!(heard("<a>1 &lt; &#x4E8C; &amp;&nothing;<![CDATA[<b>]]></a>"), Ok("1 < 二 &<b>".into()));
        assert_eq!(heard("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"), Err(Reason::Damaged));
    }

    #[test]
    fn what_is_cut_off_or_too_deep_is_refused() {
        assert_eq!(heard("<a><b>1</b>"), Err(Reason::Damaged));
        assert_eq!(heard("<a></b>"), Err(Reason::Damaged));
        assert_eq!(heard(&"<a>".repeat(10_000)), Err(Reason::TooComplex));
    }
}
