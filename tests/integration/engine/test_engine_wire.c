/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The request engine against a responder that answers by script: late, twice, from
 * elsewhere, with another number, garbage, not at all; SNMPv3 engines that reboot
 * backwards, lie and share an id; the cap, cancelling, and asking from callbacks.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "engine_harness.h"
#include "responder.h"

#include <cmocka.h>

static const snmp_oid_t SYS_DESCR[] = {1, 3, 6, 1, 2, 1, 1, 1, 0};

struct fixture {
	struct engine_harness h;
	struct responder r;
	struct snmp_engine_stats before;
};

static const struct snmp_credential V2C = {.version = SNMP_V2C, .community = "public"};

static int setup(void **state)
{
	static const enum act ALWAYS[] = {ANSWER, END};
	static struct fixture f;

	engine_harness_init(&f.h);
	responder_init(&f.r, &f.h, ALWAYS);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	responder_deinit(&f->r);
	engine_harness_deinit(&f->h);
	return 0;
}

static struct snmp_ask ask_once(int tries, int64_t timeout_us)
{
	static const struct snmp_varbind V = {.name = SYS_DESCR, .name_len = ARRAY_LEN(SYS_DESCR)};

	return (struct snmp_ask){
		.pdu = SNMP_PDU_GET,
		.varbinds = &V,
		.n_varbinds = 1,
		.deadline_us = loop_now_us() + 5000000,
		.timeout_us = timeout_us,
		.tries = tries,
	};
}

/* Time for datagrams that nobody waits for. */
static void settle(struct engine_harness *h, int64_t us)
{
	unsigned int never = 0;

	harness_run(h, &never, 1, us);
}

/* ---- v2c: answers that are not right ---- */

struct wire_case {
	const char *name;
	enum act script[4];
	int tries;
	enum snmp_outcome outcome;
	unsigned int transmissions;
	size_t counter; /* of struct snmp_engine_stats */
	uint64_t count;
};
#define COUNTER(name) offsetof(struct snmp_engine_stats, name)

static uint64_t counter(const struct engine_harness *h, size_t offset)
{
	struct snmp_engine_stats stats;
	uint64_t value;

	snmp_engine_get_stats(h->engine, &stats);
	memcpy(&value, (const char *)&stats + offset, sizeof(value));
	return value;
}

static void test_wrong_answers(void **state)
{
	static const struct wire_case CASES[] = {
		{"right", {ANSWER, END}, 3, SNMP_OUTCOME_ANSWER, 1, COUNTER(answers), 1},
		{"lost once",
		 {DROP, ANSWER, END},
		 3,
		 SNMP_OUTCOME_ANSWER,
		 2,
		 COUNTER(retransmissions),
		 1},
		{"lost twice",
		 {DROP, DROP, ANSWER, END},
		 3,
		 SNMP_OUTCOME_ANSWER,
		 3,
		 COUNTER(retransmissions),
		 2},
		{"dead", {DROP, END}, 2, SNMP_OUTCOME_TIMEOUT, 2, COUNTER(answers), 0},
		{"twice", {TWICE, END}, 3, SNMP_OUTCOME_ANSWER, 1, COUNTER(duplicate), 1},
		{"elsewhere",
		 {OTHER_SOURCE, ANSWER, END},
		 3,
		 SNMP_OUTCOME_ANSWER,
		 2,
		 COUNTER(wrong_source),
		 1},
		{"number",
		 {OTHER_ID, ANSWER, END},
		 3,
		 SNMP_OUTCOME_ANSWER,
		 2,
		 COUNTER(wrong_id),
		 3},
		{"garbage",
		 {GARBAGE, ANSWER, END},
		 3,
		 SNMP_OUTCOME_ANSWER,
		 2,
		 COUNTER(malformed),
		 1},
		{"cut", {CUT, ANSWER, END}, 3, SNMP_OUTCOME_ANSWER, 2, COUNTER(malformed), 1},
		{"a request",
		 {NO_RESPONSE, ANSWER, END},
		 3,
		 SNMP_OUTCOME_ANSWER,
		 2,
		 COUNTER(malformed),
		 1},
		{"bindings",
		 {BAD_BINDINGS, END},
		 3,
		 SNMP_OUTCOME_MALFORMED,
		 1,
		 COUNTER(malformed),
		 1},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct wire_case *c = &CASES[i];
		struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V2C);
		struct snmp_ask ask = ask_once(c->tries, 30000);
		uint64_t before = counter(&f->h, c->counter);
		struct kept_answer kept;

		f->r.script = c->script;
		harness_ask(&f->h, target, &ask, &kept);
		settle(&f->h, 3000);
		if (kept.answer.outcome != c->outcome ||
		    counter(&f->h, c->counter) - before != c->count)
			print_error("case %s\n", c->name);
		assert_string_equal(snmp_outcome_name(kept.answer.outcome),
				    snmp_outcome_name(c->outcome));
		assert_int_equal(kept.answer.transmissions, c->transmissions);
		assert_int_equal(counter(&f->h, c->counter) - before, c->count);
		assert_int_equal(kept.calls, 1);
		if (c->outcome == SNMP_OUTCOME_ANSWER)
			assert_string_equal(kept.first_text, "right");
		snmp_target_free(target);
	}
}

