// SPDX-License-Identifier: MIT
/* Description: the JSON reader accepts and refuses what jansson does, and reads the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "result/utf8.h"
#include "result/value.h"
#include "stats/stats.h"

static const char *const texts[] = {
	"{}",
	"[]",
	" [ 1 , -2 , 0 , -0 , 9223372036854775807 , -9223372036854775808 ] ",
	"[9223372036854775808]",
	"[-9223372036854775809]",
	"[1.5, -2.25e3, 1E-2, 0.0, 1e400]",
	"[01]",
	"[1.]",
	"[.5]",
	"[+1]",
	"[-]",
	"[1e]",
	"[\"\\u00e9 \\u20ac \\ud83d\\ude00 \\\" \\\\ \\/ \\b\\f\\n\\r\\t\"]",
	"[\"\\ud83d\"]",
	"[\"\\ud83dx\"]",
	"[\"\\ude00\"]",
	"[\"\\u0000\"]",
	"[\"\\x\"]",
	"[\"\t\"]",
	"[\"caf\303\251\"]",
	"{\"a\": {\"b\": [true, false, null]}, \"c\": \"d\"}",
	"{\"a\": 1, \"a\": 2}",
	"{\"a\": 1, \"\\u0061\": 2}",
	"{\"a\" 1}",
	"{a: 1}",
	"{\"a\": 1,}",
	"[1,]",
	"[1 2]",
	"[tru]",
	"[nul",
	"{\"a\":",
	"[1] x",
	"[\"a",
};

/* The same tree? Order of keys is not jansson's concern, so members are looked up. */
static void same(struct value *v, json_t *j)
{
	struct value *at;
	size_t i = 0;

	switch (json_typeof(j)) {
	case JSON_OBJECT:
		assert_int_equal(v->type, VALUE_OBJECT);
		assert_int_equal(v->count, json_object_size(j));
		for (at = value_first(v); at; at = at->next)
			same(at, json_object_get(j, at->key));
		break;
	case JSON_ARRAY:
		assert_int_equal(v->type, VALUE_ARRAY);
		assert_int_equal(v->count, json_array_size(j));
		for (at = value_first(v); at; at = at->next)
			same(at, json_array_get(j, i++));
		break;
	case JSON_STRING:
		assert_int_equal(v->type, VALUE_TEXT);
		assert_string_equal(v->text, json_string_value(j));
		break;
	case JSON_INTEGER:
		assert_int_equal(v->type, VALUE_WHOLE);
		assert_true(v->whole == json_integer_value(j));
		break;
	case JSON_REAL:
		assert_int_equal(v->type, VALUE_REAL);
		assert_true(v->real == json_real_value(j));
		break;
	default:
		assert_int_equal(v->type, json_is_true(j)    ? VALUE_TRUE
					  : json_is_false(j) ? VALUE_FALSE
							     : VALUE_NULL);
	}
}

/* Returns whether both accepted it. */
static bool check(const char *text, size_t length)
{
	size_t clean_length;
	char *clean = utf8_clean(text, length, &clean_length);
	struct document_error e = { 0 };
	struct document d;
	json_error_t je;
	json_t *j;
	int ret;

	assert_non_null(clean);
	j = json_loadb(clean, clean_length, JSON_REJECT_DUPLICATES, &je);
	ret = document_parse(&d, clean, clean_length, &e);
	if (!!j != !ret)
		fail_msg("jansson %s (%s), this %d (%s): %.*s", j ? "accepts" : "refuses", je.text,
			 ret, e.text, (int)length, text);
	if (j)
		same(d.root, j);
	else
		assert_non_null(e.text);
	json_decref(j);
	document_free(&d);
	free(clean);
	return !ret;
}

static void reads_and_refuses_as_jansson_does(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		check(texts[i], strlen(texts[i]));
}

static void changed_bytes_are_judged_as_jansson_does(void **state)
{
	static const char bytes[] = "{}[]\",:\\ \n0129-+.eEtrufalsn\001\303\251\377x";
	size_t i, j, length, round, accepted = 0;
	struct stats_rng rng;
	char text[256];

	(void)state;
	stats_seed(&rng, 5);
	for (round = 0; round < 40000; round++) {
		i = stats_random(&rng, sizeof(texts) / sizeof(*texts));
		length = strlen(texts[i]);
		memcpy(text, texts[i], length);
		for (j = stats_random(&rng, 3) + 1; j > 0; j--)
			text[stats_random(&rng, length)] =
				bytes[stats_random(&rng, sizeof(bytes) - 1)];
		accepted += check(text, length);
	}
	/* Some accepted and some refused, or nothing was tested. */
	assert_in_range(accepted, 1000, 20000);
}

static void many_keys_and_deep_nesting(void **state)
{
	char text[8192], *at = text;
	struct document_error e;
	struct document d;
	int i;

	(void)state;
	*at++ = '{';
	for (i = 0; i < 100; i++)
		at += sprintf(at, "\"key %d\": %d, ", i, i);
	strcpy(at, "\"last\": 1}");
	assert_true(check(text, strlen(text)));
	strcpy(at, "\"key 3\": 1}");
	assert_false(check(text, strlen(text)));

	memset(text, '[', 1000);
	text[1000] = 0;
	assert_int_equal(document_parse(&d, text, 1000, &e), -22);
	assert_string_equal(e.text, "nested too deep");
	document_free(&d);
}

static void errors_have_their_place(void **state)
{
	char text[] = "{\n \"a\\n\": \"b\\nc\",\n \"d\": x}";
	struct document_error e;
	struct document d;

	(void)state;
	assert_int_equal(document_parse(&d, text, strlen(text), &e), -22);
	assert_int_equal(e.line, 3);
	assert_int_equal(e.column, 7);
	assert_false(e.cut);
	document_free(&d);
}

static void members_are_found_in_any_order(void **state)
{
	char text[] = "{\"a\":1,\"b\":2,\"c\":3}";
	struct document_error e;
	struct document d;

	(void)state;
	assert_int_equal(document_parse(&d, text, strlen(text), &e), 0);
	assert_int_equal(value_get(d.root, "c")->whole, 3);
	assert_int_equal(value_get(d.root, "a")->whole, 1);
	assert_null(value_get(d.root, "d"));
	assert_int_equal(value_get(d.root, "b")->whole, 2);
	assert_int_equal(value_get(d.root, "b")->whole, 2);
	assert_null(value_get(value_get(d.root, "b"), "x"));
	assert_null(value_get(NULL, "x"));
	assert_null(value_first(value_get(d.root, "b")));
	document_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_refuses_as_jansson_does),
		cmocka_unit_test(changed_bytes_are_judged_as_jansson_does),
		cmocka_unit_test(many_keys_and_deep_nesting),
		cmocka_unit_test(errors_have_their_place),
		cmocka_unit_test(members_are_found_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
