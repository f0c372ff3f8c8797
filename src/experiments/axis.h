/* What maps and bifurcations share: quantities that differ from cell to cell, checked, and given to the lanes. */
#ifndef LYAP_EXPERIMENTS_AXIS_H
#define LYAP_EXPERIMENTS_AXIS_H

#include <stdio.h>

#include "engine/run.h"
#include "lyapgrad/axis.h"

enum { LYAP_MOST_AXES = 2, LYAP_AXIS_DIRECTIONS = 2 };

/* Gives a lane what its cell has of its own: vary.set. */
typedef void lyap_axes_setter(const struct lyap_vary *vary, uint64_t cell, struct lyap_lane *lane);

struct lyap_axes {
    struct lyap_vary vary;        /* first: the worker's pointer to it is one to the axes */
    const struct lyap_plan *base; /* as the caller gave it */
    const struct lyap_sweep_axis *axis[LYAP_MOST_AXES];
    int count;
    double *directions; /* [2][parameters], owned */
};

/* LYAP_ERROR_ARGUMENT where the axis does not fit the plan, or its n `points` ("pixels", "values") are too close for the
 * plan's precision. */
enum lyap_status lyap_axis_check(const struct lyap_plan *base, const struct lyap_sweep_axis *axis, size_t n,
                                 const char *points, struct lyap_error *error);

/* Makes the vary for one axis or two (y may be NULL); all pointers must outlive it. Free with lyap_axes_free. */
enum lyap_status lyap_axes_new(struct lyap_axes *axes, const struct lyap_plan *base, const struct lyap_sweep_axis *x,
                               const struct lyap_sweep_axis *y, lyap_axes_setter *set, struct lyap_error *error);
void lyap_axes_free(struct lyap_axes *axes);

/* Numbers that no cell uses, but that tell the kernels to look at the lanes' own. `plan` is the one that runs. */
void lyap_axes_announce(const struct lyap_axes *axes, struct lyap_plan *plan);

/* Gives a lane the value[count] of its cell. */
void lyap_axes_set(const struct lyap_axes *axes, const double *value, struct lyap_lane *lane);

#endif
