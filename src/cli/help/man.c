/* lyapgrad help man: lyapgrad(1) in the man macros of roff, from the tables of commands, options and examples. */
#include <string.h>

#include "cli/help/examples.h"
#include "cli/help/files.h"
#include "cli/help/help.h"
#include "cli/help/tables.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/version.h"

/* The day the prose below was last changed: the page depends on the source alone. */
static const char revised[] = "2026-11-28";

enum { WIDTH = 78, MOST_GROUPS = 32 };

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

static void put_option(const struct cli_option *o) {
    char sentence[CLI_SENTENCE];
    fputs(".TP\n\\fB\\-\\-", stdout);
    put_escaped(o->name, strlen(o->name));
    fputs("\\fR", stdout);
    if (o->value) {
        fputs(" \\fI", stdout);
        put_escaped(o->value, strlen(o->value));
        fputs("\\fR", stdout);
    }
    putchar('\n');
    put_text(cli_sentence(o, sentence));
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

/* Where the command's options of shared groups are described; of a group that it has in part, with their names. */
static void put_shared(const struct cli_command *command) {
    const char *separator = ".PP\nIt also takes these, which SHARED OPTIONS describes, where not above:\n";
    const struct cli_use *use = NULL;
    struct cli_walk walk = {.use = command->options};
    while (cli_walk_next(&walk)) {
        if (!walk.use->group->title || walk.changed) continue;
        const bool whole = !walk.use->only && !walk.use->without;
        if (walk.use != use) printf("%s\\fI%s\\fR", separator, walk.use->group->title);
        if (!whole) {
            fputs(walk.use != use ? ":\n" : ",\n", stdout);
            put_escaped(walk.option.name, strlen(walk.option.name));
        }
        use = walk.use;
        separator = ";\n";
    }
    if (use) puts(".");
}

static void put_command(const struct cli_command *command) {
    struct cli_walk walk = {.use = command->options};
    printf(".SS lyapgrad %s%s%s\n", command->name, command->operand_form ? " " : "",
           command->operand_form ? command->operand_form : "");
    put_text(command->summary);
    if (command->operand_form) {
        fputs(".TP\n\\fI", stdout);
        put_escaped(command->operand_form, strlen(command->operand_form));
        puts("\\fR");
        put_text(command->operand_help);
    }
    while (cli_walk_next(&walk))
        if (!walk.use->group->title || walk.changed) put_option(&walk.option);
    put_shared(command);
    put_command_example(command->example);
}

/* Each shared group once, in the order in which the commands have them. */
static void put_groups(const struct cli_program *program) {
    const struct cli_group *seen[MOST_GROUPS];
    size_t count = 0;
    for (const struct cli_command *const *c = program->commands; *c; c++)
        for (const struct cli_use *use = (*c)->options; use->group; use++) {
            size_t i = 0;
            while (i < count && seen[i] != use->group) i++;
            if (i < count || !use->group->title || count == MOST_GROUPS) continue;
            seen[count++] = use->group;
            printf(".SS %s\n", use->group->title);
            for (const struct cli_option *o = use->group->options; o->name; o++) put_option(o);
        }
}

/* What a command leaves, with the names of files in italics. */
static void put_file_names(const char *text) {
    size_t column = 0;
    for (const char *c = text; *c; c += strspn(c, " ")) {
        size_t length = strcspn(c, " "), core = length;
        while (core > 0 && strchr(".,;)", c[core - 1])) core--;
        const bool name = memchr(c, '.', core) && *c != '(' && *c != '.';
        size_t width = escaped_length(c, length) + (name ? 6 : 0);
        if (column && column + 1 + width > WIDTH) column = 0, putchar('\n');
        if (column)
            putchar(' ');
        else
            begin_line(*c);
        column += width + (column > 0);
        if (name) fputs("\\fI", stdout);
        put_escaped(c, core);
        if (name) fputs("\\fR", stdout);
        put_escaped(c + core, length - core);
        c += length;
    }
    putchar('\n');
}

static void put_files(const struct cli_program *program) {
    for (const struct cli_command *const *c = program->commands; *c; c++) {
        if (!(*c)->files) continue;
        printf(".TP\n.B %s\n", (*c)->name);
        put_file_names((*c)->files);
    }
    puts(".TP\n"
         "\\fB\\-\\-checkpoint\\fR \\fIDIR\\fR\n"
         "\\fIhead\\fR, \\fIlock\\fR and a file \\fIchunk\\-*\\fR for each piece of finished work.\n"
         "The directory may be removed when the tables are there.");
}

/* The columns of the commands' tables; `help FILE.csv` has those of the report, too. */
static void put_tables(const struct cli_program *program) {
    struct cli_table tables[CLI_MOST_TABLES];
    const size_t count = cli_list_tables(program, tables);
    puts(".SH TABLES\n"
         "The columns of the CSV files, with the unit in brackets.\n"
         "A field is empty where its value is not defined.\n"
         "\\fBlyapgrad help\\fR \\fIFILE\\fR prints one of them;\n"
         "\\fBlyapgrad help tables\\fR also lists the files of\n"
         "\\fBreproduce \\-\\-report\\fR.");
    for (size_t t = 0; t < count; t++) {
        struct cli_column_walk walk = {0};
        if (tables[t].report) continue;
        fputs(".SS ", stdout);
        put_escaped(tables[t].schema->file, strlen(tables[t].schema->file));
        printf("\nOf %s; a row is\n", tables[t].commands);
        put_text(tables[t].schema->what);
        while (cli_next_column(tables[t].schema, &walk)) {
            fputs(".TP\n\\fB", stdout);
            put_escaped(walk.name, strlen(walk.name));
            puts("\\fR");
            if (walk.column->unit) {
                putchar('[');
                put_escaped(walk.column->unit, strlen(walk.column->unit));
                puts("]");
            }
            put_text(walk.column->what);
        }
    }
}

static void put_file_items(const struct cli_file_item *items) {
    for (; items->name; items++) {
        fputs(".TP\n\\fB", stdout);
        put_escaped(items->name, strlen(items->name));
        puts("\\fR");
        put_text(items->text);
    }
}

static void put_data_files(void) {
    puts(".SH DATA FILES");
    put_file_items(cli_file_formats);
    puts(".PP\n"
         "The JSON file of \\fB\\-\\-save\\-preprocessing\\fR has these keys.\n"
         "An input is (value / divide_by \\- mean) / deviation in double precision, of\n"
         "held\\-out samples, too.");
    put_file_items(cli_preprocessing_keys);
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
                            "are never removed.\n";

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
        ".B LYAPGRAD_LAYOUT\n"
        "Forces how networks lie in the vectors of the processor: block is sixteen\nnetworks side by side, one is one "
        "at "
        "a time, whose steps the threads share.\n"
        "By default what is expected to be faster; the results are the same bits with\nboth.\n"
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

void cli_print_man(const struct cli_program *program) {
    printf(".TH LYAPGRAD 1 %s \"lyapgrad %s\" \"User Commands\"\n", revised, lyap_version());
    puts(".nh\n.ad l\n"
         ".SH NAME\n"
         "lyapgrad \\- Lyapunov exponents of gradient descent on neural\\-network weights\n"
         ".SH SYNOPSIS\n"
         "\\fBlyapgrad\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
         ".br\n"
         "\\fBlyapgrad help\\fR [\\fICOMMAND\\fR|\\fITOPIC\\fR|\\fIFILE\\fR]");
    fputs(description, stdout);
    puts(".SH COMMANDS");
    for (const struct cli_command *const *c = program->commands; *c; c++) put_command(*c);
    puts(".PP\nTopics:");
    for (const struct cli_topic *t = program->topics; t->name; t++) {
        printf(".TP\n.B help %s\n", t->name);
        put_text(t->summary);
    }
    puts(".SH SHARED OPTIONS");
    put_groups(program);
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
    put_data_files();
    fputs(files, stdout);
    put_files(program);
    put_tables(program);
    put_environment();
    fputs(rest, stdout);
}
