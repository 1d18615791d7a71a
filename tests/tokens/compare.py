#!/usr/bin/env python3
"""Holds the counts of `tokbill count` against tiktoken's, on a corpus that is made here.

    compare.py --tokbill build/tokbill [--seed N] [--megabytes N]

Every text is counted in both encodings. The corpus: the files of this repository, prose and code of
random tokens of the vocabularies, all scripts, random Unicode, letters that are newer than most
libraries' tables, digits, runs of blanks, texts that look like special tokens, 300 kB of one letter.
"""
import argparse
import csv
import importlib.util
import io
import pathlib
import random
import subprocess
import sys
import tempfile

import tiktoken

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "build/vocabulary"


def pack():
    spec = importlib.util.spec_from_file_location("pack", ROOT / "src/tokens/pack.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def encodings():
    """tiktoken's own encodings, with the published vocabularies that the build fetched."""
    from tiktoken_ext import openai_public
    packages = sorted(PACKAGES.glob("*.whl"))
    if not packages:
        sys.exit("compare.py: the build has no vocabularies; make deps all")
    p = pack()
    tokens = {name: p.published(packages[0], name, digest) for name, digest, _ in p.ENCODINGS}

    def load(address, expected_hash=None):
        name = address.rsplit("/", 1)[1].removesuffix(".tiktoken")
        assert expected_hash == dict((n, d) for n, d, _ in p.ENCODINGS)[name]
        return {token: rank for rank, token in enumerate(tokens[name])}

    openai_public.load_tiktoken_bpe = load
    return {name: tiktoken.get_encoding(name) for name in tokens}, tokens


# ---- texts ----

SCRIPTS = [(0x20, 0x7F), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
           (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x10A0, 0x10FF),
           (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2C00, 0x2C5F), (0x3000, 0x30FF), (0x4E00, 0x9FFF),
           (0xA640, 0xA69F), (0xAC00, 0xD7A3), (0xFF00, 0xFFEF), (0x1F300, 0x1F6FF),
           (0x1E900, 0x1E95F), (0x20000, 0x20400)]
# Assigned in Unicode 15 and 16; unassigned, as \p{L} sees it, where tables are older.
NEW_LETTERS = [(0x10D4A, 0x10D85), (0x16D40, 0x16D6C), (0x11F02, 0x11F33), (0xA7CB, 0xA7DC),
               (0x1C89, 0x1C8A), (0x31350, 0x31400), (0x1E4D0, 0x1E4EB)]
TRICKY = " \t\n\r'sStTABab/!123\u00a0\u0085\u3000\u0301\u4e2d\u01c5\u02b0\u017flLrReEvVmMdD.-"
BETWEEN = [" ", "  ", "\n", "\r\n", "\t", ", ", ". ", "'s ", "/", "", "", "\u3000"]


def chars(r, ranges, n):
    return "".join(chr(r.randint(*r.choice(ranges))) for _ in range(n))


def scripts(r, n):
    out, size = [], 0
    while size < n:
        word = chars(r, [r.choice(SCRIPTS)], r.randint(1, 14))
        out += word, r.choice(BETWEEN)
        size += len(word.encode())
    return "".join(out)


def of_tokens(r, tokens, n):
    """Tokens one after the other: words in all their spellings, and pieces of characters."""
    out = b"".join(r.choices(tokens[:len(tokens) // 8], k=n // 16) + r.choices(tokens, k=n // 16))
    return out.decode("utf-8", "ignore")


def any_unicode(r, n):
    points = [r.choice((r.randrange(0x80), r.randrange(0x3000), r.randrange(0xD800),
                        r.randrange(0xE000, 0x110000))) for _ in range(n // 3)]
    return "".join(map(chr, points))


def runs(r, n):
    """One character or two, again and again; what follows decides where a run ended."""
    out, size = [], 0
    while size < n:
        unit = "".join(r.choices(TRICKY, k=r.randint(1, 3)))
        out.append(unit * r.choice((1, 2, 3, 10, 100, 1000)))
        size += len(out[-1])
    return "".join(out)


def repository():
    for path in sorted(ROOT.rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith((".git/", "build/")) or not path.is_file():
            continue
        try:
            yield name, path.read_bytes().decode()
        except UnicodeDecodeError:
            pass


def texts(r, size, tokens):
    """(what it is, text), each of about `size` bytes where nothing else is said."""
    for name, vocabulary in tokens.items():
        yield f"tokens of {name}", of_tokens(r, vocabulary, size)
    yield "scripts", scripts(r, size)
    yield "any Unicode", any_unicode(r, size)
    yield "tricky", "".join(r.choices(TRICKY, k=size // 2))
    yield "runs", runs(r, size)
    yield "new letters", "".join(chars(r, NEW_LETTERS, r.randint(1, 9)) + r.choice(BETWEEN)
                                 for _ in range(size // 80))
    yield "digits", "".join(r.choice("0123456789" * 9 + "\u0663\u00bd .,-eE") for _ in range(size // 2))
    yield "special tokens", "".join(
        r.choice(("<|endoftext|>", "<|fim_prefix|>", "<|endofprompt|>", "<|im_start|>", "x", " \n"))
        for _ in range(size // 40))
    yield "blanks", "".join(r.choice(" \t\n\r\u00a0") * r.choice((1, 2, 5, 90, 3000))
                            for _ in range(size // 2000))
    for letter in "aA!\u4e2d\u00e9":
        yield f"300 kB of {letter!a}", letter * (300_000 // len(letter.encode()))
    yield "capitals that end in a small letter", "\u6f22" + "A" * 200_000 + "a" + "AB" * 50_000
    yield "a genome", "".join(r.choices("ACGT", k=200_000))
    yield "nothing", ""


# ---- comparison ----

def counted(tokbill, name, paths):
    done = subprocess.run([tokbill, "count", "--encoding", name, "-f", "csv", *paths],
                          capture_output=True, check=True)
    rows = csv.DictReader(io.StringIO(done.stdout.decode()))
    return [int(row["tokens"]) for row in rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokbill", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--megabytes", type=float, default=3)
    args = parser.parse_args()
    peers, tokens = encodings()
    size = int(args.megabytes * 1e6 / 9)
    corpus = [*repository(), *texts(random.Random(args.seed), size, tokens)]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, (_, text) in enumerate(corpus):
            paths.append(pathlib.Path(folder, str(i)))
            paths[-1].write_bytes(text.encode())
        for name, peer in peers.items():
            for (what, text), ours in zip(corpus, counted(args.tokbill, name, paths), strict=True):
                theirs = len(peer.encode_ordinary(text))
                if ours == theirs:
                    passed += 1
                else:
                    failed += 1
                    print(f"{what}, {name}: {ours} tokens, tiktoken counts {theirs}")
    bytes_in_all = sum(len(text.encode()) for _, text in corpus)
    print(f"{bytes_in_all} bytes in {len(corpus)} texts, in each encoding")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
