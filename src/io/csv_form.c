#include "io/csv_form.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

/* ---- texts ---- */

static bool same_word(const char *field, size_t length, const char *word) {
    if (strlen(word) != length) return false;
    for (size_t i = 0; i < length; i++) {
        if ((field[i] | 0x20) != word[i]) return false;
    }
    return true;
}

bool lyap_csv_not_finite(const char *field) {
    const size_t length = strlen(field), sign = *field == '+' || *field == '-';
    return same_word(field + sign, length - sign, "nan") || same_word(field + sign, length - sign, "inf") ||
           same_word(field + sign, length - sign, "infinity");
}

bool lyap_csv_looks_numeric(const char *field, size_t length) {
    if (strspn(field, "+-") >= length) return false; /* names of two classes are '+' and '-' */
    if (length > 0 && strchr("+-.0123456789", field[0]) != NULL) return true;
    return same_word(field, length, "nan") || same_word(field, length, "inf") || same_word(field, length, "infinity");
}

/* A number with this point; a comma stands between digits. */
static bool is_number(const char *field, size_t length, char point) {
    char text[64];
    double value;
    if (length == 0 || length >= sizeof text) return false;
    for (size_t i = 0; i < length; i++) text[i] = field[i] == point ? '.' : field[i] == '.' ? 'x' : field[i];
    text[length] = '\0';
    const char *comma = memchr(field, ',', length);
    if (comma && (comma == field || !isdigit((unsigned char)comma[-1]) || comma + 1 == field + length ||
                  !isdigit((unsigned char)comma[1])))
        return false;
    return lyap_number_real(text, &value) == LYAP_NUMBER_OK;
}

bool lyap_csv_decimal_comma(const char *field) {
    return strchr(field, ',') && is_number(field, strlen(field), ',');
}

char lyap_csv_other_delimiter(const char *field) {
    const char *at = field + (*field == '+' || *field == '-');
    at += strspn(at, "0123456789.");
    const char seen = *at;
    size_t parts = 0;
    if (at == field || seen == '\0' || !strchr("|:/\\^~&!_*@$%#=", seen)) return 0;
    if (seen == '|') return seen; /* which nothing else is used for */
    for (const char *rest = field; rest; parts++) {
        const size_t length = strcspn(rest, (char[]){seen, '\0'});
        if (!is_number(rest, length, '.') && !is_number(rest, length, ',')) return 0;
        rest = rest[length] ? rest + length + 1 : NULL;
    }
    return parts > 1 ? seen : 0;
}

/* ---- the delimiter ---- */

/* What reading the sample with a delimiter gives. */
struct score {
    size_t numbers, fields; /* behind the first record, or in it where it is the only one */
    size_t columns;         /* of the first record behind the first one */
    size_t head;            /* columns of the first one */
};

static bool is_field_number(const struct lyap_csv_field *field, lyap_delimiter delimiter) {
    if (field->trailed) return false;
    if (is_number(field->begin, field->length, '.')) return true;
    return (delimiter == ';' || delimiter == '\t') && is_number(field->begin, field->length, ',');
}

static void add_record(struct score *score, char *text, lyap_delimiter delimiter, unsigned long record) {
    struct score own = {.head = score->head};
    for (char *rest = text; rest; own.fields++) {
        const struct lyap_csv_field field = lyap_csv_next_field(&rest, delimiter);
        own.numbers += is_field_number(&field, delimiter);
    }
    if (record > 1) {
        own.numbers += score->numbers;
        own.fields += score->fields;
    }
    own.columns = record > 1 ? score->columns : own.fields;
    if (record == 0) own.head = own.fields;
    *score = own;
}

enum { MOST_RECORDS = 200 };

/* Reads the sample as a file of its own. Its last record may be cut and does not count, unless it is the first. */
static enum lyap_status read_sample(const unsigned char *sample, size_t size, bool whole, lyap_delimiter delimiter,
                                    struct score *score, struct lyap_error *error) {
    unsigned char *copy = malloc(size + 1);
    if (!copy) return lyap_fail(error, LYAP_ERROR_MEMORY, "out of memory for the beginning of a file");
    memcpy(copy, sample, size);
    struct lyap_source source = {.path = "", .buffer = copy, .end = size, .size = size, .ended = true};
    struct lyap_csv_records records = {.source = &source, .delimiter = delimiter};
    struct lyap_error inner = {0};
    bool more = true;
    *score = (struct score){.head = 0};
    for (unsigned long record = 0; record < MOST_RECORDS && more; record++) {
        /* What is wrong with it is told when it is read. */
        if (lyap_csv_next_record(&records, &more, &inner) || !more) break;
        const bool cut = source.next == size && !whole;
        if (record == 0 || !cut) add_record(score, records.text, delimiter, record);
    }
    lyap_csv_records_free(&records);
    free(copy);
    if (inner.status == LYAP_ERROR_MEMORY) return lyap_fail(error, inner.status, "%s", inner.message);
    return LYAP_OK;
}

