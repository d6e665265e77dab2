//! What an archive consists of: sections, each one table as one file of JSON lines. Adding a table
//! is one `section!` in [`crate::sections`].

use weft_storage::Sql;

/// How a column is written down, and read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A number; 0 when absent.
    Int,
    /// A number or null.
    OptInt,
    /// Text; empty when absent.
    Text,
    /// Text or null.
    OptText,
    /// Text that names others by their ids.
    Naming,
    /// Bytes, in base64.
    Bytes,
    /// Bytes or null.
    OptBytes,
    /// A sealed content: what is in it, which is JSON.
    Body,
    /// The same, or null.
    OptBody,
    /// The organisation's own id.
    OrgId,
    /// The organisation that the archive is of: it is not written down.
    Org,
    /// The row's own id.
    PersonId,
    /// The row's own id.
    TalkId,
    /// The row's own id.
    MessageId,
    /// The row's own id.
    FileId,
    /// The row's own id.
    TopicId,
    /// The row's own id, which nothing else names.
    Uuid,
    /// The id of the account behind a person.
    OptAccountId,
    /// A person, by their id.
    Person,
    /// A person or null.
    OptPerson,
    /// A person; null stands for everybody, or for nobody who is known (0 in the table).
    Anyone,
    /// A conversation, by its id.
    Talk,
    /// A conversation or null.
    OptTalk,
    /// A file, by its id.
    File,
    /// A topic, by its id.
    Topic,
    /// A topic or null.
    OptTopic,
    /// A topic; null stands for what has none (0 in the table).
    AnyTopic,
    /// A place in the conversation's log, no later than where the export began.
    Seq,
    /// The same, or null.
    OptSeq,
    /// An ordinal of the conversation's main lane, likewise.
    N,
    /// A place in the log of the row's person, likewise.
    Own,
    /// Several people, by their ids: how direct conversations and groups are known.
    OptPeople,
}

impl Kind {
    /// Whether null is a value of it, or stands for its default.
    pub(crate) fn may_be_absent(self) -> bool {
        use Kind::{
            AnyTopic, Anyone, Int, OptAccountId, OptBody, OptBytes, OptInt, OptPeople, OptPerson, OptSeq,
            OptTalk, OptText, OptTopic, Org, Text,
        };
        matches!(
            self,
            Int | Text
                | Org
                | OptInt
                | OptText
                | OptBytes
                | OptBody
                | OptAccountId
                | OptPerson
                | Anyone
                | AnyTopic
                | OptTopic
                | OptTalk
                | OptSeq
                | OptPeople
        )
    }
}

/// How a section's rows are found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope {
    /// `$1` is the org, `$2` the id of the row before, `$3` how many rows; one more column than the
    /// section's is the row's key.
    Keyed,
    /// `$1` is the org.
    Org,
    /// `$1` are people.
    People,
    /// `$1` is a conversation.
    Talk,
    /// `$1` is a conversation, and the rows lie between the places `$2` (without) and `$3`. What
    /// hangs on messages that vanish is left out.
    Places,
    /// Likewise, of the people `$4`: for tables that are found by their person first.
    PlacesOf {
        /// Which people have any, for an org: log and principal.
        who: Sql,
    },
}

/// A table in an archive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Section {
    /// The file's name, without `.jsonl`.
    pub(crate) name: &'static str,
    pub(crate) scope: Scope,
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// Reads the columns, in their order.
    pub(crate) read: Sql,
    /// Writes them; rows that are there stay as they are.
    pub(crate) write: Sql,
}

impl Section {
    /// The entry's name.
    pub(crate) fn entry(&self) -> String {
        format!("{}.jsonl", self.name)
    }

    /// The column that holds a row's place in its log.
    pub(crate) fn place(&self) -> Option<usize> {
        self.columns.iter().position(|(name, _)| matches!(*name, "seq" | "root"))
    }

    /// The place of a column.
    pub(crate) fn at(&self, column: &str) -> usize {
        self.columns.iter().position(|(name, _)| *name == column).unwrap_or(usize::MAX)
    }
}

/// What PostgreSQL calls the elements of a column.
macro_rules! pg {
    (Text) => {
        "text"
    };
    (OptText) => {
        "text"
    };
    (Naming) => {
        "text"
    };
    (Bytes) => {
        "bytea"
    };
    (OptBytes) => {
        "bytea"
    };
    (Body) => {
        "bytea"
    };
    (OptBody) => {
        "bytea"
    };
    (MessageId) => {
        "uuid"
    };
    (TopicId) => {
        "uuid"
    };
    (Uuid) => {
        "uuid"
    };
    ($other:ident) => {
        "bigint"
    };
}

/// The rows of a scope: the end of a statement.
macro_rules! scope {
    (Org) => {
        "org = $1"
    };
    (People) => {
        "principal IN_INTS($1)"
    };
    (Talk) => {
        "log = $1"
    };
    (Places seq) => {
        "log = $1 AND seq > $2 AND seq <= $3
         AND seq NOT IN (SELECT v.seq FROM vanishing v WHERE v.log = $1)"
    };
    (PlacesOf seq) => {
        "log = $1 AND seq > $2 AND seq <= $3 AND principal IN_INTS($4)
         AND seq NOT IN (SELECT v.seq FROM vanishing v WHERE v.log = $1)"
    };
    (PlacesOf root) => {
        "log = $1 AND root > $2 AND root <= $3 AND principal IN_INTS($4)"
    };
}

macro_rules! scope_value {
    (PlacesOf $table:ident) => {
        $crate::section::Scope::PlacesOf {
            who: weft_storage::Sql::new(concat!(
                "SELECT DISTINCT x.log, x.principal FROM ",
                stringify!($table),
                " x JOIN conversations c ON c.log = x.log WHERE c.org = $1"
            )),
        }
    };
    ($other:ident $table:ident) => {
        $crate::section::Scope::$other
    };
}

/// Declares a section whose file has its table's name: the scope, the column that holds a place
/// where the scope has one, and the columns, numbered from 1.
macro_rules! section {
    ($(#[$doc:meta])* $id:ident = $table:ident, $scope:ident $($key:ident)?,
     { $c1:ident $n1:literal $k1:ident $(, $c:ident $n:literal $k:ident)* $(,)? }) => {
        $(#[$doc])*
        pub(crate) const $id: $crate::section::Section = $crate::section::Section {
            name: stringify!($table),
            scope: $crate::section::scope_value!($scope $table),
            columns: &[
                (stringify!($c1), $crate::section::Kind::$k1)
                $(, (stringify!($c), $crate::section::Kind::$k))*
            ],
            read: weft_storage::Sql::new(concat!(
                "SELECT ", stringify!($c1) $(, ", ", stringify!($c))*,
                " FROM ", stringify!($table), " WHERE ", $crate::section::scope!($scope $($key)?)
            )),
            write: weft_storage::Sql::pair(
                concat!(
                    "INSERT INTO ", stringify!($table), " (", stringify!($c1) $(, ", ", stringify!($c))*,
                    ") VALUES ($", $n1 $(, ", $", $n)*, ") ON CONFLICT DO NOTHING"
                ),
                concat!(
                    "INSERT INTO ", stringify!($table), " (", stringify!($c1) $(, ", ", stringify!($c))*,
                    ") SELECT * FROM unnest($", $n1, "::", $crate::section::pg!($k1), "[]"
                    $(, ", $", $n, "::", $crate::section::pg!($k), "[]")*, ") ON CONFLICT DO NOTHING"
                ),
            ),
        };
    };
}

pub(crate) use {pg, scope, scope_value, section};
