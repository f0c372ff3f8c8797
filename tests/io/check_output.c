#include "io/output_file.h"

#include <fcntl.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/support.h"

static struct lyap_output_watch watch;

static void expect_content(const char *path, const char *content) {
    char text[256];
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    ck_assert_str_eq(text, content);
}

static bool exists(const char *path) {
    return access(path, F_OK) == 0;
}

/* A fresh subdirectory for one test. */
static const char *fresh(const char *name) {
    const char *path = scratch(name);
    ck_assert_int_eq(mkdir(path, 0777), 0);
    return path;
}

START_TEST(a_file_appears_under_its_name_only_at_commit) {
    fresh("commit");
    const char *path = scratch("commit/a.csv");
    struct lyap_output output;
    ck_assert_int_eq(lyap_output_open(&output, path, &watch, NULL), LYAP_OK);
    fputs("x\n1\n", output.file);
    fflush(output.file);
    ck_assert(!exists(path));
    ck_assert(exists(output.temporary));
    ck_assert_str_eq(output.path, path);
    ck_assert_int_eq(lyap_output_commit(&output, NULL), LYAP_OK);
    expect_content(path, "x\n1\n");
    ck_assert_int_eq(count_entries(scratch("commit")), 1);
    lyap_output_abandon(&output); /* harmless now */
    expect_content(path, "x\n1\n");
}
END_TEST

START_TEST(an_existing_file_survives_until_commit_and_an_abandoned_run) {
    fresh("survive");
    const char *path = scratch("survive/a.csv");
    scratch_file("survive/a.csv", "old", 3);
    struct lyap_output output;
    ck_assert_int_eq(lyap_output_open(&output, path, &watch, NULL), LYAP_OK);
    fputs("half", output.file);
    fflush(output.file);
    expect_content(path, "old");
    lyap_output_abandon(&output);
    expect_content(path, "old");
    ck_assert_int_eq(count_entries(scratch("survive")), 1);
    ck_assert_int_eq(lyap_output_open(&output, path, &watch, NULL), LYAP_OK);
    fputs("new", output.file);
    ck_assert_int_eq(lyap_output_commit(&output, NULL), LYAP_OK);
    expect_content(path, "new");
}
END_TEST

START_TEST(a_zeroed_output_can_be_abandoned_but_not_committed) {
    struct lyap_output output = {0};
    struct lyap_error error = {0};
    lyap_output_abandon(&output);
    ck_assert_int_eq(lyap_output_commit(&output, &error), LYAP_ERROR_OUTPUT);
}
END_TEST

