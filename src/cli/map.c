/* lyapgrad map: a picture of training over two quantities, and the dimension of the boundary of what trains. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/boxcount.h"
#include "cli/axis.h"
#include "cli/draw.h"
#include "cli/estimate.h"
#include "cli/plans.h"
#include "cli/words.h"
#include "figure/template.h"
#include "experiments/map.h"
#include "io/npy.h"
#include "base/number.h"
#include "engine/spectrum_worker.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/digest.h"

static const char axis_form[] = "QUANTITY:LOW:HIGH or QUANTITY:LOW:HIGH:log, as in lr:0.01:20";
static const char zoom_form[] = "X0,X1,Y0,Y1";

enum show { EXPONENT, LOSS, STEPS, REGIME, SHOWS };
const char *const cli_map_shows[] = {"exponent", "loss", "steps", "regime", NULL};

enum table { PIXELS, ARRAY, BOXES, SCRIPT, MANIFEST, TABLES };
static const char *const names[TABLES] = {"map.csv", "map.npy", "boxes.csv", "map.gp", "manifest.txt"};

struct session {
    struct lyap_map_plan plan;
    struct cli_experiment experiment;
    enum show show;
    struct cli_results results;
    FILE *tables[TABLES];
    bool sharded; /* the cells of a shard are kept, and that was all */
    long header;  /* bytes before the numbers of map.npy */
    uint64_t digest, regimes[LYAP_REGIME_COUNT], converged, pixels;
    unsigned char *inside;             /* [height][width], converged */
    struct lyap_quantiles size_finite; /* of the exponents' size, pixels that did not diverge */
    struct lyap_boxcount boundary;
};

static bool read_zoom(const struct cli_values *values, struct lyap_map_plan *plan) {
    const char *text = cli_text(values, "zoom"), *at = text;
    double *ends[4] = {&plan->x.low, &plan->x.high, &plan->y.low, &plan->y.high};
    for (int i = 0; text && i < 4; i++) {
        char number[64];
        size_t length = strcspn(at, ",");
        bool good = length < sizeof number && (at[length] == ',') == (i < 3);
        if (good) {
            memcpy(number, at, length);
            number[length] = '\0';
            good = lyap_number_real(number, ends[i]) == LYAP_NUMBER_OK;
        }
        if (!good) return cli_complain("--zoom: '%.60s' is malformed; expected %s", text, zoom_form), false;
        at += length + 1;
    }
    return true;
}

static bool read_resolution(const struct cli_values *values, struct lyap_map_plan *plan) {
    const char *text = cli_text(values, "resolution"), *cross = text ? strchr(text, 'x') : NULL;
    char width[32];
    uint64_t w = 0, h = 0;
    if (!text) return true;
    size_t length = cross ? (size_t)(cross - text) : sizeof width;
    if (length < sizeof width) {
        memcpy(width, text, length);
        width[length] = '\0';
        if (lyap_number_count(width, LYAP_MAP_MOST, &w) && lyap_number_count(cross + 1, LYAP_MAP_MOST, &h) && w > 1 &&
            h > 1) {
            plan->width = (size_t)w;
            plan->height = (size_t)h;
            return true;
        }
    }
    cli_complain("--resolution: '%.60s' is not allowed; expected WIDTHxHEIGHT, each 2 .. %d, as in 512x512", text,
                 LYAP_MAP_MOST);
    return false;
}

static bool read_target(const struct cli_values *values, double *target) {
    if (!cli_real(values, "target", target)) return false;
    if (!cli_text(values, "target") || *target > 0) return true;
    cli_complain("--target: %g is not a loss to reach; expected a number above 0", *target);
    return false;
}

static bool read_show(struct session *s, const struct cli_values *values) {
    const char *text = cli_text(values, "show");
    for (int i = 0; text && i <= SHOWS; i++) {
        if (i == SHOWS) {
            cli_complain("--show: unknown quantity '%.60s'; expected exponent, loss, steps or regime", text);
            return false;
        }
        if (strcmp(text, cli_map_shows[i]) == 0) {
            s->show = (enum show)i;
            break;
        }
    }
    if (s->show == STEPS && !cli_text(values, "target")) {
        cli_complain("--show: steps are those to a loss; say which with --target");
        return false;
    }
    return true;
}

