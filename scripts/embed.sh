#!/bin/sh
# Prints a C file that holds the text files given, one string a line; each is named by its file name up to the dot.
set -eu
export LC_ALL=C # bytes, whatever the text's encoding
echo '/* Made by scripts/embed.sh from plots/. */'
echo '#include <stddef.h>'
echo
echo '#include "figure/template.h"'
table=''
for file in "$@"; do
    name=$(basename "$file")
    name=${name%%.*}
    echo
    echo "static const char *const text_${name}[] = {"
    # Backslash, quotation mark, and the question mark of trigraphs.
    sed -e 's/[\\"?]/\\&/g' -e 's/.*/    "&",/' "$file"
    echo '    NULL,'
    echo '};'
    table="$table    {\"$name\", text_$name},
"
done
echo
echo 'const struct lyap_plot lyap_plots[] = {'
printf '%s' "$table"
echo '    {NULL, NULL},'
echo '};'
