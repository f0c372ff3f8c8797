/* Every CSV file that a command writes is described: its head is what the description says, every row has as many
 * fields, and every field is of its column's type. Every description is that of a file that a command writes, and says
 * what its columns mean. The whole report, which takes longest of these, is looked at in other ways too. */
#define _DEFAULT_SOURCE /* scandir */
#include <ctype.h>
#include <dirent.h>

#include "cli/commands.h"
#include "io/schema.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/regime.h"
#include "report/frame/tables.h"
#include "report/report.h"
#include "results/cells_table.h"
#include "tests/cli/files.h"
#include "tests/work.h"

enum { MOST_COLUMNS = 128, MOST_TABLES = 128 };

/* The tables of all commands. */
static struct {
    const char *command; /* as the manifest's key `results` names it */
    const struct lyap_schema *schema;
} all[MOST_TABLES];
static bool seen[MOST_TABLES];
static size_t descriptions;

/* On an emulated processor the report takes minutes. */
static bool left_out(const char *command) {
    return brief_tests() && strcmp(command, "reproduce --report") == 0;
}

static void add(const char *command, const struct lyap_schema *schema) {
    ck_assert_uint_lt(descriptions, MOST_TABLES);
    all[descriptions].command = command;
    all[descriptions++].schema = schema;
}

static void collect(void) {
    static const char report[] = "reproduce --report";
    descriptions = 0;
    memset(seen, 0, sizeof seen);
    for (const struct cli_command *const *c = cli_program.commands; *c; c++)
        for (const struct lyap_schema *const *t = (*c)->tables; t && *t; t++) add((*c)->name, *t);
    for (size_t t = 0; lyap_frame_tables[t]; t++) add(report, lyap_frame_tables[t]);
    for (size_t s = 0; lyap_sections[s]; s++)
        for (size_t t = 0; lyap_sections[s]->tables[t]; t++) add(report, lyap_sections[s]->tables[t]);
}

/* ---- one file ---- */

/* Takes the next field off a line; quotes and what is doubled in them go. NULL behind the last. */
static char *next_field(char **rest) {
    char *field = *rest, *to = field, *from = field;
    if (!field) return NULL;
    if (*from == '"') {
        for (from++; *from && (*from != '"' || from[1] == '"'); from++) {
            if (*from == '"') from++;
            *to++ = *from;
        }
        ck_assert_int_eq(*from++, '"');
    } else {
        for (; *from && *from != ','; from++) *to++ = *from;
    }
    ck_assert(*from == ',' || *from == '\0');
    *rest = *from ? from + 1 : NULL;
    *to = '\0';
    return field;
}

static size_t split(char *line, char *fields[MOST_COLUMNS]) {
    size_t n = 0;
    for (char *field; (field = next_field(&line)) != NULL; n++) {
        ck_assert_uint_lt(n, MOST_COLUMNS);
        fields[n] = field;
    }
    return n;
}

static bool is_count(const char *text) {
    return *text && strspn(text, "0123456789") == strlen(text);
}

static bool has_name(const struct lyap_column *column, size_t repetition, const char *name) {
    if (!column->name) return strcmp(name, column->name_of(repetition)) == 0;
    if (*column->name == '<') {
        static const char *const swept[] = {"lr", "perturbation", "epochs"};
        for (size_t i = 0; i < sizeof swept / sizeof *swept; i++)
            if (strcmp(name, swept[i]) == 0) return true;
        return false;
    }
    const char *place = strstr(column->name, "%zu");
    if (!place) return strcmp(name, column->name) == 0;
    size_t before = (size_t)(place - column->name), digits = strspn(name + strcspn(name, "0123456789"), "0123456789");
    return strncmp(name, column->name, before) == 0 && digits > 0 && is_count(name + before);
}

/* The columns of the head, by the groups of the description, each as often as it is there. False where another is in
 * between. */
