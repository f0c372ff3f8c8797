/* lyapgrad help bash, lyapgrad help zsh: scripts that complete commands, options and what options take. */
#include <string.h>

#include "cli/help/choice.h"
#include "cli/help/help.h"

static void print_words(const struct cli_choice *choice) {
    for (int i = 0; i < choice->count; i++) printf("%s%s", i ? " " : "", choice->word[i]);
}

/* What compgen is asked for names. */
static const char *bash_names(const struct cli_choice *choice) {
    return choice->file ? "-f" : choice->directory ? "-d" : "";
}

static void print_bash_option(const struct cli_option *option) {
    struct cli_choice choice;
    cli_choices(option, &choice);
    if (!choice.count && !choice.file && !choice.directory) return;
    printf("        --%s)", option->name);
    if (choice.count) {
        fputs(" words='", stdout);
        print_words(&choice);
        putchar('\'');
    }
    if (choice.file || choice.directory) printf(" names=%s", bash_names(&choice));
    puts(choice.list ? " list=1 ;;" : " ;;");
}

static void print_bash_command(const struct cli_program *program, const struct cli_command *command) {
    struct cli_choice operands;
    struct cli_walk names = {.use = command->options}, switches = names, values = names;
    cli_operands(program, command, &operands);
    printf("    %s)\n        options='", command->name);
    print_words(&operands);
    while (cli_walk_next(&names)) printf(" --%s", names.option.name);
    printf(" --help' operands='%s'\n        case $option in\n        --help", bash_names(&operands));
    while (cli_walk_next(&switches))
        if (!switches.option.value) printf(" | --%s", switches.option.name);
    puts(") option= ;;");
    while (cli_walk_next(&values)) print_bash_option(&values.option);
    puts("        esac\n        ;;");
}

/* bash cuts words at '=' and ':' too: what stands behind a colon is the user's own. */
static const char bash_head[] =
    "# Completion of lyapgrad for bash 3.2 and later, printed by 'lyapgrad help bash'.\n"
    "_lyapgrad() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local command=${COMP_WORDS[1]} option='' options='' operands='' words='' names='' list='' head='' line\n"
    "    COMPREPLY=()\n"
    "    case $word in\n"
    "    =) option=$before word='' ;;\n"
    "    --*=*) option=${word%%=*} head=${word%%=*}= word=${word#*=} ;;\n"
    "    :) return ;;\n"
    "    *)\n"
    "        case $before in\n"
    "        --*) option=$before ;;\n"
    "        =) option=${COMP_WORDS[COMP_CWORD - 2]} ;;\n"
    "        :) return ;;\n"
    "        esac\n"
    "        ;;\n"
    "    esac\n"
    "    ((COMP_CWORD == 1)) && command='' option=''\n"
    "    case $command in\n";

static const char bash_tail[] =
    "    *) return ;;\n"
    "    esac\n"
    "    if [[ -z $option ]]; then\n"
    "        words=$options\n"
    "        [[ $word == -* ]] || names=$operands\n"
    "    fi\n"
    "    if [[ -n $list && $word == *[,/]* ]]; then\n"
    "        line=${word##*[,/]}\n"
    "        head=$head${word%\"$line\"}\n"
    "        word=$line\n"
    "    fi\n"
    "    while IFS= read -r line; do\n"
    "        COMPREPLY[${#COMPREPLY[@]}]=$head$line\n"
    "    done < <(\n"
    "        [[ -n $words ]] && compgen -W \"$words\" -- \"$word\"\n"
    "        [[ -n $names ]] && compgen \"$names\" -- \"$word\"\n"
    "    )\n"
    "    [[ -n $names ]] && compopt -o filenames 2> /dev/null\n"
    "    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[:=] ]] && compopt -o nospace 2> /dev/null\n"
    "    return 0\n"
    "}\n"
    "complete -F _lyapgrad lyapgrad";

