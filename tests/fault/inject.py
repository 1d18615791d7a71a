#!/usr/bin/env python3
"""Makes each call of a run of tokbill fail in turn, and looks at what is left.

    inject.py --tokbill build/tokbill --preload build/fault/preload.so [--short]
              [--before libasan.so] [--only SCENARIO[,FAULT]] [--jobs N]

For each scenario and each fault: the first call of that kind fails, then the second, and so on
until a run does not reach so many. After each run

* report and rejects are all old or all new, byte for byte;
* no temporary file is left;
* the exit code is that of the README, for what failed;
* exactly one message says why, or the run did what it does without a fault and said the same.

The library of a sanitizer has to stand before ours (--before). It then is the allocator, so no
allocation is made to fail; all other calls pass through it to ours.

The last line is "N passed, N failed"; each sweep is a test.
"""

import argparse
import errno
import gzip
import itertools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

POPT_NO_MEMORY = "virtual memory exhausted."  # popt's own words before it exits

TIMEOUT = 120  # seconds; a run that hangs is one that failed

RATES = "[m]\ninput = 1\noutput = 2\ncached_read = 0.1\nbatch_discount = 50%\n"
OTHER_RATES = RATES.replace("= 2", "= 3") + "[n]\ninput = 2\noutput = 3\n"
LITELLM = """{
 "m": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
 "n": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_token": 3e-06}
}
"""
HEADER = "timestamp,model,input_tokens,output_tokens"


# ---- logs ----

# Of another day elsewhere, with and without a zone.
BY_MIDNIGHT = ("22:30:00Z", "00:30:00Z", "23:30:00", "01:30:00")


def plain(rows, model="m", times=("10:00:00Z",)):
    lines = (f"2026-{i % 9 + 1:02d}-{i % 28 + 1:02d}T{times[i % len(times)]},{model},{i},{i % 7}" for i in range(rows))
    return "\n".join([HEADER, *lines]) + "\n"


def quoted(rows):
    lines = (f'"2026-04-{i % 28 + 1:02d}","m","{i}",{i % 7},"pro""ject, {i % 5}\r\n"' for i in range(rows))
    return "\n".join([HEADER + ",project", *lines]) + "\n"


def with_bad_rows(rows):
    lines = plain(rows).splitlines()
    for i in range(5, len(lines), 50):
        lines[i] = lines[i].replace(",m,", ",unknown,") if i % 100 < 50 else lines[i] + "x"
    return "\n".join(lines) + "\n"


def with_ids(rows):
    """Every thousandth request stands in the log twice, one of them with another content."""
    lines = [HEADER + ",request_id"]
    for i in range(rows):
        name = i - 1 if i % 1000 == 1 else i
        lines.append(f"2026-04-{name % 28 + 1:02d},m,{name},{name % 7 if i != 2001 else 9},req_{name}")
    return "\n".join(lines) + "\n"


