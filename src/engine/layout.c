/* The layouts: their names, and what each is expected to cost. */
#include "engine/layout.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
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

/* The time of a step is counted in vectors of multiply-adds of one network's large products. Measured on a Zen 4 with AVX-512: a block's
 * products take this many times as long, a vector of a function other than ReLU so many, and a product so many to begin, or to hand to
 * threads and wait for them. Threads that share a step reach so much of their number. */
static const double block_products = 1.1, function_cost = 25, product_start = 110, shared_start = 3000,
                    shared_rate = 0.9;

/* One network at a time is chosen where it is expected to be faster by this factor or more: the times are known no better. */
static const double margin = 1.1;

static const char *const names[LYAP_LAYOUT_COUNT] = {"auto", "block", "one", "shared"};

const char *lyap_layout_name(enum lyap_layout layout) {
    return (unsigned)layout < LYAP_LAYOUT_COUNT ? names[layout] : "unknown";
}

enum lyap_status lyap_layout_select(const char *name, enum lyap_layout *layout, struct lyap_error *error) {
    *layout = LYAP_LAYOUT_AUTO;
    if (!name || !*name) return LYAP_OK;
    for (int i = 0; i < LYAP_LAYOUT_COUNT; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        *layout = (enum lyap_layout)i;
        return LYAP_OK;
    }
    return lyap_fail(
        error, LYAP_ERROR_ARGUMENT, "LYAPGRAD_LAYOUT: unknown layout '%.40s'; choose one of: %s, %s, %s, %s", name,
        names[LYAP_LAYOUT_AUTO], names[LYAP_LAYOUT_BLOCK], names[LYAP_LAYOUT_ONE], names[LYAP_LAYOUT_SHARED]);
}

/* The gradient of one trajectory, of one network and of a block of 16: products forward, backward (of the first layer none) and of the
 * gradient, whose rows of outputs fill vectors, and the activations. */
struct cost {
    double one, block, products;
};

static struct cost cost_of(const struct lyap_plan *plan, double lanes) {
    const struct lyap_network *net = plan->network;
    const double samples = plan->optimiser.batch ? (double)plan->optimiser.batch : (double)plan->data->samples;
    struct cost cost = {0};
    for (int l = 0; l < net->layers; l++) {
        const double inputs = net->sizes[l], outputs = net->sizes[l + 1], products = l ? 3 : 2;
        const bool plain = net->activation[l] == LYAP_LINEAR || net->activation[l] == LYAP_RELU;
        const double functions = (plain ? 1 : function_cost) * samples * outputs / lanes;
        cost.one += products * (samples * inputs * ceil(outputs / lanes) + product_start) + functions;
        cost.block += LYAP_BLOCK * (products * block_products * samples * inputs * outputs / lanes + functions);
        cost.products += products;
    }
    return cost;
}

static bool one_is_faster(const struct lyap_plan *plan, size_t vectors, size_t lanes) {
    const struct cost cost = cost_of(plan, (double)lanes);
    const double cells = (double)lyap_plan_cells(plan), trajectories = vectors ? 1 : 1.0 + plan->neighbours;
    const double threads = lyap_team_size(plan->threads), sharing = lyap_layout_sharing(plan, 1);
    double blocks = ceil(ceil(cells / LYAP_BLOCK) / threads) * trajectories;
    const double spread = ceil(cells / threads) * ceil(trajectories / LYAP_BLOCK);
    if (!vectors && spread < blocks) blocks = spread;
    const double shared = cost.one / (sharing * shared_rate) + cost.products * shared_start;
    const double one = sharing > 1 ? cells * fmin(cost.one, shared) : ceil(cells / threads) * cost.one;
    return margin * one * trajectories < blocks * cost.block;
}

/* Whether the states alone that each trajectory or tangent has in a block, or in a network by itself, fit the memory. */
static bool states_fit(const struct lyap_plan *plan, size_t vectors, double width) {
    const double states = vectors ? (double)vectors + 2 : 1.0 + plan->neighbours;
    const double numbers =
        (double)lyap_network_parameters(plan->network) * (1 + (double)lyap_optimiser_buffers(plan->optimiser.kind));
    return lyap_memory_fits(states * numbers * width *
                            (plan->precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float)));
}

size_t lyap_layout_width(const struct lyap_plan *plan, size_t vectors) {
    const struct lyap_kernels *block = lyap_kernels_get(plan->isa, plan->precision);
    if (plan->layout == LYAP_LAYOUT_BLOCK || !block || !lyap_kernels_one(plan->isa, plan->precision)) return LYAP_BLOCK;
    if (plan->layout >= LYAP_LAYOUT_ONE || one_is_faster(plan, vectors, block->lanes)) return 1;
    return !states_fit(plan, vectors, LYAP_BLOCK) && states_fit(plan, vectors, 1) ? 1 : LYAP_BLOCK;
}

int lyap_layout_sharing(const struct lyap_plan *plan, size_t width) {
    const int threads = lyap_team_size(plan->threads);
    if (width != 1) return 1; /* and a known system has neither a network nor data */
    if (plan->layout == LYAP_LAYOUT_SHARED) return threads;
    const size_t samples = plan->optimiser.batch ? (size_t)plan->optimiser.batch : plan->data->samples;
    const double work = (double)lyap_network_parameters(plan->network) * (double)samples;
    const uint64_t most = work >= LONG_STEP * SHARED_FROM ? OWN_CELLS * (uint64_t)threads : (uint64_t)threads;
    return work >= SHARED_FROM && lyap_plan_cells(plan) < most ? threads : 1;
}

double lyap_layout_shared_from(const struct lyap_plan *plan) {
    return plan->layout == LYAP_LAYOUT_SHARED ? 0 : SHARED_FROM;
}
