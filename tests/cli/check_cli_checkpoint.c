/* Long runs from end to end: killed and resumed, interrupted, split and merged. */
#include "tests/command.h"
#include "lyapgrad/lyapgrad.h"

static const struct {
    const char *line, *tables[4]; /* NULL behind the last */
} runs[] = {
    {"run --starts 180 --epochs 40 --series --evaluate", {"cells.csv", "series.csv"}},
    {"sweep --over lr=log:1e-3:20:9 --starts 31 --epochs 60", {"cells.csv", "sweep.csv"}},
    {"spectrum --starts 90 --epochs 300 --exponents 2 --history 5", {"exponents.csv", "history.csv"}},
    {"run --estimator all --starts 37 --epochs 100", {"estimators.csv", "estimators.csv"}},
    {"map --activation tanh --init normal:0,1 --x lr1:0.1:30:log --y lr2:0.1:30:log --resolution 61x53 --epochs 200 "
     "--loss-window none --target 0.2 --show steps",
     {"map.csv", "map.npy", "boxes.csv", "map.gp"}},
    {"bifurcation --activation tanh --init normal:0,2 --loss-window none --over lr:1:8:90 --starts 3 --transient 100 "
     "--epochs 400 --points 9 --show w6,w0",
     {"bifurcation.csv", "exponents.csv", "bifurcation.gp"}},
    {"bifurcation --net 1-1 --activation linear --data linear-teacher:4,1,1,0.1 --init normal:0,1 --over lr:0.1:3:300 "
     "--transient 700 --epochs 1500 --points 20 --show outputs",
     {"bifurcation.csv", "exponents.csv", "bifurcation.gp"}},
};
enum { RUNS = sizeof runs / sizeof *runs };

/* The manifest without the lines that differ from machine to machine and with where the tables go; the caller frees. */
static char *read_manifest(const char *directory) {
    static const char *const documented[] = {"command = ", "threads = "};
    char path[128];
    snprintf(path, sizeof path, "%s/manifest.txt", directory);
    char *text = read_text(scratch(path)), *to = text;
    ck_assert_msg(text != NULL, "%s is missing", path);
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n") + 1;
        bool keep = true;
        for (int i = 0; i < 2; i++) keep = keep && strncmp(line, documented[i], strlen(documented[i])) != 0;
        if (keep) memmove(to, line, length), to += length;
        line += length;
    }
    *to = '\0';
    return text;
}

static void expect_same_manifest(const char *a, const char *b) {
    char *one = read_manifest(a), *other = read_manifest(b);
    ck_assert_ptr_nonnull(strstr(one, "\nepochs = "));
    ck_assert_str_eq(one, other);
    free(one);
    free(other);
}

/* All bytes of a file; the caller frees. */
static unsigned char *read_bytes(const char *path, size_t *size) {
    FILE *file = fopen(scratch(path), "rb");
    ck_assert_msg(file != NULL, "%s is missing", path);
    unsigned char *bytes = malloc(MAX_TEXT);
    ck_assert_ptr_nonnull(bytes);
    *size = fread(bytes, 1, MAX_TEXT, file);
    ck_assert_uint_lt(*size, MAX_TEXT);
    fclose(file);
    return bytes;
}

/* The file has these bytes. */
static void expect_bytes(const char *path, const unsigned char *bytes, size_t size) {
    size_t other_size;
    unsigned char *other = read_bytes(path, &other_size);
    ck_assert_uint_eq(other_size, size);
    ck_assert_mem_eq(other, bytes, size);
    free(other);
}

static void expect_same(int run, const char *a, const char *b) {
    expect_same_manifest(a, b);
    for (int t = 0; t < 4 && runs[run].tables[t]; t++) {
        char path[2][128];
        size_t size;
        snprintf(path[0], sizeof path[0], "%s/%s", a, runs[run].tables[t]);
        snprintf(path[1], sizeof path[1], "%s/%s", b, runs[run].tables[t]);
        unsigned char *bytes = read_bytes(path[0], &size);
        ck_assert_uint_gt(size, 0);
        expect_bytes(path[1], bytes, size);
        free(bytes);
    }
}

static void clean(void) {
    static const char *const names[] = {"one", "two", "ck", "s1", "s2", "s3", "p1", "p2", "p3", "p4", "p5"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) remove_tree(scratch(names[i]));
}

