/* Bad input from end to end: one line on standard error that names it, the right exit status, and nothing written. */
#include "lyapgrad/isa.h"
#include "tests/command.h"

/* A line that begins with "lyapgrad: ", and nothing behind it. */
static void expect_one_line(const char *text, const char *what) {
    const char *end = strchr(text, '\n');
    ck_assert_msg(strncmp(text, "lyapgrad: ", 10) == 0 && end && end[1] == '\0', "%s: not one line: %s", what, text);
    for (const char *c = text; c < end; c++) ck_assert((unsigned char)*c >= 0x20 && *c != 0x7f);
}

static void expect_refusal(struct outcome *o, int status, const char *word, const char *what) {
    ck_assert_msg(o->status == status, "%s: status %d: %s", what, o->status, o->err);
    expect_one_line(o->err, what);
    ck_assert_msg(strstr(o->err, word) != NULL, "%s: '%s' is not in: %s", what, word, o->err);
    ck_assert_msg(o->out == NULL || *o->out == '\0', "%s: printed %s", what, o->out);
    ck_assert_msg(nothing_in("none"), "%s: left something", what);
    outcome_free(o);
}

static void write_file(const char *name, const char *text) {
    scratch_file(name, text, strlen(text));
}

static void write_inputs(void) {
    mkdir(scratch("directory"), 0777);
    write_file("empty.csv", "");
    write_file("header.csv", "a,b,c\n");
    write_file("ragged.csv", "a,b,c\n0,0,0\n0,1\n");
    write_file("long_row.csv", "0,0,0\n0,1,1,1\n");
    write_file("text.csv", "0,0,0\n0,one,1\n");
    write_file("gap.csv", "0,0,0\n0,,1\n");
    write_file("nan.csv", "a,b,c\n0,0,0\n0,nan,1\n");
    write_file("inf.csv", "0,0,0\n0,-inf,1\n");
    write_file("huge.csv", "0,0,0\n0,1e39,1\n");
    write_file("huger.csv", "0,0,0\n0,1e999,1\n");
    write_file("column.csv", "1\n2\n");
    write_file("target.csv", "0,0,0\n0,1,1.5\n");
    write_file("negative.csv", "0,0,-0.1\n");
    scratch_file("nul.csv", "0,0,0\n0,\0,1\n", 12);
    write_file("eight.csv", "1,2,3,4,5,6,7,8\n");
    write_file("nine.csv", "1,2,3,4,5,6,7,8,9\n");
    write_file("nine_huge.csv", "1,2,3,4,5,6,7,8,1e39\n");
    write_file("saved_two_one.csv", "cell,trajectory,w0,w1,w2\n0,0,1,2,3\n0,1,1,2,3\n");
    write_file("saved_children.csv", "cell,trajectory,w0,w1,w2\n0,1,1,2,3\n0,2,1,2,3\n");
}

