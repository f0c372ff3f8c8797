#include "cli/results.h"

#include <stdlib.h>
#include <string.h>

#include "paper/figures.h"
#include "results/manifest_read.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/dataset.h"

/* What the commands wrote whose manifests do not say it: the first ones had `files` in some, `pictures` in none. */
static const struct {
    const char *command, *files, *pictures;
} unlisted[] = {
    {"run", "cells.csv series.csv estimators.csv exponents.csv exponents.gp history.csv history.gp", NULL},
    {"sweep", "cells.csv series.csv sweep.csv", NULL},
    {"spectrum", "exponents.csv exponents.gp history.csv history.gp", NULL},
    {"map", "map.csv map.npy boxes.csv map.gp", "map.png map.svg"},
    {"bifurcation", "bifurcation.csv exponents.csv bifurcation.gp", "bifurcation.png bifurcation.svg"},
    {"select",
     "select.csv trials.csv settings.csv rates.csv thresholds.csv searches.csv worth.csv weights.csv weights.npy "
     "report.txt select.gp",
     "select.png select.svg"},
};

void cli_results_start(struct cli_results *r, const char *command, const char *out) {
    memset(r, 0, sizeof *r);
    r->command = command;
    r->out = out;
}

void cli_results_free(struct cli_results *r) {
    lyap_output_set_abandon(&r->set);
    lyap_output_watch_settle(cli_output_watch());
    lyap_file_roles_free(&r->roles);
}

void cli_results_reads(struct cli_results *r, const char *option, const char *path) {
    lyap_file_roles_add(&r->roles, LYAP_FILE_READ, option, path);
}

void cli_results_writes(struct cli_results *r, const char *option, const char *path) {
    lyap_file_roles_add(&r->roles, LYAP_FILE_WRITTEN, option, path);
}

void cli_results_reads_data(struct cli_results *r, const struct cli_data *data) {
    if (!lyap_dataset_generated(data->text)) cli_results_reads(r, "--data", data->text);
    cli_results_reads(r, "--labels", data->labels);
    cli_results_reads(r, "--test-data", data->test_data);
    cli_results_reads(r, "--test-labels", data->test_labels);
}

void cli_results_keeps(struct cli_results *r, const struct cli_checkpoint *c) {
    r->part = !c->merging && c->shards > 1;
    if (!c->merging) lyap_file_roles_add(&r->roles, LYAP_FILE_DIRECTORY, "--checkpoint", c->directory);
    for (size_t i = 0; c->merging && i < c->count; i++)
        lyap_file_roles_add(&r->roles, LYAP_FILE_DIRECTORY, "a shard", lyap_checkpoint_directory(c->held[i]));
}

void cli_results_table(struct cli_results *r, const char *name) {
    if (!r->part) lyap_file_roles_add_in(&r->roles, LYAP_FILE_WRITTEN, "--out", r->out, name);
}

void cli_results_picture(struct cli_results *r, const char *name) {
    static const char *const endings[] = {"png", "svg"};
    for (int i = 0; i < 2; i++) {
        char file[64];
        size_t used = strlen(r->pictures);
        snprintf(file, sizeof file, "%.50s.%s", name, endings[i]);
        snprintf(r->pictures + used, sizeof r->pictures - used, " %s", file);
        cli_results_table(r, file);
    }
}

enum lyap_status cli_results_probe(const struct cli_results *r, struct lyap_error *error) {
    enum lyap_status status = cli_results_check(r, error);
    if (status || r->part) return status;
    status = lyap_output_directory(r->out, cli_output_watch(), error);
    for (size_t i = 0; i < r->roles.count && !status; i++) {
        const struct lyap_file_use *use = &r->roles.use[i];
        struct lyap_output probe = {0};
        /* A pipe would be closed again. */
        if (use->role != LYAP_FILE_WRITTEN || (use->identity.exists && S_ISFIFO(use->identity.mode))) continue;
        status = lyap_output_open(&probe, use->path, cli_output_watch(), error);
        lyap_output_abandon(&probe);
    }
    return status;
}

/* The pictures of a `reproduce` whose manifest does not list them. */
static void list_figures(char *names, size_t size) {
    *names = '\0';
    for (int f = 0; f < LYAP_FIGURES; f++) {
        size_t used = strlen(names);
        snprintf(names + used, size - used, " %s.png %s.svg", lyap_figures[f].name, lyap_figures[f].name);
    }
}

enum lyap_status cli_results_open(struct cli_results *r, struct lyap_error *error) {
    struct lyap_earlier earlier;
    const char *files = NULL, *pictures = NULL;
    char figures[64 * 2 * LYAP_FIGURES];
    for (size_t i = 0; i < sizeof unlisted / sizeof *unlisted; i++)
        if (strcmp(unlisted[i].command, r->command) == 0) {
            files = unlisted[i].files;
            pictures = unlisted[i].pictures;
        }
    if (strcmp(r->command, "reproduce") == 0) {
        list_figures(figures, sizeof figures);
        pictures = figures;
    }
    enum lyap_status status = cli_results_look(r, &earlier, error);
    if (!status) status = lyap_output_set_open(&r->set, r->out, &r->roles, cli_output_watch(), error);
    if (!status) status = lyap_earlier_name(&earlier, files, pictures, &r->set, error);
    lyap_earlier_free(&earlier);
    return status;
}

enum lyap_status cli_results_add(struct cli_results *r, const char *name, FILE **file, struct lyap_error *error) {
    *file = lyap_output_set_add(&r->set, name, error);
    return *file ? LYAP_OK : error->status;
}

enum lyap_status cli_results_add_path(struct cli_results *r, const char *path, FILE **file, struct lyap_error *error) {
    *file = NULL;
    if (!path) return LYAP_OK;
    *file = lyap_output_set_add_path(&r->set, path, error);
    return *file ? LYAP_OK : error->status;
}

void cli_results_manifest(const struct cli_results *r, FILE *file) {
    fprintf(file, "results = %s\nfiles =", r->command);
    lyap_output_set_names(&r->set, "manifest.txt", file);
    putc('\n', file);
    if (*r->pictures) fprintf(file, "pictures =%s\n", r->pictures);
}
