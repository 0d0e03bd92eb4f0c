//! Where the texts of a report come from, by the fields that they are in.

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// From the program or the guide, whatever was learned: it contains no names.
    Ours,
    /// One of our own sentences, which may quote what was learned.
    Sentence,
    /// From outside, or from the user.
    Learned,
}

/// Returns the kind of a field of a report. A field that is not listed here is masked.
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

/// Whether any word of this text may be a name, even an ordinary one such as `mail`: the login itself, and what is said
/// during the sign-in.
pub(super) fn may_name(place: &[&str]) -> bool {
    matches!(place, [.., "login" | "email"] | [.., "sign_in", "answer"]) || is_of_talk(place)
}

/// Whether a text is what the user gave, or a conversation that contains it: our sentences have it only as a quote.
pub(super) fn is_given(place: &[&str]) -> bool {
    matches!(place, [.., "login" | "email" | "address"]) || is_of_talk(place)
}

/// Whether a text is a line of a conversation.
fn is_of_talk(place: &[&str]) -> bool {
    matches!(place, [.., "lines", field] if *field != "from")
}
