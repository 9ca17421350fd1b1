#!/usr/bin/env python3
"""Measures a cluster beside one machine and DuckDB over the same charges, and kills workers meanwhile.

  bench.py measure PROGRAM ENGINE PACKAGE WORK SPARK       publishes on one machine and on the cluster, and asks all three
  bench.py kills PROGRAM ENGINE PACKAGE WORK SPARK ROUNDS [SECONDS]
                                                           kills a worker in the middle of so many publications and questions;
                                                           with the seconds of a whole publication, none is made without a kill

PACKAGE is one of tests/bench/generate.py in many files, SPARK the folder of service/deploy/cluster/start. Prints tables in Markdown. Every
answer is held against the other two; a release that is not the same ends the run. What one machine has no memory for is held against DuckDB
alone. Nothing else should run meanwhile.
"""
import glob, importlib.util, json, os, random, re, resource, shutil, signal, subprocess, sys, tempfile, threading, time
from pathlib import Path

from answers import Server, fail

# The questions, and DuckDB's answers, of the benchmark of one machine.
SPEC = importlib.util.spec_from_file_location("of_one", Path(__file__).parents[1] / "bench" / "answers.py")
PAGE = resource.getpagesize()
# What one machine needs to publish a charge of these: 5.9 GB for 80 million.
BYTES_OF_A_CHARGE = 74


def children(process):
    """A process and all that it has started."""
    own = [process]
    for place in own:
        own += map(int, subprocess.run(["pgrep", "-P", str(place)], capture_output=True, text=True).stdout.split())
    return own


def memory(processes):
    """The resident memory of processes, in bytes."""
    total = 0
    for process in processes:
        try:
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


def pid(spark, name):
    return int(Path(f"{spark}/{name}.pid").read_text())


class Watch:
    """The most memory that each worker, with all it has started, and the driver held until the end of the block."""

    def __init__(self, spark):
        self.spark, self.most, self.is_over = spark, {}, threading.Event()

    def look(self):
        while not self.is_over.wait(0.5):
            for file in Path(self.spark).glob("*.pid"):
                held = memory(children(int(file.read_text())))
                self.most[file.stem] = max(held, self.most.get(file.stem, 0))

    def __enter__(self):
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join()

    def told(self):
        names = [name for name in sorted(self.most) if name != "master"]
        return ", ".join(f"{name} {self.most[name] / 1e6:,.0f} MB" for name in names)


def publish(program, package, store, *more):
    """Publishes, and returns the id, the seconds and the most memory of the program itself."""
    begun = time.monotonic()
    running = subprocess.Popen(
        [program, "publish", package, "--store", store, "--yes", *more], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = running.stdout.read().decode()
    _, status, used = os.wait4(running.pid, 0)
    found = re.search(r"published benchmark (\S+):", said)
    if os.waitstatus_to_exitcode(status) != 0 or not found:
        fail(f"publish ended with {os.waitstatus_to_exitcode(status)}: {said[-2000:]}")
    return found.group(1), time.monotonic() - begun, used.ru_maxrss / 1000


def size(folder):
    return sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())


def measure(program, engine, package, work, spark):
    bench = importlib.util.module_from_spec(SPEC)
    SPEC.loader.exec_module(bench)
    rows = json.loads(Path(f"{package}/datapackage.json").read_text())["title"].split()[0]
    fits = int(rows.replace(",", "")) * BYTES_OF_A_CHARGE < os.sysconf("SC_PHYS_PAGES") * PAGE
    files = glob.glob(f"{package}/charges/*.parquet")
    print(f"### {rows} charges in {len(files)} files of {size(package) / 1e6:,.0f} MB\n", flush=True)
    for store in ("one", "many"):
        shutil.rmtree(f"{work}/{store}", ignore_errors=True)
    print("| published | seconds | memory of the program | memory of the cluster |\n|---|---|---|---|", flush=True)
    one = None
    if fits:
        one, seconds, most = publish(program, package, f"{work}/one")
        print(f"| on one machine | {seconds:.1f} | {most:,.0f} MB | |", flush=True)
    with Watch(spark) as watch:
        many, seconds, most = publish(program, package, f"{work}/many", "--engine", engine)
    print(f"| on the cluster | {seconds:.1f} | {most:,.0f} MB | {watch.told()} |", flush=True)
    if fits and one != many:
        fail(f"the release is {one} on one machine and {many} on the cluster")
    begun = time.monotonic()
    subprocess.run([program, "verify", f"{work}/many"], check=True, stdout=subprocess.DEVNULL)
    sizes = f"they have {size(f'{work}/many') / 1e6:,.0f} MB" + (f", one file {size(f'{work}/one') / 1e6:,.0f} MB" if fits else "")
    print(f"\nThe release is {many}. `verify` reads the parts in {time.monotonic() - begun:.1f} s; {sizes}.\n", flush=True)
    # DuckDB reads the files, as Spark does, and is asked after the others have answered.
    duck = bench.duckdb.connect()
    duck.execute(f"SET threads = {os.cpu_count()}; SET memory_limit = '{4 if fits else 8}GB'; SET temp_directory = '{work}/duckdb'")
    duck.execute(f"CREATE VIEW charges AS SELECT *, year(date_charged) AS year, "
                 f"year(date_charged) * 12 + month(date_charged) - 1 AS month FROM read_parquet('{package}/charges/*.parquet')")
    peer = bench.Duck.__new__(bench.Duck)
    peer.connection = duck
    peer.file = tempfile.NamedTemporaryFile(suffix=".csv")
    print("| question | cluster | again | one machine | DuckDB | way |\n|---|---|---|---|---|---|", flush=True)
    with Server(program, f"{work}/{'one' if fits else 'many'}", "--no-bundled") as near, \
            Server(program, f"{work}/many", "--no-bundled", "--engine", engine) as far, Watch(spark) as watch:
        for name, kind, by, measures, filters in bench.questions():
            keep = bench.unasked(filters[0], 0, True)
            query = "&".join(f"{key}={value}" for key, value in {"by": ",".join(by), "measure": ",".join(measures), **keep}.items())
            path = f"/v1/datasets/benchmark/aggregate.csv?{query}"
            times, bodies, way = [], [], ""
            for server in (far, far, near) if fits else (far, far):
                begun = time.monotonic()
                answer = server.get(path)
                times.append(time.monotonic() - begun)
                bodies.append((answer.status, answer.body))
                way = way or answer.headers.get("server-timing", "")
            begun = time.monotonic()
            try:
                told = peer.ask(by, measures, keep, kind == "csv")
                duck_seconds = f"{time.monotonic() - begun:.3f} s"
            except bench.duckdb.OutOfMemoryException:
                told, duck_seconds = None, "out of memory"
            shown = [f"{seconds:.3f} s" for seconds in times] + ["–"] * (not fits) + [duck_seconds]
            # The servers wait for half an hour: what takes longer is shown, and held against nothing.
            if bodies[0][0] != 503:
                own = sorted(tuple(row.split(",")) for row in bodies[0][1].decode().splitlines()[1:])
                if bodies[0] != bodies[-1] or bodies[0][0] != 200:
                    fail(f"{path}: {bodies[0][0]} {bodies[0][1][:300]} and {bodies[-1][0]} {bodies[-1][1][:300]}")
                if told is not None and own != peer.rows(told):
                    fail(f"{path}: DuckDB has other figures: {own[:3]} {peer.rows(told)[:3]}")
            way = "no answer" if bodies[0][0] == 503 else "Spark" if "cluster" in way else "cube"
            print(f"| {name} | {' | '.join(shown)} | {way} |", flush=True)
    print(f"\nMemory while it was asked: {watch.told()}.", flush=True)


