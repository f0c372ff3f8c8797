#include "cli/help/files.h"

#include <stdio.h>

#include "cli/help/help.h"
#include "cli/help/item.h"

const struct cli_file_item cli_file_formats[] = {
    {"CSV", "one sample per line, inputs first, targets last (--targets N or --labels FILE). A comma, ';', a tab, or "
            "blanks separate the fields; "
            "the content tells which. Fields may be quoted (RFC 4180). Where ';' separates, numbers may have a decimal "
            "comma. Blank lines and "
            "lines that begin with '#' are skipped; lines end with LF, CR LF or CR."},
    {"header", "a first line with text and without numbers names the columns. So does a line 0,1,2,... if the next "
               "line has a decimal point. Other lines "
               "0,1,2,... are refused until --header yes or --header no decides. A first column without a name has "
               "names of rows, as pandas and R "
               "write them; it is left out with a warning."},
    {"classes", "with --one-hot auto the target column may hold class numbers from 0 or class names. Names are "
                "numbered in alphabetical order (by bytes), "
                "and held-out files may have no other names."},
    {".npy", "NumPy arrays of one or more dimensions: float16, float32, float64, integers, bool; either byte order; C "
             "or Fortran order. The first "
             "dimension is the samples, the others together are the columns."},
    {"IDX", "the format of MNIST, any type and number of dimensions."},
    {"gzip", "any of these compressed, where the build has zlib ('lyapgrad info' says so). Files of bzip2, xz, zstd, "
             "zip and some other formats "
             "are named as such and refused."},
    {NULL, NULL},
};

const struct cli_file_item cli_preprocessing_keys[] = {
    {"format", "lyapgrad preprocessing 1"},
    {"data, labels, test_data, test_labels", "the sources as they were given, or null"},
    {"samples", "number of samples in the source; they are numbered from 0 in file order"},
    {"skip_columns", "columns at the left that are no inputs: 1 for names of rows, else 0"},
    {"divide_by", "255 where inputs are unsigned bytes, else 1"},
    {"standardised", "whether inputs are scaled by mean and deviation"},
    {"inputs",
     "an object per input: name (or null), mean and deviation of the training data; 0 and 1 without --standardise"},
    {"classes", "class names in the order of the target columns, or null"},
    {"train", "the numbers of the samples that train"},
    {"held_out", "the numbers of the samples that --split holds out"},
    {NULL, NULL},
};

void cli_print_file_help(const struct cli_program *program) {
    (void)program;
    cli_print_words("Files of data, for --data, --labels, --test-data, --test-labels, --weights and series:");
    putchar('\n');
    for (const struct cli_file_item *i = cli_file_formats; i->name; i++) cli_print_item(i->name, i->text);
    putchar('\n');
    cli_print_words("The JSON file of --save-preprocessing. An input is (value / divide_by - mean) / deviation in "
                    "double precision, of "
                    "held-out samples, too:");
    putchar('\n');
    for (const struct cli_file_item *i = cli_preprocessing_keys; i->name; i++) cli_print_item(i->name, i->text);
}
