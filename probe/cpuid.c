// SPDX-License-Identifier: MIT
#include <string.h>

#include "internal.h"

/*
 * volatile and the memory clobber: the compiler must not move a reading across the loads and stores
 * of the code that it brackets.
 */
void ep_cpuid_instruction(void *context, uint32_t leaf, uint32_t subleaf, uint32_t regs[4])
{
	(void)context;
#if defined(__x86_64__) || defined(__i386__)
	__asm__ __volatile__("cpuid"
			     : "=a"(regs[EAX]), "=b"(regs[EBX]), "=c"(regs[ECX]), "=d"(regs[EDX])
			     : "a"(leaf), "c"(subleaf)
			     : "memory");
#else
	(void)leaf;
	(void)subleaf;
	memset(regs, 0, 4 * sizeof(regs[0]));
#endif
}
