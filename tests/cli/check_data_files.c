/* Files as people have them, from end to end: what is read, what is printed, what is warned of, what is saved for other programs. */
#include <math.h>
#include <sys/wait.h>

#include "tests/arrays.h"
#include "tests/command.h"

static struct bytes b;

static void write_text(const char *name, const char *text) {
    scratch_file(name, text, strlen(text));
}

/* Thirty samples of two or three inputs with values that no format changes. */
enum { SAMPLES = 30 };
static double value_of(int s, int i) {
    return ((37 * s + 11 * i * i + 5) % 40 - 20) / 8.0;
}
static const char *const kinds[] = {"setosa", "versicolor", "virginica, wild"};

/* "%.3f" with that point. */
static const char *number_text(double value, char point, char text[32]) {
    snprintf(text, 32, "%.3f", value);
    *strchr(text, '.') = point;
    return text;
}

/* A table with its fields between `delimiter`, the last a number. */
static void write_table(const char *name, const char *head, const char *delimiter, char point, const char *end) {
    char a[32], c[32], y[32];
    FILE *file = fopen(scratch(name), "wb");
    fputs(head, file);
    for (int s = 0; s < SAMPLES; s++)
        fprintf(file, "%s%s%s%s%s%s", number_text(value_of(s, 0), point, a), delimiter,
                number_text(value_of(s, 1), point, c), delimiter, number_text(value_of(s, 2), point, y), end);
    ck_assert_int_eq(fclose(file), 0);
}

static void write_iris(void) {
    FILE *file = fopen(scratch("iris.csv"), "wb"), *indexed = fopen(scratch("iris_r.csv"), "wb");
    fputs("sepal,petal,species\n", file);
    fputs("\"\",\"sepal\",\"petal\",\"species\"\n", indexed);
    for (int s = 0; s < SAMPLES; s++) {
        fprintf(file, "%.3f,%.3f,%s%s%s\n", value_of(s, 0), value_of(s, 1), s % 3 == 2 ? "\"" : "", kinds[s % 3],
                s % 3 == 2 ? "\"" : "");
        fprintf(indexed, "\"%d\",%.3f,%.3f,\"%s\"\n", s + 1, value_of(s, 0), value_of(s, 1), kinds[s % 3]);
    }
    ck_assert_int_eq(fclose(file) | fclose(indexed), 0);
}

static void write_inputs(void) {
    write_table("plain.csv", "", ",", '.', "\n");
    write_table("excel.csv", "\xef\xbb\xbfTemperatur;\"Druck; in bar\";Ergebnis\r\n", ";", ',', "\r\n");
    write_table("wine.csv", "\"fixed acidity\";\"pH\";\"quality\"\n", ";", '.', "\n");
    write_table("tabs.txt", "a\tb\tc\n", "\t", '.', "\n");
    write_table("savetxt.txt", "# a b c\n", " ", '.', "\n");
    write_table("mac.csv", "a,b,c\r", ",", '.', "\r");
    write_table("pandas.csv", "0,1,2\n", ",", '.', "\n");
    write_table("pipes.csv", "a|b|c\n", "|", '.', "\n");
    write_iris();
    b.size = 0;
    put_npy_start(&b, 1, "{'descr': '<f2', 'fortran_order': True, 'shape': (30, 3), }\n");
    for (int i = 0; i < 3; i++)
        for (int s = 0; s < SAMPLES; s++) {
            const double value = fabs(value_of(s, i)); /* of eighths below 2.5, exact in binary16 */
            const int power = value > 0 ? (int)floor(log2(value)) : 0;
            const unsigned bits =
                value > 0 ? (unsigned)((power + 15) * 1024 + (int)(ldexp(value, 10 - power)) - 1024) : 0;
            put_little(&b, bits | (value_of(s, i) < 0 ? 0x8000u : 0), 2);
        }
    write_bytes("half.npy", &b);
    write_text("cat.csv", "1,2,cat\n2,3,dog\n3,1,cat\n4,5,dog\n9,0,cat\n");
    write_text("cat_r.csv", "\"a\" \"b\" \"animal\"\n\"1\" 1 2 \"cat\"\n\"2\" 2 3 \"dog\"\n");
    write_text("more.csv", "1,2,cat\n2,3,cow\n");
    write_text("counts.csv", "0,1,2\n3,4,5\n6,7,9\n");
    write_text("species.csv", "cat\ndog\ncat\n");
    write_text("three.csv", "1,2\n3,4\n5,7\n");
    write_text("ragged.csv", "a;b;c\n1,5;2;3\n1;2\n");
    write_text("gap.csv", "a;b;c\n1,5;;3\n");
    write_text("nan.csv", "a;b;c\n1,5;NaN;3\n");
    write_text("text.csv", "a,b,c\n1,x,3\n");
    write_text("years.csv", "name,1990,1991\n1,2,3\n");
    scratch_file("nul.csv", "1 2 3\n4 \0 5\n", 12);
    write_text("indexed.csv", ",w0,w1\n0,1,2\n1,2,3\n");
    write_text("counted.csv", "0,1,2\n1,2,3\n");
    write_text("packed.bz2", "BZh91AY&SY and so on");
    scratch_file("packed.xz",
                 "\xfd"
                 "7zXZ\0",
                 7);
}

