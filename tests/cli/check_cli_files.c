/* What the commands read, write and find in their directories: no input and no other command's result is overwritten, nothing of an
 * earlier run stays beside a new manifest, and a command leaves all its files or none. */
#include "tests/command.h"

#include "lyapgrad/lyapgrad.h"

#define NO_GNUPLOT "PATH=/nowhere "
#define SMALL_MAP "map --x lr:1:2 --y lr2:1:2 --resolution 4x4 --epochs 20"
#define SMALL_DIAGRAM "bifurcation --over lr:1:2:3 --epochs 20 --transient 5 --points 5"
#define SMALL_SELECT                                                                                                   \
    "select --net 2-2-1 --activation tanh --epochs 8 --rates 5 --rate-starts 8 --budget 7000 --lr 0.1:1 --threads 1"

static const char table[] = "0,0,0\n0,1,1\n1,0,1\n1,1,0\n";
static const char weights[] = "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9\n";

static void put(const char *name, const char *text) {
    scratch_file(name, text, strlen(text));
}

static void expect_content(const char *name, const char *text) {
    char *content = read_text(scratch(name));
    ck_assert_msg(content != NULL, "%s is missing", name);
    ck_assert_msg(strcmp(content, text) == 0, "%s has changed", name);
    free(content);
}

/* in.csv: step and the logistic map, which has an exponent. */
static void write_series(void) {
    FILE *file = fopen(scratch("in.csv"), "w");
    ck_assert_ptr_nonnull(file);
    fputs("a,b\n", file);
    double x = 0.3;
    for (int i = 0; i < 400; i++, x = 3.9 * x * (1 - x)) fprintf(file, "%d,%.9f\n", i, x);
    ck_assert_int_eq(fclose(file), 0);
}

static bool exists(const char *name) {
    return access(scratch(name), F_OK) == 0;
}

static void fresh(const char *name) {
    remove_tree(scratch(name));
    ck_assert_int_eq(mkdir(scratch(name), 0777), 0);
}

