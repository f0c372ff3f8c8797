/* The section of report.md on one network: the library's rows with what they are compared with, those with a bound, the other
 * programs. */
#include <math.h>

#include "single_rows.h"

/* A cell of the table; what is not known is empty. */
static void number(FILE *file, double value, const char *format) {
    fputc(' ', file);
    if (value > 0) fprintf(file, format, value);
    fputs(" |", file);
}

static void time_of(FILE *file, const struct bench_single_row *r) {
    if (r->best > 0)
        fprintf(file, " %.3f | %.3f |", r->best / 1000, r->median / 1000);
    else
        fputs(" not timed | |", file);
    fprintf(file, isfinite(r->spread) && r->best > 0 ? " %.1f %% |" : " |", 100 * r->spread);
}

static void name(FILE *file, const struct bench_single_row *r) {
    fprintf(file, "| %s | %s | %s | %s | %s | %llu | %d |", r->task, r->net, r->activation, r->precision, r->program,
            (unsigned long long)r->starts, r->threads);
}

static void compared(FILE *file, const struct bench_single_rows *rows) {
    bool any = false;
    for (size_t i = 0; i < rows->count; i++) {
        const struct bench_single_row *r = &rows->rows[i];
        if (bench_single_row_other(r) || r->bound > 0 || r->peak > 0) continue;
        if (!any)
            fputs("\n| task | net | function | precision | isa | starts | threads | best us | median | spread | "
                  "OpenBLAS over this | PyTorch over this | stacked | one thread over this | one of 16 over this | "
                  "gradient "
                  "steps | a trajectory | goal | reached |\n"
                  "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
                  file);
        any = true;
        name(file, r);
        time_of(file, r);
        number(file, r->vs_openblas, "%.2f");
        number(file, r->vs_torch, "%.2f");
        number(file, r->vs_stacked, "%.2f");
        number(file, r->vs_one_thread, "%.2f");
        number(file, r->vs_block, "%.2f");
        number(file, r->gradient_steps, "%.2f");
        number(file, r->per_trajectory, "%.2f");
        fprintf(file, " %s | %s |\n", r->goal, *r->reached ? r->reached : r->note);
    }
}

static void bounded(FILE *file, const struct bench_single_rows *rows) {
    bool any = false;
    for (size_t i = 0; i < rows->count; i++) {
        const struct bench_single_row *r = &rows->rows[i];
        if (!(r->bound > 0 || r->peak > 0)) continue;
        if (!any)
            fputs("\n| task | net | function | precision | isa | starts | threads | best us | median | spread | bound "
                  "us | % of bound | bound by | peak MB | needed MB | goal | reached |\n"
                  "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
                  file);
        any = true;
        name(file, r);
        time_of(file, r);
        number(file, r->bound / 1000, "%.4f");
        number(file, r->best > 0 ? 100 * r->bound / r->best : 0, "%.0f");
        fprintf(file, " %s |", r->limit);
        number(file, r->peak / 1e6, "%.0f");
        number(file, r->needed / 1e6, "%.0f");
        fprintf(file, " %s | %s |\n", r->goal, r->reached);
    }
}

static void others(FILE *file, const struct bench_single_rows *rows) {
    bool any = false;
    for (size_t i = 0; i < rows->count; i++) {
        const struct bench_single_row *r = &rows->rows[i];
        if (!bench_single_row_other(r)) continue;
        if (!any)
            fputs(
                "\n| task | net | function | precision | program | starts | threads | best us | median | spread | "
                "residual | of its state | version and form |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
                file);
        any = true;
        name(file, r);
        time_of(file, r);
        fprintf(file, " %.0e | %.0e | %s |\n", r->residual, r->state_residual, r->note);
    }
}

void bench_single_rows_report(FILE *file, const struct bench_single_rows *rows) {
    fputs("\n### One network\n\nMicroseconds of a step of one start. A ratio above 1 means that lyapgrad is the faster "
          "one.\n",
          file);
    compared(file, rows);
    bounded(file, rows);
    others(file, rows);
}
