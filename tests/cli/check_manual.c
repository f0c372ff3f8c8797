/* The manual page and the completion scripts, which are made from the tables of options: nothing is left out, roff and the
 * shells take them without a warning, and the words that are offered are words that the commands take. */
#include "tests/command.h"

enum { MOST = 64 };

static bool is_installed(const char *tool) {
    char line[128];
    snprintf(line, sizeof line, "command -v %s > /dev/null 2>&1", tool);
    return system(line) == 0;
}

/* What a shell command prints, on either stream; the caller frees. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
static char *
shell_output(const char *format, ...) {
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 8, format, arguments);
    va_end(arguments);
    ck_assert(length > 0 && length < (int)sizeof line - 8);
    snprintf(line + length, 8, " 2>&1");
    FILE *pipe = popen(line, "r");
    ck_assert_ptr_nonnull(pipe);
    char *text = malloc(MAX_TEXT);
    ck_assert_ptr_nonnull(text);
    size_t size = fread(text, 1, MAX_TEXT - 1, pipe);
    text[size] = '\0';
    pclose(pipe);
    return text;
}

/* The output of `help TOPIC` as a scratch file of that name. */
static void save_topic(const char *topic) {
    struct outcome o = run_command("help %s", topic);
    ck_assert_msg(o.status == 0 && !*o.err, "%s", o.err);
    scratch_file(topic, o.out, strlen(o.out));
    outcome_free(&o);
}

/* The commands that `help` lists. */
static int command_names(char names[MOST][32]) {
    struct outcome o = run_command("help");
    int count = 0;
    for (const char *line = strstr(o.out, "\n  "); line && line[1] == ' '; line = strchr(line + 1, '\n'))
        snprintf(names[count++], 32, "%.*s", (int)strcspn(line + 3, " "), line + 3);
    ck_assert_int_ge(count, 11);
    outcome_free(&o);
    return count;
}

/* The next option in a command's help from *at on, and its value ("" for a switch); false behind the last. */
static bool next_option(const char **at, char name[64], char value[64]) {
    const char *line = strstr(*at, "\n  --");
    if (!line) return false;
    line += 5;
    size_t length = strcspn(line, " \n");
    snprintf(name, 64, "%.*s", (int)length, line);
    line += length;
    *value = '\0';
    if (strncmp(line, "  ", 2) != 0 && *line == ' ')
        snprintf(value, 64, "%.*s", (int)strcspn(line + 1, " \n"), line + 1);
    *at = line;
    return true;
}

/* The words that the script for bash has for an option of a command; "" for none. The caller frees. */
static char *words_of(const char *script, const char *command, const char *option) {
    char start[64];
    snprintf(start, sizeof start, "\n    %s)\n", command);
    const char *from = strstr(script, start), *end = from ? strstr(from, "\n        esac\n") : NULL;
    ck_assert_ptr_nonnull(end);
    snprintf(start, sizeof start, "\n        --%s) words='", option);
    const char *words = strstr(from, start);
    char *copy = calloc(1, MAX_TEXT);
    ck_assert_ptr_nonnull(copy);
    if (words && words < end) words += strlen(start), memcpy(copy, words, strcspn(words, "'"));
    return copy;
}

START_TEST(the_manual_has_every_command_and_every_option_with_its_help) {
    char names[MOST][32], name[64], value[64], escaped[256];
    struct outcome man = run_command("help man"), again = run_command("help man");
    int count = command_names(names), options = 0;
    ck_assert_int_eq(man.status, 0);
    ck_assert_str_eq(man.out, again.out);
    for (int i = 0; i < count; i++) {
        struct outcome help = run_command("help %s", names[i]);
        const char *at = help.out;
        snprintf(escaped, sizeof escaped, "\n.SS lyapgrad %.31s", names[i]);
        ck_assert_msg(strstr(man.out, escaped) != NULL, "%s is not in the manual", names[i]);
        for (; next_option(&at, name, value); options++) {
            char *to = escaped + sprintf(escaped, "\n.TP\n\\fB\\-\\-");
            for (const char *c = name; *c; c++) to += sprintf(to, *c == '-' ? "\\-" : "%c", *c);
            sprintf(to, "\\fR%s", *value ? " \\fI" : "\n");
            ck_assert_msg(strstr(man.out, escaped) != NULL, "%s --%s is not in the manual", names[i], name);
        }
        outcome_free(&help);
    }
    ck_assert_int_ge(options, 200);
    outcome_free(&man);
    outcome_free(&again);
}
END_TEST

