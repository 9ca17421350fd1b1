"""Loads every dataset of a service with mlcroissant, and compares the records with the CSV that it names.

    croissant.py https://service.example
"""

import csv
import io
import json
import sys
import urllib.request

import mlcroissant

base = sys.argv[1]


def fetched(address):
    with urllib.request.urlopen(address) as answer:
        return answer.read()


compared = 0
for listed in json.loads(fetched(f"{base}/v1/datasets"))["datasets"]:
    address = f"{base}/v1/datasets/{listed['id']}/croissant.json"
    document = json.loads(fetched(address))
    dataset = mlcroissant.Dataset(jsonld=document)
    issues = dataset.metadata.ctx.issues
    assert not issues.errors and not issues.warnings, (listed["id"], issues.errors, issues.warnings)
    table = list(csv.DictReader(io.StringIO(fetched(document["distribution"][0]["contentUrl"]).decode())))
    records = list(dataset.records("figures"))
    assert len(records) == len(table), (listed["id"], len(records), len(table))
    for wanted, record in zip(table, records):
        for name, text in wanted.items():
            value = record[f"figures/{name}"]
            value = value.decode() if isinstance(value, bytes) else value
            if text == "":
                assert value in (None, "") or value != value, (listed["id"], name, value)
            else:
                assert str(value) == text, (listed["id"], name, value, text)
            compared += 1
print(f"{compared} cells right")
