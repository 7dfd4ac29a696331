/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what to tell an AgentX master, and when. Does not own the connection.
 * Source: RFC 2741 6.2 (PDUs), 7.1 (opening, registering, pings), 7.2 (requests).
 */
#include "agent/codec/snmp/agentx_session.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/base/cleanup.h"

enum {
	PRIORITY = 127, /* RFC 2741 6.2.3: the default */
	REPEATERS_MAX = 64,
};

/* ---- what the session asks for ---- */

static void begin(struct agentx_session *s, enum agentx_type type)
{
	const struct agentx_header header = {
		.type = (uint8_t)type,
		.session = s->id,
		.packet = ++s->packet,
	};

	agentx_begin(&s->out, &header);
}

static void end(struct agentx_session *s, int64_t now_us)
{
	agentx_end(&s->out);
	s->waiting = true;
	s->sent_us = now_us;
}

static void send_register(struct agentx_session *s, int64_t now_us)
{
	begin(s, AGENTX_REGISTER);
	agentx_put_u32(&s->out, PRIORITY << 16); /* timeout, priority, range_subid, reserved */
	agentx_put_oid(&s->out, MIB_PANTAU_ROOT, MIB_PANTAU_ROOT_LEN);
	end(s, now_us);
	s->state = AGENTX_STATE_REGISTERING;
}

void agentx_session_connected(struct agentx_session *s, int64_t now_us)
{
	static const char descr[] = "Pantau agent";

	assert(s->state == AGENTX_STATE_OFF);
	s->in_len = 0;
	s->id = 0;
	s->refused = 0;
	s->out = (struct agentx_writer){.buf = s->out_buf, .room = sizeof(s->out_buf)};
	begin(s, AGENTX_OPEN);
	agentx_put_u32(&s->out, 0); /* the master's own time-out */
	agentx_put_oid(&s->out, MIB_PANTAU_ROOT, MIB_PANTAU_ROOT_LEN);
	agentx_put_octets(&s->out, (const uint8_t *)descr, sizeof(descr) - 1);
	end(s, now_us);
	s->state = AGENTX_STATE_OPENING;
}

void agentx_session_disconnected(struct agentx_session *s)
{
	s->state = AGENTX_STATE_OFF;
	s->waiting = false;
	s->in_len = 0;
	s->out.len = 0;
}

/* ---- answers of the master ---- */

/* now_us is only known to tick; what follows an answer is due at once. */
static int on_response(struct agentx_session *s, const struct agentx_header *header,
		       struct agentx_reader *r, int64_t now_us)
{
	uint16_t error;

	if (!s->waiting || header->packet != s->packet)
		return 0;
	agentx_read_u32(r); /* the master's sysUpTime */
	error = agentx_read_u16(r);
	if (r->error)
		return -EBADMSG;
	s->waiting = false;
	s->next_us = now_us + AGENTX_PING_US;
	switch (s->state) {
	case AGENTX_STATE_OPENING:
		if (error != AGENTX_NO_ERROR)
			return -ECONNREFUSED;
		s->id = header->session;
		send_register(s, now_us);
		return 0;
	case AGENTX_STATE_REGISTERING:
		/* Refused while the master still holds the session of an earlier
		 * connection. */
		if (error == AGENTX_NO_ERROR) {
			s->state = AGENTX_STATE_SERVING;
			return 0;
		}
		s->refused++;
		s->next_us =
			now_us + (s->refused < AGENTX_REGISTER_TRIES ? AGENTX_REGISTER_US
								     : AGENTX_REGISTER_LATER_US);
		return error == AGENTX_NOT_OPEN ? -ECONNRESET : 0;
	default:
		return error == AGENTX_NO_ERROR ? 0 : -ECONNRESET;
	}
}

/* ---- requests of the master ---- */

static void begin_response(struct agentx_session *s, const struct agentx_header *request,
			   uint16_t error, uint16_t index)
{
	struct agentx_header header = *request;

	header.type = AGENTX_RESPONSE;
	agentx_begin(&s->out, &header);
	agentx_put_u32(&s->out, 0);
	agentx_put_u16(&s->out, error);
	agentx_put_u16(&s->out, index);
}

