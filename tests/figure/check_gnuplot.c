/* The gnuplot scripts against the names that gnuplot has itself, and the pictures against the user's environment. */
#include "figure/gnuplot.h"
#include "tests/command.h"

/* The functions of gnuplot 5.4 ("help expressions functions" lists them, and its table of functions has columnheader, conjg and
 * exist as well). A build may leave some out. A script that defines one of these names is refused at that line. */
static const char *const functions_5_4[] = {
    "EllipticE", "EllipticK",    "EllipticPi",   "VP",         "abs",          "acos",    "acosh",  "airy",
    "arg",       "asin",         "asinh",        "atan",       "atan2",        "atanh",   "besi0",  "besi1",
    "besin",     "besj0",        "besj1",        "besjn",      "besy0",        "besy1",   "besyn",  "cdawson",
    "ceil",      "cerf",         "column",       "columnhead", "columnheader", "conjg",   "cos",    "cosh",
    "erf",       "erfc",         "erfi",         "exist",      "exists",       "exp",     "expint", "faddeeva",
    "floor",     "gamma",        "gprintf",      "hsv2rgb",    "ibeta",        "igamma",  "imag",   "int",
    "inverf",    "invnorm",      "lambertw",     "lgamma",     "log",          "log10",   "norm",   "palette",
    "rand",      "real",         "sgn",          "sin",        "sinh",         "sprintf", "sqrt",   "strcol",
    "strftime",  "stringcolumn", "strlen",       "strptime",   "strstrt",      "substr",  "system", "tan",
    "tanh",      "time",         "timecolumn",   "tm_hour",    "tm_mday",      "tm_min",  "tm_mon", "tm_sec",
    "tm_wday",   "tm_week",      "tm_yday",      "tm_year",    "trim",         "valid",   "value",  "voigt",
    "voxel",     "weekdate_cdc", "weekdate_iso", "word",       "words"};

/* What gnuplot 6.0 has besides. */
static const char *const functions_6_0[] = {"Ai",       "BesselH1", "BesselH2",     "BesselI",   "BesselJ", "BesselK",
                                            "BesselY",  "Bi",       "FresnelC",     "FresnelS",  "Hankel1", "Hankel2",
                                            "LambertW", "Sign",     "SynchrotronF", "VP_fwhm",   "cbrt",    "conj",
                                            "eval",     "index",    "invibeta",     "invigamma", "join",    "lnGamma",
                                            "rgbcolor", "round",    "split",        "uigamma",   "zeta"};

/* Variables that gnuplot sets by itself, a word of its expressions, and beginnings of further ones. */
static const char *const variables[] = {"pi", "NaN", "I", "GNUTERM", "VoxelDistance", "GridDistance", "sum"};
static const char *const beginnings[] = {"GPVAL_", "GPFUN_", "ARG", "MOUSE_", "FIT_"};

enum { MAX_NAMES = 512 };

/* The names that a script defines: functions, their parameters, variables, what an iteration counts with. */
struct names {
    char name[MAX_NAMES][64];
    int count;
};

