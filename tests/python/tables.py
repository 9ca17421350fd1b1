"""Reads one answer as CSV, Parquet and XLSX with what people read them with, and compares every cell.

    tables.py answer.csv answer.parquet answer.xlsx

Prints what only a person or the caller can judge, as JSON. Any difference ends it.
"""

import csv
import json
import sys

import openpyxl
import pandas
import polars
import pyarrow
import pyarrow.parquet

COUNTS = {"persons", "cases", "charges"}
SHARES = {"share", "share_low", "share_high"}
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def typed(name, text):
    """A cell of the CSV as the value that it stands for."""
    if text == "":
        return None
    if name in COUNTS or name == "year":
        return int(text)
    if name in SHARES:
        return float(text)
    # The apostrophe keeps a spreadsheet from running the text of a CSV; where cells have types it is not needed.
    return text[1:] if text.startswith("'") and text[1:].startswith(RUN) else text


def same(what, ours, theirs):
    if ours != theirs:
        raise SystemExit(f"{what}: {ours!r} in the CSV, {theirs!r} here")


def missing(value):
    return None if value is None or value != value else value


csv_path, parquet_path, xlsx_path = sys.argv[1:]
with open(csv_path, newline="", encoding="utf-8") as file:
    header, *lines = csv.reader(file)
rows = [[typed(name, text) for name, text in zip(header, line, strict=True)] for line in lines]

# Parquet, by pyarrow: names, types, values, nulls.
file = pyarrow.parquet.ParquetFile(parquet_path)
table = file.read()
same("Parquet's columns", header, table.column_names)
for field in table.schema:
    wanted = (
        pyarrow.int32() if field.name == "year"
        else pyarrow.int64() if field.name in COUNTS
        else pyarrow.float64() if field.name in SHARES
        else pyarrow.string()
    )
    same(f"the type of {field.name} in Parquet", wanted, field.type)
same("Parquet's rows", rows, [list(row) for row in zip(*table.to_pydict().values())])
encodings = set()
for group in range(file.metadata.num_row_groups):
    for place in range(file.metadata.num_columns):
        column = file.metadata.row_group(group).column(place)
        same("Parquet's compression", "SNAPPY", column.compression)
        if column.physical_type == "BYTE_ARRAY":
            encodings.update(column.encodings)

# Parquet, by polars and pandas.
same("polars' rows", rows, [list(row) for row in polars.read_parquet(parquet_path).iter_rows()])
frame = pandas.read_parquet(parquet_path)
same("pandas' columns", header, list(frame.columns))
same("pandas' rows", rows, [[missing(value) for value in row] for row in frame.itertuples(index=False)])

# XLSX, by openpyxl: values with their types, what is frozen and filtered, how numbers look.
book = openpyxl.load_workbook(xlsx_path)
data, about = book.worksheets
cells = list(data.iter_rows())
same("the header of the sheet", header, [cell.value for cell in cells[0]])
assert all(cell.font.bold for cell in cells[0]), "the header is bold"
same("the rows of the sheet", len(rows), len(cells) - 1)
looks = {}
quoted = []
for own, line in zip(rows, cells[1:]):
    for name, value, cell in zip(header, own, line, strict=True):
        same(f"{cell.coordinate} of the sheet", value, cell.value)
        if value is None:
            continue
        same(f"the type of {cell.coordinate}", "s" if isinstance(value, str) else "n", cell.data_type)
        looks.setdefault(name, set()).add(cell.number_format)
        if cell.quotePrefix:
            quoted.append(cell.value)
# Nothing in either sheet is run.
for sheet in (data, about):
    for line in sheet.iter_rows():
        assert all(cell.data_type != "f" for cell in line), "no cell is a formula"

# XLSX, by pandas, as a researcher loads it.
sheet = pandas.read_excel(xlsx_path)
same("the columns that pandas reads", header, [str(name) for name in sheet.columns])
same("the rows that pandas reads", len(rows), len(sheet))
for name in COUNTS & set(header):
    same(f"the sum of {name}", sum(row[header.index(name)] or 0 for row in rows), int(sheet[name].sum()))

metadata = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
print(json.dumps({
    "rows": len(rows),
    "encodings": sorted(encodings),
    "metadata": {key: value for key, value in metadata.items() if key != "ARROW:schema"},
    "sheets": book.sheetnames,
    "frozen": data.freeze_panes,
    "filtered": data.auto_filter.ref,
    "printed": [data.page_setup.orientation, data.sheet_properties.pageSetUpPr.fitToPage, data.print_title_rows],
    "looks": {name: sorted(all) for name, all in looks.items()},
    "quoted": quoted,
    "links": [cell.hyperlink.target for line in about.iter_rows() for cell in line if cell.hyperlink],
    "about": [[str(cell) for cell in line if cell is not None] for line in about.iter_rows(values_only=True)],
    "title": book.properties.title,
    "created": book.properties.created.isoformat(),
}, ensure_ascii=False))
