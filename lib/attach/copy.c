// SPDX-License-Identifier: MIT
#include "attach/copy.h"

static void copy_page(struct exit_page *to, const struct exit_page *from)
{
	unsigned int slot;

	for (slot = 0; slot < PAGE_SLOTS; slot++)
		__atomic_store_n(&to->count[slot],
				 __atomic_load_n(&from->count[slot], __ATOMIC_RELAXED),
				 __ATOMIC_RELAXED);
}

void copy_pass(const struct memory *m, const struct counter *c)
{
	unsigned long long *pass = &memory_page(m, 0)->pass;
	unsigned int i;

	__atomic_store_n(pass, *pass + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (i = 0; i < counter_pages(c); i++)
		copy_page(memory_page(m, i), counter_page(c, i));
	__atomic_store_n(pass, *pass + 1, __ATOMIC_RELEASE);
}
