# make            the program: build/sccsim          make demo      install what is missing, run Bonn, name the report
# make test       install what is missing, all tests make validate  models against closed forms and measured figures
# make bench      speed and size, results/bench.csv  make help      every target
CC       ?= cc
comma    := ,
BUILD    ?= build$(if $(SAN),-$(subst $(comma),-,$(SAN)))
PREFIX   ?= /usr/local
VERSION  := $(shell cat VERSION)
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
OPT      ?= -O2
CFLAGS   += -std=c17 -D_GNU_SOURCE -g $(OPT) -pthread -ffp-contract=off -fno-math-errno $(WARN) $(SAN:%=-fsanitize=%) \
	    $(if $(SAN),-fno-omit-frame-pointer -fno-sanitize-recover=all) \
	    -I. -isystem /usr/include/libxml2 -DSCCSIM_VERSION='"$(VERSION)"' -DSCCSIM_LIB='"$(PREFIX)/share/sccsim/lib"'
LDLIBS   := -lxml2 -lsqlite3 -ljansson -lgsl -lgslcblas -lm -pthread
LDFLAGS  += $(SAN:%=-fsanitize=%)

SRC      := $(sort $(shell find sim models -name '*.c' ! -path models/main.c))
OBJ      := $(SRC:%.c=$(BUILD)/%.o)
LIB      := $(BUILD)/libsccsim.a
UNIT     := $(patsubst %.c,$(BUILD)/%,$(sort $(shell find tests/unit -name 'test_*.c')))
VALID    := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/validation/valid_*.c)))
BENCH    := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/bench/bench_*.c)))
CHECKED  := $(sort $(shell find sim models tests -name '*.[ch]'))

all: $(BUILD)/sccsim ## the program

$(BUILD)/sccsim: $(BUILD)/models/main.o $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIB): $(OBJ)
	@rm -f $@
	@$(AR) rcs $@ $(OBJ)

$(BUILD)/%.o: %.c VERSION
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

# A test, validation or bench program is one file (helpers beside it, without the prefix, are linked to all of them).
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)
VALID_HELP := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/validation/valid_%,$(wildcard tests/validation/*.c)))
$(BUILD)/tests/validation/%: $(BUILD)/tests/validation/%.o $(VALID_HELP) $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
BENCH_HELP := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/bench/bench_%,$(wildcard tests/bench/*.c)))
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BENCH_HELP) $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

unit: $(UNIT)
	@scripts/run-tests.sh $(UNIT)

check-layers: ## #includes respect the architecture
	@scripts/check-layers.sh

clean: ## remove what was built
	rm -rf build build-*

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

-include $(OBJ:.o=.d) $(BUILD)/models/main.d $(UNIT:=.d) $(VALID:=.d) $(BENCH:=.d)
.PHONY: all unit check-layers clean help
.SECONDARY:
