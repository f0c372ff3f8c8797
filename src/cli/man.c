/* lyapgrad help man: lyapgrad(1) in the man macros of roff, from the tables of commands, options and examples. */
#include <string.h>

#include "cli/checkpoint.h"
#include "cli/estimate.h"
#include "cli/help.h"
#include "cli/optimiser.h"
#include "cli/words.h"
#include "lyapgrad/version.h"

/* The day the prose below was last changed: the page depends on the source alone. */
static const char revised[] = "2026-11-25";

/* The tables that several commands list, described once. */
static const struct {
    const struct cli_option *table;
    const char *title;
} shared[] = {
    {cli_estimate_options, "Asymptotic estimators"}, {cli_data_options, "Data"},
    {cli_optimiser_options, "Optimisers"},           {cli_experiment_options, "Networks, starting points and output"},
    {cli_checkpoint_options, "Long runs"},
};
enum { SHARED = sizeof shared / sizeof *shared, WIDTH = 78 };

static const char *title_of(const struct cli_option *table) {
    for (int i = 0; i < SHARED; i++)
        if (shared[i].table == table) return shared[i].title;
    return NULL;
}

/* Characters that roff or the terminal would change, as the characters that were meant. */
static const char *escape_of(char c) {
    switch (c) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '\'':
        return "\\(aq";
    case '`':
        return "\\(ga";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    default:
        return NULL;
    }
}

static size_t escaped_length(const char *text, size_t length) {
    size_t sum = 0;
    for (size_t i = 0; i < length; i++) sum += escape_of(text[i]) ? strlen(escape_of(text[i])) : 1;
    return sum;
}

static void put_escaped(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (escape_of(text[i]))
            fputs(escape_of(text[i]), stdout);
        else
            putchar(text[i]);
    }
}

/* A line of its own may begin with a point or a quote, which roff would take for a request. */
static void begin_line(char first) {
    if (first == '.') fputs("\\&", stdout); /* a quote is escaped anyway */
}

/* Text in lines of at most WIDTH characters; ends the line. */
static void put_text(const char *text) {
    size_t column = 0;
    for (const char *c = text; *(c += strspn(c, " \n"));) {
        size_t length = strcspn(c, " \n"), width = escaped_length(c, length);
        if (column && column + 1 + width > WIDTH) {
            putchar('\n');
            column = 0;
        }
        if (column)
            putchar(' ');
        else
            begin_line(*c);
        put_escaped(c, length);
        column += width + (column > 0);
        c += length;
    }
    putchar('\n');
}

static void put_lines(const char *lines) {
    puts(".PP\n.RS 4\n.EX");
    for (const char *c = lines; *c;) {
        size_t length = strcspn(c, "\n");
        begin_line(*c);
        put_escaped(c, length);
        putchar('\n');
        c += length + (c[length] == '\n');
    }
    puts(".EE\n.RE");
}

static void put_options(const struct cli_option *table) {
    for (const struct cli_option *o = table; o->name; o++) {
        fputs(".TP\n\\fB\\-\\-", stdout);
        put_escaped(o->name, strlen(o->name));
        fputs("\\fR", stdout);
        if (o->value) {
            fputs(" \\fI", stdout);
            put_escaped(o->value, strlen(o->value));
            fputs("\\fR", stdout);
        }
        putchar('\n');
        put_text(o->help);
    }
}

/* The example of a command's table is one line; here it is cut before options. */
static void put_command_example(const char *example) {
    size_t column = 0;
    puts(".PP\n.RS 4\n.EX");
    for (const char *c = example; *c;) {
        const char *next = strstr(c + 1, " --");
        size_t length = next ? (size_t)(next - c) : strlen(c);
        if (column && column + length > 68) {
            fputs(" \\e\n   ", stdout);
            column = 3;
        }
        put_escaped(c, length);
        column += length;
        c += length;
    }
    puts("\n.EE\n.RE");
}

static void put_command(const struct cli_command *command) {
    bool others = false;
    struct cli_choice operands;
    cli_operands(command, &operands);
    printf(".SS lyapgrad %s%s\n", command->name,
           operands.file        ? " FILE"
           : operands.directory ? " DIR..."
           : operands.count     ? " [COMMAND|TOPIC]"
                                : "");
    put_text(command->summary);
    for (const struct cli_option *const *table = command->options; *table; table++) {
        others = others || title_of(*table);
        if (!title_of(*table)) put_options(*table);
    }
    if (others) {
        puts(".PP\nBesides, the options described under SHARED OPTIONS as:");
        const char *separator = "";
        for (const struct cli_option *const *table = command->options; *table; table++)
            if (title_of(*table)) {
                printf("%s\\fI%s\\fR", separator, title_of(*table));
                separator = ";\n";
            }
        puts(".");
    }
    put_command_example(command->example);
}