#define BASE "run --activation tanh --output-activation linear --loss-window none --epochs 5 --lr 1e-3 --starts 3 "

static uint64_t run_digest(const char *line) {
    remove_tree(scratch("digest"));
    expect_success("%s --quiet --out @/digest", line);
    return digest_in("digest");
}

START_TEST(the_same_numbers_in_any_dress_give_the_same_bits) {
    static const char *const same[] = {"excel.csv", "wine.csv",   "tabs.txt", "savetxt.txt",
                                       "mac.csv",   "pandas.csv", "half.npy"};
    char line[300];
    const uint64_t digest = run_digest(BASE "--net 2-4-1 --data @/plain.csv");
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        snprintf(line, sizeof line, BASE "--net 2-4-1 --data @/%s", same[i]);
        ck_assert_msg(run_digest(line) == digest, "%s", same[i]);
    }
    ck_assert_uint_eq(run_digest(BASE "--net 2-4-3 --loss softmax --data @/iris_r.csv --one-hot auto"),
                      run_digest(BASE "--net 2-4-3 --loss softmax --data @/iris.csv --one-hot 3"));
}
END_TEST

/* Words of the command, what standard output has, and what a warning has; NULL: no warning. */
static const struct {
    const char *words, *read, *warning;
} shown[] = {
    {"--net 2-4-1 --data @/excel.csv --standardise --split 0.8",
     "excel.csv: 30 samples, 2 inputs, 1 target\n  CSV, header, delimiter ';', decimal comma; 24 train, 6 held out (20 "
     "%); "
     "inputs standardised\n",
     NULL},
    {"--net 2-4-1 --data @/savetxt.txt",
     "savetxt.txt: 30 samples, 2 inputs, 1 target\n  CSV, no header, delimiter blank\n", NULL},
    {"--net 2-4-1 --data @/tabs.txt --samples 20",
     "30 samples, 20 of them drawn, 2 inputs, 1 target\n  CSV, header, "
     "delimiter tab\n",
     NULL},
    {"--net 2-4-1 --data @/half.npy", "half.npy: 30 samples, 2 inputs, 1 target\n  .npy array\n", NULL},
    {"--net 2-4-3 --loss softmax --data @/iris.csv --one-hot auto --split 0.7",
     "iris.csv: 30 samples, 2 inputs, 3 classes (setosa 10, versicolor 10, virginica, wild 10)\n  CSV, header, "
     "delimiter ','; "
     "21 train, 9 held out (30 %), class by class\n",
     NULL},
    {"--net 2-4-3 --loss softmax --data @/iris_r.csv --one-hot auto", "iris_r.csv: 30 samples, 2 inputs, 3 classes",
     "iris_r.csv: the first column has no name: it is taken for names of rows and left out"},
    {"--net 2-4-2 --loss softmax --data @/cat.csv --one-hot auto --test-data @/cat_r.csv", "2 classes (cat 3, dog 2)\n",
     "cat_r.csv: the first column has no name"},
    {"--net 2-4-2 --loss softmax --data @/cat.csv --one-hot auto --test-data @/cat.csv",
     "2 classes (cat 3, dog 2)\n  CSV, no header, delimiter ','; held out: ", NULL},
    {"--net 3-4-1 --data @/scales.csv", "scales.csv: 30 samples, 3 inputs, 1 target\n",
     "scales.csv: inputs are unscaled: the standard deviation of input 2 ('volume') is 1e+03 times that of input 1 "
     "('pH'); "
     "--standardise scales them"},
    {"--net 3-4-1 --data @/scales.csv --standardise", "scales.csv: 30 samples", NULL},
    {"--net 2-4-1 --data @/numbers.csv", "1 target (0: 10, 1: 10, 2: 10)\n",
     "numbers.csv: the target has 3 different whole numbers, 0 to 2, and is used as a number; if these are classes, "
     "give "
     "--one-hot auto"},
    {"--net 2-4-3 --data @/numbers.csv --one-hot auto", "3 classes (0: 10, 1: 10, 2: 10)\n", NULL},
    {"--net 2-4-4 --data @/numbers.csv --one-hot 4", "4 classes (0: 10, 1: 10, 2: 10, 3: 0)\n",
     "numbers.csv: 1 of the 4 classes has no sample, the first is class 3; class numbers begin with 0"},
    {"--net 2-4-1 --data @/bits.csv", "2 classes (0: 15, 1: 15)\n", NULL},
    {"--net 3-4-1 --data @/index.csv", "index.csv: 30 samples, 3 inputs, 1 target\n",
     "index.csv: input 1 ('id') counts the rows"},
    {"--net 2-4-1 --data @/counts.csv --header yes", "counts.csv: 2 samples, 2 inputs, 1 target\n  CSV, header", NULL},
    {"--net 2-4-1 --data @/counts.csv --header no", "counts.csv: 3 samples, 2 inputs, 1 target\n  CSV, no header",
     NULL},
    {"--net 2-2-1 --activation sigmoid --data @/plain.csv --weights @/nine.csv",
     "nine.csv: 2 starting points of 9 weights\n", NULL},
};