START_TEST(abandon_all_removes_every_open_temporary_and_no_finished_file) {
    fresh("all");
    struct lyap_output output[3];
    ck_assert_int_eq(lyap_output_open(&output[0], scratch("all/a"), &watch, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_output_open(&output[1], scratch("all/b"), &watch, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_output_open(&output[2], scratch("all/c"), &watch, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_output_commit(&output[1], NULL), LYAP_OK);
    ck_assert_int_eq(count_entries(scratch("all")), 3);
    lyap_output_abandon_all(&watch);
    ck_assert_int_eq(count_entries(scratch("all")), 1);
    ck_assert(exists(scratch("all/b")));
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_output_commit(&output[0], &error), LYAP_ERROR_OUTPUT); /* its temporary is gone */
    lyap_output_abandon(&output[2]);
}
END_TEST

START_TEST(two_outputs_of_one_name_do_not_share_a_temporary) {
    fresh("twice");
    struct lyap_output first, second;
    ck_assert_int_eq(lyap_output_open(&first, scratch("twice/a"), &watch, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_output_open(&second, scratch("twice/a"), &watch, NULL), LYAP_OK);
    fputs("first", first.file);
    fputs("second", second.file);
    ck_assert_int_eq(lyap_output_commit(&first, NULL), LYAP_OK);
    expect_content(scratch("twice/a"), "first");
    ck_assert_int_eq(lyap_output_commit(&second, NULL), LYAP_OK);
    expect_content(scratch("twice/a"), "second");
    ck_assert_int_eq(count_entries(scratch("twice")), 1);
}
END_TEST

START_TEST(there_is_room_for_256_outputs_and_their_places_are_free_again) {
    fresh("many");
    struct lyap_output output[257];
    struct lyap_error error = {0};
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 256; i++) {
            char name[32];
            snprintf(name, sizeof name, "many/%d", i);
            ck_assert_int_eq(lyap_output_open(&output[i], scratch(name), &watch, &error), LYAP_OK);
        }
        ck_assert_int_eq(lyap_output_open(&output[256], scratch("many/256"), &watch, &error), LYAP_ERROR_OUTPUT);
        ck_assert_int_eq(count_entries(scratch("many")), 256);
        for (int i = 0; i < 256; i++) lyap_output_abandon(&output[i]);
        ck_assert_int_eq(count_entries(scratch("many")), 0);
    }
}
END_TEST

START_TEST(a_link_stays_a_link_and_permissions_stay) {
    fresh("link");
    scratch_file("link/real", "old", 3);
    ck_assert_int_eq(chmod(scratch("link/real"), 0600), 0);
    ck_assert_int_eq(symlink("real", scratch("link/alias")), 0);
    struct lyap_output output;
    ck_assert_int_eq(lyap_output_open(&output, scratch("link/alias"), &watch, NULL), LYAP_OK);
    fputs("new", output.file);
    ck_assert_int_eq(lyap_output_commit(&output, NULL), LYAP_OK);
    expect_content(scratch("link/real"), "new");
    struct stat info;
    ck_assert_int_eq(lstat(scratch("link/alias"), &info), 0);
    ck_assert(S_ISLNK(info.st_mode));
    ck_assert_int_eq(stat(scratch("link/real"), &info), 0);
    ck_assert_uint_eq(info.st_mode & 0777, 0600);
}
END_TEST

START_TEST(an_impossible_target_is_refused_with_its_name_and_reason) {
    struct lyap_output output;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_output_open(&output, scratch_directory, &watch, &error), LYAP_ERROR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(error.message, scratch_directory));
    ck_assert_ptr_nonnull(strstr(error.message, "directory"));
    ck_assert_int_eq(lyap_output_open(&output, scratch("none/a.csv"), &watch, &error), LYAP_ERROR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(error.message, "none/a.csv: cannot create: No such file or directory"));
    ck_assert_int_eq(lyap_output_open(&output, "", &watch, &error), LYAP_ERROR_OUTPUT);
    ck_assert_ptr_null(output.file);
    ck_assert_ptr_null(output.path);
}
END_TEST

START_TEST(a_write_protected_file_is_not_replaced) {
    if (geteuid() == 0) SKIP("nothing is write-protected for root");
    fresh("protected");
    scratch_file("protected/a", "old", 3);
    ck_assert_int_eq(chmod(scratch("protected/a"), 0444), 0);
    struct lyap_output output;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_output_open(&output, scratch("protected/a"), &watch, &error), LYAP_ERROR_OUTPUT);
    expect_content(scratch("protected/a"), "old");
}
END_TEST

START_TEST(a_full_device_is_an_error_at_commit) {
    if (!exists("/dev/full")) SKIP("there is no /dev/full");
    struct lyap_output output;
    struct lyap_error error = {0};
    const int counts[] = {1, 100000}; /* the flush at the end fails, and one long before */
    for (int k = 0; k < 2; k++) {
        ck_assert_int_eq(lyap_output_open(&output, "/dev/full", &watch, &error), LYAP_OK);
        ck_assert_ptr_null(output.temporary);
        for (int i = 0; i < counts[k]; i++) fputs("0.123456789\n", output.file);
        ck_assert_int_eq(lyap_output_commit(&output, &error), LYAP_ERROR_OUTPUT);
        ck_assert_ptr_nonnull(strstr(error.message, "/dev/full: cannot write: "));
    }
}
END_TEST

/* Loop index 1: the disk has room again before the commit, so that only the stream knows of the lost bytes. */
START_TEST(a_full_disk_leaves_nothing_behind) {
    const char *directory = fresh(_i == 0 ? "full" : "full_once");
    char path[512];
    snprintf(path, sizeof path, "%s/a", directory);
    FILE *old = fopen(path, "w");
    ck_assert_ptr_nonnull(old);
    fputs("old", old);
    fclose(old);
    struct rlimit before, tight;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = 4096;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    struct lyap_output output;
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_output_open(&output, path, &watch, &error), LYAP_OK);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &tight), 0);
    for (int i = 0; i < 10000; i++) fputs("0.123456789\n", output.file);
    if (_i == 1) setrlimit(RLIMIT_FSIZE, &before);
    enum lyap_status status = lyap_output_commit(&output, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    ck_assert_int_eq(status, LYAP_ERROR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(error.message, "/a: cannot write: "));
    ck_assert_int_eq(count_entries(directory), 1);
    expect_content(path, "old");
}
END_TEST

