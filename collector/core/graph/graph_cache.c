/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entries are few (a picture is some 60 KB): they are looked through, the last used first.
 * An entry whose picture is being given is pinned, for whoever is called may ask again.
 */
#include "collector/core/graph/graph_cache.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/fnv1a.h"
#include "common/base/queue.h"

enum {
	LIFE_MAX_MS = 300000,
	SETTLE_MS = 2000, /* from an answer until its samples are in the file */
	SHARE_MAX = 4,	  /* a body takes no more than this part of the whole */
};

struct graph_cache_wait {
	TAILQ_ENTRY(graph_cache_wait) entry;
	struct graph_cache_entry *of;
	graph_cache_fn *fn;
	void *data;
};
TAILQ_HEAD(graph_cache_waits, graph_cache_wait);

struct graph_cache_entry {
	TAILQ_ENTRY(graph_cache_entry) entry; /* the last used first */
	struct graph_cache *cache;
	struct graph_request request;
	struct graph_job *job; /* NULL: drawn */
	struct graph_cache_waits waits;
	bool pinned;
	int64_t drawn_ms;
	char *body;
	size_t len;
	uint64_t digest;
};
TAILQ_HEAD(graph_cache_entries, graph_cache_entry);

struct graph_cache {
	struct graph_cache_conf conf;
	struct graph_cache_hooks hooks;
	struct graph_cache_entries entries;
	size_t octets, n_kept;
	struct {
		uint64_t hits, joined, misses, evicted;
	} count;
};

/* ---- which, and for how long ---- */

static struct graph_cache_entry *find(const struct graph_cache *cache,
				      const struct graph_request *request)
{
	struct graph_cache_entry *entry;

	TAILQ_FOREACH (entry, &cache->entries, entry)
		if (graph_request_is_same(&entry->request, request))
			return entry;
	return NULL;
}

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* If no data comes. */
static int64_t life_ms(const struct graph_cache_entry *entry)
{
	const int64_t life = longer(graph_range_step_s(entry->request.range) * 1000,
				    entry->cache->conf.poll_interval_ms);

	return life < LIFE_MAX_MS ? life : LIFE_MAX_MS;
}

/* How long it is fresh from now on; 0: no more. */
static int64_t fresh_ms(const struct graph_cache_entry *entry, const struct graph_cache_when *when)
{
	const int64_t poll_ms = entry->cache->conf.poll_interval_ms;
	const int64_t step_ms = graph_range_step_s(entry->request.range) * 1000;
	const int64_t settled_ms = when->data_ms + SETTLE_MS;
	int64_t end_ms = entry->drawn_ms + life_ms(entry);

	if (step_ms <= poll_ms && when->data_ms > 0 && settled_ms > entry->drawn_ms &&
	    settled_ms < end_ms)
		end_ms = settled_ms;
	/* a clock that was set back must not keep it for ever */
	if (when->now_ms < entry->drawn_ms || when->now_ms >= end_ms)
		return 0;
	return end_ms - when->now_ms;
}

/* ---- keeping ---- */

static void entry_free(struct graph_cache_entry *entry)
{
	struct graph_cache *cache = entry->cache;

	assert(TAILQ_EMPTY(&entry->waits));
	TAILQ_REMOVE(&cache->entries, entry, entry);
	if (entry->body) {
		cache->octets -= entry->len;
		cache->n_kept--;
	}
	free(entry->body);
	free(entry);
}

static struct graph_cache_entry *longest_unused(const struct graph_cache *cache)
{
	struct graph_cache_entry *entry, *found = NULL;

	TAILQ_FOREACH (entry, &cache->entries, entry) {
		if (!entry->job && !entry->pinned && entry->body)
			found = entry;
	}
	return found;
}

/* Returns whether it is kept. */
static bool keep(struct graph_cache_entry *entry, const void *body, size_t len)
{
	struct graph_cache *cache = entry->cache;
	struct graph_cache_entry *oldest;

	if (len == 0 || len > cache->conf.octets_max / SHARE_MAX)
		return false;
	while (cache->octets + len > cache->conf.octets_max && (oldest = longest_unused(cache))) {
		cache->count.evicted++;
		entry_free(oldest);
	}
	if (cache->octets + len > cache->conf.octets_max)
		return false;
	entry->body = malloc(len);
	if (!entry->body)
		return false;
	memcpy(entry->body, body, len);
	entry->len = len;
	cache->octets += len;
	cache->n_kept++;
	return true;
}

/* ---- drawing ---- */

static void tell_all(struct graph_cache_entry *entry, const struct graph_picture *picture)
{
	struct graph_cache_wait *wait;

	while ((wait = TAILQ_FIRST(&entry->waits))) {
		graph_cache_fn *fn = wait->fn;
		void *data = wait->data;

		TAILQ_REMOVE(&entry->waits, wait, entry);
		free(wait);
		fn(data, picture);
	}
}

static void on_drawn(void *data, enum graph_outcome outcome, const void *body, size_t len)
{
	struct graph_cache_entry *entry = data;
	struct graph_picture picture = {.outcome = outcome, .body = body, .len = len};
	bool kept = false;

	assert(entry->job);
	entry->job = NULL;
	entry->pinned = true;
	if (outcome == GRAPH_OUTCOME_OK) {
		kept = keep(entry, body, len);
		entry->digest = picture.digest = fnv1a(FNV1A_START, body, len);
		picture.fresh_ms = kept ? life_ms(entry) : 0;
	}
	tell_all(entry, &picture);
	entry->pinned = false;
	if (!kept)
		entry_free(entry);
}