static int send_error(struct agentx_session *s, const struct agentx_header *request, uint16_t error,
		      uint16_t index)
{
	begin_response(s, request, error, index);
	return agentx_end(&s->out) ? 0 : -ENOBUFS;
}

static bool add_get(struct agentx_session *s, const struct mib_view *view,
		    const struct agentx_oid *name)
{
	struct snmp_varbind vb = {0};
	enum mib_outcome outcome = mib_view_get(view, name->subids, name->len, &vb);

	vb.name = name->subids;
	vb.name_len = name->len;
	if (outcome != MIB_FOUND)
		vb.type = outcome == MIB_NO_SUCH_OBJECT ? SNMP_TYPE_NO_SUCH_OBJECT
							: SNMP_TYPE_NO_SUCH_INSTANCE;
	return agentx_put_varbind(&s->out, &vb);
}

/* The first instance in [start, limit), or after start; start becomes its name. *ret_some
 * is left alone if there is none. */
static bool add_next(struct agentx_session *s, const struct mib_view *view,
		     struct agentx_oid *start, const struct agentx_oid *limit, bool *ret_some)
{
	struct snmp_varbind vb = {.name = start->subids, .name_len = start->len};
	struct mib_name at;

	if (mib_view_next(view, start->subids, start->len, start->include, &at, &vb) == MIB_FOUND &&
	    (limit->len == 0 || mib_oid_cmp(at.subids, at.len, limit->subids, limit->len) < 0)) {
		memcpy(start->subids, at.subids, at.len * sizeof(at.subids[0]));
		start->len = at.len;
		start->include = false;
		vb.name = start->subids;
		vb.name_len = start->len;
		*ret_some = true;
	} else {
		vb.type = SNMP_TYPE_END_OF_MIB_VIEW;
	}
	return agentx_put_varbind(&s->out, &vb);
}

struct range {
	struct agentx_oid start, limit;
};

/* As SNMP's GETBULK: each range once, then the rest over and over until the answer is
 * full. */
static void add_bulk(struct agentx_session *s, const struct mib_view *view, struct range *ranges,
		     size_t n, size_t once, unsigned int repetitions)
{
	bool some;

	for (size_t i = 0; i < once; i++) {
		if (!add_next(s, view, &ranges[i].start, &ranges[i].limit, &some))
			return;
	}
	/* Once all of them are at their end, so is the answer. */
	for (some = once<n; repetitions> 0 && some; repetitions--) {
		size_t mark = s->out.len;

		some = false;
		for (size_t i = once; i < n; i++) {
			if (add_next(s, view, &ranges[i].start, &ranges[i].limit, &some))
				continue;
			s->out.len = mark; /* whole repetitions only, RFC 2741 7.2.3.3 */
			return;
		}
	}
}

static int answer_bulk(struct agentx_session *s, const struct mib_view *view,
		       const struct agentx_header *header, struct agentx_reader *r)
{
	size_t once = agentx_read_u16(r), repetitions = agentx_read_u16(r), n = 0;
	struct range ranges[REPEATERS_MAX];

	while (r->at < r->end && n < REPEATERS_MAX) {
		agentx_read_oid(r, &ranges[n].start);
		agentx_read_oid(r, &ranges[n++].limit);
	}
	if (r->error || r->at < r->end)
		return send_error(s, header,
				  r->error ? AGENTX_PARSE_ERROR : AGENTX_PROCESSING_ERROR, 0);
	begin_response(s, header, AGENTX_NO_ERROR, 0);
	add_bulk(s, view, ranges, n, once < n ? once : n, (unsigned int)repetitions);
	return agentx_end(&s->out) ? 0 : -ENOBUFS;
}

