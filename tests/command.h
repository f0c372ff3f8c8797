/* For tests of the command: running it, and reading what it wrote. */
#ifndef LYAP_TEST_COMMAND_H
#define LYAP_TEST_COMMAND_H

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/support.h"

enum { MAX_WORDS = 128, MAX_TEXT = 1 << 20 };

/* What a run of the command left: its exit status (or 128 + signal) and its two streams. */
struct outcome {
    int status;
    char *out, *err;
};

struct child {
    pid_t pid;
    char out[512], err[512];
};

/* Bytes that the next command may write to one file, and that it may have in its address space; 0 for no limit. */
static rlim_t file_size_limit, address_space_limit;

/* The whole of a file as text, NULL if there is none; the caller frees. */
static inline char *read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = malloc(MAX_TEXT);
    ck_assert_ptr_nonnull(text);
    size_t size = fread(text, 1, MAX_TEXT - 1, file);
    ck_assert_uint_lt(size, MAX_TEXT - 1);
    text[size] = '\0';
    fclose(file);
    return text;
}

/* One word of a command line: '' is empty, ~ a space, @ the scratch directory. The caller frees. */
/* README.md and what it points to in docs/, one after the other; NULL where the program was started elsewhere. The caller frees. */
static inline char *read_documents(void) {
    static const char *const names[] = {
        "README.md",         "docs/methods.md",         "docs/data.md",  "docs/selection.md",  "docs/replication.md",
        "docs/long-runs.md", "docs/reproducibility.md", "docs/speed.md", "docs/c-interface.md"};
    char *all = NULL;
    size_t length = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *text = read_text(names[i]);
        if (!text) return free(all), NULL;
        const size_t more = strlen(text);
        all = realloc(all, length + more + 1);
        memcpy(all + length, text, more + 1);
        length += more;
        free(text);
    }
    return all;
}

static inline char *make_word(const char *text, size_t length) {
    char *word = malloc(length + 1 + length * strlen(scratch_directory)), *to = word;
    ck_assert_ptr_nonnull(word);
    if (length == 2 && memcmp(text, "''", 2) == 0) length = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '@')
            to += sprintf(to, "%s", scratch_directory);
        else
            *to++ = text[i] == '~' ? ' ' : text[i];
    }
    *to = '\0';
    return word;
}

/* Appends the words of `line`, separated by spaces, to words[count]; the new count. */
static inline int split_words(char **words, int count, const char *line) {
    while (*line) {
        size_t length = strcspn(line, " ");
        ck_assert_int_lt(count, MAX_WORDS - 1);
        if (length > 0) words[count++] = make_word(line, length);
        line += length + (line[length] == ' ');
    }
    words[count] = NULL;
    return count;
}

/* Executes the command, whose first word is looked up in `path`: the line may have set another PATH, for the command alone. */
static inline void execute_found(const char *path, char **command) {
    char found[4096];
    while (!strchr(command[0], '/') && path && *path) {
        size_t length = strcspn(path, ":");
        snprintf(found, sizeof found, "%.*s/%s", (int)length, path, command[0]);
        if (access(found, X_OK) == 0) execv(found, command);
        path += length + (path[length] == ':');
    }
    execvp(command[0], command);
}

/* In the child: NAME=VALUE words at the front go to the environment, >PATH redirects standard output (>- closes it), the
 * rest is executed behind the wrapper. */
