//! `weft demo`: a company to look around in.

use weft_http::Role;
use weft_identity::{
    NoJoin,
    admin::{self, NewUser},
};
use weft_imports::demo::{self, ACCOUNTS, COMPANY};
use weft_kernel::{Env, Fault};

use super::open;
use crate::config::DataOptions;

/// Letters and digits that cannot be taken for one another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Fills an empty server and prints how to sign in.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn run(data: DataOptions) -> Result<(), String> {
    let db = open(data).await?;
    let env = Env::system();
    let told = |fault: Fault| fault.to_string();
    if !demo::is_empty(&db).await.map_err(told)? {
        return Err("This server has an organisation already. The demonstration goes into an empty one: \
             name another folder with --data."
            .into());
    }
    let org = admin::create_org(&db, &env, COMPANY).await.map_err(told)?;
    let mut lines = Vec::new();
    for (account, role) in ACCOUNTS.iter().zip([Role::Owner, Role::Admin]) {
        let password = password(&env);
        let user = NewUser {
            email: account.email.to_owned(),
            name: account.name.to_owned(),
            password: Some(password.clone()),
            role,
            locale: account.locale.to_owned(),
        };
        // The company brings its own default channel, so nobody is put into one here.
        admin::create_user(&db, &env, &NoJoin, &org, user).await.map_err(told)?;
        lines.push(format!("{:<6} {:<24} {password}   ({})", account.locale, account.email, account.name));
    }
    let report = demo::run(&db, &env, org.key).await.map_err(told)?;
    println!(
        "{COMPANY}: {} people, {} conversations, {} messages.",
        report.users + report.matched,
        report.conversations,
        report.messages
    );
    println!("Sign in as either of these (keep the passwords, they are not shown again):\n");
    lines.iter().for_each(|line| println!("  {line}"));
    println!();
    Ok(())
}

/// Four groups of four: 80 bits.
fn password(env: &Env) -> String {
    let letters: Vec<char> =
        env.random::<16>().iter().map(|b| LETTERS[usize::from(*b) % 32].into()).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
