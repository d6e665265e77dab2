//! Makes sure that the folder of the built web client exists, so that the server builds without it.

fn main() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/client/dist");
    println!("cargo:rerun-if-changed=../../web/client/dist");
    if let Err(error) = std::fs::create_dir_all(&dist) {
        println!("cargo:warning=cannot make {}: {error}", dist.display());
    }
}