/* The command word (with settings of the environment before it), its arguments, the exit status, and what must be named. */
static const struct {
    const char *command, *arguments;
    int status;
    const char *word;
} refusals[] = {
    /* commands and options */
    {"", "", 2, "a command is missing"},
    {"''", "", 2, "command ''"},
    {"rnu", "", 2, "did you mean 'run'?"},
    {"RUN", "", 2, "did you mean 'run'?"},
    {"swep", "", 2, "did you mean 'sweep'?"},
    {"xylophone", "", 2, "unknown command 'xylophone'"},
    {"--versoin", "", 2, "'--versoin'"},
    {"--version", "now", 2, "'now'"},
    {"help", "verfy", 2, "did you mean 'verify'?"},
    {"help", "run sweep", 2, "'sweep'"},
    {"info", "all", 2, "'all'"},
    {"info", "--threads 2", 2, "'--threads'"},
    {"verify", "--thread 2", 2, "did you mean '--threads'?"},
    {"verify", "--threads 0", 2, "--threads: '0'"},
    {"verify", "--golden=1", 2, "--golden"},
    {"run", "--lrr 1", 2, "did you mean '--lr'?"},
    {"run", "--neighbors 3", 2, "did you mean '--neighbours'?"},
    {"run", "--STARTS=3", 2, "did you mean '--starts'?"},
    {"run", "--xylophone", 2, "unknown option '--xylophone'"},
    {"run", "--over lr=1:2:3", 2, "unknown option '--over'"},
    {"run", "--", 2, "unknown option '--'"},
    {"run", "--=1", 2, "unknown option '--'"},
    {"run", "-l 1", 2, "unexpected argument '-l'"},
    {"run", "data.csv", 2, "unexpected argument 'data.csv'"},
    {"run", "''", 2, "unexpected argument ''"},
    {"run", "--lr", 2, "--lr: needs a value"},
    {"run", "--lr 1 --lr=1", 2, "--lr: given twice"},
    {"run", "--quiet=yes", 2, "--quiet: is a switch"},
    {"run", "--series --summary", 2, "--summary"},
    {"LYAPGRAD_ISA=sse2 run", "", 2, "'sse2'; choose one of: scalar"},
    {"LYAPGRAD_ISA=Scalar run", "", 2, "'Scalar'"},
    {"LYAPGRAD_ISA=scalar, run", "", 2, "'scalar,'"},
    {"LYAPGRAD_ISA=sse2 verify", "", 2, "'sse2'"},
    {"LYAPGRAD_ISA=sse2 info", "", 2, "'sse2'"},
    {"LYAPGRAD_LAYOUT=two run", "", 2,
     "LYAPGRAD_LAYOUT: unknown layout 'two'; choose one of: auto, block, one, shared"},
    {"LYAPGRAD_LAYOUT=AUTO sweep", "--over lr=1:2:3", 2, "'AUTO'"},
    {"LYAPGRAD_LAYOUT=One spectrum", "", 2, "'One'"},
    {"LYAPGRAD_LAYOUT=one, select", "", 2, "'one,'"},
    {"LYAPGRAD_LAYOUT=two reproduce", "", 2, "'two'"},
    {"LYAPGRAD_LAYOUT=two reproduce", "--report", 2, "'two'"},
    {"LYAPGRAD_LAYOUT=two verify", "", 2, "'two'"},
    {"LYAPGRAD_LAYOUT=two verify", "--golden", 2, "'two'"},
    {"LYAPGRAD_LAYOUT=two verify", "--random 2", 2, "'two'"},
    {"LYAPGRAD_LAYOUT=two validate", "", 2, "'two'"},
    {"LYAPGRAD_LAYOUT=two info", "", 2, "'two'"},
    /* numbers */
    {"run", "--lr ''", 2, "--lr: ''"},
    {"run", "--lr=", 2, "--lr: ''"},
    {"run", "--lr 0.1x", 2, "--lr: '0.1x'"},
    {"run", "--lr ~1", 2, "--lr: ' 1'"},
    {"run", "--lr 0x10", 2, "--lr: '0x10'"},
    {"run", "--lr 1e", 2, "--lr: '1e'"},
    {"run", "--lr 1,5", 2, "--lr: '1,5'"},
    {"run", "--lr nan", 2, "--lr: 'nan'"},
    {"run", "--lr inf", 2, "--lr: 'inf'"},
    {"run", "--lr 1e999", 2, "--lr: 1e999"},
    {"run", "--lr 1e39", 2, "learning rate 1e+39"},
    {"run", "--lr 1e-39", 2, "learning rate 1e-39"},
    {"run", "--lr 0", 2, "--lr: '0' is not allowed; expected a number above 0"},
    {"run", "--lr -1", 2, "--lr: '-1'"},
    {"run", "--perturbation 0", 2, "--perturbation: '0'"},
    {"run", "--perturbation -1e-4", 2, "--perturbation: '-1e-4'"},
    {"run", "--perturbation nan", 2, "--perturbation: 'nan'"},
    {"run", "--escape 0", 2, "--escape: '0'"},
    {"run", "--escape -1e9", 2, "--escape: '-1e9'"},
    {"run", "--escape inf", 2, "--escape: 'inf'"},
    {"run", "--epochs 0", 2, "--epochs: '0'"},
    {"run", "--epochs -5", 2, "--epochs: '-5'"},
    {"run", "--steps 1.5e0", 2, "--steps: '1.5e0'"},
    {"run", "--steps 10 --epochs 10", 2, "--steps: given twice"},
    {"run", "--epochs 2147483648", 2, "--epochs: '2147483648'"},
    {"run", "--starts 0", 2, "--starts: '0'"},
    {"run", "--starts 281474976710657", 2, "1 .. 281474976710656"},
    {"run", "--starts 99999999999999999999999", 2, "--starts"},
    {"run", "--neighbours 0", 2, "--neighbours: '0'"},
    {"run", "--neighbours 16777217", 2, "--neighbours: '16777217'"},
    {"run", "--seed -1", 2, "--seed: '-1'"},
    {"run", "--seed 18446744073709551616", 2, "--seed: '18446744073709551616'"},
    {"run", "--data-seed x", 2, "--data-seed: 'x'"},
    {"run", "--threads 0", 2, "--threads: '0'"},
    {"run", "--threads 4097", 2, "--threads: '4097'"},
    {"run", "--max-draws 0", 2, "--max-draws: '0'"},
    {"run", "--max-draws 4294967296", 2, "--max-draws: '4294967296'"},
    {"run", "--precision float16", 2, "--precision: unknown precision 'float16'"},
    {"run", "--activation gelo", 2, "--activation: unknown activation 'gelo'"},
    {"run", "--output-activation Sigmo", 2, "--output-activation: unknown activation 'Sigmo'"},
    {"run", "--loss mae", 2, "--loss: unknown loss 'mae'"},
    {"run", "--loss bce --activation relu", 2, "not relu"},
    {"run", "--net 2-3-4-1 --activation tanh,relu,sin", 2, "--activation: 3 activations for 2 hidden layers"},
    {"run", "--net 2-3-4-1 --activation tanh,rely", 2, "--activation: unknown activation 'rely'"},
    {"run", "--loss softmax", 2, "loss softmax needs 2 outputs"},
    {"run", "--net 2-3 --loss softmax --output-activation tanh", 2, "not tanh"},
    {"run", "--net 2-2-2 --loss softmax", 2, "data set"},
    {"run", "--init gloro", 2, "--init: 'gloro'"},
    {"run", "--init-bias one", 2, "--init-bias: 'one'"},
    {"run", "--init-bias uniform:1,0", 2, "biases uniform:1,0"},
    /* optimisers */
    {"run", "--optimiser sgdd", 2, "--optimiser: unknown optimiser 'sgdd'"},
    {"run", "--momentum 0.5", 2,
     "--momentum: has no meaning for the optimiser gd; it belongs to: momentum, nesterov, adam, adamw"},
    {"run", "--optimiser momentum --momentum 1", 2,
     "--momentum: '1' is not allowed; expected a number of at least 0 and below 1"},
    {"run", "--optimiser momentum --decay 0.5", 2,
     "--decay: has no meaning for the optimiser momentum; it belongs to: rmsprop"},
    {"run", "--optimiser adam --decay -0.5", 2, "--decay: '-0.5'"},
    {"run", "--optimiser adam --epsilon -1", 2, "--epsilon: '-1'"},
    {"run", "--weight-decay -1", 2, "--weight-decay: '-1'"},
    {"run", "--schedule linear", 2, "--schedule: unknown schedule 'linear'"},
    {"run", "--schedule step:0,0.5", 2, "--schedule: 'step:0,0.5'"},
    {"run", "--schedule step:10", 2, "--schedule: 'step:10' is malformed"},
    {"run", "--schedule cosine:2", 2, "--schedule: the floor '2'"},
    {"run", "--warm-up -1", 2, "--warm-up: '-1'"},
    {"run", "--layer-rates 1", 2, "--layer-rates: '1' is malformed; expected 2 numbers"},
    {"run", "--layer-rates 1,x", 2, "--layer-rates: '1,x'"},
    {"run", "--layer-rates 1,1,1", 2, "--layer-rates: '1,1,1'"},
    {"run", "--batch 5", 2, "batch 5: the data set has 4 samples"},
    {"run", "--batch 0", 2, "--batch: '0'"},
    {"run", "--batch-seed 3", 2, "--batch-seed: without --batch"},
    {"run", "--state all", 2, "--state: unknown state 'all'"},
    {"run", "--estimator all --test-data half.csv", 2, "--test-data: has no meaning for the estimator all"},
    {"run", "--estimator tangent --save-weights w.npy", 2, "--save-weights: has no meaning for the estimator tangent"},
    /* networks */
    {"run", "--net 2", 2, "network '2'"},
    {"run", "--net 2-", 2, "network '2-'"},
    {"run", "--net -2-1", 2, "network '-2-1'"},
    {"run", "--net 2--1", 2, "network '2--1'"},
    {"run", "--net 2-0-1", 2, "network '2-0-1'"},
    {"run", "--net 2-2-1~", 2, "network '2-2-1 '"},
    {"run", "--net 2x2x1", 2, "network '2x2x1'"},
    {"run", "--net 2-1048577-1", 2, "from 1 to 1048576"},
    {"run", "--net 2-99999999999999999999-1", 2, "network '2-9999"},
    {"run", "--net 2-1048576-1048576-1", 2, "1099516870657 parameters"},
    {"run", "--net 3-2-1", 2, "network 3-2-1: takes 3 inputs"},
    {"run", "--net 2-2-2", 2, "gives 2 outputs"},
    /* starting points */
    {"run", "--init gauss:0,1", 2, "--init: 'gauss:0,1'"},
    {"run", "--init uniform", 2, "--init: 'uniform'"},
    {"run", "--init uniform:", 2, "--init: 'uniform:'"},
    {"run", "--init uniform:0", 2, "--init: 'uniform:0'"},
    {"run", "--init uniform:0,1,2", 2, "--init: 'uniform:0,1,2'"},
    {"run", "--init uniform:1,0", 2, "uniform:1,0"},
    {"run", "--init uniform:0,nan", 2, "--init: 'nan'"},
    {"run", "--init normal:0,0", 2, "normal:0,0"},
    {"run", "--init normal:0,-1", 2, "normal:0,-1"},
    {"run", "--init normal:0,1e39", 2, "1e+39"},
    {"run", "--loss-window 0.2", 2, "--loss-window: '0.2'"},
    {"run", "--loss-window all", 2, "LOW,HIGH or none"},
    {"run", "--loss-window 0.4,0.2", 2, "loss window 0.4,0.2"},
    {"run", "--loss-window -1,1", 2, "loss window -1,1"},
    {"run", "--loss-window 0,inf", 2, "--loss-window: 'inf'"},
    {"run", "--loss-window 5,6 --max-draws 300", 1, "acceptance rate 0 in 300 draws"},
    {"run", "--loss-window 5,6 --max-draws 300 --save-initial @/none.csv", 1, "acceptance rate 0 in 300 draws"},
    {"run", "--weights @/nine.csv --init uniform:0,1", 2, "--init"},
    {"run", "--weights @/nine.csv --loss-window none", 2, "--loss-window"},
    {"run", "--weights @/nine.csv --max-draws 3", 2, "--max-draws"},
    {"run", "--weights @/nine.csv --starts 2", 2, "nine.csv has 1"},
    {"run", "--weights @/eight.csv", 2, "eight.csv: 8 columns; network 2-2-1 has 9 parameters"},
    {"run", "--weights @/nine_huge.csv", 2, "weight 8, 1e+39"},
    {"run", "--weights @/saved_two_one.csv", 2, "saved_two_one.csv: 5 columns; network 2-2-1 has 9 parameters"},
    {"run", "--weights @/saved_two_one.csv --net 4-1 --data xor-noisy:4,8,0.1", 2, "network 4-1 has 5 parameters"},
    {"run", "--weights @/saved_children.csv --net 2-1", 2, "saved_children.csv: no row has trajectory 0"},
    {"run", "--weights @/missing.csv", 2, "missing.csv: cannot open"},
    {"run", "--weights @/directory", 2, "directory: is a directory"},
    {"run", "--weights @/empty.csv", 2, "empty.csv: the file is empty"},
    {"run", "--init uniform:-3e38,3e38 --loss-window none --save-initial @/none.csv", 2, "w0 of cell 0, trajectory 0"},
    /* data */
    {"run", "--data xro", 2, "data 'xro' is no file"},
    {"run", "--data xor-noisy", 2, "xor-noisy:BITS,SAMPLES,SIGMA"},
    {"run", "--data xor-noisy:2,0,0.3", 2, "'xor-noisy:2,0,0.3'"},
    {"run", "--data xor-noisy:21,10,0.3", 2, "'xor-noisy:21,10,0.3'"},
    {"run", "--data xor-noisy:2,10,-1", 2, "'xor-noisy:2,10,-1'"},
    {"run", "--data xor-noisy:2,10,0.3,1", 2, "'xor-noisy:2,10,0.3,1'"},
    {"run", "--data xor --targets 2", 2, "1 target, not 2"},
    {"run", "--targets 0", 2, "--targets: '0'"},
    {"run", "--data @/ragged.csv", 2, "ragged.csv: line 3"},
    {"run", "--data @/long_row.csv", 2, "long_row.csv: line 2"},
    {"run", "--data @/text.csv", 2, "text.csv: line 2, column 2: 'one'"},
    {"run", "--data @/gap.csv", 2, "gap.csv: line 2, column 2"},
    {"run", "--data @/nan.csv", 2, "nan.csv: line 3, column 2: 'nan'"},
    {"run", "--data @/inf.csv", 2, "inf.csv: line 2, column 2: '-inf'"},
    {"run", "--data @/huge.csv", 2, "input 1e+39"},
    {"run", "--data @/huger.csv", 2, "huger.csv: line 2, column 2: '1e999'"},
    {"run", "--data @/nul.csv", 2, "nul.csv: line 2, column 2: a NUL byte"},
    {"run", "--data @/column.csv", 2, "column.csv: 1 columns"},
    {"run", "--data @/ragged.csv --targets 3", 2, "ragged.csv"},
    {"run", "--data @/target.csv --targets 3 --net 1-3", 2, "target.csv: 3 columns; 3 targets"},
    {"run", "--data @/target.csv --loss bce", 2, "target 1.5"},
    {"run", "--data @/negative.csv --loss bce", 2, "target -0.1"},
    {"run", "--data @/empty.csv", 2, "empty.csv: the file is empty"},
    {"run", "--data @/header.csv", 2, "header.csv"},
    {"run", "--data @/missing.csv", 2, "missing.csv: cannot open: No such file"},
    {"run", "--data @/directory", 2, "directory: is a directory"},
    {"run", "--data @/empty.csv/x.csv", 2, "cannot open"},
    {"run", "--data /proc/self/mem", 2, "/proc/self/mem: line 1: cannot read"},
    /* what no machine can hold */
    {"run", "--net 2-1024-1048576-1", 1, "1075842049 parameters"},
    {"run", "--neighbours 16777216 --net 2-1048576-1", 1, "16777216 neighbours"},
    {"run", "--neighbours 16777216 --net 2-1048576-1 --save-initial @/none.csv", 1, "memory"},
    {"run", "--epochs 2147483647 --series --starts 1024 --threads 64", 1, "2147483647 epochs"},
    /* outputs */
    {"run", "--save-initial @/directory", 2, "--save-initial: "},
    {"run", "--save-initial @/missing/none.csv", 1, "missing/none.csv: cannot create"},
    {"run", "--save-initial @/empty.csv/none.csv", 1, "empty.csv/none.csv"},
    {"run", "--save-initial /dev/full", 1, "/dev/full: cannot write"},
    /* sweeps */
    {"sweep", "", 2, "--over: is missing"},
    {"sweep", "--over ''", 2, "--over: ''"},
    {"sweep", "--over lr", 2, "--over: 'lr'"},
    {"sweep", "--over lr=", 2, "--over: 'lr='"},
    {"sweep", "--over lr=1", 2, "--over: 'lr=1'"},
    {"sweep", "--over lr=1:2", 2, "--over: 'lr=1:2'"},
    {"sweep", "--over lr=1:2:", 2, "--over: '' in 'lr=1:2:'"},
    {"sweep", "--over lr=1::3", 2, "--over: 'lr=1::3'"},
    {"sweep", "--over lr=:2:3", 2, "--over: 'lr=:2:3'"},
    {"sweep", "--over lr=1:2:0", 2, "--over: '0' in 'lr=1:2:0'"},
    {"sweep", "--over lr=1:2:-3", 2, "--over: '-3' in 'lr=1:2:-3'"},
    {"sweep", "--over lr=1:2:2.5", 2, "--over: '2.5' in 'lr=1:2:2.5'"},
    {"sweep", "--over lr=1:2:1000001", 2, "1 .. 1000000"},
    {"sweep", "--over lr=1:2:3:4", 2, "--over: 'lr=1:2:3:4'"},
    {"sweep", "--over lr=a:2:3", 2, "--over: 'lr=a:2:3'"},
    {"sweep", "--over lr=nan:2:3", 2, "--over: 'lr=nan:2:3'"},
    {"sweep", "--over lr=1:1e999:3", 2, "--over: 'lr=1:1e999:3'"},
    {"sweep", "--over =1:2:3", 2, "--over: '=1:2:3'"},
    {"sweep", "--over lr==1:2:3", 2, "--over: 'lr==1:2:3'"},
    {"sweep", "--over ~lr=1:2:3", 2, "unknown quantity ' lr'; did you mean 'lr'?"},
    {"sweep", "--over seed=1:2:3", 2, "unknown quantity 'seed'; expected lr, perturbation or epochs"},
    {"sweep", "--over a-very-long-name=1:2:3", 2, "--over: 'a-very-long-name=1:2:3'"},
    {"sweep", "--over lr=log:1:2", 2, "--over: 'lr=log:1:2'"},
    {"sweep", "--over lr=log:0:1:3", 2, "ends above 0"},
    {"sweep", "--over lr=log:1:-1:3", 2, "ends above 0"},
    {"sweep", "--over lr=lin:1:2:3", 2, "--over: 'lr=lin:1:2:3'"},
    {"sweep", "--over lr=-1:1:4", 2, "learning rate -1"},
    {"sweep", "--over lr=1:-1:4", 2, "learning rate 0"},
    {"sweep", "--over perturbation=0:1:4", 2, "perturbation 0"},
    {"sweep", "--over epochs=0:10:5", 2, "epochs 0"},
    {"sweep", "--over epochs=1:10000000000:3", 2, "epochs 3.33333e+09"},
    {"sweep", "--over epochs=1:1e10:3", 2, "'1e10' is none"},
    {"sweep", "--over epochs=1.5:10:3", 2, "'1.5' is none"},
    {"sweep", "--over epochs=1:10.0:3", 2, "'10.0' is none"},
    {"sweep", "--over epochs=log:2:9.5:3", 2, "'9.5' is none"},
    {"sweep", "--over epochs=1:3:10", 2, "values 1 and 2 of 10 are the same, 1;"},
    {"sweep", "--over lr=0.5:0.5:2", 2, "values 1 and 2 of 2 are the same, 0.5;"},
    {"sweep", "--over lr=1:1.0000001:4", 2, "are the same, 1;"},
    {"sweep", "--over perturbation=log:1e-4:1e-4:3", 2, "are the same, 9.99"},
    {"run", "--optimiser momentum --schedule step:1e1,0.5", 2, "whole number"},
    {"run", "--optimiser momentum --schedule step:2.0,0.5", 2, "whole number"},
    {"run", "--optimiser momentum --schedule step:2.5,0.5", 2, "whole number"},
    {"sweep", "--over lr=1:2:3 --lr 1", 2, "--lr: given, and swept"},
    {"sweep", "--over lr=1:2:3 --over lr=1:2:3", 2, "--over: given twice"},
    {"sweep", "--over lr=1:2:65537 --starts 281470681743360", 2, "281470681743360 starts"}, /* 2^64 - 1 cells */
};