START_TEST(a_run_killed_again_and_again_ends_with_the_same_bytes) {
    char line[512];
    clean();
    expect_success("%s --quiet --out @/one", runs[_i].line);
    snprintf(line, sizeof line, "%s --threads 1 --quiet --out @/two --checkpoint @/ck --checkpoint-every 0 --resume",
             runs[_i].line);
    int killed = 0;
    for (int round = 0; round < 12; round++) {
        const struct timespec moment = {.tv_nsec = (1 + 2 * round) * 1000 * 1000};
        struct child child = start_command(line);
        while (access(child.err, F_OK) != 0) nanosleep(&(struct timespec){.tv_nsec = 100 * 1000}, NULL);
        nanosleep(&moment, NULL);
        kill(child.pid, SIGKILL);
        struct outcome o = finish_command(&child);
        ck_assert_msg(o.status == 0 || o.status == 137, "%d: %s", o.status, o.err);
        killed += o.status == 137;
        outcome_free(&o);
    }
    ck_assert_int_gt(killed, 0);
    expect_success("%s", line);
    expect_same(_i, "one", "two");
}
END_TEST

START_TEST(shards_merge_to_the_bytes_of_one_run) {
    clean();
    expect_success("%s --quiet --out @/one", runs[_i].line);
    for (int s = 1; s <= 3; s++)
        expect_success("%s --quiet --out @/two --checkpoint @/s%d --shard %d/3", runs[_i].line, s, s);
    ck_assert(nothing_in("two"));
    struct outcome o = run_command("merge @/s1 @/s3 --out @/two");
    ck_assert_int_eq(o.status, 2);
    ck_assert_ptr_nonnull(strstr(o.err, "shard 2/3 is missing"));
    outcome_free(&o);
    expect_success("merge @/s3 @/s1 @/s2 --out @/two --quiet");
    expect_same(_i, "one", "two");
}
END_TEST

/* Runs without end, with two files beside their chunks: head and lock. */
#define KEPT " --quiet --out @/two --checkpoint @/ck --checkpoint-every 0.01"
#define ENDLESS "run --starts 100000000 --epochs 1000" KEPT
static const struct {
    const char *line;
    unsigned long long cells;
} endless[] = {
    {ENDLESS, 100000000},
    {"map --x lr:0.1:30:log --y lr2:0.1:30:log --resolution 16384x16384 --epochs 1000" KEPT, 16384ull * 16384},
    {"bifurcation --over lr:0.1:30:16384 --starts 10000 --transient 500 --epochs 1000" KEPT, 163840000},
};
static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDLESS_RUNS = sizeof endless / sizeof *endless, SIGNALS = sizeof signals / sizeof *signals };

START_TEST(an_interrupted_run_says_how_to_go_on) {
    const int number = signals[_i % SIGNALS], run = _i / SIGNALS;
    char line[256];
    clean();
    unsigned long long before = 0;
    for (int resumed = 0; resumed < 2; resumed++) {
        snprintf(line, sizeof line, "%s%s", endless[run].line, resumed ? " --resume" : "");
        struct child child = start_command(line);
        wait_for_entries("ck", resumed ? count_entries(scratch("ck")) + 1 : 3);
        ck_assert_int_eq(kill(child.pid, number), 0);
        struct outcome o = finish_command(&child);
        ck_assert_int_eq(o.status, 128 + number);
        unsigned long long cells = 0, all = 0;
        const char *has = strstr(o.err, "/ck has ");
        ck_assert_ptr_nonnull(has);
        ck_assert_int_eq(sscanf(has, "/ck has %llu of %llu cells", &cells, &all), 2);
        ck_assert_uint_eq(all, endless[run].cells);
        ck_assert_uint_gt(cells, before); /* at least the chunk that was there */
        ck_assert_ptr_nonnull(
            strstr(o.err, resumed ? "the same command goes on\n" : "the same command with --resume goes on\n"));
        ck_assert_int_eq(strncmp(o.err, "lyapgrad: interrupted; ", 23), 0);
        ck_assert_str_eq(strchr(o.err, '\n'), "\n"); /* one line */
        ck_assert_str_eq(o.out, "");
        ck_assert(nothing_in("two"));
        before = cells;
        outcome_free(&o);
    }
    struct outcome o = run_command("merge @/ck --out @/two");
    ck_assert_int_eq(o.status, 2);
    ck_assert_ptr_nonnull(strstr(o.err, "is not complete"));
    ck_assert(nothing_in("two"));
    outcome_free(&o);
}
END_TEST

