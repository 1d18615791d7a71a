# tokbill: LLM usage logs into money. `make help` lists the targets.

CC       ?= cc
PREFIX   ?= /usr/local
DESTDIR  ?=
# Sanitizers, such as SAN=address,undefined: a build folder of its own, beside the release.
SAN      ?=
# COVER=1: a build that counts what is run, for make cover (gcc and its gcov).
COVER    ?=
# Warnings are errors for developers and CI (WERROR=1), not for users of newer compilers.
WERROR   ?=

comma    := ,
gcc      := $(findstring gcc,$(shell $(CC) --version 2>/dev/null | head -n 1 | sed 's/^cc/gcc/'))
BUILD    := $(if $(COVER),build/cover,$(if $(SAN),build/$(notdir $(CC))-$(subst $(comma),-,$(SAN)),build))
# Sanitizers and counters want the code as it is written, neither hardened nor optimised much.
PLAIN    := $(SAN)$(COVER)
OBJ      := $(BUILD)/obj

WARN     := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-qual \
            -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wpointer-arith -Wvla \
            -Wformat=2 -Wundef -Wimplicit-fallthrough -Wdouble-promotion -Wfloat-equal \
            $(if $(gcc),-Wduplicated-cond -Wduplicated-branches -Wlogical-op) \
            $(if $(WERROR),-Werror)
# What makes a mistake in memory stop the program instead of serve an intruder; of each, what the
# compiler has. tests/cli/hardened.bats looks for it in the binary.
has       = $(shell $(CC) -O2 -Werror $(1) -include string.h -fsyntax-only -x c /dev/null \
              >/dev/null 2>&1 && echo $(1))
GUARDS   := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
            -mbranch-protection=standard
HARDEN   := $(if $(PLAIN),,-U_FORTIFY_SOURCE \
              $(or $(call has,-D_FORTIFY_SOURCE=3),-D_FORTIFY_SOURCE=2) \
              $(foreach flag,$(GUARDS),$(call has,$(flag))))
LINK     := -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
HARDLINK := $(if $(PLAIN),,$(LINK))
CFLAGS   ?= $(if $(COVER),-O0 -g,$(if $(SAN),-O1 -g,-O2 -g))
COVFLAGS := $(if $(COVER),--coverage -fprofile-update=atomic)
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
# Position-independent, so that the same objects make the static and the shared library, which
# exports what src/tokbill.h calls public and nothing else.
SHARING  := -fPIC -fvisibility=hidden
ALL_CFLAGS := $(SHARING) -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 \
              -D_FILE_OFFSET_BITS=64 -Isrc \
              $(WARN) $(HARDEN) $(SANFLAGS) $(COVFLAGS) $(CFLAGS)
# The library's version is that of src/tokbill.h; its first number is raised with its interface.
VERSION  := $(shell sed -n 's/^#define TOKBILL_VERSION  *"\(.*\)"/\1/p' src/tokbill.h)
SONAME   := libtokbill.so.$(firstword $(subst ., ,$(VERSION)))
LIBS     := -lcsv -linih -lpopt -lyajl -lisal -lzstd -lgmp -lcrypto -pthread

# Allocations that the unit tests let fail (tests/unit/helpers.c).
WRAP     := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=posix_memalign

