/* Generated images: the ten digits as 8 x 8 characters, shifted, scaled and with noise. */
#include <math.h>
#include <string.h>

#include "data/dataset.h"
#include "lyapgrad/random.h"

enum { CLASSES = 10, SIDE = 8, PIXELS = SIDE * SIDE };

/* Each digit lies in the middle, four pixels wide and six high, so that a shift of one pixel keeps it within the image. */
static const char pattern[CLASSES][PIXELS + 1] = {
    "........"
    "...##..."
    "..#..#.."
    "..#..#.."
    "..#..#.."
    "..#..#.."
    "...##..."
    "........",
    "........"
    "....#..."
    "...##..."
    "....#..."
    "....#..."
    "....#..."
    "...###.."
    "........",
    "........"
    "...##..."
    "..#..#.."
    ".....#.."
    "....#..."
    "...#...."
    "..####.."
    "........",
    "........"
    "..###..."
    ".....#.."
    "...##..."
    ".....#.."
    ".....#.."
    "..###..."
    "........",
    "........"
    "....##.."
    "...#.#.."
    "..#..#.."
    "..####.."
    ".....#.."
    ".....#.."
    "........",
    "........"
    "..####.."
    "..#....."
    "..###..."
    ".....#.."
    ".....#.."
    "..###..."
    "........",
    "........"
    "...##..."
    "..#....."
    "..###..."
    "..#..#.."
    "..#..#.."
    "...##..."
    "........",
    "........"
    "..####.."
    ".....#.."
    "....#..."
    "....#..."
    "...#...."
    "...#...."
    "........",
    "........"
    "...##..."
    "..#..#.."
    "...##..."
    "..#..#.."
    "..#..#.."
    "...##..."
    "........",
    "........"
    "...##..."
    "..#..#.."
    "..#..#.."
    "...###.."
    ".....#.."
    "...##..."
    "........",
};

static double ink(size_t class, int row, int column) {
    bool within = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
    return within && pattern[class][row * SIDE + column] == '#';
}

/* The pattern between its pixels, by bilinear interpolation; row and column count from the centre of the first pixel. */
static double ink_between(size_t class, double row, double column) {
    int r = (int)floor(row), c = (int)floor(column);
    double down = row - r, right = column - c;
    double above = (1 - right) * ink(class, r, c) + right * ink(class, r, c + 1);
    double below = (1 - right) * ink(class, r + 1, c) + right * ink(class, r + 1, c + 1);
    return (1 - down) * above + down * below;
}

enum lyap_status lyap_dataset_glyphs(struct lyap_dataset *data, size_t samples, double noise, uint64_t seed,
                                     struct lyap_error *error) {
    const double middle = (SIDE - 1) / 2.0;
    memset(data, 0, sizeof *data);
    enum lyap_status status = lyap_dataset_check("glyphs", samples, "noise", noise, error);
    if (!status) status = lyap_dataset_allocate(data, samples, PIXELS, CLASSES, error);
    for (size_t s = 0; !status && s < samples; s++) {
        size_t class = s % CLASSES;
        double u[4], *x = data->x + s * PIXELS, *y = data->y + s * CLASSES;
        lyap_random_uniform(seed, LYAP_STREAM_DATA, s, 0, 4, u);
        lyap_random_normal(seed, LYAP_STREAM_DATA, s, 4, PIXELS, x);
        double down = 2 * u[0] - 1, right = 2 * u[1] - 1, size = 0.8 + 0.3 * u[2], contrast = 0.6 + 0.4 * u[3];
        for (int row = 0; row < SIDE; row++)
            for (int column = 0; column < SIDE; column++) {
                double *pixel = x + row * SIDE + column;
                double from_row = (row - middle - down) / size + middle;
                double from_column = (column - middle - right) / size + middle;
                *pixel = contrast * ink_between(class, from_row, from_column) + noise * *pixel;
            }
        for (size_t k = 0; k < CLASSES; k++) y[k] = k == class;
    }
    return status;
}