START_TEST(the_manual_has_the_sections_of_a_manual) {
    static const char *const sections[] = {"NAME",           "SYNOPSIS",        "DESCRIPTION", "COMMANDS",
                                           "SHARED OPTIONS", "EXAMPLES",        "FILES",       "ENVIRONMENT",
                                           "EXIT STATUS",    "REPRODUCIBILITY", "SEE ALSO"};
    struct outcome o = run_command("help man");
    const char *at = o.out;
    ck_assert_int_eq(strncmp(at, ".TH LYAPGRAD 1 ", 15), 0);
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        char line[64];
        snprintf(line, sizeof line, "\n.SH %s\n", sections[i]);
        at = strstr(at, line); /* in this order */
        ck_assert_msg(at != NULL, "no section %s", sections[i]);
    }
    outcome_free(&o);
}
END_TEST

/* A line that begins with a point is a request, and every backslash begins one of a few escapes. */
START_TEST(roff_sees_no_request_that_is_text) {
    static const char *const requests[] = {"TH ", "SH ",  "SS ",  "PP\n", "TP\n", "B ",  "BR ",
                                           "RS ", "RE\n", "EX\n", "EE\n", "nh\n", "ad ", "br\n"};
    struct outcome o = run_command("help man");
    for (const char *line = o.out; *line; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\n");
        bool known = *line != '.';
        for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
            known = known || strncmp(line + 1, requests[i], strlen(requests[i])) == 0;
        size_t width = length;
        ck_assert_msg(known && *line != '\'' && length > 0, "%.*s", (int)length, line);
        for (size_t i = 0; i < length; i++) {
            ck_assert_msg(line[i] != '\\' || strchr("e-&(f", line[i + 1]), "%.*s", (int)length, line);
            width -= line[i] == '\\';
            i += line[i] == '\\';
        }
        ck_assert_msg(width <= 80, "%.*s", (int)length, line);
    }
    outcome_free(&o);
}
END_TEST

START_TEST(the_tools_that_format_manuals_have_nothing_to_say) {
    save_topic("man");
    if (is_installed("mandoc")) {
        char *said = shell_output("mandoc -T lint %s", scratch("man"));
        ck_assert_str_eq(said, "");
        free(said);
    }
    if (is_installed("groff")) {
        char *said = shell_output("groff -man -ww -z %s", scratch("man"));
        ck_assert_str_eq(said, "");
        free(said);
    }
}
END_TEST

START_TEST(the_shells_parse_their_scripts) {
    static const char *const shells[] = {"bash", "zsh"};
    for (int i = 0; i < 2; i++) {
        save_topic(shells[i]);
        if (!is_installed(shells[i])) continue;
        char *said = shell_output("%s -n %s", shells[i], scratch(shells[i]));
        ck_assert_str_eq(said, "");
        free(said);
    }
}
END_TEST

