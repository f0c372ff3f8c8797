/* The library from C++: an ensemble whose learning rate is so small that weights hardly move has exponents near 0, and its sink, a
 * C++ function, gets every cell. */
#include "lyapgrad/lyapgrad.h"

#include <cmath>
#include <cstdio>
#include <vector>

static enum lyap_status keep(const lyap_chunk *chunk, void *context, lyap_error *) {
    auto *records = static_cast<std::vector<lyap_record> *>(context);
    records->insert(records->end(), chunk->records, chunk->records + chunk->count);
    return LYAP_OK;
}

static int failed(const char *what) {
    std::fprintf(stderr, "check-headers: %s\n", what);
    return 1;
}

int main() {
    lyap_network net;
    lyap_dataset data{};
    lyap_error error{};
    if (lyap_network_init(&net, "2-2-1", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, &error)) return failed(error.message);
    if (lyap_dataset_xor(&data, &error)) return failed(error.message);
    lyap_plan plan;
    lyap_plan_defaults(&plan, &net, &data);
    plan.starts = 3;
    plan.setting.epochs = 5;
    plan.setting.lr = 1e-6;
    std::vector<lyap_record> records;
    if (lyap_ensemble_run(&plan, keep, &records, &error)) return failed(error.message);
    lyap_dataset_free(&data);
    if (records.size() != 3) return failed("cells are missing");
    for (const lyap_record &r : records)
        if (r.outcome != LYAP_COMPLETE || std::fabs(r.lambda_step) > 1e-3) return failed("an exponent is wrong");
    if (lyap_network_init(&net, "2", LYAP_SIGMOID, LYAP_SIGMOID, LYAP_MSE, &error) != LYAP_ERROR_ARGUMENT)
        return failed("a shape of one layer was taken");
    return 0;
}
