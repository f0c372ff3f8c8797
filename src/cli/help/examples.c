/* lyapgrad help examples: a tour. Every command runs as printed, beside the files that the head names. */
#include "cli/help/examples.h"

#include <stdio.h>

#include "cli/help/help.h"
#include "cli/help/item.h"

const struct cli_example cli_examples[] = {
    {"Your own data to a recommended setting",
     "short trials choose network, optimiser, learning rate and starting weights; report.txt says why",
     "lyapgrad select --data my.csv --split 0.8 --net 2-8-1/2-16-1 \\\n"
     "    --activation tanh/relu --optimiser gd/adam --lr 1e-3:10 \\\n"
     "    --steps 200 --budget 400000 --searches 0 --out out/select\n"},
    {"Your own network on your own data",
     "exponent, regime and held-out accuracy of 16 starts, a row each in exponents.csv",
     "lyapgrad run --estimator tangent --data my.csv --split 0.8 --net 2-8-1 \\\n"
     "    --activation tanh --output-activation sigmoid --loss bce \\\n"
     "    --init glorot-uniform --lr 0.5 --steps 5000 --transient 1000 \\\n"
     "    --starts 16 --out out/mine\n"},
    {"Which learning rate is too large",
     "the same starts at 20 learning rates: quartiles of the exponents, shares that diverge",
     "lyapgrad sweep --over lr:0.01:100:20:log --data my.csv --net 2-8-1 \\\n"
     "    --activation tanh --init glorot-uniform --starts 50 --out out/rates\n"},
    {"Your own PyTorch weights",
     "the published exponent from each row of weights.npy (docs/data.md has the recipe that writes it)",
     "lyapgrad run --weights weights.npy --data my.csv --net 2-8-1 \\\n"
     "    --activation tanh --output-activation linear --lr 0.1 --steps 500 \\\n"
     "    --out out/torch\n"},
    {"Chaos or not", "an exponent with its 95 % interval and a regime for each start; 2 of these 30 are chaotic",
     "lyapgrad run --estimator tangent --activation tanh --lr 5 \\\n"
     "    --init normal:0,2 --loss-window none --steps 20000 \\\n"
     "    --transient 2000 --starts 30 --out out/chaos\n"},
    {"All exponents, and the edge of stability",
     "the whole spectrum, its dimension, and 2/sharpness beside the learning rate",
     "lyapgrad spectrum --activation tanh --lr 5 --init normal:0,2 \\\n"
     "    --loss-window none --steps 5000 --transient 1000 --curvature \\\n"
     "    --history 100 --starts 4 --out out/spectrum\n"},
    {"A map", "exponents over the learning rates of two layers, and the dimension of the boundary",
     "lyapgrad map --net 2-16-1 --activation tanh --output-activation linear \\\n"
     "    --init lecun-normal --x lr1:0.1:1e3:log --y lr2:1e-3:1:log \\\n"
     "    --resolution 64x64 --out out/map\n"},
    {"A bifurcation diagram", "where the weight of one sine unit goes: a fixed point, period doublings, chaos",
     "lyapgrad bifurcation --net 1-1 --activation sin \\\n"
     "    --data linear-teacher:8,1,1,0.5 --init normal:0,1 --loss-window none \\\n"
     "    --over lr:0.1:3:200 --out out/bifurcation\n"},
    {"A long run: checkpointed, interrupted, resumed",
     "stop the first with Ctrl-C, or kill it: the second goes on, and the tables are the same bytes",
     "lyapgrad run --starts 50000 --steps 2000 --checkpoint out/kept \\\n"
     "    --resume --out out/long\n"
     "lyapgrad run --starts 50000 --steps 2000 --checkpoint out/kept \\\n"
     "    --resume --out out/long\n"},
    {"A run in parts, on one machine or several",
     "each part computes half of the cells; merge makes the tables of the whole",
     "lyapgrad run --starts 20000 --shard 1/2 --checkpoint out/part1 --resume\n"
     "lyapgrad run --starts 20000 --shard 2/2 --checkpoint out/part2 --resume\n"
     "lyapgrad merge out/part1 out/part2 --out out/whole\n"},
    {"A recorded series", "the exponent from one chaotic start's losses alone: about 0.7 nats a step, as above",
     "lyapgrad run --activation tanh --lr 5 --init normal:0,2 \\\n"
     "    --loss-window none --precision float64 --steps 6000 \\\n"
     "    --starts 6 --series --out out/recorded\n"
     "lyapgrad series out/recorded/series.csv --column loss --where cell=4 \\\n"
     "    --rows 2001: --method rosenstein --dimension 3 --out out/series\n"},
    {"The paper", "its five figures with our numbers beside them; then: does each of its claims hold?",
     "lyapgrad reproduce --out out/paper\n"
     "lyapgrad reproduce --report --out out/report\n"},
    {"Trust", "exponents that are known, and the same bits on every instruction set and number of threads",
     "lyapgrad validate\n"
     "lyapgrad verify\n"},
    {NULL, NULL, NULL},
};

void cli_print_examples(const struct cli_program *program) {
    (void)program;
    cli_print_words("lyapgrad by example. 'lyapgrad help COMMAND' tells what each option means. my.csv stands for your "
                    "data: two inputs and a target a row; weights.npy for your starting points: the parameters of a "
                    "2-8-1 network a row.");
    for (const struct cli_example *e = cli_examples; e->title; e++) {
        char shows[200];
        snprintf(shows, sizeof shows, "%s:", e->shows);
        printf("\n%s\n", e->title);
        cli_print_words(shows);
        for (const char *c = e->lines; *c; c++) {
            if (c == e->lines || c[-1] == '\n') fputs("    ", stdout);
            putchar(*c);
        }
    }
}