/* One line, status 2, with both words in it. */
static void expect_refused(const char *line, const char *one, const char *other) {
    struct outcome o = run_command("%s", line);
    ck_assert_msg(o.status == 2, "%s: status %d: %s", line, o.status, o.err);
    ck_assert_msg(strstr(o.err, one) && strstr(o.err, other), "%s: '%s' and '%s' are not in: %s", line, one, other,
                  o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    ck_assert_str_eq(o.out, "");
    outcome_free(&o);
}

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

/* The commands with a directory, and the names that they write there; %s: a file of data. */
static const struct {
    const char *line, *input, *names;
} tables[] = {
    {"run --series --data %s", "--data", "cells.csv series.csv manifest.txt"},
    {"run --estimator tangent --history 2 --epochs 20 --data %s", "--data",
     "exponents.csv exponents.gp history.csv history.gp manifest.txt"},
    {"run --estimator all --epochs 20 --data %s", "--data", "estimators.csv manifest.txt"},
    {"sweep --over lr=1:2:2 --data %s", "--data", "cells.csv sweep.csv manifest.txt"},
    {"spectrum --history 2 --epochs 20 --data %s", "--data",
     "exponents.csv exponents.gp history.csv history.gp manifest.txt"},
    {"map --x lr:1:2 --y lr2:1:2 --resolution 4x4 --epochs 20 --data %s", "--data",
     "map.csv map.npy boxes.csv map.gp map.png map.svg manifest.txt"},
    {"bifurcation --over lr:1:2:3 --epochs 20 --transient 5 --points 5 --data %s", "--data",
     "bifurcation.csv exponents.csv bifurcation.gp bifurcation.png bifurcation.svg manifest.txt"},
    {SMALL_SELECT " --searches 5 --data %s", "--data",
     "select.csv trials.csv settings.csv rates.csv thresholds.csv searches.csv worth.csv weights.csv weights.npy "
     "report.txt select.gp select.png select.svg manifest.txt"},
    {"series --column 1 %s", "FILE.csv", "divergence.csv divergence.gp manifest.txt"},
};
enum { TABLE_COMMANDS = sizeof tables / sizeof *tables };

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
    expect_success("run --data @/o/my.csv --save-weights @/o/w.csv --quiet --out @/o");
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

START_TEST(merge_overwrites_no_shard_no_data_and_no_other_results) {
    for (int s = 1; s <= 2; s++) {
        char name[8];
        snprintf(name, sizeof name, "s%d", s);
        remove_tree(scratch(name));
    }
    fresh("o");
    put("o/cells.csv", table);
    for (int s = 1; s <= 2; s++)
        expect_success("run --starts 20 --data @/o/cells.csv --checkpoint @/s%d --shard %d/2 --out @/o --quiet", s, s);
    ck_assert_int_eq(count_entries(scratch("o")), 1);
    int files = count_entries(scratch("s1"));
    expect_refused("merge @/s1 @/s2 --out @/s1", "--out", "shard");
    expect_refused("merge @/s1 @/s2 --out @/o", "--out", "--data");
    expect_refused("merge @/s1 @/s2", "--out", "--data");
    expect_content("o/cells.csv", table);
    ck_assert_int_eq(count_entries(scratch("s1")), files);
    expect_success("spectrum --epochs 20 --quiet --out @/sp");
    expect_refused("merge @/s1 @/s2 --out @/sp", "'spectrum'", "'run'");
    expect_success("merge @/s1 @/s2 --quiet --out @/o2");
    ck_assert_str_eq(manifest_value("o2", "results"), "run");
    ck_assert_str_eq(manifest_value("o2", "files"), "cells.csv");
    expect_success("run --quiet --series --out @/o2"); /* a merge's results are those of its command */
    expect_success("merge @/s1 @/s2 --quiet --out @/o2");
    ck_assert(!exists("o2/series.csv"));
}
END_TEST

/* Names in a directory, sorted, each behind a blank; the caller frees. */
static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *list_names(const char *directory) {
    char *names[200], *list = calloc(1, 8192);
    size_t count = 0;
    DIR *open = opendir(scratch(directory));
    ck_assert_ptr_nonnull(open);
    for (struct dirent *entry; (entry = readdir(open)) != NULL;)
        if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
    closedir(open);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        strcat(strcat(list, " "), names[i]);
        free(names[i]);
    }
    return list;
}

static void expect_names(const char *directory, const char *names) {
    char *list = list_names(directory);
    ck_assert_msg(strcmp(list, names) == 0, "%s has%s, not%s", directory, list, names);
    free(list);
}

/* A run, another of the same command into its directory, and what is there then. */
static const struct {
    const char *first, *second, *names;
} again[] = {
    {"run --series", "run", " cells.csv manifest.txt"},
    {"run --series", "run --summary", " manifest.txt"},
    {"run --series", "run --estimator all --epochs 20", " estimators.csv manifest.txt"},
    {"run", "run --estimator tangent --epochs 20", " exponents.csv exponents.gp manifest.txt"},
    {"run --estimator tangent --history 2 --epochs 20", "run", " cells.csv manifest.txt"},
    {"sweep --over lr=1:2:2 --series", "sweep --over lr=1:2:3", " cells.csv manifest.txt sweep.csv"},
    {"spectrum --history 3 --epochs 20", "spectrum --epochs 20", " exponents.csv exponents.gp manifest.txt"},
    {SMALL_MAP, SMALL_MAP " --show loss", " boxes.csv manifest.txt map.csv map.gp map.npy"},
    {SMALL_DIAGRAM, SMALL_DIAGRAM " --show loss", " bifurcation.csv bifurcation.gp exponents.csv manifest.txt"},
    {SMALL_SELECT " --searches 5", SMALL_SELECT " --searches 0",
     " manifest.txt rates.csv report.txt select.csv select.gp settings.csv thresholds.csv trials.csv weights.csv "
     "weights.npy"},
};
enum { AGAIN = sizeof again / sizeof *again };