static inline void execute(const struct child *child, char **words) {
    char *command[2 * MAX_WORDS];
    const char *out = child->out;
    int first = 0, count;
    char *path = strdup(getenv("PATH") ? getenv("PATH") : "");
    for (char *equals; words[first] && isupper((unsigned char)words[first][0]); first++) {
        if ((equals = strchr(words[first], '=')) == NULL) break;
        *equals = '\0';
        setenv(words[first], equals + 1, 1);
    }
    const char *wrapper = getenv("EXEC_WRAPPER"), *program = getenv("LYAPGRAD_COMMAND");
    count = split_words(command, 0, wrapper ? wrapper : "");
    count = split_words(command, count, program);
    for (int i = first; words[i]; i++) {
        if (words[i][0] == '>')
            out = words[i] + 1;
        else
            command[count++] = words[i];
    }
    command[count] = NULL;
    bool closed = strcmp(out, "-") == 0;
    int in = open("/dev/null", O_RDONLY), err = open(child->err, O_WRONLY | O_CREAT | O_TRUNC, 0600),
        to = open(closed ? "/dev/null" : out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (dup2(in, STDIN_FILENO) < 0 || dup2(to, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0) _exit(126);
    if (closed) close(STDOUT_FILENO);
    signal(SIGINT, SIG_DFL); /* a suite in the background ignores these two */
    signal(SIGQUIT, SIG_DFL);
    signal(SIGHUP, SIG_DFL); /* one under nohup ignores this one */
    if (file_size_limit) setrlimit(RLIMIT_FSIZE, &(struct rlimit){file_size_limit, file_size_limit});
    if (address_space_limit) setrlimit(RLIMIT_AS, &(struct rlimit){address_space_limit, address_space_limit});
    execute_found(path, command);
    _exit(127);
}

/* Starts the command with the words of `line`, its errors going to what is at the path `err`, or to a file (NULL). */
static inline struct child start_command_with(const char *line, const char *err) {
    static int number;
    struct child child;
    char *words[MAX_WORDS];
    ck_assert_msg(getenv("LYAPGRAD_COMMAND") != NULL, "LYAPGRAD_COMMAND must name the command; use 'make check'");
    snprintf(child.out, sizeof child.out, "%s/stdout.%d", scratch_directory, ++number);
    if (err)
        snprintf(child.err, sizeof child.err, "%s", err);
    else
        snprintf(child.err, sizeof child.err, "%s/stderr.%d", scratch_directory, number);
    int count = split_words(words, 0, line);
    child.pid = fork();
    ck_assert_int_ge(child.pid, 0);
    if (child.pid == 0) execute(&child, words);
    for (int i = 0; i < count; i++) free(words[i]);
    file_size_limit = address_space_limit = 0;
    return child;
}

/* Starts the command with the words of `line`; finish_command waits for it. */
static inline struct child start_command(const char *line) {
    return start_command_with(line, NULL);
}

static inline struct outcome finish_command(struct child *child) {
    struct outcome outcome;
    int status;
    ck_assert_int_eq(waitpid(child->pid, &status, 0), child->pid);
    outcome.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    outcome.out = read_text(child->out);
    outcome.err = read_text(child->err);
    ck_assert_ptr_nonnull(outcome.err);
    unlink(child->out);
    unlink(child->err);
    return outcome;
}

static inline void outcome_free(struct outcome *outcome) {
    free(outcome->out);
    free(outcome->err);
}

/* Runs the command to its end. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
static inline struct outcome
run_command(const char *format, ...) {
    char line[4096];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    ck_assert_int_lt(length, (int)sizeof line);
    struct child child = start_command(line);
    return finish_command(&child);
}

/* Runs a command that must succeed without a word on standard error. */
#define expect_success(...)                                                                                            \
    do {                                                                                                               \
        struct outcome success = run_command(__VA_ARGS__);                                                             \
        ck_assert_msg(success.status == 0 && !*success.err, "status %d: %s", success.status, success.err);             \
        outcome_free(&success);                                                                                        \
    } while (0)

/* A table of text fields. */
struct sheet {
    char *text;
    size_t rows, columns; /* without the header */
    char **fields;        /* [rows][columns] */
    char header[512];
};

/* Reads DIR/NAME below the scratch directory; every row must have as many fields as the header. */
static inline struct sheet read_sheet(const char *path) {
    struct sheet sheet = {.text = read_text(scratch(path)), .columns = 1};
    ck_assert_msg(sheet.text != NULL, "%s is missing", path);
    char *line = sheet.text, *end = strchr(line, '\n');
    ck_assert_ptr_nonnull(end);
    *end = '\0';
    snprintf(sheet.header, sizeof sheet.header, "%s", line);
    for (const char *c = line; *c; c++) sheet.columns += *c == ',';
    for (line = end + 1; *line; line = end + 1) {
        end = strchr(line, '\n');
        ck_assert_ptr_nonnull(end); /* the last line is complete */
        *end = '\0';
        sheet.fields = realloc(sheet.fields, (sheet.rows + 1) * sheet.columns * sizeof *sheet.fields);
        for (size_t c = 0; c < sheet.columns; c++) {
            char *comma = strchr(line, ',');
            ck_assert_int_eq(comma == NULL, c + 1 == sheet.columns);
            sheet.fields[sheet.rows * sheet.columns + c] = line;
            if (comma) *comma = '\0', line = comma + 1;
        }
        sheet.rows++;
    }
    return sheet;
}

static inline void sheet_free(struct sheet *sheet) {
    free(sheet->text);
    free(sheet->fields);
}

static inline const char *field(const struct sheet *sheet, size_t row, size_t column) {
    ck_assert_uint_lt(row, sheet->rows);
    ck_assert_uint_lt(column, sheet->columns);
    return sheet->fields[row * sheet->columns + column];
}

/* A field that must be a number; the digits of "nan" and "inf" are none. */
static inline double number(const struct sheet *sheet, size_t row, size_t column) {
    const char *text = field(sheet, row, column);
    char *end;
    double value = strtod(text, &end);
    ck_assert_msg(*text && *end == '\0' && strspn(text, "-+.e0123456789") == strlen(text), "'%s' is no number", text);
    return value;
}

/* A field that holds exactly `value`, or is empty where that is not defined. */
static inline void expect_number(const struct sheet *sheet, size_t row, size_t column, bool defined, double value) {
    if (defined)
        ck_assert_double_eq(number(sheet, row, column), value);
    else
        ck_assert_str_eq(field(sheet, row, column), "");
}

/* The value of a key of DIR/manifest.txt, valid until the next call; "" and *found false when it is not there. */
static inline const char *manifest_find(const char *directory, const char *key, bool *found) {
    static char value[4096];
    char path[256], start[128];
    snprintf(path, sizeof path, "%s/manifest.txt", directory);
    snprintf(start, sizeof start, "\n%s = ", key);
    char *text = read_text(scratch(path));
    ck_assert_msg(text != NULL, "%s is missing", path);
    const char *line = strstr(text, start);
    *found = line != NULL || strncmp(text, start + 1, strlen(start) - 1) == 0;
    line = line ? line + strlen(start) : *found ? text + strlen(start) - 1 : "";
    snprintf(value, sizeof value, "%.*s", (int)strcspn(line, "\n"), line);
    free(text);
    return value;
}

static inline const char *manifest_value(const char *directory, const char *key) {
    bool found;
    const char *value = manifest_find(directory, key, &found);
    ck_assert_msg(found, "%s/manifest.txt has no %s", directory, key);
    return value;
}

/* The digest of a run, as a number. */
static inline uint64_t digest_in(const char *directory) {
    const char *text = manifest_value(directory, "digest");
    ck_assert_uint_eq(strlen(text), 16);
    return strtoull(text, NULL, 16);
}

/* Waits until DIR (below the scratch directory) has so many entries, as when a run has opened its tables. */
static inline void wait_for_entries(const char *directory, int count) {
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    for (int i = 0; i < 6000 && (access(scratch(directory), F_OK) != 0 || count_entries(scratch(directory)) < count);
         i++)
        nanosleep(&moment, NULL);
    ck_assert_int_ge(count_entries(scratch(directory)), count);
}

/* Waits until a file (below the scratch directory) is there under its own name. */
static inline void wait_for_file(const char *path) {
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    for (int i = 0; i < 6000 && access(scratch(path), F_OK) != 0; i++) nanosleep(&moment, NULL);
    ck_assert_msg(access(scratch(path), F_OK) == 0, "%s is missing", path);
}

/* Whether a process sleeps in a call and would catch the signal, by /proc; -1 where there is none. */
static inline int sleeps_with_handler(pid_t pid, int number) {
    char path[64], line[256], state = 0;
    unsigned long long caught = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    FILE *file = fopen(path, "r");
    if (!file) return -1;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "State:", 6) == 0) sscanf(line + 6, " %c", &state);
        if (strncmp(line, "SigCgt:", 7) == 0) sscanf(line + 7, " %llx", &caught);
    }
    fclose(file);
    return state == 'S' && caught >> (number - 1) & 1;
}

