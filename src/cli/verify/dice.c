#include "cli/verify/dice.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "lyapgrad/random.h"

/* A configuration's share of time on the scalar path, in nanoseconds: a thousand take a minute on all sets together. */
enum { STEP_TIME = 8 * 1000 * 1000, CELLS_A_BLOCK = 16 };

unsigned dice_pick(struct dice *d, unsigned n) {
    if (d->used % DICE_AT_ONCE == 0)
        lyap_random_uniform(d->drawn->seed, LYAP_STREAM_VERIFY, d->drawn->index, d->used, DICE_AT_ONCE, d->uniform);
    unsigned number = (unsigned)(d->uniform[d->used++ % DICE_AT_ONCE] * n);
    return number < n ? number : n - 1;
}

unsigned dice_range(struct dice *d, unsigned low, unsigned high) {
    return low + dice_pick(d, high - low + 1);
}

bool dice_chance(struct dice *d, unsigned percent) {
    return dice_pick(d, 100) < percent;
}

struct dice_real dice_real(struct dice *d, int low, int high) {
    struct dice_real real;
    unsigned digits = dice_range(d, 100, 999);
    int exponent = low + (int)dice_pick(d, (unsigned)(high - low + 1));
    snprintf(real.text, sizeof real.text, "%u.%02ue%d", digits / 100, digits % 100, exponent);
    return real;
}

/* Keeps the word; the text and the list have room for every option there is. */
static void keep(struct dice *d, const char *word) {
    struct cli_verify_case *c = d->drawn;
    size_t length = strlen(word) + 1;
    if (c->argc + 1 >= CLI_VERIFY_WORDS || d->length + length > sizeof c->text) return;
    c->argv[c->argc++] = memcpy(c->text + d->length, word, length);
    d->length += length;
}

void dice_add(struct dice *d, const char *option, const char *format, ...) {
    char text[256];
    snprintf(text, sizeof text, "--%s", option);
    keep(d, text);
    if (!format) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    keep(d, text);
}

double dice_step_cost(const struct dice *d) {
    double samples = d->batch ? d->batch : d->samples;
    return samples * (3.0 * d->parameters + 40.0 * d->units) + 10.0 * d->parameters;
}

unsigned dice_steps(struct dice *d, unsigned least, unsigned most, double trajectories, double cells) {
    double blocks = ceil(cells / CELLS_A_BLOCK) * CELLS_A_BLOCK;
    double fit = STEP_TIME / (dice_step_cost(d) * trajectories * blocks);
    unsigned high = fit < least ? least : fit < most ? (unsigned)fit : most;
    return dice_range(d, least, high);
}
