/* The limits of containers, from files such as Linux has. */
#include "base/cgroup.h"

#include <math.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/processors.h"
#include "tests/support.h"

static void put(const char *name, const char *text) {
    scratch_file(name, text, strlen(text));
}

static void directory(const char *name) {
    ck_assert_int_eq(mkdir(scratch(name), 0777), 0);
}

static struct lyap_cgroup limits(const char *groups) {
    char file[512], root[512];
    put("groups", groups);
    snprintf(file, sizeof file, "%s", scratch("groups"));
    snprintf(root, sizeof root, "%s", scratch("top"));
    return lyap_cgroup_read(file, root);
}

START_TEST(the_tightest_group_on_the_way_to_the_root_decides) {
    remove_tree(scratch("top"));
    directory("top");
    directory("top/a");
    directory("top/a/b");
    put("top/cpu.max", "max 100000\n");
    put("top/a/cpu.max", "150000 100000\n");
    put("top/a/b/cpu.max", "max 100000\n");
    put("top/a/memory.max", "max\n");
    put("top/a/b/memory.max", "1073741824\n");
    ck_assert_double_eq(limits("0::/a/b\n").processors, 1.5);
    ck_assert_double_eq(limits("0::/a/b\n").bytes, 1073741824);
    ck_assert(isinf(limits("0::/a\n").bytes));
    put("top/cpu.max", "50000 100000\n"); /* half of a processor for all */
    ck_assert_double_eq(limits("0::/a/b\n").processors, 0.5);
    ck_assert_double_eq(limits("0::/\n").processors, 0.5);
    ck_assert_double_eq(limits("0::/of/the/host\n").processors, 0.5); /* the path of another namespace */
}
END_TEST

START_TEST(version_one_has_a_tree_for_each_controller) {
    remove_tree(scratch("top"));
    directory("top");
    directory("top/cpu,cpuacct");
    directory("top/cpu,cpuacct/job");
    directory("top/memory");
    put("top/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    put("top/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    put("top/cpu,cpuacct/job/cpu.cfs_quota_us", "250000\n");
    put("top/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
    put("top/memory/memory.limit_in_bytes", "2147483648\n");
    const struct lyap_cgroup found = limits("5:cpu,cpuacct:/job\n3:memory:/job\n1:name=systemd:/job\n");
    ck_assert_double_eq(found.processors, 2.5);
    ck_assert_double_eq(found.bytes, 2147483648);
}
END_TEST

START_TEST(what_is_no_limit_or_no_group_leaves_the_machine_as_it_is) {
    static const char *const groups[] = {"", "0::/\n", "nonsense\n", "0:\n", ":::\n", "0::/gone\n"};
    remove_tree(scratch("top"));
    directory("top");
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        ck_assert(isinf(limits(groups[i]).processors));
        ck_assert(isinf(limits(groups[i]).bytes));
    }
    put("top/cpu.max", "many 100000\n");
    put("top/memory.max", "");
    ck_assert(isinf(limits("0::/\n").processors) && isinf(limits("0::/\n").bytes));
    put("top/cpu.max", "100000\n"); /* without a period */
    ck_assert(isinf(limits("0::/\n").processors));
    const struct lyap_cgroup none = lyap_cgroup_read("/nowhere/cgroup", "/nowhere");
    ck_assert(isinf(none.processors) && isinf(none.bytes));
}
END_TEST

START_TEST(a_run_takes_no_more_than_its_group_has) {
    const struct lyap_cgroup own = lyap_cgroup();
    ck_assert_int_ge(lyap_processors(), 1);
    ck_assert(lyap_processors() == 1 || lyap_processors() <= own.processors);
    if (isfinite(own.bytes)) ck_assert(!lyap_memory_fits(2 * own.bytes));
    ck_assert(lyap_memory_fits(1));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cgroup");
    TCase *tc = tcase_create("cgroup");
    tcase_add_test(tc, the_tightest_group_on_the_way_to_the_root_decides);
    tcase_add_test(tc, version_one_has_a_tree_for_each_controller);
    tcase_add_test(tc, what_is_no_limit_or_no_group_leaves_the_machine_as_it_is);
    tcase_add_test(tc, a_run_takes_no_more_than_its_group_has);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
