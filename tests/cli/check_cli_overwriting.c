/* No input, no other output of the same run and no file of the user's is overwritten, however it is named. */
#include "tests/cli/files.h"

/* The ways to name the file in/d.csv. The last is relative to the working directory. */
enum { SAME, DOT, SYMBOLIC, HARD, THROUGH_LINK, BACK, RELATIVE, WAYS };

static const char *name_way(int way, char path[600]) {
    static const char *const ways[] = {"in/d.csv", "in/./d.csv",  "in/symbolic.csv",
                                       "in/h.csv", "alias/d.csv", "in/../in//d.csv"};
    if (way < RELATIVE) {
        snprintf(path, 600, "@/%s", ways[way]);
        return path;
    }
    char here[400];
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    *path = '\0';
    for (const char *c = here; *c; c++)
        if (*c == '/') strcat(path, "../");
    strcat(path, "@/in/d.csv"); /* superfluous ".." stay at the root; the scratch directory begins with a slash */
    return path;
}

static void make_inputs(const char *text) {
    fresh("in");
    unlink(scratch("alias"));
    put("in/d.csv", text);
    put("in/other.csv", text);
    ck_assert_int_eq(symlink("d.csv", scratch("in/symbolic.csv")), 0);
    ck_assert_int_eq(link(scratch("in/d.csv"), scratch("in/h.csv")), 0);
    ck_assert_int_eq(symlink("in", scratch("alias")), 0);
}

/* A command with an input option whose file is in/d.csv, and the option of an output, whose file follows. */
static const struct {
    const char *line, *input, *output;
    bool weights;
} overwriting[] = {
    {"run --data @/in/d.csv --save-weights", "--data", "--save-weights", false},
    {"run --data @/in/d.csv --save-initial", "--data", "--save-initial", false},
    {"run --weights @/in/d.csv --save-initial", "--weights", "--save-initial", true},
    {"run --weights @/in/d.csv --save-weights", "--weights", "--save-weights", true},
    {"run --net 3-3 --loss-window none --data @/in/other.csv --labels @/in/d.csv --save-weights", "--labels",
     "--save-weights", false},
    {"run --data @/in/other.csv --test-data @/in/d.csv --save-weights", "--test-data", "--save-weights", false},
    {"run --net 3-3 --loss-window none --data @/in/other.csv --labels @/in/other.csv --test-data @/in/other.csv "
     "--test-labels @/in/d.csv --save-weights",
     "--test-labels", "--save-weights", false},
    {"sweep --over lr=1:2:2 --data @/in/d.csv --save-weights", "--data", "--save-weights", false},
    {"sweep --over lr=1:2:2 --weights @/in/d.csv --save-initial", "--weights", "--save-initial", true},
    {"run --checkpoint @/ck --data @/in/d.csv --save-weights", "--data", "--save-weights", false},
    {"run --checkpoint @/ck --shard 1/2 --starts 2 --data @/in/d.csv --save-weights", "--data", "--save-weights",
     false},
};
enum { OVERWRITING = sizeof overwriting / sizeof *overwriting };

START_TEST(no_output_overwrites_an_input_however_it_is_named) {
    char line[2000], path[600];
    const char *text = overwriting[_i].weights ? weights : table;
    make_inputs(text);
    remove_tree(scratch("o"));
    for (int way = 0; way < WAYS; way++) {
        snprintf(line, sizeof line, "%s %s --out @/o", overwriting[_i].line, name_way(way, path));
        expect_refused(line, overwriting[_i].input, overwriting[_i].output);
        expect_content("in/d.csv", text);
        ck_assert_int_eq(count_entries(scratch("in")), 4);
        ck_assert(!exists("o") && !exists("ck"));
    }
}
END_TEST

