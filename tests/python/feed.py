"""Reads a feed on standard input as feed readers do, and prints what it found as JSON."""

import json
import sys

import feedparser

feed = feedparser.parse(sys.stdin.buffer.read())
assert not feed.bozo, feed.bozo_exception
assert feed.version == "atom10", feed.version
ids = [entry.id for entry in feed.entries]
assert len(ids) == len(set(ids)), ids
assert all(entry.updated_parsed and entry.title and entry.summary for entry in feed.entries)
own = {link.rel: link.href for link in feed.feed.links}
entries = [
    {"id": entry.id, "title": entry.title, "summary": entry.summary, "updated": entry.updated, "link": entry.link}
    for entry in feed.entries
]
print(json.dumps({"title": feed.feed.title, "self": own.get("self"), "page": own.get("alternate"), "entries": entries}))
