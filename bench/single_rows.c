#include "single_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/schema.h"
#include "json_value.h"

struct bench_single_row *bench_single_rows_add(struct bench_single_rows *rows) {
    if (rows->count == rows->room) {
        size_t room = rows->room ? 2 * rows->room : 64;
        struct bench_single_row *more = realloc(rows->rows, room * sizeof *more);
        if (!more) return NULL;
        rows->rows = more;
        rows->room = room;
    }
    struct bench_single_row *row = &rows->rows[rows->count++];
    memset(row, 0, sizeof *row);
    return row;
}

void bench_single_rows_free(struct bench_single_rows *rows) {
    free(rows->rows);
    memset(rows, 0, sizeof *rows);
}

bool bench_single_row_other(const struct bench_single_row *row) {
    return strcmp(row->program, "openblas") == 0 || strncmp(row->program, "torch", 5) == 0;
}

static bool same_net(const struct bench_single_row *a, const struct bench_single_row *b) {
    return strcmp(a->net, b->net) == 0 && a->samples == b->samples && strcmp(a->precision, b->precision) == 0 &&
           strcmp(a->activation, b->activation) == 0;
}

/* What the row `b`, which may be the row itself, says of a row of ours. */
static void relate(struct bench_single_row *a, const struct bench_single_row *b) {
    double ratio = b->best / a->best;
    bool task = strcmp(a->task, b->task) == 0, threads = a->threads == b->threads;
    if (!same_net(a, b) || !(a->best > 0) || !(b->best > 0)) return;
    if (task && threads && strcmp(b->program, "openblas") == 0) a->vs_openblas = ratio;
    if (task && threads && strcmp(b->program, "torch") == 0) a->vs_torch = ratio;
    if (task && threads && strcmp(b->program, "torch-stacked") == 0) a->vs_stacked = ratio;
    if (strcmp(a->program, b->program) != 0) return;
    if (task && a->starts == b->starts && b->threads == 1 && a->threads > 1) a->vs_one_thread = ratio;
    if (task && threads && b->starts == 16 && a->starts < 16) a->vs_block = ratio;
    if (a->starts != b->starts || !threads) return;
    if (strcmp(b->task, "gradient-step") == 0) a->gradient_steps = 1 / ratio;
    if (a->neighbours && strcmp(b->task, "neighbours-1") == 0 && strcmp(a->item, b->item) == 0)
        a->per_trajectory = 2 / ratio / (1 + (double)a->neighbours);
}

void bench_single_rows_relate(struct bench_single_rows *rows) {
    for (size_t i = 0; i < rows->count; i++)
        for (size_t j = 0; j < rows->count && !bench_single_row_other(&rows->rows[i]); j++)
            relate(&rows->rows[i], &rows->rows[j]);
}

/* Goals. */

enum measure { VS_OPENBLAS, BEST_TORCH, VS_ONE_THREAD, GRADIENT_STEPS, PER_TRAJECTORY, MEMORY, BOUND_PERCENT };

static double measured(const struct bench_single_row *row, enum measure what) {
    switch (what) {
    case VS_OPENBLAS:
        return row->vs_openblas;
    case BEST_TORCH:
        return row->vs_stacked > 0 && (!(row->vs_torch > 0) || row->vs_stacked < row->vs_torch) ? row->vs_stacked
                                                                                                : row->vs_torch;
    case VS_ONE_THREAD:
        return row->vs_one_thread;
    case GRADIENT_STEPS:
        return row->gradient_steps;
    case PER_TRAJECTORY:
        return row->per_trajectory;
    case MEMORY:
        return row->needed > 0 ? row->peak / row->needed : 0;
    default:
        return row->bound > 0 && row->best > 0 ? 100 * row->bound / row->best : 0;
    }
}

static const char *const measure_names[] = {"vs_openblas",    "best_torch", "vs_one_thread", "gradient_steps",
                                            "per_trajectory", "memory",     "bound_percent"};

