/* lyapgrad map: a picture of training over two quantities, and the dimension of the boundary of what trains. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options/numbers.h"
#include "cli/axis.h"
#include "cli/carry_out.h"
#include "cli/plans.h"
#include "lyapgrad/box_count.h"
#include "lyapgrad/map.h"
#include "lyapgrad/axis.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/status.h"
#include "figure/template.h"
#include "results/map_table.h"
#include "io/npy.h"
#include "io/keys.h"

static const char axis_form[] = "QUANTITY:LOW:HIGH or QUANTITY:LOW:HIGH:log, as in lr:0.01:20";

enum show { EXPONENT, LOSS, STEPS, REGIME, SHOWS };
static const char *const shows[SHOWS] = {"exponent", "loss", "steps", "regime"};

static const char *show_word(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i < SHOWS ? shows[i] : NULL;
}
static const struct cli_words show_words = {"quantity", show_word, NULL};

enum table { PIXELS, ARRAY, BOXES, SCRIPT, MANIFEST, TABLES };

struct session {
    struct lyap_map_plan plan;
    struct cli_experiment experiment;
    enum show show;
    struct cli_carrying carrying;
    struct cli_file files[TABLES];
    long header; /* bytes before the numbers of map.npy */
    uint64_t digest, regimes[LYAP_REGIME_COUNT], converged, pixels;
    unsigned char *inside;             /* [height][width], converged */
    struct lyap_quantiles size_finite; /* of the exponents' size, pixels that did not diverge */
    struct lyap_boxcount boundary;
};

/* What the command's own options give. */
struct choice {
    double zoom[4]; /* the ends of the part, with `zoomed` */
    bool zoomed;
    size_t width, height;
    enum show show;
    double target;
};

static bool read_zoom(const struct cli_option *option, const char *text, void *group) {
    struct choice *choice = group;
    choice->zoomed = cli_reals(text, ',', 4, choice->zoom) == 4;
    return choice->zoomed || cli_refuse_form(option, text);
}

static bool read_resolution(const struct cli_option *option, const char *text, void *group) {
    struct choice *choice = group;
    uint64_t sizes[2];
    bool good = cli_counts(text, 'x', 2, sizes) == 2;
    for (int i = 0; good && i < 2; i++) good = sizes[i] >= 2 && sizes[i] <= LYAP_AXIS_MOST;
    if (!good) return cli_refuse(option->name, text, "WIDTHxHEIGHT, each 2 .. %d, as in 512x512", LYAP_AXIS_MOST);
    choice->width = (size_t)sizes[0];
    choice->height = (size_t)sizes[1];
    return true;
}

static const struct cli_option own[] = {
    {.name = "x",
     .value = "QUANTITY:LOW:HIGH[:log]",
     .type = CLI_FORM,
     .help = "the horizontal axis: " CLI_AXIS_QUANTITIES,
     .words = &cli_axes,
     .absent = "required"},
    {.name = "y",
     .value = "QUANTITY:LOW:HIGH[:log]",
     .type = CLI_FORM,
     .help = "the vertical axis, of another one of the quantities of --x",
     .words = &cli_axes,
     .absent = "required"},
    {.name = "zoom",
     .value = "X0,X1,Y0,Y1",
     .type = CLI_FORM,
     .help = "part of the window that is computed, in the axes' quantities",
     .absent = "the whole window",
     .read = read_zoom},
    {.name = "resolution",
     .value = "WIDTHxHEIGHT",
     .type = CLI_FORM,
     .help = "number of pixels each way, which take the values at their centres",
     .standard = "256x256",
     .read = read_resolution},
    {.name = "show",
     .value = "WHAT",
     .type = CLI_WORD,
     .help = "what the picture and map.npy show; steps are those to --target",
     .words = &show_words,
     .standard = "exponent",
     .into = CLI_INTO(struct choice, show)},
    {.name = "target",
     .value = "LOSS",
     .type = CLI_REAL,
     .help = "note the step at which the loss first is at or below this",
     .range = CLI_ABOVE(0),
     .absent = "not noted",
     .into = CLI_INTO(struct choice, target)},
    {.name = NULL},
};
static const struct cli_group own_group = {NULL, own};

static bool read_own(struct choice *choice, const struct cli_values *values) {
    memset(choice, 0, sizeof *choice);
    if (!cli_read(values, &own_group, choice)) return false;
    if (choice->show != STEPS || cli_text(values, "target")) return true;
    cli_complain("--show: steps are those to a loss; say which with --target");
    return false;
}

static bool options_fit(const struct lyap_map_plan *plan, const struct cli_experiment *experiment,
                        const struct cli_values *values) {
    if (!cli_axis_fits(values, &plan->x) || !cli_axis_fits(values, &plan->y)) return false;
    if (experiment->plan.starts != 1) {
        cli_complain("--weights: %.200s has %llu starts; all pixels of a map share one", experiment->weights_path,
                     (unsigned long long)experiment->plan.starts);
        return false;
    }
    return true;
}

