/* The other commands from end to end, and what happens to a run that is interrupted or cannot write. */
#include <inttypes.h>
#include <time.h>

#include "cli/commands.h"
#include "verify/workload.h"
#include "tests/command.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/status.h"
#include "lyapgrad/version.h"

/* Those whose examples are quick. */
static const char *const quick[] = {"run", "sweep", "verify", "info", "help"};

static bool same_run(const char *directory) {
    static const char *const files[] = {"cells.csv", "manifest.txt"};
    char path[128];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        char *text = read_text(scratch(path));
        if (!text) return false;
        free(text);
    }
    return count_entries(scratch(directory)) == 2;
}

START_TEST(the_version_is_that_of_the_library) {
    char expected[256];
    snprintf(expected, sizeof expected, "lyapgrad %s (SLEEF %s, ", lyap_version(), lyap_sleef_version());
    struct outcome o = run_command("--version");
    ck_assert_int_eq(o.status, 0);
    ck_assert_int_eq(strncmp(o.out, expected, strlen(expected)), 0);
    ck_assert_str_eq(strchr(o.out, '\n'), "\n");
    ck_assert_str_eq(o.err, "");
    outcome_free(&o);
}
END_TEST

START_TEST(every_command_has_its_help_with_an_example_by_each_way) {
    const char *name = cli_program.commands[_i]->name;
    char head[64], example[64];
    snprintf(head, sizeof head, "lyapgrad %s - ", name);
    snprintf(example, sizeof example, "\nExample:\n  lyapgrad %s", name);
    struct outcome option = run_command("%s --help", name), word = run_command("help %s", name),
                   list = run_command("help");
    ck_assert_int_eq(option.status, 0);
    ck_assert_int_eq(word.status, 0);
    ck_assert_str_eq(option.out, word.out);
    ck_assert_int_eq(strncmp(option.out, head, strlen(head)), 0);
    ck_assert_ptr_nonnull(strstr(option.out, example));
    snprintf(head, sizeof head, "\n  %-10s ", name);
    ck_assert_ptr_nonnull(strstr(list.out, head));
    ck_assert(!*option.err && !*word.err && !*list.err);
    outcome_free(&option);
    outcome_free(&word);
    outcome_free(&list);
}
END_TEST

START_TEST(help_fits_eighty_columns) {
    static const char *const topics[] = {"",       "run",    "sweep",     "spectrum", "map",       "bifurcation",
                                         "select", "series", "reproduce", "validate", "verify",    "merge",
                                         "info",   "files",  "tables",    "examples", "cells.csv", "help"};
    for (size_t t = 0; t < sizeof topics / sizeof *topics; t++) {
        struct outcome o = run_command("help %s", topics[t]);
        ck_assert_int_eq(o.status, 0);
        for (const char *line = o.out; *line; line += strcspn(line, "\n") + 1)
            ck_assert_msg(strcspn(line, "\n") < 80, "%s: %.*s", topics[t], (int)strcspn(line, "\n"), line);
        outcome_free(&o);
    }
}
END_TEST

START_TEST(help_wins_over_what_follows_it_and_lists_every_option) {
    static const char *const options[] = {"net",          "activation",   "output-activation",
                                          "loss",         "data",         "lr",
                                          "steps",        "starts",       "neighbours",
                                          "perturbation", "init",         "precision",
                                          "loss-window",  "escape",       "seed",
                                          "threads",      "out",          "weights",
                                          "series",       "save-initial", "summary",
                                          "targets",      "quiet",        "data-seed",
                                          "max-draws",    "labels",       "one-hot",
                                          "samples",      "split",        "test-data",
                                          "test-labels",  "standardise"};
    struct outcome run = run_command("run --lr 0.1 --help --lrr"), sweep = run_command("sweep --help"),
                   plain = run_command("help"), dashed = run_command("--help");
    ck_assert_int_eq(run.status, 0);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        char line[64];
        snprintf(line, sizeof line, "\n  --%s", options[i]);
        ck_assert_msg(strstr(run.out, line) && strstr(sweep.out, line), "%s is not in the help", options[i]);
    }
    ck_assert_ptr_nonnull(strstr(sweep.out, "--over NAME:FROM:TO:COUNT[:log]"));
    ck_assert_str_eq(plain.out, dashed.out);
    outcome_free(&run);
    outcome_free(&sweep);
    outcome_free(&plain);
    outcome_free(&dashed);
}
END_TEST

