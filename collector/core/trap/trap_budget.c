/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Token buckets of rate_limit.h, one table for each thing that can be proved. */
#include "collector/core/trap/trap_budget.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "collector/core/trap/rate_limit.h"

enum { SOURCES_MAX = 8192 /* of each proof, whose rate is kept */ };

struct trap_budget {
	struct rate_limit *junk, *sources[TRAP_PROOF_N], *total; /* total: by proof */
};

int trap_budget_new(const struct trap_budget_conf *conf, struct trap_budget **ret)
{
	struct trap_budget *budget = calloc(1, sizeof(*budget));
	int r;

	if (!budget)
		return -ENOMEM;
	r = rate_limit_new(conf->rate, conf->burst, SOURCES_MAX, &budget->junk);
	for (int i = 0; r == 0 && i < TRAP_PROOF_N; i++)
		r = rate_limit_new(conf->rate, conf->burst, SOURCES_MAX, &budget->sources[i]);
	if (r == 0)
		r = rate_limit_new(conf->total_rate, conf->total_burst, TRAP_PROOF_N,
				   &budget->total);
	if (r < 0) {
		trap_budget_free(budget);
		return r;
	}
	*ret = budget;
	return 0;
}

struct trap_budget *trap_budget_free(struct trap_budget *budget)
{
	if (!budget)
		return NULL;
	rate_limit_free(budget->junk);
	for (int i = 0; i < TRAP_PROOF_N; i++)
		rate_limit_free(budget->sources[i]);
	rate_limit_free(budget->total);
	free(budget);
	return NULL;
}

void trap_budget_set(struct trap_budget *budget, const struct trap_budget_conf *conf)
{
	rate_limit_set(budget->junk, conf->rate, conf->burst);
	for (int i = 0; i < TRAP_PROOF_N; i++)
		rate_limit_set(budget->sources[i], conf->rate, conf->burst);
	rate_limit_set(budget->total, conf->total_rate, conf->total_burst);
}

bool trap_budget_junk(struct trap_budget *budget, uint64_t source, int64_t now_ms)
{
	return rate_limit_take(budget->junk, source, now_ms);
}

bool trap_budget_is_junky(const struct trap_budget *budget, uint64_t source, int64_t now_ms)
{
	return !rate_limit_has(budget->junk, source, now_ms);
}

enum trap_budget_answer trap_budget_take(struct trap_budget *budget, enum trap_proof proof,
					 uint64_t source, int64_t now_ms)
{
	assert(proof < TRAP_PROOF_N);
	if (!rate_limit_take(budget->sources[proof], source, now_ms))
		return TRAP_BUDGET_SOURCE;
	if (proof != TRAP_PROOF_KEY && !rate_limit_take(budget->total, proof, now_ms))
		return TRAP_BUDGET_TOTAL;
	return TRAP_BUDGET_TAKE;
}
