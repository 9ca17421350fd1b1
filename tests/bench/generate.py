#!/usr/bin/env python3
"""Makes a data package of charges that describe nobody: for measuring, never for publishing.

    generate.py ROWS FOLDER [FILES]

With FILES, the charges are a folder of so many files.
The same rows every time. A case has one or more defendants, a defendant one or more charges; some defendants come back
in later cases, so that distinct defendants are no count of runs. Countries, statutes and regions are as unequal as in
court data, and rows stand in no useful order. The figures are drawn, not taken from anywhere.
"""
import csv
import json
import sys
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet

SEED = 274
BLOCK = 1 << 20
COUNTRIES = (
    "ARG ARM AUS AZE BGD BLR BRA CAN CHL CHN COL CUB DEU DZA EGY ESP ETH FRA GBR GEO GRC HUN IDN IND IRN ITA JPN KAZ "
    "KEN KGZ KHM KOR LKA MAR MEX MMR MYS NGA NIC NLD NPL PAK PER PHL POL ROU RUS SAU THA TJK TUR TZA UGA UKR USA UZB "
    "VEN VNM ZAF ZWE"
).split()
OUTCOMES = "convicted acquitted dismissed withdrawn plea transferred pending unknown".split()
ROLES = "other journalist activist politician student academic lawyer clergy".split()
STATUTES, REGIONS = 12, 20
FIRST_DAY, DAYS = numpy.datetime64("2005-01-01"), 7670


def unequal(size, power):
    """Probabilities that fall as Zipf's law has them."""
    weights = 1 / numpy.arange(1, size + 1) ** power
    return weights / weights.sum()


def block(number, rows, ids):
    """Charges of whole cases; `ids` are the first free numbers of a case and a defendant."""
    draw = numpy.random.default_rng([SEED, number])
    new_defendant = draw.random(rows) < 0.78
    new_case = new_defendant & (draw.random(rows) < 0.75)
    new_defendant[0] = new_case[0] = True
    case, person = numpy.cumsum(new_case) - 1, numpy.cumsum(new_defendant) - 1
    cases, persons = case[-1] + 1, person[-1] + 1
    country = numpy.random.default_rng(SEED).permutation(len(COUNTRIES))[
        draw.choice(len(COUNTRIES), cases, p=unequal(len(COUNTRIES), 1.0))
    ]
    main = draw.choice(STATUTES, cases, p=unequal(STATUTES, 0.9))
    day = (DAYS * draw.random(cases) ** (1 / (1 + (country * STATUTES + main) % 7 / 3))).astype(numpy.int64)
    region = draw.choice(REGIONS, cases, p=unequal(REGIONS, 0.6))
    # One defendant in eleven was there before.
    person_ids = ids[1] + numpy.arange(persons)
    back = draw.random(persons) < 0.09
    person_ids = numpy.where(back, (draw.random(persons) * person_ids).astype(numpy.int64), person_ids)
    further = draw.random(rows) < 0.35
    statute = numpy.where(further, draw.choice(STATUTES, rows, p=unequal(STATUTES, 0.9)), main[case])
    outcome = draw.choice(len(OUTCOMES), rows, p=[0.38, 0.09, 0.17, 0.09, 0.13, 0.04, 0.07, 0.03])
    role = draw.choice(len(ROLES), persons, p=[0.70, 0.07, 0.09, 0.03, 0.05, 0.02, 0.02, 0.02])[person]
    columns = {
        "case_id": ids[0] + case,
        "defendant_id": person_ids[person],
        "country": country[case],
        "statute": country[case] * STATUTES + statute,
        "date_charged": FIRST_DAY + day[case].astype("timedelta64[D]"),
        "outcome": outcome,
        "role": role,
        "region": country[case] * REGIONS + region[case],
    }
    return columns, (ids[0] + cases, ids[1] + persons)


def main():
    rows, folder = int(sys.argv[1]), Path(sys.argv[2])
    files = int(sys.argv[3]) if len(sys.argv) > 3 else None
    charges = "charges" if files else "charges.parquet"
    of_file = -(-rows // (files or 1))
    folder.mkdir(parents=True, exist_ok=True)
    statutes = [f"{country}-CC-{20 + 13 * number}" for country in COUNTRIES for number in range(STATUTES)]
    regions = [f"{country}-{number:02}" for country in COUNTRIES for number in range(1, REGIONS + 1)]
    texts = {"country": COUNTRIES, "statute": statutes, "outcome": OUTCOMES, "role": ROLES, "region": regions}
    with open(folder / "statutes.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(
            "statute parent country law article part title_en title_ru title_kk offence in_force_from in_force_to "
            "successor url".split()
        )
        for statute in statutes:
            country, law, article = statute.split("-")
            table.writerow([statute, "", country, law, article, "", f"Provision {article}", "", "", "", "", "", "", ""])
    writer, done, ids = None, 0, (0, 0)
    while done < rows:
        size = min(BLOCK, rows - done)
        columns, ids = block(done // BLOCK, size, ids)
        arrays = {"charge_id": pyarrow.array(numpy.arange(done, done + size, dtype=numpy.uint64))}
        for name, values in columns.items():
            if name in texts:
                codes = pyarrow.DictionaryArray.from_arrays(
                    pyarrow.array(values.astype(numpy.int32)), pyarrow.array(texts[name])
                )
                arrays[name] = codes.cast(pyarrow.string())
            elif name == "date_charged":
                arrays[name] = pyarrow.array(values, pyarrow.date32())
            else:
                arrays[name] = pyarrow.array(values.astype(numpy.uint64))
        table = pyarrow.table(arrays)
        while table.num_rows > 0:
            if done % of_file == 0:
                if writer:
                    writer.close()
                path = folder / charges / f"part-{done // of_file:05}.parquet" if files else folder / charges
                path.parent.mkdir(exist_ok=True)
                writer = pyarrow.parquet.ParquetWriter(path, table.schema)
            piece = table.slice(0, of_file - done % of_file)
            writer.write_table(piece)
            table = table.slice(piece.num_rows)
            done += piece.num_rows
    writer.close()
    descriptor = {
        "name": "benchmark",
        "title": f"{rows:,} charges that describe nobody",
        "version": "1",
        "created": "2026-01-01T00:00:00Z",
        "licenses": [{"name": "CC0-1.0"}],
        "sources": [{"title": "drawn by tests/bench/generate.py"}],
        "resources": [
            {"name": "statutes", "path": "statutes.csv"},
            {"name": "charges", "path": charges, "format": "parquet"},
        ],
        "chargesheet": {
            "kind": "case-level",
            "measures": ["charges", "persons", "cases"],
            "time_basis": "charge",
            "additive": ["country", "statute", "outcome", "year", "month", "role", "region"],
            "disclosure": "none",
        },
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2) + "\n")


if __name__ == "__main__":
    main()
