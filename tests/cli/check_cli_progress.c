/* The progress bar, by the bytes that a terminal gets: a pseudo-terminal stands for it. */
#define _XOPEN_SOURCE 700
#if defined(__APPLE__)
#define _DARWIN_C_SOURCE /* struct winsize */
#endif

#include <math.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>

#include "tests/command.h"
#include "lyapgrad/digest.h"

/* A run on a terminal (or a pipe) and what has come from it so far. */
struct show {
    int ours,
        theirs; /* the terminal's two ends; theirs stays open so that reading does not fail before the run opens it */
    struct child child;
    char text[1 << 18];
    size_t size;
};

/* The width of the next terminal. */
static unsigned short columns = 80;

static void start_show(struct show *s, bool terminal, const char *line) {
    char path[256];
    memset(s, 0, sizeof *s);
    if (terminal) {
        s->ours = posix_openpt(O_RDWR | O_NOCTTY);
        ck_assert_int_ge(s->ours, 0);
        ck_assert_int_eq(grantpt(s->ours), 0);
        ck_assert_int_eq(unlockpt(s->ours), 0);
        snprintf(path, sizeof path, "%s", ptsname(s->ours));
    } else {
        snprintf(path, sizeof path, "%s", scratch("pipe"));
        unlink(path);
        ck_assert_int_eq(mkfifo(path, 0600), 0);
        s->ours = open(path, O_RDWR | O_NONBLOCK);
        ck_assert_int_ge(s->ours, 0);
    }
    s->theirs = open(path, O_WRONLY | O_NOCTTY);
    ck_assert_int_ge(s->theirs, 0);
    if (terminal) ck_assert_int_eq(ioctl(s->theirs, TIOCSWINSZ, &(struct winsize){.ws_row = 24, .ws_col = columns}), 0);
    s->child = start_command_with(line, path);
}

/* Takes what comes within a moment; false when nothing does. */
static bool read_show(struct show *s) {
    struct pollfd wait = {.fd = s->ours, .events = POLLIN};
    if (poll(&wait, 1, 20) <= 0 || !(wait.revents & POLLIN)) return false;
    ck_assert_uint_lt(s->size, sizeof s->text - 1); /* a bar is drawn ten times a second at most */
    ssize_t got = read(s->ours, s->text + s->size, sizeof s->text - 1 - s->size);
    if (got <= 0) return false;
    s->size += (size_t)got;
    s->text[s->size] = '\0';
    ck_assert_uint_eq(strlen(s->text), s->size); /* no zero bytes */
    return true;
}

static void wait_for_text(struct show *s, const char *text) {
    while (!strstr(s->text, text)) {
        siginfo_t info = {0};
        read_show(s);
        ck_assert_int_eq(waitid(P_PID, (id_t)s->child.pid, &info, WEXITED | WNOHANG | WNOWAIT), 0);
        ck_assert_msg(info.si_pid == 0, "the run ended without '%s': %s", text, s->text);
    }
}

/* Interrupts the run, once or until it has ended, and takes the rest. */
static void end_show(struct show *s, bool once) {
    int how;
    siginfo_t info = {0};
    kill(s->child.pid, SIGINT);
    while (waitid(P_PID, (id_t)s->child.pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0) {
        bool came = read_show(s);
        if (!once && !came) kill(s->child.pid, SIGINT);
    }
    ck_assert_int_eq(waitpid(s->child.pid, &how, 0), s->child.pid);
    ck_assert_int_eq(WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how), 130);
    while (read_show(s)) continue;
    close(s->ours);
    close(s->theirs);
    unlink(s->child.out);
}

/* Every cell overflows at once, and there is no end of them. */
#define ENDLESS                                                                                                        \
    "run --starts 1000000000 --epochs 1000 --activation linear --output-activation linear --lr 1e30 --out @/out "      \
    "--threads "

