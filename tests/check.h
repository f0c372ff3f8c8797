/* The Check library, whose assertions are used in loops here. */
#ifndef LYAP_TEST_CHECK_H
#define LYAP_TEST_CHECK_H

#include <check.h>

/* Check writes the place of every assertion that holds to a file, for the message about a test that crashes ("after this point"): microseconds
 * each, most of the time of a test that compares a million numbers. A place that is among the last ones is not written again, so that the
 * message about a crash in a loop has a line of this loop. */
static inline void mark_new_point(const char *file, int line) {
    enum { KEPT = 8 };
    static struct {
        const char *file;
        int line;
    } kept[KEPT];
    static unsigned next;
    for (int i = 0; i < KEPT; i++)
        if (kept[i].line == line && kept[i].file == file) return;
    kept[next].file = file;
    kept[next].line = line;
    next = (next + 1) % KEPT;
    _mark_point(file, line);
}
#define _mark_point(file, line) mark_new_point(file, line)

#endif
