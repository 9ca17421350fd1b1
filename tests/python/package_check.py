"""Holds a data package in a folder against the profile of Data Package v2, and its tables against their schemas."""

import json
import pathlib
import sys

import dplib
import frictionless
import jsonschema

folder = pathlib.Path(sys.argv[1])
descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
profile = pathlib.Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json"
jsonschema.validate(descriptor, json.loads(profile.read_text(encoding="utf-8")))
report = frictionless.validate(str(folder / "datapackage.json"))
if not report.valid:
    sys.exit(str(report.flatten(["type", "message"])))
print(sum(task.stats["rows"] for task in report.tasks))
