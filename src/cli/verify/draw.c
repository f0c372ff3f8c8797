/* A random configuration of a random command. */
#include "cli/verify/draw.h"

#include <limits.h>
#include <string.h>

#include "cli/task.h"
#include "cli/verify/options.h"
#include "cli/verify/system.h"
#include "lyapgrad/optimiser.h"

/* The share of the known systems, which no command draws. */
enum { SYSTEMS = 5 };

static void draw_optimiser_kind(struct dice *d) {
    d->optimiser = dice_chance(d, 50) ? LYAP_GD : (enum lyap_optimiser_kind)dice_pick(d, LYAP_OPTIMISER_COUNT);
}

/* The way of drawing at that place among the shares of all commands, and its command; NULL behind the last. */
static const struct cli_draw *find_draw(const struct cli_program *program, unsigned *place,
                                        const struct cli_command **command) {
    for (const struct cli_command *const *c = program->commands; *c; c++)
        for (const struct cli_draw *draw = (*c)->task ? (*c)->task->draws : NULL; draw && draw->share; draw++) {
            *command = *c;
            if (*place < draw->share) return draw;
            *place -= draw->share;
        }
    *command = NULL;
    return NULL;
}

void cli_verify_draw(const struct cli_program *program, struct cli_verify_case *drawn, uint64_t seed, uint64_t index) {
    struct dice dice = {.drawn = drawn};
    unsigned shares = UINT_MAX;
    memset(drawn, 0, sizeof *drawn);
    drawn->seed = seed;
    drawn->index = index;
    find_draw(program, &shares, &drawn->command);
    unsigned place = dice_pick(&dice, UINT_MAX - shares + SYSTEMS);
    const struct cli_draw *draw = find_draw(program, &place, &drawn->command);
    bool parts = draw && drawn->command->task->cells;
    drawn->shards = parts ? (int)dice_range(&dice, 2, 3) : 0;
    drawn->shard = parts ? (int)dice_range(&dice, 1, (unsigned)drawn->shards) : 0;
    draw_optimiser_kind(&dice);
    if (draw) dice_data(&dice);
    if (parts) dice_network(&dice);
    (draw ? draw->draw : dice_system)(&dice);
}
