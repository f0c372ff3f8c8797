#include "cli/verify/print.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/regime.h"

#include <inttypes.h>
#include <string.h>

/* A word for a POSIX shell. */
static void print_word(FILE *file, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,=+";
    if (*word && word[strspn(word, plain)] == '\0') {
        fprintf(file, " %s", word);
        return;
    }
    fputs(" '", file);
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", file);
        else
            putc(*word, file);
    }
    putc('\'', file);
}

/* A command has no known systems but those of `validate`; `verify` itself draws this one again. */
static void print_system(FILE *file, const struct cli_verify_case *drawn) {
    fprintf(file, "lyapgrad verify --random 1 --seed %" PRIu64 " --first %" PRIu64 "\n", drawn->seed, drawn->index);
}

void cli_verify_print_line(FILE *file, const struct cli_verify_case *drawn, const struct cli_verify_way *way,
                           const char *out) {
    if (!drawn->command) {
        print_system(file, drawn);
        return;
    }
    fprintf(file, "LYAPGRAD_ISA=%s LYAPGRAD_LAYOUT=%s lyapgrad %s", lyap_isa_name(way->isa),
            lyap_layout_name(way->layout), drawn->command->name);
    bool series = false;
    for (int i = 0; i < drawn->argc; i++) {
        series = series || strcmp(drawn->argv[i], "--series") == 0;
        if (way->part == CLI_VERIFY_FEWER && strcmp(drawn->argv[i], "--starts") == 0) {
            fprintf(file, " --starts %" PRIu64, drawn->fewer);
            i++;
            continue;
        }
        print_word(file, drawn->argv[i]);
    }
    fprintf(file, " --threads %d", way->threads);
    if (out) fprintf(file, " --out %s", out);
    if (out && series) fprintf(file, " --save-weights %s.weights.csv", out);
    putc('\n', file);
}

/* All parts of the command, and their tables. */
static void print_shards(const struct cli_verify_case *drawn, const struct cli_verify_way *way, const char *out) {
    for (int shard = 1; shard <= drawn->shards; shard++) {
        fprintf(stdout, "  LYAPGRAD_ISA=%s LYAPGRAD_LAYOUT=%s lyapgrad %s", lyap_isa_name(way->isa),
                lyap_layout_name(way->layout), drawn->command->name);
        for (int i = 0; i < drawn->argc; i++) print_word(stdout, drawn->argv[i]);
        printf(" --threads %d --checkpoint %s.%d --shard %d/%d\n", way->threads, out, shard, shard, drawn->shards);
    }
    fputs("  lyapgrad merge", stdout);
    for (int shard = 1; shard <= drawn->shards; shard++) printf(" %s.%d", out, shard);
    printf(" --out %s\n", out);
}

static void print_way(const char *before, const struct cli_verify_way *way) {
    printf("%s%s, layout %s, in %d %s%s", before, lyap_isa_name(way->isa), lyap_layout_name(way->layout), way->threads,
           way->threads == 1 ? "thread" : "threads",
           way->part == CLI_VERIFY_FEWER   ? " with fewer starts"
           : way->part == CLI_VERIFY_SHARD ? " in parts"
                                           : "");
}

static void print_value(const struct cli_verify_value *v) {
    double number;
    memcpy(&number, &v->bits, sizeof number);
    if (strcmp(v->field, "regime") == 0)
        printf(" %s", lyap_regime_name((enum lyap_regime)v->bits));
    else if (strcmp(v->field, "status") == 0)
        printf(" %s", lyap_outcome_name((enum lyap_outcome)v->bits));
    else if (v->real)
        printf(" %.17g (%016" PRIx64 ")", number, v->bits);
    else
        printf(" %" PRId64, (int64_t)v->bits);
}

void cli_verify_print(const struct cli_verify_case *drawn, const struct cli_verify_difference *d) {
    const uint64_t starts = drawn->starts ? drawn->starts : 1;
    printf("configuration %" PRIu64 " of seed %" PRIu64 " differs: ", drawn->index, drawn->seed);
    if (d->has_values && strcmp(d->first.field, d->second.field) == 0 && d->first.index == d->second.index) {
        printf("%s", d->first.field);
        if (d->first.index) printf(" %" PRIu32, d->first.index);
        printf(" of cell %" PRIu64 ":", d->first.value * starts + d->first.start);
        print_way(" ", &d->a);
        print_value(&d->first);
        print_way(", ", &d->b);
        print_value(&d->second);
    } else if (d->has_values) {
        printf("%s of cell %" PRIu64 " is in one alone:", d->first.field, d->first.value * starts + d->first.start);
        print_way(" ", &d->a);
        print_way(", not ", &d->b);
    } else {
        printf("%s:", d->reason);
        print_way(" ", &d->a);
        print_way(", ", &d->b);
    }
    fputs("\n  ", stdout);
    cli_verify_print_line(stdout, drawn, &d->a, "out/verify/a");
    if (drawn->command && d->b.part == CLI_VERIFY_SHARD) {
        print_shards(drawn, &d->b, "out/verify/b");
    } else if (drawn->command) {
        fputs("  ", stdout);
        cli_verify_print_line(stdout, drawn, &d->b, "out/verify/b");
    }
    fflush(stdout);
}
