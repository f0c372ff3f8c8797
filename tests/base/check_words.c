/* Likeness of words, for messages that suggest what was meant. */
#include "base/edit_distance.h"

#include "tests/support.h"

static size_t distance(const char *text, const char *word) {
    return lyap_edit_distance(text, strlen(text), word);
}

static const char *const options[] = {"net",        "lr",     "loss", "epochs", "starts",
                                      "neighbours", "escape", "seed", "series"};
enum { OPTIONS = sizeof options / sizeof *options };

static const char *nearest(const char *word) {
    return lyap_nearest_word(word, options, OPTIONS);
}

START_TEST(the_distance_is_that_of_levenshtein) {
    static const struct {
        const char *text, *word;
        size_t distance;
    } known[] = {
        {"", "", 0},
        {"", "abc", 3},
        {"abc", "", 3},
        {"kitten", "sitting", 3},
        {"flaw", "lawn", 2},
        {"saturday", "sunday", 3},
        {"run", "run", 0},
        {"rnu", "run", 2},
        {"gumbo", "gambol", 2},
        {"ab", "ba", 2},
        {"book", "back", 2},
        {"intention", "execution", 5},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ck_assert_uint_eq(distance(known[i].text, known[i].word), known[i].distance);
        ck_assert_uint_eq(distance(known[i].word, known[i].text), known[i].distance);
    }
}
END_TEST

START_TEST(the_distance_is_a_metric_on_random_words) {
    uint64_t state = 7;
    char word[3][9];
    for (int round = 0; round < 2000; round++) {
        for (int w = 0; w < 3; w++) {
            size_t length = (size_t)(8 * (test_random(&state) + 1) / 2);
            for (size_t i = 0; i < length; i++) word[w][i] = test_random(&state) < 0 ? 'a' : 'b';
            word[w][length] = '\0';
        }
        size_t ab = distance(word[0], word[1]), bc = distance(word[1], word[2]), ac = distance(word[0], word[2]);
        ck_assert_uint_eq(ab, distance(word[1], word[0]));
        ck_assert_uint_le(ac, ab + bc);
        ck_assert_int_eq(ab == 0, strcmp(word[0], word[1]) == 0);
    }
}
END_TEST

START_TEST(the_case_of_the_text_does_not_count_and_its_length_is_given) {
    ck_assert_uint_eq(distance("SWEEP", "sweep"), 0);
    ck_assert_uint_eq(distance("Sweep", "sweep"), 0);
    ck_assert_uint_eq(lyap_edit_distance("runner", 3, "run"), 0);
    ck_assert_uint_eq(lyap_edit_distance("xor-noisy:3", 0, "xor"), 3);
    ck_assert_uint_eq(distance("\xc3\xa9pochs", "epochs"), 2); /* bytes, whatever they mean */
}
END_TEST

START_TEST(words_of_thirty_two_letters_are_entirely_different) {
    const char *longest = "abcdefghijklmnopqrstuvwxyzabcde", *longer = "abcdefghijklmnopqrstuvwxyzabcdef";
    ck_assert_uint_eq(distance(longest, longest), 0);
    ck_assert_uint_eq(distance(longer, longest), 32);
    ck_assert_uint_eq(distance(longest, longer), 32);
    ck_assert_uint_eq(distance(longer, longer), 32);
    ck_assert_ptr_null(nearest(longer));
}
END_TEST

START_TEST(the_nearest_word_is_the_one_that_was_meant) {
    static const char *const slips[][2] = {{"lrr", "lr"},
                                           {"nett", "net"},
                                           {"LOSS", "loss"},
                                           {"epoch", "epochs"},
                                           {"epohcs", "epochs"},
                                           {"start", "starts"},
                                           {"neighbors", "neighbours"},
                                           {"excape", "escape"},
                                           {"sereis", "series"},
                                           {"naighbuors", "neighbours"}};
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        const char *word = nearest(slips[i][0]);
        ck_assert_msg(word != NULL, "nothing near %s", slips[i][0]);
        ck_assert_str_eq(word, slips[i][1]);
    }
}
END_TEST

START_TEST(nothing_is_suggested_for_what_is_like_nothing) {
    static const char *const strange[] = {"", "x", "l", "zz", "xylophone", "threads", "--", "0"};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        ck_assert_msg(nearest(strange[i]) == NULL, "%s is near %s", strange[i], nearest(strange[i]));
    ck_assert_ptr_null(lyap_nearest_word("run", options, 0));
}
END_TEST

START_TEST(a_word_with_another_number_was_not_meant) {
    static const char *const sizes[] = {"float32", "float64", "lr1", "lr2"};
    static const char *const others[] = {"float16", "float", "lr11", "lr3", "1lr2"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_msg(lyap_nearest_word(others[i], sizes, 4) == NULL, "%s", others[i]);
    ck_assert_str_eq(lyap_nearest_word("flaot32", sizes, 4), "float32");
    ck_assert_str_eq(lyap_nearest_word("f6loat4", sizes, 4), "float64");
    ck_assert_str_eq(lyap_nearest_word("lrr2", sizes, 4), "lr2");
}
END_TEST

START_TEST(of_equally_near_words_the_first_is_suggested) {
    static const char *const twins[] = {"cat", "bat", "hat"};
    ck_assert_str_eq(lyap_nearest_word("rat", twins, 3), "cat");
    ck_assert_str_eq(lyap_nearest_word("hat", twins, 3), "hat");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("words");
    TCase *tc = tcase_create("words");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, the_distance_is_that_of_levenshtein);
    tcase_add_test(tc, the_distance_is_a_metric_on_random_words);
    tcase_add_test(tc, the_case_of_the_text_does_not_count_and_its_length_is_given);
    tcase_add_test(tc, words_of_thirty_two_letters_are_entirely_different);
    tcase_add_test(tc, the_nearest_word_is_the_one_that_was_meant);
    tcase_add_test(tc, nothing_is_suggested_for_what_is_like_nothing);
    tcase_add_test(tc, a_word_with_another_number_was_not_meant);
    tcase_add_test(tc, of_equally_near_words_the_first_is_suggested);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
