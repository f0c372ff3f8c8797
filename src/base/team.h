/* The threads of a run: started once, given pieces of work again and again, ended with the run. A thread that waits for the next call,
 * or the caller for the end of one, looks for a while before it sleeps, since a network's step has several calls of some ten
 * microseconds; it sleeps at once where the team has more threads than there are processors. They are POSIX threads, since
 * the run-time libraries of OpenMP end the process where a thread cannot be started, or a shared file cannot be made. */
#ifndef LYAP_BASE_TEAM_H
#define LYAP_BASE_TEAM_H

#include <stddef.h>

#include "lyapgrad/status.h"

struct lyap_team;

/* How many threads a plan's number stands for: 0 is lyap_max_threads. */
int lyap_team_size(int threads);

/* Starts all but the calling thread, which is one of them. LYAP_ERROR_ARGUMENT, with the number that could be had, where the system
 * does not start that number of threads, and LYAP_ERROR_MEMORY; then *team is NULL. */
enum lyap_status lyap_team_open(struct lyap_team **team, int threads, struct lyap_error *error);

/* Ends the threads; NULL is allowed. */
void lyap_team_close(struct lyap_team *team);

/* Piece `index` of the work on thread 0 .. threads-1, of which 0 is the caller of lyap_team_run. */
typedef void lyap_piece_of_work(void *context, size_t index, int thread);

/* Calls work(context, 0 .. count-1, thread), each once, in the order of the index as threads become free; returns when all are
 * done. */
void lyap_team_run(struct lyap_team *team, size_t count, lyap_piece_of_work *work, void *context);

/* Calls work(context, thread, thread) once on every thread; returns when all are done. NULL is the calling thread alone. */
void lyap_team_each(struct lyap_team *team, lyap_piece_of_work *work, void *context);

/* Threads of the team, the caller's among them; 1 for NULL. */
int lyap_team_threads(const struct lyap_team *team);

#endif
