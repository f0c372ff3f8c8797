#include "report/report.h"

const struct lyap_section *const lyap_sections[] = {&lyap_section_rate,
                                                    &lyap_section_bifurcation,
                                                    &lyap_section_activation,
                                                    &lyap_section_choice,
                                                    &lyap_section_selection,
                                                    &lyap_section_published,
                                                    &lyap_section_precision,
                                                    &lyap_section_further,
                                                    &lyap_section_estimators,
                                                    &lyap_section_neighbouring,
                                                    NULL};
