/* The description of options: for every option of every command, what help, manual and completion say, and what is refused and how,
 * follow from the one description. The commands run in this process. */
#include <ctype.h>

#include "base/edit_distance.h"
#include "tests/cli/option_calls.h"

/* The value is refused with one line that names the option, the value, and what is allowed. */
static void expect_refused(const struct cli_command *command, const struct cli_option *o, const char *value,
                           const char *allowed) {
    /* What these have depends on the file, which its reader names instead. */
    static const char *const of_file[] = {"column", "where"};
    char line[MOST_LINE], name[64], *said;
    bool file = false;
    context_of(command, o, line);
    size_t used = strlen(line);
    snprintf(line + used, sizeof line - used, " --%s %s", o->name, *value ? value : "''");
    int status = call(command, line, &said);
    snprintf(name, sizeof name, "--%s", o->name);
    for (size_t i = 0; i < sizeof of_file / sizeof *of_file; i++) file = file || strcmp(o->name, of_file[i]) == 0;
    ck_assert_msg(status == EXIT_BAD_USAGE, "%s%s: status %d: %s", command->name, line, status, said);
    ck_assert_msg(strncmp(said, "lyapgrad: ", 10) == 0 && strcmp(strchr(said, '\n'), "\n") == 0, "%s", said);
    ck_assert_msg(file || strstr(said, name), "%s%s: '%s' is not in: %s", command->name, line, name, said);
    ck_assert_msg(strstr(said, value), "%s%s: '%s' is not in: %s", command->name, line, value, said);
    ck_assert_msg(strstr(said, allowed), "%s%s: '%s' is not in: %s", command->name, line, allowed, said);
    free(said);
}

/* ---- what is said of an option ---- */

/* The text with each run of blanks as one space, without roff's escapes. The caller frees. */
static char *plain_text(const char *text) {
    char *plain = malloc(strlen(text) + 1), *to = plain;
    ck_assert_ptr_nonnull(plain);
    for (const char *c = text; *c; c++) {
        static const struct {
            const char *escape;
            char meant;
        } escapes[] = {{"\\-", '-'}, {"\\(aq", '\''}, {"\\(ga", '`'}, {"\\(ha", '^'}, {"\\(ti", '~'}, {"\\e", '\\'}};
        size_t e = 0, known = sizeof escapes / sizeof *escapes;
        while (e < known && strncmp(c, escapes[e].escape, strlen(escapes[e].escape)) != 0) e++;
        if (e < known) {
            *to++ = escapes[e].meant;
            c += strlen(escapes[e].escape) - 1;
        } else if (strncmp(c, "\\&", 2) == 0) {
            c++;
        } else if (*c != ' ' && *c != '\n') {
            *to++ = *c;
        } else if (to > plain && to[-1] != ' ') {
            *to++ = ' ';
        }
    }
    *to = '\0';
    return plain;
}

START_TEST(help_manual_and_completion_name_every_option_with_its_sentence) {
    const struct cli_command *command = cli_program.commands[_i];
    static const char *const topics[] = {"man", "bash", "zsh"};
    char *text[4], word[128], sentence[CLI_SENTENCE], start[64];
    for (int t = 0; t < 4; t++) {
        struct outcome o = run_command("help %s", t < 3 ? topics[t] : command->name);
        ck_assert_msg(o.status == 0 && !*o.err, "%s", o.err);
        text[t] = t == 0 || t == 3 ? plain_text(o.out) : strdup(o.out);
        outcome_free(&o);
    }
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        const struct cli_option *o = &walk.option;
        char *plain = plain_text(cli_sentence(o, sentence));
        ck_assert_msg(strstr(text[3], plain), "help %s: --%s: %s", command->name, o->name, plain);
        ck_assert_msg(strstr(text[0], plain), "manual: %s --%s: %s", command->name, o->name, plain);
        snprintf(word, sizeof word, "--%s%s%s ", o->name, o->value ? " " : "", o->value ? o->value : "");
        ck_assert_msg(strstr(text[3], word), "help %s: %s", command->name, word);
        snprintf(word, sizeof word, "fB--%s\\fR", o->name);
        ck_assert_msg(strstr(text[0], word), "manual: %s", word);
        snprintf(start, sizeof start, "\n    %s)\n", command->name);
        for (int t = 1; t < 3; t++) {
            const char *from = strstr(text[t], start), *end = from ? strstr(from, "\n        ;;") : NULL;
            snprintf(word, sizeof word, t == 1 ? " --%s " : o->value ? "'--%s=[" : "'--%s[", o->name);
            const char *found = from ? strstr(from, word) : NULL;
            ck_assert_msg(found && end && found < end, "%s: %s %s", topics[t], command->name, word);
        }
        free(plain);
    }
    for (int t = 0; t < 4; t++) free(text[t]);
}
END_TEST

