//! Orgs and people, made by the command line as an administrator makes them.

use serde_json::{Value, json};

use crate::{TestClient, TestServer, TestSocket, scratch::unique};

/// A person with a token: a client that knows who it is.
#[derive(Debug, Clone)]
pub struct TestPerson {
    /// Their principal id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their access token.
    pub token: String,
    /// Their client.
    pub client: TestClient,
}

impl TestPerson {
    /// Makes a channel with these other members and returns its id.
    pub async fn channel(&self, members: &[&TestPerson]) -> String {
        self.conversation("channel", members).await
    }

    /// Makes a conversation of a kind with these other members and returns its id.
    pub async fn conversation(&self, kind: &str, members: &[&TestPerson]) -> String {
        let members: Vec<&str> = members.iter().map(|person| person.id.as_str()).collect();
        let mut body = json!({"kind": kind, "members": members});
        if kind.ends_with("channel") {
            body["name"] = unique("channel").into();
        }
        text(&self.client.post("/conversations", body).await.ok()["id"])
    }

    /// Sends a message that must be accepted.
    pub async fn say(&self, conversation: &str, words: &str) -> Value {
        let body = json!({"nonce": unique("nonce"), "text": words});
        self.client.post(&format!("/conversations/{conversation}/messages"), body).await.ok()
    }

    /// Replies in the thread of a message.
    pub async fn reply(&self, conversation: &str, root: &str, words: &str) -> Value {
        let body = json!({"nonce": unique("nonce"), "text": words, "thread": root});
        self.client.post(&format!("/conversations/{conversation}/messages"), body).await.ok()
    }

    /// A socket that hears all that happens from now on.
    pub async fn socket(&self) -> TestSocket {
        TestSocket::live(&self.client).await
    }

    /// The conversation as this person sees it.
    pub async fn see(&self, conversation: &str) -> Value {
        self.client.get(&format!("/conversations/{conversation}")).await.ok()
    }
}

/// An org on a server.
pub struct TestOrg<'a> {
    server: &'a TestServer,
    /// Its name, which the command line knows it by.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its owner.
    pub owner: TestPerson,
}

impl<'a> TestOrg<'a> {
    /// Makes an org with its owner.
    pub(crate) async fn create(server: &'a TestServer, name: &str) -> TestOrg<'a> {
        server.admin("admin create-org", &[name]);
        let owner = person(server, name, "Olga Owner", &["--owner"]).await;
        let id = text(&owner.client.get("/me").await.ok()["org"]["id"]);
        TestOrg { server, name: name.to_owned(), id, owner }
    }

    /// Adds a member.
    pub async fn member(&self, name: &str) -> TestPerson {
        person(self.server, &self.name, name, &[]).await
    }

    /// Adds a guest, who is in no conversation yet.
    pub async fn guest(&self, name: &str) -> TestPerson {
        let made = self.owner.client.post("/invitations", json!({"role": "guest"})).await.ok();
        let link = text(&made["url"]);
        let path = format!("/invitations/by-token/{}/accept", link.rsplit('/').next().unwrap_or_default());
        let email = email(name);
        let body = json!({"name": name, "email": email, "password": unique("a long password ")});
        self.server.client().post(&path, body).await.ok();
        known(self.server, &self.name, name, &email).await
    }

    /// Adds a person with a password, for signing in.
    pub async fn member_with_password(&self, name: &str, password: &str) -> TestPerson {
        let email = email(name);
        let args = ["--org", &self.name, "--email", &email, "--name", name, "--password-stdin"];
        let exit = self.server.run("admin create-user", &args, password);
        assert!(exit.status.success(), "{}{}", exit.out, exit.err);
        known(self.server, &self.name, name, &email).await
    }
}

async fn person(server: &TestServer, org: &str, name: &str, more: &[&str]) -> TestPerson {
    let email = email(name);
    let args = ["--org", org, "--email", &email, "--name", name];
    server.admin("admin create-user", &[&args[..], more].concat());
    known(server, org, name, &email).await
}

async fn known(server: &TestServer, org: &str, name: &str, email: &str) -> TestPerson {
    let printed = server.admin("admin token", &["--org", org, "--email", email]);
    let token = printed.split_whitespace().next_back().unwrap_or_default().to_owned();
    let client = server.client().with_token(&token);
    let id = text(&client.get("/me").await.ok()["principal"]["id"]);
    TestPerson { id, name: name.to_owned(), email: email.to_owned(), token, client }
}

fn email(name: &str) -> String {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}@example.org", unique(&plain.to_lowercase()))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