/* In the directory: the input itself, a symbolic link to it, a hard link; the directory through a link. */
START_TEST(no_table_script_or_picture_overwrites_an_input) {
    char names[256], line[600], input[200], path[100], text[4096];
    snprintf(names, sizeof names, "%s", tables[_i].names);
    for (char *save = NULL, *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
        for (int way = 0; way < 4; way++) {
            fresh("o");
            unlink(scratch("way"));
            ck_assert_int_eq(symlink("o", scratch("way")), 0);
            put("d.csv", table);
            snprintf(path, sizeof path, "o/%s", name);
            if (way == 0 || way == 3) put(path, table);
            if (way == 1) ck_assert_int_eq(symlink("../d.csv", scratch(path)), 0);
            if (way == 2) ck_assert_int_eq(link(scratch("d.csv"), scratch(path)), 0);
            snprintf(input, sizeof input, "@/%s", way == 0 || way == 3 ? path : "d.csv");
            snprintf(line, sizeof line, tables[_i].line, input);
            snprintf(text, sizeof text, "%s --out @/%s", line, way == 3 ? "way" : "o");
            expect_refused(text, "--out", tables[_i].input);
            expect_refused(text, name, "name another directory");
            expect_content(path, table);
            ck_assert_int_eq(count_entries(scratch("o")), 1);
        }
    }
}
END_TEST

static const char *const twice[][3] = {
    {"run --save-initial @/w.csv --save-weights @/w.csv", "--save-initial", "--save-weights"},
    {"run --save-initial @/w.csv --save-weights @/./w.csv", "--save-initial", "--save-weights"},
    {"run --save-initial @/w.csv --save-weights @/to-w.csv", "--save-initial", "--save-weights"},
    {"run --save-initial @/o/../w.csv --save-weights @/w.csv", "--save-initial", "--save-weights"},
    {"run --save-weights @/o/cells.csv", "--save-weights", "--out"},
    {"run --save-weights @/o/../o/manifest.txt", "--save-weights", "--out"},
    {"run --series --save-initial @/to-series.csv", "--save-initial", "--out"},
    {"sweep --over lr=1:2:2 --save-initial @/o/sweep.csv", "--save-initial", "--out"},
};

START_TEST(no_two_outputs_are_one_file) {
    char line[400];
    for (int there = 0; there < 2; there++) { /* already, or not yet */
        remove_tree(scratch("o"));
        unlink(scratch("w.csv"));
        unlink(scratch("to-w.csv"));
        unlink(scratch("to-series.csv"));
        ck_assert_int_eq(symlink("w.csv", scratch("to-w.csv")), 0);
        ck_assert_int_eq(symlink("o/series.csv", scratch("to-series.csv")), 0);
        if (there) expect_success("run --series --save-initial @/w.csv --quiet --out @/o");
        if (there && strstr(twice[_i][0], "sweep")) return; /* a directory of another command */
        snprintf(line, sizeof line, "%s --out @/o", twice[_i][0]);
        expect_refused(line, twice[_i][1], twice[_i][2]);
        ck_assert(exists("o") == there && exists("w.csv") == there);
    }
}
END_TEST

START_TEST(an_input_that_is_no_output_is_read_from_the_directory_and_stays_there) {
    fresh("o");
    put("o/my.csv", table);
    put("o/series.csv", table);
    expect_success("run --data @/o/my.csv --net 2-2-1 --save-weights @/o/w.csv --quiet --out @/o");
    expect_success("run --weights @/o/w.csv --save-weights @/o/w2.csv --quiet --out @/o");
    ck_assert_int_eq(count_entries(scratch("o")), 6);
    expect_content("o/my.csv", table);
    expect_content("o/series.csv", table); /* not this run's, and in no manifest */
    expect_refused("run --series --quiet --out @/o", "--out", "o/series.csv is not a file of an earlier run");
    expect_content("o/series.csv", table);
    unlink(scratch("o/series.csv"));
    expect_success("run --series --save-initial /dev/stdout --quiet --out @/o"); /* now it is a table */
    put("o/series.csv", table);
    expect_success("run --data @/o/series.csv --quiet --out @/o");
    expect_content("o/series.csv", table);
}
END_TEST

