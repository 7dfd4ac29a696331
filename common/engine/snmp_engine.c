/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a request: asked, queued, sent, repeated, ended. Decides when something is
 * sent and when it has failed; snmp_receive.c decides what an answer means,
 * snmp_message.c how it is encoded, udp_pool.c how it travels.
 *
 * A request in flight holds one of max_outstanding places only for as long as its answer
 * may be expected (rtt_estimate_patience_us); after that it waits for its retry without a
 * place, still listening. So dead devices cost the living nothing but datagrams.
 * Callbacks come only from the loop (dispatch below), never from inside snmp_engine_ask.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "common/engine/snmp_engine_private.h"
#include "common/loop/loop.h"

enum {
	REQUESTS_MAX = 1 << 18,
	TIME_SLICE_US = 1000, /* of sending, of expiry: the rest at the loop's next turn */
};

/* ---- places and queues ---- */

static struct request_queue *queue_of(const struct snmp_request *req)
{
	struct snmp_engine *engine = req->target->engine;

	if (req->state == REQUEST_PARKED)
		return &req->target->parked;
	return req->urgent ? &engine->urgent : &engine->waiting;
}

/* Takes the request out of its queue or gives its place back. */
void snmp_request_leave(struct snmp_request *req)
{
	struct snmp_engine *engine = req->target->engine;

	switch ((enum request_state)req->state) {
	case REQUEST_QUEUED:
		engine->stats.waiting--;
		TAILQ_REMOVE(queue_of(req), req, of_queue);
		break;
	case REQUEST_PARKED:
		engine->stats.waiting--;
		TAILQ_REMOVE(queue_of(req), req, of_queue);
		break;
	case REQUEST_FLYING:
		engine->stats.outstanding--;
		break;
	case REQUEST_OVERDUE:
		break;
	}
	req->state = REQUEST_OVERDUE; /* the one that holds nothing */
}

void snmp_request_queue(struct snmp_request *req, enum request_state state)
{
	struct snmp_engine *engine = req->target->engine;

	assert(state == REQUEST_QUEUED || state == REQUEST_PARKED);
	snmp_request_leave(req);
	req->state = (uint8_t)state;
	req->round = engine->round;
	engine->stats.waiting++;
	TAILQ_INSERT_TAIL(queue_of(req), req, of_queue);
	timer_heap_set(&engine->heap, &req->timer, req->deadline_us);
}

void snmp_target_unpark(struct snmp_target *target)
{
	struct snmp_request *req;

	while ((req = TAILQ_FIRST(&target->parked)))
		snmp_request_queue(req, REQUEST_QUEUED);
}

/* ---- the end ---- */

static void take_out(struct snmp_request *req, enum request_ended how)
{
	struct snmp_target *target = req->target;
	struct snmp_engine *engine = target->engine;

	snmp_request_leave(req);
	timer_heap_remove(&engine->heap, &req->timer);
	request_table_remove(&engine->table, &req->node, how);
	LIST_REMOVE(req, of_target);
	snmp_bindings_unref(req->bindings);
	if (target->discoverer == req) {
		target->discoverer = NULL;
		snmp_target_unpark(target); /* the next one probes */
	}
}

void snmp_request_finish(struct snmp_request *req, struct snmp_answer *answer)
{
	struct snmp_engine *engine = req->target->engine;
	snmp_answer_fn *fn = req->fn;
	void *data = req->data;
	bool answered = answer->outcome == SNMP_OUTCOME_ANSWER ||
			answer->outcome == SNMP_OUTCOME_MALFORMED ||
			snmp_outcome_is_auth(answer->outcome);

	engine->stats.outcomes[answer->outcome]++;
	answer->transmissions = req->sent;
	answer->first_us = req->first_us;
	take_out(req, answered ? REQUEST_ENDED_ANSWERED : REQUEST_ENDED_SILENT);
	free(req);
	fn(data, answer);
}

