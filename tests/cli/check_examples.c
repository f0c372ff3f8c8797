/* The tour: every command of `help examples` is one that the program takes, and does what it says on a smaller scale. */
#include "bench/reference/reference.h"
#include "tests/command.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"
#include "tests/work.h"

enum { MOST_LINES = 64 };

/* The command lines of a text that begin with `start`, without it, with their continuations; the caller frees each. */
static int command_lines(const char *text, const char *start, char **lines) {
    int count = 0;
    for (const char *line = text; (line = strstr(line, start)) != NULL;) {
        if (line > text && line[-1] != '\n') {
            line++;
            continue;
        }
        char *command = malloc(strlen(line) + 1), *to = command;
        ck_assert_ptr_nonnull(command);
        for (line += strlen(start); *line && *line != '\n'; line++) {
            if (strncmp(line, "\\\n", 2) == 0)
                line++;
            else if (*line != ' ' || (to > command && to[-1] != ' '))
                *to++ = *line;
        }
        *to = '\0';
        ck_assert_int_lt(count, MOST_LINES);
        lines[count++] = command;
    }
    return count;
}

static int examples(char **lines) {
    struct outcome o = run_command("help examples");
    ck_assert_int_eq(o.status, 0);
    ck_assert_str_eq(o.err, "");
    int count = command_lines(o.out, "    lyapgrad ", lines);
    ck_assert_int_ge(count, 14);
    outcome_free(&o);
    return count;
}

/* --help at the end prints the command's help once all options before it were accepted; as the value of an option that
 * lacks one it would not. Frees the lines. */
static void expect_accepted(char **lines, int count) {
    for (int i = 0; i < count; i++) {
        char name[32], *note = strstr(lines[i], " # ");
        if (note) *note = '\0';
        snprintf(name, sizeof name, "%.*s", (int)strcspn(lines[i], " "), lines[i]);
        struct outcome o = run_command("%s --help", lines[i]), help = run_command("help %s", name);
        ck_assert_msg(o.status == 0, "%s: %s", lines[i], o.err);
        ck_assert_str_eq(o.out, help.out);
        outcome_free(&o);
        outcome_free(&help);
        free(lines[i]);
    }
}

START_TEST(every_example_has_only_options_that_its_command_takes) {
    char *lines[MOST_LINES];
    expect_accepted(lines, examples(lines));
}
END_TEST

START_TEST(so_have_the_commands_of_the_readme) {
    char *lines[MOST_LINES], *readme = read_documents();
    if (!readme) SKIP("there is no README.md here: the program was started elsewhere");
    int count = command_lines(readme, "    build/lyapgrad ", lines);
    ck_assert_int_ge(count, 10);
    expect_accepted(lines, count);
    free(readme);
}
END_TEST

START_TEST(every_command_is_in_an_example) {
    struct outcome tour = run_command("help examples"), list = run_command("help");
    int count = 0;
    for (const char *line = strstr(list.out, "\n  "); line && line[1] == ' '; line = strchr(line + 1, '\n'), count++) {
        char call[64];
        snprintf(call, sizeof call, "    lyapgrad %.*s", (int)strcspn(line + 3, " "), line + 3);
        bool own = strstr(call, " info") || strstr(call, " help");
        ck_assert_msg(own || strstr(tour.out, call) != NULL, "no example of '%s'", call);
    }
    ck_assert_int_ge(count, 11);
    outcome_free(&tour);
    outcome_free(&list);
}
END_TEST