def kill(spark, name):
    for process in reversed(children(pid(spark, name))):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass


def struck(spark, turn, after, act):
    """What `act` returns and its seconds, with a worker killed meanwhile and started again. None where it ended before that."""
    timer = threading.Timer(after, kill, (spark, f"worker{turn % 2 + 1}"))
    timer.start()
    begun = time.monotonic()
    result = act()
    seconds = time.monotonic() - begun
    timer.join()
    subprocess.run(["service/deploy/cluster/start", spark], check=True, capture_output=True)
    if seconds < after:
        print(f"| {turn + 1} | {after:.1f} s | {seconds:.1f} s | too early: proves nothing |", flush=True)
        return None
    return result, seconds


def kills(program, engine, package, work, spark, rounds, whole=None):
    rounds, chance = int(rounds), random.Random(21)
    expected, _, _ = publish(program, package, f"{work}/one")
    many = f"{work}/many"

    def again():
        shutil.rmtree(many, ignore_errors=True)
        return publish(program, package, many, "--engine", engine)[:2]

    def hold(turn, after, seconds, is_same, told):
        print(f"| {turn + 1} | {after:.1f} s | {seconds:.1f} s | {'the same' if is_same else told} |", flush=True)
        if not is_same:
            fail(f"a worker was killed after {after:.1f} s, and not the same came: {told}")

    if whole is None:
        id, whole = again()
        if id != expected:
            fail(f"the release is {expected} on one machine and {id} on the cluster")
    whole = float(whole)
    print(f"{expected}, nothing killed: {whole:.1f} s.\n\n| round | killed after | published in | release |\n|---|---|---|---|", flush=True)
    turn, proved = 0, 0
    while proved < rounds:
        after = chance.uniform(0.05, 0.9) * whole
        told = struck(spark, turn, after, again)
        if told:
            (id, seconds), proved = told[0], proved + 1
            hold(turn, after, seconds, id == expected, id)
        turn += 1
    # What is asked is the last one of them.
    with Server(program, f"{work}/one", "--no-bundled") as near, Server(program, many, "--no-bundled", "--engine", engine) as far:
        path = "/v1/datasets/benchmark/aggregate.csv?by=region,role&measure=persons,cases&from={}"
        # The first question is a cold one, and takes much longer than all others: the moment to kill is drawn from the third.
        for year in (2001, 2002, 2003):
            begun = time.monotonic()
            if far.get(path.format(f"{year}-02-03")).status != 200:
                fail("nothing is answered even before a worker is killed")
            whole = time.monotonic() - begun
        print(f"\nNothing killed: {whole:.1f} s.\n\n| round | killed after | answered in | answer |\n|---|---|---|---|", flush=True)
        turn, proved = 0, 0
        while proved < rounds:
            # Another day for each round, so that no answer is one that was kept.
            asked = path.format(f"2005-{turn // 28 + 1:02}-{turn % 28 + 1:02}")
            after = chance.uniform(0.05, 0.8) * whole
            told = struck(spark, turn, after, lambda: far.get(asked))
            if told:
                (answer, seconds), proved = told, proved + 1
                is_same = answer.status == 200 and answer.body == near.get(asked).body
                hold(turn, after, seconds, is_same, f"{asked} is {answer.status} {answer.body[:300]}")
            turn += 1


if __name__ == "__main__":
    {"measure": measure, "kills": kills}[sys.argv[1]](*sys.argv[2:])