void cli_print_bash(const struct cli_program *program) {
    fputs(bash_head, stdout);
    fputs("    '') options='", stdout);
    for (const struct cli_command *const *c = program->commands; *c; c++) printf("%s ", (*c)->name);
    puts("--help --version' ;;");
    for (const struct cli_command *const *c = program->commands; *c; c++) print_bash_command(program, *c);
    puts(bash_tail);
}

/* Text inside single quotes for zsh, in one line. `special` are the characters that the place gives a meaning. */
static void print_quoted(const char *text, const char *special) {
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            fputs("'\\''", stdout);
        else if (*c == '\n' || (*c == ' ' && c > text && (c[-1] == ' ' || c[-1] == '\n')))
            fputs(*c == '\n' ? " " : "", stdout);
        else
            printf("%s%c", strchr(special, *c) ? "\\" : "", *c);
    }
}

static bool goes_on(const char *word) {
    return *word && strchr(":=", word[strlen(word) - 1]);
}

/* The words that go on, or those that do not; false when there are none. */
static bool print_zsh_words(const struct cli_choice *choice, bool on, const char *before) {
    bool any = false;
    for (int i = 0; i < choice->count; i++) {
        if (goes_on(choice->word[i]) != on) continue;
        if (!any) fputs(before, stdout);
        putchar(' ');
        print_quoted(choice->word[i], ":\\");
        any = true;
    }
    return any;
}

/* The action of _arguments for what is taken; a space for what only the user knows. */
static void print_zsh_action(const struct cli_choice *choice) {
    const char *names = choice->file ? "_files" : choice->directory ? "_files -/" : "";
    if (choice->list) {
        print_zsh_words(choice, false, choice->list == '/' ? "_sequence -s / compadd -" : "_sequence compadd -");
    } else if (choice->count) {
        putchar('{');
        if (print_zsh_words(choice, false, "compadd -")) fputs("; ", stdout);
        if (print_zsh_words(choice, true, "compadd -S \"\" -")) fputs("; ", stdout);
        printf("%s}", names);
    } else {
        fputs(*names ? names : " ", stdout);
    }
}

static void print_zsh_option(const struct cli_option *o) {
    struct cli_choice choice;
    char sentence[CLI_SENTENCE];
    printf(" \\\n            '--%s%s[", o->name, o->value ? "=" : "");
    print_quoted(cli_sentence(o, sentence), "[]:\\");
    putchar(']');
    if (o->value) {
        putchar(':');
        print_quoted(o->value, ":\\");
        putchar(':');
        cli_choices(o, &choice);
        print_zsh_action(&choice);
    }
    putchar('\'');
}

static void print_zsh_command(const struct cli_program *program, const struct cli_command *command) {
    struct cli_choice choice;
    struct cli_walk walk = {.use = command->options};
    printf("    %s)\n        _arguments", command->name);
    while (cli_walk_next(&walk)) print_zsh_option(&walk.option);
    cli_operands(program, command, &choice);
    fputs(" \\\n            '--help[the options of this command]'", stdout);
    if (choice.count || choice.file || choice.directory) {
        fputs(" \\\n            '*:operand:", stdout);
        print_zsh_action(&choice);
        putchar('\'');
    }
    puts("\n        ;;");
}

void cli_print_zsh(const struct cli_program *program) {
    puts("#compdef lyapgrad\n"
         "# Completion of lyapgrad for zsh, printed by 'lyapgrad help zsh'.\n"
         "_lyapgrad() {\n"
         "    local -a commands\n"
         "    commands=(");
    for (const struct cli_command *const *c = program->commands; *c; c++) {
        printf("        '%s:", (*c)->name);
        print_quoted((*c)->summary, "\\");
        puts("'");
    }
    puts("        '--version:the version'\n"
         "    )\n"
         "    if ((CURRENT == 2)); then\n"
         "        _describe command commands\n"
         "        return\n"
         "    fi\n"
         "    shift words\n"
         "    ((CURRENT--))\n"
         "    case $words[1] in");
    for (const struct cli_command *const *c = program->commands; *c; c++) print_zsh_command(program, *c);
    puts("    esac\n"
         "}\n"
         "_lyapgrad \"$@\"");
}