static bool options_fit(const struct lyap_map_plan *plan, const struct cli_experiment *experiment,
                        const struct cli_values *values) {
    if (!cli_axis_fits(values, &plan->x) || !cli_axis_fits(values, &plan->y)) return false;
    if (experiment->plan.starts != 1) {
        cli_complain("--weights: %.200s has %llu starts; all pixels of a map share one", experiment->weights_path,
                     (unsigned long long)experiment->plan.starts);
        return false;
    }
    return cli_axis_no_test(values, "a map");
}

bool cli_map_read(struct lyap_map_plan *plan, struct cli_experiment *experiment, const struct cli_values *values,
                  int *status) {
    struct lyap_map_plan defaults;
    if (!cli_experiment_read(experiment, values, "out/map", status)) return false;
    *status = EXIT_BAD_USAGE;
    lyap_map_defaults(&defaults, &experiment->net, &experiment->data);
    *plan = defaults;
    if (!cli_estimate_read(&plan->spectrum, experiment, values) ||
        !cli_axis_read(values, "x", axis_form, &plan->x, NULL) ||
        !cli_axis_read(values, "y", axis_form, &plan->y, NULL) || !read_zoom(values, plan) ||
        !read_resolution(values, plan) || !read_target(values, &plan->spectrum.target) ||
        !options_fit(plan, experiment, values))
        return false;
    if (!cli_text(values, "epochs")) plan->spectrum.base.setting.epochs = defaults.spectrum.base.setting.epochs;
    plan->spectrum.base.evaluate = false;
    plan->spectrum.base.test = NULL;
    *status = 0;
    return true;
}

static bool read_options(struct session *s, const struct cli_values *values, int *status) {
    if (!cli_map_read(&s->plan, &s->experiment, values, status)) return false;
    if (read_show(s, values)) return true;
    *status = EXIT_BAD_USAGE;
    return false;
}

/* A number of map.npy: diverged pixels have neither exponent nor final loss there, but infinity. */
static double shown(const struct session *s, const struct lyap_map_pixel *p) {
    if (s->show == REGIME) return (double)p->regime;
    if (s->show == STEPS) return p->steps_to_target >= 0 ? (double)p->steps_to_target : NAN;
    if (p->regime == LYAP_DIVERGED) return INFINITY;
    if (s->show == LOSS) return p->final_loss;
    return p->defined ? p->lambda : NAN;
}

static void write_pixel(FILE *file, const struct lyap_map_pixel *p) {
    char x[32], y[32], lambda[32] = "", first[32], last[32], steps[32] = "", period[16] = "";
    if (p->defined) lyap_format_real(p->lambda, lambda);
    if (p->steps_to_target >= 0) snprintf(steps, sizeof steps, "%lld", (long long)p->steps_to_target);
    if (p->period) snprintf(period, sizeof period, "%lu", (unsigned long)p->period);
    bool measured = isfinite(p->initial_loss) && isfinite(p->final_loss);
    fprintf(file, "%zu,%zu,%s,%s,%s,%s,%s,%s,%s,%s\n", p->column, p->row, lyap_format_real(p->x, x),
            lyap_format_real(p->y, y), lambda, lyap_regime_name(p->regime),
            measured ? lyap_format_real(p->initial_loss, first) : "",
            measured ? lyap_format_real(p->final_loss, last) : "", steps, period);
}

static enum lyap_status take(const struct lyap_map_chunk *chunk, void *context, struct lyap_error *error) {
    struct session *s = context;
    enum lyap_status status = LYAP_OK;
    s->digest = lyap_map_digest(s->digest, chunk);
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_map_pixel *p = &chunk->pixels[i];
        double value = shown(s, p);
        s->pixels++;
        s->regimes[p->regime]++;
        s->converged += p->converged;
        s->inside[p->row * s->plan.width + p->column] = p->converged;
        write_pixel(s->tables[PIXELS], p);
        lyap_npy_write_values(s->tables[ARRAY], LYAP_NPY_F8, &value, 1);
        if (p->defined && p->regime != LYAP_DIVERGED)
            status = lyap_quantiles_add(&s->size_finite, fabs(p->lambda), error);
    }
    cli_progress_cells(s->pixels, s->regimes[LYAP_DIVERGED]);
    if (!status && cli_checkpoint_used(&s->experiment.checkpoint) && cli_interrupted())
        status =
            lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted; all pixels are kept, and --resume makes the tables");
    return status ? status : lyap_output_set_check(&s->results.set, error);
}

