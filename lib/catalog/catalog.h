/* SPDX-License-Identifier: MIT */
/* Which workloads exist, with which values of their parameters, and which of their bands hold here.
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include <stdbool.h>
#include <stdio.h>

#include "result/result.h"
#include "workload.h"

/* All workloads: the registered ones by name, then those that were made on demand. */
size_t registry_all(const struct workload *const **list);
const struct workload *registry_find(const char *name);
/* Room to mark all workloads, and all that may still be made: to free(); NULL without memory. */
#define REGISTRY_MADE 64
bool *registry_choice(void);
/*
 * Mark in chosen[] what a pattern selects: "all" (but programs of somebody else), a name, a family,
 * or a shell pattern; or what a family makes of that name. Returns how many it matched.
 */
size_t registry_select(const char *pattern, bool *chosen);
/* Those that are chosen, to free(); NULL without memory. */
const struct workload **registry_chosen(const bool *chosen, size_t *n);
/* One more, that lives as long as the program. 0, or -ENOSPC when REGISTRY_MADE are made. */
int registry_add(const struct workload *w);
/* How many more registry_add() takes. */
size_t registry_room(void);
/* "cr3" of "cr3.pipe". */
void registry_family(const struct workload *w, char *family, size_t size);

/* Why it cannot run here, or NULL. Values are the parameters' defaults when NULL. */
const char *workload_unsupported(const struct workload *w, struct bench *r);
void workload_defaults(const struct workload *w, int64_t *value);
#define PARAMETERS_MAX 16

/* The list of the workloads that are chosen. catalog_json() returns 0 or -ENOMEM. */
void catalog_text(const bool *chosen, bool verbose, FILE *out);
int catalog_json(const bool *chosen, FILE *out);
/* suite-workloads(7), all workloads, for scdoc(1). */
void catalog_manual(FILE *out);

/* One parameter of one workload that is not at its default. */
struct setting {
	const struct workload *workload;
	size_t parameter; /* position in its table */
	int64_t value;
	const struct workload *variant; /* made for that value of a list, else NULL */
};

/*
 * "WORKLOAD.PARAMETER=VALUE" (lib/catalog/parameter.c); WORKLOAD is anything that registry_select()
 * takes, and all of its workloads that have the parameter get the value. With "=V,V..." each gets
 * a variant for each value, "WORKLOAD@PARAMETER=V". Appends to a list that belongs to the caller.
 * 0, -ENOMEM, or -EINVAL with one line that names what exists.
 */
int parameter_set(struct setting **list, size_t *n, const char *text, char *message, size_t size);
/* A parameter of a workload that is not chosen is a mistake: -EINVAL with one line; else 0. */
int settings_check(const struct setting *list, size_t n, const bool *chosen, char *message,
		   size_t size);
int setting_add(struct setting **list, size_t *n, struct setting s);
/*
 * Variants of a workload (lib/catalog/sweep.c). sweep_add() makes them: -EEXIST when a value is
 * there twice, -ENOSPC when there are too many. sweep_choose(), when everything is set and chosen:
 * they are chosen in place of their workload, and have its other settings.
 */
int sweep_add(struct setting **list, size_t *n, const struct workload *w, size_t parameter,
	      const int64_t *value, size_t values);
int sweep_choose(struct setting **list, size_t *n, bool *chosen);
/* The defaults of a workload with its settings over them. */
void parameter_values(const struct workload *w, const struct setting *list, size_t n,
		      int64_t *value);

/* Copy of the workload's expectations that hold for this vendor, paging mode, PTI and mechanism. */
int expectation_resolve(struct result_workload *out, const struct bench *run,
			const struct result *r);

#endif
