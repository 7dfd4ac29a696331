/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Token buckets in a table of sets: a source's hash chooses a set of few places, within
 * which the one quiet longest makes room. No list, no allocation after the start.
 */
#include "collector/core/trap/rate_limit.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { WAYS = 8 };

struct bucket {
	uint64_t source;
	int64_t at_ms; /* 0: free */
	double tokens;
};

struct rate_limit {
	double rate, burst;
	size_t n_sets;
	struct bucket buckets[];
};

int rate_limit_new(double rate, double burst, size_t sources, struct rate_limit **ret)
{
	size_t n_sets = (sources + WAYS - 1) / WAYS;
	struct rate_limit *limit;

	n_sets = n_sets ? n_sets : 1;
	limit = calloc(1, sizeof(*limit) + n_sets * WAYS * sizeof(limit->buckets[0]));
	if (!limit)
		return -ENOMEM;
	limit->n_sets = n_sets;
	rate_limit_set(limit, rate, burst);
	*ret = limit;
	return 0;
}

struct rate_limit *rate_limit_free(struct rate_limit *limit)
{
	free(limit);
	return NULL;
}

void rate_limit_set(struct rate_limit *limit, double rate, double burst)
{
	assert(rate > 0 && burst >= 1);
	limit->rate = rate;
	limit->burst = burst;
}

/* splitmix64's finish: neighbouring addresses go to different sets */
static uint64_t mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static size_t set_of(const struct rate_limit *limit, uint64_t source)
{
	return mix(source) % limit->n_sets * WAYS;
}

static struct bucket *find(struct rate_limit *limit, uint64_t source)
{
	struct bucket *set = &limit->buckets[set_of(limit, source)];
	struct bucket *oldest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].at_ms != 0 && set[i].source == source)
			return &set[i];
		if (set[i].at_ms < oldest->at_ms)
			oldest = &set[i];
	}
	oldest->source = source;
	oldest->at_ms = 0;
	oldest->tokens = limit->burst;
	return oldest;
}

static double tokens_at(const struct rate_limit *limit, const struct bucket *bucket, int64_t now_ms)
{
	double tokens = bucket->tokens;

	if (bucket->at_ms != 0 && now_ms > bucket->at_ms)
		tokens += (double)(now_ms - bucket->at_ms) * limit->rate / 1000;
	return tokens < limit->burst ? tokens : limit->burst;
}

bool rate_limit_has(const struct rate_limit *limit, uint64_t source, int64_t now_ms)
{
	const struct bucket *set = &limit->buckets[set_of(limit, source)];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].at_ms != 0 && set[i].source == source)
			return tokens_at(limit, &set[i], now_ms) >= 1;
	}
	return true;
}

bool rate_limit_take(struct rate_limit *limit, uint64_t source, int64_t now_ms)
{
	struct bucket *bucket = find(limit, source);

	bucket->tokens = tokens_at(limit, bucket, now_ms);
	bucket->at_ms = now_ms > 0 ? now_ms : 1;
	if (bucket->tokens < 1)
		return false;
	bucket->tokens--;
	return true;
}
