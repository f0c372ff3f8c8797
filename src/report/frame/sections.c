/* Running the sections: first all compute, then all write; then the same with the second seed, whose text is not kept. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/frame/finish.h"
#include "report/frame/section.h"
#include "report/frame/state.h"
#include "lyapgrad/status.h"

/* What a section takes to write, as a share of what it takes to compute: drawing and some resampling. An estimate. */
static const double writing = 0.005;

/* A piece of work of this weight begins. */
static void begin(struct lyap_report *report, double weight) {
    report->weight = weight;
    report->used = report->slot = report->width = 0;
}

/* ... and ends. */
static enum lyap_status end(struct lyap_report *report, struct lyap_error *error) {
    report->done += report->weight;
    begin(report, 0);
    return lyap_report_tell(1, 1, report) ? LYAP_OK : lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void time_line(struct lyap_report *report, const char *id, const char *what, double spent) {
    char line[96];
    snprintf(line, sizeof line, "%-4s %-10s %.2f s (seed %llu)\n", id, what, spent,
             (unsigned long long)report->options.seed);
    lyap_text_add(&report->timings, line);
}

static bool wanted(const struct lyap_section *section, const char *only) {
    return !only || strcmp(section->id, only) == 0;
}

static enum lyap_status compute_all(struct lyap_report *report, const struct lyap_section *const *sections,
                                    void **states, const char *only, struct lyap_error *error) {
    for (size_t i = 0; sections[i]; i++) {
        if (!wanted(sections[i], only)) continue;
        double start = seconds();
        report->findings.section = sections[i]->id;
        begin(report, sections[i]->weight);
        enum lyap_status status = sections[i]->compute(report, &states[i], error);
        if (!status) status = end(report, error);
        if (status) return status;
        time_line(report, sections[i]->id, "computed", seconds() - start);
    }
    return LYAP_OK;
}

static const char *const part_names[LYAP_PARTS] = {
    "C1. Does the learning rate make the weights' dynamics chaotic?",
    "C2. Does the activation with the lower exponent converge better?",
    "C3. Does the exponent choose good initial weights?",
    "Limits that the paper admits",
    "Further questions",
    NULL,
};

static void headings(struct lyap_report *report, const struct lyap_section *section, enum lyap_part *part) {
    report->main = section->part == LYAP_PART_APPENDIX ? report->appendix : report->document;
    report->pending = section->title;
    if (section->part != *part && part_names[section->part])
        lyap_document_heading(report->document, 2, part_names[section->part]);
    *part = section->part;
}

static enum lyap_status write_all(struct lyap_report *report, const struct lyap_section *const *sections, void **states,
                                  const char *only, struct lyap_error *error) {
    enum lyap_part part = LYAP_PARTS;
    for (size_t i = 0; sections[i]; i++) {
        if (!wanted(sections[i], only)) continue;
        double start = seconds();
        headings(report, sections[i], &part);
        begin(report, writing * sections[i]->weight);
        enum lyap_status status = sections[i]->write(report, states[i], error);
        if (!status) status = end(report, error);
        if (status) return status;
        time_line(report, sections[i]->id, "written", seconds() - start);
    }
    return LYAP_OK;
}

/* Computes and writes all sections. Their states are gone when it returns. */
static enum lyap_status run_seed(struct lyap_report *report, const struct lyap_section *const *sections,
                                 const char *only, struct lyap_error *error) {
    size_t count = 0;
    while (sections[count]) count++;
    void **states = calloc(count + 1, sizeof *states);
    if (!states) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a report");
    report->document = lyap_document_new("body");
    report->appendix = lyap_document_new("appendix");
    report->findings.seed = report->options.seed;
    enum lyap_status status = LYAP_OK;
    if (!report->document || !report->appendix)
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a report");
    if (!status) lyap_document_mark(report->appendix, 'a');
    if (!status) status = compute_all(report, sections, states, only, error);
    if (!status) status = lyap_findings_adjust(&report->findings, error);
    if (!status) status = write_all(report, sections, states, only, error);
    if (!status && report->failed) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a report");
    for (size_t i = 0; i < count; i++)
        if (wanted(sections[i], only)) sections[i]->release(states[i]);
    free(states);
    return status;
}

static void release(struct lyap_report *report) {
    lyap_output_set_abandon(&report->own);
    lyap_findings_free(&report->findings);
    lyap_document_free(report->document);
    lyap_document_free(report->appendix);
    lyap_text_free(&report->timings);
}

/* The same with the next seed, whose data files have a directory of their own. Its verdicts, tests and effects go to `second`. */
static enum lyap_status run_second(struct lyap_report *first, struct lyap_findings *second,
                                   const struct lyap_section *const *sections, const char *only,
                                   struct lyap_error *error) {
    struct lyap_report report = {.options = first->options,
                                 .directory = first->directory,
                                 .outputs = first->outputs,
                                 .all = first->all,
                                 .done = first->done};
    report.options.seed++;
    char folder[LYAP_FOLDER];
    lyap_second_folder(&first->options, folder);
    snprintf(report.folder, sizeof report.folder, "%s/", folder);
    enum lyap_status status = lyap_output_set_directory(first->outputs, folder, error);
    if (!status) status = run_seed(&report, sections, only, error);
    lyap_text_add(&first->timings, lyap_text_of(&report.timings));
    first->done = report.done;
    *second = report.findings;
    memset(&report.findings, 0, sizeof report.findings);
    release(&report);
    return status;
}

void lyap_second_folder(const struct lyap_report_options *options, char folder[LYAP_FOLDER]) {
    const uint64_t next = options->seed + 1;
    snprintf(folder, LYAP_FOLDER, "seed-%llu", (unsigned long long)next);
}

enum lyap_status lyap_sections_check(const struct lyap_report_options *options,
                                     const struct lyap_section *const *sections, const char *only,
                                     struct lyap_error *error) {
    char known[256] = "";
    bool found = !only;
    for (size_t i = 0; sections[i]; i++) {
        size_t length = strlen(known);
        snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "", sections[i]->id);
        found = found || wanted(sections[i], only);
    }
    if (!found) return lyap_fail(error, LYAP_ERROR_ARGUMENT, "section: there is no '%s'; there are %s", only, known);
    if (!(options->scale > 0 && options->scale <= 1000))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "scale: %g is not in the range above 0 up to 1000",
                         options->scale);
    if (options->seeds < 0 || options->seeds > 2)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "seeds: %d is not 1 or 2", options->seeds);
    return LYAP_OK;
}