static bool match(const struct lyap_schema *schema, char *const *names, size_t n,
                  const struct lyap_column *columns[MOST_COLUMNS]) {
    size_t at = 0;
    for (size_t g = 0; g < LYAP_MOST_GROUPS && schema->group[g].columns; g++) {
        const struct lyap_column_group *group = &schema->group[g];
        for (size_t k = 0;; k++) {
            size_t c = 0;
            while (c < group->columns && at + c < n && has_name(&group->column[c], k, names[at + c])) {
                columns[at + c] = &group->column[c];
                c++;
            }
            if (c < group->columns) break;
            at += c;
        }
    }
    return at == n;
}

static void check_field(const char *path, size_t row, const struct lyap_column *column, const char *text) {
    char *end;
    bool ok = true;
    if (*text && column->type == LYAP_COLUMN_COUNT) ok = is_count(text);
    if (*text && column->type == LYAP_COLUMN_REAL) ok = (strtod(text, &end), *end == '\0');
    if (column->type == LYAP_COLUMN_WORD) ok = *text != '\0';
    ck_assert_msg(ok, "%s, row %zu: '%s' is no value of '%s'", path, row, text, column->name);
}

static void check_file(const char *command, const char *path, const char *name, const struct lyap_schema *given) {
    char *text = read_text(path), *fields[MOST_COLUMNS];
    const struct lyap_column *columns[MOST_COLUMNS] = {NULL};
    ck_assert_msg(text != NULL, "%s", path);
    const struct lyap_schema *schema = given;
    for (size_t t = 0; t < descriptions; t++)
        if (strcmp(all[t].command, command) == 0 &&
            (given ? all[t].schema == given : strcmp(all[t].schema->file, name) == 0)) {
            schema = all[t].schema;
            seen[t] = true;
        }
    ck_assert_msg(schema != NULL, "%s: no description", path);
    size_t row = 0, n = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), row++) {
        size_t count = split(line, fields);
        if (row == 0) {
            n = count;
            ck_assert_msg(match(schema, fields, n, columns), "%s: the head is not that of its description", path);
            continue;
        }
        ck_assert_msg(count == n, "%s, row %zu: %zu fields of %zu", path, row, count, n);
        for (size_t c = 0; c < n; c++) check_field(path, row, columns[c], fields[c]);
    }
    /* A report of few starts has no runs of the published size. */
    ck_assert_msg(row > (strcmp(name, "choice_runs.csv") != 0), "%s has no row", path);
    free(text);
}

/* ---- all files of a command ---- */

static void check_directory(const char *command, const char *directory) {
    struct dirent **entries;
    char path[1024];
    int n = scandir(scratch(directory), &entries, NULL, alphasort);
    ck_assert_int_gt(n, 2);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name, *ending = strrchr(name, '.');
        snprintf(path, sizeof path, "%s/%s", scratch(directory), name);
        /* The start that select recommends, for --weights: without a head. */
        bool headless = strcmp(command, "select") == 0 && strcmp(name, "weights.csv") == 0;
        if (ending && strcmp(ending, ".csv") == 0 && !headless) check_file(command, path, name, NULL);
        if (strncmp(name, "seed-", 5) == 0) {
            snprintf(path, sizeof path, "%s/%s", directory, name);
            check_directory(command, path);
        }
        free(entries[i]);
    }
    free(entries);
}

#define REPORT "reproduce --report --scale 0.0005"

static bool is_verdict(const char *word) {
    for (int v = LYAP_HOLDS; v <= LYAP_CANNOT_BE_TOLD; v++)
        if (strcmp(word, lyap_verdict_name((enum lyap_verdict)v)) == 0) return true;
    return false;
}

/* Every verdict has a known word, with both seeds, and a reason without undefined numbers, and so has the text. No id is there twice, and the
 * claims of the paper are all there. */