/* The words of a line as bash cuts them, the last one being completed, and what is offered. */
static const struct {
    const char *line, *offered;
} completions[] = {
    {"lyapgrad sw", "sweep\n"},
    {"lyapgrad --v", "--version\n"},
    {"lyapgrad nonsense ''", "\n"},
    {"lyapgrad run --act", "--activation\n"},
    {"lyapgrad run --activation re", "relu\n"},
    {"lyapgrad run --activation relu,t", "relu,tanh\n"},
    {"lyapgrad run --activation = ta", "tanh\n"},
    {"lyapgrad select --activation tanh,relu/si", "tanh,relu/sigmoid\ntanh,relu/silu\ntanh,relu/sin\n"},
    {"lyapgrad run --activation=ta", "--activation=tanh\n"},
    {"lyapgrad run --precision =", "float32\nfloat64\n"},
    {"lyapgrad run --quiet --st", "--standardise\n--steps\n--starts\n--state\n"},
    {"lyapgrad run --state ''", "weights\nfull\n"},
    {"lyapgrad run --lr ''", "\n"},
    {"lyapgrad run --init u", "uniform:\n"},
    {"lyapgrad run --init uniform :", "\n"},
    {"lyapgrad run --init uniform : 0", "\n"},
    {"lyapgrad run --data xor", "xor\nxor-noisy:\n"},
    {"lyapgrad run --data my", "my.csv\nmydir\n"},
    {"lyapgrad run --weights ''", "my.csv\nmydir\n"},
    {"lyapgrad run --out ''", "mydir\n"},
    {"lyapgrad sweep --over ''", "lr=\nperturbation=\nepochs=\n"},
    {"lyapgrad sweep --over lr =", "\n"},
    {"lyapgrad series my", "my.csv\nmydir\n"},
    {"lyapgrad merge --quiet my", "mydir\n"},
    {"lyapgrad help ex", "examples\n"},
    {"lyapgrad map --show ''", "exponent\nloss\nsteps\nregime\n"},
};
enum { COMPLETIONS = sizeof completions / sizeof *completions };

/* A directory with a file and a directory to choose from. */
static void make_here(void) {
    mkdir(scratch("here"), 0700);
    mkdir(scratch("here/mydir"), 0700);
    scratch_file("here/my.csv", "", 0);
}

START_TEST(bash_offers_what_fits) {
    static const char driver[] = "source ../bash\n"
                                 "COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1))\n"
                                 "_lyapgrad\n"
                                 "printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    if (!is_installed("bash")) SKIP("there is no bash");
    save_topic("bash");
    scratch_file("driver", driver, strlen(driver));
    make_here();
    char *said = shell_output("cd %s && bash ../driver %s", scratch("here"), completions[_i].line);
    char *sorted = shell_output("cd %s && bash ../driver %s | LC_ALL=C sort", scratch("here"), completions[_i].line);
    bool names = strstr(completions[_i].offered, "my.csv\nmydir") != NULL; /* in the order of the directory */
    ck_assert_msg(strcmp(names ? sorted : said, completions[_i].offered) == 0, "%s: %s", completions[_i].line, said);
    free(said);
    free(sorted);
}
END_TEST

/* zsh completes in an editor alone: one in a pseudo-terminal, whose key ^T completes and records the line. */
static const char zsh_driver[] = "zmodload zsh/zpty || exit 3\n"
                                 "wait_for() { # a file of so many lines\n"
                                 "    for ((i = 0; i < 1000; i++)); do\n"
                                 "        while zpty -r -t z said; do :; done\n"
                                 "        [[ -e $1 && $(wc -l < $1) -ge $2 ]] && return\n"
                                 "        sleep 0.02\n"
                                 "    done\n"
                                 "}\n"
                                 "TERM=vt100 zpty z zsh -f -i\n"
                                 "zpty -w z 'fpath=(.. $fpath); autoload -Uz compinit; compinit -u -D'\n"
                                 "zpty -w z 'finish() { zle complete-word; print -r -- \"$BUFFER|\" >> ../typed }; zle "
                                 "-N finish; bindkey \"^T\" finish'\n"
                                 "zpty -w z 'zle-line-init() { print ready > ../ready }; zle -N zle-line-init'\n"
                                 "wait_for ../ready 1\n"
                                 "for line in \"$@\"; do\n"
                                 "    zpty -n -w z $'\\C-u'$line$'\\C-t'\n"
                                 "    wait_for ../typed $((++count))\n"
                                 "done\n"
                                 "zpty -d z\n"
                                 "cat ../typed\n";

