//! The facts of each question, in the form of a report's row.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::asked::{Asked, PerServer, Timed};
use crate::evidence::Evidence;
use crate::questions::{Question, questions};
use crate::second_look;

/// The facts of a check.
macro_rules! learns {
    (each $check:ident) => { PerServer<crate::$check::Facts> };
    (once $check:ident) => { Option<Asked<crate::$check::Facts>> };
    (one $check:ident) => { crate::$check::Facts };
}

/// Where the first look keeps them.
macro_rules! kept {
    (get $first:ident each $step:ident) => {
        PerServer { imap: $first.imap.$step.clone(), smtp: $first.smtp.$step.clone() }
    };
    (get $first:ident $how:ident $($place:ident).+) => {
        $first.$($place).+.clone()
    };
    (put $first:ident $facts:ident each $step:ident) => {
        ($first.imap.$step, $first.smtp.$step) = ($facts.imap, $facts.smtp)
    };
    (put $first:ident $facts:ident $how:ident $($place:ident).+) => {
        $first.$($place).+ = $facts
    };
}

macro_rules! learned {
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
        /// The facts of one question.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "id", content = "evidence")]
        #[allow(clippy::large_enum_variant, reason = "a report holds one a question")]
        pub enum Learned {
            $( $(#[$check_doc])* #[serde(rename = $check_id)] $check(learns!($how $facts)), )*
            $( $(#[$look_doc])* #[serde(rename = $look_id)] $look(Asked<second_look::$module::Facts>), )*
            /// What this version cannot read: a question that a later one asks, or another form of its evidence.
            #[serde(untagged)]
            Later {
                /// The question's name.
                #[schemars(extend("not" = { "enum": [$( $check_id, )* $( $look_id ),*] }))]
                id: String,
                /// Its facts.
                evidence: Value,
            },
        }

        impl Learned {
            /// Returns the facts of a question; `None` for a second look that was not asked.
            pub fn of(question: Question, evidence: &Evidence) -> Option<Self> {
                let (first, second) = (&evidence.first, &evidence.second_look);
                Some(match question {
                    $( Question::$check => Self::$check(kept!(get first $how $($place).+)), )*
                    $( Question::$look => Self::$look(second.$module.clone()?), )*
                })
            }

            /// Puts the facts into the evidence. Those of a later version have no place in it.
            pub fn put(self, evidence: &mut Evidence) {
                let (first, second) = (&mut evidence.first, &mut evidence.second_look);
                match self {
                    $( Self::$check(facts) => kept!(put first facts $how $($place).+), )*
                    $( Self::$look(asked) => second.$module = Some(asked), )*
                    Self::Later { .. } => {}
                }
            }

            /// The question's name.
            pub fn id(&self) -> &str {
                match self {
                    $( Self::$check(_) => $check_id, )*
                    $( Self::$look(_) => $look_id, )*
                    Self::Later { id, .. } => id,
                }
            }

            /// When it was asked and how long that took, in milliseconds; `None` where it was not.
            pub fn span(&self) -> Option<(u64, u64)> {
                match self {
                    $( Self::$check(facts) => facts.span(), )*
                    $( Self::$look(asked) => asked.span(), )*
                    Self::Later { .. } => None,
                }
            }
        }
    };
}

questions!(learned);
