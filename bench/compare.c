#include "compare.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"

enum { MOST_COLUMNS = 64, KEYS = 5, TIMES = 2 };

/* Splits a line at its commas in place; returns the number of fields. */
static int split(char *line, char *fields[MOST_COLUMNS]) {
    int n = 0;
    line[strcspn(line, "\r\n")] = 0;
    for (char *next = line; next && n < MOST_COLUMNS;) {
        fields[n++] = next;
        next = strchr(next, ',');
        if (next) *next++ = 0;
    }
    return n;
}

static int column(char *const fields[], int n, const char *name) {
    for (int i = 0; i < n; i++)
        if (strcmp(fields[i], name) == 0) return i;
    return -1;
}

static enum lyap_status bad(const char *path, int line, const char *what, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_FILE, "%.300s: line %d: %s", path, line, what);
}

static enum lyap_status read_lines(struct bench_rows *rows, FILE *file, const char *path, struct lyap_error *error) {
    static const char *const names[KEYS + TIMES] = {"kernel",     "isa",     "precision", "net",
                                                    "activation", "best_ns", "median_ns"};
    char line[1024], *fields[MOST_COLUMNS];
    int at[KEYS + TIMES], columns = 0;
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        if (*line == '#' || *line == '\n') continue;
        int n = split(line, fields);
        if (!columns) {
            columns = n;
            for (int i = 0; i < KEYS + TIMES; i++) {
                at[i] = column(fields, n, names[i]);
                if (at[i] < 0) return bad(path, number, "no table of lyapgrad-bench: a column is missing", error);
            }
            continue;
        }
        if (n != columns) return bad(path, number, "another number of fields than the head has", error);
        struct bench_row *row = bench_rows_add(rows);
        if (!row) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
        snprintf(row->kernel, sizeof row->kernel, "%s", fields[at[0]]);
        snprintf(row->isa, sizeof row->isa, "%s", fields[at[1]]);
        snprintf(row->precision, sizeof row->precision, "%s", fields[at[2]]);
        snprintf(row->net, sizeof row->net, "%s", fields[at[3]]);
        snprintf(row->activation, sizeof row->activation, "%s", fields[at[4]]);
        if (lyap_number_real(fields[at[5]], &row->best) || lyap_number_real(fields[at[6]], &row->median) ||
            !(row->best > 0))
            return bad(path, number, "a time is no positive number", error);
    }
    return columns ? LYAP_OK : bad(path, 1, "no table in it", error);
}

enum lyap_status bench_rows_read(struct bench_rows *rows, const char *path, struct lyap_error *error) {
    FILE *file = fopen(path, "r");
    if (!file) return lyap_fail(error, LYAP_ERROR_FILE, "%.300s: %s", path, strerror(errno));
    enum lyap_status status = read_lines(rows, file, path, error);
    fclose(file);
    return status;
}

static double excess(const struct bench_row *row) {
    double e = row->median / row->best - 1;
    return e > 0.25 ? 0.25 : e > 0 ? e : 0;
}

double bench_noise(const struct bench_row *before, const struct bench_row *after) {
    return 0.05 + excess(before) + excess(after);
}

int bench_compare(FILE *file, const struct bench_rows *before, const struct bench_rows *after) {
    int slower = 0, compared = 0;
    for (size_t i = 0; i < after->count; i++)
        for (size_t j = 0; j < before->count; j++) {
            const struct bench_row *new = &after->rows[i], *old = &before->rows[j];
            if (!bench_row_same_case(old, new) || strcmp(old->isa, new->isa) != 0) continue;
            compared++;
            double noise = bench_noise(old, new);
            if (!(new->best > old->best *(1 + noise))) continue;
            slower++;
            fprintf(file, "slower: %s %s %s %s %s: %.3f ns, was %.3f: %+.0f %% (noise %.0f %%)\n", new->kernel,
                    new->isa, new->net, new->activation, new->precision, new->best, old->best,
                    100 * (new->best / old->best - 1), 100 * noise);
        }
    fprintf(file, "%d of %d rows slower beyond noise\n", slower, compared);
    return slower;
}
