/* A command that fails or is ended, by a full disk, a signal or a failed drawing, leaves all its files or none. */
#include "tests/cli/files.h"

/* All names and bytes of a directory and one below it; the caller frees. */
static char *read_tree(const char *directory) {
    char *names = list_names(directory), *all = calloc(1, 4 * MAX_TEXT), *save = NULL;
    size_t used = 0;
    ck_assert_ptr_nonnull(all);
    for (char *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
        char path[200];
        struct stat info;
        snprintf(path, sizeof path, "%s/%s", directory, name);
        ck_assert_int_eq(stat(scratch(path), &info), 0);
        used += (size_t)sprintf(all + used, "%s\n", name);
        if (S_ISDIR(info.st_mode)) {
            char *below = read_tree(path);
            used += (size_t)sprintf(all + used, "%s", below);
            free(below);
            continue;
        }
        FILE *file = fopen(scratch(path), "rb");
        for (int c; (c = getc(file)) != EOF && used < 4 * MAX_TEXT - 1000;) all[used++] = c ? (char)c : '0';
        fclose(file);
    }
    free(names);
    return all;
}

/* Commands and the number of files of their results; the first line makes those of an earlier run. */
static const char *const full[][2] = {
    {"run --series --starts 3 --save-weights @/o/w.csv --save-initial @/o/i.npy",
     "run --series --starts 20 --save-weights @/o/w.csv --save-initial @/o/i.npy"},
    {"run --starts 3 --estimator all --epochs 20", "run --starts 40 --estimator all --epochs 20"},
    {"run --starts 3 --estimator tangent --epochs 20 --history 2",
     "run --starts 30 --estimator tangent --epochs 20 --history 2"},
    {"sweep --over lr=1:2:2", "sweep --over lr=1:2:30"},
    {"spectrum --starts 3 --epochs 20 --history 2", "spectrum --starts 30 --epochs 20 --history 2"},
    {SMALL_MAP, "map --x lr:1:2 --y lr2:1:2 --resolution 12x12 --epochs 20"},
    {SMALL_DIAGRAM, "bifurcation --over lr:1:2:30 --epochs 20 --transient 5 --points 5"},
    {SMALL_SELECT " --searches 0", SMALL_SELECT " --searches 5 --seed 2"},
    {"series @/in.csv --column 2 --method rosenstein", "series @/in.csv --column 2 --method rosenstein --steps 40"},
    {"reproduce --starts 4", "reproduce --starts 8 --seed 2"},
    {"reproduce --report --section N --scale 0.0005", "reproduce --report --section N --scale 0.0005 --seed 2"},
    {"run --starts 20", "merge @/s1 @/s2"},
};
enum { FULL = sizeof full / sizeof *full };

/* A limit on the size of a file stands for a full disk; as it grows, other files are the first that do not fit. */
START_TEST(a_full_disk_leaves_the_earlier_results_as_they_were) {
    if (brief_tests() && strncmp(full[_i][0], "reproduce", 9) == 0) SKIP("brief tests");
    write_series();
    remove_tree(scratch("o"));
    remove_tree(scratch("s1"));
    remove_tree(scratch("s2"));
    for (int s = 1; s <= 2 && strncmp(full[_i][1], "merge", 5) == 0; s++)
        expect_success("run --starts 40 --checkpoint @/s%d --shard %d/2 --quiet", s, s);
    struct outcome o = run_command(NO_GNUPLOT "%s --quiet --out @/o", full[_i][0]);
    ck_assert_msg(exists("o/manifest.txt"), "%s", o.err);
    outcome_free(&o);
    char *before = read_tree("o");
    int failures = 0;
    bool done = false;
    for (rlim_t limit = 512; limit < (1 << 22) && !done; limit *= work(2, 8)) { /* 512 for the message */
        file_size_limit = limit;
        o = run_command(NO_GNUPLOT "%s --quiet --out @/o", full[_i][1]);
        done = o.status == 0;
        char *after = read_tree("o");
        if (done)
            ck_assert_str_ne(before, after);
        else {
            ck_assert_msg(o.status == 1, "%s: %s", full[_i][1], o.err);
            ck_assert_msg(strstr(o.err, ": cannot write") != NULL, "%s", o.err);
            ck_assert_str_eq(strchr(o.err, '\n'), "\n");
            ck_assert_msg(strcmp(before, after) == 0, "limit %d: the directory has changed", (int)limit);
            failures++;
        }
        free(after);
        outcome_free(&o);
    }
    ck_assert(done);
    ck_assert_int_ge(failures, (int)work(2, 1));
    free(before);
}
END_TEST

