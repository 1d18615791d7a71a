"""Times `tokbill count` against tiktoken, on one thread each, run by bench.py.

tiktoken is timed inside its process, with the vocabulary loaded and the text in memory; tokbill as a
command, with its start and the reading. Both must count the same.
"""

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "bench"
TOKBILL = ROOT / "build" / "tokbill"
TEXT_BYTES = 8_000_000


def gathered(folder, endings):
    """The UTF-8 text of files, up to the size wanted."""
    parts, size = [], 0
    for path in sorted(Path(folder).rglob("*")):
        if size >= TEXT_BYTES or not path.name.endswith(endings) or not path.is_file():
            continue
        try:
            parts.append(path.read_text("utf-8"))
        except (UnicodeDecodeError, OSError):
            continue
        size += path.stat().st_size
    return "".join(parts)


def texts():
    sys.path.insert(0, str(ROOT / "tests" / "tokens"))
    import random

    import compare
    yield "code (Python's library)", gathered(sysconfig.get_path("stdlib"), (".py",))
    yield "prose (/usr/share/doc)", gathered("/usr/share/doc", ("copyright", ".txt", ".md"))
    yield "all scripts, random", compare.scripts(random.Random(1), TEXT_BYTES // 2)
    yield "300 kB of one letter", "a" * 300_000


def tokbill(path, encoding):
    measured = WORK / "measured.txt"
    out = subprocess.run([WORK / "measure", measured, TOKBILL, "count", "--encoding", encoding, path],
                         capture_output=True, text=True, check=True).stdout
    seconds, peak = measured.read_text("utf-8").split()
    return int(out.splitlines()[1].split(",")[3]), float(seconds), int(peak) / 1024


def tiktoken(peer, text):
    begin = time.perf_counter()
    tokens = len(peer.encode_ordinary(text))
    return tokens, time.perf_counter() - begin


def compared(peer, encoding, text, path, runs):
    """Medians of interleaved runs: (tokbill's seconds, its peak in MiB, tiktoken's seconds)."""
    ours, theirs, peaks = [], [], []
    for _ in range(runs):
        tokens, seconds, peak = tokbill(path, encoding)
        ours.append(seconds)
        peaks.append(peak)
        peer_tokens, seconds = tiktoken(peer, text)
        theirs.append(seconds)
        if tokens != peer_tokens:
            raise SystemExit(f"{path}: {tokens} tokens, tiktoken counts {peer_tokens}")
    return statistics.median(ours), max(peaks), statistics.median(theirs)


def print_count(_rows, runs, _threads):
    os.environ["RAYON_NUM_THREADS"] = "1"
    sys.path.insert(0, str(ROOT / "build" / "tiktoken"))
    sys.path.insert(0, str(ROOT / "tests" / "tokens"))
    try:
        import compare
    except ImportError:
        raise SystemExit("tiktoken is missing; `tests/run tokens` installs it") from None
    peers, _ = compare.encodings()
    WORK.mkdir(parents=True, exist_ok=True)
    print("\ntokens of text, one thread\n")
    print("| text | encoding | MB | tokbill MB/s | tiktoken MB/s | times | tokbill MiB |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for what, text in texts():
        path = WORK / "count.txt"
        path.write_text(text, "utf-8", newline="")
        mb = path.stat().st_size / 1e6
        for encoding, peer in peers.items():
            ours, peak, theirs = compared(peer, encoding, text, path, runs)
            print(f"| {what} | {encoding} | {mb:.1f} | {mb / ours:.0f} | {mb / theirs:.1f} | "
                  f"{theirs / ours:.1f} | {peak:.1f} |", flush=True)
    path.write_text("hello world", "utf-8")
    starts = [tokbill(path, "o200k_base")[1] for _ in range(max(runs, 5))]
    print(f"\nthe whole command for two words: {statistics.median(starts) * 1000:.1f} ms")
