"""Reads reports as the programs do that they are made for: `consumers.py XSD CASES HOSTILE` reads those below one folder
and the hostile one, and says what those programs would misunderstand."""

import json
import re
import subprocess
import sys
from pathlib import Path

from junitparser import JUnitXml
from lxml import etree
from prometheus_client.openmetrics.parser import text_string_to_metric_families

HOSTILE_PLACES = ["//failure", "//failure/@message", "//testcase/@name", "//property[@name='account']/@value"]
faults = 0


def hold(is_so, where, what):
    global faults
    if not is_so:
        faults += 1
        print(f"{where}: {what}", file=sys.stderr)


def junit(path, report, schema):
    tree = etree.parse(path)
    hold(schema.validate(tree), path, f"not by the schema: {schema.error_log}")
    suites = JUnitXml.fromfile(path)
    cases = {case.name: case for suite in suites for case in suite}
    rows = [row for row in report["checks"] if row["outcome"] != "asked"]
    hold(list(cases)[: len(rows)] == [row["id"] for row in rows], path, f"the cases are {list(cases)}")
    results = {name: [type(result).__name__ for result in case.result] for name, case in cases.items()}
    kinds = [kind for result in results.values() for kind in result]
    counted = (suites.tests, suites.failures, suites.errors, next(iter(suites)).skipped)
    told = (len(cases), kinds.count("Failure"), kinds.count("Error"), kinds.count("Skipped"))
    hold(counted == told, path, f"counts {counted}, holds {told}")
    hold(("Failure" in kinds) == (report["verdict"] == "trouble"), path, "fails and the verdict is another")
    hold(("Error" in kinds) == (report["verdict"] == "unclear"), path, "errs and the verdict is another")
    for row in rows:
        wanted = {"troubled": [["Failure"]], "clean": [[], ["Failure"]], "not-asked": [["Skipped"], ["Failure"]]}
        hold(results[row["id"]] in wanted[row["outcome"]], path, f"{row['id']} is {results[row['id']]}")
    failures = [result for case in cases.values() for result in case.result if type(result).__name__ == "Failure"]
    for finding in (finding for finding in report["findings"] if finding["severity"] == "trouble"):
        own = [failure for failure in failures if failure.type == finding["cause"]]
        is_told = any(finding["title"] in failure.message and finding["steps"][0] in failure.text for failure in own)
        hold(is_told or finding is not report["findings"][0], path, f"no failure tells {finding['cause']} and its step")


def nagios(path, report):
    text = path.read_text()
    hold(text.count("\n") == 1 and text[:-1].isprintable(), path, "is not one line")
    word, rest = re.fullmatch(r"ICLOUD MAIL (OK|WARNING|CRITICAL|UNKNOWN) - ([^|]+ \| .*)\n", text).groups()
    said, measures = rest.split(" | ")
    warned = any(finding["severity"] == "warning" for finding in report["findings"])
    words = {"healthy": "WARNING" if warned else "OK", "trouble": "CRITICAL", "unclear": "UNKNOWN"}
    hold(word == words[report["verdict"]], path, f"says {word}")
    hold(len(said) <= 124 and len(text) <= 1024, path, f"is too long: {len(said)}, {len(text)}")
    # The guidelines' grammar: 'label'=value[UOM];[warn];[crit];[min];[max].
    measure = re.compile(r"[\w-]+=(U|-?\d+(\.\d+)?(s|us|ms|%|B|KB|MB|TB|c)?)(;[^;]*){0,4}", re.ASCII)
    for one in measures.split():
        hold(measure.fullmatch(one), path, f"{one} is no measure")
    return measures


def openmetrics(path, report):
    families = {family.name: family for family in text_string_to_metric_families(path.read_text())}
    promtool = subprocess.run(["promtool", "check", "metrics"], stdin=path.open(), capture_output=True, text=True)
    complaint = promtool.stdout + promtool.stderr
    hold(promtool.returncode == 0 and not complaint, path, f"promtool: {complaint}")
    sampled = lambda name: {tuple(sample.labels.values()): sample.value for sample in families[name].samples}
    asked = {row["id"]: row["outcome"] for row in report["checks"] if row["outcome"] != "asked"}
    clean = {(name,): float(outcome == "clean") for name, outcome in asked.items() if outcome != "not-asked"}
    hold(sampled("icloud_mail_check_clean") == clean, path, "tells other checks than the report")
    hold(sampled("icloud_mail_verdict")[(report["verdict"],)] == 1, path, "tells another verdict")
    hosts = {host for (host,) in sampled("icloud_mail_certificate_expiry_timestamp_seconds")}
    hold(hosts == {chain["name"] for chain in report["chains"]}, path, f"tells certificates of {hosts}")


def is_read_by_nagios(perfdata):
    """Nagios' own library for plugins finds each measure, but for those that are not known."""
    reader = "print scalar(my @m = Monitoring::Plugin::Performance->parse_perfstring($_)), qq(\\n)"
    perl = ["perl", "-MMonitoring::Plugin::Performance", "-ne", reader]
    found = subprocess.run(perl, input="\n".join(perfdata) + "\n", capture_output=True, text=True, check=True)
    known = [sum("=U" not in measure for measure in line.split()) for line in perfdata]
    hold([int(count) for count in found.stdout.split()] == known, "nagios", "its library reads other measures")


def hostile_texts(folder):
    """What a hostile server says is read as what it says."""
    said = '<script>location="http://192.0.2.1/"</script>'
    xml = etree.parse(folder / "report.junit")
    hold(all(said in xml.getroot().xpath(f"string({place})") for place in HOSTILE_PLACES), folder, "JUnit loses text")
    families = text_string_to_metric_families((folder / "report.openmetrics").read_text())
    labels = [value for family in families for sample in family.samples for value in sample.labels.values()]
    hold(any(said in label for label in labels), folder, "the metrics lose text")


def main(schema, cases, hostile):
    schema, hostile = etree.XMLSchema(etree.parse(schema)), Path(hostile)
    folders = sorted(path.parent for path in Path(cases).glob("*/*/report.json"))
    perfdata = []
    for folder in [*folders, hostile]:
        report = json.loads((folder / "report.json").read_text())
        perfdata.append(nagios(folder / "report.nagios", report))
        if folder != hostile:
            junit(folder / "report.junit", report, schema)
            openmetrics(folder / "report.openmetrics", report)
    is_read_by_nagios(perfdata)
    schema.assertValid(etree.parse(hostile / "report.junit"))
    hostile_texts(hostile)
    print(f"consumers: {len(folders) + 1} reports read, {faults} complaints")
    return 1 if faults or not folders else 0


sys.exit(main(*sys.argv[1:]))
