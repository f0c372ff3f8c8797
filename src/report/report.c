#include "report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lyapgrad/inference.h"
#include "report/front.h"

/* What a section takes to write, as a share of what it takes to compute: drawing and some resampling. An estimate. */
static const double writing = 0.005;

struct lyap_report {
    struct lyap_report_options options;
    const char *directory;
    struct lyap_document *document;
    struct lyap_findings findings;
    struct lyap_output_set *outputs, own; /* `own` unless the caller has one */
    /* Progress, in weights: of all that there is to do, of what is done, the section at work, and its share that is spoken for. */
    double all, done, weight, used, slot, width;
    bool failed; /* out of memory where there was no status to return */
    struct lyap_text timings;
};

const char *lyap_verdict_name(enum lyap_verdict verdict) {
    static const char *const names[] = {"holds", "holds in part", "does not hold", "cannot be told"};
    return names[verdict];
}

enum lyap_verdict lyap_verdict_of(uint64_t seen, uint64_t all) {
    return seen == all ? LYAP_HOLDS : seen > 0 ? LYAP_HOLDS_IN_PART : LYAP_DOES_NOT_HOLD;
}

const struct lyap_report_options *lyap_report_options_of(const struct lyap_report *report) {
    return &report->options;
}

struct lyap_document *lyap_report_document(struct lyap_report *report) {
    return report->document;
}

uint64_t lyap_report_starts(const struct lyap_report *report, uint64_t starts, uint64_t least) {
    double scaled = (double)starts * report->options.scale;
    uint64_t count = scaled < 1e15 ? (uint64_t)scaled : (uint64_t)1e15;
    return count > least ? count : least;
}

uint32_t lyap_report_steps(const struct lyap_report *report, uint32_t steps) {
    return lyap_report_is_brief(&report->options) ? steps / 10 : steps;
}

/* The last thousandth is told once, when the files are there: at the whole a bar goes away. */
static bool tell(uint64_t done, uint64_t total, void *context) {
    struct lyap_report *r = context;
    double share = total ? (double)done / (double)total : 1;
    if (!r->options.progress) return true;
    double whole = (r->done + r->weight * (r->slot + r->width * share)) / r->all;
    return r->options.progress((uint64_t)fmin(1000 * whole, 999), 1000, r->options.progress_context);
}

/* A piece of work of this weight begins. */
static void begin(struct lyap_report *report, double weight) {
    report->weight = weight;
    report->used = report->slot = report->width = 0;
}

/* ... and ends. */
static enum lyap_status end(struct lyap_report *report, struct lyap_error *error) {
    report->done += report->weight;
    begin(report, 0);
    return tell(1, 1, report) ? LYAP_OK : lyap_fail(error, LYAP_ERROR_INTERRUPTED, "interrupted");
}

void lyap_report_progress(struct lyap_report *report, double share, lyap_progress *progress, void **context) {
    report->slot = report->used;
    report->width = fmin(share, 1 - report->used);
    report->used += report->width;
    *progress = tell;
    *context = report;
}

size_t lyap_report_test(struct lyap_report *report, const char *what, double p) {
    struct lyap_findings *f = &report->findings;
    struct lyap_finding_test *grown = realloc(f->test, (f->tests + 1) * sizeof *grown);
    if (!grown) {
        report->failed = true;
        return SIZE_MAX;
    }
    f->test = grown;
    f->test[f->tests] =
        (struct lyap_finding_test){.section = f->section, .what = lyap_text_copy(what), .p = p, .adjusted = NAN};
    report->failed = report->failed || !f->test[f->tests].what;
    return f->tests++;
}

double lyap_report_adjusted(const struct lyap_report *report, size_t test) {
    return test < report->findings.tests ? report->findings.test[test].adjusted : NAN;
}

/* A reason is a sentence: begins with a capital (a symbol such as n stays) and ends with a point. NULL when out of memory. */
static char *sentence(char *reason) {
    size_t length = reason ? strlen(reason) : 0;
    if (length == 0) return reason;
    bool word = reason[0] >= 'a' && reason[0] <= 'z' && reason[1] >= 'a' && reason[1] <= 'z';
    if (word) reason[0] = (char)(reason[0] - 'a' + 'A');
    if (reason[length - 1] == '.') return reason;
    char *longer = realloc(reason, length + 2);
    if (!longer) {
        free(reason);
        return NULL;
    }
    memcpy(longer + length, ".", 2);
    return longer;
}

void lyap_report_verdict(struct lyap_report *report, const char *id, const char *claim, enum lyap_verdict verdict,
                         const char *format, ...) {
    struct lyap_findings *f = &report->findings;
    struct lyap_finding *grown = realloc(f->finding, (f->findings + 1) * sizeof *grown);
    if (!grown) {
        report->failed = true;
        return;
    }
    f->finding = grown;
    struct lyap_finding *n = &grown[f->findings++];
    va_list arguments;
    va_start(arguments, format);
    *n = (struct lyap_finding){.id = lyap_text_copy(id),
                               .claim = lyap_text_copy(claim),
                               .verdict = verdict,
                               .reason = sentence(lyap_text_format(format, arguments))};
    va_end(arguments);
    report->failed = report->failed || !n->id || !n->claim || !n->reason;
    if (n->reason)
        lyap_document_paragraph(report->document, "Verdict %s. %s: %s. %s", id, claim, lyap_verdict_name(verdict),
                                n->reason);
}