static int on_request(struct agentx_session *s, const struct mib_view *view,
		      const struct agentx_header *header, struct agentx_reader *r)
{
	s->requests++;
	if (header->flags & AGENTX_NON_DEFAULT_CONTEXT)
		return send_error(s, header, AGENTX_UNSUPPORTED_CONTEXT, 0);
	switch (header->type) {
	case AGENTX_GET:
	case AGENTX_GETNEXT: {
		struct agentx_oid start, limit;
		bool some;

		begin_response(s, header, AGENTX_NO_ERROR, 0);
		while (r->at < r->end) {
			agentx_read_oid(r, &start);
			agentx_read_oid(r, &limit);
			if (r->error)
				break;
			if (header->type == AGENTX_GET ? !add_get(s, view, &start)
						       : !add_next(s, view, &start, &limit, &some))
				break;
		}
		if (!r->error && r->at == r->end)
			return agentx_end(&s->out) ? 0 : -ENOBUFS;
		s->out.len = s->out.start;
		return send_error(s, header,
				  r->error ? AGENTX_PARSE_ERROR : AGENTX_PROCESSING_ERROR, 0);
	}
	case AGENTX_GETBULK:
		return answer_bulk(s, view, header, r);
	case AGENTX_CLEANUPSET: /* has no answer */
		return 0;
	default: /* nothing here can be set */
		return send_error(s, header, AGENTX_NOT_WRITABLE, 1);
	}
}

static int on_pdu(struct agentx_session *s, const struct mib_view *view,
		  const struct agentx_header *header, const uint8_t *payload)
{
	struct agentx_reader r = agentx_reader(header, payload);

	switch (header->type) {
	case AGENTX_RESPONSE:
		return on_response(s, header, &r, view->world.now_us);
	case AGENTX_CLOSE:
		return -ECONNRESET;
	case AGENTX_GET:
	case AGENTX_GETNEXT:
	case AGENTX_GETBULK:
	case AGENTX_TESTSET:
	case AGENTX_COMMITSET:
	case AGENTX_UNDOSET:
	case AGENTX_CLEANUPSET:
		return on_request(s, view, header, &r);
	default:
		return -EBADMSG;
	}
}

/* ---- octets ---- */

int agentx_session_input(struct agentx_session *s, const struct mib_view *view,
			 const uint8_t *octets, size_t len)
{
	assert(s->state != AGENTX_STATE_OFF);
	while (len > 0) {
		size_t n = sizeof(s->in) - s->in_len;
		size_t at = 0;
		int r = 0;

		n = n < len ? n : len;
		memcpy(s->in + s->in_len, octets, n);
		s->in_len += n;
		octets += n;
		len -= n;
		/* Whole PDUs at the front of in; the rest moves up. */
		while (r == 0 && s->in_len - at >= AGENTX_HEADER_LEN) {
			struct agentx_header header;

			r = agentx_header_parse(s->in + at, &header);
			if (r < 0 || s->in_len - at < AGENTX_HEADER_LEN + header.payload_len)
				break;
			at += AGENTX_HEADER_LEN;
			r = on_pdu(s, view, &header, s->in + at);
			at += header.payload_len;
		}
		s->in_len -= at;
		memmove(s->in, s->in + at, s->in_len);
		if (r < 0)
			return r;
	}
	return 0;
}

void agentx_session_sent(struct agentx_session *s, size_t n)
{
	assert(n <= s->out.len);
	s->out.len -= n;
	memmove(s->out_buf, s->out_buf + n, s->out.len);
}

/* ---- time ---- */

int64_t agentx_session_wakeup(const struct agentx_session *s)
{
	if (s->state == AGENTX_STATE_OFF)
		return INT64_MAX;
	return s->waiting ? s->sent_us + AGENTX_PATIENCE_US : s->next_us;
}

int agentx_session_tick(struct agentx_session *s, int64_t now_us)
{
	if (now_us < agentx_session_wakeup(s))
		return 0;
	if (s->waiting)
		return -ETIMEDOUT;
	if (s->state == AGENTX_STATE_REGISTERING) {
		send_register(s, now_us);
	} else {
		begin(s, AGENTX_PING);
		end(s, now_us);
	}
	return 0;
}
