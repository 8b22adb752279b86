// SPDX-License-Identifier: MIT
/* A one-page program, made in memory: it depends on no file of the machine and is the same
 * everywhere. */
#include <elf.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/memory.h"
#include "kit/program.h"

#define BASE 0x400000ul

struct program {
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	uint8_t code[9];
};

static const struct program program = {
	.header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = BASE + offsetof(struct program, code),
		.e_phoff = offsetof(struct program, segment),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	},
	.segment = {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_vaddr = BASE,
		.p_paddr = BASE,
		.p_filesz = sizeof(struct program),
		.p_memsz = sizeof(struct program),
		.p_align = PAGE,
	},
	/* exit_group(0): xor edi, edi; mov eax, 231; syscall */
	.code = { 0x31, 0xff, 0xb8, 231, 0, 0, 0, 0x0f, 0x05 },
};

int workload_tiny_program(void)
{
	int fd = memfd_create("program", MFD_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	if (write(fd, &program, sizeof(program)) == sizeof(program))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

int workload_wait(int pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ECHILD;
}

int workload_fork(void)
{
	pid_t pid = (pid_t)syscall(SYS_fork); /* glibc's does more after pthread_create() */

	if (pid < 0)
		return -errno;
	if (!pid)
		syscall(SYS_exit_group, 0); /* a single C library function, on one page */
	return workload_wait(pid);
}
