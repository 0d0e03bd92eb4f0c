//! What is asked only after a problem: one file for each question, with the condition for asking it.

mod anew;
pub mod another_resolver;
pub mod by_number;
pub mod control_host;
pub mod other_family;
pub mod other_hello;
pub mod other_port;
pub mod other_sign_in;
pub mod plain_page;

use std::pin::Pin;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asked::Asked;
use crate::first_look::FirstLook;
use crate::network::Network;
use crate::network::clock::within;
use crate::questions::{Question, questions};
use crate::run::Run;

/// How long a step of a second look may take: the user has waited for the first look already.
const LIMIT: Duration = Duration::from_millis(2500);
/// How long a whole second look may take, even with many slow steps: the deadline must not come first.
const LIMIT_OF_ALL: Duration = Duration::from_secs(10);

macro_rules! second_look {
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
        /// The facts of the second looks.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[non_exhaustive]
        pub struct SecondLook {
            $( $(#[$look_doc])* pub $module: Option<Asked<$module::Facts>>, )*
        }

        /// Asks, in parallel, the second looks that the first look calls for.
        pub(crate) async fn at<N: Network>(first: &FirstLook, run: &Run<'_, N>) -> SecondLook {
            let ($( $module, )*) = tokio::join!(
                $( when(run.plan.looks_again(Question::$look), $module::ask(first, run)), )*
            );
            SecondLook { $( $module, )* }
        }
    };
}

questions!(second_look);

/// On the heap, because a question contains all of its possible steps, and all of them together would fill a stack.
fn when<'f, T: 'f>(
    is_asked: bool,
    question: impl Future<Output = Option<T>> + 'f,
) -> Pin<Box<dyn Future<Output = Option<T>> + 'f>> {
    let question = Box::pin(question);
    Box::pin(async move { if is_asked { within(LIMIT_OF_ALL, question).await.flatten() } else { None } })
}