static enum lyap_status open_tables(struct session *s, struct lyap_error *error) {
    const size_t sizes[] = {s->plan.height, s->plan.width};
    enum lyap_status status = cli_results_open(&s->results, error);
    for (int t = 0; t < TABLES && !status; t++) status = cli_results_add(&s->results, names[t], &s->tables[t], error);
    if (status) return status;
    fputs("column,row,x,y,lambda,regime,initial_loss,final_loss,steps_to_target,period\n", s->tables[PIXELS]);
    lyap_npy_write_header(s->tables[ARRAY], LYAP_NPY_F8, sizes, 2);
    s->header = ftell(s->tables[ARRAY]);
    return LYAP_OK;
}

static enum lyap_status count_boxes(struct session *s, struct lyap_error *error) {
    const size_t width = s->plan.width, height = s->plan.height;
    unsigned char *marked = malloc(width * height);
    if (!marked) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the boundary");
    lyap_boundary(s->inside, width, height, marked);
    enum lyap_status status = lyap_boxcount(&s->boundary, marked, width, height, error);
    free(marked);
    return status;
}

static void write_boxes(const struct session *s, FILE *file) {
    const struct lyap_boxcount *b = &s->boundary;
    fputs("size,boxes,fitted\n", file);
    for (size_t k = 0; k < b->sizes; k++) {
        size_t size = (size_t)1 << k;
        fprintf(file, "%zu,%zu,%d\n", size, b->boxes[k], b->defined && size >= b->first && size <= b->last);
    }
}

static void write_manifest(const struct session *s, FILE *file) {
    const struct lyap_spectrum_plan *p = &s->plan.spectrum;
    const struct lyap_boxcount *b = &s->boundary;
    char text[32];
    cli_axis_manifest_plan(file, &s->experiment, &p->base,
                           s->plan.x.quantity == LYAP_MAP_LR || s->plan.y.quantity == LYAP_MAP_LR);
    cli_axis_manifest(file, "x", &s->plan.x, 0);
    cli_axis_manifest(file, "y", &s->plan.y, 0);
    fprintf(file, "resolution = %zux%zu\nshow = %s\n", s->plan.width, s->plan.height, cli_map_shows[s->show]);
    if (p->target > 0) fprintf(file, "target = %s\n", lyap_format_real(p->target, text));
    fprintf(file, "transient = %lu\ngrowth = %s\nqr-every = %lu\n", (unsigned long)p->transient,
            lyap_format_real(p->growth, text), (unsigned long)lyap_spectrum_qr_every(p));
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        fprintf(file, "pixels.%s = %llu\n", lyap_regime_name((enum lyap_regime)r), (unsigned long long)s->regimes[r]);
    fprintf(file, "pixels.converged = %llu\n", (unsigned long long)s->converged);
    fprintf(file, "boundary.pixels = %zu\nboundary.fit = %zu:%zu\n", b->boxes[0], b->first, b->last);
    if (b->defined) {
        fprintf(file, "boundary.dimension = %s\n", lyap_format_real(b->dimension, text));
        fprintf(file, "boundary.standard-error = %s\n", lyap_format_real(b->error, text));
    }
    cli_results_manifest(&s->results, file);
    fprintf(file, "digest = %016llx\n", (unsigned long long)s->digest);
}

