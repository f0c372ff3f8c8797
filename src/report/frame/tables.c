#include "report/frame/tables.h"

/* The second group of columns is that of the second seed, and is repeated once or not at all. */
static const struct lyap_repeat *groups(const struct lyap_findings *second, struct lyap_repeat repeat[2]) {
    repeat[0] = (struct lyap_repeat){.times = 1};
    repeat[1] = (struct lyap_repeat){.times = second ? 1 : 0};
    return repeat;
}

/* ---- verdicts ---- */

struct verdict_row {
    const struct lyap_finding *own, *second; /* `second` may be NULL */
};
static struct lyap_value words(const char *text) {
    return lyap_quoted_value(*text ? text : "-");
}
LYAP_COLUMN(id, struct verdict_row, lyap_word_value(r->own->id))
LYAP_COLUMN(claim, struct verdict_row, words(r->own->claim))
LYAP_COLUMN(verdict, struct verdict_row, lyap_word_value(lyap_verdict_name(r->own->verdict)))
LYAP_COLUMN(effect, struct verdict_row, words(r->own->effect))
LYAP_COLUMN(reason, struct verdict_row, words(r->own->reason))
LYAP_COLUMN(second_verdict, struct verdict_row,
            lyap_word_value(r->second ? lyap_verdict_name(r->second->verdict) : "none"))
LYAP_COLUMN(second_effect, struct verdict_row, words(r->second ? r->second->effect : "-"))
LYAP_COLUMN(second_reason, struct verdict_row, words(r->second ? r->second->reason : "-"))

static const struct lyap_column verdict_columns[] = {
    {"id", NULL, "of the claim, or of a step towards it", LYAP_COLUMN_WORD, id, NULL},
    {"claim", NULL, "what is tested", LYAP_COLUMN_WORD, claim, NULL},
    {"verdict", NULL, "holds, holds in part, does not hold or cannot be told", LYAP_COLUMN_WORD, verdict, NULL},
    {"effect", NULL, "the numbers that decide", LYAP_COLUMN_WORD, effect, NULL},
    {"reason", NULL, "one sentence of reason", LYAP_COLUMN_WORD, reason, NULL},
};
static const struct lyap_column second_verdict_columns[] = {
    {"second_verdict", NULL, "that of the second seed", LYAP_COLUMN_WORD, second_verdict, NULL},
    {"second_effect", NULL, "the numbers that decide with the second seed", LYAP_COLUMN_WORD, second_effect, NULL},
    {"second_reason", NULL, "the reason with the second seed", LYAP_COLUMN_WORD, second_reason, NULL},
};
const struct lyap_schema lyap_verdicts_schema = {
    "verdicts.csv", "a claim or a step towards one", {LYAP_GROUP(verdict_columns), LYAP_GROUP(second_verdict_columns)}};

void lyap_verdicts_write(FILE *file, const struct lyap_findings *findings, const struct lyap_findings *second) {
    struct lyap_repeat repeat[2];
    lyap_schema_head(file, &lyap_verdicts_schema, groups(second, repeat));
    for (size_t i = 0; i < findings->findings; i++) {
        const struct lyap_finding *own = &findings->finding[i];
        const struct verdict_row row = {own, lyap_findings_find(second, own->id)};
        lyap_schema_row(file, &lyap_verdicts_schema, repeat, &row);
    }
}

/* ---- tests ---- */

struct test_row {
    const struct lyap_finding_test *own, *second; /* `second` may be NULL */
};
static struct lyap_value three(double p) {
    return p >= 0 ? lyap_three_digits(p) : lyap_no_value();
}
LYAP_COLUMN(section, struct test_row, lyap_word_value(r->own->section))
LYAP_COLUMN(family, struct test_row, lyap_word_value(r->own->family))
LYAP_COLUMN(what, struct test_row, lyap_quoted_value(r->own->what))
LYAP_COLUMN(resamples, struct test_row, r->own->resamples ? lyap_count_value(r->own->resamples) : lyap_no_value())
LYAP_COLUMN(p, struct test_row, three(r->own->p))
LYAP_COLUMN(at_floor, struct test_row, lyap_word_value(lyap_finding_at_floor(r->own) ? "yes" : "no"))
LYAP_COLUMN(adjusted, struct test_row, three(r->own->adjusted))
LYAP_COLUMN(second_p, struct test_row, r->second ? three(r->second->p) : lyap_no_value())
LYAP_COLUMN(second_adjusted, struct test_row, r->second ? three(r->second->adjusted) : lyap_no_value())