/* Signals until the process has ended, of which the first ones may fall together. */
static void signal_to_the_end(pid_t pid, int number) {
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    siginfo_t info = {0};
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0) {
        kill(pid, number);
        nanosleep(&moment, NULL);
    }
}

START_TEST(a_second_signal_ends_a_cell_without_end_and_leaves_no_half_chunk) {
    clean();
    struct child child = start_command("run --starts 1 --epochs 2000000000 --quiet --out @/two --checkpoint @/ck");
    wait_for_file("ck/head");
    signal_to_the_end(child.pid, SIGTERM);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 143);
    ck_assert_int_eq(count_entries(scratch("ck")), 2);
    ck_assert(nothing_in("two"));
    outcome_free(&o);
}
END_TEST

/* Runs 4 and 5, a map and a diagram, under a program called gnuplot that never ends its picture. */
static const struct {
    int run, signal;
    const char *script;
} drawn[] = {{4, SIGINT, "map.gp"}, {4, SIGTERM, "map.gp"}, {5, SIGINT, "bifurcation.gp"}};
enum { DRAWN = sizeof drawn / sizeof *drawn };

START_TEST(a_signal_while_the_picture_is_drawn_says_that_the_tables_are_complete) {
    static const char slow[] = "#!/bin/sh\necho > ./drawing\nexec /bin/sleep 100\n";
    char line[512], script[64];
    clean();
    mkdir(scratch("slow"), 0777);
    scratch_file("slow/gnuplot", slow, strlen(slow));
    ck_assert_int_eq(chmod(scratch("slow/gnuplot"), 0755), 0);
    expect_success("%s --quiet --out @/one", runs[drawn[_i].run].line);
    snprintf(line, sizeof line, "PATH=@/slow:/usr/bin:/bin %s --quiet --out @/two --checkpoint @/ck",
             runs[drawn[_i].run].line);
    struct child child = start_command(line);
    wait_for_file("two/drawing");
    ck_assert_int_eq(kill(child.pid, drawn[_i].signal), 0);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 128 + drawn[_i].signal);
    ck_assert_int_eq(strncmp(o.err, "lyapgrad: interrupted while drawing; the tables in ", 51), 0);
    snprintf(script, sizeof script, "/two are complete, and 'gnuplot %s' there draws them\n", drawn[_i].script);
    ck_assert_msg(strstr(o.err, script) != NULL, "%s", o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    outcome_free(&o);
    expect_same(drawn[_i].run, "one", "two");
}
END_TEST

static const char *const kept[] = {
    "run --starts 40",
    "map --x lr:0.1:30:log --y lr2:0.1:30:log --resolution 8x5 --epochs 50",
    "bifurcation --over lr:1:8:20 --starts 2 --transient 10 --epochs 50 --points 5",
};
enum { KEPT_RUNS = sizeof kept / sizeof *kept };

START_TEST(other_settings_and_damage_are_refused) {
    clean();
    expect_success("%s --quiet --out @/one --checkpoint @/ck", kept[_i]);
    struct outcome o = run_command("%s --quiet --out @/one --checkpoint @/ck --resume --seed 7", kept[_i]);
    ck_assert_int_eq(o.status, 2);
    ck_assert_ptr_nonnull(strstr(o.err, "seed is 1 there and 7 here"));
    outcome_free(&o);
    FILE *file = fopen(scratch("ck/chunk-0-00000000000000000000"), "r+b");
    ck_assert_ptr_nonnull(file);
    fseek(file, 200, SEEK_SET);
    int byte = getc(file);
    fseek(file, 200, SEEK_SET);
    putc(byte ^ 1, file);
    fclose(file);
    for (int merged = 0; merged < 2; merged++) {
        o = merged ? run_command("merge @/ck --out @/two")
                   : run_command("%s --quiet --out @/two --checkpoint @/ck --resume", kept[_i]);
        ck_assert_int_eq(o.status, 2);
        ck_assert_ptr_nonnull(strstr(o.err, "damaged"));
        ck_assert(nothing_in("two"));
        outcome_free(&o);
    }
}
END_TEST

/* The file that a message begins with; freed by the caller. */
static char *named_file(const char *message) {
    const char *from = message + strlen("lyapgrad: "), *end = strstr(from, ": damaged");
    ck_assert_msg(end != NULL, "%s", message);
    char *path = calloc(1, (size_t)(end - from) + 1);
    return memcpy(path, from, (size_t)(end - from));
}

