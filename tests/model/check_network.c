#include "lyapgrad/network.h"

#include <stdint.h>

#include "tests/support.h"

static struct lyap_network make(const char *shape) {
    struct lyap_network net;
    struct lyap_error error = {0};
    enum lyap_status status = lyap_network_init(&net, shape, LYAP_TANH, LYAP_SIGMOID, LYAP_MSE, &error);
    ck_assert_msg(status == LYAP_OK, "%s: %s", shape, error.message);
    return net;
}

START_TEST(a_shape_gives_layers_sizes_and_activations) {
    struct lyap_network net = make("3-8-4-1");
    ck_assert_int_eq(net.layers, 3);
    ck_assert_int_eq(net.sizes[0], 3);
    ck_assert_int_eq(net.sizes[1], 8);
    ck_assert_int_eq(net.sizes[2], 4);
    ck_assert_int_eq(net.sizes[3], 1);
    ck_assert_int_eq(net.activation[0], LYAP_TANH);
    ck_assert_int_eq(net.activation[1], LYAP_TANH);
    ck_assert_int_eq(net.activation[2], LYAP_SIGMOID);
    ck_assert_int_eq(net.loss, LYAP_MSE);
}
END_TEST

START_TEST(parameters_count_weights_and_biases) {
    struct lyap_network net = make("2-2-1");
    ck_assert_uint_eq(lyap_network_parameters(&net), 9);
    net = make("2-1");
    ck_assert_int_eq(net.layers, 1);
    ck_assert_int_eq(net.activation[0], LYAP_SIGMOID);
    ck_assert_uint_eq(lyap_network_parameters(&net), 3);
    net = make("784-64-10");
    ck_assert_uint_eq(lyap_network_parameters(&net), 785 * 64 + 65 * 10);
}
END_TEST

START_TEST(each_layer_starts_behind_the_weights_and_biases_before_it) {
    struct lyap_network net = make("3-8-4-1");
    ck_assert_uint_eq(lyap_network_offset(&net, 0), 0);
    ck_assert_uint_eq(lyap_network_offset(&net, 1), 4 * 8);
    ck_assert_uint_eq(lyap_network_offset(&net, 2), 4 * 8 + 9 * 4);
}
END_TEST

static const char *const malformed[] = {
    "2",    "",     "2-",   "2--1",  "a-b",   "2-0-1", "-1",        "999999999999-1",
    " 2-1", "2-1 ", "2-1-", "-",     "--",    "2,1",   "2-1.5",     "+2-1",
    "2-1x", "0-1",  "2- 1", "2-1\n", "0x2-1", "2e1-1", "2-1048577", "18446744073709551618-1"};

START_TEST(a_malformed_shape_is_refused_with_what_is_allowed) {
    struct lyap_network net = make("2-2-1");
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_network_init(&net, malformed[_i], LYAP_TANH, LYAP_TANH, LYAP_MSE, &error),
                     LYAP_ERROR_ARGUMENT);
    ck_assert_int_eq(error.status, LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "sizes from 1 to 1048576 joined by '-', as in 2-2-1"));
    ck_assert_ptr_null(strchr(error.message, '\n'));
    ck_assert_int_eq(net.layers, 2); /* left alone */
}
END_TEST

START_TEST(sixty_four_layers_fit_and_sixty_five_do_not) {
    char shape[256] = "1";
    for (int l = 0; l < LYAP_MAX_LAYERS; l++) strcat(shape, "-1");
    struct lyap_network net = make(shape);
    ck_assert_int_eq(net.layers, 64);
    strcat(shape, "-1");
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_network_init(&net, shape, LYAP_TANH, LYAP_TANH, LYAP_MSE, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "too many layers"));
}
END_TEST

START_TEST(parameters_are_limited_to_two_to_the_thirty_one) {
    struct lyap_network net = make("1048575-2048"); /* 2^20 * 2^11 = 2^31 exactly */
    ck_assert_uint_eq(lyap_network_parameters(&net), UINT64_C(1) << 31);
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_network_init(&net, "1048576-2048", LYAP_TANH, LYAP_TANH, LYAP_MSE, &error),
                     LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "2147485696 parameters"));
    ck_assert_int_eq(lyap_network_init(&net, "1048576-1048576-1048576-1048576", LYAP_TANH, LYAP_TANH, LYAP_MSE, &error),
                     LYAP_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "allowed are 2147483648"));
}
END_TEST

