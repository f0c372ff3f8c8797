/* The description of options: the default that is stated is the one that is used and the library's, and the manifest records every
 * value under the option's name. The commands run in this process. */
#include "cli/options/estimator.h"
#include "cli/options/optimiser.h"
#include "cli/options/start.h"
#include "cli/options/training.h"
#include "cli/select/select.h"
#include "lyapgrad/lyapgrad.h"
#include "tests/cli/option_calls.h"

/* The manifest in @/out without its command line, after a run that must succeed. The caller frees. */
static char *manifest_of(const struct cli_command *command, const char *line) {
    char *said;
    remove_tree(scratch("out"));
    remove_tree(scratch("kept"));
    int status = call(command, line, &said);
    ck_assert_msg(status == 0, "%s%s: status %d: %s", command->name, line, status, said);
    free(said);
    char *text = read_text(scratch("out/manifest.txt")), *from = strstr(text, "\ncommand ="),
         *to = strchr(from + 1, '\n');
    memmove(from, to, strlen(to) + 1);
    return text;
}

/* Two manifests that are the same, but for the line of the option. Frees them. */
static void expect_alike(char *without, char *given, const char *name, const char *line) {
    char key[80];
    snprintf(key, sizeof key, "\n%s = ", name);
    char *one = strstr(without, key), *other = strstr(given, key);
    if (!one && other) { /* recorded where it was given */
        char *end = strchr(other + 1, '\n');
        memmove(other, end, strlen(end) + 1);
    }
    ck_assert_msg(strcmp(without, given) == 0, "%s\n%s\n%s", line, without, given);
    free(without);
    free(given);
}

/* The option at `value` and left out are the same run. */
static void expect_same(const struct cli_command *command, const struct cli_option *o, const char *beside,
                        const char *value) {
    char line[MOST_LINE];
    context_of(command, o, line);
    snprintf(line + strlen(line), sizeof line - strlen(line), " %s", beside);
    char *without = manifest_of(command, line);
    snprintf(line + strlen(line), sizeof line - strlen(line), " --%s %s", o->name, value);
    char *given = manifest_of(command, line);
    expect_alike(without, given, o->name, line);
}

static const char *const with_manifest[] = {"run", "sweep", "spectrum", "map", "bifurcation", "select", "series"};

/* True where the option can stand beside all others at their defaults: it is in no base, needs none, and all kinds have it. */
static bool stands_alone(const struct cli_command *command, const struct cli_option *o, const char *base) {
    char word[64];
    bool alone = strcmp(o->name, "lr") != 0 && (!o->with || o->choices & 1 || !has_option(command, o->with->noun));
    snprintf(word, sizeof word, " --%s ", o->name);
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) alone = alone && strcmp(needs[i].option, o->name) != 0;
    return alone && !strstr(base, word);
}

/* Most options in one run, the others alone. */
START_TEST(the_default_that_help_states_is_the_one_that_is_used) {
    /* Another directory is another directory; the others take seconds. */
    static const char *const apart[] = {"out", "budget", "searches", "resolution"};
    const struct cli_command *command = cli_find_command(&cli_program, with_manifest[_i]);
    const struct cli_option none = {.name = ""};
    char line[MOST_LINE], key[80];
    context_of(command, &none, line);
    char *without = manifest_of(command, line), *given;
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        const struct cli_option *o = &walk.option;
        bool skip = !o->standard;
        for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) skip = skip || strcmp(apart[i], o->name) == 0;
        if (!skip && stands_alone(command, o, line))
            add_word(line, "", o->name, o->standard);
        else if (!skip)
            expect_same(command, o, "", o->standard);
    }
    given = manifest_of(command, line);
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        snprintf(key, sizeof key, "\n%s = ", walk.option.name);
        char *found = strstr(given, key);
        if (found && !strstr(without, key))
            memmove(found, strchr(found + 1, '\n'), strlen(strchr(found + 1, '\n')) + 1);
    }
    ck_assert_msg(strcmp(without, given) == 0, "%s%s\n%s\n%s", command->name, line, without, given);
    free(without);
    free(given);
}
END_TEST

