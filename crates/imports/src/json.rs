//! JSON arrays, element by element: an export's lists do not have to fit in memory.

use std::{fmt, io::Read, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, Error as _, SeqAccess, Visitor},
};
use weft_kernel::Fault;

use crate::archive::broken;

/// Gives each element of the array that `reader` holds to `each`. `entry` is named in errors.
///
/// # Errors
/// [`broken`] with the entry and the element's number; those of `each`.
pub(crate) fn each_element<T: DeserializeOwned>(
    entry: &str,
    reader: impl Read,
    each: impl FnMut(T) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut read = 0_u64;
    let mut fault = None;
    let mut json = serde_json::Deserializer::from_reader(reader);
    let list = List { each, read: &mut read, fault: &mut fault, item: PhantomData };
    let done = list.deserialize(&mut json).and_then(|()| json.end());
    match (fault, done) {
        (Some(fault), _) => Err(fault),
        (None, Err(e)) => Err(broken(format!("{entry}: element {} cannot be read: {e}.", read + 1))),
        (None, Ok(())) => Ok(()),
    }
}

struct List<'a, T, F> {
    each: F,
    read: &'a mut u64,
    fault: &'a mut Option<Fault>,
    item: PhantomData<T>,
}

impl<'de, T: DeserializeOwned, F: FnMut(T) -> Result<(), Fault>> DeserializeSeed<'de> for List<'_, T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned, F: FnMut(T) -> Result<(), Fault>> Visitor<'de> for List<'_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<T>()? {
            if let Err(fault) = (self.each)(item) {
                *self.fault = Some(fault);
                return Err(A::Error::custom("stopped"));
            }
            *self.read += 1;
        }
        Ok(())
    }
}

/// Null where it means absent.
pub(crate) fn null_default<'de, T, D>(json: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::<T>::deserialize(json)?.unwrap_or_default())
}

/// Text, where programs also write numbers and booleans; anything else counts as empty.
pub(crate) fn loose_text<'de, D: Deserializer<'de>>(json: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(json)? {
        serde_json::Value::String(text) => text,
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::Bool(value) => value.to_string(),
        _ => String::new(),
    })
}