/* Ends of the exponents' colours: nine in ten of the pixels that stay bounded lie between. */
static void write_script(struct session *s, FILE *file) {
    const struct lyap_network *net = &s->experiment.net;
    char shape[12 * (LYAP_MAX_LAYERS + 1)], text[32];
    bool any = s->size_finite.n > 0 || s->size_finite.sketch;
    double scale = any ? lyap_quantiles_at(&s->size_finite, 0.9) : 1;
    fprintf(file,
            "# To draw map.png and map.svg from map.npy beside it: gnuplot map.gp\nfigure = \"map\"\nshow = \"%s\"\n"
            "width = %zu\nheight = %zu\nskip = %ld\nexponent_scale = %s\n",
            cli_map_shows[s->show], s->plan.width, s->plan.height, s->header,
            lyap_format_real(scale > 0 ? scale : 1, text));
    cli_axis_numbers(file, "x", &s->plan.x);
    cli_axis_numbers(file, "y", &s->plan.y);
    fprintf(file, "heading = \"%.60s %s, %lu steps", lyap_network_shape(net, shape, sizeof shape),
            lyap_activation_name(net->activation[0]), (unsigned long)s->plan.spectrum.base.setting.epochs);
    if (s->boundary.defined)
        fprintf(file, "; boundary of dimension %.3f ± %.3f", s->boundary.dimension, s->boundary.error);
    fputs("\"\n\n", file);
    lyap_figure_text(file, "map");
}

static void print_summary(const struct session *s, double took) {
    const struct lyap_boxcount *b = &s->boundary;
    printf("%zu x %zu pixels, %lu steps, %s\n\n  regimes", s->plan.width, s->plan.height,
           (unsigned long)s->plan.spectrum.base.setting.epochs, lyap_precision_name(s->plan.spectrum.base.precision));
    for (int r = 0; r < LYAP_REGIME_COUNT; r++)
        if (s->regimes[r])
            printf("  %s %llu", lyap_regime_name((enum lyap_regime)r), (unsigned long long)s->regimes[r]);
    printf("\n  converged %llu: bounded, and the loss ended below its first value\n", (unsigned long long)s->converged);
    if (b->defined)
        printf("  boundary  box-counting dimension %.4f +- %.4f (fit over boxes of %zu to %zu pixels)\n", b->dimension,
               b->error, b->first, b->last);
    else
        printf("  boundary  no dimension: %s\n",
               b->boxes[0] ? "the map is too small for three sizes of boxes" : "there is none in this window");
    printf("  digest  %016llx  (%s, %.3g s)\n  tables  %s\n", (unsigned long long)s->digest,
           lyap_isa_name(s->plan.spectrum.base.isa), took, s->experiment.out);
}

/* Computes the pixels that the checkpoint lacks; the tables are made from it afterwards. */
static enum lyap_status work(struct session *s, struct lyap_error *error) {
    struct cli_experiment *e = &s->experiment;
    const struct lyap_plan base = lyap_map_cells(&s->plan).base;
    char *settings;
    enum lyap_status status = lyap_map_check(&s->plan, error);
    if (!status) status = cli_results_probe(&s->results, error);
    if (!status) status = lyap_checkpoint_settings_map(&s->plan, &settings, error);
    if (status) return status;
    status = cli_checkpoint_open(&e->checkpoint, settings, &base, 1, e->argc - 1, e->argv + 1, error);
    free(settings);
    return status ? status : cli_checkpoint_work_map(&e->checkpoint, 0, &s->plan, error);
}

static void name_files(struct session *s) {
    cli_experiment_results(&s->experiment, &s->results);
    for (int t = 0; t < TABLES; t++) cli_results_table(&s->results, names[t]);
    cli_results_picture(&s->results, "map");
}

static enum lyap_status write_files(struct session *s, double *took, struct lyap_error *error) {
    double start = cli_seconds();
    enum lyap_status status = cli_results_check(&s->results, error);
    if (!status && cli_checkpoint_used(&s->experiment.checkpoint)) {
        status = work(s, error);
        s->sharded = !status && cli_checkpoint_sharded(&s->experiment.checkpoint);
        if (s->sharded) return LYAP_OK;
    }
    if (status) return status;
    s->digest = LYAP_DIGEST_START;
    s->inside = malloc(s->plan.width * s->plan.height);
    if (!s->inside) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the map");
    status = open_tables(s, error);
    if (!status) status = cli_checkpoint_map(&s->experiment.checkpoint, 0, &s->plan, take, s, error);
    if (!status) status = count_boxes(s, error);
    *took = cli_seconds() - start;
    if (status) return status;
    write_boxes(s, s->tables[BOXES]);
    write_script(s, s->tables[SCRIPT]);
    write_manifest(s, s->tables[MANIFEST]);
    return lyap_output_set_commit(&s->results.set, error);
}

