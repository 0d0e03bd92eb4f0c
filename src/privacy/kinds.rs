//! Whose words the texts of a report are, by the fields that they stand in.

/// Whose words a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The program's or the guide's, whatever was learned: nobody is named in them.
    Ours,
    /// A sentence of ours that may quote what was learned.
    Sentence,
    /// What came from outside, or from the person.
    Learned,
}

/// What a field of a report holds. One that is not listed here is masked.
#[allow(clippy::unnested_or_patterns, reason = "one part of the report a line")]
pub(super) fn of_report(place: &[&str]) -> Kind {
    match place {
        ["tool" | "machine", _]
        | ["started_at" | "verdict" | "conclusion"]
        | ["settings", "client"]
        | ["settings", "imap" | "smtp", "security"]
        | ["checks", "id" | "question" | "outcome"]
        | ["findings", "cause" | "title" | "severity" | "sure" | "means" | "would_decide" | "steps" | "worked"]
        | ["findings", "links", _]
        | ["findings", "because" | "against", "by"]
        | ["next", _]
        | ["timeline", "steps", "outcome"]
        | ["chains", "certificates", "not_before" | "not_after"]
        | ["chains", "stores", "name"]
        | ["transcripts", "lines", "from"] => Kind::Ours,
        ["checks", "summary"]
        | ["findings", "because" | "against", "saw"]
        | ["timeline", "with"]
        | ["timeline", "steps", "what" | "said"]
        | ["chains", "certificates", "fault"]
        | ["chains", "stores", "says"] => Kind::Sentence,
        _ => Kind::Learned,
    }
}

/// Whether any word of a text may be a name there, an ordinary one such as `mail` too: the login itself, and what is said
/// to sign in.
pub(super) fn may_name(place: &[&str]) -> bool {
    matches!(place, [.., "login" | "email"] | [.., "sign_in", "answer"]) || is_of_talk(place)
}

/// Whether a text is what the person gave, or a conversation that holds it: a sentence has it from there only as a quote.
pub(super) fn is_given(place: &[&str]) -> bool {
    matches!(place, [.., "login" | "email" | "address"]) || is_of_talk(place)
}

/// Whether a text is a line of a conversation.
fn is_of_talk(place: &[&str]) -> bool {
    matches!(place, [.., "lines", field] if *field != "from")
}
