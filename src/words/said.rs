//! A sentence that can be said of several at once: two servers with the same trouble are one sentence.

/// How several are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
    /// As sentences of their own.
    Apart,
}

/// A sentence, in the parts that a second one of its kind shares with it, and those that it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    before: String,
    /// What it is about; nothing where it is said as a whole.
    of: Vec<String>,
    joint: Joint,
    /// What follows one, and what follows several.
    after: [String; 2],
    /// What else differs, behind that.
    also: Vec<String>,
    end: String,
}

impl Said {
    /// A sentence that is said as a whole.
    pub(super) fn whole(sentence: impl Into<String>) -> Self {
        let nothing = [String::new(), String::new()];
        Self {
            before: sentence.into(),
            of: vec![],
            joint: Joint::And,
            after: nothing,
            also: vec![],
            end: String::new(),
        }
    }

    /// A sentence that begins with what it is about.
    pub(super) fn of(what: impl Into<String>, then: impl Into<String>) -> Self {
        let then = then.into();
        Self::of_one_or_many(what, then.clone(), then)
    }

    /// The same, where the words differ for several.
    pub(super) fn of_one_or_many(what: impl Into<String>, one: impl Into<String>, many: impl Into<String>) -> Self {
        Self { of: vec![what.into()], after: [one.into(), many.into()], ..Self::whole("") }
    }

    /// With words before it.
    pub(super) fn behind(self, before: &str) -> Self {
        Self { before: format!("{before}{}", self.before), ..self }
    }

    /// With words after it.
    pub(super) fn then(self, end: &str) -> Self {
        Self { end: self.end + end, ..self }
    }

    /// With others that are listed behind, and words after them.
    pub(super) fn also(self, others: impl IntoIterator<Item = String>, end: &str) -> Self {
        Self { also: others.into_iter().collect(), ..self }.then(end)
    }

    /// Lists several as "or".
    pub(super) fn or(self) -> Self {
        Self { joint: Joint::Or, ..self }
    }

    /// Lists several as sentences of their own.
    pub(super) fn apart(self) -> Self {
        Self { joint: Joint::Apart, ..self }
    }

    /// Whether the same is said of something else.
    fn is_alike(&self, other: &Self) -> bool {
        let frame = |said: &Self| (said.before.clone(), said.joint, said.after.clone(), said.end.clone());
        frame(self) == frame(other) && self.of.is_empty() == other.of.is_empty()
    }

    fn take(&mut self, other: Self) {
        for (all, more) in [(&mut self.of, other.of), (&mut self.also, other.also)] {
            for one in more {
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
    }

    /// The sentence.
    pub(super) fn words(&self) -> String {
        let after = &self.after[usize::from(self.of.len() > 1)];
        let of = match self.joint {
            Joint::And => list(&self.of, "and"),
            Joint::Or => list(&self.of, "or"),
            Joint::Apart => self.of.join("; "),
        };
        [&self.before, &of, after, &list(&self.also, "and"), &self.end].map(String::as_str).concat()
    }
}

/// The sentences, those that are alike said together, where the first of them is.
pub(super) fn together<K: PartialEq>(all: impl IntoIterator<Item = (K, Said)>) -> Vec<(K, String)> {
    let mut merged: Vec<(K, Said)> = Vec::new();
    for (by, said) in all {
        match merged.iter_mut().find(|(known, other)| *known == by && other.is_alike(&said)) {
            Some((_, known)) => known.take(said),
            None => merged.push((by, said)),
        }
    }
    merged.into_iter().map(|(by, said)| (by, said.words())).collect()
}

/// The same as one text.
pub(super) fn joined(all: impl IntoIterator<Item = Said>) -> String {
    let sentences = together(all.into_iter().map(|said| ((), said)));
    sentences.into_iter().map(|((), sentence)| sentence).collect::<Vec<_>>().join("; ")
}

/// "a", "a and b", "a, b and c".
pub(super) fn list(all: &[String], last: &str) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_of_several_is_said_once() {
        let is_up = |name: &str| Said::of_one_or_many(name, " is up", " are up");
        assert_eq!(joined([is_up("a")]), "a is up");
        assert_eq!(joined([is_up("a"), is_up("b"), is_up("a"), is_up("c")]), "a, b and c are up");
        assert_eq!(
            joined([is_up("a"), Said::whole("it rains"), is_up("b").behind("today ")]),
            "a is up; it rains; today b is up"
        );
        assert_eq!(joined([Said::whole("it rains"), Said::whole("it rains")]), "it rains");
        let says = |name: &str, address: &str| Said::of(name, ": ").also([address.to_owned()], " said no");
        assert_eq!(joined([says("a", "1"), says("b", "2")]), "a and b: 1 and 2 said no");
        assert_eq!(joined([is_up("a").or(), is_up("b").or()]), "a or b are up");
    }

    #[test]
    fn what_another_check_saw_is_said_apart() {
        let told = together([(1, Said::of("a", " fails")), (2, Said::of("b", " fails")), (1, Said::of("c", " fails"))]);
        assert_eq!(told, [(1, "a and c fails".to_owned()), (2, "b fails".to_owned())]);
    }
}
