/* The report of a run in Markdown, the part of bench/REPORT.md that is numbers. */
#include <math.h>
#include <string.h>

#include "files.h"

static const struct bench_row *find(const struct bench_suite *suite, const char *kernel, const char *isa,
                                    const char *precision, const char *net, const char *activation) {
    for (size_t i = 0; i < suite->rows.count; i++) {
        const struct bench_row *r = &suite->rows.rows[i];
        if (strcmp(r->kernel, kernel) == 0 && strcmp(r->isa, isa) == 0 && strcmp(r->precision, precision) == 0 &&
            strcmp(r->net, net) == 0 && strcmp(r->activation, activation) == 0)
            return r;
    }
    return NULL;
}

static void limits(FILE *file, const struct bench_suite *suite) {
    fputs("\n### Limits of this core\n\n"
          "| isa | precision | FMA peak GFLOP/s | ns a lane: FMA | +add | +max | +gate | divide | exp | log | tanh | "
          "sincospi | "
          "update L1 / L2 / memory GB/s |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
          file);
    for (int i = 0; i < LYAP_ISA_COUNT; i++)
        for (int p = 0; p < 2; p++) {
            if (!suite->limits_known[i][p]) continue;
            const struct bench_limits *m = &suite->limits[i][p];
            fprintf(file,
                    "| %s | %s | %.1f | %.4f | %.4f | %.4f | %.4f | %.3f | %.3f | %.3f | %.3f | %.3f | %.0f / %.0f / "
                    "%.1f |\n",
                    lyap_isa_name((enum lyap_isa)i), lyap_precision_name((enum lyap_precision)p), bench_limits_peak(m),
                    m->fma, m->add, m->relu, m->gate, m->div, m->exp, m->log, m->tanh, m->sincospi, m->update_l1,
                    m->update_l2, m->update_memory);
        }
}

/* A row of ours, not of another program. */
static bool is_ours(const struct bench_row *row) {
    for (int i = 0; i < LYAP_ISA_COUNT; i++)
        if (strcmp(row->isa, lyap_isa_name((enum lyap_isa)i)) == 0) return true;
    return false;
}

/* Best Python peer over this row: Numba, PyTorch or NumPy, the fastest; 0 with none. */
static double python_ratio(const struct bench_row *row) {
    double least = 0;
    for (int b = BENCH_NUMPY; b <= BENCH_NUMBA; b++)
        if (row->ratio[b] > 0 && (least == 0 || row->ratio[b] < least)) least = row->ratio[b];
    return least;
}

static void ratio(FILE *file, double value) {
    fprintf(file, value > 0 ? " %.3g |" : " |", value);
}

static void rows(FILE *file, const struct bench_suite *suite) {
    fputs("\n### Kernels\n\n"
          "| kernel | net | function | precision | isa | best ns | median | spread | GFLOP/s | % of bound | bound by | "
          "x scalar | x "
          "plain C | x vectorised C | x OpenBLAS | x best Python | residual |\n"
          "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
          file);
    for (size_t i = 0; i < suite->rows.count; i++) {
        const struct bench_row *r = &suite->rows.rows[i];
        if (!is_ours(r)) continue;
        fprintf(file, "| %s | %s | %s | %s | %s | %.3f | %.3f | %.1f %% |", r->kernel, r->net, r->activation,
                r->precision, r->isa, r->best, r->median, 100 * r->spread);
        ratio(file, r->gflops);
        if (r->bound > 0)
            fprintf(file, " %.0f | %s |", 100 * r->bound / r->best, r->limit);
        else
            fputs(" | |", file);
        for (int b = BENCH_SCALAR; b <= BENCH_OPENBLAS; b++) ratio(file, r->ratio[b]);
        ratio(file, python_ratio(r));
        fprintf(file, " %.0e |\n", r->residual);
    }
}

static void peers(FILE *file, const struct bench_suite *suite) {
    bool any = false;
    for (size_t i = 0; i < suite->rows.count; i++) {
        const struct bench_row *r = &suite->rows.rows[i];
        if (is_ours(r) || strcmp(r->kernel, "step") != 0) continue;
        if (!any)
            fputs("\n### Other programs, ns a network-step\n\n| program | net | function | precision | best ns | "
                  "median | "
                  "spread | residual | version |\n|---|---|---|---|---|---|---|---|---|\n",
                  file);
        any = true;
        fprintf(file, "| %s | %s | %s | %s | %.3f | %.3f | %.1f %% | %.0e | %s |\n", r->isa, r->net, r->activation,
                r->precision, r->best, r->median, 100 * r->spread, r->residual, r->note);
    }
}