/* The share in percent of a bar (behind its bracket) of so many characters, -1 where there is no whole one. */
static double share_of(const char *bar, size_t length, const char **rest) {
    size_t filled = strspn(bar, "="), blank = strspn(bar + filled, " ");
    int used = 0;
    double share;
    if (filled + blank != length || sscanf(bar + length, "] %lf %%%n", &share, &used) != 1 || !used) return -1;
    ck_assert(share >= 0 && share <= 100);
    /* The bar is filled up to a whole character, the share rounded to a whole percent. */
    ck_assert_double_le(fabs((double)filled - share / 100 * (double)length), 1 + 0.005 * (double)length);
    *rest = bar + length + used;
    return share;
}

/* Terminals on which everything has room. */
static const struct {
    unsigned short columns;
    size_t bar;
} terminals[] = {{80, 12}, {132, 24}};

START_TEST(a_bar_has_its_share_the_rate_the_time_left_and_the_share_diverged) {
    static struct show s;
    columns = terminals[_i].columns;
    start_show(&s, true, "NO_COLOR=1 TERM=xterm " ENDLESS "2");
    wait_for_text(&s, "% diverged");
    end_show(&s, true);
    ck_assert_ptr_null(strchr(s.text, '\033'));
    int bars = 0;
    for (const char *at = s.text; (at = strstr(at, "\r[")) != NULL; at++) {
        const char *rest;
        double rate, left, diverged;
        char unit[2][9];
        int used = 0;
        if (share_of(at + 2, terminals[_i].bar, &rest) < 0) ck_abort_msg("no bar: %s", at);
        if (strncmp(rest, "  finding starts, first steps, ", 31) == 0) continue; /* before the first step */
        ck_assert_msg(sscanf(rest, " %lf steps/s, %lf %7[a-z]%n", &rate, &left, unit[0], &used) == 3, "%s", rest);
        ck_assert_double_gt(rate, 0);
        ck_assert_double_ge(left, 0);
        const char *behind = strstr(rest + used, " left, "); /* minutes may follow hours */
        if (!behind || behind > rest + strcspn(rest, "\r")) continue;
        if (sscanf(behind, " left, %lf %% %8[a-z]", &diverged, unit[1]) != 2) continue;
        ck_assert_str_eq(unit[1], "diverged");
        ck_assert_double_eq(diverged, 100);
        bars++;
    }
    ck_assert_int_gt(bars, 0);
    const char last[] = "\rlyapgrad: interrupted\r\n";
    ck_assert_uint_gt(s.size, sizeof last);
    ck_assert_str_eq(s.text + s.size - (sizeof last - 1), last); /* over blanks, where the bar was */
    ck_assert_int_eq(s.text[s.size - sizeof last], ' ');
}
END_TEST

START_TEST(colours_are_the_only_escape_sequences) {
    static struct show s;
    start_show(&s, true, "NO_COLOR= TERM=xterm " ENDLESS "1");
    wait_for_text(&s, " left");
    end_show(&s, true);
    int sequences = 0;
    for (const char *at = s.text; (at = strchr(at, '\033')) != NULL; at++, sequences++)
        ck_assert_msg(strncmp(at, sequences % 2 ? "\033[0m" : "\033[32m", sequences % 2 ? 4 : 5) == 0, "%s", at + 1);
    ck_assert_int_gt(sequences, 0);
    ck_assert_int_eq(sequences % 2, 0); /* the terminal gets its own colour back */
}
END_TEST

/* A bar would be there after half a second. */
static const struct {
    const char *words, *options;
    bool terminal;
} silent[] = {
    {"TERM=dumb ", "", true},
    {"TERM=xterm ", " --quiet", true},
    {"TERM=xterm ", "", false},
};

START_TEST(where_no_bar_belongs_there_is_none) {
    static struct show s;
    char line[512];
    snprintf(line, sizeof line, "%s" ENDLESS "1%s", silent[_i].words, silent[_i].options);
    start_show(&s, silent[_i].terminal, line);
    wait_for_entries("out", 2);
    for (int moment = 0; moment < 40; moment++) read_show(&s);
    ck_assert_str_eq(s.text, "");
    end_show(&s, true);
    ck_assert_str_eq(s.text, silent[_i].terminal ? "lyapgrad: interrupted\r\n" : "lyapgrad: interrupted\n");
}
END_TEST

/* Of the cells without end the first half is put into the checkpoint by hand: a chunk of a short run's, with the digest of the
 * long run's settings. */
