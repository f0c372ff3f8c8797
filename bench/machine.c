#if defined(__linux__)
#define _GNU_SOURCE /* _SC_LEVEL1_DCACHE_SIZE */
#elif defined(__APPLE__)
#define _DARWIN_C_SOURCE /* sysctlbyname */
#endif

#include "machine.h"

#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif

#include "lyapgrad/version.h"
#include "timer.h"

#ifndef BENCH_FLAGS
#define BENCH_FLAGS "unknown"
#endif
#ifndef BENCH_NATIVE_FLAGS
#define BENCH_NATIVE_FLAGS "unknown"
#endif

enum { MOST_L3 = 64 << 20 };

static void copy(char *to, size_t size, const char *from) {
    snprintf(to, size, "%s", from);
    to[strcspn(to, "\n")] = 0;
}

/* The first line that a command prints; empty when it fails. */
static void first_line(const char *command, char *text, size_t size) {
    FILE *pipe = popen(command, "r");
    *text = 0;
    if (!pipe) return;
    if (!fgets(text, (int)size, pipe)) *text = 0;
    pclose(pipe);
    text[strcspn(text, "\n")] = 0;
}

static void find_cpu(struct bench_machine *machine) {
    copy(machine->cpu, sizeof machine->cpu, "unknown CPU");
#if defined(__APPLE__)
    size_t size = sizeof machine->cpu;
    sysctlbyname("machdep.cpu.brand_string", machine->cpu, &size, NULL, 0);
#else
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256], family[32] = "", model[32] = "";
    while (file && fgets(line, sizeof line, file) && *line != '\n') {
        const char *value = strchr(line, ':');
        if (!value) continue;
        value += value[1] ? 2 : 1;
        if (strncmp(line, "model name", 10) == 0) copy(machine->cpu, sizeof machine->cpu, value);
        if (strncmp(line, "cpu family", 10) == 0) copy(family, sizeof family, value);
        if (strncmp(line, "model\t", 6) == 0) copy(model, sizeof model, value);
    }
    if (file) fclose(file);
    size_t used = strlen(machine->cpu);
    if (*family && *model)
        snprintf(machine->cpu + used, sizeof machine->cpu - used, " (family %.8s, model %.8s)", family, model);
#endif
}

static size_t cache(int level) {
    long size = -1;
#if defined(__APPLE__)
    static const char *const names[] = {"hw.l1dcachesize", "hw.l2cachesize", "hw.l3cachesize"};
    size_t length = sizeof size;
    if (sysctlbyname(names[level - 1], &size, &length, NULL, 0) != 0) size = -1;
#elif defined(_SC_LEVEL1_DCACHE_SIZE)
    size = sysconf(level == 1 ? _SC_LEVEL1_DCACHE_SIZE : level == 2 ? _SC_LEVEL2_CACHE_SIZE : _SC_LEVEL3_CACHE_SIZE);
#else
    (void)level;
#endif
    return size > 0 ? (size_t)size : 0;
}

static void find_caches(struct bench_machine *machine) {
    machine->l1 = cache(1);
    machine->l2 = cache(2);
    machine->l3 = cache(3);
    machine->caches_known = machine->l1 && machine->l2;
    if (!machine->l1) machine->l1 = 32 * 1024;
    if (!machine->l2) machine->l2 = 512 * 1024;
    if (machine->l3 < 4 * machine->l2) machine->l3 = 4 * machine->l2;
    if (machine->l3 > MOST_L3) machine->l3 = MOST_L3; /* virtual machines tell that of the whole host */
}

void bench_machine_find(struct bench_machine *machine) {
    memset(machine, 0, sizeof *machine);
    machine->pinned = bench_pin();
    machine->cycles = bench_cycles_open();
    machine->ghz = bench_clock_ghz();
    find_cpu(machine);
    find_caches(machine);
    struct utsname system;
    if (uname(&system) == 0)
        snprintf(machine->system, sizeof machine->system, "%.30s %.40s %.20s", system.sysname, system.release,
                 system.machine);
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    machine->cpus = cpus > 0 ? (int)cpus : 1;
    copy(machine->compiler, sizeof machine->compiler, lyap_compiler());
    copy(machine->flags, sizeof machine->flags, BENCH_FLAGS);
    copy(machine->native, sizeof machine->native, BENCH_NATIVE_FLAGS);
    copy(machine->sleef, sizeof machine->sleef, lyap_sleef_version());
    copy(machine->version, sizeof machine->version, lyap_version());
    first_line("git describe --always --dirty 2>/dev/null", machine->commit, sizeof machine->commit);
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc)) strftime(machine->date, sizeof machine->date, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

void bench_machine_write(const struct bench_machine *m, FILE *file, const char *prefix) {
    fprintf(file, "%slyapgrad %s%s%s, %s\n", prefix, m->version, *m->commit ? ", commit " : "", m->commit, m->date);
    fprintf(file, "%sCPU: %s, %d online, clock about %.2f GHz (estimated from a chain of multiplications)\n", prefix,
            m->cpu, m->cpus, m->ghz);
    fprintf(file, "%scaches: L1 %zu KiB, L2 %zu KiB, L3 %zu KiB%s\n", prefix, m->l1 / 1024, m->l2 / 1024, m->l3 / 1024,
            m->caches_known ? "" : " (not told by the system: usual sizes)");
    fprintf(file, "%ssystem: %s; thread %s; cycles %s\n", prefix, m->system, m->pinned ? "pinned" : "not pinned",
            m->cycles ? "counted by the CPU" : "not counted here: clock time alone");
    fprintf(file, "%scompiler: %s; kernels %s; plain loop %s\n", prefix, m->compiler, m->flags, m->native);
    fprintf(file, "%sSLEEF %s\n", prefix, m->sleef);
}