/* A table that is the full device, through a link: all the others must not be there. */
START_TEST(one_file_on_a_full_device_keeps_all_others_away) {
    char names[256], line[600], path[100];
    if (access("/dev/full", W_OK) != 0) SKIP("there is no /dev/full");
    write_series();
    put("d.csv", table);
    snprintf(names, sizeof names, "%s", tables[_i].names);
    for (char *save = NULL, *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
        if (strstr(name, ".png") || strstr(name, ".svg")) continue;
        fresh("o");
        snprintf(path, sizeof path, "o/%s", name);
        ck_assert_int_eq(symlink("/dev/full", scratch(path)), 0);
        bool series = strncmp(tables[_i].line, "series", 6) == 0;
        snprintf(line, sizeof line, tables[_i].line, series ? "@/in.csv" : "@/d.csv");
        struct outcome o = run_command(NO_GNUPLOT "%s --quiet --out @/o", line);
        ck_assert_msg(o.status == 1 && strstr(o.err, "cannot write"), "%s: %s", name, o.err);
        ck_assert_int_eq(count_entries(scratch("o")), 1);
        outcome_free(&o);
    }
}
END_TEST

/* The first ends at once or at the end of the work at hand; the status is the signal's. */
static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGABRT, SIGSEGV};
enum { SIGNALS = sizeof signals / sizeof *signals };

START_TEST(no_signal_leaves_temporaries) {
    static const char *const lines[] = {
        "run --starts 1000000000 --epochs 1000 --out @/o --save-weights @/w.csv",
        "map --x lr:1:20 --y lr2:1:20 --resolution 4096x4096 --epochs 100000 --out @/o",
        "reproduce --starts 10000000 --out @/o",
        "reproduce --report --full --out @/o",
    };
    const char *wrapper = getenv("EXEC_WRAPPER");
    bool fault = signals[_i] == SIGABRT || signals[_i] == SIGSEGV;
    if (fault && wrapper && *wrapper) SKIP("emulators have these signals for themselves");
#if defined(__SANITIZE_ADDRESS__)
    if (signals[_i] == SIGSEGV) SKIP("the address sanitizer has this signal for itself");
#endif
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        fresh("o");
        unlink(scratch("w.csv"));
        struct child child = start_command(lines[i]);
        wait_for_entries("o", 2);
        nanosleep(&(struct timespec){.tv_nsec = 30 * 1000 * 1000}, NULL);
        ck_assert_int_eq(kill(child.pid, signals[_i]), 0);
        struct outcome o = finish_command(&child);
        ck_assert_msg(o.status == 128 + signals[_i], "%s: status %d: %s", lines[i], o.status, o.err);
        ck_assert_int_eq(count_entries(scratch("o")), 0);
        ck_assert(!exists("w.csv"));
        outcome_free(&o);
    }
}
END_TEST

/* A program called gnuplot that makes its pictures a while later. */
START_TEST(no_signal_leaves_a_drawing_that_goes_on) {
    static const char slow[] = "#!/bin/sh\necho > ./drawing\n/bin/sleep 0.1\necho > \"$4\"\necho > \"$5\"\n";
    static const int at_once[] = {SIGQUIT, SIGUSR1};
    fresh("o");
    fresh("slow");
    put("slow/gnuplot", slow);
    ck_assert_int_eq(chmod(scratch("slow/gnuplot"), 0755), 0);
    struct child child = start_command("PATH=@/slow " SMALL_MAP " --quiet --out @/o");
    wait_for_file("o/drawing");
    ck_assert_int_eq(kill(child.pid, at_once[_i]), 0);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 128 + at_once[_i]);
    outcome_free(&o);
    nanosleep(&(struct timespec){.tv_nsec = 300 * 1000 * 1000}, NULL);
    expect_names("o", " boxes.csv drawing manifest.txt map.csv map.gp map.npy");
}
END_TEST

