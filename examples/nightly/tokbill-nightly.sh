#!/bin/sh
# Bills the usage log of one finished day, yesterday unless told otherwise.
#
# A report that is complete is never overwritten, and a second run over the same
# log leaves the same bytes. README.md has the settings and the exit statuses.
# Everything it has to say goes to standard error.
set -eu

say() {
    printf 'tokbill-nightly: %s\n' "$*" >&2
}

# fail STATUS MESSAGE...
# Used instead of set -e wherever a command may fail: the status of mv or of the
# shell itself would be taken for one of ours, 1 and 2 above all.
fail() {
    status=$1
    shift
    say "$@"
    exit "$status"
}

yesterday() {
    # In a zone 24 hours west of Greenwich it is now this hour of yesterday, UTC.
    # Unlike "date -d yesterday", every POSIX date can do that.
    TZ=WEST24 date +%Y-%m-%d
}

# The names begin with NIGHTLY_ so that they never meet a variable tokbill reads.
# TOKBILL_RATES is its own: when set, it names the rate file to bill with.
TOKBILL=${NIGHTLY_TOKBILL:-tokbill}
DAY=${NIGHTLY_DAY:-$(yesterday)}
LOG_DIR=${NIGHTLY_LOG_DIR:-/var/log/llm-usage}
LOG=${NIGHTLY_LOG:-$LOG_DIR/usage-$DAY.csv}
# systemd sets STATE_DIRECTORY when the unit has a StateDirectory=.
OUT_DIR=${NIGHTLY_OUT_DIR:-${STATE_DIRECTORY:-/var/lib/tokbill}}

REPORT=$OUT_DIR/report-$DAY.csv         # complete; once there, it stays
CHANGED=$OUT_DIR/changed-$DAY.csv       # complete, but not what the report says
INCOMPLETE=$OUT_DIR/incomplete-$DAY.csv # without the rows that were set aside,
REJECTS=$OUT_DIR/rejects-$DAY           # which are here

LOCK=$OUT_DIR/.nightly.lock
# Inside OUT_DIR, because a rename is atomic only within one file system.
WORK=$OUT_DIR/.nightly.work
NEW=$WORK/report-$DAY.csv

check_settings() {
    case $DAY in
    [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) ;;
    *) fail 64 "NIGHTLY_DAY is '$DAY', which is not a date like 2026-08-31" ;;
    esac
    command -v flock >/dev/null || fail 69 "cannot find flock, which keeps two runs apart"
    mkdir -p "$OUT_DIR" || fail 73 "cannot create the directory $OUT_DIR"
}

# The lock goes with the process, however it ends: there is no stale one to clear.
take_lock() {
    (: >>"$LOCK") || fail 73 "cannot write in $OUT_DIR"
    exec 9>>"$LOCK"
    flock -n 9 || fail 75 "another run is at work in $OUT_DIR; nothing was done"
}

remove() {
    rm -rf "$@" || fail 74 "cannot remove $*"
}

publish() {
    mv -f "$1" "$2" || fail 74 "cannot move $1 to $2"
}

start_work() {
    remove "$WORK" # what a run that was killed left behind
    trap 'rm -rf "$WORK" || :' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkdir -p "$WORK/rejects" || fail 73 "cannot create the directory $WORK"
}

# Everything was billed. A report already there may have been paid by, so one that
# differs (the log grew, a price changed) is put beside it for somebody to decide.
settle_complete() {
    [ -f "$NEW" ] || fail 70 "$DAY: tokbill reported success and wrote no report"
    if [ -e "$REPORT" ] && ! cmp -s "$NEW" "$REPORT"; then
        publish "$NEW" "$CHANGED"
        remove "$INCOMPLETE" "$REJECTS"
        fail 1 "$DAY: the result is no longer that of $REPORT, which is as it was;" \
            "the new one is in $CHANGED"
    fi
    # The same bytes again are not written again: the file keeps its time, too.
    [ -e "$REPORT" ] || publish "$NEW" "$REPORT"
    remove "$INCOMPLETE" "$REJECTS" "$CHANGED"
    say "$DAY: billed in $REPORT"
}

# Rows were set aside. The rejects go first: who finds the report finds them too.
settle_incomplete() {
    [ -f "$NEW" ] || fail 70 "$DAY: tokbill set rows aside and wrote no report"
    remove "$REJECTS"
    publish "$WORK/rejects" "$REJECTS"
    publish "$NEW" "$INCOMPLETE"
    fail 2 "$DAY: rows were set aside in $REJECTS; the others are in $INCOMPLETE." \
        "Correct the log and run again with NIGHTLY_DAY=$DAY"
}

settle() {
    case $1 in
    0) settle_complete ;;
    2) settle_incomplete ;;
    64) fail 64 "$DAY: $TOKBILL does not know this command line; is it an older version?" ;;
    65) fail 65 "$DAY: $LOG as a whole is not a usage log that can be billed" ;;
    66) fail 66 "$DAY: $LOG is missing or cannot be read" ;;
    70) fail 70 "$DAY: an internal check of tokbill failed; please report it" ;;
    73) fail 73 "$DAY: tokbill cannot create its files in $OUT_DIR" ;;
    74) fail 74 "$DAY: reading or writing failed; is the disk full?" ;;
    78) fail 78 "$DAY: the rate file or the configuration is wrong" ;;
    126 | 127) fail 69 "cannot run $TOKBILL; is it installed, and NIGHTLY_TOKBILL right?" ;;
    *) fail 70 "$DAY: tokbill ended with status $1, which this script does not know" ;;
    esac
}

check_settings
take_lock
start_work

result=0
"$TOKBILL" report --rejects "$WORK/rejects" -o "$NEW" "$LOG" >&2 || result=$?
settle "$result"
