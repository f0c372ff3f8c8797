/* Files that appear together or not at all, and the names under which one file can go. */
#include "results/manifest_read.h"
#include "io/output_set.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/support.h"

static struct lyap_output_watch watch;
#include "tests/skip.h"

static void expect_content(const char *path, const char *content) {
    char text[256];
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    ck_assert_msg(strcmp(text, content) == 0, "%s holds '%s', not '%s'", path, text, content);
}

static bool exists(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0;
}

static void fresh(const char *name) {
    remove_tree(scratch(name));
    ck_assert_int_eq(mkdir(scratch(name), 0777), 0);
}

static void put(const char *name, const char *text) {
    scratch_file(name, text, strlen(text));
}

/* A set in DIR with files of these names, whose content is "new". */
static void open_set(struct lyap_output_set *set, const char *directory, const struct lyap_file_roles *roles,
                     const char *const *names) {
    struct lyap_error error = {0};
    ck_assert_msg(lyap_output_set_open(set, scratch(directory), roles, &watch, &error) == LYAP_OK, "%s", error.message);
    for (; *names; names++) {
        FILE *file = lyap_output_set_add(set, *names, &error);
        ck_assert_msg(file != NULL, "%s", error.message);
        fputs("new", file);
    }
}

static const char *const abc[] = {"a", "b", "c", NULL};

START_TEST(no_file_has_its_name_before_the_commit_and_all_have_it_after) {
    struct lyap_output_set set;
    fresh("together");
    put("together/b", "old");
    open_set(&set, "together", NULL, abc);
    ck_assert(!exists(scratch("together/a")) && !exists(scratch("together/c")));
    expect_content(scratch("together/b"), "old");
    ck_assert_int_eq(lyap_output_set_commit(&set, NULL), LYAP_OK);
    for (int i = 0; abc[i]; i++) {
        char name[32];
        snprintf(name, sizeof name, "together/%s", abc[i]);
        expect_content(scratch(name), "new");
    }
    ck_assert_int_eq(count_entries(scratch("together")), 3);
    lyap_output_set_abandon(&set); /* harmless now */
    open_set(&set, "together", NULL, abc);
    lyap_output_set_abandon(&set);
    ck_assert_int_eq(count_entries(scratch("together")), 3);
}
END_TEST

/* A directory that takes the place of the file _i after it was opened. */
START_TEST(a_rename_that_fails_takes_those_before_it_and_the_removals_back) {
    struct lyap_output_set set;
    struct lyap_error error = {0};
    char name[32];
    fresh("back");
    put("back/b", "old");
    put("back/gone", "earlier");
    open_set(&set, "back", NULL, abc);
    ck_assert_int_eq(lyap_output_set_earlier(&set, "gone", &error), LYAP_OK);
    snprintf(name, sizeof name, "back/%s", abc[_i]);
    unlink(scratch(name));
    ck_assert_int_eq(mkdir(scratch(name), 0777), 0);
    ck_assert_int_eq(lyap_output_set_commit(&set, &error), LYAP_ERROR_OUTPUT);
    snprintf(name, sizeof name, "/back/%s: cannot rename", abc[_i]);
    ck_assert_msg(strstr(error.message, name) != NULL, "%s", error.message);
    ck_assert(_i == 0 || !exists(scratch("back/a")));
    if (_i != 1) expect_content(scratch("back/b"), "old");
    ck_assert(_i == 2 || !exists(scratch("back/c")));
    expect_content(scratch("back/gone"), "earlier");
    ck_assert_int_eq(count_entries(scratch("back")), _i == 1 ? 2 : 3);
}
END_TEST

/* A full device, written directly, and a limit on the size of files, which the flush of the last byte meets. */
START_TEST(a_file_that_cannot_be_written_leaves_all_others_as_they_were) {
    struct lyap_output_set set;
    struct lyap_error error = {0};
    struct rlimit before, tight;
    if (_i == 0 && access("/dev/full", W_OK) != 0) SKIP("there is no /dev/full");
    fresh("full");
    put("full/a", "old");
    if (_i == 0) ck_assert_int_eq(symlink("/dev/full", scratch("full/b")), 0);
    open_set(&set, "full", NULL, abc);
    ck_assert_int_eq(lyap_output_set_check(&set, &error), LYAP_OK);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    if (_i == 1) tight.rlim_cur = 2;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &tight), 0);
    enum lyap_status status = lyap_output_set_commit(&set, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    ck_assert_int_eq(status, LYAP_ERROR_OUTPUT);
    ck_assert_msg(strstr(error.message, _i ? "/full/a: cannot write: " : "/full/b: cannot write: ") != NULL, "%s",
                  error.message);
    expect_content(scratch("full/a"), "old");
    ck_assert(!exists(scratch("full/c")));
    ck_assert_int_eq(count_entries(scratch("full")), _i == 0 ? 2 : 1);
}
END_TEST

