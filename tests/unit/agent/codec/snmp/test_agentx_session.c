/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * agentx_session against a master made of the same codec, in virtual time: opening,
 * registering, requests, refusals, silence, nonsense, and input in pieces of any size.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/codec/snmp/agentx_session.h"
#include "agent/core/mib/mib_data.h"
#include "common/base/cleanup.h"
#include "pantau_mib.h"

#include <cmocka.h>

static const struct mib_sizes SIZES = {
	.max_links = 4,
	.max_wifi = 1,
	.max_paths = 1,
	.max_events = 16,
	.hist_minutes = 4,
};

struct fixture {
	struct agentx_session session;
	struct mib_data data;
	void *mem, *hist;
	struct mib_view view;
	uint8_t buf[AGENTX_IN_MAX];
	struct agentx_writer master;
	uint32_t packet;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->mem = calloc(1, mib_data_size(&SIZES));
	f->hist = calloc(1, mib_hist_size(&SIZES));
	assert_int_equal(mib_data_bind(&f->data, &SIZES, f->mem, f->hist), 0);
	f->data.head->n_links = 2;
	f->data.links[0].if_index = 3;
	f->data.links[1].if_index = 9;
	strcpy(f->data.links[0].name, "eth0");
	strcpy(f->data.links[1].name, "wan");
	f->view.data = &f->data;
	f->master = (struct agentx_writer){.buf = f->buf, .room = sizeof(f->buf)};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	free(f->mem);
	free(f->hist);
	free(f);
	return 0;
}

/* ---- the master ---- */

static void master_begin(struct fixture *f, uint8_t type, uint32_t packet)
{
	const struct agentx_header header = {.type = type, .session = 42, .packet = packet};

	agentx_begin(&f->master, &header);
}

static int master_send(struct fixture *f, int64_t now_us)
{
	int r;

	assert_true(agentx_end(&f->master));
	f->view.world.now_us = now_us;
	r = agentx_session_input(&f->session, &f->view, f->buf, f->master.len);
	f->master.len = 0;
	return r;
}

/* The first PDU that the session has for the master; it is taken off. */
static struct agentx_header take(struct fixture *f, struct agentx_reader *ret)
{
	static uint8_t copy[AGENTX_OUT_MAX];
	struct agentx_header header = {0};

	assert_true(f->session.out.len >= AGENTX_HEADER_LEN);
	memcpy(copy, f->session.out_buf, f->session.out.len);
	assert_int_equal(agentx_header_parse(copy, &header), 0);
	agentx_session_sent(&f->session, AGENTX_HEADER_LEN + header.payload_len);
	*ret = agentx_reader(&header, copy + AGENTX_HEADER_LEN);
	return header;
}

static int respond(struct fixture *f, uint32_t packet, uint16_t error, int64_t now_us)
{
	master_begin(f, AGENTX_RESPONSE, packet);
	agentx_put_u32(&f->master, 0);
	agentx_put_u16(&f->master, error);
	agentx_put_u16(&f->master, 0);
	return master_send(f, now_us);
}

static void serve(struct fixture *f)
{
	struct agentx_reader r;
	struct agentx_header header;
	struct agentx_oid root;

	agentx_session_connected(&f->session, 0);
	header = take(f, &r);
	assert_int_equal(header.type, AGENTX_OPEN);
	assert_int_equal(respond(f, header.packet, 0, 10), 0);
	header = take(f, &r);
	assert_int_equal(header.type, AGENTX_REGISTER);
	assert_int_equal(header.session, 42);
	agentx_read_u32(&r);
	agentx_read_oid(&r, &root);
	assert_memory_equal(root.subids, MIB_PANTAU_ROOT, MIB_PANTAU_ROOT_LEN * sizeof(snmp_oid_t));
	assert_int_equal(respond(f, header.packet, 0, 20), 0);
	assert_int_equal(f->session.state, AGENTX_STATE_SERVING);
	assert_int_equal(f->session.out.len, 0);
}

static const snmp_oid_t NAME_3[] = {PANTAU_OID_LINK_NAME, 3};
static const snmp_oid_t NAMES[] = {PANTAU_OID_LINK_NAME};
static const snmp_oid_t ROLES[] = {PANTAU_OID_LINK_ROLE};

static void put_range(struct fixture *f, const snmp_oid_t *start, size_t len,
		      const snmp_oid_t *limit, size_t limit_len)
{
	agentx_put_oid(&f->master, start, len);
	agentx_put_oid(&f->master, limit, limit_len);
}