void snmp_request_fail(struct snmp_request *req, enum snmp_outcome outcome, int err)
{
	struct snmp_answer answer = {
		.outcome = outcome,
		.err = err,
		.sent_us = req->first_us,
		.received_us = loop_now_us(),
	};

	snmp_request_finish(req, &answer);
}

void snmp_request_cancel(struct snmp_request *req)
{
	struct snmp_engine *engine = req->target->engine;

	loop_assert_thread(engine->loop);
	take_out(req, REQUEST_ENDED_SILENT);
	free(req);
	snmp_engine_kick(engine);
}

void snmp_request_hurry(struct snmp_request *req)
{
	if (req->state != REQUEST_OVERDUE || req->sent == REQUEST_TABLE_TRANSMISSIONS)
		return;
	if (req->tried > 0)
		req->tried--;
	snmp_request_queue(req, REQUEST_QUEUED);
	snmp_engine_kick(req->target->engine);
}

/*
 * A device that lives (it sent its engine id a moment ago) but is silent to encrypted
 * requests has another privacy key or cipher: AES has no padding to check, so net-snmp,
 * among others, finds garbage and says nothing. Whether it is so, one more request tells,
 * that is signed but not encrypted and carries no names.
 */
static bool worth_diagnosis(const struct snmp_request *req, int64_t now_us)
{
	const struct snmp_target *target = req->target;

	return target->peer && target->cred->cred.level == SNMP_SEC_AUTH_PRIV && !req->diagnosing &&
	       !req->fault && target->discoverer != req && req->sent > 0 &&
	       req->sent < REQUEST_TABLE_TRANSMISSIONS && target->heard_us >= req->first_us &&
	       target->peer->localized && now_us < req->deadline_us;
}

/* Nothing came. What came but could not be believed says more than "timeout". An engine
 * that does not answer may have been replaced by one with another id: the next request
 * asks. */
void snmp_request_give_up(struct snmp_request *req, int64_t now_us)
{
	enum snmp_outcome outcome =
		req->fault ? (enum snmp_outcome)req->fault : SNMP_OUTCOME_TIMEOUT;

	if (worth_diagnosis(req, now_us)) {
		req->diagnosing = true;
		req->tries = 1;
		req->tried = 0;
		snmp_request_queue(req, REQUEST_QUEUED);
		return;
	}
	if (req->target->peer && req->sent > 0)
		req->target->peer->doubtful = true;
	snmp_request_fail(req, outcome, 0);
}

/* ---- dispatch: what the loop calls ---- */

static struct snmp_request *next_queued(struct snmp_engine *engine)
{
	struct snmp_request *req = TAILQ_FIRST(&engine->urgent);

	return req ? req : TAILQ_FIRST(&engine->waiting);
}

/* Fills the free places. Returns whether the time slice ended it. */
static bool pump(struct snmp_engine *engine)
{
	int64_t start_us = loop_now_us(), now_us = start_us;
	struct snmp_request *req;

	while (engine->stats.outstanding < engine->max_outstanding && (req = next_queued(engine))) {
		if (req->round != engine->round)
			engine->stats.cap_waits++;
		snmp_request_transmit(req, now_us);
		now_us = loop_now_us();
		if (now_us - start_us > TIME_SLICE_US)
			return true;
	}
	engine->round++;
	return false;
}

/* A timer that fires for nothing costs more than moving it: a process woken up. */
static void arm(struct snmp_engine *engine, int64_t at_us)
{
	if (engine->armed_us == at_us)
		return;
	engine->armed_us = at_us;
	if (at_us == INT64_MAX)
		loop_timer_disarm(engine->timer);
	else
		(void)loop_timer_arm(engine->timer, at_us - loop_now_us());
}

static void finish_dispatch(struct snmp_engine *engine)
{
	bool more = pump(engine);

	udp_pool_flush(engine->pool);
	engine->which_socket++;
	engine->dispatching--;
	arm(engine, more ? 0 : timer_heap_first_us(&engine->heap));
}

static void on_datagrams_done(void *data)
{
	struct snmp_engine *engine = data;

	engine->dispatching++;
	finish_dispatch(engine);
}

