/* manifest.txt: "key = value" lines that say how a result was made, enough to make it again. */
#ifndef LYAP_RESULTS_MANIFEST_H
#define LYAP_RESULTS_MANIFEST_H

#include <stdio.h>
#include "lyapgrad/ensemble.h"

struct lyap_plan;

/* Version, compiler, SLEEF, and the command line, quoted for a shell. */
void lyap_manifest_head(FILE *file, int argc, char *const *argv);

/* "key = words", with a question mark for every control character. */
void lyap_manifest_words(FILE *file, const char *key, const char *words);

/* Every setting of the plan. `data` and `weights` are the user's words for them (weights may be NULL). */
void lyap_manifest_plan(FILE *file, const struct lyap_plan *plan, const char *data, const char *weights);

#endif
