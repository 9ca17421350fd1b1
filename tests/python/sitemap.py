"""Reads a service's robots.txt and sitemap.xml as a robot does, and prints the pages that it may fetch, as JSON.

    sitemap.py https://service.example

Every page must name itself and all its languages, and robots.txt must allow each.
"""

import json
import sys
import urllib.robotparser
import urllib.request
import xml.etree.ElementTree as tree

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"

base = sys.argv[1]
robots = urllib.robotparser.RobotFileParser(f"{base}/robots.txt")
robots.read()
sitemaps = robots.site_maps()
assert sitemaps == [f"{base}/sitemap.xml"], sitemaps
with urllib.request.urlopen(sitemaps[0]) as answer:
    root = tree.fromstring(answer.read())
assert root.tag == f"{SITEMAP}urlset", root.tag
pages = []
for url in root:
    page = url.findtext(f"{SITEMAP}loc")
    links = {link.get("hreflang"): link.get("href") for link in url.iter(f"{XHTML}link")}
    assert page in links.values() and len(links) == 3, (page, links)
    assert robots.can_fetch("Googlebot", page), page
    day = url.findtext(f"{SITEMAP}lastmod")
    assert day is None or len(day) == 10, day
    pages.append(page)
assert not robots.can_fetch("Googlebot", f"{base}/charts/new?dataset=x")
print(json.dumps(pages))
