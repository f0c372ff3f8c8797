/* The map: a rectangle of training runs over two quantities, one tangent-space run (lyapgrad/spectrum.h) a pixel, all from
 * ONE start. Which pixels train is a set with a fractal boundary (J. Sohl-Dickstein, arXiv 2402.06184).
 *
 *   struct lyap_map_plan map;
 *   lyap_map_defaults(&map, &net, &data);
 *   map.x = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LAYER_LR, .layer = 0, .low = 1e-2, .high = 1e2, .logarithmic = true};
 *   map.y = (struct lyap_sweep_axis){.quantity = LYAP_AXIS_LAYER_LR, .layer = 1, .low = 1e-2, .high = 1e2, .logarithmic = true};
 *   lyap_map_run(&map, my_sink, my_context, &error);
 *
 * Pixels. Cell = row * width + column; column 0 is at the low end of x, row 0 at the low end of y. A pixel takes the values
 * at its centre: low + (high - low) (i + 1/2) / n, or with a logarithmic axis the exponential of that between ln low and
 * ln high. A part of the window whose pixels have the same centres therefore gives the same pixels.
 *
 * A pixel's results are, bit for bit, those of lyap_spectrum_run at its setting: with an axis of a layer's learning rate that
 * is lr 1 and the rates of the layers as optimiser.layer_rate. */
#ifndef LYAPGRAD_MAP_H
#define LYAPGRAD_MAP_H

#include <stdio.h>

#include "lyapgrad/axis.h"
#include "lyapgrad/spectrum.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lyap_map_plan {
    struct lyap_spectrum_plan spectrum; /* of every pixel; defaults as lyap_spectrum_defaults but 500 epochs. One start,
                                           drawn or given as base.weights; base.values, settings, first_cell and count
                                           stay at their defaults */
    size_t width, height;               /* pixels, default 256 x 256, 1 .. LYAP_AXIS_MOST each */
    struct lyap_sweep_axis x, y;        /* different quantities; no default */
};
struct lyap_map_pixel {
    size_t column, row;
    double x, y;   /* at the centre */
    double lambda; /* largest exponent in nats per step; 0 unless `defined` */
    bool defined;
    bool converged; /* did not diverge, and the final loss is below the initial loss */
    enum lyap_regime regime;
    uint32_t period; /* of the state over the last steps, 1: it stays; 0: none found (lyapgrad/regime.h) */
    double initial_loss, final_loss;
    int64_t steps_to_target; /* with spectrum.target; -1: not reached, or no target */
};

/* Pixels in cell order, with the records behind them. */
struct lyap_map_chunk {
    uint64_t first_cell;
    size_t count;
    const struct lyap_map_pixel *pixels; /* [count] */
    const struct lyap_spectrum_chunk
        *spectrum; /* the same cells; record.lr is 1 where layers have rates of their own */
};

/* A non-zero return ends the run with that status. Called on the calling thread. */
typedef enum lyap_status (*lyap_map_sink)(const struct lyap_map_chunk *chunk, void *context, struct lyap_error *error);

/* Fills `plan` with the defaults for `network` and `data`, which are not owned; the axes are the caller's to set. */
void lyap_map_defaults(struct lyap_map_plan *plan, const struct lyap_network *network, const struct lyap_dataset *data);

/* Runs every pixel and hands them to `sink` in cell order. LYAP_ERROR_ARGUMENT for an axis or size out of range or pixels too close
 * for the precision; else as lyap_spectrum_run. Bit-identical on every instruction set, for any number of threads. */
enum lyap_status lyap_map_run(const struct lyap_map_plan *plan, lyap_map_sink sink, void *context,
                              struct lyap_error *error);

/* The plan as an experiment (lyapgrad/experiment.h) whose cells, the pixels, go to `sink`. */
struct lyap_experiment lyap_map_experiment(const struct lyap_map_plan *plan, lyap_map_sink sink, void *context);

/* The digest extended by every bit of the chunk's pixels and records. */
uint64_t lyap_map_digest(uint64_t digest, const struct lyap_map_chunk *chunk);

/* Writes the settings' lines of the window and the resolution. An error stays with the file. */
void lyap_map_settings(FILE *file, const struct lyap_map_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
