/* SPDX-License-Identifier: MIT */
/*
 * A VMM of a few lines whose vCPU does a known number of exits, and suite-attach next to it: what
 * the programs that test it on its host share. They print TAP.
 */
#ifndef ATTACH_KIT_H
#define ATTACH_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "page.h"

#define FILE_NAME "/tmp/exit-pages-test"
#define FILE_SIZE (4 * PAGE_STRIDE)
#define SVM_CPUID 0x72
#define SVM_IOIO 0x7b
#define CANARY 0xc5

__attribute__((format(printf, 2, 3))) void result(bool good, const char *format, ...);
/* A test that cannot be done here, and why. */
__attribute__((format(printf, 2, 3))) void skip(const char *name, const char *format, ...);
/* The plan; the status of the program. */
int results_end(void);
__attribute__((noreturn)) void die(const char *what);

/* This process' VM: 4 KiB of RAM, and vCPU 0. */
extern int vm, vcpu;
extern void *ram;
void vm_make(void);
/* The vCPU's program, into RAM. */
void vm_load(void);
int vcpu_make(unsigned int id);
/* For a child, which has its parent's. */
void vm_close(void);
/* n times one CPUID and one OUT, which is an exit to us. */
void run_on(int which, unsigned int n);
void run(unsigned int n);

/* The vCPU in a thread of its own, without pause; how often it has done both by now. */
void running_start(void);
unsigned long running_done(void);
/* Until it has done n more. */
void running_wait(unsigned long n);
void running_stop(void);

/* The shared mapping of the file; made again at the same place, with a new file if it is gone. */
extern unsigned char *memory;
extern const char *memory_file;
void memory_map(void);
void memory_map_new(void);
volatile struct exit_page *page(unsigned int i);

/* suite-attach; what it says on stderr until it counts, or ends: its first line. */
struct attach {
	pid_t pid;
	int from; /* its stderr */
	char said[2048];
	unsigned int lines;
	bool counts;
};
/* Not yet listened to. before() is called in its process; it may be NULL. */
struct attach attach_fork(pid_t target, void (*before)(void));
void attach_listen(struct attach *a);
/* Both, for this process. */
struct attach attach_start(void);
/* Its exit status, or minus the signal that ended it; said is then all that it said. */
int attach_end(struct attach *a, int signal);

bool filled(const unsigned char *at, size_t size, unsigned char with);
unsigned int descriptors(void);

#endif