START_TEST(a_pipe_is_written_directly) {
    fresh("pipe");
    const char *path = scratch("pipe/fifo");
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    ck_assert_int_ge(reader, 0);
    struct lyap_output output;
    ck_assert_int_eq(lyap_output_open(&output, path, &watch, NULL), LYAP_OK);
    ck_assert_ptr_null(output.temporary);
    fputs("through", output.file);
    ck_assert_int_eq(lyap_output_commit(&output, NULL), LYAP_OK);
    char text[16] = {0};
    ck_assert_int_eq(read(reader, text, sizeof text - 1), 7);
    ck_assert_str_eq(text, "through");
    close(reader);
    struct stat info;
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert(S_ISFIFO(info.st_mode));
}
END_TEST

START_TEST(standard_output_is_continued_where_it_stands) {
    fresh("stdout");
    const char *path = scratch("stdout/log");
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        int descriptor = open(path, O_WRONLY | O_CREAT, 0600);
        if (dup2(descriptor, STDOUT_FILENO) < 0 || write(STDOUT_FILENO, "before ", 7) != 7) _exit(1);
        struct lyap_output output;
        if (lyap_output_open(&output, "/dev/stdout", &watch, NULL) != LYAP_OK) _exit(2);
        fputs("during ", output.file);
        if (lyap_output_commit(&output, NULL) != LYAP_OK) _exit(3);
        _exit(write(STDOUT_FILENO, "after", 5) == 5 ? 0 : 4);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    expect_content(path, "before during after");
}
END_TEST

START_TEST(a_directory_is_made_with_its_parents) {
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_output_directory(scratch("deep/er/and//deeper/"), NULL, &error), LYAP_OK);
    ck_assert(exists(scratch("deep/er/and/deeper")));
    ck_assert_int_eq(lyap_output_directory(scratch("deep/er"), NULL, &error), LYAP_OK);
    ck_assert_int_eq(lyap_output_directory("/", NULL, &error), LYAP_OK);
    ck_assert_int_eq(lyap_output_directory(".", NULL, &error), LYAP_OK);
    ck_assert_int_eq(lyap_output_directory("", NULL, &error), LYAP_ERROR_OUTPUT);
}
END_TEST

START_TEST(a_file_in_the_way_of_a_directory_is_named) {
    struct lyap_error error = {0};
    scratch_file("file", "x", 1);
    ck_assert_int_eq(lyap_output_directory(scratch("file"), NULL, &error), LYAP_ERROR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(error.message, "/file is a file"));
    ck_assert_int_eq(lyap_output_directory(scratch("file/below"), NULL, &error), LYAP_ERROR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(error.message, "/file/below: cannot create the directory: "));
    expect_content(scratch("file"), "x");
}
END_TEST

static void expect_format(double value, const char *text) {
    char buffer[32];
    ck_assert_str_eq(lyap_format_real(value, buffer), text);
}

START_TEST(short_numbers_stay_short) {
    expect_format(0, "0");
    expect_format(-0.0, "-0");
    expect_format(1, "1");
    expect_format(0.1, "0.1");
    expect_format(-2.25, "-2.25");
    expect_format(1e9, "1000000000");
    expect_format(1e300, "1e+300");
    expect_format(0.001f, "0.0010000000474974513");
    expect_format(DBL_MAX, "1.7976931348623157e+308");
}
END_TEST

START_TEST(every_number_reads_back_to_the_same_bits) {
    uint64_t state = 1;
    char text[32];
    for (int i = 0; i < 200000; i++) {
        test_random(&state);
        uint64_t bits = state ^ state >> 29;
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        lyap_format_real(value, text);
        double back = strtod(text, NULL);
        ck_assert_msg(memcmp(&back, &value, sizeof value) == 0, "%s", text);
        if (fabs(value) > FLT_MAX) continue;
        float single = (float)value;
        float single_back = strtof(lyap_format_real(single, text), NULL);
        ck_assert_msg(memcmp(&single_back, &single, sizeof single) == 0, "%s", text);
    }
}
END_TEST

/* Where the system has no such locale, this repeats the C locale. */
START_TEST(numbers_have_a_point_in_every_locale) {
    static const char *const names[] = {"C", "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fa_IR.UTF-8", "ps_AF.UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (setlocale(LC_ALL, names[i]) == NULL) continue;
        expect_format(-0.5, "-0.5");
        expect_format(1.0 / 3, "0.33333333333333331");
        expect_format(-1.5e-300, "-1.5e-300");
        expect_format(7, "7");
        expect_format(1e22, "1e+22");
        setlocale(LC_ALL, "C");
    }
}
END_TEST

