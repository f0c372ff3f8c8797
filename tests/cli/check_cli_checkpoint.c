/* Long runs from end to end: killed and resumed, split and merged, with the bytes of one run. */
#include "tests/cli/kept.h"

START_TEST(a_run_killed_again_and_again_ends_with_the_same_bytes) {
    char line[512];
    clean();
    expect_success("%s --quiet --out @/one", runs[_i].line);
    snprintf(line, sizeof line, "%s --threads 1 --quiet --out @/two --checkpoint @/ck --checkpoint-every 0 --resume",
             runs[_i].line);
    int killed = 0;
    for (int round = 0; round < 12; round++) {
        const struct timespec moment = {.tv_nsec = (1 + 2 * round) * 1000 * 1000};
        struct child child = start_command(line);
        while (access(child.err, F_OK) != 0) nanosleep(&(struct timespec){.tv_nsec = 100 * 1000}, NULL);
        nanosleep(&moment, NULL);
        kill(child.pid, SIGKILL);
        struct outcome o = finish_command(&child);
        ck_assert_msg(o.status == 0 || o.status == 137, "%d: %s", o.status, o.err);
        killed += o.status == 137;
        outcome_free(&o);
    }
    ck_assert_int_gt(killed, 0);
    expect_success("%s", line);
    expect_same(_i, "one", "two");
}
END_TEST

START_TEST(shards_merge_to_the_bytes_of_one_run) {
    clean();
    expect_success("%s --quiet --out @/one", runs[_i].line);
    for (int s = 1; s <= 3; s++)
        expect_success("%s --quiet --out @/two --checkpoint @/s%d --shard %d/3", runs[_i].line, s, s);
    ck_assert(nothing_in("two"));
    struct outcome o = run_command("merge @/s1 @/s3 --out @/two");
    ck_assert_int_eq(o.status, 2);
    ck_assert_ptr_nonnull(strstr(o.err, "shard 2/3 is missing"));
    outcome_free(&o);
    expect_success("merge @/s3 @/s1 @/s2 --out @/two --quiet");
    expect_same(_i, "one", "two");
}
END_TEST

START_TEST(a_kept_map_is_drawn_in_another_way_as_by_a_run_of_its_own) {
    clean();
    expect_success(SAME_MAP " --quiet --out @/two --checkpoint @/ck");
    expect_success(SAME_MAP " --quiet --out @/two --checkpoint @/ck --resume --show regime");
    expect_success(SAME_MAP " --quiet --out @/one --show regime");
    expect_same(4, "one", "two");
}
END_TEST

START_TEST(more_shards_than_cells_merge_to_the_bytes_of_one_run) {
    static const char line[] = "run --starts 3 --epochs 40 --series --evaluate";
    clean();
    expect_success("%s --quiet --out @/one", line);
    for (int s = 1; s <= 5; s++) {
        struct outcome o = run_command("%s --out @/two --checkpoint @/p%d --shard %d/5", line, s, s);
        char complete[64];
        snprintf(complete, sizeof complete, "shard %d/5 is complete: %d of 3 cells", s, s <= 3);
        ck_assert_int_eq(o.status, 0);
        ck_assert_msg(strstr(o.out, complete) != NULL, "%s", o.out);
        outcome_free(&o);
    }
    expect_refused(2, "shard 5/5 is missing", "", "merge @/p1 @/p2 @/p3 @/p4 --out @/two");
    expect_refused(2, "/p4 are both shard 4/5", "", "merge @/p1 @/p2 @/p3 @/p4 @/p4 --out @/two");
    expect_success("merge @/p5 @/p4 @/p3 @/p2 @/p1 --quiet --out @/two");
    expect_same(0, "one", "two");
}
END_TEST

START_TEST(a_removed_chunk_is_computed_again_with_equal_bytes) {
    static const int removed[] = {1, 3, 4};
    enum { CHUNK = 16, REMOVED = sizeof removed / sizeof *removed };
    static const char line[] = "run --starts 96 --epochs 40 --series --evaluate --threads 1 --quiet";
    char path[REMOVED][64];
    unsigned char *bytes[REMOVED];
    size_t size[REMOVED];
    clean();
    expect_success("%s --out @/one --checkpoint @/ck --checkpoint-every 0", line);
    int entries = count_entries(scratch("ck"));
    for (int i = 0; i < REMOVED; i++) {
        snprintf(path[i], sizeof path[i], "ck/chunk-0-%020d", CHUNK * removed[i]);
        bytes[i] = read_bytes(path[i], &size[i]);
        ck_assert_int_eq(unlink(scratch(path[i])), 0);
    }
    expect_refused(2, "shard 1/1 is not complete: cells 16 .. 31 are missing", "", "merge @/ck --out @/two");
    expect_success("%s --out @/two --checkpoint @/ck --checkpoint-every 0 --resume", line);
    ck_assert_int_eq(count_entries(scratch("ck")), entries);
    for (int i = 0; i < REMOVED; i++) {
        expect_bytes(path[i], bytes[i], size[i]);
        free(bytes[i]);
    }
    expect_same(0, "one", "two");
    ck_assert_int_eq(unlink(scratch("ck/head")), 0);
    remove_tree(scratch("two"));
    expect_refused(2, "/ck: has chunk files, but the file 'head' is missing", "",
                   "run --starts 96 --out @/two --checkpoint @/ck --resume");
}
END_TEST

START_TEST(saved_weights_and_manifest_are_those_of_one_run) {
    static const char *const names[] = {"weights.csv", "weights.npy"};
    char line[256];
    size_t size;
    clean();
    snprintf(line, sizeof line, "run --starts 70 --epochs 30 --quiet --series --evaluate --save-weights @/%s",
             names[_i]);
    expect_success("%s --out @/one", line);
    unsigned char *weights = read_bytes(names[_i], &size);
    ck_assert_uint_gt(size, 70 * 9 * 4);
    for (int way = 0; way < 3; way++) { /* kept, gone on with, merged */
        unlink(scratch(names[_i]));
        remove_tree(scratch("two"));
        if (way == 2) {
            for (int s = 1; s <= 2; s++) expect_success("%s --checkpoint @/s%d --shard %d/2", line, s, s);
            ck_assert(access(scratch(names[_i]), F_OK) != 0);
            expect_success("merge @/s1 @/s2 --quiet --out @/two");
        } else {
            expect_success("%s --out @/two --checkpoint @/ck %s", line, way ? "--resume" : "");
        }
        expect_bytes(names[_i], weights, size);
        expect_same(0, "one", "two");
    }
    free(weights);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_checkpoint");
    TCase *tc = tcase_create("cli_checkpoint");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, a_run_killed_again_and_again_ends_with_the_same_bytes, 0, RUNS);
    tcase_add_loop_test(tc, shards_merge_to_the_bytes_of_one_run, 0, RUNS);
    tcase_add_test(tc, a_kept_map_is_drawn_in_another_way_as_by_a_run_of_its_own);
    tcase_add_test(tc, more_shards_than_cells_merge_to_the_bytes_of_one_run);
    tcase_add_test(tc, a_removed_chunk_is_computed_again_with_equal_bytes);
    tcase_add_loop_test(tc, saved_weights_and_manifest_are_those_of_one_run, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