static FILE *open_table(struct lyap_report *report, const char *name, const char *ending, struct lyap_error *error) {
    size_t size = strlen(name) + strlen(ending) + 1;
    char *file = malloc(size);
    if (!file) {
        lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a table");
        return NULL;
    }
    snprintf(file, size, "%s%s", name, ending);
    FILE *stream = lyap_output_set_add(report->outputs, file, error);
    free(file);
    return stream;
}

FILE *lyap_report_data(struct lyap_report *report, const char *name, struct lyap_error *error) {
    return open_table(report, name, ".csv", error);
}

static void put_real(FILE *file, double value) {
    char text[32];
    if (isfinite(value)) fputs(lyap_format_real(value, text), file);
}

void lyap_put(FILE *file, double value) {
    putc(',', file);
    put_real(file, value);
}

void lyap_report_field(FILE *file, double value, char end) {
    put_real(file, value);
    putc(end, file);
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

/* Holm's adjustment over every test whose p is defined. */
static enum lyap_status adjust(struct lyap_findings *f, struct lyap_error *error) {
    double *p = calloc(2 * f->tests + 1, sizeof *p);
    size_t n = 0;
    if (!p) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for %zu tests", f->tests);
    for (size_t i = 0; i < f->tests; i++)
        if (f->test[i].p >= 0 && f->test[i].p <= 1) p[n++] = f->test[i].p;
    enum lyap_status status = lyap_holm(p, n, p + f->tests, error);
    for (size_t i = 0, k = 0; i < f->tests && !status; i++)
        if (f->test[i].p >= 0 && f->test[i].p <= 1) f->test[i].adjusted = p[f->tests + k++];
    free(p);
    return status;
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

static enum lyap_status write_all(struct lyap_report *report, const struct lyap_section *const *sections, void **states,
                                  const char *only, struct lyap_error *error) {
    for (size_t i = 0; sections[i]; i++) {
        if (!wanted(sections[i], only)) continue;
        double start = seconds();
        size_t size = strlen(sections[i]->id) + strlen(sections[i]->title) + 3;
        char *title = malloc(size);
        if (!title) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a heading");
        snprintf(title, size, "%s. %s", sections[i]->id, sections[i]->title);
        lyap_document_heading(report->document, 2, title);
        free(title);
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
        FILE *out = open_table(report, file, ".svg", error);
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
    lyap_document_free(report->document);
    report->document = front;
    enum lyap_status status = lyap_document_markdown(front, markdown, error);
    if (!status) status = lyap_document_html(front, html, error);
    if (!status) status = write_pictures(report, error);
    FILE *verdicts = status ? NULL : open_table(report, "verdicts", ".csv", error);
    FILE *tests = verdicts ? open_table(report, "tests", ".csv", error) : NULL;
    FILE *timings = tests ? open_table(report, "timings", ".txt", error) : NULL;
    if (!timings) return status ? status : error ? error->status : LYAP_ERROR_OUTPUT;
    lyap_front_verdicts(verdicts, &report->findings);
    lyap_front_tests(tests, &report->findings);
    fputs(lyap_text_of(&report->timings), timings);
    if (report->outputs == &report->own) status = lyap_output_set_commit(&report->own, error);
    if (!status && report->options.progress) report->options.progress(1000, 1000, report->options.progress_context);
    if (!status && report->options.summary) lyap_front_summary(report->options.summary, &report->findings);
    return status;
}

static enum lyap_status check(const struct lyap_report_options *options, const struct lyap_section *const *sections,
                              const char *only, struct lyap_error *error) {
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
    lyap_text_free(&report->timings);
}

enum lyap_status lyap_report_sections_run(const struct lyap_report_options *options,
                                          const struct lyap_section *const *sections, const char *directory,
                                          const char *only, struct lyap_error *error) {
    struct lyap_report report = {.options = *options, .directory = directory};
    struct lyap_error own = {0};
    if (!error) error = &own;
    size_t count = 0;
    while (sections[count]) count++;
    enum lyap_status status = check(options, sections, only, error);
    if (status) return status;
    void **states = calloc(count + 1, sizeof *states);
    report.document = lyap_document_new("body");
    if (!states || !report.document) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a report");
    report.outputs = options->outputs ? options->outputs : &report.own;
    if (!status && !options->outputs) status = lyap_output_set_open(&report.own, directory, NULL, NULL, error);
    /* At once, so that a directory that cannot be written shows before the computation. */
    FILE *markdown = status ? NULL : open_table(&report, "report", ".md", error);
    FILE *html = markdown ? open_table(&report, "report", ".html", error) : NULL;
    if (!status && !html) status = error->status;
    if (!status) status = compute_all(&report, sections, states, only, error);
    if (!status) status = adjust(&report.findings, error);
    if (!status) status = write_all(&report, sections, states, only, error);
    if (!status && report.failed) status = lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a report");
    if (!status) status = finish(&report, markdown, html, only, error);
    for (size_t i = 0; states && i < count; i++)
        if (wanted(sections[i], only)) sections[i]->release(states[i]);
    free(states);
    release(&report);
    return status;
}

enum lyap_status lyap_report_check(const struct lyap_report_options *options, const char *only,
                                   struct lyap_error *error) {
    return check(options, lyap_sections, only, error);
}

enum lyap_status lyap_report_run(const struct lyap_report_options *options, const char *directory, const char *only,
                                 struct lyap_error *error) {
    return lyap_report_sections_run(options, lyap_sections, directory, only, error);
}
