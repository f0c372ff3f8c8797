#include "options.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/edit_distance.h"
#include "kernel.h"
#include "simd/isa/list.h"
#include "lyapgrad/version.h"
#include "single.h"

#define FIRST(constant, name, has, flags) #name
#define NEXT(constant, name, has, flags) ", " #name
const char bench_help[] =
    "lyapgrad-bench: verifies each kernel on each instruction set and precision, then times it\n"
    "\n"
    "  --kernel NAME[,NAME]       uniform, normal, activation, forward, backward, gradient, distance, start,\n"
    "                             step, tangent, spectrum, trajectory, paper, matrix, matrix-forward,\n"
    "                             matrix-backward, matrix-gradient, large-step (default: all)\n"
    "  --isa NAME[,NAME]          " LYAP_ISA_LIST(
        FIRST, NEXT,
        NEXT) " (default: all that this CPU has)\n"
              "  --net SHAPE[,SHAPE]        such as 2-2-1, the paper's network on XOR; others on 32 generated samples\n"
              "  --samples N                generated samples of those, and of the large layers instead of 1024\n"
              "  --activation NAME[,NAME]   linear, sigmoid, tanh, relu (default: all)\n"
              "  --precision NAME[,NAME]    float32, float64 (default: both)\n"
              "  --starts N                 in place of all that, whole runs of N starts of one network beside 16 "
              "starts\n"
              "                             and other programs: --kernel gradient-step, tangent-step, neighbours-1,\n"
              "                             neighbours-3, neighbours-7, exponents-5, small-step, small-tangent,\n"
              "                             mid-step, memory-5 (default: all but the last), --threads N[,N] (default: "
              "1, and 2 where there\n"
              "                             are two), and as above --isa (default: the fastest), --net, --precision,\n"
              "                             --activation, --samples\n"
              "  --fast                     fewer repetitions, short curves: under a minute\n"
              "  --scale                    only the scaling curves, up to 10^7 cells\n"
              "  --no-peers                 leave out NumPy, PyTorch and Numba\n"
              "  --compare OLD.csv          after the run, print what is slower than in that table beyond noise; "
              "status 1 if "
              "any\n"
              "  --out DIR                  tables and pictures (default: out/bench, with --starts out/bench-single)\n"
              "  --plots DIR                the gnuplot files (default: bench/plots)\n"
              "  --help                     this text\n"
              "\n"
              "Exit status: 0; 1 when a kernel does not match, something is slower, or a file cannot be written; 2 for "
              "a bad "
              "option.\n";

/* "a, b, c" of the words that `allowed` holds, NULL at the end. */
static void join(char *text, size_t size, const char *const *allowed) {
    size_t used = 0;
    *text = 0;
    for (int i = 0; allowed[i] && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", allowed[i]);
}

static bool listed(const char *name, const char *const *allowed) {
    for (int i = 0; allowed[i]; i++)
        if (strcmp(name, allowed[i]) == 0) return true;
    return false;
}

/* Splits `value` at its commas. */
static enum lyap_status choose(struct bench_choice *choice, const char *option, const char *value,
                               const char *const *allowed, struct lyap_error *error) {
    choice->count = 0;
    for (;;) {
        size_t length = strcspn(value, ",");
        char names[240], *name = choice->names[choice->count];
        if (allowed) join(names, sizeof names, allowed);
        if (choice->count == BENCH_MOST_NAMES - 1 || length == 0 || length >= sizeof choice->names[0])
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: '%.60s' is no list of names; allowed: %s", option, value,
                             allowed ? names : "shapes such as 2-2-1");
        memcpy(name, value, length);
        name[length] = 0;
        if (allowed && !listed(name, allowed))
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: unknown name '%s'; allowed: %s", option, name, names);
        for (int i = 0; i < choice->count; i++)
            if (strcmp(choice->names[i], name) == 0)
                return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: '%s' is given twice", option, name);
        choice->count++;
        if (!value[length]) return LYAP_OK;
        value += length + 1;
    }
}

