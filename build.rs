//! Packs the guide's pages, the pages for mail programs, the signatures, the recorded cases and the schemas into the
//! binary.

#![allow(clippy::disallowed_macros, reason = "cargo listens to standard output")]

#[path = "src/explain/signatures/literals.rs"]
mod literals;
#[path = "src/explain/signatures/spelling.rs"]
mod spelling;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());

    fs::write(out.join("pages.rs"), templates(&pages(&root.join("src/guide"))?))?;

    for kind in ["programs", "archives"] {
        let pages = pages(&root.join("src/setup").join(kind))?.into_iter().map(|page| Ok((name(&page), read(&page)?)));
        pack(&pages.collect::<io::Result<Vec<_>>>()?, &out.join(kind).with_extension("packed"))?;
    }

    let mut cases = Vec::new();
    for check in sorted(&root.join("tests"))? {
        println!("cargo::rerun-if-changed={}", check.display());
        for case in sorted(&check)?.iter().map(|folder| folder.join("case.toml")).filter(|case| case.is_file()) {
            let folder = case.parent().map(name).unwrap_or_default();
            cases.push((format!("{}/{folder}", name(&check)), read(&case)?));
        }
    }
    pack(&cases, &out.join("cases.packed"))?;

    let schemas = ["report", "review", "comparison", "accounts"]
        .map(|name| (name, root.join(format!("tests/{name}.schema.json"))));
    let schemas = schemas.into_iter().map(|(name, file)| Ok((name.to_owned(), read(&file)?)));
    pack(&schemas.collect::<io::Result<Vec<_>>>()?, &out.join("schemas.packed"))?;

    let signatures = root.join("src/explain/signatures");
    println!("cargo::rerun-if-changed={}", signatures.display());
    let files = sorted(&signatures)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let files = files.map(|file| Ok((name(&file), read(&file)?)));
    let files = files.collect::<io::Result<Vec<_>>>()?;
    pack(&required(&files)?, &out.join("required.packed"))?;
    pack(&files, &out.join("signatures.packed"))?;

    about_the_build(&root);
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "windows") {
        for_windows()?;
    }
    println!("cargo::rerun-if-changed=tests");
    Ok(())
}

/// Puts the version and a manifest into the program: paths may be long, and it asks for no more rights than the user has.
fn for_windows() -> io::Result<()> {
    winresource::WindowsResource::new()
        .set("ProductName", "icloud-mail-doctor")
        .set("FileDescription", "Finds out why iCloud Mail will not sign in, send or sync")
        .set_manifest(
            r#"<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
<trustInfo xmlns="urn:schemas-microsoft-com:asm.v3"><security><requestedPrivileges>
<requestedExecutionLevel level="asInvoker" uiAccess="false"/>
</requestedPrivileges></security></trustInfo>
<application xmlns="urn:schemas-microsoft-com:asm.v3"><windowsSettings>
<longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
<activeCodePage xmlns="http://schemas.microsoft.com/SMI/2019/WindowsSettings">UTF-8</activeCodePage>
</windowsSettings></application>
</assembly>"#,
        )
        .compile()
}

/// The Markdown files of a folder.
fn pages(folder: &Path) -> io::Result<Vec<PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    Ok(sorted(folder)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "md")).collect())
}

/// Writes a template for each page, so that a page that uses an unknown fact does not compile, and the list of the
/// pages.
fn templates(pages: &[PathBuf]) -> String {
    let (mut templates, mut list) = (String::new(), String::new());
    for id in pages.iter().map(|page| name(page)) {
        let page: String = id.split('-').flat_map(|word| [word[..1].to_uppercase(), word[1..].to_owned()]).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(
            templates,
            "#[derive(askama::Template)]\n#[template(path = \"{id}.md\", config = \"src/guide/askama.toml\")]\n\
             struct {page}<'f> {{ #[allow(dead_code, reason = \"a page may need none\")] facts: &'f Facts }}"
        );
        let _ =
            writeln!(list, "(\"{id}\", |facts| askama::Template::render(&{page} {{ facts }}).unwrap_or_default()),");
    }
    format!("{templates}const PAGES: &[(&str, Filled)] = &[\n{list}];\n")
}