static const char description[] =
    ".SH DESCRIPTION\n"
    "Gradient descent on the weights of a neural network is a discrete dynamical\n"
    "system, w(t+1) = w(t) \\- lr grad L(w(t)).\n"
    ".B lyapgrad\n"
    "trains a parent network and many slightly perturbed neighbours in lock\\-step,\n"
    "follows their distance and measures its growth: the Lyapunov exponents, which\n"
    "tell which learning rate makes training unstable or chaotic.\n"
    "It computes the exponents of the published method as well as those of tangent\n"
    "space, whole spectra, maps over two quantities, and exponents of recorded\n"
    "series.\n"
    ".PP\n"
    "An option is written \\fB\\-\\-name\\fR \\fIVALUE\\fR or \\fB\\-\\-name=\\fIVALUE\\fR;\n"
    "none may be given twice.\n"
    "Every command takes \\fB\\-\\-help\\fR.\n"
    "Values in parentheses are defaults.\n"
    "\\fBlyapgrad \\-\\-version\\fR prints the versions of the program, of SLEEF and of\n"
    "the compiler.\n";

static const char files[] = ".SH FILES\n"
                            "Files are written under temporary names.\n"
                            "When all of them are complete, they replace those of an earlier run of the same\n"
                            "command in the directory, and what that run alone had written is removed.\n"
                            "A run that fails or is interrupted leaves the files of an earlier one alone.\n"
                            "Before any work these are refused: an output that is also an input or another\n"
                            "output, by whatever name or link; an output in the directory of\n"
                            "\\fB\\-\\-checkpoint\\fR; a directory with the results of another command.\n"
                            ".PP\n"
                            "Every directory also gets \\fImanifest.txt\\fR: all settings, the command line,\n"
                            "versions, whose results these are (\\fBresults\\fR), their \\fBfiles\\fR, the\n"
                            "\\fBpictures\\fR that gnuplot draws, and a digest of the results.\n"
                            "Files of \\fB\\-\\-save\\-weights\\fR and \\fB\\-\\-save\\-initial\\fR\n"
                            "are never removed.\n"
                            ".TP\n"
                            ".B run\n"
                            "\\fIcells.csv\\fR, a row a starting point; \\fIseries.csv\\fR with \\-\\-series.\n"
                            "With the estimators tangent and rescaled the files of \\fBspectrum\\fR, with all\n"
                            "\\fIestimators.csv\\fR.\n"
                            ".TP\n"
                            ".B sweep\n"
                            "\\fIcells.csv\\fR, and \\fIsweep.csv\\fR with a row a value of the swept quantity.\n"
                            ".TP\n"
                            ".B spectrum\n"
                            "\\fIexponents.csv\\fR, with \\-\\-history also \\fIhistory.csv\\fR, and the gnuplot\n"
                            "scripts \\fIexponents.gp\\fR and \\fIhistory.gp\\fR.\n"
                            ".TP\n"
                            ".B map\n"
                            "\\fImap.csv\\fR, a row a pixel; \\fImap.npy\\fR, what \\-\\-show chose;\n"
                            "\\fIboxes.csv\\fR, the count of boxes on the boundary; \\fImap.gp\\fR and, where gnuplot\n"
                            "is installed, \\fImap.png\\fR and \\fImap.svg\\fR.\n"
                            ".TP\n"
                            ".B bifurcation\n"
                            "\\fIbifurcation.csv\\fR, the recorded points; \\fIexponents.csv\\fR, a row a value\n"
                            "and start; \\fIbifurcation.gp\\fR and, where gnuplot is installed,\n"
                            "\\fIbifurcation.png\\fR and \\fIbifurcation.svg\\fR.\n"
                            ".TP\n"
                            ".B select\n"
                            "\\fIreport.txt\\fR, the recommendation and why; \\fIselect.csv\\fR, the trials ranked;\n"
                            "\\fItrials.csv\\fR, every trial with exponent, loss and sharpness;\n"
                            "\\fIsettings.csv\\fR; \\fIrates.csv\\fR and \\fIthresholds.csv\\fR,\n"
                            "the learning rates of the best setting;\n"
                            "\\fIsearches.csv\\fR and \\fIworth.csv\\fR, what\n"
                            "the choice was worth;\n"
                            "\\fIweights.csv\\fR and \\fIweights.npy\\fR, the starting weights;\n"
                            "\\fIselect.gp\\fR and, where gnuplot is installed, \\fIselect.png\\fR and\n"
                            "\\fIselect.svg\\fR.\n"
                            ".TP\n"
                            ".B merge\n"
                            "The tables of the command that made the shards.\n"
                            ".TP\n"
                            ".B series\n"
                            "\\fIdivergence.csv\\fR, the divergence curve, and \\fIdivergence.gp\\fR.\n"
                            ".TP\n"
                            ".B reproduce\n"
                            "For each figure its data (.csv), gnuplot script (.gp) and pictures (.png, .svg),\n"
                            "and \\fIsummary.txt\\fR; with \\-\\-report \\fIreport.md\\fR, \\fIreport.html\\fR,\n"
                            "\\fIverdicts.csv\\fR, \\fItests.csv\\fR, \\fItimings.txt\\fR, and a CSV file a table.\n"
                            ".TP\n"
                            "\\fB\\-\\-checkpoint\\fR \\fIDIR\\fR\n"
                            "\\fIhead\\fR, \\fIlock\\fR and a file \\fIchunk\\-*\\fR for each piece of finished work.\n"
                            "The directory may be removed when the tables are there.\n";