static void flip_byte(const char *path, long at) {
    FILE *file = fopen(path, "r+b");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
    int byte = getc(file);
    ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
    putc(byte ^ 1, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* The chunk in the middle of several, then the head: cut short, other bytes, and another first word. */
START_TEST(deleting_what_the_message_names_and_resuming_gives_the_same_tables) {
    static const int of[] = {0, 2, RUNS - 1};
    const int run = of[_i / 4];
    const bool head = _i % 4 == 3;
    clean();
    expect_success("%s --quiet --out @/one --checkpoint @/ck --checkpoint-every 0", runs[run].line);
    char directory[300], path[600] = "";
    snprintf(directory, sizeof directory, "%s", scratch("ck"));
    struct dirent **entries;
    int n = scandir(directory, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        bool chunk = strncmp(entries[i]->d_name, "chunk-", 6) == 0;
        if (chunk && (i <= n / 2 || !*path)) snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (head) snprintf(path, sizeof path, "%s/head", directory);
    if (_i % 4 == 0)
        ck_assert_int_eq(truncate(path, 100), 0);
    else
        flip_byte(path, _i % 4 == 2 ? 0 : 100);
    struct outcome o = run_command("%s --quiet --out @/two --checkpoint @/ck --resume", runs[run].line);
    ck_assert_int_eq(o.status, 2);
    ck_assert_msg(strstr(o.err, head
                                    ? ": delete the directory and start again\n"
                                    : "; delete this file and resume the run: what it had is computed again\n") != NULL,
                  "%s", o.err);
    char *named = named_file(o.err);
    ck_assert_str_eq(named, path);
    if (head)
        remove_tree(directory);
    else
        ck_assert_int_eq(unlink(named), 0);
    free(named);
    outcome_free(&o);
    expect_success("%s --quiet --out @/two --checkpoint @/ck --resume", runs[run].line);
    expect_same(run, "one", "two");
}
END_TEST

/* Puts one byte at an offset of a checkpoint's file, behind the text `after` unless that is NULL, and the digest that fits. */
static void patch(const char *path, const char *after, size_t offset, unsigned char byte) {
    size_t size, at = 0;
    unsigned char *bytes = read_bytes(path, &size);
    while (after && at < size && (size - at < strlen(after) || memcmp(bytes + at, after, strlen(after)) != 0)) at++;
    at += (after ? strlen(after) : 0) + offset;
    ck_assert_uint_lt(at, size - 8);
    bytes[at] = byte;
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t i = 0; i + 8 < size; i += 8) {
        uint64_t word = 0;
        for (size_t b = 0; b < 8; b++) word |= (uint64_t)bytes[i + b] << 8 * b;
        digest = lyap_digest_u64(digest, word);
    }
    for (size_t b = 0; b < 8; b++) bytes[size - 8 + b] = (unsigned char)(digest >> 8 * b);
    scratch_file(path, bytes, size);
    free(bytes);
}

/* Likewise in the head's settings, and the digest of these in the only chunk file. */
static void patch_settings(const char *key, unsigned char byte) {
    enum { TEXT = 72, DIGEST = 16 }; /* offsets in the head and in the chunk */
    size_t size;
    patch("ck/head", key, 0, byte);
    unsigned char *head = read_bytes("ck/head", &size);
    uint64_t digest = LYAP_DIGEST_START;
    for (size_t i = 0, length = head[TEXT - 8] + 256u * head[TEXT - 7]; i < length; i++)
        digest = lyap_digest_u64(digest, head[TEXT + i]);
    for (size_t b = 0; b < 8; b++)
        patch("ck/chunk-0-00000000000000000000", NULL, DIGEST + b, (unsigned char)(digest >> 8 * b));
    free(head);
}

/* The command is refused in one line that has both texts, and leaves no tables. */
static void expect_refused(int status, const char *one, const char *other, const char *line) {
    struct outcome o = run_command("%s", line);
    ck_assert_msg(o.status == status, "%s: %d: %s", line, o.status, o.err);
    ck_assert_msg(strstr(o.err, one) && strstr(o.err, other), "%s: %s", line, o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    ck_assert_str_eq(o.out, "");
    ck_assert(nothing_in("two"));
    outcome_free(&o);
}

/* A run that is kept, and others that differ from it in one option each. */
#define MAP(X, Y, RESOLUTION, EPOCHS)                                                                                  \
    "map --optimiser momentum --x " X " --y " Y " --resolution " RESOLUTION " --epochs " EPOCHS
#define SAME_MAP MAP("lr:0.1:30:log", "momentum:0:0.9", "8x6", "50")
#define DIAGRAM(OVER, POINTS, SHOW, TRANSIENT)                                                                         \
    "bifurcation --over " OVER " --points " POINTS " --show " SHOW " --epochs 50 --transient " TRANSIENT
#define SAME_DIAGRAM DIAGRAM("lr:1:8:20", "5", "w6,w0", "10")

static const struct {
    const char *line, *other, *difference;
} different[] = {
    {SAME_MAP, MAP("lr:0.1:31:log", "momentum:0:0.9", "8x6", "50"), "x is lr:0.1:30:log there and lr:0.1:31:log here"},
    {SAME_MAP, MAP("lr:0.1:30", "momentum:0:0.9", "8x6", "50"), "x is lr:0.1:30:log there and lr:0.1:30 here"},
    {SAME_MAP, MAP("lr1:0.1:30:log", "momentum:0:0.9", "8x6", "50"), "x is lr:0.1:30:log there and lr1:0.1:30:log"},
    {SAME_MAP, MAP("lr:0.1:30:log", "momentum:0:0.8", "8x6", "50"), "y is momentum:0:0.9 there and momentum:0:0.8"},
    {SAME_MAP, MAP("lr:0.1:30:log", "init-scale:0.1:0.9", "8x6", "50"), "y is momentum:0:0.9 there and init-scale:"},
    {SAME_MAP, MAP("lr:0.1:30:log", "momentum:0:0.9", "6x8", "50"), "resolution is 8x6 there and 6x8 here"},
    {SAME_MAP, MAP("lr:0.1:30:log", "momentum:0:0.9", "8x6", "51"), "epochs is 50 there and 51 here"},
    {SAME_MAP, SAME_MAP " --zoom 1,2,0,0.9", "x is lr:0.1:30:log there and lr:1:2:log here"},
    {SAME_MAP, SAME_MAP " --target 0.1", "target is 0 there and 0.1 here"},
    {SAME_MAP, SAME_MAP " --transient 3", "transient is 0 there and 3 here"},
    {SAME_MAP, SAME_MAP " --growth 2", "growth is 10 there and 2 here"},
    {SAME_MAP, SAME_MAP " --qr-every 5", "qr-every is 10 there and 5 here"},
    {SAME_MAP, SAME_MAP " --activation tanh", "activation is sigmoid,sigmoid there and tanh,tanh here"},
    {SAME_MAP, "spectrum --starts 48 --epochs 50", "there"},
    {SAME_DIAGRAM, DIAGRAM("lr:1:9:20", "5", "w6,w0", "10"), "over is lr:1:8:20 there and lr:1:9:20 here"},
    {SAME_DIAGRAM, DIAGRAM("lr:1:8:20:log", "5", "w6,w0", "10"), "over is lr:1:8:20 there and lr:1:8:20:log here"},
    {SAME_DIAGRAM, DIAGRAM("lr:1:8:10", "5", "w6,w0", "10") " --starts 2", "starts is 1 there and 2 here"},
    {SAME_DIAGRAM, DIAGRAM("lr:1:8:21", "5", "w6,w0", "10"), "over is lr:1:8:20 there and lr:1:8:21 here"},
    {SAME_DIAGRAM, DIAGRAM("lr2:1:8:20", "5", "w6,w0", "10"), "over is lr:1:8:20 there and lr2:1:8:20 here"},
    {SAME_DIAGRAM, DIAGRAM("lr:1:8:20", "6", "w6,w0", "10"), "transient is 45 there and 44 here"},
    {SAME_DIAGRAM, DIAGRAM("lr:1:8:20", "5", "w0,w6", "10"), "show is w6,w0 there and w0,w6 here"},
    {SAME_DIAGRAM, DIAGRAM("lr:1:8:20", "5", "y0,y1", "10"), "show is w6,w0 there and y0,y1 here"},
    {SAME_DIAGRAM, DIAGRAM("lr:1:8:20", "5", "loss", "10"), "show is w6,w0 there and loss here"},
    {SAME_DIAGRAM, SAME_DIAGRAM " --tolerance 1e-4", "tolerance is 1e-05 there and 0.0001 here"},
    {SAME_DIAGRAM, SAME_DIAGRAM " --growth 2", "growth is 10 there and 2 here"},
    {SAME_DIAGRAM, SAME_DIAGRAM " --qr-every 5", "qr-every is 10 there and 5 here"},
    {SAME_DIAGRAM, "spectrum --starts 20 --epochs 50", "there"},
};
enum { DIFFERENT = sizeof different / sizeof *different };

START_TEST(a_map_or_diagram_that_differs_in_one_option_is_refused_and_named) {
    clean();
    expect_success("%s --quiet --out @/one --checkpoint @/ck", different[_i].line);
    struct outcome o = run_command("%s --quiet --out @/two --checkpoint @/ck --resume", different[_i].other);
    ck_assert_int_eq(o.status, 2);
    ck_assert_msg(strstr(o.err, "/ck: the checkpoint is of other settings: ") != NULL, "%s", o.err);
    ck_assert_msg(strstr(o.err, different[_i].difference) != NULL, "%s", o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    ck_assert(nothing_in("two"));
    outcome_free(&o);
}
END_TEST

START_TEST(a_kept_map_is_drawn_in_another_way_as_by_a_run_of_its_own) {
    clean();
    expect_success(SAME_MAP " --quiet --out @/two --checkpoint @/ck");
    expect_success(SAME_MAP " --quiet --out @/two --checkpoint @/ck --resume --show regime");
    expect_success(SAME_MAP " --quiet --out @/one --show regime");
    expect_same(4, "one", "two");
}
END_TEST

START_TEST(a_checkpoint_of_another_version_or_format_is_refused) {
    clean();
    expect_success("run --quiet --starts 20 --threads 2 --out @/one --checkpoint @/ck"); /* one chunk */
    patch_settings("version = ", '9');
    for (int merged = 0; merged < 2; merged++)
        expect_refused(2, "/ck: the checkpoint is of another version: version is 9", LYAPGRAD_VERSION " here",
                       merged ? "merge @/ck --out @/two"
                              : "run --quiet --starts 20 --out @/two --checkpoint @/ck --resume");
    patch_settings("version = ", (unsigned char)LYAPGRAD_VERSION[0]);
    patch_settings("sleef = ", '8');
    expect_refused(2, "of another version: sleef is 8", " here", "merge @/ck --out @/two");
    patch("ck/head", NULL, 8, 7);
    expect_refused(2, "/ck/head: its format has the number 7", "reads 3", "merge @/ck --out @/two");
}
END_TEST

/* A chunk has more bytes than a stream keeps back and less than 32768, which the first table exceeds. */
static const struct {
    const char *line;
    int run; /* with the same tables */
} wide[] = {
    {"run --starts 700 --epochs 20 --series --threads 1 --quiet", 0},
    {"map --x lr:0.1:30:log --y lr2:0.1:30:log --resolution 40x30 --epochs 20 --threads 2 --quiet", 4},
    {"bifurcation --over lr:1:8:100 --transient 10 --epochs 100 --points 40 --threads 1 --quiet", 5},
};
enum { WIDE = sizeof wide / sizeof *wide };

START_TEST(a_full_disk_keeps_what_was_kept_and_the_run_goes_on) {
    const char *line = wide[_i].line;
    clean();
    expect_success("%s --out @/one", line);
    for (int tables = 0; tables < 2; tables++) { /* no room for a chunk, then room for chunks but not for the tables */
        file_size_limit = tables ? 32768 : 2048;
        struct outcome o = run_command("%s --out @/two --checkpoint @/ck --checkpoint-every 0 --resume", line);
        ck_assert_msg(o.status == 1, "%d: %s", o.status, o.err);
        ck_assert_ptr_nonnull(strstr(o.err, tables ? "/two/" : "/ck/chunk-0-"));
        ck_assert_ptr_nonnull(strstr(o.err, "cannot write; is the disk full?"));
        ck_assert_int_eq(strstr(o.err, "the chunks before are intact, and --resume goes on") != NULL, !tables);
        ck_assert_str_eq(strchr(o.err, '\n'), "\n");
        ck_assert(nothing_in("two"));
        if (!tables) ck_assert_int_eq(count_entries(scratch("ck")), 2); /* head and lock */
        outcome_free(&o);
    }
    ck_assert_int_gt(count_entries(scratch("ck")), 3);
    expect_success("%s --out @/two --checkpoint @/ck --resume", line);
    expect_same(wide[_i].run, "one", "two");
}
END_TEST

START_TEST(a_directory_that_cannot_be_written_is_named) {
    clean();
    scratch_file("plain", "x", 1);
    expect_refused(1, "/plain", " is a file", "run --starts 20 --out @/two --checkpoint @/plain");
    expect_refused(1, "/plain/below", " is a file", "run --starts 20 --out @/two --checkpoint @/plain/below");
    expect_refused(1, "/dev/null/below", "", "run --starts 20 --out @/two --checkpoint /dev/null/below");
    expect_refused(2, "/none: has no checkpoint", "", "merge @/none --out @/two");
    if (geteuid() == 0) {
        SKIP_PART("nothing is write-protected for root");
        return;
    }
    ck_assert_int_eq(mkdir(scratch("ck"), 0555), 0);
    expect_refused(1, "/ck: cannot write there: ", "", "run --starts 20 --out @/two --checkpoint @/ck");
}
END_TEST

START_TEST(more_shards_than_cells_merge_to_the_bytes_of_one_run) {
    static const char line[] = "run --starts 3 --epochs 40 --series --evaluate";
    clean();
    expect_success("%s --quiet --out @/one", line);
    for (int s = 1; s <= 5; s++) {
        struct outcome o = run_command("%s --out @/two --checkpoint @/p%d --shard %d/5", line, s, s);
        char complete[64];
        snprintf(complete, sizeof complete, "shard %d/5 is complete: %d of 3 cells", s, s <= 3);
        ck_assert_int_eq(o.status, 0);
        ck_assert_msg(strstr(o.out, complete) != NULL, "%s", o.out);
        outcome_free(&o);
    }
    expect_refused(2, "shard 5/5 is missing", "", "merge @/p1 @/p2 @/p3 @/p4 --out @/two");
    expect_refused(2, "/p4 are both shard 4/5", "", "merge @/p1 @/p2 @/p3 @/p4 @/p4 --out @/two");
    expect_success("merge @/p5 @/p4 @/p3 @/p2 @/p1 --quiet --out @/two");
    expect_same(0, "one", "two");
}
END_TEST

START_TEST(shards_of_other_settings_or_of_another_split_are_not_merged) {
    clean();
    expect_success("run --quiet --starts 40 --checkpoint @/s1 --shard 1/2");
    expect_success("run --quiet --starts 40 --seed 7 --checkpoint @/s2 --shard 2/2");
    expect_refused(2, "/s2: the checkpoint is of other settings: seed is 7 there and 1 here", "/s1)",
                   "merge @/s1 @/s2 --out @/two");
    expect_success("run --quiet --starts 40 --checkpoint @/s3 --shard 2/3");
    expect_refused(2, "/s3 is shard 2/3 and ", "/s1 is 1/2: not of one split", "merge @/s3 @/s1 --out @/two");
    expect_refused(2, "/s3: the checkpoint is of shard 2/3, not 1/3", "",
                   "run --quiet --starts 40 --checkpoint @/s3 --shard 1/3 --resume");
    expect_refused(2, "/s3", "has a checkpoint already; --resume goes on with it",
                   "run --quiet --starts 40 --checkpoint @/s3 --shard 2/3");
}
END_TEST

START_TEST(a_second_process_is_refused_while_the_first_is_at_work) {
    clean();
    struct child child = start_command(ENDLESS);
    wait_for_entries("ck", 3);
    expect_refused(1, "/ck: another process is at work", "", ENDLESS " --resume");
    ck_assert_int_eq(kill(child.pid, SIGKILL), 0);
    struct outcome o = finish_command(&child);
    ck_assert_int_eq(o.status, 137);
    outcome_free(&o);
    expect_refused(2, "seed is 1 there and 7 here", "",
                   ENDLESS " --resume --seed 7"); /* the lock went with its owner */
}
END_TEST

START_TEST(a_removed_chunk_is_computed_again_with_equal_bytes) {
    static const int removed[] = {1, 3, 4};
    enum { CHUNK = 16, REMOVED = sizeof removed / sizeof *removed };
    static const char line[] = "run --starts 96 --epochs 40 --series --evaluate --threads 1 --quiet";
    char path[REMOVED][64];
    unsigned char *bytes[REMOVED];
    size_t size[REMOVED];
    clean();
    expect_success("%s --out @/one --checkpoint @/ck --checkpoint-every 0", line);
    int entries = count_entries(scratch("ck"));
    for (int i = 0; i < REMOVED; i++) {
        snprintf(path[i], sizeof path[i], "ck/chunk-0-%020d", CHUNK * removed[i]);
        bytes[i] = read_bytes(path[i], &size[i]);
        ck_assert_int_eq(unlink(scratch(path[i])), 0);
    }
    expect_refused(2, "shard 1/1 is not complete: cells 16 .. 31 are missing", "", "merge @/ck --out @/two");
    expect_success("%s --out @/two --checkpoint @/ck --checkpoint-every 0 --resume", line);
    ck_assert_int_eq(count_entries(scratch("ck")), entries);
    for (int i = 0; i < REMOVED; i++) {
        expect_bytes(path[i], bytes[i], size[i]);
        free(bytes[i]);
    }
    expect_same(0, "one", "two");
    ck_assert_int_eq(unlink(scratch("ck/head")), 0);
    remove_tree(scratch("two"));
    expect_refused(2, "/ck: has chunk files, but the file 'head' is missing", "",
                   "run --starts 96 --out @/two --checkpoint @/ck --resume");
}
END_TEST

START_TEST(saved_weights_and_manifest_are_those_of_one_run) {
    static const char *const names[] = {"weights.csv", "weights.npy"};
    char line[256];
    size_t size;
    clean();
    snprintf(line, sizeof line, "run --starts 70 --epochs 30 --quiet --series --evaluate --save-weights @/%s",
             names[_i]);
    expect_success("%s --out @/one", line);
    unsigned char *weights = read_bytes(names[_i], &size);
    ck_assert_uint_gt(size, 70 * 9 * 4);
    for (int way = 0; way < 3; way++) { /* kept, gone on with, merged */
        unlink(scratch(names[_i]));
        remove_tree(scratch("two"));
        if (way == 2) {
            for (int s = 1; s <= 2; s++) expect_success("%s --checkpoint @/s%d --shard %d/2", line, s, s);
            ck_assert(access(scratch(names[_i]), F_OK) != 0);
            expect_success("merge @/s1 @/s2 --quiet --out @/two");
        } else {
            expect_success("%s --out @/two --checkpoint @/ck %s", line, way ? "--resume" : "");
        }
        expect_bytes(names[_i], weights, size);
        expect_same(0, "one", "two");
    }
    free(weights);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_checkpoint");
    TCase *tc = tcase_create("cli_checkpoint");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, a_run_killed_again_and_again_ends_with_the_same_bytes, 0, RUNS);
    tcase_add_loop_test(tc, shards_merge_to_the_bytes_of_one_run, 0, RUNS);
    tcase_add_loop_test(tc, an_interrupted_run_says_how_to_go_on, 0, ENDLESS_RUNS * SIGNALS);
    tcase_add_test(tc, a_second_signal_ends_a_cell_without_end_and_leaves_no_half_chunk);
    tcase_add_loop_test(tc, a_signal_while_the_picture_is_drawn_says_that_the_tables_are_complete, 0, DRAWN);
    tcase_add_loop_test(tc, other_settings_and_damage_are_refused, 0, KEPT_RUNS);
    tcase_add_loop_test(tc, deleting_what_the_message_names_and_resuming_gives_the_same_tables, 0, 4 * 3);
    tcase_add_loop_test(tc, a_map_or_diagram_that_differs_in_one_option_is_refused_and_named, 0, DIFFERENT);
    tcase_add_test(tc, a_kept_map_is_drawn_in_another_way_as_by_a_run_of_its_own);
    tcase_add_test(tc, a_checkpoint_of_another_version_or_format_is_refused);
    tcase_add_loop_test(tc, a_full_disk_keeps_what_was_kept_and_the_run_goes_on, 0, WIDE);
    tcase_add_test(tc, a_directory_that_cannot_be_written_is_named);
    tcase_add_test(tc, more_shards_than_cells_merge_to_the_bytes_of_one_run);
    tcase_add_test(tc, shards_of_other_settings_or_of_another_split_are_not_merged);
    tcase_add_test(tc, a_second_process_is_refused_while_the_first_is_at_work);
    tcase_add_test(tc, a_removed_chunk_is_computed_again_with_equal_bytes);
    tcase_add_loop_test(tc, saved_weights_and_manifest_are_those_of_one_run, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
