//! The ids that rows get: those that they had, or, in a copy, ones that follow from those, so that
//! a copy which broke off is finished by making it again.

use sha2::{Digest, Sha256};
use weft_storage::{Envelope, Uuid, Value};

use crate::{
    refs::Of,
    section::{Kind, Section},
};

/// What may stand in texts.
const NAMED: [(&str, Of); 7] = [
    ("org_", Of::Org),
    ("acc_", Of::Account),
    ("usr_", Of::Person),
    ("cnv_", Of::Talk),
    ("msg_", Of::Message),
    ("fil_", Of::File),
    ("top_", Of::Topic),
];
/// Length of an id after its prefix.
const SUFFIX: usize = 26;

/// How ids become others.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ids {
    /// Of a copy: what makes it another than other copies.
    pub(crate) copy: Option<[u8; 32]>,
}

impl Ids {
    pub(crate) fn of(self, id: Uuid) -> Uuid {
        let Some(copy) = self.copy else { return id };
        let hash = Sha256::new().chain_update(copy).chain_update(id.as_bytes()).finalize();
        let bytes: [u8; 16] = std::array::from_fn(|i| hash[i]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// A row with its ids as they become.
    pub(crate) fn row(self, section: &Section, values: &mut [Value]) {
        if self.copy.is_none() {
            return;
        }
        for ((_, kind), value) in section.columns.iter().zip(values) {
            match (kind, &mut *value) {
                // An account is whoever has its address.
                (Kind::OptAccountId, _) => {}
                (_, Value::Uuid(id)) => *id = self.of(*id),
                (_, Value::Uuids(ids)) => ids.iter_mut().for_each(|id| *id = self.of(*id)),
                (Kind::Naming, Value::Text(text)) => *text = self.text(text),
                (Kind::Body | Kind::OptBody, Value::Bytes(stored)) => {
                    let plain = Envelope.open(stored).and_then(|plain| std::str::from_utf8(plain).ok());
                    if let Some(text) = plain.map(|plain| self.text(plain)) {
                        *stored = Envelope.seal(text.as_bytes());
                    }
                }
                _ => {}
            }
        }
    }

    /// A text with the ids in it as they become.
    fn text(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('_') {
            let end = at + 1 + SUFFIX;
            let named = NAMED.iter().find(|(prefix, _)| rest[..=at].ends_with(prefix));
            let found = named.and_then(|(prefix, of)| {
                let start = at + 1 - prefix.len();
                let id = of.read(rest.get(start..end)?)?;
                Some((start, of.show(self.of(id))))
            });
            match found {
                Some((start, id)) => {
                    out.push_str(&rest[..start]);
                    out.push_str(&id);
                    rest = &rest[end..];
                }
                None => {
                    out.push_str(&rest[..=at]);
                    rest = &rest[at + 1..];
                }
            }
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_renames_the_ids_in_texts() {
        let ids = Ids { copy: Some([7; 32]) };
        let id = Uuid::from_u128(5);
        let (before, after) = (Of::Person.show(id), Of::Person.show(ids.of(id)));
        let text = format!("<@{before}> a_b usr_ {before}x _");
        let expected = format!("<@{after}> a_b usr_ {after}x _");
        assert_eq!(ids.text(&text), expected);
    }
}
