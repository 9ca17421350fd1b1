#!/usr/bin/env python3
"""Makes a data package of charges in many Parquet files, with everything planted that a check must find.

  package.py FOLDER ROWS FILES own|key    `own`: charges have ids of their own; `key`: case, defendant and statute are the key

The same arguments make the same rows. They describe nobody.
"""
import datetime, json, os, random, sys

import pyarrow as pa
import pyarrow.parquet as pq

folder, rows, files, kind = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
own = kind == "own"
chance = random.Random(20261130)
STATUTES = ["KAZ-274", "KAZ-174", "KAZ-ж-1", "RUS-207", "RUS-280"]
OUTCOMES = ["convicted", "acquitted", "dismissed", "pending"]
# Half of all rows are of one statute: parts must be cut within it.
WEIGHTS = [50, 20, 10, 10, 10]
REGIONS = ["Almaty", "Астана", "a\\b", "a\tb", "a\nb", "\\N", "", None, "A", "Abai"]
DAY0 = datetime.date(2012, 1, 1)


def row(number):
    statute = chance.choices(STATUTES, WEIGHTS)[0]
    day = DAY0 + datetime.timedelta(days=chance.randrange(4500))
    text = day.isoformat()
    charged = chance.choices([text, text[:7], text[:4], "unknown"], [90, 5, 3, 2])[0]
    outcome = chance.choice(OUTCOMES)
    decided = None if outcome == "pending" else (day + datetime.timedelta(days=400)).isoformat()
    return {
        "charge_id": f"ch-{number:09}",
        "case_id": f"c-{number // 3}",
        "defendant_id": f"d-{number // 2}" if own else f"d-{number}",
        "country": statute[:3],
        "statute": statute,
        "date_charged": charged,
        "outcome": outcome,
        "date_outcome": decided,
        "role": chance.choice(["", "journalist", "activist", None]),
        "region": chance.choice(REGIONS),
        "sentence": chance.choice([None, "a fine", "two\nlines, a \"quote\"", "tab\there"]),
        "sentence_months": chance.choice([None, 0, 12, 4294967294]) if outcome == "convicted" else None,
        "source": chance.choice(["https://court.example/1", "'=1+1", None]),
        "publish": None,
    }


def planted(all_rows):
    """Changes rows near the places that are named, so that every rule has something to find."""
    n = len(all_rows)
    at = lambda share: all_rows[int(n * share)]
    at(0.01)["outcome"] = "convictd"
    at(0.02)["date_charged"] = "1850-01-01"
    at(0.03)["statute"] = "RUS-207"; at(0.03)["country"] = "KAZ"
    at(0.04)["case_id"] = None
    at(0.05)["region"] = "a, b"
    at(0.06)["role"] = "jurnalist"
    at(0.07)["sentence"] = "\u0007"
    at(0.08)["date_outcome"] = "2001-01-01"          # before the charge: a warning
    at(0.09)["publish"] = "false"
    # The same row again, in its file and in another; three times.
    for share in (0.10, 0.11, 0.12):
        all_rows.append(dict(at(share)))
    all_rows.insert(int(n * 0.13), dict(at(0.12)))
    # The same key with other content, far away and near.
    for share in (0.14, 0.15):
        other = dict(at(share)); other["sentence"] = "another"
        all_rows.append(other)
        all_rows.insert(int(n * share) + 1, dict(other, sentence="a third"))
    # The key of a row that is refused, and of one that is withheld.
    refused = dict(at(0.16)); refused["outcome"] = "x"
    withheld = dict(at(0.17)); withheld["publish"] = "false"
    all_rows += [refused, withheld]
    # Ids that a person would confuse; a letter typed in two ways is one letter.
    at(0.18)["case_id"] = "C-1"
    at(0.19)["defendant_id"] = "D-\u0430"
    at(0.20)["defendant_id"] = "D-a"
    at(0.21)["case_id"] = "и\u0306"; at(0.22)["case_id"] = "й"
    at(0.23)["case_id"] = "line\nend"
    return all_rows


all_rows = planted([row(number) for number in range(rows)])
os.makedirs(f"{folder}/charges", exist_ok=True)
text = pa.string()
names = [name for name in all_rows[0] if own or name != "charge_id"]
schema = pa.schema([(name, pa.int64() if name == "sentence_months" else text) for name in names])
size = -(-len(all_rows) // files)
for number in range(files):
    part = all_rows[number * size:(number + 1) * size]
    table = pa.table({name: pa.array([row[name] for row in part], schema.field(name).type) for name in names}, schema)
    pq.write_table(table, f"{folder}/charges/part-{number:05}.parquet", row_group_size=50_000)
with open(f"{folder}/statutes.csv", "w", encoding="utf-8") as out:
    out.write("statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url\n")
    for statute in STATUTES:
        out.write(f"{statute},,{statute[:3]},Code,{statute[4:]},,Example,,,,,,,\n")
with open(f"{folder}/datapackage.json", "w", encoding="utf-8") as out:
    json.dump({
        "name": f"cluster-{kind}", "title": "Made for tests, describes nobody", "version": "1", "created": "2026-01-02T00:00:00Z",
        "licenses": [{"name": "CC0-1.0"}], "sources": [],
        "resources": [{"name": "statutes", "path": "statutes.csv"}, {"name": "charges", "path": "charges", "format": "parquet"}],
        "chargesheet": {"kind": "case-level", "measures": ["charges", "persons", "cases"], "time_basis": "charge",
                        "additive": [], "disclosure": "none"},
    }, out, indent=2)
