#include "json.h"

#include "json_value.h"

static void machine(FILE *file, const struct bench_machine *m) {
    const char *const names[] = {"version",  "commit", "date",        "cpu",  "system",
                                 "compiler", "flags",  "plain_flags", "sleef"};
    const char *const values[] = {m->version,  m->commit, m->date,   m->cpu,  m->system,
                                  m->compiler, m->flags,  m->native, m->sleef};
    fputs("  \"machine\": {\n", file);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fprintf(file, "    \"%s\": ", names[i]);
        bench_json_text(file, values[i]);
        fputs(",\n", file);
    }
    fprintf(file, "    \"cpus\": %d,\n    \"pinned\": %s,\n    \"l1\": %zu,\n    \"l2\": %zu,\n    \"l3\": %zu,\n",
            m->cpus, m->pinned ? "true" : "false", m->l1, m->l2, m->l3);
    fputs("    \"clock_ghz\": ", file);
    bench_number(file, m->ghz, "null");
    fputs("\n  },\n", file);
}

static void limits(FILE *file, const struct bench_suite *suite) {
    const char *separator = "\n    ";
    fputs("  \"limits\": [", file);
    for (int i = 0; i < LYAP_ISA_COUNT; i++)
        for (int p = 0; p < 2; p++) {
            if (!suite->limits_known[i][p]) continue;
            fputs(separator, file);
            bench_limits_json(file, lyap_isa_name((enum lyap_isa)i), lyap_precision_name((enum lyap_precision)p),
                              &suite->limits[i][p]);
            separator = ",\n    ";
        }
    fputs("\n  ],\n", file);
}

static void curve(FILE *file, const struct bench_curve *c) {
    fputs("{\"curve\": ", file);
    bench_json_text(file, c->name);
    fputs(", \"settings\": ", file);
    bench_json_text(file, c->what);
    fputs(", \"exponent\": ", file);
    bench_number(file, c->exponent, "null");
    fputs(", \"points\": [", file);
    for (int i = 0; i < c->count; i++) {
        fprintf(file, "%s{\"x\": %.0f, \"seconds\": ", i ? ", " : "", c->x[i]);
        bench_number(file, c->seconds[i], "null");
        fputs(", \"megabytes\": ", file);
        bench_number(file, c->megabytes[i], "null");
        fputc('}', file);
    }
    fputs("]}", file);
}

void bench_json_write(FILE *file, const struct bench_suite *suite, const struct bench_curve *curves) {
    fputs("{\n", file);
    machine(file, suite->machine);
    limits(file, suite);
    fputs("  \"rows\": ", file);
    bench_rows_json(file, &suite->rows);
    fputs(",\n  \"single\": ", file);
    bench_single_rows_json(file, &suite->single);
    fputs(",\n  \"scaling\": [", file);
    for (int c = 0; curves && c < BENCH_CURVES; c++) {
        fputs(c ? ",\n    " : "\n    ", file);
        curve(file, &curves[c]);
    }
    fputs("\n  ]\n}\n", file);
}