static int start(struct graph_cache *cache, const struct graph_request *request, int64_t now_ms,
		 struct graph_cache_entry **ret)
{
	struct graph_cache_entry *entry = calloc(1, sizeof(*entry));
	int r;

	if (!entry)
		return -ENOMEM;
	entry->cache = cache;
	entry->request = *request;
	entry->drawn_ms = now_ms;
	TAILQ_INIT(&entry->waits);
	r = cache->hooks.draw(cache->hooks.data, request, on_drawn, entry, &entry->job);
	if (r < 0) {
		free(entry);
		return r;
	}
	TAILQ_INSERT_HEAD(&cache->entries, entry, entry);
	*ret = entry;
	return 0;
}

/* ---- asking ---- */

/* The one to wait for or to be given; a stale one is not. */
static struct graph_cache_entry *find_good(struct graph_cache *cache,
					   const struct graph_request *request,
					   const struct graph_cache_when *when)
{
	struct graph_cache_entry *entry = find(cache, request);

	if (entry && !entry->job && !entry->pinned && fresh_ms(entry, when) == 0) {
		entry_free(entry);
		return NULL;
	}
	return entry;
}

static void give(struct graph_cache_entry *entry, const struct graph_cache_when *when,
		 graph_cache_fn *fn, void *data)
{
	const struct graph_picture picture = {.outcome = GRAPH_OUTCOME_OK,
					      .body = entry->body,
					      .len = entry->len,
					      .digest = entry->digest,
					      .fresh_ms = fresh_ms(entry, when)};
	const bool pinned = entry->pinned;

	TAILQ_REMOVE(&entry->cache->entries, entry, entry);
	TAILQ_INSERT_HEAD(&entry->cache->entries, entry, entry);
	entry->pinned = true;
	fn(data, &picture);
	entry->pinned = pinned;
}

int graph_cache_get(struct graph_cache *cache, const struct graph_request *request,
		    const struct graph_cache_when *when, graph_cache_fn *fn, void *data,
		    struct graph_cache_wait **ret)
{
	struct graph_cache_entry *entry = find_good(cache, request, when);
	struct graph_cache_wait *wait;
	int r = 0;

	if (entry && entry->body) {
		cache->count.hits++;
		give(entry, when, fn, data);
		return 1;
	}
	wait = calloc(1, sizeof(*wait));
	if (!wait)
		return -ENOMEM;
	if (entry && entry->job) {
		cache->count.joined++;
	} else {
		cache->count.misses++;
		r = start(cache, request, when->now_ms, &entry);
	}
	if (r < 0) {
		free(wait);
		return r;
	}
	*wait = (struct graph_cache_wait){.of = entry, .fn = fn, .data = data};
	TAILQ_INSERT_TAIL(&entry->waits, wait, entry);
	*ret = wait;
	return 0;
}

void graph_cache_leave(struct graph_cache_wait *wait)
{
	struct graph_cache_entry *entry = wait->of;

	assert(!TAILQ_EMPTY(&entry->waits));
	TAILQ_REMOVE(&entry->waits, wait, entry);
	free(wait);
	if (!TAILQ_EMPTY(&entry->waits) || !entry->job)
		return;
	entry->cache->hooks.cancel(entry->job);
	entry_free(entry);
}

/* ---- the cache ---- */

int graph_cache_new(const struct graph_cache_conf *conf, const struct graph_cache_hooks *hooks,
		    struct graph_cache **ret)
{
	struct graph_cache *cache = calloc(1, sizeof(*cache));

	assert(hooks->draw && hooks->cancel);
	assert(conf->poll_interval_ms > 0);
	if (!cache)
		return -ENOMEM;
	cache->conf = *conf;
	cache->hooks = *hooks;
	TAILQ_INIT(&cache->entries);
	*ret = cache;
	return 0;
}

struct graph_cache *graph_cache_free(struct graph_cache *cache)
{
	struct graph_cache_entry *entry;
	struct graph_cache_wait *wait;

	while (cache && (entry = TAILQ_FIRST(&cache->entries))) {
		if (entry->job)
			cache->hooks.cancel(entry->job);
		while ((wait = TAILQ_FIRST(&entry->waits))) {
			TAILQ_REMOVE(&entry->waits, wait, entry);
			free(wait);
		}
		entry_free(entry);
	}
	free(cache);
	return NULL;
}

static const struct stats_row ROWS[] = {
	STATS_COUNTER(struct graph_cache, count.hits, "pantau_graph_cache_hits",
		      "Graphs and series given again."),
	STATS_COUNTER(struct graph_cache, count.joined, "pantau_graph_cache_joined",
		      "Graphs and series that were being drawn already."),
	STATS_COUNTER(struct graph_cache, count.misses, "pantau_graph_cache_misses",
		      "Graphs and series that had to be drawn."),
	STATS_COUNTER(struct graph_cache, count.evicted, "pantau_graph_cache_evicted",
		      "Graphs and series that made room for others."),
	STATS_GAUGE(struct graph_cache, n_kept, "pantau_graph_cache_entries",
		    "Graphs and series kept."),
	STATS_GAUGE(struct graph_cache, octets, "pantau_graph_cache_bytes",
		    "Memory of the graphs and series kept."),
};

void graph_cache_emit_stats(const struct graph_cache *cache, stats_emit_fn *emit, void *emit_data)
{
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), cache, emit, emit_data);
}
