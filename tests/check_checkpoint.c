/* The library's checkpoints: what is kept comes back bit for bit, and nothing damaged does. */
#include "lyapgrad/checkpoint.h"

#include "collect.h"
#include "support.h"

static struct lyap_dataset data;
static struct lyap_network net;
static struct lyap_plan plan;
static char *settings;

static struct lyap_checkpoint_head set_up(void) {
    ck_assert_int_eq(lyap_dataset_xor(&data, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, NULL), LYAP_OK);
    lyap_plan_defaults(&plan, &net, &data);
    plan.starts = 21;
    plan.setting.epochs = 4;
    plan.threads = 1;
    plan.series = plan.evaluate = plan.last_weights = true;
    ck_assert_int_eq(lyap_checkpoint_settings(&plan, &settings, NULL), LYAP_OK);
    return (struct lyap_checkpoint_head){
        .settings = settings, .cells = 21, .count = 21, .shard = 1, .shards = 1, .parts = 1};
}

static void tear_down(void) {
    free(settings);
    lyap_dataset_free(&data);
}

START_TEST(cells_kept_in_any_pieces_come_back_bit_for_bit) {
    struct lyap_checkpoint_head head = set_up();
    struct collected one = {0}, kept = {0};
    struct lyap_checkpoint *c;
    uint64_t first, count;
    ck_assert_int_eq(lyap_ensemble_run(&plan, collect, &one, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("pieces"), &head, NULL), LYAP_OK);
    while (lyap_checkpoint_missing(c, 0, &first, &count))
        ck_assert_int_eq(lyap_checkpoint_run(c, 0, &plan, first, count < 5 ? count : 5, NULL), LYAP_OK);
    lyap_checkpoint_close(c);
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("pieces"), NULL, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_checkpoint_replay(c, 0, &plan, collect, &kept, NULL), LYAP_OK);
    ck_assert_uint_eq(kept.cells, 21);
    ck_assert_mem_eq(kept.weights, one.weights, 21 * 9 * sizeof(double));
    ck_assert_mem_eq(kept.distance, one.distance, 21 * 4 * sizeof(double));
    ck_assert_mem_eq(kept.loss, one.loss, 21 * 4 * sizeof(double));
    ck_assert_mem_eq(kept.evaluation, one.evaluation, 21 * sizeof *one.evaluation);
    for (size_t i = 0; i < 21; i++)
        ck_assert_uint_eq(lyap_digest_record(0, &kept.records[i]), lyap_digest_record(0, &one.records[i]));
    lyap_checkpoint_close(c);
    tear_down();
}
END_TEST

/* Opens, to read only, a checkpoint whose file NAME has these bytes. */
static enum lyap_status open_with(const char *name, const unsigned char *bytes, size_t size) {
    struct lyap_checkpoint *c;
    struct lyap_error error = {0};
    scratch_file(name, bytes, size);
    enum lyap_status status = lyap_checkpoint_open(&c, scratch("damage"), NULL, &error);
    if (status) ck_assert(*error.message);
    lyap_checkpoint_close(c);
    return status;
}

START_TEST(every_damaged_byte_and_every_truncation_is_refused) {
    static const char *const names[] = {"damage/head", "damage/chunk-0-00000000000000000000"};
    static unsigned char bytes[8192];
    struct lyap_checkpoint_head head = set_up();
    struct lyap_checkpoint *c;
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("damage"), &head, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_checkpoint_run(c, 0, &plan, 0, 3, NULL), LYAP_OK);
    lyap_checkpoint_close(c);
    for (int f = 0; f < 2; f++) {
        FILE *file = fopen(scratch(names[f]), "rb");
        ck_assert_ptr_nonnull(file);
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        ck_assert_uint_lt(size, sizeof bytes);
        for (size_t i = 0; i < size; i++) {
            bytes[i] ^= (unsigned char)(1u << i % 8);
            ck_assert_int_eq(open_with(names[f], bytes, size), LYAP_ERROR_FILE);
            bytes[i] ^= (unsigned char)(1u << i % 8);
            ck_assert_int_eq(open_with(names[f], bytes, i), LYAP_ERROR_FILE);
        }
        ck_assert_int_eq(open_with(names[f], bytes, size), LYAP_OK);
    }
    tear_down();
}
END_TEST

START_TEST(other_settings_are_named) {
    struct lyap_checkpoint_head head = set_up();
    struct lyap_checkpoint *c;
    struct lyap_error error;
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("other"), &head, NULL), LYAP_OK);
    lyap_checkpoint_close(c);
    free(settings);
    plan.setting.lr = 0.5;
    ck_assert_int_eq(lyap_checkpoint_settings(&plan, &settings, NULL), LYAP_OK);
    head.settings = settings;
    ck_assert_int_eq(lyap_checkpoint_open(&c, scratch("other"), &head, &error), LYAP_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(error.message, "lr is 0.001 there and 0.5 here"));
    tear_down();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("checkpoint");
    TCase *tc = tcase_create("checkpoint");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, cells_kept_in_any_pieces_come_back_bit_for_bit);
    tcase_add_test(tc, every_damaged_byte_and_every_truncation_is_refused);
    tcase_add_test(tc, other_settings_are_named);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
