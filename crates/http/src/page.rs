//! Pages of a list.

use serde::Serialize;
use weft_kernel::Fault;

use crate::limits;

/// `{items, next_cursor}`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; null at the end.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that is whole.
    pub fn whole(items: Vec<T>) -> Self {
        Page { items, next_cursor: None }
    }

    /// A page of `limit` items made from up to `limit + 1` that were read; `cursor` names the
    /// last one kept.
    pub fn cut(mut items: Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> String) -> Self {
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next_cursor = if more { items.last().map(cursor) } else { None };
        Page { items, next_cursor }
    }
}

/// The number of items to give.
///
/// # Errors
/// `invalid` when it is 0 or above `max`.
pub fn limit(asked: Option<u32>, max: u32) -> Result<u32, Fault> {
    match asked.unwrap_or(limits::PAGE.min(max)) {
        n if (1..=max).contains(&n) => Ok(n),
        _ => Err(Fault::invalid("limit", format!("It must be between 1 and {max}."))),
    }
}
