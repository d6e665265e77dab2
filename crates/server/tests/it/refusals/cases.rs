//! The cases, one for each operation, and what they are asked about.

use http::Method;
use serde_json::{Value, json};
use weft_testkit::{TestPerson, TestServer};

use self::Guard::{Foreign, Member, OrgMember, Public, SignedIn};

/// Who may, and so who is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Anybody: signing in and what leads to it.
    Public,
    /// Whoever is signed in, about themselves or their own org.
    SignedIn,
    /// Only the one whom it belongs to; for others it does not exist.
    Foreign,
    /// Only people of the org.
    OrgMember,
    /// Only members of the (private) conversation.
    Member,
}

/// One operation with a body that would be accepted.
#[derive(Debug)]
pub(crate) struct Case {
    /// `METHOD /path`, as in the document.
    pub(crate) operation: &'static str,
    /// Who may.
    pub(crate) guard: Guard,
    /// Only an administrator may.
    pub(crate) admin: bool,
    /// JSON, with the subjects' placeholders; empty for none; `PNG`, `ZIP`, `FORM` or
    /// `BYTES` for such bytes.
    pub(crate) body: &'static str,
}

const fn case(operation: &'static str, guard: Guard, body: &'static str) -> Case {
    Case { operation, guard, admin: false, body }
}

const fn admin(operation: &'static str, guard: Guard, body: &'static str) -> Case {
    Case { operation, guard, admin: true, body }
}