/// What each alternative of the signs' patterns cannot do without, by the name of the file: to read it from them takes a
/// third of the time in which a text is explained.
fn required(files: &[(String, String)]) -> io::Result<Vec<(String, String)>> {
    type Languages = BTreeMap<String, BTreeMap<String, String>>;
    let tables = files.iter().map(|(name, text)| Ok((name, text.parse::<toml::Table>().map_err(io::Error::other)?)));
    let tables: Vec<(&String, toml::Table)> = tables.collect::<io::Result<_>>()?;
    let texts = |table: &toml::Table| -> BTreeMap<String, String> {
        let texts = table.iter().filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned())));
        texts.collect()
    };
    let languages: Languages = tables
        .iter()
        .filter_map(|(_, table)| table.get("language")?.as_table())
        .flatten()
        .filter_map(|(language, words)| Some((language.clone(), texts(words.as_table()?))))
        .collect();
    let conditions = tables.iter().find(|(name, _)| *name == "conditions").map(|(_, table)| texts(table));
    let conditions = spelling::with_languages(conditions.unwrap_or_default(), &languages);
    let named = spelling::Named { conditions: &conditions, languages: &languages };
    // Alternatives are apart, because only those that may be in a text are compiled for it.
    let needed_by = |words: &str| {
        let each = spelling::alternatives(words).into_iter();
        each.map(|words| literals::of(&spelling::pattern(words)).join(" ")).collect::<Vec<_>>().join("\t")
    };
    let needed = |sign: &toml::Value| -> Vec<String> {
        let text = |name: &str| sign.get(name).and_then(toml::Value::as_str);
        let by_language =
            sign.get("languages").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values);
        let own = text("words").into_iter().chain(by_language.filter_map(toml::Value::as_str)).collect();
        let words = spelling::Words { own, in_each_language: text("in_each_language") };
        named.patterns(&words).iter().map(|words| needed_by(words) + "\n").collect()
    };
    let of = |(name, table): &(&String, toml::Table)| {
        let signs = table.get("sign").and_then(toml::Value::as_array).into_iter().flatten();
        ((*name).clone(), signs.flat_map(needed).collect::<String>())
    };
    Ok(tables.iter().map(of).collect())
}

/// Sets what `--version` prints about the build after the version.
fn about_the_build(root: &Path) {
    let target = env::var("TARGET").unwrap_or_default();
    let keyring = if env::var_os("CARGO_FEATURE_KEYRING").is_some() { "yes" } else { "no" };
    println!("cargo::rustc-env=TARGET={target}\ncargo::rustc-env=WITH_KEYRING={keyring}");
    println!("cargo::rustc-env=COMMIT={}", commit(root).unwrap_or_else(|| "unknown".to_owned()));
    println!("cargo::rerun-if-env-changed=ICLOUD_MAIL_DOCTOR_COMMIT");
}

/// Returns the commit: the one that the packager names, or the one that cargo recorded when it packed the sources.
fn commit(root: &Path) -> Option<String> {
    if let Ok(named) = env::var("ICLOUD_MAIL_DOCTOR_COMMIT") {
        return Some(named);
    }
    let packed = fs::read(root.join(".cargo_vcs_info.json")).ok()?;
    let packed: serde_json::Value = serde_json::from_slice(&packed).ok()?;
    packed.get("git")?.get("sha1")?.as_str().map(str::to_owned)
}

/// Writes the texts with their names in the form that `src/packed.rs` reads. They are long and similar, so that packing
/// pays.
fn pack(texts: &[(String, String)], file: &Path) -> io::Result<()> {
    /// Higher levels take longer and save hardly anything.
    const LEVEL: u8 = 6;
    fs::write(file, miniz_oxide::deflate::compress_to_vec(&serde_json::to_vec(texts)?, LEVEL))
}

fn read(file: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", file.display());
    fs::read_to_string(file)
}

/// Returns the content of a folder, sorted by name; nothing where there is no folder.
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