/* The axes' windows, or the part of them. */
static bool read_axes(struct lyap_map_plan *plan, const struct choice *choice, const struct cli_values *values) {
    if (!cli_axis_read(values, "x", axis_form, &plan->x, NULL) ||
        !cli_axis_read(values, "y", axis_form, &plan->y, NULL))
        return false;
    if (!choice->zoomed) return true;
    plan->x.low = choice->zoom[0];
    plan->x.high = choice->zoom[1];
    plan->y.low = choice->zoom[2];
    plan->y.high = choice->zoom[3];
    return true;
}

static bool read_map(struct lyap_map_plan *plan, struct cli_experiment *experiment, struct choice *choice,
                     const struct cli_values *values, int *status) {
    if (!cli_experiment_read(experiment, values, status)) return false;
    *status = EXIT_BAD_USAGE;
    lyap_map_defaults(plan, &experiment->net, &experiment->data);
    if (!cli_estimate_read(&plan->spectrum, experiment, values) || !read_own(choice, values) ||
        !read_axes(plan, choice, values) || !options_fit(plan, experiment, values))
        return false;
    plan->width = choice->width;
    plan->height = choice->height;
    plan->spectrum.target = choice->target;
    plan->spectrum.base.evaluate = false;
    plan->spectrum.base.test = NULL;
    *status = 0;
    return true;
}

bool cli_map_read(struct lyap_map_plan *plan, struct cli_experiment *experiment, const struct cli_values *values,
                  int *status) {
    struct choice choice;
    return read_map(plan, experiment, &choice, values, status);
}

static bool read_options(struct session *s, const struct cli_values *values, int *status) {
    struct choice choice;
    if (!read_map(&s->plan, &s->experiment, &choice, values, status)) return false;
    s->show = choice.show;
    return true;
}

/* A number of map.npy: diverged pixels have neither exponent nor final loss there, but infinity. */
static double shown(const struct session *s, const struct lyap_map_pixel *p) {
    if (s->show == REGIME) return (double)p->regime;
    if (s->show == STEPS) return p->steps_to_target >= 0 ? (double)p->steps_to_target : NAN;
    if (p->regime == LYAP_DIVERGED) return INFINITY;
    if (s->show == LOSS) return p->final_loss;
    return p->defined ? p->lambda : NAN;
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
        lyap_schema_row(s->files[PIXELS].file, &lyap_map_schema, NULL, p);
        lyap_npy_write_values(s->files[ARRAY].file, LYAP_NPY_F8, &value, 1);
        if (p->defined && p->regime != LYAP_DIVERGED)
            status = lyap_quantiles_add(&s->size_finite, fabs(p->lambda), error);
    }
    return status ? status : cli_carrying_goes_on(&s->carrying, s->pixels, s->regimes[LYAP_DIVERGED], error);
}

static enum lyap_status begin(void *session, struct lyap_error *error) {
    struct session *s = session;
    const size_t sizes[] = {s->plan.height, s->plan.width};
    s->digest = LYAP_DIGEST_START;
    s->inside = malloc(s->plan.width * s->plan.height);
    if (!s->inside) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the map");
    lyap_schema_head(s->files[PIXELS].file, &lyap_map_schema, NULL);
    lyap_npy_write_header(s->files[ARRAY].file, LYAP_NPY_F8, sizes, 2);
    s->header = ftell(s->files[ARRAY].file);
    return LYAP_OK;
}

static enum lyap_status count_boxes(void *session, struct lyap_error *error) {
    struct session *s = session;
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
    lyap_schema_head(file, &lyap_boxes_schema, NULL);
    for (size_t k = 0; k < b->sizes; k++) {
        size_t size = (size_t)1 << k;
        const struct lyap_box_row row = {size, b->boxes[k], b->defined && size >= b->first && size <= b->last};
        lyap_schema_row(file, &lyap_boxes_schema, NULL, &row);
    }
}

static void write_manifest(const struct session *s, const struct cli_results *results, FILE *file) {
    const struct lyap_spectrum_plan *p = &s->plan.spectrum;
    const struct lyap_boxcount *b = &s->boundary;
    cli_axis_manifest_plan(file, &s->experiment, &p->base,
                           s->plan.x.quantity == LYAP_AXIS_LR || s->plan.y.quantity == LYAP_AXIS_LR);
    lyap_map_settings(file, &s->plan);
    lyap_key_word(file, "show", shows[s->show]);
    if (p->target > 0) lyap_key_real(file, "target", p->target);
    lyap_key_count(file, "transient", p->transient);
    lyap_key_real(file, "growth", p->growth);
    lyap_key_count(file, "qr-every", lyap_spectrum_qr_every(p));
    cli_write_regimes(file, "pixels", s->regimes);
    lyap_key_count(file, "pixels.converged", s->converged);
    fprintf(file, "boundary.pixels = %zu\nboundary.fit = %zu:%zu\n", b->boxes[0], b->first, b->last);
    if (b->defined) {
        lyap_key_real(file, "boundary.dimension", b->dimension);
        lyap_key_real(file, "boundary.standard-error", b->error);
    }
    cli_results_manifest(results, file);
    lyap_key_digest(file, "digest", s->digest);
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
            shows[s->show], s->plan.width, s->plan.height, s->header, lyap_format_real(scale > 0 ? scale : 1, text));
    cli_axis_numbers(file, "x", &s->plan.x);
    cli_axis_numbers(file, "y", &s->plan.y);
    fprintf(file, "heading = \"%.60s %s, %lu steps", lyap_network_shape(net, shape, sizeof shape),
            lyap_activation_name(net->activation[0]), (unsigned long)s->plan.spectrum.base.setting.epochs);
    if (s->boundary.defined)
        fprintf(file, "; boundary of dimension %.3f ± %.3f", s->boundary.dimension, s->boundary.error);
    fputs("\"\n\n", file);
    lyap_figure_text(file, "map");
}

