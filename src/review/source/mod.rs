//! The text of a settings file, of which no secret is ever shown.

mod blanked;

use std::collections::BTreeSet;
use std::ops::Range;

use checks::secret::HIDDEN;

use super::account::{Edit, Stated};
use super::mend::applied;
use super::programs::Program;
use super::secrets::Secrets;
use super::url::decoded;
use crate::redact::redacted_settings;
pub(crate) use blanked::Blanked;

/// A file's text, with the places of all secrets that its reader found.
pub(crate) struct Source {
    text: String,
    /// The places of the secrets, in order and without overlaps.
    secrets: Vec<Range<usize>>,
    /// The secrets themselves, because the file may repeat them elsewhere.
    values: Vec<String>,
    /// Where each line begins.
    lines: Vec<usize>,
}

/// A changed line before and after; `before` is `None` for a new line.
pub(super) struct Difference {
    pub(super) before: Option<Blanked>,
    pub(super) after: Blanked,
}

/// Replaces each byte of a secret until the line is complete.
const FILLER: char = '\u{1}';

/// A shorter secret is blanked only at its own place, because the same characters may be elsewhere by chance.
const SHORTEST_VALUE: usize = 6;
/// How many secrets are also looked for elsewhere in the file.
const MOST_VALUES: usize = 500;
/// How many lines before a changed one are read, because they may announce a secret.
const LINES_BEFORE: usize = 8;
/// How many bytes around a change are read.
const AROUND: usize = 1000;

impl Source {
    /// The text of a program's file, with the secrets that its reader found and those in its comments.
    pub(super) fn of(text: String, mut secrets: Secrets, program: &Program) -> Self {
        secrets.note_comments(&text, program.comments);
        Self::new(text, secrets)
    }

    fn new(text: String, secrets: Secrets) -> Self {
        let mut values = BTreeSet::new();
        for secret in secrets.passwords.iter().filter_map(|at| text.get(at.clone())).flat_map(forms) {
            if values.len() < MOST_VALUES && secret.len() >= SHORTEST_VALUE {
                values.insert(secret);
            }
        }
        // A secret may be the beginning of a longer one.
        let mut values: Vec<String> = values.into_iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        let secrets = merged(&text, [secrets.passwords, secrets.commands, secrets.comments].concat());
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, secrets, values, lines }
    }

    /// Returns the text with its secrets, for writing the file.
    pub(super) fn unblanked(&self) -> &str {
        &self.text
    }

    /// Returns the whole text without its secrets.
    pub(super) fn blanked(&self) -> String {
        redacted_settings(&collapsed(&self.filled(0..self.text.len())))
    }

    /// Returns whether a part of this place is a secret or a comment.
    pub(super) fn is_secret(&self, place: Range<usize>) -> bool {
        self.overlapping(&place).next().is_some()
    }

    /// Returns the number of the line that a place is on, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at)
    }

    /// Returns a value of the file, for a sentence about it.
    pub(super) fn quoted(&self, said: &Stated<String>) -> Blanked {
        let is_secret = said.at.as_ref().is_some_and(|at| self.overlapping(at).next().is_some());
        if is_secret {
            return Blanked::from(HIDDEN);
        }
        let mut text = until(&said.is, AROUND).to_owned();
        self.fill_values(&mut text);
        Blanked::of(&redacted_settings(&collapsed(&text)), 0)
    }

    /// Returns the lines that these changes affect, before and after.
    pub(super) fn differences(&self, edits: &[Edit]) -> Vec<Difference> {
        let mut lines: Vec<(Option<usize>, Vec<&Edit>)> = Vec::new();
        for edit in edits {
            let number = (!edit.with.ends_with('\n')).then(|| self.line(edit.at.start));
            let is_near = |other: &&Edit| other.at.start.abs_diff(edit.at.start) < AROUND;
            match lines.iter_mut().find(|(known, own)| number.is_some() && *known == number && own.iter().all(is_near))
            {
                Some((_, own)) => own.push(edit),
                None => lines.push((number, vec![edit])),
            }
        }
        lines.iter().map(|(_, edits)| self.difference(edits)).collect()
    }

    /// Returns a line before and after the changes to it.
    fn difference(&self, edits: &[&Edit]) -> Difference {
        let start = edits.iter().map(|edit| edit.at.start).min().unwrap_or_default();
        let end = edits.iter().map(|edit| edit.at.end).max().unwrap_or_default().min(start + 2 * AROUND);
        let end = self.text.floor_char_boundary(end).max(start);
        let line = self.line(start);
        let far = self.text.floor_char_boundary(start.saturating_sub(AROUND));
        let begin = self.lines[line.saturating_sub(1 + LINES_BEFORE)].max(far);
        let stop = self.lines.get(self.line(end)).map_or(self.text.len(), |next| next - 1);
        let stop = self.text.floor_char_boundary(stop.min(end + AROUND)).max(end);
        let (around, inside, rest) = (self.filled(begin..start), self.filled(start..end), self.filled(end..stop));
        let number = around.matches('\n').count();
        let shown = |changed: &str, rest: &str| {
            let text = redacted_settings(&collapsed(&format!("{around}{changed}{rest}")));
            text.lines().nth(number).unwrap_or_default().to_owned()
        };
        let within = |edit: &&Edit| {
            let mut with = until(&edit.with, AROUND).to_owned();
            self.fill_values(&mut with);
            Edit { at: edit.at.start - start..edit.at.end.min(end) - start, with }
        };
        let changed = applied(&inside, &edits.iter().map(within).collect::<Vec<_>>());
        if edits.iter().all(|edit| edit.with.ends_with('\n')) {
            return Difference { before: None, after: Blanked::of(&shown(changed.trim_end(), ""), 0) };
        }
        let (before, after) = (shown(&inside, &rest), shown(&changed, &rest));
        let alike = before.chars().zip(after.chars()).take_while(|(one, other)| one == other).count();
        Difference { before: Some(Blanked::of(&before, alike)), after: Blanked::of(&after, alike) }
    }

    /// Returns the secrets that overlap with this place.
    fn overlapping(&self, place: &Range<usize>) -> impl Iterator<Item = &Range<usize>> {
        let first = self.secrets.partition_point(|secret| secret.end <= place.start);
        let end = place.end;
        self.secrets[first..].iter().take_while(move |secret| secret.start < end)
    }

    /// Returns a part of the text with the same length, with fillers in the place of secrets.
    fn filled(&self, place: Range<usize>) -> String {
        let mut text = self.text[place.clone()].to_owned();
        for secret in self.overlapping(&place) {
            let (start, end) = (secret.start.max(place.start), secret.end.min(place.end));
            fill(&mut text, start - place.start..end - place.start);
        }
        self.fill_values(&mut text);
        text
    }

    fn fill_values(&self, text: &mut String) {
        for value in &self.values {
            while let Some(at) = text.find(value.as_str()) {
                fill(text, at..at + value.len());
            }
        }
    }
}