/* Commands that fail only after they have made their directories. */
START_TEST(a_command_that_fails_leaves_no_directory) {
    static const char *const lines[] = {
        "run --quiet --save-weights @/missing/w.csv --out @/new/o",
        "run --quiet --save-weights /dev/full --out @/new/o",
        "run --quiet --loss-window 5,6 --max-draws 10 --out @/new/o",
        "map --x lr:1:2 --y lr2:1:2 --resolution 4x4 --epochs 20 --quiet --save-weights @/missing/w --out @/new/o",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        remove_tree(scratch("new"));
        struct outcome o = run_command("%s", lines[i]);
        ck_assert_msg(o.status == 1 || o.status == 2, "%s: %d", lines[i], o.status);
        ck_assert_msg(!exists("new"), "%s", lines[i]);
        outcome_free(&o);
    }
    expect_success("run --quiet --out @/new/o");
    expect_names("new/o", " cells.csv manifest.txt");
}
END_TEST

/* Waits up to five seconds. */
static void await_end(pid_t pid) {
    siginfo_t info = {0};
    for (int t = 0; t < 5000 && info.si_pid == 0; t++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000 * 1000}, NULL);
        ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT), 0);
    }
}

/* Nobody writes into the pipe: the command waits in its open or read, where nothing asks for signals. */
static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};

START_TEST(one_signal_ends_a_command_that_waits_for_its_input) {
    static const char *const lines[] = {
        "run --data @/p --quiet --out @/new/o",
        "run --weights @/p --quiet --out @/new/o",
        "map --x lr:1:2 --y lr2:1:2 --resolution 4x4 --data @/p --quiet --out @/new/o",
        "select --data @/p --quiet --out @/new/o",
        "series @/p --quiet --out @/new/o",
    };
    remove_tree(scratch("new"));
    unlink(scratch("p"));
    ck_assert_int_eq(mkfifo(scratch("p"), 0600), 0);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        for (int held = 0; held < 2; held++) { /* in the open, in the read */
            int writer = held ? open(scratch("p"), O_RDWR) : -1;
            struct child child = start_command(lines[i]);
            wait_for_sleep(child.pid, stopping[_i]);
            ck_assert_int_eq(kill(child.pid, stopping[_i]), 0);
            await_end(child.pid);
            kill(child.pid, SIGKILL);
            struct outcome o = finish_command(&child);
            ck_assert_msg(o.status == 128 + stopping[_i], "%s: status %d: %s", lines[i], o.status, o.err);
            ck_assert_str_eq(o.err, "lyapgrad: interrupted\n");
            ck_assert(!exists("new"));
            outcome_free(&o);
            if (held) close(writer);
        }
}
END_TEST

/* A program called gnuplot that ends well without a picture, as the real one does on a full disk, or says something, or fails. */
START_TEST(a_drawing_that_is_not_finished_says_that_the_tables_are) {
    static const char *const programs[][2] = {
        {"#!/bin/sh\nexit 0\n", "gnuplot did not finish "},
        {"#!/bin/sh\necho line 3: no room\n", "(line 3: no room)"},
        {"#!/bin/sh\nexit 1\n", "gnuplot failed on "},
    };
    fresh("silent");
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        remove_tree(scratch("o"));
        put("silent/gnuplot", programs[i][0]);
        ck_assert_int_eq(chmod(scratch("silent/gnuplot"), 0755), 0);
        struct outcome o = run_command("PATH=@/silent " SMALL_MAP " --quiet --out @/o");
        ck_assert_int_eq(o.status, 1);
        ck_assert_msg(strstr(o.err, programs[i][1]) && !strstr(o.err, "no message"), "%s", o.err);
        ck_assert_msg(strstr(o.err, "the tables there are complete, only the picture is missing; is the disk full?"),
                      "%s", o.err);
        ck_assert_str_eq(strchr(o.err, '\n'), "\n");
        outcome_free(&o);
        expect_names("o", " boxes.csv manifest.txt map.csv map.gp map.npy");
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_failure");
    TCase *tc = tcase_create("cli_failure");
    tcase_set_timeout(tc, 240);
    tcase_add_test(tc, a_command_that_fails_leaves_no_directory);
    tcase_add_loop_test(tc, one_signal_ends_a_command_that_waits_for_its_input, 0,
                        (int)(sizeof stopping / sizeof *stopping));
    tcase_add_test(tc, a_drawing_that_is_not_finished_says_that_the_tables_are);
    tcase_add_loop_test(tc, a_full_disk_leaves_the_earlier_results_as_they_were, 0, FULL);
    tcase_add_loop_test(tc, one_file_on_a_full_device_keeps_all_others_away, 0, TABLE_COMMANDS);
    tcase_add_loop_test(tc, no_signal_leaves_temporaries, 0, SIGNALS);
    tcase_add_loop_test(tc, no_signal_leaves_a_drawing_that_goes_on, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
