//! Common mail programs whose settings cannot be read from outside, listed so that silence is not taken for an
//! all-clear.

/// A program whose settings are not in a file that can be reviewed.
pub(crate) struct Closed {
    /// Its name in `setup`.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// Paths below the home folder that exist if the program has been used.
    pub(crate) traces: &'static [&'static str],
}

pub(crate) static CLOSED: [Closed; 4] = [
    Closed {
        id: "outlook-classic",
        title: "Outlook",
        traces: &["AppData/Local/Microsoft/Outlook", "Library/Group Containers/UBF8T346G9.Office/Outlook"],
    },
    Closed {
        id: "outlook",
        title: "the new Outlook and Windows Mail",
        traces: &[
            "AppData/Local/Microsoft/Olk",
            "AppData/Local/Packages/microsoft.windowscommunicationsapps_8wekyb3d8bbwe",
        ],
    },
    Closed { id: "apple-mail", title: "Apple Mail", traces: &["Library/Mail"] },
    Closed { id: "spark", title: "Spark", traces: &["Library/Application Support/Spark Desktop"] },
];

impl Closed {
    /// Returns whether it has been used on this computer, judged by these paths.
    pub(crate) fn is_here(&self) -> bool {
        std::env::home_dir().is_some_and(|home| self.traces.iter().any(|trace| home.join(trace).is_dir()))
    }
}