static void write_more(void) {
    FILE *scales = fopen(scratch("scales.csv"), "wb"), *numbers = fopen(scratch("numbers.csv"), "wb"),
         *index = fopen(scratch("index.csv"), "wb"), *bits = fopen(scratch("bits.csv"), "wb");
    fputs("pH,volume,x,y\n", scales);
    fputs("id,x,y,t\n", index);
    for (int s = 0; s < SAMPLES; s++) {
        const double x = value_of(s, 0);
        fprintf(scales, "%.3f,%.3f,%.3f,%.3f\n", x, 1000 * x, 2 * x, value_of(s, 2));
        fprintf(index, "%d,%.3f,%.3f,%.3f\n", s + 1, 20 * x, 20 * value_of(s, 1), value_of(s, 2));
        fprintf(numbers, "%.3f,%.3f,%d\n", x, value_of(s, 1), s % 3);
        fprintf(bits, "%.3f,%.3f,%d\n", x, value_of(s, 1), s % 2);
    }
    ck_assert_int_eq(fclose(scales) | fclose(numbers) | fclose(index) | fclose(bits), 0);
    write_text("nine.csv", "1,2,3,4,5,6,7,8,9\n0,.1,.2,.3,.4,.5,.6,.7,.8\n");
}

START_TEST(every_command_prints_what_it_read_and_warns) {
    static const char *const commands[] = {"run", "sweep --over lr=0.1:0.2:2", "spectrum --exponents 1"};
    for (int c = 0; c < (_i % 4 ? 1 : 3); c++) { /* the other commands have the same code */
        remove_tree(scratch("shown"));
        if (c == 1 && strstr(shown[_i].words, "--weights")) continue;
        const char *activation = strstr(shown[_i].words, "--activation") ? "" : "--activation tanh";
        const bool fixed = strstr(shown[_i].words, "--weights") != NULL;
        struct outcome o = run_command(
            "%s %s %s --epochs 4 %s --out @/shown %s", commands[c], activation,
            fixed ? "" : "--loss-window none --starts 2",
            strstr(shown[_i].words, "loss softmax") || fixed ? "" : "--output-activation linear", shown[_i].words);
        ck_assert_msg(o.status == 0, "%s: %s", shown[_i].words, o.err);
        ck_assert_msg(strstr(o.out, shown[_i].read) != NULL, "%s: '%s' is not in: %s", shown[_i].words, shown[_i].read,
                      o.out);
        if (shown[_i].warning) {
            ck_assert_msg(strncmp(o.err, "lyapgrad: warning: ", 19) == 0 && strstr(o.err, shown[_i].warning), "%s",
                          o.err);
            ck_assert_str_eq(strchr(o.err, '\n'), "\n"); /* it is the only one */
        } else {
            ck_assert_str_eq(o.err, "");
        }
        outcome_free(&o);
    }
    remove_tree(scratch("shown"));
    struct outcome o = run_command(BASE "--net 3-4-1 --data @/scales.csv --quiet --out @/shown");
    ck_assert_str_eq(o.out, "");
    ck_assert_str_eq(o.err, "");
    outcome_free(&o);
}
END_TEST

START_TEST(commands_that_draw_print_what_they_read_too) {
    static const char *const lines[] = {
        "map --x lr:0.1:1 --y d1:0:1 --resolution 3x3 --epochs 10 --net 2-2-1 --loss-window none",
        "bifurcation --over lr:0.1:1:2 --epochs 9 --points 4 --net 2-2-1 --loss-window none",
        ("select --net 2-2-1 --activation tanh --budget 40000 --epochs 16 --rungs 2 --searches 0 --rates 3 "
         "--rate-starts 2")};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct outcome o = run_command("PATH=/nonexistent %s --data @/wine.csv --out @/drawn", lines[i]);
        ck_assert_msg(o.status == 0, "%s", o.err);
        ck_assert_msg(strstr(o.out, "wine.csv: 30 samples, 2 inputs, 1 target\n  CSV, header, delimiter ';'\n"), "%s",
                      o.out);
        outcome_free(&o);
        remove_tree(scratch("drawn"));
    }
}
END_TEST

static const struct {
    const char *words, *message;
} refused[] = {
    {"--data @/iris.csv", "iris.csv: line 2, column 3: 'setosa' is not a number; for class names give --one-hot auto"},
    {"--data @/iris.csv --targets 2", "iris.csv: line 2, column 3: 'setosa' is not a number"},
    {"--data @/iris.csv --one-hot 2", "--one-hot: 2, but "},
    {"--data @/text.csv", "text.csv: line 2, column 2: 'x' is not a number"},
    {"--data @/counts.csv",
     "counts.csv: line 1 counts 0, 1, 2, ...: it may name the columns or be a row of numbers; --header yes or "
     "--header no decides"},
    {"--data @/years.csv", "years.csv: line 1, column 1: 'name' is not a number; --header yes or --header no decides"},
    {"--data @/counts.csv --header maybe", "--header: unknown word 'maybe'; expected detect, yes or no"},
    {"--data @/three.csv --labels @/species.csv --one-hot auto",
     "species.csv: line 1 is a class name of other lines: it may name the column or be a row; --header yes or --header "
     "no"},
    {"--data @/three.csv --labels @/species.csv",
     "species.csv: line 2, column 1: 'dog' is not a number; for class names"},
    {"--data @/cat.csv --one-hot auto --test-data @/more.csv",
     "more.csv: line 2, column 3: 'cow' is none of the 2 class names of the training data, such as 'cat'"},
    {"--data @/plain.csv --test-data @/cat.csv", "cat.csv: line 1, column 3: 'cat' is not a number; for class names"},
    {"--data @/pipes.csv",
     "pipes.csv: line 2, column 1: '-1.875|-0.500|-1.375' is not a finite decimal number; '|' seems to "
     "separate the fields; allowed are a comma, ';', a tab and blanks"},
    {"--data @/ragged.csv", "ragged.csv: line 3, column 3: the row has 2 columns, but line 1 has 3"},
    {"--data @/gap.csv", "gap.csv: line 2, column 2: the field is empty"},
    {"--data @/nan.csv", "nan.csv: line 2, column 2: 'NaN' is not a finite decimal number"},
    {"--data @/nul.csv", "nul.csv: line 2, column 2: a NUL byte"},
    {"--data @/packed.bz2",
     "packed.bz2: byte 0: bzip2-compressed data, which cannot be read; unpack the file with bunzip2"},
    {"--data @/packed.xz", "packed.xz: byte 0: xz"},
    {"--weights @/indexed.csv --net 1-1", "indexed.csv: the first column has no name; call it w0, or leave it out"},
    {"--weights @/counted.csv --net 2-1",
     "counted.csv: line 1 counts 0, 1, 2, ...: it may name the columns or be a row of "
     "numbers; call them w0, w1, ... or leave the line out"},
    {"--data @/plain.csv --save-preprocessing ''", "--save-preprocessing: the name is empty"},
    {"--data @/plain.csv --save-preprocessing @/plain.csv", "--save-preprocessing"},
};

