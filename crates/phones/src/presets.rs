//! Gateways whose owners have documented how they are called: data, to begin from.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_kernel::Fault;

use crate::{Kind, template::Template};

const PRESETS: &str = include_str!("presets.json");

/// A template to begin from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preset {
    /// Its name in templates.
    pub(crate) id: String,
    /// How it is shown.
    pub(crate) name: String,
    /// What it does.
    pub(crate) kind: Kind,
    /// Secrets to be given.
    pub(crate) secrets: Vec<String>,
    /// Where its owner documents it.
    pub(crate) docs: String,
    /// How it is called.
    pub(crate) template: Template,
}

/// All of them.
///
/// # Errors
/// Never, as a test shows.
pub(crate) fn all() -> Result<Vec<Preset>, Fault> {
    serde_json::from_str(PRESETS).map_err(Fault::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_can_be_set_up_with_its_secrets() {
        let presets = all().unwrap();
        assert!(presets.iter().any(|p| p.kind == Kind::Sms) && presets.iter().any(|p| p.kind == Kind::Phone));
        for preset in presets {
            let secrets: Vec<&str> = preset.secrets.iter().map(String::as_str).collect();
            preset.template.checked(&secrets).unwrap_or_else(|fault| panic!("{}: {fault}", preset.id));
        }
    }
}
