"""Reads a citation with the readers that other people wrote: citations.py FILE.bib FILE.ris FILE.json.

Prints one JSON object of what each of them found.
"""

import json
import sys
import warnings

import bibtexparser
import rispy
from bibtexparser import middlewares
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

bib, ris, csl = sys.argv[1:]


def bibtex(path):
    plain = bibtexparser.parse_file(path, encoding="UTF-8")
    read = bibtexparser.parse_file(path, encoding="UTF-8", append_middleware=[
        middlewares.SeparateCoAuthors(),
        middlewares.LatexDecodingMiddleware(),
    ])
    assert not plain.failed_blocks and not read.failed_blocks, read.failed_blocks
    (entry,), (raw,) = read.entries, plain.entries
    found = {name: field.value for name, field in entry.fields_dict.items()}
    # An address is verbatim: nothing in it is a command of TeX.
    found["url"] = raw.fields_dict["url"].value
    return {"type": entry.entry_type, "key": entry.key, **found}


def cited(items):
    """What a processor of CSL makes of it, in a style that it brings along."""
    warnings.simplefilter("ignore")
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem(items[0]["id"])]))
    return str(bibliography.bibliography()[0])


with open(ris, encoding="utf-8", newline="") as file:
    (record,) = rispy.load(file)
with open(csl, encoding="utf-8") as file:
    items = json.load(file)
told = {"bibtex": bibtex(bib), "ris": record, "csl": items, "cited": cited(items)}
print(json.dumps(told, ensure_ascii=False))