static void put_first_half(void) {
    enum { TEXT = 72, MOST_WORDS = 4096, SETTINGS = 2 };
    static const char name[] = "chunk-0-00000000000000000000";
    static unsigned char bytes[8 * MOST_WORDS];
    uint64_t settings = LYAP_DIGEST_START, digest = LYAP_DIGEST_START;
    char path[64];
    snprintf(path, sizeof path, "short/%s", name);
    FILE *file = fopen(scratch(path), "rb");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    ck_assert_uint_lt(size, sizeof bytes);
    fclose(file);
    file = fopen(scratch("long/head"), "rb");
    ck_assert_ptr_nonnull(file);
    fseek(file, TEXT - 8, SEEK_SET);
    for (int length = getc(file) + 256 * getc(file), skipped = fseek(file, TEXT, SEEK_SET); length > 0 && !skipped;
         length--)
        settings = lyap_digest_u64(settings, (unsigned char)getc(file));
    fclose(file);
    for (size_t b = 0; b < 8; b++) bytes[8 * SETTINGS + b] = (unsigned char)(settings >> 8 * b);
    for (size_t w = 0; w + 1 < size / 8; w++) {
        uint64_t word = 0;
        for (size_t b = 0; b < 8; b++) word |= (uint64_t)bytes[8 * w + b] << 8 * b;
        digest = lyap_digest_u64(digest, word);
    }
    for (size_t b = 0; b < 8; b++) bytes[size - 8 + b] = (unsigned char)(digest >> 8 * b);
    snprintf(path, sizeof path, "long/%s", name);
    scratch_file(path, bytes, size);
}

/* Two halves of a block each, but for `run`, whose blocks may be of one cell. */
static const char *const resumed[] = {
    "run --starts 2 --threads 1",
    "map --x lr:0.1:1 --y lr2:0.1:1 --resolution 16x2 --threads 1",
    "bifurcation --over lr:0.1:1:32 --transient 2 --points 3 --threads 1",
};
enum { RESUMED = sizeof resumed / sizeof *resumed };

START_TEST(a_resumed_bar_begins_where_the_checkpoint_ended) {
    static struct show s;
    const char *rest;
    double rate, share;
    char line[256], again[320];
    remove_tree(scratch("short"));
    remove_tree(scratch("long"));
    snprintf(line, sizeof line, "%s --epochs 2147483647 --out @/out --checkpoint @/long", resumed[_i]);
    snprintf(again, sizeof again, "NO_COLOR=1 TERM=xterm %s --resume", line);
    expect_success("%s --epochs 5 --quiet --checkpoint @/short --shard 1/2", resumed[_i]);
    struct child child = start_command(line);
    wait_for_file("long/head");
    kill(child.pid, SIGKILL);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 137);
    outcome_free(&o);
    put_first_half();
    columns = 80;
    start_show(&s, true, again);
    wait_for_text(&s, "diverged");
    kill(s.child.pid, SIGINT);
    wait_for_text(&s, "finishing the chunk at hand; a second signal ends at once\r\n");
    end_show(&s, false);
    const char *bar = strstr(s.text, "steps/s");
    ck_assert_ptr_nonnull(bar);
    while (bar[-1] != '[') bar--;
    share = share_of(bar, 12, &rest);
    ck_assert_msg(share >= 50 && share <= 60, "%s", s.text);
    ck_assert_int_eq(sscanf(rest, " %lf steps/s", &rate), 1);
    ck_assert_double_lt(rate, 1e9); /* 2e9 steps a cell were there before */
    ck_assert_ptr_nonnull(strstr(s.text, ", 0 % diverged"));
    ck_assert_int_eq(count_entries(scratch("long")), 3);
}
END_TEST

/* A step of these takes longer than a second; that of run one trajectory of it. */
#define LARGE "10-300-300-2 --data blobs:30000,2,10,0.1 --loss softmax --output-activation linear"
#define LARGER "10-300-300-2 --data blobs:300000,2,10,0.1 --loss softmax --output-activation linear"
static const char *const slow[] = {"run --epochs 100 --neighbours 1 --init lecun-normal --net " LARGER,
                                   "spectrum --exponents 1 --epochs 100 --init lecun-normal --net " LARGE,
                                   "select --budget 10000000 --epochs 1000 --activation tanh --net " LARGE,
                                   "run --loss-window 1e-9,2e-9 --max-draws 4000000000 --net " LARGE};

