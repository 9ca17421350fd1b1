#!/usr/bin/env python3
"""Asks servers about a release in parts, which a cluster counts.

  answers.py same PROGRAM ONE MANY ENGINE          the bodies are those of the same release on one machine
  answers.py proxied PROGRAM ONE MANY ENGINE       so are those of two servers behind nginx
  answers.py without PROGRAM MANY                  what a program says and goes on with when it has no cluster
  answers.py away PROGRAM MANY ENGINE SPARK        the Connect server is killed and started again; SPARK is the folder of deploy/cluster/start

PROGRAM publishes nothing here. ONE and MANY are stores. The dataset is `cluster-own` of package.py. Nothing is asked of another machine.
"""
import concurrent.futures, json, os, re, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request

DATASET = "/v1/datasets/cluster-own"
MEASURES = "measure=charges,persons,cases"
# Whatever a question can have: each dimension, both levels of time, bounds by year, month and day, filters, and every form of an answer.
QUESTIONS = [f"by={by}&{MEASURES}" for by in (
    "", "year", "month", "country", "statute", "category", "outcome", "role", "region", "country,statute,outcome,year", "region,role,month")] + [
    f"by=outcome&{MEASURES}&from=2014&to=2016",
    f"by=statute&{MEASURES}&from=2014-03&to=2016-11",
    f"by=outcome,year&{MEASURES}&from=2014-03-05&to=2016-11-28",
    "by=region&measure=charges&from=2015-02-10&to=2015-02-10",
    f"by=year&{MEASURES}&statute=KAZ-174,RUS-207&outcome=convicted",
    f"by=year&{MEASURES}&region=a%5Cb,%D0%90%D1%81%D1%82%D0%B0%D0%BD%D0%B0&country=KAZ",
    "by=outcome,year&measure=persons&share=outcome&labels=ru",
    f"by=role&{MEASURES}&region=A&from=2023-01-01",
    f"by=year&{MEASURES}&from=1990&to=1991",
]
FORMS = [
    "aggregate.json?by=outcome,year&measure=persons,cases&lang=kk", "aggregate.parquet?by=statute&measure=persons",
    "aggregate.xlsx?by=outcome&measure=cases", "aggregate.zip?by=outcome&measure=persons", "aggregate.csv-metadata.json?by=region&measure=persons",
    "aggregate.jsonstat.json?by=outcome,year&measure=persons", "aggregate.sdmx.csv?by=outcome,year&measure=persons",
    "evidence.csv?by=&statute=RUS-280", "evidence.csv?by=outcome,year&statute=KAZ-174&from=2015-02-10&to=2015-03-20", "evidence.csv?by=region",
    "facets.json?of=country,statute,category,outcome,role,region,year,month&by=year&measure=persons",
    "facets.json?of=outcome,region&by=year&statute=RUS-280&from=2015-02-10&measure=persons",
    "trend.json?by=year&measure=persons", "trend.json?by=outcome,year&measure=cases&statute=KAZ-174",
    "movers.json?of=statute&before=2014&after=2016&measure=persons", "movers.csv?of=region&before=2014..2015&after=2016..2017&measure=charges",
    "chart.svg?by=year&measure=persons", "chart.svg?by=outcome,year&measure=persons&type=multiples", "chart.png?by=outcome&measure=cases",
    "chart.json?by=year&measure=persons", "chart.html?by=year&measure=cases", "codebook.csv", "codebook.json?by=outcome&measure=persons&lang=ru",
    "manifest.json", "croissant.json",
]
PAGES = [
    "/", "/?lang=kk", "/datasets/cluster-own", "/datasets/cluster-own?lang=ru", "/statutes/KAZ-174", "/statutes/RUS-280?lang=ru", "/countries/KAZ",
    "/v1/datasets", DATASET, "/v1/statutes", "/v1/statutes/KAZ-174", "/v1/statutes/KAZ-174/answers.json", "/v1/names.json", "/v1/catalog.jsonld",
    "/report/cluster-own?by=year&measure=persons", "/embed/cluster-own?by=year&measure=cases", "/charts/new?dataset=cluster-own&by=year&measure=persons",
    "/openapi.json?dataset=cluster-own", "/sitemap.xml", "/llms.txt", "/datasets/cluster-own/feed.atom", DATASET + "/releases",
]
# Differs by design: the stores have published at different moments. `package.zip` is refused, which is looked at by itself.
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def say(text):
    print(f"tests/cluster/answers.py: {text}", file=sys.stderr, flush=True)


def fail(text):
    say(text)
    sys.exit(1)


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


def get(address, seconds=1860):
    try:
        with urllib.request.urlopen(address, timeout=seconds) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers, error.read())


