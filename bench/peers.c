#include "peers.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/output_file.h"

/* Enough networks that Python's own cost an operation does not count: 512 cells of 25, a batch of 12,800. */
enum { CELLS = 512, NETWORKS = 25, PARAMETERS = 9, EPOCHS = 10 };

/* Collects the expected distances. */
struct expected {
    double *distance; /* [EPOCHS][CELLS] */
};

static enum lyap_status collect(const struct lyap_chunk *chunk, void *context, struct lyap_error *error) {
    struct expected *expected = context;
    (void)error;
    for (size_t c = 0; c < chunk->count; c++)
        for (size_t t = 0; t < EPOCHS; t++)
            expected->distance[t * CELLS + chunk->first_cell + c] = chunk->distance[c * chunk->stride + t];
    return LYAP_OK;
}

static bool write_reals(FILE *file, const double *values, size_t n, enum lyap_precision precision) {
    for (size_t i = 0; i < n; i++) {
        float narrow = (float)values[i];
        const void *value = precision == LYAP_FLOAT64 ? (const void *)&values[i] : (const void *)&narrow;
        if (fwrite(value, precision == LYAP_FLOAT64 ? sizeof(double) : sizeof(float), 1, file) != 1) return false;
    }
    return true;
}

/* Writes one case: w[9][networks][cells], then the distances. */
static enum lyap_status write_case(const char *path, enum lyap_activation activation, enum lyap_precision precision,
                                   double *lr, struct lyap_error *error) {
    struct lyap_network net;
    struct lyap_dataset data = {0};
    struct lyap_plan plan;
    struct lyap_output output;
    enum lyap_status status = lyap_network_init(&net, "2-2-1", activation, activation, LYAP_MSE, error);
    if (!status) status = lyap_dataset_xor(&data, error);
    if (status) return status;
    lyap_plan_defaults(&plan, &net, &data);
    plan.precision = precision;
    plan.starts = CELLS;
    plan.setting.epochs = EPOCHS;
    plan.series = true;
    plan.threads = 1;
    *lr = plan.setting.lr;
    size_t n = (size_t)CELLS * NETWORKS * PARAMETERS;
    double *numbers = malloc((2 * n + EPOCHS * CELLS) * sizeof *numbers);
    if (!numbers) {
        lyap_dataset_free(&data);
        return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the peers' weights");
    }
    double *turned = numbers + n;
    struct expected expected = {turned + n};
    status = lyap_isa_select(NULL, &plan.isa, error);
    if (!status) status = lyap_ensemble_initial(&plan, 0, CELLS, numbers, error);
    if (!status) status = lyap_ensemble_run(&plan, collect, &expected, error);
    for (size_t i = 0; i < n && !status; i++) {
        size_t cell = i / (NETWORKS * PARAMETERS), network = i / PARAMETERS % NETWORKS, p = i % PARAMETERS;
        turned[(p * NETWORKS + network) * CELLS + cell] = numbers[i];
    }
    if (!status) status = lyap_output_open(&output, path, NULL, error);
    if (!status) {
        if (write_reals(output.file, turned, n + EPOCHS * CELLS, precision))
            status = lyap_output_commit(&output, error);
        else {
            status = lyap_fail(error, LYAP_ERROR_OUTPUT, "%s: cannot write", path);
            lyap_output_abandon(&output);
        }
    }
    free(numbers);
    lyap_dataset_free(&data);
    return status;
}

bool bench_peers_line(const char *line, struct bench_row *row) {
    memset(row, 0, sizeof *row);
    int end = 0;
    if (sscanf(line, "%15[^,],%11[^,],%11[^,],%lf,%lf,%lf,%lf,%63[^\n]%n", row->isa, row->activation, row->precision,
               &row->best, &row->median, &row->spread, &row->residual, row->note, &end) != 8 ||
        !(row->best > 0))
        return false;
    snprintf(row->kernel, sizeof row->kernel, "step");
    snprintf(row->item, sizeof row->item, "network-step");
    snprintf(row->net, sizeof row->net, "2-2-1");
    return true;
}

