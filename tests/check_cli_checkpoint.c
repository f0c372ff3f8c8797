/* Long runs from end to end: killed and resumed, interrupted, split and merged. */
#include <time.h>

#include "command.h"

static const struct {
    const char *line, *tables[2];
} runs[] = {
    {"run --starts 180 --epochs 40 --series --evaluate", {"cells.csv", "series.csv"}},
    {"sweep --over lr=log:1e-3:20:9 --starts 31 --epochs 60", {"cells.csv", "sweep.csv"}},
    {"spectrum --starts 90 --epochs 300 --exponents 2 --history 5", {"exponents.csv", "history.csv"}},
    {"run --estimator all --starts 37 --epochs 100", {"estimators.csv", "estimators.csv"}},
};
enum { RUNS = sizeof runs / sizeof *runs };

static void expect_same(int run, const char *a, const char *b) {
    for (int t = 0; t < 2; t++) {
        char path[2][128];
        snprintf(path[0], sizeof path[0], "%s/%s", a, runs[run].tables[t]);
        snprintf(path[1], sizeof path[1], "%s/%s", b, runs[run].tables[t]);
        char *one = read_text(scratch(path[0])), *other = read_text(scratch(path[1]));
        ck_assert(one && other);
        ck_assert_str_eq(one, other);
        free(one);
        free(other);
    }
}

static void clean(void) {
    static const char *const names[] = {"one", "two", "ck", "s1", "s2", "s3"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) remove_tree(scratch(names[i]));
}

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

START_TEST(an_interrupted_run_says_how_to_go_on) {
    clean();
    struct child child = start_command(
        "run --starts 100000000 --epochs 1000 --quiet --out @/two --checkpoint @/ck --checkpoint-every 0.01");
    const struct timespec moment = {.tv_nsec = 500 * 1000 * 1000};
    nanosleep(&moment, NULL);
    ck_assert_int_eq(kill(child.pid, SIGINT), 0);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 130);
    ck_assert_ptr_nonnull(strstr(o.err, "--resume goes on"));
    ck_assert(nothing_in("two"));
    outcome_free(&o);
}
END_TEST

START_TEST(other_settings_and_damage_are_refused) {
    clean();
    expect_success("run --quiet --starts 40 --out @/one --checkpoint @/ck");
    struct outcome o = run_command("run --quiet --starts 40 --out @/one --checkpoint @/ck --resume --seed 7");
    ck_assert_int_eq(o.status, 2);
    ck_assert_ptr_nonnull(strstr(o.err, "seed is 1 there and 7 here"));
    outcome_free(&o);
    FILE *file = fopen(scratch("ck/chunk-0-00000000000000000000"), "r+b");
    ck_assert_ptr_nonnull(file);
    fseek(file, 200, SEEK_SET);
    int byte = getc(file);
    fseek(file, 200, SEEK_SET);
    putc(byte ^ 1, file);
    fclose(file);
    o = run_command("merge @/ck --out @/two");
    ck_assert_int_eq(o.status, 2);
    ck_assert_ptr_nonnull(strstr(o.err, "damaged"));
    outcome_free(&o);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_checkpoint");
    TCase *tc = tcase_create("cli_checkpoint");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, a_run_killed_again_and_again_ends_with_the_same_bytes, 0, RUNS);
    tcase_add_loop_test(tc, shards_merge_to_the_bytes_of_one_run, 0, RUNS);
    tcase_add_test(tc, an_interrupted_run_says_how_to_go_on);
    tcase_add_test(tc, other_settings_and_damage_are_refused);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
