/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shared credentials and their key derivation in a thread. Decides when keys are derived
 * (once per distinct credential); not to which engine they are localized.
 * Source: RFC 3414 A.2 (a megabyte is hashed per key), pthreads(7), eventfd(2).
 */
#include "common/engine/credential_cache.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/fnv1a.h"
#include "common/base/queue.h"
#include "common/loop/loop.h"

struct entry {
	struct shared_credential shared; /* first: entries are found from it */
	LIST_ENTRY(entry) of_cache;
	STAILQ_ENTRY(entry) of_work; /* in todo or done */
	uint64_t hash;
	unsigned int refs;
	int result;		/* by the thread */
	struct usm_master made; /* by the thread; taken over on the loop's */
};
STAILQ_HEAD(work, entry);
LIST_HEAD(entries, entry);

struct credential_cache {
	struct loop *loop;
	credential_ready_fn *fn;
	void *data;
	struct entries entries;
	int wake_fd;
	struct loop_fd *watch;
	pthread_mutex_t lock; /* of the following */
	struct work todo, done;
	bool running; /* the thread takes from todo */
	bool started; /* there is a thread to join */
	pthread_t thread;
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

static void *derive_all(void *data)
{
	struct credential_cache *cache = data;
	struct entry *e;

	pthread_mutex_lock(&cache->lock);
	while ((e = STAILQ_FIRST(&cache->todo))) {
		STAILQ_REMOVE_HEAD(&cache->todo, of_work);
		pthread_mutex_unlock(&cache->lock);
		e->result = usm_make_master(&e->shared.cred, &e->made);
		pthread_mutex_lock(&cache->lock);
		STAILQ_INSERT_TAIL(&cache->done, e, of_work);
		(void)eventfd_write(cache->wake_fd, 1);
	}
	cache->running = false;
	pthread_mutex_unlock(&cache->lock);
	return NULL;
}

/* With all signals blocked: they are the loop thread's. */
static int start_thread(struct credential_cache *cache)
{
	sigset_t all, old;
	int r;

	if (cache->started)
		pthread_join(cache->thread, NULL); /* it has left its loop: running was false */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&cache->thread, NULL, derive_all, cache);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	cache->started = r == 0;
	return -r;
}

static void derive(struct credential_cache *cache, struct entry *e)
{
	bool start;

	pthread_mutex_lock(&cache->lock);
	STAILQ_INSERT_TAIL(&cache->todo, e, of_work);
	start = !cache->running;
	cache->running = true;
	pthread_mutex_unlock(&cache->lock);
	if (start && start_thread(cache) < 0)
		derive_all(cache); /* a sandbox without threads: slow beats never */
}

static void entry_put(struct entry *e);

static void on_derived(void *data, int fd, unsigned int what)
{
	struct credential_cache *cache = data;
	struct work done = STAILQ_HEAD_INITIALIZER(done);
	struct entry *e;
	eventfd_t count;

	(void)what;
	(void)eventfd_read(fd, &count);
	pthread_mutex_lock(&cache->lock);
	STAILQ_CONCAT(&done, &cache->done);
	pthread_mutex_unlock(&cache->lock);
	while ((e = STAILQ_FIRST(&done))) {
		STAILQ_REMOVE_HEAD(&done, of_work);
		e->shared.state = e->result == 0 ? CREDENTIAL_READY : CREDENTIAL_FAILED;
		e->shared.master = e->made;
		cache->fn(cache->data, &e->shared);
		entry_put(e);
	}
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
		LIST_INSERT_HEAD(&cache->entries, e, of_cache);
		e->shared.state = CREDENTIAL_READY;
		if (cred->version == SNMP_V3 && cred->level >= SNMP_SEC_AUTH) {
			e->shared.state = CREDENTIAL_PENDING;
			e->refs++; /* the derivation's */
			derive(cache, e);
		}
	}
	e->refs++;
	*ret = &e->shared;
	return 0;
}

static void entry_put(struct entry *e)
{
	if (--e->refs > 0)
		return;
	LIST_REMOVE(e, of_cache);
	entry_free(e);
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
	int r;

	if (!cache)
		return -ENOMEM;
	cache->fn = fn;
	cache->data = data;
	LIST_INIT(&cache->entries);
	STAILQ_INIT(&cache->todo);
	STAILQ_INIT(&cache->done);
	pthread_mutex_init(&cache->lock, NULL);
	cache->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = cache->wake_fd < 0 ? -errno : 0;
	if (r == 0)
		r = loop_fd_new(loop, cache->wake_fd, LOOP_READ, on_derived, cache, &cache->watch);
	if (r < 0) {
		credential_cache_free(cache);
		return r;
	}
	*ret = cache;
	return 0;
}

struct credential_cache *credential_cache_free(struct credential_cache *cache)
{
	struct entry *e;

	if (!cache)
		return NULL;
	pthread_mutex_lock(&cache->lock);
	STAILQ_INIT(&cache->todo);
	pthread_mutex_unlock(&cache->lock);
	if (cache->started)
		pthread_join(cache->thread, NULL);
	loop_fd_free(cache->watch);
	if (cache->wake_fd >= 0)
		close(cache->wake_fd);
	while ((e = LIST_FIRST(&cache->entries))) { /* those whose derivation nobody
						       waited for */
		LIST_REMOVE(e, of_cache);
		entry_free(e);
	}
	pthread_mutex_destroy(&cache->lock);
	free(cache);
	return NULL;
}
