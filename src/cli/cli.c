/* The table of commands, the reading of options, and messages. */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/edit_distance.h"
#include "lyapgrad/version.h"

const struct cli_command *const cli_commands[] = {
    &cli_reproduce, &cli_run,    &cli_sweep,    &cli_spectrum, &cli_map,  &cli_bifurcation, &cli_select,
    &cli_merge,     &cli_series, &cli_validate, &cli_verify,   &cli_info, &cli_help,        NULL};

const struct cli_command *cli_find_command(const char *name) {
    const char *known[32];
    size_t count = 0;
    for (const struct cli_command *const *c = cli_commands; *c; c++) {
        if (strcmp((*c)->name, name) == 0) return *c;
        known[count++] = (*c)->name;
    }
    const char *near = lyap_nearest_word(name, known, count);
    if (near)
        cli_complain("unknown command '%.60s'; did you mean '%s'? 'lyapgrad help' lists them", name, near);
    else
        cli_complain("unknown command '%.60s'; 'lyapgrad help' lists them", name);
    return NULL;
}

int cli_complain(const char *format, ...) {
    struct lyap_error line; /* makes one printable line, whatever was quoted */
    char text[sizeof line.message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    lyap_fail(&line, LYAP_ERROR_ARGUMENT, "%s", text);
    fprintf(stderr, "lyapgrad: %s\n", line.message);
    return EXIT_BAD_USAGE;
}

int cli_fail(const struct lyap_error *error) {
    fprintf(stderr, "lyapgrad: %s\n", error->message);
    switch (error->status) {
    case LYAP_ERROR_INTERRUPTED:
        return cli_signal_status();
    case LYAP_ERROR_ARGUMENT:
    case LYAP_ERROR_FILE:
    case LYAP_ERROR_ISA:
        return EXIT_BAD_USAGE;
    default:
        return EXIT_BAD_RUN;
    }
}

/* Position of an option over all tables of the command, or -1; *option receives it. */
static int find_option(const struct cli_command *command, const char *name, size_t length,
                       const struct cli_option **option) {
    int position = 0;
    for (const struct cli_option *const *table = command->options; *table; table++)
        for (const struct cli_option *o = *table; o->name; o++, position++)
            if (strlen(o->name) == length && strncmp(o->name, name, length) == 0) {
                *option = o;
                return position;
            }
    return -1;
}

static void complain_unknown(const struct cli_command *command, const char *word, size_t length) {
    const char *known[CLI_MAX_OPTIONS];
    size_t count = 0;
    char name[40];
    snprintf(name, sizeof name, "%.*s", (int)(length < 39 ? length : 39), word);
    for (const struct cli_option *const *table = command->options; *table; table++)
        for (const struct cli_option *o = *table; o->name; o++) known[count++] = o->name;
    const char *near = lyap_nearest_word(name, known, count);
    if (near)
        cli_complain("unknown option '--%s'; did you mean '--%s'? 'lyapgrad %s --help' lists them", name, near,
                     command->name);
    else
        cli_complain("unknown option '--%s'; 'lyapgrad %s --help' lists them", name, command->name);
}

const struct cli_option *cli_option_of(const struct cli_command *command, const char *word) {
    const struct cli_option *option = NULL;
    if (strncmp(word, "--", 2) != 0) return NULL;
    return find_option(command, word + 2, strcspn(word + 2, "="), &option) < 0 ? NULL : option;
}

/* `form` is what the command calls the files that stand without an option, at most `most` and at least one; NULL when it
 * takes none. */
static bool parse(struct cli_values *values, const struct cli_command *command, int argc, char **argv, const char *form,
                  const char **files, int most, int *count, int *status) {
    memset(values, 0, sizeof *values);
    values->command = command;
    *status = EXIT_BAD_USAGE;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            cli_print_help(command);
            *status = 0;
            return false;
        }
        if (strncmp(argv[i], "--", 2) != 0 && form && *count < most) {
            files[(*count)++] = argv[i];
            continue;
        }
        if (strncmp(argv[i], "--", 2) != 0) {
            cli_complain("unexpected argument '%.60s'; options begin with '--', 'lyapgrad %s --help' lists them",
                         argv[i], command->name);
            return false;
        }
        const char *name = argv[i] + 2, *equals = strchr(name, '=');
        size_t length = equals ? (size_t)(equals - name) : strlen(name);
        const struct cli_option *option = NULL;
        int position = find_option(command, name, length, &option);
        if (position < 0) {
            complain_unknown(command, name, length);
            return false;
        }
        if (values->given[position]) {
            cli_complain("--%s: given twice", option->name);
            return false;
        }
        if (!option->value && equals) {
            cli_complain("--%s: is a switch and takes no value", option->name);
            return false;
        }
        if (option->value && !equals && i + 1 >= argc) {
            cli_complain("--%s: needs a value, %s", option->name, option->value);
            return false;
        }
        values->given[position] = !option->value ? "" : equals ? equals + 1 : argv[++i];
    }
    bool named = true;
    for (int i = 0; form && i < *count; i++) named = named && *files[i];
    if (form && (*count == 0 || !named)) {
        *status = EXIT_BAD_USAGE;
        cli_complain("%s is missing, as in: %s", form, command->example);
        return false;
    }
    *status = 0;
    return true;
}

