"""A client that knows nothing of this server but docs/openapi.json: it makes the requests that stand there, and holds the answers to it."""
import json
from pathlib import Path

import jsonschema

DOCS = Path(__file__).resolve().parents[2] / "docs"


class Described:
    def __init__(self, serve):
        self.serve = serve
        self.file = json.loads((DOCS / "openapi.json").read_text())
        store = {"openapi.json": self.file}
        for schema in DOCS.glob("*.schema.json"):
            store[schema.name] = json.loads(schema.read_text())
            store[store[schema.name].get("$id", schema.name)] = store[schema.name]
        self.store = store
        self.seen = set()  # (operationId, status)

    def operations(self):
        for path, item in self.file["paths"].items():
            for method in ("get", "post", "delete", "put", "patch"):
                if method in item:
                    yield item[method]["operationId"], method.upper(), path, item[method], item.get("parameters", [])

    def look_up(self, node):
        while "$ref" in node:
            path, node = node["$ref"], self.file
            for part in path.removeprefix("#/").split("/"):
                node = node[part]
        return node

    def wrong_with(self, schema, value):
        resolver = jsonschema.RefResolver("openapi.json", self.file, store=self.store)
        validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(value)]

    def call(self, operation, parts=None, query="", body=None, **how):
        """Makes the call, and raises where the answer is not one that the file describes."""
        _, method, path, about, _ = next(one for one in self.operations() if one[0] == operation)
        for name, value in (parts or {}).items():
            path = path.replace("{" + name + "}", value)
        if body is not None and "requestBody" in about and isinstance(body, dict) and not how.get("any_body"):
            schema = about["requestBody"]["content"]["application/json"]["schema"]
            assert not self.wrong_with(schema, body), f"{operation}: the test's own body is not as described"
        how.pop("any_body", None)
        answer = self.serve.ask(method, path + query, body, **how)
        self.check(operation, about, answer)
        return answer

    def check(self, operation, about, answer):
        documented = about["responses"].get(str(answer.status))
        assert documented, f"{operation}: status {answer.status} is not described: {answer.body[:300]!r}"
        documented = self.look_up(documented)
        self.seen.add((operation, answer.status))
        content = documented.get("content", {})
        if not content:
            assert answer.body == b"", f"{operation}: a body that is not described"
            return
        kind = answer.fields["Content-Type"].split(";")[0]
        assert kind in content, f"{operation}: {kind} is not described"
        if kind.endswith("json"):
            wrong = self.wrong_with(content[kind]["schema"], answer.json)
            assert not wrong, f"{operation} {answer.status}: {wrong[:5]}"
        for name in documented.get("headers", {}):
            assert name in answer.fields, f"{operation} {answer.status}: no {name}"
