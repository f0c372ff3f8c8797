/* The data files of the figures. Numbers have the digits that restore every bit, what is undefined is an empty field,
 * and all of them are the same on every instruction set and for any number of threads. Writing errors show when the
 * output is committed. */
#ifndef LYAP_PAPER_TABLES_H
#define LYAP_PAPER_TABLES_H

#include <stdio.h>

#include "io/schema.h"
#include "paper/run.h"

/* The descriptions of their columns. */
extern const struct lyap_schema lyap_scatter_schema, lyap_scatter_small_schema, lyap_distance_schema, lyap_step_schema,
    lyap_loss_schema, lyap_learning_rate_schema;

/* The starts in the band of initial losses; both scatter files. */
void lyap_write_scatter(FILE *file, const struct lyap_scatter scatter[LYAP_PANELS]);

/* The distance of start 0 in the published scale and as the mean over its neighbours, and quartiles of d(t)/d(0) over the starts. */
void lyap_write_distance(FILE *file, const struct lyap_paper *paper);

/* The growth of that distance in one step, and the loss. */
void lyap_write_step(FILE *file, const struct lyap_paper *paper);
void lyap_write_loss(FILE *file, const struct lyap_paper *paper);

/* Start 0, then quartiles of lambda_kw over the starts that are not dead with an exponent of exactly 0. */
void lyap_write_rates(FILE *file, const struct lyap_paper *paper);

#endif
