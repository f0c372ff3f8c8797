#include "cli/options/span.h"

#include <string.h>

#include "base/number.h"
#include "cli/options/values.h"

enum { MOST_PARTS = 5 };

/* Takes the words between colons apart; their number, or 0 for too many or a long one. */
static int split(const char *text, char part[MOST_PARTS][CLI_SPAN_WORD]) {
    int count = 0;
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ":");
        if (count == MOST_PARTS || length >= sizeof part[0]) return 0;
        memcpy(part[count], at, length);
        part[count++][length] = '\0';
        at += length;
        if (!*at) return count;
    }
}

/* Takes "log" off the parts, which stands before the numbers or behind them. */
static bool take_log(char part[MOST_PARTS][CLI_SPAN_WORD], int *parts, bool before) {
    const int at = before ? 0 : *parts - 1;
    if (*parts < 1 || strcmp(part[at], "log") != 0) return false;
    if (before) memmove(part[0], part[1], (MOST_PARTS - 1) * sizeof part[0]);
    --*parts;
    return true;
}

bool cli_span_read(const struct cli_option *o, const char *text, struct cli_span *span) {
    char part[MOST_PARTS][CLI_SPAN_WORD], word[CLI_WORD_LENGTH];
    const char *first = o->words->word(0, word);
    const char *name_end = strpbrk(text, first[strlen(first) - 1] == '=' ? ":=" : ":");
    const size_t length = name_end ? (size_t)(name_end - text) : 0;
    uint64_t count = 0;
    memset(span, 0, sizeof *span);
    if (length == 0 || length >= sizeof span->name) return cli_refuse_form(o, text);
    memcpy(span->name, text, length);
    int parts = split(name_end + 1, part);
    span->open = *name_end == '=';
    span->logarithmic = take_log(part, &parts, span->open);
    if (parts != (o->most ? 3 : 2) || lyap_number_real(part[0], &span->low) || lyap_number_real(part[1], &span->high))
        return cli_refuse_form(o, text);
    if (o->most && (!lyap_number_count(part[2], o->most, &count) || count < 1)) {
        cli_complain("--%s: '%.60s' in '%.60s' is not a number of values; expected 1 .. %llu", o->name, part[2], text,
                     (unsigned long long)o->most);
        return false;
    }
    for (int i = 0; i < 2; i++) memcpy(span->end[i], part[i], sizeof part[i]);
    span->count = (size_t)count;
    return true;
}

bool cli_span_unknown(const struct cli_option *o, const struct cli_span *span) {
    cli_words_complain(o->words, o->name, span->name, strlen(span->name));
    return false;
}
