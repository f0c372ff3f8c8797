/* The tables of a spectrum run: exponents.csv and history.csv. What is undefined is an empty field. */
#ifndef LYAP_SPECTRA_H
#define LYAP_SPECTRA_H

#include <stdio.h>

#include "lyapgrad/spectrum.h"

/* exponents.csv: cell,lr,regime,status,stop,steps,initial_loss,final_loss,sum,dimension,growth,sharpness_first,
 * sharpness_last,smallest_first,smallest_last,two_over_lr,edge_lr,event_epoch, then for every exponent k
 * lambda_k,low_k,high_k, and with an evaluation the columns of lyap_write_evaluation. edge_lr is the learning rate at which the
 * last point loses its stability (lyap_edge_rate), with plan.curvature where it is known. */
void lyap_write_exponents_header(FILE *file, size_t exponents, bool evaluated);
void lyap_write_exponents(FILE *file, const struct lyap_spectrum_plan *plan, const struct lyap_spectrum_record *record,
                          const struct lyap_exponent *lambda, const struct lyap_evaluation *evaluation);

/* history.csv: cell,epoch,loss,sharpness,smallest,lambda_1, .. lambda_K: the running exponents. */
void lyap_write_history_header(FILE *file, size_t exponents);
void lyap_write_history(FILE *file, const struct lyap_spectrum_chunk *chunk, bool curvature);

#endif