static struct snmp_request *of_timer(struct timer_node *timer)
{
	return (struct snmp_request *)((char *)timer - offsetof(struct snmp_request, timer));
}

static void on_timer(void *data)
{
	struct snmp_engine *engine = data;
	int64_t now_us = loop_now_us();
	struct timer_node *first;

	engine->armed_us = INT64_MAX;
	engine->dispatching++;
	if (timer_heap_first_us(&engine->heap) <= now_us)
		udp_pool_receive(engine->pool); /* it may be here already */
	while (loop_now_us() - now_us < TIME_SLICE_US &&
	       (first = timer_heap_pop_due(&engine->heap, now_us))) {
		struct snmp_request *req = of_timer(first);

		if (now_us >= req->deadline_us) {
			snmp_request_give_up(req, now_us);
		} else if (now_us < req->retry_at_us && req->state == REQUEST_FLYING) {
			snmp_request_leave(req);
			timer_heap_set(&req->target->engine->heap, &req->timer,
				       snmp_earlier(req->retry_at_us, req->deadline_us));
		} else {
			rtt_estimate_lost(&req->target->rtt);
			if (req->tried >= req->tries)
				snmp_request_give_up(req, now_us);
			else
				snmp_request_queue(req, REQUEST_QUEUED);
		}
	}
	finish_dispatch(engine);
}

void snmp_engine_kick(struct snmp_engine *engine)
{
	if (!engine->dispatching)
		arm(engine, 0);
}

void snmp_engine_flush(struct snmp_engine *engine)
{
	loop_assert_thread(engine->loop);
	if (engine->dispatching)
		return; /* it ends with that anyway */
	engine->dispatching++;
	finish_dispatch(engine);
}

static void on_credential(void *data, const struct shared_credential *cred)
{
	struct snmp_engine *engine = data;
	struct snmp_target *target;

	LIST_FOREACH (target, &engine->targets, of_engine) {
		if (target->cred == cred)
			snmp_target_unpark(target);
	}
	snmp_engine_kick(engine);
}

/* ---- asking ---- */

static bool ask_ok(const struct snmp_ask *ask)
{
	return ask->tries >= 1 && ask->tries < REQUEST_TABLE_TRANSMISSIONS &&
	       (ask->bindings || ask->n_varbinds > 0) && ask->non_repeaters >= 0 &&
	       ask->max_repetitions >= 0 && ask->timeout_us >= 0;
}

static int request_new(const struct snmp_ask *ask, struct snmp_request **ret)
{
	struct snmp_request *req = calloc(1, sizeof(*req));
	int r = 0;

	if (!req)
		return -ENOMEM;
	if (ask->bindings)
		req->bindings = snmp_bindings_ref(ask->bindings);
	else
		r = snmp_bindings_new(ask->varbinds, ask->n_varbinds, &req->bindings);
	if (r < 0) {
		free(req);
		return r;
	}
	req->deadline_us = ask->deadline_us;
	req->timeout_us = ask->timeout_us;
	req->pdu = (uint8_t)ask->pdu;
	req->tries = (uint8_t)ask->tries;
	req->urgent = ask->urgent;
	req->knows_names = ask->knows_names && ask->pdu == SNMP_PDU_GET;
	if (ask->pdu == SNMP_PDU_GETBULK) {
		req->field1 = ask->non_repeaters;
		req->field2 = ask->max_repetitions;
	}
	req->state = REQUEST_OVERDUE;
	*ret = req;
	return 0;
}

