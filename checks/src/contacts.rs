//! The hosts that each question contacts, as users read them; each question lists its own.

use crate::plan::Plan;
use crate::questions::{Question, questions};
use crate::second_look;

macro_rules! contacts {
    (
        checks { $(
            $(#[$check_doc:meta])*
            $check:ident = $check_id:literal: $how:ident $facts:ident, kept $($place:ident).+, $check_words:tt;
        )* }
        looks { $(
            $(#[$look_doc:meta])*
            $look:ident = $look_id:literal: $module:ident, $look_words:tt;
        )* }
    ) => {
        /// Returns the hosts that a question contacts besides those of the questions before it.
        pub fn of(question: Question, plan: &Plan) -> Vec<String> {
            match question {
                $( Question::$check => crate::$facts::contacts(plan), )*
                $( Question::$look => second_look::$module::contacts(plan), )*
            }
        }
    };
}

questions!(contacts);
