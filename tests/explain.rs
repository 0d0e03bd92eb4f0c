//! The causes that a pasted error or log leads to, through the binary that a user gets: real incidents, and healthy
//! texts that must yield nothing. The larger corpus beside them is checked in `src/explain`.

#![allow(clippy::disallowed_methods, reason = "a test speaks for itself")]
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod doctor;

use std::io::Write as _;

use doctor::{piped, run};
use serde::Deserialize;
use serde_json::Value;

/// The causes that the text leads to, the likeliest first.
fn causes(text: &str) -> Vec<String> {
    let output = piped(&["explain", "-", "--format", "json"], text.as_bytes());
    let explanation: Value = serde_json::from_slice(&output.out).unwrap();
    let findings = explanation["findings"].as_array().unwrap();
    assert_eq!(output.code, Some(if findings.is_empty() { 3 } else { 0 }), "{text}");
    findings.iter().map(|finding| finding["cause"].as_str().unwrap().to_owned()).collect()
}

/// The causes of each text; several at a time, since starting the program takes longest.
fn causes_of_all(texts: &[&str]) -> Vec<Vec<String>> {
    let share = texts.len().div_ceil(4).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = texts
            .chunks(share)
            .map(|texts| scope.spawn(|| texts.iter().map(|text| causes(text)).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn data(name: &str) -> String {
    std::fs::read_to_string(doctor::tests().join("explain").join(name)).unwrap()
}

fn say(line: &str) {
    // The figures are for a person who reads the output; without one, they are not missed.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Incidents {
    incident: Vec<Incident>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Incident {
    id: String,
    text: String,
    causes: Vec<String>,
    #[allow(dead_code, reason = "for whoever doubts it")]
    source: String,
    /// Why the text alone cannot tell.
    hopeless: Option<String>,
}

#[test]
fn the_true_cause_of_an_incident_is_among_the_first_three() {
    let incidents = toml::from_str::<Incidents>(&data("incidents.toml")).unwrap().incident;
    let texts: Vec<&str> = incidents.iter().map(|incident| incident.text.as_str()).collect();
    let (mut first, mut among, mut missed) = (0, 0, Vec::new());
    for (incident, found) in incidents.iter().zip(causes_of_all(&texts)) {
        let is_true = |cause: &String| incident.causes.contains(cause);
        first += usize::from(found.first().is_some_and(is_true));
        let is_found = found.iter().take(3).any(is_true);
        among += usize::from(is_found);
        if !is_found && incident.hopeless.is_none() {
            missed.push(format!("{}: {:?} and not {:?}", incident.id, found, incident.causes));
        }
    }
    let hopeless = incidents.iter().filter(|incident| incident.hopeless.is_some()).count();
    let of = incidents.len();
    say(&format!("incidents: {first} first, {among} among the first three, of {of}, of which {hopeless} are hopeless"));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_healthy_or_about_something_else_yields_nothing() {
    let texts = data("nothing.txt");
    for text in texts.split("\n----\n") {
        assert_eq!(causes(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn nothing_known_is_said_kindly_and_with_exit_code_3() {
    let (code, out, error) = run(&["explain", "the moon is made of cheese"]);
    assert_eq!((code, error.as_str()), (Some(3), ""));
    assert!(out.contains("icloud-mail-doctor check") && out.contains("paste it whole"), "{out}");
    let (code, out, _) = run(&["explain", "the moon", "--format", "json"]);
    assert_eq!(code, Some(3));
    let explanation: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(explanation, serde_json::json!({ "schema_version": 1, "findings": [], "question": null }));
}

#[test]
fn a_general_phrase_leads_to_a_question_and_a_telling_text_to_steps() {
    let (code, out, _) = run(&["explain", "Login failed"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("Which password did you give the mail program?") && !out.contains("What to do\n"), "{out}");
    let (_, out, _) = run(&["explain", "Login failed", "--format", "json"]);
    let explanation: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(explanation["question"]["answers"][0]["cause"], "apple-password-used");
    let (_, out, _) = run(&["explain", "imap.mail.me.com:143 says: certificate has expired"]);
    assert!(out.contains("What to do\n"), "{out}");
    assert!(out.replace('\n', " ").contains("check you@icloud.com --imap-port 143 --imap-security starttls"), "{out}");
}

#[test]
fn a_check_after_the_text_needs_a_text_and_an_address_and_prints_for_a_person() {
    for (words, wanted) in [
        (&["--then-check", "Login failed"][..], "no text is given"),
        (&["Login failed", "--then-check", "you"], "not an email address"),
        (&["Login failed", "--then-check", "--format", "json"], "two reports"),
    ] {
        let (code, out, error) = run(&[&["explain"], words].concat());
        assert_eq!((code, out.as_str()), (Some(2), ""), "{words:?}");
        assert!(error.contains(wanted), "{words:?}: {error}");
    }
}

#[test]
fn a_finding_has_the_shape_of_a_reports() {
    let report = run(&["rehearse", "imap/password-refused", "--format", "json"]).1;
    let report: Value = serde_json::from_str(&report).unwrap();
    let explanation: Value =
        serde_json::from_str(&run(&["explain", "authentication failed", "--format", "json"]).1).unwrap();
    let keys = |finding: &Value| finding.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let finding = &explanation["findings"][0];
    assert_eq!(keys(finding), keys(&report["findings"][0]));
    assert_eq!(keys(&finding["because"][0]), keys(&report["findings"][0]["because"][0]));
    assert!(explanation["findings"].as_array().unwrap().len() <= 5);
    let page: Value = serde_json::from_str(&run(&["explain", "port-blocked", "--format", "json"]).1).unwrap();
    assert_eq!(page["findings"][0]["cause"], "port-blocked");
}

#[test]
fn the_steps_can_be_worded_for_a_mail_program() {
    let (code, out, _) = run(&["explain", "wrong version number, smtp.mail.me.com:587", "--client", "thunderbird"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("In Thunderbird:"), "{out}");
    let (_, out, _) = run(&["explain", "535 5.7.8 authentication failed", "--client", "thunderbird"]);
    assert!(out.replace('\n', " ").contains("explain apple-password-used --client thunderbird"), "{out}");
}

#[test]
fn icloud_is_not_blamed_for_another_providers_server() {
    for (line, server) in [
        (
            "Nov 24 10:00:00 mx postfix/smtp[9]: SASL authentication failed; server mail.gmx.net said: 535 Authentication credentials invalid",
            "mail.gmx.net",
        ),
        ("imap.gmail.com: AUTHENTICATE failed: invalid credentials", "imap.gmail.com"),
        ("smtp.office365.com said: 535 5.7.3 Authentication unsuccessful", "smtp.office365.com"),
        ("imap.gmx.net:993 timed out", "imap.gmx.net"),
        ("Login to server mail.mycompany.de failed: Authentication failed", "mail.mycompany.de"),
    ] {
        let (code, out, _) = run(&["explain", line]);
        assert_eq!(code, Some(3), "{out}");
        let about = format!("These lines are about {server}, not about iCloud Mail.");
        assert!(out.contains(&about) && !out.contains("account.apple.com"), "{out}");
        let (_, json, _) = run(&["explain", line, "--format", "json"]);
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["findings"], serde_json::json!([]));
        // Beside a line about iCloud it counts for nothing, and the output says so.
        let both = format!("{line}\nimap.mail.me.com: certificate has expired\n");
        let out = String::from_utf8(piped(&["explain", "-"], both.as_bytes()).out).unwrap();
        assert!(out.contains("certificate-expired") && !out.contains("apple-password-used"), "{out}");
        assert!(out.contains(&format!("Lines about {server} were left aside")), "{out}");
    }
}

#[test]
fn mail_that_others_send_to_icloud_is_told_apart() {
    let said = "about mail that others send to iCloud, not about this account's settings.";
    let account = "smtp.mail.me.com said: 535 5.7.8 failed";
    let line = "relay=mx01.mail.icloud.com[17.57.156.30]:25, delays=0.1/0/0.5/0";
    let (code, out, _) = run(&["explain", line]);
    assert_eq!(code, Some(3), "{out}");
    assert!(out.split_whitespace().collect::<Vec<_>>().join(" ").contains(said), "{out}");
    assert_eq!(causes(&format!("{line}\n{account}"))[0], "apple-password-used");
    // What those servers answer has a cause of its own, beside what is said of the account.
    let line = "mx01.mail.icloud.com said: 421 4.7.1 try again later";
    assert_eq!(causes(line), ["refused-by-icloud"]);
    let (_, out, _) = run(&["explain", line]);
    assert!(!out.contains("left aside"), "{out}");
    let both = causes(&format!("{line}\n{account}"));
    assert!(["refused-by-icloud", "apple-password-used"].iter().all(|cause| both.iter().any(|found| found == cause)));
}

#[test]
fn the_words_of_another_server_are_not_icloud_s() {
    for line in [
        "relay.corp.example: 550 5.7.0 From address is not one of your addresses",
        "localhost:1025 proton bridge: 535 5.7.8 authentication failed",
    ] {
        let (code, out, _) = run(&["explain", line]);
        assert_eq!(code, Some(0), "{out}");
        assert!(!out.contains("certain:") && !out.contains("likely") && !out.contains("iCloud's server says"), "{out}");
        let (_, json, _) = run(&["explain", line, "--format", "json"]);
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["findings"][0]["sure"], "possible");
    }
}

#[test]
fn who_got_no_answer_was_not_refused() {
    let text = "Sending of the message failed. The message could not be sent because the connection to Outgoing server \
                (SMTP) smtp.mail.me.com timed out. Try again.";
    let found = causes(text);
    assert_eq!(found[0], "port-blocked");
    for cause in ["apple-password-used", "sender-not-owned", "smtp-username-form", "not-an-icloud-login"] {
        assert!(!found.iter().any(|found| found == cause), "{found:?}");
    }
    let sure = |code| run(&["explain", code]).1;
    assert!(!sure("0x800CCC78").contains("likely") && !sure("0x800CCC78").contains("The sign-in was right"));
    assert!(sure("0x800CCC0E").contains("Outlook says that it did not reach the server"));
}

#[test]
fn nobody_is_told_what_was_just_done_or_what_nobody_saw() {
    let advice = "explain - < FILE";
    assert!(run(&["explain", "the moon is made of cheese"]).1.contains(advice));
    let output = piped(&["explain", "-"], b"the moon is made of cheese");
    assert!(!String::from_utf8(output.out).unwrap().contains(advice));
    let (_, out, _) = run(&["explain", "535 5.7.8 authentication failed"]);
    assert!(out.contains("What the text says") && out.contains("nothing was checked"), "{out}");
    for seen in ["What we saw", "The password that was tried"] {
        assert!(!out.contains(seen), "{seen}: {out}");
    }
    let (_, page, _) = run(&["explain", "apple-password-used"]);
    assert!(page.contains("nothing was checked for it") && !page.contains("that was tried does not"), "{page}");
}

/// What a person reads of a text, on one line.
fn told(text: &str) -> String {
    let output = piped(&["explain"], text.as_bytes());
    String::from_utf8(output.out).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_advised_fits_who_wrote_the_text() {
    let by_a_script =
        told("Traceback (most recent call last):\nsmtplib.SMTPServerDisconnected: Connection unexpectedly closed");
    let by_a_person = told("The server has dropped the connection to my mail on this laptop");
    assert!(by_a_person.contains("Wi-Fi") && by_a_person.contains("hotspot"), "{by_a_person}");
    for words in ["Wi-Fi", "hotspot", "IDLE", "without a word of explanation", "the check three times"] {
        assert!(!by_a_script.contains(words), "{words}: {by_a_script}");
    }
    let on_a_server = told("stream_socket_enable_crypto(): certificate verify failed in /var/www/html/mail.php");
    assert!(on_a_server.contains("openssl s_client"), "{on_a_server}");
    for words in ["View Certificate", "Avast", "Windows Update"] {
        assert!(!on_a_server.contains(words), "{words}: {on_a_server}");
    }
    let elsewhere = told(
        "Thunderbird connects just fine.\nTraceback (most recent call last):\n[SSL: WRONG_VERSION_NUMBER] smtp 587",
    );
    assert!(!elsewhere.contains("In Thunderbird:"), "{elsewhere}");
}

#[test]
fn the_page_of_a_refusal_says_what_the_answer_means_and_whether_it_is_final() {
    let listed = told(
        "<ann@me.com>: host mx01.mail.icloud.com[17.57.156.30] said: 550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.7",
    );
    assert!(
        listed.contains("The answer is `550 5.7.0`.") && listed.contains("dnsbl-lookup.cgi?ip=192.0.2.7 and ask"),
        "{listed}"
    );
    assert!(
        listed.contains("it is not sent again by itself") && !listed.contains("asks the servers themselves"),
        "{listed}"
    );
    let later = told("host mx01.mail.icloud.com[17.57.156.30] said: 421 4.7.1 try again later");
    assert!(later.contains("tries again by itself") && !later.contains("came back:"), "{later}");
    let both = told(
        "host mx01.mail.icloud.com said: 451 4.7.1 try again later\nstatus=bounced (host mx01.mail.icloud.com said: 503 5.5.1 Error)",
    );
    assert!(both.contains("The answer is `503 5.5.1`.") && both.contains("to fewer recipients at once"), "{both}");
}
