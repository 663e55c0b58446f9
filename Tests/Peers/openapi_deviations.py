"""Where the hosted service really answered otherwise than the API's OpenAPI file says.

Each deviation has a name, the rule of CONTRACT.md that it comes from, and what it changes in the
schemas. Nothing else is allowed to the server.
"""
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Deviation:
    name: str
    rule: str
    edit: Callable[[dict], None]


def nullable(schema, *names):
    """Lets null stand for members of a schema."""

    def edit(schemas):
        properties = schemas[schema]["properties"]
        for name in names:
            properties[name] = {"anyOf": [properties[name], {"type": "null"}]}

    return edit


def null_ids(schemas):
    """Lets the ids of a list be null."""
    for name, schema in schemas.items():
        keys = {"first_id", "last_id"} & schema.get("properties", {}).keys()
        if keys:
            nullable(name, *keys)(schemas)


DEVIATIONS = [
    Deviation(
        "a run has the instructions null of an assistant without any",
        "3.5, instructions",
        nullable("RunObject", "instructions"),
    ),
    Deviation(
        "a file that does not expire has expires_at null",
        "3.7, file",
        nullable("OpenAIFile", "expires_at"),
    ),
    Deviation(
        "a file has status_details null",
        "3.7, file",
        nullable("OpenAIFile", "status_details"),
    ),
    Deviation(
        "a vector store made without a name has name null",
        "3.7, vector store",
        nullable("VectorStoreObject", "name"),
    ),
    Deviation(
        "a vector store that does not expire has expires_after null",
        "3.7, vector store",
        nullable("VectorStoreObject", "expires_after"),
    ),
    Deviation("an empty list has the ids null", "3.7, list", null_ids),
]


def apply(spec, deviations=DEVIATIONS):
    """Changes a specification so that it allows the deviations."""
    for deviation in deviations:
        deviation.edit(spec["components"]["schemas"])
