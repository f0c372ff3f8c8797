/* What input files may look like: for `lyapgrad help files` and the manual. */
#ifndef LYAP_CLI_HELP_FILES_H
#define LYAP_CLI_HELP_FILES_H

struct cli_file_item {
    const char *name; /* of a format or of a key */
    const char *text;
};
extern const struct cli_file_item cli_file_formats[];       /* ends with a name of NULL, as the next one */
extern const struct cli_file_item cli_preprocessing_keys[]; /* of --save-preprocessing, in the order of the file */

#endif