/* The example in a command's help, with its output in the scratch directory. */
START_TEST(the_examples_in_the_help_run) {
    struct outcome o = run_command("%s --help", quick[_i]);
    const char *example = strstr(o.out, "\nExample:\n  lyapgrad ");
    ck_assert_ptr_nonnull(example);
    example = strstr(example, "lyapgrad ") + 9;
    char line[256];
    snprintf(line, sizeof line, "%.*s", (int)strcspn(example, "\n"), example);
    char *out = strstr(line, " --out ");
    if (out) *out = '\0';
    expect_success("%s%s", line, _i == 0 ? " --out @/example0" : _i == 1 ? " --out @/example1" : "");
    if (_i < 2) ck_assert_int_eq(access(scratch(_i ? "example1/manifest.txt" : "example0/manifest.txt"), F_OK), 0);
    outcome_free(&o);
}
END_TEST

START_TEST(info_tells_what_is_in_use_and_available) {
    struct outcome o = run_command("LYAPGRAD_ISA=scalar info");
    ck_assert_int_eq(o.status, 0);
    ck_assert_ptr_nonnull(strstr(o.out, "scalar (forced by LYAPGRAD_ISA)\n"));
    ck_assert_ptr_nonnull(strstr(o.out, lyap_sleef_version()));
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
        char line[64];
        snprintf(line, sizeof line, "\n%-14s %s", lyap_isa_name((enum lyap_isa)isa),
                 lyap_isa_available((enum lyap_isa)isa) ? "available" : "not ");
        ck_assert_msg(strstr(o.out, line) != NULL, "%s", o.out);
    }
    outcome_free(&o);
}
END_TEST