START_TEST(what_cannot_be_read_is_named_in_one_line) {
    struct outcome o = run_command("run --out @/none %s", refused[_i].words);
    ck_assert_msg(o.status != 0, "%s", refused[_i].words);
    ck_assert_msg(strstr(o.err, refused[_i].message) != NULL, "'%s' is not in: %s", refused[_i].message, o.err);
    ck_assert_msg(strncmp(o.err, "lyapgrad: ", 10) == 0 && strchr(o.err, '\n') == o.err + strlen(o.err) - 1, "%s",
                  o.err);
    outcome_free(&o);
    remove_tree(scratch("none"));
}
END_TEST

START_TEST(the_manifest_records_header_and_class_names) {
    expect_success(BASE
                   "--net 2-4-3 --loss softmax --data @/iris.csv --header yes --one-hot auto --quiet --out @/kept");
    ck_assert_str_eq(manifest_value("kept", "header"), "yes");
    ck_assert_str_eq(manifest_value("kept", "one-hot"), "3");
    ck_assert_str_eq(manifest_value("kept", "class.0"), "setosa");
    ck_assert_str_eq(manifest_value("kept", "class.2"), "virginica, wild");
}
END_TEST

/* A python3 that has the module; NULL: none. */
static const char *python_with(const char *module) {
    static const char *const names[] = {"python3", "/usr/bin/python3"};
    char command[200];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(command, sizeof command, "%s -c 'import %s' > /dev/null 2>&1", names[i], module);
        if (system(command) == 0) return names[i];
    }
    return NULL;
}

