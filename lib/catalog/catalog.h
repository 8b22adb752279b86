/* SPDX-License-Identifier: MIT */
/* Which workloads exist, with which parameter values, and which of their bands apply here. */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include <stdbool.h>
#include <stdio.h>

#include "result/result.h"
#include "workload.h"

/* All workloads: the registered ones by name, then those made on demand. Returns how many. */
size_t registry_all(const struct workload *const **list);
const struct workload *registry_find(const char *name);
/* An array to mark all workloads, including those that may still be made: to free(); NULL if out of
 * memory. */
#define REGISTRY_MADE 64
bool *registry_choice(void);
/*
 * Mark in chosen[] what a pattern selects: "all" (except external programs), a name, a family, or a
 * shell pattern; or what a family makes of that name. Returns how many it matched.
 */
size_t registry_select(const char *pattern, bool *chosen);
/* Those that are chosen, to free(); NULL without memory. */
const struct workload **registry_chosen(const bool *chosen, size_t *n);
/* Add a workload, which must live as long as the program. 0, or -ENOSPC after REGISTRY_MADE of
 * them. */
int registry_add(const struct workload *w);
/* How many more registry_add() accepts. */
size_t registry_room(void);
/* "cr3" of "cr3.pipe". */
void registry_family(const struct workload *w, char *family, size_t size);

/* Why it cannot run here, or NULL if it can. */
const char *workload_unsupported(const struct workload *w, struct bench *r);
void workload_defaults(const struct workload *w, int64_t *value);
#define PARAMETERS_MAX 16

/* The list of the workloads that are chosen. catalog_json() returns 0 or -ENOMEM. */
void catalog_text(const bool *chosen, bool verbose, FILE *out);
int catalog_json(const bool *chosen, FILE *out);
/* suite-workloads(7), all workloads, for scdoc(1). */
void catalog_manual(FILE *out);

/* A workload's parameter with a value that was set. */
struct setting {
	const struct workload *workload;
	size_t parameter; /* position in its table */
	int64_t value;
	const struct workload *variant; /* made for this value of a list, else NULL */
};

/*
 * "WORKLOAD.PARAMETER=VALUE" (lib/catalog/parameter.c); WORKLOAD is anything that registry_select()
 * accepts, and all of its workloads that have the parameter get the value. With "=V,V..." each gets
 * a variant per value, "WORKLOAD@PARAMETER=V". Appends to a list that the caller owns. 0, -ENOMEM,
 * or -EINVAL with one line that names what exists.
 */
int parameter_set(struct setting **list, size_t *n, const char *text, char *message, size_t size);
/* A parameter of a workload that is not chosen is a mistake: -EINVAL with one line; else 0. */
int settings_check(const struct setting *list, size_t n, const bool *chosen, char *message,
		   size_t size);
int setting_add(struct setting **list, size_t *n, struct setting s);
/*
 * Variants of a workload (lib/catalog/sweep.c). sweep_add() makes them: -EEXIST if a value occurs
 * twice, -ENOSPC if there are too many. sweep_choose(), called after all settings and choices:
 * chooses the variants instead of their workload, with its other settings.
 */
int sweep_add(struct setting **list, size_t *n, const struct workload *w, size_t parameter,
	      const int64_t *value, size_t values);
int sweep_choose(struct setting **list, size_t *n, bool *chosen);
/* A workload's parameter values: its defaults, overridden by its settings. */
void parameter_values(const struct workload *w, const struct setting *list, size_t n,
		      int64_t *value);

/* Add the workload's expectations that apply to this vendor, paging mode, PTI and mechanism. */
int expectation_resolve(struct result_workload *out, const struct bench *run,
			const struct result *r);

#endif