static const char rest[] = ".SH EXIT STATUS\n"
                           ".TP\n"
                           ".B 0\n"
                           "All went well.\n"
                           ".TP\n"
                           ".B 1\n"
                           "The work could not be done: no memory, no room on the disk, no starting point\n"
                           "found, a check that failed.\n"
                           ".TP\n"
                           ".B 2\n"
                           "Bad input: one line on standard error names it and says what is allowed.\n"
                           ".TP\n"
                           ".BR 129 \", \" 130 \", \" 143\n"
                           "Interrupted by SIGHUP, SIGINT (Ctrl\\-C) or SIGTERM.\n"
                           "The first asks the run to stop in order, a second one ends it at once.\n"
                           ".TP\n"
                           ".BR 131 \", \" 152\n"
                           "SIGQUIT (Ctrl\\-\\e) ended the run at once, SIGXCPU asked it to stop.\n"
                           "No signal but SIGKILL leaves temporary files.\n"
                           ".SH REPRODUCIBILITY\n"
                           "The same settings and seed give the same bits on every instruction set, with any\n"
                           "number of threads, with gcc and clang, in one piece, resumed, or merged from\n"
                           "shards.\n"
                           "\\fBlyapgrad verify\\fR shows it on a machine.\n"
                           "Results belong to the version of SLEEF that they were computed with, which the\n"
                           "manifest names.\n"
                           ".SH SEE ALSO\n"
                           ".BR gnuplot (1)\n"
                           ".PP\n"
                           "T.\\& Mittra,\n"
                           "\\fIUtilizing Lyapunov Exponents in designing deep neural networks\\fR,\n"
                           "arXiv 2410.05988, 2024.\n"
                           "If you use this software, please cite it and this paper, whose method it\n"
                           "implements; the file CITATION.cff has the entries.\n";

static void put_environment(void) {
    fputs(".SH ENVIRONMENT\n"
          ".TP\n"
          ".B LYAPGRAD_ISA\n"
          "Forces an instruction set:",
          stdout);
    for (int i = 0; i < LYAP_ISA_COUNT; i++) printf("%s%s", i ? ", " : "\n", lyap_isa_name((enum lyap_isa)i));
    puts(
        ".\nBy default the fastest that the processor has; the results are the same bits on\neach.\n"
        ".TP\n"
        ".B OMP_NUM_THREADS\n"
        "The number of threads without \\-\\-threads; by default one for each processor that\nthe process may run on.\n"
        ".TP\n"
        ".B NO_COLOR\n"
        "Where set and not empty, the progress bar has no colours.\n"
        ".TP\n"
        ".B TERM\n"
        "With the value dumb no progress bar is drawn.\n"
        "None is drawn where standard error is no terminal either.");
}

void cli_print_man(void) {
    printf(".TH LYAPGRAD 1 %s \"lyapgrad %s\" \"User Commands\"\n", revised, lyap_version());
    puts(".nh\n.ad l\n"
         ".SH NAME\n"
         "lyapgrad \\- Lyapunov exponents of gradient descent on neural\\-network weights\n"
         ".SH SYNOPSIS\n"
         "\\fBlyapgrad\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
         ".br\n"
         "\\fBlyapgrad help\\fR [\\fICOMMAND\\fR|\\fITOPIC\\fR]");
    fputs(description, stdout);
    puts(".SH COMMANDS");
    for (const struct cli_command *const *c = cli_commands; *c; c++) put_command(*c);
    puts(".PP\nTopics:");
    for (const struct cli_topic *t = cli_topics; t->name; t++) {
        printf(".TP\n.B help %s\n", t->name);
        put_text(t->summary);
    }
    puts(".SH SHARED OPTIONS");
    for (int i = 0; i < SHARED; i++) {
        printf(".SS %s\n", shared[i].title);
        put_options(shared[i].table);
    }
    puts(".SH EXAMPLES\n"
         "Here my.csv has two inputs and a target a row, and weights.npy the parameters\n"
         "of a 2\\-8\\-1 network a row.");
    for (const struct cli_example *e = cli_examples; e->title; e++) {
        puts(".PP");
        fputs("\\fI", stdout);
        put_escaped(e->title, strlen(e->title));
        puts("\\fR:");
        put_text(e->shows);
        put_lines(e->lines);
    }
    fputs(files, stdout);
    put_environment();
    fputs(rest, stdout);
}
