#include "io/csv_records.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_RECORD = 1 << 30, /* bytes; an endless line is refused before it takes all memory */
    MAX_QUOTED = 1 << 20  /* bytes of a quoted field: a stray quote must not swallow a large file */
};

static enum lyap_status out_of_memory(const struct lyap_csv_records *r, struct lyap_error *error) {
    return lyap_fail(error, LYAP_ERROR_MEMORY, "%.200s: line %lu: out of memory", r->source->path, r->line);
}

static bool is_space(char c) {
    return c == ' ' || c == '\t';
}

/* ---- fields ---- */

static char *skip_spaces(char *text, lyap_delimiter delimiter) {
    while (*text == ' ' || (*text == '\t' && delimiter != '\t')) text++;
    return text;
}

static bool ends_field(char c, lyap_delimiter delimiter) {
    return c == '\0' || c == delimiter || (delimiter == ' ' && c == '\t');
}

/* The delimiter at `end`, or the end of the text; blanks at the end of a line delimit nothing. */
static char *behind(char *end, lyap_delimiter delimiter) {
    if (delimiter != ' ') return *end == '\0' ? NULL : end + 1;
    end = skip_spaces(end, delimiter);
    return *end == '\0' ? NULL : end;
}

static struct lyap_csv_field quoted_field(char *text, char **rest, lyap_delimiter delimiter) {
    struct lyap_csv_field field = {.begin = text + 1, .quoted = true};
    char *end = text + 1;
    for (; *end && (*end != '"' || end[1] == '"'); end++)
        if (*end == '"') field.doubled = true, end++;
    field.length = (size_t)(end - field.begin);
    if (*end) end++;
    if (delimiter != ' ') end = skip_spaces(end, delimiter);
    for (; !ends_field(*end, delimiter); end++) field.trailed = true;
    *rest = behind(end, delimiter);
    return field;
}

struct lyap_csv_field lyap_csv_next_field(char **rest, lyap_delimiter delimiter) {
    char *text = skip_spaces(*rest, delimiter);
    if (*text == '"') return quoted_field(text, rest, delimiter);
    char *end = text;
    while (!ends_field(*end, delimiter)) end++;
    *rest = behind(end, delimiter);
    while (end > text && is_space(end[-1])) end--;
    return (struct lyap_csv_field){.begin = text, .length = (size_t)(end - text)};
}

char *lyap_csv_field_text(struct lyap_csv_field *field) {
    if (field->doubled) {
        size_t length = 0;
        for (size_t i = 0; i < field->length; i++) {
            field->begin[length++] = field->begin[i];
            i += field->begin[i] == '"';
        }
        field->length = length;
        field->doubled = false;
    }
    field->begin[field->length] = '\0';
    return field->begin;
}

size_t lyap_csv_count_fields(char *text, lyap_delimiter delimiter) {
    size_t count = 0;
    for (char *rest = text; rest; count++) lyap_csv_next_field(&rest, delimiter);
    return count;
}

/* ---- records ---- */

/* The column (from 1) in which the record ends so far. */
static size_t last_column(struct lyap_csv_records *r, size_t length) {
    r->text[length] = '\0';
    const size_t count = lyap_csv_count_fields(r->text, r->delimiter);
    const bool begins = length > 0 && r->text[length - 1] == ' ' && r->delimiter == ' '; /* another field */
    return count + begins;
}

/* Room for `more` bytes and an end mark. */
static bool make_room(struct lyap_csv_records *r, size_t more) {
    size_t capacity = r->capacity ? r->capacity : 256;
    while (capacity - r->length <= more) capacity *= 2;
    if (capacity == r->capacity) return true;
    char *text = realloc(r->text, capacity);
    if (!text) return false;
    r->text = text;
    r->capacity = capacity;
    return true;
}

static enum lyap_status append(struct lyap_csv_records *r, const unsigned char *bytes, size_t count,
                               struct lyap_error *error) {
    if (!make_room(r, count)) return out_of_memory(r, error);
    memcpy(r->text + r->length, bytes, count);
    r->length += count;
    if (r->quoted && r->length - r->quote_at > MAX_QUOTED)
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: line %lu, column %zu: the quoted field that begins here exceeds %d bytes; is its "
                         "closing quote missing?",
                         r->source->path, r->quote_line, last_column(r, r->quote_at), MAX_QUOTED);
    if (r->length > MAX_RECORD)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu, column %zu: the line exceeds %d bytes",
                         r->source->path, r->lines, last_column(r, r->length), MAX_RECORD);
    return LYAP_OK;
}

