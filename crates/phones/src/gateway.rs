//! An org's gateways: set up by its owner, their secrets kept apart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_kernel::{Fault, Micros, OrgKey};
use weft_storage::{DbResult, Envelope, Row, params};

use crate::{Phones, sql, template::Template};

/// Most secrets of a gateway.
const SECRETS: usize = 20;
/// Longest name and value of a secret, in bytes.
const SECRET_NAME: usize = 40;
const SECRET_VALUE: usize = 4_000;

/// What a gateway does. The numbers are those of the steps of urgent messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Sends short messages.
    Sms = 4,
    /// Calls and reads out.
    Phone = 5,
}

impl Kind {
    pub(crate) fn from_stored(value: i64) -> Option<Kind> {
        [Kind::Sms, Kind::Phone].into_iter().find(|kind| *kind as i64 == value)
    }
}

/// A gateway with its secrets, as it is used.
pub(crate) struct Gateway {
    pub(crate) template: Template,
    pub(crate) secrets: BTreeMap<String, String>,
    changed_at: Micros,
}

/// A gateway as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GatewayView {
    kind: Kind,
    template: Template,
    /// The names of its secrets; their values are never shown.
    secrets: Vec<String>,
    changed_at: Micros,
}

/// How a gateway is set up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetGateway {
    template: Template,
    /// Secrets by name, as the template calls them (`{{secret.NAME}}`). Those that are absent stay
    /// as they are; null removes one.
    #[serde(default)]
    secrets: BTreeMap<String, Option<String>>,
}

impl Gateway {
    fn read(row: &mut Row) -> Result<Gateway, Fault> {
        let template: String = row.get(1)?;
        let sealed = row.take_bytes(2)?;
        let broken = || Fault::internal("a gateway cannot be read");
        let plain = Envelope.open(&sealed).ok_or_else(broken)?;
        Ok(Gateway {
            template: serde_json::from_str(&template).map_err(Fault::internal)?,
            secrets: serde_json::from_slice(plain).map_err(|_| broken())?,
            changed_at: row.get(3)?,
        })
    }

    fn view(self, kind: Kind) -> GatewayView {
        let Gateway { template, secrets, changed_at } = self;
        GatewayView { kind, template, secrets: secrets.into_keys().collect(), changed_at }
    }
}

fn wrong(detail: &'static str) -> Fault {
    Fault::invalid("secrets", detail)
}

fn change_secrets(
    held: &mut BTreeMap<String, String>,
    wanted: BTreeMap<String, Option<String>>,
) -> Result<(), Fault> {
    for (name, value) in wanted {
        let fits = (1..=SECRET_NAME).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !fits {
            return Err(wrong("A secret's name has 1 to 40 letters, digits and underscores."));
        }
        match value {
            None => drop(held.remove(&name)),
            Some(value) if value.len() <= SECRET_VALUE && !value.contains('\0') => {
                held.insert(name, value);
            }
            Some(_) => return Err(wrong("A secret is too long.")),
        }
    }
    if held.len() > SECRETS { Err(wrong("These are too many secrets.")) } else { Ok(()) }
}

impl Phones {
    /// The kinds of gateways that an org has.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn kinds(&self, org: OrgKey) -> Result<Vec<Kind>, Fault> {
        let rows = self.0.db.query(sql::KINDS, params![org]).await?;
        let stored = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<i64>>>()?;
        Ok(stored.into_iter().filter_map(Kind::from_stored).collect())
    }

    pub(crate) async fn gateway(&self, org: OrgKey, kind: Kind) -> Result<Option<Gateway>, Fault> {
        let row = self.0.db.query_opt(sql::GATEWAY, params![org, kind as i64]).await?;
        row.map(|mut row| Gateway::read(&mut row)).transpose()
    }

    pub(crate) async fn gateways(&self, org: OrgKey) -> Result<Vec<GatewayView>, Fault> {
        let mut out = Vec::new();
        for mut row in self.0.db.query(sql::GATEWAYS, params![org]).await? {
            let Some(kind) = Kind::from_stored(row.get(0)?) else { continue };
            out.push(Gateway::read(&mut row)?.view(kind));
        }
        Ok(out)
    }

    pub(crate) async fn set_gateway(
        &self,
        org: OrgKey,
        kind: Kind,
        wanted: SetGateway,
    ) -> Result<GatewayView, Fault> {
        let mut tx = self.0.db.begin().await?;
        let held = tx.query_opt(sql::GATEWAY_LOCKED, params![org, kind as i64]).await?;
        let mut secrets = match held {
            Some(mut row) => Gateway::read(&mut row)?.secrets,
            None => BTreeMap::new(),
        };
        change_secrets(&mut secrets, wanted.secrets)?;
        let names: Vec<&str> = secrets.keys().map(String::as_str).collect();
        let template = wanted.template.checked(&names)?;
        let changed_at = self.0.env.now();
        let text = serde_json::to_string(&template).map_err(Fault::internal)?;
        let sealed = Envelope.seal(&serde_json::to_vec(&secrets).map_err(Fault::internal)?);
        tx.execute(sql::SET_GATEWAY, params![org, kind as i64, text, sealed, changed_at]).await?;
        tx.commit().await?;
        Ok(Gateway { template, secrets, changed_at }.view(kind))
    }

    pub(crate) async fn delete_gateway(&self, org: OrgKey, kind: Kind) -> Result<(), Fault> {
        self.0.db.execute(sql::DELETE_GATEWAY, params![org, kind as i64]).await?;
        Ok(())
    }
}
