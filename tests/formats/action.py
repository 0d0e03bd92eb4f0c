"""Runs the action's last step as GitHub's runner would: `action.py ACTION DOCTOR`. The program is there already, and
nobody is asked: the resolver's port is closed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

action, doctor = yaml.safe_load(Path(sys.argv[1]).read_text()), sys.argv[2]
nobody = "--resolver 127.0.0.1:1 --second-resolver none --status-url http://127.0.0.1:1/ --portal-url http://127.0.0.1:1/"


def run(**inputs):
    given = {name: inputs.get(name, about["default"]) for name, about in action["inputs"].items()}
    step = action["runs"]["steps"][-1]
    with tempfile.TemporaryDirectory() as runner:
        folder = Path(runner, "icloud-mail-doctor")
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "icloud-mail-doctor").symlink_to(doctor)
        summary, output = Path(runner, "summary"), Path(runner, "output")
        summary.write_text("before\n")
        environment = {"RUNNER_TEMP": runner, "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output)}
        for name, value in step["env"].items():
            for given_name, text in given.items():
                value = value.replace("${{ inputs.%s }}" % given_name, text)
            environment[name] = value
        script = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        ran = subprocess.run(script, env={**os.environ, **environment}, capture_output=True, text=True)
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        reports = {path.name: path.read_text() for path in folder.glob("report.*")}
        return ran, outputs, summary.read_text(), reports


secret = "zkqj-vwxb-nmpl-rtyd"
ran, outputs, summary, reports = run(email="you@icloud.com", password=secret, arguments=nobody)
assert ran.returncode == 1 and outputs["exit-code"] == "1", (ran, outputs)
assert ran.stdout.startswith("::error title=iCloud Mail%3A "), ran.stdout
assert summary.startswith("before\n# iCloud Mail (IMAP and SMTP): a problem was found"), summary
assert sorted(reports) == ["report.html", "report.json", "report.junit.xml", "report.md"] and all(reports.values())
assert not any(secret in text for text in [ran.stdout, ran.stderr, summary, *reports.values()])

ran, outputs, summary, _ = run(email="you@icloud.com", arguments=nobody)
assert ran.returncode == 2 and outputs["exit-code"] == "2", (ran, outputs)
assert ran.stdout.startswith("::error title=iCloud Mail was not checked::the password is empty"), ran
assert summary == "before\n", summary
print("action: 2 runs as they should be")
