//! The letters that a pattern cannot do without, read from it when the program is built.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{Ast, LiteralKind, RepetitionKind, RepetitionRange};

/// Words of which at least one is in every text that has the pattern, whose letters match whether they are capital or
/// not; none are known if any text may have it.
pub(crate) fn of(pattern: &str) -> Vec<String> {
    Parser::new().parse(pattern).ok().and_then(|pattern| words(&pattern)).unwrap_or_default()
}

/// Of a sequence its longest words, of a choice those of every branch.
fn words(pattern: &Ast) -> Option<Vec<String>> {
    match pattern {
        Ast::Literal(_) => letter(pattern).map(|letter| vec![letter.to_string()]),
        Ast::Group(group) => words(&group.ast),
        Ast::Repetition(some) => is_once_at_least(&some.op.kind).then(|| words(&some.ast)).flatten(),
        Ast::Concat(sequence) => {
            let runs = sequence.asts.chunk_by(|left, right| letter(left).is_some() && letter(right).is_some());
            let words = runs.filter_map(|run| match run {
                [part] => words(part),
                letters => Some(vec![letters.iter().filter_map(letter).collect::<String>()]),
            });
            words.max_by_key(|words| words.iter().map(String::len).min())
        }
        Ast::Alternation(choice) => {
            let branches: Option<Vec<_>> = choice.asts.iter().map(words).collect();
            Some(branches?.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// The letter that matches itself.
fn letter(pattern: &Ast) -> Option<char> {
    match pattern {
        Ast::Literal(literal) if matches!(literal.kind, LiteralKind::Verbatim | LiteralKind::Meta) => Some(literal.c),
        _ => None,
    }
}

fn is_once_at_least(kind: &RepetitionKind) -> bool {
    match kind {
        RepetitionKind::OneOrMore => true,
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => false,
        RepetitionKind::Range(
            RepetitionRange::Exactly(least) | RepetitionRange::AtLeast(least) | RepetitionRange::Bounded(least, _),
        ) => *least > 0,
    }
}
