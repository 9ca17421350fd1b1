#!/usr/bin/env python3
"""How long answers take: ours over HTTP, DuckDB's and polars' in process, over the same rows, in blocks.

    answers.py ADDRESS PACKAGE [--dataset NAME] [--rounds N]

ADDRESS is a running service with the package as its only case-level dataset. Answers to the first filters of a class of
questions are compared with DuckDB's before anything is timed. Then, round by round, each system answers the questions of the
class with all their filters in a row, after one that is not timed: so each is measured warm, and not right after another one
has swept the processor's caches. Who begins changes from round to round. The service is asked over one connection a block,
and every question has a filter that none before it had, so that no answer can come out of its cache.
DuckDB has its columns of codes as ENUM and polars as Enum, both with year and month as columns of their own, in memory
and warm; their results stay in their own columnar form, ours arrive as CSV. Prints a table in Markdown.
"""
import argparse
import csv
import datetime
import io
import os
import re
import socket
import statistics
import tempfile
import time
from pathlib import Path

import duckdb
import polars

CODES = ["country", "statute", "outcome", "role", "region"]
COUNTRIES = "IND USA BRA CHN RUS TUR MEX KAZ PAK IDN EGY NGA".split()
OUTCOMES = "convicted acquitted dismissed withdrawn plea transferred pending unknown".split()
YEARS = list(range(2005, 2016))

# What is asked: the class of question, how fast it should be beside the faster peer, the groups, the measures, and filters.
CHARGES, PERSONS, BOTH = ["charges"], ["persons"], ["persons", "cases"]


def questions():
    """The classes of questions, each with several that differ in their filter."""
    since = [{"from": str(year)} for year in YEARS]
    country = [{"country": code} for code in COUNTRIES]
    of_role = [{"country": code, "role": "journalist"} for code in COUNTRIES]
    day = [{"from": f"2012-03-{number:02}", "to": "2019-08-10"} for number in range(2, 14)]
    return [
        ("counts: by year, one country", "cube", ["year"], CHARGES, country),
        ("counts: by country, year, outcome", "cube", ["country", "year", "outcome"], CHARGES, since),
        ("counts: by role, one outcome", "cube", ["role"], CHARGES, [{"outcome": code} for code in OUTCOMES]),
        ("counts: by month, outcome", "cube", ["month", "outcome"], CHARGES, since),
        ("counts: by region, year, one country", "cube", ["region", "year"], CHARGES, country),
        ("counts: by outcome, day to day", "rows", ["outcome"], CHARGES, day),
        ("counts: by role, region", "rows", ["role", "region"], CHARGES, since),
        ("persons by year, one country", "distinct", ["year"], PERSONS, country),
        ("cases by outcome, one country", "distinct", ["outcome"], ["cases"], country),
        ("persons by region, one country", "distinct", ["region"], PERSONS, country),
        ("persons by region, year, one country and role", "distinct", ["region", "year"], PERSONS, of_role),
        ("persons and cases by country, year", "distinct", ["country", "year"], BOTH, [{}] + since[1:4]),
        ("full CSV: country, statute, outcome, year", "csv", ["country", "statute", "outcome", "year"], CHARGES, since[:6]),
    ]


# At most so many times what the faster peer takes, by the number of rows.
TARGETS = {
    "cube": lambda rows: 0.03 if rows >= 80_000_000 else 0.1,
    "rows": lambda rows: 0.4,
    "distinct": lambda rows: 0.3,
    "csv": lambda rows: 0.25,
}


def bounds(keep):
    """First and last day that a question keeps."""
    first, last = keep.get("from"), keep.get("to")
    first = datetime.date.fromisoformat(first if first is None or len(first) > 4 else f"{first}-01-01") if first else None
    last = datetime.date.fromisoformat(last if last is None or len(last) > 4 else f"{last}-12-31") if last else None
    return first, last


