#include "cli/help/choice.h"

#include <string.h>

static void add(struct cli_choice *choice, const char *word) {
    if (choice->count < CLI_MOST_WORDS) snprintf(choice->word[choice->count++], CLI_WORD_LENGTH, "%s", word);
}

void cli_choices(const struct cli_option *option, struct cli_choice *choice) {
    char text[CLI_WORD_LENGTH];
    const char *word;
    memset(choice, 0, sizeof *choice);
    choice->file = option->type == CLI_FILE || option->file;
    choice->directory = option->type == CLI_DIRECTORY;
    choice->list = option->list;
    for (int i = 0; option->words && (word = option->words->word(i, text)) != NULL; i++) add(choice, word);
}

void cli_operands(const struct cli_program *program, const struct cli_command *command, struct cli_choice *choice) {
    memset(choice, 0, sizeof *choice);
    choice->file = command->operand == CLI_ONE_FILE;
    choice->directory = command->operand == CLI_DIRECTORIES;
    if (command->operand != CLI_COMMAND_OR_TOPIC) return;
    for (const struct cli_command *const *c = program->commands; *c; c++) add(choice, (*c)->name);
    for (const struct cli_topic *t = program->topics; t->name; t++) add(choice, t->name);
}