static bool says_default(const char *sentence) {
    return strstr(sentence, "default: ") || strstr(sentence, "required)");
}

START_TEST(every_description_says_what_is_allowed_and_what_is_done_without_it) {
    const struct cli_command *command = cli_program.commands[_i];
    char sentence[CLI_SENTENCE], allowed[CLI_ALLOWED];
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        const struct cli_option *o = &walk.option;
        cli_sentence(o, sentence);
        ck_assert_msg(strspn(o->name, "abcdefghijklmnopqrstuvwxyz-") == strlen(o->name), "%s", o->name);
        ck_assert_msg(strlen(o->help) >= 5 && strlen(sentence) < CLI_SENTENCE - 1, "%s", sentence);
        ck_assert_msg(!o->help || o->help[strlen(o->help) - 1] != '.', "%s", sentence);
        ck_assert_msg((o->type == CLI_SWITCH) == (o->value == NULL), "%s", o->name);
        ck_assert_msg(!o->value || says_default(sentence), "%s --%s: %s", command->name, o->name, sentence);
        ck_assert_msg(!o->standard || !o->absent || strcmp(o->absent, CLI_REQUIRED) != 0, "%s", o->name);
        ck_assert_msg(o->type != CLI_COUNT || o->least < o->most, "%s", o->name);
        ck_assert_msg(o->type != CLI_REAL || o->range.low < o->range.high, "%s", o->name);
        ck_assert_msg(o->type != CLI_WORD || o->words, "%s", o->name);
        ck_assert_msg(!o->with == !o->choices, "%s", o->name);
        /* The words, once: behind the option's name or in its sentence. */
        const bool named = o->value && strchr(o->value, '|');
        if (o->type == CLI_WORD)
            ck_assert_msg(!named == (strstr(sentence, cli_allowed(o, allowed)) != NULL), "--%s %s: %s", o->name,
                          o->value, sentence);
    }
}
END_TEST

/* What the refusal of an option by another kind says, the help says before. */
START_TEST(the_sentence_of_an_option_names_the_kinds_that_have_a_use_for_it) {
    const struct cli_command *command = cli_program.commands[_i];
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        const struct cli_option *o = &walk.option;
        char sentence[CLI_SENTENCE], room[CLI_WORD_LENGTH], start[64];
        const char *word;
        unsigned all = 0;
        cli_sentence(o, sentence);
        ck_assert_msg(!o->with || has_option(command, o->with->noun), "%s --%s", command->name, o->name);
        if (!o->with) continue;
        for (int k = 0; o->with->word(k, room); k++) all |= 1u << k;
        snprintf(start, sizeof start, "; with --%s ", o->with->noun);
        const char *kinds = strstr(sentence, start);
        ck_assert_msg((o->choices == all) == !kinds, "%s --%s: %s", command->name, o->name, sentence);
        for (int k = 0; kinds && (word = o->with->word(k, room)) != NULL; k++) {
            const char *found = strstr(kinds, word);
            while (found && (isalnum((unsigned char)found[-1]) || isalnum((unsigned char)found[strlen(word)]) ||
                             found[-1] == '-' || found[strlen(word)] == '-'))
                found = strstr(found + 1, word);
            ck_assert_msg((found != NULL) == (o->choices >> k & 1), "%s --%s: %s: %s", command->name, o->name, word,
                          sentence);
        }
    }
}
END_TEST