class Ours:
    """The service, over one connection that stays open."""

    name = "Chargesheet"

    def __init__(self, address, dataset):
        self.host, self.port = address.split(":")
        self.path = f"/v1/datasets/{dataset}/aggregate.csv"
        self.ready()

    def ready(self):
        """Connects anew, for a block: the service closes connections on which nothing came while others had their turn."""
        # A socket of our own: http.client takes longer over its headers than many an answer.
        self.socket = socket.create_connection((self.host, int(self.port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert self.received().startswith(b"HTTP/1.1 200")

    def received(self):
        """What came next; a connection that was closed is an error, and not nothing."""
        came = self.socket.recv(1 << 20)
        if not came:
            raise ConnectionError("the service closed the connection")
        return came

    def ask(self, by, measures, keep, whole):
        parts = {"by": ",".join(by), "measure": ",".join(measures), **keep}
        query = "&".join(f"{name}={value}" for name, value in parts.items())
        self.socket.sendall(f"GET {self.path}?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        came = self.received()
        while b"\r\n\r\n" not in came:
            came += self.received()
        head, _, body = came.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), (head, body)
        length = int(re.search(rb"content-length: (\d+)", head).group(1))
        pieces, left = [body], length - len(body)
        while left > 0:
            pieces.append(self.received())
            left -= len(pieces[-1])
        self.timing = re.search(rb"server-timing: ([^\r]*)", head).group(1).decode()
        assert not self.timing.startswith("cache"), f"{query} was asked before: start the service anew"
        return b"".join(pieces)

    def plan(self):
        """The way that the last answer was made."""
        told = re.search('desc="([^"]*)"', self.timing)
        return told.group(1) if told else ""

    def rows(self, answer):
        table = list(csv.reader(io.StringIO(answer.decode())))[1:]
        return sorted(tuple(row) for row in table)


class Duck:
    """DuckDB in process."""

    name = "DuckDB"
    measures = {
        "charges": "count(*)",
        "persons": "count(DISTINCT defendant_id)",
        "cases": "count(DISTINCT case_id)",
    }

    def __init__(self, parquet):
        self.connection = duckdb.connect()
        self.file = tempfile.NamedTemporaryFile(suffix=".csv")
        self.connection.execute(f"SET threads = {os.cpu_count()}")
        for code in CODES:
            self.connection.execute(
                f"CREATE TYPE {code}_code AS ENUM (SELECT DISTINCT {code} FROM '{parquet}' ORDER BY 1)"
            )
        codes = ", ".join(f"{code}::{code}_code AS {code}" for code in CODES)
        start = time.perf_counter()
        self.connection.execute(
            f"CREATE TABLE charges AS SELECT charge_id, case_id::UINTEGER AS case_id, "
            f"defendant_id::UINTEGER AS defendant_id, {codes}, date_charged, year(date_charged)::USMALLINT AS year, "
            f"(year(date_charged) * 12 + month(date_charged) - 1)::USMALLINT AS month FROM '{parquet}'"
        )
        self.read_in = time.perf_counter() - start

    def ask(self, by, measures, keep, whole):
        first, last = bounds(keep)
        where = [f"{name} = '{value}'" for name, value in keep.items() if name in CODES]
        where += [f"date_charged >= DATE '{first}'"] if first else []
        where += [f"date_charged <= DATE '{last}'"] if last else []
        where = f" WHERE {' AND '.join(where)}" if where else ""
        counted = ", ".join(f"{self.measures[measure]} AS {measure}" for measure in measures)
        groups = ", ".join(by)
        query = f"SELECT {groups}, {counted} FROM charges{where} GROUP BY {groups} ORDER BY {groups}"
        if whole:
            self.connection.execute(f"COPY ({query}) TO '{self.file.name}' (HEADER)")
            return Path(self.file.name).read_bytes()
        return self.connection.sql(query).to_arrow_table()

    def rows(self, answer):
        if isinstance(answer, bytes):
            return sorted(tuple(row) for row in list(csv.reader(io.StringIO(answer.decode())))[1:])
        return texts(polars.from_arrow(answer))


class Polars:
    """polars in process."""

    name = "polars"
    measures = {
        "charges": polars.len(),
        "persons": polars.col("defendant_id").n_unique(),
        "cases": polars.col("case_id").n_unique(),
    }

    def __init__(self, parquet):
        codes = [code for code in CODES]
        all_codes = polars.scan_parquet(parquet)
        enums = {code: polars.Enum(sorted(all_codes.select(polars.col(code).unique()).collect()[code])) for code in codes}
        self.frame = (
            all_codes.select(
                polars.col("case_id", "defendant_id").cast(polars.UInt32),
                *[polars.col(code).cast(enums[code]) for code in codes],
                "date_charged",
                polars.col("date_charged").dt.year().cast(polars.UInt16).alias("year"),
                (polars.col("date_charged").dt.year().cast(polars.Int32) * 12 + polars.col("date_charged").dt.month() - 1)
                .cast(polars.UInt16)
                .alias("month"),
            )
            .collect(engine="streaming")
            .rechunk()
        )

    def ask(self, by, measures, keep, whole):
        first, last = bounds(keep)
        frame = self.frame.lazy()
        for name, value in keep.items():
            if name in CODES:
                frame = frame.filter(polars.col(name) == value)
        if first:
            frame = frame.filter(polars.col("date_charged") >= first)
        if last:
            frame = frame.filter(polars.col("date_charged") <= last)
        counted = [self.measures[measure].alias(measure) for measure in measures]
        answer = frame.group_by(by).agg(counted).sort(by).collect()
        return answer.write_csv().encode() if whole else answer

    def rows(self, answer):
        if isinstance(answer, bytes):
            return sorted(tuple(row) for row in list(csv.reader(io.StringIO(answer.decode())))[1:])
        return texts(answer)


def texts(frame):
    """Rows as the CSV has them."""

    def text(name, value):
        return f"{value // 12:04}-{value % 12 + 1:02}" if name == "month" else str(value)

    return sorted(
        tuple(text(name, value) for name, value in zip(frame.columns, row)) for row in frame.iter_rows()
    )


def unasked(keep, turn, is_timed):
    """A filter that no question before had, and the same figures or hardly others: a later end, or another day."""
    if "to" in keep:
        return {**keep, "to": f"2019-{8 if is_timed else 9:02}-{11 + turn}"}
    return {**keep, "to": f"20{(40 if is_timed else 70) + turn}"}


def block(system, by, measures, filters, whole, turn):
    """One system's turn: how long each question took, in seconds, after one that only warms up."""
    is_ours = isinstance(system, Ours)
    if is_ours:
        system.ready()
    times = []
    for is_timed, keep in [(False, filters[0])] + [(True, keep) for keep in filters]:
        if is_ours:
            keep = unasked(keep, turn, is_timed)
        start = time.perf_counter()
        system.ask(by, measures, keep, whole)
        if is_timed:
            times.append(time.perf_counter() - start)
    return times


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("address")
    arguments.add_argument("package")
    arguments.add_argument("--dataset", default="benchmark")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments = arguments.parse_args()
    parquet = f"{arguments.package}/charges.parquet"
    ours, duck, frame = Ours(arguments.address, arguments.dataset), Duck(parquet), Polars(parquet)
    rows = duck.connection.execute("SELECT count(*) FROM charges").fetchall()[0][0]
    print(f"{rows:,} rows; DuckDB {duckdb.__version__} read them into ENUM columns in {duck.read_in:.1f} s;", end=" ")
    print(f"polars {polars.__version__}; medians, each system asked in blocks.\n")
    print("| question | Chargesheet, HTTP | DuckDB | polars | ratio to the faster | target | plan |")
    print("|---|---|---|---|---|---|---|")
    for name, kind, by, measures, filters in questions():
        whole = kind == "csv"
        systems = [ours, duck, frame]
        took = {system.name: [] for system in systems}
        # Answers first: what is wrong is not timed.
        for keep in filters[:2]:
            ours.ready()
            own = ours.rows(ours.ask(by, measures, keep, whole))
            for peer in (duck, frame):
                assert own == peer.rows(peer.ask(by, measures, keep, whole)), (name, peer.name, keep)
        for turn in range(arguments.rounds):
            for place in range(len(systems)):
                system = systems[(turn + place) % len(systems)]
                took[system.name] += block(system, by, measures, filters, whole, turn)
        medians = {name: statistics.median(times) * 1000 for name, times in took.items()}
        ratio = medians[ours.name] / min(medians[duck.name], medians[frame.name])
        print(
            f"| {name} | {medians[ours.name]:.2f} ms | {medians[duck.name]:.1f} ms | {medians[frame.name]:.1f} ms "
            f"| {ratio:.3f} | {TARGETS[kind](rows)} | {ours.plan()} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
