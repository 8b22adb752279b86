// SPDX-License-Identifier: MIT
/*
 * For compilers without libFuzzer: `fuzz_probe [RUNS [SEED]]` makes inputs of its own, the same
 * ones for the same seed; `fuzz_probe FILE...` replays inputs that once failed.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t state;

static uint32_t random32(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 32);
}

/* Wrong answers are rare in most inputs: a machine that always lies is refused at once. */
static void random_input(void)
{
	const uint32_t honesty = random32() % 256;
	uint8_t data[1024];
	size_t i;

	for (i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)random32();
		if (i && random32() % 256 < honesty)
			data[i] %= 0xe0;
	}
	LLVMFuzzerTestOneInput(data, random32() % sizeof(data));
}

static int replay(const char *path)
{
	static uint8_t data[65536];
	FILE *f = fopen(path, "rb");
	size_t size;

	if (!f) {
		perror(path);
		return 1;
	}
	size = fread(data, 1, sizeof(data), f);
	fclose(f);
	LLVMFuzzerTestOneInput(data, size);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long runs = 20000, i;
	int failed = 0;

	if (argc > 1 && !isdigit((unsigned char)argv[1][0])) {
		for (i = 1; i < (unsigned long)argc; i++)
			failed |= replay(argv[i]);
		return failed;
	}
	if (argc > 1)
		runs = strtoul(argv[1], NULL, 10);
	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	for (i = 0; i < runs; i++)
		random_input();
	printf("%lu inputs, none failed\n", runs);
	return 0;
}
