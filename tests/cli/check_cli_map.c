/* The map command from end to end. */
#include <math.h>

#include "tests/command.h"
#include "lyapgrad/regime.h"

/* The numbers of DIR/map.npy, behind its header. */
static double *read_array(const char *path, size_t count) {
    FILE *file = fopen(scratch(path), "rb");
    unsigned char start[10];
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(start, 1, sizeof start, file), sizeof start);
    ck_assert_int_eq(memcmp(start + 1, "NUMPY", 5), 0);
    long header = 10 + start[8] + 256 * start[9];
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    ck_assert_int_eq(ftell(file), header + (long)(count * sizeof(double)));
    ck_assert_int_eq(fseek(file, header, SEEK_SET), 0);
    double *values = malloc(count * sizeof *values);
    ck_assert_ptr_nonnull(values);
    ck_assert_uint_eq(fread(values, sizeof *values, count, file), count);
    fclose(file);
    return values;
}

START_TEST(a_map_is_a_table_an_array_box_counts_a_script_and_a_manifest) {
    struct outcome o =
        run_command("map --net 2-3-1 --activation tanh --output-activation linear --epochs 60 --x lr:0.01:20 "
                    "--y lr2:1e-2:1e2:log --resolution 32x32 --target 0.2 --out @/m");
    ck_assert_int_eq(o.status, 0);
    ck_assert_ptr_nonnull(strstr(o.out, "box-counting dimension"));
    struct sheet pixels = read_sheet("m/map.csv"), boxes = read_sheet("m/boxes.csv");
    ck_assert_str_eq(pixels.header, "column,row,x,y,lambda,regime,initial_loss,final_loss,steps_to_target,period");
    ck_assert_uint_eq(pixels.rows, 32 * 32);
    double *array = read_array("m/map.npy", 32 * 32);
    size_t diverged = 0;
    for (size_t i = 0; i < pixels.rows; i++) {
        ck_assert_double_eq(number(&pixels, i, 0), (double)(i % 32));
        ck_assert_double_eq(number(&pixels, i, 1), (double)(i / 32));
        ck_assert_double_eq_tol(number(&pixels, i, 2), 0.01 + 19.99 * ((double)(i % 32) + 0.5) / 32, 1e-12);
        if (strcmp(field(&pixels, i, 5), "diverged") == 0) {
            ck_assert_double_eq(array[i], HUGE_VAL);
            diverged++;
        } else if (*field(&pixels, i, 4)) {
            ck_assert_double_eq(array[i], number(&pixels, i, 4));
        }
    }
    ck_assert_uint_gt(diverged, 0);
    ck_assert_uint_lt(diverged, pixels.rows);
    ck_assert_uint_eq(boxes.rows, 6);
    ck_assert_str_eq(boxes.header, "size,boxes,fitted");
    ck_assert_str_eq(manifest_value("m", "x"), "lr:0.01:20");
    ck_assert_str_eq(manifest_value("m", "y"), "lr2:0.01:100:log");
    ck_assert_str_eq(manifest_value("m", "resolution"), "32x32");
    ck_assert_int_eq(access(scratch("m/map.gp"), R_OK), 0);
    free(array);
    sheet_free(&pixels);
    sheet_free(&boxes);
    outcome_free(&o);
}
END_TEST

START_TEST(a_pixel_is_what_run_gives_for_its_layer_rates) {
    expect_success("map --epochs 100 --x lr1:2:4 --y lr2:4:12 --resolution 2x2 --seed 3 --quiet --out @/p");
    struct sheet pixels = read_sheet("p/map.csv");
    for (size_t row = 0; row < 4; row++) {
        expect_success("run --estimator tangent --epochs 100 --lr 1 --layer-rates %s,%d --seed 3 --quiet --out @/r",
                       row % 2 ? "3.5" : "2.5", row / 2 ? 10 : 6);
        struct sheet run = read_sheet("r/exponents.csv");
        ck_assert_str_eq(field(&pixels, row, 4), field(&run, 0, 18));
        ck_assert_str_eq(field(&pixels, row, 5), field(&run, 0, 2));
        ck_assert_str_eq(field(&pixels, row, 7), field(&run, 0, 7));
        sheet_free(&run);
    }
    sheet_free(&pixels);
}
END_TEST