START_TEST(a_stream_that_failed_is_told_before_the_end) {
    struct lyap_output_set set;
    struct lyap_error error = {0};
    if (access("/dev/full", W_OK) != 0) SKIP("there is no /dev/full");
    ck_assert_int_eq(lyap_output_set_open(&set, scratch_directory, NULL, &watch, &error), LYAP_OK);
    FILE *file = lyap_output_set_add_path(&set, "/dev/full", &error);
    for (int i = 0; i < 10000; i++) fputs("0.123456789\n", file);
    ck_assert_int_eq(lyap_output_set_check(&set, &error), LYAP_ERROR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(error.message, "/dev/full: cannot write; is the disk full?"));
    lyap_output_set_abandon(&set);
}
END_TEST

/* What an earlier run is said to have left, and whether it goes. */
static const struct {
    const char *name;
    bool goes;
} left[] = {
    {"plain", true},
    {"a", false},
    {"input", false},
    {"linked-input", false},
    {"link", false},
    {"directory", false},
    {"../outside", false},
    {"sub/plain", true},
    {"other/plain", false},
    {"alias/plain", false},
    {"sub/../x", false},
    {"./plain2", false},
    {"", false},
    {".", false},
    {"..", false},
    {"sub/..", false},
    {"sub/", false},
    {"/sub", false},
    {"missing", false},
    {"saved", false},
    {"sub/sub/x", false},
};

START_TEST(only_plain_files_that_the_set_does_not_write_and_the_run_does_not_read_are_removed) {
    static const char *const names[] = {"a", "sub/b", "alias/c", NULL};
    static const char *const made[] = {"e/plain", "e/input",  "e/sub/plain", "e/other/plain",
                                       "outside", "e/plain2", "e/x",         "e/saved"};
    struct lyap_file_roles roles = {0};
    struct lyap_output_set set;
    struct lyap_error error = {0};
    fresh("e");
    mkdir(scratch("e/sub"), 0777);
    mkdir(scratch("e/other"), 0777);
    mkdir(scratch("e/directory"), 0777);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) put(made[i], "old");
    ck_assert_int_eq(symlink("plain2", scratch("e/link")), 0);
    ck_assert_int_eq(symlink("other", scratch("e/alias")), 0);
    ck_assert_int_eq(link(scratch("e/input"), scratch("e/linked-input")), 0);
    lyap_file_roles_add_in(&roles, LYAP_FILE_READ, "--data", scratch("e"), "input");
    open_set(&set, "e", &roles, names);
    fputs("new", lyap_output_set_add_path(&set, scratch("e/saved"), &error));
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        ck_assert_int_eq(lyap_output_set_earlier(&set, left[i].name, &error), LYAP_OK);
    ck_assert_msg(lyap_output_set_commit(&set, &error) == LYAP_OK, "%s", error.message);
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        char path[64];
        if (strstr("missing", left[i].name) || strstr(left[i].name, "sub/sub")) continue;
        snprintf(path, sizeof path, "e/%s", left[i].name);
        ck_assert_msg(exists(scratch(path)) != left[i].goes, "%s", path);
    }
    expect_content(scratch("outside"), "old");
    expect_content(scratch("e/saved"), "new");
    lyap_file_roles_free(&roles);
}
END_TEST

static bool owns(const char *name) {
    return strncmp(name, "mine-", 5) == 0;
}

