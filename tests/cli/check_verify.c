/* What one lane must not change for another, and `verify --random`: the draw, the lines it prints, and what it says of
 * results that differ. */
#include <inttypes.h>
#include <math.h>

#include "cli/commands.h"
#include "cli/task.h"
#include "cli/verify/compare.h"
#include "cli/verify/dice.h"
#include "cli/verify/draw.h"
#include "lyapgrad/lyapgrad.h"
#include "tests/collect.h"
#include "tests/collect_spectrum.h"
#include "tests/command.h"

/* ---- faults that the lanes beside a cell had made ---- */

/* Lane 37 - 32 = 5 of its block dies while another diverges. Where both shared a vector, sums over all steps after the
 * divergence told that the cell lives. */
START_TEST(a_cell_dies_on_every_instruction_set_or_on_none) {
    struct lyap_network net;
    struct lyap_dataset data;
    struct lyap_spectrum_plan plan;
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_ELU, LYAP_MSE, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_parse(&data, "linear-teacher:2,2,1,3", 1, 1, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    plan.base.init = LYAP_INIT_HE_UNIFORM;
    plan.base.window = false;
    plan.base.setting.epochs = 10;
    plan.base.setting.lr = 12.88;
    plan.base.starts = 38;
    struct spectra scalar = run_spectra(&plan);
    ck_assert_int_eq(scalar.records[37].regime, LYAP_DEAD_REGIME);
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
        if (!HAS_ISA(isa)) continue;
        plan.base.isa = (enum lyap_isa)isa;
        struct spectra other = run_spectra(&plan);
        ck_assert_int_eq(other.records[37].regime, LYAP_DEAD_REGIME);
        ck_assert_uint_eq(spectra_digest(&other), spectra_digest(&scalar));
        spectra_free(&other);
    }
    spectra_free(&scalar);
    lyap_dataset_free(&data);
}
END_TEST

/* A cell whose interval is narrow enough has its curvature measured then. Those beside it keep theirs: one that ends later by
 * a merger has the curvature of its own last look. */
START_TEST(the_curvature_of_a_cell_is_its_own_whoever_ends_beside_it) {
    struct lyap_network net;
    struct lyap_dataset data;
    struct lyap_spectrum_plan plan;
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_TANH, LYAP_MSE, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    lyap_spectrum_defaults(&plan, &net, &data);
    plan.method = LYAP_RESCALED;
    plan.curvature = true;
    plan.base.window = false;
    plan.base.precision = LYAP_FLOAT32;
    plan.base.init = LYAP_INIT_NORMAL;
    plan.base.init_b = 2;
    plan.base.starts = 16;
    plan.base.setting = (struct lyap_setting){.lr = 1, .perturbation = 1e-6, .epochs = 300};
    for (plan.until_ci = 0.02; plan.until_ci < 0.6; plan.until_ci *= 1.5) {
        plan.base.first_cell = plan.base.count = 0;
        struct spectra all = run_spectra(&plan);
        for (size_t c = 0; c < all.cells; c++) {
            struct spectra one = {.cells = c};
            plan.base.first_cell = c;
            plan.base.count = 1;
            ck_assert_int_eq(lyap_spectrum_run(&plan, collect_spectra, &one, NULL), LYAP_OK);
            ck_assert_msg(lyap_digest_spectrum(LYAP_DIGEST_START, &one.records[c], &one.lambda[c], 1) ==
                              lyap_digest_spectrum(LYAP_DIGEST_START, &all.records[c], &all.lambda[c], 1),
                          "until-ci %g, cell %zu: last sharpness %.17g, alone %.17g", plan.until_ci, c,
                          all.records[c].sharpness_last, one.records[c].sharpness_last);
            spectra_free(&one);
        }
        spectra_free(&all);
    }
    lyap_dataset_free(&data);
}
END_TEST

