"""Opens the CSV for spreadsheets and the workbook with LibreOffice under several regions, and compares every number with the plain CSV.

    spreadsheet.py https://service.example FOLDER

The region decides which decimal mark LibreOffice takes for one. Cells that it takes for texts or dates are faults.
"""

import csv
import io
import pathlib
import subprocess
import sys
import urllib.request
import xml.etree.ElementTree as tree

REGIONS = ["en-US", "de-DE", "ru-RU", "kk-KZ"]
# Code of the separator, quotes, UTF-8, from the first line on: the other settings are those of the dialog.
FILTERS = {"comma": "CSV:44,34,76,1", "semicolon": "CSV:59,34,76,1"}
QUESTIONS = {
    "documented-cases": "by=outcome,year&share=outcome&measure=persons,cases",
    "reported-figures": "by=country,statute,year&rate=1&measure=cases&outcome=registered&labels=ru",
}
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{}</value></prop></item>
</oor:items>
"""

base, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def fetched(address):
    with urllib.request.urlopen(f"{base}/v1/datasets/{address}") as answer:
        return answer.read()


def cells(row):
    found = []
    for cell in row.iter(f"{TABLE}table-cell"):
        kind = cell.get(f"{OFFICE}value-type")
        kind = "float" if kind == "percentage" else kind
        value = cell.get(f"{OFFICE}value") if kind == "float" else "".join(p.text or "" for p in cell.iter(f"{TEXT}p"))
        found.extend([(kind, value)] * min(int(cell.get(f"{TABLE}number-columns-repeated", 1)), 50))
    return found


def is_number(text):
    try:
        float(text)
        return True
    except ValueError:
        return False


def opened(file, region, options=()):
    """Returns the rows of the first table of a file, as LibreOffice reads it in a region."""
    profile = folder / f"profile-{region}"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user/registrymodifications.xcu").write_text(SETTINGS.format(region))
    out = folder / f"{region}-{file.suffix[1:]}"
    subprocess.run(
        ["libreoffice", f"-env:UserInstallation=file://{profile}", "--headless", *options,
         "--convert-to", "fods", "--outdir", str(out), str(file)],
        check=True, capture_output=True, timeout=180,
    )
    table = next(tree.parse(out / f"{file.stem}.fods").iter(f"{TABLE}table"))
    return [cells(row) for row in table.iter(f"{TABLE}table-row")]


def compare(plain, rows, places, where):
    """Compares the rows of the plain CSV with those of a file, whose columns stand at some places."""
    count = 0
    for number, wanted in enumerate(plain):
        found = rows[number]
        for place, text in zip(places, wanted):
            kind, value = found[place] if place < len(found) else (None, "")
            here = f"{where}, row {number + 1}, {plain[0][places.index(place)]}"
            if number > 0 and is_number(text):
                assert kind == "float" and float(value) == float(text), f"{here}: {kind} {value} for {text}"
                count += 1
            elif number == 0:
                assert value == text, f"{here}: {value!r} for {text!r}"
    return count


compared = 0
for dataset, question in QUESTIONS.items():
    plain = list(csv.reader(io.StringIO(fetched(f"{dataset}/aggregate.csv?{question}").decode())))
    assert any("." in cell for row in plain for cell in row if is_number(cell)), "there are numbers that are not whole"
    for separator, options in FILTERS.items():
        file = folder / f"{dataset}-{separator}.csv"
        file.write_bytes(fetched(f"{dataset}/aggregate.csv?{question}&excel=1&separator={separator}"))
        for region in REGIONS:
            rows = opened(file, region, [f"--infilter={options}"])
            compared += compare(plain, rows, range(len(plain[0])), f"{dataset}, {separator}, {region}")
    book = folder / f"{dataset}.xlsx"
    book.write_bytes(fetched(f"{dataset}/aggregate.xlsx?{question}"))
    for region in REGIONS:
        rows = opened(book, region)
        header = [value for _, value in rows[0]]
        compared += compare(plain, rows, [header.index(name) for name in plain[0]], f"{dataset}, workbook, {region}")
print(f"{compared} numbers right under {', '.join(REGIONS)}")