START_TEST(a_directory_of_the_set_goes_when_it_is_empty_and_the_program_s_own_ones_are_cleared) {
    struct lyap_output_set set;
    struct lyap_error error = {0};
    static const char *const none[] = {NULL};
    fresh("dirs");
    ck_assert_int_eq(lyap_output_set_open(&set, scratch("dirs"), NULL, NULL, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_output_set_directory(&set, "mine-1", &error), LYAP_OK);
    ck_assert_ptr_nonnull(lyap_output_set_add(&set, "mine-1/a", &error));
    lyap_output_set_abandon(&set);
    ck_assert_int_eq(count_entries(scratch("dirs")), 0);
    for (int run = 0; run < 2; run++) {
        ck_assert_int_eq(lyap_output_set_open(&set, scratch("dirs"), NULL, NULL, NULL), LYAP_OK);
        ck_assert_int_eq(lyap_output_set_directory(&set, "mine-1", &error), LYAP_OK);
        ck_assert_ptr_nonnull(lyap_output_set_add(&set, "mine-1/a", &error));
        if (run == 0) ck_assert_int_eq(lyap_output_set_commit(&set, &error), LYAP_OK);
        lyap_output_set_abandon(&set); /* a directory that was there stays */
        ck_assert(exists(scratch("dirs/mine-1/a")));
    }
    mkdir(scratch("dirs/mine-2"), 0777);
    mkdir(scratch("dirs/other"), 0777);
    put("dirs/mine-2/a", "old");
    put("dirs/mine-2/kept", "old");
    put("dirs/other/a", "old");
    open_set(&set, "dirs", NULL, none);
    set.owns = owns;
    ck_assert_int_eq(lyap_output_set_earlier(&set, "mine-1/a", &error), LYAP_OK);
    ck_assert_int_eq(lyap_output_set_earlier(&set, "mine-2/a", &error), LYAP_OK);
    ck_assert_int_eq(lyap_output_set_earlier(&set, "other/a", &error), LYAP_OK);
    ck_assert_int_eq(lyap_output_set_commit(&set, &error), LYAP_OK);
    ck_assert(!exists(scratch("dirs/mine-1")));
    ck_assert(!exists(scratch("dirs/mine-2/a")));
    ck_assert(exists(scratch("dirs/mine-2/kept")));
    ck_assert(exists(scratch("dirs/other/a")));
    fresh("dirs");
    put("dirs/mine-1", "a file");
    ck_assert_int_eq(lyap_output_set_open(&set, scratch("dirs"), NULL, NULL, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_output_set_directory(&set, "mine-1", &error), LYAP_ERROR_OUTPUT);
    lyap_output_set_abandon(&set);
    expect_content(scratch("dirs/mine-1"), "a file");
}
END_TEST

START_TEST(names_are_listed_in_order_without_the_one_left_out_and_files_elsewhere) {
    struct lyap_output_set set;
    char text[64] = "";
    fresh("names");
    open_set(&set, "names", NULL, abc);
    ck_assert_ptr_nonnull(lyap_output_set_add_path(&set, scratch("names/w"), NULL));
    FILE *file = tmpfile();
    lyap_output_set_names(&set, "b", file);
    rewind(file);
    ck_assert_ptr_nonnull(fgets(text, sizeof text, file));
    ck_assert_str_eq(text, " a c");
    fclose(file);
    lyap_output_set_abandon(&set);
}
END_TEST

START_TEST(no_signal_ends_the_process_with_half_of_the_names) {
    struct lyap_output_set set;
    fresh("naming");
    open_set(&set, "naming", NULL, abc);
    lyap_output_begin_change(&watch);
    ck_assert(!lyap_output_abandon_all(&watch));
    ck_assert_int_eq(count_entries(scratch("naming")), 3);
    lyap_output_end_change(&watch);
    ck_assert(lyap_output_abandon_all(&watch));
    ck_assert_int_eq(count_entries(scratch("naming")), 0);
    ck_assert_int_eq(lyap_output_set_commit(&set, NULL), LYAP_ERROR_OUTPUT);
    ck_assert_int_eq(count_entries(scratch("naming")), 0);
}
END_TEST

START_TEST(a_link_to_a_file_that_is_not_there_yet_is_followed) {
    struct lyap_output output;
    fresh("dangling");
    ck_assert_int_eq(symlink("later", scratch("dangling/link")), 0);
    ck_assert_int_eq(symlink("link", scratch("dangling/link2")), 0);
    ck_assert_int_eq(lyap_output_open(&output, scratch("dangling/link2"), &watch, NULL), LYAP_OK);
    fputs("new", output.file);
    ck_assert_int_eq(lyap_output_commit(&output, NULL), LYAP_OK);
    expect_content(scratch("dangling/later"), "new");
    struct stat info;
    ck_assert_int_eq(lstat(scratch("dangling/link2"), &info), 0);
    ck_assert(S_ISLNK(info.st_mode));
}
END_TEST

/* Names below the scratch directory with its links "l" -> "d", "d/late" -> "new" (not there) and "loop" -> "loop". */
static const char *const resolved[][2] = {
    {"d/f", "d/f"},
    {"./d/./f", "d/f"},
    {"d/../d//f", "d/f"},
    {"l/f", "d/f"},
    {"d/late", "d/new"},
    {"l/late", "d/new"},
    {"d/late/", "d/new"},
    {"none/x", "none/x"},
    {"none/../x", "x"},
    {"none/./a/../b", "none/b"},
    {"l/none/..", "d"},
    {"l/none/../../q", "q"},
    {"d/late/below", "d/new/below"},
};

START_TEST(a_path_resolves_to_one_name_also_where_nothing_exists) {
    fresh("d");
    put("d/f", "x");
    unlink(scratch("l"));
    ck_assert_int_eq(symlink("d", scratch("l")), 0);
    ck_assert_int_eq(symlink("new", scratch("d/late")), 0);
    unlink(scratch("loop"));
    ck_assert_int_eq(symlink("loop", scratch("loop")), 0);
    char *root = lyap_path_resolve(scratch_directory), expected[600];
    for (size_t i = 0; i < sizeof resolved / sizeof *resolved; i++) {
        char *path = lyap_path_resolve(scratch(resolved[i][0]));
        snprintf(expected, sizeof expected, "%s/%s", root, resolved[i][1]);
        ck_assert_str_eq(path, expected);
        free(path);
    }
    char *loop = lyap_path_resolve(scratch("loop")); /* no end to come to, but an end */
    ck_assert_ptr_nonnull(loop);
    free(loop);
    free(root);
    char *here = lyap_path_resolve("none-such"), *there = lyap_path_resolve("./x/../none-such"),
         *top = lyap_path_resolve("/");
    ck_assert_str_eq(here, there);
    ck_assert(here[0] == '/');
    ck_assert_str_eq(top, "/");
    free(here);
    free(there);
    free(top);
}
END_TEST

/* Uses of files in "r" by other options: whether they can be together. `a`'s role is written. */
static const struct {
    const char *a;
    enum lyap_file_role role;
    const char *b;
    bool good;
} pairs[] = {
    {"r/f", LYAP_FILE_READ, "r/f", false},
    {"r/f", LYAP_FILE_READ, "r/g", true},
    {"r/f", LYAP_FILE_READ, "r/hard", false},
    {"r/hard", LYAP_FILE_READ, "r/f", false},
    {"r/link", LYAP_FILE_READ, "r/f", false},
    {"r/f", LYAP_FILE_READ, "r/link", false},
    {"r/new", LYAP_FILE_WRITTEN, "r/./new", false},
    {"r/new", LYAP_FILE_WRITTEN, "r/late", false},
    {"r/new", LYAP_FILE_WRITTEN, "r/new2", true},
    {"r/f", LYAP_FILE_WRITTEN, "r/hard", false},
    {"r/fifo", LYAP_FILE_READ, "r/fifo", true},
    {"r/fifo", LYAP_FILE_WRITTEN, "r/fifo", false},
    {"r/new", LYAP_FILE_DIRECTORY, "r", false},
    {"r/new", LYAP_FILE_DIRECTORY, "r/sub", true},
    {"r/sub/new", LYAP_FILE_DIRECTORY, "r/sub/", false},
    {"r/none/x", LYAP_FILE_DIRECTORY, "r/none", false},
};

START_TEST(an_output_is_no_input_no_other_output_and_in_no_directory_of_another_option) {
    struct lyap_file_roles roles = {0};
    struct lyap_error error = {0};
    fresh("r");
    mkdir(scratch("r/sub"), 0777);
    put("r/f", "x");
    put("r/g", "x");
    ck_assert_int_eq(link(scratch("r/f"), scratch("r/hard")), 0);
    ck_assert_int_eq(symlink("f", scratch("r/link")), 0);
    ck_assert_int_eq(symlink("new", scratch("r/late")), 0);
    ck_assert_int_eq(mkfifo(scratch("r/fifo"), 0600), 0);
    lyap_file_roles_add(&roles, pairs[_i].role, "--two", scratch(pairs[_i].b));
    lyap_file_roles_add(&roles, LYAP_FILE_WRITTEN, "--one", scratch(pairs[_i].a));
    lyap_file_roles_add(&roles, LYAP_FILE_READ, "--none", NULL);
    ck_assert_uint_eq(roles.count, 2);
    enum lyap_status status = lyap_file_roles_check(&roles, &error);
    ck_assert_msg(status == (pairs[_i].good ? LYAP_OK : LYAP_ERROR_ARGUMENT), "%s", error.message);
    if (!pairs[_i].good) {
        ck_assert_int_eq(strncmp(error.message, "--one: ", 7), 0);
        ck_assert_msg(strstr(error.message, "--two") && strstr(error.message, scratch(pairs[_i].a)), "%s",
                      error.message);
    }
    lyap_file_roles_free(&roles);
}
END_TEST

START_TEST(terminals_and_the_null_device_may_be_written_twice) {
    struct lyap_file_roles roles = {0};
    lyap_file_roles_add(&roles, LYAP_FILE_WRITTEN, "--one", "/dev/null");
    lyap_file_roles_add(&roles, LYAP_FILE_WRITTEN, "--two", "/dev/null");
    ck_assert_int_eq(lyap_file_roles_check(&roles, NULL), LYAP_OK);
    lyap_file_roles_free(&roles);
}
END_TEST

/* Tables of an earlier run that a program has made hard links of each other. */
START_TEST(outputs_of_one_option_may_be_hard_links_but_no_link_to_one_another) {
    struct lyap_file_roles roles = {0};
    struct lyap_error error = {0};
    fresh("h");
    put("h/a", "x");
    ck_assert_int_eq(_i ? symlink("a", scratch("h/b")) : link(scratch("h/a"), scratch("h/b")), 0);
    lyap_file_roles_add_in(&roles, LYAP_FILE_WRITTEN, "--out", scratch("h"), "a");
    lyap_file_roles_add_in(&roles, LYAP_FILE_WRITTEN, "--out", scratch("h"), "b");
    ck_assert_int_eq(lyap_file_roles_check(&roles, &error), _i ? LYAP_ERROR_ARGUMENT : LYAP_OK);
    lyap_file_roles_free(&roles);
}
END_TEST

/* A manifest's text, and whose results it is of; NULL: of no lyapgrad. */
static const char *const kinds[][2] = {
    {"version = 1\ncommand = lyapgrad run --lr 1\n", "run"},
    {"version = 1\ncommand = '/it'\\''s here/lyapgrad' map --x 'a b'\n", "map"},
    {"version = 1\ncommand = lyapgrad reproduce --seed 1\n", "reproduce"},
    {"version = 1\ncommand = lyapgrad reproduce --seed 1 --report\n", "reproduce --report"},
    {"version = 1\nresults = bench\ncommand = lyapgrad-bench --fast\n", "bench"},
    {"version = 1\ncommand = lyapgrad run\nresults = map", "map"},
    {"version = 1\ncommand =\n", ""},
    {"version = 1\n", NULL},
    {"", NULL},
    {"command = lyapgrad run\n", NULL},
    {"my own notes\nversion = 1\ncommand = lyapgrad run\n", NULL},
};

START_TEST(a_manifest_tells_whose_results_it_is_of) {
    struct lyap_earlier earlier;
    struct lyap_error error = {0};
    char kind[64];
    fresh("m");
    put("m/manifest.txt", kinds[_i][0]);
    enum lyap_status status = lyap_earlier_read(&earlier, scratch("m"), &error);
    ck_assert_int_eq(status, kinds[_i][1] ? LYAP_OK : LYAP_ERROR_ARGUMENT);
    if (kinds[_i][1]) {
        lyap_earlier_command(&earlier, kind, sizeof kind);
        ck_assert_str_eq(kind, kinds[_i][1]);
        ck_assert_int_eq(lyap_earlier_check(&earlier, kind, "d", &error), LYAP_OK);
        ck_assert_int_eq(lyap_earlier_check(&earlier, "other", "d", &error), LYAP_ERROR_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(error.message, "'other'"));
    }
    lyap_earlier_free(&earlier);
}
END_TEST

START_TEST(a_manifest_lists_its_files_and_pictures_and_without_the_key_all) {
    char both[] = "version = 1\ncommand = lyapgrad map\nfiles = map.csv 'a b'\npictures = map.png\n";
    char files[] = "version = 1\ncommand = lyapgrad map\nfiles = map.csv\n", neither[] = "version = 1\n";
    struct lyap_earlier earlier = {.text = both};
    ck_assert(lyap_earlier_lists(&earlier, "map.csv", false) && lyap_earlier_lists(&earlier, "a b", false));
    ck_assert(lyap_earlier_lists(&earlier, "map.png", true) && lyap_earlier_lists(&earlier, "manifest.txt", false));
    ck_assert(!lyap_earlier_lists(&earlier, "map", false) && !lyap_earlier_lists(&earlier, "map.svg", true));
    earlier.text = files;
    ck_assert(lyap_earlier_lists(&earlier, "map.svg", true) && !lyap_earlier_lists(&earlier, "boxes.csv", false));
    earlier.text = neither;
    ck_assert(lyap_earlier_lists(&earlier, "map.svg", true) && lyap_earlier_lists(&earlier, "boxes.csv", false));
    earlier.text = NULL;
    ck_assert(!lyap_earlier_lists(&earlier, "map.svg", true) && !lyap_earlier_lists(&earlier, "manifest.txt", false));
}
END_TEST

START_TEST(a_directory_without_a_manifest_has_no_earlier_results) {
    struct lyap_earlier earlier;
    struct lyap_output_set set = {0};
    fresh("m2");
    for (int i = 0; i < 3; i++) { /* none, a directory, a pipe, which must not be waited for */
        if (i == 1) mkdir(scratch("m2/manifest.txt"), 0777);
        if (i == 2) rmdir(scratch("m2/manifest.txt")), mkfifo(scratch("m2/manifest.txt"), 0600);
        ck_assert_int_eq(lyap_earlier_read(&earlier, scratch("m2"), NULL), LYAP_OK);
        ck_assert_int_eq(lyap_earlier_check(&earlier, "run", "d", NULL), LYAP_OK);
        ck_assert_int_eq(lyap_earlier_name(&earlier, "a", "b", &set, NULL), LYAP_OK);
        ck_assert_uint_eq(set.earlier_count, 0);
        lyap_earlier_free(&earlier);
    }
    ck_assert_int_eq(lyap_earlier_read(&earlier, scratch("m2/none"), NULL), LYAP_OK);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("output_set");
    TCase *tc = tcase_create("set");
    tcase_add_test(tc, no_file_has_its_name_before_the_commit_and_all_have_it_after);
    tcase_add_loop_test(tc, a_rename_that_fails_takes_those_before_it_and_the_removals_back, 0, 3);
    tcase_add_loop_test(tc, a_file_that_cannot_be_written_leaves_all_others_as_they_were, 0, 2);
    tcase_add_test(tc, a_stream_that_failed_is_told_before_the_end);
    tcase_add_test(tc, only_plain_files_that_the_set_does_not_write_and_the_run_does_not_read_are_removed);
    tcase_add_test(tc, a_directory_of_the_set_goes_when_it_is_empty_and_the_program_s_own_ones_are_cleared);
    tcase_add_test(tc, names_are_listed_in_order_without_the_one_left_out_and_files_elsewhere);
    tcase_add_test(tc, no_signal_ends_the_process_with_half_of_the_names);
    tcase_add_test(tc, a_link_to_a_file_that_is_not_there_yet_is_followed);
    tcase_add_test(tc, a_path_resolves_to_one_name_also_where_nothing_exists);
    tcase_add_loop_test(tc, an_output_is_no_input_no_other_output_and_in_no_directory_of_another_option, 0,
                        (int)(sizeof pairs / sizeof *pairs));
    tcase_add_test(tc, terminals_and_the_null_device_may_be_written_twice);
    tcase_add_loop_test(tc, outputs_of_one_option_may_be_hard_links_but_no_link_to_one_another, 0, 2);
    tcase_add_loop_test(tc, a_manifest_tells_whose_results_it_is_of, 0, (int)(sizeof kinds / sizeof *kinds));
    tcase_add_test(tc, a_manifest_lists_its_files_and_pictures_and_without_the_key_all);
    tcase_add_test(tc, a_directory_without_a_manifest_has_no_earlier_results);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
