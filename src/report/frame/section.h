/* A section of the replication report, and running sections. */
#ifndef LYAP_REPORT_FRAME_SECTION_H
#define LYAP_REPORT_FRAME_SECTION_H

#include "report/frame/report.h"
#include "lyapgrad/status.h"

/* The parts of the report, in their order: one for each claim, one for the limits that the paper admits, one for questions beyond it. A
 * section of LYAP_PART_APPENDIX has its text in the appendix alone. */
enum lyap_part {
    LYAP_PART_C1,
    LYAP_PART_C2,
    LYAP_PART_C3,
    LYAP_PART_LIMITS,
    LYAP_PART_QUESTIONS,
    LYAP_PART_APPENDIX,
    LYAP_PARTS
};

struct lyap_section {
    const char *id;    /* "C1" */
    const char *title; /* the question */
    enum lyap_part part;
    double weight; /* share of the run's time, for the progress bar; the weights need not sum to 1 */
    /* *state is the section's own, allocated by compute, freed by `release` (called also after a failure, with NULL if
     * never set) */
    enum lyap_status (*compute)(struct lyap_report *report, void **state, struct lyap_error *error);
    enum lyap_status (*write)(struct lyap_report *report, void *state, struct lyap_error *error);
    void (*release)(void *state);
    const struct lyap_schema *const *tables; /* its data files, NULL-terminated */
    const char *const *figures;              /* the names of its figures, NULL-terminated */
};

/* Runs the sections, NULL-terminated, in their order, and writes report.md, report.html, figures/<name>.svg, the
 * sections' data files, verdicts.csv, tests.csv and timings.txt into `directory`, which is created. All bytes but those
 * of timings.txt depend on seed, full and scale alone. Nothing is left behind by a run that fails or is interrupted.
 * `only` names one section by its id to be run alone; NULL for all. */
enum lyap_status lyap_sections_run(const struct lyap_report_options *options,
                                   const struct lyap_section *const *sections, const char *directory, const char *only,
                                   struct lyap_error *error);

/* What lyap_sections_run checks before it makes a directory: LYAP_ERROR_ARGUMENT for an unknown section or a scale out
 * of range. */
enum lyap_status lyap_sections_check(const struct lyap_report_options *options,
                                     const struct lyap_section *const *sections, const char *only,
                                     struct lyap_error *error);

#endif