START_TEST(info_tells_the_layout) {
    static const char *const cases[][2] = {
        {"LYAPGRAD_LAYOUT= info", "\nlayout         chosen for each run; "},
        {"LYAPGRAD_LAYOUT=block info", "\nlayout         block (forced by LYAPGRAD_LAYOUT)\n"},
        {"LYAPGRAD_LAYOUT=one info", "\nlayout         one (forced by LYAPGRAD_LAYOUT)\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outcome o = run_command("%s", cases[i][0]);
        ck_assert_int_eq(o.status, 0);
        ck_assert_msg(strstr(o.out, cases[i][1]) != NULL, "%s", o.out);
        outcome_free(&o);
    }
}
END_TEST

START_TEST(verify_prints_one_digest_a_precision_for_everything) {
    struct outcome o = run_command("verify --threads 2");
    ck_assert_msg(o.status == 0, "%s%s", o.out, o.err);
    ck_assert_ptr_null(strstr(o.out, "DIFFER"));
    ck_assert_ptr_nonnull(strstr(o.out, "\nverify: all agree\n"));
    for (int p = 0; p < 2; p++) {
        enum lyap_precision precision = (enum lyap_precision)p;
        uint64_t digest, golden;
        ck_assert_int_eq(lyap_workload_digest(LYAP_ISA_SCALAR, LYAP_LAYOUT_AUTO, precision, 1, &digest, NULL), LYAP_OK);
        char line[128];
        for (int isa = 0; isa < LYAP_ISA_COUNT; isa++)
            for (int row = 0; row < 3 && lyap_isa_available((enum lyap_isa)isa); row++) {
                snprintf(line, sizeof line, "\n%-8s %-8s %-6s %7d  %016" PRIx64 "\n", lyap_precision_name(precision),
                         lyap_isa_name((enum lyap_isa)isa), row == 2 ? "one" : "block", row ? 2 : 1, digest);
                ck_assert_msg(strstr(o.out, line) != NULL, "%s is not in %s", line, o.out);
            }
        const char *version = lyap_golden_digest(lyap_sleef_version(), precision, &golden);
        if (strcmp(version, lyap_sleef_version()) == 0)
            ck_assert_uint_eq(golden, digest);
        else
            SKIP_PART("no digest is recorded for SLEEF %s", lyap_sleef_version());
        snprintf(line, sizeof line, "\n%-8s golden   %-14s  %016" PRIx64, lyap_precision_name(precision), version,
                 golden);
        ck_assert_ptr_nonnull(strstr(o.out, line));
    }
    outcome_free(&o);
    o = run_command("verify --golden");
    char *recorded = read_text("src/verify/golden.h"), version[40];
    snprintf(version, sizeof version, "\"%s\"", lyap_sleef_version());
    if (recorded && strstr(recorded, version))
        ck_assert_str_eq(o.out, recorded);
    else
        SKIP_PART("src/verify/golden.h is not here, or has no SLEEF %s", lyap_sleef_version());
    free(recorded);
    outcome_free(&o);
}
END_TEST

START_TEST(the_manifest_tells_every_setting) {
    static const struct {
        const char *key, *value;
    } expected[] = {
        {"version", LYAPGRAD_VERSION},
        {"net", "3-4-1"},
        {"parameters", "21"},
        {"activation", "tanh"},
        {"loss", "bce"},
        {"output-activation", "sigmoid"},
        {"data", "xor-noisy:3,20,0.1"},
        {"data-seed", "5"},
        {"samples", "20"},
        {"lr", "0.25"},
        {"perturbation", "0.001"},
        {"epochs", "7"},
        {"neighbours", "6"},
        {"starts", "8"},
        {"init", "normal:0.1,0.5"},
        {"loss-window", "0.5,0.9"}, /* the fewest digits that restore the bits */
        {"max-draws", "5000"},
        {"precision", "float64"},
        {"escape", "1000000"},
        {"seed", "9"},
        {"threads", "2"},
        {"cells.ok", "8"},
        {"cells.dead", "0"},
        {"cells.escaped", "0"},
        {"files", "cells.csv"},
        {"cells.underflow", "0"},
    };
    struct outcome o = run_command(
        "run --net 3-4-1 --activation tanh --output-activation sigmoid --loss bce --data xor-noisy:3,20,0.1 "
        "--data-seed 5 --lr 0.25 --perturbation 1e-3 --epochs 7 --neighbours 6 --starts 8 --init normal:0.1,0.5 "
        "--loss-window 0.5,0.90000000000000002 --max-draws 5000 --precision float64 --escape 1e6 --seed 9 --threads 2 "
        "--out @/it's~here");
    ck_assert_msg(o.status == 0, "%s", o.err);
    bool found;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const char *value = manifest_find("it's here", expected[i].key, &found);
        ck_assert_msg(found, "no key %s", expected[i].key);
        ck_assert_str_eq(value, expected[i].value);
    }
    ck_assert_str_eq(manifest_value("it's here", "sleef"), lyap_sleef_version());
    const char *command = manifest_value("it's here", "command");
    ck_assert_ptr_nonnull(strstr(command, " run --net 3-4-1 "));
    ck_assert_ptr_nonnull(strstr(command, "/it'\\''s here'"));
    const char *digest = manifest_value("it's here", "digest");
    ck_assert_ptr_nonnull(strstr(o.out, digest)); /* on the terminal too, with the counts and the median */
    ck_assert_ptr_nonnull(strstr(o.out, "ok 8"));
    ck_assert_ptr_nonnull(strstr(o.out, "median"));
    ck_assert_str_eq(o.err, ""); /* no progress where no terminal is */
    outcome_free(&o);
    o = run_command("run --quiet --epochs 3 --out @/quiet");
    ck_assert_str_eq(o.out, "");
    ck_assert_int_eq(count_entries(scratch("quiet")), 2);
    outcome_free(&o);
}
END_TEST

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

START_TEST(an_interrupted_run_says_so_and_leaves_the_old_results_alone) {
    expect_success("run --starts 3 --quiet --out @/long");
    uint64_t before = digest_in("long");
    for (int old = 1; old >= 0; old--) {
        if (!old) remove_tree(scratch("long"));
        struct child child = start_command("run --starts 1000000000 --epochs 1000 --threads 2 --out @/long");
        wait_for_entries("long", old ? 4 : 2);
        ck_assert_int_eq(kill(child.pid, signals[_i]), 0);
        struct outcome o = finish_command(&child);
        ck_assert_int_eq(o.status, 128 + signals[_i]);
        ck_assert_str_eq(o.err, "lyapgrad: interrupted\n"); /* and no progress in a file */
        ck_assert_str_eq(o.out, "");
        ck_assert(old ? same_run("long") : nothing_in("long"));
        if (old) ck_assert_uint_eq(digest_in("long"), before);
        outcome_free(&o);
    }
    remove_tree(scratch("long"));
}
END_TEST

/* Work for hours. */
static const char *const endless[] = {
    "spectrum --starts 100000000 --epochs 100000 --out @/long",
    "map --x lr:1:20 --y lr2:1:20 --resolution 4096x4096 --epochs 100000 --out @/long",
    "bifurcation --over lr:1:20:16384 --starts 100 --epochs 100000 --out @/long",
    "sweep --over lr=1:20:1000 --starts 100000000 --out @/long",
    "select --budget 10000000000 --epochs 10000 --out @/long"};

