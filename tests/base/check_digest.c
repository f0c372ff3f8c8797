#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/outcome.h"

#include <stdint.h>

#include "tests/support.h"

/* FNV-1a byte by byte; a test below holds it against published vectors. */
static uint64_t fnv(uint64_t digest, const void *bytes, size_t size) {
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++) digest = (digest ^ byte[i]) * UINT64_C(1099511628211);
    return digest;
}

/* Test vectors of L. C. Noll's FNV page (also RFC 9923, appendix): "", "a", "foobar". */
START_TEST(the_test_own_fnv_gives_the_published_vectors) {
    ck_assert_uint_eq(fnv(LYAP_DIGEST_START, "", 0), UINT64_C(0xcbf29ce484222325));
    ck_assert_uint_eq(fnv(LYAP_DIGEST_START, "a", 1), UINT64_C(0xaf63dc4c8601ec8c));
    ck_assert_uint_eq(fnv(LYAP_DIGEST_START, "foobar", 6), UINT64_C(0x85944171f73967e8));
}
END_TEST

START_TEST(an_integer_is_its_eight_little_endian_bytes) {
    const unsigned char bytes[] = {0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01};
    ck_assert_uint_eq(lyap_digest_u64(LYAP_DIGEST_START, UINT64_C(0x0102030405060708)),
                      fnv(LYAP_DIGEST_START, bytes, 8));
    ck_assert_uint_eq(lyap_digest_u64(12345, UINT64_C(0x0102030405060708)), fnv(12345, bytes, 8));
}
END_TEST

START_TEST(a_double_is_its_bits_so_that_the_sign_of_zero_counts) {
    const unsigned char minus_two[] = {0, 0, 0, 0, 0, 0, 0, 0xc0}; /* -2.0 = 0xc000000000000000 */
    ck_assert_uint_eq(lyap_digest_double(LYAP_DIGEST_START, -2.0), fnv(LYAP_DIGEST_START, minus_two, 8));
    ck_assert_uint_ne(lyap_digest_double(LYAP_DIGEST_START, -0.0), lyap_digest_double(LYAP_DIGEST_START, 0.0));
}
END_TEST

static struct lyap_record sample_record(void) {
    return (struct lyap_record){.cell = 1,
                                .value = 2,
                                .start = 3,
                                .lr = 4.5,
                                .initial_loss = 5.5,
                                .final_loss = 6.5,
                                .lambda_kw = -7.5,
                                .lambda_step = 8.5,
                                .terms = 9,
                                .length = 10,
                                .event_epoch = -1,
                                .outcome = LYAP_ESCAPED};
}

START_TEST(a_record_is_all_its_fields_in_declared_order) {
    const struct lyap_record record = sample_record();
    uint64_t expected = LYAP_DIGEST_START;
    for (uint64_t i = 1; i <= 3; i++) expected = lyap_digest_u64(expected, i);
    const double reals[] = {4.5, 5.5, 6.5, -7.5, 8.5};
    for (int i = 0; i < 5; i++) expected = lyap_digest_double(expected, reals[i]);
    expected = lyap_digest_u64(expected, 9);
    expected = lyap_digest_u64(expected, 10);
    expected = lyap_digest_u64(expected, UINT64_MAX); /* -1 in two's complement */
    expected = lyap_digest_u64(expected, 2);
    ck_assert_uint_eq(lyap_digest_record(LYAP_DIGEST_START, &record), expected);
}
END_TEST

START_TEST(a_change_of_any_field_changes_the_digest) {
    struct lyap_record changed[12];
    for (int i = 0; i < 12; i++) changed[i] = sample_record();
    changed[0].cell++;
    changed[1].value++;
    changed[2].start++;
    changed[3].lr = 4.25;
    changed[4].initial_loss = 5.25;
    changed[5].final_loss = 6.25;
    changed[6].lambda_kw = -7.25;
    changed[7].lambda_step = 8.25;
    changed[8].terms++;
    changed[9].length++;
    changed[10].event_epoch = 0;
    changed[11].outcome = LYAP_OVERFLOW;
    const struct lyap_record record = sample_record();
    uint64_t digest = lyap_digest_record(LYAP_DIGEST_START, &record);
    for (int i = 0; i < 12; i++) ck_assert_uint_ne(lyap_digest_record(LYAP_DIGEST_START, &changed[i]), digest);
}
END_TEST

START_TEST(padding_between_fields_does_not_enter) {
    struct lyap_record a, b;
    memset(&a, 0x00, sizeof a);
    memset(&b, 0xff, sizeof b);
    struct lyap_record *const records[] = {&a, &b};
    for (int i = 0; i < 2; i++) {
        struct lyap_record *r = records[i];
        r->cell = r->value = r->start = 1;
        r->lr = r->initial_loss = r->final_loss = r->lambda_kw = r->lambda_step = 1;
        r->terms = r->length = 1;
        r->event_epoch = 1;
        r->outcome = LYAP_DEAD;
    }
    ck_assert_uint_eq(lyap_digest_record(7, &a), lyap_digest_record(7, &b));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("digest");
    TCase *tests = tcase_create("digest");
    tcase_add_test(tests, the_test_own_fnv_gives_the_published_vectors);
    tcase_add_test(tests, an_integer_is_its_eight_little_endian_bytes);
    tcase_add_test(tests, a_double_is_its_bits_so_that_the_sign_of_zero_counts);
    tcase_add_test(tests, a_record_is_all_its_fields_in_declared_order);
    tcase_add_test(tests, a_change_of_any_field_changes_the_digest);
    tcase_add_test(tests, padding_between_fields_does_not_enter);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
