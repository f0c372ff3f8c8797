#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "report/frame/state.h"
#include "report/frame/tables.h"

/* A new section is a line here, in the order of the report, and its own folder. */
#define SECTIONS(X)                                                                                                    \
    X(rate)                                                                                                            \
    X(published)                                                                                                       \
    X(activation)                                                                                                      \
    X(correlation)                                                                                                     \
    X(start_choice)                                                                                                    \
    X(further)                                                                                                         \
    X(estimators)                                                                                                      \
    X(questions)                                                                                                       \
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

static void take_in(const char *folder, const char *name, void (*take)(const char *name, void *context),
                    void *context) {
    char path[192];
    snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", name);
    take(path, context);
}

void lyap_report_files(const struct lyap_report_options *options, void (*take)(const char *name, void *context),
                       void *context) {
    static const char *const own[] = {"report.md", "report.html", "timings.txt", "figures/effects.svg"};
    char name[128], folder[LYAP_FOLDER];
    lyap_second_folder(options, folder);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) take(own[i], context);
    for (size_t i = 0; lyap_frame_tables[i]; i++) take(lyap_frame_tables[i]->file, context);
    for (size_t s = 0; lyap_sections[s]; s++) {
        for (size_t i = 0; lyap_sections[s]->tables[i]; i++) {
            take(lyap_sections[s]->tables[i]->file, context);
            if (options->seeds == 2) take_in(folder, lyap_sections[s]->tables[i]->file, take, context);
        }
        for (size_t i = 0; lyap_sections[s]->figures[i]; i++) {
            snprintf(name, sizeof name, "%s.svg", lyap_sections[s]->figures[i]);
            take_in("figures", name, take, context);
        }
    }
}

bool lyap_report_owns(const char *name) {
    static const char figures[] = "figures/", seed[] = "seed-";
    if (strncmp(name, figures, sizeof figures - 1) == 0) return true;
    if (strncmp(name, seed, sizeof seed - 1) != 0) return false;
    size_t digits = strspn(name + sizeof seed - 1, "0123456789");
    return digits > 0 && name[sizeof seed - 1 + digits] == '/';
}
