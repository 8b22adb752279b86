// SPDX-License-Identifier: MIT
/* attach-kexec KERNEL INITRD: load another kernel with this one's command line, and jump into it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char line[4096] = "";
	FILE *f = fopen("/proc/cmdline", "re");
	int kernel, initrd;

	if (argc != 3 || !f || !fgets(line, sizeof(line), f))
		return 2;
	line[strcspn(line, "\n")] = '\0';
	kernel = open(argv[1], O_RDONLY | O_CLOEXEC);
	initrd = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(line) + 1, line, 0UL)) {
		perror("kexec_file_load");
		return 1;
	}
	reboot(LINUX_REBOOT_CMD_KEXEC);
	perror("kexec");
	return 1;
}