START_TEST(an_interrupted_command_leaves_nothing) {
    const struct timespec pause = {.tv_nsec = 200000000};
    struct child child = start_command(endless[_i]);
    if (!strstr(endless[_i], "select")) wait_for_entries("long", 2); /* that one writes at the end */
    nanosleep(&pause, NULL);
    ck_assert_int_eq(kill(child.pid, SIGINT), 0);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 130);
    ck_assert_str_eq(o.err, "lyapgrad: interrupted\n");
    ck_assert(nothing_in("long"));
    outcome_free(&o);
}
END_TEST

START_TEST(a_search_for_starts_can_be_interrupted) {
    struct child child = start_command("run --starts 20 --loss-window 5,6 --max-draws 4000000000 --out @/search");
    wait_for_entries("search", 2);
    ck_assert_int_eq(kill(child.pid, SIGINT), 0);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 130);
    ck_assert_str_eq(o.err, "lyapgrad: interrupted\n");
    ck_assert(nothing_in("search"));
    outcome_free(&o);
}
END_TEST

/* A limit on the size of files stands for a full disk: with one start the rows of the series reach the disk only at the
 * end, with many they do on the way. */
START_TEST(a_full_disk_leaves_neither_table_nor_manifest) {
    static const char *const sizes[] = {"--starts 1 --epochs 50", "--starts 100 --epochs 50"};
    for (int i = 0; i < 2; i++) {
        file_size_limit = 2048; /* enough for the manifest, and for the cells of one start */
        struct outcome o = run_command("run %s --series --out @/full", sizes[i]);
        ck_assert_int_eq(o.status, 1);
        ck_assert_int_eq(strncmp(o.err, "lyapgrad: ", 10), 0);
        ck_assert_ptr_nonnull(strstr(o.err, i ? "/full/" : "/full/series.csv"));
        ck_assert_str_eq(strchr(o.err, '\n'), "\n");
        ck_assert_str_eq(o.out, "");
        ck_assert(nothing_in("full"));
        outcome_free(&o);
    }
}
END_TEST

START_TEST(the_number_of_threads_may_come_from_the_environment) {
    static const char *const wrong[] = {"abc", "0", "-2", "4097", "2x", "1e2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct outcome o = run_command("OMP_NUM_THREADS=%s run --starts 3 --epochs 2 --out @/environment", wrong[i]);
        ck_assert_msg(o.status == 2, "%s: status %d", wrong[i], o.status);
        ck_assert_ptr_nonnull(strstr(o.err, "OMP_NUM_THREADS: '"));
        ck_assert_str_eq(strchr(o.err, '\n'), "\n");
        ck_assert(nothing_in("environment"));
        outcome_free(&o);
    }
    struct outcome o = run_command("OMP_NUM_THREADS=3,2 info");
    ck_assert_ptr_nonnull(strstr(o.out, "threads        3\n"));
    outcome_free(&o);
    expect_success("OMP_NUM_THREADS=abc run --starts 3 --epochs 2 --threads 1 --quiet --out @/environment");
}
END_TEST

/* Every command that starts threads, in so little address space that the stacks of 128 do not fit. */
static const char *const threaded[] = {
    "run --starts 20000 --epochs 5",
    "run --estimator tangent --starts 4000 --epochs 20",
    "spectrum --starts 4000 --epochs 20",
    "sweep --over lr=0.1:1:50 --starts 400 --epochs 5",
    "map --x lr:0.1:1 --y d1:-1:1 --resolution 64x64 --epochs 20",
    "bifurcation --over lr:0.1:1:4000 --epochs 40 --transient 20 --points 4",
    "select --net 2-2-1 --budget 2000000 --epochs 32 --searches 0",
    "series @/line.csv",
};

