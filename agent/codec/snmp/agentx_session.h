/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sub-agent's side of AgentX (RFC 2741 7) as a machine without a socket: octets from
 * the master go in, octets for it come out. It opens a session, registers one subtree,
 * answers requests below it from a mib_view and asks now and then whether the master still
 * knows the session.
 *
 *	connected -> OPENING -> REGISTERING -> SERVING
 *
 * A master that does not answer is waited for: a frozen one (SIGSTOP) that goes on finds
 * the session as it was. Only after AGENTX_PATIENCE_US the caller is told to begin anew.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/codec/snmp/agentx_pdu.h"
#include "agent/core/mib/mib_view.h"

enum agentx_state {
	AGENTX_STATE_OFF, /* not connected */
	AGENTX_STATE_OPENING,
	AGENTX_STATE_REGISTERING,
	AGENTX_STATE_SERVING,
};

enum {
	AGENTX_PING_US = 5000000,      /* between two questions whether the master is there */
	AGENTX_PATIENCE_US = 30000000, /* without an answer, before a new connection is tried */
	AGENTX_REGISTER_US = 300000,   /* before a refused registration is tried again */
	/* A master that restarted, or lost the connection, lets go of what an earlier one of
	 * ours had within that many tries; else it is somebody else's, and the master writes
	 * a line to its log each time. */
	AGENTX_REGISTER_TRIES = 10,
	AGENTX_REGISTER_LATER_US = 5000000,
	AGENTX_IN_MAX = AGENTX_HEADER_LEN + AGENTX_PAYLOAD_MAX,
	AGENTX_OUT_MAX = 2 * AGENTX_IN_MAX,
};

struct agentx_session {
	enum agentx_state state;
	uint32_t id, packet;
	bool waiting;	 /* for a Response to our own PDU `packet` */
	int64_t sent_us; /* when that was sent */
	int64_t next_us; /* when to ping, or to register again */
	size_t in_len;
	struct agentx_writer out; /* octets for the master; the caller takes them from the front */
	unsigned int refused;	  /* registrations, since the connection began */
	uint64_t requests;
	uint8_t in[AGENTX_IN_MAX], out_buf[AGENTX_OUT_MAX];
};

/* A new connection: composes the Open PDU. */
void agentx_session_connected(struct agentx_session *s, int64_t now_us);
void agentx_session_disconnected(struct agentx_session *s);

/*
 * Octets from the master, as many as came. Answers are composed from view, which must not
 * change in between. Returns 0, or a negative errno when the connection has to be dropped
 * (-EBADMSG nonsense, -ECONNRESET the master closed or forgot the session, -ENOBUFS it
 * does not take its answers).
 */
int agentx_session_input(struct agentx_session *s, const struct mib_view *view,
			 const uint8_t *octets, size_t len);

/* What is due by time. 0, or -ETIMEDOUT when the connection has to be dropped. */
int agentx_session_tick(struct agentx_session *s, int64_t now_us);

/* Monotonic time at which agentx_session_tick() has something to do; INT64_MAX never. */
int64_t agentx_session_wakeup(const struct agentx_session *s);

/* Takes n octets that were sent off the front of out. */
void agentx_session_sent(struct agentx_session *s, size_t n);
