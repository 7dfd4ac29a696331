/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An SNMP agent on a port of loopback that answers by script: right, late, twice, from
 * elsewhere, with another number, garbage, not at all; by SNMPv3 with the faults that are
 * set. It lives on the harness's loop.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/engine/snmp_engine.h"
#include "common/engine/usm_peer.h"
#include "engine_harness.h"

enum act {
	ANSWER,
	DROP,
	TWICE,
	OTHER_SOURCE,
	OTHER_ID,
	GARBAGE,
	CUT,
	BAD_BINDINGS,
	NO_RESPONSE,
	END
};

/* One act per request, the last one for ever. */
struct responder {
	struct engine_harness *h;
	struct loop_fd *watch;
	int fd, other_fd;
	struct sockaddr_in addr, client;
	const enum act *script;
	int64_t delay_us; /* of each answer; 0: at once */
	unsigned int requests;
	int64_t last_id;
	/* SNMPv3 */
	struct usm_peer self;
	int64_t wrong_window_for_ever, boots_of_unauthentic;
	bool plain_answers, wrong_digest, reports_unauthenticated;
};

/* The only user that it knows. */
extern const struct snmp_credential RESPONDER_V3;

void responder_init(struct responder *r, struct engine_harness *h, const enum act *script);
void responder_deinit(struct responder *r);
/* Which SNMPv3 engine it is from now on; time in seconds. */
void responder_set_engine(struct responder *r, const char *id, uint32_t boots, uint32_t time);
