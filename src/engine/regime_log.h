/* What a block's run notes of its cells for their regimes (lyapgrad/regime.h): the windows' extents and rises of the loss, and the tail's
 * differences from its first state. */
#ifndef LYAP_ENGINE_REGIME_LOG_H
#define LYAP_ENGINE_REGIME_LOG_H

#include "engine/spectrum_plan.h"
#include "simd/kernels.h"
#include "lyapgrad/regime.h"

enum { LYAP_MOST_TAIL = LYAP_TAIL + LYAP_MOST_QR, LYAP_LOOKS = 512, LYAP_EARLY = 8 };

/* When tails begin; read-only. A tail begins where the tangents are re-orthonormalised anyway, so that to look changes no bit. */
struct lyap_tails {
    uint32_t length;      /* of a group's tail: LYAP_TAIL rounded up to qr_every */
    uint32_t group;       /* windows after each of which a cell may end, 0: only the whole run has a tail */
    uint32_t last;        /* first step of the whole run's tail */
    uint32_t begin;       /* first measured step */
    uint32_t late;        /* first step from which on rises of the loss are counted */
    uint32_t group_steps; /* group * the window's steps */
    /* Steps between looks at the extent: LYAP_LOOKS looks in the measurement, LYAP_EARLY times as many where a cell may end after an
     * eighth of it, at most one per step. */
    uint32_t extent_every;
};

struct lyap_tails lyap_tails_of(uint32_t transient, uint32_t epochs, uint32_t window, uint32_t qr_every, bool early);

/* The first step of the next tail that begins at `step` or later; UINT32_MAX for none. */
uint32_t lyap_tails_next(const struct lyap_tails *tails, uint32_t step);

struct lyap_regime_log {
    struct lyap_tails tails;
    size_t numbers; /* of a state: the parameters, or a system's dimension */
    size_t width;   /* cells of a block */
    size_t real_size;
    void *reference, *tail;  /* real [numbers][width], [LYAP_MOST_TAIL][width] */
    void *extent;            /* real [width], since the latest look */
    double *extents;         /* [windows][width] */
    uint32_t *rises;         /* [windows][width], steps at which the loss rose; counted in the late windows alone */
    double loss[LYAP_BLOCK]; /* before the latest step that was counted; below 0: none */
    uint32_t from, steps;    /* first step of the tail at hand, and its steps so far */
    bool watching;
    size_t windows; /* noted */
    double reach[LYAP_MOST_DOUBLINGS][LYAP_BLOCK];
    double latest[LYAP_BLOCK]; /* the extents up to the latest look since the one before */
    uint32_t epoch;            /* of the latest look */
};

/* Bytes of memory that the log takes for blocks of `width` cells with states of the given number of entries. */
double lyap_regime_log_bytes(size_t numbers, size_t width, size_t real_size);

/* LYAP_ERROR_MEMORY; free with lyap_regime_log_free (a zeroed one is allowed). */
enum lyap_status lyap_regime_log_new(struct lyap_regime_log *log, const struct lyap_tails *tails, size_t numbers,
                                     size_t width, size_t real_size, struct lyap_error *error);
void lyap_regime_log_free(struct lyap_regime_log *log);
void lyap_regime_log_start(struct lyap_regime_log *log);

/* Before the steps from `step` on: begins or ends a tail, tells the kernels, and returns how many of `count` steps may be made in
 * one call. */
uint32_t lyap_regime_log_before(struct lyap_regime_log *log, const struct lyap_block *block, struct lyap_tangents *t,
                                uint32_t step, uint32_t count);

/* After a stretch of the transient, or a window of the measurement, that ended at `epoch`. */
void lyap_regime_log_look(struct lyap_regime_log *log, uint32_t epoch, enum lyap_precision precision);
void lyap_regime_log_window(struct lyap_regime_log *log, uint32_t epoch, enum lyap_precision precision);

/* After the steps from `step` on, whose losses are real measure[count][width]: counts those at which one rose. */
void lyap_regime_log_losses(struct lyap_regime_log *log, const void *measure, uint32_t step, uint32_t count,
                            enum lyap_precision precision);

/* Whether a cell may end at the end of measured window `index`: a tail is complete there. */
bool lyap_regime_log_ready(const struct lyap_regime_log *log, uint32_t index);

/* Adds the lane's windows and tail to the evidence, finds the regime, and the period of a lane that the run did not end. */
struct lyap_regime_verdict {
    enum lyap_regime regime;
    uint32_t period;
};
struct lyap_regime_verdict lyap_regime_log_judge(const struct lyap_regime_log *log, size_t lane,
                                                 struct lyap_regime_evidence *evidence, bool network,
                                                 enum lyap_precision precision);

#endif