START_TEST(bad_input_is_named_in_one_line_and_leaves_nothing) {
    const char *command = refusals[_i].command, *arguments = refusals[_i].arguments;
    const char *device = strstr(arguments, "/proc/self/mem") ? "/proc/self/mem" : strstr(arguments, "/dev/full");
    if (device && access(device, F_OK) != 0) SKIP("there is no %s", device);
    const char *word = strrchr(command, ' ') ? strrchr(command, ' ') + 1 : command;
    bool writes = strcmp(word, "run") == 0 || strcmp(word, "sweep") == 0;
    remove_tree(scratch("none"));
    struct outcome o = run_command("%s%s %s", command, writes ? " --out @/none" : "", arguments);
    expect_refusal(&o, refusals[_i].status, refusals[_i].word, arguments);
    ck_assert(access(scratch("none.csv"), F_OK) != 0);
    if (refusals[_i].status == 2 && !strstr(arguments, "save-initial"))
        ck_assert(access(scratch("none"), F_OK) != 0); /* not even the directory */
}
END_TEST

static const char *const valued[] = {"net",        "activation",   "output-activation",
                                     "loss",       "data",         "targets",
                                     "data-seed",  "lr",           "epochs",
                                     "starts",     "init",         "loss-window",
                                     "max-draws",  "weights",      "save-initial",
                                     "precision",  "escape",       "seed",
                                     "threads",    "out",          "over",
                                     "neighbours", "perturbation", "labels",
                                     "one-hot",    "samples",      "split",
                                     "test-data",  "test-labels"};
