"""Holds what `fix502 watch` and `fix502 history` write to docs/watch.schema.json and docs/history.schema.json."""
import copy
import json
from pathlib import Path

try:
    import jsonschema
except ImportError:  # Debian: python3-jsonschema
    jsonschema = None

DOCS = Path(__file__).resolve().parents[2] / "docs"
# Each makes a promise that the schema does not know.
DAMAGES = {
    "watch": [lambda event: event.pop("event"), lambda event: event.update(event="broken"), lambda event: event.update(time="now"),
              lambda event: event.update(schema="fix502.watch/2"), lambda event: event.update(passed_over=0)],
    "history": [lambda past: past["pages"][0].pop("outages"), lambda past: past["pages"][0].update(availability=97),
                lambda past: past.update(since="last week"), lambda past: past["pages"][0]["slots"][0].update(seconds=0)],
}


def wrong_with(name: str, written: dict) -> list[str]:
    """What does not fit, and what the schema would take although it is damaged."""
    if jsonschema is None:
        return []
    schema = json.loads((DOCS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(written)]
    for number, damage in enumerate(DAMAGES[name]):
        damaged = copy.deepcopy(written)
        damage(damaged)
        if validator.is_valid(damaged):
            wrong.append(f"the schema takes damage {number}")
    return wrong