/* Answers from elsewhere alone are no silence, and are believed where that is allowed: from that
 * address, from any, but not from a third. */
static void test_answers_from_elsewhere(void **state)
{
	static const enum act SCRIPT[] = {OTHER_SOURCE, END};
	struct fixture *f = *state;
	struct sockaddr_storage third = {0}, own = {0}, any = {0};
	const struct {
		const struct sockaddr_storage *accepted;
		enum snmp_outcome outcome;
	} CASES[] = {
		{NULL, SNMP_OUTCOME_OTHER_SOURCE},
		{&third, SNMP_OUTCOME_OTHER_SOURCE},
		{&own, SNMP_OUTCOME_ANSWER},
		{&any, SNMP_OUTCOME_ANSWER},
	};

	*(struct sockaddr_in *)&third = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 77)};
	memcpy(&own, &f->r.addr, sizeof(f->r.addr)); /* the answers come from another port of it */
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V2C);
		struct snmp_ask ask = ask_once(2, 30000);
		struct kept_answer kept;

		if (CASES[i].accepted)
			snmp_target_accept_from(target, CASES[i].accepted);
		assert_int_equal(snmp_target_answers_from(target)->ss_family, 0);
		f->r.script = SCRIPT;
		harness_ask(&f->h, target, &ask, &kept);
		settle(&f->h, 3000);
		assert_string_equal(snmp_outcome_name(kept.answer.outcome),
				    snmp_outcome_name(CASES[i].outcome));
		assert_int_equal(kept.answer.transmissions,
				 CASES[i].outcome == SNMP_OUTCOME_ANSWER ? 1 : 2);
		assert_int_equal(snmp_target_answers_from(target)->ss_family, AF_INET);
		snmp_target_free(target);
	}
}

/* Slower than the timeout: the answer to the first transmission ends the request, and the
 * round trip is known for what it is. */
static void test_slow_device(void **state)
{
	static const enum act SCRIPT[] = {ANSWER, END};
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V2C);
	struct snmp_ask ask = ask_once(5, 30000);
	uint64_t duplicates = counter(&f->h, COUNTER(duplicate));
	struct kept_answer kept;

	f->r.script = SCRIPT;
	f->r.delay_us = 75000;
	harness_ask(&f->h, target, &ask, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_ANSWER);
	assert_in_range(kept.answer.transmissions, 2, 4); /* 3, but for a busy machine */
	assert_in_range(kept.answer.received_us - kept.answer.sent_us, 74000, 300000);
	assert_in_range(snmp_target_rtt_us(target), 74000, 300000);
	assert_int_equal(kept.answer.first_us, kept.answer.sent_us);
	settle(&f->h, 100000); /* the answers to the repetitions */
	assert_int_equal(counter(&f->h, COUNTER(duplicate)) - duplicates,
			 kept.answer.transmissions - 1);
	f->r.delay_us = 0;
	snmp_target_free(target);
}

