/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The collector's own engine and poller, with a single device and a loop that ends when it has answered. */
#include "collector/ctl/commands/ctl_live.h"

#include <stdlib.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "collector/io/setup/credential.h"
#include "collector/io/snmp/poller.h"
#include "common/base/cleanup.h"
#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"
#include "common/snmp/snmp_oids.h"

enum {
	GREET_MS = 3000,
	POLL_MS = 30000,
	POLLS = 2,
};

/* ---- one question ---- */

struct greeting {
	struct loop *loop;
	enum snmp_outcome outcome;
	struct endpoint from; /* where its answers came from, if not from where it was asked */
};

static void on_answer(void *data, const struct snmp_answer *answer)
{
	struct greeting *greeting = data;

	greeting->outcome = answer->outcome;
	if (answer->outcome == SNMP_OUTCOME_ANSWER &&
	    (answer->error_status == SNMP_ERROR_NO_ACCESS ||
	     answer->error_status == SNMP_ERROR_AUTHORIZATION))
		greeting->outcome = SNMP_OUTCOME_NO_ACCESS; /* it knows us, and shows us nothing */
	loop_stop(greeting->loop);
}

static struct greeting ask_once(struct loop *loop, struct snmp_engine *engine,
				const struct ctl_live_target *target)
{
	static const snmp_oid_t OBJECT_ID[] = {SNMP_OID_SYS_OBJECT_ID, 0};
	const struct snmp_varbind name = {.name = OBJECT_ID, .name_len = ARRAY_LEN(OBJECT_ID)};
	const struct snmp_ask ask = {.pdu = SNMP_PDU_GET,
				     .varbinds = &name,
				     .n_varbinds = 1,
				     .tries = 2,
				     .deadline_us = loop_now_us() + GREET_MS * 1000};
	struct snmp_credential cred = credential_for_snmp(target->credential);
	struct greeting greeting = {.loop = loop, .outcome = SNMP_OUTCOME_FAILED};
	struct snmp_target *peer = NULL;
	struct endpoint endpoint;

	if (endpoint_zone_parse_address(target->address, target->port, &endpoint) == 0 &&
	    snmp_target_new(engine, (struct sockaddr *)&endpoint.addr, endpoint.len, &cred,
			    &peer) == 0 &&
	    snmp_engine_ask(peer, &ask, on_answer, &greeting, NULL) == 0)
		loop_run(loop);
	if (greeting.outcome == SNMP_OUTCOME_OTHER_SOURCE)
		greeting.from = endpoint_zone_of(snmp_target_answers_from(peer),
						 sizeof(greeting.from.addr));
	snmp_target_free(peer);
	return greeting;
}

enum snmp_outcome ctl_live_greet(const struct ctl_live_target *target, struct endpoint *ret_from)
{
	const struct snmp_engine_conf conf = {.max_outstanding = 1, .sockets = 1};
	struct greeting greeting = {.outcome = SNMP_OUTCOME_FAILED};
	struct snmp_engine *engine = NULL;
	struct loop *loop = NULL;

	if (loop_new(&loop) == 0 && snmp_engine_new(loop, &conf, &engine) == 0)
		greeting = ask_once(loop, engine, target);
	snmp_engine_free(engine);
	loop_free(loop);
	*ret_from = greeting.from;
	return greeting.outcome;
}

/* ---- polling ---- */

struct session {
	struct loop *loop;
	struct snmp_engine *engine;
	struct poller *poller;
	struct loop_timer *pause, *deadline;
	struct device *device;
	int64_t pause_ms;
	int polls;
	enum snmp_outcome outcome;
};

static void on_result(void *data, struct device *device, enum snmp_outcome outcome, int64_t now_ms)
{
	struct session *s = data;

	(void)device;
	(void)now_ms;
	s->outcome = outcome;
	if (outcome != SNMP_OUTCOME_ANSWER || ++s->polls == POLLS)
		loop_stop(s->loop);
	else
		loop_timer_arm(s->pause, s->pause_ms * 1000);
}

static void on_pause_over(void *data)
{
	struct session *s = data;

	poller_poll_now(s->poller, s->device);
}

static void on_deadline(void *data)
{
	struct session *s = data;

	loop_stop(s->loop);
}

