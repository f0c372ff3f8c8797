#include "base/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lyapgrad/version.h"

struct member {
    struct lyap_team *team;
    int number;
    pthread_t thread;
};

struct lyap_team {
    pthread_mutex_t lock;
    pthread_cond_t called, done;
    int started;   /* threads besides the caller */
    int busy;      /* of these, those that are at the present turn's work */
    unsigned turn; /* counts the calls of lyap_team_run */
    bool over;
    lyap_piece_of_work *work;
    void *context;
    size_t count;
    atomic_size_t next; /* the first piece that nobody has taken */
    struct member members[];
};

int lyap_team_size(int threads) {
    return threads ? threads : lyap_max_threads();
}

static void take_pieces(struct lyap_team *team, int thread) {
    for (size_t i; (i = atomic_fetch_add(&team->next, 1)) < team->count;) team->work(team->context, i, thread);
}

static void *live(void *argument) {
    struct member *member = argument;
    struct lyap_team *team = member->team;
    unsigned seen = 0;
    pthread_mutex_lock(&team->lock);
    for (;;) {
        while (!team->over && team->turn == seen) pthread_cond_wait(&team->called, &team->lock);
        if (team->over) break;
        seen = team->turn;
        pthread_mutex_unlock(&team->lock);
        take_pieces(team, member->number);
        pthread_mutex_lock(&team->lock);
        if (--team->busy == 0) pthread_cond_signal(&team->done);
    }
    pthread_mutex_unlock(&team->lock);
    return NULL;
}

enum lyap_status lyap_team_open(struct lyap_team **out, int threads, struct lyap_error *error) {
    struct lyap_team *team = calloc(1, sizeof *team + (size_t)threads * sizeof *team->members);
    *out = NULL;
    if (!team) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %d threads", threads);
    atomic_init(&team->next, 0);
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
    pthread_mutex_lock(&team->lock);
    team->over = true;
    pthread_cond_broadcast(&team->called);
    pthread_mutex_unlock(&team->lock);
    for (int i = 0; i < team->started; i++) pthread_join(team->members[i].thread, NULL);
    pthread_cond_destroy(&team->done);
    pthread_cond_destroy(&team->called);
    pthread_mutex_destroy(&team->lock);
    free(team);
}

void lyap_team_run(struct lyap_team *team, size_t count, lyap_piece_of_work *work, void *context) {
    pthread_mutex_lock(&team->lock);
    team->work = work;
    team->context = context;
    team->count = count;
    atomic_store(&team->next, 0);
    team->busy = team->started;
    team->turn++;
    pthread_cond_broadcast(&team->called);
    pthread_mutex_unlock(&team->lock);
    take_pieces(team, 0);
    pthread_mutex_lock(&team->lock);
    while (team->busy > 0) pthread_cond_wait(&team->done, &team->lock);
    pthread_mutex_unlock(&team->lock);
}