def zstd(text):
    return subprocess.run(["zstd", "-q"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


# ---- scenarios ----

@dataclass
class Scenario:
    name: str
    args: list
    files: dict = field(default_factory=dict)
    code: int = 0
    outputs: tuple = ()  # files that the run replaces
    stdin: str = ""  # a file that comes through a pipe
    heavy: bool = False  # a run takes long
    # Found by a run without a fault.
    new: dict = field(default_factory=dict)
    stdout: bytes = b""
    stderr: list = field(default_factory=list)


REPORT = ["report", "--rates", "rates.ini"]
REJECTS = ("report.csv", "rejects/a.rejects.csv", "rejects/b.rejects.csv")


def scenarios(commands):
    yield Scenario("plain", [*REPORT, "--threads", "1", "log.csv"], {"log.csv": plain(3000)})
    yield Scenario("threads", [*REPORT, "--threads", "3", "-o", "report.csv", "log.csv"],
                   {"log.csv": plain(40000)}, outputs=("report.csv",))
    yield Scenario("quoted", [*REPORT, "-o", "report.json", "--by", "date,project,model", "log.csv"],
                   {"log.csv": quoted(500)}, outputs=("report.json",))
    yield Scenario("table", [*REPORT, "-f", "table", "-o", "report.csv", "log.csv"],
                   {"log.csv": plain(200)}, outputs=("report.csv",))
    yield Scenario("gzip", [*REPORT, "-o", "report.csv", "log.gz"],
                   {"log.gz": gzip.compress(plain(5000).encode(), mtime=0)}, outputs=("report.csv",))
    yield Scenario("zstd", [*REPORT, "-o", "report.csv", "log.zst"],
                   {"log.zst": zstd(plain(5000))}, outputs=("report.csv",))
    yield Scenario("rejects", [*REPORT, "--rejects", "rejects", "-o", "report.csv", "a.csv", "b.csv"],
                   {"a.csv": with_bad_rows(400), "b.csv": with_bad_rows(4000)}, 2, REJECTS)
    yield Scenario("rejects-go", [*REPORT, "--rejects", "rejects", "-o", "report.csv", "a.csv", "b.csv"],
                   {"a.csv": plain(4), "b.csv": with_bad_rows(40)}, 2, REJECTS)
    yield Scenario("rejects-stdout", [*REPORT, "--rejects", "rejects", "a.csv"],
                   {"a.csv": with_bad_rows(400)}, 2, ("rejects/a.rejects.csv",))
    yield Scenario("duplicates", [*REPORT, "--rejects", "rejects", "-o", "report.csv", "a.csv"],
                   {"a.csv": with_ids(140000)}, 2, REJECTS[:2], heavy=True)
    # Files beyond the 64th are closed and opened again in their turn.
    yield Scenario("many", [*REPORT, "--rejects", "rejects", "-o", "report.csv", "logs"],
                   {f"logs/{i:02d}.csv": with_bad_rows(10) if i in (1, 69) else plain(3) for i in range(70)}, 2,
                   ("report.csv", "rejects/logs+01.rejects.csv", "rejects/logs+69.rejects.csv"))
    yield Scenario("pipe", [*REPORT, "-o", "report.csv", "-"], {"in.csv": with_ids(900)},
                   outputs=("report.csv",), stdin="in.csv")
    yield Scenario("large-pipe", [*REPORT, "--threads", "2", "--rejects", "rejects", "-o", "report.csv", "-"],
                   {"in.csv": with_bad_rows(60000)}, 2, ("report.csv", "rejects/stdin.rejects.csv"), stdin="in.csv")
    yield Scenario("built-in", ["report", "--tz", "Europe/Berlin", "--log-tz", "America/New_York",
                                "--detail", "-o", "report.csv", "log.csv"],
                   {"log.csv": plain(50, "gpt-4o-mini", BY_MIDNIGHT)}, outputs=("report.csv",), heavy=True)
    yield Scenario("bad-rows", [*REPORT, "log.csv"], {"log.csv": with_bad_rows(400)}, 65)
    yield from rates_scenarios(commands)
    yield Scenario("estimate", ["estimate", "--all", "--input", "1000", "--output", "10",
                                "-o", "report.json"], outputs=("report.json",))
    if "whatif" in commands:
        yield Scenario("whatif", ["whatif", "--rates", "other.ini", "--move", "m=n", "--rejects", "rejects",
                                  "-o", "report.csv", "a.csv"],
                       {"a.csv": with_bad_rows(400), "other.ini": OTHER_RATES}, 2, REJECTS[:2])


def rates_scenarios(commands):
    files = {"other.ini": OTHER_RATES, "list.json": LITELLM}
    table = [
        ("list", ["-o", "report.csv", "rates.ini"], 0, ("report.csv",)),
        ("list", [], 0, ()),
        ("show", ["--rates", "rates.ini", "m"], 0, ()),
        ("check", ["rates.ini", "other.ini"], 0, ()),
        ("diff", ["rates.ini", "other.ini"], 1, ()),
        ("import", ["list.json", "-o", "report.ini"], 0, ("report.ini",)),
        ("import", ["-q", "list.json", "-o", "report.ini", "--report", "left.csv"], 0, ("report.ini", "left.csv")),
    ]
    for number, (name, args, code, outputs) in enumerate(table):
        if "rates " + name in commands:
            yield Scenario(f"rates-{name}-{number}", ["rates", name, *args], files, code, outputs)


# ---- faults ----

@dataclass
class Fault:
    name: str
    calls: str
    how: str
    rounds: int = 1


OUT_CALLS = "write,fsync,rename,link,unlink,close,mkstemp,open"


def faults():
    def fails(call, *errnos):
        for e in errnos:
            yield Fault(f"{call} {errno.errorcode[e]}", call, str(e))

    yield from fails("alloc", errno.ENOMEM)
    yield Fault("alloc ENOMEM from there on", "alloc", str(errno.ENOMEM), 0)
    for call in ("read", "pread", "write"):
        yield from fails(call, errno.EIO, errno.EINTR)
        yield Fault(f"{call} short", call, "short")
    yield Fault("write ENOSPC from there on", "write", str(errno.ENOSPC), 0)
    yield from fails("open", errno.EACCES, errno.EMFILE)
    yield from fails("mkstemp", errno.EACCES)
    yield from fails("close", errno.EIO)
    yield from fails("fsync", errno.EIO)
    yield from fails("rename", errno.EACCES)
    yield from fails("link", errno.EPERM)
    yield from fails("unlink", errno.EACCES)
    yield from fails("mkdir", errno.EACCES)
    yield from fails("realpath", errno.ENOMEM)
    yield from fails("opendir", errno.EACCES)
    yield from fails("fchmod", errno.EPERM)
    yield from fails("flock", errno.ENOLCK, errno.EWOULDBLOCK)
    yield from fails("fstat", errno.EIO)
    yield from fails("lseek", errno.EIO)
    yield from fails("thread", errno.EAGAIN)
    yield Fault("thread EAGAIN from there on", "thread", str(errno.EAGAIN), 0)
    for s in ("TERM", "INT", "HUP", "PIPE", "KILL"):
        number = getattr(signal, "SIG" + s)
        yield Fault(f"SIG{s} at output", OUT_CALLS, f"signal={int(number)}")
    for s in ("TERM", "KILL"):
        yield Fault(f"SIG{s} at input", "read,pread", f"signal={int(getattr(signal, 'SIG' + s))}")
    yield Fault("input shrinks", "read", "cut")
    yield Fault("input grows", "read", "grow")


# What the exit code is when a call fails on a file. First match counts.
OWN_TEMP = r"tokbill-\w+( \(deleted\))?$|^/tmp.*/tmp$"
CODES = [
    ("alloc|realpath", "", {70}),
    ("opendir", r"^logs$", {66}),
    ("opendir", "", set()),  # what a killed run left stays
    ("close", r"\.tokbill-|/report\.\w+$|\.rejects\.csv$", {74}),
    ("unlink", r"\.rejects\.csv$", {73}),
    ("thread|close|flock|link|unlink", "", set()),  # does without
    ("open|fstat|read|lseek", r"\.ini$", {78}),
    ("open|read", r"zoneinfo", {66}),
    ("mkdir|fchmod|rename", "", {73}),
    ("fsync|write|pread", "", {74}),
    ("mkstemp|open", r"/tmp/", {74}),
    ("mkstemp", "", {73}),
    ("open|fstat", r"(\.json|\.csv|\.gz|\.zst|pipe:.*)$", {66, 74}),
    ("open", "", {73}),
    ("read|lseek", "", {74}),
    ("", "", {73, 74}),
]


def codes_for(call, path):
    for calls, pattern, codes in CODES:
        if re.fullmatch(calls or ".*", call) and re.search(pattern, path):
            return codes
    raise AssertionError(call)


# ---- a run ----

class Place:
    """A folder in which one scenario runs again and again."""

    def __init__(self, options, scenario, name):
        self.options, self.s = options, scenario
        self.root = pathlib.Path(options.dir) / name
        self.work, self.tmp = self.root / "work", self.root / "tmp"
        self.mark, self.out, self.err = self.root / "mark", self.root / "out", self.root / "err"
        for d in (self.work, self.tmp):
            d.mkdir(parents=True)
        self.restore_inputs()

    def old(self, name):
        return b"old " + name.encode() + b"\n"

    def reset(self):
        for name in self.s.outputs:
            path = self.work / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(self.old(name))
        for path in self.leftovers():
            path.unlink()
        self.mark.unlink(missing_ok=True)

    def leftovers(self):
        return [p for p in itertools.chain(self.work.rglob("*"), self.tmp.rglob("*"))
                if "tokbill-" in p.name]

    def environment(self, fault, n):
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TMPDIR": str(self.tmp)}
        if fault:
            env |= {"LD_PRELOAD": f"{self.options.before} {self.options.preload}", "FAULT_CALL": fault.calls,
                    "FAULT_AT": str(n), "FAULT_FOR": str(fault.rounds), "FAULT_HOW": fault.how,
                    "FAULT_MARK": str(self.mark), "FAULT_FILE": str(self.work / self.input()),
                    "ASAN_OPTIONS": "allocator_may_return_null=1"}
        return env

    def input(self):
        return next((f for f in self.s.files if not f.endswith(".ini")), "rates.ini")

    def run(self, fault=None, n=0):
        self.reset()
        feed = None
        stdin = subprocess.DEVNULL
        if self.s.stdin:
            feed = subprocess.Popen(["cat", str(self.work / self.s.stdin)], stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL)
            stdin = feed.stdout
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            p = subprocess.Popen([self.options.tokbill, *self.s.args], cwd=self.work, stdin=stdin,
                                 stdout=out, stderr=err, env=self.environment(fault, n))
            try:
                code = p.wait(TIMEOUT)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
                code = "hangs"
        if feed:
            feed.stdout.close()
            feed.kill()
            feed.wait()
        return code

    def state(self):
        return {name: (self.work / name).read_bytes() if (self.work / name).exists() else None
                for name in self.s.outputs}

    def learn(self):
        """What a run without a fault gives."""
        code = self.run()
        lines = self.err.read_text().splitlines()
        if code != self.s.code or self.leftovers():
            sys.exit(f"{self.s.name}: exit code {code} without a fault: {lines}")
        self.s.new, self.s.stdout, self.s.stderr = self.state(), self.out.read_bytes(), lines

    def restore_inputs(self):
        for name, content in {"rates.ini": RATES, **self.s.files}.items():
            data = content if isinstance(content, bytes) else content.encode()
            (self.work / name).parent.mkdir(exist_ok=True)
            (self.work / name).write_bytes(data)


class Judge:
    """What is wrong after a run, as texts."""

    def __init__(self, place, fault, code):
        self.place, self.fault, self.code, self.s = place, fault, code, place.s
        hits = [line.split(" ", 1) for line in place.mark.read_text(errors="replace").splitlines()]
        self.call, self.path = hits[0]
        self.state = place.state()
        self.stderr = place.err.read_text(errors="replace").splitlines()
        self.extra = [line for line in self.stderr if line not in self.s.stderr]
        self.signal = int(fault.how[7:]) if fault.how.startswith("signal=") else 0

    def is_new(self):
        return self.state == self.s.new and (self.s.outputs or self.place.out.read_bytes() == self.s.stdout)

    def is_old(self):
        if not all(self.state[name] == self.place.old(name) for name in self.s.outputs):
            return False
        out = self.place.out.read_bytes()
        if not self.s.stdout:
            return out == b""
        # What standard output got cannot be taken back: all of it is new, but a block may be lost.
        return set(out.split(b"\n")[1:-1]) <= set(self.s.stdout.split(b"\n")) or self.call in ("write", "alloc")

    def succeeded(self):
        return self.code == self.s.code

    def wrong_state(self):
        if self.fault.how in ("cut", "grow") and not self.path.endswith(self.place.input()):
            return []  # the input was another one before it was opened
        if self.succeeded():
            return [] if self.is_new() else ["exit code of success without the whole output"]
        if self.is_old():
            return []
        if self.is_new():
            # Past the last rename only the disk's own promise can fail, or a signal come.
            late = self.signal or self.call in ("fsync", "rename", "close", "write", "alloc")
            return [] if late else ["failed with the new output in place"]
        if self.signal == signal.SIGKILL and self.is_window():
            return []
        return ["a mix of old and new output"]

    def is_window(self):
        """Killed between the renames: rejects come first, one by one, then the report."""
        new = [self.state[name] == self.s.new[name] for name in self.s.outputs]
        old = [self.state[name] == self.place.old(name) for name in self.s.outputs]
        return all(a or b for a, b in zip(new, old)) and (old[0] or all(new))

    def wrong_code(self):
        if self.code == "hangs" or isinstance(self.code, int) and self.code in (-11, -6, -7, -8, -4):
            return [f"ends with {self.code}"]
        if self.signal:
            fine = {-self.signal, self.s.code}
        elif self.fault.how in ("cut", "grow"):
            fine = {self.s.code, 65, 66, 78}
        elif self.fault.how == "short" or self.fault.how == str(errno.EINTR) and "read" in self.call:
            fine = {self.s.code}
        else:
            fine = {self.s.code} | codes_for(self.call, self.path)
        return [] if self.code in fine else [f"exit code {self.code}, not one of {sorted(fine)}"]

    def wrong_words(self):
        if any("Sanitizer" in line for line in self.stderr):
            return ["a sanitizer's report"]
        if self.signal or self.s.code == 65 or self.fault.how in ("cut", "grow"):
            return []
        if self.succeeded():
            same = self.stderr == self.s.stderr
            return [] if same else [f"succeeds, but says {self.extra or 'less than without a fault'}"]
        if self.code in (65, 66, 78) and self.extra:
            return []
        if self.extra == [POPT_NO_MEMORY]:
            return []
        if len(self.extra) != 1 or not self.extra[0].startswith("tokbill: "):
            return [f"says {self.extra}"]
        cause = os.strerror(int(self.fault.how)) if self.fault.how.isdigit() else "tokbill"
        causes = [cause, "out of memory", "a write failed"]
        if not any(cause in self.extra[0] for cause in causes):
            return [f"does not say '{causes[0]}': {self.extra}"]
        return []

    def wrong_leftovers(self):
        left = [p.name for p in self.place.leftovers()]
        if not left or self.signal == signal.SIGKILL or self.call in ("unlink", "flock"):
            return []
        return [f"left behind: {left}"]

    def all(self):
        return self.wrong_state() + self.wrong_code() + self.wrong_words() + self.wrong_leftovers()


def numbers(short, heavy):
    """All of them, or the first ones and then ever fewer."""
    n = 1
    dense = 12 if short else 10**9
    if heavy:
        dense = min(dense, 40)
    while True:
        yield n
        n += 1 if n < dense else max(1, n // (3 if short else 10))


def sweep(options, scenario, fault):
    name = f"{scenario.name}, {fault.name}"
    place = Place(options, scenario, re.sub(r"\W+", "-", name))
    counts = {"failed": 0, "survived": 0}
    wrong = []
    for n in numbers(options.short, scenario.heavy):
        code = place.run(fault, n)
        if not place.mark.exists():
            judged = [] if code == scenario.code else [f"exit code {code} without a hit"]
        else:
            judge = Judge(place, fault, code)
            judged = judge.all()
            counts["survived" if code == scenario.code else "failed"] += 1
            if fault.how in ("cut", "grow"):
                place.restore_inputs()
            if judged:
                judged.append(f"at {judge.call} {judge.path}".rstrip())
        if judged:
            env = " ".join(f"{k}={v}" for k, v in place.environment(fault, n).items() if k != "PATH")
            wrong.append(f"    call {n}: {'; '.join(judged)}\n"
                         f"    (cd {place.work} && env {env} {options.tokbill} {' '.join(scenario.args)})")
        if not place.mark.exists() or len(wrong) >= 5:
            break
    if not wrong and not options.keep:
        shutil.rmtree(place.root)
    return name, counts, wrong


def parse():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--tokbill", required=True, type=lambda s: str(pathlib.Path(s).resolve()))
    p.add_argument("--preload", required=True, type=lambda s: str(pathlib.Path(s).resolve()))
    p.add_argument("--before", default="")
    p.add_argument("--short", action="store_true")
    p.add_argument("--keep", action="store_true")
    p.add_argument("--only", default="")
    p.add_argument("--jobs", type=int, default=os.cpu_count())
    return p.parse_args()


def known_commands(tokbill):
    text = ""
    for group in ([], ["rates"]):
        done = subprocess.run([tokbill, *group, "--help"], stdout=subprocess.PIPE, text=True, check=True)
        text += "\n".join(" ".join([*group, m]) for m in re.findall(r"^  (\w+) ", done.stdout, re.M)) + "\n"
    return set(text.splitlines())


def main():
    options = parse()
    wanted, _, wanted_fault = options.only.partition(",")
    passed = failed = 0
    totals = {}
    with tempfile.TemporaryDirectory(prefix="fault-") as base:
        options.dir = base
        todo = []
        for s in scenarios(known_commands(options.tokbill)):
            if wanted and s.name != wanted:
                continue
            Place(options, s, s.name + "-learn").learn()
            todo += [(s, f) for f in faults()
                     if wanted_fault in f.name and not (options.before and f.calls == "alloc")]
        with ThreadPoolExecutor(options.jobs) as pool:
            for name, counts, wrong in pool.map(lambda t: sweep(options, *t), todo):
                passed, failed = passed + (not wrong), failed + bool(wrong)
                kind = totals.setdefault(name.split(", ")[1], {"failed": 0, "survived": 0})
                for k, v in counts.items():
                    kind[k] += v
                if wrong:
                    print(f"not ok {name}", *wrong, sep="\n", flush=True)
        print(f"{'fault':32} {'injected':>9} {'refused':>9} {'survived':>9}")
        for kind, c in totals.items():
            if c["failed"] + c["survived"]:
                print(f"{kind:32} {sum(c.values()):9} {c['failed']:9} {c['survived']:9}")
        print(f"{'all':32} {sum(sum(c.values()) for c in totals.values()):9}")
        if options.keep and failed:
            shutil.copytree(base, base + "-kept")
            print(f"kept in {base}-kept")
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
