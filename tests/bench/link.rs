//! The cable between the user's machine and the cloud, made longer.

use crate::world::World;
use crate::world::addresses::{GATEWAY, USER};
use crate::world::commands::{Outcome, run, run_with_input, wait_until};
use crate::world::namespaces::Namespaces;
use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

/// Ends with the child; the namespaces' end removes the devices.
pub(crate) struct Link(Child);

impl Link {
    /// Replaces the veth pair of the world by a cable with this delay each way.
    pub(crate) fn lengthen(world: &World, one_way: Duration) -> Outcome<Self> {
        let [user, cloud] = [&world.namespaces.user, &world.namespaces.cloud];
        run("ip", &["-n", user, "link", "delete", "eth0"])?;
        let script = world.folder.join("delayed_link.py");
        fs::write(&script, include_str!("delayed_link.py"))?;
        let mut process = Namespaces::inside(cloud);
        process.arg("python3").arg(script).arg(one_way.as_millis().to_string()).stdin(Stdio::null());
        let link = Self(process.spawn()?);
        wait_until("the delayed link", Duration::from_secs(10), || {
            Ok(run("ip", &["-n", cloud, "link", "show", "near0"])
                .and(run("ip", &["-n", cloud, "link", "show", "far0"]))
                .is_ok())
        })?;
        run("ip", &["-n", cloud, "link", "set", "near0", "netns", user])?;
        run_with_input("ip", &["-n", cloud, "-batch", "-"], &addresses("far0", GATEWAY))?;
        run_with_input("ip", &["-n", user, "-batch", "-"], &addresses("near0", USER))?;
        run_with_input("ip", &["-n", user, "-batch", "-"], "route add default dev near0\nroute add ::/0 dev near0\n")?;
        Ok(link)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn addresses(device: &str, [ipv4, ipv6]: [&str; 2]) -> String {
    format!("link set {device} up\naddress add {ipv4}/24 dev {device}\naddress add {ipv6}/64 dev {device} nodad\n")
}
