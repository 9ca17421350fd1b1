"""Holds answers against the schemas of the API's description, more strictly than a reader should: a member that the
schemas do not name is a fault, so that nothing is added without being described.

Standard input: the description, and a list of [name of the schema, answer], as JSON."""

import json
import sys

from jsonschema import Draft202012Validator

given = json.load(sys.stdin)
document = given["document"]


def close(schema):
    """Forbids members that are not named, in every object that names some."""
    if isinstance(schema, dict):
        if "properties" in schema and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
        for inner in schema.values():
            close(inner)
    elif isinstance(schema, list):
        for inner in schema:
            close(inner)


for name, schema in document["components"]["schemas"].items():
    # What a catalogue says of a thing is as open as its vocabularies are.
    if name != "LinkedData":
        close(schema)

faults = []
for name, answer in given["answers"]:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    for error in Draft202012Validator(schema).iter_errors(answer):
        faults.append(f"{name} at {error.json_path}: {error.message[:300]}")
print(json.dumps(faults))
