//! One's own number: given, proved by a code, taken away; and who else may see it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, Micros, OrgKey, PrincipalKey, id::PrincipalId};
use weft_storage::params;

use crate::{Kind, Phones, SECOND, Words, number, send::no_number, sql};

/// A code is good for this long.
const CODE_FOR: Micros = 600 * SECOND;
/// And for so many tries.
const TRIES: i64 = 5;

/// A number as its owner, or who may see it, sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Number {
    /// E.164; null: none.
    pub(crate) number: Option<String>,
    /// Whether it was proved to be theirs.
    pub(crate) verified: bool,
}

/// One's own number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnNumber {
    /// The number.
    #[serde(flatten)]
    number: Number,
    /// Whether the org can send a code to it.
    can_verify: bool,
    /// A code was just sent to it.
    code_sent: bool,
}

/// A number to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetNumber {
    /// With a plus and the country: `+86 138 0013 8000`.
    number: String,
}

/// A code that was sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyNumber {
    /// Six digits.
    code: String,
}

/// Who sees numbers, besides their own people and the admins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Visible {
    /// Nobody.
    Admins = 1,
    /// Everybody but guests.
    Members = 2,
}

fn hash(who: PrincipalKey, code: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(who.0.to_be_bytes());
    hash.update(code.as_bytes());
    hash.finalize().to_vec()
}

fn code_text(locale: &str, org: &str, code: &str) -> String {
    if locale.starts_with("zh") {
        return format!("{code} 是你在{org}的手机验证码，10 分钟内有效。");
    }
    format!("{code} is your code for {org}. It is good for 10 minutes.")
}

impl Phones {
    pub(crate) async fn own(&self, caller: &Caller, code_sent: bool) -> Result<OwnNumber, Fault> {
        let row = self.0.db.query_opt(sql::NUMBER, params![caller.principal]).await?;
        let number = match row {
            Some(row) => Number { number: Some(row.get(0)?), verified: row.get::<Option<i64>>(1)?.is_some() },
            None => Number { number: None, verified: false },
        };
        let can_verify = self.kinds(caller.org).await?.contains(&Kind::Sms);
        Ok(OwnNumber { number, can_verify, code_sent })
    }

    pub(crate) async fn set_own(&self, caller: &Caller, wanted: &SetNumber) -> Result<OwnNumber, Fault> {
        let number = number::clean(&wanted.number)?;
        let before = self.own(caller, false).await?;
        let proved = before.number.verified && before.number.number.as_ref() == Some(&number);
        let code = before.can_verify && !proved;
        if code {
            // Taken before anything changes, so that who is told to wait has lost nothing.
            self.0.codes.take(caller.principal, self.0.env.now())?;
        }
        self.0.db.execute(sql::SET_NUMBER, params![caller.principal, caller.org, number]).await?;
        if code {
            self.send_code(caller).await?;
        }
        self.own(caller, code).await
    }

    async fn send_code(&self, caller: &Caller) -> Result<(), Fault> {
        let now = self.0.env.now();
        let drawn = u64::from_be_bytes(self.0.env.random::<8>()) % 1_000_000;
        let code = format!("{drawn:06}");
        let row = params![caller.principal, hash(caller.principal, &code), now + CODE_FOR, now];
        self.0.db.execute(sql::SET_CODE, row).await?;
        let org: String = self.0.db.query_one(sql::ORG_NAME, params![caller.org]).await?.get(0)?;
        let locale: String = self.0.db.query_one(sql::PERSON, params![caller.principal]).await?.get(1)?;
        let words = Words {
            text: code_text(&locale, &org, &code),
            sender: org,
            link: String::new(),
            id: format!("code-{}-{now}", caller.principal_id),
        };
        self.send_own(caller.org, Kind::Sms, caller.principal, &words).await
    }

    pub(crate) async fn verify_own(
        &self,
        caller: &Caller,
        wanted: &VerifyNumber,
    ) -> Result<OwnNumber, Fault> {
        let now = self.0.env.now();
        let mut tx = self.0.db.begin().await?;
        let tried = tx.query_opt(sql::TRY_CODE, params![caller.principal, now, TRIES]).await?;
        let held: Option<Vec<u8>> = match tried {
            Some(row) => row.get(0)?,
            None => None,
        };
        let right = held.is_some_and(|held| held == hash(caller.principal, wanted.code.trim()));
        if right {
            tx.execute(sql::VERIFIED, params![caller.principal, now]).await?;
        }
        // A wrong try counts, too.
        tx.commit().await?;
        if !right {
            let wrong = "This code is wrong or no longer good. Look again, or have another one sent.";
            return Err(Fault::invalid("code", wrong).code("wrong_code"));
        }
        self.own(caller, false).await
    }

    pub(crate) async fn delete_own(&self, caller: &Caller) -> Result<(), Fault> {
        self.0.db.execute(sql::DELETE_NUMBER, params![caller.principal]).await?;
        Ok(())
    }

    /// Tries a gateway on the caller's own number.
    pub(crate) async fn test(&self, caller: &Caller, kind: Kind) -> Result<String, Fault> {
        let row = self.0.db.query_opt(sql::NUMBER, params![caller.principal]).await?.ok_or_else(no_number)?;
        let number: String = row.get(0)?;
        let now = self.0.env.now();
        self.0.tests.take(caller.principal, now)?;
        let person = self.0.db.query_one(sql::PERSON, params![caller.principal]).await?;
        let (name, locale): (String, String) = (person.get(0)?, person.get(1)?);
        let text = if locale.starts_with("zh") {
            "这是一条测试消息：网关可以使用。".to_owned()
        } else {
            "This is a test: the gateway works.".to_owned()
        };
        let id = format!("test-{}-{now}", caller.principal_id);
        let words = Words { text, sender: name, link: String::new(), id };
        self.send_own(caller.org, kind, caller.principal, &words).await?;
        Ok(number::masked(&number))
    }

    pub(crate) async fn visible(&self, org: OrgKey) -> Result<Visible, Fault> {
        let row = self.0.db.query_opt(sql::VISIBLE, params![org]).await?;
        let stored: Option<i64> = row.map(|row| row.get(0)).transpose()?;
        Ok(if stored == Some(Visible::Members as i64) { Visible::Members } else { Visible::Admins })
    }

    pub(crate) async fn set_visible(&self, org: OrgKey, to: Visible) -> Result<(), Fault> {
        self.0.db.execute(sql::SET_VISIBLE, params![org, to as i64]).await?;
        Ok(())
    }

    /// The number of somebody in the caller's org, if the caller may see it.
    pub(crate) async fn of(&self, caller: &Caller, who: PrincipalId) -> Result<Number, Fault> {
        let nobody = || Fault::not_found("phone number");
        let row = self.0.db.query_opt(sql::NUMBER_OF, params![caller.org, who]).await?.ok_or_else(nobody)?;
        let theirs: PrincipalKey = row.get(2)?;
        let may = caller.role.administers()
            || theirs == caller.principal
            || (!caller.is_guest() && self.visible(caller.org).await? == Visible::Members);
        if !may {
            return Err(nobody());
        }
        Ok(Number { number: row.get(0)?, verified: row.get::<Option<i64>>(1)?.is_some() })
    }
}