enum { VALUED = sizeof valued / sizeof *valued };

START_TEST(an_empty_overlong_or_unprintable_value_is_named_in_one_line) {
    char longest[3001], option[64];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    const char *const values[] = {"''", longest, "/dev/null/a\nb\033[2J\177"};
    snprintf(option, sizeof option, "--%s", valued[_i]);
    const char *command = strcmp(valued[_i], "over") == 0 ? "sweep" : "run";
    const char *out = strcmp(valued[_i], "out") == 0 ? "" : "--out @/none";
    remove_tree(scratch("none"));
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        struct outcome o = run_command("%s %s %s %s", command, out, option, values[v]);
        bool named = strstr(o.err, option + 2) || strstr(o.err, v == 1 ? "xxxxxxxx" : "/dev/null/a?b?[2J?");
        ck_assert_msg(named, "%s", o.err);
        ck_assert_uint_lt(strlen(o.err), 500);
        expect_refusal(&o, o.status == 1 ? 1 : 2, "lyapgrad: ", option);
    }
}
END_TEST

START_TEST(an_output_directory_that_cannot_be_is_named) {
    static const char *const bad[] = {"@/empty.csv", "@/empty.csv/below", "/dev/null/below", "@/directory/cells.csv/x"};
    mkdir(scratch("directory/cells.csv"), 0777);
    for (size_t i = 0; i < sizeof bad / sizeof *bad - 1; i++) {
        struct outcome o = run_command("run --out %s", bad[i]);
        expect_refusal(&o, 2, strrchr(bad[i], '/'), bad[i]);
    }
    struct outcome o = run_command("run --out @/directory"); /* a directory stands where a table should */
    expect_refusal(&o, 2, "directory/cells.csv is a directory", "cells.csv");
    ck_assert_int_eq(count_entries(scratch("directory")), 1);
    o = run_command("run --out ''");
    expect_refusal(&o, 2, "--out: ", "empty");
}
END_TEST

