/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One target and one queue per receiver. Order, back-off and what is wanted are
 * inform_queue's, the bindings are notification's, retransmission within one attempt and
 * SNMPv3 are snmp_engine's.
 */
#include "agent/io/event/notify_send.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/event/event_log.h"
#include "agent/core/event/notification.h"
#include "agent/io/event/event_store.h"
#include "common/base/cleanup.h"
#include "common/engine/snmp_engine.h"
#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

/*
 * One transmission per attempt. While the kernel looks for a neighbour it keeps datagrams
 * for about three seconds and sends them all once it is found (arp(7): three probes, one
 * a second), so a second transmission within that time would arrive twice. The default of
 * inform-timeout is longer than that.
 */
enum { TRIES = 1, RECORDS_PER_RING = 4 };

/* A notification that waits for its answer. */
struct flight {
	struct receiver *receiver;
	struct snmp_request *request; /* NULL: free */
	uint32_t number;	      /* of the event */
	uint32_t if_index;	      /* by which it left */
};

struct receiver {
	struct notify_send *send;
	struct inform_queue queue;
	struct snmp_target *target;
	struct flight flights[INFORM_WINDOW];
	struct endpoint endpoint;
	uint32_t recorded; /* its place in the event log */
	enum snmp_outcome last_outcome;
};

struct notify_send {
	struct notify_conf conf;
	size_t n;
	struct receiver receivers[];
};

static void run_receiver(struct receiver *receiver);

static void log_failure(struct receiver *receiver, enum snmp_outcome outcome)
{
	if (outcome == receiver->last_outcome)
		return;
	log_warn("inform", "receiver=%s outcome=%s event=%u msg=\"kept and tried again\"",
		 receiver->queue.conf->title, snmp_outcome_name(outcome),
		 receiver->queue.acked + 1);
	receiver->last_outcome = outcome;
}

static enum inform_failure failure_of(enum snmp_outcome outcome)
{
	switch (outcome) {
	case SNMP_OUTCOME_UNREACHABLE:
	case SNMP_OUTCOME_REFUSED:
	case SNMP_OUTCOME_FAILED:
		return INFORM_LOCAL;
	default:
		return INFORM_SILENT;
	}
}

static void record_place(struct receiver *receiver)
{
	struct inform_done done = inform_queue_done(&receiver->queue);

	event_store_ack(receiver->send->conf.store, receiver->queue.conf->title, &done);
	receiver->recorded = done.number;
}

static void on_answer(void *data, const struct snmp_answer *answer)
{
	struct flight *flight = data;
	struct receiver *receiver = flight->receiver;
	struct notify_send *send = receiver->send;

	assert(flight->request);
	flight->request = NULL;
	if (answer->outcome == SNMP_OUTCOME_CANCELLED)
		return;
	if (answer->outcome != SNMP_OUTCOME_ANSWER) {
		log_failure(receiver, answer->outcome);
		inform_queue_failed(&receiver->queue, flight->number, failure_of(answer->outcome),
				    loop_now_us());
		return;
	}
	if (receiver->last_outcome != SNMP_OUTCOME_ANSWER)
		log_info("inform", "receiver=%s msg=\"acknowledges again\"",
			 receiver->queue.conf->title);
	receiver->last_outcome = SNMP_OUTCOME_ANSWER;
	/* It has arrived; a receiver that refuses it will not like it better the next
	 * time. */
	if (answer->error_status)
		log_warn("inform", "receiver=%s error_status=%d msg=\"refused\"",
			 receiver->queue.conf->title, answer->error_status);
	inform_queue_acknowledged(&receiver->queue, flight->number, send->conf.data);
	record_place(receiver);
	run_receiver(receiver);
	if (inform_queue_is_drained(&receiver->queue, send->conf.data)) {
		uint32_t n = receiver->queue.dropped_untold;

		receiver->queue.dropped_untold = 0;
		if (n)
			send->conf.tell_dropped(send->conf.calls_data, receiver->queue.conf->title,
						n);
	}
}

static struct flight *free_flight(struct receiver *receiver)
{
	size_t i = 0;

	while (receiver->flights[i].request) {
		i++;
		assert(i < INFORM_WINDOW); /* inform_queue gives no more out */
	}
	return &receiver->flights[i];
}