START_TEST(zsh_completes_what_fits) {
    static const char *const lines[][2] = {
        {"lyapgrad sw", "lyapgrad sweep |"},
        {"lyapgrad run --act", "lyapgrad run --activation=|"},
        {"lyapgrad run --quiet --activation relu,ta", "lyapgrad run --quiet --activation relu,tanh,|"},
        {"lyapgrad run --activation=ta", "lyapgrad run --activation=tanh,|"},
        {"lyapgrad run --init unif", "lyapgrad run --init uniform:|"},
        {"lyapgrad run --optimiser adamw --state f", "lyapgrad run --optimiser adamw --state full |"},
        {"lyapgrad run --data xor-", "lyapgrad run --data xor-noisy:|"},
        {"lyapgrad run --data my.c", "lyapgrad run --data my.csv |"},
        {"lyapgrad run --out m", "lyapgrad run --out mydir/|"},
        {"lyapgrad sweep --over pert", "lyapgrad sweep --over perturbation=|"},
        {"lyapgrad merge m", "lyapgrad merge mydir/|"},
        {"lyapgrad series my.c", "lyapgrad series my.csv |"},
        {"lyapgrad select --optimiser gd/adamw --score comb",
         "lyapgrad select --optimiser gd/adamw --score combined |"},
        {"lyapgrad help exa", "lyapgrad help examples |"},
    };
    enum { LINES = sizeof lines / sizeof *lines };
    char typed[LINES * 64] = "", expected[LINES * 64] = "";
    if (!is_installed("zsh") || system("zsh -f -c 'zmodload zsh/zpty' > /dev/null 2>&1") != 0)
        SKIP("there is no zsh with zsh/zpty");
    save_topic("zsh");
    rename(scratch("zsh"), scratch("_lyapgrad"));
    scratch_file("driver.zsh", zsh_driver, strlen(zsh_driver));
    make_here();
    for (int i = 0; i < LINES; i++) {
        sprintf(typed + strlen(typed), " '%s'", lines[i][0]);
        sprintf(expected + strlen(expected), "%s\n", lines[i][1]);
    }
    char *said = shell_output("cd %s && zsh -f ../driver.zsh%s", scratch("here"), typed);
    ck_assert_str_eq(said, expected);
    free(said);
}
END_TEST

/* Options whose value is one of a set of names: a command with such an option must say where the names come from. */
START_TEST(every_option_that_takes_a_name_offers_names) {
    static const char *const sets[] = {"NAME", "WHAT", "LAW", "QUANTITY", "SOURCE", "ID"};
    char names[MOST][32], name[64], value[64];
    struct outcome script = run_command("help bash");
    int count = command_names(names), found = 0;
    for (int i = 0; i < count; i++) {
        struct outcome help = run_command("help %s", names[i]);
        for (const char *at = help.out; next_option(&at, name, value);) {
            size_t length = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
            bool set = false;
            for (size_t s = 0; s < sizeof sets / sizeof *sets; s++)
                set = set || (strlen(sets[s]) == length && strncmp(value, sets[s], length) == 0);
            if (!set || value[length] == '|') continue; /* a column has any name */
            char *words = words_of(script.out, names[i], name);
            ck_assert_msg(*words, "%s --%s %s offers nothing", names[i], name, value);
            free(words);
            found++;
        }
        outcome_free(&help);
    }
    ck_assert_int_ge(found, 30);
    outcome_free(&script);
}
END_TEST

