//! Settings files that `review --fix` changes: what is put in its way, and what is done to them in the meantime.

mod permissions;

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Disk, NOBODY, Place, ended, holds_only, is_root, keeps, names};
use crate::{Attack, Held, attack, holds, not_here};

const BROKEN: &str = "IMAPAccount i\nHost imap.mail.me.com\nPort 143\nUser ottilie@icloud.com\n";

const MENDED: &str = "IMAPAccount i\nSSLType IMAPS\nHost imap.mail.me.com\nPort 993\nUser ottilie@icloud.com\n";

const FILE: &str = "mbsyncrc";

const COPY: &str = "mbsyncrc.before-review";

pub(super) fn all() -> Vec<Attack> {
    let mut attacks = vec![
        attack("the settings are a link", settings_are_a_link),
        attack("the settings are a dangling link", || {
            unreadable(|place| symlink("nowhere", place.path(FILE)).unwrap())
        }),
        attack("the settings are a loop of links", || unreadable(|place| symlink(FILE, place.path(FILE)).unwrap())),
        attack("the settings are a folder of their name", || {
            unreadable(|place| fs::create_dir(place.path(FILE)).unwrap())
        }),
        attack("the settings have another name", hard_link),
        attack("one of three settings files cannot be written", one_of_three),
        attack("the name holds a line break and an escape", hostile_name),
        attack("the disk is full", full_disk),
        attack("the disk is full for the longer text alone", nearly_full_disk),
        attack("a file may grow no longer", file_size_limit),
        attack("killed at any moment", killed),
        attack("killed as soon as the copy is there", killed_at_the_copy),
        attack("a link comes into a project while it is read", project_link),
    ];
    attacks.extend(IN_THE_WAY.map(|(name, put)| attack(format!("the name of the copy is {name}"), move || copy(put))));
    attacks.extend(MEANWHILE.map(|(name, act)| attack(format!("while it is shown, {name}"), move || meanwhile(act))));
    attacks.extend(permissions::all());
    for (name, before, after) in texts() {
        attacks.push(attack(format!("a file in {name}"), move || {
            let place = Place::new();
            let file = place.file(FILE, &before);
            ended(&place.doctor(&["review", "--fix", FILE]).run(), 0)?;
            keeps(&file, &after)?;
            keeps(&place.path(COPY), &before)
        }));
    }
    attacks
}

/// Puts something at a path.
type Put = fn(&Place, &Path);

/// Changes the file at a path, and returns what the path holds then.
type Change = fn(&Place, &Path) -> Vec<u8>;

/// What can be put under the name of the copy.
const IN_THE_WAY: [(&str, Put); 6] = [
    ("a dangling link", |place, copy| symlink(place.path("victim"), copy).unwrap()),
    ("a link to a file", |place, copy| symlink(place.file("victim", "precious"), copy).unwrap()),
    ("a loop of links", |_, copy| symlink(copy, copy).unwrap()),
    ("a folder", |_, copy| fs::create_dir(copy).unwrap()),
    ("a pipe", |place, _| drop(place.pipe(COPY))),
    ("a device", |_, copy| symlink("/dev/full", copy).unwrap()),
];

fn copy(put: Put) -> Held {
    let place = Place::new();
    let file = place.file(FILE, BROKEN);
    put(&place, &place.path(COPY));
    let kind = place.path(COPY).symlink_metadata().unwrap().file_type();
    ended(&place.doctor(&["review", "--fix", FILE]).run(), 0)?;
    keeps(&file, MENDED)?;
    keeps(&place.path(format!("{COPY}-2")), BROKEN)?;
    holds(place.path(COPY).symlink_metadata().unwrap().file_type() == kind, || "what was there is gone".to_owned())?;
    let victim = place.path("victim");
    holds(!victim.exists() || fs::read(victim).unwrap() == b"precious", || "a link was followed".to_owned())
}

/// A file with so many findings that a pipe holds only a part of what is shown.
fn long() -> String {
    (0..300).fold(String::new(), |text, nth| {
        text + &format!(
            "IMAPAccount a{nth}\nHost imap.mail.me.com\nPort 143\nUser ottilie@icloud.com\nSSLType None\n\n"
        )
    })
}

/// What is done to the file while the output is read, and what its path has to contain afterwards.
const MEANWHILE: [(&str, Change); 9] = [
    ("a link to a victim takes its place", |place, file| {
        let victim = place.file("victim", "precious");
        fs::remove_file(file).unwrap();
        symlink(victim, file).unwrap();
        b"precious".to_vec()
    }),
    ("a link to a copy of it takes its place", |place, file| {
        let victim = place.file("victim", long());
        fs::remove_file(file).unwrap();
        symlink(victim, file).unwrap();
        long().into_bytes()
    }),
    ("it is saved with another word", |_, file| saved(file, long().replacen("a0", "b0", 1))),
    ("it is saved with another word in the same moment", |_, file| {
        let before = fs::metadata(file).unwrap().modified().unwrap();
        let text = saved(file, long().replacen("a7", "b7", 1));
        fs::File::options().write(true).open(file).unwrap().set_modified(before).unwrap();
        text
    }),
    ("it gets one line more", |_, file| saved(file, long() + "# mine\n")),
    ("an editor replaces it", |place, file| {
        let other = place.file("new", long() + "# mine\n");
        fs::rename(other, file).unwrap();
        (long() + "# mine\n").into_bytes()
    }),
    ("the same text comes in another file", |place, file| {
        let other = place.file("new", long());
        fs::rename(other, file).unwrap();
        long().into_bytes()
    }),
    ("it is taken away", |_, file| {
        fs::remove_file(file).unwrap();
        Vec::new()
    }),
    ("a device takes its place", |_, file| {
        fs::remove_file(file).unwrap();
        symlink("/dev/null", file).unwrap();
        Vec::new()
    }),
];

