/* SPDX-License-Identifier: GPL-2.0-only */
/* What the host reports about the exits of a VM of this process, as text. */
#ifndef EXIT_STATS_HOST_H
#define EXIT_STATS_HOST_H

#include <stdbool.h>
#include <stdint.h>

/* Do the VM's debugfs file, or its lines in the kernel log, show @n exits of @code? */
bool debugfs_says(int vm_fd, uint32_t code, uint64_t n);
bool log_says(uint32_t id, uint32_t code, uint64_t n);

/* Parameter exit_stats_log, 'Y' or 'N'. Negative on failure. */
int log_vms(char value);

#endif /* EXIT_STATS_HOST_H */
