/* Checkpoints that do not fit: of other settings, of another version, damaged, or where nothing can be written. */
#include "lyapgrad/digest.h"
#include "lyapgrad/version.h"
#include "tests/cli/kept.h"

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

/* A run that is kept, and others that differ from it in one option each. */
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
};
enum { DIFFERENT = sizeof different / sizeof *different };

/* The kept runs, made once: a refused command leaves their checkpoints as they are. */
static void keep_both(void) {
    clean();
    expect_success(SAME_MAP " --quiet --out @/one --checkpoint @/map-ck");
    expect_success(SAME_DIAGRAM " --quiet --out @/one-diagram --checkpoint @/diagram-ck");
}

START_TEST(a_map_or_diagram_that_differs_in_one_option_is_refused_and_named) {
    struct outcome o = run_command("%s --quiet --out @/two --checkpoint @/%s-ck --resume", different[_i].other,
                                   strcmp(different[_i].line, SAME_MAP) == 0 ? "map" : "diagram");
    ck_assert_int_eq(o.status, 2);
    ck_assert_msg(strstr(o.err, "-ck: the checkpoint is of other settings: ") != NULL, "%s", o.err);
    ck_assert_msg(strstr(o.err, different[_i].difference) != NULL, "%s", o.err);
    ck_assert_str_eq(strchr(o.err, '\n'), "\n");
    ck_assert(nothing_in("two"));
    outcome_free(&o);
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

/* As many cells of each of the commands. */
static const char *const commands[] = {
    "run --quiet --starts 4 --epochs 50", "sweep --quiet --starts 2 --epochs 50 --over lr=1:2:2",
    "spectrum --quiet --starts 4 --epochs 50", "map --quiet --epochs 50 --x lr:1:2 --y lr1:1:2 --resolution 2x2",
    "bifurcation --quiet --epochs 50 --over lr:1:2:4"};
enum { COMMANDS = sizeof commands / sizeof *commands };

START_TEST(cells_of_another_command_are_neither_resumed_nor_merged_and_both_are_named) {
    char name[2][16], first[128], other[128], both[128];
    clean();
    expect_success("%s --checkpoint @/ck --out @/one", commands[_i]);
    expect_success("%s --checkpoint @/s1 --shard 1/2", commands[_i]);
    snprintf(name[0], sizeof name[0], "%.*s", (int)strcspn(commands[_i], " "), commands[_i]);
    for (int k = 0; k < COMMANDS; k++) {
        if (k == _i) continue;
        char line[256];
        snprintf(name[1], sizeof name[1], "%.*s", (int)strcspn(commands[k], " "), commands[k]);
        snprintf(first, sizeof first, "/ck has cells of 'lyapgrad %s'", name[0]);
        snprintf(other, sizeof other, "this is 'lyapgrad %s'; resume with the same command", name[1]);
        snprintf(line, sizeof line, "%s --checkpoint @/ck --resume --out @/two", commands[k]);
        expect_refused(2, first, other, line);
        remove_tree(scratch("s2"));
        expect_success("%s --checkpoint @/s2 --shard 2/2", commands[k]);
        snprintf(both, sizeof both, "/s2 has cells of 'lyapgrad %s', and ", name[1]);
        snprintf(first, sizeof first, "/s1 of 'lyapgrad %s'; merge the shards of one command", name[0]);
        expect_refused(2, both, first, "merge @/s1 @/s2 --out @/two");
    }
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

int main(void) {
    Suite *suite = suite_create("cli_checkpoint_refused");
    TCase *tc = tcase_create("cli_checkpoint_refused");
    tcase_set_timeout(tc, 240);
    tcase_add_loop_test(tc, other_settings_and_damage_are_refused, 0, KEPT_RUNS);
    tcase_add_loop_test(tc, deleting_what_the_message_names_and_resuming_gives_the_same_tables, 0, 4 * 3);
    tcase_add_test(tc, a_checkpoint_of_another_version_or_format_is_refused);
    tcase_add_loop_test(tc, cells_of_another_command_are_neither_resumed_nor_merged_and_both_are_named, 0, COMMANDS);
    tcase_add_test(tc, a_directory_that_cannot_be_written_is_named);
    tcase_add_test(tc, shards_of_other_settings_or_of_another_split_are_not_merged);
    suite_add_tcase(suite, tc);
    TCase *settings = tcase_create("settings");
    tcase_add_unchecked_fixture(settings, keep_both, NULL);
    tcase_add_loop_test(settings, a_map_or_diagram_that_differs_in_one_option_is_refused_and_named, 0, DIFFERENT);
    suite_add_tcase(suite, settings);
    return run_suite(suite);
}
