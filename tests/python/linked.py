"""Reads JSON-LD on standard input with rdflib, without a network, and holds it against DCAT-AP's properties.

Prints how many datasets and distributions there are, as JSON.
"""

import json
import socket
import sys

from rdflib import Graph, Namespace
from rdflib.namespace import DCTERMS, RDF, URIRef

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SCHEMA = Namespace("https://schema.org/")


def refused(*_):
    raise SystemExit("a reader would have to ask somebody")


socket.socket.connect = refused
socket.create_connection = refused
graph = Graph().parse(data=sys.stdin.buffer.read(), format="json-ld")
datasets = list(graph.subjects(RDF.type, DCAT.Dataset))
for dataset in datasets:
    assert (dataset, RDF.type, SCHEMA.Dataset) in graph, dataset
    for name in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCTERMS.spatial,
                 DCTERMS.language, DCAT.contactPoint, DCAT.theme, DCAT.keyword, DCAT.distribution,
                 SCHEMA.keywords, SCHEMA.spatialCoverage, SCHEMA.license, SCHEMA.sameAs):
        assert graph.value(dataset, name) is not None, f"{dataset} has no {name}"
    assert isinstance(graph.value(dataset, SCHEMA.license), URIRef)
distributions = list(graph.subjects(RDF.type, DCAT.Distribution))
for distribution in distributions:
    for name in (DCTERMS.license, DCTERMS["format"], DCAT.downloadURL, DCAT.mediaType, SCHEMA.contentUrl, SCHEMA.license):
        assert graph.value(distribution, name) is not None, f"{distribution} has no {name}"
print(json.dumps({"datasets": len(datasets), "distributions": len(distributions)}))
