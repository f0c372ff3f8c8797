#include "base/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/processors.h"
#include "lyapgrad/version.h"

struct member {
    struct lyap_team *team;
    int number;
    pthread_t thread;
};

struct lyap_team {
    pthread_mutex_t lock; /* of those who sleep and those who wake them */
    pthread_cond_t called, done;
    int started;       /* threads besides the caller */
    unsigned looks;    /* of a thread that waits, before it sleeps */
    atomic_int busy;   /* of the started ones, those that are at the present turn's work */
    atomic_uint turn;  /* counts the calls; what follows belongs to the present one */
    atomic_int asleep; /* threads that sleep until the next turn */
    atomic_bool caller_asleep;
    bool over; /* set before the last turn */
    bool each;
    lyap_piece_of_work *work;
    void *context;
    size_t count;
    atomic_size_t next; /* the first piece that nobody has taken */
    struct member members[];
};

/* Looks before a thread sleeps, of some five nanoseconds each: in all as long as it takes to wake a sleeping thread, or a little more. */
enum { LOOKS = 10000 };

int lyap_team_size(int threads) {
    return threads ? threads : lyap_max_threads();
}

static void do_work(struct lyap_team *team, int thread) {
    if (team->each) {
        team->work(team->context, (size_t)thread, thread);
        return;
    }
    for (size_t i; (i = atomic_fetch_add(&team->next, 1)) < team->count;) team->work(team->context, i, thread);
}

/* Takes a little time: an atomic operation keeps a processor waiting without occupying its units, which another may share. */
static void pass_time(void) {
    atomic_int nothing;
    atomic_init(&nothing, 0);
    atomic_fetch_add_explicit(&nothing, 1, memory_order_relaxed);
}

/* Returns in the turn after `seen`. A thread is counted asleep before it looks for the last time, and the caller begins a turn before it
 * looks at the count: one of them sees the other. */
static void await_turn(struct lyap_team *team, unsigned seen) {
    for (unsigned i = 0; i < team->looks; i++) {
        if (atomic_load_explicit(&team->turn, memory_order_acquire) != seen) return;
        pass_time();
    }
    pthread_mutex_lock(&team->lock);
    atomic_fetch_add(&team->asleep, 1);
    while (atomic_load(&team->turn) == seen) pthread_cond_wait(&team->called, &team->lock);
    atomic_fetch_sub(&team->asleep, 1);
    pthread_mutex_unlock(&team->lock);
}

static void *live(void *argument) {
    struct member *member = argument;
    struct lyap_team *team = member->team;
    for (unsigned seen = 0;; seen++) {
        await_turn(team, seen);
        if (team->over) return NULL;
        do_work(team, member->number);
        if (atomic_fetch_sub(&team->busy, 1) > 1 || !atomic_load(&team->caller_asleep)) continue;
        pthread_mutex_lock(&team->lock);
        pthread_cond_signal(&team->done);
        pthread_mutex_unlock(&team->lock);
    }
}

static void begin_turn(struct lyap_team *team) {
    atomic_fetch_add(&team->turn, 1);
    if (atomic_load(&team->asleep) == 0) return;
    pthread_mutex_lock(&team->lock);
    pthread_cond_broadcast(&team->called);
    pthread_mutex_unlock(&team->lock);
}

static void await_end(struct lyap_team *team) {
    for (unsigned i = 0; i < team->looks; i++) {
        if (atomic_load_explicit(&team->busy, memory_order_acquire) == 0) return;
        pass_time();
    }
    pthread_mutex_lock(&team->lock);
    atomic_store(&team->caller_asleep, true);
    while (atomic_load(&team->busy) > 0) pthread_cond_wait(&team->done, &team->lock);
    atomic_store(&team->caller_asleep, false);
    pthread_mutex_unlock(&team->lock);
}

enum lyap_status lyap_team_open(struct lyap_team **out, int threads, struct lyap_error *error) {
    struct lyap_team *team = calloc(1, sizeof *team + (size_t)threads * sizeof *team->members);
    *out = NULL;
    if (!team) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %d threads", threads);
    atomic_init(&team->next, 0);
    atomic_init(&team->busy, 0);
    atomic_init(&team->turn, 0);
    atomic_init(&team->asleep, 0);
    atomic_init(&team->caller_asleep, false);
    team->looks = threads <= lyap_processors() ? LOOKS : 0;
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->called, NULL);
    pthread_cond_init(&team->done, NULL);
    int reason = 0;
    while (team->started + 1 < threads && !reason) {
        struct member *member = &team->members[team->started];
        *member = (struct member){.team = team, .number = team->started + 1};
        reason = pthread_create(&member->thread, NULL, live, member);
        if (!reason) team->started++;
    }
    if (!reason) {
        *out = team;
        return LYAP_OK;
    }
    const int had = team->started + 1;
    lyap_team_close(team);
    return lyap_fail(
        error, LYAP_ERROR_ARGUMENT,
        "threads %d: this process gets no more than %d (%s); give that number or a lower one, or raise the limit "
        "of processes or of memory",
        threads, had, strerror(reason));
}

void lyap_team_close(struct lyap_team *team) {
    if (!team) return;
    team->over = true;
    begin_turn(team);
    for (int i = 0; i < team->started; i++) pthread_join(team->members[i].thread, NULL);
    pthread_cond_destroy(&team->done);
    pthread_cond_destroy(&team->called);
    pthread_mutex_destroy(&team->lock);
    free(team);
}

static void take_turn(struct lyap_team *team, lyap_piece_of_work *work, void *context) {
    team->work = work;
    team->context = context;
    atomic_store(&team->busy, team->started);
    begin_turn(team);
    do_work(team, 0);
    await_end(team);
}

void lyap_team_run(struct lyap_team *team, size_t count, lyap_piece_of_work *work, void *context) {
    team->each = false;
    team->count = count;
    atomic_store(&team->next, 0);
    take_turn(team, work, context);
}

void lyap_team_each(struct lyap_team *team, lyap_piece_of_work *work, void *context) {
    if (!team) {
        work(context, 0, 0);
        return;
    }
    team->each = true;
    take_turn(team, work, context);
}

int lyap_team_threads(const struct lyap_team *team) {
    return team ? team->started + 1 : 1;
}
