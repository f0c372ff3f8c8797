/* Long runs that end early: by signals, on a full disk, beside another process; they say how to go on, and can. */
#include "tests/cli/kept.h"

static const struct {
    const char *line;
    unsigned long long cells;
} endless[] = {
    {ENDLESS, 100000000},
    {"map --x lr:0.1:30:log --y lr2:0.1:30:log --resolution 16384x16384 --epochs 1000" KEPT, 16384ull * 16384},
    {"bifurcation --over lr:0.1:30:16384 --starts 10000 --transient 500 --epochs 1000" KEPT, 163840000},
};
static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDLESS_RUNS = sizeof endless / sizeof *endless, SIGNALS = sizeof signals / sizeof *signals };

START_TEST(an_interrupted_run_says_how_to_go_on) {
    const int number = signals[_i % SIGNALS], run = _i / SIGNALS;
    char line[256];
    clean();
    unsigned long long before = 0;
    for (int resumed = 0; resumed < 2; resumed++) {
        snprintf(line, sizeof line, "%s%s", endless[run].line, resumed ? " --resume" : "");
        struct child child = start_command(line);
        wait_for_entries("ck", resumed ? count_entries(scratch("ck")) + 1 : 3);
        ck_assert_int_eq(kill(child.pid, number), 0);
        struct outcome o = finish_command(&child);
        ck_assert_int_eq(o.status, 128 + number);
        unsigned long long cells = 0, all = 0;
        const char *has = strstr(o.err, "/ck has ");
        ck_assert_ptr_nonnull(has);
        ck_assert_int_eq(sscanf(has, "/ck has %llu of %llu cells", &cells, &all), 2);
        ck_assert_uint_eq(all, endless[run].cells);
        ck_assert_uint_gt(cells, before); /* at least the chunk that was there */
        ck_assert_ptr_nonnull(
            strstr(o.err, resumed ? "the same command goes on\n" : "the same command with --resume goes on\n"));
        ck_assert_int_eq(strncmp(o.err, "lyapgrad: interrupted; ", 23), 0);
        ck_assert_str_eq(strchr(o.err, '\n'), "\n"); /* one line */
        ck_assert_str_eq(o.out, "");
        ck_assert(nothing_in("two"));
        before = cells;
        outcome_free(&o);
    }
    struct outcome o = run_command("merge @/ck --out @/two");
    ck_assert_int_eq(o.status, 2);
    ck_assert_ptr_nonnull(strstr(o.err, "is not complete"));
    ck_assert(nothing_in("two"));
    outcome_free(&o);
}
END_TEST

/* Signals until the process has ended, of which the first ones may fall together. */
static void signal_to_the_end(pid_t pid, int number) {
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    siginfo_t info = {0};
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0) {
        kill(pid, number);
        nanosleep(&moment, NULL);
    }
}

START_TEST(a_second_signal_ends_a_cell_without_end_and_leaves_no_half_chunk) {
    clean();
    struct child child = start_command("run --starts 1 --epochs 2000000000 --quiet --out @/two --checkpoint @/ck");
    wait_for_file("ck/head");
    signal_to_the_end(child.pid, SIGTERM);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 143);
    ck_assert_int_eq(count_entries(scratch("ck")), 2);
    ck_assert(nothing_in("two"));
    outcome_free(&o);
}
END_TEST

/* Runs 4 and 5, a map and a diagram, under a program called gnuplot that never ends its picture. */
static const struct {
    int run, signal;
    const char *script;
} drawn[] = {{4, SIGINT, "map.gp"}, {4, SIGTERM, "map.gp"}, {5, SIGINT, "bifurcation.gp"}};
enum { DRAWN = sizeof drawn / sizeof *drawn };