static bool in_name(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static const char *behind_blanks(const char *c) {
    return c + strspn(c, " \t");
}

static void add_name(struct names *names, const char *start, size_t length) {
    ck_assert_uint_lt(length, sizeof names->name[0]);
    for (int i = 0; i < names->count; i++)
        if (strlen(names->name[i]) == length && memcmp(names->name[i], start, length) == 0) return;
    ck_assert_int_lt(names->count, MAX_NAMES);
    memcpy(names->name[names->count], start, length);
    names->name[names->count++][length] = '\0';
}

static bool assigns(const char *c) {
    return *c == '=' && c[1] != '=' && c[1] != '~';
}

/* Behind "(a, b)", or NULL where the brackets hold anything but names. */
static const char *behind_parameters(const char *c) {
    do {
        c = behind_blanks(c + 1);
        while (in_name(*c)) c++;
        c = behind_blanks(c);
    } while (*c == ',');
    return *c == ')' ? c + 1 : NULL;
}

static void add_parameters(struct names *names, const char *c) {
    while (*c != ')') {
        c = behind_blanks(c + 1);
        size_t length = 0;
        while (in_name(c[length])) length++;
        if (length > 0) add_name(names, c, length);
        c = behind_blanks(c + length);
    }
}

/* Adds what a script defines, inside of strings too, since `eval` takes definitions from there. It takes some names for
 * definitions that are none ("r = " in a label), never the other way. */
static void find_names(struct names *names, const char *text) {
    for (const char *c = text; *c;) {
        bool line_begins = c == text || c[-1] == '\n';
        if (line_begins && *behind_blanks(c) == '#') {
            c += strcspn(c, "\n");
            c += *c == '\n';
            continue;
        }
        size_t length = 0;
        while (in_name(c[length])) length++;
        if (length == 0 || isdigit((unsigned char)*c)) {
            c += length > 0 ? length : 1;
            continue;
        }
        const char *next = behind_blanks(c + length), *brackets = *next == '(' ? behind_parameters(next) : NULL;
        bool iterates = c > text && c[-1] == '[' && strncmp(next, "in ", 3) == 0 && next > c + length;
        bool function = brackets && assigns(behind_blanks(brackets));
        if (function || iterates || assigns(next)) add_name(names, c, length);
        if (function) add_parameters(names, next);
        c += length;
    }
}

/* Whose name it is: a word for the message, or NULL. */
static const char *owner(const char *name) {
    for (size_t i = 0; i < sizeof functions_5_4 / sizeof *functions_5_4; i++)
        if (strcmp(name, functions_5_4[i]) == 0) return "a function of gnuplot 5.4";
    for (size_t i = 0; i < sizeof functions_6_0 / sizeof *functions_6_0; i++)
        if (strcmp(name, functions_6_0[i]) == 0) return "a function of gnuplot 6.0";
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (strcmp(name, variables[i]) == 0) return "a variable or word of gnuplot";
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0) return "a variable of gnuplot";
    return NULL;
}

/* Looks through every script in a directory; how many there are. */
static int expect_own_names(const char *path) {
    DIR *directory = opendir(path);
    ck_assert_msg(directory != NULL, "%s is missing", path);
    int scripts = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char file[1024];
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, ".gp") != 0) continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        char *text = read_text(file);
        struct names names = {.count = 0};
        find_names(&names, text);
        ck_assert_msg(names.count > 0, "%s defines nothing", file);
        for (int i = 0; i < names.count; i++)
            ck_assert_msg(!owner(names.name[i]), "%s defines %s, %s", file, names.name[i], owner(names.name[i]));
        free(text);
        scripts++;
    }
    closedir(directory);
    return scripts;
}

START_TEST(definitions_are_found_wherever_a_script_may_have_them) {
    static const char text[] = "# comment = 1\n"
                               "one = 2; two =\"x\"\n"
                               "three(a, b) = a == b ? (four = 1) : a=~b\n"
                               "  join( first,second )= first.second\n"
                               "do for [i=1:3] { plot for [isa in isas] sum [k = 1:2] x using ($2 > five ? 1 : 0) }\n"
                               "eval(\"six = 1; set x\")\n"
                               "seven(1) == 2; set output f(eight)\n"
                               "show = \"#\"; nine(x) = x";
    static const char *const expected[] = {"one",    "two", "three", "a", "b",   "four", "join", "first",
                                           "second", "i",   "isa",   "k", "six", "show", "nine", "x"};
    enum { EXPECTED = sizeof expected / sizeof *expected };
    struct names names = {.count = 0};
    find_names(&names, text);
    for (int i = 0; i < names.count && i < EXPECTED; i++) ck_assert_str_eq(names.name[i], expected[i]);
    ck_assert_int_eq(names.count, EXPECTED);
    ck_assert_str_eq(owner("join"), "a function of gnuplot 6.0");
    ck_assert_ptr_nonnull(owner("GPVAL_VERSION"));
    ck_assert_ptr_null(owner("joined"));
}
END_TEST

START_TEST(no_script_of_the_tree_defines_a_name_that_gnuplot_has) {
    ck_assert_int_ge(expect_own_names("plots"), 11);
    ck_assert_int_ge(expect_own_names("bench/plots"), 6);
}
END_TEST