static enum lyap_status check_nets(const struct bench_choice *nets, struct lyap_error *error) {
    for (int i = 0; i < nets->count; i++) {
        struct lyap_network net;
        enum lyap_status status = lyap_network_init(&net, nets->names[i], LYAP_LINEAR, LYAP_LINEAR, LYAP_MSE, error);
        if (status) return status;
        if (lyap_network_parameters(&net) > 1000000)
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "--net: %s has more than a million parameters",
                             nets->names[i]);
    }
    return LYAP_OK;
}

static enum lyap_status parse_choice(struct bench_options *o, const char *option, const char *value,
                                     struct lyap_error *error) {
    const char *kernels[BENCH_MOST_NAMES] = {0}, *isas[LYAP_ISA_COUNT + 1] = {0};
    const char *activations[BENCH_ACTIVATIONS + 1] = {0};
    static const char *const precisions[] = {"float32", "float64", NULL};
    int count = 0;
    for (int i = 0; bench_kernels[i] && !o->starts; i++) kernels[count++] = bench_kernels[i]->name;
    for (int i = 0; bench_task_names[i] && o->starts; i++) kernels[count++] = bench_task_names[i];
    for (int i = 0, n = 0; i < LYAP_ISA_COUNT; i++)
        if (lyap_isa_available((enum lyap_isa)i)) isas[n++] = lyap_isa_name((enum lyap_isa)i);
    for (int i = 0; i < BENCH_ACTIVATIONS; i++) activations[i] = lyap_activation_name((enum lyap_activation)i);

    if (strcmp(option, "--kernel") == 0) return choose(&o->kernels, option, value, kernels, error);
    if (strcmp(option, "--isa") == 0) return choose(&o->isas, option, value, isas, error);
    if (strcmp(option, "--activation") == 0) return choose(&o->activations, option, value, activations, error);
    if (strcmp(option, "--precision") == 0) return choose(&o->precisions, option, value, precisions, error);
    enum lyap_status status = choose(&o->nets, option, value, NULL, error);
    return status ? status : check_nets(&o->nets, error);
}

static enum lyap_status parse_samples(struct bench_options *o, const char *value, struct lyap_error *error) {
    uint64_t samples;
    if (!lyap_number_count(value, BENCH_MOST_SAMPLES, &samples) || samples < 1)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "--samples: '%.60s' is not allowed; expected a whole number 1 .. %d", value,
                         BENCH_MOST_SAMPLES);
    o->samples = (size_t)samples;
    return LYAP_OK;
}

static enum lyap_status parse_starts(struct bench_options *o, const char *value, struct lyap_error *error) {
    if (!lyap_number_count(value, BENCH_SINGLE_MOST_STARTS, &o->starts) || o->starts < 1)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                         "--starts: '%.60s' is not allowed; expected a whole number 1 .. %d", value,
                         BENCH_SINGLE_MOST_STARTS);
    return LYAP_OK;
}

/* Numbers joined by commas. */
static enum lyap_status parse_threads(struct bench_options *o, const char *value, struct lyap_error *error) {
    const char *rest = value;
    memset(o->threads, 0, sizeof o->threads);
    for (int n = 0; n < BENCH_MOST_THREADS; n++) {
        char text[16];
        size_t length = strcspn(rest, ",");
        uint64_t threads = 0;
        snprintf(text, sizeof text, "%.*s", (int)(length < sizeof text ? length : sizeof text - 1), rest);
        if (length >= sizeof text || !lyap_number_count(text, LYAP_MOST_THREADS, &threads) || threads < 1) break;
        for (int i = 0; i < n; i++)
            if (o->threads[i] == (int)threads)
                return lyap_fail(error, LYAP_ERROR_ARGUMENT, "--threads: %s is given twice", text);
        o->threads[n] = (int)threads;
        if (!rest[length]) return LYAP_OK;
        rest += length + 1;
    }
    return lyap_fail(error, LYAP_ERROR_ARGUMENT,
                     "--threads: '%.60s' is not allowed; expected one to %d whole numbers 1 .. %d joined by commas",
                     value, BENCH_MOST_THREADS, LYAP_MOST_THREADS);
}