START_TEST(a_run_that_gets_no_threads_says_how_many_it_can_have_and_leaves_nothing) {
    if (under_sanitizer()) SKIP("sanitizers reserve address space without end");
    const char *wrapper = getenv("EXEC_WRAPPER");
    if (wrapper && *wrapper) SKIP("emulators reserve address space without end");
    FILE *file = fopen(scratch("line.csv"), "w");
    double x = 0.3;
    for (int i = 0; i < 2000; i++, x = 4 * x * (1 - x)) fprintf(file, "%.17g\n", x);
    ck_assert_int_eq(fclose(file), 0);
    address_space_limit = 300 << 20;
    struct outcome o = run_command("%s --threads 128 --out @/threads", threaded[_i]);
    ck_assert_msg(o.status == 2, "status %d: %s", o.status, o.err);
    ck_assert_str_eq(o.out, "");
    ck_assert_ptr_nonnull(strstr(o.err, "lyapgrad: "));
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    ck_assert(nothing_in("threads"));
    int given = 0;
    const char *told = strstr(o.err, "threads 128: this process gets no more than ");
    ck_assert_msg(told && sscanf(told, "threads %*d: this process gets no more than %d", &given) == 1, "%s", o.err);
    ck_assert_int_gt(given, 0);
    outcome_free(&o);
}
END_TEST

START_TEST(standard_output_that_cannot_be_written_is_an_error_of_its_own) {
    static const char *const lines[] = {
        "--version", "help", "info", "run --help", "run --epochs 3 --out @/lost", "verify --threads 1"};
    static const char *const places[] = {">-", ">/dev/full"};
    for (size_t p = 0; p < 2; p++) {
        if (p == 1 && access("/dev/full", F_OK) != 0) {
            SKIP_PART("there is no /dev/full");
            continue;
        }
        for (size_t i = 0; i < sizeof lines / sizeof *lines - (p == 0); i++) {
            struct outcome o = run_command("%s %s", places[p], lines[i]);
            ck_assert_msg(o.status == 1, "%s: status %d", lines[i], o.status);
            ck_assert_str_eq(o.err, "lyapgrad: standard output: cannot write\n");
            outcome_free(&o);
        }
        ck_assert(same_run("lost")); /* the results are there all the same, with nothing of the terminal's in them */
        struct sheet cells = read_sheet("lost/cells.csv");
        ck_assert_uint_eq(cells.rows, 1);
        sheet_free(&cells);
        expect_success("%s run --quiet --epochs 3 --out @/lost", places[p]);
        remove_tree(scratch("lost"));
    }
}
END_TEST

START_TEST(starting_points_go_to_standard_output_when_asked) {
    struct outcome o = run_command("run --quiet --neighbours 1 --starts 2 --save-initial /dev/stdout --out @/tables");
    ck_assert_int_eq(o.status, 0);
    ck_assert_int_eq(strncmp(o.out, "cell,trajectory,w0,", 19), 0);
    int lines = 0;
    for (const char *c = o.out; *c; c++) lines += *c == '\n';
    ck_assert_int_eq(lines, 5);
    outcome_free(&o);
}
END_TEST

int main(void) {
    int commands = 0;
    while (cli_program.commands[commands]) commands++;
    Suite *suite = suite_create("cli_commands");
    TCase *tc = tcase_create("commands");
    tcase_set_timeout(tc, 240);
    tcase_add_test(tc, the_version_is_that_of_the_library);
    tcase_add_loop_test(tc, every_command_has_its_help_with_an_example_by_each_way, 0, commands);
    tcase_add_test(tc, help_fits_eighty_columns);
    tcase_add_test(tc, help_wins_over_what_follows_it_and_lists_every_option);
    tcase_add_loop_test(tc, the_examples_in_the_help_run, 0, (int)(sizeof quick / sizeof *quick));
    tcase_add_test(tc, info_tells_what_is_in_use_and_available);
    tcase_add_test(tc, info_tells_the_layout);
    tcase_add_test(tc, verify_prints_one_digest_a_precision_for_everything);
    tcase_add_test(tc, the_manifest_tells_every_setting);
    tcase_add_loop_test(tc, an_interrupted_run_says_so_and_leaves_the_old_results_alone, 0,
                        (int)(sizeof signals / sizeof *signals));
    tcase_add_loop_test(tc, an_interrupted_command_leaves_nothing, 0, (int)(sizeof endless / sizeof *endless));
    tcase_add_test(tc, a_search_for_starts_can_be_interrupted);
    tcase_add_test(tc, a_full_disk_leaves_neither_table_nor_manifest);
    tcase_add_test(tc, the_number_of_threads_may_come_from_the_environment);
    tcase_add_loop_test(tc, a_run_that_gets_no_threads_says_how_many_it_can_have_and_leaves_nothing, 0,
                        (int)(sizeof threaded / sizeof *threaded));
    tcase_add_test(tc, standard_output_that_cannot_be_written_is_an_error_of_its_own);
    tcase_add_test(tc, starting_points_go_to_standard_output_when_asked);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
