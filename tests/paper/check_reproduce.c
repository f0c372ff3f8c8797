/* `lyapgrad reproduce` from end to end: the tables, the scripts, the pictures. */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "paper/figures.h"
#include "figure/gnuplot.h"
#include "io/output_file.h"
#include "paper/run.h"
#include "tests/collect.h"
#include "tests/support.h"

static struct lyap_paper_options options_of(uint64_t starts) {
    struct lyap_paper_options o = {.starts = starts, .seed = 1, .precision = LYAP_FLOAT32};
    ck_assert_int_eq(lyap_isa_select(getenv("LYAPGRAD_ISA"), &o.isa, NULL), LYAP_OK);
    return o;
}

static bool exists(const char *path) {
    return access(path, F_OK) == 0;
}

/* The bytes of a file, ended by 0; the caller frees. */
static char *read_all(const char *path) {
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s is missing", path);
    size_t room = 1 << 22, length;
    char *text = malloc(room);
    length = fread(text, 1, room - 1, file);
    ck_assert_uint_lt(length, room - 1);
    text[length] = '\0';
    fclose(file);
    return text;
}

/* ---- the command ---- */

struct outcome {
    int status; /* exit status, or 1000 + signal */
    char out[16384], err[4096];
};

/* Path of `name` in the scratch directory; valid until eight more calls, more than a test makes. */
static const char *keep(const char *name) {
    static char kept[8][512];
    static int next;
    next = (next + 1) % 8;
    snprintf(kept[next], sizeof kept[next], "%s", scratch(name));
    return kept[next];
}

/* Absolute path of a program along PATH, for running it without PATH; `whole` holds it. */
static void locate(const char *name, char whole[1024]) {
    char path[4096], *rest = path;
    snprintf(path, sizeof path, "%s", getenv("PATH") ? getenv("PATH") : "");
    snprintf(whole, 1024, "%s", name);
    if (strchr(name, '/')) return;
    for (char *entry; (entry = strtok_r(rest, ":", &rest));) {
        snprintf(whole, 1024, "%s/%s", entry, name);
        if (access(whole, X_OK) == 0) return;
    }
    ck_abort_msg("%s: not found", name);
}

