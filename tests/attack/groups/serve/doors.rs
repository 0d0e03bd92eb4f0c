//! What does not come out of a service, and who does not come in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Service;
use super::state::below;
#[cfg(unix)]
use super::state::signal;
use crate::doctor::Doctor;
use crate::lists::Fleet;
use crate::{Held, certificates, holds};

pub(super) fn secrets() -> Held {
    let fleet = Fleet::mixed(36 * 3);
    let state = fleet.cloud.path("state");
    let flags = ["--pace", "0", "--at-once", "8", "--go-on", "--state", &state.to_string_lossy()];
    let mut service = Service::of(&fleet, &flags)?;
    let names: Vec<&String> = fleet.names.iter().map(|(name, _)| name).collect();
    let is_done = |metrics: &str| {
        metrics.lines().filter(|line| line.starts_with("icloud_mail_account_asked{")).count() == names.len()
    };
    let mut all = service.metrics_with(is_done)?;
    all.push_str(&service.get("/")?.body);
    all.push_str(&service.ask("GET", "/metrics", "Accept: application/openmetrics-text\r\n")?.body);
    all.push_str(&service.ask("POST", "/-/reload", "")?.body);
    for name in &names {
        for path in ["/probe?target=", "/report?target=", "/report?which=failing&target="] {
            all.push_str(&service.get(&format!("{path}{name}"))?.body);
        }
    }
    for path in below(&state).into_iter().filter(|path| path.is_file()) {
        all.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
    }
    #[cfg(unix)]
    signal(&service, nix::sys::signal::Signal::SIGTERM);
    #[cfg(unix)]
    service.says("Stopped")?;
    all.push_str(&service.said.join("\n"));
    fleet.shows_no_password(&all)?;
    let address = regex::Regex::new(r"u\d+@(icloud\.com|quokka\.example)").unwrap();
    let shown = address.find(&all).map(|found| &all[found.start().saturating_sub(80)..found.end()]);
    holds(shown.is_none(), || format!("an address is shown: {shown:?}"))?;
    println!("serve: nothing secret in {} kB of answers, state and log", all.len() / 1024);
    Ok(())
}

pub(super) fn not_started() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let file = fleet.cloud.path("a-file");
    std::fs::write(&file, "x").unwrap();
    let named = fleet.cloud.path("named.csv");
    std::fs::write(&named, "name,email,password_command\nanna@icloud.com,anna@icloud.com,echo x\n").unwrap();
    let empty = fleet.cloud.path("web.yml");
    std::fs::write(&empty, "").unwrap();
    let unknown = fleet.cloud.path("unknown.yml");
    std::fs::write(&unknown, "basic_auth_user:\n  a: b\n").unwrap();
    let of = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let missing = fleet.cloud.path("missing.csv");
    for (list, flags, says) in [
        (&fleet.list, vec!["--listen", &taken], "cannot listen"),
        (&missing, vec![], "cannot be read"),
        (&named, vec![], "@"),
        (&fleet.list, vec!["--state", &of(&file)], "state folder"),
        (&fleet.list, vec!["--listen", "0.0.0.0:0"], "beyond this computer"),
        (&fleet.list, vec!["--listen", "0.0.0.0:0", "--web-config", &of(&empty)], "beyond this computer"),
        (&fleet.list, vec!["--web-config", &of(&unknown)], "basic_auth_users"),
        (&fleet.list, vec!["--interval", "1m"], "5m"),
        (&fleet.list, vec!["--again"], "--again"),
        (&fleet.list, vec!["--watch"], "--watch"),
        (&fleet.list, vec!["you@icloud.com"], "address"),
        (&std::path::PathBuf::from("-"), vec![], "standard input"),
    ] {
        let listen: &[&str] = if flags.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
        let ended = fleet.cloud.serve(list).args(listen).args(&flags).run();
        let is_one_sentence = ended.text().trim_end().lines().count() == 1;
        holds(ended.code == Some(2) && is_one_sentence, || format!("{flags:?}: {:?} {}", ended.code, ended.text()))?;
        holds(ended.text().contains(says), || format!("{flags:?}: {}", ended.text()))?;
    }
    holds(fleet.noted.counts().is_empty(), || "it signed in".to_owned())
}

/// A file that is not what it should be is named, and so is what is wrong with it.
pub(super) fn files() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let place = |name: &str, bytes: &[u8]| {
        std::fs::write(fleet.cloud.path(name), bytes).unwrap();
        fleet.cloud.path(name)
    };
    let folder = fleet.cloud.path("a-folder");
    std::fs::create_dir(&folder).unwrap();
    let binary = place("book.xlsx", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0A7\x82\xcfn\x01\0\0[Content_Types].xml");
    let named = "name,email,password_command\nanna,anna@icloud.com,x\nb@c,b@icloud.com,x\nc,c@icloud.com,x\nd@e,d@icloud.com,x\n";
    for (path, of_the_list, of_the_web_config) in [
        (fleet.cloud.path("missing.csv"), "No such file", "No such file"),
        (std::path::PathBuf::from("not-there/missing.yml"), "not-there/missing.yml", "not-there/missing.yml"),
        (folder, "it is a folder", "it is a folder"),
        (binary, "it is not text", "it is not text"),
        (place("empty.csv", b""), "has no account", ""),
        (place("latin.csv", b"name,email,password_command\nJ\xe4ger,anna@icloud.com,x\n"), "UTF-8", "it is not text"),
        (place("named.csv", named.as_bytes()), "in lines 3 and 5 of", "line 1"),
    ] {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let path = path.to_string_lossy().into_owned();
        let list = fleet.list.to_string_lossy().into_owned();
        let of_many = ["check", "--accounts", &path];
        let as_list = ["serve", "--listen", "127.0.0.1:0", "--accounts", &path];
        let as_config = ["serve", "--listen", "127.0.0.1:0", "--accounts", &list, "--web-config", &path];
        for (call, says) in
            [(&of_many[..], of_the_list), (&as_list[..], of_the_list), (&as_config[..], of_the_web_config)]
        {
            // An empty file protects nothing, and names are a matter of the service.
            if says.is_empty() || call[0] == "check" && name == "named.csv" {
                continue;
            }
            let ended = Doctor::new(call).run();
            let text = ended.text();
            let is_one_sentence = text.trim_end().lines().count() == 1;
            holds(ended.code == Some(2) && is_one_sentence, || format!("{call:?}: {:?} {text}", ended.code))?;
            holds(text.contains(says) && text.contains(&name), || format!("{call:?}: {text}"))?;
        }
    }
    Ok(())
}

