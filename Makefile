# make            the program: build/sccsim          make demo      install what is missing, run Bonn, name the report
# make test       install what is missing, all tests make validate  models against closed forms and measured figures
# make bench      speed and size, results/bench.csv  make help      every target
# V=1 shows the commands of the compiler whole.
CC       ?= cc
comma    := ,
BUILD    ?= build$(if $(SAN),-$(subst $(comma),-,$(SAN)))
PREFIX   ?= /usr/local
VERSION  := $(shell cat VERSION)
# A row may leave out its last fields: they are zero.
WARN     := -Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
OPT      ?= -O2
CFLAGS   += -std=c17 -D_GNU_SOURCE -g $(OPT) -pthread -ffp-contract=off -fno-math-errno $(WARN) $(SAN:%=-fsanitize=%) \
	    $(if $(SAN),-fno-omit-frame-pointer -fno-sanitize-recover=all) \
	    -I. -isystem /usr/include/libxml2 -DSCCSIM_VERSION='"$(VERSION)"' -DSCCSIM_LIB='"$(PREFIX)/share/sccsim/lib"'
LDLIBS   := -lxml2 -lnettle -lsqlite3 -ljansson -lgsl -lgslcblas -lm -pthread
LDFLAGS  += $(SAN:%=-fsanitize=%)

# MPI where the machine has it (MPI=no: not even then), for sim/study/ranks.c alone.  Not under the sanitizers: Open MPI keeps
# memory until the process ends, and its threads and shared memory are not instrumented.
MPI      ?= $(if $(SAN),no,$(firstword $(shell for p in mpi-c ompi-c mpich; do pkg-config --exists $$p 2>/dev/null && echo $$p; done) no))
ifneq ($(MPI),no)
MPI_CFLAGS := -DSCCSIM_MPI $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(MPI)))
LDLIBS   += -Wl,--as-needed $(shell pkg-config --libs $(MPI))
endif

SRC      := $(sort $(shell find sim models -name '*.c' ! -path models/main.c))
OBJ      := $(SRC:%.c=$(BUILD)/%.o)
LIB      := $(BUILD)/libsccsim.a
UNIT     := $(patsubst %.c,$(BUILD)/%,$(sort $(shell find tests/unit -name 'test_*.c')))
# A replication is one thread's: the thread sanitizer looks at what threads share.
ifeq ($(SAN),thread)
UNIT     := $(filter $(foreach of,models output scenario study,$(BUILD)/tests/unit/$(of)/%),$(UNIT))
endif
VALID    := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/validation/valid_*.c)))
BENCH    := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/bench/bench_*.c)))

# One short line for each file that is made: $(call say,CC,file) before its command.
ifeq ($(V),1)
say =
else ifneq ($(findstring s,$(firstword -$(MAKEFLAGS))),)
say = @
else
say = @echo '$(1) $(2)';
endif

all: $(BUILD)/sccsim $(BUILD)/replay-lorawan ## the program

$(BUILD)/sccsim: $(BUILD)/models/main.o $(LIB)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/replay-lorawan: $(BUILD)/tools/replay-lorawan.o $(LIB)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIB): $(OBJ)
	@rm -f $@
	$(call say,AR,$@)$(AR) rcs $@ $(OBJ)

$(BUILD)/%.o: %.c VERSION
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

# ranks.o is made anew when MPI has come or gone.
$(BUILD)/sim/study/ranks.o: CFLAGS += $(MPI_CFLAGS)
$(BUILD)/sim/study/ranks.o: $(BUILD)/mpi
$(BUILD)/mpi: FORCE
	@mkdir -p $(@D)
	@echo '$(MPI) $(MPI_CFLAGS)' | cmp -s - $@ || echo '$(MPI) $(MPI_CFLAGS)' >$@
FORCE:

# A test, validation or bench program is one file (helpers beside it, without the prefix, are linked to all of them).
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(LIB)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)
VALID_HELP := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/validation/valid_%,$(wildcard tests/validation/*.c)))
$(BUILD)/tests/validation/%: $(BUILD)/tests/validation/%.o $(VALID_HELP) $(LIB)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
BENCH_HELP := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/bench/bench_%,$(wildcard tests/bench/*.c)))
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BENCH_HELP) $(LIB)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# What tests/cli/farm_ranks.sh starts as several ranks.
RANKS    := $(BUILD)/tests/mpi/ranks
$(RANKS): $(BUILD)/tests/mpi/ranks.o $(LIB)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# A fuzz target is one file too; its library is instrumented with it, by clang: scripts/fuzz.sh.
FUZZ     := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(LIB)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

# Recipes that build for themselves do so on all processors, unless told otherwise.
PARALLEL  = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))
RESULTS  := results

demo: ## install what is missing, run Bonn, say where its report is
	@scripts/install-deps.sh
	@$(MAKE) --no-print-directory $(PARALLEL) all
	$(BUILD)/sccsim run scenarios/bonn/bonn.xml -r 10 -o $(RESULTS)/bonn

study: ## gateways x ADR x traffic of Bonn, report in results/bonn-study/
	@scripts/install-deps.sh
	@$(MAKE) --no-print-directory $(PARALLEL) all
	$(BUILD)/sccsim study scenarios/bonn/study.xml --overwrite -o $(RESULTS)/bonn-study

test: ## install what is missing, run unit tests and tests of the command line
	@scripts/install-deps.sh --test
	@$(MAKE) --no-print-directory $(PARALLEL) all unit-programs $(BUILD)/tests/validation/valid_coverage
	@scripts/test.sh "$(BUILD)" $(UNIT)

unit: $(UNIT) ## the unit tests alone
	@scripts/run-tests.sh $(UNIT)

unit-programs: $(UNIT) $(RANKS)

cli: $(BUILD)/sccsim $(BUILD)/replay-lorawan $(RANKS) ## the tests of the command line alone
	@SCCSIM=$(BUILD)/sccsim scripts/run-cli-tests.sh

# Those whose runs share a process: what the thread sanitizer has something to look at in.
cli-threads: $(BUILD)/sccsim
	@SCCSIM=$(BUILD)/sccsim scripts/run-cli-tests.sh $(addprefix tests/cli/,run.sh threads.sh study.sh study_failures.sh study_killed.sh plan.sh)

validate: ## models against closed forms and measured figures, results/validation.html
	@scripts/install-deps.sh
	@$(MAKE) --no-print-directory $(PARALLEL) all valid-programs
	@scripts/validate.sh $(VALID)

valid-programs: $(VALID)

bench: ## speed and size, results/bench.csv
	@scripts/install-deps.sh
	@$(MAKE) --no-print-directory $(PARALLEL) all bench-programs
	@scripts/bench.sh $(BENCH)

bench-programs: $(BENCH)

check-layers: ## #includes respect the architecture
	@scripts/check-layers.sh

format: ## lay the sources out as .clang-format says
	@scripts/install-deps.sh --dev
	@scripts/format.sh --write

lint: ## cppcheck and clang-tidy
	@scripts/install-deps.sh --dev
	@scripts/lint.sh $(filter-out -Werror,$(CFLAGS)) $(MPI_CFLAGS)

sanitize: ## the tests under address, undefined-behaviour and thread sanitizers (the last: those of what threads share)
	@scripts/install-deps.sh
	@for san in address,undefined thread; do \
		$(MAKE) --no-print-directory $(PARALLEL) SAN=$$san all unit-programs && \
		$(MAKE) --no-print-directory SAN=$$san unit $$([ $$san = thread ] && echo cli-threads || echo cli) || exit 1; \
	done

FUZZ_TIME ?= 60
fuzz: ## each fuzz target for FUZZ_TIME seconds (60)
	@scripts/install-deps.sh --dev
	@$(MAKE) --no-print-directory $(PARALLEL) CC=clang SAN=fuzzer-no-link,address,undefined WARN= fuzz-programs
	@scripts/fuzz.sh $(FUZZ_TIME) $(FUZZ:$(BUILD)/%=build-fuzzer-no-link-address-undefined/%)

fuzz-programs: $(FUZZ)

LANGUAGES := scenario study assessment
schema: $(BUILD)/sccsim ## write the schemas in scenarios/ anew
	for l in $(LANGUAGES); do \
		$(BUILD)/sccsim schema $$l > scenarios/$$l.xsd.new && mv scenarios/$$l.xsd.new scenarios/$$l.xsd || exit 1; \
	done

D         = $(DESTDIR)$(PREFIX)
INSTALL  ?= install
install: $(BUILD)/sccsim ## into PREFIX (/usr/local), below DESTDIR
	$(INSTALL) -D -m 755 $(BUILD)/sccsim $(D)/bin/sccsim
	$(INSTALL) -D -m 644 share/sccsim.1 $(D)/share/man/man1/sccsim.1
	$(INSTALL) -D -m 644 share/completion/sccsim.bash $(D)/share/bash-completion/completions/sccsim
	$(INSTALL) -d $(D)/share/sccsim/lib $(D)/share/sccsim/schema $(D)/share/doc/sccsim
	(cd scenarios/lib && find . -type f) | while read -r f; do $(INSTALL) -D -m 644 "scenarios/lib/$$f" "$(D)/share/sccsim/lib/$$f" || exit 1; done
	for f in $(wildcard scenarios/*.xsd); do $(INSTALL) -m 644 "$$f" $(D)/share/sccsim/schema/ || exit 1; done
	for f in $(wildcard README.md CHANGELOG.md LICENSE); do $(INSTALL) -m 644 "$$f" $(D)/share/doc/sccsim/ || exit 1; done

uninstall: ## take away what install put there
	rm -f $(D)/bin/sccsim $(D)/share/man/man1/sccsim.1 $(D)/share/bash-completion/completions/sccsim
	rm -rf $(D)/share/sccsim $(D)/share/doc/sccsim

clean: ## remove what was built
	rm -rf build build-*

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

-include $(OBJ:.o=.d) $(BUILD)/models/main.d $(BUILD)/tools/replay-lorawan.d $(UNIT:=.d) $(VALID:=.d) $(VALID_HELP:.o=.d) $(BENCH:=.d) $(BENCH_HELP:.o=.d) $(RANKS).d $(FUZZ:=.d)
.PHONY: all demo study test unit unit-programs cli cli-threads validate valid-programs bench bench-programs check-layers format lint sanitize \
	fuzz fuzz-programs schema install uninstall clean help FORCE
.SECONDARY:
