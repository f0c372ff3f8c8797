/* What a table is: its columns, each with name, unit, meaning, type, and the value that it takes from a row. One
 * description writes the head and the rows of the CSV file and names the columns elsewhere, so that they cannot
 * disagree.
 *
 * A row is whatever struct the columns' functions expect. Columns come in groups, and a group may be left out or
 * repeated: lambda_1, lambda_2, .. are a group of one column. What is undefined is an empty field. */
#ifndef LYAP_IO_SCHEMA_H
#define LYAP_IO_SCHEMA_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum lyap_column_type {
    LYAP_COLUMN_COUNT, /* a whole number, 0 or more */
    LYAP_COLUMN_REAL,  /* a number with the digits that restore every bit, or as the value's function rounds it */
    LYAP_COLUMN_WORD   /* a name, or text in quotes */
};

/* One field, and how it is written. */
enum lyap_field {
    LYAP_FIELD_EMPTY,
    LYAP_FIELD_COUNT,
    LYAP_FIELD_REAL,   /* the fewest digits that restore every bit; nan and inf where it is no finite number */
    LYAP_FIELD_SHORT,  /* %g: a setting that was typed */
    LYAP_FIELD_THREE,  /* %.3g: p-values of Student's t, whose last places differ between C libraries */
    LYAP_FIELD_WORD,   /* in quotes where a comma is in it */
    LYAP_FIELD_QUOTED, /* always in quotes */
};
struct lyap_value {
    enum lyap_field field;
    uint64_t count;
    double real;
    const char *word; /* not owned */
};

static inline struct lyap_value lyap_no_value(void) {
    return (struct lyap_value){.field = LYAP_FIELD_EMPTY};
}
static inline struct lyap_value lyap_count_value(uint64_t count) {
    return (struct lyap_value){.field = LYAP_FIELD_COUNT, .count = count};
}
/* Empty below 0. */
static inline struct lyap_value lyap_index_value(int64_t index) {
    return index < 0 ? lyap_no_value() : lyap_count_value((uint64_t)index);
}
/* Any double, also one that is not finite. */
static inline struct lyap_value lyap_any_value(double real) {
    return (struct lyap_value){.field = LYAP_FIELD_REAL, .real = real};
}
static inline struct lyap_value lyap_value_if(int defined, double real) {
    return defined ? lyap_any_value(real) : lyap_no_value();
}
/* Empty where it is no finite number. */
static inline struct lyap_value lyap_real_value(double real) {
    return lyap_value_if(isfinite(real), real);
}
static inline struct lyap_value lyap_short_value(double real) {
    return (struct lyap_value){.field = LYAP_FIELD_SHORT, .real = real};
}
static inline struct lyap_value lyap_three_digits(double real) {
    return (struct lyap_value){.field = LYAP_FIELD_THREE, .real = real};
}
static inline struct lyap_value lyap_word_value(const char *word) {
    return (struct lyap_value){.field = LYAP_FIELD_WORD, .word = word};
}
static inline struct lyap_value lyap_quoted_value(const char *word) {
    return (struct lyap_value){.field = LYAP_FIELD_QUOTED, .word = word};
}

struct lyap_column {
    const char *
        name; /* in the file's first line; of a repeated group with %zu for the repetition's number. <in brackets>: the run gives the name */
    const char *unit; /* "nats per step"; NULL: a word, or a number without a unit */
    const char *what; /* the meaning, as a phrase */
    enum lyap_column_type type;
    /* The value of this column in the row; `k` is the repetition, from 0. */
    struct lyap_value (*value)(const void *row, size_t k);
    const char *(*name_of)(size_t number); /* names the column in place of `name`, when that is NULL */
};

/* Defines the function of a column: `row_type *r` is the row, `k` the repetition. */
#define LYAP_COLUMN(function, row_type, expression)                                                                    \
    static struct lyap_value function(const void *row, size_t k) {                                                     \
        const row_type *r = row;                                                                                       \
        (void)r;                                                                                                       \
        (void)k;                                                                                                       \
        return expression;                                                                                             \
    }

struct lyap_column_group {
    const struct lyap_column *column; /* [columns] */
    size_t columns;
};
#define LYAP_GROUP(columns)                                                                                            \
    { (columns), sizeof(columns) / sizeof *(columns) }
enum { LYAP_MOST_GROUPS = 8 };

struct lyap_schema {
    const char *file;                                 /* the file's name */
    const char *what;                                 /* what a row is */
    struct lyap_column_group group[LYAP_MOST_GROUPS]; /* those behind the last have no columns */
};

/* How often a group stands in a table, and the numbers in its names: number[times], or first, first + 1, .. where that
 * is NULL. */
struct lyap_repeat {
    size_t times, first;
    const size_t *number;
    const char *name; /* of the column that the run names; else NULL */
};

/* A column's name in repetition `number`; in text[size] where it has a number. */
const char *lyap_column_name(const struct lyap_column *column, size_t number, char *text, size_t size);

/* The column whose `name` that is; NULL: there is none. */
const struct lyap_column *lyap_schema_column(const struct lyap_schema *schema, const char *name);

/* The first line; repeat[groups], NULL: every group once. */
void lyap_schema_head(FILE *file, const struct lyap_schema *schema, const struct lyap_repeat *repeat);
/* A row, with the repetitions of the head. */
void lyap_schema_row(FILE *file, const struct lyap_schema *schema, const struct lyap_repeat *repeat, const void *row);

#endif
