# lyapgrad. `make help` lists the targets. Plain GNU make 3.81; CC, CFLAGS, CPPFLAGS, LDFLAGS, PREFIX, DESTDIR as usual.
#
# CROSS_COMPILE=aarch64-linux-gnu- builds for ARM64, EXEC_WRAPPER="qemu-aarch64 -L ..." runs what was built;
# SANITIZE=address,undefined adds sanitizers; WERROR=1 makes warnings errors; BUILD names the object directory.
ifeq ($(origin CC),default)
CC := cc
endif
ifdef CROSS_COMPILE
CC := $(CROSS_COMPILE)gcc
AR := $(CROSS_COMPILE)ar
endif
# For check-headers alone: the C++ compiler of the same family.
ifeq ($(origin CXX),default)
CXX := $(CROSS_COMPILE)$(if $(findstring clang,$(CC)),clang++,g++)
endif
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
BUILD ?= build
PKG_CONFIG ?= pkg-config

# The numerical contract, after the user's flags: nothing is contracted or reordered behind the code's back.
CONTRACT := -std=c11 -ffp-contract=off
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(if $(WERROR),-Werror)
SANITIZERS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
# What the system offers (SLEEF, zlib) is found before the first object is built, after `deps` had its chance: targets
# that build call make again through $(CONFIGURED); where a file is named as the target, this line has it made.
-include $(if $(filter $(BUILD)/% programs test-programs,$(MAKECMDGOALS)),$(BUILD)/config.mk,$(wildcard $(BUILD)/config.mk))
CONFIGURED = $(MAKE) -s --no-print-directory $(BUILD)/config.mk && $(MAKE) --no-print-directory
COMPILE = $(CC) $(CPPFLAGS) $(CFLAGS) $(CONTRACT) $(WARN) $(SANITIZERS) -D_POSIX_C_SOURCE=200809L -Iinclude -iquote src -iquote . \
          $(SLEEF_CFLAGS) $(if $(HAVE_ZLIB),-DLYAP_ZLIB) -MMD -MP
LINK = $(CC) $(CFLAGS) $(SANITIZERS) $(LDFLAGS)
LIBS = $(SLEEF_LIBS) $(if $(HAVE_ZLIB),$(ZLIB_LIBS)) -pthread -lm

MACHINE := $(shell $(CC) -dumpmachine 2>/dev/null)
# The instruction sets of this machine and their flags, from the list that the code reads too. (A dot stands for a parenthesis, of
# which make wants pairs.) On x86 the scalar path needs the fused multiply-add too.
isa_names = $(shell sed -n 's/^ *$(1).[A-Z0-9]*, *\([a-z0-9]*\),.*/\1/p' simd/isa/list.h)
isa_flags = $(shell sed -n 's/^ *[A-Z0-9]*.[A-Z0-9]*, *$(1),.*"\([^"]*\)".*/\1/p' simd/isa/list.h)
X86 := $(filter x86_64% amd64%,$(MACHINE))
ISAS := $(call isa_names,ANY) $(if $(X86),$(call isa_names,X86)) $(if $(filter aarch64% arm64%,$(MACHINE)),$(call isa_names,ARM))
$(foreach isa,$(ISAS),$(eval ISA_FLAGS_$(isa) := $(call isa_flags,$(isa)) $(if $(X86),$(if $(filter scalar,$(isa)),-mavx2 -mfma))))
# Instrumented kernels at -O3 take many minutes to compile; the bits are the same. Checks of undefined behaviour multiply that time, and all
# kernels are one source: the scalar ones of float32 have them, but for checks of pointers that address checks would see.
comma := ,
KERNEL_UNCHECKED = -fno-sanitize=undefined
$(BUILD)/simd/kernels_scalar_f32.o: KERNEL_UNCHECKED = -fno-sanitize=pointer-overflow$(comma)null$(comma)object-size
KERNEL_OPTIMISATION = $(if $(SANITIZE),-O1 $(KERNEL_UNCHECKED),$(if $(filter $(QUICK_KERNELS),$(KERNEL_ISA)),-O1,-O3))
# QUICK_KERNELS="scalar" compiles the kernels of these sets so, too: for builds that test bits, where other sets keep the full optimisation.
KERNEL_ISA = $(word 2,$(subst _, ,$*))
# PLAIN_KERNELS=1 leaves them without instruments, for sanitizers that have no say in them.
PLAIN_KERNEL_OPTIMISATION := -O1 -fno-sanitize=all

