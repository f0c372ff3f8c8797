/* Memory that runs out: every entry point of the library is run with its first allocation refused, then with its second, and so on,
 * and again with all from there on. Each run must end with a reason that speaks of memory, or, where the allocation was one to
 * do without, with the very results of a run that got it; nothing stays allocated, and no file is left half-written. */
#ifndef LYAP_TEST_ALLOCATION_H
#define LYAP_TEST_ALLOCATION_H

#include "tests/inject.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/network.h"
#include "lyapgrad/status.h"

/* One call of the library, with all it needs made and freed: its status, and a digest of what it gave. */
typedef enum lyap_status (*call)(uint64_t *digest, struct lyap_error *error);

struct subject {
    const char *name;
    call run;
    bool optional; /* some of its allocations are of no consequence */
    bool whole;    /* all of its files are there, or none */
};

/* ---- what the calls are given ---- */

static struct lyap_network net;
static struct lyap_dataset corners;

static void make_network(void) {
    ck_assert_int_eq(lyap_network_init(&net, "2-2-1", LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_dataset_xor(&corners, NULL), LYAP_OK);
}

static struct lyap_plan small_plan(void) {
    struct lyap_plan plan;
    lyap_plan_defaults(&plan, &net, &corners);
    plan.starts = 3;
    plan.neighbours = 2;
    plan.setting.epochs = 4;
    plan.threads = 1;
    return plan;
}

static uint64_t digest_reals(uint64_t digest, const double *x, size_t n) {
    for (size_t i = 0; i < n; i++) digest = lyap_digest_double(digest, x[i]);
    return digest;
}

/* ---- refusing ---- */

/* Files under a directory whose name is not that of a whole one. */
static int count_files(const char *path, bool unfinished) {
    DIR *directory = __real_opendir(path);
    int count = 0;
    if (!directory) return 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char child[1024];
        if (entry->d_name[0] == '.') continue;
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        DIR *below = __real_opendir(child);
        if (below) {
            closedir(below);
            count += count_files(child, unfinished);
        } else {
            count += !unfinished || strstr(entry->d_name, ".tmp") != NULL;
        }
    }
    closedir(directory);
    return count;
}

static enum lyap_status run_refusing(const struct subject *s, unsigned long at, bool onwards, int site,
                                     uint64_t *digest) {
    struct lyap_error error = {0};
    remove_tree(scratch("out"));
    mkdir(scratch("out"), 0700);
    memset(inject.met, 0, sizeof inject.met);
    inject.at = at;
    inject.onwards = onwards;
    inject.site = site;
    inject.count = inject.refused = 0;
    inject.blocks = 0;
    *digest = LYAP_DIGEST_START;
    inject.armed = true;
    enum lyap_status status = s->run(digest, &error);
    inject.armed = false;
    size_t left = inject.blocks;
    const char *mode = onwards ? "all from allocation" : site >= 0 ? "the first of site" : "allocation";
    unsigned long which = site >= 0 ? (unsigned long)site : at;
    ck_assert_msg(left == 0, "%s, %s %lu refused: %zu blocks left", s->name, mode, which, left);
    ck_assert_msg(count_files(scratch("out"), true) == 0, "%s, %s %lu refused: half a file", s->name, mode, which);
    if (!status) return status;
    ck_assert_msg(inject.refused > 0, "%s: %s", s->name, error.message);
    ck_assert_msg(status == LYAP_ERROR_MEMORY || strstr(error.message, strerror(ENOMEM)), "%s, %s %lu: %d '%s'",
                  s->name, mode, which, status, error.message);
    ck_assert_msg(error.status == status && *error.message && !strchr(error.message, '\n'), "%s, %s %lu: '%s'", s->name,
                  mode, which, error.message);
    if (s->whole) ck_assert_msg(count_files(scratch("out"), false) == 0, "%s: files of a failed run", s->name);
    return status;
}

static void expect_failure_or_same(const struct subject *s, unsigned long at, bool onwards, int site,
                                   uint64_t expected) {
    uint64_t digest;
    if (run_refusing(s, at, onwards, site, &digest) || inject.refused == 0) return;
    ck_assert_msg(s->optional, "%s, allocation %lu (site %d) refused: it succeeds", s->name, at, site);
    ck_assert_msg(digest == expected, "%s, allocation %lu (site %d) refused: other results", s->name, at, site);
}

/* What follows a refusal is the same code everywhere: an emulated processor, a hundred times as slow, takes every fifth. */
static int stride(void) {
    const char *wrapper = getenv("EXEC_WRAPPER");
    return wrapper && *wrapper ? 5 : 1;
}

/* Every allocation of a call is refused, alone and with all behind it. */
static void refuse_each_allocation(const struct subject *s) {
    uint64_t expected;
    ck_assert_msg(run_refusing(s, 0, false, -1, &expected) == LYAP_OK, "%s", s->name);
    unsigned long all = inject.count;
    ck_assert_msg(all > 0, "%s allocates nothing", s->name);
    for (unsigned long k = 1; k <= all; k += (unsigned long)stride()) {
        expect_failure_or_same(s, k, false, -1, expected);
        expect_failure_or_same(s, k, true, -1, expected);
    }
}

#endif
