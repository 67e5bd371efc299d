"""Hold reports to the published schema: validate.py SCHEMA REPORT...

Exit 0: every report fits, and reports damaged on purpose are refused; 1: not so; 77: jsonschema is not installed.
"""
import copy
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: this python has no jsonschema (Debian: python3-jsonschema)")
    sys.exit(77)

# Each makes a report that promises something else than the schema.
DAMAGES = {
    "fix502.report/1": {
        "no side": lambda report: report["verdict"].pop("side"),
        "an unknown outcome": lambda report: report["verdict"].update(outcome="broken"),
        "a fault without an id": lambda report: report["verdict"].update(outcome="fault", fault=None),
        "confidence in percent": lambda report: report["verdict"].update(confidence=97),
        "a step left out": lambda report: report["steps"].pop(),
        "steps out of order": lambda report: report["steps"].reverse(),
        "a hop left out": lambda report: report["path"].pop(0),
        "no reproduce": lambda report: report["observations"][0].pop("reproduce"),
        "another schema": lambda report: report.update(schema="fix502.report/2"),
    },
    "fix502.gateway/1": {
        "no side": lambda report: report["verdict"].pop("side"),
        "a fault without an id": lambda report: report["verdict"].update(outcome="fault", fault=None),
        "a finding that is neither present nor latent": lambda report: report["findings"].append({"state": "maybe"}),
        "a limit without its source": lambda report: report["routes"][0]["limits"][0].pop("source"),
        "a line that is no number": lambda report: report["routes"][0].update(line="7"),
        "an unknown gateway": lambda report: report["gateways"][0].update(kind="other"),
        "no notes": lambda report: report.pop("notes"),
        "another schema": lambda report: report.update(schema="fix502.gateway/2"),
    },
}


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def unknown(reference):
    sys.exit(f"{reference}: no schema in docs/ has that id")


def main(schema_path, report_paths):
    schema = load(schema_path)
    jsonschema.Draft202012Validator.check_schema(schema)
    # One schema takes over parts of another by its id.
    others = map(load, sorted(pathlib.Path(schema_path).parent.glob("*.schema.json")))
    known = {each["$id"]: each for each in others if "$id" in each}
    resolver = jsonschema.RefResolver.from_schema(schema, store=known, handlers={"https": unknown})
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    wrong = []
    for path in report_paths:
        report = load(path)
        for error in validator.iter_errors(report):
            wrong.append(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
        for name, damage in DAMAGES[report["schema"]].items():
            damaged = copy.deepcopy(report)
            damage(damaged)
            if validator.is_valid(damaged):
                wrong.append(f"{path}: the schema accepts {name}")
    print("\n".join(wrong) or f"{len(report_paths)} reports fit the schema")
    return 1 if wrong or not report_paths else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
