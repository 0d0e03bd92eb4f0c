//! Recorded cases and saved reports as bombs: strangers send both.

use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};

use crate::doctor::{Doctor, Ended};
use crate::{Attack, Held, attack, holds};

/// Reading a file has no reason to take longer, even on a busy machine.
const LONGEST: Duration = Duration::from_secs(25);

/// Nothing that is made of a file of a few megabytes is larger.
const LARGEST: usize = 16 * 1024 * 1024;

const REFUSED: &str = include_str!("../../imap/password-refused/case.toml");

/// It ended in time and within its memory, and wrote no flood.
fn is_small(ended: &Ended) -> Held {
    ended.is_bounded()?;
    holds(ended.took < LONGEST, || format!("it took {:.1} s", ended.took.as_secs_f32()))?;
    holds(ended.out.len() < LARGEST, || format!("it wrote {} bytes", ended.out.len()))?;
    holds(ended.error.len() < 4_096, || format!("it complained in {} bytes", ended.error.len()))
}

pub(crate) fn all() -> Vec<Attack> {
    let mut attacks = cases();
    attacks.extend(reports());
    attacks.extend(no_files());
    attacks
}

/// A file with this content, and what is done with it.
fn with_file(
    name: String,
    arguments: &'static [&'static str],
    content: impl Fn() -> Vec<u8> + Send + Sync + 'static,
) -> Attack {
    attack(name, move || {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bomb");
        std::fs::write(&file, content()).unwrap();
        is_small(&Doctor::new(arguments).arg(&file).run())
    })
}

fn case(name: &str, content: impl Fn() -> String + Send + Sync + 'static) -> Attack {
    with_file(format!("case: {name}"), &["rehearse", "--format", "json"], move || content().into_bytes())
}

/// The case of a refused password in which the servers' first lines are other ones.
fn saying(lines: &str) -> String {
    REFUSED.replacen("S 44 220 smtp.mail.me.com ESMTP Postfix\n", lines, 1)
}

fn cases() -> Vec<Attack> {
    let started = |at: &str| REFUSED.replacen("2026-11-24T02:23:35Z", at, 1);
    let slow = |took: &str| REFUSED.replace("took_ms = 1\n", &format!("took_ms = {took}\n"));
    let deep = |open: &str, count: usize| format!("x = {}\n{REFUSED}", open.repeat(count));
    vec![
        case("control: as it was recorded", || REFUSED.to_owned()),
        case("300 runs of a megabyte in a line", || saying(&format!("R 0 {}\n", r"\\{1048576*x}".repeat(300)))),
        case("300 lines of a run of a megabyte", || saying(&"R 0 \\\\{1048576*x}\n".repeat(300))),
        case("3 000 connections with a run of a megabyte", || {
            let (before, after) = REFUSED.split_once("[[connections]]").unwrap();
            let one = "[[connections]]\nto = \"1.2.3.4:5\"\nopen = true\ntalk = '''\nR 0 \\{1048576*x}\n'''\n";
            format!("{before}{}[[connections]]{after}", one.repeat(3_000))
        }),
        case("half a million pieces of one letter", || saying(&"R 0 x\n".repeat(500_000))),
        case("half a million untagged lines", || saying(&"S 0 220-x\n".repeat(500_000))),
        case("an answer of six megabytes", || saying(&format!("S 0 {}\n", "x".repeat(6_000_000)))),
        case("a title of six megabytes", || {
            REFUSED.replacen("The app-specific password is refused", &"t".repeat(6_000_000), 1)
        }),
        case("begun at the end of time", move || {
            slow("2000").replacen("2026-11-24T02:23:35Z", "9999-12-31T23:59:59Z", 1)
        }),
        case("begun at the end of time, west of it", move || started("9999-12-31T23:59:59-23:59")),
        case("begun at the beginning of time", move || started("0000-01-01T00:00:00Z")),
        case("begun before it, east of it", move || started("0000-01-01T00:00:00+23:59")),
        case("an answer that takes all time", move || slow("18446744073709551615")),
        case("an answer that takes half of it", move || slow("9223372036854775807")),
        case("a certificate of the last second", || {
            let mut lines: Vec<String> = REFUSED.lines().map(str::to_owned).collect();
            for line in &mut lines {
                if line.starts_with("not_before") {
                    "not_before = \"0000-01-01T00:00:00+23:59\"".clone_into(line);
                }
                if line.starts_with("not_after") {
                    "not_after = \"9999-12-31T23:59:59-23:59\"".clone_into(line);
                }
            }
            lines.join("\n")
        }),
        case("a hundred thousand lists within lists", move || deep("[", 100_000)),
        case("a hundred thousand tables within tables", move || deep("{a=", 100_000)),
        case("a key of a million parts", || format!("{}x = 1\n{REFUSED}", "a.".repeat(1_000_000))),
        case("a heading of a million parts", || format!("{REFUSED}\n[{}x]\n", "a.".repeat(1_000_000))),
        case("a million headings", || format!("{REFUSED}\n{}", "[[x]]\n".repeat(1_000_000))),
        case("three million numbers", || format!("x = [{}]\n{REFUSED}", "0,".repeat(3_000_000))),
        case("a hundred thousand questions", || {
            let one = "[[queries]]\nresolver = \"1.2.3.4:53\"\ntransport = \"udp\"\nname = \"a\"\nkind = \"A\"\n";
            REFUSED.replacen("[[queries]]", &format!("{}[[queries]]", one.repeat(80_000)), 1)
        }),
        case("a hundred thousand records", || {
            let records = "\"imap.mail.me.com 300 A 17.0.0.1\",\n".repeat(100_000);
            REFUSED.replacen("records = [\n", &format!("records = [\n{records}"), 1)
        }),
        case("a hundred thousand aliases", || {
            let records: String = (0..100_000)
                .map(|nth| ["\"imap.mail.me.com 300 CNAME a", &*nth.to_string(), ".example\",\n"].concat())
                .collect();
            REFUSED.replacen("records = [\n", &format!("records = [\n{records}"), 1)
        }),
        case("two hundred thousand names of a certificate", || {
            let names = "\"imap.mail.me.com\",\n".repeat(200_000);
            REFUSED.replace("names = [\n", &format!("names = [\n{names}"))
        }),
        case("a hundred thousand words on its command line", || {
            REFUSED.replacen("arguments = [\n", &format!("arguments = [\n{}", "\"--no-sign-in\",\n".repeat(100_000)), 1)
        }),
        case("a deadline without end", || REFUSED.replacen("\"check\",", "\"check\", \"--deadline\", \"1e300\",", 1)),
        case("resolvers without end", || {
            REFUSED.replacen("resolvers = [", &format!("resolvers = [{}", "\"198.18.0.53:53\",".repeat(200_000)), 1)
        }),
        case("a command line that reads a device", || {
            REFUSED.replacen(
                "\"check\",",
                "\"check\", \"--settings-from\", \"/dev/zero\", \"--ca-file\", \"/dev/zero\",",
                1,
            )
        }),
        with_file("case: eight megabytes of noise".to_owned(), &["rehearse"], || vec![0xff; 8_000_000]),
        with_file("case: eight megabytes of zeros".to_owned(), &["rehearse"], || vec![0; 8_000_000]),
    ]
}

