/* The data files of the figures. Numbers have the digits that restore every bit, what is undefined is an empty field,
 * and all of them are the same on every instruction set and for any number of threads. Writing errors show when the
 * output is committed. */
#ifndef LYAP_PAPER_TABLES_H
#define LYAP_PAPER_TABLES_H

#include <stdio.h>

#include "paper/run.h"

/* activation,cell,initial_loss,final_loss,lambda_kw,lambda_step,status: the starts in the band of initial losses. */
void lyap_write_scatter(FILE *file, const struct lyap_scatter scatter[LYAP_PANELS]);

/* activation,epoch,distance_published,distance,ratio_q25,ratio_median,ratio_q75,starts: the distance of start 0 in the
 * published scale and as the mean over its neighbours; quartiles of d(t)/d(0) over the starts. */
void lyap_write_distance(FILE *file, const struct lyap_paper *paper);

/* activation,epoch,lambda_step,q25,median,q75,starts and activation,epoch,loss,q25,median,q75,starts. */
void lyap_write_step(FILE *file, const struct lyap_paper *paper);
void lyap_write_loss(FILE *file, const struct lyap_paper *paper);

/* activation,lr,lambda_kw,lambda_step,status,q25,median,q75,starts,dead_zero,died_later,diverged,published: start 0,
 * then quartiles of lambda_kw over the starts that are not dead with an exponent of exactly 0. */
void lyap_write_rates(FILE *file, const struct lyap_paper *paper);

#endif