/* Defaults that depend on another setting: the option's words have the value, and it is the one that is used. */
static const struct {
    const char *command, *beside, *option, *value;
} dependent[] = {
    {"run", "--optimiser momentum", "momentum", "0.9"},
    {"run", "--optimiser adam", "momentum", "0.9"},
    {"run", "--optimiser rmsprop", "decay", "0.99"},
    {"run", "--optimiser adamw", "decay", "0.999"},
    {"run", "--optimiser rmsprop", "epsilon", "1e-8"},
    {"run", "", "weight-decay", "0"},
    {"run", "--optimiser adamw", "weight-decay", "0.01"},
    {"run", "", "starts", "1"},
    {"run", "", "steps", "100"},
    {"run", "--estimator tangent", "steps", "10000"},
    {"run", "", "perturbation", "1e-4"},
    {"run", "--estimator rescaled", "perturbation", "1e-8"},
    {"run", "", "precision", "float32"},
    {"run", "--estimator tangent", "precision", "float64"},
    {"run", "--estimator rescaled", "precision", "float64"},
    {"run", "--estimator tangent", "qr-every", "10"},
    {"spectrum", "--exponents 3", "qr-every", "2"},
    {"spectrum", "", "exponents", "9"},
    {"run", "", "loss-window", "0.2,0.4"},
    {"run", "--init he-normal", "loss-window", "none"},
    {"run", "--init he-normal", "init-bias", "zero"},
    {"run", "--loss bce --loss-window none", "output-activation", "sigmoid"},
    {"bifurcation", "", "steps", "5000"},
    {"bifurcation", "--steps 4600", "points", "512"},
};

START_TEST(a_default_that_depends_on_another_option_is_the_one_that_is_used) {
    const struct cli_command *command = cli_find_command(&cli_program, dependent[_i].command);
    struct cli_option option, plain;
    const char *name = dependent[_i].option;
    ck_assert_int_ge(cli_find_option(command->options, name, strlen(name), &option), 0);
    const char *said = option.standard ? option.standard : option.absent;
    bool named = strcmp(name, "output-activation") == 0 || strstr(said, dependent[_i].value);
    ck_assert_msg(named, "--%s: '%s' is not in: %s", name, dependent[_i].value, said);
    plain = option;
    plain.with = NULL; /* the kind is in `beside` */
    if (strcmp(name, "points") == 0) plain.name = "steps";
    char line[MOST_LINE];
    context_of(command, &plain, line);
    char *points = strstr(line, " --points 4 ");
    if (points && strcmp(name, "points") == 0) memset(points, ' ', 12);
    snprintf(line + strlen(line), sizeof line - strlen(line), " %s", dependent[_i].beside);
    char *without = manifest_of(command, line);
    snprintf(line + strlen(line), sizeof line - strlen(line), " --%s %s", name, dependent[_i].value);
    char *given = manifest_of(command, line);
    expect_alike(without, given, name, line);
}
END_TEST

/* Reading the defaults over the library's own changes nothing. */
START_TEST(the_defaults_of_the_descriptions_are_those_of_the_library) {
    struct cli_values values = {.command = cli_find_command(&cli_program, "sweep")};
    struct lyap_plan plan, plain;
    memset(&plan, 0, sizeof plan);
    lyap_plan_defaults(&plan, NULL, NULL);
    memcpy(&plain, &plan, sizeof plan);
    ck_assert(cli_read(&values, &cli_training_options, &plan) && cli_read(&values, &cli_start_options, &plan));
    ck_assert_int_eq(memcmp(&plain, &plan, sizeof plan), 0);
    struct lyap_optimiser optimiser = plan.optimiser;
    ck_assert(cli_read(&values, &cli_optimiser_options, &optimiser));
    ck_assert_int_eq(memcmp(&plan.optimiser, &optimiser, sizeof optimiser), 0);
    values.command = cli_find_command(&cli_program, "run");
    struct lyap_spectrum_plan spectrum, same;
    lyap_spectrum_defaults(&spectrum, NULL, NULL);
    memcpy(&same, &spectrum, sizeof spectrum);
    ck_assert(cli_read(&values, &cli_estimate_options, &spectrum));
    ck_assert_int_eq(memcmp(&same, &spectrum, sizeof spectrum), 0);
    values.command = cli_find_command(&cli_program, "select");
    static struct cli_selection selection;
    struct lyap_selection_plan chosen;
    lyap_selection_defaults(&selection.plan, NULL, 0);
    memcpy(&chosen, &selection.plan, sizeof chosen);
    chosen.searches = 0; /* the command compares ways to search where it is asked to */
    ck_assert(cli_read(&values, &cli_select_options, &selection));
    ck_assert_int_eq(memcmp(&chosen, &selection.plan, sizeof chosen), 0);
}
END_TEST

