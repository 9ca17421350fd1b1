"""Opens the CSV for spreadsheets with LibreOffice under several regions, and compares every number with the plain CSV.

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
        value = cell.get(f"{OFFICE}value") if kind == "float" else "".join(p.text or "" for p in cell.iter(f"{TEXT}p"))
        found.extend([(kind, value)] * min(int(cell.get(f"{TABLE}number-columns-repeated", 1)), 50))
    return found


def is_number(text):
    try:
        float(text)
        return True
    except ValueError:
        return False


compared = 0
for dataset, question in QUESTIONS.items():
    plain = list(csv.reader(io.StringIO(fetched(f"{dataset}/aggregate.csv?{question}").decode())))
    assert any("." in cell for row in plain for cell in row if is_number(cell)), "there are numbers that are not whole"
    for separator, options in FILTERS.items():
        file = folder / f"{dataset}-{separator}.csv"
        file.write_bytes(fetched(f"{dataset}/aggregate.csv?{question}&excel=1&separator={separator}"))
        for region in REGIONS:
            profile = folder / f"profile-{region}"
            (profile / "user").mkdir(parents=True, exist_ok=True)
            (profile / "user/registrymodifications.xcu").write_text(SETTINGS.format(region))
            out = folder / f"{region}-{separator}"
            subprocess.run(
                ["libreoffice", f"-env:UserInstallation=file://{profile}", "--headless", f"--infilter={options}",
                 "--convert-to", "fods", "--outdir", str(out), str(file)],
                check=True, capture_output=True, timeout=180,
            )
            rows = list(tree.parse(out / f"{file.stem}.fods").iter(f"{TABLE}table-row"))
            for number, wanted in enumerate(plain):
                found = cells(rows[number])
                for place, text in enumerate(wanted):
                    kind, value = found[place] if place < len(found) else (None, "")
                    where = f"{dataset}, {separator}, {region}, row {number + 1}, {plain[0][place]}"
                    if number > 0 and is_number(text):
                        assert kind == "float" and float(value) == float(text), f"{where}: {kind} {value} for {text}"
                        compared += 1
                    elif number == 0:
                        assert value == text, f"{where}: {value!r} for {text!r}"
print(f"{compared} numbers right under {', '.join(REGIONS)}")
