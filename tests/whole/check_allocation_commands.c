/* Memory that runs out in a command: it ends with a status that is not 0 and one line that says so, or leaves the very files of a run that
 * got its memory. A table, report or picture that lacks a line is neither. The commands run in this process, as their entry points. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, scandir */
#include "tests/check.h"

#ifdef LYAP_TEST_WRAP
#include <fcntl.h>

#include "cli/commands.h"
#include "cli/task.h"
#include "tests/inject.h"
#include "lyapgrad/digest.h"

static const char *const lines[] = {
    ("select --net 2-2-1/2-3-1 --budget 6000 --epochs 32 --rungs 2 --divisor 2 --searches 0 --rates 5 --rate-starts 2 "
     "--explain"),
    "select --net 2-2-1 --budget 5000 --epochs 16 --rungs 2 --searches 5 --rates 5 --rate-starts 2",
    "run --starts 3 --epochs 4 --series",
    "run --estimator tangent --starts 3 --epochs 200",
    "run --estimator all --starts 2 --epochs 64",
    "sweep --over lr=0.1:1:3 --starts 3 --epochs 4",
    "spectrum --exponents 2 --starts 2 --epochs 100 --history 4 --curvature",
    "map --x lr:0.1:1 --y d1:-1:1 --resolution 3x3 --epochs 20",
    "bifurcation --over lr:0.1:1:3 --epochs 40 --transient 20 --points 4",
    "series @/wave.csv --method kantz --dimension 1 --fit 0:4",
    "help man",
};
enum { LINES = sizeof lines / sizeof *lines, MOST_WORDS = 40, MOST_REFUSED = 60, LAST = 80 };

static void write_wave(void) {
    FILE *file = fopen(scratch("wave.csv"), "w");
    double x = 0.3;
    for (int i = 0; i < 400; i++, x = 4 * x * (1 - x)) fprintf(file, "%.17g\n", x);
    ck_assert_int_eq(fclose(file), 0);
}

static int redirect(int descriptor, const char *path) {
    int kept = dup(descriptor), file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert(kept >= 0 && file >= 0 && dup2(file, descriptor) >= 0);
    close(file);
    return kept;
}

/* One command with its allocation number `at` refused, or the first of a site: the exit status, what it wrote to standard error (freed by
 * the caller), and a digest of its files and of
 * standard output. */
static int run_line(const char *line, unsigned long at, int site, char **said, uint64_t *digest) {
    char text[1024], *argv[MOST_WORDS + 2], program[] = "lyapgrad", out[] = "--out", quiet[] = "--quiet";
    char place[512], wave[512], one[] = "1", threads[] = "--threads";
    int argc = 1;
    snprintf(text, sizeof text, "%s", line);
    snprintf(place, sizeof place, "%s", scratch("out"));
    snprintf(wave, sizeof wave, "%s", scratch("wave.csv"));
    remove_tree(place);
    argv[0] = program;
    for (char *word = strtok(text, " "); word && argc < MOST_WORDS - 5; word = strtok(NULL, " "))
        argv[argc++] = strcmp(word, "@/wave.csv") == 0 ? wave : word;
    const bool works = strcmp(argv[1], "help") != 0;
    if (works) argv[argc++] = out, argv[argc++] = place, argv[argc++] = threads, argv[argc++] = one;
    if (works) argv[argc++] = quiet;
    argv[argc] = NULL;
    fflush(NULL);
    int to = redirect(STDOUT_FILENO, scratch("stdout")), err = redirect(STDERR_FILENO, scratch("stderr"));
    memset(inject.met, 0, sizeof inject.met);
    inject.at = at;
    inject.site = site;
    inject.count = inject.refused = 0;
    inject.blocks = 0;
    inject.armed = true;
    const struct cli_command *command = cli_find_command(&cli_program, argv[1]);
    int status = command ? cli_run_command(&cli_program, command, argc - 2, argv + 2) : -1;
    inject.armed = false;
    fflush(NULL);
    ck_assert(dup2(to, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0);
    close(to);
    close(err);
    size_t size;
    *said = contents(scratch("stderr"), &size);
    *digest = digest_files(place, NULL);
    char *shown = contents(scratch("stdout"), &size);
    for (size_t b = 0; shown && b < size; b++) *digest = lyap_digest_u64(*digest, (uint64_t)shown[b]);
    free(shown);
    return status;
}

static void refuse_one(const char *line, unsigned long at, int site, uint64_t expected) {
    char *said;
    uint64_t digest;
    int status = run_line(line, at, site, &said, &digest);
    if (inject.refused && status) {
        ck_assert_msg(strncmp(said, "lyapgrad: ", 10) == 0 && strchr(said, '\n') == said + strlen(said) - 1,
                      "%s, allocation %lu (site %d) refused: '%s'", line, at, site, said);
        ck_assert_msg(strstr(said, "memory") || strstr(said, strerror(ENOMEM)),
                      "%s, allocation %lu (site %d) refused: '%s'", line, at, site, said);
    } else {
        ck_assert_msg(status == 0, "%s, allocation %lu (site %d): %d '%s'", line, at, site, status, said);
        ck_assert_msg(digest == expected, "%s, allocation %lu (site %d) refused: other files and status 0", line, at,
                      site);
    }
    free(said);
}

/* All allocations of a short command, and of a long one a part of them and the last ones, which are those of what it writes. */
START_TEST(a_command_without_memory_fails_or_leaves_what_it_always_leaves) {
    char *said;
    uint64_t expected;
    write_wave();
    setenv("PATH", "/nonexistent", 1); /* no pictures: gnuplot is a process of its own */
    int status = run_line(lines[_i], 0, -1, &said, &expected);
    ck_assert_msg(status == 0 && *said == '\0', "%s: %d '%s'", lines[_i], status, said);
    free(said);
    const unsigned long all = inject.count, last = all > LAST ? all - LAST : 0;
    const unsigned long step = 1 + last / work(MOST_REFUSED, 20);
    for (unsigned long k = 1; k <= all; k += k < last ? step : 1) refuse_one(lines[_i], k, -1, expected);
    for (int site = 0; site < sites->count; site++)
        if (!sites->refused[site]) refuse_one(lines[_i], 0, site, expected);
}
END_TEST

int main(void) {
    sites_open();
    Suite *suite = suite_create("allocation_commands");
    TCase *tests = tcase_create("commands");
    tcase_set_timeout(tests, 240);
    tcase_add_loop_test(tests, a_command_without_memory_fails_or_leaves_what_it_always_leaves, 0, LINES);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
#else
#include "tests/support.h"

/* The linker of this system has no --wrap (macOS), which is how the calls of the allocators are reached. */
int main(void) {
    puts("check_allocation_commands: this linker has no --wrap, so no allocation can be refused");
    return run_suite(suite_create("allocation_commands"));
}
#endif
