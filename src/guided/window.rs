//! Whether the window closes with the program, as it does after a double click.

/// Whether there is no shell that the window would go back to.
///
/// On Unix, the program leads the session if the terminal was opened for it alone; otherwise a shell leads the session.
/// The program also leads it over ssh and as the first process of a container, but there the text stays on the screen.
/// On Windows, a shell leaves traces in the environment, and Explorer leaves none.
#[cfg(unix)]
pub(super) fn vanishes() -> bool {
    use nix::unistd::{getpid, getppid, getsid};
    let leads = getsid(None).is_ok_and(|session| session == getpid());
    leads && getppid().as_raw() != 0 && std::env::var_os("SSH_CONNECTION").is_none()
}

#[cfg(not(unix))]
pub(super) fn vanishes() -> bool {
    !is_from_a_shell(|name| std::env::var(name).ok())
}

/// The prompt of cmd.exe, the user's own module folder that PowerShell adds, an MSYS shell, or ssh.
#[cfg(any(not(unix), test))]
fn is_from_a_shell(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = ["PROMPT", "MSYSTEM", "SSH_CONNECTION"].iter().any(|name| variable(name).is_some());
    let modules = variable("PSModulePath").unwrap_or_default();
    is_set || variable("USERPROFILE").is_some_and(|home| !home.is_empty() && modules.contains(&home))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_of_windows_is_known_by_what_it_leaves_in_the_environment() {
        let home = ("USERPROFILE", r"C:\Users\lisa");
        let system = ("PSModulePath", r"C:\Program Files\WindowsPowerShell\Modules;C:\Windows\System32\Modules");
        let own = ("PSModulePath", r"C:\Users\lisa\Documents\PowerShell\Modules;C:\Program Files\PowerShell\Modules");
        for (variables, is_shell) in [
            (vec![home, system], false),
            (vec![home], false),
            (vec![system, ("USERPROFILE", "")], false),
            (vec![home, own], true),
            (vec![home, system, ("PROMPT", "$P$G")], true),
            (vec![home, system, ("MSYSTEM", "MINGW64")], true),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(is_from_a_shell(variable), is_shell, "{variables:?}");
        }
    }
}