/* Data of two inputs and a target, and three starting points of a 2-8-1 network. */
static void write_inputs(void) {
    enum { ROWS = 40, STARTS = 3, PARAMETERS = 33 };
    char text[ROWS * 64] = "", header[129];
    float weights[STARTS * PARAMETERS];
    unsigned char npy[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    uint64_t state = 1;
    for (int i = 0; i < ROWS; i++) {
        double a = test_random(&state), b = test_random(&state);
        sprintf(text + strlen(text), "%.6f,%.6f,%d\n", a, b, a * b > 0);
    }
    scratch_file("my.csv", text, strlen(text));
    for (int i = 0; i < STARTS * PARAMETERS; i++) weights[i] = (float)test_random(&state);
    snprintf(header, sizeof header, "%-117s\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 33), }");
    FILE *file = fopen(scratch("weights.npy"), "wb");
    ck_assert_ptr_nonnull(file);
    fwrite(npy, 1, sizeof npy, file);
    fwrite(header, 1, 118, file);
    fwrite(weights, 1, sizeof weights, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* The example with fewer starts and steps, and with its files in the scratch directory. */
static void make_small(const char *line, char *small, size_t size) {
    static const struct {
        const char *option, *value;
    } scale[] = {{"--starts", "6"},  {"--transient", "10"},  {"--resolution", "6x6"},
                 {"--history", "5"}, {"--budget", "100000"}, {"--steps", "40"}};
    char copy[1024], *save = NULL;
    const char *instead = NULL;
    bool recorded = strstr(line, "--series") != NULL; /* the series must be long enough for an exponent */
    snprintf(copy, sizeof copy, "%s", line);
    *small = '\0';
    for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        bool file = strncmp(word, "out/", 4) == 0 || strcmp(word, "my.csv") == 0 || strcmp(word, "weights.npy") == 0;
        snprintf(small + strlen(small), size - strlen(small), "%s%s%s", *small ? " " : "", file ? "@/" : "",
                 instead ? instead : word);
        instead = NULL;
        for (size_t i = 0; !recorded && i < sizeof scale / sizeof *scale; i++)
            if (strcmp(word, scale[i].option) == 0) instead = scale[i].value;
    }
}

static bool is_long(const char *line) {
    static const char *const others[] = {"reproduce", "validate", "verify"}; /* these have tests of their own */
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncmp(line, others[i], strlen(others[i])) == 0) return true;
    return false;
}

/* What a directory holds must be named in the manual. */
static void expect_named(const char *path, const char *manual) {
    DIR *directory = opendir(path);
    ck_assert_ptr_nonnull(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char inside[512];
        struct stat is;
        if (entry->d_name[0] == '.') continue;
        snprintf(inside, sizeof inside, "%s/%.200s", path, entry->d_name);
        ck_assert_int_eq(stat(inside, &is), 0);
        if (S_ISDIR(is.st_mode))
            expect_named(inside, manual);
        else
            ck_assert_msg(strstr(manual, entry->d_name) || strncmp(entry->d_name, "chunk-", 6) == 0,
                          "%s is not in the manual", inside);
    }
    closedir(directory);
}

/* The README's recipe writes weights of a network whose output is linear: so must be the network of the commands that take them. */
static void expect_linear_output(const char *text, const char *where) {
    int takers = 0;
    for (const char *line = text; (line = strstr(line, "--weights weights.npy")) != NULL; line++) {
        const char *end = line;
        while (*end && !(*end == '\n' && end[-1] != '\\')) end++;
        const char *output = strstr(line, "--output-activation linear");
        ck_assert_msg(output && output < end, "%s: %.*s", where, (int)(end - line), line);
        takers++;
    }
    ck_assert_int_ge(takers, 1);
}

START_TEST(pytorch_weights_go_into_the_network_of_the_recipe) {
    struct outcome o = run_command("help examples");
    char *readme = read_documents();
    expect_linear_output(o.out, "help examples");
    outcome_free(&o);
    if (!readme) SKIP("the program was started elsewhere");
    expect_linear_output(readme, "README.md or docs/");
    ck_assert_ptr_nonnull(strstr(readme, "Sequential(Linear(2, 8), Tanh(), Linear(8, 1))"));
    ck_assert_ptr_nonnull(strstr(readme, "--net 2-8-1 --activation tanh --output-activation linear"));
    free(readme);
}
END_TEST

/* The example's first loss is that of the file's weights in that network, by the reference. */
static void expect_loss_of_the_recipe(void) {
    struct lyap_network net;
    struct lyap_dataset data;
    double w[3 * 33];
    uint64_t state = 1;
    for (int i = 0; i < 80; i++) test_random(&state); /* those of the data */
    for (int i = 0; i < 3 * 33; i++) w[i] = (double)(float)test_random(&state);
    ck_assert_int_eq(lyap_network_init(&net, "2-8-1", LYAP_TANH, LYAP_LINEAR, LYAP_MSE, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_csv(&data, scratch("my.csv"), 1, NULL), LYAP_OK);
    struct sheet cells = read_sheet("out/torch/cells.csv");
    size_t loss = column_of(&cells, "initial_loss");
    ck_assert_uint_eq(cells.rows, 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert_double_eq_tol(number(&cells, i, loss), lyap_reference_loss(&net, &data, w + i * 33), 1e-5);
    sheet_free(&cells);
    lyap_dataset_free(&data);
}

START_TEST(every_example_runs_and_leaves_the_files_that_the_manual_names) {
    char *lines[MOST_LINES], small[1024];
    int count = examples(lines);
    write_inputs();
    for (int i = 0; i < count; i++) {
        make_small(lines[i], small, sizeof small);
        if (!is_long(lines[i])) expect_success("%s", small);
        free(lines[i]);
    }
    expect_loss_of_the_recipe();
    struct outcome man = run_command("help man");
    char *from = strstr(man.out, "\n.SH FILES\n"), *to = from;
    ck_assert_ptr_nonnull(from);
    for (const char *c = from; *c; c++)
        if (strncmp(c, "\\-", 2) != 0) *to++ = *c;
    *to = '\0';
    expect_named(scratch("out"), from);
    ck_assert_int_eq(access(scratch("out/whole/cells.csv"), F_OK), 0); /* the parts were merged */
    outcome_free(&man);
}
END_TEST

/* How many cells of the last run into `directory` have the regime. */
static int cells_of(const char *directory, const char *regime) {
    char key[32];
    snprintf(key, sizeof key, "cells.%s", regime);
    return atoi(manifest_value(directory, key));
}

START_TEST(the_tours_example_of_chaos_has_as_many_chaotic_starts_as_it_says) {
    if (brief_tests()) SKIP("brief tests");
    char *lines[MOST_LINES];
    struct outcome tour = run_command("help examples");
    const char *claim = strstr(tour.out, " of these");
    ck_assert_ptr_nonnull(claim);
    while (claim > tour.out && claim[-1] != ';' && claim[-1] != ',') claim--;
    int chaotic, of, count = examples(lines);
    ck_assert_int_eq(sscanf(claim, " %d of these %d are chaotic", &chaotic, &of), 2);
    for (int i = 0; i < count; i++) {
        if (strstr(lines[i], "--out out/chaos")) {
            char line[1024];
            snprintf(line, sizeof line, "%.*s@/chaos --quiet", (int)(strstr(lines[i], "out/chaos") - lines[i]),
                     lines[i]);
            ck_assert_ptr_nonnull(strstr(line, "run --estimator tangent"));
            expect_success("%s", line);
            ck_assert_int_eq(cells_of("chaos", "chaotic"), chaotic);
            ck_assert_int_eq(atoi(manifest_value("chaos", "starts")), of);
        }
        free(lines[i]);
    }
    ck_assert_int_gt(chaotic, 0);
    outcome_free(&tour);
}
END_TEST

/* The diagram of docs/methods.md: "chaotic at 24 of 400 rates". */
START_TEST(the_readmes_diagram_is_chaotic_at_as_many_rates_as_it_says) {
    if (brief_tests()) SKIP("brief tests");
    char *readme = read_documents(), rates[32];
    if (!readme) SKIP("the program was started elsewhere");
    expect_success(
        "bifurcation --activation tanh --init normal:0,2 --loss-window none --over lr:1:6:400 --quiet --out @/tanh");
    snprintf(rates, sizeof rates, "is chaotic at %d of 400 rates", cells_of("tanh", "chaotic"));
    ck_assert_msg(strstr(readme, rates) != NULL, "docs/methods.md does not say: %s", rates);
    free(readme);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("examples");
    TCase *tc = tcase_create("examples");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, every_example_has_only_options_that_its_command_takes);
    tcase_add_test(tc, so_have_the_commands_of_the_readme);
    tcase_add_test(tc, every_command_is_in_an_example);
    tcase_add_test(tc, pytorch_weights_go_into_the_network_of_the_recipe);
    tcase_add_test(tc, every_example_runs_and_leaves_the_files_that_the_manual_names);
    tcase_add_test(tc, the_tours_example_of_chaos_has_as_many_chaotic_starts_as_it_says);
    tcase_add_test(tc, the_readmes_diagram_is_chaotic_at_as_many_rates_as_it_says);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