/* True where `a`, which must give more than one column, is the better of two ways to read: of two that do, its first two records have as many
 * columns and the other's have not; else it gives a larger share of numbers, or the other gives one column. */
static bool is_better(const struct score *a, const struct score *b) {
    const bool even = a->columns == a->head, other_even = b->columns == b->head;
    if (a->columns < 2) return false;
    if (b->columns > 1 && even != other_even) return even;
    const double left = (double)a->numbers * (double)b->fields, right = (double)b->numbers * (double)a->fields;
    if (left > right || left < right) return left > right;
    return b->columns < 2;
}

size_t lyap_csv_told_delimiter(const unsigned char *sample, size_t size, lyap_delimiter *delimiter) {
    if (size < 6 || !same_word((const char *)sample, 4, "sep=") || sample[4] == '\0' || !strchr(";,\t ", sample[4]))
        return 0;
    if (sample[5] != '\r' && sample[5] != '\n') return 0;
    *delimiter = (lyap_delimiter)sample[4];
    return 5;
}

enum lyap_status lyap_csv_find_delimiter(const unsigned char *sample, size_t size, bool whole,
                                         lyap_delimiter *delimiter, struct lyap_error *error) {
    static const lyap_delimiter known[] = {';', ',', '\t', ' '};
    enum { BLANKS = 3, KNOWN };
    struct score scores[KNOWN];
    int best = 1;
    for (int i = 0; i < KNOWN; i++) {
        enum lyap_status status = read_sample(sample, size, whole, known[i], &scores[i], error);
        if (status) return status;
    }
    for (int i = 0; i < BLANKS; i++)
        if (is_better(&scores[i], &scores[best])) best = i;
    /* A tie of ';' and ',', as in "a;1,5": a text with ';' in it is rarer than one decimal comma per record. */
    if (best == 1 && scores[0].columns > 1 && !is_better(&scores[1], &scores[0])) best = 0;
    const struct score *blanks = &scores[BLANKS];
    const bool clear = scores[best].numbers == 0 || blanks->numbers == blanks->fields;
    if (clear && blanks->numbers > 0 && is_better(blanks, &scores[best])) best = BLANKS;
    *delimiter = known[best];
    return LYAP_OK;
}

/* ---- the first record ---- */

static bool counts_from(char *const *field, size_t count, size_t first) {
    for (size_t i = first; i < count; i++) {
        uint64_t number;
        const char *text = field[i];
        if (!lyap_number_count(text, SIZE_MAX, &number) || number != i - first) return false;
        if (text[0] == '0' && text[1] != '\0') return false;
    }
    return count > first;
}

enum lyap_csv_first lyap_csv_judge_first(char *const *field, size_t count) {
    bool text = false, numeric = false;
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen(field[i]);
        if (lyap_csv_looks_numeric(field[i], length))
            numeric = true;
        else
            text = text || length > 0;
    }
    if (text && !numeric) return LYAP_CSV_NAMES;
    if (count > 1 && field[0][0] == '\0' && counts_from(field, count, 1)) return LYAP_CSV_NAMES;
    return count > 1 && counts_from(field, count, 0) ? LYAP_CSV_COUNTS : LYAP_CSV_ROW;
}

enum lyap_csv_first lyap_csv_judge_counts(char *const *second, size_t count) {
    bool fractions = false, bits = true;
    for (size_t i = 0; i < count; i++) {
        fractions = fractions || strspn(second[i], "0123456789+-") < strlen(second[i]);
        bits = bits && (strcmp(second[i], "0") == 0 || strcmp(second[i], "1") == 0);
    }
    if (count > 2 && fractions) return LYAP_CSV_NAMES;
    return count == 2 && bits ? LYAP_CSV_ROW : LYAP_CSV_COUNTS;
}