START_TEST(cross_entropy_demands_a_sigmoid_output) {
    struct lyap_network net;
    for (int output = 0; output < LYAP_ACTIVATION_COUNT; output++) {
        struct lyap_error error = {0};
        enum lyap_status status =
            lyap_network_init(&net, "2-2-1", LYAP_RELU, (enum lyap_activation)output, LYAP_BCE, &error);
        if (output == LYAP_SIGMOID) {
            ck_assert_int_eq(status, LYAP_OK);
        } else {
            ck_assert_int_eq(status, LYAP_ERROR_ARGUMENT);
            ck_assert_ptr_nonnull(strstr(error.message, "sigmoid"));
        }
    }
}
END_TEST

START_TEST(the_shape_is_written_back_and_cut_to_the_buffer) {
    char text[16];
    struct lyap_network net = make("3-80-4-1");
    ck_assert_str_eq(lyap_network_shape(&net, text, sizeof text), "3-80-4-1");
    ck_assert_str_eq(lyap_network_shape(&net, text, 5), "3-80");
    ck_assert_str_eq(lyap_network_shape(&net, text, 4), "3-8");
    ck_assert_str_eq(lyap_network_shape(&net, text, 1), "");
    text[0] = 'x';
    lyap_network_shape(&net, text, 0);
    ck_assert_int_eq(text[0], 'x');
}
END_TEST

START_TEST(every_name_reads_back_and_others_are_refused) {
    for (int i = 0; i < LYAP_ACTIVATION_COUNT; i++) {
        enum lyap_activation activation = LYAP_ACTIVATION_COUNT;
        ck_assert_int_eq(lyap_activation_parse(lyap_activation_name((enum lyap_activation)i), &activation, NULL),
                         LYAP_OK);
        ck_assert_int_eq(activation, i);
    }
    for (int i = 0; i < LYAP_LOSS_COUNT; i++) {
        enum lyap_loss loss = LYAP_LOSS_COUNT;
        ck_assert_int_eq(lyap_loss_parse(lyap_loss_name((enum lyap_loss)i), &loss, NULL), LYAP_OK);
        ck_assert_int_eq(loss, i);
    }
    struct lyap_error error = {0};
    enum lyap_activation activation;
    enum lyap_loss loss;
    ck_assert_int_eq(lyap_activation_parse("ReLU", &activation, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "unknown activation 'ReLU': allowed are linear, sigmoid, tanh, relu, leaky-relu, "
                                    "elu, softplus, gelu, silu and sin");
    ck_assert_int_eq(lyap_loss_parse("mse ", &loss, &error), LYAP_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "unknown loss 'mse ': allowed are mse, bce and softmax");
    ck_assert_int_eq(lyap_loss_parse(NULL, &loss, &error), LYAP_ERROR_ARGUMENT);
}
END_TEST

START_TEST(a_message_is_one_printable_line_of_bounded_length) {
    char name[2000];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct lyap_error error = {0};
    ck_assert_int_eq(lyap_fail(&error, LYAP_ERROR_FILE, "%s", name), LYAP_ERROR_FILE);
    ck_assert_uint_eq(strlen(error.message), sizeof error.message - 1);
    lyap_fail(&error, LYAP_ERROR_FILE, "a\nb\033[2Jc\x7f");
    ck_assert_str_eq(error.message, "a?b?[2Jc?");
    ck_assert_int_eq(lyap_fail(NULL, LYAP_ERROR_OUTPUT, "x"), LYAP_ERROR_OUTPUT);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("network");
    TCase *tests = tcase_create("network");
    tcase_add_test(tests, a_shape_gives_layers_sizes_and_activations);
    tcase_add_test(tests, parameters_count_weights_and_biases);
    tcase_add_test(tests, each_layer_starts_behind_the_weights_and_biases_before_it);
    tcase_add_loop_test(tests, a_malformed_shape_is_refused_with_what_is_allowed, 0,
                        (int)(sizeof malformed / sizeof *malformed));
    tcase_add_test(tests, sixty_four_layers_fit_and_sixty_five_do_not);
    tcase_add_test(tests, parameters_are_limited_to_two_to_the_thirty_one);
    tcase_add_test(tests, cross_entropy_demands_a_sigmoid_output);
    tcase_add_test(tests, the_shape_is_written_back_and_cut_to_the_buffer);
    tcase_add_test(tests, every_name_reads_back_and_others_are_refused);
    tcase_add_test(tests, a_message_is_one_printable_line_of_bounded_length);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