/* Sign and payload of a NaN are the processor's. */
START_TEST(last_weights_that_are_no_numbers_are_one_nan) {
    struct lyap_network net;
    struct lyap_dataset data;
    struct lyap_plan plan;
    const double one = (double)NAN;
    size_t found = 0;
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.precision = (enum lyap_precision)_i;
    plan.starts = 20;
    plan.escape = 1e300;
    plan.last_weights = true;
    plan.setting = (struct lyap_setting){.lr = 20, .perturbation = 1e-3, .epochs = 100};
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
        if (!HAS_ISA(isa)) continue;
        plan.isa = (enum lyap_isa)isa;
        struct collected all = run_plan(&plan);
        for (size_t i = 0; i < all.cells * 9; i++)
            if (isnan(all.weights[i])) {
                found++;
                ck_assert_mem_eq(&all.weights[i], &one, sizeof one);
            }
        collected_free(&all);
    }
    ck_assert_uint_gt(found, 0);
    lyap_dataset_free(&data);
}
END_TEST

/* ---- the draw ---- */

static struct cli_verify_case drawn;

/* Whether one of the words of the configuration is `text`, or with `part` has it in it. */
static bool has_word(const char *text, bool part) {
    for (int i = 0; i < drawn.argc; i++)
        if (part ? strstr(drawn.argv[i], text) != NULL : strcmp(drawn.argv[i], text) == 0) return true;
    return false;
}

START_TEST(a_seed_and_a_number_are_one_configuration) {
    static struct cli_verify_case again, other;
    int differ = 0;
    for (uint64_t i = 0; i < 300; i++) {
        cli_verify_draw(&cli_program, &drawn, 5, i);
        cli_verify_draw(&cli_program, &again, 5, i);
        cli_verify_draw(&cli_program, &other, 6, i);
        ck_assert_ptr_eq(drawn.command, again.command);
        ck_assert_int_eq(drawn.argc, again.argc);
        for (int w = 0; w < drawn.argc; w++) ck_assert_str_eq(drawn.argv[w], again.argv[w]);
        ck_assert_uint_eq(drawn.fewer, again.fewer);
        ck_assert_int_eq(drawn.shard, again.shard);
        ck_assert_double_eq(drawn.system.base.setting.lr, again.system.base.setting.lr);
        differ += drawn.argc != other.argc || memcmp(drawn.text, other.text, sizeof drawn.text) != 0;
        ck_assert_int_lt(drawn.argc, CLI_VERIFY_WORDS - 8); /* none was left out for lack of room */
    }
    ck_assert_int_gt(differ, 250);
}
END_TEST

/* The draw is integer arithmetic: recorded with gcc on x86-64, it is the same for every compiler and machine. */
START_TEST(the_configurations_are_the_recorded_ones) {
    uint64_t digest = LYAP_DIGEST_START;
    for (uint64_t i = 0; i < 500; i++) {
        cli_verify_draw(&cli_program, &drawn, 1, i);
        for (int w = 0; w < drawn.argc; w++)
            for (const char *c = drawn.argv[w]; *c; c++) digest = lyap_digest_u64(digest, (uint64_t)(unsigned char)*c);
        digest = lyap_digest_double(digest, drawn.system.base.setting.lr);
        digest = lyap_digest_u64(digest, drawn.fewer * 16 + (uint64_t)drawn.shard);
    }
    ck_assert_msg(digest == UINT64_C(0xabf273844b970d62), "0x%016" PRIx64, digest);
}
END_TEST

/* Each word, and each part of one, occurs in the first few hundred configurations. */
static void expect_words(const char *const *words, size_t count, bool part) {
    for (size_t w = 0; w < count; w++) {
        bool found = false;
        for (uint64_t i = 0; i < 400 && !found; i++) {
            cli_verify_draw(&cli_program, &drawn, 1, i);
            found = has_word(words[w], part);
        }
        ck_assert_msg(found, "%s", words[w]);
    }
}

