#include "io/foreign.h"

#include <string.h>

static const struct {
    const char *begin;
    size_t length;
    const char *format, *advice;
} formats[] = {
    {"BZh", 3, "bzip2-compressed data", "unpack the file with bunzip2"},
    {"\xfd"
     "7zXZ",
     6, "xz-compressed data", "unpack the file with unxz"},
    {"\x28\xb5\x2f\xfd", 4, "zstd-compressed data", "unpack the file with unzstd"},
    {"PK\3\4", 4, "a zip archive",
     "unpack it; save the arrays of an .npz file as .npy each, and an .xlsx sheet as CSV"},
    {"7z\xbc\xaf\x27\x1c", 6, "a 7z archive", "unpack it"},
    {"\x89HDF\r\n\x1a\n", 8, "an HDF5 file", "save the data set as .npy or CSV"},
    {"PAR1", 4, "a Parquet file", "save the table as CSV"},
    {"\xd0\xcf\x11\xe0", 4, "an Excel workbook", "save the sheet as CSV"},
    {"\x89PNG", 4, "a picture", "put pictures into one array and save it as .npy"},
    {"\xff\xfe", 2, "UTF-16 text", "save it as UTF-8"},
    {"\xfe\xff", 2, "UTF-16 text", "save it as UTF-8"},
};

enum lyap_status lyap_foreign_refuse(struct lyap_source *source, struct lyap_error *error) {
    const unsigned char *bytes;
    const size_t there = lyap_source_peek(source, &bytes);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (there >= formats[i].length && memcmp(bytes, formats[i].begin, formats[i].length) == 0)
            return lyap_source_fail(source, 0, error, "%s, which cannot be read; %s", formats[i].format,
                                    formats[i].advice);
    return LYAP_OK;
}
