//! Marks in the place of the guide's words, such as `[step 3 of password-refused]`: a page says itself what it says, and a
//! kept report says which of it was told.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// Puts them into the findings of a report. Whatever a page does not say stays, such as which server was sent no password; a step that
/// is on no page is a fault.
pub(crate) fn put(findings: &mut Value) {
    for finding in findings.as_array_mut().unwrap() {
        let cause = finding["cause"].as_str().unwrap().to_owned();
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide");
        let page = fs::read_to_string(pages.join(format!("{cause}.md"))).unwrap().replace('\r', "");
        let rest = |field: &Value, heading| {
            let words = section(&page, heading);
            let rest = field.as_str().unwrap().strip_prefix(words.as_str()).map(str::to_owned);
            rest.unwrap_or_else(|| panic!("the page of {cause} does not say: {field}"))
        };
        finding["means"] = format!("[what {cause} means]{}", rest(&finding["means"], "What it means")).into();
        let worked = rest(&finding["worked"], "How to see that it worked");
        finding["worked"] = format!("[how to see that {cause} is gone]{worked}").into();
        let steps = section(&page, "What to do");
        let steps: Vec<&str> = steps.lines().filter_map(|line| line.split_once(". ")).map(|(_, step)| step).collect();
        for step in finding["steps"].as_array_mut().unwrap() {
            let at = steps.iter().position(|written| step == written);
            let at = at.unwrap_or_else(|| panic!("the page of {cause} has no step: {step}"));
            *step = format!("[step {} of {cause}]", at + 1).into();
        }
        for (at, link) in finding["links"].as_array_mut().unwrap().iter_mut().enumerate() {
            link["title"] = format!("[link {} of {cause}]", at + 1).into();
            link["url"] = format!("https://[link {} of {cause}]", at + 1).into();
        }
    }
}

/// What a page says below one of its headings.
fn section(page: &str, heading: &str) -> String {
    let below = page.split("\n## ").find_map(|section| section.strip_prefix(heading)?.strip_prefix('\n'));
    below.unwrap_or_else(|| panic!("the page has no {heading}: {page}")).trim().to_owned()
}