START_TEST(nothing_of_an_earlier_run_stays_beside_the_new_manifest) {
    remove_tree(scratch("o"));
    struct outcome o = run_command(NO_GNUPLOT "%s --quiet --out @/o", again[_i].first);
    ck_assert_msg(o.status == 0, "%s", o.err);
    outcome_free(&o);
    put("o/mine.txt", "mine");
    o = run_command(NO_GNUPLOT "%s --quiet --out @/o", again[_i].second);
    ck_assert_msg(o.status == 0, "%s", o.err);
    outcome_free(&o);
    expect_content("o/mine.txt", "mine");
    unlink(scratch("o/mine.txt"));
    expect_names("o", again[_i].names);
}
END_TEST

START_TEST(a_picture_of_an_earlier_run_goes_with_its_table) {
    expect_success("%s --quiet --out @/picture", SMALL_MAP);
    if (!exists("picture/map.png")) SKIP("there is no gnuplot");
    ck_assert_str_eq(manifest_value("picture", "pictures"), "map.png map.svg");
    struct outcome o = run_command(NO_GNUPLOT SMALL_MAP " --seed 2 --quiet --out @/picture");
    ck_assert_int_eq(o.status, 0);
    outcome_free(&o);
    expect_names("picture", " boxes.csv manifest.txt map.csv map.gp map.npy");
}
END_TEST

/* Takes lines from a manifest, as versions without them wrote it. */
static void age_manifest(const char *directory, bool files) {
    char path[64];
    snprintf(path, sizeof path, "%s/manifest.txt", directory);
    char *text = read_text(scratch(path)), *to = text;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n") + 1;
        bool drop = strncmp(line, "results =", 9) == 0 || strncmp(line, "pictures =", 10) == 0 ||
                    (!files && strncmp(line, "files =", 7) == 0);
        if (!drop) memmove(to, line, length), to += length;
        line += length;
    }
    *to = '\0';
    put(path, text);
    free(text);
}

START_TEST(a_manifest_of_an_earlier_version_tells_the_same) {
    static const struct {
        const char *first, *second, *names;
        bool files; /* had that key */
    } old[] = {
        {"run --series", "run", " cells.csv manifest.txt", true},
        {"run --estimator tangent --history 2 --epochs 20", "run", " cells.csv manifest.txt", false},
        {"spectrum --history 3 --epochs 20", "spectrum --epochs 20", " exponents.csv exponents.gp manifest.txt", false},
        {SMALL_SELECT " --searches 5", SMALL_SELECT " --searches 0",
         " manifest.txt rates.csv report.txt select.csv select.gp settings.csv thresholds.csv trials.csv weights.csv "
         "weights.npy",
         false},
        {SMALL_MAP, SMALL_MAP " --seed 2", " boxes.csv manifest.txt map.csv map.gp map.npy", false},
    };
    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        remove_tree(scratch("o"));
        struct outcome o = run_command("%s --quiet --out @/o", old[i].first);
        ck_assert_int_eq(o.status, 0);
        outcome_free(&o);
        age_manifest("o", old[i].files);
        o = run_command(NO_GNUPLOT "%s --quiet --out @/o", old[i].second);
        ck_assert_msg(o.status == 0, "%s", o.err);
        outcome_free(&o);
        expect_names("o", old[i].names);
        age_manifest("o", old[i].files);
        expect_refused("series @/in.csv --out @/o", "'series'", old[i].first[0] == 'r' ? "'run'" : "holds the results");
    }
}
END_TEST