/* Lines with values that are no defaults; every one is recorded under the option's name. */
static const char *const recorded[] = {
    "run --lr 0.25 --epochs 4 --starts 3 --neighbours 5 --perturbation 0.001 --escape 100 --seed 9 --optimiser adam "
    "--momentum 0.5 --decay 0.75 --epsilon 0.125 --weight-decay 0.5 --warm-up 2 --batch 3 --batch-seed 8 --state full "
    "--precision float64 --net 2-3-1 --activation tanh --output-activation relu --init normal:0.5,2 --data-seed 4 "
    "--data moons:20,0.1 --split 0.5 --loss-window none --schedule step:2,0.5 --layer-rates 1,0.5",
    "spectrum --lr 0.25 --epochs 40 --exponents 2 --transient 5 --qr-every 3 --until-ci 0.5 --growth 2 --seed 3",
    "map --x lr1:1:2 --y d1:0:1 --resolution 3x2 --epochs 9 --transient 4 --qr-every 3 --growth 2 --target 0.5 --show "
    "loss "
    "--lr 0.5",
    "bifurcation --over init-scale:1:2:2 --epochs 20 --points 7 --show w0,w1 --tolerance 0.5 --growth 2 --qr-every 3 "
    "--lr 0.5",
    "select --net 2-2-1 --activation tanh --budget 13000 --epochs 16 --searches 5 --rates 3 --rate-starts 2 "
    "--score combined --divisor 3 --safe 0.5 --target 0.125 --growth 3 --seed 4",
    "series @/wave.csv --method rosenstein --dimension 1 --delay 2 --theiler 4 --steps 9 --fit 0:4 --min-distance 1e-9 "
    "--radius 9",
};

START_TEST(the_manifest_records_every_value_under_the_name_of_its_option) {
    char line[MOST_LINE], text[MOST_LINE], name[32];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(recorded[_i], " "), recorded[_i]);
    const struct cli_command *command = cli_find_command(&cli_program, name);
    snprintf(line, sizeof line, "%s --out @/out --quiet", recorded[_i] + strlen(name));
    char *manifest = manifest_of(command, line);
    snprintf(text, sizeof text, "%s", recorded[_i]);
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
        struct cli_option o;
        char key[80];
        if (!cli_option_of(command->options, word, &o) || !o.value) continue;
        const char *value = strtok(NULL, " ");
        /* The length of a training is called epochs there, as it always was. */
        snprintf(key, sizeof key, "\n%s = ", o.also && strcmp(o.name, "steps") == 0 ? o.also : o.name);
        const char *found = strstr(manifest, key);
        ck_assert_msg(found != NULL, "%s is not in:\n%s", key + 1, manifest);
        found += strlen(key);
        const size_t length = strcspn(found, "\n");
        if (o.type == CLI_REAL)
            ck_assert_double_eq(strtod(found, NULL), strtod(value, NULL));
        else if (o.type != CLI_FORM)
            ck_assert_msg(strlen(value) == length && strncmp(found, value, length) == 0, "%s %s", key + 1, value);
    }
    free(manifest);
}
END_TEST

