/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * So many per second and source, and no more: token buckets for a bounded number of sources
 * at once. When the table is full, the source that was quiet longest is forgotten; it then
 * begins anew with a full bucket, which is what a quiet source has anyway. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rate_limit;

/* rate: per second in the long run; burst: at once; sources: the table's size. 0 or -ENOMEM. */
int rate_limit_new(double rate, double burst, size_t sources, struct rate_limit **ret);
struct rate_limit *rate_limit_free(struct rate_limit *limit);
void rate_limit_set(struct rate_limit *limit, double rate, double burst);

/* Whether one more of this source is within its limit; takes it if so. */
bool rate_limit_take(struct rate_limit *limit, uint64_t source, int64_t now_ms);
/* Whether there would be one, without taking it. */
bool rate_limit_has(const struct rate_limit *limit, uint64_t source, int64_t now_ms);
