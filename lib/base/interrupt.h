/* SPDX-License-Identifier: MIT */
/* The one signal flag. */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include <signal.h>

/* Set by SIGINT, SIGTERM and SIGHUP once signals_catch() was called; the only global state besides
 * the registries. */
extern volatile sig_atomic_t interrupted;
void signals_catch(void);

#endif