/* Another program prepares the same data from the file, and the run on these has the same bits. */
static void expect_repeated(const char *python, const char *words, const char *data) {
    char line[600], command[1600];
    snprintf(line, sizeof line, BASE "%s --data @/%s --save-preprocessing @/how/pre.json", words, data);
    remove_tree(scratch("how"));
    mkdir(scratch("how"), 0777);
    const uint64_t digest = run_digest(line);
    snprintf(command, sizeof command, "%s tests/cli/preprocessing.py %s %s", python, scratch("how/pre.json"),
             scratch(data));
    ck_assert_int_eq(system(command), 0);
    const bool classes = strstr(words, "one-hot") != NULL, held = strstr(words, "split") != NULL;
    snprintf(line, sizeof line, BASE "%.*s --data @/how/train.csv --targets %d %s", (int)strcspn(words, "#"),
             classes ? "--net 2-4-3 --loss softmax" : "--net 2-4-1", classes ? 3 : 1,
             held ? "--test-data @/how/held.csv" : "");
    ck_assert_msg(run_digest(line) == digest, "%s: %s", data, words);
}

START_TEST(another_program_repeats_the_preprocessing_exactly) {
    const char *plain = python_with("json"), *numpy = python_with("numpy");
    if (!plain) SKIP("no python3 is here");
    expect_repeated(plain, "--net 2-4-3 --loss softmax --one-hot auto --split 0.7 --standardise", "iris.csv");
    expect_repeated(plain,
                    "--net 2-4-3 --loss softmax --one-hot auto --samples 20 --split 0.7 --standardise --data-seed 5",
                    "iris.csv");
    expect_repeated(plain, "--net 2-4-3 --loss softmax --one-hot auto --standardise", "iris_r.csv");
    expect_repeated(plain, "--net 2-4-3 --loss softmax --one-hot auto --split 0.5", "iris.csv");
    if (!numpy) {
        SKIP_PART("no NumPy is here");
        return;
    }
    expect_repeated(numpy, "--net 2-4-3 --loss softmax --one-hot auto --split 0.7 --standardise", "iris.csv");
    expect_repeated(numpy, "--net 2-4-1 --split 0.6 --standardise", "half.npy");
    b.size = 0;
    put_npy(&b, 1, "|u1", "(30, 3)");
    for (unsigned v = 0; v < 90; v++) put_byte(&b, 37 * v % 251);
    write_bytes("grey.npy", &b);
    expect_repeated(numpy, "--net 2-4-1 --split 0.6 --standardise", "grey.npy");
}
END_TEST

START_TEST(the_saved_preprocessing_is_valid_whatever_the_names_are) {
    if (!python_with("json")) SKIP("no python3 is here");
    char command[1200];
    write_text("odd.csv", "\"a\"\"\\ \x01\xff\xc3\xa9\n\",b,c\n1,2,x\xc0\n2,3,y\n3,5,y\n");
    expect_success(BASE
                   "--net 2-4-2 --data @/odd.csv --one-hot auto --standardise --quiet --out @/odd --save-preprocessing "
                   "@/odd.json");
    snprintf(command, sizeof command,
             "%s -c \"import json; d = json.load(open('%s', encoding='utf-8')); "
             "assert d['inputs'][0]['name'] == 'a\\\"\\\\\\\\ \\x01\\ufffd\\xe9\\n', d; "
             "assert d['classes'] == ['x\\ufffd', 'y'] and d['train'] == [0, 1, 2] and d['held_out'] == []; "
             "assert d['inputs'][0]['mean'] == 2 and d['standardised'] is True\"",
             python_with("json"), scratch("odd.json"));
    ck_assert_msg(system(command) == 0, "%s", command);
}
END_TEST

/* select writes it, too; an interrupted or refused run leaves none. */
START_TEST(select_saves_the_preprocessing) {
    expect_success("PATH=/nonexistent select --net 2-2-1 --activation tanh --budget 40000 --epochs 16 --rungs 2 "
                   "--searches 0 --rates 3 --rate-starts 2 "
                   "--data @/plain.csv --split 0.8 --quiet --out @/chosen --save-preprocessing @/chosen.json");
    char *text = read_text(scratch("chosen.json"));
    ck_assert_ptr_nonnull(strstr(text, "\"format\": \"lyapgrad preprocessing 1\""));
    free(text);
    expect_bad_usage("run --data @/plain.csv --net 3-1 --save-preprocessing @/no.json", "inputs");
    ck_assert(access(scratch("no.json"), F_OK) != 0);
}
END_TEST

