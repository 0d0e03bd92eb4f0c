//! What a pasted text tells a page, where nothing was checked.

/// The facts of a text; nothing where there is none.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own, and a page asks for one at a time")]
pub(crate) struct Pasted {
    /// Whether a server, a container or a script wrote it, which has no screen and no Wi-Fi.
    pub(crate) is_unattended: bool,
    /// Whether it is about port 25, over which mail servers deliver to each other.
    pub(crate) is_port_25: bool,
    /// Whether a message was refused because of its size.
    pub(crate) is_too_large: bool,
    /// Whether the mail program says that no list of authorities is set.
    pub(crate) is_list_unset: bool,
    /// Whether one message was refused because of how many it is for.
    pub(crate) has_many_recipients: bool,
    /// Whether a program asked the machine that it runs on.
    pub(crate) is_own_machine: bool,
    /// Whether another mail server answered in the place of iCloud's.
    pub(crate) is_led_elsewhere: bool,
    /// Whether a VPN is in it.
    pub(crate) has_vpn: bool,
    /// The security product that it names, in lower case.
    pub(crate) product: Option<&'static str>,
    /// What became of the command for the password.
    pub(crate) command: Command,
    /// What iCloud's receiving side answered.
    pub(crate) delivery: Option<Delivery>,
}

/// Why a command printed no password, as far as the text tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Command {
    #[default]
    Unknown,
    NotFound,
    /// It may not read the file with the password.
    Forbidden,
    /// The key that opens the password is missing or locked.
    Locked,
}

/// An answer to mail from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// The code of the last answer, the final one if there is one.
    pub(crate) code: Option<String>,
    /// Whether the message came back.
    pub(crate) is_final: bool,
    pub(crate) kind: Refusal,
    /// The page of the block list that it names.
    pub(crate) list: Option<String>,
}

/// Why it was refused, by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    BlockList,
    Dmarc,
    SenderDomain,
    Full,
    Policy,
    Unknown,
    TooMuch,
    Other,
}

impl Pasted {
    /// Whether the command for the password may have failed for this reason.
    pub(crate) fn may_be(&self, command: Command) -> bool {
        self.command == Command::Unknown || self.command == command
    }

    /// Whether iCloud's receiving side is known to have refused for this reason.
    pub(crate) fn is_refused_for(&self, kind: Refusal) -> bool {
        self.delivery.as_ref().is_some_and(|delivery| delivery.kind == kind)
    }

    /// Whether iCloud's receiving side may have refused for this reason, as far as the text tells.
    pub(crate) fn may_be_refused_for(&self, kind: Refusal) -> bool {
        let may_be =
            |delivery: &Delivery| delivery.kind == kind || delivery.kind == Refusal::Other && delivery.code.is_some();
        self.delivery.as_ref().is_none_or(may_be)
    }

    /// Whether the text has no code with which iCloud's receiving side answered.
    pub(crate) fn is_without_answer(&self) -> bool {
        self.delivery.as_ref().is_some_and(|delivery| delivery.code.is_none())
    }

    /// Whether a message came back.
    pub(crate) fn came_back(&self) -> bool {
        self.delivery.as_ref().is_some_and(|delivery| delivery.is_final)
    }
}
