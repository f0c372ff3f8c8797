/* lyapgrad map: a picture of training over two quantities, and the dimension of the boundary of what trains. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options/numbers.h"
#include "cli/axis.h"
#include "cli/carry_out.h"
#include "cli/task.h"
#include "cli/verify/gather.h"
#include "cli/verify/options.h"
#include "lyapgrad/box_count.h"
#include "lyapgrad/map.h"
#include "lyapgrad/axis.h"
#include "lyapgrad/network.h"
#include "lyapgrad/precision.h"
#include "figure/template.h"
#include "results/map_table.h"
#include "io/npy.h"
#include "io/keys.h"

enum show { EXPONENT, LOSS, STEPS, REGIME, SHOWS };
static const char *const shows[SHOWS] = {"exponent", "loss", "steps", "regime"};

static const char *show_word(int i, char text[CLI_WORD_LENGTH]) {
    (void)text;
    return i < SHOWS ? shows[i] : NULL;
}
static const struct cli_words show_words = {"quantity", show_word, NULL};

enum table { PIXELS, ARRAY, BOXES, SCRIPT, MANIFEST, TABLES };

/* What the command's own options give. */
struct choice {
    struct cli_axis x, y;
    double zoom[4]; /* the ends of the part, with `zoomed` */
    bool zoomed;
    size_t width, height;
    enum show show;
    double target;
};

