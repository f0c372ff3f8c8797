/* summary.txt: each published number beside ours, in words that claim no more than the numbers do. */
#ifndef LYAP_PAPER_SUMMARY_H
#define LYAP_PAPER_SUMMARY_H

#include <stdio.h>

#include "paper/run.h"

/* The command line that gives the same results: without what changes no number (threads, directory). */
void lyap_paper_command(FILE *file, const struct lyap_paper_options *options);

void lyap_paper_summary(FILE *file, const struct lyap_paper *paper);

#endif
