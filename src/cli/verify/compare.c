/* A configuration in all ways, and the comparison of their results. */
#include "cli/verify/compare.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/isa.h"

#include <inttypes.h>
#include <string.h>

#include "cli/verify/draw.h"

/* Steps of small networks that threads share are mostly waiting: one configuration of so many has them. */
enum { MOST_THREADS = 3, SHARED_EVERY = 64 };

/* Which numbers of a whole run a part of it has. */
static bool in_part(const struct cli_verify_case *drawn, const struct cli_verify_value *v, enum cli_verify_part part,
                    uint64_t first, uint64_t count) {
    const uint64_t starts = drawn->starts ? drawn->starts : 1, cell = v->value * starts + v->start;
    if (part == CLI_VERIFY_FEWER) return v->start < drawn->fewer;
    return part == CLI_VERIFY_WHOLE || (cell >= first && cell < first + count);
}

static bool same_value(const struct cli_verify_value *a, const struct cli_verify_value *b) {
    return a->bits == b->bits && a->value == b->value && a->start == b->start && a->index == b->index &&
           strcmp(a->field, b->field) == 0;
}

/* The cells of a whole run: those of its last number and before. */
static uint64_t cells_of(const struct cli_verify_case *drawn, const struct cli_verify_results *whole) {
    uint64_t cells = 0, starts = drawn->starts ? drawn->starts : 1;
    for (size_t i = 0; i < whole->count; i++) {
        uint64_t cell = whole->values[i].value * starts + whole->values[i].start;
        if (cell >= cells) cells = cell + 1;
    }
    return cells;
}

/* Compares run `b` with the whole run `a`; true if all that b has is there. */
static bool same_results(const struct cli_verify_case *drawn, const struct cli_verify_results *a,
                         const struct cli_verify_results *b, struct cli_verify_difference *difference) {
    const enum cli_verify_part part = difference->b.part;
    uint64_t first = 0, count = 0;
    size_t j = 0;
    difference->has_values = false;
    if (a->status != b->status || strcmp(a->message, b->message) != 0) {
        snprintf(difference->reason, sizeof difference->reason, "one ends with '%.250s', the other with '%.250s'",
                 a->status ? a->message : "results", b->status ? b->message : "results");
        return false;
    }
    if (part == CLI_VERIFY_SHARD) cli_verify_shard(drawn->shard, drawn->shards, cells_of(drawn, a), &first, &count);
    for (size_t i = 0; i < a->count; i++) {
        if (!in_part(drawn, &a->values[i], part, first, count)) continue;
        if (j < b->count && same_value(&a->values[i], &b->values[j])) {
            j++;
            continue;
        }
        difference->has_values = j < b->count;
        difference->first = a->values[i];
        if (j < b->count) difference->second = b->values[j];
        snprintf(difference->reason, sizeof difference->reason, "one lacks %s", a->values[i].field);
        return false;
    }
    if (j == b->count) return true;
    snprintf(difference->reason, sizeof difference->reason, "one has %zu numbers, the other %zu", j, b->count);
    return false;
}

/* The ways besides the first: every other instruction set, each in a number of threads that changes from one configuration to
 * the next; the fastest in all numbers of them; and two parts. One of the whole runs, each in its turn, takes one network at a time. */
static size_t list_ways(const struct cli_verify_case *drawn, struct cli_verify_way ways[], size_t room) {
    enum lyap_isa isas[LYAP_ISA_COUNT];
    size_t sets = 0, count = 0;
    const uint64_t turn = drawn->index;
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++)
        if (lyap_isa_available((enum lyap_isa)isa)) isas[sets++] = (enum lyap_isa)isa;
    for (size_t k = 1; k + 1 < sets && count < room; k++)
        ways[count++] =
            (struct cli_verify_way){isas[k], LYAP_LAYOUT_BLOCK, 1 + (int)((turn + k) % MOST_THREADS), CLI_VERIFY_WHOLE};
    for (int threads = 1; threads <= MOST_THREADS && sets > 1 && count < room; threads++)
        ways[count++] = (struct cli_verify_way){isas[sets - 1], LYAP_LAYOUT_BLOCK, threads, CLI_VERIFY_WHOLE};
    if ((turn % 4 == 0 || count == 0) && count < room)
        ways[count++] = (struct cli_verify_way){isas[0], LYAP_LAYOUT_BLOCK, 2 + (int)(turn / 4 % 2), CLI_VERIFY_WHOLE};
    ways[turn % count].layout = LYAP_LAYOUT_ONE;
    if (turn % SHARED_EVERY == 0 && count < room)
        ways[count++] = (struct cli_verify_way){isas[sets - 1], LYAP_LAYOUT_SHARED, 2 + (int)(turn / SHARED_EVERY % 2),
                                                CLI_VERIFY_WHOLE};
    if (drawn->fewer && count < room)
        ways[count++] = (struct cli_verify_way){isas[turn % sets], LYAP_LAYOUT_AUTO, 1, CLI_VERIFY_FEWER};
    if (drawn->shards && count < room)
        ways[count++] =
            (struct cli_verify_way){isas[(turn + 1) % sets], LYAP_LAYOUT_AUTO, 1 + (int)(turn % 2), CLI_VERIFY_SHARD};
    return count;
}

