//! The id of a cause that the table has: with `cause!`, a misspelt id does not compile.

use super::CAUSES;

/// An id that is in the table of causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known(&'static str);

impl Known {
    /// Returns the id if the table has it, and panics otherwise. `cause!` calls it in a constant, where a panic stops
    /// the build.
    pub(crate) const fn new(id: &'static str) -> Self {
        let mut at = 0;
        while at < CAUSES.len() {
            if is_same(CAUSES[at].id.as_bytes(), id.as_bytes()) {
                return Self(id);
            }
            at += 1;
        }
        panic!("there is no cause of this id");
    }

    pub(crate) const fn id(self) -> &'static str {
        self.0
    }
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Returns a cause by its id. An unknown id does not compile.
macro_rules! cause {
    ($id:literal) => {
        const { $crate::diagnosis::Known::new($id) }
    };
}
pub(crate) use cause;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_known_by_its_id() {
        for cause in &CAUSES {
            assert_eq!(Known::new(cause.id).id(), cause.id);
        }
        assert_eq!(cause!("wrong-port").id(), "wrong-port");
    }

    #[test]
    #[should_panic(expected = "no cause of this id")]
    fn a_misspelt_cause_is_not() {
        let _ = Known::new("wrong-ports");
    }

    #[test]
    #[should_panic(expected = "no cause of this id")]
    fn the_beginning_of_one_is_not() {
        let _ = Known::new("wrong");
    }
}
