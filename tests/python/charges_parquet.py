"""Writes a CSV of charges as Parquet, in as many ways as it is asked for.

    charges_parquet.py charges.csv JOBS

JOBS is a JSON list; each job has `out` (the file), and may have `writer` (`pyarrow`, `pandas`, `polars`), `texts` (the type of
columns of text), `types` (the type of a column), `drop` (columns), `options` (of pyarrow.parquet.write_table), `parts` (in how many
files of a folder the rows are, as engines leave it). An empty cell is a null.
"""

import csv
import datetime
import json
import pathlib
import sys

import polars
import pyarrow
import pyarrow.parquet

TEXTS = {
    "string": pyarrow.string(),
    "large_string": pyarrow.large_string(),
    "string_view": pyarrow.string_view(),
    "dictionary": pyarrow.dictionary(pyarrow.int8(), pyarrow.string()),
}
READ = {"int": int, "uint": int, "float": float, "date": datetime.date.fromisoformat}


def column(texts, kind):
    if kind in TEXTS:
        return pyarrow.array([text or None for text in texts], pyarrow.string()).cast(TEXTS[kind])
    if kind == "binary":
        return pyarrow.array([text.encode() for text in texts])
    if kind == "list":
        return pyarrow.array([[text] for text in texts])
    if kind == "bool":
        return pyarrow.array([None if text == "" else text == "true" for text in texts])
    if kind == "null":
        assert not any(texts)
        return pyarrow.nulls(len(texts))
    if kind.startswith("timestamp"):
        of = datetime.datetime.fromisoformat
        return pyarrow.array([of(text) if text else None for text in texts]).cast(kind)
    read = next(read for name, read in READ.items() if kind.startswith(name))
    types = {"float64": pyarrow.float64(), "date32": pyarrow.date32(), "date64": pyarrow.date64()}
    return pyarrow.array([read(text) if text else None for text in texts], types.get(kind) or pyarrow.type_for_alias(kind))


with open(sys.argv[1], newline="", encoding="utf-8") as file:
    header, *rows = csv.reader(file)
for job in json.loads(sys.argv[2]):
    kinds = {name: job.get("types", {}).get(name, job.get("texts", "string")) for name in header}
    columns = {
        name: column([row[place] for row in rows], kinds[name])
        for place, name in enumerate(header)
        if name not in job.get("drop", [])
    }
    table = pyarrow.table(columns)
    if parts := job.get("parts"):
        folder = pathlib.Path(job["out"])
        (folder / "year=2020").mkdir(parents=True)
        (folder / "_SUCCESS").touch()
        for part in range(parts):
            place = folder / "year=2020" if part == 1 else folder
            pyarrow.parquet.write_table(table.take(list(range(part, len(table), parts))), place / f"part-{part}.snappy.parquet")
        continue
    match job.get("writer", "pyarrow"):
        case "pyarrow":
            pyarrow.parquet.write_table(table, job["out"], **job.get("options", {}))
        case "pandas":
            table.to_pandas().to_parquet(job["out"])
        case "polars":
            polars.from_arrow(table).write_parquet(job["out"])