/* A goal for every row of a task (NULL: any) on a net, with so many starts (0: any) and threads. */
static const struct goal {
    const char *task, *net, *precision;
    uint64_t starts;
    int threads;
    enum measure what;
    bool most; /* at most instead of at least */
    double value;
    double least; /* with `most`: and at least this; 0: no matter */
} goals[] = {
    {"gradient-step", "784-64-10", "float32", 1, 1, VS_OPENBLAS, false, 1.08, 0},
    {"gradient-step", "784-64-10", "float64", 1, 1, VS_OPENBLAS, false, 1.0, 0},
    {"tangent-step", "784-64-10", NULL, 1, 1, BEST_TORCH, false, 1 / 0.7, 0},
    {"tangent-step", "784-64-10", NULL, 1, 1, GRADIENT_STEPS, true, 2.5, 0},
    {"tangent-step", "784-64-10", NULL, 1, 2, BEST_TORCH, false, 1.25, 0},
    {"tangent-step", "64-32-10", NULL, 1, 1, BEST_TORCH, false, 1 / 0.7, 0},
    {"tangent-step", "64-32-10", NULL, 1, 2, BEST_TORCH, false, 1.25, 0},
    {"exponents-5", "784-64-10", NULL, 1, 1, BEST_TORCH, false, 1.25, 0},
    {"neighbours-1", "784-64-10", NULL, 1, 1, BEST_TORCH, false, 1.25, 0},
    {"neighbours-3", "784-64-10", NULL, 1, 1, BEST_TORCH, false, 1.25, 0},
    {"neighbours-7", "784-64-10", NULL, 1, 1, BEST_TORCH, false, 1.25, 0},
    {"neighbours-3", "784-64-10", NULL, 1, 1, PER_TRAJECTORY, true, 1.2, 0.8},
    {"neighbours-7", "784-64-10", NULL, 1, 1, PER_TRAJECTORY, true, 1.2, 0.8},
    {NULL, "784-64-10", NULL, 1, 2, VS_ONE_THREAD, false, 1.8, 0},
    {"memory-5", NULL, NULL, 1, 1, MEMORY, true, 1.2, 0},
    {"mid-step", NULL, NULL, 16, 1, BOUND_PERCENT, false, 65, 0},
};

static bool is_for(const struct goal *goal, const struct bench_single_row *row) {
    return (!goal->task || strcmp(goal->task, row->task) == 0) && (!goal->net || strcmp(goal->net, row->net) == 0) &&
           (!goal->precision || strcmp(goal->precision, row->precision) == 0) && goal->starts == row->starts &&
           goal->threads == row->threads;
}

static void judge(struct bench_single_row *row) {
    size_t used = 0, told = 0;
    row->goal[0] = row->reached[0] = 0;
    for (size_t i = 0; i < sizeof goals / sizeof *goals; i++) {
        const struct goal *goal = &goals[i];
        double value = measured(row, goal->what);
        if (!is_for(goal, row)) continue;
        bool reached = goal->most ? value <= goal->value && value >= goal->least : value >= goal->value;
        char wanted[32];
        if (goal->least > 0)
            snprintf(wanted, sizeof wanted, "%.3g .. %.3g", goal->least, goal->value);
        else
            snprintf(wanted, sizeof wanted, "%s %.3g", goal->most ? "<=" : ">=", goal->value);
        used += (size_t)snprintf(row->goal + used, sizeof row->goal - used, "%s%s %s", used ? "; " : "",
                                 measure_names[goal->what], wanted);
        told += (size_t)snprintf(row->reached + told, sizeof row->reached - told, "%s%s", told ? "; " : "",
                                 !(value > 0) ? "?"
                                 : reached    ? "yes"
                                              : "no");
    }
}

void bench_single_rows_judge(struct bench_single_rows *rows) {
    for (size_t i = 0; i < rows->count; i++)
        if (!bench_single_row_other(&rows->rows[i])) judge(&rows->rows[i]);
}

/* The table. */

static struct lyap_value six(double value) {
    return value > 0 ? lyap_short_value(value) : lyap_no_value();
}