START_TEST(everything_with_a_name_is_drawn) {
    static const char *const generators[] = {"xor",       "parity:",      "xor-noisy:",      "circles:", "spirals:",
                                             "moons:",    "blobs:",       "linear-teacher:", "teacher:", "uniform:",
                                             "normal:",   "lr=",          "perturbation=",   "epochs=",  "=log:",
                                             ":log",      "lr1:",         "init-scale:",     "d1:",      "d2:",
                                             "momentum:", "weight-decay:"};
    static const char *const words[] = {"tangent", "rescaled", "all",  "float32", "float64", "full", "cosine", "zero",
                                        "weights", "outputs",  "loss", "w0",      "y0",      "none", "gd/adam"};
    const char *names[64];
    size_t count = 0;
    for (int a = 0; a < LYAP_ACTIVATION_COUNT; a++) names[count++] = lyap_activation_name((enum lyap_activation)a);
    for (int o = 0; o < LYAP_OPTIMISER_COUNT; o++) names[count++] = lyap_optimiser_name((enum lyap_optimiser_kind)o);
    for (int l = LYAP_INIT_NORMAL + 1; l < LYAP_INIT_COUNT; l++)
        names[count++] = lyap_init_name((enum lyap_init_kind)l);
    names[count++] = "bce";
    names[count++] = "softmax";
    expect_words(names, count, false);
    expect_words(generators, sizeof generators / sizeof *generators, true);
    expect_words(words, sizeof words / sizeof *words, false);
    /* Known systems, and every number of layers and parts. */
    unsigned systems = 0, shards = 0;
    for (uint64_t i = 0; i < 600; i++) {
        cli_verify_draw(&cli_program, &drawn, 1, i);
        if (!drawn.command) systems |= 1u << drawn.system.system;
        if (drawn.shards) shards |= 1u << drawn.shard;
    }
    ck_assert_uint_eq(systems, (1u << LYAP_SYSTEM_COUNT) - 2);
    ck_assert_uint_eq(shards, 14);
}
END_TEST

/* Options that need files. An option that is added to a command is to be drawn, to be `aside`, or to be named here. */
static const char *const of_files[] = {"weights", "header", "targets", "labels", "test-data", "test-labels"};

START_TEST(every_option_that_changes_results_is_drawn) {
    const struct cli_command *command = cli_program.commands[_i];
    if (!command->task) return;
    ck_assert_msg(command->task->draws && command->task->draws->share && command->task->gather, "%s", command->name);
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        char word[64];
        bool found = false, known = walk.option.aside;
        snprintf(word, sizeof word, "--%s", walk.option.name);
        for (size_t f = 0; f < sizeof of_files / sizeof *of_files; f++)
            known = known || strcmp(walk.option.name, of_files[f]) == 0;
        for (uint64_t i = 0; i < 12000 && !found && !known; i++) {
            cli_verify_draw(&cli_program, &drawn, 1, i);
            found = drawn.command == command && has_word(word, false);
        }
        ck_assert_msg(found || known, "%s %s", command->name, word);
    }
}
END_TEST

/* What is drawn is what the descriptions allow: an option of the command, once, with a value that is read. */
START_TEST(every_word_that_is_drawn_is_an_option_of_its_command) {
    struct cli_values values;
    int status;
    for (uint64_t i = 0; i < 3000; i++) {
        cli_verify_draw(&cli_program, &drawn, 3, i);
        if (!drawn.command) continue;
        ck_assert(cli_parse(&values, drawn.command, drawn.argc, drawn.argv, &status));
        for (int w = 0; w < drawn.argc; w++) {
            struct cli_option option;
            if (!cli_option_of(drawn.command->options, drawn.argv[w], &option)) continue;
            ck_assert_msg(!option.aside, "%s", drawn.argv[w]);
            if (option.value) w++;
        }
    }
}
END_TEST

/* ---- the lines ---- */

/* The words of the configuration behind its command's name, for run_command. */
static const char *line_of(void) {
    static char line[CLI_VERIFY_TEXT];
    size_t length = 0;
    line[0] = '\0';
    for (int i = 0; i < drawn.argc; i++)
        length += (size_t)snprintf(line + length, sizeof line - length, "%s ", drawn.argv[i]);
    return line;
}

/* `run --estimator all` has no digest: its table must hold the exponents. */
static void expect_table(const struct cli_verify_results *results) {
    struct sheet sheet = read_sheet("a/estimators.csv");
    size_t column = 1, compared = 0;
    char header[512];
    snprintf(header, sizeof header, "%s", sheet.header);
    strtok(header, ",");
    for (char *name = strtok(NULL, ","); name; name = strtok(NULL, ","), column++)
        for (size_t i = 0; i < results->count; i++) {
            const struct cli_verify_value *v = &results->values[i];
            if (strcmp(v->field, name) != 0 || !*field(&sheet, v->start, column)) continue;
            double value;
            memcpy(&value, &v->bits, sizeof value);
            ck_assert_double_eq(number(&sheet, v->start, column), value);
            compared++;
        }
    ck_assert_uint_gt(compared, 0);
    sheet_free(&sheet);
}

