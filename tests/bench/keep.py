#!/usr/bin/env python3
"""Puts what was measured for a number of rows into a document, in the place of what stands there for that number.

    keep.py TABLE DOCUMENT

TABLE begins with a heading such as `### 10,000,000 charges`. All else in DOCUMENT stays byte for byte: tables of other
numbers, other measurements, whatever follows. Where that number has no table yet, it comes before the first of a larger
number, else behind the last, else to the end.
"""
import os
import re
import sys
from pathlib import Path

HEADING = re.compile(r"#{1,3} ")
TABLE = re.compile(r"### ([\d,]+) charges")


def sections(text):
    """Cuts a text before each heading of the first three levels; `#` in a block of code is none."""
    parts, is_code = [[]], False
    for line in text.splitlines(keepends=True):
        if line.startswith("```"):
            is_code = not is_code
        if HEADING.match(line) and not is_code:
            parts.append([])
        parts[-1].append(line)
    return ["".join(part) for part in parts if part]


def rows(section):
    """How many charges the table of a section is about; nothing for any other section."""
    found = TABLE.match(section)
    return int(found.group(1).replace(",", "")) if found else None


def kept(document, table):
    """The document with the table in its place."""
    own, all_sections = rows(table), sections(document)
    if own is None:
        raise SystemExit("keep.py: the table has no heading such as `### 10,000,000 charges`")
    table = table.rstrip("\n") + "\n\n"
    about = [rows(section) for section in all_sections]
    if own in about:
        all_sections[about.index(own)] = table
    else:
        larger = [place for place, other in enumerate(about) if other is not None and other > own]
        tables = [place for place, other in enumerate(about) if other is not None]
        place = larger[0] if larger else tables[-1] + 1 if tables else len(all_sections)
        if place == len(all_sections):
            all_sections[-1] = all_sections[-1].rstrip("\n") + "\n\n"
        all_sections.insert(place, table)
    return "".join(all_sections).rstrip("\n") + "\n"


def main():
    table, document = (Path(path) for path in sys.argv[1:])
    text = kept(document.read_text(encoding="utf-8"), table.read_text(encoding="utf-8"))
    # Beside, then over it: what breaks off leaves the old one.
    beside = document.with_name(f".{document.name}.new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, document)


if __name__ == "__main__":
    main()
