//! The system status feed in Apple's format, with times counted from now.

use super::commands::Outcome;
use crate::fault::StatusPage;
use serde_json::{Value, json};
use time::format_description::BorrowedFormatItem;
use time::macros::{format_description, offset};
use time::{Duration, OffsetDateTime};

/// Apple writes its local time; the word PDT stays all year here, the epoch beside it is what programs read.
const APPLE_TIME: &[BorrowedFormatItem] = format_description!("[month]/[day]/[year] [hour]:[minute] PDT");

pub(crate) fn text(page: StatusPage) -> Outcome<String> {
    let now = OffsetDateTime::now_utc();
    let mut mail = vec![event("2000005601", "resolved", now - Duration::days(3), Some(now - Duration::hours(70)))?];
    if page == StatusPage::MailOutage {
        mail.push(event("2000005712", "ongoing", now - Duration::minutes(30), None)?);
    }
    let feed = json!({
        "drpost": false,
        "drMessage": null,
        "services": [
            service("App Store", "https://www.apple.com/app-store/", &[]),
            service("Apple Account", "https://account.apple.com", &[]),
            service("Apple Account Card", "", &[]),
            service("iCloud Account & Sign In", "https://www.icloud.com", &[]),
            service("iCloud Mail", "https://www.icloud.com/mail", &mail),
            service("iCloud Private Relay", "", &[]),
            service("iCloud Web Apps (iCloud.com)", "https://www.icloud.com", &[]),
            service("Mail Drop", "", &[]),
            service("Sign in with Apple", "", &[]),
        ],
    });
    Ok(feed.to_string())
}

fn service(name: &str, address: &str, events: &[Value]) -> Value {
    let address = if address.is_empty() { Value::Null } else { address.into() };
    json!({ "serviceName": name, "redirectUrl": address, "events": events })
}

fn event(id: &str, status: &str, start: OffsetDateTime, end: Option<OffsetDateTime>) -> Outcome<Value> {
    let written = |moment: OffsetDateTime| moment.to_offset(offset!(-7)).format(APPLE_TIME);
    let epoch = |moment: OffsetDateTime| moment.unix_timestamp() * 1000;
    let (users, message) = match end {
        Some(_) => ("Some users were affected", "Users were unable to send or receive mail."),
        None => ("Some users are affected", "Users may be unable to access this service."),
    };
    Ok(json!({
        "usersAffected": users,
        "epochStartDate": epoch(start),
        "epochEndDate": end.map(epoch),
        "messageId": id,
        "statusType": "Outage",
        "datePosted": written(start + Duration::minutes(17))?,
        "startDate": written(start)?,
        "endDate": end.map(written).transpose()?,
        "affectedServices": null,
        "eventStatus": status,
        "message": message,
    }))
}