static void send_one(struct receiver *receiver, const struct mib_event *event,
		     enum inform_part part, uint32_t if_index)
{
	struct flight *flight = free_flight(receiver);

	const struct agent_conf *conf = receiver->send->conf.conf;
	int64_t now_us = loop_now_us(), timeout_us = conf->inform_timeout_ms * 1000;
	struct notification notification;
	struct snmp_ask ask = {
		.pdu = SNMP_PDU_INFORM,
		.deadline_us = now_us + TRIES * timeout_us,
		.timeout_us = timeout_us,
		.tries = TRIES,
		.urgent = true,
	};
	int r;

	notification_build(&notification, receiver->send->conf.data, event, part, now_us);
	ask.varbinds = notification.varbinds;
	ask.n_varbinds = notification.n;
	inform_queue_sent(&receiver->queue, event, part, now_us);
	*flight = (struct flight){
		.receiver = receiver, .number = event->number, .if_index = if_index};
	r = snmp_engine_ask(receiver->target, &ask, on_answer, flight, &flight->request);
	if (r < 0) {
		flight->request = NULL;
		log_failure(receiver, SNMP_OUTCOME_FAILED);
		inform_queue_failed(&receiver->queue, event->number, INFORM_LOCAL, now_us);
	}
}

/* -ENETDOWN or the like: there is no way to the receiver now. */
static int find_way(struct receiver *receiver, uint32_t *ret_if_index)
{
	const struct notify_conf *conf = &receiver->send->conf;

	return conf->route(conf->calls_data, (struct sockaddr *)&receiver->endpoint.addr,
			   ret_if_index);
}

static void run_receiver(struct receiver *receiver)
{
	const struct mib_event *event;
	enum inform_part part;
	int64_t at_us;
	uint32_t if_index;
	uint32_t max;

	while (inform_queue_next(&receiver->queue, receiver->send->conf.data, loop_now_us(), &event,
				 &part, &at_us) == INFORM_SEND) {
		if (find_way(receiver, &if_index) < 0) {
			log_failure(receiver, SNMP_OUTCOME_UNREACHABLE);
			inform_queue_no_way(&receiver->queue, loop_now_us());
			break;
		}
		send_one(receiver, event, part, if_index);
	}
	/* Events that a receiver does not want move its place as well. That is recorded now and then,
	 * before the ring has given them up: they are not to be taken for dropped ones. */
	max = receiver->send->conf.data->sizes.max_events;
	if (receiver->queue.acked - receiver->recorded >= max / RECORDS_PER_RING)
		record_place(receiver);
}

void notify_send_run(struct notify_send *send)
{
	for (size_t i = 0; i < send->n; i++)
		run_receiver(&send->receivers[i]);
}

static void kick(struct notify_send *send, bool only_local)
{
	for (size_t i = 0; i < send->n; i++) {
		inform_queue_kick(&send->receivers[i].queue, only_local);
		run_receiver(&send->receivers[i]);
	}
}

void notify_send_way_up(struct notify_send *send)
{
	kick(send, false);
}

void notify_send_address_up(struct notify_send *send)
{
	kick(send, true);
}

static void ground(struct flight *flight, uint32_t if_index)
{
	if (!flight->request || flight->if_index != if_index)
		return;
	snmp_request_cancel(flight->request);
	flight->request = NULL;
	inform_queue_failed(&flight->receiver->queue, flight->number, INFORM_LOCAL, loop_now_us());
}

void notify_send_link_down(struct notify_send *send, uint32_t if_index)
{
	for (size_t i = 0; i < send->n; i++) {
		for (size_t j = 0; j < INFORM_WINDOW; j++)
			ground(&send->receivers[i].flights[j], if_index);
	}
}

bool notify_send_overwritten(struct notify_send *send, const struct event_gone *gone)
{
	bool missed = false;

	for (size_t i = 0; i < send->n; i++)
		missed |= inform_queue_overwritten(&send->receivers[i].queue, gone);
	return missed;
}

bool notify_send_is_idle(const struct notify_send *send)
{
	for (size_t i = 0; i < send->n; i++) {
		const struct inform_queue *queue = &send->receivers[i].queue;

		if (queue->n_in_flight || queue->retry_us)
			return false;
	}
	return true;
}