/* Each command that leaves scripts, and how many. Without gnuplot nothing is drawn. */
static const struct {
    const char *line;
    int scripts;
} emitters[] = {
    {"reproduce --starts 4", 6},
    {"spectrum --epochs 40 --starts 2 --history 4", 2},
    {"map --resolution 2x2 --epochs 4 --x lr:0.1:1 --y lr2:0.1:1", 1},
    {"bifurcation --points 2 --transient 2 --over lr:0.1:1:2", 1},
    {"select --epochs 4 --budget 70000 --searches 0", 1},
    {"series @/series.csv --fit 1:5", 1},
};
enum { EMITTERS = sizeof emitters / sizeof *emitters };

START_TEST(no_script_that_a_command_writes_defines_a_name_that_gnuplot_has) {
    char series[16384] = "";
    size_t length = 0;
    double x = 0.3; /* the logistic map, a series that has an exponent */
    for (int i = 0; i < 1000; i++, x = 4 * x * (1 - x))
        length += (size_t)snprintf(series + length, sizeof series - length, "%.10f\n", x);
    scratch_file("series.csv", series, length);
    struct outcome o = run_command("PATH=/nowhere %s --out @/emitted", emitters[_i].line);
    ck_assert_msg(o.status == 0, "%s: %s", emitters[_i].line, o.err);
    ck_assert_int_eq(expect_own_names(scratch("emitted")), emitters[_i].scripts);
    outcome_free(&o);
    remove_tree(scratch("emitted"));
}
END_TEST

static const char *const diagram = "bifurcation --points 2 --transient 2 --over lr:0.1:1:2 --quiet";

/* A program called gnuplot that draws nothing unless it sees KEPT, and never where it sees GNUTERM. */
START_TEST(gnuplot_gets_the_environment_without_what_chooses_its_terminal) {
    static const char fake[] = "#!/bin/sh\n[ -z \"${GNUTERM+set}\" ] || { echo 'line 1: GNUTERM' >&2; exit 1; }\n"
                               "[ \"$KEPT\" = 'it is' ] || { echo 'line 2: KEPT' >&2; exit 1; }\n"
                               "[ \"$GNUTERMINAL\" = x ] || { echo 'line 3: GNUTERMINAL' >&2; exit 1; }\n"
                               "echo IEND > \"$4\"; echo '</svg>' > \"$5\"\n";
    ck_assert_int_eq(mkdir(scratch("fake"), 0777), 0);
    scratch_file("fake/gnuplot", fake, sizeof fake - 1);
    ck_assert_int_eq(chmod(scratch("fake/gnuplot"), 0755), 0);
    expect_success("PATH=@/fake GNUTERM=nonsense KEPT=it~is GNUTERMINAL=x %s --out @/sent", diagram);
    ck_assert_int_eq(access(scratch("sent/bifurcation.png"), R_OK), 0);
    expect_success("PATH=@/fake GNUTERM='' KEPT=it~is GNUTERMINAL=x %s --out @/sent", diagram);
}
END_TEST

/* What gnuplot, and the libraries that it draws with, read of the environment. */
static const char *const settings[] = {
    "GNUTERM=nonsense",
    "GNUTERM=''",
    "GNUTERM=x11 DISPLAY=:77",
    "GNUTERM=qt QT_QPA_PLATFORM=nonsense",
    "DOMTERM=x TERM=nonsense SHELL=/nowhere PAGER=/nowhere COLUMNS=1 LINES=1",
    "HOME=@/home XDG_CONFIG_HOME=@/home",
    "HOME='' TMPDIR=/nowhere",
    "GNUPLOT_LIB=/nowhere GNUPLOT_FONTPATH=/nowhere GNUPLOT_PS_DIR=/nowhere GNUPLOT_DRIVER_DIR=/nowhere",
    "GNUPLOT_DEFAULT_GDFONT=nonsense GDFONTPATH=/nowhere GNUHELP=/nowhere FIT_LOG=/nowhere/x FIT_SCRIPT=/nowhere/x",
    "LC_ALL=C",
    "LC_ALL=nonsense",
    "LC_ALL=de_DE.UTF-8 LC_NUMERIC=de_DE.UTF-8",
};
enum { SETTINGS = sizeof settings / sizeof *settings };

static void expect_same_file(const char *a, const char *b) {
    FILE *one = fopen(scratch(a), "rb"), *two = fopen(scratch(b), "rb");
    ck_assert_msg(one && two, "%s or %s is missing", a, b);
    for (int c = 0; c != EOF;) {
        c = getc(one);
        ck_assert_msg(c == getc(two), "%s is not as %s", a, b);
    }
    fclose(one);
    fclose(two);
}

