/* The threads of a run: every piece of work is done once, on threads with numbers of their own, turn after turn. */
#include <pthread.h>
#include <stdatomic.h>

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

static void piece(void *context, size_t index, int thread) {
    struct work *work = context;
    ck_assert(thread >= 0 && thread < work->threads);
    if (thread == 0) ck_assert(pthread_equal(pthread_self(), work->caller));
    if (atomic_fetch_add(&work->inside[thread], 1) != 0) abort(); /* two threads of one number */
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
    tcase_add_test(tc, a_team_may_end_without_work);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
