/* Training data: samples x inputs and samples x outputs, in double precision (kernels convert on entry).
 *
 *   struct lyap_dataset data = {0}, held_out;
 *   lyap_dataset_parse(&data, "moons:500,0.1", 1, 7, &error);
 *   lyap_dataset_split(&data, &held_out, 0.8, 7, &error);
 *   ...
 *   lyap_dataset_free(&data);
 *   lyap_dataset_free(&held_out);
 *
 * A function that makes a data set zeroes `data` first, whatever it held, and leaves it zeroed when it fails.
 *
 * Generated data are a pure function of their settings and the data seed, with the same bits on every machine: all draws are
 * of the stream LYAP_STREAM_DATA of that seed (lyapgrad/random.h), and sine, cosine and tanh are SLEEF's deterministic ones
 * (so the bits hold for one version of SLEEF). u(c,i) below is the uniform draw i of cell c, n(c,i) the normal one, s the
 * number of the sample from 0; what belongs to no sample has a cell from 2^40 on. Sample s has class s mod classes, so the
 * classes differ by one sample at most. `samples` is 1 .. 2^31, `noise` and `sigma` are standard deviations, 0 .. 1e300.
 * Errors: LYAP_ERROR_ARGUMENT for a setting out of range, LYAP_ERROR_MEMORY. */
#ifndef LYAPGRAD_DATASET_H
#define LYAPGRAD_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyapgrad/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lyap_network;

struct lyap_dataset {
    size_t samples;
    size_t inputs;
    size_t outputs;
    double *x; /* [samples][inputs], owned */
    double *y; /* [samples][outputs], owned */
};

/* XOR: the four corners of {0,1}^2 in the order 00, 01, 10, 11; target 1 where the two inputs differ. */
enum lyap_status lyap_dataset_xor(struct lyap_dataset *data, struct lyap_error *error);

/* Parity of all 2^bits patterns of 0 and 1 (bits 1 .. 20), in ascending order, most significant bit first; target 1 for an
 * odd number of ones. 2 bits are XOR. */
enum lyap_status lyap_dataset_parity(struct lyap_dataset *data, int bits, struct lyap_error *error);

/* Parity of `bits` random bits, each input bit + N(0, sigma).
 *   bits      1 .. 20
 *   samples   sample s takes the bit pattern s mod 2^bits, so classes are balanced
 *   sigma     of the input noise: bit i + sigma n(s,i)
 *   seed      of the noise */
enum lyap_status lyap_dataset_xor_noisy(struct lyap_dataset *data, int bits, size_t samples, double sigma,
                                        uint64_t seed, struct lyap_error *error);

/* Two classes in the plane, target = class s mod 2. With u = u(s,0), each point plus noise (n(s,2), n(s,3)):
 *   circles   radius r = 1 (class 0) and 0.5 (class 1): r (cos 2 pi u, sin 2 pi u)
 *   spirals   two spirals of three turns from radius 1/13 to 1, half a turn apart: with r = (1 + 12 u)/13,
 *             r (cos 6 pi u, sin 6 pi u) (class 0) and its negative (class 1). Radii and turns are those of the benchmark of
 *             Lang and Witbrock (Proc. 1988 Connectionist Models Summer School, p. 52), which has 97 equidistant u
 *   moons     half circles of radius 1: (cos pi u, sin pi u) (class 0), (1 - cos pi u, 1/2 - sin pi u) (class 1) */
enum lyap_status lyap_dataset_circles(struct lyap_dataset *data, size_t samples, double noise, uint64_t seed,
                                      struct lyap_error *error);
enum lyap_status lyap_dataset_spirals(struct lyap_dataset *data, size_t samples, double noise, uint64_t seed,
                                      struct lyap_error *error);
enum lyap_status lyap_dataset_moons(struct lyap_dataset *data, size_t samples, double noise, uint64_t seed,
                                    struct lyap_error *error);

/* Gaussian blobs: class k = s mod classes has its centre at c_i = 2 u(2^40 + 1, k dimensions + i) - 1, uniform in
 * [-1, 1)^dimensions; sample s is c_i + sigma n(s,i). Targets are one-hot: `classes` columns, 1 in that of the class, 0 in
 * the others.
 *   classes      2 .. 2^20
 *   dimensions   inputs, 1 .. 2^20 */