START_TEST(the_help_says_how_a_command_is_called_and_what_it_takes_without_an_option) {
    const struct cli_command *command = cli_program.commands[_i];
    char line[200];
    struct outcome o = run_command("help %s", command->name), manual = run_command("help man");
    snprintf(line, sizeof line, "\nUsage: lyapgrad %s%s%s%s\n", command->name, command->operand_form ? " " : "",
             command->operand_form ? command->operand_form : "", command->options->group ? " [OPTION...]" : "");
    ck_assert_msg(strstr(o.out, line), "%s: %s", line, o.out);
    ck_assert_int_eq(command->operand == CLI_NO_OPERAND, command->operand_form == NULL);
    ck_assert_int_eq(command->operand == CLI_NO_OPERAND, command->operand_help == NULL);
    if (command->operand_help) {
        char *plain = plain_text(o.out), *page = plain_text(manual.out);
        snprintf(line, sizeof line, "%s %s", command->operand_form, command->operand_help);
        ck_assert_msg(strstr(plain, line), "%s: %s", line, plain);
        ck_assert_msg(strstr(page, command->operand_help), "%s", command->operand_help);
        free(plain);
        free(page);
    }
    outcome_free(&o);
    outcome_free(&manual);
}
END_TEST

/* A name in `only`, `without` or the changes that the group does not have would silently do nothing. */
START_TEST(what_a_command_says_of_a_group_is_about_options_of_the_group) {
    for (const struct cli_use *use = cli_program.commands[_i]->options; use->group; use++) {
        char names[200] = "";
        for (const struct cli_change *c = use->changes; c && c->name; c++)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s ", c->name);
        const char *const lists[] = {use->only ? use->only : "", use->without ? use->without : "", names};
        for (int l = 0; l < 3; l++)
            for (const char *at = lists[l]; *at; at += strspn(at, " ")) {
                size_t length = strcspn(at, " ");
                const struct cli_option *o = use->group->options;
                while (o->name && (strlen(o->name) != length || strncmp(o->name, at, length) != 0)) o++;
                ck_assert_msg(o->name, "%s: %.*s", cli_program.commands[_i]->name, (int)length, at);
                at += length;
            }
    }
}
END_TEST

START_TEST(no_command_has_an_option_twice) {
    for (struct cli_walk one = {.use = cli_program.commands[_i]->options}; cli_walk_next(&one);) {
        int same = 0;
        for (struct cli_walk other = {.use = cli_program.commands[_i]->options}; cli_walk_next(&other);)
            same += strcmp(one.option.name, other.option.name) == 0;
        ck_assert_msg(same == 1, "%s --%s", cli_program.commands[_i]->name, one.option.name);
    }
}
END_TEST

/* ---- what is refused ---- */

static void refuse_counts(const struct cli_command *command, const struct cli_option *o, const char *allowed) {
    static const char *const none[] = {"", "x", "-1", "1.5", "1.5e0", "99999999999999999999"};
    char text[32];
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) expect_refused(command, o, none[i], allowed);
    if (o->least > 0) {
        snprintf(text, sizeof text, "%llu", (unsigned long long)(o->least - 1));
        expect_refused(command, o, text, allowed);
    }
    if (o->most < UINT64_MAX) {
        snprintf(text, sizeof text, "%llu", (unsigned long long)(o->most + 1));
        expect_refused(command, o, text, allowed);
    }
}

static void refuse_reals(const struct cli_command *command, const struct cli_option *o, const char *allowed) {
    static const char *const none[] = {"", "x", "nan", "inf", "0x1", "1,5"};
    char text[32];
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) expect_refused(command, o, none[i], allowed);
    if (o->range.low == 0 && o->range.high == 0) return;
    snprintf(text, sizeof text, "%.17g", o->range.above ? o->range.low : o->range.low - 0.5);
    expect_refused(command, o, text, allowed);
    if (!isfinite(o->range.high)) return;
    snprintf(text, sizeof text, "%.17g", o->range.below ? o->range.high : o->range.high + 0.5);
    expect_refused(command, o, text, allowed);
}