/* Waits until the process has installed its handler of the signal and waits for something: three looks in turn say so. */
static inline void wait_for_sleep(pid_t pid, int number) {
    const struct timespec look = {.tv_nsec = 5 * 1000 * 1000}, moment = {.tv_nsec = 200 * 1000 * 1000};
    for (int i = 0, asleep = 0; i < 6000 && asleep < 3; i++) {
        int sleeps = sleeps_with_handler(pid, number);
        if (sleeps < 0) {
            nanosleep(&moment, NULL);
            return;
        }
        asleep = sleeps ? asleep + 1 : 0;
        nanosleep(&look, NULL);
    }
}

/* True if DIR (below the scratch directory) does not exist or is empty. */
static inline bool nothing_in(const char *directory) {
    return access(scratch(directory), F_OK) != 0 || count_entries(scratch(directory)) == 0;
}

/* The column of that name. */
static inline size_t column_of(const struct sheet *sheet, const char *name) {
    size_t column = 0;
    for (const char *at = sheet->header; *at; column++) {
        size_t length = strcspn(at, ",");
        if (length == strlen(name) && strncmp(at, name, length) == 0) return column;
        at += length + (at[length] == ',');
    }
    ck_abort_msg("no column %s in %s", name, sheet->header);
    return 0;
}

/* A command that is refused: one line that has the word, status 2, nothing on standard output, and nothing left in @/bad. */
static inline void expect_bad_usage(const char *line, const char *word) {
    struct outcome o = run_command("%s --out @/bad", line);
    ck_assert_int_eq(o.status, 2);
    ck_assert_str_eq(o.out, "");
    ck_assert_msg(strstr(o.err, word) != NULL, "'%s' not in: %s", word, o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    ck_assert(nothing_in("bad"));
    outcome_free(&o);
}

#endif
