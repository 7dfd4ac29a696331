/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices of the request engine: address, credential, engine id. Finds devices by address;
 * sends nothing.
 */
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "common/base/peer_address.h"
#include "common/engine/snmp_engine_private.h"
#include "common/loop/loop.h"

enum { FIRST_BUCKETS = 64 };

static struct snmp_target **bucket_of(const struct snmp_engine *engine,
				      const struct sockaddr_storage *addr)
{
	return &engine->by_address[peer_address_hash(addr) & (engine->n_buckets - 1)];
}

struct snmp_target *snmp_engine_bucket(const struct snmp_engine *engine,
				       const struct sockaddr_storage *addr)
{
	return engine->n_buckets ? *bucket_of(engine, addr) : NULL;
}

static void enter(struct snmp_engine *engine, struct snmp_target *target)
{
	struct snmp_target **head = bucket_of(engine, &target->addr);

	target->next_by_address = *head;
	*head = target;
}

static int check_address(const struct sockaddr *addr, socklen_t len)
{
	if (addr->sa_family == AF_INET && len >= sizeof(struct sockaddr_in))
		return 0;
	if (addr->sa_family == AF_INET6 && len >= sizeof(struct sockaddr_in6))
		return 0;
	return -EAFNOSUPPORT;
}

static int make_peer(struct snmp_target *target)
{
	if (target->cred->cred.version != SNMP_V3)
		return 0;
	target->peer = calloc(1, sizeof(*target->peer));
	if (!target->peer)
		return -ENOMEM;
	target->peer->salt = request_table_random(&target->engine->table);
	return 0;
}

int snmp_target_new(struct snmp_engine *engine, const struct sockaddr *addr, socklen_t addr_len,
		    const struct snmp_credential *cred, struct snmp_target **ret)
{
	struct snmp_target *target;
	int r = check_address(addr, addr_len);

	loop_assert_thread(engine->loop);
	assert(cred);
	if (r == 0 && engine->n_targets >= engine->n_buckets) {
		size_t n = engine->n_buckets ? engine->n_buckets * 2 : FIRST_BUCKETS;
		struct snmp_target **buckets = calloc(n, sizeof(struct snmp_target *));

		if (!buckets)
			return -ENOMEM;
		free(engine->by_address);
		engine->by_address = buckets;
		engine->n_buckets = n;
		LIST_FOREACH (target, &engine->targets, of_engine)
			enter(engine, target);
	}
	target = calloc(1, sizeof(*target));
	if (!target)
		return -ENOMEM;
	target->engine = engine;
	target->addr_len = addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
						      : sizeof(struct sockaddr_in6);
	memcpy(&target->addr, addr, target->addr_len);
	LIST_INIT(&target->requests);
	TAILQ_INIT(&target->parked);
	r = credential_cache_get(engine->credentials, cred, &target->cred);
	if (r == 0)
		r = make_peer(target);
	if (r < 0) {
		credential_cache_put(target->cred);
		free(target);
		return r;
	}
	LIST_INSERT_HEAD(&engine->targets, target, of_engine);
	enter(engine, target);
	engine->n_targets++;
	*ret = target;
	return 0;
}

struct snmp_target *snmp_target_free(struct snmp_target *target)
{
	struct snmp_request *req;
	struct snmp_target **at;

	if (!target)
		return NULL;
	loop_assert_thread(target->engine->loop);
	assert(!target->dying && target->engine->n_targets > 0);
	target->dying = true; /* a callback that asks again is refused */
	while ((req = LIST_FIRST(&target->requests)))
		snmp_request_fail(req, SNMP_OUTCOME_CANCELLED, 0);
	at = bucket_of(target->engine, &target->addr);
	while (*at != target)
		at = &(*at)->next_by_address;
	*at = target->next_by_address;
	LIST_REMOVE(target, of_engine);
	target->engine->n_targets--;
	credential_cache_put(target->cred);
	if (target->peer)
		explicit_bzero(target->peer, sizeof(*target->peer));
	free(target->peer);
	free(target);
	return NULL;
}

void snmp_target_get_engine_id(const struct snmp_target *target, struct snmp_engine_id *ret)
{
	const struct usm_peer *peer = target->peer;

	*ret = (struct snmp_engine_id){0};
	if (!peer || !peer->engine_id_len)
		return;
	memcpy(ret->octets, peer->engine_id, peer->engine_id_len);
	ret->len = peer->engine_id_len;
	ret->boots = peer->boots;
	ret->time = peer->time;
	ret->at_us = peer->at_us;
}

int snmp_target_set_engine_id(struct snmp_target *target, const struct snmp_engine_id *id)
{
	int r;

	if (!target->peer || id->len > sizeof(id->octets))
		return -EINVAL;
	r = usm_peer_set_engine(target->peer, id->octets, id->len);
	if (r == 0)
		usm_peer_set_time(target->peer, id->boots, id->time, id->at_us);
	return r;
}

int64_t snmp_target_rtt_us(const struct snmp_target *target)
{
	return target->rtt.smooth_us;
}

void snmp_target_on_late(struct snmp_target *target, snmp_late_fn *fn, void *data)
{
	target->late_fn = fn;
	target->late_data = data;
}

void snmp_target_accept_from(struct snmp_target *target, const struct sockaddr_storage *addr)
{
	target->accepts = true;
	target->accepted = *addr;
}

const struct sockaddr_storage *snmp_target_answers_from(const struct snmp_target *target)
{
	return &target->answers_from;
}
