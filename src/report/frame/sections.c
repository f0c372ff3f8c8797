/* Running the sections: first all compute, then all write. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/frame/front.h"
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
    snprintf(line, sizeof line, "%-4s %-10s %.2f s\n", id, what, spent);
    lyap_text_add(&report->timings, line);
}

static bool wanted(const struct lyap_section *section, const char *only) {
    return !only || strcmp(section->id, only) == 0;
}

static enum lyap_status compute_all(struct lyap_report *report, const struct lyap_section *const *sections,
                                    void **states, const char *only, struct lyap_error *error) {
    for (size_t i = 0; sections[i]; i++)
        report->all += wanted(sections[i], only) ? (1 + writing) * sections[i]->weight : 0;
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
    if (section->part != *part && part_names[section->part])
        lyap_document_heading(report->document, 2, part_names[section->part]);
    *part = section->part;
    lyap_document_heading(report->appendix, 3, section->title);
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

static enum lyap_status write_pictures(struct lyap_report *report, struct lyap_error *error) {
    size_t size = strlen(report->directory) + sizeof "/figures";
    char *path = malloc(size);
    if (!path) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
    snprintf(path, size, "%s/figures", report->directory);
    enum lyap_status status = lyap_output_directory(path, NULL, error);
    free(path);
    const char *name;
    for (size_t i = 0; !status && (name = lyap_document_figure_name(report->document, i)); i++) {
        size = strlen(name) + sizeof "figures/";
        char *file = malloc(size);
        if (!file) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
        snprintf(file, size, "figures/%s", name);
        FILE *out = lyap_report_open(report, file, ".svg", error);
        free(file);
        if (!out) return error ? error->status : LYAP_ERROR_OUTPUT;
        fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
        fputs(lyap_document_figure_svg(report->document, i), out);
    }
    return status;
}

/* The front page before what the sections wrote, then every file. */
static enum lyap_status finish(struct lyap_report *report, FILE *markdown, FILE *html, const char *only,
                               struct lyap_error *error) {
    struct lyap_document *front =
        lyap_document_before(report->document, "Lyapunov exponents of gradient descent: does arXiv 2410.05988 hold?");
    if (!front) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a document");
    lyap_front_write(front, &report->findings, &report->options, only);
    lyap_document_append(front, report->document);
    lyap_document_append(front, report->appendix);
    lyap_document_free(report->document);
    report->document = front;
    enum lyap_status status = lyap_document_markdown(front, markdown, error);
    if (!status) status = lyap_document_html(front, html, error);
    if (!status) status = write_pictures(report, error);
    FILE *verdicts = status ? NULL : lyap_report_open(report, lyap_verdicts_schema.file, "", error);
    FILE *tests = verdicts ? lyap_report_open(report, lyap_tests_schema.file, "", error) : NULL;
    FILE *timings = tests ? lyap_report_open(report, "timings", ".txt", error) : NULL;
    if (!timings) return status ? status : error ? error->status : LYAP_ERROR_OUTPUT;
    lyap_front_verdicts(verdicts, &report->findings);
    lyap_front_tests(tests, &report->findings);
    fputs(lyap_text_of(&report->timings), timings);
    if (report->outputs == &report->own) status = lyap_output_set_commit(&report->own, error);
    if (!status && report->options.progress) report->options.progress(1000, 1000, report->options.progress_context);
    if (!status && report->options.summary) lyap_front_summary(report->options.summary, &report->findings);
    return status;
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
    return LYAP_OK;
}

static void release(struct lyap_report *report) {
    lyap_output_set_abandon(&report->own);
    lyap_findings_free(&report->findings);
    lyap_document_free(report->document);
    lyap_document_free(report->appendix);
    lyap_text_free(&report->timings);
}

enum lyap_status lyap_sections_run(const struct lyap_report_options *options,
                                   const struct lyap_section *const *sections, const char *directory, const char *only,
                                   struct lyap_error *error) {
    struct lyap_report report = {.options = *options, .directory = directory};
    struct lyap_error own = {0};
    if (!error) error = &own;
    size_t count = 0;
    while (sections[count]) count++;
    enum lyap_status status = lyap_sections_check(options, sections, only, error);
    if (status) return status;
    void **states = calloc(count + 1, sizeof *states);
    if (!states) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a report");
    report.document = lyap_document_new("body");
    report.appendix = lyap_document_new("appendix");
    if (!report.document || !report.appendix)
        status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a report");
    report.outputs = options->outputs ? options->outputs : &report.own;
    if (!status && !options->outputs) status = lyap_output_set_open(&report.own, directory, NULL, NULL, error);
    /* At once, so that a directory that cannot be written shows before the computation. */
    FILE *markdown = status ? NULL : lyap_report_open(&report, "report", ".md", error);
    FILE *html = markdown ? lyap_report_open(&report, "report", ".html", error) : NULL;
    if (!status && !html) status = error->status;
    if (!status) lyap_document_heading(report.appendix, 2, "Appendix");
    if (!status) status = compute_all(&report, sections, states, only, error);
    if (!status) status = lyap_findings_adjust(&report.findings, error);
    if (!status) status = write_all(&report, sections, states, only, error);
    if (!status && report.failed) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a report");
    if (!status) status = finish(&report, markdown, html, only, error);
    for (size_t i = 0; i < count; i++)
        if (wanted(sections[i], only)) sections[i]->release(states[i]);
    free(states);
    release(&report);
    return status;
}