static int open_session(struct session *s, const struct profile_set *profiles)
{
	const struct snmp_engine_conf engine = {.max_outstanding = 4, .sockets = 1};
	const struct poll_hooks hooks = {.data = s, .result = on_result};
	struct poller_conf conf;
	int r = loop_new(&s->loop);

	poller_conf_defaults(&conf);
	if (r == 0)
		r = loop_timer_new(s->loop, on_pause_over, s, &s->pause);
	if (r == 0)
		r = loop_timer_new(s->loop, on_deadline, s, &s->deadline);
	if (r == 0)
		r = snmp_engine_new(s->loop, &engine, &s->engine);
	if (r == 0)
		r = poller_new(s->loop, s->engine, profiles, &conf, &hooks, &s->poller);
	return r;
}

static struct device_link *copy_links(const struct device *device)
{
	struct device_link *links = calloc(device->n_links + 1, sizeof(*links));

	for (size_t i = 0; links && i < device->n_links; i++) {
		links[i] = device->links[i];
		links[i].name = strdup(device->links[i].name ? device->links[i].name : "");
		links[i].alias = strdup(device->links[i].alias ? device->links[i].alias : "");
	}
	return links;
}

/* The poller takes back what it filled in when it lets go of a device: it is copied before. */
static void let_go(struct session *s)
{
	struct device *device = s->device;
	struct device_link *links = copy_links(device);
	size_t n_links = links ? device->n_links : 0, n_metrics = device->n_metrics;
	struct device_metric *metrics = calloc(n_metrics + 1, sizeof(*metrics));
	const char *profile = device->profile; /* of the set, which stays */

	if (metrics && n_metrics > 0)
		memcpy(metrics, device->metrics, n_metrics * sizeof(*metrics));
	poller_remove(s->poller, device);
	device->profile = profile;
	device->status = s->outcome == SNMP_OUTCOME_ANSWER ? DEVICE_UP : DEVICE_DOWN;
	device->links = links;
	device->n_links = n_links;
	device->metrics = metrics;
	device->n_metrics = metrics ? n_metrics : 0;
}

struct device *ctl_live_new(const struct ctl_live_target *target, const char *profile)
{
	struct inventory_entry *entry = calloc(1, sizeof(*entry));
	struct device *device = entry ? device_new(entry) : NULL;
	char **texts[] = {&entry->id,	       &entry->parent,	  &entry->parent_port,
			  &entry->kecamatan,   &entry->kelurahan, &entry->provider,
			  &entry->contract,    &entry->notes,	  &entry->credential,
			  &entry->short_name,  &entry->group,	  &entry->feeder,
			  &entry->answers_from};

	if (!device) {
		free(entry);
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = strdup("");
	entry->name = strdup(target->address);
	entry->address = strdup(target->address);
	entry->profile = strdup(profile);
	entry->port = target->port;
	return device;
}

struct device *ctl_live_free(struct device *device)
{
	struct inventory_entry *entry =
		device ? (struct inventory_entry *)(uintptr_t)device->entry : NULL;

	device_free(device);
	if (entry)
		inventory_entry_deinit(entry);
	free(entry);
	return NULL;
}

enum snmp_outcome ctl_live_poll(const struct ctl_live_target *target,
				const struct profile_set *profiles, const char *profile,
				int64_t pause_ms, struct device **ret_device)
{
	struct snmp_credential cred = credential_for_snmp(target->credential);
	struct session s = {.pause_ms = pause_ms, .outcome = SNMP_OUTCOME_TIMEOUT};
	struct endpoint endpoint;
	int r = endpoint_zone_parse_address(target->address, target->port, &endpoint);

	if (r == 0)
		r = open_session(&s, profiles);
	s.device = ctl_live_new(target, profile);
	if (r == 0 && s.device)
		r = poller_add(s.poller, s.device, &cred, (struct sockaddr *)&endpoint.addr,
			       endpoint.len);
	if (r == 0 && s.device) {
		loop_timer_arm(s.deadline, (POLL_MS + pause_ms) * 1000);
		poller_poll_now(s.poller, s.device);
		loop_run(s.loop);
		let_go(&s);
	} else {
		s.outcome = SNMP_OUTCOME_FAILED;
	}
	poller_free(s.poller);
	snmp_engine_free(s.engine);
	loop_timer_free(s.pause);
	loop_timer_free(s.deadline);
	loop_free(s.loop);
	*ret_device = s.device;
	return s.outcome;
}