START_TEST(within_a_second_a_line_says_what_goes_on_and_since_when) {
    static struct show s;
    struct timespec start, now;
    char words[512];
    double seconds, took;
    int used = 0;
    columns = 80;
    snprintf(words, sizeof words, "NO_COLOR=1 TERM=xterm %s --threads 1 --out @/out", slow[_i]);
    clock_gettime(CLOCK_MONOTONIC, &start);
    start_show(&s, true, words);
    wait_for_text(&s, " s");
    clock_gettime(CLOCK_MONOTONIC, &now);
    took = (double)(now.tv_sec - start.tv_sec) + 1e-9 * (double)(now.tv_nsec - start.tv_nsec);
    if (!brief_tests()) ck_assert_double_lt(took, 1);
    ck_assert_msg(sscanf(s.text, "\r[            ]   0 %%  %*[a-z, ] %lf s%n", &seconds, &used) == 1 && used, "%s",
                  s.text);
    wait_for_text(&s, strstr(slow[_i], "select") ? "first trials, " : "finding starts, first steps, ");
    end_show(&s, false);
}
END_TEST

/* Of several runs one after the other the bar is that of all. */
START_TEST(the_bar_of_several_estimators_is_one) {
    static struct show s;
    double share = -1, next;
    int bars = 0;
    columns = 80;
    start_show(&s, true,
               "NO_COLOR=1 TERM=xterm run --estimator all --starts 600 --epochs 10000 --neighbours 1 --threads 1 "
               "--out @/all");
    siginfo_t info = {0};
    while (waitid(P_PID, (id_t)s.child.pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0) read_show(&s);
    while (read_show(&s)) continue;
    int how;
    ck_assert_int_eq(waitpid(s.child.pid, &how, 0), s.child.pid);
    ck_assert(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    for (const char *at = s.text, *rest; (at = strstr(at, "\r[")) != NULL; at++, bars++) {
        next = share_of(at + 2, 12, &rest);
        ck_assert_msg(next >= share, "%g after %g", next, share);
        share = next;
    }
    if (!brief_tests()) ck_assert_msg(bars > 3 && share > 50, "%d bars, %g %%", bars, share);
    ck_assert_ptr_null(strstr(s.text, "steps/s"));
    close(s.ours);
    close(s.theirs);
    unlink(s.child.out);
}
END_TEST

START_TEST(the_bar_of_a_report_has_the_time_left_and_no_rate) {
    static struct show s;
    columns = 80;
    start_show(&s, true, "NO_COLOR=1 TERM=xterm reproduce --report --section N --scale 20 --threads 1 --out @/report");
    wait_for_text(&s, " left");
    end_show(&s, true);
    const char *bar = strstr(s.text, "\r["), *rest;
    ck_assert_ptr_nonnull(bar);
    ck_assert_double_ge(share_of(bar + 2, 12, &rest), 0);
    ck_assert_ptr_null(strstr(s.text, "steps/s"));
    ck_assert(nothing_in("report"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_progress");
    TCase *tc = tcase_create("progress");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, a_bar_has_its_share_the_rate_the_time_left_and_the_share_diverged, 0, 2);
    tcase_add_test(tc, colours_are_the_only_escape_sequences);
    tcase_add_loop_test(tc, where_no_bar_belongs_there_is_none, 0, (int)(sizeof silent / sizeof *silent));
    tcase_add_loop_test(tc, a_resumed_bar_begins_where_the_checkpoint_ended, 0, RESUMED);
    tcase_add_loop_test(tc, within_a_second_a_line_says_what_goes_on_and_since_when, 0,
                        (int)(sizeof slow / sizeof *slow));
    tcase_add_test(tc, the_bar_of_several_estimators_is_one);
    tcase_add_test(tc, the_bar_of_a_report_has_the_time_left_and_no_rate);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
