/* What the control groups of Linux, and so containers, leave a process of the machine. */
#ifndef LYAP_BASE_CGROUP_H
#define LYAP_BASE_CGROUP_H

struct lyap_cgroup {
    double processors; /* quota over period: 0.5 is half of a processor; infinite without a limit */
    double bytes;      /* of memory; infinite without a limit */
};

/* The tightest limits on the way from the process's group up to the root, of version 2 (cpu.max, memory.max) or 1 (cpu.cfs_quota_us and
 * cpu.cfs_period_us, memory.limit_in_bytes). `groups` is the file that names the process's groups, /proc/self/cgroup, and `root` where their
 * files are, /sys/fs/cgroup. No limits where there are no such files. */
struct lyap_cgroup lyap_cgroup_read(const char *groups, const char *root);

/* Of this process. */
struct lyap_cgroup lyap_cgroup(void);

#endif
