/* lyapgrad verify: the same bits on every instruction set, in any number of threads. */
#include <inttypes.h>
#include <string.h>

#include "cli/verify/compare.h"
#include "verify/workload.h"
#include "lyapgrad/version.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"

/* Prints one digest for each number of threads on one instruction set in blocks, and one of one network at a time, or those
 * of the layout that was asked for; false if one differs from *expected, which the
 * first one sets. Leaves in *status what went wrong otherwise. */
static bool verify_isa(enum lyap_isa isa, enum lyap_layout asked, enum lyap_precision precision, int most, bool *have,
                       uint64_t *expected, int *status) {
    bool same = true;
    const int rows = asked == LYAP_LAYOUT_AUTO ? most + 1 : most;
    for (int row = 1; row <= rows && !cli_interrupted(); row++) {
        const int threads = row <= most ? row : most;
        const enum lyap_layout chosen = row <= most ? LYAP_LAYOUT_BLOCK : LYAP_LAYOUT_ONE;
        const enum lyap_layout layout = asked == LYAP_LAYOUT_AUTO ? chosen : asked;
        struct lyap_error error;
        uint64_t digest;
        if (lyap_workload_digest(isa, layout, precision, threads, &digest, &error)) {
            *status = cli_fail(&error);
            return false;
        }
        if (!*have) *expected = digest;
        *have = true;
        bool agrees = digest == *expected;
        same = same && agrees;
        printf("%-8s %-8s %-6s %7d  %016" PRIx64 "%s\n", lyap_precision_name(precision), lyap_isa_name(isa),
               lyap_layout_name(layout), threads, digest, agrees ? "" : "  DIFFERS");
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
    printf("%-8s golden   %-14s  %016" PRIx64 "%s", lyap_precision_name(precision), version, golden,
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
    enum lyap_layout layout;
    if (!cli_isa(&isa) || !cli_layout(&layout)) return EXIT_BAD_USAGE;
    for (int p = 0; p < 2; p++)
        if (lyap_workload_digest(isa, layout, (enum lyap_precision)p, 0, &digest[p], &error)) return cli_fail(&error);
    lyap_golden_write(stdout, lyap_sleef_version(), digest);
    return 0;
}

/* What the command's own options give. */
struct choice {
    uint64_t count, first;
};

#define MOST_CONFIGURATIONS ((UINT64_C(1) << 48) - 1)

static const struct cli_option own[] = {
    {.name = "random",
     .value = "N",
     .type = CLI_COUNT,
     .help =
         "compare instead N random configurations of all commands, each on every instruction set, in both layouts, in "
         "1 to 3 threads and with cells left out; 1000 take half a minute of processor time",
     .least = 1,
     .most = 1000000000,
     .absent = "the fixed work",
     .into = CLI_INTO(struct choice, count)},
    {.name = "first",
     .value = "I",
     .type = CLI_COUNT,
     .help = "with --random: number of the first configuration",
     .most = MOST_CONFIGURATIONS - 1,
     .standard = "0",
     .into = CLI_INTO(struct choice, first)},
    {.name = "golden", .type = CLI_SWITCH, .help = "print instead src/verify/golden.h with the digests of this build"},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own};

/* --random N, and what belongs to it. */
static int verify_random(const struct cli_program *program, const struct cli_values *values) {
    struct choice choice;
    struct cli_common common;
    enum lyap_layout layout; /* read for its faults alone: the ways have theirs */
    if (!cli_read(values, &own_group, &choice) || !cli_common_read(&common, values) || !cli_layout(&layout))
        return EXIT_BAD_USAGE;
    if (choice.first > MOST_CONFIGURATIONS - choice.count) {
        cli_refuse("first", cli_text(values, "first"), "a whole number 0 .. %llu with --random %llu",
                   (unsigned long long)(MOST_CONFIGURATIONS - choice.count), (unsigned long long)choice.count);
        return EXIT_BAD_USAGE;
    }
    for (int i = 0; i < 2; i++) {
        const char *other = i ? "golden" : "threads";
        if (cli_text(values, other))
            return cli_complain("--%s: has no meaning with --random, which takes 1 to 3 threads and its own "
                                "configurations; leave one of the two out",
                                other);
    }
    return cli_verify_random(program, common.seed, choice.first, choice.count, NULL);
}

static int verify(const struct cli_program *program, const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    struct cli_common common;
    int status;
    enum lyap_isa selected;
    enum lyap_layout layout;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    if (cli_text(&values, "random")) return verify_random(program, &values);
    if (cli_text(&values, "seed") || cli_text(&values, "first"))
        return cli_complain("--%s: belongs to --random; without it the work is fixed",
                            cli_text(&values, "seed") ? "seed" : "first");
    if (!cli_common_read(&common, &values) || !cli_isa(&selected) || !cli_layout(&layout)) return EXIT_BAD_USAGE;
    if (cli_text(&values, "golden")) return write_golden();
    const int most = common.threads ? common.threads : lyap_max_threads();
    printf("%-8s %-8s %-6s %7s  digest\n", "", "isa", "layout", "threads");
    bool same = true;
    for (int p = 0; p < 2 && status == 0; p++) {
        bool have = false;
        uint64_t digest = 0;
        enum lyap_precision precision = (enum lyap_precision)p;
        for (int isa = 0; isa < LYAP_ISA_COUNT && status == 0; isa++)
            if (lyap_isa_available((enum lyap_isa)isa) &&
                !verify_isa((enum lyap_isa)isa, layout, precision, most, &have, &digest, &status))
                same = false;
        if (status == 0 && !cli_interrupted()) same = verify_golden(precision, digest) && same;
    }
    if (cli_interrupted()) return cli_signal_status();
    if (status) return status;
    puts(same ? "verify: all agree" : "verify: DIFFERENT BITS; please report this with the output of 'lyapgrad info'");
    return same ? 0 : EXIT_BAD_RUN;
}

static const struct cli_change common_changes[] = {
    {.name = "threads", .help = "try 1 .. N threads", .absent = "OMP_NUM_THREADS, or all processors"},
    {.name = "seed", .help = "with --random: seed of the configurations", .standard = "1"},
    {.name = NULL},
};
static const struct cli_use options[] = {
    {.group = &own_group},
    {.group = &cli_common_options, .only = "threads seed", .changes = common_changes},
    {.group = NULL}};
const struct cli_command cli_verify = {
    .name = "verify",
    .summary = "the same bits on every instruction set and number of threads",
    .example = "lyapgrad verify --random 20",
    .options = options,
    .run_among = verify,
};