# Following variables through the inlined kernels doubles their compile time: lines and functions are enough.
KERNEL_DEBUG := $(if $(filter -g%,$(CFLAGS)),-g1)

# From the table in src/README.md: the folders of src/ that are the library, and the study, which uses the library through its public headers: the command, the tests and the
# bench link both, and only the library is installed. A folder of src/ has folders of its own at most.
used_as = $(shell sed -n 's/^| *\([a-z_]*\) *|.*| *$(1) *|$$/\1/p' src/README.md)
LIBRARY := $(filter-out simd,$(call used_as,for all) $(call used_as,library))
STUDY := $(filter-out cli,$(call used_as,program))
sources_in = $(foreach folder,$(1),$(wildcard src/$(folder)/*.c src/$(folder)/*/*.c))
LIB_SOURCES := $(call sources_in,$(LIBRARY)) simd/isa/dispatch.c
STUDY_SOURCES := $(call sources_in,$(STUDY))
CLI_SOURCES := src/main.c $(call sources_in,cli)
KERNELS := $(foreach isa,$(ISAS),$(foreach part,kernels passes one,$(BUILD)/simd/$(part)_$(isa)_f32.o $(BUILD)/simd/$(part)_$(isa)_f64.o))
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o) $(KERNELS)
STUDY_OBJECTS := $(STUDY_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/plots.o
REFERENCE_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard bench/reference/*.c))
# In the order in which a linker takes from them.
COMMAND_ARCHIVES := $(BUILD)/libstudy.a $(BUILD)/liblyapgrad.a
TEST_ARCHIVES := $(BUILD)/libreference.a $(COMMAND_ARCHIVES)
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
BENCH_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out bench/main.c,$(wildcard bench/*.c)))
TEST_SOURCES := $(wildcard tests/*/check_*.c)
TESTS := $(patsubst check_%.c,%,$(notdir $(TEST_SOURCES)))
TEST_PROGRAMS := $(TESTS:%=$(BUILD)/tests/check_%)
# Programs as users write them: the public headers and the library alone.
EXAMPLES := $(patsubst examples/%.c,$(BUILD)/examples/%,$(sort $(wildcard examples/*.c)))

all: ; +@$(CONFIGURED) programs
programs: $(BUILD)/lyapgrad $(BUILD)/liblyapgrad.a

$(BUILD)/config.mk: scripts/configure.sh Makefile
	@mkdir -p $(BUILD)
	@CC="$(CC)" PKG_CONFIG="$(PKG_CONFIG)" CROSS="$(CROSS_COMPILE)" sh scripts/configure.sh > $@.tmp && mv $@.tmp $@ || { rm -f $@.tmp; exit 1; }

# Rebuilt when the compiler or a flag changes; looked at in a dry run (-n), too, which would list every object otherwise.
$(BUILD)/flags: FORCE
	+@mkdir -p $(BUILD)
	+@echo '$(COMPILE) $(LIBS) $(LDFLAGS)' | cmp -s - $@ || echo '$(COMPILE) $(LIBS) $(LDFLAGS)' > $@

$(BUILD)/lyapgrad: $(CLI_OBJECTS) $(COMMAND_ARCHIVES)
	$(LINK) -o $@ $(CLI_OBJECTS) $(COMMAND_ARCHIVES) $(LIBS)

$(BUILD)/liblyapgrad.a: $(LIB_OBJECTS)
$(BUILD)/libstudy.a: $(STUDY_OBJECTS)
$(BUILD)/libreference.a: $(REFERENCE_OBJECTS)
$(TEST_ARCHIVES):
	rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

# <part>_<isa>_f<bits>.o of simd/isa/<part>.c. The step of one network is scalar code beside the set's passes.
KERNEL_PART = $(firstword $(subst _, ,$*))
KERNEL_VOCABULARY = $(if $(filter one,$(KERNEL_PART)),scalar,$(KERNEL_ISA))
$(KERNELS): simd/isa/kernels.c simd/isa/passes.c simd/isa/one.c
$(KERNELS): $(BUILD)/simd/%.o: $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(if $(PLAIN_KERNELS),$(PLAIN_KERNEL_OPTIMISATION),$(KERNEL_OPTIMISATION)) $(KERNEL_DEBUG) $(ISA_FLAGS_$(KERNEL_ISA)) \
	  -DLYAP_ISA=$(KERNEL_ISA) -DLYAP_VEC_HEADER='"simd/isa/vec_$(KERNEL_VOCABULARY).h"' -DLYAP_REAL_BITS=$(lastword $(subst _f, ,$*)) -c -o $@ simd/isa/$(KERNEL_PART).c

# A test's own code is compiled without optimisation, in a quarter of the time, but for those that compute; hardened flags ask for some.
COMPUTING_TESTS := inference kernels matrix passes random regime series series_search statistics tangent
TEST_OPTIMISATION = $(if $(findstring FORTIFY,$(CPPFLAGS) $(CFLAGS))$(filter $(COMPUTING_TESTS:%=check_%),$(notdir $*)),,-O0)
$(BUILD)/tests/%.o: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(TEST_OPTIMISATION) $(TEST_FLAGS) $(CHECK_CFLAGS) -c -o $@ $<

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

# The benchmark: its plain loops are for the compiler to vectorise as it can; the rest is told how things were built.
$(BUILD)/bench/native.o: bench/native.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(NATIVE_FLAGS) -c -o $@ $<
$(BUILD)/bench/machine.o: bench/machine.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -DBENCH_FLAGS='"$(CFLAGS) $(CONTRACT) -O3 and the set'"'"'s own"' -DBENCH_NATIVE_FLAGS='"$(NATIVE_FLAGS)"' -c -o $@ $<
$(BUILD)/bench/blas.o: bench/blas.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(NATIVE_FLAGS) $(OPENBLAS_CFLAGS) -c -o $@ $<
$(BUILD)/lyapgrad-bench: $(BUILD)/bench/main.o $(BENCH_OBJECTS) $(TEST_ARCHIVES)
	$(LINK) -o $@ $(BUILD)/bench/main.o $(BENCH_OBJECTS) $(TEST_ARCHIVES) $(OPENBLAS_LIBS) $(LIBS)
# The gnuplot texts, embedded.
$(BUILD)/plots.c: scripts/embed.sh $(wildcard plots/*.gp)
	@mkdir -p $(@D)
	sh scripts/embed.sh $(sort $(wildcard plots/*.gp)) > $@.tmp && mv $@.tmp $@
$(BUILD)/plots.o: $(BUILD)/plots.c src/figure/template.h $(BUILD)/flags
	$(COMPILE) -c -o $@ $<

# The folders of tests/ mirror those of src/; the programs are in one folder. What a program links besides its own object and the archives
# is among its prerequisites.
TEST_OBJECTS := $(TEST_SOURCES:%.c=$(BUILD)/%.o)
$(foreach object,$(TEST_OBJECTS),$(eval $(BUILD)/tests/$(basename $(notdir $(object))): $(object)))
$(BUILD)/tests/check_%: $(TEST_ARCHIVES)
	$(LINK) -o $@ $(filter %.o,$^) $(TEST_ARCHIVES) $(TEST_LIBS) $(CHECK_LIBS) $(LIBS)
BENCH_TESTS := $(patsubst tests/bench/%.c,$(BUILD)/tests/%,$(wildcard tests/bench/check_*.c))
$(BENCH_TESTS): $(BENCH_OBJECTS)
$(BENCH_TESTS): TEST_LIBS = $(OPENBLAS_LIBS)
# The sums of their plain loops are fused, in a call each unless the compiler may use the instruction that every x86 kernel needs.
$(BUILD)/tests/check_matrix $(BUILD)/tests/check_passes: TEST_FLAGS = $(if $(filter avx2,$(ISAS)),-mfma)
# What `verify --random` is made of, the descriptions of options, and the list of tables, are the command's.
COMMAND_TESTS := $(BUILD)/tests/check_verify $(BUILD)/tests/check_options $(BUILD)/tests/check_option_defaults $(BUILD)/tests/check_tables \
	$(BUILD)/tests/check_cli_commands
$(COMMAND_TESTS): $(filter-out $(BUILD)/src/main.o,$(CLI_OBJECTS))
# The linker sends the calls of the allocators to the test.
ALLOCATION_PROGRAMS := $(BUILD)/tests/check_allocation $(BUILD)/tests/check_allocation_files
ALLOCATION_COMMANDS := $(BUILD)/tests/check_allocation_commands
$(ALLOCATION_PROGRAMS) $(ALLOCATION_COMMANDS): TEST_FLAGS = $(if $(WRAP),-DLYAP_TEST_WRAP)
$(ALLOCATION_PROGRAMS) $(ALLOCATION_COMMANDS): TEST_LIBS = $(WRAP)
# The test says how much memory there is, and how many threads can be started.
$(BUILD)/tests/check_engine: TEST_FLAGS = $(if $(WRAP),-DLYAP_TEST_WRAP)
$(BUILD)/tests/check_engine: TEST_LIBS = $(if $(WRAP),-Wl$(comma)--wrap=lyap_memory_fits -Wl$(comma)--wrap=lyap_team_open)
# The commands run in the test's process.
$(ALLOCATION_COMMANDS): $(filter-out $(BUILD)/src/main.o,$(CLI_OBJECTS))
# The fuzz targets run in a program that has the commands, too, whose work the linker takes from them.
FUZZ_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(if $(WRAP),,%_options.c) %/libfuzzer.c,$(wildcard tests/fuzz/*.c))) \
                $(filter-out $(BUILD)/src/main.o,$(CLI_OBJECTS))
FUZZ_WRAP = $(if $(WRAP),-Wl$(comma)--wrap=lyap_kernels_get -Wl$(comma)--wrap=lyap_dataset_allocate)
$(BUILD)/tests/check_corpus: $(FUZZ_OBJECTS)
$(BUILD)/tests/check_corpus: TEST_FLAGS = $(if $(WRAP),-DLYAP_TEST_WRAP)
$(BUILD)/tests/check_corpus: TEST_LIBS = $(FUZZ_WRAP)

# Tests: every program, then one line with the totals. Seconds that a test may take which says nothing else: Check's own four are
# too few for sanitizers on a loaded machine.
CK_DEFAULT_TIMEOUT ?= 60
export CK_DEFAULT_TIMEOUT
RUN_TEST = LYAPGRAD_COMMAND=$(BUILD)/lyapgrad EXAMPLES=$(BUILD)/examples EXEC_WRAPPER="$(EXEC_WRAPPER)" $(if $(CASE),CK_RUN_CASE="$(CASE)") $(EXEC_WRAPPER)
check:
	+@$(CONFIGURED) programs test-programs
	@EXEC_WRAPPER="$(EXEC_WRAPPER)" LYAPGRAD_COMMAND=$(BUILD)/lyapgrad EXAMPLES=$(BUILD)/examples sh scripts/run-tests.sh $(TEST_PROGRAMS)
test-programs: $(TEST_PROGRAMS) $(EXAMPLES)
examples: ; +@$(CONFIGURED) $(EXAMPLES)
$(BUILD)/examples/%: examples/%.c $(BUILD)/liblyapgrad.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -std=c11 $(WARN) $(SANITIZERS) -D_POSIX_C_SOURCE=200809L -Iinclude $(LDFLAGS) -o $@ $< $(BUILD)/liblyapgrad.a $(LIBS)
# The programs whose results depend on the machine (the instruction set and the compiler's code for it, the byte order, the mathematical functions,
# the threads), by their folders, with some of other folders and without some of these. Under an emulator these run alone; what the others test (the command's words and files, tables, reports, pictures, damaged input)
# is the same C on every machine, but for the sign of char, which a build with -funsigned-char has as on ARM64.
MACHINE_FOLDERS := base bench checkpoint data engine experiments exponents io math model results selection series simd stats verify
MACHINE_PROGRAMS := chart cli paper threads verify
OTHER_PROGRAMS := output_set schema tables
MACHINE_TESTS := $(sort $(MACHINE_PROGRAMS) $(filter-out $(OTHER_PROGRAMS),$(patsubst check_%.c,%,$(notdir $(wildcard $(MACHINE_FOLDERS:%=tests/%/check_*.c))))))
check-machine: ; +@$(MAKE) --no-print-directory check TESTS='$(MACHINE_TESTS)'
$(TEST_PROGRAMS) $(TEST_OBJECTS): | need-check
need-check: ; @[ -n "$(HAVE_CHECK)" ] || { echo "the tests need the Check library: run 'make deps', then 'make check' again" >&2; exit 1; }
check-flags:
	@! grep -rnE -- '-f(fast|unsafe)-math|-O[f]ast' Makefile scripts src simd include bench tests .ci || \
	  { echo 'check-flags: a flag breaks the numerical contract'; exit 1; }
	@echo '$(COMPILE)' | grep -q -- '-ffp-contract=off'
	@echo '#include "simd/kernels.h"' | $(filter-out -MMD -MP,$(COMPILE)) -D__FAST_MATH__ -x c -fsyntax-only - 2>&1 | grep -q 'breaks the numerical contract' || \
	  { echo 'check-flags: fast math is not refused'; exit 1; }
	@echo 'check-flags: ok'
check-headers:
	+@$(CONFIGURED) $(BUILD)/liblyapgrad.a run-check-headers
run-check-headers:
	@CC="$(CC)" CXX="$(CXX)" EXEC_WRAPPER="$(EXEC_WRAPPER)" sh scripts/check-headers.sh $(BUILD)/liblyapgrad.a $(SANITIZERS) \
	  $(LDFLAGS) $(LIBS)
check-symbols:
	+@$(CONFIGURED) $(COMMAND_ARCHIVES)
	@sh scripts/check-symbols.sh $(BUILD)/liblyapgrad.a $(BUILD)/libstudy.a
check-layers:
	+@$(CONFIGURED) programs
	@sh scripts/check-layers.sh $(BUILD) $(filter-out $(BUILD)/plots.o,$(CLI_OBJECTS) $(STUDY_OBJECTS) $(LIB_OBJECTS))
check-asan: ; +$(MAKE) check BUILD=$(BUILD)/asan SANITIZE=address,undefined
check-ubsan: ; +$(MAKE) check BUILD=$(BUILD)/ubsan SANITIZE=undefined
check-allocation-sites:
	+@$(CONFIGURED) $(ALLOCATION_PROGRAMS)
	@EXEC_WRAPPER="$(EXEC_WRAPPER)" sh scripts/check-allocation-sites.sh $(ALLOCATION_PROGRAMS)
check-allocation-report: ; +@ALLOCATION_REPORT=1 $(MAKE) --no-print-directory check-allocation-sites
# The library's threads are POSIX threads, whose locks the thread sanitizer sees. Kernels keep no state (check-symbols) and get their memory from the one
# thread that calls them; they stay as they are.
check-tsan:
	@command -v clang > /dev/null 2>&1 || { echo "check-tsan needs clang" >&2; exit 1; }
	+TSAN_OPTIONS="ignore_noninstrumented_modules=1 $$TSAN_OPTIONS" $(MAKE) check-threads BUILD=$(BUILD)/tsan CC=clang SANITIZE=thread \
	  PLAIN_KERNELS=1

# Fuzzing with clang's libFuzzer, each target for FUZZ_SECONDS from its corpus; what is found is left in the build directory.
FUZZ_SECONDS ?= 30
FUZZERS := csv npy idx checkpoint $(if $(WRAP),options)
fuzz:
	@printf 'int LLVMFuzzerTestOneInput(void);int LLVMFuzzerTestOneInput(void){return 0;}' | \
	  clang -fsanitize=fuzzer -x c - -o /dev/null 2> /dev/null || { echo "fuzz needs clang with libFuzzer (libclang-rt)" >&2; exit 1; }
	+@$(MAKE) BUILD=$(BUILD)/fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined PLAIN_KERNELS=1 configured-fuzz
configured-fuzz: ; +@$(CONFIGURED) run-fuzz
run-fuzz: $(FUZZERS:%=$(BUILD)/fuzz_%)
	@for target in $(FUZZERS); do mkdir -p $(BUILD)/corpus/$$target $(BUILD)/found; echo "fuzz: $$target"; \
	  $(BUILD)/fuzz_$$target -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 -rss_limit_mb=4096 -close_fd_mask=3 \
	    -print_final_stats=1 -artifact_prefix=$$PWD/$(BUILD)/found/$$target- $$PWD/$(BUILD)/corpus/$$target $$PWD/tests/corpus/$$target || exit 1; done
$(BUILD)/fuzz_%: tests/fuzz/libfuzzer.c $(FUZZ_OBJECTS) $(COMMAND_ARCHIVES)
	$(COMPILE) -fsanitize=fuzzer -DFUZZ_TARGET=fuzz_$* -o $@ $< $(FUZZ_OBJECTS) $(COMMAND_ARCHIVES) $(LDFLAGS) $(FUZZ_WRAP) $(LIBS)
# Without the benchmark's, whose plain loops are built for this very CPU, which valgrind may not know.
check-valgrind:
	+@$(CONFIGURED) programs test-programs
	@CK_FORK=no CK_TIMEOUT_MULTIPLIER=50 LYAPGRAD_TEST_BRIEF=1 LYAPGRAD_ISA=avx2 EXEC_WRAPPER="valgrind -q --error-exitcode=99" LYAPGRAD_COMMAND=$(BUILD)/lyapgrad \
	  sh scripts/run-tests.sh $(filter-out %/check_bench %/check_bench_single,$(TEST_PROGRAMS))
check-install: all ; +@sh scripts/check-install.sh $(MAKE) $(EXEC_WRAPPER) $(BUILD)/lyapgrad
check-arm: ; +sh scripts/check-arm.sh $(BUILD)/arm64
# A Debian suite of its own below the build directory; MIRROR is the Debian mirror, DEBIAN_CHECK=brief leaves out `make check`.
SUITE ?= trixie
check-debian: ; @sh scripts/check-debian.sh '$(SUITE)' '$(BUILD)/debian-$(SUITE)' '$(DEBIAN_CHECK)'
check-%:
	+@$(CONFIGURED) programs $(BUILD)/tests/check_$*
	$(RUN_TEST) $(BUILD)/tests/check_$*

bench bench-fast bench-scale bench-single:
	+@$(CONFIGURED) $(BUILD)/lyapgrad-bench
	$(EXEC_WRAPPER) $(BUILD)/lyapgrad-bench $(patsubst --single,--starts 1,$(patsubst bench-%,--%,$(filter-out bench,$@)))
reproduce: all
	$(EXEC_WRAPPER) $(BUILD)/lyapgrad reproduce --out out/paper
report: all
	$(EXEC_WRAPPER) $(BUILD)/lyapgrad reproduce --report --out out/report
golden: all
	@$(BUILD)/lyapgrad verify --golden > $(BUILD)/golden.h && { diff -u src/verify/golden.h $(BUILD)/golden.h || true; } && cp $(BUILD)/golden.h src/verify/golden.h
deps: ; @sh scripts/deps.sh && rm -f $(BUILD)/config.mk
# What is asked for beside it waits for it, and so must what that begins with, or -j starts to build before the libraries are there.
ifneq (,$(filter deps,$(MAKECMDGOALS)))
$(sort all $(filter-out deps,$(MAKECMDGOALS))): | deps
endif
deps-arm: ; @sh scripts/deps-arm.sh

SOURCES := $(wildcard src/*.[ch] src/*/*.[ch] src/*/*/*.[ch] simd/*.h simd/*/*.[ch] include/lyapgrad/*.h tests/*.[ch] tests/*/*.[ch] bench/*.[ch] bench/*/*.[ch] examples/*.c)
format: ; clang-format -i $(SOURCES)
lint: check-layers ; @CC="$(CC)" sh scripts/lint.sh $(SOURCES)

info: ; +@$(CONFIGURED) show-info
show-info:
	@echo 'compiler  $(CC): '"`$(CC) --version | head -n 1`"
	@echo 'machine   $(MACHINE), instruction sets in the build: $(ISAS)'
	@echo 'compile   $(COMPILE)'
	@echo 'SLEEF     $(SLEEF_VERSION) ($(SLEEF_HOW)): $(SLEEF_CFLAGS) $(SLEEF_LIBS)'
	@echo 'zlib      $(if $(HAVE_ZLIB),$(ZLIB_LIBS),none: gzip-compressed data cannot be read)'

install: all
	mkdir -p $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/lyapgrad
	cp $(BUILD)/lyapgrad $(DESTDIR)$(PREFIX)/bin/
	cp $(BUILD)/liblyapgrad.a $(DESTDIR)$(PREFIX)/lib/
	cp include/lyapgrad/*.h $(DESTDIR)$(PREFIX)/include/lyapgrad/
	sh scripts/pkgconfig.sh '$(PREFIX)' '$(LIBS)' > $(DESTDIR)$(PREFIX)/lib/pkgconfig/lyapgrad.pc
	@sh scripts/install-manual.sh '$(DESTDIR)$(PREFIX)/share' $(EXEC_WRAPPER) $(BUILD)/lyapgrad
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/lyapgrad $(DESTDIR)$(PREFIX)/lib/liblyapgrad.a
	rm -f $(DESTDIR)$(PREFIX)/lib/pkgconfig/lyapgrad.pc
	rm -rf $(DESTDIR)$(PREFIX)/include/lyapgrad
	rm -f $(DESTDIR)$(PREFIX)/share/man/man1/lyapgrad.1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions/lyapgrad
	rm -f $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_lyapgrad
clean:
	rm -rf $(BUILD)

help:
	@echo 'make              build/lyapgrad and build/liblyapgrad.a'
	@echo 'make deps         install what is missing: SLEEF, Check, gnuplot, zlib, pkg-config (apt, dnf, pacman, brew)'
	@echo 'make reproduce    the experiments and figures of arXiv 2410.05988 to out/paper/'
	@echo 'make report       does the paper hold? report.md and report.html to out/report/, in minutes'
	@echo 'make check        all tests; check-<unit> one program (CASE=name one case): $(TESTS)'
	@echo 'make check-machine   of these the programs whose results depend on the instruction set, the compiler or the architecture'
	@echo 'make check-arm    cross-build for ARM64 and test under qemu (make deps-arm installs what that needs)'
	@echo 'make check-debian SUITE=trixie   build, figures and all tests on a Debian suite (root, debootstrap); DEBIAN_CHECK=brief'
	@echo '                  leaves out the tests, MIRROR= names the mirror'
	@echo 'make check-asan, check-ubsan, check-valgrind, check-flags, check-install; TESTS="csv npy" runs some of the suite'
	@echo 'make check-allocation-sites    no file of the library was left out by check-allocation; -report: the report, in minutes'
	@echo 'make check-tsan   two host threads under the thread sanitizer (clang)'
	@echo 'make fuzz         the readers of untrusted input under libFuzzer with sanitizers (clang), FUZZ_SECONDS=30 each'
	@echo 'make check-headers, check-symbols   public headers as C11 and C++11; names and state of the library'
	@echo 'make check-layers     includes and calls point down, as src/README.md says; no file of a program includes internals of the library'
	@echo 'make bench        verify and time the kernels, tables and pictures to out/bench/; bench-fast (under a minute),'
	@echo '                  bench-scale (time and memory against size), bench-single (one network beside OpenBLAS and PyTorch,'
	@echo '                  to out/bench-single/); build/lyapgrad-bench --help lists what can be chosen'
	@echo 'make golden       rewrite src/verify/golden.h from this build, with the difference'
	@echo 'make lint, format clang-format, clang-tidy, cppcheck, shellcheck; reformat'
	@echo 'make info         compiler, flags, instruction sets, SLEEF, zlib (make HAVE_ZLIB= builds without zlib)'
	@echo 'make install, uninstall   PREFIX=$(PREFIX), DESTDIR=; with the manual page and completion for bash and zsh'
	@echo 'make clean        remove $(BUILD)/'

FORCE:
.PHONY: examples all programs show-info test-programs need-check check check-machine check-flags check-headers run-check-headers check-symbols check-layers check-allocation-sites check-allocation-report check-tsan fuzz configured-fuzz run-fuzz check-asan check-ubsan check-valgrind check-install check-arm check-debian bench bench-fast bench-scale bench-single reproduce report golden deps deps-arm format \
        lint info install uninstall clean help FORCE
.SECONDARY:
-include $(wildcard $(BUILD)/*.d $(foreach part,src simd bench tests,$(BUILD)/$(part)/*.d $(BUILD)/$(part)/*/*.d $(BUILD)/$(part)/*/*/*.d))
