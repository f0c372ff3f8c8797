#include "report/report.h"

#include "report/frame/front.h"

/* A new section is a line here, in the order of the report, and its own folder. */
#define SECTIONS(X)                                                                                                    \
    X(rate)                                                                                                            \
    X(published)                                                                                                       \
    X(activation)                                                                                                      \
    X(correlation)                                                                                                     \
    X(start_choice)                                                                                                    \
    X(further)                                                                                                         \
    X(estimators)                                                                                                      \
    X(neighbouring)                                                                                                    \
    X(precision)

#define DECLARE(name) extern const struct lyap_section lyap_section_##name;
SECTIONS(DECLARE)

#define LIST(name) &lyap_section_##name,
const struct lyap_section *const lyap_sections[] = {SECTIONS(LIST) NULL};

enum lyap_status lyap_report_check(const struct lyap_report_options *options, const char *only,
                                   struct lyap_error *error) {
    return lyap_sections_check(options, lyap_sections, only, error);
}

enum lyap_status lyap_report_run(const struct lyap_report_options *options, const char *directory, const char *only,
                                 struct lyap_error *error) {
    return lyap_sections_run(options, lyap_sections, directory, only, error);
}

void lyap_report_files(void (*take)(const char *name, void *context), void *context) {
    static const char *const own[] = {"report.md", "report.html", "timings.txt"};
    char name[128];
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) take(own[i], context);
    take(lyap_verdicts_schema.file, context);
    take(lyap_tests_schema.file, context);
    for (size_t s = 0; lyap_sections[s]; s++) {
        for (size_t i = 0; lyap_sections[s]->tables[i]; i++) take(lyap_sections[s]->tables[i]->file, context);
        for (size_t i = 0; lyap_sections[s]->figures[i]; i++) {
            snprintf(name, sizeof name, "figures/%s.svg", lyap_sections[s]->figures[i]);
            take(name, context);
        }
    }
}