/* The line that would be printed gives what was run: the command's own digest is that of the comparison. */
static void check_line(void) {
    static struct cli_verify_plan plan;
    struct cli_verify_results results;
    const struct cli_verify_way way = {LYAP_ISA_SCALAR, LYAP_LAYOUT_BLOCK, 1, CLI_VERIFY_WHOLE};
    ck_assert(cli_verify_plan_read(&plan, &drawn));
    ck_assert(cli_verify_run(&plan, &way, &results));
    remove_tree(scratch("a")); /* perhaps with the results of another command */
    struct outcome o = run_command("%s %s--out @/a", drawn.command->name, line_of());
    if (results.status) {
        ck_assert_int_eq(o.status, 1);
        ck_assert_msg(strstr(o.err, results.message) != NULL, "%s: %s", results.message, o.err);
    } else {
        ck_assert_msg(o.status == 0, "%s %s: %s", drawn.command->name, line_of(), o.err);
        if (results.digest)
            ck_assert_msg(digest_in("a") == results.digest, "%s %s", drawn.command->name, line_of());
        else
            expect_table(&results);
    }
    outcome_free(&o);
    cli_verify_results_free(&results);
    cli_verify_plan_free(&plan);
}

START_TEST(the_line_of_a_configuration_gives_its_results) {
    const struct cli_command *command = cli_program.commands[_i];
    /* As many as its ways of being drawn ask for; one with cells at least two. */
    unsigned share = 0;
    for (const struct cli_draw *d = command->task ? command->task->draws : NULL; d && d->share; d++) share += d->share;
    unsigned brief = share && command->task->cells ? (share + 20) / 26 : 0;
    unsigned left = brief_tests() ? brief : (share + 3) / 4;
    for (uint64_t i = 0; i < 2000 && left > 0; i++) {
        cli_verify_draw(&cli_program, &drawn, 77, i);
        if (drawn.command != command) continue;
        check_line();
        left--;
    }
    ck_assert_uint_eq(left, 0);
}
END_TEST

/* ---- what differs ---- */

/* One bit of one number of a cell, on other sets than the scalar one. */
static void tamper_value(const struct cli_verify_case *c, const struct cli_verify_way *way,
                         struct cli_verify_results *results) {
    if (c->command != cli_find_command(&cli_program, "run") || c->index != 1) return;
    if (way->isa == LYAP_ISA_SCALAR && way->threads == 1) return;
    for (size_t i = 0; i < results->count; i++)
        if (strcmp(results->values[i].field, "final_loss") == 0) {
            results->values[i].bits ^= 1;
            return;
        }
}

/* A run that lacks its last number, one that has another end, and a part that differs. */
static void tamper_end(const struct cli_verify_case *c, const struct cli_verify_way *way,
                       struct cli_verify_results *results) {
    (void)c;
    if (way->part == CLI_VERIFY_WHOLE && results->count) results->count--;
}
static void tamper_status(const struct cli_verify_case *c, const struct cli_verify_way *way,
                          struct cli_verify_results *results) {
    (void)c;
    if (way->part != CLI_VERIFY_WHOLE) return;
    results->status = LYAP_ERROR_WINDOW;
    snprintf(results->message, sizeof results->message, "made up");
}
static void tamper_fewer(const struct cli_verify_case *c, const struct cli_verify_way *way,
                         struct cli_verify_results *results) {
    (void)c;
    if (way->part == CLI_VERIFY_FEWER) results->values[results->count - 1].bits ^= 1;
}
static void tamper_shard(const struct cli_verify_case *c, const struct cli_verify_way *way,
                         struct cli_verify_results *results) {
    (void)c;
    if (way->part == CLI_VERIFY_SHARD) results->values[0].bits ^= 1;
}

