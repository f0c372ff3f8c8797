# lyapgrad. `make help` lists the targets.
CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
BUILD ?= build

PKG_CONFIG ?= pkg-config
SLEEF_CFLAGS := $(shell $(PKG_CONFIG) --cflags sleef 2>/dev/null)
SLEEF_LIBS := $(shell $(PKG_CONFIG) --libs sleef 2>/dev/null || echo -lsleef)

# The numerical contract: no contraction, no fast-math, ever. The library relies on it on every compiler.
CONTRACT := -std=c11 -ffp-contract=off
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion
OPENMP := -fopenmp
ALL_CFLAGS = $(CONTRACT) $(WARN) -D_POSIX_C_SOURCE=200809L -Iinclude $(SLEEF_CFLAGS) $(CFLAGS) -MMD -MP

MACHINE := $(shell $(CC) -dumpmachine)
ifneq (,$(filter x86_64% amd64%,$(MACHINE)))
ISAS := scalar avx2 avx512
else ifneq (,$(filter aarch64% arm64%,$(MACHINE)))
ISAS := scalar neon
else
ISAS := scalar
endif
ISA_FLAGS_scalar := $(if $(filter x86_64% amd64%,$(MACHINE)),-mavx2 -mfma) -fno-tree-vectorize
ISA_FLAGS_avx2 := -mavx2 -mfma
ISA_FLAGS_avx512 := -mavx512f -mavx2 -mfma
ISA_FLAGS_neon :=

KERNELS := $(foreach isa,$(ISAS),$(BUILD)/simd/kernels_$(isa)_f32.o $(BUILD)/simd/kernels_$(isa)_f64.o)
LIB_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out src/main.c src/cli%.c,$(wildcard src/*.c)) simd/dispatch.c) $(KERNELS)
CLI_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/main.c src/cli*.c))
LIBS = $(SLEEF_LIBS) -lm

all: $(BUILD)/lyapgrad $(BUILD)/liblyapgrad.a

$(BUILD)/lyapgrad: $(CLI_OBJECTS) $(BUILD)/liblyapgrad.a
	$(CC) $(CFLAGS) $(OPENMP) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/liblyapgrad.a: $(LIB_OBJECTS)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(OPENMP) -c -o $@ $<

$(foreach isa,$(ISAS),$(eval $(BUILD)/simd/kernels_$(isa)_f32.o $(BUILD)/simd/kernels_$(isa)_f64.o: ISA_FLAGS = $(ISA_FLAGS_$(isa))))
$(BUILD)/simd/kernels_%.o: simd/kernels_%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -O3 $(ISA_FLAGS) -c -o $@ $<

clean:
	rm -rf $(BUILD)

-include $(wildcard $(BUILD)/*/*.d)
.PHONY: all clean
