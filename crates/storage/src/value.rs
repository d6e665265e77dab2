//! The values that both databases carry.

use uuid::Uuid;
use weft_kernel::{AccountKey, FileKey, Id, LogKey, OrgKey, PrincipalKey, TopicKey};

use crate::error::{DbError, DbResult};

/// A parameter or a column. Booleans are integers 0 and 1; lists are parameters only.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// BIGINT.
    Int(i64),
    /// TEXT.
    Text(String),
    /// BYTEA / BLOB.
    Bytes(Vec<u8>),
    /// UUID / 16-byte BLOB.
    Uuid(Uuid),
    /// For `IN_INTS($n)`.
    Ints(Vec<i64>),
    /// For `IN_UUIDS($n)`.
    Uuids(Vec<Uuid>),
    /// For `IN_TEXTS($n)`.
    Texts(Vec<String>),
}

macro_rules! from {
    ($($ty:ty => |$v:ident| $value:expr;)*) => {$(
        impl From<$ty> for Value { fn from($v: $ty) -> Value { $value } }
    )*};
}

from! {
    i64 => |v| Value::Int(v);
    i32 => |v| Value::Int(v.into());
    u32 => |v| Value::Int(v.into());
    bool => |v| Value::Int(v.into());
    String => |v| Value::Text(v);
    &str => |v| Value::Text(v.to_owned());
    &String => |v| Value::Text(v.clone());
    Vec<u8> => |v| Value::Bytes(v);
    &[u8] => |v| Value::Bytes(v.to_vec());
    Uuid => |v| Value::Uuid(v);
    Vec<i64> => |v| Value::Ints(v);
    Vec<Uuid> => |v| Value::Uuids(v);
    Vec<String> => |v| Value::Texts(v);
    AccountKey => |v| Value::Int(v.0);
    OrgKey => |v| Value::Int(v.0);
    PrincipalKey => |v| Value::Int(v.0);
    LogKey => |v| Value::Int(v.0);
    FileKey => |v| Value::Int(v.0);
    TopicKey => |v| Value::Int(v.0);
}

impl<K> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Value {
        Value::Uuid(id.uuid())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// `params![a, b]`: a parameter list.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}

/// `values![a, b]`: a parameter list without an allocation, for the hot path.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::Value::from($value)),*] };
}

/// One row of a result.
#[derive(Debug, Clone)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// Column `index`, counted from 0.
    ///
    /// # Errors
    /// [`DbError::Other`] when there is no such column or it has another type: a bug.
    pub fn get<T: FromValue>(&self, index: usize) -> DbResult<T> {
        let value = self.0.get(index).ok_or_else(|| DbError::Other(format!("no column {index}")))?;
        T::from_value(value).ok_or_else(|| {
            DbError::Other(format!("column {index} is {value:?}, not {}", std::any::type_name::<T>()))
        })
    }

    /// Moves column `index` out as bytes, without copying.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn take_bytes(&mut self, index: usize) -> DbResult<Vec<u8>> {
        match self.0.get_mut(index) {
            Some(Value::Bytes(bytes)) => Ok(std::mem::take(bytes)),
            other => Err(DbError::Other(format!("column {index} is {other:?}, not bytes"))),
        }
    }
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// The value as `Self`, if it is one.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! read {
    ($($ty:ty: $pattern:pat => $out:expr;)*) => {$(
        impl FromValue for $ty {
            fn from_value(value: &Value) -> Option<Self> {
                match value { $pattern => $out, _ => None }
            }
        }
    )*};
}

read! {
    i64: Value::Int(v) => Some(*v);
    u32: Value::Int(v) => u32::try_from(*v).ok();
    i32: Value::Int(v) => i32::try_from(*v).ok();
    bool: Value::Int(v) => Some(*v != 0);
    String: Value::Text(v) => Some(v.clone());
    Vec<u8>: Value::Bytes(v) => Some(v.clone());
    AccountKey: Value::Int(v) => Some(AccountKey(*v));
    OrgKey: Value::Int(v) => Some(OrgKey(*v));
    PrincipalKey: Value::Int(v) => Some(PrincipalKey(*v));
    LogKey: Value::Int(v) => Some(LogKey(*v));
    FileKey: Value::Int(v) => Some(FileKey(*v));
    TopicKey: Value::Int(v) => Some(TopicKey(*v));
}

impl FromValue for Uuid {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Uuid(v) => Some(*v),
            Value::Bytes(v) => Uuid::from_slice(v).ok(),
            _ => None,
        }
    }
}

impl<K> FromValue for Id<K> {
    fn from_value(value: &Value) -> Option<Self> {
        Uuid::from_value(value).map(Id::from_uuid)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}