fn fill(text: &mut String, place: Range<usize>) {
    let fillers = FILLER.to_string().repeat(place.len());
    text.replace_range(place, &fillers);
}

/// Returns the text with one word for each run of fillers.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut was_filler = false;
    for letter in text.chars() {
        match letter {
            FILLER if was_filler => {}
            FILLER => out.push_str(HIDDEN),
            letter => out.push(letter),
        }
        was_filler = letter == FILLER;
    }
    out
}

/// Returns the forms in which a secret may be written: unchanged, without quotes and backslashes, and percent-decoded.
fn forms(secret: &str) -> [String; 3] {
    let secret = secret.trim().trim_matches(['"', '\'']);
    [secret.to_owned(), secret.replace('\\', ""), decoded(secret)]
}

/// Returns the places in order; those that touch each other are merged, and extended to whole characters.
fn merged(text: &str, mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| (place.start, place.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for place in places {
        let place = text.floor_char_boundary(place.start)..text.ceil_char_boundary(place.end);
        match merged.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ if place.is_empty() => {}
            _ => merged.push(place),
        }
    }
    merged
}

/// Returns at most this many bytes of a text.
fn until(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(at: Range<usize>, with: &str) -> Edit {
        Edit { at, with: with.to_owned() }
    }

    fn source(text: &str, secret: &str) -> Source {
        let places = text.match_indices(secret).map(|(at, _)| at..at + secret.len()).take(1);
        Source::new(text.to_owned(), Secrets { passwords: places.collect(), ..Secrets::default() })
    }

    fn shown(source: &Source, edits: &[Edit]) -> String {
        let both = |changed: Difference| format!("{}|{}", changed.before.unwrap_or("".into()), changed.after);
        source.differences(edits).into_iter().map(both).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_secret_is_blanked_before_and_after_a_change() {
        let text = "poll h user ann pass hunter no ssl # hunter\n";
        let at = text.find("no ssl").unwrap();
        assert_eq!(
            shown(&source(text, "hunter"), &[edit(at..at + 6, "ssl")]),
            "poll h user ann pass [hidden] no ssl # [hidden]|poll h user ann pass [hidden] ssl # [hidden]"
        );
    }

    #[test]
    fn the_whole_text_is_shown_without_what_is_secret_in_it() {
        let source = source("poll h user ann pass hunter2\nssl # it was hunter2\nport 993\n", "hunter2");
        assert_eq!(source.blanked(), "poll h user ann pass [hidden]\nssl # it was [hidden]\nport 993\n");
    }

    #[test]
    fn what_a_change_copies_is_blanked_too() {
        let text = "a = x-ray-9\nb = 1\n";
        let shown = shown(&source(text, "x-ray-9"), &[edit(12..12, "a = x-ray-9\n"), edit(16..17, "x-ray-9")]);
        assert_eq!(shown, "|a = [hidden]\nb = 1|b = [hidden]");
    }

    #[test]
    fn a_change_that_cuts_a_secret_shows_nothing_of_it() {
        let text = "k tulip-tree-bark v\n";
        assert_eq!(
            shown(&source(text, "tulip-tree-bark"), &[edit(8..12, "XX")]),
            "k [hidden] v|k [hidden]XX[hidden] v"
        );
    }

    #[test]
    fn of_a_long_line_what_is_near_the_change_is_shown() {
        let text = format!("{}port 143{}", "a ".repeat(500_000), " b".repeat(500_000));
        let at = text.find("143").unwrap();
        let shown = shown(&source(&text, "nothing"), &[edit(at..at + 3, "993")]);
        assert!(shown.len() < 1000 && shown.contains("port 143 b") && shown.contains("port 993 b"), "{shown}");
    }

    #[test]
    fn places_have_the_lines_that_editors_count() {
        let source = source("a\nb\n\nc", "nothing");
        assert_eq!([0, 1, 2, 4, 5, 6, 99].map(|at| source.line(at)), [1, 1, 2, 3, 4, 4, 4]);
    }

    #[test]
    fn what_a_sentence_quotes_is_blanked_by_place_and_by_value() {
        let source = source("host hunter2 x", "hunter2");
        let said = |is: &str, at| Stated { is: is.to_owned(), at, mend: None };
        assert_eq!(source.quoted(&said("anything", Some(5..8))).to_string(), "[hidden]");
        assert_eq!(source.quoted(&said("a-hunter2-b", None)).to_string(), "a-[hidden]-b");
        assert!(source.quoted(&said(&"x".repeat(100_000), None)).to_string().len() < 500);
    }
}
