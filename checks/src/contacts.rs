//! Whom each question contacts, as people read it: each says so in its own file.

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
        /// Returns whom a question contacts besides whom those before it do.
        pub fn of(question: Question, plan: &Plan) -> Vec<String> {
            match question {
                $( Question::$check => crate::$facts::contacts(plan), )*
                $( Question::$look => second_look::$module::contacts(plan), )*
            }
        }
    };
}

questions!(contacts);
