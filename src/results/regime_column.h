/* What a column of regimes means: the tables that have one say the same of it. */
#ifndef LYAP_RESULTS_REGIME_COLUMN_H
#define LYAP_RESULTS_REGIME_COLUMN_H

/* All names of lyap_regime_name. */
#define LYAP_REGIME_MEANING                                                                                            \
    "what the run does at its end: neutral, converging, transient, chaotic, dead, diverged, still, periodic, "         \
    "unbounded or undecided"

#endif
