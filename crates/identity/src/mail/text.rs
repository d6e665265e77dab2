//! The mails' texts, in the recipient's language.

use super::Text;

fn chinese(locale: &str) -> bool {
    locale.starts_with("zh")
}

/// A link to set a new password.
pub(crate) fn reset(locale: &str, url: &str) -> Text {
    if chinese(locale) {
        return Text {
            subject: "重设你的经纬密码".into(),
            body: format!(
                "有人请求重设此邮箱在经纬的密码。如果是你，请在一小时内打开下面的链接：\n\n{url}\n\n\
                 重设后，所有设备都需要重新登录。如果不是你，请忽略此邮件，密码不会改变。\n"
            ),
        };
    }
    Text {
        subject: "Set a new Weft password".into(),
        body: format!(
            "Someone asked to set a new password for this address in Weft. If it was you, open this link \
             within an hour:\n\n{url}\n\nAll your devices will have to sign in again. If it was not you, \
             ignore this mail: your password stays as it is.\n"
        ),
    }
}

/// A link to confirm a new address.
pub(crate) fn confirm(locale: &str, url: &str) -> Text {
    if chinese(locale) {
        return Text {
            subject: "确认你的新邮箱".into(),
            body: format!(
                "请在一天内打开下面的链接，将此邮箱设为你在经纬的登录邮箱：\n\n{url}\n\n\
                 如果这不是你的操作，请忽略此邮件。\n"
            ),
        };
    }
    Text {
        subject: "Confirm your new e-mail address".into(),
        body: format!(
            "Open this link within a day to sign in to Weft with this address from now on:\n\n{url}\n\n\
             If you did not ask for this, ignore this mail.\n"
        ),
    }
}

/// An invitation into an org, by someone.
pub(crate) fn invitation(locale: &str, org: &str, by: &str, url: &str) -> Text {
    if chinese(locale) {
        return Text {
            subject: format!("{by} 邀请你加入 {org}"),
            body: format!(
                "{by} 邀请你在经纬加入「{org}」。请打开下面的链接接受邀请：\n\n{url}\n\n\
                 如果你不认识邀请人，请忽略此邮件。\n"
            ),
        };
    }
    Text {
        subject: format!("{by} invites you to {org}"),
        body: format!(
            "{by} invites you to join {org} in Weft. Open this link to accept:\n\n{url}\n\n\
             If you do not know the sender, ignore this mail.\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mail_holds_its_link_in_both_languages() {
        for locale in ["en", "zh-CN"] {
            let url = "https://weft.example/x/abc";
            for text in [reset(locale, url), confirm(locale, url), invitation(locale, "Org", "Ann", url)] {
                assert!(text.body.contains(url) && !text.subject.contains('\n'));
            }
        }
    }
}