#define COLUMN(name, expression) LYAP_COLUMN(name, struct bench_single_row, expression)
COLUMN(task, lyap_word_value(r->task))
COLUMN(net, lyap_word_value(r->net))
COLUMN(activation, lyap_word_value(r->activation))
COLUMN(precision, lyap_word_value(r->precision))
COLUMN(samples, lyap_count_value(r->samples))
COLUMN(neighbours, lyap_count_value(r->neighbours))
COLUMN(exponents, lyap_count_value(r->exponents))
COLUMN(program, lyap_word_value(r->program))
COLUMN(starts, lyap_count_value(r->starts))
COLUMN(threads, lyap_count_value((uint64_t)r->threads))
COLUMN(item, lyap_word_value(r->item))
COLUMN(best, six(r->best))
COLUMN(median, six(r->median))
COLUMN(spread, r->best > 0 && isfinite(r->spread) ? lyap_short_value(r->spread) : lyap_no_value())
COLUMN(vs_openblas, six(r->vs_openblas))
COLUMN(vs_torch, six(r->vs_torch))
COLUMN(vs_stacked, six(r->vs_stacked))
COLUMN(vs_one_thread, six(r->vs_one_thread))
COLUMN(vs_block, six(r->vs_block))
COLUMN(gradient_steps, six(r->gradient_steps))
COLUMN(per_trajectory, six(r->per_trajectory))
COLUMN(bound, six(r->bound))
COLUMN(bound_percent, six(measured(r, BOUND_PERCENT)))
COLUMN(limit, lyap_word_value(r->limit))
COLUMN(peak, six(r->peak / 1e6))
COLUMN(needed, six(r->needed / 1e6))
COLUMN(residual, isfinite(r->residual) ? lyap_three_digits(r->residual) : lyap_no_value())
COLUMN(state_residual, isfinite(r->state_residual) ? lyap_three_digits(r->state_residual) : lyap_no_value())
COLUMN(tolerance, lyap_short_value(r->tolerance))
COLUMN(goal, lyap_word_value(r->goal))
COLUMN(reached, lyap_word_value(r->reached))
COLUMN(note, lyap_word_value(r->note))

static const struct lyap_column columns[] = {
    {"task", NULL, "what is run", LYAP_COLUMN_WORD, task, NULL},
    {"net", NULL, "units of the layers", LYAP_COLUMN_WORD, net, NULL},
    {"activation", NULL, "of all layers", LYAP_COLUMN_WORD, activation, NULL},
    {"precision", NULL, "float32 or float64", LYAP_COLUMN_WORD, precision, NULL},
    {"samples", NULL, "of the full batch", LYAP_COLUMN_COUNT, samples, NULL},
    {"neighbours", NULL, "networks beside the parent", LYAP_COLUMN_COUNT, neighbours, NULL},
    {"exponents", NULL, "directions in tangent space", LYAP_COLUMN_COUNT, exponents, NULL},
    {"program", NULL, "instruction set of lyapgrad, or the other program", LYAP_COLUMN_WORD, program, NULL},
    {"starts", NULL, "cells of the run", LYAP_COLUMN_COUNT, starts, NULL},
    {"threads", NULL, "of the run", LYAP_COLUMN_COUNT, threads, NULL},
    {"item", NULL, "what is timed, of one start", LYAP_COLUMN_WORD, item, NULL},
    {"best_ns", "ns an item", "best time; empty: not timed", LYAP_COLUMN_REAL, best, NULL},
    {"median_ns", "ns an item", "median time", LYAP_COLUMN_REAL, median, NULL},
    {"spread", NULL, "interquartile range over the median", LYAP_COLUMN_REAL, spread, NULL},
    {"vs_openblas", NULL, "time on OpenBLAS over this one's", LYAP_COLUMN_REAL, vs_openblas, NULL},
    {"vs_torch", NULL, "time in PyTorch over this one's", LYAP_COLUMN_REAL, vs_torch, NULL},
    {"vs_torch_stacked", NULL, "time in PyTorch with first layers side by side over this one's", LYAP_COLUMN_REAL,
     vs_stacked, NULL},
    {"vs_one_thread", NULL, "time on one thread over this one's", LYAP_COLUMN_REAL, vs_one_thread, NULL},
    {"vs_block", NULL, "time of one start among sixteen over this one's", LYAP_COLUMN_REAL, vs_block, NULL},
    {"gradient_steps", NULL, "this time over the gradient step's", LYAP_COLUMN_REAL, gradient_steps, NULL},
    {"per_trajectory", NULL, "time a trajectory over that with one neighbour", LYAP_COLUMN_REAL, per_trajectory, NULL},
    {"bound_ns", "ns an item", "least time by the limits of the core", LYAP_COLUMN_REAL, bound, NULL},
    {"bound_percent", "%", "bound over time", LYAP_COLUMN_REAL, bound_percent, NULL},
    {"limit", NULL, "what sets the bound", LYAP_COLUMN_WORD, limit, NULL},
    {"peak_mb", "MB", "memory of the process at most", LYAP_COLUMN_REAL, peak, NULL},
    {"needed_mb", "MB", "what the task needs by its sizes", LYAP_COLUMN_REAL, needed, NULL},
    {"residual", NULL, "of distances (relative) or growth (nats a step) from lyapgrad's", LYAP_COLUMN_REAL, residual,
     NULL},
    {"state_residual", NULL, "of weights (over the largest) or loss (relative) from lyapgrad's", LYAP_COLUMN_REAL,
     state_residual, NULL},
    {"tolerance", NULL, "the largest residual that is timed", LYAP_COLUMN_REAL, tolerance, NULL},
    {"goal", NULL, "what the row should reach", LYAP_COLUMN_WORD, goal, NULL},
    {"reached", NULL, "yes or no for each part of the goal", LYAP_COLUMN_WORD, reached, NULL},
    {"note", NULL, "version and form of another program, or why it was not timed", LYAP_COLUMN_WORD, note, NULL},
};
static const struct lyap_schema schema = {"single.csv", "a task on one network, by a program", {LYAP_GROUP(columns)}};
enum { COLUMNS = sizeof columns / sizeof *columns };