/* A community's credential may carry v3 fields: they are the configuration's defaults. */
static void test_stray_v3_fields(void **state)
{
	static const enum act SCRIPT[] = {NO_RESPONSE, END};
	struct fixture *f = *state;
	struct snmp_credential cred = V2C;
	struct snmp_ask ask = ask_once(1, 20000);
	struct snmp_target *target;
	struct kept_answer kept;

	cred.level = SNMP_SEC_AUTH_PRIV;
	target = harness_target(&f->h, &f->r.addr, &cred);
	f->r.script = SCRIPT;
	harness_ask(&f->h, target, &ask, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_TIMEOUT);
	snmp_target_free(target);
}

static void count_call(void *data)
{
	++*(unsigned int *)data;
}

static void test_late(void **state)
{
	static const enum act SCRIPT[] = {ANSWER, END};
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V2C);
	struct snmp_ask ask = ask_once(1, 20000);
	uint64_t late = counter(&f->h, COUNTER(late));
	struct kept_answer kept;
	unsigned int told = 0;

	f->r.script = SCRIPT;
	snmp_target_on_late(target, count_call, &told);
	f->r.delay_us = 40000;
	harness_ask(&f->h, target, &ask, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_TIMEOUT);
	settle(&f->h, 60000);
	assert_int_equal(counter(&f->h, COUNTER(late)) - late, 1);
	assert_int_equal(kept.calls, 1);
	assert_int_equal(told, 1);
	f->r.delay_us = 0;
	snmp_target_free(target);
}

static void test_deadline(void **state)
{
	static const enum act SCRIPT[] = {DROP, END};
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V2C);
	struct snmp_ask ask = ask_once(15, 0);
	int64_t start_us = loop_now_us();
	struct kept_answer kept;

	f->r.script = SCRIPT;
	ask.deadline_us = start_us + 50000;
	harness_ask(&f->h, target, &ask, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_TIMEOUT);
	assert_in_range(loop_now_us() - start_us, 49000, 500000);
	ask.deadline_us = start_us; /* passed already */
	harness_ask(&f->h, target, &ask, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_TIMEOUT);
	snmp_target_free(target);
}

/* A quick device that is held up for once, longer than all its retries by the estimate.
 */
static void test_held_up(void **state)
{
	static const enum act SCRIPT[] = {ANSWER, END};
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V2C);
	struct snmp_ask ask = ask_once(2, 0);
	struct kept_answer kept;

	f->r.script = SCRIPT;
	for (int i = 0; i < 3; i++)
		harness_ask(&f->h, target, &ask, &kept);
	f->r.delay_us = 900000; /* 200 ms and 400 ms are the timeouts */
	harness_ask(&f->h, target, &ask, &kept);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_ANSWER);
	assert_int_equal(kept.answer.transmissions, 2);
	settle(&f->h, 300000);
	f->r.delay_us = 0;
	snmp_target_free(target);
}

/* A sign of life sends what is late again, though its timeout is far; what is on its way is
 * left alone. */
static void test_hurry(void **state)
{
	static const enum act SCRIPT[] = {DROP, ANSWER, END};
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V2C);
	struct snmp_ask ask = ask_once(1, 4000000);
	struct kept_answer kept = {0};
	struct snmp_request *req;
	int64_t start_us;

	f->r.script = SCRIPT;
	assert_int_equal(snmp_engine_ask(target, &ask, harness_keep, &kept, &req), 0);
	snmp_engine_flush(f->h.engine);
	snmp_request_hurry(req);
	settle(&f->h, 1100000); /* the patience with an unknown device is a second */
	assert_int_equal(kept.calls, 0);
	start_us = loop_now_us();
	snmp_request_hurry(req);
	harness_run(&f->h, &kept.calls, 1, 2000000);
	assert_int_equal(kept.answer.outcome, SNMP_OUTCOME_ANSWER);
	assert_int_equal(kept.answer.transmissions, 2);
	assert_in_range(loop_now_us() - start_us, 0, 500000);
	snmp_target_free(target);
}

