//! Where a run was made: the facts about the machine that a ticket needs, and the names that no report may show.

use crate::privacy::Computer;
use crate::report::Machine;

/// Where a run was made.
pub(crate) struct Place {
    pub(super) machine: Machine,
    pub(super) computer: Computer,
}

impl Place {
    /// The computer that this program runs on.
    pub(crate) fn here() -> Self {
        Self { machine: machine(), computer: Computer::this() }
    }

    /// A computer about which a case says nothing.
    pub(crate) fn elsewhere() -> Self {
        Self { machine: Machine::unknown(), computer: Computer::default() }
    }
}

fn machine() -> Machine {
    Machine { os: std::env::consts::OS.to_owned(), release: release(), arch: std::env::consts::ARCH.to_owned() }
}

/// The system's name and version.
#[cfg(not(windows))]
fn release() -> Option<String> {
    let told = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    if cfg!(target_os = "macos") {
        return of_macos(&told("/System/Library/CoreServices/SystemVersion.plist"));
    }
    // Every Linux has this file (os-release(5)).
    let told = told("/etc/os-release");
    let name = told.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map(|name| name.trim_matches('"').to_owned())
}

/// "macOS 14.5 (build 23F79)", from the list of properties that every macOS has.
#[cfg(not(windows))]
fn of_macos(properties: &str) -> Option<String> {
    let value = |key: &str| {
        let (_, after) = properties.split_once(&format!("<key>{key}</key>"))?;
        let (value, _) = after.trim_start().strip_prefix("<string>")?.split_once("</string>")?;
        Some(value)
    };
    let build = value("ProductBuildVersion").map(|build| format!(" (build {build})")).unwrap_or_default();
    Some(format!("macOS {}{build}", value("ProductVersion")?))
}

/// "Windows 24H2 (build 26100)". The name in the registry is that of Windows 10 on Windows 11 too, so it is left out.
#[cfg(windows)]
fn release() -> Option<String> {
    let about = windows_registry::LOCAL_MACHINE.open(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion").ok()?;
    let build = about.get_string("CurrentBuild").ok()?;
    let version = about.get_string("DisplayVersion").map(|version| format!(" {version}")).unwrap_or_default();
    Some(format!("Windows{version} (build {build})"))
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::of_macos;

    #[test]
    fn macos_is_named_with_its_version() {
        let properties = "<plist><dict>\n\t<key>ProductBuildVersion</key>\n\t<string>23F79</string>\n\
                          \t<key>ProductVersion</key>\n\t<string>14.5</string>\n</dict></plist>";
        assert_eq!(of_macos(properties).as_deref(), Some("macOS 14.5 (build 23F79)"));
        assert_eq!(of_macos("<plist/>"), None);
    }
}
