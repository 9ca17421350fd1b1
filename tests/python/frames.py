"""Runs a snippet of a dataset's page, and says what it loaded: how many rows, and the sum of each measure."""

import json
import sys

program, measures, snippet = sys.argv[1], sys.argv[2].split(","), sys.argv[3]
scope = {}
if program == "excel":
    # The snippet is an address.
    import io
    import urllib.request

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(urllib.request.urlopen(snippet).read()), read_only=True)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    header = next(place for place, row in enumerate(rows) if measures[0] in row)
    table = [row for row in rows[header + 1 :] if any(cell is not None for cell in row)]
    count = len(table)
    sums = {m: sum(row[rows[header].index(m)] or 0 for row in table) for m in measures}
else:
    # What the snippet shows is for its reader.
    sys.stdout, shown = sys.stderr, sys.stdout
    exec(snippet, scope)
    sys.stdout = shown
    figures = scope["figures"]
    count = len(figures)
    sums = {m: int(figures[m].sum() or 0) for m in measures}
print(json.dumps({"rows": count, "sums": sums}))