/* ---- many ---- */

/* Dead devices do not hold up the living, though there are more of them than places. */
static void test_dead_cost_nothing(void **state)
{
	enum { DEAD = 300, LIVING = 50 };
	static struct kept_answer dead[DEAD], living[LIVING];
	static const enum act ALWAYS[] = {ANSWER, END};
	static const enum act NEVER[] = {DROP, END};
	struct fixture *f = *state;
	struct responder hole;
	struct snmp_target *targets[DEAD], *alive;
	struct snmp_ask ask = ask_once(3, 100000);
	int64_t start_us;

	responder_init(&hole, &f->h, NEVER);
	f->r.script = ALWAYS;
	memset(dead, 0, sizeof(dead));
	memset(living, 0, sizeof(living));
	for (int i = 0; i < DEAD; i++) {
		targets[i] = harness_target(&f->h, &hole.addr, &V2C);
		assert_int_equal(snmp_engine_ask(targets[i], &ask, harness_keep, &dead[i], NULL),
				 0);
	}
	alive = harness_target(&f->h, &f->r.addr, &V2C);
	settle(&f->h, 130000); /* all dead are waiting for a retry by now */
	start_us = loop_now_us();
	for (int i = 0; i < LIVING; i++)
		assert_int_equal(snmp_engine_ask(alive, &ask, harness_keep, &living[i], NULL), 0);
	for (int i = 0; i < LIVING; i++)
		harness_run(&f->h, &living[i].calls, 1, 1000000);
	assert_true(loop_now_us() - start_us < 60000);
	for (int i = 0; i < LIVING; i++)
		assert_int_equal(living[i].answer.outcome, SNMP_OUTCOME_ANSWER);
	for (int i = 0; i < DEAD; i++) {
		harness_run(&f->h, &dead[i].calls, 1, 3000000);
		assert_int_equal(dead[i].answer.outcome, SNMP_OUTCOME_TIMEOUT);
		assert_int_equal(dead[i].answer.transmissions, 3);
		snmp_target_free(targets[i]);
	}
	snmp_target_free(alive);
	responder_deinit(&hole);
}

static void test_urgent_first(void **state)
{
	enum { N = 200 };
	static struct kept_answer kept[N], urgent;
	static const enum act ALWAYS[] = {ANSWER, END};
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V2C);
	struct snmp_ask ask = ask_once(3, 500000);

	f->r.script = ALWAYS;
	memset(kept, 0, sizeof(kept));
	for (int i = 0; i < N; i++)
		assert_int_equal(snmp_engine_ask(target, &ask, harness_keep, &kept[i], NULL), 0);
	ask.urgent = true;
	assert_int_equal(snmp_engine_ask(target, &ask, harness_keep, &urgent, NULL), 0);
	for (int i = 0; i < N; i++)
		harness_run(&f->h, &kept[i].calls, 1, 1000000);
	assert_int_equal(urgent.calls, 1);
	assert_true(urgent.answer.sent_us <= kept[0].answer.sent_us);
	for (int i = 1; i < N; i++)
		assert_true(kept[i - 1].answer.sent_us <= kept[i].answer.sent_us);
	assert_true(counter(&f->h, COUNTER(cap_waits)) >= N - 64 - 1);
	snmp_target_free(target);
}

/* ---- ownership ---- */

struct chain {
	struct snmp_target *target;
	unsigned int left, calls;
};