static int run_map(struct session *s) {
    struct lyap_error error = {0};
    double took = 0;
    name_files(s);
    enum lyap_status status = write_files(s, &took, &error);
    cli_results_free(&s->results);
    if (!status && !s->sharded) {
        if (!s->experiment.quiet) print_summary(s, took);
        fflush(stdout);
        status = cli_draw(s->experiment.out, "map", s->experiment.quiet, &error);
    }
    lyap_quantiles_free(&s->size_finite);
    free(s->inside);
    return status ? cli_fail(&error) : 0;
}

static int map(const struct cli_command *command, int argc, char **argv) {
    struct cli_values values;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    struct session *s = calloc(1, sizeof *s);
    if (!s) return cli_complain("out of memory"), EXIT_BAD_RUN;
    if (read_options(s, &values, &status))
        status = cli_experiment_words(&s->experiment, command, argc, argv) ? run_map(s) : EXIT_BAD_RUN;
    cli_experiment_free(&s->experiment);
    free(s);
    return status;
}

static const struct cli_option own[] = {
    {"x", "QUANTITY:LOW:HIGH[:log]",
     "the horizontal axis: lr, lr1, lr2, .. (of one layer of weights), init-scale, momentum, weight-decay, d1, d2 "
     "(along "
     "two random directions in weight space)"},
    {"y", "QUANTITY:LOW:HIGH[:log]", "the vertical axis"},
    {"zoom", "X0,X1,Y0,Y1", "only this part of the window"},
    {"resolution", "WIDTHxHEIGHT", "pixels, which take the values at their centres (256x256)"},
    {"show", "WHAT", "in the picture and map.npy: exponent, loss, steps (to --target), regime (exponent)"},
    {"target", "LOSS", "book the step at which the loss first is at or below this"},
    {"transient", "N", "steps before the measurement begins (0); part of --epochs"},
    {"growth", "NATS",
     "growth that makes a regime 'chaotic' (in the last third) or 'transient'; rules: lyapgrad/regime.h (10)"},
    {"qr-every", "N", "steps from one re-orthonormalisation to the next (10)"},
    {NULL, NULL, NULL},
};
static const struct cli_option experiment[] = {
    {"net", "SIZES", "units from input to output (2-2-1); '2-1' has no hidden layer"},
    {"activation", "NAME[,NAME...]", "of the hidden layers, one for all or one each (sigmoid)"},
    {"output-activation", "NAME", "of the output layer (the last of --activation; linear with softmax)"},
    {"loss", "NAME", "mse, bce, softmax (mse)"},
    {"lr", "RATE", "learning rate where no axis gives it (0.001)"},
    {"epochs", "N", "gradient-descent steps (500)"},
    {"init", "LAW", "of the one start that all pixels share: uniform:A,B, normal:M,S or scaled by layer (uniform:0,1)"},
    {"init-bias", "LAW", "of the biases: zero, uniform:A,B, normal:M,S (as the weights; zero with the scaled laws)"},
    {"loss-window", "LOW,HIGH|none", "redraw until the initial loss lies there (0.2,0.4; none with the scaled laws)"},
    {"max-draws", "N", "draws before giving up on the window (1000000)"},
    {"weights", "FILE", "the start from a file (CSV, .npy) of one row instead of drawing it"},
    {"precision", "float32|float64", "(float64)"},
    {"escape", "LOSS", "a pixel diverges where its loss exceeds this (1e9)"},
    {"seed", "N", "of the start and the directions (1)"},
    {"threads", "N", "(all); the results do not depend on it"},
    {"out", "DIR", "where tables and picture go, in place of an earlier map's (out/map)"},
    {"quiet", NULL, "print nothing but errors"},
    {NULL, NULL, NULL},
};
static const struct cli_option *const tables[] = {own,        cli_data_options,       cli_optimiser_options,
                                                  experiment, cli_checkpoint_options, NULL};
const struct cli_command cli_map = {"map",
                                    "a picture of training over two quantities, and the dimension of its boundary",
                                    "lyapgrad map --net 2-16-1 --activation tanh --output-activation linear --init "
                                    "lecun-normal --x lr1:1e-1:1e3:log --y lr2:1e-3:1:log",
                                    tables, map};
