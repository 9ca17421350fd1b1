"""Reads one answer as JSON-stat and SDMX with the libraries of statisticians, and compares every figure with the JSON.

    statisticians.py aggregate.json aggregate.jsonstat.json aggregate.sdmx.csv aggregate.sdmx.xml

Prints what only the caller can judge, as JSON. Any difference ends it.
"""

import json
import math
import sys

import sdmx
from pyjstat import pyjstat

answer_path, jsonstat_path, csv_path, structure_path = sys.argv[1:]
with open(answer_path, encoding="utf-8") as file:
    answer = json.load(file)
figures = [own["name"] for own in answer["columns"] if own["role"] in ("measure", "share")]
keys = [own["name"] for own in answer["columns"] if own["role"] == "dimension"]


def text(value):
    return "_U" if value is None else str(value)


wanted = {}
for row in answer["rows"]:
    for figure in figures:
        wanted[tuple(text(row[key]) for key in keys) + (figure,)] = row[figure]
there = {key: value for key, value in wanted.items() if value is not None}


def same(what, ours, theirs):
    if ours != theirs:
        differing = set(ours.items()) ^ set(theirs.items()) if isinstance(ours, dict) else (ours, theirs)
        raise SystemExit(f"{what} differs: {list(differing)[:5]}")


# JSON-stat: the document itself, and what pyjstat makes of it.
with open(jsonstat_path, encoding="utf-8") as file:
    document = json.load(file)
same("the version", "2.0", document["version"])
same("the axes", keys + ["measure"], document["id"])
same("the size", math.prod(document["size"]), len(document["value"]))
frame = pyjstat.Dataset.read(json.dumps(document)).write("dataframe", naming="id")
read = {}
for line in frame.to_dict("records"):
    value = line["value"]
    if value is not None and value == value:
        read[tuple(str(line[key]) for key in document["id"])] = value
same("pyjstat's figures", there, read)
words = document["extension"]["status"]["label"]
for key, value in wanted.items():
    places = [document["dimension"][axis]["category"]["index"].index(code) for axis, code in zip(document["id"], key)]
    place = 0
    for size, own in zip(document["size"], places):
        place = place * size + own
    if value is None:
        assert document["status"][str(place)] in words, (key, document["status"].get(str(place)))

# SDMX: the structure, and the data that it describes.
message = sdmx.read_sdmx(structure_path)
(flow,) = message.dataflow.values()
data = sdmx.read_sdmx(csv_path, structure=flow)
dimensions = [own.id for own in flow.structure.dimensions]
with open(csv_path, encoding="utf-8") as file:
    header = file.readline().strip().split(",")
own = header[3 : 3 + len(keys)]
assert set(own) | {"MEASURE"} == set(dimensions), (own, dimensions)
read = {}
missing = 0
for observation in (obs for part in data.data for obs in part.obs):
    values = {name: value.value for name, value in observation.dimension.values.items()}
    key = tuple(values[name] for name in own) + (values["MEASURE"].lower(),)
    status = observation.attached_attribute["OBS_STATUS"].value
    if observation.value == "NaN":
        missing += 1
        assert status in ("M", "O", "Q"), status
        continue
    read[key] = float(observation.value)
    assert status in ("A", "B", "E", "P"), status
same("SDMX's figures", {key: float(value) for key, value in there.items()}, read)
if read:
    table = sdmx.to_pandas(data)
    same("the sum in a data frame", round(sum(read.values()), 3), round(float(table.sum()), 3))
# Every code has a name in every language.
for dimension in flow.structure.dimensions:
    codes = dimension.local_representation.enumerated
    if codes is None:
        continue
    for code in codes:
        assert set(code.name.localizations) == {"en", "ru", "kk"}, (codes, code)
    if dimension.id != "MEASURE":
        place = own.index(dimension.id)
        assert {key[place] for key in wanted} == {code.id for code in codes}, dimension

print(json.dumps({
    "figures": len(there),
    "missing": missing,
    "time": document["role"].get("time"),
    "geo": document["role"].get("geo"),
    "concepts": dimensions,
    "labels": [label for axis in document["dimension"].values() for label in axis["category"]["label"].values()],
}, ensure_ascii=False))
