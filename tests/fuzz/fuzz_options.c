/* The command line: the input is its words, one a line, the command's name first. The commands run as they are, but no kernel is to
 * be had and no large data set is made (the linker sends both here), so that no work is done: what is left is the reading of
 * words, numbers, names and small files, and the writing of messages. */
#include "simd/kernels.h"
#include "cli/commands.h"
#include "cli/task.h"
#include "cli/options/values.h"
#include "data/dataset.h"
#include "tests/support.h"
#include "tests/fuzz/entry.h"

const struct lyap_kernels *__real_lyap_kernels_get(enum lyap_isa isa, enum lyap_precision precision);
const struct lyap_kernels *__wrap_lyap_kernels_get(enum lyap_isa isa, enum lyap_precision precision);
enum lyap_status __real_lyap_dataset_allocate(struct lyap_dataset *data, size_t samples, size_t inputs, size_t outputs,
                                              struct lyap_error *error);
enum lyap_status __wrap_lyap_dataset_allocate(struct lyap_dataset *data, size_t samples, size_t inputs, size_t outputs,
                                              struct lyap_error *error);

static bool idle; /* while a command runs; the other targets share the program */

const struct lyap_kernels *__wrap_lyap_kernels_get(enum lyap_isa isa, enum lyap_precision precision) {
    return idle ? NULL : __real_lyap_kernels_get(isa, precision);
}

enum lyap_status __wrap_lyap_dataset_allocate(struct lyap_dataset *data, size_t samples, size_t inputs, size_t outputs,
                                              struct lyap_error *error) {
    if (!idle || (double)samples * (double)(inputs + outputs) < 10000)
        return __real_lyap_dataset_allocate(data, samples, inputs, outputs, error);
    memset(data, 0, sizeof *data);
    return lyap_fail(error, LYAP_ERROR_MEMORY, "a test makes small data sets");
}

enum { MOST_WORDS = 40, MOST_BYTES = 2000, ROUNDS_A_DIRECTORY = 200 };

int fuzz_options(const uint8_t *data, size_t size) {
    static int rounds;
    char text[MOST_BYTES + 1], program[] = "lyapgrad";
    char *argv[MOST_WORDS + 2] = {program};
    int argc = 1;
    /* Files are those of the working directory alone. */
    if (size == 0 || size > MOST_BYTES || memchr(data, '/', size) || memchr(data, 0, size)) return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (char *word = text; word && argc <= MOST_WORDS; argc++) {
        char *end = strchr(word, '\n');
        if (end) *end = '\0';
        argv[argc] = word;
        word = end ? end + 1 : NULL;
    }
    argv[argc] = NULL;
    if (strstr(argv[1], "..")) return 0;
    fuzz_enter();
    if (rounds++ % ROUNDS_A_DIRECTORY == 0) { /* what --out and --checkpoint made */
        remove_tree("at");
        fuzz_demand(mkdir("at", 0700) == 0, "no directory");
    }
    fuzz_demand(chdir("at") == 0, "no directory");
    fuzz_write("t.csv", "a,b,label\n1,2,0\n3,4,1\n5,7,1\n", 28);
    fuzz_write("w.csv", "1,2,3,4,5,6,7,8,9\n", 18);
    const struct cli_command *command = cli_find_command(&cli_program, argv[1]);
    idle = true;
    int status = command ? cli_run_command(&cli_program, command, argc - 2, argv + 2) : EXIT_BAD_USAGE;
    idle = false;
    fuzz_demand(chdir("..") == 0, "the directory changed");
    fuzz_demand(status >= CLI_HELP_ASKED && status <= EXIT_BAD_USAGE, "an exit status that means nothing");
    return 0;
}
