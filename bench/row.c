#include "row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_value.h"

const char *const bench_baseline_names[BENCH_BASELINES] = {"scalar", "plain", "vectorised", "openblas",
                                                           "numpy",  "torch", "numba"};

struct bench_row *bench_rows_add(struct bench_rows *rows) {
    if (rows->count == rows->room) {
        size_t room = rows->room ? 2 * rows->room : 64;
        struct bench_row *more = realloc(rows->rows, room * sizeof *more);
        if (!more) return NULL;
        rows->rows = more;
        rows->room = room;
    }
    struct bench_row *row = &rows->rows[rows->count++];
    memset(row, 0, sizeof *row);
    return row;
}

void bench_rows_free(struct bench_rows *rows) {
    free(rows->rows);
    memset(rows, 0, sizeof *rows);
}

bool bench_row_same_case(const struct bench_row *a, const struct bench_row *b) {
    return strcmp(a->kernel, b->kernel) == 0 && strcmp(a->precision, b->precision) == 0 &&
           strcmp(a->net, b->net) == 0 && strcmp(a->activation, b->activation) == 0;
}

void bench_rows_relate(struct bench_rows *rows) {
    for (size_t i = 0; i < rows->count; i++)
        for (size_t j = 0; j < rows->count; j++) {
            struct bench_row *row = &rows->rows[i], *other = &rows->rows[j];
            if (!bench_row_same_case(row, other) || !(row->best > 0)) continue;
            for (int b = 0; b < BENCH_BASELINES; b++)
                if (strcmp(other->isa, bench_baseline_names[b]) == 0) row->ratio[b] = other->best / row->best;
        }
}

void bench_row_print(FILE *file, const struct bench_row *row) {
    if (!row) {
        fprintf(file, "%-10s %-10s %-10s %-8s %-8s %9s %9s %6s %7s %8s %7s %-7s %8s %9s\n", "# kernel", "isa", "net",
                "function", "precision", "best ns", "median ns", "spread", "cycles", "GFLOP/s", "% bound", "limit",
                "x scalar", "residual");
        return;
    }
    fprintf(file, "%-10s %-10s %-10s %-8s %-8s %9.3f %9.3f %5.1f%% ", row->kernel, row->isa, *row->net ? row->net : "-",
            *row->activation ? row->activation : "-", row->precision, row->best, row->median, 100 * row->spread);
    fprintf(file, row->cycles > 0 ? "%7.2f " : "      - ", row->cycles);
    fprintf(file, row->gflops > 0 ? "%8.1f " : "       - ", row->gflops);
    if (row->bound > 0)
        fprintf(file, "%6.1f%% %-7s ", 100 * row->bound / row->best, row->limit);
    else
        fprintf(file, "      - -       ");
    fprintf(file, row->ratio[BENCH_SCALAR] > 0 ? "%8.2f " : "       - ", row->ratio[BENCH_SCALAR]);
    fprintf(file, "%9.1e %s\n", row->residual, row->note);
}

/* The columns that are numbers; the words come before them. */
enum { WORDS = 8, NUMBERS = 10 + BENCH_BASELINES };

static const char *const word_names[WORDS] = {"kernel",     "isa",  "precision", "net",
                                              "activation", "item", "limit",     "note"};
static const char *const number_names[10] = {"best_ns",       "median_ns", "spread",        "cycles",   "gflops",
                                             "flop_per_byte", "bound_ns",  "bound_percent", "residual", "tolerance"};

static const char *word(const struct bench_row *r, int i) {
    const char *const words[WORDS] = {r->kernel,     r->isa,  r->precision, r->net,
                                      r->activation, r->item, r->limit,     r->note};
    return words[i];
}

/* A number, NAN where it is not known. */
static double number(const struct bench_row *r, int i) {
    const double values[10] = {r->best,
                               r->median,
                               r->spread,
                               r->cycles > 0 ? r->cycles : NAN,
                               r->gflops > 0 ? r->gflops : NAN,
                               r->intensity > 0 ? r->intensity : NAN,
                               r->bound > 0 ? r->bound : NAN,
                               r->bound > 0 ? 100 * r->bound / r->best : NAN,
                               r->residual,
                               r->tolerance};
    if (i < 10) return values[i];
    return r->ratio[i - 10] > 0 ? r->ratio[i - 10] : NAN;
}

