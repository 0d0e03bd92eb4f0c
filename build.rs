//! Puts the guide's pages, those of the mail programs and the recorded cases into the binary.

#![allow(clippy::disallowed_macros, reason = "cargo listens to standard output")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());

    for (folder, list) in [("src/guide", "pages.rs"), ("src/setup/programs", "programs.rs")] {
        let mut pages = String::from("&[\n");
        for page in sorted(&root.join(folder))?.iter().filter(|path| path.extension().is_some_and(|end| end == "md")) {
            entry(&mut pages, &name(page), page);
        }
        pages.push(']');
        fs::write(out.join(list), pages)?;
        println!("cargo::rerun-if-changed={folder}");
    }

    let mut cases = String::from("&[\n");
    for check in sorted(&root.join("tests"))? {
        println!("cargo::rerun-if-changed={}", check.display());
        for case in sorted(&check)?.iter().map(|folder| folder.join("case.toml")).filter(|case| case.is_file()) {
            let folder = case.parent().map(name).unwrap_or_default();
            entry(&mut cases, &format!("{}/{folder}", name(&check)), &case);
        }
    }
    cases.push(']');
    fs::write(out.join("cases.rs"), cases)?;

    println!("cargo::rerun-if-changed=tests");
    Ok(())
}

/// What is in a folder, by name; nothing where there is no folder.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn entry(list: &mut String, name: &str, file: &Path) {
    println!("cargo::rerun-if-changed={}", file.display());
    // Writing to a String cannot fail.
    let _ = writeln!(list, "({name:?}, include_str!({:?})),", file.display().to_string());
}
