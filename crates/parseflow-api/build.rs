//! Embeds the built dashboard, `dashboard/dist`, as a table of files, each also compressed where
//! that makes it smaller. Needs no node: the built files are in the repository. Without them the
//! table is empty.
//!
//! Embeds the pages of the error codes, `docs/errors`, as a table too. What is embedded is copied
//! first: the tables name no folder that may be gone when another checkout builds in the same target.

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
        table.push_str(&embed(&name.to_string_lossy(), path, &out, number)?);
    }
    table.push_str("]\n");
    fs::write(out.join("dashboard.rs"), table)?;
    fs::write(out.join("errors.rs"), error_pages(Path::new("../../docs/errors"), &out)?)
}

/// A table of codes and the texts of their pages, in order.
fn error_pages(folder: &Path, out: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths = Vec::new();
    files_below(folder, &mut paths)?;
    paths.sort();
    let mut table = String::from("&[\n");
    for path in paths {
        let code = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        fs::copy(path, out.join(format!("{code}.md")))?;
        let copy = copied(&format!("{code}.md"));
        writeln!(table, "({code:?}, include_str!({copy})),").map_err(io::Error::other)?;
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

/// The expression for the path of a file in the script's folder.
fn copied(name: &str) -> String {
    format!("concat!(env!(\"OUT_DIR\"), \"/{name}\")")
}

/// One entry of the table; its bytes go to `out` under its number, plain and compressed.
fn embed(name: &str, path: &Path, out: &Path, number: usize) -> io::Result<String> {
    let bytes = fs::read(path)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    let compressed = encoder.finish()?;
    let (plain, packed) = (format!("{number}.plain"), format!("{number}.gz"));
    fs::write(out.join(&plain), &bytes)?;
    let gzip = if compressed.len() < bytes.len() {
        fs::write(out.join(&packed), &compressed)?;
        format!("Some(include_bytes!({}))", copied(&packed))
    } else {
        "None".to_owned()
    };
    let mut crc = Crc::new();
    crc.update(&bytes);
    let mut entry = String::new();
    let (plain, length) = (copied(&plain), bytes.len());
    let tag = format!("\"{:08x}-{length:x}\"", crc.sum());
    writeln!(
        entry,
        "File {{ path: {name:?}, tag: {tag:?}, plain: include_bytes!({plain}), gzip: {gzip} }},"
    )
    .map_err(io::Error::other)?;
    Ok(entry)
}
