/* The names of scores. */
#include <string.h>

#include "lyapgrad/selection.h"

static const char *const scores[LYAP_SCORE_COUNT] = {"loss", "exponent", "combined"};

const char *lyap_score_name(enum lyap_score score) {
    return (unsigned)score < LYAP_SCORE_COUNT ? scores[score] : "unknown";
}

enum lyap_status lyap_score_parse(const char *name, enum lyap_score *score, struct lyap_error *error) {
    for (int i = 0; i < LYAP_SCORE_COUNT; i++)
        if (strcmp(name, scores[i]) == 0) {
            *score = (enum lyap_score)i;
            return LYAP_OK;
        }
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "unknown score '%.60s'; expected loss, exponent or combined", name);
}
