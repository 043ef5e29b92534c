//! Embeds the built dashboard, `dashboard/dist`, as a table of files, each also compressed where
//! that makes it smaller. Needs no node: the built files are in the repository. Without them the
//! table is empty.
//!
//! Embeds the pages of the error codes, `docs/errors`, as a table too.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::write::GzEncoder;
use flate2::{Compression, Crc};

fn main() -> io::Result<()> {
    let dist = Path::new("../../dashboard/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut paths = Vec::new();
    if dist.exists() {
        files_below(dist, &mut paths)?;
    }
    paths.sort();
    let mut table = String::from("&[\n");
    for (number, path) in paths.iter().enumerate() {
        let name = path.strip_prefix(dist).map_err(io::Error::other)?;
        let entry = embed(&name.to_string_lossy(), path, &out.join(format!("{number}.gz")))?;
        table.push_str(&entry);
    }
    table.push_str("]\n");
    fs::write(out.join("dashboard.rs"), table)?;
    fs::write(out.join("errors.rs"), error_pages(Path::new("../../docs/errors"))?)
}

/// A table of codes and the texts of their pages, in order.
fn error_pages(folder: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths = Vec::new();
    files_below(folder, &mut paths)?;
    paths.sort();
    let mut table = String::from("&[\n");
    for path in paths {
        let code = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let path = fs::canonicalize(path)?;
        writeln!(table, "({code:?}, include_str!({path:?})),").map_err(io::Error::other)?;
    }
    Ok(table + "]\n")
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files_below(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// One entry of the table; the compressed bytes go to `packed`.
fn embed(name: &str, path: &Path, packed: &Path) -> io::Result<String> {
    let bytes = fs::read(path)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    let compressed = encoder.finish()?;
    let gzip = if compressed.len() < bytes.len() {
        fs::write(packed, &compressed)?;
        format!("Some(include_bytes!({packed:?}))")
    } else {
        "None".to_owned()
    };
    let mut crc = Crc::new();
    crc.update(&bytes);
    let mut entry = String::new();
    let (path, length) = (fs::canonicalize(path)?, bytes.len());
    let tag = format!("\"{:08x}-{length:x}\"", crc.sum());
    writeln!(
        entry,
        "File {{ path: {name:?}, tag: {tag:?}, plain: include_bytes!({path:?}), gzip: {gzip} }},"
    )
    .map_err(io::Error::other)?;
    Ok(entry)
}
