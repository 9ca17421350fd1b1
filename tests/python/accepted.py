"""Schemathesis: what the description of the API calls a right request is answered, or refused for a reason that no
description can tell: relations between parameters, and between a question and its figures.

Stands in the place of `positive_data_acceptance`, which knows of no such reasons, and passes everything else on to it.
"""

import html
import json
import pathlib
import re

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

# What is refused, and why OpenAPI cannot say that it will be. Only 400 is refused so; the words are the service's own.
RELATIONS = [
    # Whether figures may be added depends on the figures; that it is refused is what the service is for.
    r"may not be summed",
    # `share` names a dimension of `by`: a relation between two parameters.
    r"`share=[^`]*`: name a dimension that stands in `by`",
    # `from` is not after `to`: a relation between two parameters.
    r"`from=[^`]*`: is after `to=",
    # A dataset of one release has nothing to compare it with, unless both are named.
    r"`from=`: leaves open what to compare with",
    # 2019-02-29 has the form of a date; a pattern does not know leap years.
    r"`(from|to)=[0-9]{4}-02-29`: is no day of the calendar",
    # Whether a kind of chart can show figures, at this height, depends on the figures.
    r"figures cannot be stacked|measures are never added together|[Ee]very share would be 100 %",
    r"A line needs time|Small multiples need a dimension|These small multiples would have|This chart would have",
    r"labels of this chart do not fit|no column of counts to draw",
    # `separator` is for the CSV for Excel: a relation between two parameters.
    r"`separator=[^`]*`: stands only with `excel=1`",
    # `before` ends before `after` begins, and each begins before it ends: relations between years.
    r"`before=[^`]*`: does not end before `after` begins",
    r"`(before|after)=[0-9]{4}\.\.[0-9]{4}`: name a year",
    # The people that a rate is of are those of one country in one whole year: relations between parameters.
    r"`rate=1`: (each row must be of one|populations are of (whole|calendar) years)",
    # The pixels of a picture are its size times `scale`: a relation between parameters.
    r"makes a picture of \d+ by \d+ pixels",
]

# The last characters of a short address are a checksum over the others, and over what they stand for.
SHORT = [r"is no short address", r"is not typed right"]

# The page of a statute or a category shows one dataset, and what that has on it.
STATUTE_PAGE = [
    r"`dataset=[^`]*`: has nothing on",
    r"does not record the",
    r"dataset `[^`]*` counts",
    r"in dataset `",
]

LANGUAGES = pathlib.Path(__file__).parents[2] / "service/languages"


def plainly():
    """Returns what pages say in plain words: every reason why a choice cannot be made is such a relation, and so are values that are
    refused because of others."""
    relative = "`(dataset|measure|share|from|to|source|role|region|area|rule|period|by)=[^`]*`"
    for file in LANGUAGES.glob("*.json"):
        texts = json.loads(file.read_text(encoding="utf-8"))
        for sentence in texts["why"].values():
            yield re.sub(r"\\{\w+\\}", ".*", re.escape(sentence))
        # Which codes there are depends on the dataset that a page shows.
        yield re.sub(r"\\{\w+\\}", ".*", re.escape(texts["refused"]["unknown_code"]))
        value = re.escape(texts["refused"]["value"])
        yield value.replace(r"`\{parameter\}=\{value\}`", relative)


PLAINLY = list(plainly())


@schemathesis.check
def accepted(ctx, response, case):
    if response.status_code == 400:
        said = html.unescape(response.text)
        said = re.sub("</?code>", "`", said)
        known = RELATIONS + (STATUTE_PAGE if case.path.startswith(("/statutes/", "/categories/")) else [])
        known += SHORT if case.path.startswith("/s/") else []
        known += [] if case.path.startswith("/v1/") else PLAINLY
        if any(re.search(relation, said) for relation in known):
            return None
    return positive_data_acceptance(ctx, response, case)