/* Every command's directory is refused to every other. */
static const char *const kinds[][2] = {
    {"run", "run"},
    {"sweep", "sweep --over lr=1:2:2"},
    {"spectrum", "spectrum --epochs 20"},
    {"map", SMALL_MAP},
    {"bifurcation", SMALL_DIAGRAM},
    {"select", SMALL_SELECT " --searches 0"},
    {"series", "series @/in.csv --column 2 --method rosenstein"},
    {"reproduce", "reproduce --starts 4"},
    {"reproduce --report", "reproduce --report --section N --scale 0.0005"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

START_TEST(a_directory_with_the_results_of_another_command_is_refused) {
    char line[400], held[64];
    if (brief_tests() && strncmp(kinds[_i][0], "reproduce", 9) == 0) SKIP("brief tests");
    write_series();
    remove_tree(scratch("o"));
    struct outcome o = run_command(NO_GNUPLOT "%s --quiet --out @/o", kinds[_i][1]);
    ck_assert_msg(exists("o/manifest.txt"), "%s", o.err);
    outcome_free(&o);
    ck_assert_str_eq(manifest_value("o", "results"), kinds[_i][0]);
    char *manifest = read_text(scratch("o/manifest.txt")), *names = list_names("o");
    snprintf(held, sizeof held, "'%s'", kinds[_i][0]);
    for (int k = 0; k < KINDS; k++) {
        char asked[64];
        snprintf(asked, sizeof asked, "'%s'", kinds[k][0]);
        snprintf(line, sizeof line, NO_GNUPLOT "%s --quiet --out @/o", kinds[k][1]);
        if (k != _i) expect_refused(line, held, asked);
    }
    if (_i != 0) expect_refused("run --checkpoint @/ck --seed 3 --out @/o", held, "'run'");
    ck_assert(!exists("ck"));
    expect_content("o/manifest.txt", manifest);
    expect_names("o", names);
    free(manifest);
    free(names);
}
END_TEST

START_TEST(a_manifest_that_is_not_ours_is_not_replaced) {
    fresh("o");
    put("o/manifest.txt", "Manifest-Version: 1.0\n");
    for (int k = 0; k < KINDS; k++) {
        char line[400];
        snprintf(line, sizeof line, NO_GNUPLOT "%s --quiet --out @/o", kinds[k][1]);
        expect_refused(line, "--out", "manifest.txt");
    }
    expect_content("o/manifest.txt", "Manifest-Version: 1.0\n");
    ck_assert_int_eq(count_entries(scratch("o")), 1);
}
END_TEST

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
    static const char slow[] = "#!/bin/sh\necho > ./drawing\n/bin/sleep 0.3\necho > \"$4\"\necho > \"$5\"\n";
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
    nanosleep(&(struct timespec){.tv_nsec = 600 * 1000 * 1000}, NULL);
    expect_names("o", " boxes.csv drawing manifest.txt map.csv map.gp map.npy");
}
END_TEST

START_TEST(a_section_of_the_report_takes_the_files_of_others_away) {
    if (brief_tests()) SKIP("brief tests");
    fresh("o");
    expect_success("reproduce --report --section N --scale 0.0005 --quiet --out @/o");
    char *first = list_names("o"), *figures = list_names("o/figures");
    put("o/figures/mine.svg", "mine");
    expect_success("reproduce --report --section P --scale 0.0005 --quiet --out @/o");
    char *listed = strdup(manifest_value("o", "files"));
    for (int k = 0; k < 2; k++) {
        char *save = NULL;
        for (char *name = strtok_r(k ? figures : first, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
            char path[128];
            snprintf(path, sizeof path, "%s%s", k ? "figures/" : "", name);
            char file[160];
            snprintf(file, sizeof file, "o/%s", path);
            if (strcmp(name, "figures") == 0 || strcmp(name, "manifest.txt") == 0) continue;
            ck_assert_msg(exists(file) == (strstr(listed, path) != NULL), "%s", path);
        }
    }
    expect_content("o/figures/mine.svg", "mine");
    ck_assert(!exists("o/figures/precision_noise.svg"));
    free(first);
    free(figures);
    free(listed);
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

START_TEST(no_file_of_the_users_is_replaced_by_the_report) {
    if (brief_tests()) SKIP("brief tests");
    remove_tree(scratch("whole"));
    expect_success("reproduce --report --scale 0.0005 --quiet --out @/whole");
    char *names = strdup(manifest_value("whole", "files"));
    int count = 0;
    for (char *save = NULL, *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save), count++) {
        char path[128];
        fresh("o");
        ck_assert_int_eq(mkdir(scratch("o/figures"), 0777), 0);
        snprintf(path, sizeof path, "o/%s", name);
        put(path, "mine");
        expect_refused("reproduce --report --scale 0.0005 --quiet --out @/o", "--out", path);
        expect_content(path, "mine");
    }
    ck_assert_int_gt(count, 40);
    fresh("o");
    put("o/figures", "mine");
    expect_refused("reproduce --report --scale 0.0005 --quiet --out @/o", "--out", "o/figures");
    free(names);
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
    for (int t = 0; t < 500 && info.si_pid == 0; t++) {
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
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
            nanosleep(&(struct timespec){.tv_nsec = 200 * 1000 * 1000}, NULL);
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
    Suite *suite = suite_create("cli_files");
    TCase *tc = tcase_create("files");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, no_output_overwrites_an_input_however_it_is_named, 0, OVERWRITING);
    tcase_add_loop_test(tc, no_table_script_or_picture_overwrites_an_input, 0, TABLE_COMMANDS);
    tcase_add_loop_test(tc, no_two_outputs_are_one_file, 0, (int)(sizeof twice / sizeof *twice));
    tcase_add_test(tc, an_input_that_is_no_output_is_read_from_the_directory_and_stays_there);
    tcase_add_loop_test(tc, no_file_that_no_earlier_run_wrote_is_replaced, 0, TABLE_COMMANDS);
    tcase_add_test(tc, a_table_that_the_manifest_does_not_list_is_not_replaced);
    tcase_add_test(tc, tables_of_a_killed_run_are_replaced);
    tcase_add_test(tc, no_file_of_the_users_is_replaced_by_the_report);
    tcase_add_loop_test(tc, an_output_that_can_be_no_file_is_refused_before_any_work, 0, NO_FILES);
    tcase_add_test(tc, a_command_that_fails_leaves_no_directory);
    tcase_add_loop_test(tc, one_signal_ends_a_command_that_waits_for_its_input, 0,
                        (int)(sizeof stopping / sizeof *stopping));
    tcase_add_test(tc, a_drawing_that_is_not_finished_says_that_the_tables_are);
    tcase_add_test(tc, the_directory_of_a_checkpoint_has_no_other_output);
    tcase_add_test(tc, merge_overwrites_no_shard_no_data_and_no_other_results);
    tcase_add_loop_test(tc, nothing_of_an_earlier_run_stays_beside_the_new_manifest, 0, AGAIN);
    tcase_add_test(tc, a_picture_of_an_earlier_run_goes_with_its_table);
    tcase_add_test(tc, a_manifest_of_an_earlier_version_tells_the_same);
    tcase_add_loop_test(tc, a_directory_with_the_results_of_another_command_is_refused, 0, KINDS);
    tcase_add_test(tc, a_manifest_that_is_not_ours_is_not_replaced);
    tcase_add_loop_test(tc, a_full_disk_leaves_the_earlier_results_as_they_were, 0, FULL);
    tcase_add_loop_test(tc, one_file_on_a_full_device_keeps_all_others_away, 0, TABLE_COMMANDS);
    tcase_add_loop_test(tc, no_signal_leaves_temporaries, 0, SIGNALS);
    tcase_add_loop_test(tc, no_signal_leaves_a_drawing_that_goes_on, 0, 2);
    tcase_add_test(tc, a_section_of_the_report_takes_the_files_of_others_away);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