struct session {
    struct lyap_map_plan plan;
    struct cli_experiment experiment;
    struct choice choice;
    struct cli_carrying carrying;
    struct cli_file files[TABLES];
    long header; /* bytes before the numbers of map.npy */
    uint64_t converged;
    unsigned char *inside;             /* [height][width], converged */
    struct lyap_quantiles size_finite; /* of the exponents' size, pixels that did not diverge */
    struct lyap_boxcount boundary;
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
     .absent = CLI_REQUIRED,
     .example = "lr:0.01:20",
     .into = CLI_INTO(struct choice, x),
     .read = cli_axis_read},
    {.name = "y",
     .value = "QUANTITY:LOW:HIGH[:log]",
     .type = CLI_FORM,
     .help = "the vertical axis, of another one of the quantities of --x",
     .words = &cli_axes,
     .absent = CLI_REQUIRED,
     .example = "init-scale:0.5:2",
     .into = CLI_INTO(struct choice, y),
     .read = cli_axis_read},
    {.name = "zoom",
     .value = "X0,X1,Y0,Y1",
     .type = CLI_FORM,
     .help = "part of both axes that is computed, in their quantities",
     .absent = "all of both axes",
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

/* The axes, or the part of them. */
static void set_axes(struct lyap_map_plan *plan, const struct choice *choice) {
    plan->x = choice->x.axis;
    plan->y = choice->y.axis;
    if (!choice->zoomed) return;
    plan->x.low = choice->zoom[0];
    plan->x.high = choice->zoom[1];
    plan->y.low = choice->zoom[2];
    plan->y.high = choice->zoom[3];
}

static bool read_options(void *context, const struct cli_values *values, int *status) {
    struct session *s = context;
    struct choice *choice = &s->choice;
    if (!cli_experiment_read(&s->experiment, values, status)) return false;
    *status = EXIT_BAD_USAGE;
    lyap_map_defaults(&s->plan, &s->experiment.net, &s->experiment.data);
    if (!cli_axis_estimate(&s->plan.spectrum, &s->experiment, values) || !read_own(choice, values)) return false;
    set_axes(&s->plan, choice);
    if (!options_fit(&s->plan, &s->experiment, values)) return false;
    s->plan.width = choice->width;
    s->plan.height = choice->height;
    s->plan.spectrum.target = choice->target;
    *status = 0;
    return true;
}

/* A number of map.npy: diverged pixels have neither exponent nor final loss there, but infinity. */
static double shown(const struct session *s, const struct lyap_map_pixel *p) {
    if (s->choice.show == REGIME) return (double)p->regime;
    if (s->choice.show == STEPS) return p->steps_to_target >= 0 ? (double)p->steps_to_target : NAN;
    if (p->regime == LYAP_DIVERGED) return INFINITY;
    if (s->choice.show == LOSS) return p->final_loss;
    return p->defined ? p->lambda : NAN;
}

static enum lyap_status take(const struct lyap_map_chunk *chunk, void *context, struct lyap_error *error) {
    struct session *s = context;
    enum lyap_status status = LYAP_OK;
    s->carrying.digest = lyap_map_digest(s->carrying.digest, chunk);
    for (size_t i = 0; i < chunk->count && !status; i++) {
        const struct lyap_map_pixel *p = &chunk->pixels[i];
        double value = shown(s, p);
        s->carrying.done++;
        s->carrying.regimes[p->regime]++;
        s->converged += p->converged;
        s->inside[p->row * s->plan.width + p->column] = p->converged;
        lyap_schema_row(s->files[PIXELS].file, &lyap_map_schema, NULL, p);
        lyap_npy_write_values(s->files[ARRAY].file, LYAP_NPY_F8, &value, 1);
        if (p->defined && p->regime != LYAP_DIVERGED)
            status = lyap_quantiles_add(&s->size_finite, fabs(p->lambda), error);
    }
    return status ? status : cli_carrying_counted(&s->carrying, error);
}

static enum lyap_status begin(void *session, struct lyap_error *error) {
    struct session *s = session;
    const size_t sizes[] = {s->plan.height, s->plan.width};
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

static void write_manifest(void *session, FILE *file) {
    const struct session *s = session;
    const struct lyap_spectrum_plan *p = &s->plan.spectrum;
    const struct lyap_boxcount *b = &s->boundary;
    cli_axis_manifest_plan(file, &s->experiment, &p->base,
                           s->plan.x.quantity == LYAP_AXIS_LR || s->plan.y.quantity == LYAP_AXIS_LR);
    lyap_map_settings(file, &s->plan);
    cli_put_each(file, &own_group, p->target > 0 ? "show target" : "show", &s->choice);
    cli_estimate_manifest(file, "transient growth qr-every", p);
    cli_write_regimes(file, "pixels", s->carrying.regimes);
    lyap_key_count(file, "pixels.converged", s->converged);
    fprintf(file, "boundary.pixels = %zu\nboundary.fit = %zu:%zu\n", b->boxes[0], b->first, b->last);
    if (b->defined) {
        lyap_key_real(file, "boundary.dimension", b->dimension);
        lyap_key_real(file, "boundary.standard-error", b->error);
    }
}

/* Ends of the exponents' colours: nine in ten of the pixels that stay bounded lie between. */
static void write_script(struct session *s, FILE *file) {
    char text[32];
    bool any = s->size_finite.n > 0 || s->size_finite.sketch;
    double scale = any ? lyap_quantiles_at(&s->size_finite, 0.9) : 1;
    fprintf(file,
            "# To draw map.png and map.svg from map.npy beside it: gnuplot map.gp\nfigure = \"map\"\nshow = \"%s\"\n"
            "width = %zu\nheight = %zu\nskip = %ld\nexponent_scale = %s\n",
            shows[s->choice.show], s->plan.width, s->plan.height, s->header,
            lyap_format_real(scale > 0 ? scale : 1, text));
    cli_axis_numbers(file, "x", &s->plan.x);
    cli_axis_numbers(file, "y", &s->plan.y);
    cli_axis_heading(file, &s->experiment.net);
    fprintf(file, ", %lu steps", (unsigned long)s->plan.spectrum.base.setting.epochs);
    if (s->boundary.defined)
        fprintf(file, "; boundary of dimension %.3f ± %.3f", s->boundary.dimension, s->boundary.error);
    fputs("\"\n\n", file);
    lyap_figure_text(file, "map");
}

static void print_summary(void *session) {
    const struct session *s = session;
    const struct lyap_boxcount *b = &s->boundary;
    printf("%zu x %zu pixels, %lu steps, %s\n", s->plan.width, s->plan.height,
           (unsigned long)s->plan.spectrum.base.setting.epochs, lyap_precision_name(s->plan.spectrum.base.precision));
    cli_print_regimes(s->carrying.regimes);
    printf("\n  converged %llu: bounded, and the loss ended below its first value\n", (unsigned long long)s->converged);
    if (b->defined)
        printf("  boundary  box-counting dimension %.4f +- %.4f (fit over boxes of %zu to %zu pixels)\n", b->dimension,
               b->error, b->first, b->last);
    else
        printf("  boundary  no dimension: %s\n",
               b->boxes[0] ? "the map is too small for three sizes of boxes" : "there is none between these ends");
}

static void write_all(void *session) {
    struct session *s = session;
    write_boxes(s, s->files[BOXES].file);
    write_script(s, s->files[SCRIPT].file);
}

static int run(void *context) {
    static const char *const names[TABLES] = {"map.csv", "map.npy", "boxes.csv", "map.gp", "manifest.txt"};
    struct session *s = context;
    cli_name_all_files(s->files, names, TABLES);
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
                                        .manifest = write_manifest,
                                        .print = print_summary};
    return cli_carry_out(&s->carrying);
}

static void release(void *context) {
    struct session *s = context;
    cli_experiment_free(&s->experiment);
    lyap_quantiles_free(&s->size_finite);
    free(s->inside);
}

static enum lyap_status gather_pixels(const struct lyap_map_chunk *chunk, void *context, struct lyap_error *error) {
    struct cli_gather *to = context;
    const uint64_t digest = lyap_map_digest(to->results->digest, chunk);
    enum lyap_status status = cli_gather_spectra(chunk->spectrum, to, error);
    to->results->digest = digest;
    for (size_t i = 0; i < chunk->count && !status; i++) {
        to->value = chunk->first_cell + i;
        to->start = 0;
        status = cli_put_count(to, "pixel converged", 0, chunk->pixels[i].converged, error);
    }
    return status;
}

static enum lyap_status gather(void *context, struct cli_gather *to, struct lyap_error *error) {
    struct lyap_map_plan plan = ((const struct session *)context)->plan;
    cli_gather_set(to, &plan.spectrum.base);
    const struct lyap_experiment pixels = lyap_map_experiment(&plan, gather_pixels, to);
    return cli_gather_run(to, &pixels, error);
}

static void draw_map(struct dice *d) {
    char x[64], y[64], first[16], second[16];
    unsigned width = dice_range(d, 2, 8), height = dice_range(d, 2, 6);
    dice_axis(d, x, first, NULL);
    dice_axis(d, y, second, first);
    dice_add(d, "x", "%s%s", x, dice_log_end(d, x));
    dice_add(d, "y", "%s%s", y, dice_log_end(d, y));
    dice_common(d);
    dice_precision(d);
    unsigned epochs = dice_steps(d, 2, 120, 3, width * height);
    dice_add(d, "resolution", "%ux%u", width, height);
    dice_add(d, "steps", "%u", epochs);
    if (dice_chance(d, 30)) dice_add(d, "target", "%s", dice_real(d, -2, -1).text);
    if (dice_chance(d, 15))
        dice_add(d, "zoom", "0.05,0.%u,0.04,0.5", dice_range(d, 1, 9)); /* every quantity has them */
    if (dice_chance(d, 20)) dice_add(d, "show", "regime"); /* what is drawn alone: the numbers are the same */
    if (dice_chance(d, 30)) dice_add(d, "transient", "%u", dice_range(d, 0, epochs - 1));
    dice_measure(d);
}

static const struct cli_draw draws[] = {{9, draw_map}, {0, NULL}};
static const struct cli_task task = {.size = sizeof(struct session),
                                     .cells = true,
                                     .read = read_options,
                                     .run = run,
                                     .free = release,
                                     .gather = gather,
                                     .draws = draws};

static const struct cli_change estimate[] = {{.name = "qr-every", .standard = "10"}, {.name = NULL}};
static const struct cli_change training[] = {
    {.name = "lr", .help = "learning rate where no axis gives it", .standard = "0.001"},
    {.name = "steps", .standard = "500"},
    {.name = "escape", .value = "LOSS", .help = "a pixel diverges where its loss exceeds this", .standard = "1e9"},
    {.name = NULL},
};
static const struct cli_change start[] = {
    {.name = "init", .help = "law of the one start that all pixels share; glorot, he, lecun and torch scale by layer"},
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
    {.group = &cli_data_options, .without = "test-data test-labels"},
    {.group = &cli_network_options},
    {.group = &cli_training_options, .only = "lr steps escape", .changes = training},
    {.group = &cli_common_options, .changes = common},
    {.group = &cli_start_options, .changes = start},
    {.group = &cli_optimiser_options},
    {.group = &cli_estimate_options, .only = "transient growth qr-every", .changes = estimate},
    {.group = &cli_checkpoint_options},
    {.group = NULL}};
static const struct lyap_schema *const tables[] = {&lyap_map_schema, &lyap_boxes_schema, NULL};
const struct cli_command cli_map = {
    .name = "map",
    .summary = "a picture of training over two quantities, and the dimension of its boundary",
    .example = "lyapgrad map --net 2-16-1 --activation tanh --output-activation linear --init lecun-normal --x "
               "lr1:1e-1:1e3:log --y lr2:1e-3:1:log",
    .options = options,
    .files =
        "map.csv, one row per pixel; map.npy, what --show chose; boxes.csv, the count of boxes on the boundary; map.gp "
        "and, where gnuplot is installed, map.png and map.svg.",
    .tables = tables,
    .task = &task,
};