enum lyap_status lyap_dataset_blobs(struct lyap_dataset *data, size_t samples, size_t classes, size_t dimensions,
                                    double sigma, uint64_t seed, struct lyap_error *error);

/* Images of 8 x 8 pixels, rows from the top: the digits 0 to 9 as characters drawn for this project, class k = s mod 10. Each is shifted,
 * scaled and made fainter at random, then gets noise: with a = 2 u(s,0) - 1 and b = 2 u(s,1) - 1 the shift down and to the right in pixels,
 * g = 0.8 + 0.3 u(s,2) the size and c = 0.6 + 0.4 u(s,3) the contrast, the pixel in row i and column j (from 0) is
 * c P((i - 3.5 - a)/g + 3.5, (j - 3.5 - b)/g + 3.5) + noise n(s, 4 + 8 i + j), where P is the character between its pixels (0 or 1) by bilinear
 * interpolation, 0 outside. 64 inputs, within [0, 1] but for the noise; ten one-hot targets.
 *   samples   1 .. 2^31
 *   noise     standard deviation, 0 .. 1e300 */
enum lyap_status lyap_dataset_glyphs(struct lyap_dataset *data, size_t samples, double noise, uint64_t seed,
                                     struct lyap_error *error);

/* A linear map with noise on its targets: x_i = n(s,i), y_o = sum_i x_i w_io + noise n(s, inputs + o), with
 * w_io = n(2^40, i outputs + o) / sqrt(inputs) and no bias.
 *   inputs, outputs   1 .. 2^20 each */
enum lyap_status lyap_dataset_linear_teacher(struct lyap_dataset *data, size_t samples, size_t inputs, size_t outputs,
                                             double noise, uint64_t seed, struct lyap_error *error);

/* The outputs of a network with tanh in its hidden layers and a linear output, for inputs x_i = n(s,i): a student of the same
 * shape can reach loss 0.
 *   shape   as for lyap_network_init, such as "2-8-1" */
enum lyap_status lyap_dataset_teacher(struct lyap_dataset *data, const char *shape, size_t samples, uint64_t seed,
                                      struct lyap_error *error);

/* The teacher's parameters, in the project's order (lyapgrad/network.h): parameter p, weight or bias, is
 * n(2^40, p) / sqrt(fan in), where the fan in is the number of units that feed its layer. weights[parameters of net]. */
void lyap_dataset_teacher_weights(const struct lyap_network *net, uint64_t seed, double *weights);

/* lyap_dataset_read without `labels`. */
enum lyap_status lyap_dataset_csv(struct lyap_dataset *data, const char *path, size_t targets,
                                  struct lyap_error *error);

/* Reads a file of numbers; its format is told by its first bytes, not by its name:
 *   CSV     one sample a row (RFC 4180): fields separated by a comma, ';', a tab or blanks, which the content tells; with ';' the decimal
 *           point may be a comma; a header or none (lyapgrad/file_form.h); lines that begin with '#' are comments. A first column
 *           without a name has names of rows and is left out
 *   .npy    NumPy's format 1.0, 2.0 and 3.0 (numpy.lib.format): types f2 f4 f8 i1 u1 i2 u2 i4 u4 i8 u8 b1 of either byte
 *           order, C or Fortran order. One dimension is one column
 *   IDX     the format of MNIST (Y. LeCun, yann.lecun.com/exdb/mnist): types 08 09 0B 0C 0D 0E, any number of dimensions
 *   gzip    any of these compressed, where the library was built with zlib (lyap_zlib_version, lyapgrad/version.h)
 * The first dimension of an array is the samples, all others together are the columns: [60000][28][28] gives 784.
 * Inputs of unsigned bytes (IDX type 08, NumPy u1), the grey levels of images, are divided by 255: they lie in [0, 1].
 *   labels    the file of the targets, all its columns, with as many rows as `path`; in any of the formats, never scaled.
 *             NULL: the last `targets` (>= 1) columns of `path` are the targets, which an array of more than two dimensions
 *             does not have
 *   targets   has no meaning with `labels`
 * LYAP_ERROR_FILE for files that do not fit or are malformed: an unknown type or version, a number that is not finite,
 * more or fewer bytes than the header says, damaged compression; the message has the file and the offset of the byte.
 * LYAP_ERROR_MEMORY for more than the machine holds. */