START_TEST(an_instruction_set_that_this_machine_lacks_is_refused_with_the_choices) {
    for (int isa = 0; isa < LYAP_ISA_COUNT; isa++) {
        if (lyap_isa_available((enum lyap_isa)isa)) continue;
        struct outcome o = run_command("LYAPGRAD_ISA=%s run --out @/none", lyap_isa_name((enum lyap_isa)isa));
        ck_assert_ptr_nonnull(strstr(o.err, "not available here; choose one of: scalar"));
        expect_refusal(&o, 2, lyap_isa_name((enum lyap_isa)isa), "isa");
    }
}
END_TEST

START_TEST(a_data_set_beyond_the_memory_is_refused) {
    double bytes = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (bytes > 300e9) SKIP("this machine has the memory, 361 GB twice");
    struct outcome o = run_command("run --net 20-1 --data xor-noisy:20,2147483648,0.3 --out @/none");
    expect_refusal(&o, 1, "2147483648 samples", "samples");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_input");
    TCase *tc = tcase_create("input");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, write_inputs, NULL); /* once for all tests */
    tcase_add_loop_test(tc, bad_input_is_named_in_one_line_and_leaves_nothing, 0,
                        (int)(sizeof refusals / sizeof *refusals));
    tcase_add_loop_test(tc, an_empty_overlong_or_unprintable_value_is_named_in_one_line, 0, VALUED);
    tcase_add_test(tc, an_output_directory_that_cannot_be_is_named);
    tcase_add_test(tc, an_instruction_set_that_this_machine_lacks_is_refused_with_the_choices);
    tcase_add_test(tc, a_data_set_beyond_the_memory_is_refused);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