enum lyap_status lyap_sections_run(const struct lyap_report_options *options,
                                   const struct lyap_section *const *sections, const char *directory, const char *only,
                                   struct lyap_error *error) {
    struct lyap_report report = {.options = *options, .directory = directory};
    struct lyap_findings second = {0};
    struct lyap_error own = {0};
    bool two = options->seeds == 2;
    if (!error) error = &own;
    enum lyap_status status = lyap_sections_check(options, sections, only, error);
    if (status) return status;
    for (size_t i = 0; sections[i]; i++)
        report.all += wanted(sections[i], only) ? (two ? 2 : 1) * (1 + writing) * sections[i]->weight : 0;
    report.outputs = options->outputs ? options->outputs : &report.own;
    if (!options->outputs) status = lyap_output_set_open(&report.own, directory, NULL, NULL, error);
    /* At once, so that a directory that cannot be written shows before the computation. */
    struct lyap_finish finish = {.only = only, .second = two ? &second : NULL};
    if (!status) status = lyap_finish_open(&finish, &report, error);
    if (!status) status = run_seed(&report, sections, only, error);
    if (!status && two) status = run_second(&report, &second, sections, only, error);
    if (!status) status = lyap_finish_write(&finish, &report, error);
    lyap_findings_free(&second);
    release(&report);
    return status;
}
