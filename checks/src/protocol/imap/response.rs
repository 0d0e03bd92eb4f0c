//! What an IMAP server can say (RFC 3501 section 7).

/// The most values of one response: a folder with every flag that it could have has hundreds.
pub const VALUES_MAX: usize = 20_000;

/// One whole response, with the text that it came as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it says.
    pub response: Response,
    /// All of it as text, literals included, without the last line end; what is not UTF-8 is replaced.
    pub line: String,
}

/// What a response says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// How a command ended, or a remark of the server's (RFC 3501 section 7.1).
    Status {
        /// The command it belongs to, or `None` for an untagged status such as the greeting.
        tag: Option<String>,
        /// The status itself.
        kind: StatusKind,
        /// The part in brackets, made for programs.
        code: Option<Code>,
        /// The part made for people, which may be empty.
        text: String,
    },
    /// Anything else that is untagged (RFC 3501 sections 7.2 to 7.4), known or not.
    Data {
        /// The number in front, as in `* 23 EXISTS`.
        number: Option<u32>,
        /// The name, in upper case.
        name: String,
        /// What follows the name.
        values: Vec<Value>,
    },
    /// The server waits for the rest of the command (RFC 3501 section 7.5).
    Continue {
        /// What follows the plus: a text, a SASL challenge in base64, or nothing.
        text: String,
    },
}

/// The kind of a status response (RFC 3501 section 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusKind {
    /// `OK`: the command succeeded, or the server is ready.
    Ok,
    /// `NO`: the command failed.
    No,
    /// `BAD`: the server did not understand the command; Apple also uses it for its own faults.
    Bad,
    /// `BYE`: the server is about to close the connection.
    Bye,
    /// `PREAUTH`: a greeting that says that no sign-in is needed.
    Preauth,
}

/// A response code, such as `[AUTHENTICATIONFAILED]` (RFC 3501 section 7.1, RFC 5530).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Its name, in upper case.
    pub name: String,
    /// What follows the name, as it came.
    pub arguments: String,
}

/// A value in untagged data (RFC 3501 section 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `NIL`, in upper or lower case.
    Nil,
    /// A bare word: an atom, a number, a flag, or `BODY[HEADER.FIELDS (SUBJECT)]` as one.
    Atom(String),
    /// A quoted string, without its quotes and escapes.
    Quoted(String),
    /// A literal (`{310}`), with what is not UTF-8 replaced.
    Literal(String),
    /// A list in parentheses.
    List(Vec<Value>),
}

impl Answer {
    /// Whether it refuses: `NO` and `BAD`, and the `BYE` of a server that turns the connection away.
    pub fn is_refusal(&self) -> bool {
        matches!(self.response, Response::Status { kind: StatusKind::No | StatusKind::Bad | StatusKind::Bye, .. })
    }

    /// Whether it ends a command in this way.
    pub fn is_of(&self, wanted: StatusKind) -> bool {
        matches!(&self.response, Response::Status { kind, .. } if *kind == wanted)
    }

    /// Whether it is untagged data of this name.
    pub fn is_data(&self, wanted: &str) -> bool {
        matches!(&self.response, Response::Data { name, .. } if name == wanted)
    }

    /// The capabilities it lists, in upper case: those of `* CAPABILITY …` or of a `[CAPABILITY …]` code.
    pub fn capabilities(&self) -> Option<Vec<String>> {
        match &self.response {
            Response::Status { code: Some(code), .. } if code.name == "CAPABILITY" => {
                Some(code.arguments.split_ascii_whitespace().take(VALUES_MAX).map(str::to_ascii_uppercase).collect())
            }
            Response::Data { number: None, name, values } if name == "CAPABILITY" => {
                Some(values.iter().filter_map(Value::text).map(str::to_ascii_uppercase).collect())
            }
            _ => None,
        }
    }
}

impl Value {
    /// The text of a word or string; `None` for `NIL` and for lists.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Atom(text) | Self::Quoted(text) | Self::Literal(text) => Some(text),
            Self::Nil | Self::List(_) => None,
        }
    }
}
