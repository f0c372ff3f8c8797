#include "report/frame/finish.h"

#include <stdlib.h>
#include <string.h>

#include "report/frame/front.h"
#include "report/frame/tables.h"

enum lyap_status lyap_finish_open(struct lyap_finish *finish, struct lyap_report *report, struct lyap_error *error) {
    finish->markdown = lyap_report_open(report, "report", ".md", error);
    finish->html = finish->markdown ? lyap_report_open(report, "report", ".html", error) : NULL;
    return finish->html ? LYAP_OK : error->status;
}

static enum lyap_status write_pictures(struct lyap_report *report, struct lyap_error *error) {
    enum lyap_status status = LYAP_OK;
    const char *name = lyap_document_figure_name(report->document, 0);
    if (name) status = lyap_output_set_directory(report->outputs, "figures", error);
    for (size_t i = 0; !status && (name = lyap_document_figure_name(report->document, i)); i++) {
        size_t size = strlen(name) + sizeof "figures/";
        char *file = malloc(size);
        if (!file) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a file name");
        snprintf(file, size, "figures/%s", name);
        FILE *out = lyap_report_open(report, file, ".svg", error);
        free(file);
        if (!out) return error->status;
        fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
        fputs(lyap_document_figure_svg(report->document, i), out);
    }
    return status;
}

/* The front, the parts, the appendix and the references become one document. */
static enum lyap_status join(const struct lyap_finish *finish, struct lyap_report *report, struct lyap_error *error) {
    const struct lyap_front front = {&report->findings, finish->second, &report->options, finish->only};
    struct lyap_document *whole =
        lyap_document_before(report->document, "Lyapunov exponents of gradient descent: does arXiv 2410.05988 hold?");
    struct lyap_document *back = lyap_document_new("back");
    if (whole && back) {
        lyap_document_mark(back, 'b');
        lyap_front_write(whole, &front);
        lyap_document_append(whole, report->document);
        lyap_front_appendix(back, &front);
        lyap_document_append(whole, back);
        lyap_document_append(whole, report->appendix);
        lyap_document_mark(whole, 'r');
        lyap_front_references(whole, &front);
        lyap_document_free(report->document);
        report->document = whole;
    } else
        lyap_document_free(whole);
    lyap_document_free(back);
    return whole && back ? LYAP_OK : lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for a document");
}

static enum lyap_status write_tables(const struct lyap_finish *finish, struct lyap_report *report,
                                     struct lyap_error *error) {
    FILE *verdicts = lyap_report_open(report, lyap_verdicts_schema.file, "", error);
    FILE *tests = verdicts ? lyap_report_open(report, lyap_tests_schema.file, "", error) : NULL;
    FILE *effects = tests ? lyap_report_open(report, lyap_effects_schema.file, "", error) : NULL;
    FILE *timings = effects ? lyap_report_open(report, "timings", ".txt", error) : NULL;
    if (!timings) return error->status;
    lyap_verdicts_write(verdicts, &report->findings, finish->second);
    lyap_tests_write(tests, &report->findings, finish->second);
    lyap_effects_write(effects, &report->findings, finish->second);
    fputs(lyap_text_of(&report->timings), timings);
    return LYAP_OK;
}

enum lyap_status lyap_finish_write(const struct lyap_finish *finish, struct lyap_report *report,
                                   struct lyap_error *error) {
    enum lyap_status status = join(finish, report, error);
    if (!status) status = lyap_document_markdown(report->document, finish->markdown, error);
    if (!status) status = lyap_document_html(report->document, finish->html, error);
    if (!status) status = write_pictures(report, error);
    if (!status) status = write_tables(finish, report, error);
    if (!status && report->outputs == &report->own) status = lyap_output_set_commit(&report->own, error);
    if (!status && report->options.progress) report->options.progress(1000, 1000, report->options.progress_context);
    if (!status && report->options.summary)
        lyap_front_summary(report->options.summary, &report->findings, finish->second);
    return status;
}
