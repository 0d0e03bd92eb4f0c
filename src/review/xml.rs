//! XML as mail programs keep settings in it: elements with their places. Entities are not expanded, and nothing is loaded.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use super::account::Stated;
use super::lines::Word;
use super::secrets::Secrets;

/// No settings are deeper.
const DEEPEST: usize = 64;
/// No settings have more elements.
const MOST: usize = 50_000;

/// An element, with where it is in the text.
#[derive(Debug)]
pub(crate) struct Element<'t> {
    pub(crate) name: &'t str,
    /// From its first tag to its last.
    pub(crate) place: Range<usize>,
    /// What is between its tags, without the spaces around it.
    pub(crate) content: Word<'t>,
    attributes: Vec<(&'t str, Word<'t>)>,
    children: Vec<usize>,
}

/// The elements of a text, in order.
#[derive(Debug, Default)]
pub(crate) struct Document<'t> {
    elements: Vec<Element<'t>>,
    pub(crate) secrets: Secrets,
}

impl<'t> Element<'t> {
    pub(crate) fn attribute(&self, name: &str) -> Option<&'t str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.text)
    }

    /// The text of an element without others in it, and without the marks of a CDATA section; `None` if it is empty.
    pub(crate) fn value(&self) -> Option<Word<'t>> {
        let word = self.content;
        let inner = word.text.strip_prefix("<![CDATA[").and_then(|rest| rest.strip_suffix("]]>"));
        let word = inner.map_or(word, |inner| word.from("<![CDATA[".len()).until(inner.len()));
        (self.children.is_empty() && !word.text.is_empty()).then_some(word)
    }

    /// Its text with `&amp;` and the like replaced by what they mean.
    pub(crate) fn said(&self) -> Option<Stated<String>> {
        let word = self.value()?;
        Some(Stated { is: unescape(word.text).map_or_else(|_| word.text.to_owned(), Into::into), ..word.said() })
    }
}

impl<'t> Document<'t> {
    /// Reads a text. The error is half a sentence, and repeats nothing of the text.
    pub(crate) fn of(text: &'t str) -> Result<Self, String> {
        let mut document = Self::default();
        let mut reader = Reader::from_str(text);
        let mut open: Vec<usize> = Vec::new();
        loop {
            let start = place(reader.buffer_position());
            let line = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
            let event = reader
                .read_event()
                .map_err(|_| format!("line {} is not well-formed XML", line(place(reader.error_position()))))?;
            let at = start..place(reader.buffer_position());
            let whole = Word { text: text.get(at.clone()).unwrap_or_default(), start };
            let (parent, is_empty) = (open.last().copied(), matches!(event, Event::Empty(_)));
            match event {
                Event::Start(_) | Event::Empty(_) => {
                    if document.elements.len() == MOST || open.len() == DEEPEST {
                        return Err("it has more elements than the settings of a mail program have".to_owned());
                    }
                    let nth = document.elements.len();
                    document.elements.push(Element::of(whole));
                    if let Some(parent) = parent.and_then(|parent| document.elements.get_mut(parent)) {
                        parent.children.push(nth);
                    }
                    match is_empty {
                        true => document.note(nth),
                        false => open.push(nth),
                    }
                }
                Event::End(_) => {
                    let Some(nth) = open.pop() else { continue };
                    if let Some(element) = document.elements.get_mut(nth) {
                        element.end(text, at);
                    }
                    document.note(nth);
                }
                Event::DocType(_) if whole.text.contains("<!ENTITY") => {
                    return Err(format!("line {} defines an entity, which no mail program's settings do", line(start)));
                }
                Event::Comment(_) | Event::PI(_) => document.secrets.comments.push(at),
                Event::Eof => break,
                _ => {}
            }
        }
        match open.last().and_then(|nth| document.elements.get(*nth)) {
            Some(_) => Err("it ends before all of its elements do, so a part of the file is missing".to_owned()),
            None if document.elements.is_empty() => Err("there is no XML in it".to_owned()),
            None => Ok(document),
        }
    }

    /// Notes the secrets in an element that has ended.
    fn note(&mut self, nth: usize) {
        let Some(element) = self.elements.get(nth) else { return };
        let key = element.attribute("key").unwrap_or_default();
        for name in [element.name, key] {
            self.secrets.note(name, element.content);
        }
        if element.children.is_empty() {
            self.secrets.note_url(element.content);
        }
        for (name, value) in &element.attributes {
            self.secrets.note(name, *value);
            self.secrets.note_url(*value);
        }
    }

