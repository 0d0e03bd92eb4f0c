//! The command `explain`: finds out what was given, and prints what there is to say about it.

use super::given::{self, Given};
use super::names;
use super::{explained, page};
use crate::cli::ExplainArguments;
use crate::cli::address::address;
use crate::cli::check::CheckArguments;
use crate::diagnosis::CAUSES;
use crate::guide::Facts;
use crate::meant::shown;
use crate::misuse::Misuse;
use crate::render::{self, Detail, render};
use crate::report::{Explanation, Log};
use crate::signals::HeldBack;
use crate::{aside, check, guide, limits, output};

/// The exit code for a text in which nothing is recognised.
const UNCLEAR: u8 = 3;

/// Prints a page, lists the causes, or explains a text.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<u8, Misuse> {
    let program = arguments.client.as_deref();
    let pages = |findings| print(&Explanation { findings, ..Explanation::default() }, arguments);
    let is_for_programs = !arguments.format.has_styles;
    if let Some(email) = &arguments.then_check {
        can_check(email.first().map(String::as_str), arguments)?;
    }
    match given::read(&arguments.given)? {
        Given::Nothing if is_for_programs => pages(CAUSES.iter().map(|cause| page(cause.id, program)).collect()),
        Given::Nothing => output::print(list(arguments.screen.look(Detail::Usual).width).as_bytes()),
        Given::Cause(cause) if is_for_programs => pages(vec![page(cause, program)]),
        Given::Topic(_) if is_for_programs => {
            Err(Misuse::new("that page is for people, and not about a cause", "leave --format out"))
        }
        Given::Topic(text) => {
            let mut out = Vec::new();
            // Writing to memory cannot fail.
            let _ = render::topic(
                guide::title_of(text),
                guide::parts(text),
                arguments.screen.look(Detail::Usual),
                &mut out,
            );
            output::print_colored(&out, arguments.screen.color_choice())
        }
        Given::Cause(cause) => {
            let mut text = Vec::new();
            let page = guide::page(cause, &Facts::default()).unwrap_or_default();
            // Writing to memory cannot fail.
            let _ = render::page(cause, &page, program, arguments.screen.look(Detail::Usual), &mut text);
            output::print_colored(text.trim_ascii_start(), arguments.screen.color_choice())
        }
        Given::Words(text) => {
            if let Some(meant) = names::mistyped(&text) {
                return Err(no_such_cause(&text, &[meant]));
            }
            let explanation = explained(&text, None, program, None);
            let begun = names::begun(&text);
            if explanation.findings.is_empty() && !begun.is_empty() {
                return Err(no_such_cause(&text, &begun));
            }
            tell(&explanation, arguments)
        }
        Given::Log(log) => {
            let read = if log.gap.is_some() { Log::InPart } else { Log::Whole };
            tell(&explained(&log.text, log.gap, program, Some(read)), arguments)
        }
    }
}

fn no_such_cause(word: &str, meant: &[&str]) -> Misuse {
    let next = format!("did you mean {}? `icloud-mail-doctor explain` lists them all", meant.join(" or "));
    let word = shown(word.trim(), meant.iter().copied(), "that");
    Misuse::new(format!("{word} is not a cause"), next)
}

fn tell(explanation: &Explanation, arguments: &ExplainArguments) -> Result<u8, Misuse> {
    let code = if explanation.findings.is_empty() { UNCLEAR } else { 0 };
    print(explanation, arguments)?;
    match &arguments.then_check {
        Some(email) => then_check(email.first().cloned(), &explanation.flags, explanation.client.as_deref()),
        None => Ok(code),
    }
}

/// Whether the servers can be asked after the text is explained.
fn can_check(email: Option<&str>, arguments: &ExplainArguments) -> Result<(), Misuse> {
    if !arguments.format.has_styles {
        let next = "leave --format out, or run `icloud-mail-doctor check` with it";
        return Err(Misuse::new("--then-check prints two reports, and a program reads one", next));
    }
    if arguments.given.is_empty() {
        return Err(Misuse::new("no text is given", "write the text first, and --then-check after it"));
    }
    email.map_or(Ok(()), |email| address(email, "what follows --then-check"))
}

/// Asks the servers, with the settings in the text.
fn then_check(email: Option<String>, flags: &[String], program: Option<&str>) -> Result<u8, Misuse> {
    limits::lift();
    let mut call = CheckArguments::of(flags);
    call.telling.client = program.map(str::to_owned);
    let with_settings = if flags.is_empty() { String::new() } else { format!(", with {}", flags.join(" ")) };
    let without_sign_in = if email.is_none() { " No sign-in is tried, because no address was given." } else { "" };
    call.email = email;
    aside::say("");
    aside::say(format!("Now the servers are asked{with_settings}.{without_sign_in}"));
    check::run(&call, Some(HeldBack::begin()))
}

fn list(width: usize) -> String {
    let causes: Vec<_> = CAUSES.iter().map(|cause| (cause.id.to_owned(), guide::title(cause.id))).collect();
    let topics = guide::TOPICS.map(|(id, text)| (id.to_owned(), guide::title_of(text).to_owned()));
    render::list(&causes.into_iter().chain(topics).collect::<Vec<_>>(), width, 0)
}

fn print(explained: &Explanation, arguments: &ExplainArguments) -> Result<u8, Misuse> {
    let (screen, mut text) = (&arguments.screen, Vec::new());
    render(arguments.format, screen.look(Detail::Usual), explained, &mut text).map_err(|fault| {
        Misuse::fault(format!("the answer cannot be put together ({fault})"), "choose another format")
    })?;
    output::print_colored(text.trim_ascii_start(), screen.color_choice())
}
