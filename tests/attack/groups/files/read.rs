//! Pipes, devices, sockets and loops that are named as files to read: the program waits for none, and none fills the
//! memory.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use super::{Place, TOLD, ended};
use crate::{Attack, Held, attack, holds};

/// Every way to name a file that is read: the words around its name.
const READERS: [(&str, &[&str]); 8] = [
    ("review", &["review"]),
    ("--settings-from", &["check", "--no-sign-in", "--only", "settings", "--settings-from"]),
    ("--ca-file", &["check", "--no-sign-in", "--only", "settings", "--ca-file"]),
    ("--public-roots", &["check", "--no-sign-in", "--only", "settings", "--public-roots"]),
    ("render", &["render"]),
    ("diagnose", &["diagnose"]),
    ("rehearse", &["rehearse"]),
    ("explain", &["explain"]),
];

/// Makes something that is named as a file, and returns its path.
type Made = fn(&Place) -> PathBuf;

/// What they are given in the place of a file.
const KINDS: [(&str, Made); 6] = [
    ("a pipe", |place| place.pipe("x")),
    ("a link to a pipe", |place| {
        symlink(place.pipe("pipe"), place.path("x")).unwrap();
        place.path("x")
    }),
    ("a device without end", |_| "/dev/zero".into()),
    ("a socket", |place| {
        drop(UnixListener::bind(place.path("x")).unwrap());
        place.path("x")
    }),
    ("the log of the kernel", |_| "/proc/kmsg".into()),
    ("a file without end", |place| {
        let path = place.file("x", "");
        fs::File::options().write(true).open(&path).unwrap().set_len(4 << 30).unwrap();
        path
    }),
];

pub(super) fn all() -> Vec<Attack> {
    let mut attacks = vec![
        attack("a project with a pipe in it", project_with_a_pipe),
        attack("a report from a pipe of the shell's", || shell("\"$0\" render <(cat report)")),
        attack("a report from standard input by its path", || shell("cat report | \"$0\" diagnose /dev/stdin")),
        attack("a report without end from standard input", || without_end("\"$0\" render - < /dev/zero")),
        attack("a report without end from a pipe of the shell's", || without_end("\"$0\" render <(cat /dev/zero)")),
        attack("a case without end from a pipe of the shell's", || without_end("\"$0\" rehearse <(cat /dev/zero)")),
    ];
    for (reader, words) in READERS {
        for (kind, put) in KINDS {
            // The kernel's log is text, and so are zeros, as far as they are read.
            let is_text = reader == "explain" && kind == "a file without end";
            attacks.push(attack(format!("{reader} of {kind}"), move || {
                let place = Place::new();
                let end = place.doctor(words).arg(put(&place)).run();
                end.is_bounded()?;
                if is_text { Ok(()) } else { ended(&end, 2) }
            }));
        }
    }
    attacks
}

fn project_with_a_pipe() -> Held {
    let place = Place::new();
    fs::create_dir(place.path("project")).unwrap();
    place.pipe("project/.env");
    place.file("project/mbsyncrc", "IMAPAccount i\nHost imap.mail.me.com\nSSLType IMAPS\nUser o@icloud.com\n");
    let end = place.doctor(&["review", "project"]).run();
    ended(&end, 0)?;
    holds(end.text().contains("project/mbsyncrc"), || end.text())
}

fn shell(script: &str) -> Held {
    let place = Place::new();
    ended(&place.rehearse(&["--format", "json", "--output", "report"]).run(), 1)?;
    let end = place.shell(script).output().unwrap();
    let told = String::from_utf8_lossy(&end.stdout).into_owned();
    holds(end.status.code() == Some(1) && told.contains(TOLD), || {
        format!("{:?}: {}", end.status, String::from_utf8_lossy(&end.stderr))
    })
}

fn without_end(script: &str) -> Held {
    let place = Place::new();
    let end = place.shell(&format!("ulimit -v 600000; {script}")).output().unwrap();
    holds(end.status.code() == Some(2), || format!("{:?}: {}", end.status, String::from_utf8_lossy(&end.stderr)))
}