/* What the others mean depends on --starts. */
static enum lyap_status find_starts(struct bench_options *o, struct lyap_error *error) {
    for (int i = 1; i + 1 < o->argc; i++) {
        enum lyap_status status = LYAP_OK;
        if (strcmp(o->argv[i], "--starts") == 0) status = parse_starts(o, o->argv[i + 1], error);
        if (status) return status;
    }
    if (o->starts) o->out = "out/bench-single";
    return LYAP_OK;
}

static enum lyap_status check_together(const struct bench_options *o, struct lyap_error *error) {
    if (o->threads[0] && !o->starts)
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "--threads: the kernels run on one; it goes with --starts N");
    if (o->starts && (o->scale || o->compare))
        return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s: of the kernels and curves, which --starts N replaces",
                         o->scale ? "--scale" : "--compare");
    bool any = !o->starts;
    for (size_t i = 0; i < bench_task_count; i++) any = any || bench_task_chosen(o, &bench_tasks[i]);
    return any ? LYAP_OK
               : lyap_fail(error, LYAP_ERROR_ARGUMENT,
                           "--starts: no run has that combination of --kernel, --net and --activation");
}

enum lyap_status bench_options_parse(struct bench_options *o, int argc, char **argv, struct lyap_error *error) {
    static const char *const with_value[] = {"--kernel",    "--isa",    "--net",     "--activation",
                                             "--precision", "--out",    "--plots",   "--compare",
                                             "--samples",   "--starts", "--threads", NULL};
    static const char *const known[] = {"--kernel",   "--isa",   "--net",     "--activation", "--precision",
                                        "--out",      "--plots", "--compare", "--fast",       "--scale",
                                        "--no-peers", "--help",  "--samples", "--starts",     "--threads"};
    memset(o, 0, sizeof *o);
    o->argc = argc;
    o->argv = argv;
    o->peers = true;
    o->paper_starts = BENCH_PAPER_STARTS;
    o->out = "out/bench";
    o->plots = "bench/plots";
    enum lyap_status found = find_starts(o, error);
    if (found) return found;
    for (int i = 1; i < argc; i++) {
        const char *option = argv[i];
        if (listed(option, with_value)) {
            if (i + 1 == argc || !*argv[i + 1])
                return lyap_fail(error, LYAP_ERROR_ARGUMENT, "%s needs a value; see --help", option);
            const char *value = argv[++i];
            enum lyap_status status = LYAP_OK;
            if (strcmp(option, "--out") == 0)
                o->out = value;
            else if (strcmp(option, "--plots") == 0)
                o->plots = value;
            else if (strcmp(option, "--compare") == 0)
                o->compare = value;
            else if (strcmp(option, "--samples") == 0)
                status = parse_samples(o, value, error);
            else if (strcmp(option, "--starts") == 0)
                status = LYAP_OK; /* read before all others, which depend on it */
            else if (strcmp(option, "--threads") == 0)
                status = parse_threads(o, value, error);
            else
                status = parse_choice(o, option, value, error);
            if (status) return status;
        } else if (strcmp(option, "--fast") == 0) {
            o->fast = true;
        } else if (strcmp(option, "--scale") == 0) {
            o->scale = true;
        } else if (strcmp(option, "--no-peers") == 0) {
            o->peers = false;
        } else if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0) {
            o->help = true;
        } else {
            const char *near = lyap_nearest_word(option, known, sizeof known / sizeof *known);
            return lyap_fail(error, LYAP_ERROR_ARGUMENT, "unknown option '%.60s'%s%s; see --help", option,
                             near ? "; did you mean " : "", near ? near : "");
        }
    }
    return check_together(o, error);
}

bool bench_task_chosen(const struct bench_options *o, const struct bench_task *task) {
    return (o->kernels.count || !task->memory) && bench_chosen(&o->kernels, task->name) &&
           bench_chosen(&o->nets, task->shape) && bench_chosen(&o->activations, lyap_activation_name(task->activation));
}

bool bench_chosen(const struct bench_choice *choice, const char *name) {
    if (choice->count == 0) return true;
    for (int i = 0; i < choice->count; i++)
        if (strcmp(choice->names[i], name) == 0) return true;
    return false;
}