static void print_summary(void *session, double took) {
    const struct session *s = session;
    const struct lyap_boxcount *b = &s->boundary;
    printf("%zu x %zu pixels, %lu steps, %s\n", s->plan.width, s->plan.height,
           (unsigned long)s->plan.spectrum.base.setting.epochs, lyap_precision_name(s->plan.spectrum.base.precision));
    cli_print_regimes(s->regimes);
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

static void write_all(void *session, const struct cli_results *results) {
    struct session *s = session;
    write_boxes(s, s->files[BOXES].file);
    write_script(s, s->files[SCRIPT].file);
    write_manifest(s, results, s->files[MANIFEST].file);
}

static int run_map(struct session *s) {
    static const char *const names[TABLES] = {"map.csv", "map.npy", "boxes.csv", "map.gp", "manifest.txt"};
    for (int t = 0; t < TABLES; t++) s->files[t] = (struct cli_file){.name = names[t], .wanted = true};
    s->carrying = (struct cli_carrying){.experiment = &s->experiment,
                                        .cells = lyap_map_experiment(&s->plan, take, s),
                                        .unit = "pixels",
                                        .picture = "map",
                                        .files = s->files,
                                        .count = TABLES,
                                        .session = s,
                                        .begin = begin,
                                        .end = count_boxes,
                                        .write = write_all,
                                        .print = print_summary};
    const int status = cli_carry_out(&s->carrying);
    lyap_quantiles_free(&s->size_finite);
    free(s->inside);
    return status;
}

static int map(const struct cli_command *command, int argc, char **argv, const struct cli_kept *kept) {
    struct cli_values values;
    int status;
    if (!cli_parse(&values, command, argc, argv, &status)) return status;
    values.kept = kept;
    struct session *s = calloc(1, sizeof *s);
    if (!s) return cli_complain("out of memory"), EXIT_BAD_RUN;
    if (read_options(s, &values, &status))
        status = cli_experiment_words(&s->experiment, command, argc, argv) ? run_map(s) : EXIT_BAD_RUN;
    cli_experiment_free(&s->experiment);
    free(s);
    return status;
}

static const struct cli_change estimate[] = {{.name = "qr-every", .standard = "10"}, {.name = NULL}};
static const struct cli_change training[] = {
    {.name = "lr", .help = "learning rate where no axis gives it", .standard = "0.001"},
    {.name = "epochs", .standard = "500"},
    {.name = "escape", .value = "LOSS", .help = "a pixel diverges where its loss exceeds this", .standard = "1e9"},
    {.name = NULL},
};
static const struct cli_change start[] = {
    {.name = "init", .help = "law of the one start that all pixels share; glorot, he and lecun scale by layer"},
    {.name = "weights", .help = "file of the start (CSV, .npy), of one row"},
    {.name = NULL},
};
static const struct cli_change common[] = {
    {.name = "precision", .standard = "float64"},
    {.name = "seed", .help = "seed of the start and the directions"},
    {.name = "out", .standard = "out/map"},
    {.name = NULL},
};
static const struct cli_use options[] = {
    {.group = &own_group},
    {.group = &cli_estimate_options, .only = "transient growth qr-every", .changes = estimate},
    {.group = &cli_data_options, .without = "test-data test-labels"},
    {.group = &cli_network_options},
    {.group = &cli_optimiser_options},
    {.group = &cli_training_options, .only = "lr epochs escape", .changes = training},
    {.group = &cli_start_options, .changes = start},
    {.group = &cli_common_options, .changes = common},
    {.group = &cli_checkpoint_options},
    {.group = NULL}};
const struct cli_command cli_map = {
    .name = "map",
    .summary = "a picture of training over two quantities, and the dimension of its boundary",
    .example = "lyapgrad map --net 2-16-1 --activation tanh --output-activation linear --init lecun-normal --x "
               "lr1:1e-1:1e3:log --y lr2:1e-3:1:log",
    .options = options,
    .files =
        "map.csv, one row per pixel; map.npy, what --show chose; boxes.csv, the count of boxes on the boundary; map.gp "
        "and, where gnuplot is installed, map.png and map.svg.",
    .run_cells = map,
};