static void number_name(int i, char text[32]) {
    if (i < 10)
        snprintf(text, 32, "%s", number_names[i]);
    else
        snprintf(text, 32, "vs_%s", bench_baseline_names[i - 10]);
}

void bench_rows_csv(FILE *file, const struct bench_rows *rows, const struct bench_machine *machine) {
    bench_machine_write(machine, file, "# ");
    for (int i = 0; i < WORDS; i++) fprintf(file, "%s%s", i ? "," : "", word_names[i]);
    for (int i = 0; i < NUMBERS; i++) {
        char name[32];
        number_name(i, name);
        fprintf(file, ",%s", name);
    }
    fputc('\n', file);
    for (size_t r = 0; r < rows->count; r++) {
        for (int i = 0; i < WORDS; i++) {
            if (i) fputc(',', file);
            for (const char *c = word(&rows->rows[r], i); *c; c++) fputc(*c == ',' || *c == '"' ? ';' : *c, file);
        }
        for (int i = 0; i < NUMBERS; i++) {
            fputc(',', file);
            bench_number(file, number(&rows->rows[r], i), "");
        }
        fputc('\n', file);
    }
}

void bench_rows_json(FILE *file, const struct bench_rows *rows) {
    fputc('[', file);
    for (size_t r = 0; r < rows->count; r++) {
        fputs(r ? ",\n    {" : "\n    {", file);
        for (int i = 0; i < WORDS; i++) {
            fprintf(file, "%s\"%s\": ", i ? ", " : "", word_names[i]);
            bench_json_text(file, word(&rows->rows[r], i));
        }
        for (int i = 0; i < NUMBERS; i++) {
            char name[32];
            number_name(i, name);
            fprintf(file, ", \"%s\": ", name);
            bench_number(file, number(&rows->rows[r], i), "null");
        }
        fputc('}', file);
    }
    fputs("\n  ]", file);
}

/* The columns of limits. */
enum { LIMITS = 20 };
static const char *const limit_names[LIMITS] = {
    "peak_gflops", "fma_ns",  "add_extra_ns", "relu_extra_ns", "gate_extra_ns", "any_ns",       "words_ns",
    "div_ns",      "sqrt_ns", "exp_ns",       "log_ns",        "log1p_ns",      "tanh_ns",      "sincospi_ns",
    "read_l1",     "read_l2", "read_memory",  "update_l1",     "update_l2",     "update_memory"};

static double limit_value(const struct bench_limits *m, int i) {
    const double values[LIMITS] = {bench_limits_peak(m),
                                   m->fma,
                                   m->add,
                                   m->relu,
                                   m->gate,
                                   m->any,
                                   m->words,
                                   m->div,
                                   m->sqrt,
                                   m->exp,
                                   m->log,
                                   m->log1p,
                                   m->tanh,
                                   m->sincospi,
                                   m->read_l1,
                                   m->read_l2,
                                   m->read_memory,
                                   m->update_l1,
                                   m->update_l2,
                                   m->update_memory};
    return values[i];
}

void bench_limits_csv(FILE *file, const char *isa, const char *precision, const struct bench_limits *limits) {
    if (!limits) {
        fputs("isa,precision", file);
        for (int i = 0; i < LIMITS; i++) fprintf(file, ",%s", limit_names[i]);
        fputc('\n', file);
        return;
    }
    fprintf(file, "%s,%s", isa, precision);
    for (int i = 0; i < LIMITS; i++) {
        fputc(',', file);
        bench_number(file, limit_value(limits, i), "");
    }
    fputc('\n', file);
}

void bench_limits_json(FILE *file, const char *isa, const char *precision, const struct bench_limits *limits) {
    fprintf(file, "{\"isa\": \"%s\", \"precision\": \"%s\"", isa, precision);
    for (int i = 0; i < LIMITS; i++) {
        fprintf(file, ", \"%s\": ", limit_names[i]);
        bench_number(file, limit_value(limits, i), "null");
    }
    fputc('}', file);
}