/* A normal draw over one logarithm of the same set and precision. */
static void draws(FILE *file, const struct bench_suite *suite) {
    bool any = false;
    for (int i = 0; i < LYAP_ISA_COUNT; i++)
        for (int p = 0; p < 2; p++) {
            const char *isa = lyap_isa_name((enum lyap_isa)i), *precision = lyap_precision_name((enum lyap_precision)p);
            const struct bench_row *normal = find(suite, "normal", isa, precision, "", "");
            if (!normal || !suite->limits_known[i][p]) continue;
            if (!any)
                fputs("\n### A normal draw over one SLEEF logarithm\n\n| isa | precision | draw ns | log ns | ratio |\n"
                      "|---|---|---|---|---|\n",
                      file);
            any = true;
            fprintf(file, "| %s | %s | %.3f | %.3f | %.2f |\n", isa, precision, normal->best, suite->limits[i][p].log,
                    normal->best / suite->limits[i][p].log);
        }
}

/* The steps whose bound is the issue limit, also against the coarser count that gives every operation a multiplier's slot. */
static void issue(FILE *file, const struct bench_suite *suite) {
    bool any = false;
    for (size_t i = 0; i < suite->rows.count; i++) {
        const struct bench_row *r = &suite->rows.rows[i];
        struct lyap_network net;
        enum lyap_activation f;
        if (strcmp(r->kernel, "step") != 0 || strcmp(r->limit, "issue") != 0 || strcmp(r->net, "2-2-1") != 0) continue;
        if (lyap_activation_parse(r->activation, &f, NULL) || lyap_network_init(&net, r->net, f, f, LYAP_MSE, NULL))
            continue;
        bool wide = strcmp(r->precision, "float64") == 0;
        struct bench_count c = bench_count_step(&net, 4, 24, wide ? sizeof(double) : sizeof(float));
        double all = c.fma + c.mul + c.add + c.relu + c.gate;
        if (!any)
            fputs("\n### The issue limit counted two ways\n\n| isa | precision | function | best ns | % of bound | % "
                  "if every "
                  "operation took a multiplier's slot |\n|---|---|---|---|---|---|\n",
                  file);
        any = true;
        for (int isa = 0; isa < LYAP_ISA_COUNT; isa++)
            if (strcmp(r->isa, lyap_isa_name((enum lyap_isa)isa)) == 0)
                fprintf(file, "| %s | %s | %s | %.3f | %.0f | %.0f |\n", r->isa, r->precision, r->activation, r->best,
                        100 * r->bound / r->best, 100 * all * suite->limits[isa][wide].fma / r->best);
    }
}

static void curves_of(FILE *file, const struct bench_curve *curves) {
    fputs("\n### Scaling\n\n| against | settings | from | to | seconds | peak MB | time ~ x^ "
          "|\n|---|---|---|---|---|---|---|\n",
          file);
    for (int c = 0; c < BENCH_CURVES; c++) {
        const struct bench_curve *k = &curves[c];
        int last = k->count - 1;
        if (last < 0) continue;
        fprintf(file, "| %s | %s | %.0f | %.0f | %.3g to %.3g | %.3g to %.3g |", k->name, k->what, k->x[0], k->x[last],
                k->seconds[0], k->seconds[last], k->megabytes[0], k->megabytes[last]);
        if (strcmp(k->name, "threads") == 0)
            fprintf(file, " %.2f times one thread |\n", k->seconds[0] / k->seconds[last]);
        else if (isfinite(k->exponent))
            fprintf(file, " %.2f |\n", k->exponent);
        else
            fputs(" |\n", file);
    }
}

void bench_report_write(FILE *file, const struct bench_suite *suite, const struct bench_curve *curves) {
    int measured, noisy = bench_noisy(0.1, &measured);
    bench_machine_write(suite->machine, file, "- ");
    fprintf(file, "- noise: %d of %d measurements with a spread over 10 %%\n", noisy, measured);
    if (suite->rows.count) {
        limits(file, suite);
        rows(file, suite);
        peers(file, suite);
        issue(file, suite);
        draws(file, suite);
    }
    if (suite->single.count) bench_single_rows_report(file, &suite->single);
    if (curves) curves_of(file, curves);
}
