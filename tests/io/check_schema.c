/* Tables by their descriptions: heads with groups that are repeated, numbered, named by the run or left out, and fields
 * of every kind. */
#include "io/schema.h"

#include <float.h>
#include <stdbool.h>

#include "tests/support.h"

struct row {
    uint64_t count;
    int64_t index;
    double real;
    const char *word;
    double list[4];
};
LYAP_COLUMN(count, struct row, lyap_count_value(r->count))
LYAP_COLUMN(place, struct row, lyap_index_value(r->index))
LYAP_COLUMN(any, struct row, lyap_any_value(r->real))
LYAP_COLUMN(real, struct row, lyap_real_value(r->real))
LYAP_COLUMN(only_if, struct row, lyap_value_if(r->count > 1, r->real))
LYAP_COLUMN(typed, struct row, lyap_short_value(r->real))
LYAP_COLUMN(three, struct row, lyap_three_digits(r->real))
LYAP_COLUMN(word, struct row, lyap_word_value(r->word))
LYAP_COLUMN(quoted, struct row, lyap_quoted_value(r->word))
LYAP_COLUMN(entry, struct row, lyap_any_value(r->list[k]))

static const struct lyap_column kinds[] = {
    {"count", NULL, "a count", LYAP_COLUMN_COUNT, count, NULL},
    {"place", NULL, "a place", LYAP_COLUMN_COUNT, place, NULL},
    {"any", NULL, "any real", LYAP_COLUMN_REAL, any, NULL},
    {"real", NULL, "a real", LYAP_COLUMN_REAL, real, NULL},
    {"if", NULL, "a real, if", LYAP_COLUMN_REAL, only_if, NULL},
    {"typed", NULL, "as typed", LYAP_COLUMN_REAL, typed, NULL},
    {"three", NULL, "digits", LYAP_COLUMN_REAL, three, NULL},
    {"word", NULL, "a word", LYAP_COLUMN_WORD, word, NULL},
    {"quoted", NULL, "a text", LYAP_COLUMN_WORD, quoted, NULL},
};
static const char *colour(size_t number) {
    static const char *const names[] = {"red", "green", "blue"};
    return names[number];
}
static const struct lyap_column numbered[] = {{"x_%zu", NULL, "an entry", LYAP_COLUMN_REAL, entry, NULL},
                                              {"y%zu_low", NULL, "an entry", LYAP_COLUMN_REAL, entry, NULL}};
static const struct lyap_column named[] = {{NULL, NULL, "an entry", LYAP_COLUMN_REAL, entry, colour}};
static const struct lyap_column given[] = {{"<given>", NULL, "an entry", LYAP_COLUMN_REAL, entry, NULL}};

static const struct lyap_schema all_kinds = {"kinds.csv", "a row", {LYAP_GROUP(kinds)}};
static const struct lyap_schema groups = {
    "groups.csv", "a row", {LYAP_GROUP(numbered), LYAP_GROUP(named), LYAP_GROUP(given)}};

static char text[4096];

static const char *written(const struct lyap_schema *schema, const struct lyap_repeat *repeat, const struct row *row) {
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    if (row)
        lyap_schema_row(file, schema, repeat, row);
    else
        lyap_schema_head(file, schema, repeat);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

START_TEST(every_kind_of_field_is_written_as_it_says) {
    ck_assert_str_eq(written(&all_kinds, NULL, NULL), "count,place,any,real,if,typed,three,word,quoted\n");
    struct row row = {.count = UINT64_MAX, .index = -1, .real = 0.1, .word = "plain"};
    ck_assert_str_eq(written(&all_kinds, NULL, &row), "18446744073709551615,,0.1,0.1,0.1,0.1,0.1,plain,\"plain\"\n");
    row = (struct row){.count = 1, .index = 0, .real = 1.0 / 3, .word = "a \"b\", c"};
    ck_assert_str_eq(written(&all_kinds, NULL, &row), "1,0,0.33333333333333331,0.33333333333333331,,0.333333,0.333,"
                                                      "\"a \"\"b\"\", c\",\"a \"\"b\"\", c\"\n");
    row = (struct row){.count = 2, .index = INT64_MAX, .real = (double)INFINITY, .word = ""};
    ck_assert_str_eq(written(&all_kinds, NULL, &row), "2,9223372036854775807,inf,,inf,inf,inf,,\"\"\n");
}
END_TEST

START_TEST(groups_are_repeated_numbered_named_and_left_out_alike_in_head_and_rows) {
    static const size_t numbers[] = {7, 3};
    const struct row row = {.list = {1, 2, 3, 4}};
    const struct lyap_repeat once[] = {{.times = 1}, {.times = 1}, {.times = 1, .name = "epochs"}};
    ck_assert_str_eq(written(&groups, once, NULL), "x_0,y0_low,red,epochs\n");
    ck_assert_str_eq(written(&groups, once, &row), "1,1,1,1\n");
    const struct lyap_repeat several[] = {{.times = 2, .first = 1}, {.times = 3}, {.times = 0}};
    ck_assert_str_eq(written(&groups, several, NULL), "x_1,y1_low,x_2,y2_low,red,green,blue\n");
    ck_assert_str_eq(written(&groups, several, &row), "1,1,2,2,1,2,3\n");
    const struct lyap_repeat listed[] = {{.times = 2, .number = numbers}, {.times = 0}, {.times = 0}};
    ck_assert_str_eq(written(&groups, listed, NULL), "x_7,y7_low,x_3,y3_low\n");
    ck_assert_str_eq(written(&groups, listed, &row), "1,1,2,2\n");
    const struct lyap_repeat last[] = {{.times = 0}, {.times = 0}, {.times = 1, .name = "lr"}};
    ck_assert_str_eq(written(&groups, last, NULL), "lr\n"); /* no comma before the first that is there */
    ck_assert_str_eq(written(&groups, last, &row), "1\n");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("schema");
    TCase *tc = tcase_create("schema");
    tcase_add_test(tc, every_kind_of_field_is_written_as_it_says);
    tcase_add_test(tc, groups_are_repeated_numbered_named_and_left_out_alike_in_head_and_rows);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