/// A report as the program writes it.
fn report() -> Value {
    static REPORT: OnceLock<Value> = OnceLock::new();
    REPORT
        .get_or_init(|| {
            let ended = Doctor::new(&["rehearse", "imap/password-refused", "--format", "json"]).run();
            serde_json::from_slice(&ended.out).unwrap()
        })
        .clone()
}

type Change = fn(&mut Value);

/// What a file holds.
type Content = fn() -> Vec<u8>;

/// What is changed in a report, by a name.
const CHANGES: [(&str, Change); 17] = [
    ("200 000 digits in what was seen", |report| {
        report["findings"][0]["because"][0]["saw"] = json!("1".repeat(200_000));
    }),
    ("200 000 digits everywhere", |report| {
        for row in report["checks"].as_array_mut().unwrap() {
            row["summary"] = json!("1".repeat(200_000));
        }
    }),
    ("two megabytes of backticks", |report| report["findings"][0]["steps"][0] = json!("`a`".repeat(700_000))),
    ("two megabytes of addresses", |report| report["findings"][0]["means"] = json!("https://a ".repeat(200_000))),
    ("a transcript of one line of seven megabytes", |report| {
        report["transcripts"][0]["lines"][0]["text"] = json!("`".repeat(7_000_000));
    }),
    ("a transcript of 60 000 lines", |report| many(&mut report["transcripts"][0]["lines"], 60_000)),
    ("200 000 manglings of the password", |report| {
        report["checks"][0]["evidence"]["password"]["mangled_by"] = json!(vec!["inner-blanks"; 200_000]);
    }),
    ("4 000 checks", |report| many(&mut report["checks"], 4_000)),
    ("2 000 findings", |report| many(&mut report["findings"], 2_000)),
    ("20 000 steps of the timeline", |report| many(&mut report["timeline"][0]["steps"], 20_000)),
    ("10 000 chains", |report| many(&mut report["chains"], 4_000)),
    ("100 000 attempts to connect", |report| {
        let attempts = report["checks"].as_array_mut().unwrap().iter_mut().find(|row| row["id"] == "tcp").unwrap();
        many(&mut attempts["evidence"]["imap"]["attempts"], 60_000);
    }),
    ("dates at the ends of time", |report| dates(report, "9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00+23:59")),
    ("dates at the other ends of time", |report| {
        dates(report, "0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59");
    }),
    ("all durations the longest", |report| numbers(report, u64::MAX)),
    ("evidence of three million numbers", |report| report["checks"][1]["evidence"] = json!(vec![0; 3_000_000])),
    ("evidence of 400 000 tables", |report| report["checks"][1]["evidence"] = json!(vec![json!({ "a": 0 }); 400_000])),
];

