//! What would make a cause certain, as something to do.

use super::server;
use crate::diagnosis::WouldDecide;

/// Returns what to do, as a whole sentence in Markdown.
pub(crate) fn would_decide(what: WouldDecide) -> String {
    let words = match what {
        WouldDecide::OtherClock => "Compare this computer's clock with another, for instance a phone's.",
        WouldDecide::MissingCertificate => {
            "See whether a known authority is reached once the missing certificate is added."
        }
        WouldDecide::OtherNetwork => "Run the same check over another network, for instance a phone's.",
        WouldDecide::SentFolders => "See which folder each mail program is set to for sent messages.",
        WouldDecide::EmptyMessages => "See whether the mail program shows messages without their text.",
        WouldDecide::MissingMessages => {
            "See whether messages that are missing in the mail program are there at icloud.com/mail."
        }
        WouldDecide::OutsideResolver => "Ask a name server (DNS resolver) outside this network for the same name.",
        WouldDecide::OtherResolver => "Ask another name server (DNS resolver) for the same name.",
        WouldDecide::AnyAddress => "See whether anything else on the internet answers.",
        WouldDecide::Ipv4 => "Run the same check over IPv4, with `-4`.",
        WouldDecide::Browser => "See whether a web page opens in a browser on this computer.",
        WouldDecide::OwnMessage => "Send a short plain message to yourself, and see whether it arrives.",
        WouldDecide::AfterTheEvent => "Run the same check when Apple's page says that the event is over.",
        WouldDecide::WhenItServes => "Run the same check when this server works again.",
        WouldDecide::IcloudName => "Sign in with the name of the iCloud address instead.",
        WouldDecide::NewPassword => "Sign in with a new app-specific password.",
        WouldDecide::OtherMechanism => {
            "Sign in with LOGIN instead of PLAIN, which a mail program may call \"normal password\"."
        }
        WouldDecide::OtherLoginForm(of) => {
            return format!("Sign in to {} with the other form of the login name.", server(of));
        }
        WouldDecide::LaterSignIn(of) => {
            return format!(
                "Sign in to {} again in a quarter of an hour, here with `--again`: a fault at Apple passes.",
                server(of)
            );
        }
        WouldDecide::Archive => "Look in the folder Archive for a message that you miss.",
        WouldDecide::Rules => "See at https://www.icloud.com/mail → Settings → Rules whether one fits this message.",
        WouldDecide::MarkedAsRead => "See whether messages are marked as read that you have not opened.",
        WouldDecide::LaterLook => "Run the same command again in an hour.",
        WouldDecide::WholeAnswer => {
            "Give the whole answer to `icloud-mail-doctor explain -`, with its code, the name of the server that said it, and the command before it."
        }
        WouldDecide::Check => {
            "Run `icloud-mail-doctor check you@icloud.com`: it asks the servers themselves and shows which of these it is."
        }
    };
    words.to_owned()
}
