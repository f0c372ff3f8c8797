/* The front of the report, from findings made by hand: the sentences of the abstract, the pairing of two seeds, the references. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/frame/front.h"
#include "report/frame/tables.h"
#include "tests/support.h"

#define WORDS(text) ((char[]){text})

static const struct lyap_report_options options = {.seed = 1, .seeds = 2, .scale = 1};

/* What `write` writes, as Markdown. */
static char *markdown(void (*write)(struct lyap_document *, const struct lyap_front *),
                      const struct lyap_front *front) {
    struct lyap_document *d = lyap_document_new("t");
    char *text = NULL;
    size_t size = 0;
    write(d, front);
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(lyap_document_markdown(d, file, NULL), LYAP_OK);
    ck_assert_int_eq(fclose(file), 0);
    lyap_document_free(d);
    return text;
}

static void expect(char *text, const char *part, bool there) {
    ck_assert_msg((strstr(text, part) != NULL) == there, "'%s' is%s in:\n%s", part, there ? " not" : "", text);
}

static struct lyap_finding finding(const char *id, enum lyap_verdict verdict, const char *effect) {
    return (struct lyap_finding){.id = strdup(id),
                                 .claim = strdup("what was tested"),
                                 .effect = strdup(effect),
                                 .reason = strdup("A reason."),
                                 .verdict = verdict};
}

static void release(struct lyap_finding *f, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(f[i].id);
        free(f[i].claim);
        free(f[i].effect);
        free(f[i].reason);
    }
}

START_TEST(every_claim_has_one_sentence_which_names_the_other_verdict_of_the_second_seed) {
    struct lyap_finding first[] = {finding("C1", LYAP_HOLDS_IN_PART, "r = 1"), finding("C2", LYAP_DOES_NOT_HOLD, ""),
                                   finding("C3", LYAP_CANNOT_BE_TOLD, "-"),    finding("L1", LYAP_HOLDS, "5 of 10"),
                                   finding("L2", LYAP_HOLDS, "25 times"),      finding("C1a", LYAP_HOLDS, "")};
    struct lyap_finding second[] = {finding("C1", LYAP_HOLDS_IN_PART, "r = 2"), finding("C2", LYAP_HOLDS, ""),
                                    finding("C3", LYAP_CANNOT_BE_TOLD, "-"), finding("L1", LYAP_HOLDS, ""),
                                    finding("L2", LYAP_DOES_NOT_HOLD, "")};
    struct lyap_finding_sentence sentences[] = {{WORDS("instead"), WORDS("Use the loss.")},
                                                {WORDS("C1"), WORDS("The rate does it (r = 1).")},
                                                {WORDS("instead"), WORDS("Or the gradient.")}};
    const struct lyap_findings one = {.seed = 1, .findings = 6, .finding = first},
                               two = {.seed = 2, .findings = 5, .finding = second};
    struct lyap_findings told = one;
    told.sentences = 3;
    told.sentence = sentences;
    const struct lyap_front front = {&one, &two, &options, NULL}, with = {&told, &two, &options, NULL},
                            alone = {&one, NULL, &options, NULL};
    char *text = markdown(lyap_front_abstract, &front);
    expect(
        text,
        "The claim that the learning rate can make the dynamics of the weights chaotic holds in part (r = 1). The "
        "claim that activations with a lower exponent converge better does not hold (A reason); with seed 2 the claim "
        "holds. The claim that the exponent selects good initial weights cannot be decided by this run (A reason). Of "
        "the limits that the paper admits, the first, that its results may not carry over to other architectures and "
        "data, holds (5 of 10); the second, that its hybrid estimator may be more complex than the established ones, "
        "holds (25 times); with seed 2 the second limit does not hold.\n\n",
        true);
    expect(text, "agree on 3 of 5 claims of the paper, and on 0 of 1 steps", true);
    free(text);
    text = markdown(lyap_front_abstract, &with);
    expect(text, "The rate does it (r = 1). The claim that activations", true);
    expect(text, "does not hold. Use the loss; or the gradient.\n\n", true);
    free(text);
    text = markdown(lyap_front_abstract, &alone);
    expect(text, "with seed 2", false);
    expect(text, "One seed was run (1)", true);
    free(text);
    release(first, 6);
    release(second, 5);
}
END_TEST

START_TEST(a_limit_alone_and_no_claim_at_all_have_an_abstract_too) {
    struct lyap_finding only[] = {finding("L2", LYAP_HOLDS, "25 times"), finding("N", LYAP_HOLDS, "")};
    struct lyap_findings own = {.seed = 1, .findings = 1, .finding = only};
    const struct lyap_front front = {&own, NULL, &options, "L2"};
    char *text = markdown(lyap_front_abstract, &front);
    expect(text, "Of the limits that the paper admits, the second, that its hybrid", true);
    free(text);
    own.finding = only + 1;
    text = markdown(lyap_front_write, &front);
    expect(text, "give no verdict on a claim of the paper", true);
    expect(text, "## The paper's claims", false);
    expect(text, "## All effects", false);
    expect(text, "This is section L2 alone", true);
    free(text);
    release(only, 2);
}
END_TEST