    /// Every element with this name, however deep.
    pub(crate) fn every(&self, name: &str) -> impl Iterator<Item = &Element<'t>> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    pub(crate) fn children(&self, of: &Element<'t>) -> impl Iterator<Item = &Element<'t>> {
        of.children.iter().filter_map(|nth| self.elements.get(*nth))
    }

    /// The first element with this name in another.
    pub(crate) fn child(&self, of: &Element<'t>, name: &str) -> Option<&Element<'t>> {
        self.children(of).find(|element| element.name == name)
    }
}

fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl<'t> Element<'t> {
    /// An element that begins with this tag.
    fn of(tag: Word<'t>) -> Self {
        let inner = tag.from(1).until(tag.text.len().saturating_sub(2));
        let inner = inner.until(inner.text.trim_end_matches('/').len());
        let (name, rest) = inner.parted(inner.text.find(char::is_whitespace).unwrap_or(inner.text.len()));
        let content = Word { text: "", start: tag.at().end };
        Self { name: name.text, place: tag.at(), content, attributes: attributes(rest), children: Vec::new() }
    }

    /// Ends with the tag at this place.
    fn end(&mut self, text: &'t str, tag: Range<usize>) {
        let start = self.place.end;
        self.content = Word { text: text.get(start..tag.start).unwrap_or_default(), start }.trimmed();
        self.place.end = tag.end;
    }
}

/// `name="value"`, any number of them.
fn attributes(mut rest: Word<'_>) -> Vec<(&str, Word<'_>)> {
    let mut found = Vec::new();
    while let Some((name, value)) = rest.split_once("=") {
        let value = value.trimmed();
        let Some(quote) = ["\"", "'"].into_iter().find(|quote| value.text.starts_with(quote)) else { break };
        let Some((value, after)) = value.from(1).split_once(quote) else { break };
        found.push((name.trimmed().text, value));
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_where_they_are_said_to_be() {
        let text = "<?xml version=\"1.0\"?>\n<!-- é -->\n<a>\n <b k='1' key = \"x\">é &amp; y</b >\n <c/><b><![CDATA[z]]></b></a>\n";
        let document = Document::of(text).unwrap();
        let root = document.every("a").next().unwrap();
        let children: Vec<&str> = document.children(root).map(|child| &text[child.place.clone()]).collect();
        assert_eq!(children, ["<b k='1' key = \"x\">é &amp; y</b >", "<c/>", "<b><![CDATA[z]]></b>"]);
        let values: Vec<_> = document.every("b").map(|element| element.said().unwrap()).collect();
        assert_eq!([values[0].is.as_str(), &text[values[0].at.clone().unwrap()]], ["é & y", "é &amp; y"]);
        assert_eq!([values[1].is.as_str(), &text[values[1].at.clone().unwrap()]], ["z", "z"]);
        assert_eq!(document.child(root, "b").unwrap().attribute("key"), Some("x"));
        assert!(document.child(root, "c").unwrap().said().is_none());
    }

    #[test]
    fn what_is_secret_by_its_name_is_noted() {
        let text = "<a pass=\"one\"><password>two &lt;</password><value key=\"smtpPass\">three</value><!-- four --><u>imap://x:five@h</u></a>";
        let secrets = Document::of(text).unwrap().secrets;
        let told = |places: &[Range<usize>]| places.iter().map(|at| text[at.clone()].to_owned()).collect::<Vec<_>>();
        let mut passwords = told(&secrets.passwords);
        passwords.sort_unstable();
        assert_eq!(passwords, ["five", "one", "three", "two &lt;"]);
        assert_eq!(told(&secrets.comments), ["<!-- four -->"]);
    }

    #[test]
    fn what_is_no_xml_is_said_in_a_sentence() {
        for (text, why) in [
            ("<a>\n<b>\n</a>", "line 3 is not well-formed XML"),
            ("<a>\n& </a>", "line 2 is not well-formed XML"),
            ("<a>\n<b>", "it ends before all of its elements do, so a part of the file is missing"),
            ("", "there is no XML in it"),
            ("Host x\n", "there is no XML in it"),
            (
                "<!DOCTYPE a [\n<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><a>&b;</a>",
                "line 1 defines an entity, which no mail program's settings do",
            ),
            (&"<a>".repeat(100_000), "it has more elements than the settings of a mail program have"),
            (&"<a/>".repeat(100_000), "it has more elements than the settings of a mail program have"),
        ] {
            assert_eq!(Document::of(text).unwrap_err(), why, "{text:.40}");
        }
    }
}
