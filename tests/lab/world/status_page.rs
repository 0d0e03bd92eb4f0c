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
    let ended = |from: Duration, until: Duration| event("2000005601", "resolved", now - from, Some(now - until));
    let ongoing = || event("2000005712", "ongoing", now - Duration::minutes(30), None);
    let mut mail = vec![ended(Duration::days(3), Duration::hours(70))?];
    let (mut sign_in, mut television) = (vec![], vec![]);
    match page {
        StatusPage::Green => {}
        StatusPage::MailOutage => mail.push(ongoing()?),
        StatusPage::MailOutageEnded => mail.push(ended(Duration::hours(3), Duration::hours(1))?),
        StatusPage::MailMaintenanceTomorrow => mail.push(maintenance(now + Duration::days(1))?),
        StatusPage::SignInOutage => sign_in.push(ongoing()?),
        StatusPage::OtherOutage => television.push(ongoing()?),
        StatusPage::NotTheFeed => {
            return Ok("<!DOCTYPE html><html><title>System Status</title><body>All well.</body></html>".to_string());
        }
    }
    let feed = json!({
        "drpost": false,
        "drMessage": null,
        "services": [
            service("App Store", "https://www.apple.com/app-store/", &[]),
            service("Apple Account", "https://account.apple.com", &[]),
            service("Apple Account Card", "", &[]),
            service("Apple TV", "https://tv.apple.com", &television),
            service("iCloud Account & Sign In", "https://www.icloud.com", &sign_in),
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

fn maintenance(start: OffsetDateTime) -> Outcome<Value> {
    let mut event = event("2000005720", "upcoming", start, Some(start + Duration::hours(2)))?;
    event["statusType"] = "Maintenance".into();
    event["usersAffected"] = "Some users will be affected".into();
    event["message"] = "iCloud Mail will be unavailable for some users during this maintenance.".into();
    event["datePosted"] = json!(written(start - Duration::days(2))?);
    Ok(event)
}

fn written(moment: OffsetDateTime) -> Outcome<String> {
    Ok(moment.to_offset(offset!(-7)).format(APPLE_TIME)?)
}

fn event(id: &str, status: &str, start: OffsetDateTime, end: Option<OffsetDateTime>) -> Outcome<Value> {
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