/* A word with its first letter twice, for which the word itself is suggested. */
static void refuse_words(const struct cli_command *command, const struct cli_option *o, const char *allowed) {
    char room[CLI_WORD_LENGTH], wrong[2 * CLI_WORD_LENGTH], suggestion[100];
    char other_room[CLI_WORD_LENGTH];
    const char *word, *other;
    expect_refused(command, o, "qqqqqqq", allowed);
    for (int i = 0; (word = o->words->word(i, room)) != NULL; i++) {
        snprintf(wrong, sizeof wrong, "%c%s", *word, word);
        snprintf(suggestion, sizeof suggestion, "did you mean '%s'? expected %.40s", word, allowed);
        bool nearest = strlen(word) > 3;
        for (int k = 0; (other = o->words->word(k, other_room)) != NULL; k++)
            nearest = nearest && (k == i || lyap_edit_distance(wrong, strlen(wrong), other) > 1);
        if (nearest) expect_refused(command, o, wrong, suggestion);
    }
}

START_TEST(a_value_that_is_not_allowed_gets_one_line_that_names_option_value_and_what_is_allowed) {
    const struct cli_command *command = cli_program.commands[_i];
    char allowed[CLI_ALLOWED];
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        const struct cli_option *o = &walk.option;
        cli_allowed(o, allowed);
        if (o->type == CLI_COUNT) refuse_counts(command, o, allowed);
        if (o->type == CLI_REAL) refuse_reals(command, o, allowed);
        if (o->type == CLI_WORD && !o->list) refuse_words(command, o, allowed);
        if (o->type == CLI_FILE || o->type == CLI_DIRECTORY) expect_refused(command, o, "", allowed);
        if (o->type == CLI_FORM) expect_refused(command, o, "?", "");
    }
}
END_TEST

/* No other option of the command is as near. */
static bool is_nearest(const struct cli_command *command, const char *name, const char *wrong) {
    const size_t distance = lyap_edit_distance(wrong, strlen(wrong), name);
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);)
        if (strcmp(walk.option.name, name) != 0 &&
            lyap_edit_distance(wrong, strlen(wrong), walk.option.name) <= distance)
            return false;
    return true;
}

START_TEST(a_misspelled_option_suggests_the_right_one) {
    const struct cli_command *command = cli_program.commands[_i];
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        const char *name = walk.option.name;
        const size_t length = strlen(name);
        for (int how = 0; how < 3; how++) {
            char wrong[64], line[MOST_LINE], suggestion[128], *said;
            snprintf(wrong, sizeof wrong, "%s", name);
            if (how == 0) wrong[length] = name[length - 1], wrong[length + 1] = '\0'; /* a letter too many */
            if (how == 1) wrong[length / 2] = 'q';                                    /* another letter */
            if (how == 2) memmove(wrong + length / 2, wrong + length / 2 + 1, length - length / 2);
            if ((how > 0 && length < 5) || !is_nearest(command, name, wrong)) continue;
            snprintf(line, sizeof line, "--%s 1", wrong);
            snprintf(suggestion, sizeof suggestion, "unknown option '--%s'; did you mean '--%s'?", wrong, name);
            ck_assert_int_eq(call(command, line, &said), EXIT_BAD_USAGE);
            ck_assert_msg(strstr(said, suggestion), "%s: %s", suggestion, said);
            free(said);
        }
    }
}
END_TEST

/* No other word of the option is as near. */
static bool is_nearest_word(const struct cli_option *o, const char *name, const char *wrong) {
    char room[CLI_WORD_LENGTH];
    const size_t distance = lyap_edit_distance(wrong, strlen(wrong), name);
    const char *word;
    for (int i = 0; (word = o->words->word(i, room)) != NULL; i++) {
        char bare[CLI_WORD_LENGTH];
        snprintf(bare, sizeof bare, "%.*s", (int)strcspn(word, ":="), word);
        if (strcmp(bare, name) != 0 && lyap_edit_distance(wrong, strlen(wrong), bare) <= distance) return false;
    }
    return true;
}

