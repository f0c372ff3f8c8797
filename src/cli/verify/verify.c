/* lyapgrad verify: the same bits on every instruction set, in any number of threads. */
#include <inttypes.h>
#include <string.h>

#include "cli/verify/compare.h"
#include "verify/workload.h"
#include "lyapgrad/version.h"

/* Prints one digest for each number of threads on one instruction set; false if one differs from *expected, which the
 * first one sets. Leaves in *status what went wrong otherwise. */
static bool verify_isa(enum lyap_isa isa, enum lyap_precision precision, int most, bool *have, uint64_t *expected,
                       int *status) {
    bool same = true;
    for (int threads = 1; threads <= most && !cli_interrupted(); threads++) {
        struct lyap_error error;
        uint64_t digest;
        if (lyap_workload_digest(isa, precision, threads, &digest, &error)) {
            *status = cli_fail(&error);
            return false;
        }
        if (!*have) *expected = digest;
        *have = true;
        bool agrees = digest == *expected;
        same = same && agrees;
        printf("%-8s %-8s %7d  %016" PRIx64 "%s\n", lyap_precision_name(precision), lyap_isa_name(isa), threads, digest,
               agrees ? "" : "  DIFFERS");
        fflush(stdout);
    }
    return same;
}

/* Compares with the recorded digest, or with that of the newest recorded version where SLEEF is one that is not: then other
 * bits are no fault, but are told. False if they are one. */
static bool verify_golden(enum lyap_precision precision, uint64_t digest) {
    uint64_t golden;
    const char *own = lyap_sleef_version(), *version = lyap_golden_digest(own, precision, &golden);
    const bool known = strcmp(version, own) == 0, same = golden == digest;
    printf("%-8s golden %8s  %016" PRIx64 "%s", lyap_precision_name(precision), version, golden,
           same    ? ""
           : known ? "  DIFFERS"
                   : "  is another");
    if (known)
        putchar('\n');
    else if (same)
        printf("  (SLEEF %s is not recorded; it gives these bits)\n", own);
    else
        printf(": SLEEF %s is not recorded, and does not give the bits of %s\n", own, version);
    return same || !known;
}

static int write_golden(void) {
    struct lyap_error error;
    uint64_t digest[2];
    enum lyap_isa isa;
    if (!cli_isa(&isa)) return EXIT_BAD_USAGE;
    for (int p = 0; p < 2; p++)
        if (lyap_workload_digest(isa, (enum lyap_precision)p, 0, &digest[p], &error)) return cli_fail(&error);
    lyap_golden_write(stdout, lyap_sleef_version(), digest);
    return 0;
}

/* --random N, and what belongs to it. */
static int verify_random(const struct cli_values *values) {
    uint64_t count = 0, seed = 1, first = 0;
    if (!cli_count(values, "random", 1, 1000000000, &count) || !cli_count(values, "seed", 0, UINT64_MAX, &seed) ||
        !cli_count(values, "first", 0, (UINT64_C(1) << 48) - 1 - count, &first))
        return EXIT_BAD_USAGE;
    for (int i = 0; i < 2; i++) {
        const char *other = i ? "golden" : "threads";
        if (cli_text(values, other))
            return cli_complain("--%s: has no meaning with --random, which takes 1 to 3 threads and its own "
                                "configurations; leave one of the two out",
                                other);
    }
    return cli_verify_random(seed, first, count, NULL);
}

static int verify(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    int status, most;
    enum lyap_isa selected;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    if (cli_text(&values, "random")) return verify_random(&values);
    if (cli_text(&values, "seed") || cli_text(&values, "first"))
        return cli_complain("--%s: belongs to --random; without it the work is fixed",
                            cli_text(&values, "seed") ? "seed" : "first");
    if (!cli_threads(&values, &most) || !cli_isa(&selected)) return EXIT_BAD_USAGE;
    if (cli_text(&values, "golden")) return write_golden();
    if (most == 0) most = lyap_max_threads();
    printf("%-8s %-8s %7s  digest\n", "", "isa", "threads");
    bool same = true;
    for (int p = 0; p < 2 && status == 0; p++) {
        bool have = false;
        uint64_t digest = 0;
        enum lyap_precision precision = (enum lyap_precision)p;
        for (int isa = 0; isa < LYAP_ISA_COUNT && status == 0; isa++)
            if (lyap_isa_available((enum lyap_isa)isa) &&
                !verify_isa((enum lyap_isa)isa, precision, most, &have, &digest, &status))
                same = false;
        if (status == 0 && !cli_interrupted()) same = verify_golden(precision, digest) && same;
    }
    if (cli_interrupted()) return cli_signal_status();
    if (status) return status;
    puts(same ? "verify: all agree" : "verify: DIFFERENT BITS; please report this with the output of 'lyapgrad info'");
    return same ? 0 : EXIT_BAD_RUN;
}

static const struct cli_option options[] = {
    {"threads", "N", "try 1 .. N threads (all)"},
    {"random", "N",
     "instead compare N random configurations of all commands, each on every instruction set, in 1 to 3 threads and "
     "with "
     "cells left out; 1000 take about a minute"},
    {"seed", "N", "random: of the configurations (1)"},
    {"first", "I", "random: number of the first configuration (0)"},
    {"golden", NULL, "instead print src/verify/golden.h with the digests of this build"},
    {NULL, NULL, NULL},
};
static const struct cli_option *const tables[] = {options, NULL};
const struct cli_command cli_verify = {"verify", "the same bits on every instruction set and number of threads",
                                       "lyapgrad verify --random 20", tables, verify};