enum lyap_status lyap_dataset_read(struct lyap_dataset *data, const char *path, const char *labels, size_t targets,
                                   struct lyap_error *error);

/* From the command line's text: "xor", "xor-noisy:BITS,SAMPLES,SIGMA", "parity:BITS", "circles:SAMPLES,NOISE",
 * "spirals:SAMPLES,NOISE", "moons:SAMPLES,NOISE", "blobs:SAMPLES,CLASSES,DIMENSIONS,SIGMA", "glyphs:SAMPLES,NOISE",
 * "linear-teacher:SAMPLES,INPUTS,OUTPUTS,NOISE", "teacher:NET,SAMPLES", otherwise a file for lyap_dataset_read (a name that is
 * no file and looks like a misspelt generator gets a message that lists the generators).
 *   targets   the number of targets of a generator, or 1, which leaves it to the generator */
enum lyap_status lyap_dataset_parse(struct lyap_dataset *data, const char *text, size_t targets, uint64_t seed,
                                    struct lyap_error *error);

/* True for text that lyap_dataset_parse takes as a generator, well-formed or not. */
bool lyap_dataset_generated(const char *text);

/* The name of generator i, from 0, as lyap_dataset_parse takes it before the colon; NULL behind the last. "xor", which has no settings, is
 * not in the list. */
const char *lyap_generator_name(size_t i);

/* Its settings behind the colon, as in "BITS,SAMPLES,SIGMA"; NULL behind the last. */
const char *lyap_generator_form(size_t i);

/* Turns targets that are whole class numbers 0 .. classes-1 in one column into `classes` columns: 1 in the column of the class,
 * 0 in the others.
 *   classes   2 .. 2^20; 0 for one more than the largest number in the data
 * Returns LYAP_ERROR_ARGUMENT, naming the sample (from 0), for a target that is no such number or if there is not one column;
 * then `data` is as before. */
enum lyap_status lyap_dataset_one_hot(struct lyap_dataset *data, size_t classes, struct lyap_error *error);

/* Keeps `count` samples, drawn without replacement, in their order. Every subset is as likely: sample s of n, with k chosen
 * before it, is chosen when (n - s) u(2^40 + 2, s) < count - k (Fan, Muller and Rezucha, J. Am. Stat. Assoc. 57, 387 (1962)).
 * Returns LYAP_ERROR_ARGUMENT for 0 or for more than there are; then `data` is as before. */
enum lyap_status lyap_dataset_choose(struct lyap_dataset *data, size_t count, uint64_t seed, struct lyap_error *error);

/* Holds data out: `train` keeps m = round(fraction * n) of its n samples, drawn as by lyap_dataset_choose but from the cell
 * 2^40 + 3, and `test` (zeroed first) gets the others; both keep the order. Where targets are classes (0 or 1 in one column, or one 1
 * among zeros in several) every class is divided by itself, with the draw of the sample's number: of n_c samples of class c, floor(m n_c / n)
 * train, and one more of those classes with the largest remainders (the lower class first), until there are m.
 *   fraction   above 0 and below 1
 * Returns LYAP_ERROR_ARGUMENT when one of the two would be empty; then `train` is as before. */
enum lyap_status lyap_dataset_split(struct lyap_dataset *train, struct lyap_dataset *test, double fraction,
                                    uint64_t seed, struct lyap_error *error);

/* Brings every input column of `train` to mean 0 and standard deviation 1, x <- (x - mean) / sd with sd^2 the mean squared
 * deviation (divided by the number of samples, not by one less), and applies the same numbers to `test`. A column that is
 * constant in `train` is centred only. Targets stay.
 *   test   NULL or without samples: there are none; else its inputs are as many as those of `train`
 * Returns LYAP_ERROR_ARGUMENT, naming the column (from 0), when a result is beyond double precision; then both are as before. */
enum lyap_status lyap_dataset_standardise(struct lyap_dataset *train, struct lyap_dataset *test,
                                          struct lyap_error *error);

/* Frees the arrays and zeroes the struct; a zeroed struct is allowed. */
void lyap_dataset_free(struct lyap_dataset *data);

#ifdef __cplusplus
}
#endif
#endif