static void check_verdicts(const char *directory) {
    char path[64], *fields[MOST_COLUMNS];
    snprintf(path, sizeof path, "%s/verdicts.csv", directory);
    char *text = read_text(scratch(path)), *line = strtok(text, "\n");
    static char ids[64][16];
    size_t rows = 0;
    ck_assert_str_eq(line, "id,claim,verdict,effect,reason,second_verdict,second_effect,second_reason");
    for (; (line = strtok(NULL, "\n")) != NULL; rows++) {
        ck_assert_uint_eq(split(line, fields), 8);
        ck_assert_msg(is_verdict(fields[2]) && is_verdict(fields[5]), "%s: %s, %s", fields[0], fields[2], fields[5]);
        ck_assert_msg(strlen(fields[1]) > 20 && strlen(fields[4]) > 20 && strlen(fields[7]) > 20, "%s: %s, %s",
                      fields[0], fields[4], fields[7]);
        ck_assert_uint_lt(rows, sizeof ids / sizeof *ids);
        snprintf(ids[rows], sizeof ids[rows], "%s", fields[0]);
        for (size_t i = 0; i < rows; i++) ck_assert_str_ne(ids[i], fields[0]);
    }
    const struct lyap_paper_claim *claim;
    for (size_t i = 0, k = 0; (claim = lyap_paper_claim(i)) != NULL; i++, k = 0) {
        while (k < rows && strcmp(ids[k], claim->id) != 0) k++;
        ck_assert_msg(k < rows, "no section judges %s", claim->id);
    }
    free(text);
    snprintf(path, sizeof path, "%s/report.md", directory);
    text = read_text(scratch(path));
    const char *undefined = find_undefined(text);
    ck_assert_msg(!undefined, "%.80s", undefined ? undefined : "");
    free(text);
}

/* No file of the user's is replaced: each that the report writes, where it lies in a directory without a manifest, is refused. */
static void check_refusals(const char *directory) {
    char *names = strdup(manifest_value(directory, "files")), path[128];
    int count = 0;
    for (char *save = NULL, *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save), count++) {
        fresh("o");
        snprintf(path, sizeof path, "o/%s", name);
        char *slash = strrchr(path, '/');
        *slash = '\0';
        if (strcmp(path, "o") != 0) ck_assert_int_eq(mkdir(scratch(path), 0777), 0);
        *slash = '/';
        put(path, "mine");
        expect_refused(REPORT " --quiet --out @/o", "--out", path);
        expect_content(path, "mine");
    }
    ck_assert_int_gt(count, 40);
    fresh("o");
    put("o/figures", "mine");
    expect_refused(REPORT " --quiet --out @/o", "--out", "o/figures");
    fresh("o");
    put("o/seed-2", "mine");
    expect_refused(REPORT " --quiet --out @/o", "--out", "o/seed-2");
    free(names);
}

static const struct {
    const char *command, *line;
} runs[] = {
    {"run", "run --starts 5 --epochs 30 --lr 3 --series --evaluate --save-initial @/i.csv --save-weights @/w.csv"},
    {"run", "run --starts 5 --epochs 30 --activation relu --lr 20 --data moons:30,0.1 --split 0.7 --loss-window none"},
    {"run", "run --estimator all --starts 3 --epochs 300 --lr 2"},
    {"run", "run --estimator tangent --starts 3 --epochs 300 --history 4"},
    {"sweep", "sweep --over lr=0.1:20:3 --starts 4 --epochs 20 --series --save-initial @/i.csv"},
    {"sweep", "sweep --over epochs=10:40:3 --starts 4 --evaluate"},
    {"sweep", "sweep --over perturbation=log:1e-6:1e-3:3 --starts 4 --epochs 20"},
    {"spectrum", "spectrum --starts 3 --epochs 300 --lr 5 --activation tanh --history 4 --curvature --evaluate"},
    {"spectrum", "spectrum --starts 3 --epochs 300 --exponents 2 --history 4"},
    {"map", "map --net 2-2-1 --x lr:0.1:1e3:log --y init-scale:0.1:3 --resolution 6x6 --epochs 60"},
    {"bifurcation", "bifurcation --over lr:1:20:5 --epochs 90 --points 8"},
    {"bifurcation", "bifurcation --over lr:1:20:5 --epochs 90 --points 8 --show w3,w0 --starts 2"},
    {"bifurcation", "bifurcation --over lr:1:20:5 --epochs 90 --points 8 --show outputs"},
    {"bifurcation", "bifurcation --over lr:1:20:5 --epochs 90 --points 8 --show loss"},
    {"select", "select --activation tanh,relu/relu --net 2-4-4-1 --epochs 32 --budget 60000 --rate-starts 4 --rates 7 "
               "--searches 5"},
    {"select", "select --net 2-2-1/2-3-1 --epochs 32 --budget 60000 --rate-starts 4 --rates 7 --searches 5 "
               "--data moons:30,0.1 --split 0.7"},
    {"series", "series @/s/series.csv --column loss --dimension 2 --method rosenstein"},
    {"reproduce", "reproduce --starts 1000"},
    {"reproduce --report", REPORT},
};