START_TEST(a_series_comes_from_arrays_and_other_tables) {
    double x = 0.3;
    FILE *csv = fopen(scratch("wave.csv"), "wb"), *german = fopen(scratch("german.csv"), "wb");
    char text[32];
    fputs("Zeit;Wert\n", german);
    b.size = 0;
    put_npy(&b, 1, "<f8", "(400,)");
    for (int i = 0; i < 400; i++, x = 4 * x * (1 - x)) {
        put_double(&b, x);
        fprintf(csv, "%.17g\n", x);
        snprintf(text, sizeof text, "%.17g", x);
        *strchr(text, '.') = ',';
        fprintf(german, "%d;%s\n", i, text);
    }
    ck_assert_int_eq(fclose(csv) | fclose(german), 0);
    write_bytes("wave.npy", &b);
    expect_success("series @/wave.csv --dimension 1 --fit 0:4 --quiet --out @/series");
    const uint64_t digest = digest_in("series");
    struct outcome o = run_command("series @/wave.npy --dimension 1 --fit 0:4 --out @/series");
    ck_assert_msg(o.status == 0 && !*o.err, "%s", o.err);
    ck_assert_msg(strstr(o.out, "wave.npy: 400 rows, 1 column; .npy array\ncolumn 1: 400 samples"), "%s", o.out);
    ck_assert_uint_eq(digest_in("series"), digest);
    outcome_free(&o);
    o = run_command("series @/german.csv --column Wert --dimension 1 --fit 0:4 --out @/series");
    ck_assert_msg(strstr(o.out, "german.csv: 400 rows, 2 columns; CSV, header, delimiter ';', decimal comma\n"), "%s%s",
                  o.out, o.err);
    ck_assert_uint_eq(digest_in("series"), digest);
    outcome_free(&o);
    b.size = 0;
    put_npy(&b, 1, "<f8", "(200, 2)");
    for (int i = 0; i < 400; i++) put_double(&b, i % 2 ? i : sin(i));
    write_bytes("two.npy", &b);
    expect_bad_usage("series @/two.npy", "two.npy: has several columns; choose one with --column: 1 .. 2");
    expect_bad_usage("series @/counts.csv --column 1", "--header yes or --header no decides");
    expect_success("series @/wave.csv --header no --dimension 1 --fit 0:4 --quiet --out @/series");
    ck_assert_str_eq(manifest_value("series", "header"), "no");
}
END_TEST

static void write_all(void) {
    write_inputs();
    write_more();
}

int main(void) {
    Suite *suite = suite_create("data_files");
    TCase *tests = tcase_create("data_files");
    tcase_set_timeout(tests, 120);
    tcase_add_unchecked_fixture(tests, write_all, NULL); /* once for all tests */
    tcase_add_test(tests, the_same_numbers_in_any_dress_give_the_same_bits);
    tcase_add_loop_test(tests, every_command_prints_what_it_read_and_warns, 0, (int)(sizeof shown / sizeof *shown));
    tcase_add_test(tests, commands_that_draw_print_what_they_read_too);
    tcase_add_loop_test(tests, what_cannot_be_read_is_named_in_one_line, 0, (int)(sizeof refused / sizeof *refused));
    tcase_add_test(tests, the_manifest_records_header_and_class_names);
    tcase_add_test(tests, another_program_repeats_the_preprocessing_exactly);
    tcase_add_test(tests, the_saved_preprocessing_is_valid_whatever_the_names_are);
    tcase_add_test(tests, select_saves_the_preprocessing);
    tcase_add_test(tests, a_series_comes_from_arrays_and_other_tables);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
