// SPDX-License-Identifier: MIT
#include "text/json_value.h"

#include <math.h>

json_t *json_number(double x)
{
	return isfinite(x) ? json_real(x) : json_null();
}

void json_set_interval(json_t *object, const struct stats_interval *i, double scale)
{
	json_object_set_new(object, "est", json_number(i->est * scale));
	json_object_set_new(object, "lo", json_number(i->lo * scale));
	json_object_set_new(object, "hi", json_number(i->hi * scale));
	json_object_set_new(object, "coverage", json_number(i->coverage));
	json_object_set_new(object, "n", json_count(i->n));
}
