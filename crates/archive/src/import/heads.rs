//! The heads of logs.

use weft_storage::{Column, Value};

/// A number of a row; 0 for none.
pub(super) fn one(value: &Value) -> i64 {
    match value {
        Value::Int(n) => *n,
        _ => 0,
    }
}

/// Heads by log: last event, last ordinal, its time, what was purged.
pub(super) fn columns(heads: Vec<(i64, [i64; 4])>) -> Vec<Column> {
    let column = |at: usize| Column::Ints(heads.iter().map(|(_, head)| head[at]).collect());
    vec![
        Column::Ints(heads.iter().map(|(log, _)| *log).collect()),
        column(0),
        column(1),
        column(2),
        column(3),
    ]
}
