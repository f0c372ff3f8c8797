/* What commands find of earlier runs in their directory: nothing of these stays beside a new manifest, and no results of another command are
 * overwritten. */
#include "tests/cli/files.h"

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
            if (strcmp(name, "figures") == 0 || strcmp(name, "seed-2") == 0 || strcmp(name, "manifest.txt") == 0)
                continue;
            ck_assert_msg(exists(file) == (strstr(listed, path) != NULL), "%s", path);
        }
    }
    expect_content("o/figures/mine.svg", "mine");
    ck_assert(!exists("o/figures/precision_noise.svg"));
    ck_assert(exists("o/seed-2"));
    put("o/seed-2/mine", "mine");
    expect_success("reproduce --report --section P --scale 0.0005 --seed 6 --quiet --out @/o");
    ck_assert(exists("o/seed-7"));
    ck_assert_int_eq(count_entries(scratch("o/seed-2")), 1); /* what is not ours */
    expect_success("reproduce --report --section P --scale 0.0005 --seeds 1 --quiet --out @/o");
    ck_assert(!exists("o/seed-7"));
    free(first);
    free(figures);
    free(listed);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_earlier");
    TCase *tc = tcase_create("cli_earlier");
    tcase_set_timeout(tc, 240);
    tcase_add_test(tc, merge_overwrites_no_shard_no_data_and_no_other_results);
    tcase_add_loop_test(tc, nothing_of_an_earlier_run_stays_beside_the_new_manifest, 0, AGAIN);
    tcase_add_test(tc, a_picture_of_an_earlier_run_goes_with_its_table);
    tcase_add_test(tc, a_manifest_of_an_earlier_version_tells_the_same);
    tcase_add_loop_test(tc, a_directory_with_the_results_of_another_command_is_refused, 0, KINDS);
    tcase_add_test(tc, a_manifest_that_is_not_ours_is_not_replaced);
    tcase_add_test(tc, a_section_of_the_report_takes_the_files_of_others_away);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
