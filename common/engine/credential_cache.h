/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Credentials shared by the devices that use them: one copy, and for SNMPv3 one
 * derivation of the keys from the passphrases. That takes 1-12 ms, so a thread does it
 * and the loop is told; the thread lives only while there is something to derive.
 */
#pragma once

#include "common/base/cleanup.h"
#include "common/snmp/snmp_usm.h"

struct loop;
struct credential_cache;

enum credential_state { CREDENTIAL_PENDING, CREDENTIAL_READY, CREDENTIAL_FAILED };

/* Read-only for users of the cache. master is valid while state is CREDENTIAL_READY. */
struct shared_credential {
	struct snmp_credential cred; /* its strings are the cache's copies */
	struct usm_master master;
	enum credential_state state;
};

/* A credential left CREDENTIAL_PENDING. On the loop's thread, never from inside another
 * call. */
typedef void credential_ready_fn(void *data, const struct shared_credential *cred);

must_check_ int credential_cache_new(struct loop *loop, credential_ready_fn *fn, void *data,
				     struct credential_cache **ret);
/* All credentials must have been put back. */
struct credential_cache *credential_cache_free(struct credential_cache *cache);

/* The shared form of cred, which is checked and copied. 0; -EINVAL, -EPROTONOSUPPORT,
 * -ENOMEM. */
must_check_ int credential_cache_get(struct credential_cache *cache,
				     const struct snmp_credential *cred,
				     const struct shared_credential **ret);
/* Gives it back; accepts NULL. The last one wipes it from memory. */
void credential_cache_put(const struct shared_credential *cred);