static uint64_t digest_of(const struct cli_verify_results *r) {
    uint64_t digest = lyap_digest_u64(LYAP_DIGEST_START, (uint64_t)r->status);
    for (size_t i = 0; i < r->count; i++) digest = lyap_digest_u64(digest, r->values[i].bits);
    return digest;
}

static enum cli_verify_answer compare_ways(struct cli_verify_plan *plan, cli_verify_tamper *tamper,
                                           const struct cli_verify_results *whole,
                                           struct cli_verify_difference *difference) {
    struct cli_verify_way ways[2 * LYAP_ISA_COUNT + MOST_THREADS + 1];
    const size_t count = list_ways(plan->drawn, ways, sizeof ways / sizeof *ways);
    enum cli_verify_answer answer = CLI_VERIFY_AGREES;
    for (size_t i = 0; i < count && answer == CLI_VERIFY_AGREES; i++) {
        struct cli_verify_results part;
        /* A part may have none of the cells that ended the whole run; there may be fewer cells than parts. */
        if (whole->status && ways[i].part != CLI_VERIFY_WHOLE) continue;
        if (ways[i].part == CLI_VERIFY_SHARD && cells_of(plan->drawn, whole) < (uint64_t)plan->drawn->shards) continue;
        difference->b = ways[i];
        if (!cli_verify_run(plan, &ways[i], &part)) answer = CLI_VERIFY_STOPPED;
        if (tamper) tamper(plan->drawn, &ways[i], &part);
        if (answer == CLI_VERIFY_AGREES && !same_results(plan->drawn, whole, &part, difference))
            answer = CLI_VERIFY_DIFFERS;
        if (answer == CLI_VERIFY_STOPPED && !cli_interrupted()) cli_complain("%s", part.message);
        cli_verify_results_free(&part);
    }
    return answer;
}

enum cli_verify_answer cli_verify_compare(const struct cli_verify_case *drawn, cli_verify_tamper *tamper,
                                          uint64_t *digest, struct cli_verify_difference *difference) {
    struct cli_verify_plan plan;
    struct cli_verify_results whole;
    enum cli_verify_answer answer = CLI_VERIFY_STOPPED;
    memset(difference, 0, sizeof *difference);
    difference->a = (struct cli_verify_way){LYAP_ISA_SCALAR, LYAP_LAYOUT_BLOCK, 1, CLI_VERIFY_WHOLE};
    if (cli_verify_plan_read(&plan, drawn)) {
        if (cli_verify_run(&plan, &difference->a, &whole)) {
            *digest = digest_of(&whole);
            answer = compare_ways(&plan, tamper, &whole, difference);
        } else if (!cli_interrupted()) {
            cli_complain("%s", whole.message);
        }
        cli_verify_results_free(&whole);
    }
    cli_verify_plan_free(&plan);
    return answer;
}

int cli_verify_random(const struct cli_program *program, uint64_t seed, uint64_t first, uint64_t count,
                      cli_verify_tamper *tamper) {
    enum { MOST_SHOWN = 10 };
    bool quiet = false;
    uint64_t digest = LYAP_DIGEST_START, differ = 0;
    for (uint64_t i = 0; i < count; i++) {
        struct cli_verify_case drawn;
        struct cli_verify_difference difference;
        uint64_t own = 0;
        if (!cli_progress_share(i, count, &quiet)) return cli_signal_status();
        cli_verify_draw(program, &drawn, seed, first + i);
        enum cli_verify_answer answer = cli_verify_compare(&drawn, tamper, &own, &difference);
        digest = lyap_digest_u64(digest, own);
        if (answer == CLI_VERIFY_STOPPED) {
            cli_progress_share(count, count, &quiet);
            if (cli_interrupted()) return cli_signal_status();
            cli_verify_print_line(stderr, &drawn, &difference.a, NULL);
            return EXIT_BAD_RUN;
        }
        if (answer == CLI_VERIFY_DIFFERS && ++differ <= MOST_SHOWN) {
            cli_progress_share(count, count, &quiet); /* takes the bar away */
            cli_verify_print(&drawn, &difference);
        }
    }
    cli_progress_share(count, count, &quiet);
    fputs("instruction sets ", stdout);
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++)
        if (lyap_isa_available((enum lyap_isa)isa)) printf(" %s", lyap_isa_name((enum lyap_isa)isa));
    printf("\nconfigurations    %" PRIu64 " of seed %" PRIu64 ", from %" PRIu64
           " on, each in both layouts, 1 to %d threads and with cells left out\ndigest            %016" PRIx64 "\n",
           count, seed, first, MOST_THREADS, digest);
    if (!differ) puts("verify: all agree");
    if (differ)
        printf("verify: DIFFERENT BITS in %" PRIu64
               " configurations; please report this with the output of 'lyapgrad info'\n",
               differ);
    return differ ? EXIT_BAD_RUN : 0;
}
