#include "cli/verify/system.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/system.h"

static double hundredths(struct dice *d, unsigned low, unsigned high) {
    return dice_range(d, low, high) / 100.0;
}

/* Parameters from order to chaos, and beyond to where the orbit escapes. */
static double draw_parameter(struct dice *d, struct lyap_spectrum_plan *plan) {
    switch (plan->system) {
    case LYAP_SYSTEM_LOGISTIC:
        return hundredths(d, 250, 410);
    case LYAP_SYSTEM_TENT:
        return hundredths(d, 50, 210);
    case LYAP_SYSTEM_HENON:
        plan->constants[0] = hundredths(d, 10, 40);
        plan->constant_count = 1;
        return hundredths(d, 80, 160);
    case LYAP_SYSTEM_STANDARD:
        return hundredths(d, 1, 800);
    case LYAP_SYSTEM_LORENZ:
        plan->constants[0] = hundredths(d, 500, 2000);
        plan->constants[1] = hundredths(d, 1000, 6000);
        plan->constants[2] = hundredths(d, 100, 400);
        plan->constant_count = 3;
        return dice_range(d, 1, 60) / 1000.0;
    case LYAP_SYSTEM_QUADRATIC:
        plan->constant_count = dice_range(d, 1, LYAP_SYSTEM_MOST);
        for (size_t i = 0; i < plan->constant_count; i++) plan->constants[i] = hundredths(d, 1, 300);
        return hundredths(d, 1, 120);
    default:
        return hundredths(d, 1, 260);
    }
}

void dice_system(struct dice *d) {
    struct lyap_spectrum_plan *plan = &d->drawn->system;
    lyap_spectrum_defaults(plan, NULL, NULL);
    plan->system = (enum lyap_system)dice_range(d, LYAP_SYSTEM_LOGISTIC, LYAP_SYSTEM_COUNT - 1);
    plan->base.setting.lr = draw_parameter(d, plan);
    plan->method = dice_chance(d, 30) ? LYAP_RESCALED : LYAP_TANGENT;
    size_t dimension = lyap_system_dimension(plan->system, plan->constant_count);
    if (plan->method == LYAP_TANGENT) plan->exponents = dice_range(d, 1, (unsigned)dimension);
    plan->base.precision = (enum lyap_precision)dice_pick(d, 2);
    plan->base.seed = dice_range(d, 0, 99999);
    plan->base.starts = dice_range(d, 1, 40);
    plan->base.setting.epochs = dice_range(d, 2, 500);
    plan->base.setting.perturbation = dice_chance(d, 30) ? 1e-5 : 1e-8;
    plan->transient = dice_chance(d, 40) ? dice_range(d, 0, plan->base.setting.epochs - 1) : 0;
    plan->qr_every = dice_chance(d, 60) ? dice_range(d, 1, 12) : 0;
    plan->until_ci = dice_chance(d, 30) ? hundredths(d, 1, 50) : 0;
    plan->history = dice_chance(d, 30) ? dice_range(d, 1, 20) : 0;
    if (dice_chance(d, 30)) plan->base.escape = dice_range(d, 2, 1000);
    d->drawn->starts = plan->base.starts;
    d->drawn->fewer = plan->base.starts > 1 ? dice_range(d, 1, (unsigned)plan->base.starts - 1) : 0;
}
