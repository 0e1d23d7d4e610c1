"""What a near-duplicate step must find, computed another way.

Reads documents from standard input, one JSON object {"id", "text"} a line, best first, and
writes one JSON object: "removed", from id to the id of the row that stays, and "groups", lists
of ids. Every pair that shares a shingle is compared, so nothing depends on sketches. Texts are
words of lower-case letters with one space between, or Chinese characters only.

    python3 oracle.py NUMERATOR DENOMINATOR < documents.jsonl

compares with the similarity NUMERATOR / DENOMINATOR, in whole numbers.
"""

import json
import sys
from collections import Counter, defaultdict

WORDS = 5
CHARACTERS = 8


def shingles(text):
    units, length = (text.split(), WORDS) if text.isascii() else (text, CHARACTERS)
    if len(units) <= length:
        return {tuple(units)}
    return {tuple(units[at : at + length]) for at in range(len(units) - length + 1)}


def main():
    numerator, denominator = int(sys.argv[1]), int(sys.argv[2])
    documents = [json.loads(line) for line in sys.stdin]
    sets = [shingles(document["text"]) for document in documents]
    having = defaultdict(list)
    parent = list(range(len(documents)))

    def root(row):
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    removed = {}
    for row, own in enumerate(sets):
        shared = Counter(better for shingle in own for better in having[shingle])
        for shingle in own:
            having[shingle].append(row)
        alike = [
            better
            for better, count in shared.items()
            if count * denominator >= (len(own) + len(sets[better]) - count) * numerator
        ]
        staying = [better for better in alike if better not in removed]
        if staying:
            removed[row] = min(staying)
            parent[root(row)] = root(removed[row])
    groups = defaultdict(list)
    for row in range(len(documents)):
        groups[root(row)].append(documents[row]["id"])
    answer = {
        "removed": {documents[row]["id"]: documents[kept]["id"] for row, kept in removed.items()},
        "groups": sorted(sorted(group) for group in groups.values() if len(group) > 1),
    }
    json.dump(answer, sys.stdout)


main()
