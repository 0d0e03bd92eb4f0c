//! Settings that `setup` writes: where they may not go, and what is left when it fails.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::written::Put;
use super::{Disk, Place, ended, holds_only, keeps};
use crate::{Attack, Held, attack, holds, not_here};

const SETUP: [&str; 3] = ["setup", "mbsync", "ottilie@icloud.com"];

pub(super) fn all() -> Vec<Attack> {
    vec![
        attack("setup beside a file of that name", || setup(&[], "mine", |_, _| ())),
        attack("setup through a link", || setup(&[], "mine", link)),
        attack("setup through a dangling link", || setup_refused(&[], |_, path| symlink("nowhere", path).unwrap())),
        attack("setup --force through a dangling link", || {
            setup_refused(&["--force"], |_, path| symlink("nowhere", path).unwrap())
        }),
        attack("setup --force onto a pipe", || setup_refused(&["--force"], |place, _| drop(place.pipe("new")))),
        attack("setup --force onto a folder", || setup_refused(&["--force"], |_, path| fs::create_dir(path).unwrap())),
        attack("setup --force onto a loop of links", || {
            setup_refused(&["--force"], |_, path| symlink(path, path).unwrap())
        }),
        attack("setup --force onto a link", setup_onto_a_link),
        attack("setup on a full disk", || setup_on_a_full_disk(&[])),
        attack("setup --force on a full disk", || setup_on_a_full_disk(&["--force"])),
    ]
}

fn setup(arguments: &[&str], kept: &str, put: Put) -> Held {
    let place = Place::new();
    let path = place.path("new");
    put(&place, &path);
    if !path.exists() {
        place.file("new", kept);
    }
    let before = place.names();
    ended(&place.doctor(&SETUP).args(&["--output", "new"]).args(arguments).run(), 2)?;
    keeps(&path, kept)?;
    holds(place.names() == before, || format!("{:?}", place.names()))
}

fn link(place: &Place, path: &Path) {
    symlink(place.file("victim", "mine"), path).unwrap();
}

fn setup_refused(arguments: &[&str], put: Put) -> Held {
    let place = Place::new();
    put(&place, &place.path("new"));
    ended(&place.doctor(&SETUP).args(&["--output", "new"]).args(arguments).run(), 2)?;
    holds_only(place.folder.path(), &["new"])
}

fn setup_onto_a_link() -> Held {
    let place = Place::new();
    link(&place, &place.path("new"));
    ended(&place.doctor(&SETUP).args(&["--output", "new", "--force"]).run(), 0)?;
    holds(place.path("new").is_symlink(), || "the link is gone".to_owned())?;
    holds(fs::read_to_string(place.path("victim")).unwrap().contains("IMAPAccount"), || "not written".to_owned())?;
    holds_only(place.folder.path(), &["new", "victim", "victim.before-setup"])
}

fn setup_on_a_full_disk(arguments: &[&str]) -> Held {
    let Some(disk) = Disk::of(64) else { return not_here("needs root, and a file system in memory") };
    let is_forced = !arguments.is_empty();
    if is_forced {
        disk.place.file("new", "mine");
    }
    disk.fill();
    let before = disk.place.names();
    ended(&disk.place.doctor(&SETUP).args(&["--output", "new"]).args(arguments).run(), 2)?;
    holds(disk.place.names() == before, || format!("it left something: {:?}", disk.place.names()))?;
    if is_forced { keeps(&disk.place.path("new"), "mine") } else { Ok(()) }
}
