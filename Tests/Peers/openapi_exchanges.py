"""Holds recorded exchanges against the API's OpenAPI file: every answer and every streamed event.

openapi_exchanges.py SPEC FILE     prints a line of JSON: how many answers and events were checked,
                                   what was found wrong, and which deviations were not needed

FILE is what recorded.py writes.
"""
import base64
import copy
import json
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

import jsonschema_rs
import yaml

from openapi_deviations import DEVIATIONS, apply

# Served, and not of this file: the answers of the model's own API.
OTHER = {"/models", "/chat/completions", "/embeddings"}
spec = yaml.load(Path(sys.argv[1]).read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def operations():
    """A pattern of each path with its methods; paths with fewer placeholders come first."""
    for path in sorted(spec["paths"], key=lambda path: path.count("{")):
        yield re.compile(re.sub(r"{\w+}", "[^/]+", path) + "$"), path


PATTERNS = list(operations())


def pointer(*parts):
    return "/".join(quote(part.replace("~", "~0").replace("/", "~1")) for part in parts)


def events(schema="AssistantStreamEvent", place=("components", "schemas")):
    """Where the schema of each event's name is, out of the union and its unions."""
    for number, branch in enumerate(spec["components"]["schemas"][schema]["oneOf"]):
        if "$ref" in branch:
            name = branch["$ref"].rsplit("/", 1)[1]
            if "oneOf" in spec["components"]["schemas"][name]:
                yield from events(name)
            else:
                found = spec["components"]["schemas"][name]
                yield found["properties"]["event"]["enum"][0], pointer(*place, name)
        else:
            yield (
                branch["properties"]["event"]["enum"][0],
                pointer(*place, schema, "oneOf", str(number)),
            )


EVENTS = dict(events())


@cache
def registry(allowed):
    """The schemas with some deviations allowed."""
    changed = copy.deepcopy(spec)
    apply(changed, [one for one in DEVIATIONS if one.name in allowed])
    return jsonschema_rs.Registry([("urn:api", changed)], draft=jsonschema_rs.Draft202012)


@cache
def validator(place, allowed):
    schema = {"$ref": "urn:api#/" + place}
    return jsonschema_rs.Draft202012Validator(schema, registry=registry(allowed))


ALL = frozenset(one.name for one in DEVIATIONS)
checked, wrong, needed = Counter(), [], set()


def check(what, value, place):
    """Validates a value; what only a deviation lets pass is noted."""
    if validator(place, frozenset()).is_valid(value):
        return
    errors = list(validator(place, ALL).iter_errors(value))
    for error in errors:
        at = "/".join(str(part) for part in error.instance_path)
        wrong.append(f"{what}: /{at}: {error.message[:300]}")
    if errors:
        return
    needed.update(name for name in ALL if not validator(place, ALL - {name}).is_valid(value))


def check_stream(what, body):
    """Validates the events of a stream that came to their end."""
    for event in body.decode().split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in event.split("\n"))
        if "event" not in fields:
            continue
        name, data = fields["event"], fields["data"]
        checked["events"] += 1
        if name not in EVENTS:
            wrong.append(f"{what}: an unknown event {name}")
            continue
        value = {"event": name, "data": data if data == "[DONE]" else json.loads(data)}
        check(f"{what}, {name}", value, EVENTS[name])


def check_exchange(exchange):
    asked = urlsplit(exchange["path"]).path.removeprefix("/v1")
    method, status = exchange["method"].lower(), exchange["status"]
    body = base64.b64decode(exchange["body"])
    if asked in OTHER:
        checked["others"] += 1
        return
    path = next((path for pattern, path in PATTERNS if pattern.match(asked)), None)
    if path is None or method not in spec["paths"][path]:
        wrong.append(f"{exchange['method']} {asked}: no such operation")
        return
    checked["answers"] += 1
    what = f"{exchange['method']} {path} {status}"
    if status >= 400:
        check(what, json.loads(body), pointer("components", "schemas", "ErrorResponse"))
    elif exchange["type"].startswith("text/event-stream"):
        check_stream(what, body)
    elif path == "/files/{file_id}/content":
        # The file calls the bytes of a file a JSON text, which they are not.
        checked["others"] += 1
    else:
        place = ("paths", path, method, "responses", str(status), "content", "application/json")
        check(what, json.loads(body), pointer(*place, "schema"))


for line in Path(sys.argv[2]).read_text().splitlines():
    check_exchange(json.loads(line))
report = {"wrong": sorted(set(wrong)), "unneeded": sorted(ALL - needed)}
print(json.dumps({**report, "checked": checked}))
