//! When a message arrived, as the server gives it (RFC 3501 section 9, `date-time`).

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Reads `17-Jul-1996 02:44:25 -0700`; a space may stand before a single digit of the day. `None` where it is none.
pub(crate) fn read(text: &str) -> Option<OffsetDateTime> {
    let mut words = text.split_ascii_whitespace();
    let (date, clock, zone) = (words.next()?, words.next()?, words.next()?);
    let mut date = date.split('-');
    let (day, month, year) = (date.next()?.parse().ok()?, date.next()?, date.next()?.parse().ok()?);
    let month = MONTHS.iter().position(|known| known.eq_ignore_ascii_case(month))?;
    let month = Month::try_from(u8::try_from(month + 1).ok()?).ok()?;
    let mut clock = clock.split(':').map(|part| part.parse().ok());
    let clock = Time::from_hms(clock.next()??, clock.next()??, clock.next()??).ok()?;
    let zone: i32 = zone.parse().ok().filter(|zone: &i32| zone.abs() < 2400)?;
    let zone = UtcOffset::from_whole_seconds((zone / 100 * 60 + zone % 100) * 60).ok()?;
    Some(PrimitiveDateTime::new(Date::from_calendar_date(year, month, day).ok()?, clock).assume_offset(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_with_its_zone() {
        for (text, unix) in [
            ("17-Jul-1996 02:44:25 -0700", Some(837_596_665)),
            (" 1-Jan-2026 00:00:00 +0530", Some(1_767_205_800)),
            ("01-Jan-1970 00:00:00 +0000", Some(0)),
            ("31-Feb-2026 00:00:00 +0000", None),
            ("17-Jul-1996 02:44:25", None),
            ("17-Jul-1996 25:44:25 -0700", None),
            ("17-Jul-999999 02:44:25 -0700", None),
            ("", None),
        ] {
            assert_eq!(read(text).map(OffsetDateTime::unix_timestamp), unix, "{text}");
        }
    }
}