bool cli_parse(struct cli_values *values, const struct cli_command *command, int argc, char **argv, int *status) {
    return parse(values, command, argc, argv, NULL, NULL, 0, NULL, status);
}

bool cli_parse_file(struct cli_values *values, const struct cli_command *command, int argc, char **argv,
                    const char *form, const char **file, int *status) {
    int count = 0;
    *file = NULL;
    return parse(values, command, argc, argv, form, file, 1, &count, status);
}

bool cli_parse_files(struct cli_values *values, const struct cli_command *command, int argc, char **argv,
                     const char *form, const char **files, int *count, int *status) {
    *count = 0;
    return parse(values, command, argc, argv, form, files, argc, count, status);
}

const char *cli_text(const struct cli_values *values, const char *name) {
    const struct cli_option *option;
    int position = find_option(values->command, name, strlen(name), &option);
    return position < 0 ? NULL : values->given[position];
}

void cli_set_text(struct cli_values *values, const char *name, const char *text) {
    const struct cli_option *option;
    int position = find_option(values->command, name, strlen(name), &option);
    if (position >= 0) values->given[position] = text;
}

static bool read_real(const char *name, const char *text, double *value) {
    switch (lyap_number_real(text, value)) {
    case LYAP_NUMBER_OK:
        return true;
    case LYAP_NUMBER_TOO_LARGE:
        cli_complain("--%s: %.60s is too large for a number", name, text);
        return false;
    default:
        cli_complain("--%s: '%.60s' is not a number; expected one such as 0.001 or 1e-3", name, text);
        return false;
    }
}

bool cli_real(const struct cli_values *values, const char *name, double *value) {
    const char *text = cli_text(values, name);
    return !text || read_real(name, text, value);
}

bool cli_count(const struct cli_values *values, const char *name, uint64_t low, uint64_t high, uint64_t *value) {
    const char *text = cli_text(values, name);
    uint64_t parsed;
    if (!text) return true;
    if (!lyap_number_count(text, high, &parsed) || parsed < low) {
        cli_complain("--%s: '%.60s' is not allowed; expected a whole number %llu .. %llu", name, text,
                     (unsigned long long)low, (unsigned long long)high);
        return false;
    }
    *value = parsed;
    return true;
}

bool cli_path(const struct cli_values *values, const char *name, const char **path) {
    const char *text = cli_text(values, name);
    if (text && !*text) {
        cli_complain("--%s: the name is empty", name);
        return false;
    }
    if (text) *path = text;
    return true;
}

bool cli_pair(const char *name, const char *text, const char *pair, const char *form, double *a, double *b) {
    char first[64];
    const char *comma = strchr(pair, ',');
    size_t length = comma ? (size_t)(comma - pair) : 0;
    if (!comma || length >= sizeof first || strchr(comma + 1, ',')) {
        cli_complain("--%s: '%.60s' is malformed; expected %s", name, text, form);
        return false;
    }
    memcpy(first, pair, length);
    first[length] = '\0';
    return read_real(name, first, a) && read_real(name, comma + 1, b);
}

bool cli_isa(enum lyap_isa *isa) {
    struct lyap_error error;
    if (!lyap_isa_select(getenv("LYAPGRAD_ISA"), isa, &error)) return true;
    cli_fail(&error);
    return false;
}

bool cli_threads(const struct cli_values *values, int *threads) {
    uint64_t count = 0;
    if (!cli_count(values, "threads", 1, LYAP_MOST_THREADS, &count)) return false;
    const char *text = getenv("OMP_NUM_THREADS");
    if (count == 0 && text && *text) {
        char *end;
        long asked = strtol(text, &end, 10);
        if (asked < 1 || asked > LYAP_MOST_THREADS || (*end != '\0' && *end != ',')) {
            cli_complain("OMP_NUM_THREADS: '%.40s' is no number of threads; expected 1 .. %d, or --threads N", text,
                         (int)LYAP_MOST_THREADS);
            return false;
        }
    }
    *threads = (int)count;
    return true;
}

bool cli_precision(const struct cli_values *values, enum lyap_precision *precision) {
    const char *text = cli_text(values, "precision");
    if (!text) return true;
    for (int p = LYAP_FLOAT32; p <= LYAP_FLOAT64; p++)
        if (strcmp(text, lyap_precision_name((enum lyap_precision)p)) == 0) {
            *precision = (enum lyap_precision)p;
            return true;
        }
    cli_complain("--precision: unknown precision '%.60s'; expected float32 or float64", text);
    return false;
}