size_t notify_send_n(const struct notify_send *send)
{
	return send->n;
}

const struct inform_queue *notify_send_queue(const struct notify_send *send, size_t i)
{
	assert(i < send->n);
	return &send->receivers[i].queue;
}

static int credential_of(const struct agent_conf_receiver *conf, const struct agent_users *users,
			 struct snmp_credential *ret)
{
	const struct agent_community *community;
	const struct agent_user *user;

	if (conf->version == AGENT_RECEIVER_V3) {
		user = agent_users_find(users, conf->user);
		if (!user)
			return -ENOENT;
		*ret = (struct snmp_credential){
			.version = SNMP_V3,
			.user = user->title,
			.level = SNMP_SEC_NONE,
			.auth = (enum snmp_auth)user->auth,
			.priv = (enum snmp_priv)user->priv,
			.auth_pass = user->auth_pass,
			.priv_pass = user->priv_pass,
		};
		if (user->auth)
			ret->level = user->priv ? SNMP_SEC_AUTH_PRIV : SNMP_SEC_AUTH;
		return 0;
	}
	community = agent_users_find_community(users, conf->community);
	if (!community)
		return -ENOENT;
	*ret = (struct snmp_credential){.version = SNMP_V2C, .community = community->community};
	return 0;
}

/* Where a receiver begins that is not known: with what happened since the agent started, as
 * far as the ring still has it. What it gave up before was not for this one. */
static struct inform_done beginning(const struct notify_conf *conf)
{
	uint32_t first = conf->data->head->first_event;

	return (struct inform_done){
		.number = (first > conf->first ? first : conf->first) - 1,
	};
}

static int open_receiver(struct notify_send *send, struct snmp_engine *engine, size_t i)
{
	const struct agent_conf_receiver *conf = &send->conf.conf->receivers[i];
	struct receiver *receiver = &send->receivers[i];
	struct snmp_credential credential;
	struct inform_done done = beginning(&send->conf);
	char problem[ENDPOINT_ZONE_PROBLEM_SIZE];
	bool known;
	int r;

	receiver->send = send;
	receiver->last_outcome = SNMP_OUTCOME_ANSWER;
	known = event_log_ack_of(send->conf.log, conf->title, &done);
	inform_queue_init(&receiver->queue, conf, &done,
			  send->conf.conf->inform_backoff_max_ms * 1000);
	receiver->recorded = done.number;
	inform_queue_resume(&receiver->queue, send->conf.data);
	r = endpoint_zone_parse(conf->address, &receiver->endpoint);
	if (r >= 0)
		r = credential_of(conf, send->conf.users, &credential);
	if (r >= 0)
		r = snmp_target_new(engine, (struct sockaddr *)&receiver->endpoint.addr,
				    receiver->endpoint.len, &credential, &receiver->target);
	if (r < 0)
		log_error("inform", "receiver=%s address=%s err=\"%s\"", conf->title, conf->address,
			  endpoint_zone_problem(conf->address, r, problem));
	else if (!known)
		/* It may be out of reach until the agent is killed: from here on it must
		 * not miss anything. */
		record_place(receiver);
	return r;
}

int notify_send_new(struct snmp_engine *engine, const struct notify_conf *conf,
		    struct notify_send **ret)
{
	cleanup_(notify_send_freep) struct notify_send *send = NULL;
	size_t n = conf->conf->n_receivers;

	assert(conf->tell_dropped && conf->route && n <= AGENT_CONF_RECEIVERS_MAX);
	send = calloc(1, sizeof(*send) + n * sizeof(send->receivers[0]));
	if (!send)
		return -ENOMEM;
	send->conf = *conf;
	for (size_t i = 0; i < n; i++) {
		int r = open_receiver(send, engine, i);

		if (r < 0)
			return r;
		send->n++;
	}
	*ret = steal_ptr(send);
	return 0;
}

struct notify_send *notify_send_free(struct notify_send *send)
{
	if (!send)
		return NULL;
	for (size_t i = 0; i < send->n; i++)
		snmp_target_free(send->receivers[i].target);
	free(send);
	return NULL;
}

void notify_send_freep(struct notify_send **send)
{
	*send = notify_send_free(*send);
}