static void on_chain(void *data, const struct snmp_answer *answer)
{
	struct chain *chain = data;
	struct snmp_ask ask = ask_once(2, 100000);

	chain->calls++;
	if (answer->outcome == SNMP_OUTCOME_CANCELLED) { /* from inside snmp_target_free below */
		assert_int_equal(snmp_engine_ask(chain->target, &ask, on_chain, chain, NULL),
				 -ESHUTDOWN);
	} else if (chain->left > 0) {
		chain->left--;
		assert_int_equal(snmp_engine_ask(chain->target, &ask, on_chain, chain, NULL), 0);
	} else {
		chain->target = snmp_target_free(chain->target);
	}
}

static void test_ask_and_free_from_callbacks(void **state)
{
	static const enum act ALWAYS[] = {ANSWER, END};
	struct fixture *f = *state;
	struct chain chain = {.left = 5};
	struct snmp_ask ask = ask_once(2, 100000);

	f->r.script = ALWAYS;
	chain.target = harness_target(&f->h, &f->r.addr, &V2C);
	assert_int_equal(snmp_engine_ask(chain.target, &ask, on_chain, &chain, NULL), 0);
	harness_run(&f->h, &chain.calls, 6, 1000000);
	assert_int_equal(chain.calls, 6);
	assert_null(chain.target);
	/* The same where the end is an ICMP error, a timeout. */
	for (int i = 0; i < 2; i++) {
		static const enum act NEVER[] = {DROP, END};
		struct sockaddr_in closed = harness_address();

		f->r.script = NEVER;
		chain = (struct chain){.left = 1};
		chain.target = harness_target(&f->h, i ? &closed : &f->r.addr, &V2C);
		ask = ask_once(1, 10000);
		assert_int_equal(snmp_engine_ask(chain.target, &ask, on_chain, &chain, NULL), 0);
		assert_int_equal(snmp_engine_ask(chain.target, &ask, on_chain, &chain, NULL), 0);
		harness_run(&f->h, &chain.calls, 3, 1000000);
		assert_int_equal(chain.calls, 3);
		assert_null(chain.target);
	}
}

static void test_cancel_and_free(void **state)
{
	static const enum act NEVER[] = {DROP, END};
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V2C);
	struct snmp_ask ask = ask_once(3, 100000);
	struct kept_answer a = {0}, b = {0};
	struct snmp_request *request;

	f->r.script = NEVER;
	assert_int_equal(snmp_engine_ask(target, &ask, harness_keep, &a, &request), 0);
	assert_int_equal(snmp_engine_ask(target, &ask, harness_keep, &b, NULL), 0);
	settle(&f->h, 5000);
	snmp_request_cancel(request);
	settle(&f->h, 5000);
	assert_int_equal(a.calls, 0);
	snmp_target_free(target);
	assert_int_equal(a.calls, 0);
	assert_int_equal(b.calls, 1);
	assert_int_equal(b.answer.outcome, SNMP_OUTCOME_CANCELLED);
}

static void test_refused_asks(void **state)
{
	static const struct snmp_credential V1 = {.version = SNMP_V1, .community = "public"};
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &V1);
	struct snmp_ask ask = ask_once(0, 0);

	assert_int_equal(snmp_engine_ask(target, &ask, harness_keep, NULL, NULL), -EINVAL);
	ask.tries = 16;
	assert_int_equal(snmp_engine_ask(target, &ask, harness_keep, NULL, NULL), -EINVAL);
	ask.tries = 1;
	ask.pdu = SNMP_PDU_GETBULK;
	assert_int_equal(snmp_engine_ask(target, &ask, harness_keep, NULL, NULL), -EPROTONOSUPPORT);
	ask.pdu = SNMP_PDU_GET;
	ask.n_varbinds = 0;
	assert_int_equal(snmp_engine_ask(target, &ask, harness_keep, NULL, NULL), -EINVAL);
	snmp_target_free(target);
}

/* ---- SNMPv3 ---- */