/// What lies beside the unit can be used as it is said there.
pub(super) fn samples() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let packaged = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/serve");
    let list = packaged.join("accounts.toml").to_string_lossy().into_owned();
    for name in ["passwords_anna", "passwords_berta"] {
        std::fs::write(fleet.cloud.path(name), "qkwe-ruvz-mbhy-xgtn\n").unwrap();
    }
    let folder = fleet.cloud.path("").to_string_lossy().into_owned();
    let ended = Doctor::new(&["check", "--accounts", &list, "--credentials-dir", &folder, "--dry-run"]).run();
    holds(ended.code == Some(0) && ended.text().contains("it has 2 accounts"), || ended.text())?;
    let (certificate, key) = certificates::pem();
    for (name, text) in [("web_monitor.crt", certificate), ("web_monitor.key", key)] {
        std::fs::write(fleet.cloud.path(name), text).unwrap();
    }
    let sample = std::fs::read_to_string(packaged.join("web-config.yml")).unwrap();
    let file = fleet.cloud.path("web-config.yml");
    std::fs::write(&file, &sample).unwrap();
    let flags = ["--web-config", &file.to_string_lossy()];
    let ended = fleet.cloud.serve(&fleet.list).args(&["--listen", "127.0.0.1:0"]).args(&flags).run();
    holds(ended.code == Some(2) && ended.text().contains("not a hash"), || ended.text())?;
    std::fs::write(&file, sample.replace("PUT-THE-HASH-HERE", HASH)).unwrap();
    let service = Service::of(&fleet, &flags)?;
    let asked = certificates::asked_over_tls(service.address, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    holds(asked.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 401")), || format!("{asked:?}"))
}

/// Of "U*U", from the vectors of `crypt_blowfish`.
pub(super) const HASH: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

pub(super) fn passwords() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let file = fleet.cloud.path("web.yml");
    std::fs::write(&file, format!("basic_auth_users:\n  alice: {HASH}\n")).unwrap();
    // With it, it may listen beyond this computer, and is asked by any name.
    let flags = ["--web-config", &file.to_string_lossy()];
    let service = Service::of(&fleet, &flags)?;
    for (given, status) in [
        (None, 401),
        (Some("alice:U*U"), 200),
        (Some("alice:U*U"), 200),
        (Some("alice:wrong"), 401),
        (Some("bob:U*U"), 401),
        (Some("alice:"), 401),
        (Some(":"), 401),
    ] {
        for path in ["/metrics", "/", "/report?target=well-0", "/-/healthy"] {
            let header = given.map(|given| format!("Authorization: Basic {}\r\n", STANDARD.encode(given)));
            let answer = service.ask("GET", path, &header.unwrap_or_default())?;
            let is_right = answer.status == status || (status == 200 && answer.status == 404);
            holds(is_right, || format!("{given:?} {path}: {}", answer.head))?;
            holds(status == 200 || answer.head.contains("www-authenticate: basic"), || answer.head.clone())?;
            holds(status == 200 || !answer.body.contains("well-0"), || answer.body.clone())?;
        }
    }
    Ok(())
}

pub(super) fn encrypted() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let (certificate, key) = certificates::pem();
    for (name, text) in [("server.pem", certificate), ("server.key", key), ("ca.pem", certificates::root().pem())] {
        std::fs::write(fleet.cloud.path(name), text).unwrap();
    }
    let file = fleet.cloud.path("web.yml");
    let files = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n";
    std::fs::write(&file, files).unwrap();
    let flags = ["--web-config", &file.to_string_lossy()];
    let service = Service::of(&fleet, &flags)?;
    let asked = certificates::asked_over_tls(service.address, "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
    holds(asked.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")), || format!("{asked:?}"))?;
    let plain = service.sent(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")?;
    holds(!plain.contains("HTTP/1.1"), || plain.clone())?;
    drop(service);
    let asks = format!("{files}  client_ca_file: ca.pem\n  client_auth_type: RequireAndVerifyClientCert\n");
    std::fs::write(&file, asks).unwrap();
    let service = Service::of(&fleet, &flags)?;
    let asked = certificates::asked_over_tls(service.address, "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
    holds(!asked.as_ref().is_ok_and(|answer| answer.contains("HTTP/1.1")), || format!("{asked:?}"))
}