static const struct lyap_column test_columns[] = {
    {"section", NULL, "id of the section that argues from it", LYAP_COLUMN_WORD, section, NULL},
    {"family", NULL, "id of the claim that it decides; the tests of a family are adjusted together", LYAP_COLUMN_WORD,
     family, NULL},
    {"test", NULL, "what is tested", LYAP_COLUMN_WORD, what, NULL},
    {"resamples", NULL, "number of permutations or bootstrap resamples; empty for other tests", LYAP_COLUMN_COUNT,
     resamples, NULL},
    {"p", NULL, "two-sided p, to three digits; empty where the test is undefined", LYAP_COLUMN_REAL, p, NULL},
    {"at_floor", NULL, "yes: p is the least that the resamples allow, an upper bound; no", LYAP_COLUMN_WORD, at_floor,
     NULL},
    {"adjusted", NULL, "that p adjusted by Holm's method over the defined tests of its family", LYAP_COLUMN_REAL,
     adjusted, NULL},
};
static const struct lyap_column second_test_columns[] = {
    {"second_p", NULL, "p with the second seed", LYAP_COLUMN_REAL, second_p, NULL},
    {"second_adjusted", NULL, "that of the second seed, adjusted in its family", LYAP_COLUMN_REAL, second_adjusted,
     NULL},
};
const struct lyap_schema lyap_tests_schema = {
    "tests.csv", "a test", {LYAP_GROUP(test_columns), LYAP_GROUP(second_test_columns)}};

void lyap_tests_write(FILE *file, const struct lyap_findings *findings, const struct lyap_findings *second) {
    struct lyap_repeat repeat[2];
    lyap_schema_head(file, &lyap_tests_schema, groups(second, repeat));
    for (size_t i = 0; i < findings->tests; i++) {
        const struct test_row row = {&findings->test[i], lyap_findings_same_test(findings, i, second)};
        lyap_schema_row(file, &lyap_tests_schema, repeat, &row);
    }
}

/* ---- effects ---- */

struct effect_row {
    const struct lyap_finding_effect *own, *second; /* `second` may be NULL */
};
LYAP_COLUMN(bears_on, struct effect_row, lyap_word_value(r->own->claim))
LYAP_COLUMN(measure, struct effect_row, lyap_quoted_value(r->own->what))
LYAP_COLUMN(value, struct effect_row, lyap_real_value(r->own->value))
LYAP_COLUMN(low, struct effect_row, lyap_real_value(r->own->low))
LYAP_COLUMN(high, struct effect_row, lyap_real_value(r->own->high))
LYAP_COLUMN(second_value, struct effect_row, r->second ? lyap_real_value(r->second->value) : lyap_no_value())
LYAP_COLUMN(second_low, struct effect_row, r->second ? lyap_real_value(r->second->low) : lyap_no_value())
LYAP_COLUMN(second_high, struct effect_row, r->second ? lyap_real_value(r->second->high) : lyap_no_value())

static const struct lyap_column effect_columns[] = {
    {"claim", NULL, "id of the claim that it bears on", LYAP_COLUMN_WORD, bears_on, NULL},
    {"measure", NULL, "what was measured", LYAP_COLUMN_WORD, measure, NULL},
    {"value", NULL, "a correlation or rank agreement, -1 to 1; 1 is what the claim says", LYAP_COLUMN_REAL, value,
     NULL},
    {"low", NULL, "lower end of its 95 % interval", LYAP_COLUMN_REAL, low, NULL},
    {"high", NULL, "upper end of its 95 % interval", LYAP_COLUMN_REAL, high, NULL},
};
static const struct lyap_column second_effect_columns[] = {
    {"second_value", NULL, "the value with the second seed", LYAP_COLUMN_REAL, second_value, NULL},
    {"second_low", NULL, "lower end of its 95 % interval", LYAP_COLUMN_REAL, second_low, NULL},
    {"second_high", NULL, "upper end of its 95 % interval", LYAP_COLUMN_REAL, second_high, NULL},
};
const struct lyap_schema lyap_effects_schema = {
    "effects.csv", "a correlation or rank agreement", {LYAP_GROUP(effect_columns), LYAP_GROUP(second_effect_columns)}};

void lyap_effects_write(FILE *file, const struct lyap_findings *findings, const struct lyap_findings *second) {
    struct lyap_repeat repeat[2];
    lyap_schema_head(file, &lyap_effects_schema, groups(second, repeat));
    for (size_t i = 0; i < findings->effects; i++) {
        const struct effect_row row = {&findings->effect[i], lyap_findings_same_effect(findings, i, second)};
        lyap_schema_row(file, &lyap_effects_schema, repeat, &row);
    }
}

const struct lyap_schema *const lyap_frame_tables[] = {&lyap_verdicts_schema, &lyap_tests_schema, &lyap_effects_schema,
                                                       NULL};