RATES    := $(sort $(wildcard rates/*.ini))
CLI_SRC  := $(sort $(wildcard src/cli/*.c))
LIB_SRC  := $(sort $(filter-out $(CLI_SRC),$(wildcard src/*/*.c)))
UNIT_SRC := $(sort $(wildcard tests/unit/*.c))
LIB_OBJ  := $(LIB_SRC:%.c=$(OBJ)/%.o) $(OBJ)/builtin_rates.o
CLI_OBJ  := $(CLI_SRC:%.c=$(OBJ)/%.o)
UNIT_OBJ := $(UNIT_SRC:%.c=$(OBJ)/%.o)

# Where amounts and prices pass, floating point does not even compile (gcc). The parser of JSON has
# it in its interface.
modules   = $(patsubst src/%.c,%,$(wildcard $(1:%=src/%/*.c)))
MONEY    := base/count base/decimal base/money base/quantity base/fingerprint \
            $(filter-out usage/jsonpath,$(call modules,ratebook usage billing run report write face))
$(MONEY:%=$(OBJ)/src/%.o): ALL_CFLAGS += $(if $(gcc),$(if $(PLAIN),,-mgeneral-regs-only))

# Every row passes here. Loops of a few rounds are unrolled, but their results are not gathered in
# vectors, which takes longer than to store them one by one.
HOT      := $(call modules,logs tokens) usage/row usage/row_reader billing/tally billing/duplicates billing/id_find run/shard
$(HOT:%=$(OBJ)/src/%.o): ALL_CFLAGS += $(if $(PLAIN),,-O3 -fno-tree-slp-vectorize)

# Another make for a part of the work, on all processors unless the caller said how many (those
# lines start with +, so that it shares the callers).
SUBMAKE   = $(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))

# A command is told by what it makes; whole with V=1, and not at all with -s.
QUIET    := $(findstring s,$(firstword -$(MAKEFLAGS)))
say       = $(if $(V),,@$(if $(QUIET),,echo '  $(1) $@' && ))

.PHONY: all man demo test test-programs test-unit test-cli test-oracle test-tokens lint format cover asan valgrind fuzz bench bench-peers rates-audit \
        install uninstall deps check-deps clean help
.DELETE_ON_ERROR:

all: $(BUILD)/tokbill $(BUILD)/$(SONAME) ## build build/tokbill and the library

$(BUILD)/tokbill: $(CLI_OBJ) $(BUILD)/libtokbill.a
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(HARDLINK) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libtokbill.a: $(LIB_OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

# What the library exports: the functions that its header calls public.
$(OBJ)/exports.map: src/tokbill.h
	@mkdir -p $(@D)
	$(call say,GEN){ echo '{ global:'; sed -n 's/^TB_PUBLIC .*\b\(tb_[a-z_]*\)(.*/\1;/p' $<; \
	        echo 'local: *; };'; } > $@

# A shared library of clang's finds the functions of its sanitizers in the program that loads it.
$(BUILD)/$(SONAME): $(LIB_OBJ) $(OBJ)/exports.map
	$(call say,LD)$(CC) $(ALL_CFLAGS) -shared -Wl,-soname,$(SONAME) $(if $(SAN),,-Wl,-z,defs) -Wl,-z,relro,-z,now \
	        -Wl,--version-script=$(OBJ)/exports.map $(LDFLAGS) -o $@ $(LIB_OBJ) $(filter-out -lpopt,$(LIBS))

$(BUILD)/unit: $(UNIT_OBJ) $(BUILD)/libtokbill.a
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(HARDLINK) $(LDFLAGS) $(WRAP) -o $@ $^ -lcheck -lsubunit -lm -lrt $(LIBS)

# What is missing is told before the first file fails to compile.
$(OBJ)/%.o: %.c Makefile | check-deps
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(OBJ)/builtin_rates.c: src/ratebook/embed.sh $(RATES)
	@mkdir -p $(@D)
	$(call say,GEN)sh src/ratebook/embed.sh $(RATES) > $@

$(OBJ)/builtin_rates.o: $(OBJ)/builtin_rates.c
	$(call say,CC)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -c -o $@ $<

# The vocabularies that tokens are counted with, the same for every build; empty without a network.
VOCABULARY := build/vocabulary/tables.bin

$(VOCABULARY): src/tokens/vocabulary.sh src/tokens/vocabulary.txt src/tokens/pack.py
	$(call say,GET)sh src/tokens/vocabulary.sh $@

$(OBJ)/src/tokens/tables.o: $(VOCABULARY)
$(OBJ)/src/tokens/tables.o: ALL_CFLAGS += -DTB_TOKEN_TABLES_FILE='"$(VOCABULARY)"'

# The manual: a page for each file in src/cli/man, whose tables tokbill fills in.
MAN      := $(patsubst src/cli/man/%.md,$(BUILD)/man/%,$(sort $(wildcard src/cli/man/*.md)))

man: $(MAN)                 ## the manual pages, in build/man (man build/man/tokbill.1)

$(BUILD)/man/%: src/cli/man/%.md src/cli/man/man.awk $(BUILD)/tokbill
	@mkdir -p $(@D)
	$(call say,MAN)$(BUILD)/tokbill --generate page <$< >$@.md && \
	  awk -v version="$$($(BUILD)/tokbill --version)" -f src/cli/man/man.awk $@.md >$@

# Fuzz targets: with a main that replays files, or with libFuzzer's (make fuzz).
FUZZ_ALL  := lanes rates times numbers formats pipeline tokens
FUZZ      ?= $(FUZZ_ALL)
FUZZ_KIT  := tests/fuzz/fuzz tests/fuzz/agree tests/fuzz/slow tests/unit/reading
FUZZ_TOO  := $(FUZZ_KIT:%=$(OBJ)/%.o) $(BUILD)/libtokbill.a
FUZZ_OBJ  := $(FUZZ_ALL:%=$(OBJ)/tests/fuzz/%.o) $(OBJ)/tests/fuzz/replay.o $(FUZZ_KIT:%=$(OBJ)/%.o)
REPLAYS   := $(FUZZ_ALL:%=$(BUILD)/replay-%)

$(REPLAYS): $(BUILD)/replay-%: $(OBJ)/tests/fuzz/%.o $(OBJ)/tests/fuzz/replay.o $(FUZZ_TOO)
	$(call say,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(FUZZ_ALL:%=$(BUILD)/fuzz-%): $(BUILD)/fuzz-%: $(OBJ)/tests/fuzz/%.o $(FUZZ_TOO)
	$(call say,LD)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LIBS)

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(FUZZ_OBJ:.o=.d)

check-deps:
	@CC="$(CC)" .ci/deps build

deps:                       ## install what is missing to build and test
	@CC="$(CC)" .ci/deps --install build vocabulary test
	@find build/vocabulary -empty -name tables.bin -delete 2>/dev/null || true

demo: deps                  ## bill the fixture month with the built-in rates
	+@$(SUBMAKE) -s all
	@echo '$$ build/tokbill report --month 2026-08 --by model -f table fixtures/month/usage-2026-08.csv'
	@build/tokbill report --month 2026-08 --by model -f table fixtures/month/usage-2026-08.csv

test: deps                  ## every test
	+@$(SUBMAKE) test-programs
	@BUILD=$(BUILD) tests/run

test-programs: all $(BUILD)/unit $(REPLAYS)

test-unit: all $(BUILD)/unit ## the unit tests alone
	@BUILD=$(BUILD) tests/run unit

test-cli: all               ## the command line tests alone
	@BUILD=$(BUILD) tests/run cli

test-tokens: all            ## the comparison of token counts with tiktoken alone
	@BUILD=$(BUILD) tests/run tokens

test-oracle: all            ## the comparison with the independent computation alone
	@BUILD=$(BUILD) tests/run oracle

lint:                       ## style, size and static checks
	@.ci/deps --install build test lint
	@$(MAKE) --no-print-directory $(OBJ)/builtin_rates.c man
	@.ci/lint

format:                     ## format the sources
	clang-format -i $(wildcard src/*.h src/*/*.[ch] tests/unit/*.[ch] tests/fuzz/*.[ch])

cover: deps                 ## which lines and branches the tests run, held against the bars
	+@$(SUBMAKE) -s COVER=1 CC=gcc all build/cover/unit
	@find build/cover -name '*.gcda' -delete
	@CK_FORK=no ORACLE=short BUILD=build/cover tests/run unit cli oracle >build/cover/tests.log || \
	  { grep -A 20 '^not ok' build/cover/tests.log; tail -n 40 build/cover/tests.log; exit 1; }
	@tests/cover/cover.py build/cover --missing build/cover/missing

asan:                       ## every test under ASan and UBSan
	+@$(SUBMAKE) SAN=address,undefined test

FUZZ_SAN     := address,undefined,fuzzer-no-link
FUZZ_SECONDS ?= 60

fuzz:                       ## look for what breaks it (FUZZ="lanes rates ..." FUZZ_SECONDS=60)
	@.ci/deps --install build sanitize
	@$(MAKE) --no-print-directory CC=clang SAN=$(FUZZ_SAN) $(FUZZ:%=fuzz-%)

# What is new goes into the first folder; the seeds are only read.
fuzz-%: $(BUILD)/fuzz-%
	@mkdir -p $(BUILD)/corpus/$*
	ASAN_OPTIONS=detect_leaks=0 $< -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -print_final_stats=1 \
	        -dict=tests/fuzz/words.dict -artifact_prefix=$(BUILD)/$*- \
	        $(BUILD)/corpus/$* tests/fuzz/seeds/$*

# The same targets under AFL++, without sanitizers and so faster; what it finds stays in build/afl.
AFL_SECONDS ?= 60
AFL_ENV     := AFL_QUIET=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1

afl:                        ## the same with AFL++ (FUZZ="lanes rates ..." AFL_SECONDS=60)
	@.ci/deps --install build sanitize afl
	@$(AFL_ENV) $(MAKE) --no-print-directory CC=afl-clang-fast BUILD=build/afl $(FUZZ:%=afl-%)

afl-%: $(BUILD)/fuzz-%
	@mkdir -p $(BUILD)/found
	$(AFL_ENV) afl-fuzz -V $(AFL_SECONDS) -i tests/fuzz/seeds/$* -o $(BUILD)/found/$* \
	        -x tests/fuzz/words.dict -t 2000 -- $<
	@grep -E '^(execs_done|edges_found|saved_crashes|saved_hangs)' $(BUILD)/found/$*/default/fuzzer_stats
	@grep -q '^saved_crashes *: 0$$' $(BUILD)/found/$*/default/fuzzer_stats

valgrind: deps              ## the unit tests under valgrind
	@.ci/deps --install sanitize
	+@$(SUBMAKE) all $(BUILD)/unit
	CK_FORK=no valgrind --quiet --leak-check=full --error-exitcode=99 $(BUILD)/unit

.PHONY: fault limits soak
fault: all $(BUILD)/fault/preload.so ## make each call of a run fail in turn (FAULT=short: some of them)
	tests/fault/inject.py --tokbill $(BUILD)/tokbill --preload $(BUILD)/fault/preload.so \
	        $(if $(findstring address,$(SAN)),--before $(shell $(CC) -print-file-name=libasan.so)) \
	        $(if $(filter short,$(FAULT)),--short)

# It stands before the C library and takes what that takes, so its checks of arguments are off.
$(BUILD)/fault/preload.so: tests/fault/preload.c
	@mkdir -p $(@D)
	$(call say,CC)$(CC) -std=gnu11 $(WARN) -Wno-pedantic -O1 -g -fPIC -shared -o $@ $< -ldl -pthread

limits: all build/bench/measure ## the largest and nastiest inputs (LIMITS=short: a hundredth of it)
	tests/limits/limits.py --tokbill $(BUILD)/tokbill --measure build/bench/measure \
	        $(if $(filter short,$(LIMITS)),--short)

# Random reports under both kinds of sanitizers at once.
SOAK_SECONDS ?= 1200
SOAK_BUILDS  := gcc-thread gcc-address-undefined

soak:                       ## random reports under ASan and TSan (SOAK_SECONDS=1200)
	+@for san in thread address,undefined; do \
	  $(SUBMAKE) WERROR=1 CC=gcc SAN=$$san all || exit; done
	@printf '%s\n' $(SOAK_BUILDS) | xargs -P 2 -I{} \
	  tests/soak/soak.py --tokbill build/{}/tokbill --jobs 1 --seconds $(SOAK_SECONDS)

bench: all build/bench/gen_log build/bench/measure ## time tokbill against the peers that are present
	tests/bench/bench.py $(BENCH)

bench-peers:                ## install the peers of the benchmark under build/bench
	python3 -m pip install --quiet --target build/bench/peers --upgrade \
	        -r tests/bench/peers.txt

rates-audit: all            ## the built-in rates beside the public lists of pinned versions (installs those)
	@mkdir -p build/audit/packages
	python3 -m pip install --quiet --target build/audit/packages --upgrade --no-deps -r tests/audit/lists.txt
	python3 -m pip install --quiet --target build/audit/packages --upgrade 'pydantic>=2.10' 'httpx2>=2.0'
	PYTHONPATH=build/audit/packages python3 tests/audit/lists.py build/tokbill build/audit
	build/tokbill rates audit --as-of 2026-11-20 --accept tests/audit/accepted.ini \
	        build/audit/litellm.json build/audit/genai-prices.ini build/audit/model-prices.ini

build/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(ALL_CFLAGS) -o $@ $<

install: all man            ## install under $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib \
	           $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 \
	           $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	           $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	           $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 build/tokbill $(DESTDIR)$(PREFIX)/bin/tokbill
	install -m 644 build/libtokbill.a $(DESTDIR)$(PREFIX)/lib/libtokbill.a
	install -m 644 $(filter %.1,$(MAN)) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(filter %.5,$(MAN)) $(DESTDIR)$(PREFIX)/share/man/man5
	build/tokbill --generate bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/tokbill
	build/tokbill --generate zsh  > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_tokbill
	build/tokbill --generate fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/tokbill.fish
	install -m 755 build/$(SONAME) $(DESTDIR)$(PREFIX)/lib/libtokbill.so.$(VERSION)
	ln -sf libtokbill.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libtokbill.so
	install -D -m 644 src/tokbill.h $(DESTDIR)$(PREFIX)/include/tokbill.h
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' \
	        'Name: tokbill' 'Description: LLM usage logs into money' 'Version: $(VERSION)' \
	        'Cflags: -I$${includedir}' 'Libs: -L$${libdir} -ltokbill' \
	        'Libs.private: $(filter-out -lpopt,$(LIBS))' \
	        > $(DESTDIR)$(PREFIX)/lib/pkgconfig/tokbill.pc

uninstall:                  ## take it away again
	rm -f $(DESTDIR)$(PREFIX)/bin/tokbill $(DESTDIR)$(PREFIX)/lib/libtokbill.a \
	      $(patsubst %.1,$(DESTDIR)$(PREFIX)/share/man/man1/%.1,$(notdir $(filter %.1,$(MAN)))) \
	      $(patsubst %.5,$(DESTDIR)$(PREFIX)/share/man/man5/%.5,$(notdir $(filter %.5,$(MAN)))) \
	      $(DESTDIR)$(PREFIX)/share/bash-completion/completions/tokbill \
	      $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_tokbill \
	      $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/tokbill.fish
	rm -f $(DESTDIR)$(PREFIX)/include/tokbill.h $(DESTDIR)$(PREFIX)/lib/pkgconfig/tokbill.pc \
	      $(DESTDIR)$(PREFIX)/lib/libtokbill.so*

clean:                      ## remove everything built
	rm -rf build

help:                       ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 16