fn many(list: &mut Value, count: usize) {
    let one = list[0].clone();
    *list = Value::Array(vec![one; count]);
}

fn dates(value: &mut Value, even: &str, odd: &str) {
    let mut count = 0;
    each(value, &mut |leaf| {
        if leaf.as_str().is_some_and(|text| text.len() == 20 && text.ends_with('Z')) {
            count += 1;
            *leaf = json!(if count % 2 == 0 { even } else { odd });
        }
    });
}

fn numbers(value: &mut Value, to: u64) {
    for (key, field) in value.as_object_mut().into_iter().flatten() {
        if key != "schema_version" {
            each(field, &mut |leaf| {
                if leaf.is_u64() {
                    *leaf = json!(to);
                }
            });
        }
    }
}

fn each(value: &mut Value, change: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each(field, change)),
        leaf => change(leaf),
    }
}

fn reports() -> Vec<Attack> {
    let ways: [(&str, &'static [&'static str]); 5] = [
        ("told as text", &["render", "-vv"]),
        ("told as Markdown", &["render", "--format", "markdown"]),
        ("told as a page", &["render", "--format", "html"]),
        ("told as JSON", &["render", "--format", "json"]),
        ("diagnosed", &["diagnose", "--format", "json"]),
    ];
    let changed = ways.into_iter().flat_map(|(way, arguments)| {
        CHANGES.into_iter().map(move |(name, change)| {
            with_file(format!("report, {way}: {name}"), arguments, move || {
                let mut report = report();
                change(&mut report);
                serde_json::to_vec(&report).unwrap()
            })
        })
    });
    let whole: [(&str, Content); 6] = [
        ("four million numbers", || format!("[{}0]", "0,".repeat(3_900_000)).into_bytes()),
        ("four million lists within lists", || "[".repeat(7_900_000).into_bytes()),
        ("a million tables within tables", || "{\"a\":".repeat(1_500_000).into_bytes()),
        ("a number of seven million digits", || {
            format!("{{\"schema_version\":{}}}", "9".repeat(7_000_000)).into_bytes()
        }),
        ("seven million escapes", || {
            format!("{{\"schema_version\":\"{}\"}}", "\\u0000".repeat(1_200_000)).into_bytes()
        }),
        ("the same key a million times", || {
            format!("{{{}\"schema_version\":1}}", "\"schema_version\":1,".repeat(390_000)).into_bytes()
        }),
    ];
    let whole = whole.into_iter().flat_map(|(name, content)| {
        let render = with_file(format!("report, told: {name}"), &["render"], content);
        [render, with_file(format!("report, diagnosed: {name}"), &["diagnose"], content)]
    });
    changed.chain(whole).collect()
}

/// What is no file, or longer than any of ours.
fn no_files() -> Vec<Attack> {
    let mut attacks = Vec::new();
    for command in ["rehearse", "render", "diagnose"] {
        attacks.push(attack(format!("{command}: 60 MB of zeros"), move || {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("zeros");
            std::fs::File::create(&file).unwrap().set_len(60_000_000).unwrap();
            is_refused(&Doctor::new(&[command]).arg(&file).run())
        }));
        attacks.push(attack(format!("{command}: a device without end"), move || {
            is_refused(&Doctor::new(&[command, "/dev/zero"]).run())
        }));
        attacks.push(attack(format!("{command}: a folder"), move || {
            let folder = tempfile::tempdir().unwrap();
            is_refused(&Doctor::new(&[command]).arg(folder.path()).run())
        }));
    }
    for command in ["render", "diagnose"] {
        attacks.push(attack(format!("{command}: standard input without end"), move || {
            is_refused(&Doctor::new(&[command, "-"]).input(vec![b' '; 60_000_000]).run())
        }));
    }
    attacks
}

/// It says that this is no such file, in a sentence, at once.
fn is_refused(ended: &Ended) -> Held {
    is_small(ended)?;
    holds(ended.code == Some(2), || format!("it ended with {:?}: {}", ended.code, ended.text()))?;
    holds(ended.out.is_empty(), || "it wrote something to standard output".to_owned())?;
    holds(ended.error.len() < 400, || format!("it complained in {} bytes", ended.error.len()))
}