struct binding {
	uint16_t type;
	struct agentx_oid name;
	char text[32];
};

static struct binding read_binding(struct agentx_reader *r)
{
	struct binding b = {0};
	size_t len;

	b.type = agentx_read_u16(r);
	agentx_read_u16(r);
	agentx_read_oid(r, &b.name);
	if (b.type == SNMP_TYPE_OCTETS) {
		const uint8_t *p = agentx_read_octets(r, &len);

		memcpy(b.text, p, len);
	} else if (b.type == SNMP_TYPE_INTEGER) {
		agentx_read_u32(r);
	}
	assert_false(r->error);
	return b;
}

static void skip_binding(struct agentx_reader *r)
{
	uint16_t type = agentx_read_u16(r);
	struct agentx_oid name;
	size_t len;

	agentx_read_u16(r);
	agentx_read_oid(r, &name);
	if (type == SNMP_TYPE_OCTETS)
		agentx_read_octets(r, &len);
	else if (type == SNMP_TYPE_COUNTER64)
		agentx_read_u32(r);
	if (type != SNMP_TYPE_OCTETS && type < SNMP_TYPE_NO_SUCH_OBJECT)
		agentx_read_u32(r);
	assert_false(r->error);
}

/* The head of a Response; returns its error. */
static uint16_t take_response(struct fixture *f, struct agentx_reader *r, uint32_t packet)
{
	struct agentx_header header = take(f, r);
	uint16_t error;

	assert_int_equal(header.type, AGENTX_RESPONSE);
	assert_int_equal(header.packet, packet);
	assert_int_equal(header.session, 42);
	agentx_read_u32(r);
	error = agentx_read_u16(r);
	agentx_read_u16(r);
	return error;
}

/* ---- tests ---- */

static void test_get(void **state)
{
	static const snmp_oid_t missing[] = {PANTAU_OID_LINK_NAME, 4};
	static const snmp_oid_t alien[] = {1, 3, 6, 1, 2, 1, 99, 0};
	struct fixture *f = *state;
	struct agentx_reader r;
	struct binding b;

	serve(f);
	master_begin(f, AGENTX_GET, 7);
	put_range(f, NAME_3, ARRAY_LEN(NAME_3), NULL, 0);
	put_range(f, missing, ARRAY_LEN(missing), NULL, 0);
	put_range(f, alien, ARRAY_LEN(alien), NULL, 0);
	assert_int_equal(master_send(f, 30), 0);
	assert_int_equal(take_response(f, &r, 7), 0);
	b = read_binding(&r);
	assert_string_equal(b.text, "eth0");
	assert_int_equal(read_binding(&r).type, SNMP_TYPE_NO_SUCH_INSTANCE);
	assert_int_equal(read_binding(&r).type, SNMP_TYPE_NO_SUCH_OBJECT);
	assert_true(r.at == r.end);
}

/* GETNEXT stays below its limit. */
static void test_next(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;
	struct binding b;

	serve(f);
	master_begin(f, AGENTX_GETNEXT, 8);
	put_range(f, NAME_3, ARRAY_LEN(NAME_3), ROLES, ARRAY_LEN(ROLES));
	put_range(f, NAMES, ARRAY_LEN(NAMES), NAME_3, ARRAY_LEN(NAME_3));
	assert_int_equal(master_send(f, 30), 0);
	assert_int_equal(take_response(f, &r, 8), 0);
	b = read_binding(&r);
	assert_string_equal(b.text, "wan");
	b = read_binding(&r);
	assert_int_equal(b.type, SNMP_TYPE_END_OF_MIB_VIEW);
	assert_int_equal(b.name.len, ARRAY_LEN(NAMES));
}

static void test_bulk(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;
	static const char *const want[] = {"eth0", "eth0", "wan", "wan"};

	serve(f);
	master_begin(f, AGENTX_GETBULK, 9);
	agentx_put_u16(&f->master, 1);
	agentx_put_u16(&f->master, 9);
	put_range(f, NAMES, ARRAY_LEN(NAMES), NULL, 0);
	put_range(f, NAMES, ARRAY_LEN(NAMES), ROLES, ARRAY_LEN(ROLES));
	assert_int_equal(master_send(f, 30), 0);
	assert_int_equal(take_response(f, &r, 9), 0);
	assert_string_equal(read_binding(&r).text, want[0]);
	assert_string_equal(read_binding(&r).text, want[1]);
	assert_string_equal(read_binding(&r).text, want[2]);
	assert_int_equal(read_binding(&r).type, SNMP_TYPE_END_OF_MIB_VIEW);
	assert_true(r.at == r.end);
}

