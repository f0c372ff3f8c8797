/* The threads of a run: every piece of work is done once, on threads with numbers of their own, turn after turn. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "base/team.h"
#include "tests/check.h"
#include "tests/support.h"

enum { PIECES = 1000, TURNS = 50, MOST_THREADS = 9 };

struct work {
    int threads;
    pthread_t caller;
    atomic_int done[PIECES];
    atomic_int inside[MOST_THREADS]; /* pieces that a thread of that number is at */
};

/* Check's assertions are not made for several threads. */
static void must(bool holds) {
    if (!holds) abort();
}

static void piece(void *context, size_t index, int thread) {
    struct work *work = context;
    must(thread >= 0 && thread < work->threads);
    if (thread == 0) must(pthread_equal(pthread_self(), work->caller));
    must(atomic_fetch_add(&work->inside[thread], 1) == 0); /* two threads of one number */
    atomic_fetch_add(&work->done[index], 1);
    atomic_fetch_sub(&work->inside[thread], 1);
}

START_TEST(every_piece_is_done_once_in_each_turn) {
    static struct work work;
    struct lyap_team *team;
    work = (struct work){.threads = _i + 1, .caller = pthread_self()};
    ck_assert_int_eq(lyap_team_open(&team, work.threads, NULL), LYAP_OK);
    for (int turn = 1; turn <= TURNS; turn++) {
        const size_t count = turn % 3 ? PIECES : (size_t)turn % 5; /* few, and none */
        for (size_t i = 0; i < PIECES; i++) atomic_store(&work.done[i], 0);
        lyap_team_run(team, count, piece, &work);
        for (size_t i = 0; i < PIECES; i++) ck_assert_int_eq(atomic_load(&work.done[i]), i < count);
    }
    lyap_team_close(team);
}
END_TEST

/* What each thread was given in the turns of lyap_team_each. */
struct each {
    int threads;
    pthread_t who[MOST_THREADS];
    atomic_int calls[MOST_THREADS];
    bool slow; /* the caller, or the others, work for longer than anybody looks for the end */
};

static void note_thread(void *context, size_t index, int thread) {
    struct each *each = context;
    must(thread >= 0 && thread < each->threads && index == (size_t)thread);
    if (atomic_fetch_add(&each->calls[thread], 1) == 0) each->who[thread] = pthread_self();
    must(pthread_equal(each->who[thread], pthread_self())); /* a number that goes from thread to thread */
    if (each->slow && (thread == 0) == (atomic_load(&each->calls[0]) % 2 == 0))
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

START_TEST(each_calls_every_thread_once_and_a_number_stays_with_its_thread) {
    static struct each each;
    static struct work work;
    struct lyap_team *team;
    const bool slow = _i >= MOST_THREADS;
    const int turns = slow ? 10 : TURNS;
    each = (struct each){.threads = _i % MOST_THREADS + 1, .slow = slow};
    work = (struct work){.threads = each.threads, .caller = pthread_self()};
    ck_assert_int_eq(lyap_team_open(&team, each.threads, NULL), LYAP_OK);
    ck_assert_int_eq(lyap_team_threads(team), each.threads);
    for (int turn = 1; turn <= turns; turn++) {
        lyap_team_each(team, note_thread, &each);
        for (int t = 0; t < each.threads; t++) ck_assert_int_eq(atomic_load(&each.calls[t]), turn);
        for (size_t i = 0; i < PIECES; i++) atomic_store(&work.done[i], 0);
        if (turn % 4 == 0) lyap_team_run(team, 7, piece, &work); /* the two in turn */
        for (size_t i = 0; i < 7; i++) ck_assert_int_eq(atomic_load(&work.done[i]), turn % 4 == 0);
        if (slow) nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    ck_assert(pthread_equal(each.who[0], pthread_self()));
    lyap_team_close(team);
}
END_TEST

START_TEST(no_team_is_the_calling_thread) {
    static struct each each;
    each = (struct each){.threads = 1};
    lyap_team_each(NULL, note_thread, &each);
    ck_assert_int_eq(atomic_load(&each.calls[0]), 1);
    ck_assert(pthread_equal(each.who[0], pthread_self()));
    ck_assert_int_eq(lyap_team_threads(NULL), 1);
}
END_TEST

START_TEST(a_team_may_end_without_work) {
    struct lyap_team *team;
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(lyap_team_open(&team, 1 + i % MOST_THREADS, NULL), LYAP_OK);
        lyap_team_close(team);
    }
    lyap_team_close(NULL);
    ck_assert_int_eq(lyap_team_size(3), 3);
    ck_assert_int_ge(lyap_team_size(0), 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("team");
    TCase *tc = tcase_create("team");
    tcase_add_loop_test(tc, every_piece_is_done_once_in_each_turn, 0, MOST_THREADS);
    tcase_add_loop_test(tc, each_calls_every_thread_once_and_a_number_stays_with_its_thread, 0, 2 * MOST_THREADS);
    tcase_add_test(tc, no_team_is_the_calling_thread);
    tcase_add_test(tc, a_team_may_end_without_work);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