/* Another value than in the checkpoint, and the key of the setting where it is not the option's name. */
static const struct {
    const char *option, *value, *key;
} settings[] = {
    {"lr", "0.5", NULL},
    {"steps", "4", "epochs"},
    {"starts", "3", NULL},
    {"neighbours", "3", NULL},
    {"perturbation", "0.1", NULL},
    {"escape", "5", NULL},
    {"series", NULL, NULL},
    {"init", "he-normal", NULL},
    {"init-bias", "zero", NULL},
    {"loss-window", "none", NULL},
    {"precision", "float64", NULL},
    {"seed", "4", NULL},
    {"net", "2-3-1", NULL},
    {"activation", "tanh", NULL},
    {"output-activation", "tanh", "activation"},
    {"loss", "bce", NULL},
    {"optimiser", "adamw", NULL},
    {"momentum", "0.5", NULL},
    {"decay", "0.5", NULL},
    {"epsilon", "1", NULL},
    {"weight-decay", "0.5", NULL},
    {"schedule", "cosine", NULL},
    {"warm-up", "2", NULL},
    {"layer-rates", "1,2", NULL},
    {"batch", "3", NULL},
    {"batch-seed", "3", NULL},
    {"state", "full", NULL},
    {"data", "moons:20,0.1", "net"},
    {"standardise", NULL, "data"},
    {"samples", "3", "data"},
    {"split", "0.5", "data"},
    {"estimator", "tangent", NULL},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

/* Those that need a file, another estimator, or other settings to change the results here. */
static const char not_here[] =
    " targets labels header one-hot test-data test-labels weights transient until-ci history curvature "
    "qr-every band growth evaluate max-draws data-seed ";

START_TEST(an_option_that_changes_results_is_a_setting_of_the_checkpoint) {
    static const char base[] = "--quiet --out @/out --checkpoint @/kept";
    static const char *const others[][2] = {{"steps", "3"}, {"starts", "2"}, {"batch", "2"}, {"optimiser", "adam"}};
    const struct cli_command *command = cli_find_command(&cli_program, "run");
    char *said, line[MOST_LINE], expected[100];
    remove_tree(scratch("out"));
    remove_tree(scratch("kept"));
    for (int s = -1; s < SETTINGS; s++) {
        snprintf(line, sizeof line, "%s", base);
        for (int i = 0; i < 4; i++) add_word(line, s < 0 ? "" : settings[s].option, others[i][0], others[i][1]);
        if (s >= 0) add_word(line, "", settings[s].option, settings[s].value);
        if (s >= 0) add_word(line, "", "resume", NULL);
        int status = call(command, line, &said);
        ck_assert_msg(status == (s < 0 ? 0 : EXIT_BAD_USAGE), "%s: status %d: %s", line, status, said);
        const char *key = s < 0 ? "" : settings[s].key ? settings[s].key : settings[s].option;
        snprintf(expected, sizeof expected, "of other settings: %s", key);
        ck_assert_msg(s < 0 || strstr(said, expected), "%s is not in: %s", expected, said);
        free(said);
    }
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        bool known = walk.option.aside;
        snprintf(expected, sizeof expected, " %s ", walk.option.name);
        known = known || strstr(not_here, expected);
        for (int s = 0; s < SETTINGS; s++) known = known || strcmp(settings[s].option, walk.option.name) == 0;
        ck_assert_msg(known, "--%s", walk.option.name);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("option_defaults");
    TCase *tc = tcase_create("option_defaults");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, write_inputs, NULL);
    tcase_add_loop_test(tc, the_default_that_help_states_is_the_one_that_is_used, 0,
                        (int)(sizeof with_manifest / sizeof *with_manifest));
    tcase_add_loop_test(tc, a_default_that_depends_on_another_option_is_the_one_that_is_used, 0,
                        (int)(sizeof dependent / sizeof *dependent));
    tcase_add_test(tc, the_defaults_of_the_descriptions_are_those_of_the_library);
    tcase_add_loop_test(tc, the_manifest_records_every_value_under_the_name_of_its_option, 0,
                        (int)(sizeof recorded / sizeof *recorded));
    tcase_add_test(tc, an_option_that_changes_results_is_a_setting_of_the_checkpoint);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