/* The picture without such settings, made once for all tests. */
static void draw_plain(void) {
    static const char init[] = "set terminal nonsense\n";
    unsetenv("GNUTERM");
    mkdir(scratch("home"), 0777);
    mkdir(scratch("home/gnuplot"), 0777);
    scratch_file("home/.gnuplot", init, sizeof init - 1);
    scratch_file("home/gnuplot/gnuplotrc", init, sizeof init - 1);
    expect_success("%s --out @/plain", diagram);
}

START_TEST(no_setting_of_the_user_changes_or_breaks_a_picture) {
    char *gnuplot = lyap_gnuplot_find();
    if (!gnuplot) SKIP("there is no gnuplot");
    free(gnuplot);
    expect_success("%s %s --out @/set", settings[_i], diagram);
    expect_same_file("set/bifurcation.svg", "plain/bifurcation.svg");
    expect_same_file("set/bifurcation.png", "plain/bifurcation.png");
    remove_tree(scratch("set"));
}
END_TEST

/* Logarithmic axes of less than two decades, where versions of gnuplot differ in what they label. */
static const struct {
    const char *line, *picture;
    const char *labels[5];
} axes[] = {
    {"bifurcation --points 2 --transient 2 --over lr:0.03:0.6:4:log", "bifurcation", {"0.05", "0.1", "0.2", "0.5"}},
    {"bifurcation --points 2 --transient 2 --over lr:0.3:0.45:4:log", "bifurcation", {"0.3", "0.35", "0.4", "0.45"}},
    {"bifurcation --points 2 --transient 2 --over lr:0.05:2:4:log", "bifurcation", {"0.1", "1"}},
    {"select --epochs 4 --budget 70000 --searches 0 --lr 0.01:0.1", "select", {"0.01", "0.02", "0.05", "0.1"}},
    {"select --epochs 4 --budget 70000 --searches 0 --lr 0.3:0.45", "select", {"0.3", "0.35", "0.4", "0.45"}},
};
enum { AXES = sizeof axes / sizeof *axes };

START_TEST(a_short_logarithmic_axis_has_round_numbers_and_no_lone_power_of_ten) {
    char *gnuplot = lyap_gnuplot_find();
    if (!gnuplot) SKIP("there is no gnuplot");
    free(gnuplot);
    char path[64], label[32];
    expect_success("%s --quiet --out @/axis", axes[_i].line);
    snprintf(path, sizeof path, "axis/%s.svg", axes[_i].picture);
    char *svg = read_text(scratch(path));
    ck_assert_ptr_nonnull(svg);
    for (int l = 0; l < 5 && axes[_i].labels[l]; l++) {
        snprintf(label, sizeof label, ">%s</tspan>", axes[_i].labels[l]);
        ck_assert_msg(strstr(svg, label) != NULL, "%s has no %s", axes[_i].line, axes[_i].labels[l]);
    }
    ck_assert_msg(!strstr(svg, ">10</tspan>"), "%s has a power of ten", axes[_i].line);
    free(svg);
    remove_tree(scratch("axis"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("gnuplot");
    TCase *names = tcase_create("names");
    tcase_add_test(names, definitions_are_found_wherever_a_script_may_have_them);
    tcase_add_test(names, no_script_of_the_tree_defines_a_name_that_gnuplot_has);
    tcase_add_loop_test(names, no_script_that_a_command_writes_defines_a_name_that_gnuplot_has, 0, EMITTERS);
    suite_add_tcase(suite, names);
    TCase *environment = tcase_create("environment");
    tcase_add_test(environment, gnuplot_gets_the_environment_without_what_chooses_its_terminal);
    suite_add_tcase(suite, environment);
    TCase *compared = tcase_create("settings");
    tcase_add_unchecked_fixture(compared, draw_plain, NULL);
    tcase_add_loop_test(compared, no_setting_of_the_user_changes_or_breaks_a_picture, 0, SETTINGS);
    suite_add_tcase(suite, compared);
    TCase *tics = tcase_create("axes");
    tcase_add_loop_test(tics, a_short_logarithmic_axis_has_round_numbers_and_no_lone_power_of_ten, 0, AXES);
    suite_add_tcase(suite, tics);
    return run_suite(suite);
}