/* An answer that cannot all fit has whole repetitions, and fits. */
static void test_bulk_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;
	size_t n = 0;

	serve(f);
	master_begin(f, AGENTX_GETBULK, 9);
	agentx_put_u16(&f->master, 0);
	agentx_put_u16(&f->master, 65535);
	for (int i = 0; i < 60; i++)
		put_range(f, NAMES, ARRAY_LEN(NAMES), NULL, 0);
	assert_int_equal(master_send(f, 30), 0);
	assert_int_equal(take_response(f, &r, 9), 0);
	for (; r.at < r.end; n++)
		skip_binding(&r);
	assert_true(n > 1000 && n % 60 == 0);
}

static void test_set_is_refused(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;

	serve(f);
	master_begin(f, AGENTX_TESTSET, 5);
	assert_int_equal(master_send(f, 30), 0);
	assert_int_equal(take_response(f, &r, 5), AGENTX_NOT_WRITABLE);
	master_begin(f, AGENTX_CLEANUPSET, 6);
	assert_int_equal(master_send(f, 30), 0);
	assert_int_equal(f->session.out.len, 0);
}

static void test_pieces(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;

	serve(f);
	for (size_t step = 1; step < 90; step++) {
		master_begin(f, AGENTX_GET, (uint32_t)step);
		put_range(f, NAME_3, ARRAY_LEN(NAME_3), NULL, 0);
		assert_true(agentx_end(&f->master));
		for (size_t at = 0; at < f->master.len; at += step) {
			size_t n = f->master.len - at < step ? f->master.len - at : step;

			assert_int_equal(
				agentx_session_input(&f->session, &f->view, f->buf + at, n), 0);
		}
		f->master.len = 0;
		assert_int_equal(take_response(f, &r, (uint32_t)step), 0);
		assert_string_equal(read_binding(&r).text, "eth0");
	}
}

/* What a master of the other byte order sends (by hand: the writer knows one order). */
static void test_little_endian(void **state)
{
	static const uint8_t get[] = {
		1, AGENTX_GET, 0, 0, 42, 0, 0, 0, 1, 0, 0, 0, 7, 0,
		0, 0,	       8, 0, 0,	 0, 0, 4, 0, 0, 0, 0, 0, 0, /* 1.3.6.1.4, null */
	};
	struct fixture *f = *state;
	struct agentx_reader r;
	struct binding b;

	serve(f);
	assert_int_equal(agentx_session_input(&f->session, &f->view, get, sizeof(get)), 0);
	assert_int_equal(take_response(f, &r, 7), 0);
	b = read_binding(&r);
	assert_int_equal(b.type, SNMP_TYPE_NO_SUCH_OBJECT);
	assert_int_equal(b.name.len, 5);
	assert_int_equal(b.name.subids[4], 4);
}

/* Refused while the master still has the old session: asked again, not given up. */
static void test_duplicate_registration(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;
	struct agentx_header header;

	agentx_session_connected(&f->session, 0);
	header = take(f, &r);
	assert_int_equal(respond(f, header.packet, 0, 10), 0);
	header = take(f, &r);
	assert_int_equal(respond(f, header.packet, 263, 20), 0);
	assert_int_equal(f->session.state, AGENTX_STATE_REGISTERING);
	assert_int_equal(agentx_session_wakeup(&f->session), 20 + AGENTX_REGISTER_US);
	assert_int_equal(agentx_session_tick(&f->session, 20 + AGENTX_REGISTER_US), 0);
	header = take(f, &r);
	assert_int_equal(header.type, AGENTX_REGISTER);
	assert_int_equal(respond(f, header.packet, 0, 400000), 0);
	assert_int_equal(f->session.state, AGENTX_STATE_SERVING);
}