fn saved(file: &Path, text: String) -> Vec<u8> {
    fs::write(file, &text).unwrap();
    text.into_bytes()
}

fn meanwhile(act: Change) -> Held {
    let place = Place::new();
    let file = place.file(FILE, long());
    let mut doctor = place.doctor(&["review", "--fix", "--format", "sarif", FILE]).spawn();
    // The first byte shows that everything is read; the pipe is too short for the last.
    let mut shown = doctor.stdout.take().unwrap();
    shown.read_exact(&mut [0]).unwrap();
    let expected = act(&place, &file);
    let mut rest = Vec::new();
    shown.read_to_end(&mut rest).unwrap();
    let ended = doctor.wait_with_output().unwrap();
    holds(rest.len() > 3 << 15, || format!("only {} bytes are shown: the attack proves nothing", rest.len()))?;
    let error = String::from_utf8_lossy(&ended.stderr).into_owned();
    holds(ended.status.code() == Some(2), || format!("the code is {:?}: {error}", ended.status.code()))?;
    holds(error.contains("changed since it was read"), || format!("that is not said: {error}"))?;
    keeps(&file, expected)?;
    let copies = place.names().into_iter().filter(|name| name.starts_with(COPY) || name.starts_with(".icloud")).count();
    holds(copies == 0, || format!("copies were made: {:?}", place.names()))
}

