//! `weft admin …`: works on the database, whether or not the server runs.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use weft_bench::{People, Person};
use weft_http::Role;
use weft_identity::{
    NoJoin,
    admin::{self, NewUser},
};
use weft_kernel::Env;

use super::open;
use crate::{config::DataOptions, directory::DefaultChannels};

#[derive(Subcommand)]
pub(crate) enum Admin {
    /// Make an organisation
    CreateOrg {
        /// Its name
        name: String,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Make a person in an organisation
    CreateUser(CreateUser),
    /// Print a new personal access token of a person, with every scope
    Token {
        /// The organisation's name or id
        #[arg(long)]
        org: String,
        /// The person's e-mail address
        #[arg(long)]
        email: String,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Make people for `weft bench` in an organisation of their own, and a file that it reads
    CreateBench {
        /// How many
        #[arg(long, default_value_t = 1_000)]
        people: usize,
        /// The file to write; it holds access tokens
        #[arg(long, default_value = "bench-people.json")]
        out: PathBuf,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Copy every public channel of an organisation with its messages, to measure search over more
    Repeat {
        /// The organisation's name or id
        #[arg(long)]
        org: String,
        /// How many copies of each
        #[arg(long, default_value_t = 15)]
        times: u32,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Build the search index anew: of one organisation, or of all. A running server does it itself
    Reindex {
        /// The organisation's name or id
        #[arg(long)]
        org: Option<String>,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Print a link path with which a person sets a new password, good for one hour
    ResetPassword {
        /// The person's e-mail address
        #[arg(long)]
        email: String,
        #[command(flatten)]
        data: DataOptions,
    },
}

#[derive(Args)]
pub(crate) struct CreateUser {
    /// The organisation's name or id
    #[arg(long)]
    org: String,
    /// E-mail address to sign in with
    #[arg(long)]
    email: String,
    /// Shown name
    #[arg(long)]
    name: String,
    /// Language: en or zh-CN
    #[arg(long, default_value = "en")]
    locale: String,
    /// Read the password from standard input; without it, `weft admin reset-password` lets them choose one
    #[arg(long)]
    password_stdin: bool,
    /// Make them an owner
    #[arg(long)]
    owner: bool,
    #[command(flatten)]
    data: DataOptions,
}

/// Runs one command.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn run(command: Admin) -> Result<(), String> {
    let env = Env::system();
    let told = |fault: weft_kernel::Fault| fault.to_string();
    match command {
        Admin::CreateOrg { name, data } => {
            let org = admin::create_org(&open(data).await?, &env, &name).await.map_err(told)?;
            println!("{}", org.id);
        }
        Admin::CreateUser(user) => create_user(&env, user).await?,
        Admin::Token { org, email, data } => {
            let db = open(data).await?;
            let org = admin::find_org(&db, &org).await.map_err(told)?;
            println!(
                "{}",
                admin::token_for(&db, &env, &org, &email, "weft admin token").await.map_err(told)?
            );
        }
        Admin::CreateBench { people, out, data } => create_bench(&env, people, &out, data).await?,
        Admin::Repeat { org, times, data } => {
            let db = open(data).await?;
            let org = admin::find_org(&db, &org).await.map_err(told)?;
            let made = weft_imports::copies::run(&db, &env, org.key, times).await.map_err(told)?;
            println!("{made} messages");
        }
        Admin::Reindex { org, data } => super::reindex::run(&env, org.as_deref(), data).await?,
        Admin::ResetPassword { email, data } => {
            let token = admin::reset_token(&open(data).await?, &env, &email).await.map_err(told)?;
            println!("/reset/{token}");
        }
    }
    Ok(())
}

async fn create_user(env: &Env, user: CreateUser) -> Result<(), String> {
    let password = if user.password_stdin {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|e| format!("The password cannot be read: {e}."))?;
        Some(text.trim_end_matches(['\r', '\n']).to_owned())
    } else {
        None
    };
    let db = open(user.data).await?;
    let org = admin::find_org(&db, &user.org).await.map_err(|f| f.to_string())?;
    let new = NewUser {
        email: user.email,
        name: user.name,
        password,
        role: if user.owner { Role::Owner } else { Role::Member },
        locale: user.locale.clone(),
    };
    let cx = crate::app::without_sockets(db.clone(), env.clone()).await.map_err(|f| f.to_string())?;
    let on_join = DefaultChannels::new(cx);
    let id = admin::create_user(&db, env, &on_join, &org, new).await.map_err(|f| f.to_string())?;
    println!("{id}");
    Ok(())
}

async fn create_bench(env: &Env, people: usize, out: &Path, data: DataOptions) -> Result<(), String> {
    let told = |fault: weft_kernel::Fault| fault.to_string();
    let db = open(data).await?;
    let name = format!("Bench {}", env.now());
    let org = admin::create_org(&db, env, &name).await.map_err(told)?;
    let mut made = People { people: Vec::with_capacity(people) };
    for index in 0..people {
        let email = format!("p{index}.{}@bench.invalid", env.now());
        let new = NewUser {
            email: email.clone(),
            name: format!("Bench {index}"),
            password: None,
            role: if index == 0 { Role::Owner } else { Role::Member },
            locale: "en".into(),
        };
        let id = admin::create_user(&db, env, &NoJoin, &org, new).await.map_err(told)?;
        let token = admin::token_for(&db, env, &org, &email, "bench").await.map_err(told)?;
        made.people.push(Person { id: id.to_string(), token });
    }
    let text = serde_json::to_vec(&made).map_err(|e| e.to_string())?;
    std::fs::write(out, text).map_err(|e| format!("{} cannot be written: {e}.", out.display()))?;
    println!("{}", org.id);
    Ok(())
}