class Server:
    """`chargesheet serve` on a free port, until the end of the block."""

    def __init__(self, program, store, *more):
        self.log = tempfile.NamedTemporaryFile(suffix=".log")
        words = [program, "serve", "--store", store, "--listen", "127.0.0.1:0", "--answer-within", "1800", "--public-url", "https://figures.example", *more]
        self.running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.log)
        line = self.running.stdout.readline().decode()
        found = re.search(r"http://[\d.]+:\d+", line)
        if not found:
            self.running.wait()
            fail(f"{' '.join(words)} says {line!r} and {open(self.log.name).read()}")
        self.base = found.group()
        for _ in range(3000):
            if get(self.base + "/readyz").status == 200:
                return
            time.sleep(0.1)
        fail(f"{self.base} is not ready: {open(self.log.name).read()}")

    def get(self, path):
        return get(self.base + path)

    def told(self):
        return open(self.log.name).read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.running.send_signal(signal.SIGTERM)
        self.running.wait(60)


class Nginx:
    """A proxy that gives each request to another of the servers, and keeps nothing."""

    def __init__(self, servers):
        self.folder = tempfile.mkdtemp()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        upstream = "".join(f"server {server.base.removeprefix('http://')};" for server in servers)
        with open(f"{self.folder}/nginx.conf", "w") as conf:
            conf.write(f"""daemon off; pid {self.folder}/pid; error_log stderr emerg; events {{}}
http {{ access_log off; proxy_temp_path {self.folder}; client_body_temp_path {self.folder}; fastcgi_temp_path {self.folder};
uwsgi_temp_path {self.folder}; scgi_temp_path {self.folder}; upstream both {{ {upstream} }}
server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://both; proxy_read_timeout 120s; add_header X-By $upstream_addr always; }} }} }}""")
        self.running = subprocess.Popen(["nginx", "-p", self.folder, "-c", f"{self.folder}/nginx.conf"])
        self.base = f"http://127.0.0.1:{port}"
        time.sleep(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.running.terminate()
        self.running.wait(30)
        shutil.rmtree(self.folder)


def addresses():
    return [f"{DATASET}/aggregate.csv?{question}" for question in QUESTIONS] + [f"{DATASET}/{form}" for form in FORMS] + PAGES


def differs(path, left, right):
    """Says how two answers differ; None where they do not."""
    if left.status != 200 or left.status != right.status:
        return f"{path}: {left.status} and {right.status}: {(right if left.status == 200 else left).body[:300]!r}"
    for name in ("content-type", "chargesheet-release"):
        if left.headers.get(name) != right.headers.get(name):
            return f"{path}: {name} is {left.headers.get(name)} and {right.headers.get(name)}"
    if left.body == right.body:
        return None
    one, many = (MOMENT.sub(b"", reply.body) for reply in (left, right))
    if one == many and any(word in path for word in ("/releases", "feed.atom", "/v1/catalog")):
        return None
    at = next((place for place, (a, b) in enumerate(zip(left.body, right.body)) if a != b), min(len(left.body), len(right.body)))
    around = slice(max(0, at - 80), at + 80)
    return f"{path}: at byte {at}: {left.body[around]!r} and {right.body[around]!r}"


def same(program, one, many, engine):
    with Server(program, one, "--no-bundled") as left, Server(program, many, "--no-bundled", "--engine", engine) as right:
        paths = addresses()
        begun = time.monotonic()
        times = {}

        def asked(path):
            at = time.monotonic()
            answer = right.get(path)
            times[path] = (time.monotonic() - at, answer.headers.get("server-timing", ""))
            return differs(path, left.get(path), answer)

        # As many as the queue holds: whoever comes then is refused, which is another test.
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            wrong = [told for told in pool.map(asked, paths) if told]
        for path, (seconds, timing) in sorted(times.items(), key=lambda item: -item[1][0])[:3]:
            say(f"slow: {seconds:.1f} s {path} {timing}")
        for told in wrong:
            say(told)
        if wrong:
            fail(f"{len(wrong)} of {len(paths)} answers differ; the server says: {right.told()}")
        say(f"{len(paths)} answers are the same byte for byte, in {time.monotonic() - begun:.0f} s")
        metrics = right.get("/metrics").body.decode()
        say(" ".join(re.findall(r"^chargesheet_cluster_\w+ \d+", metrics, re.M)))
        if "chargesheet_cluster_up 1" not in metrics or "the cluster answers" not in right.get("/readyz").body.decode():
            fail("/metrics or /readyz does not say that the cluster answers")
        timing = right.get(DATASET + "/aggregate.csv?by=country,role&measure=persons").headers.get("server-timing", "")
        if "cluster" not in timing:
            fail(f"Server-Timing does not name the cluster: {timing!r}")
        say(f"Server-Timing: {timing}")
        refused = right.get(DATASET + "/package.zip")
        if refused.status != 501 or b"in parts" not in refused.body:
            fail(f"package.zip of a release in parts: {refused.status} {refused.body[:300]}")


def proxied(program, one, many, engine):
    if not shutil.which("nginx"):
        say("two servers behind nginx: not run, because it is not installed")
        return
    clustered = ("--no-bundled", "--engine", engine)
    with (Server(program, one, "--no-bundled") as left, Server(program, many, *clustered) as first,
          Server(program, many, *clustered) as second, Nginx([first, second]) as proxy):
        by = set()
        for path in [f"{DATASET}/aggregate.csv?{question}" for question in QUESTIONS[:14:2]] + PAGES[:3] + [DATASET]:
            # Each server answers it once.
            for _ in range(2):
                answer = get(proxy.base + path)
                by.add(answer.headers.get("x-by"))
                if told := differs(path, left.get(path), answer):
                    fail(f"behind nginx: {told}")
        if len(by) != 2:
            fail(f"nginx asked only {by}")
        say("two servers behind nginx give the same bytes")


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def without(program, many):
    """A program that was given no cluster, or can ask none. Beside the release in parts, the store has one of `cluster-key` in one file."""
    code, _, said = run(program, "serve", "--engine", "sc://nowhere:1", "--help")
    is_plain = code != 0
    words = "is built with the feature `cluster`" if is_plain else "no cluster was named; give --engine"
    code, _, said = run(program, "query", "cluster-own", "by=year&measure=persons", "--store", many, "--no-bundled")
    if code != 2 or words not in said:
        fail(f"query says {code}: {said}")
    say(said.strip())
    code, table, said = run(program, "query", "cluster-own", "by=outcome&measure=charges", "--store", many, "--no-bundled")
    if is_plain != (code == 2) or (is_plain and words not in said) or (not is_plain and "\nconvicted," not in table):
        fail(f"query for charges by months says {code}: {table} {said}")
    code, table, said = run(program, "query", "cluster-key", "by=outcome", "--store", many, "--no-bundled")
    if code or not table.startswith("outcome,"):
        fail(f"another dataset is not answered: {said}")
    code, table, said = run(program, "coverage", "--store", many, "--no-bundled")
    if code or "| cluster-key |" not in table or is_plain == ("| cluster-own |" in table) or is_plain != (words in said):
        fail(f"coverage says {code}: {table[:600]} {said}")
    with tempfile.TemporaryDirectory() as folder:
        code, told, said = run(program, "export", "--store", many, "--no-bundled", "--out", folder + "/copy", "--public-url", "https://copied.example")
        if code != int(is_plain) or words not in said or not os.path.exists(folder + "/copy/index.html"):
            fail(f"export says {code}: {told} {said}")
        say(f"export: {told.strip()} {said.strip()}")
    with Server(program, many, "--no-bundled") as server:
        for path in ["/", "/datasets/cluster-key", "/v1/datasets", "/v1/datasets/cluster-key/aggregate.csv?by=outcome&measure=persons"]:
            if server.get(path).status != 200:
                fail(f"{path}: {server.get(path).status}")
        answer = server.get(f"{DATASET}/aggregate.csv?by=year&measure=persons")
        if answer.status != 503:
            fail(f"persons: {answer.status} {answer.body[:300]}")
        say(f"{'without the feature' if is_plain else 'without --engine'}: {json.loads(answer.body)['detail']}; others go on")


def away(program, many, engine, spark):
    there = f"{DATASET}/aggregate.csv?by=outcome&{MEASURES}"
    counted = f"{DATASET}/aggregate.csv?by=outcome,year&measure=charges"
    new = f"{DATASET}/aggregate.csv?by=role&{MEASURES}"
    with Server(program, many, "--no-bundled", "--engine", engine) as server:
        before = {path: server.get(path).body for path in (there, counted)}
        with open(f"{spark}/connect.pid") as file:
            connect = int(file.read())
        children = subprocess.run(["pgrep", "-P", str(connect)], capture_output=True, text=True).stdout.split()
        for process in [connect, *map(int, children)]:
            os.kill(process, signal.SIGKILL)
        begun = time.monotonic()
        answer = server.get(new)
        problem = json.loads(answer.body)
        if answer.status != 503 or answer.headers.get("retry-after") != "5" or not problem["type"].endswith("cluster-away"):
            fail(f"while Spark is away: {answer.status} {answer.headers.items()} {answer.body}")
        say(f"killed: 503 after {time.monotonic() - begun:.1f} s, Retry-After {answer.headers['retry-after']}: {problem['detail']}")
        for path, body in before.items():
            if server.get(path).body != body:
                fail(f"while Spark is away: {path} is not answered as before")
        if server.get(counted.replace("outcome,", "region,")).status != 200 or server.get("/").status != 200:
            fail("while Spark is away: charges by year are not counted, or the start page is not shown")
        ready, metrics = server.get("/readyz"), server.get("/metrics").body.decode()
        if ready.status != 200 or b"the cluster is away" not in ready.body or "chargesheet_cluster_up 0" not in metrics:
            fail(f"while Spark is away: /readyz {ready.status} {ready.body}")
        say("charges by year, kept answers and other datasets go on; /readyz and /metrics say that the cluster is away")
        for step in ("stop", "start"):
            subprocess.run([f"service/deploy/cluster/{step}", spark], check=True)
        begun = time.monotonic()
        while server.get(new).status != 200:
            if time.monotonic() - begun > 180:
                fail(f"Spark is back and not asked: {server.get(new).body} {server.told()}")
            time.sleep(1)
        if b"the cluster answers" not in server.get("/readyz").body:
            fail("Spark is back, and /readyz does not say so")
        say(f"Spark is back, and asked again after {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    {"same": same, "proxied": proxied, "without": without, "away": away}[sys.argv[1]](*sys.argv[2:])