static enum lyap_status read_peers(struct bench_suite *suite, FILE *pipe, struct lyap_error *error) {
    char line[512];
    while (fgets(line, sizeof line, pipe)) {
        struct bench_row found;
        if (strncmp(line, "missing,", 8) == 0) printf("# peer %s", line);
        if (!bench_peers_line(line, &found)) continue;
        bool wide = strcmp(found.precision, "float64") == 0;
        found.tolerance = bench_step.tolerance[wide ? LYAP_FLOAT64 : LYAP_FLOAT32];
        if (!(found.residual <= found.tolerance)) {
            fprintf(stderr, "lyapgrad-bench: %s %s %s: off our distances by %.1e (allowed %.1e): not compared\n",
                    found.isa, found.activation, found.precision, found.residual, found.tolerance);
            suite->mismatches++;
            continue;
        }
        struct bench_row *row = bench_rows_add(&suite->rows);
        if (!row) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory");
        *row = found;
        bench_rows_relate(&suite->rows);
        bench_row_print(stdout, &suite->rows.rows[suite->rows.count - 1]);
        fflush(stdout);
    }
    return LYAP_OK;
}

const char *bench_peers_python(const char *module) {
    static const char *const usual[] = {"python3", "/usr/bin/python3", NULL};
    const char *named = getenv("PYTHON");
    char command[400];
    for (int i = named ? -1 : 0; i < 0 || usual[i]; i++) {
        const char *python = i < 0 ? named : usual[i];
        if (strlen(python) > 300 || strpbrk(python, "'\\")) continue;
        snprintf(command, sizeof command, "'%s' -c 'import %s' >/dev/null 2>&1", python, module);
        if (system(command) == 0) return python; /* NOLINT(cert-env33-c): the user's own Python */
    }
    return NULL;
}

enum lyap_status bench_peers_run(struct bench_suite *suite, struct lyap_error *error) {
    const char *python = bench_peers_python("numpy"), *out = suite->options->out;
    if (access("bench/peers/peers.py", R_OK) != 0) {
        printf("# peers: bench/peers/peers.py is not here: run in the source directory\n");
        return LYAP_OK;
    }
    if (!python || strchr(out, '\'')) {
        printf("# peers: no Python with NumPy found (PYTHON=/path/to/python3 names one)\n");
        return LYAP_OK;
    }
    char path[700], command[1024];
    struct lyap_output cases;
    snprintf(path, sizeof path, "%s/peers", out);
    enum lyap_status status = lyap_output_directory(path, NULL, error);
    snprintf(path, sizeof path, "%s/peers/cases.txt", out);
    if (!status) status = lyap_output_open(&cases, path, NULL, error);
    if (status) return status;
    for (int p = 0; p < 2 && !status; p++)
        for (int a = 0; a < BENCH_ACTIVATIONS && !status; a++) {
            const char *activation = lyap_activation_name((enum lyap_activation)a);
            const char *precision = lyap_precision_name((enum lyap_precision)p);
            double lr = 0;
            if (!bench_chosen(&suite->options->activations, activation) ||
                !bench_chosen(&suite->options->precisions, precision))
                continue;
            snprintf(path, sizeof path, "%s/peers/%s-%s.bin", out, activation, precision);
            status = write_case(path, (enum lyap_activation)a, (enum lyap_precision)p, &lr, error);
            fprintf(cases.file, "%s %s %s %d %d %d %g\n", path, activation, precision, CELLS, NETWORKS, EPOCHS, lr);
        }
    if (status) {
        lyap_output_abandon(&cases);
        return status;
    }
    status = lyap_output_commit(&cases, error);
    if (status) return status;
    fflush(NULL);
    /* The variables make an OpenBLAS take old kernels where someone has set them. */
    snprintf(command, sizeof command,
             "env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE '%s' bench/peers/peers.py '%s/peers/cases.txt' %g", python,
             out, suite->options->fast ? 0.1 : 1.0);
    FILE *pipe = popen(command, "r"); /* NOLINT(cert-env33-c): the user's own Python */
    if (!pipe) return lyap_fail(error, LYAP_ERROR_FILE, "cannot start %s", python);
    status = read_peers(suite, pipe, error);
    pclose(pipe);
    return status;
}