static pid_t launch(const char *path, const char *isa, const char *const *arguments) {
    char *argv[48], wrapper[1024], program[1024], *rest = wrapper;
    const char *command = getenv("LYAPGRAD_COMMAND");
    int argc = 0;
    ck_assert_msg(command != NULL, "LYAPGRAD_COMMAND must name the command under test");
    snprintf(wrapper, sizeof wrapper, "%s", getenv("EXEC_WRAPPER") ? getenv("EXEC_WRAPPER") : "");
    for (char *word; argc < 16 && (word = strtok_r(rest, " ", &rest));) argv[argc++] = word;
    argv[argc++] = (char *)command;
    argv[argc++] = (char[]){"reproduce"};
    for (; *arguments; arguments++) argv[argc++] = (char *)*arguments;
    argv[argc] = NULL;
    locate(argv[0], program);
    int out = open(scratch("out"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    int err = open(scratch("err"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    pid_t process = fork();
    ck_assert_int_ge(process, 0);
    if (process == 0) {
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        if (path) setenv("PATH", path, 1);
        if (isa) setenv("LYAPGRAD_ISA", isa, 1);
        execv(program, argv);
        _exit(126);
    }
    close(out);
    close(err);
    return process;
}

static struct outcome gather(pid_t process) {
    struct outcome o;
    int how;
    ck_assert_int_eq(waitpid(process, &how, 0), process);
    o.status = WIFEXITED(how) ? WEXITSTATUS(how) : 1000 + WTERMSIG(how);
    char *out = read_all(scratch("out")), *err = read_all(scratch("err"));
    snprintf(o.out, sizeof o.out, "%s", out);
    snprintf(o.err, sizeof o.err, "%s", err);
    free(out);
    free(err);
    return o;
}

/* Runs with PATH (NULL: as it is) and an instruction set (NULL: as it is). */
#define RUN(path, isa, ...) gather(launch(path, isa, (const char *const[]){__VA_ARGS__, NULL}))

static void expect_one_line(const char *text) {
    size_t length = strlen(text);
    ck_assert_uint_gt(length, 1);
    ck_assert_msg(strchr(text, '\n') == text + length - 1, "more than one line: %s", text);
}

static void expect_same_file(const char *a, const char *b, const char *name, const char *ending) {
    char path[2][600];
    snprintf(path[0], sizeof path[0], "%s/%s%s", a, name, ending);
    snprintf(path[1], sizeof path[1], "%s/%s%s", b, name, ending);
    char *x = read_all(path[0]), *y = read_all(path[1]);
    ck_assert_msg(strcmp(x, y) == 0, "%s differs", path[1]);
    free(x);
    free(y);
}

static void expect_same_data(const char *a, const char *b) {
    for (int f = 0; f < LYAP_FIGURES; f++) {
        expect_same_file(a, b, lyap_figures[f].name, ".csv");
        expect_same_file(a, b, lyap_figures[f].name, ".gp");
    }
    expect_same_file(a, b, "summary", ".txt");
}

/* Fields of the line of a CSV file that begins with `start`, up to 13; the text is cut up. */
static int find_row(char *text, const char *start, char *field[13]) {
    char *line = text;
    while (line && strncmp(line, start, strlen(start)) != 0) {
        line = strchr(line, '\n');
        if (line) line++;
    }
    ck_assert_msg(line != NULL, "no line begins with %s", start);
    line[strcspn(line, "\n")] = '\0';
    int fields = 0;
    for (; fields < 13; fields++) {
        field[fields] = line;
        line = strchr(line, ',');
        if (!line) return fields + 1;
        *line++ = '\0';
    }
    return fields;
}

static void expect_real(const char *field, double value) {
    char text[32];
    ck_assert_str_eq(field, lyap_format_real(value, text));
}

/* One run without gnuplot, and everything that its files must hold. */
START_TEST(without_gnuplot_data_and_scripts_are_written) {
    const char *a = keep("no gnuplot/here"), *few = brief_tests() ? "12" : "40";
    struct outcome o = RUN("", NULL, "--starts", few, "--threads", "1", "--out", a);
    ck_assert_msg(o.status == 0, "%s", o.err);
    expect_one_line(o.err);
    ck_assert_ptr_nonnull(strstr(o.err, "gnuplot"));
    ck_assert_ptr_nonnull(strstr(o.out, "computed in"));
    ck_assert_int_eq(count_entries(a), 2 * LYAP_FIGURES + 2); /* .csv, .gp, summary.txt, manifest.txt, no leftovers */

    /* The same bytes again, with other threads, and on every instruction set. */
    const char *b = keep("no gnuplot/again");
    o = RUN("", NULL, "--starts", few, "--threads=3", "--quiet", "--seed=1", "--precision=float32", "--out", b);
    ck_assert_int_eq(o.status, 0);
    ck_assert_str_eq(o.out, "");
    expect_same_data(a, b);
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
        if (!HAS_ISA(isa)) continue;
        o = RUN("", lyap_isa_name((enum lyap_isa)isa), "--starts", few, "--out", b);
        ck_assert_msg(o.status == 0, "%s", o.err);
        expect_same_data(a, b);
    }
    o = RUN("", NULL, "--starts", few, "--seed=2", "--out", b);
    ck_assert_int_eq(o.status, 0);
    char *one = read_all(scratch("no gnuplot/here/LossVsEpochs.csv")),
         *two = read_all(scratch("no gnuplot/again/LossVsEpochs.csv"));
    ck_assert_str_ne(one, two);
    free(one);
    free(two);
}
END_TEST

START_TEST(tables_hold_what_the_ensemble_gives) {
    const char *out = keep("tables");
    struct outcome o = RUN("", NULL, "--starts", "40", "--quiet", "--out", out);
    ck_assert_msg(o.status == 0, "%s", o.err);
    struct lyap_paper_options options = options_of(40);
    struct lyap_paper_case c;
    char *field[13], start[32];
    ck_assert_int_eq(lyap_paper_case_init(&c, LYAP_SIGMOID, &options, NULL), LYAP_OK);

    c.plan.series = true;
    struct collected series = run_plan(&c.plan);
    for (int epoch = 0; epoch < 100; epoch += 33) {
        snprintf(start, sizeof start, "sigmoid,%d,", epoch);
        char *text = read_all(scratch("tables/DistanceVsEpochs.csv"));
        ck_assert_int_eq(find_row(text, start, field), 8);
        expect_real(field[3], series.distance[epoch]);
        ck_assert_double_eq_tol(strtod(field[2], NULL) / strtod(field[3], NULL), 24.0 / 25, 1e-14);
        free(text);
        text = read_all(scratch("tables/LossVsEpochs.csv"));
        ck_assert_int_eq(find_row(text, start, field), 7);
        expect_real(field[2], series.loss[epoch]);
        free(text);
        if (epoch == 0) continue;
        text = read_all(scratch("tables/LyapkVsEpochs.csv"));
        ck_assert_int_eq(find_row(text, start, field), 7);
        ck_assert_double_eq_tol(strtod(field[2], NULL), log(series.distance[epoch] / series.distance[epoch - 1]),
                                1e-15);
        free(text);
    }
    collected_free(&series);

    c.plan.series = false;
    c.plan.setting.lr = lyap_paper_rate(11);
    struct collected rate = run_plan(&c.plan);
    char *text = read_all(scratch("tables/LyapunovVsLearningRate.csv"));
    ck_assert_int_eq(find_row(text, "sigmoid,4.4078,", field), 13);
    expect_real(field[2], rate.records[0].lambda_kw);
    expect_real(field[3], rate.records[0].lambda_step);
    ck_assert_str_eq(field[4], "ok");
    ck_assert_str_eq(field[12], "0.515");
    free(text);
    collected_free(&rate);

    c.plan.setting = (struct lyap_setting){.lr = 0.001, .perturbation = 1e-4, .epochs = 5};
    c.plan.starts = 40;
    struct collected scatter = run_plan(&c.plan);
    int found = 0;
    for (int i = 0; i < 40; i++) {
        text = read_all(scratch("tables/LyapunovVsLoss.csv"));
        snprintf(start, sizeof start, "\nsigmoid,%d,", i);
        if (strstr(text, start)) {
            ck_assert_int_eq(find_row(text, start + 1, field), 7);
            expect_real(field[2], scatter.records[i].initial_loss);
            expect_real(field[3], scatter.records[i].final_loss);
            expect_real(field[4], scatter.records[i].lambda_kw);
            expect_real(field[5], scatter.records[i].lambda_step);
            ck_assert_str_eq(field[6], "ok");
            found++;
        }
        free(text);
    }
    ck_assert_int_eq(found, 4); /* a tenth */
    collected_free(&scatter);
    lyap_paper_case_free(&c);

    text = read_all(scratch("tables/summary.txt"));
    ck_assert_ptr_nonnull(strstr(text, "distance x 24/25"));
    ck_assert_ptr_nonnull(strstr(text, "8.986"));
    ck_assert_ptr_nonnull(strstr(text, "40 starts an activation"));
    free(text);
    text = read_all(scratch("tables/manifest.txt"));
    ck_assert_ptr_nonnull(strstr(text, "\ndigest = "));
    ck_assert_ptr_nonnull(strstr(text, "\nescape = 1041666666.666666"));
    free(text);
}
END_TEST

START_TEST(scripts_need_nothing_but_their_data) {
    const char *out = keep("scripts");
    struct outcome o = RUN("", NULL, "--starts", "50", "--quiet", "--out", out);
    ck_assert_int_eq(o.status, 0);
    for (int f = 0; f < LYAP_FIGURES; f++) {
        char name[128], line[256];
        snprintf(name, sizeof name, "scripts/%s.gp", lyap_figures[f].name);
        char *text = read_all(scratch(name));
        snprintf(line, sizeof line,
                 "# %s.gp, made by: lyapgrad reproduce --starts 50 --seed 1 --precision float32\n# Figure %s of ",
                 lyap_figures[f].name, lyap_figures[f].plot);
        ck_assert_msg(strncmp(text, line, strlen(line)) == 0, "%s begins with %.200s", name, text);
        ck_assert_ptr_nonnull(strstr(text, "arXiv 2410.05988"));
        snprintf(line, sizeof line, "gnuplot %s.gp\n", lyap_figures[f].name);
        ck_assert_ptr_nonnull(strstr(text, line));
        snprintf(line, sizeof line, "\nfigure = \"%s\"\n", lyap_figures[f].name);
        ck_assert_ptr_nonnull(strstr(text, line));
        ck_assert_ptr_null(strstr(text, "load "));
        ck_assert_ptr_null(strstr(text, "system"));
        ck_assert_ptr_null(strstr(text, "pause"));
        ck_assert_ptr_nonnull(strstr(text, "set multiplot")); /* the text of plots/ is there */
        ck_assert_ptr_nonnull(strstr(text, "pngcairo"));      /* and style.gp */
        free(text);
    }
}
END_TEST

/* Once: drawing is slow. A directory with a blank and quotes in its name. */
START_TEST(pictures_are_drawn_where_gnuplot_is) {
    char *gnuplot = lyap_gnuplot_find();
    if (!gnuplot) SKIP("there is no gnuplot");
    free(gnuplot);
    const char *out = keep("it's a \"picture\" $HOME");
    struct outcome o = RUN(NULL, NULL, "--starts", "20", "--out", out);
    ck_assert_msg(o.status == 0, "%s", o.err);
    ck_assert_str_eq(o.err, "");
    ck_assert_ptr_nonnull(strstr(o.out, "drawn in"));
    ck_assert_int_eq(count_entries(out), 4 * LYAP_FIGURES + 2);
    for (int f = 0; f < LYAP_FIGURES; f++) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s.png", out, lyap_figures[f].name);
        ck_assert(exists(path));
        snprintf(path, sizeof path, "%s/%s.svg", out, lyap_figures[f].name);
        char *svg = read_all(path);
        ck_assert_ptr_nonnull(strstr(svg, "</svg>"));
        free(svg);
    }
}
END_TEST

/* A directory with a program called gnuplot: the text behind "#!/bin/sh". */
static const char *fake_gnuplot(const char *name, const char *text) {
    char path[128];
    const char *directory = keep(name);
    ck_assert_int_eq(mkdir(directory, 0777), 0);
    snprintf(path, sizeof path, "%s/gnuplot", name);
    FILE *file = fopen(scratch(path), "w");
    fprintf(file, "#!/bin/sh\n%s\n", text);
    fclose(file);
    ck_assert_int_eq(chmod(scratch(path), 0755), 0);
    return directory;
}

START_TEST(a_failing_gnuplot_is_one_line_and_leaves_the_data) {
    const char *path = (fake_gnuplot("failing", "echo >&2; echo 'plot x y' >&2; echo '     ^' >&2; "
                                                "echo '\"a.gp\", line 3: unknown word' >&2; exit 1"));
    const char *out = keep("of failing");
    struct outcome o = RUN(path, NULL, "--starts", "4", "--quiet", "--out", out);
    ck_assert_int_eq(o.status, 1);
    expect_one_line(o.err);
    ck_assert_ptr_nonnull(strstr(o.err, "line 3: unknown word"));
    ck_assert_int_eq(count_entries(out), 2 * LYAP_FIGURES + 2);
}
END_TEST

START_TEST(an_unfinished_picture_does_not_appear) {
    const char *path = fake_gnuplot("half", "echo half > \"$4\"; echo '</svg>' > \"$5\"");
    const char *out = keep("of half");
    struct outcome o = RUN(path, NULL, "--starts", "4", "--quiet", "--threads", "1", "--out", out);
    ck_assert_int_eq(o.status, 1);
    expect_one_line(o.err);
    ck_assert_ptr_nonnull(strstr(o.err, "LyapunovVsLoss.png"));
    ck_assert(!exists(scratch("of half/LyapunovVsLoss.png")));
    ck_assert(exists(scratch("of half/LyapunovVsLoss.svg"))); /* that one is complete */
    ck_assert_int_eq(count_entries(out), 2 * LYAP_FIGURES + 2 + 1);
}
END_TEST

START_TEST(an_interruption_leaves_no_temporaries) {
    const struct timespec pause = {.tv_nsec = 10000000};
    char name[32], drawing[48];
    snprintf(name, sizeof name, "of slow %d", _i);
    snprintf(drawing, sizeof drawing, "%s/drawing", name);
    /* A second one is often just being started when the first draws. */
    const char *path = fake_gnuplot(name + 3, "echo > ./drawing; exec /bin/sleep 100"), *out = keep(name);
    time_t begin = time(NULL);
    pid_t process = launch(path, NULL, (const char *const[]){"--starts", "4", "--quiet", "--out", out, NULL});
    while (!exists(scratch(drawing))) nanosleep(&pause, NULL);
    ck_assert_int_eq(kill(process, SIGINT), 0);
    struct outcome o = gather(process);
    ck_assert_int_eq(o.status, 130);
    expect_one_line(o.err);
    ck_assert_int_eq(count_entries(out), 2 * LYAP_FIGURES + 2 + 1);
    ck_assert_msg(time(NULL) < begin + 90, "an interrupted command waited for its drawings");
}
END_TEST

START_TEST(a_drawing_that_ignores_the_request_to_end_is_not_waited_for) {
    const struct timespec pause = {.tv_nsec = 10000000};
    const char *path = fake_gnuplot("deaf", "trap '' TERM; echo > ./drawing; exec /bin/sleep 100"),
               *out = keep("of deaf");
    pid_t process = launch(path, NULL, (const char *const[]){"--starts", "4", "--quiet", "--out", out, NULL});
    while (!exists(scratch("of deaf/drawing"))) nanosleep(&pause, NULL);
    time_t begin = time(NULL);
    ck_assert_int_eq(kill(process, SIGINT), 0);
    struct outcome o = gather(process);
    ck_assert_int_eq(o.status, 130);
    expect_one_line(o.err);
    ck_assert_msg(time(NULL) < begin + 60, "an interrupted command waited for its drawings");
}
END_TEST

START_TEST(bad_input_is_one_line_and_exit_two) {
    static const char *const bad[][2] = {{"--starts", "0"},       {"--starts", "1.5e0"}, {"--starts", "10000001"},
                                         {"--precision", "half"}, {"--seed", "-1"},      {"--threads", "x"},
                                         {"--epochs", "3"},       {"--quiet=yes", "x"},  {"surplus", "x"}};
    struct outcome o = RUN("", NULL, bad[_i][0], bad[_i][1], "--out", keep("never"));
    ck_assert_int_eq(o.status, 2);
    expect_one_line(o.err);
    ck_assert_str_eq(o.out, "");
    ck_assert(!exists(scratch("never")));
}
END_TEST

START_TEST(a_directory_that_cannot_be_is_exit_two) {
    scratch_file("plain", "x", 1);
    struct outcome o = RUN("", NULL, "--starts", "4", "--out", keep("plain/below"));
    ck_assert_int_eq(o.status, 2);
    expect_one_line(o.err);
    ck_assert_str_eq(o.out, "");
    /* a name that is taken by a directory: nothing else is left behind */
    ck_assert_int_eq(mkdir(scratch("taken"), 0777), 0);
    ck_assert_int_eq(mkdir(scratch("taken/summary.txt"), 0777), 0);
    o = RUN("", NULL, "--starts", "4", "--out", keep("taken"));
    ck_assert_int_eq(o.status, 2);
    expect_one_line(o.err);
    ck_assert_int_eq(count_entries(scratch("taken")), 1);
}
END_TEST

START_TEST(the_report_refuses_options_of_the_figures_and_they_its) {
    static const char *const bad[][3] = {
        {"--report", "--starts=5", "--starts: does not go with --report"},
        {"--report", "--precision=float64", "--precision: does not go with"},
        {"--report", "--section=C9", "--section: unknown section 'C9'; expected C1, "},
        {"--report", "--scale=0", "--scale: '0' is not allowed; expected a number above 0"},
        {"--full", "--seed=1", "--full: is for --report"},
        {"--section=C1", "--seed=1", "--section: is for --report"},
        {"--scale=2", "--seed=1", "--scale: is for --report"}};
    struct outcome o = RUN(NULL, NULL, bad[_i][0], bad[_i][1], "--out", keep("never"));
    ck_assert_int_eq(o.status, 2);
    ck_assert_msg(strstr(o.err, bad[_i][2]) != NULL, "%s", o.err);
    ck_assert_uint_eq(strcspn(o.err, "\n") + 1, strlen(o.err));
    ck_assert_int_ne(access(keep("never"), F_OK), 0);
}
END_TEST

START_TEST(a_section_of_the_report_is_written_by_the_command) {
    struct outcome o = RUN(NULL, NULL, "--report", "--section", "N", "--scale", "0.004", "--out", keep("report"));
    ck_assert_msg(o.status == 0, "%s", o.err);
    ck_assert_str_eq(o.err, "");
    ck_assert_ptr_nonnull(strstr(o.out, "Nb    "));
    ck_assert_int_eq(access(keep("report/report.html"), F_OK), 0);
    ck_assert_int_eq(access(keep("report/verdicts.csv"), F_OK), 0);
    ck_assert_int_eq(access(keep("report/figures/precision_noise.svg"), F_OK), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("reproduce");
    TCase *command = tcase_create("command"), *drawing = tcase_create("drawing");
    tcase_set_timeout(command, 120);
    tcase_set_timeout(drawing, 120);
    tcase_add_test(command, without_gnuplot_data_and_scripts_are_written);
    tcase_add_test(command, tables_hold_what_the_ensemble_gives);
    tcase_add_test(command, scripts_need_nothing_but_their_data);
    tcase_add_loop_test(command, bad_input_is_one_line_and_exit_two, 0, 9);
    tcase_add_loop_test(command, the_report_refuses_options_of_the_figures_and_they_its, 0, 7);
    tcase_add_test(command, a_section_of_the_report_is_written_by_the_command);
    tcase_add_test(command, a_directory_that_cannot_be_is_exit_two);
    tcase_add_test(drawing, pictures_are_drawn_where_gnuplot_is);
    tcase_add_test(drawing, a_failing_gnuplot_is_one_line_and_leaves_the_data);
    tcase_add_test(drawing, an_unfinished_picture_does_not_appear);
    tcase_add_loop_test(drawing, an_interruption_leaves_no_temporaries, 0, 8);
    tcase_add_test(drawing, a_drawing_that_ignores_the_request_to_end_is_not_waited_for);
    suite_add_tcase(suite, command);
    suite_add_tcase(suite, drawing);
    return run_suite(suite);
}