static void get_v3(struct fixture *f, struct snmp_target *target, enum snmp_outcome outcome,
		   unsigned int transmissions)
{
	struct snmp_ask ask = ask_once(2, 50000);
	struct kept_answer kept;

	harness_ask(&f->h, target, &ask, &kept);
	assert_string_equal(snmp_outcome_name(kept.answer.outcome), snmp_outcome_name(outcome));
	assert_int_equal(kept.answer.transmissions, transmissions);
	if (outcome == SNMP_OUTCOME_ANSWER)
		assert_string_equal(kept.first_text, "right");
}

static void test_v3_reboots(void **state)
{
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &RESPONDER_V3);

	responder_set_engine(&f->r, "engine-one", 5, 1000);
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 2); /* discovery and request */
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 1);
	responder_set_engine(&f->r, "engine-one", 6, 1); /* rebooted */
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 2);
	responder_set_engine(&f->r, "engine-one", 1, 1); /* lost its flash */
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 2);
	responder_set_engine(&f->r, "engine-one", 1, 100000); /* its clock jumps */
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 2);
	f->r.reports_unauthenticated = true;
	responder_set_engine(&f->r, "engine-one", 9, 9);
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 2);
	f->r.reports_unauthenticated = false;
	responder_set_engine(&f->r, "another-engine", 1, 1); /* replaced */
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 2);
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 1);
	f->r.wrong_window_for_ever = true;
	get_v3(f, target, SNMP_OUTCOME_NOT_IN_WINDOW, 2);
	f->r.wrong_window_for_ever = false;
	snmp_target_free(target);
}

/* Answers that anybody could have sent do not pass, and the outcome says what was wrong.
 */
static void test_v3_unbelievable(void **state)
{
	struct fixture *f = *state;
	struct snmp_target *target = harness_target(&f->h, &f->r.addr, &RESPONDER_V3);

	responder_set_engine(&f->r, "engine-one", 5, 1000);
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 2);
	f->r.wrong_digest = true;
	get_v3(f, target, SNMP_OUTCOME_WRONG_KEY, 2);
	f->r.wrong_digest = false;
	get_v3(f, target, SNMP_OUTCOME_ANSWER, 2); /* asks for the engine id again */
	f->r.plain_answers = true;
	get_v3(f, target, SNMP_OUTCOME_UNSUPPORTED_LEVEL, 2);
	f->r.plain_answers = false;
	snmp_target_free(target);
}

/* Cloned images: two devices with one engine id, their own boots and times. */
static void test_v3_same_engine_id(void **state)
{
	static const enum act ALWAYS[] = {ANSWER, END};
	struct fixture *f = *state;
	struct responder clone;
	struct snmp_target *a, *b;

	responder_init(&clone, &f->h, ALWAYS);
	responder_set_engine(&f->r, "engine-one", 5, 1000);
	responder_set_engine(&clone, "engine-one", 700, 80000);
	a = harness_target(&f->h, &f->r.addr, &RESPONDER_V3);
	b = harness_target(&f->h, &clone.addr, &RESPONDER_V3);
	get_v3(f, a, SNMP_OUTCOME_ANSWER, 2);
	get_v3(f, b, SNMP_OUTCOME_ANSWER, 2);
	for (int i = 0; i < 3; i++) {
		get_v3(f, a, SNMP_OUTCOME_ANSWER, 1);
		get_v3(f, b, SNMP_OUTCOME_ANSWER, 1);
	}
	snmp_target_free(a);
	snmp_target_free(b);
	responder_deinit(&clone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_answers),
		cmocka_unit_test(test_answers_from_elsewhere),
		cmocka_unit_test(test_slow_device),
		cmocka_unit_test(test_stray_v3_fields),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_held_up),
		cmocka_unit_test(test_hurry),
		cmocka_unit_test(test_dead_cost_nothing),
		cmocka_unit_test(test_urgent_first),
		cmocka_unit_test(test_ask_and_free_from_callbacks),
		cmocka_unit_test(test_cancel_and_free),
		cmocka_unit_test(test_refused_asks),
		cmocka_unit_test(test_v3_reboots),
		cmocka_unit_test(test_v3_unbelievable),
		cmocka_unit_test(test_v3_same_engine_id),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
