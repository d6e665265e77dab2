//! `weft admin reindex`.

use std::{
    io::{IsTerminal, Write},
    time::Instant,
};

use weft_kernel::{Env, Fault, OrgKey};
use weft_log::{ControlKind, control};
use weft_search::index::IndexState;
use weft_storage::Db;

use crate::{
    app,
    config::{DataOptions, ServeOptions},
};

/// Builds indexes anew, here or in the server that runs on this folder.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn run(env: &Env, org: Option<&str>, data: DataOptions) -> Result<(), String> {
    let told = |fault: Fault| fault.to_string();
    let (data, _) = data.complete(ServeOptions::default())?;
    let db = Db::open(&data.database()?).await.map_err(|e| e.to_string())?;
    let orgs = match org {
        Some(name) => vec![weft_identity::admin::find_org(&db, name).await.map_err(told)?.key],
        None => weft_search::index::rows::orgs(&db).await.map_err(|e| e.to_string())?,
    };
    let search =
        app::search_alone(db.clone(), env.clone(), data.folder().join("search")).await.map_err(told)?;
    if !search.hold().map_err(|e| format!("The folder of the search index cannot be used: {e}."))? {
        for org in &orgs {
            announce(&db, env, *org).await.map_err(told)?;
        }
        println!("The running server builds the search index of {} anew.", count(orgs.len()));
        return Ok(());
    }
    let started = Instant::now();
    let (mut messages, mut bytes) = (0, 0);
    for org in &orgs {
        search.rebuilt(*org, show).await;
        let size = search.size(*org).await.map_err(told)?;
        messages += size.messages;
        bytes += size.bytes;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "The search index of {} was built anew: {messages} messages in {seconds:.1} s, {:.1} MB.",
        count(orgs.len()),
        bytes as f64 / 1e6
    );
    Ok(())
}

async fn announce(db: &Db, env: &Env, org: OrgKey) -> Result<(), Fault> {
    let mut tx = db.begin().await?;
    control::announce(&mut tx, ControlKind::Reindex, org.0, env.now()).await?;
    Ok(tx.commit().await?)
}

fn count(orgs: usize) -> String {
    if orgs == 1 { "1 organisation".into() } else { format!("{orgs} organisations") }
}

fn show(state: IndexState) {
    if state.total > 0 && std::io::stderr().is_terminal() {
        eprint!("\r{} % ", state.done * 100 / state.total);
        let _ = std::io::stderr().flush();
    }
}