/* What it prints; the caller frees. */
static char *random_output(uint64_t seed, uint64_t first, uint64_t count, cli_verify_tamper *tamper, int *status) {
    fflush(stdout);
    int saved = dup(STDOUT_FILENO), file = open(scratch("output"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDOUT_FILENO);
    *status = cli_verify_random(&cli_program, seed, first, count, tamper);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    close(file);
    return read_text(scratch("output"));
}

/* The first configuration of a kind that is cheap and has several starts. */
static uint64_t find_run(uint64_t seed) {
    for (uint64_t i = 0;; i++) {
        cli_verify_draw(&cli_program, &drawn, seed, i);
        if (drawn.command == cli_find_command(&cli_program, "run") && drawn.fewer > 1 && drawn.starts > 8 &&
            !has_word("all", false) && has_word("none", false))
            return i;
    }
}

START_TEST(a_bit_that_differs_is_named_with_command_lines_and_exit_1) {
    int status;
    enum lyap_isa best;
    ck_assert_int_eq(lyap_isa_select(NULL, &best, NULL), LYAP_OK);
    if (best == LYAP_ISA_SCALAR) SKIP("there is one instruction set here");
    uint64_t seed = 1;
    for (;; seed++) { /* whose configuration 1 is such a run */
        cli_verify_draw(&cli_program, &drawn, seed, 1);
        if (drawn.command == cli_find_command(&cli_program, "run") && !has_word("--loss-window", false) &&
            !has_word("all", false))
            break;
    }
    char *text = random_output(seed, 0, 3, tamper_value, &status), line[CLI_VERIFY_TEXT + 256];
    ck_assert_int_eq(status, 1);
    ck_assert_ptr_nonnull(strstr(text, "configuration 1 of seed "));
    ck_assert_ptr_nonnull(strstr(text, "differs: final_loss of cell 0: scalar, layout block, in 1 thread "));
    cli_verify_draw(&cli_program, &drawn, seed, 1);
    snprintf(line, sizeof line,
             "\n  LYAPGRAD_ISA=scalar LYAPGRAD_LAYOUT=block lyapgrad run %s--threads 1 --out out/verify/a", line_of());
    ck_assert_msg(strstr(text, line) != NULL, "%s is not in %s", line, text);
    ck_assert_ptr_nonnull(strstr(text, "verify: DIFFERENT BITS in 1 configurations"));
    ck_assert_ptr_null(strstr(text, "all agree"));
    free(text);
}
END_TEST

START_TEST(other_differences_are_told_too) {
    static const struct {
        cli_verify_tamper *tamper;
        const char *words[3];
    } cases[] = {{tamper_end, {"one lacks ", "LYAPGRAD_ISA=", " --out out/verify/b"}},
                 {tamper_status, {"one ends with 'results', the other with 'made up'", "LYAPGRAD_ISA=", ""}},
                 {tamper_fewer, {" with fewer starts", " --starts ", " --out out/verify/b"}},
                 {tamper_shard, {" in parts", " --shard 1/", "lyapgrad merge out/verify/b.1 out/verify/b.2"}}};
    int status;
    uint64_t index = find_run(1);
    char *text = random_output(1, index, 1, cases[_i].tamper, &status);
    ck_assert_int_eq(status, 1);
    for (int w = 0; w < 3; w++)
        ck_assert_msg(strstr(text, cases[_i].words[w]) != NULL, "%s is not in %s", cases[_i].words[w], text);
    free(text);
}
END_TEST

START_TEST(a_known_system_that_differs_is_drawn_again_by_its_line) {
    int status;
    uint64_t index = 0;
    do cli_verify_draw(&cli_program, &drawn, 1, index++);
    while (drawn.command || drawn.starts < 4);
    char *text = random_output(1, index - 1, 1, tamper_fewer, &status), line[128];
    ck_assert_int_eq(status, 1);
    snprintf(line, sizeof line, "\n  lyapgrad verify --random 1 --seed 1 --first %" PRIu64 "\n", index - 1);
    ck_assert_msg(strstr(text, line) != NULL, "%s", text);
    free(text);
}
END_TEST

/* ---- the command ---- */

START_TEST(random_configurations_agree_and_are_the_same_each_time) {
    char *digest[2];
    for (int i = 0; i < 2; i++) {
        struct outcome o = run_command("verify --random %u --seed 3", work(60, 6));
        ck_assert_msg(o.status == 0 && !*o.err, "%s%s", o.out, o.err);
        ck_assert_ptr_nonnull(strstr(o.out, "verify: all agree\n"));
        ck_assert_ptr_null(strstr(o.out, "differs"));
        digest[i] = strdup(strstr(o.out, "digest"));
        outcome_free(&o);
    }
    ck_assert_str_eq(digest[0], digest[1]);
    free(digest[0]);
    free(digest[1]);
}
END_TEST

/* Two halves have the configurations of the whole. */
START_TEST(the_first_configuration_can_be_chosen) {
    int status;
    char *whole = random_output(9, 0, 2, NULL, &status), *second = random_output(9, 1, 1, NULL, &status);
    ck_assert_ptr_nonnull(strstr(whole, "2 of seed 9, from 0 on"));
    ck_assert_ptr_nonnull(strstr(second, "1 of seed 9, from 1 on"));
    free(whole);
    free(second);
}
END_TEST

START_TEST(bad_numbers_are_refused) {
    static const char *const lines[][2] = {{"--random 0", "--random: '0' is not allowed"},
                                           {"--random x", "--random: 'x' is not allowed"},
                                           {"--random -3", "--random: '-3' is not allowed"},
                                           {"--random 1.5", "--random: '1.5' is not allowed"},
                                           {"--random 10000000000", "--random: '10000000000' is not allowed"},
                                           {"--random", "--random: needs a value"},
                                           {"--random 5 --seed -1", "--seed: '-1' is not allowed"},
                                           {"--random 5 --seed 18446744073709551616", "--seed: "},
                                           {"--random 5 --first 281474976710656", "--first: "},
                                           {"--random 5 --threads 2", "--threads: has no meaning with --random"},
                                           {"--random 5 --golden", "--golden: has no meaning with --random"},
                                           {"--seed 3", "--seed: belongs to --random"},
                                           {"--first 3", "--first: belongs to --random"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct outcome o = run_command("verify %s", lines[i][0]);
        ck_assert_msg(o.status == 2, "%s: %d", lines[i][0], o.status);
        ck_assert_msg(strstr(o.err, lines[i][1]) != NULL, "%s: %s", lines[i][0], o.err);
        ck_assert_ptr_eq(strchr(o.err, '\n'), o.err + strlen(o.err) - 1); /* one line */
        ck_assert_str_eq(o.out, "");
        outcome_free(&o);
    }
}
END_TEST

START_TEST(a_signal_ends_it_soon) {
    struct child child = start_command("verify --random 1000000");
    nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    kill(child.pid, SIGINT);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 130);
    ck_assert_ptr_null(strstr(o.out, "agree"));
    outcome_free(&o);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("verify");
    int commands = 0;
    while (cli_program.commands[commands]) commands++;
    TCase *lanes = tcase_create("lanes");
    tcase_add_test(lanes, a_cell_dies_on_every_instruction_set_or_on_none);
    tcase_add_test(lanes, the_curvature_of_a_cell_is_its_own_whoever_ends_beside_it);
    tcase_add_loop_test(lanes, last_weights_that_are_no_numbers_are_one_nan, 0, 2);
    suite_add_tcase(suite, lanes);
    TCase *draw = tcase_create("draw");
    tcase_add_test(draw, a_seed_and_a_number_are_one_configuration);
    tcase_add_test(draw, the_configurations_are_the_recorded_ones);
    tcase_add_test(draw, everything_with_a_name_is_drawn);
    tcase_add_loop_test(draw, every_option_that_changes_results_is_drawn, 0, commands);
    tcase_add_test(draw, every_word_that_is_drawn_is_an_option_of_its_command);
    suite_add_tcase(suite, draw);
    TCase *lines = tcase_create("lines");
    tcase_add_loop_test(lines, the_line_of_a_configuration_gives_its_results, 0, commands);
    suite_add_tcase(suite, lines);
    TCase *differences = tcase_create("differences");
    tcase_add_test(differences, a_bit_that_differs_is_named_with_command_lines_and_exit_1);
    tcase_add_loop_test(differences, other_differences_are_told_too, 0, 4);
    tcase_add_test(differences, a_known_system_that_differs_is_drawn_again_by_its_line);
    suite_add_tcase(suite, differences);
    TCase *command = tcase_create("command");
    tcase_add_test(command, random_configurations_agree_and_are_the_same_each_time);
    tcase_add_test(command, the_first_configuration_can_be_chosen);
    tcase_add_test(command, bad_numbers_are_refused);
    tcase_add_test(command, a_signal_ends_it_soon);
    suite_add_tcase(suite, command);
    return run_suite(suite);
}