START_TEST(what_is_shown_is_what_the_array_holds) {
    static const char *const shows[] = {"exponent --target 0.1", "loss", "steps --target 0.2", "regime"};
    static const size_t columns[] = {4, 7, 8, 5};
    expect_success(
        "map --epochs 50 --x lr:1:20 --y init-scale:0.5:2 --resolution 8x4 --threads 1 --quiet --out @/w --show %s",
        shows[_i]);
    struct sheet pixels = read_sheet("w/map.csv");
    double *array = read_array("w/map.npy", 32);
    for (size_t i = 0; i < 32; i++) {
        const char *text = field(&pixels, i, columns[_i]);
        if (_i == 3)
            ck_assert_str_eq(lyap_regime_name((enum lyap_regime)(int)array[i]), text);
        else if (*text)
            ck_assert_double_eq(array[i], number(&pixels, i, columns[_i]));
        else
            ck_assert(array[i] != array[i]);
    }
    free(array);
    sheet_free(&pixels);
}
END_TEST

START_TEST(a_zoom_is_the_same_window_given_as_axes) {
    expect_success("map --epochs 40 --x lr:0.5:64:log --y momentum:0:0.9 --optimiser momentum --resolution 9x5 "
                   "--zoom 2,8,0.25,0.75 --quiet --out @/z");
    uint64_t zoomed = digest_in("z");
    expect_success("map --epochs 40 --x lr:2:8:log --y momentum:0.25:0.75 --optimiser momentum --resolution 9x5 "
                   "--threads 2 --quiet --out @/z");
    ck_assert_uint_eq(digest_in("z"), zoomed);
}
END_TEST

static const struct {
    const char *line, *word;
} bad[] = {
    {"map --y lr2:1:2", "--x: is missing"},
    {"map --x lr:1:2", "--y: is missing"},
    {"map --x lr:1 --y lr2:1:2", "--x: 'lr:1' is malformed"},
    {"map --x lr:1:2:lin --y lr2:1:2", "--x:"},
    {"map --x lr:1:2:log:3 --y lr2:1:2", "--x:"},
    {"map --x lr:a:2 --y lr2:1:2", "--x:"},
    {"map --x rate:1:2 --y lr2:1:2", "unknown quantity 'rate'"},
    {"map --x lr0:1:2 --y lr2:1:2", "unknown quantity 'lr0'"},
    {"map --x lr:1:2 --y lr3:1:2", "lr3: the network has 2 layers"},
    {"map --x lr:1:2 --y lr:1:2", "both axes"},
    {"map --x lr:2:1 --y lr2:1:2", "low end"},
    {"map --x lr:0:1:log --y lr2:1:2", "logarithmic"},
    {"map --x momentum:0:0.9 --y lr:1:2", "momentum and nesterov"},
    {"map --x momentum:0:1.5 --y lr:1:2 --optimiser momentum", "must lie in"},
    {"map --x lr:1:2 --y lr2:1:2 --lr 3", "--lr: given, and an axis too"},
    {"map --x lr:1:2 --y lr2:1:2 --resolution 1x5", "--resolution"},
    {"map --x lr:1:2 --y lr2:1:2 --resolution 512", "--resolution"},
    {"map --x lr:1:2 --y lr2:1:2 --resolution 99999x2", "--resolution"},
    {"map --x lr:1:2 --y lr2:1:2 --zoom 1,2,3", "--zoom"},
    {"map --x lr:1:2 --y lr2:1:2 --zoom 1,2,3,4,5", "--zoom"},
    {"map --x lr:1:2 --y lr2:1:2 --zoom 1,1,1,2", "low end"},
    {"map --x lr:1:2 --y lr2:1:2 --show colours", "--show"},
    {"map --x lr:1:2 --y lr2:1:2 --show steps", "--target"},
    {"map --x lr:1:2 --y lr2:1:2 --target 0", "--target"},
    {"map --x lr:1:2 --y lr2:1:2 --epochs 0", "--epochs"},
    {"map --x lr:1:2 --y lr2:1:2 --resolutions 5x5", "did you mean '--resolution'"},
    {"map --x lr:1:1.0000000000000004 --y lr2:1:2", "too close for float64"},
};

START_TEST(bad_input_is_one_line_that_names_it_and_leaves_nothing) {
    expect_bad_usage(bad[_i].line, bad[_i].word);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cli_map");
    TCase *tc = tcase_create("cli_map");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, a_map_is_a_table_an_array_box_counts_a_script_and_a_manifest);
    tcase_add_test(tc, a_pixel_is_what_run_gives_for_its_layer_rates);
    tcase_add_loop_test(tc, what_is_shown_is_what_the_array_holds, 0, 4);
    tcase_add_test(tc, a_zoom_is_the_same_window_given_as_axes);
    tcase_add_loop_test(tc, bad_input_is_one_line_that_names_it_and_leaves_nothing, 0, (int)(sizeof bad / sizeof *bad));
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