/* Another sub-agent has the subtree: the master's log is not to be filled. */
static void test_registration_of_another(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;
	struct agentx_header header;
	int64_t now_us = 10;

	agentx_session_connected(&f->session, 0);
	header = take(f, &r);
	assert_int_equal(respond(f, header.packet, 0, now_us), 0);
	for (unsigned int i = 1; i < 15; i++) {
		header = take(f, &r);
		assert_int_equal(header.type, AGENTX_REGISTER);
		assert_int_equal(respond(f, header.packet, 263, now_us), 0);
		assert_int_equal(f->session.refused, i);
		assert_int_equal(agentx_session_wakeup(&f->session) - now_us,
				 i < AGENTX_REGISTER_TRIES ? AGENTX_REGISTER_US
							   : AGENTX_REGISTER_LATER_US);
		now_us = agentx_session_wakeup(&f->session);
		assert_int_equal(agentx_session_tick(&f->session, now_us), 0);
	}
	agentx_session_disconnected(&f->session);
	agentx_session_connected(&f->session, now_us);
	assert_int_equal(f->session.refused, 0);
}

static void test_ping_and_silence(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;
	struct agentx_header header;
	int64_t now = 20 + AGENTX_PING_US;

	serve(f);
	assert_int_equal(agentx_session_tick(&f->session, now - 1), 0);
	assert_int_equal(f->session.out.len, 0);
	assert_int_equal(agentx_session_tick(&f->session, now), 0);
	header = take(f, &r);
	assert_int_equal(header.type, AGENTX_PING);
	/* No answer: nothing more is sent, the session stays, until patience ends. */
	assert_int_equal(agentx_session_tick(&f->session, now + AGENTX_PATIENCE_US - 1), 0);
	assert_int_equal(f->session.out.len, 0);
	assert_int_equal(agentx_session_tick(&f->session, now + AGENTX_PATIENCE_US), -ETIMEDOUT);
	/* An answer in time, as after a thaw. */
	assert_int_equal(respond(f, header.packet, 0, now + 9000000), 0);
	assert_int_equal(agentx_session_wakeup(&f->session), now + 9000000 + AGENTX_PING_US);
}

static void test_forgotten(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;
	struct agentx_header header;

	serve(f);
	agentx_session_tick(&f->session, 20 + AGENTX_PING_US);
	header = take(f, &r);
	assert_int_equal(respond(f, header.packet, AGENTX_NOT_OPEN, 30), -ECONNRESET);
}

static void test_closed_and_refused(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;
	struct agentx_header header;

	agentx_session_connected(&f->session, 0);
	header = take(f, &r);
	assert_int_equal(respond(f, header.packet, 256, 10), -ECONNREFUSED);
	agentx_session_disconnected(&f->session);
	assert_int_equal(agentx_session_wakeup(&f->session), INT64_MAX);
	serve(f);
	master_begin(f, AGENTX_CLOSE, 1);
	agentx_put_u32(&f->master, 0);
	assert_int_equal(master_send(f, 30), -ECONNRESET);
}

static void test_nonsense(void **state)
{
	static const struct {
		uint8_t version, type, length[4];
	} cases[] = {
		{2, AGENTX_GET, {0, 0, 0, 0}},
		{1, AGENTX_GET, {0, 0, 0, 3}},
		{1, AGENTX_GET, {0xff, 0xff, 0xff, 0xfc}},
		{1, AGENTX_OPEN, {0, 0, 0, 0}},
		{1, 99, {0, 0, 0, 0}},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t pdu[AGENTX_HEADER_LEN] = {cases[i].version, cases[i].type,
						  AGENTX_NETWORK_BYTE_ORDER};

		serve(f);
		memcpy(pdu + 16, cases[i].length, 4);
		assert_int_equal(agentx_session_input(&f->session, &f->view, pdu, sizeof(pdu)),
				 -EBADMSG);
		agentx_session_disconnected(&f->session);
	}
}

/* A list that ends within a name is an error of that request alone. */
static void test_broken_request(void **state)
{
	struct fixture *f = *state;
	struct agentx_reader r;

	serve(f);
	master_begin(f, AGENTX_GETNEXT, 4);
	agentx_put_oid(&f->master, NAMES, ARRAY_LEN(NAMES));
	assert_int_equal(master_send(f, 30), 0);
	assert_int_equal(take_response(f, &r, 4), AGENTX_PARSE_ERROR);
	assert_true(r.at == r.end);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_get),
		TEST(test_next),
		TEST(test_bulk),
		TEST(test_bulk_is_bounded),
		TEST(test_set_is_refused),
		TEST(test_pieces),
		TEST(test_little_endian),
		TEST(test_duplicate_registration),
		TEST(test_registration_of_another),
		TEST(test_ping_and_silence),
		TEST(test_forgotten),
		TEST(test_closed_and_refused),
		TEST(test_nonsense),
		TEST(test_broken_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
