#include "report/frame/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/frame/state.h"
#include "lyapgrad/inference.h"

const struct lyap_report_options *lyap_report_options_of(const struct lyap_report *report) {
    return &report->options;
}

struct lyap_document *lyap_report_document(struct lyap_report *report) {
    return report->main == report->appendix ? lyap_report_appendix(report) : report->main;
}

struct lyap_document *lyap_report_appendix(struct lyap_report *report) {
    if (report->pending) lyap_document_heading(report->appendix, 3, report->pending);
    report->pending = NULL;
    return report->appendix;
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
bool lyap_report_tell(uint64_t done, uint64_t total, void *context) {
    struct lyap_report *r = context;
    double share = total ? (double)done / (double)total : 1;
    if (!r->options.progress) return true;
    double whole = (r->done + r->weight * (r->slot + r->width * share)) / r->all;
    return r->options.progress((uint64_t)fmin(1000 * whole, 999), 1000, r->options.progress_context);
}

void lyap_report_progress(struct lyap_report *report, double share, lyap_progress *progress, void **context) {
    report->slot = report->used;
    report->width = fmin(share, 1 - report->used);
    report->used += report->width;
    *progress = lyap_report_tell;
    *context = report;
}

size_t lyap_report_test(struct lyap_report *report, const char *family, double p, uint32_t resamples,
                        const char *format, ...) {
    struct lyap_findings *f = &report->findings;
    struct lyap_finding_test *grown = realloc(f->test, (f->tests + 1) * sizeof *grown);
    if (!grown) {
        report->failed = true;
        return SIZE_MAX;
    }
    f->test = grown;
    va_list arguments;
    va_start(arguments, format);
    f->test[f->tests] = (struct lyap_finding_test){.section = f->section,
                                                   .family = lyap_text_copy(family),
                                                   .what = lyap_text_format(format, arguments),
                                                   .p = p,
                                                   .adjusted = NAN,
                                                   .resamples = resamples};
    va_end(arguments);
    if (f->test[f->tests].family && f->test[f->tests].what) return f->tests++;
    free(f->test[f->tests].family);
    free(f->test[f->tests].what);
    report->failed = true;
    return SIZE_MAX;
}

double lyap_report_adjusted(const struct lyap_report *report, size_t test) {
    return test < report->findings.tests ? report->findings.test[test].adjusted : NAN;
}

const char *lyap_report_p_text(const struct lyap_report *report, size_t test, char text[32]) {
    const double adjusted = lyap_report_adjusted(report, test);
    if (adjusted >= 0)
        snprintf(text, 32, "%s%.2g", lyap_finding_at_floor(&report->findings.test[test]) ? "<= " : "", adjusted);
    else
        snprintf(text, 32, "-");
    return text;
}

void lyap_report_effect(struct lyap_report *report, const char *claim, const struct lyap_estimate *effect,
                        const char *format, ...) {
    struct lyap_findings *f = &report->findings;
    struct lyap_finding_effect *grown = realloc(f->effect, (f->effects + 1) * sizeof *grown);
    if (!grown) {
        report->failed = true;
        return;
    }
    f->effect = grown;
    va_list arguments;
    va_start(arguments, format);
    struct lyap_finding_effect *n = &grown[f->effects++];
    *n = (struct lyap_finding_effect){.claim = lyap_text_copy(claim),
                                      .what = lyap_text_format(format, arguments),
                                      .value = effect->value,
                                      .low = effect->low,
                                      .high = effect->high};
    va_end(arguments);
    report->failed = report->failed || !n->claim || !n->what;
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

static void judge(struct lyap_report *report, const struct lyap_report_judgement *j, char *reason) {
    struct lyap_findings *f = &report->findings;
    struct lyap_finding *grown = realloc(f->finding, (f->findings + 1) * sizeof *grown);
    if (!grown) {
        free(reason);
        report->failed = true;
        return;
    }
    f->finding = grown;
    struct lyap_finding *n = &grown[f->findings++];
    *n = (struct lyap_finding){.id = lyap_text_copy(j->id),
                               .claim = lyap_text_copy(j->claim),
                               .effect = lyap_text_copy(j->effect ? j->effect : ""),
                               .verdict = j->verdict,
                               .reason = sentence(reason)};
    report->failed = report->failed || !n->id || !n->claim || !n->effect || !n->reason;
}

void lyap_report_judge(struct lyap_report *report, const struct lyap_report_judgement *judgement, const char *format,
                       ...) {
    va_list arguments;
    va_start(arguments, format);
    judge(report, judgement, lyap_text_format(format, arguments));
    va_end(arguments);
}

/* Takes `text`, which may be NULL. */
static void keep_sentence(struct lyap_report *report, const char *id, char *text) {
    struct lyap_findings *f = &report->findings;
    struct lyap_finding_sentence *grown = realloc(f->sentence, (f->sentences + 1) * sizeof *grown);
    if (grown) f->sentence = grown;
    char *copy = grown && text ? lyap_text_copy(id) : NULL;
    if (copy)
        grown[f->sentences++] = (struct lyap_finding_sentence){copy, text};
    else
        free(text);
    report->failed = report->failed || !copy;
}

void lyap_report_sentence(struct lyap_report *report, const char *id, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    keep_sentence(report, id, lyap_text_format(format, arguments));
    va_end(arguments);
}

void lyap_report_cite(struct lyap_report *report, const char *reference) {
    struct lyap_findings *f = &report->findings;
    char **grown = realloc(f->reference, (f->references + 1) * sizeof *grown);
    if (grown) f->reference = grown;
    char *copy = grown ? lyap_text_copy(reference) : NULL;
    if (copy) grown[f->references++] = copy;
    report->failed = report->failed || !copy;
}

FILE *lyap_report_open(struct lyap_report *report, const char *name, const char *ending, struct lyap_error *error) {
    size_t size = strlen(report->folder) + strlen(name) + strlen(ending) + 1;
    char *file = malloc(size);
    if (!file) {
        lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a table");
        return NULL;
    }
    snprintf(file, size, "%s%s%s", report->folder, name, ending);
    FILE *stream = lyap_output_set_add(report->outputs, file, error);
    free(file);
    return stream;
}

FILE *lyap_report_table(struct lyap_report *report, const struct lyap_schema *schema, const struct lyap_repeat *repeat,
                        struct lyap_error *error) {
    FILE *file = lyap_report_open(report, schema->file, "", error);
    if (file) lyap_schema_head(file, schema, repeat);
    return file;
}