/* True where nothing but blanks stands between the last delimiter, or the beginning, and the end of the record so far. */
static bool at_field_start(const struct lyap_csv_records *r) {
    size_t at = r->length;
    while (at > 0 && is_space(r->text[at - 1]) && r->text[at - 1] != r->delimiter) at--;
    return at == 0 || ends_field(r->text[at - 1], r->delimiter) || (r->delimiter == ' ' && is_space(r->text[at - 1]));
}

/* Looks for the first character that is no blank from where it looked before, so that a long record takes no longer. */
static bool is_comment(struct lyap_csv_records *r) {
    while (r->first < r->length && is_space(r->text[r->first])) r->first++;
    return r->first < r->length && r->text[r->first] == '#';
}

/* A quote opens a field at its beginning alone; inside, a doubled one closes the field and opens it again. */
static void take_quote(struct lyap_csv_records *r) {
    if (r->quoted) {
        r->quoted = false;
        r->closed = r->length + 1;
    } else if (r->closed > 0 && r->length == r->closed) {
        r->quoted = true;
    } else if (at_field_start(r) && !is_comment(r)) {
        r->quoted = true;
        r->quote_at = r->length;
        r->quote_line = r->lines;
    }
}

/* The number of bytes up to the first that is not plain text. */
static size_t plain_bytes(const unsigned char *bytes, size_t count) {
    static const bool special[256] = {['\0'] = true, ['\n'] = true, ['\r'] = true, ['"'] = true};
    size_t i = 0;
    while (i < count && !special[bytes[i]]) i++;
    return i;
}

static enum lyap_status source_failed(const struct lyap_csv_records *r, struct lyap_error *error) {
    if (r->source->reason)
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu: cannot read: %s", r->source->path, r->lines,
                         strerror(r->source->reason));
    return lyap_source_fail(r->source, 0, error, "cannot read");
}

/* What ends the line; `c` is taken. CR, CR LF and LF are ends, and so is the end of the file. *end tells. */
static enum lyap_status take_special(struct lyap_csv_records *r, int c, bool *end, struct lyap_error *error) {
    const unsigned char byte = (unsigned char)c;
    if (c == '\0')
        return lyap_fail(error, LYAP_ERROR_FILE, "%.200s: line %lu, column %zu: a NUL byte; expected CSV text",
                         r->source->path, r->lines, last_column(r, r->length));
    if (c == '"') {
        take_quote(r);
    } else if (r->quoted) {
        /* CR LF is one line */
        r->lines += c == '\n' || !(lyap_source_more(r->source) && r->source->buffer[r->source->next] == '\n');
    } else {
        if (c == '\r' && lyap_source_more(r->source) && r->source->buffer[r->source->next] == '\n')
            lyap_source_byte(r->source);
        *end = true;
        return LYAP_OK;
    }
    return append(r, &byte, 1, error);
}

/* One record, a comment or a blank line; *more is false when there was nothing left. */
static enum lyap_status read_record(struct lyap_csv_records *r, bool *more, struct lyap_error *error) {
    struct lyap_source *source = r->source;
    bool end = false;
    r->line = ++r->lines;
    r->length = r->first = r->closed = r->quote_at = 0;
    r->quoted = *more = false;
    if (!make_room(r, 0)) return out_of_memory(r, error);
    while (!end && lyap_source_more(source)) {
        const size_t count = plain_bytes(source->buffer + source->next, source->end - source->next);
        *more = true;
        enum lyap_status status = append(r, source->buffer + source->next, count, error);
        source->next += count;
        source->taken += count;
        if (!status && source->next < source->end) status = take_special(r, lyap_source_byte(source), &end, error);
        if (status) return status;
    }
    if (!end && source->failure.status) return source_failed(r, error);
    if (r->quoted)
        return lyap_fail(error, LYAP_ERROR_FILE,
                         "%.200s: line %lu, column %zu: a quoted field begins here and does not end", source->path,
                         r->quote_line, last_column(r, r->quote_at));
    r->text[r->length] = '\0';
    return LYAP_OK;
}

enum lyap_status lyap_csv_next_record(struct lyap_csv_records *r, bool *more, struct lyap_error *error) {
    for (;;) {
        enum lyap_status status = read_record(r, more, error);
        if (status || !*more) return status;
        const char first = r->text[strspn(r->text, " \t")];
        if (first != '\0' && first != '#') return LYAP_OK;
    }
}

void lyap_csv_records_free(struct lyap_csv_records *r) {
    free(r->text);
    r->text = NULL;
}
