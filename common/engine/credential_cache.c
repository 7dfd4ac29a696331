/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shared credentials and their key derivation in a thread. Decides when keys are derived
 * (once per distinct credential); not to which engine they are localized.
 * Source: RFC 3414 A.2 (a megabyte is hashed per key).
 */
#include "common/engine/credential_cache.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/fnv1a.h"
#include "common/base/queue.h"
#include "common/loop/worker.h"

struct entry {
	struct shared_credential shared; /* first: entries are found from it */
	struct derivation {
		struct worker_job job; /* first: it is what the worker knows */
		struct entry *entry;
		struct usm_master made; /* taken over when the job is back */
	} derivation;
	LIST_ENTRY(entry) of_cache;
	uint64_t hash;
	unsigned int refs;
};
LIST_HEAD(entries, entry);

struct credential_cache {
	credential_ready_fn *fn;
	void *data;
	struct entries entries;
	struct worker *worker;
	bool ending;
};

/* ---- copies ---- */

static uint64_t hash_text(uint64_t hash, const char *text)
{
	return fnv1a_field(hash, text, text ? strlen(text) : 0);
}

static uint64_t hash_credential(const struct snmp_credential *c)
{
	uint64_t hash = FNV1A_START;

	hash = hash_text(hash, c->community);
	hash = hash_text(hash, c->user);
	hash = hash_text(hash, c->auth_pass);
	hash = hash_text(hash, c->priv_pass);
	hash = hash_text(hash, c->context);
	return hash + (uint64_t)c->version + ((uint64_t)c->level << 8) + ((uint64_t)c->auth << 16) +
	       ((uint64_t)c->priv << 24);
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_credential(const struct snmp_credential *a, const struct snmp_credential *b)
{
	return a->version == b->version && a->level == b->level && a->auth == b->auth &&
	       a->priv == b->priv && same_text(a->community, b->community) &&
	       same_text(a->user, b->user) && same_text(a->auth_pass, b->auth_pass) &&
	       same_text(a->priv_pass, b->priv_pass) && same_text(a->context, b->context);
}

static void free_secret(const char *text)
{
	char *mutable = (char *)(uintptr_t)text;

	if (text)
		explicit_bzero(mutable, strlen(mutable));
	free(mutable);
}

static void entry_free(struct entry *e)
{
	free_secret(e->shared.cred.community);
	free_secret(e->shared.cred.user);
	free_secret(e->shared.cred.auth_pass);
	free_secret(e->shared.cred.priv_pass);
	free_secret(e->shared.cred.context);
	explicit_bzero(e, sizeof(*e));
	free(e);
}

static int copy_text(const char *text, const char **ret)
{
	*ret = text ? strdup(text) : NULL;
	return text && !*ret ? -ENOMEM : 0;
}

static struct entry *entry_new(const struct snmp_credential *cred)
{
	struct entry *e = calloc(1, sizeof(*e));
	struct snmp_credential *copy;

	if (!e)
		return NULL;
	copy = &e->shared.cred;
	*copy = *cred;
	copy->community = copy->user = copy->auth_pass = copy->priv_pass = copy->context = NULL;
	if (copy_text(cred->community, &copy->community) < 0 ||
	    copy_text(cred->user, &copy->user) < 0 ||
	    copy_text(cred->auth_pass, &copy->auth_pass) < 0 ||
	    copy_text(cred->priv_pass, &copy->priv_pass) < 0 ||
	    copy_text(cred->context, &copy->context) < 0) {
		entry_free(e);
		return NULL;
	}
	e->hash = hash_credential(cred);
	return e;
}

/* ---- derivation ---- */

static int64_t derive(void *data, struct worker_jobs *jobs, bool ending)
{
	struct worker_job *job;

	(void)data;
	(void)ending;
	STAILQ_FOREACH (job, jobs, entry) {
		struct derivation *d = (struct derivation *)job;

		job->err = usm_make_master(&d->entry->shared.cred, &d->made);
	}
	return WORKER_IDLE;
}

static void entry_put(struct entry *e)
{
	assert(e->refs > 0);
	if (--e->refs > 0)
		return;
	LIST_REMOVE(e, of_cache);
	entry_free(e);
}

static void on_derived(void *data, struct worker_job *job)
{
	struct derivation *d = (struct derivation *)job;
	struct credential_cache *cache = data;
	struct entry *e = d->entry;

	e->shared.state = job->err == 0 ? CREDENTIAL_READY : CREDENTIAL_FAILED;
	e->shared.master = d->made;
	if (!cache->ending)
		cache->fn(cache->data, &e->shared);
	entry_put(e);
}

/* ---- the cache ---- */

static int check(const struct snmp_credential *cred)
{
	if (cred->version == SNMP_V3)
		return usm_check_credential(cred);
	if (cred->version != SNMP_V1 && cred->version != SNMP_V2C)
		return -EINVAL;
	return cred->community && strlen(cred->community) <= 255 ? 0 : -EINVAL;
}

static struct entry *find(struct credential_cache *cache, const struct snmp_credential *cred)
{
	uint64_t hash = hash_credential(cred);
	struct entry *e;

	LIST_FOREACH (e, &cache->entries, of_cache) {
		if (e->hash == hash && same_credential(&e->shared.cred, cred))
			return e;
	}
	return NULL;
}

/* The derivation has a reference of its own. */
static int start_derivation(struct credential_cache *cache, struct entry *e)
{
	int r;

	e->derivation.entry = e;
	r = worker_put(cache->worker, &e->derivation.job);
	if (r < 0)
		return r;
	e->shared.state = CREDENTIAL_PENDING;
	e->refs++;
	return 0;
}

int credential_cache_get(struct credential_cache *cache, const struct snmp_credential *cred,
			 const struct shared_credential **ret)
{
	struct entry *e;
	int r = check(cred);

	if (r < 0)
		return r;
	e = find(cache, cred);
	if (!e) {
		e = entry_new(cred);
		if (!e)
			return -ENOMEM;
		e->shared.state = CREDENTIAL_READY;
		if (cred->version == SNMP_V3 && cred->level >= SNMP_SEC_AUTH)
			r = start_derivation(cache, e);
		if (r < 0) {
			entry_free(e);
			return r;
		}
		LIST_INSERT_HEAD(&cache->entries, e, of_cache);
	}
	e->refs++;
	*ret = &e->shared;
	return 0;
}

void credential_cache_put(const struct shared_credential *cred)
{
	if (cred)
		entry_put((struct entry *)(uintptr_t)cred);
}

int credential_cache_new(struct loop *loop, credential_ready_fn *fn, void *data,
			 struct credential_cache **ret)
{
	struct credential_cache *cache = calloc(1, sizeof(*cache));
	const struct worker_conf worker = {
		.name = "keys",
		.queue_max =
			UINT_MAX, /* an entry of the cache each: no more memory than they have */
		.batch_max = 1,
		.end_ms = 2000,
		.drop = true,
		.short_lived = true,
		.run = derive,
		.done = on_derived,
		.data = cache,
	};
	int r;

	assert(fn);
	if (!cache)
		return -ENOMEM;
	cache->fn = fn;
	cache->data = data;
	LIST_INIT(&cache->entries);
	r = worker_new(loop, &worker, &cache->worker);
	if (r < 0) {
		free(cache);
		return r;
	}
	*ret = cache;
	return 0;
}

struct credential_cache *credential_cache_free(struct credential_cache *cache)
{
	if (!cache)
		return NULL;
	cache->ending = true;
	if (!worker_end(cache->worker))
		return NULL; /* the thread has an entry */
	assert(!LIST_FIRST(&cache->entries));
	free(cache);
	return NULL;
}