void bench_single_rows_csv(FILE *file, const struct bench_single_rows *rows, const struct bench_machine *machine) {
    bench_machine_write(machine, file, "# ");
    lyap_schema_head(file, &schema, NULL);
    for (size_t i = 0; i < rows->count; i++) lyap_schema_row(file, &schema, NULL, &rows->rows[i]);
}

void bench_single_rows_json(FILE *file, const struct bench_single_rows *rows) {
    fputc('[', file);
    for (size_t i = 0; i < rows->count; i++) {
        fputs(i ? ",\n    {" : "\n    {", file);
        for (int c = 0; c < COLUMNS; c++) {
            struct lyap_value value = columns[c].value(&rows->rows[i], 0);
            fprintf(file, "%s\"%s\": ", c ? ", " : "", columns[c].name);
            if (columns[c].type == LYAP_COLUMN_WORD)
                bench_json_text(file, value.word);
            else if (value.field == LYAP_FIELD_COUNT)
                fprintf(file, "%llu", (unsigned long long)value.count);
            else
                bench_number(file, value.field == LYAP_FIELD_EMPTY ? NAN : value.real, "null");
        }
        fputc('}', file);
    }
    fputs("\n  ]", file);
}

/* A spread, which a single measurement has not. */
static const char *percent(double spread, char text[16]) {
    if (isfinite(spread))
        snprintf(text, 16, "%5.1f %%", 100 * spread);
    else
        snprintf(text, 16, "      -");
    return text;
}

void bench_single_row_print(FILE *file, const struct bench_single_row *row) {
    char text[16];
    if (!row) {
        fprintf(file, "%-14s %-10s %-5s %-8s %-13s %6s %7s %12s %12s %7s %9s  %s\n", "# task", "net", "f", "precision",
                "program", "starts", "threads", "best us", "median us", "spread", "residual", "note");
        return;
    }
    fprintf(file, "%-14s %-10s %-5s %-8s %-13s %6llu %7d ", row->task, row->net, row->activation, row->precision,
            row->program, (unsigned long long)row->starts, row->threads);
    if (row->best > 0)
        fprintf(file, "%12.3f %12.3f %s ", row->best / 1000, row->median / 1000, percent(row->spread, text));
    else
        fprintf(file, "%12s %12s %7s ", "-", "-", "-");
    fprintf(file, "%9.1e  %s\n", row->residual, row->note);
}