/* The k-th effect or test of some words belongs to the k-th of the same words of the second seed, whatever comes between. */
START_TEST(effects_and_tests_are_paired_by_their_words_and_order) {
    struct lyap_finding_effect first[] = {{WORDS("C1"), WORDS("r"), 1, 1, 1},
                                          {WORDS("C1"), WORDS("r"), 2, 2, 2},
                                          {WORDS("C2"), WORDS("r"), 3, 3, 3},
                                          {WORDS("C2"), WORDS("gone"), 4, 4, 4}};
    struct lyap_finding_effect second[] = {{WORDS("C2"), WORDS("r"), -3, 0, 0},
                                           {WORDS("C1"), WORDS("r"), -1, 0, 0},
                                           {WORDS("C1"), WORDS("new"), 9, 0, 0},
                                           {WORDS("C1"), WORDS("r"), -2, NAN, 0}};
    struct lyap_finding_test test = {"C1", WORDS("C1"), WORDS("t"), 0.5, 0.5, 9},
                             tests[] = {{"C1", WORDS("F"), WORDS("t"), 0.1, 0.1, 9},
                                        {"C1", WORDS("C1"), WORDS("t"), 0.2, 0.3, 9}};
    const struct lyap_findings one = {.effects = 4, .effect = first, .tests = 1, .test = &test},
                               two = {.effects = 4, .effect = second, .tests = 2, .test = tests};
    for (size_t i = 0; i < 3; i++)
        ck_assert_double_eq(lyap_findings_same_effect(&one, i, &two)->value, -first[i].value);
    ck_assert_ptr_null(lyap_findings_same_effect(&one, 3, &two));
    ck_assert_ptr_null(lyap_findings_same_effect(&one, 0, NULL));
    ck_assert_double_eq(lyap_findings_same_test(&one, 0, &two)->p, 0.2);
    char text[512] = "";
    FILE *file = tmpfile();
    lyap_effects_write(file, &one, &two);
    rewind(file);
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
    fclose(file);
    expect(text, "C1,\"r\",2,2,2,-2,,0\nC2,\"r\",3,3,3,-3,0,0\nC2,\"gone\",4,4,4,,,\n", true);
}
END_TEST

START_TEST(the_figure_of_effects_has_a_heading_for_each_claim_of_the_paper_first) {
    struct lyap_finding_effect effects[] = {{WORDS("J"), WORDS("training time"), 0.5, 0.4, 0.6},
                                            {WORDS("C3"), WORDS("r of linear"), 0.1, NAN, NAN},
                                            {WORDS("C1"), WORDS("r of the rate"), NAN, NAN, NAN},
                                            {WORDS("C3"), WORDS("r of sigmoid"), -0.1, -0.2, 0}};
    static const char *const order[] = {
        ">C1: ",          ">r of the rate<", ">C3: ", ">r of linear<", ">r of sigmoid<", ">Training time and the onset",
        ">training time<"};
    const struct lyap_findings own = {.seed = 1, .effects = 4, .effect = effects};
    const struct lyap_front front = {&own, NULL, &options, NULL};
    struct lyap_document *d = lyap_document_new("t");
    lyap_front_effects(d, &front);
    const char *at = lyap_document_figure_svg(d, 0);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        at = strstr(at, order[i]);
        ck_assert_msg(at != NULL, "%s", order[i]);
    }
    lyap_document_free(d);
}
END_TEST

START_TEST(references_are_sorted_by_family_name_and_listed_once) {
    char *cited[] = {WORDS("Z. Aardvark, 2000"), WORDS("A.-B. C. Zebra, 2001"), WORDS("Z. Aardvark, 2000")};
    const struct lyap_findings own = {.references = 3, .reference = cited};
    const struct lyap_front front = {&own, NULL, &options, NULL};
    char *text = markdown(lyap_front_references, &front);
    const char *first = strstr(text, "- Z. Aardvark"), *benettin = strstr(text, "- G. Benettin"),
               *wolf = strstr(text, "- A. Wolf"), *zebra = strstr(text, "- A.-B. C. Zebra, 2001.");
    ck_assert_ptr_nonnull(zebra);
    ck_assert(first < benettin && benettin < wolf && wolf < zebra);
    ck_assert_ptr_null(strstr(first + 1, "Aardvark, 2000.\n- Z"));
    free(text);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("report_front");
    TCase *tests = tcase_create("report_front");
    tcase_add_test(tests, every_claim_has_one_sentence_which_names_the_other_verdict_of_the_second_seed);
    tcase_add_test(tests, a_limit_alone_and_no_claim_at_all_have_an_abstract_too);
    tcase_add_test(tests, effects_and_tests_are_paired_by_their_words_and_order);
    tcase_add_test(tests, the_figure_of_effects_has_a_heading_for_each_claim_of_the_paper_first);
    tcase_add_test(tests, references_are_sorted_by_family_name_and_listed_once);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
