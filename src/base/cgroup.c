#include "base/cgroup.h"

#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST_PATH = 1024, LONGEST_TEXT = 4096 };

/* The beginning of a small file; false where there is none. */
static bool read_file(const char *path, char text[LONGEST_TEXT]) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const ssize_t length = read(file, text, LONGEST_TEXT - 1);
    close(file);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

/* The first number of a file; false for "max" and -1, which are no limit. */
static bool read_limit(const char *directory, const char *name, char text[LONGEST_TEXT], double *value) {
    char path[LONGEST_PATH + 64], *end;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (!read_file(path, text)) return false;
    *value = strtod(text, &end);
    return end > text && *value > 0;
}

/* The limits of one group's directory, of either version. */
static void narrow(struct lyap_cgroup *limits, const char *directory) {
    char text[LONGEST_TEXT];
    double quota, period, bytes;
    if (read_limit(directory, "cpu.max", text, &quota)) {
        const char *blank = strchr(text, ' ');
        period = blank ? strtod(blank, NULL) : 0;
        if (period > 0) limits->processors = fmin(limits->processors, quota / period);
    }
    if (read_limit(directory, "cpu.cfs_quota_us", text, &quota) &&
        read_limit(directory, "cpu.cfs_period_us", text, &period))
        limits->processors = fmin(limits->processors, quota / period);
    if (read_limit(directory, "memory.max", text, &bytes) ||
        read_limit(directory, "memory.limit_in_bytes", text, &bytes))
        limits->bytes = fmin(limits->bytes, bytes);
}

/* From the group's directory up to that of its controller. */
static void narrow_upwards(struct lyap_cgroup *limits, const char *top, const char *group) {
    char path[LONGEST_PATH];
    const int length = snprintf(path, sizeof path, "%s%s", top, group);
    if (length < 0 || length >= LONGEST_PATH) return;
    for (size_t end = (size_t)length; end >= strlen(top);) {
        path[end] = '\0';
        narrow(limits, path);
        while (end > strlen(top) && path[end - 1] != '/') end--;
        if (end == strlen(top)) break;
        end--; /* the slash */
    }
}

/* A line is NUMBER:CONTROLLERS:PATH, of version 2 without controllers. In a container the path may be one of the host: then the top has the
 * container's own limits. */
struct lyap_cgroup lyap_cgroup_read(const char *groups, const char *root) {
    struct lyap_cgroup limits = {(double)INFINITY, (double)INFINITY};
    char text[LONGEST_TEXT], top[LONGEST_PATH];
    if (!read_file(groups, text)) return limits;
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!path) continue;
        *path++ = '\0';
        controllers++;
        snprintf(top, sizeof top, "%s%s%s", root, *controllers ? "/" : "", controllers);
        narrow(&limits, top);
        narrow_upwards(&limits, top, path);
    }
    return limits;
}

struct lyap_cgroup lyap_cgroup(void) {
    return lyap_cgroup_read("/proc/self/cgroup", "/sys/fs/cgroup");
}