START_TEST(a_signal_while_the_picture_is_drawn_says_that_the_tables_are_complete) {
    static const char slow[] = "#!/bin/sh\necho > ./drawing\nexec /bin/sleep 100\n";
    char line[512], script[64];
    clean();
    mkdir(scratch("slow"), 0777);
    scratch_file("slow/gnuplot", slow, strlen(slow));
    ck_assert_int_eq(chmod(scratch("slow/gnuplot"), 0755), 0);
    expect_success("%s --quiet --out @/one", runs[drawn[_i].run].line);
    snprintf(line, sizeof line, "PATH=@/slow:/usr/bin:/bin %s --quiet --out @/two --checkpoint @/ck",
             runs[drawn[_i].run].line);
    struct child child = start_command(line);
    wait_for_file("two/drawing");
    ck_assert_int_eq(kill(child.pid, drawn[_i].signal), 0);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 128 + drawn[_i].signal);
    ck_assert_int_eq(strncmp(o.err, "lyapgrad: interrupted while drawing; the tables in ", 51), 0);
    snprintf(script, sizeof script, "/two are complete, and 'gnuplot %s' there draws them\n", drawn[_i].script);
    ck_assert_msg(strstr(o.err, script) != NULL, "%s", o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    outcome_free(&o);
    expect_same(drawn[_i].run, "one", "two");
}
END_TEST

/* A chunk has more bytes than a stream keeps back and less than 32768, which the first table exceeds. */
static const struct {
    const char *line;
    int run; /* with the same tables */
} wide[] = {
    {"run --starts 700 --epochs 20 --series --threads 1 --quiet", 0},
    {"map --x lr:0.1:30:log --y lr2:0.1:30:log --resolution 40x30 --epochs 20 --threads 2 --quiet", 4},
    {"bifurcation --over lr:1:8:100 --transient 10 --epochs 100 --points 40 --threads 1 --quiet", 5},
};
enum { WIDE = sizeof wide / sizeof *wide };

START_TEST(a_full_disk_keeps_what_was_kept_and_the_run_goes_on) {
    const char *line = wide[_i].line;
    clean();
    expect_success("%s --out @/one", line);
    for (int tables = 0; tables < 2; tables++) { /* no room for a chunk, then room for chunks but not for the tables */
        file_size_limit = tables ? 32768 : 2048;
        struct outcome o = run_command("%s --out @/two --checkpoint @/ck --checkpoint-every 0 --resume", line);
        ck_assert_msg(o.status == 1, "%d: %s", o.status, o.err);
        ck_assert_ptr_nonnull(strstr(o.err, tables ? "/two/" : "/ck/chunk-0-"));
        ck_assert_ptr_nonnull(strstr(o.err, "cannot write; is the disk full?"));
        ck_assert_int_eq(strstr(o.err, "the chunks before are intact, and --resume goes on") != NULL, !tables);
        ck_assert_str_eq(strchr(o.err, '\n'), "\n");
        ck_assert(nothing_in("two"));
        if (!tables) ck_assert_int_eq(count_entries(scratch("ck")), 2); /* head and lock */
        outcome_free(&o);
    }
    ck_assert_int_gt(count_entries(scratch("ck")), 3);
    expect_success("%s --out @/two --checkpoint @/ck --resume", line);
    expect_same(wide[_i].run, "one", "two");
}
END_TEST

START_TEST(a_second_process_is_refused_while_the_first_is_at_work) {
    clean();
    struct child child = start_command(ENDLESS);
    wait_for_entries("ck", 3);
    expect_refused(1, "/ck: another process is at work", "", ENDLESS " --resume");
    ck_assert_int_eq(kill(child.pid, SIGKILL), 0);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 137);
    outcome_free(&o);
    expect_refused(2, "seed is 1 there and 7 here", "",
                   ENDLESS " --resume --seed 7"); /* the lock went with its owner */
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_checkpoint_interrupted");
    TCase *tc = tcase_create("cli_checkpoint_interrupted");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, an_interrupted_run_says_how_to_go_on, 0, ENDLESS_RUNS * SIGNALS);
    tcase_add_test(tc, a_second_signal_ends_a_cell_without_end_and_leaves_no_half_chunk);
    tcase_add_loop_test(tc, a_signal_while_the_picture_is_drawn_says_that_the_tables_are_complete, 0, DRAWN);
    tcase_add_loop_test(tc, a_full_disk_keeps_what_was_kept_and_the_run_goes_on, 0, WIDE);
    tcase_add_test(tc, a_second_process_is_refused_while_the_first_is_at_work);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
