/* The options that several commands share, drawn: data, network, optimiser, starting points. */
#ifndef LYAP_CLI_VERIFY_OPTIONS_H
#define LYAP_CLI_VERIFY_OPTIONS_H

#include "cli/verify/dice.h"

/* The options that several commands share, in this order: data, network, optimiser, then how cells
 * start, and the rest. */
void dice_data(struct dice *dice);
void dice_network(struct dice *dice);
void dice_optimiser(struct dice *dice);
void dice_start(struct dice *dice);
void dice_rate(struct dice *dice);

/* A word of the library's names. */
const char *dice_activation(struct dice *dice);
const char *dice_init(struct dice *dice, char text[48], bool *scaled);

/* Data to starting points, which all commands but `select` have; the swept quantities must be known. */
void dice_common(struct dice *dice);
void dice_precision(struct dice *dice);
/* Starts 1 .. most, often few: then cells are spread over the lanes. Returns their number, as that of the neighbours below. */
unsigned dice_starts(struct dice *dice, unsigned most);
unsigned dice_neighbours(struct dice *dice);
/* 10^low .. 10^(high+1), now and then so small that some merge with the parent. */
void dice_perturbation(struct dice *dice, int low, int high);
void dice_band(struct dice *dice);
/* What the estimators in tangent space and with pairs share. */
void dice_estimate(struct dice *dice, unsigned starts, double trajectories, bool tangent);
/* How the commands over axes measure: --qr-every, --growth. */
void dice_measure(struct dice *dice);

/* An axis "QUANTITY:LOW:HIGH" of another quantity than `before` (NULL: the first). */
void dice_axis(struct dice *dice, char text[64], char name[16], const char *before);
/* ":log", where the axis can have it, or "". */
const char *dice_log_end(struct dice *dice, const char *axis);

#endif
