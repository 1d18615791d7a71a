#!/usr/bin/env python3
"""Inputs as large and as nasty as they come: exit code, message, and the peak of memory.

    limits.py --tokbill build/tokbill --measure build/bench/measure [--short] [--only NAME]

Logs are made on the fly and go through a pipe; rate files and rejects stand in TMPDIR. --short
makes everything a hundred times smaller, which still passes every limit. Each row of the table is
a test; the last line is "N passed, N failed".
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import zlib

MIB = 1 << 20
HEADER = b"date,model,input_tokens,output_tokens"
ROW = b"2026-04-01,m,1,1\n"
RATES = "[m]\ninput = 1000000\noutput = 2000000\n"
BIG = 2**63 - 1


def repeated(piece, total):
    """At least `total` bytes of it, in large pieces."""
    block = piece * max(1, MIB // len(piece))
    for _ in range(total // len(block) + 1):
        yield block


def rows_of(n, row):
    lines = []
    for i in range(n):
        lines.append(row(i))
        if len(lines) == 10000:
            yield b"".join(lines)
            lines = []
    yield b"".join(lines)


def log(*parts, header=HEADER):
    yield header + b"\n"
    for part in parts:
        yield from [part] if isinstance(part, bytes) else part


def gzip_members(piece, times):
    """A gzip file of many members, each the same, so that a bomb is made fast."""
    c = zlib.compressobj(9, zlib.DEFLATED, 31)
    member = c.compress(piece) + c.flush()
    for _ in range(times):
        yield member


def zstd_frames(piece, times):
    frame = subprocess.run(["zstd", "-q", "-19"], input=piece, stdout=subprocess.PIPE, check=True).stdout
    for _ in range(times):
        yield frame


def bombs(pack, piece, times):
    """Behind a good row."""
    yield from pack(HEADER + b"\n" + ROW, 1)
    yield from pack(piece, times)


def spread(i):
    """Names that differ only in the middle, where a hash of their ends does not look."""
    return b"2026-04-01,m,1,1,same-head-%08d-same-tail\n" % i


class Case:
    def __init__(self, name, make, code, says, bound, args=(), rates=RATES, rows=None,
                 command="report"):
        self.name, self.make, self.code, self.says = name, make, code, says
        self.bound, self.args, self.rates, self.rows = bound, list(args), rates, rows
        self.command = command


def cases(k):
    """`k` divides the sizes. Bounds are in MiB and hold for both forms."""
    giga, ten = (1 << 30) // k, 10_000_000 // k
    zeros = bytes(64 * MIB // min(k, 64))
    bomb = 10 * (1 << 30) // k // len(zeros)
    by = HEADER + b",user"
    huge = b"2026-04-01,m,%d,%d\n" % (BIG, BIG)
    million = 1_000_000 // k
    return [
        Case("a record of 1 GiB", lambda: log(b"2026-04-01,m,1,1", repeated(b"x", giga), b"\n"), 65,
             "record longer than 1 MiB", 32),
        Case("a record of 1 GiB, set aside", lambda: log(ROW, b"2026-04-01,m,1,1", repeated(b"x", giga), b"\n"),
             2, "2 rows read: 1 billed, 1 set aside", 32, ["--rejects", "rejects"]),
        Case("a quoted field of 1 GiB that never ends", lambda: log(ROW, b'2026-04-01,"', repeated(ROW, giga)),
             65, "never closed?", 32),
        Case("a header of 10 million columns",
             lambda: log(header=HEADER + b",c" * max(ten, 600_000)), 65, "the header is longer than 1 MiB", 32),
        Case("a row of 10 million columns", lambda: log(ROW[:-1] + b",1" * max(ten, 2000) + b"\n"), 65,
             "more than 1024 columns" if ten * 2 < MIB else "record longer than 1 MiB", 32),
        Case("10 million unknown models, set aside",
             lambda: log(rows_of(ten, lambda i: b"2026-04-01,model-%08d,1,1\n" % i)), 2,
             f"{ten} rows read: 0 billed, {ten} set aside", 32, ["--rejects", "rejects"], None),
        Case("10 million groups", lambda: log(rows_of(ten, spread), header=by), 0,
             f"{ten} rows read: {ten} billed", 4096 // k + 48, ["--by", "user"], rows=ten),
        Case("one group more than is stated", lambda: log(rows_of(ten + 1, spread), header=by), 65,
             "--max-groups", 4096 // k + 48, ["--by", "user", "--max-groups", str(ten)]),
        Case("100,000 rate sections", lambda: log(rows_of(1000, lambda i: b"2026-04-01,m%d,1,1\n" % (i * 100 // k))),
             0, "1000 rows read: 1000 billed", 512,
             rates="".join(f"[m{i}]\ninput=1\noutput=1\n" for i in range(100_000 // k))),
        Case("a count of 40 digits", lambda: log(b"2026-04-01,m,%s,1\n" % (b"9" * 40)), 65,
             "out of range: more than 19 digits", 32),
        Case("2^63-1 tokens in every row of a million", lambda: log(rows_of(million, lambda i: huge)), 0,
             f"cost USD {decimal(BIG * million * 3, 15)}", 32,
             rates="[m]\ninput = 0.000000001\noutput = 0.000000002\n"),
        Case("10 GiB of zeros in gzip", lambda: bombs(gzip_members, zeros, bomb), 65, "longer than 1 MiB", 32),
        Case("10 GiB of zeros in zstd", lambda: bombs(zstd_frames, zeros, bomb), 65, "longer than 1 MiB", 32),
        Case("the tokens of 1 GiB of blanks", lambda: repeated(b" ", giga), 0, "", 32, rates=None, rows=1,
             command="count"),
        Case("the tokens of 1 GiB of code", lambda: repeated(b"if (x_%d != 7)\n\treturn \"caf\xc3\xa9\";\n", giga), 0,
             "", 32, rates=None, rows=1, command="count"),
        Case("10 GiB of x in gzip", lambda: bombs(gzip_members, b"x" * len(zeros), bomb), 65,
             "longer than 1 MiB", 32),
    ]


def decimal(units, decimals):
    text = str(units).rjust(decimals + 1, "0")
    whole, rest = text[:-decimals], text[-decimals:].rstrip("0")
    return f"{whole}.{rest:0<2}"


def feed(pipe, chunks):
    try:
        with pipe:
            for chunk in chunks:
                pipe.write(chunk)
    except BrokenPipeError:
        pass  # it has read enough


def run(options, case, work):
    args = [options.tokbill, case.command, *case.args]
    if case.rates:
        (work / "rates.ini").write_text(case.rates)
        args += ["--rates", "rates.ini"]
    with open(work / "out", "wb") as out, open(work / "err", "wb") as err:
        p = subprocess.Popen([options.measure, "took", *args, "-"], cwd=work, stdin=subprocess.PIPE,
                             stdout=out, stderr=err)
        feed(p.stdin, case.make())
        code = p.wait()
    seconds, kib = (work / "took").read_text().split()[:2]
    return code, (work / "err").read_text(errors="replace"), int(kib) / 1024, float(seconds)


def judge(case, code, said, peak, work):
    wrong = []
    if code != case.code:
        wrong.append(f"exit code {code}, not {case.code}")
    if case.says not in said:
        wrong.append(f"does not say '{case.says}': {said[:300]!r}")
    if peak > case.bound:
        wrong.append(f"{peak:.0f} MiB")
    if case.rows is not None and (work / "out").read_bytes().count(b"\n") != case.rows + 1:
        wrong.append("rows are missing in the report")
    if code not in (0, 2) and (work / "out").stat().st_size:
        wrong.append("a report all the same")
    return wrong


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--tokbill", required=True, type=lambda s: str(pathlib.Path(s).resolve()))
    p.add_argument("--measure", required=True, type=lambda s: str(pathlib.Path(s).resolve()))
    p.add_argument("--short", action="store_true")
    p.add_argument("--only", default="")
    options = p.parse_args()
    passed = failed = 0
    print("| input | exit | peak MiB | bound | seconds |\n|---|---|---|---|---|")
    for case in cases(100 if options.short else 1):
        if options.only not in case.name:
            continue
        with tempfile.TemporaryDirectory(prefix="limits-") as work:
            work = pathlib.Path(work)
            code, said, peak, seconds = run(options, case, work)
            wrong = judge(case, code, said, peak, work)
        print(f"| {case.name} | {code} | {peak:.0f} | {case.bound} | {seconds:.1f} |", flush=True)
        if wrong:
            print(f"not ok {case.name}: {'; '.join(wrong)}", flush=True)
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