/* The word with its first letter twice, and behind one that goes on what would do for it. */
START_TEST(a_misspelled_word_of_an_option_suggests_the_right_one) {
    const struct cli_command *command = cli_program.commands[_i];
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        const struct cli_option *o = &walk.option;
        char room[CLI_WORD_LENGTH], line[MOST_LINE], name[CLI_WORD_LENGTH], suggestion[128], *said;
        const char *word;
        for (int i = 0; o->words && (word = o->words->word(i, room)) != NULL; i++) {
            snprintf(name, sizeof name, "%.*s", (int)strcspn(word, ":="), word);
            char wrong[CLI_WORD_LENGTH + 1];
            snprintf(wrong, sizeof wrong, "%c%s", *name, name);
            if (strlen(name) < 2 || !is_nearest_word(o, name, wrong)) continue; /* a letter is near to none */
            const char *rest = word + strlen(name), *numbers = strstr(o->value, "COUNT") ? "1:2:2" : "1:2";
            context_of(command, o, line);
            snprintf(line + strlen(line), sizeof line - strlen(line), " --%s %s%s%s", o->name, wrong, rest,
                     !*rest                                         ? ""
                     : strstr(o->value, "LOW:HIGH") || *rest == '=' ? numbers
                                                                    : "1,2");
            snprintf(suggestion, sizeof suggestion, "did you mean '%s'?", name);
            ck_assert_int_eq(call(command, line, &said), EXIT_BAD_USAGE);
            ck_assert_msg(strstr(said, suggestion), "%s %s: %s: %s", command->name, line, suggestion, said);
            free(said);
        }
    }
}
END_TEST

/* A number in a word says what is meant. */
START_TEST(another_number_in_a_word_is_no_misspelling) {
    static const char *const lines[][2] = {{"run", "--precision float16"}, {"run", "--precision float128"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *said;
        ck_assert_int_eq(call(cli_find_command(&cli_program, lines[i][0]), lines[i][1], &said), EXIT_BAD_USAGE);
        ck_assert_msg(!strstr(said, "did you mean") && strstr(said, "expected float32 or float64"), "%s", said);
        free(said);
    }
}
END_TEST

START_TEST(an_option_of_another_kind_is_refused_with_the_kinds_that_have_it) {
    const struct cli_command *command = cli_program.commands[_i];
    for (struct cli_walk walk = {.use = command->options}; cli_walk_next(&walk);) {
        const struct cli_option *o = &walk.option;
        char room[CLI_WORD_LENGTH], line[MOST_LINE], expected[200], *said;
        const char *word;
        if (!o->with || !has_option(command, o->with->noun)) continue;
        for (int k = 0; (word = o->with->word(k, room)) != NULL; k++) {
            if (o->choices >> k & 1) continue;
            struct cli_option plain = *o;
            plain.with = NULL;
            context_of(command, &plain, line);
            snprintf(line + strlen(line), sizeof line - strlen(line), " --%s %s --%s %s", o->with->noun, word, o->name,
                     !o->value             ? ""
                     : o->type == CLI_WORD ? "float64"
                     : o->standard         ? o->standard
                                           : "20");
            snprintf(expected, sizeof expected, "--%s: has no meaning for the %s %s; it belongs to: ", o->name,
                     o->with->noun, word);
            ck_assert_int_eq(call(command, line, &said), EXIT_BAD_USAGE);
            ck_assert_msg(strstr(said, expected), "%s: %s", expected, said);
            free(said);
        }
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("options");
    TCase *tc = tcase_create("options");
    const int commands = command_count();
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, write_inputs, NULL);
    tcase_add_loop_test(tc, help_manual_and_completion_name_every_option_with_its_sentence, 0, commands);
    tcase_add_loop_test(tc, every_description_says_what_is_allowed_and_what_is_done_without_it, 0, commands);
    tcase_add_loop_test(tc, the_sentence_of_an_option_names_the_kinds_that_have_a_use_for_it, 0, commands);
    tcase_add_loop_test(tc, the_help_says_how_a_command_is_called_and_what_it_takes_without_an_option, 0, commands);
    tcase_add_loop_test(tc, what_a_command_says_of_a_group_is_about_options_of_the_group, 0, commands);
    tcase_add_loop_test(tc, no_command_has_an_option_twice, 0, commands);
    tcase_add_loop_test(tc, a_value_that_is_not_allowed_gets_one_line_that_names_option_value_and_what_is_allowed, 0,
                        commands);
    tcase_add_loop_test(tc, a_misspelled_option_suggests_the_right_one, 0, commands);
    tcase_add_loop_test(tc, a_misspelled_word_of_an_option_suggests_the_right_one, 0, commands);
    tcase_add_test(tc, another_number_in_a_word_is_no_misspelling);
    tcase_add_loop_test(tc, an_option_of_another_kind_is_refused_with_the_kinds_that_have_it, 0, commands);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