START_TEST(the_directory_of_a_checkpoint_has_no_other_output) {
    static const char *const lines[][2] = {
        {"run --checkpoint @/ck --out @/ck", "--out"},
        {"run --checkpoint @/ck --out @/./new/../ck", "--out"},
        {"run --checkpoint @/ck --save-weights @/ck/w.npy --out @/o", "--save-weights"},
        {"spectrum --epochs 20 --checkpoint @/ck --out @/ck", "--out"},
        {"map --x lr:1:2 --y lr2:1:2 --resolution 4x4 --epochs 20 --checkpoint @/ck --out @/ck", "--out"},
        {"bifurcation --over lr:1:2:3 --epochs 20 --transient 5 --points 5 --checkpoint @/ck --out @/ck", "--out"},
        {"run --estimator all --epochs 20 --checkpoint @/ck --out @/ck", "--out"},
    };
    remove_tree(scratch("o"));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        expect_refused(lines[i][0], lines[i][1], "--checkpoint");
        ck_assert(!exists("ck") && !exists("o"));
    }
}
END_TEST

/* A file of the user's where a table, script or picture is to go: in a new directory, and in one with another run's manifest. */
START_TEST(no_file_that_no_earlier_run_wrote_is_replaced) {
    char names[256], line[600], path[100], text[4096];
    write_series();
    put("d.csv", table);
    put("elsewhere", "mine");
    snprintf(names, sizeof names, "%s", tables[_i].names);
    bool series = strncmp(tables[_i].line, "series", 6) == 0;
    snprintf(line, sizeof line, tables[_i].line, series ? "@/in.csv" : "@/d.csv");
    if (series) snprintf(line, sizeof line, "series @/in.csv --column 2");
    snprintf(text, sizeof text, NO_GNUPLOT "%s --quiet --out @/o", line);
    for (char *save = NULL, *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
        for (int way = 0; way < 3; way++) { /* a file, a link to one, a link to none */
            fresh("o");
            snprintf(path, sizeof path, "o/%s", name);
            if (way == 0) put(path, "mine");
            if (way > 0) ck_assert_int_eq(symlink(way == 1 ? "../elsewhere" : "../none", scratch(path)), 0);
            if (way == 2 && strcmp(name, "manifest.txt") == 0) continue; /* no manifest, but a place for one */
            expect_refused(text, "--out", path);
            if (way < 2) expect_content(path, "mine");
            ck_assert_int_eq(count_entries(scratch("o")), 1);
            ck_assert(!exists("none"));
        }
    }
}
END_TEST

START_TEST(a_table_that_the_manifest_does_not_list_is_not_replaced) {
    static const char *const lines[][3] = {
        {"run", "run --series", "o/series.csv"},
        {"run", "run --estimator tangent --epochs 20", "o/exponents.csv"},
        {"spectrum --epochs 20", "spectrum --epochs 20 --history 2", "o/history.gp"},
        {SMALL_SELECT " --searches 0", SMALL_SELECT " --searches 5", "o/worth.csv"},
    };
    char line[400];
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        remove_tree(scratch("o"));
        struct outcome o = run_command(NO_GNUPLOT "%s --quiet --out @/o", lines[i][0]);
        ck_assert_int_eq(o.status, 0);
        outcome_free(&o);
        put(lines[i][2], "mine");
        snprintf(line, sizeof line, NO_GNUPLOT "%s --quiet --out @/o", lines[i][1]);
        expect_refused(line, "--out", lines[i][2]);
        expect_content(lines[i][2], "mine");
        unlink(scratch(lines[i][2]));
        o = run_command("%s", line);
        ck_assert_msg(o.status == 0, "%s", o.err);
        outcome_free(&o);
    }
}
END_TEST

/* Renamed tables without their manifest are lyapgrad's where its temporary is there, and only then; what is a link is not. */
START_TEST(tables_of_a_killed_run_are_replaced) {
    static const char *const none[] = {"manifest.txt.tmp", "manifest.txt.a.tmp", "manifest.txt.12.tmp2",
                                       "cells.csv.12.tmp"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char path[64];
        fresh("o");
        put("o/cells.csv", "half");
        snprintf(path, sizeof path, "o/%s", none[i]);
        put(path, "");
        expect_refused("run --quiet --out @/o", "--out", "o/cells.csv");
    }
    for (int k = 0; k < 2; k++) {
        fresh("o");
        put("o/cells.csv", "half");
        put(k ? "o/manifest.txt.123.4.tmp" : "o/manifest.txt.123.tmp", "");
        expect_success("run --quiet --out @/o");
    }
    fresh("o");
    put("elsewhere", "mine");
    put("o/manifest.txt.123.tmp", "");
    ck_assert_int_eq(symlink("../elsewhere", scratch("o/cells.csv")), 0);
    expect_refused("run --quiet --out @/o", "--out", "o/cells.csv");
    expect_content("elsewhere", "mine");
}
END_TEST

