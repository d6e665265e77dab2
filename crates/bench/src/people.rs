//! The people that the generator acts as.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::Outcome;

/// A file of people, all in one org.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct People {
    /// Everyone, the first an owner.
    pub people: Vec<Person>,
}

/// Somebody to act as.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    /// `usr_…`
    pub id: String,
    /// A personal access token.
    pub token: String,
}

impl People {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is absent or something else.
    pub fn read(path: &Path) -> Outcome<People> {
        let at = path.display();
        let text =
            fs::read(path).map_err(|e| format!("{at}: {e}. Make it with `weft admin create-bench`."))?;
        let people: People = serde_json::from_slice(&text).map_err(|e| format!("{at}: {e}"))?;
        if people.people.is_empty() { Err(format!("{at}: nobody in it")) } else { Ok(people) }
    }
}
