//! One SQL text for both databases.
//!
//! Write PostgreSQL's `$1` parameters and what both dialects share (CTEs, upsert, `RETURNING`,
//! partial indexes, window functions). Cast aggregates (`CAST(SUM(x) AS BIGINT)`) and parameters
//! without context (`CAST($1 AS BIGINT)`). These tokens bridge the rest:
//!
//! | token | SQLite | PostgreSQL |
//! |---|---|---|
//! | `IN_INTS($1)` | `IN (SELECT value FROM json_each(?1))` | `= ANY($1)` |
//! | `IN_TEXTS($1)` | likewise | `= ANY($1)` |
//! | `IN_UUIDS($1)` | `IN (SELECT unhex(value) FROM json_each(?1))` | `= ANY($1)` |
//! | `FOR_UPDATE` | nothing (one writer) | `FOR UPDATE` |
//! | `GREATEST(` / `LEAST(` | `MAX(` / `MIN(` | as is |
//!
//! A query that cannot be written once is a pair: `Sql::pair(sqlite, pg)`.

/// A database's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.45 or newer (bundled).
    Sqlite,
    /// PostgreSQL 14 or newer.
    Postgres,
}

/// A statement, known at compile time.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    sqlite: &'static str,
    pg: &'static str,
}

impl Sql {
    /// One text for both.
    pub const fn new(text: &'static str) -> Sql {
        Sql { sqlite: text, pg: text }
    }

    /// A text for each, where the shared dialect does not reach.
    pub const fn pair(sqlite: &'static str, pg: &'static str) -> Sql {
        Sql { sqlite, pg }
    }

    /// The text as written; its address identifies the statement in caches.
    pub(crate) fn source(self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.pg,
        }
    }

    /// The text in `dialect`, tokens replaced.
    pub fn text(self, dialect: Dialect) -> String {
        translate(self.source(dialect), dialect)
    }
}

/// Replaces the tokens of the module's table.
pub(crate) fn translate(sql: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres => {
            let sql = replace_call(sql, "IN_INTS", "= ANY(", ")");
            let sql = replace_call(&sql, "IN_TEXTS", "= ANY(", ")");
            replace_call(&sql, "IN_UUIDS", "= ANY(", ")").replace("FOR_UPDATE", "FOR UPDATE")
        }
        Dialect::Sqlite => {
            let sql = replace_call(sql, "IN_INTS", "IN (SELECT value FROM json_each(", "))");
            let sql = replace_call(&sql, "IN_TEXTS", "IN (SELECT value FROM json_each(", "))");
            let sql = replace_call(&sql, "IN_UUIDS", "IN (SELECT unhex(value) FROM json_each(", "))");
            let sql = sql.replace("FOR_UPDATE", "").replace("GREATEST(", "MAX(").replace("LEAST(", "MIN(");
            numbered(&sql)
        }
    }
}

fn replace_call(sql: &str, name: &str, open: &str, close: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 32);
    let mut rest = sql;
    while let Some(at) = rest.find(name) {
        out.push_str(&rest[..at]);
        let argument = &rest[at + name.len()..];
        match (argument.strip_prefix('('), argument.find(')')) {
            (Some(inner), Some(end)) => {
                out.push_str(open);
                out.push_str(&inner[..end - 1]);
                out.push_str(close);
                rest = &argument[end + 1..];
            }
            _ => {
                out.push_str(name);
                rest = argument;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `$1` → `?1`: SQLite would take `$1` for a name and number it by first appearance.
fn numbered(sql: &str) -> String {
    let bytes = sql.as_bytes();
    let mut out = String::with_capacity(sql.len());
    for (i, c) in sql.char_indices() {
        let digit_follows = bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
        out.push(if c == '$' && digit_follows { '?' } else { c });
    }
    out
}

/// Declares a crate's statements: constants, and `ALL` for the test that prepares each on both
/// databases.
///
/// ```ignore
/// statements! {
///     /// The org of a principal.
///     ORG_OF = "SELECT org FROM principals WHERE principal = $1";
///     /// Where the dialects part.
///     OTHER = { sqlite: "…", pg: "…" };
/// }
/// ```
#[macro_export]
macro_rules! statements {
    (@sql $text:literal) => { $crate::Sql::new($text) };
    (@sql { sqlite: $sqlite:literal, pg: $pg:literal $(,)? }) => { $crate::Sql::pair($sqlite, $pg) };
    ($($(#[$doc:meta])* $name:ident = $sql:tt;)*) => {
        $($(#[$doc])* pub const $name: $crate::Sql = $crate::statements!(@sql $sql);)*
        /// Every statement of this module, by name.
        pub const ALL: &[(&str, $crate::Sql)] = &[$((stringify!($name), $name)),*];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_become_each_dialect() {
        let sql = "SELECT a FROM t WHERE a IN_INTS($2) AND b IN_UUIDS($1) FOR_UPDATE";
        assert_eq!(
            translate(sql, Dialect::Postgres),
            "SELECT a FROM t WHERE a = ANY($2) AND b = ANY($1) FOR UPDATE"
        );
        assert_eq!(
            translate(sql, Dialect::Sqlite).trim_end(),
            "SELECT a FROM t WHERE a IN (SELECT value FROM json_each(?2)) AND b IN (SELECT unhex(value) FROM json_each(?1))"
        );
    }
}