/* Outputs that are neither regular files nor character devices, and how messages call them; @/p is a pipe, @/sub a directory. */
static const char *const no_files[][3] = {
    {"run --quiet --out @/piped", "--out", "piped/manifest.txt is a pipe"},
    {"series @/in.csv --column 2 --quiet --out @/piped", "--out", "piped/manifest.txt is a pipe"},
    {"run --checkpoint @/ck --quiet --out @/piped", "--out", "piped/manifest.txt is a pipe"},
    {"reproduce --report --section N --quiet --out @/piped", "--out", "piped/manifest.txt is a pipe"},
    {"run --quiet --save-weights @/p --out @/new/o", "--save-weights", "/p is a pipe"},
    {"run --quiet --save-initial @/to-p --out @/new/o", "--save-initial", "/to-p is a pipe"},
    {"run --quiet --save-weights @/sub --out @/new/o", "--save-weights", "/sub is a directory"},
    {"run --quiet --save-initial @/sub --out @/new/o --checkpoint @/ck", "--save-initial", "/sub is a directory"},
    {"run --quiet --save-weights @/new/o --out @/new/o", "--save-weights", "/new/o is a directory of --out"},
    {"run --quiet --save-weights @/new --out @/./new/o", "--save-weights", "/new is a directory of --out"},
    {"run --quiet --out @/d.csv", "--out", "/d.csv is no directory"},
    {"run --quiet --out @/d.csv/below", "--out", "/d.csv is no directory"},
    {"series @/in.csv --column 2 --quiet --out @/d.csv", "--out", "/d.csv is no directory"},
    {SMALL_SELECT " --quiet --out @/d.csv", "--out", "/d.csv is no directory"},
    {"reproduce --report --section N --quiet --out @/d.csv", "--out", "/d.csv is no directory"},
};
enum { NO_FILES = sizeof no_files / sizeof *no_files };

START_TEST(an_output_that_can_be_no_file_is_refused_before_any_work) {
    write_series();
    put("d.csv", table);
    fresh("piped");
    fresh("sub");
    remove_tree(scratch("new"));
    unlink(scratch("p"));
    unlink(scratch("to-p"));
    ck_assert_int_eq(mkfifo(scratch("piped/manifest.txt"), 0600), 0);
    ck_assert_int_eq(mkfifo(scratch("p"), 0600), 0);
    ck_assert_int_eq(symlink("p", scratch("to-p")), 0);
    alarm(20); /* a hang shows as an end by that signal */
    expect_refused(no_files[_i][0], no_files[_i][1], no_files[_i][2]);
    alarm(0);
    ck_assert(!exists("new") && !exists("ck"));
    expect_content("d.csv", table);
    ck_assert_int_eq(count_entries(scratch("piped")), 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_overwriting");
    TCase *tc = tcase_create("cli_overwriting");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, no_output_overwrites_an_input_however_it_is_named, 0, OVERWRITING);
    tcase_add_loop_test(tc, no_table_script_or_picture_overwrites_an_input, 0, TABLE_COMMANDS);
    tcase_add_loop_test(tc, no_two_outputs_are_one_file, 0, (int)(sizeof twice / sizeof *twice));
    tcase_add_test(tc, an_input_that_is_no_output_is_read_from_the_directory_and_stays_there);
    tcase_add_loop_test(tc, no_file_that_no_earlier_run_wrote_is_replaced, 0, TABLE_COMMANDS);
    tcase_add_test(tc, a_table_that_the_manifest_does_not_list_is_not_replaced);
    tcase_add_test(tc, tables_of_a_killed_run_are_replaced);
    tcase_add_loop_test(tc, an_output_that_can_be_no_file_is_refused_before_any_work, 0, NO_FILES);
    tcase_add_test(tc, the_directory_of_a_checkpoint_has_no_other_output);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
