/* The layouts: their names, and what each is expected to cost. */
#include "engine/layout.h"

#include <math.h>
#include <string.h>

#include "base/team.h"
#include "engine/plan.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/layout.h"
#include "simd/kernels.h"

/* With so many cells a thread, each thread has cells of its own: nothing is handed over within a step, and at most a fifth of the time
 * goes by while the last cells are finished. With fewer, threads share the steps of one cell after the other: none is idle, however few
 * cells there are and however long each takes, and the memory is that of one cell. */
enum { OWN_CELLS = 4 };

/* Multiply-adds of a pass below which calling the threads takes longer than they save, and how many times as many make a step so long that
 * handing over within it does not show. */
enum { SHARED_FROM = 100000, LONG_STEP = 20 };

/* The time of a step is counted in vectors of multiply-adds of a block; those of one network come at this share of a block's rate. */
static const double one_rate = 0.9;

/* What two threads lose when they share a step, and a product of one network, in vectors of multiply-adds: without and with threads to
 * wait for. */
static const double shared_rate = 0.9, product_start = 300, shared_start = 3000;

static const char *const names[LYAP_LAYOUT_COUNT] = {"auto", "block", "one", "shared"};

const char *lyap_layout_name(enum lyap_layout layout) {
    return (unsigned)layout < LYAP_LAYOUT_COUNT ? names[layout] : "unknown";
}

enum lyap_status lyap_layout_select(const char *name, enum lyap_layout *layout, struct lyap_error *error) {
    *layout = LYAP_LAYOUT_AUTO;
    if (!name || !*name) return LYAP_OK;
    for (int i = LYAP_LAYOUT_BLOCK; i < LYAP_LAYOUT_COUNT; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        *layout = (enum lyap_layout)i;
        return LYAP_OK;
    }
    return lyap_fail(error, LYAP_ERROR_ARGUMENT, "LYAPGRAD_LAYOUT: unknown layout '%.40s'; choose one of: %s, %s, %s",
                     name, names[LYAP_LAYOUT_BLOCK], names[LYAP_LAYOUT_ONE], names[LYAP_LAYOUT_SHARED]);
}

/* The gradient of one trajectory, of one network or in all lanes of a block: products forward, backward (of the first layer none) and of
 * the gradient, and vectors that a row of outputs fills. */
struct cost {
    double one, block;
    double products;
};

static struct cost cost_of(const struct lyap_plan *plan, size_t lanes) {
    const struct lyap_network *net = plan->network;
    const double samples = plan->optimiser.batch ? (double)plan->optimiser.batch : (double)plan->data->samples;
    struct cost cost = {0};
    for (int l = 0; l < net->layers; l++) {
        const double inputs = net->sizes[l], outputs = net->sizes[l + 1], products = l ? 3 : 2;
        cost.one += products * samples * inputs * ceil(outputs / (double)lanes) / one_rate;
        cost.block += products * samples * inputs * outputs * (LYAP_BLOCK / (double)lanes);
        cost.products += products;
    }
    return cost;
}

static bool one_is_faster(const struct lyap_plan *plan, size_t vectors, size_t lanes) {
    const struct cost cost = cost_of(plan, lanes);
    const double cells = (double)lyap_plan_cells(plan), trajectories = vectors ? 1 : 1.0 + plan->neighbours;
    const double threads = lyap_team_size(plan->threads), sharing = lyap_layout_sharing(plan, 1);
    double blocks = ceil(ceil(cells / LYAP_BLOCK) / threads) * trajectories;
    const double spread = ceil(cells / threads) * ceil(trajectories / LYAP_BLOCK);
    if (!vectors && spread < blocks) blocks = spread;
    const double alone = trajectories * (cost.one + cost.products * (sharing > 1 ? shared_start : product_start));
    const double one = sharing > 1 ? cells * alone / (sharing * shared_rate) : ceil(cells / threads) * alone;
    return one < blocks * cost.block;
}

size_t lyap_layout_width(const struct lyap_plan *plan, size_t vectors) {
    const struct lyap_kernels *block = lyap_kernels_get(plan->isa, plan->precision);
    if (plan->layout == LYAP_LAYOUT_BLOCK || !block || !lyap_kernels_one(plan->isa, plan->precision)) return LYAP_BLOCK;
    return plan->layout >= LYAP_LAYOUT_ONE || one_is_faster(plan, vectors, block->lanes) ? 1 : LYAP_BLOCK;
}

int lyap_layout_sharing(const struct lyap_plan *plan, size_t width) {
    const int threads = lyap_team_size(plan->threads);
    if (width != 1) return 1; /* a known system has no data either */
    const size_t samples = plan->optimiser.batch ? (size_t)plan->optimiser.batch : plan->data->samples;
    const double work = (double)lyap_network_parameters(plan->network) * (double)samples;
    if (plan->layout == LYAP_LAYOUT_SHARED) return threads;
    const uint64_t most = work >= LONG_STEP * SHARED_FROM ? OWN_CELLS * (uint64_t)threads : (uint64_t)threads;
    return work >= SHARED_FROM && lyap_plan_cells(plan) < most ? threads : 1;
}

double lyap_layout_shared_from(const struct lyap_plan *plan) {
    return plan->layout == LYAP_LAYOUT_SHARED ? 0 : SHARED_FROM;
}
