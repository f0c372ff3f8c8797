#include "io/idx.h"

#include "io/binary.h"

/* The type of a type byte; size 0 for none. */
static struct lyap_element element_of(unsigned char type) {
    switch (type) {
    case 0x08:
        return (struct lyap_element){'u', 1, true};
    case 0x09:
        return (struct lyap_element){'i', 1, true};
    case 0x0B:
        return (struct lyap_element){'i', 2, true};
    case 0x0C:
        return (struct lyap_element){'i', 4, true};
    case 0x0D:
        return (struct lyap_element){'f', 4, true};
    case 0x0E:
        return (struct lyap_element){'f', 8, true};
    default:
        return (struct lyap_element){0, 0, false};
    }
}

enum lyap_status lyap_idx_read(struct lyap_table *table, struct lyap_source *source, struct lyap_error *error) {
    unsigned char magic[4], size[4];
    size_t got = lyap_source_read(source, magic, sizeof magic);
    if (got < sizeof magic)
        return lyap_source_fail(source, got, error, "the file ends inside the magic number of an IDX file (4 bytes)");
    if (magic[0] != 0 || magic[1] != 0)
        return lyap_source_fail(source, magic[0] ? 0 : 1, error,
                                "an IDX file begins with two zero bytes, not with %02x %02x", magic[0], magic[1]);
    struct lyap_array array = {.element = element_of(magic[2]), .dimensions = magic[3], .shape_at = 4};
    if (array.element.size == 0)
        return lyap_source_fail(source, 2, error, "unknown IDX type %02x; known are 08, 09, 0B, 0C, 0D and 0E",
                                magic[2]);
    if (array.dimensions < 1 || array.dimensions > LYAP_MAX_DIMENSIONS)
        return lyap_source_fail(source, 3, error, "%d dimensions; allowed are 1 to %d", array.dimensions,
                                LYAP_MAX_DIMENSIONS);
    for (int d = 0; d < array.dimensions; d++) {
        if (lyap_source_read(source, size, sizeof size) < sizeof size)
            return lyap_source_fail(source, source->taken, error, "the file ends inside dimension %d of %d", d + 1,
                                    array.dimensions);
        array.sizes[d] = (uint64_t)size[0] << 24 | (uint64_t)size[1] << 16 | (uint64_t)size[2] << 8 | size[3];
    }
    enum lyap_status status = lyap_binary_read(table, source, &array, error);
    table->form.kind = LYAP_FILE_IDX;
    return status;
}
