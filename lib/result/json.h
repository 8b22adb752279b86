/* SPDX-License-Identifier: MIT */
/* Values of JSON as every writer makes them. NULL when out of memory. */
#ifndef RESULT_JSON_H
#define RESULT_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "result.h"

/* What is no UTF-8 becomes U+FFFD; NULL is null. */
json_t *json_text(const char *s);
json_t *json_count(uint64_t n);
/* {"pages": 512} */
json_t *json_parameters(const struct result_workload *w);

#endif