START_TEST(every_table_that_is_written_is_as_described_and_every_description_is_written) {
    collect();
    expect_success("run --starts 1 --epochs 60 --lr 3 --series --quiet --out @/s");
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char directory[32];
        if (left_out(runs[i].command)) continue;
        snprintf(directory, sizeof directory, "r%zu", i);
        /* Pictures take as long as tables; reproduce alone says so where they cannot be drawn. */
        bool draws = strcmp(runs[i].command, "reproduce") == 0;
        expect_success("%s%s --quiet --out @/%s", draws ? "" : NO_GNUPLOT, runs[i].line, directory);
        check_directory(runs[i].command, directory);
        if (strcmp(runs[i].line, REPORT) == 0) check_verdicts(directory), check_refusals(directory);
        if (strstr(runs[i].line, "@/i.csv"))
            check_file(runs[i].command, scratch("i.csv"), "i.csv", &lyap_weights_schema);
        if (strstr(runs[i].line, "@/w.csv"))
            check_file(runs[i].command, scratch("w.csv"), "w.csv", &lyap_weights_schema);
    }
    for (size_t t = 0; t < descriptions; t++)
        ck_assert_msg(seen[t] || left_out(all[t].command), "%s: no command here writes %s", all[t].command,
                      all[t].schema->file);
}
END_TEST

START_TEST(every_column_says_what_it_means_and_columns_of_one_name_have_one_unit) {
    collect();
    for (size_t t = 0; t < descriptions; t++) {
        ck_assert_uint_gt(strlen(all[t].schema->what), 3);
        for (size_t g = 0; g < LYAP_MOST_GROUPS && all[t].schema->group[g].columns; g++)
            for (size_t c = 0; c < all[t].schema->group[g].columns; c++) {
                const struct lyap_column *column = &all[t].schema->group[g].column[c];
                ck_assert_msg(column->what && strlen(column->what) > 3, "%s: %s", all[t].schema->file, column->name);
                ck_assert((column->name != NULL) != (column->name_of != NULL));
                bool exponent = column->name && strncmp(column->name, "lambda", 6) == 0;
                if (exponent) ck_assert_msg(column->unit != NULL, "%s: %s", all[t].schema->file, column->name);
                if (exponent && strncmp(column->name, "lambda_kw", 9) == 0) ck_assert_str_eq(column->unit, "nats");
                if (exponent && strncmp(column->name, "lambda_step", 11) == 0)
                    ck_assert_str_eq(column->unit, "nats per step");
            }
    }
}
END_TEST

/* The text with each run of blanks as one space, without roff's escapes. The caller frees. */
static char *plain_text(const char *text) {
    char *plain = calloc(1, strlen(text) + 1), *to = plain;
    for (const char *c = text; *c; c++) {
        if (*c == '\\' && strncmp(c, "\\(aq", 4) == 0) {
            *to++ = '\'';
            c += 3;
        } else if (*c == '\\' && strncmp(c, "\\(ga", 4) == 0) {
            *to++ = '`';
            c += 3;
        } else if (*c == '\\' && strncmp(c, "\\(ha", 4) == 0) {
            *to++ = '^';
            c += 3;
        } else if (*c != '\\' && !(isspace((unsigned char)*c) && (to == plain || to[-1] == ' '))) {
            *to++ = isspace((unsigned char)*c) ? ' ' : *c;
        }
    }
    return plain;
}