START_TEST(a_directory_that_stays_empty_goes_and_others_stay) {
    for (int by_signal = 0; by_signal < 2; by_signal++) {
        remove_tree(scratch("begun"));
        ck_assert_int_eq(mkdir(scratch("begun"), 0777), 0);
        ck_assert_int_eq(lyap_output_directory(scratch("begun/a/b"), &watch, NULL), LYAP_OK);
        ck_assert_int_eq(lyap_output_directory(scratch("begun/c"), &watch, NULL), LYAP_OK);
        struct lyap_output output;
        ck_assert_int_eq(lyap_output_open(&output, scratch("begun/c/file"), &watch, NULL), LYAP_OK);
        ck_assert_int_eq(lyap_output_commit(&output, NULL), LYAP_OK);
        if (by_signal) ck_assert(lyap_output_abandon_all(&watch));
        lyap_output_watch_settle(&watch);
        ck_assert_int_ne(access(scratch("begun/a"), F_OK), 0);
        ck_assert_int_eq(access(scratch("begun/c/file"), F_OK), 0);
        /* what was there before is not its own, and what was settled is forgotten */
        unlink(scratch("begun/c/file"));
        ck_assert_int_eq(lyap_output_directory(scratch("begun/c"), &watch, NULL), LYAP_OK);
        lyap_output_watch_settle(&watch);
        ck_assert_int_eq(access(scratch("begun/c"), F_OK), 0);
    }
}
END_TEST

START_TEST(outputs_without_a_watch_are_not_limited_and_another_watch_does_not_know_them) {
    enum { MANY = 300 };
    static struct lyap_output output[MANY];
    static struct lyap_output_watch other;
    ck_assert_int_eq(lyap_output_directory(scratch("unwatched"), NULL, NULL), LYAP_OK);
    for (int i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof name, "unwatched/%d", i);
        ck_assert_int_eq(lyap_output_open(&output[i], scratch(name), i ? NULL : &watch, NULL), LYAP_OK);
    }
    ck_assert(lyap_output_abandon_all(&other));
    ck_assert_int_eq(count_entries(scratch("unwatched")), MANY);
    ck_assert(lyap_output_abandon_all(&watch));
    ck_assert_int_eq(count_entries(scratch("unwatched")), MANY - 1);
    for (int i = 0; i < MANY; i++) lyap_output_abandon(&output[i]);
    lyap_output_watch_settle(NULL);
    ck_assert_int_eq(count_entries(scratch("unwatched")), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("output");
    TCase *tests = tcase_create("output");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_file_appears_under_its_name_only_at_commit);
    tcase_add_test(tests, an_existing_file_survives_until_commit_and_an_abandoned_run);
    tcase_add_test(tests, a_zeroed_output_can_be_abandoned_but_not_committed);
    tcase_add_test(tests, abandon_all_removes_every_open_temporary_and_no_finished_file);
    tcase_add_test(tests, two_outputs_of_one_name_do_not_share_a_temporary);
    tcase_add_test(tests, there_is_room_for_256_outputs_and_their_places_are_free_again);
    tcase_add_test(tests, a_link_stays_a_link_and_permissions_stay);
    tcase_add_test(tests, an_impossible_target_is_refused_with_its_name_and_reason);
    tcase_add_test(tests, a_write_protected_file_is_not_replaced);
    tcase_add_test(tests, a_full_device_is_an_error_at_commit);
    tcase_add_loop_test(tests, a_full_disk_leaves_nothing_behind, 0, 2);
    tcase_add_test(tests, a_pipe_is_written_directly);
    tcase_add_test(tests, standard_output_is_continued_where_it_stands);
    tcase_add_test(tests, a_directory_is_made_with_its_parents);
    tcase_add_test(tests, a_file_in_the_way_of_a_directory_is_named);
    tcase_add_test(tests, short_numbers_stay_short);
    tcase_add_test(tests, every_number_reads_back_to_the_same_bits);
    tcase_add_test(tests, numbers_have_a_point_in_every_locale);
    tcase_add_test(tests, a_directory_that_stays_empty_goes_and_others_stay);
    tcase_add_test(tests, outputs_without_a_watch_are_not_limited_and_another_watch_does_not_know_them);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
