"""Hold reports to the published schema: validate.py SCHEMA REPORT...

Exit 0: every report fits, and reports damaged on purpose are refused; 1: not so; 77: jsonschema is not installed.
"""
import copy
import json
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: this python has no jsonschema (Debian: python3-jsonschema)")
    sys.exit(77)

# Each makes a report that promises something else than the schema.
DAMAGES = {
    "no side": lambda report: report["verdict"].pop("side"),
    "an unknown outcome": lambda report: report["verdict"].update(outcome="broken"),
    "a fault without an id": lambda report: report["verdict"].update(outcome="fault", fault=None),
    "confidence in percent": lambda report: report["verdict"].update(confidence=97),
    "a step left out": lambda report: report["steps"].pop(),
    "steps out of order": lambda report: report["steps"].reverse(),
    "a hop left out": lambda report: report["path"].pop(0),
    "no reproduce": lambda report: report["observations"][0].pop("reproduce"),
    "another schema": lambda report: report.update(schema="fix502.report/2"),
}


def main(schema_path, report_paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong = []
    for path in report_paths:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        for error in validator.iter_errors(report):
            wrong.append(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
        for name, damage in DAMAGES.items():
            damaged = copy.deepcopy(report)
            damage(damaged)
            if validator.is_valid(damaged):
                wrong.append(f"{path}: the schema accepts {name}")
    print("\n".join(wrong) or f"{len(report_paths)} reports fit the schema")
    return 1 if wrong or not report_paths else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
