//! Marks in the place of the guide's words, such as `[step 3 of password-refused]`: a kept report shows which words
//! were printed, and the page itself shows what they say.

use crate::guide::Page;
use crate::report::Finding;

/// Puts the marks into a finding; `page` is its page as the evidence filled it. Text that is not on the page stays,
/// such
/// as which server was sent no password.
pub(super) fn put(finding: &mut Finding, page: &Page) {
    let cause = &finding.cause;
    let own = page.means.split("\n\n").count();
    let added = finding.means.split("\n\n").skip(own).map(|paragraph| format!("\n\n{paragraph}"));
    finding.means = format!("[what {cause} means]{}", added.collect::<String>());
    finding.worked = format!("[how to see that {cause} is gone]");
    assert_eq!(finding.steps.len(), page.steps.len(), "the steps of {cause}");
    finding.steps = page.steps.iter().map(|step| format!("[step {} of {cause}]", step.number)).collect();
    for (at, link) in finding.links.iter_mut().enumerate() {
        link.title = format!("[link {} of {cause}]", at + 1);
        link.url = format!("https://[link {} of {cause}]", at + 1);
    }
}