fn unreadable(put: fn(&Place)) -> Held {
    let place = Place::new();
    put(&place);
    let names = place.names();
    ended(&place.doctor(&["review", "--fix", FILE]).run(), 2)?;
    holds_only(place.folder.path(), &names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn settings_are_a_link() -> Held {
    let place = Place::new();
    fs::create_dir(place.path("dotfiles")).unwrap();
    let real = place.file("dotfiles/real-mbsyncrc", BROKEN);
    symlink("dotfiles/real-mbsyncrc", place.path(FILE)).unwrap();
    ended(&place.doctor(&["review", "--fix", FILE]).run(), 0)?;
    keeps(&real, MENDED)?;
    holds(place.path(FILE).is_symlink(), || "the link is gone".to_owned())?;
    holds_only(place.folder.path(), &["dotfiles", FILE])
}

fn hard_link() -> Held {
    let place = Place::new();
    let file = place.file(FILE, BROKEN);
    fs::hard_link(&file, place.path("other")).unwrap();
    ended(&place.doctor(&["review", "--fix", FILE]).run(), 0)?;
    keeps(&file, MENDED)?;
    keeps(&place.path("other"), MENDED)?;
    keeps(&place.path(COPY), BROKEN)
}

fn one_of_three() -> Held {
    if !is_root() {
        return not_here("needs root");
    }
    let place = Place::new();
    for folder in ["a", "b", "c"] {
        fs::create_dir(place.path(folder)).unwrap();
        place.file(format!("{folder}/{FILE}"), BROKEN);
        if folder != "b" {
            chown(place.path(folder), Some(NOBODY), Some(NOBODY)).unwrap();
            chown(place.path(format!("{folder}/{FILE}")), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let files = ["a/mbsyncrc", "b/mbsyncrc", "c/mbsyncrc"];
    let end = place.doctor(&["review", "--fix"]).args(&files).user(NOBODY).run();
    ended(&end, 2)?;
    keeps(&place.path(files[0]), MENDED)?;
    keeps(&place.path(files[1]), BROKEN)?;
    keeps(&place.path(files[2]), MENDED)?;
    holds(end.text().contains("b/mbsyncrc could not be written"), || end.text())
}

fn hostile_name() -> Held {
    let place = Place::new();
    let name = "x\n::error::forged\u{1b}[2J\u{202e}.mbsyncrc";
    let file = place.file(name, BROKEN);
    let end = place.doctor(&["review", "--fix", name]).run();
    ended(&end, 0)?;
    keeps(&file, MENDED)?;
    end.hides(&["\u{1b}", "\n::error::", "\u{202e}"])
}

fn full_disk() -> Held {
    let Some(disk) = Disk::of(64) else { return not_here("needs root, and a file system in memory") };
    let text = format!("{BROKEN}{}", "# my own words\n".repeat(1000));
    let file = disk.place.file(FILE, &text);
    disk.fill();
    let before = disk.place.names();
    ended(&disk.place.doctor(&["review", "--fix", FILE]).run(), 2)?;
    keeps(&file, &text)?;
    holds(disk.place.names() == before, || format!("it left something: {:?}", disk.place.names()))
}

/// There is room for the copy, and none for the changed file.
fn nearly_full_disk() -> Held {
    let Some(disk) = Disk::of(64) else { return not_here("needs root, and a file system in memory") };
    let text = format!("{BROKEN}{}", "# my own words\n".repeat(1000));
    let file = disk.place.file(FILE, &text);
    let room = disk.place.file("room", vec![0; 20_000]);
    disk.fill();
    fs::remove_file(room).unwrap();
    let end = disk.place.doctor(&["review", "--fix", FILE]).run();
    ended(&end, 2)?;
    keeps(&file, &text)?;
    holds(!names(disk.place.folder.path()).iter().any(|name| name.starts_with(".icloud")), || "a leftover".to_owned())?;
    holds(end.text().contains(COPY), || format!("where the copy is, is not said: {}", end.text()))
}

fn file_size_limit() -> Held {
    let place = Place::new();
    let text = format!("{BROKEN}{}", "# my own words\n".repeat(1000));
    let file = place.file(FILE, &text);
    place.shell("ulimit -f 4; exec \"$0\" review --fix mbsyncrc").output().unwrap();
    keeps(&file, &text)
}

/// As long as a settings file may be, nearly.
fn longest() -> String {
    format!("{BROKEN}{}", "# my own words, of which there are many\n".repeat(24_000))
}

fn killed() -> Held {
    let place = Place::new();
    let text = longest();
    let file = place.file(FILE, &text);
    let began = Instant::now();
    ended(&place.doctor(&["review", "--fix", FILE]).run(), 0)?;
    let (whole, took) = (fs::read(&file).unwrap(), began.elapsed());
    for part in 1..=24 {
        let place = Place::new();
        let file = place.file(FILE, &text);
        let mut doctor = place.doctor(&["review", "--fix", FILE]).spawn();
        std::thread::sleep(took * part / 24);
        doctor.kill().unwrap();
        doctor.wait().unwrap();
        is_old_or_new(&file, text.as_bytes(), &whole)?;
    }
    Ok(())
}

fn is_old_or_new(file: &Path, old: &[u8], new: &[u8]) -> Held {
    let is = fs::read(file).unwrap();
    holds(is == old || is == new, || format!("killed, the file has {} bytes: neither the old nor the new", is.len()))
}

/// The file is written after its copy, so that is the moment.
fn killed_at_the_copy() -> Held {
    let text = longest();
    let whole = text.replacen("IMAPAccount i\n", "IMAPAccount i\nSSLType IMAPS\n", 1).replacen("143", "993", 1);
    for wait in 0..12 {
        let place = Place::new();
        let file = place.file(FILE, &text);
        let mut doctor = place.doctor(&["review", "--fix", FILE]).spawn();
        let began = Instant::now();
        while !place.path(COPY).exists() && began.elapsed() < super::SOON {}
        std::thread::sleep(Duration::from_micros(wait * 150));
        doctor.kill().unwrap();
        doctor.wait().unwrap();
        is_old_or_new(&file, text.as_bytes(), whole.as_bytes())?;
        keeps(&place.path(COPY), &text)?;
    }
    Ok(())
}

fn project_link() -> Held {
    let place = Place::new();
    let victim = place.file("victim", "IMAP_HOST=imap.mail.me.com\nIMAP_PORT=143\nIMAP_USER=ottilie@icloud.com\n");
    fs::create_dir(place.path("project")).unwrap();
    symlink(&victim, place.path("project/.env")).unwrap();
    let before = fs::read(&victim).unwrap();
    ended(&place.doctor(&["review", "--fix", "project"]).run(), 2)?;
    keeps(&victim, before)?;
    holds_only(&place.path("project"), &[".env"])
}

/// Encodings and line ends: a file before, and after.
fn texts() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let comment = "# f\u{fc}r \u{1f600}\n";
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect()
    };
    let both = |change: &dyn Fn(&str) -> Vec<u8>| {
        (change(&format!("{BROKEN}{comment}")), change(&format!("{MENDED}{comment}")))
    };
    let named = |name, (before, after)| (name, before, after);
    vec![
        named("UTF-8", both(&|text| text.into())),
        named("UTF-8 with CRLF", both(&|text| windows(text).into())),
        named("UTF-8 with a mark", both(&|text| format!("\u{feff}{text}").into())),
        named("UTF-8 with a mark and CRLF", both(&|text| windows(&format!("\u{feff}{text}")).into())),
        named("UTF-16, little end first", both(&|text| wide(text, u16::to_le_bytes))),
        named("UTF-16, big end first, with CRLF", both(&|text| wide(&windows(text), u16::to_be_bytes))),
        named("Latin-1", both(&|text| text.replace('\u{1f600}', "").chars().map(|letter| letter as u8).collect())),
        named("UTF-8 without a last line end", both(&|text| text.trim_end().into())),
        named("UTF-8 with an end of Windows in its last line alone", both(&|text| format!("{text}# end\r\n").into())),
    ]
}
