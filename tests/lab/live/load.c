// SPDX-License-Identifier: MIT
/*
 * load N M [vmcall]: exactly N CPUID instructions and M hypercalls (VMMCALL, or VMCALL), and no
 * other exit of these kinds: a C library would ask the processor for its features before main(). cc
 * -O2 -static -nostdlib -ffreestanding -fno-stack-protector
 */
void start(const long *stack);

__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");

static unsigned long number(const char *text)
{
	unsigned long n = 0;

	while (*text)
		n = 10 * n + (unsigned long)(*text++ - '0');
	return n;
}

static void cpuid(void)
{
	unsigned int a = 0, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
}

/* A number unknown to KVM, and not allowed from ring 3: it only returns an error. */
static void hypercall(int intel)
{
	long a = 0x7fffffff;

	if (intel)
		__asm__ volatile("vmcall" : "+a"(a) : : "memory");
	else
		__asm__ volatile("vmmcall" : "+a"(a) : : "memory");
}

void start(const long *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);
	unsigned long i, n = number(argv[1]), m = number(argv[2]);

	for (i = 0; i < n; i++)
		cpuid();
	for (i = 0; i < m; i++)
		hypercall(stack[0] > 3);
	__asm__ volatile("syscall" : : "a"(231L), "D"(0L)); /* exit_group */
	__builtin_unreachable();
}