/* "[UNIT] MEANING" of the column. */
static void expect_column(const char *text, const char *file, const struct lyap_column *column) {
    char said[CLI_SENTENCE];
    snprintf(said, sizeof said, "%s%s%s%s", column->unit ? "[" : "", column->unit ? column->unit : "",
             column->unit ? "] " : "", column->what);
    ck_assert_msg(strstr(text, said) != NULL, "%s: '%s' is not said", file, said);
}

START_TEST(help_and_manual_say_what_every_column_means) {
    collect();
    struct outcome manual = run_command("help man"), list = run_command("help tables");
    char *page = plain_text(manual.out), *names = plain_text(list.out);
    for (size_t t = 0; t < descriptions; t++) {
        const struct lyap_schema *schema = all[t].schema;
        const bool report = strncmp(all[t].command, "reproduce --report", 18) == 0;
        if (strchr(schema->file, ' ')) continue; /* the user names it */
        struct outcome o = run_command("help %s", schema->file);
        ck_assert_msg(o.status == 0, "%s", o.err);
        char *text = plain_text(o.out);
        ck_assert_msg(strstr(names, schema->file), "%s", schema->file);
        ck_assert_msg(report || strstr(page, schema->file), "%s", schema->file);
        ck_assert_msg(strstr(text, all[t].command) && strstr(text, schema->what), "%s", text);
        for (size_t g = 0; g < LYAP_MOST_GROUPS; g++)
            for (size_t c = 0; c < schema->group[g].columns; c++) {
                expect_column(text, schema->file, &schema->group[g].column[c]);
                if (!report) expect_column(page, "the manual", &schema->group[g].column[c]);
            }
        free(text);
        outcome_free(&o);
    }
    free(page);
    free(names);
    outcome_free(&manual);
    outcome_free(&list);
}
END_TEST

START_TEST(a_column_of_names_lists_all_of_them) {
    collect();
    for (size_t t = 0; t < descriptions; t++) {
        const struct lyap_column *regime = lyap_schema_column(all[t].schema, "regime"),
                                 *status = lyap_schema_column(all[t].schema, "status");
        for (int r = 0; regime && r < LYAP_REGIME_COUNT; r++)
            ck_assert_msg(strstr(regime->what, lyap_regime_name((enum lyap_regime)r)), "%s: %s", all[t].schema->file,
                          lyap_regime_name((enum lyap_regime)r));
        for (int o = 0; status && o < LYAP_OUTCOME_COUNT; o++)
            ck_assert_msg(strstr(status->what, lyap_outcome_name((enum lyap_outcome)o)), "%s: %s", all[t].schema->file,
                          lyap_outcome_name((enum lyap_outcome)o));
    }
}
END_TEST

START_TEST(a_table_that_is_unknown_gets_one_line_with_the_nearest) {
    static const char *const lines[][2] = {{"cels.csv", "did you mean 'cells.csv'?"},
                                           {"qqqqqqqqqqqq.csv", "unknown table 'qqqqqqqqqqqq.csv'; 'lyapgrad help"}};
    for (int i = 0; i < 2; i++) {
        struct outcome o = run_command("help %s", lines[i][0]);
        ck_assert_int_eq(o.status, 2);
        ck_assert_str_eq(o.out, "");
        ck_assert_msg(strstr(o.err, lines[i][1]) != NULL, "%s", o.err);
        ck_assert_str_eq(strchr(o.err, '\n'), "\n");
        outcome_free(&o);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("tables");
    TCase *tc = tcase_create("tables");
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, every_table_that_is_written_is_as_described_and_every_description_is_written);
    tcase_add_test(tc, every_column_says_what_it_means_and_columns_of_one_name_have_one_unit);
    tcase_add_test(tc, help_and_manual_say_what_every_column_means);
    tcase_add_test(tc, a_column_of_names_lists_all_of_them);
    tcase_add_test(tc, a_table_that_is_unknown_gets_one_line_with_the_nearest);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