int snmp_engine_ask(struct snmp_target *target, const struct snmp_ask *ask, snmp_answer_fn *fn,
		    void *data, struct snmp_request **ret)
{
	struct snmp_engine *engine = target->engine;
	struct snmp_request *req = NULL;
	int r;

	loop_assert_thread(engine->loop);
	assert(fn);
	if (target->dying)
		return -ESHUTDOWN;
	if (!ask_ok(ask))
		return -EINVAL;
	if (target->cred->cred.version == SNMP_V1 &&
	    (ask->pdu == SNMP_PDU_GETBULK || ask->pdu == SNMP_PDU_INFORM))
		return -EPROTONOSUPPORT; /* v1 has neither */
	if (engine->table.n >= REQUESTS_MAX)
		return -ENOBUFS;
	r = timer_heap_reserve(&engine->heap, engine->table.n + 1);
	if (r == 0)
		r = request_new(ask, &req);
	if (r < 0)
		return r;
	req->fn = fn;
	req->data = data;
	req->target = target;
	request_table_add(&engine->table, &req->node);
	LIST_INSERT_HEAD(&target->requests, req, of_target);
	engine->stats.requests++;
	snmp_request_queue(req, REQUEST_QUEUED);
	snmp_engine_kick(engine);
	if (ret)
		*ret = req;
	return 0;
}

/* ---- the engine ---- */

static int make_buffers(struct snmp_engine *engine)
{
	uint64_t seed;
	int r;

	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		return -EIO;
	r = request_table_init(&engine->table, seed);
	if (r == 0)
		r = snmp_varbind_room_init(&engine->room);
	if (r < 0)
		return r;
	engine->encode_buf = malloc(2 * (size_t)ENGINE_BUF);
	engine->plain_buf = malloc(ENGINE_BUF);
	if (!engine->encode_buf || !engine->plain_buf)
		return -ENOMEM;
	return 0;
}

int snmp_engine_new(struct loop *loop, const struct snmp_engine_conf *conf,
		    struct snmp_engine **ret)
{
	struct snmp_engine *engine;
	int r;
	static const struct udp_pool_events EVENTS = {
		.datagram = snmp_engine_datagram,
		.error = snmp_engine_unreachable,
		.done = on_datagrams_done,
	};
	struct udp_pool_conf udp = {
		.sockets = conf->sockets,
		.bind_v4 = conf->bind_v4,
		.bind_v6 = conf->bind_v6,
	};

	assert(loop && conf);
	if (conf->max_outstanding < 1)
		return -EINVAL;
	engine = calloc(1, sizeof(*engine));
	if (!engine)
		return -ENOMEM;
	engine->loop = loop;
	engine->max_outstanding = conf->max_outstanding;
	engine->armed_us = INT64_MAX;
	TAILQ_INIT(&engine->urgent);
	TAILQ_INIT(&engine->waiting);
	LIST_INIT(&engine->targets);
	r = make_buffers(engine);
	if (r == 0)
		r = loop_timer_new(engine->loop, on_timer, engine, &engine->timer);
	if (r == 0)
		r = credential_cache_new(engine->loop, on_credential, engine, &engine->credentials);
	if (r == 0)
		r = udp_pool_new(engine->loop, &udp, &EVENTS, engine, &engine->pool);
	if (r < 0) {
		snmp_engine_free(engine);
		return r;
	}
	*ret = engine;
	return 0;
}

struct snmp_engine *snmp_engine_free(struct snmp_engine *engine)
{
	struct snmp_target *target;

	if (!engine)
		return NULL;
	loop_assert_thread(engine->loop);
	assert(engine->dispatching == 0);
	engine->dispatching++; /* no kick any more */
	while ((target = LIST_FIRST(&engine->targets)))
		snmp_target_free(target);
	udp_pool_free(engine->pool);
	credential_cache_free(engine->credentials);
	loop_timer_free(engine->timer);
	timer_heap_deinit(&engine->heap);
	request_table_deinit(&engine->table);
	snmp_varbind_room_deinit(&engine->room);
	free(engine->by_address);
	free(engine->encode_buf);
	free(engine->plain_buf);
	free(engine);
	return NULL;
}

void snmp_engine_freep(struct snmp_engine **engine)
{
	snmp_engine_free(*engine);
}

void snmp_engine_get_stats(const struct snmp_engine *engine, struct snmp_engine_stats *ret)
{
	const struct udp_pool_stats *udp = udp_pool_get_stats(engine->pool);

	*ret = engine->stats;
	ret->receive_drops = udp->receive_drops;
	ret->icmp_errors = udp->icmp_errors;
}
