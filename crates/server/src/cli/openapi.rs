//! `weft openapi`.

use weft_storage::{Db, DbConfig};

/// Prints the OpenAPI document of the API that this binary serves.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn run() -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("weft-openapi-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|e| format!("{} cannot be made: {e}.", folder.display()))?;
    let printed = print(&folder).await;
    // It is a temporary folder; what cannot be removed now is removed by the system.
    let _ = std::fs::remove_dir_all(&folder);
    printed
}

async fn print(folder: &std::path::Path) -> Result<(), String> {
    let db = Db::open(&DbConfig::Sqlite(folder.join("weft.db"))).await.map_err(|e| e.to_string())?;
    let document = crate::app::openapi(db, folder).await.map_err(|e| e.to_string())?;
    println!("{}", document.to_pretty_json().map_err(|e| e.to_string())?);
    Ok(())
}