pub(crate) const CASES: &[Case] = &[
    // Before anyone is signed in.
    case("GET /setup", Public, ""),
    case("POST /setup", Public, ""),
    case("POST /auth/sign-in", Public, ""),
    case("POST /auth/password/forgot", Public, ""),
    case("POST /auth/password/reset", Public, ""),
    case("POST /auth/email/confirm", Public, ""),
    case("GET /invitations/by-token/{token}", Public, ""),
    case("POST /invitations/by-token/{token}/accept", Public, ""),
    // About oneself.
    case("GET /me", SignedIn, ""),
    case("PATCH /me", SignedIn, r#"{"title": "x"}"#),
    case("PATCH /me/settings", SignedIn, r#"{"x": 1}"#),
    case("PUT /me/avatar", SignedIn, "PNG"),
    case("DELETE /me/avatar", SignedIn, ""),
    case("POST /auth/sign-out", SignedIn, ""),
    case("POST /auth/sign-out-everywhere", SignedIn, ""),
    case("GET /auth/account", SignedIn, ""),
    case("GET /auth/sessions", SignedIn, ""),
    // By a session only, of its own account: a token is told to sign in.
    case("DELETE /auth/sessions/{id}", SignedIn, ""),
    case("PUT /auth/password", SignedIn, r#"{"current": "x", "new": "y"}"#),
    case("POST /auth/email/verify", SignedIn, ""),
    case("POST /auth/email", SignedIn, r#"{"email": "a@example.org", "password": "x"}"#),
    case("GET /tokens", SignedIn, ""),
    case("POST /tokens", SignedIn, r#"{"name": "x", "scopes": ["read"]}"#),
    case("DELETE /tokens/{id}", Foreign, ""),
    // Devices that are told; by a session only.
    case("GET /push/key", SignedIn, ""),
    case("GET /push/devices", SignedIn, ""),
    case(
        "POST /push/devices",
        SignedIn,
        r#"{"kind": "web", "endpoint": "https://push.example/x", "keys": {"p256dh": "", "auth": ""}}"#,
    ),
    case("DELETE /push/devices/{id}", SignedIn, ""),
    case("POST /push/devices/{id}/test", SignedIn, ""),
    // Mail: from a relay that shows the owner's secret, and by links in mails.
    case("POST /mail/inbound", SignedIn, "BYTES"),
    case("GET /mail/unsubscribe/{token}", Public, ""),
    case("POST /mail/unsubscribe/{token}", Public, ""),
    case("GET /me/mail", SignedIn, ""),
    // The org and its people.
    case("GET /org", SignedIn, ""),
    admin("PATCH /org", SignedIn, r#"{"name": "x"}"#),
    case("GET /principals", SignedIn, ""),
    case("GET /principals/{id}", OrgMember, ""),
    admin("PATCH /principals/{id}", OrgMember, r#"{"title": "x"}"#),
    admin("POST /principals/{id}/deactivate", OrgMember, ""),
    admin("POST /principals/{id}/reactivate", OrgMember, ""),
    admin("POST /principals/{id}/map", OrgMember, r#"{"to": "PERSON"}"#),
    admin("GET /invitations", SignedIn, ""),
    admin("POST /invitations", SignedIn, r#"{"role": "member"}"#),
    admin("DELETE /invitations/{id}", OrgMember, ""),
    case("GET /avatars/{hash}", SignedIn, ""),
    // Conversations.
    case("GET /gateway", SignedIn, ""),
    case("GET /bootstrap", SignedIn, ""),
    case("GET /conversations", SignedIn, ""),
    case("POST /conversations", SignedIn, r#"{"kind": "channel", "name": "x"}"#),
    case("GET /conversations/browse", SignedIn, ""),
    case("GET /conversations/{id}", Member, ""),
    case("PATCH /conversations/{id}", Member, r#"{"topic": "x"}"#),
    case("PUT /conversations/{id}/vanish", Member, r#"{"after": 60}"#),
    case("POST /conversations/{id}/archive", Member, ""),
    case("POST /conversations/{id}/unarchive", Member, ""),
    case("POST /conversations/{id}/join", Member, ""),
    case("POST /conversations/{id}/leave", Member, ""),
    case("GET /conversations/{id}/members", Member, ""),
    case("POST /conversations/{id}/members", Member, r#"{"members": ["PERSON"]}"#),
    case("PATCH /conversations/{id}/members/{member}", Member, r#"{"role": "member"}"#),
    case("DELETE /conversations/{id}/members/{member}", Member, ""),
    case("PATCH /conversations/{id}/me", Member, r#"{"muted": true}"#),
    case("PUT /conversations/{id}/read", Member, r#"{"seq": 1}"#),
    case("PUT /conversations/{id}/unread", Member, r#"{"from_seq": 1}"#),
    case("PUT /conversations/{id}/draft", Member, r#"{"text": "x"}"#),
    case("POST /read-all", SignedIn, ""),
    // Messages.
    case("GET /conversations/{id}/messages", Member, ""),
    case("POST /conversations/{id}/messages", Member, r#"{"nonce": "x", "text": "x"}"#),
    case("GET /conversations/{id}/threads", Member, ""),
    case("GET /conversations/{id}/changes", Member, ""),
    case("GET /conversations/{id}/pins", Member, ""),
    case("GET /messages/{id}", Member, ""),
    case("PATCH /messages/{id}", Member, r#"{"text": "x"}"#),
    case("DELETE /messages/{id}", Member, ""),
    case("POST /messages/{id}/recall", Member, ""),
    case("GET /messages/{id}/history", Member, ""),
    case("PUT /messages/{id}/reactions/{emoji}", Member, ""),
    case("DELETE /messages/{id}/reactions/{emoji}", Member, ""),
    case("PUT /messages/{id}/pin", Member, ""),
    case("DELETE /messages/{id}/pin", Member, ""),
    case("POST /messages/{id}/forward", Member, r#"{"to": ["CONVERSATION"], "nonce": "x"}"#),
    case(
        "POST /messages/forward",
        Member,
        r#"{"messages": ["MESSAGE"], "to": ["CONVERSATION"], "mode": "merged", "nonce": "x"}"#,
    ),
    case("DELETE /messages/{id}/previews/{link}", Member, ""),
    case("PUT /messages/{id}/thread", Member, r#"{"following": true}"#),
    case("PUT /messages/{id}/thread/read", Member, r#"{"seq": 1}"#),
    case("GET /threads", SignedIn, ""),
    case("GET /messages/{id}/receipts", Member, ""),
    case("GET /acks", SignedIn, ""),
    case("GET /me/alerts", SignedIn, ""),
    case("PUT /me/alerts", SignedIn, r#"{"keywords": ["x"]}"#),
    case("GET /inbox", SignedIn, ""),
    case("GET /inbox/unread", SignedIn, ""),
    case("PUT /inbox/read", SignedIn, "{}"),
    case("GET /messages/{id}/acks", Member, ""),
    case("PUT /messages/{id}/ack", Member, r#"{"state": "acknowledged"}"#),
    case("POST /messages/{id}/ack/remind", Member, ""),
    // Urgent messages.
    case("POST /messages/{id}/urgent", Member, "{}"),
    case("GET /messages/{id}/urgent", Member, ""),
    case("DELETE /messages/{id}/urgent", Member, ""),
    case("PUT /messages/{id}/urgent/seen", Member, ""),
    case("GET /urgent", SignedIn, ""),
    admin("GET /urgent/policy", SignedIn, ""),
    admin("PUT /urgent/policy", SignedIn, "{}"),
    admin("GET /urgent/usage", SignedIn, ""),
    admin("GET /urgent/deliveries", SignedIn, ""),
    case("GET /me/urgent", SignedIn, ""),
    case("PUT /me/urgent", SignedIn, "{}"),
    // Phone numbers and gateways.
    case("GET /me/export", SignedIn, ""),
    case("GET /me/phone", SignedIn, ""),
    case("PUT /me/phone", SignedIn, r#"{"number": "+8613800138000"}"#),
    case("DELETE /me/phone", SignedIn, ""),
    case("POST /me/phone/verify", SignedIn, r#"{"code": "000000"}"#),
    case("GET /principals/{id}/phone", Foreign, ""),
    admin("GET /phone-gateways", SignedIn, ""),
    admin(
        "PUT /phone-gateways/{kind}",
        SignedIn,
        r#"{"template": {"method": "GET", "url": "https://sms.example.org", "encoding": "none"}}"#,
    ),
    admin("DELETE /phone-gateways/{kind}", SignedIn, ""),
    admin("POST /phone-gateways/{kind}/test", SignedIn, ""),
    admin("PUT /phone-visibility", SignedIn, r#"{"visible": "admins"}"#),
    // Topics.
    case("GET /conversations/{id}/topics", Member, ""),
    case("POST /conversations/{id}/topics/move", Member, r#"{"messages": ["MESSAGE"], "topic": "x"}"#),
    case("PUT /conversations/{id}/topics/{topic}/read", Member, r#"{"seq": 1}"#),
    case("PATCH /topics/{id}", Member, r#"{"resolved": true}"#),
    case("POST /topics/{id}/merge", Member, r#"{"into": "TOPIC"}"#),
    // For later.
    case(
        "POST /conversations/{id}/scheduled",
        Member,
        r#"{"when": {"at": SOON}, "message": {"nonce": "later", "text": "x"}}"#,
    ),
    case("GET /scheduled", SignedIn, ""),
    case("PATCH /scheduled/{id}", Foreign, r#"{"when": {"at": SOON}}"#),
    case("DELETE /scheduled/{id}", Foreign, ""),
    case("POST /scheduled/{id}/send", Foreign, ""),
    case("PUT /messages/{id}/saved", Member, r#"{"note": "x"}"#),
    case("DELETE /messages/{id}/saved", Member, ""),
    case("GET /saved", SignedIn, ""),
    case("POST /saved", SignedIn, r#"{"note": "x"}"#),
    case("GET /saved/marks", SignedIn, ""),
    case("PATCH /saved/{id}", Foreign, r#"{"note": "x"}"#),
    case("DELETE /saved/{id}", Foreign, ""),
    case("GET /messages/{id}/poll", Member, ""),
    case("PUT /messages/{id}/poll/vote", Member, r#"{"options": [0]}"#),
    case("POST /messages/{id}/poll/options", Member, r#"{"text": "x"}"#),
    case("POST /messages/{id}/poll/close", Member, ""),
    case("GET /messages/{id}/poll/voters", Member, ""),
    case("GET /messages/{id}/poll/export", Member, ""),
    // Search: finds nothing that the caller may not read, see `search`.
    case("GET /search", SignedIn, ""),
    case("GET /search/messages", SignedIn, ""),
    // Files.
    case("GET /files", SignedIn, ""),
    case("POST /files", SignedIn, "FORM"),
    case("POST /files/uploads", SignedIn, r#"{"name": "x.txt", "size": 1}"#),
    case("GET /files/uploads/{id}", Foreign, ""),
    case("PATCH /files/uploads/{id}", Foreign, "BYTES"),
    case("DELETE /files/uploads/{id}", Foreign, ""),
    case("GET /files/settings", SignedIn, ""),
    admin("PATCH /files/settings", SignedIn, r#"{"quota": 1}"#),
    case("GET /files/{id}", Member, ""),
    case("GET /files/{id}/content", Member, ""),
    case("GET /files/{id}/thumb", Member, ""),
    case("GET /files/{id}/preview", Member, ""),
    case("GET /files/{id}/text", Member, ""),
    case("GET /files/{id}/layout", Member, ""),
    case("POST /files/{id}/layout", Member, ""),
    case("POST /files/{id}/link", Member, ""),
    case("PUT /files/{id}/poster", Member, "PNG"),
    case("GET /links/{id}/image", Foreign, ""),
    case("GET /links/{id}/icon", Foreign, ""),
    // Emoji.
    case("GET /emoji", SignedIn, ""),
    case("POST /emoji", SignedIn, "FORM"),
    case("PATCH /emoji/{id}", Foreign, r#"{"aliases": []}"#),
    case("DELETE /emoji/{id}", Foreign, ""),
    case("GET /emoji/{id}/image", Foreign, ""),
    // Stickers.
    case("GET /stickers", SignedIn, ""),
    case("POST /stickers", SignedIn, "FORM"),
    case("POST /stickers/collect", Foreign, r#"{"file": "FILE"}"#),
    case("DELETE /stickers/{id}", Foreign, ""),
    case("GET /stickers/{id}/image", Foreign, ""),
    case("POST /sticker-packs", SignedIn, r#"{"name": "x"}"#),
    case("PATCH /sticker-packs/{id}", Foreign, r#"{"name": "x"}"#),
    case("DELETE /sticker-packs/{id}", Foreign, ""),
    case("POST /sticker-packs/{id}/stickers", Foreign, "FORM"),
    // Imports.
    admin("POST /imports", SignedIn, "ZIP"),
    admin("GET /imports", SignedIn, ""),
    admin("GET /imports/{id}", Foreign, ""),
];

/// What the requests are about: a private conversation of an org, with what belongs to it.
pub(crate) struct Subjects {
    owner: TestPerson,
    /// In the org, but not in the conversation.
    pub(crate) colleague: TestPerson,
    conversation: String,
    message: String,
    topic: String,
    file: String,
    upload: String,
    invitation: String,
    token: String,
    scheduled: String,
    saved: String,
    /// An hour from now.
    soon: i64,
    before: Value,
}

const TEXT: &str = "nobody else may see this";

impl Subjects {
    pub(crate) async fn make(server: &TestServer) -> Subjects {
        let org = server.org("Acme").await;
        let colleague = org.member("Mei").await;
        let owner = org.owner;
        let conversation = owner.conversation("private_channel", &[]).await;
        let said = owner.say(&conversation, TEXT).await;
        let message = id(&said);
        let soon = said["at"].as_i64().expect("a time") + 3_600_000_000;
        let later = json!({"when": {"at": soon}, "message": {"nonce": "scheduled", "text": "x"}});
        let scheduled =
            id(&owner.client.post(&format!("/conversations/{conversation}/scheduled"), later).await.ok());
        let saved = id(&owner.client.post("/saved", json!({"note": "x"})).await.ok());
        let about = json!({"nonce": "about", "text": TEXT, "topic": "Secret"});
        let about = owner.client.post(&format!("/conversations/{conversation}/messages"), about).await.ok();
        let topic = id(&about["topic"]);
        let upload = json!({"name": "a.txt", "size": 1});
        let file = id(&owner.client.post("/files/uploads", upload.clone()).await.ok());
        let bytes = owner.client.with_header("upload-offset", "0");
        let path = format!("/files/uploads/{file}");
        bytes.raw(Method::PATCH, &path, None, b"x".to_vec()).await.expect("an answer").ok();
        let sent = json!({"nonce": "file", "text": "", "files": [file]});
        owner.client.post(&format!("/conversations/{conversation}/messages"), sent).await.ok();
        let upload = id(&owner.client.post("/files/uploads", upload).await.ok());
        let invitation = id(&owner.client.post("/invitations", json!({"role": "member"})).await.ok());
        let token = id(&owner.client.post("/tokens", json!({"name": "mine", "scopes": ["read"]})).await.ok());
        let mut subjects = Subjects {
            owner,
            colleague,
            conversation,
            message,
            topic,
            file,
            upload,
            invitation,
            token,
            scheduled,
            saved,
            soon,
            before: Value::Null,
        };
        subjects.before = subjects.state().await;
        subjects
    }

    /// A path or body with what it is about put in.
    pub(crate) fn fill(&self, template: &str) -> String {
        let nobody = "0000000000000000000000000";
        let subject = match template.split('/').nth(1) {
            Some("conversations") => self.conversation.clone(),
            Some("messages") => self.message.clone(),
            Some("topics") => self.topic.clone(),
            Some("principals") => self.owner.id.clone(),
            Some("files") if template.starts_with("/files/uploads") => self.upload.clone(),
            Some("files") => self.file.clone(),
            Some("invitations") => self.invitation.clone(),
            Some("tokens") => self.token.clone(),
            Some("scheduled") => self.scheduled.clone(),
            Some("saved") => self.saved.clone(),
            Some("imports") => format!("imp_0{nobody}"),
            Some("stickers") => format!("stk_0{nobody}"),
            Some("sticker-packs") => format!("pak_0{nobody}"),
            Some("emoji") => format!("emo_0{nobody}"),
            Some("links") => format!("lnk_0{nobody}"),
            _ => format!("ses_0{nobody}"),
        };
        let filled = template
            .replace("{id}", &subject)
            .replace("{member}", &self.owner.id)
            .replace("{emoji}", "%F0%9F%91%8D")
            .replace("{topic}", &self.topic)
            .replace("TOPIC", &self.topic)
            .replace("{link}", &format!("lnk_0{nobody}"))
            .replace("{token}", nobody)
            .replace("{hash}", nobody)
            .replace("{kind}", "sms")
            .replace("CONVERSATION", &self.conversation)
            .replace("FILE", &self.file)
            .replace("MESSAGE", &self.message)
            .replace("SOON", &self.soon.to_string())
            .replace("PERSON", &self.colleague.id);
        if filled.starts_with("/search") {
            return filled + "?q=x";
        }
        if filled.ends_with("/changes") { filled + "?after_seq=0" } else { filled }
    }

    async fn state(&self) -> Value {
        let client = &self.owner.client;
        let changes = format!("/conversations/{}/changes?after_seq=0&limit=200", self.conversation);
        json!({
            "log": client.get(&changes).await.ok(),
            "me": client.get("/me").await.ok()["principal"],
            "files": client.get("/files").await.ok(),
            "kept": client.get("/files/settings").await.ok(),
            "scheduled": client.get("/scheduled").await.ok(),
            "saved": client.get("/saved").await.ok(),
            "org": client.get("/org").await.ok(),
            "tokens": client.get("/tokens").await.ok()["items"].as_array().map(Vec::len),
            "invitations": client.get("/invitations").await.ok()["items"].as_array().map(Vec::len),
        })
    }

    /// Checks that no refused request has changed anything.
    pub(crate) async fn untouched(&self) {
        assert_eq!(self.state().await, self.before);
        assert!(self.before.to_string().contains(TEXT));
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}