/* What must stand beside an option so that its words alone decide, and what follows a word that goes on. */
static const struct {
    const char *command, *option, *others;
    const char *ends[10]; /* word, what follows it, ..., NULL */
} accepted[] = {
    {"run", "activation", "", {NULL}},
    {"run", "output-activation", "", {NULL}},
    {"run", "loss", "--net 2-2-2 --data blobs:9,2,2,0.1 --loss-window none", {NULL}},
    {"run", "optimiser", "", {NULL}},
    {"run", "estimator", "", {NULL}},
    {"run", "state", "--optimiser adam", {NULL}},
    {"run", "precision", "", {NULL}},
    {"run", "schedule", "", {"cosine:", "0.1", "step:", "2,0.5", NULL}},
    {"run", "init", "", {"uniform:", "0,1", "normal:", "0,1", NULL}},
    {"run", "init-bias", "", {"uniform:", "0,1", "normal:", "0,1", NULL}},
    {"run", "loss-window", "", {NULL}},
    {"run", "one-hot", "--net 2-2-2 --loss softmax --loss-window none", {NULL}},
    {"sweep", "over", "", {"lr=", "1:2:2", "perturbation=", "1e-4:2e-4:2", "epochs=", "1:3:2", NULL}},
    {"map", "show", "--x lr:1:2 --y d1:0:1 --resolution 2x2 --target 0.1", {NULL}},
};
enum { ACCEPTED = sizeof accepted / sizeof *accepted };

START_TEST(every_word_that_is_offered_is_taken) {
    struct outcome script = run_command("help bash");
    char *words = words_of(script.out, accepted[_i].command, accepted[_i].option), *save = NULL;
    int count = 0;
    for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save), count++) {
        const char *end = "";
        for (int e = 0; accepted[_i].ends[e]; e += 2)
            if (strcmp(accepted[_i].ends[e], word) == 0) end = accepted[_i].ends[e + 1];
        expect_success("%s --%s %s%s %s %s --max-draws 100000 --quiet --out @/words-%s", accepted[_i].command,
                       accepted[_i].option, word, end, accepted[_i].others,
                       strcmp(accepted[_i].option, "over") == 0 ? "" : "--epochs 3", accepted[_i].command);
    }
    ck_assert_int_ge(count, 1);
    free(words);
    outcome_free(&script);
}
END_TEST

START_TEST(a_topic_that_is_unknown_gets_one_line_with_the_nearest) {
    static const char *const lines[][2] = {{"exampels", "did you mean 'examples'?"},
                                           {"mann", "did you mean 'man'?"},
                                           {"spectrums", "did you mean 'spectrum'?"},
                                           {"qqqqqq", "'lyapgrad help' lists them"}};
    for (int i = 0; i < 4; i++) {
        struct outcome o = run_command("help %s", lines[i][0]);
        ck_assert_int_eq(o.status, 2);
        ck_assert_str_eq(o.out, "");
        ck_assert_msg(strstr(o.err, lines[i][1]) != NULL, "%s", o.err);
        ck_assert_str_eq(strchr(o.err, '\n'), "\n");
        outcome_free(&o);
    }
}
END_TEST

START_TEST(the_help_lists_the_topics) {
    static const char *const topics[] = {"examples", "files", "tables", "man", "bash", "zsh"};
    struct outcome o = run_command("help");
    for (int i = 0; i < 6; i++) {
        char line[32];
        snprintf(line, sizeof line, "\n  %-10s ", topics[i]);
        ck_assert_ptr_nonnull(strstr(o.out, line));
    }
    outcome_free(&o);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("manual");
    TCase *tc = tcase_create("manual");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, the_manual_has_every_command_and_every_option_with_its_help);
    tcase_add_test(tc, the_manual_has_the_sections_of_a_manual);
    tcase_add_test(tc, roff_sees_no_request_that_is_text);
    tcase_add_test(tc, the_tools_that_format_manuals_have_nothing_to_say);
    tcase_add_test(tc, the_shells_parse_their_scripts);
    tcase_add_loop_test(tc, bash_offers_what_fits, 0, COMPLETIONS);
    tcase_add_test(tc, zsh_completes_what_fits);
    tcase_add_test(tc, every_option_that_takes_a_name_offers_names);
    tcase_add_loop_test(tc, every_word_that_is_offered_is_taken, 0, ACCEPTED);
    tcase_add_test(tc, a_topic_that_is_unknown_gets_one_line_with_the_nearest);
    tcase_add_test(tc, the_help_lists_the_topics);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
