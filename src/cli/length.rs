//! A length of time as it is typed: a number, and its unit.

use std::time::Duration;

/// A whole number of seconds, minutes or hours.
pub(crate) fn whole(text: &str) -> Option<Duration> {
    let (number, unit) = parts(text);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

/// A number of milliseconds, seconds or minutes, which need not be whole.
pub(crate) fn fractional(text: &str) -> Option<Duration> {
    let (number, unit) = parts(text);
    let seconds = match unit {
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}

fn parts(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).len())
}
