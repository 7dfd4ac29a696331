/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices at the start and at a reload. The new setup is read whole first; then devices
 * that stay keep everything they have, those whose way of being asked changed are asked
 * anew, those gone are forgotten. Nobody else is paused.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/collector_private.h"
#include "collector/core/device/inventory.h"
#include "collector/io/setup/credential.h"
#include "common/base/cleanup.h"
#include "common/loop/endpoint_zone.h"
#include "common/system/log.h"
#include "common/system/sd_notify.h"

struct trap_recv_conf collector_trap_conf(const struct collector_conf *conf)
{
	return (struct trap_recv_conf){
		.listen = conf->trap_listen,
		.forwarders = conf->trap_forwarders,
		.budget = {.rate = (double)conf->trap_rate,
			   .burst = (double)conf->trap_burst,
			   .total_rate = (double)conf->trap_total_rate,
			   .total_burst = (double)conf->trap_total_burst},
		.receive_buffer = (int)conf->trap_receive_buffer,
	};
}

struct device_state_conf collector_state_conf(const struct collector_conf *conf)
{
	return (struct device_state_conf){
		.down_after = (unsigned int)conf->down_after,
		.parent_hold_ms = conf->parent_hold_ms,
	};
}

/* ---- polling ---- */

static int add_to_poller(struct collector *c, const struct setup *setup, struct device *device,
			 const struct endpoint *at)
{
	struct snmp_credential cred;

	if (device->state->ping.alone)
		return 0;
	cred = credential_for_snmp(setup_credential(setup, device->entry));
	return poller_add(c->poller, device, &cred, (const struct sockaddr *)&at->addr, at->len);
}

/* That there is no socket was said when there was none. */
static int add_to_pinger(struct collector *c, struct device *device, const struct endpoint *at)
{
	int r = c->pinger
			? pinger_add(c->pinger, device, (const struct sockaddr *)&at->addr, at->len)
			: 0;

	device->state->ping.on = device->ping;
	return r == -EAFNOSUPPORT ? 0 : r;
}

static int start_polling(struct collector *c, const struct setup *setup, struct device *device)
{
	const char *address = device->entry->address;
	char problem[ENDPOINT_ZONE_PROBLEM_SIZE];
	struct endpoint endpoint;
	int r = endpoint_zone_parse_address(address, device->entry->port, &endpoint);

	device->state->ping.alone = inventory_is_pinged_alone(device->entry);
	device->profile = device->state->ping.alone ? INVENTORY_PING : NULL;
	if (r == 0)
		r = add_to_poller(c, setup, device, &endpoint);
	if (r == 0)
		r = add_to_pinger(c, device, &endpoint);
	if (r < 0)
		log_error("poller", "device=%s address=%s err=\"%s\"", device->entry->id, address,
			  endpoint_zone_problem(address, r, problem));
	return r;
}

static void stop_polling(struct collector *c, struct device *device)
{
	poller_remove(c->poller, device);
	if (c->pinger)
		pinger_remove(c->pinger, device);
}

/* ---- the start ---- */

static void on_state(void *data, const char *id, enum device_status status, enum device_cause cause,
		     int64_t since_ms)
{
	struct collector *c = data;
	struct device *device = device_set_find(&c->devices, id);

	if (!device) {
		log_info("main", "device=%s effect=\"forgotten: no longer in the inventory\"", id);
		store_forget_device(c->store, id, loop_wall_ms());
		return;
	}
	/* a suspicion is forgotten: the next polls tell */
	device->status = status == DEVICE_SUSPECT ? DEVICE_UP : status;
	device->cause = status == DEVICE_SUSPECT ? DEVICE_CAUSE_NONE : cause;
	device->since_ms = since_ms;
}

static void on_problem(void *data, const char *id, const struct problem *problem)
{
	struct collector *c = data;
	struct device *device = device_set_find(&c->devices, id);

	if (device)
		correlate_restore(device, problem);
}

#define PAST_MS (7 * 86400 * INT64_C(1000)) /* late notifications may tell of outages that old */

int collector_start_devices(struct collector *c)
{
	const struct inventory *inventory = &c->setup->inventory;
	cleanup_free struct device **devices = calloc(inventory->n + 1, sizeof(struct device *));
	int r;

	assert(c->devices.n == 0);
	if (!devices)
		return -ENOMEM;
	for (size_t i = 0; i < inventory->n; i++) {
		devices[i] = device_new(&inventory->entries[i]);
		if (!devices[i]) {
			while (i-- > 0)
				device_free(devices[i]);
			return -ENOMEM;
		}
	}
	r = device_set_init(&c->devices, devices, inventory->n);
	if (r == 0)
		r = monitor_set_devices(c->monitor, &c->devices);
	if (r == 0) {
		r = store_load_states(c->store, on_state, c);
		if (r == 0)
			r = store_load_problems(c->store, loop_wall_ms() - PAST_MS, on_problem, c);
	}
	for (size_t i = 0; r == 0 && i < c->devices.n; i++)
		start_polling(c, c->setup, c->devices.devices[i]);
	return r;
}

/* ---- the reload ---- */

static void on_restart_key(void *data, const char *key)
{
	(void)data;
	log_warn("reload", "key=%s effect=\"only after a restart\"", key);
}

struct change {
	struct device **devices;
	bool *added; /* by index of the new inventory */
	size_t n;
	struct http_reload_change counts;
};

static void change_deinit(struct change *change)
{
	for (size_t i = 0; change->devices && i < change->n; i++) {
		if (change->added[i])
			device_free(change->devices[i]);
	}
	free(change->devices);
	free(change->added);
}

/* Makes devices for new entries; finds those of the others. */
static int plan(const struct collector *c, const struct setup *setup, struct change *ret)
{
	struct change change = {.n = setup->inventory.n};

	change.devices = calloc(change.n + 1, sizeof(struct device *));
	change.added = calloc(change.n + 1, sizeof(*change.added));
	if (!change.devices || !change.added) {
		change_deinit(&change);
		return -ENOMEM;
	}
	for (size_t i = 0; i < change.n; i++) {
		const struct inventory_entry *entry = &setup->inventory.entries[i];

		change.devices[i] = device_set_find(&c->devices, entry->id);
		if (change.devices[i])
			continue;
		change.devices[i] = device_new(entry);
		change.added[i] = change.devices[i] != NULL;
		if (!change.devices[i]) {
			change_deinit(&change);
			return -ENOMEM;
		}
		change.counts.added++;
	}
	change.counts.devices = change.n;
	change.counts.removed = c->devices.n + change.counts.added - change.n;
	*ret = change;
	return 0;
}

/*
 * Another network's inventory, or one whose ids were all changed, would end every outage and
 * forget every state: nobody means that by a reload.
 */
static int check_kept(const struct collector *c, const struct setup *setup,
		      const struct change *change, struct conf_errors *errors)
{
	if (c->devices.n == 0 || change->counts.removed < c->devices.n)
		return 0;
	conf_errors_add(errors,
			"%s: none of the %zu devices watched now is in it; is it another "
			"network's? If it is "
			"meant, restart the collector",
			setup->conf.inventory, c->devices.n);
	return -EINVAL;
}

static void drop_gone(struct collector *c, const struct setup *setup)
{
	for (size_t i = 0; i < c->devices.n; i++) {
		struct device *device = c->devices.devices[i];

		if (inventory_find(&setup->inventory, device->entry->id))
			continue;
		stop_polling(c, device);
		monitor_forget(c->monitor, device);
		collector_thresholds_forget(c->thresholds, device->entry->id);
		store_forget_device(c->store, device->entry->id, loop_wall_ms());
		device_free(device);
	}
}

static void poll_anew(struct collector *c, const struct setup *setup, struct device *device,
		      struct inventory_entry *entry)
{
	struct inventory_entry *old = (struct inventory_entry *)(uintptr_t)device->entry;
	bool same = setup_same_target(c->setup, old, setup, entry);
	char *id;

	if (!same)
		stop_polling(c, device);
	/* Series remember the id's address (sample.h): it stays the same piece of memory. */
	id = old->id;
	old->id = entry->id;
	entry->id = id;
	device->entry = entry;
	if (!same)
		start_polling(c, setup, device);
}

/* Unchanged ones stay, or all devices would be identified anew. */
static void swap_profiles(struct collector *c, struct setup *setup)
{
	struct profile_set *old = c->setup->profiles;

	if (setup->profiles_hash != c->setup->profiles_hash) {
		poller_set_profiles(c->poller, setup->profiles);
		return;
	}
	c->setup->profiles = setup->profiles;
	setup->profiles = old;
}

static int open_new(struct collector *c, struct setup *setup, struct conf_errors *errors)
{
	struct trap_recv_conf traps = collector_trap_conf(&setup->conf);
	int r = trap_recv_set_conf(c->trap_recv, &traps);

	if (r < 0) {
		conf_errors_add(errors, "%s: trap-listen: %s; the log says which address",
				conf_places_key(setup->conf.places, "trap-listen"), strerror(-r));
		return r;
	}
	r = trap_auth_set_credentials(c->trap_auth, &setup->credentials);
	if (r < 0) {
		traps = collector_trap_conf(&c->setup->conf);
		trap_recv_set_conf(c->trap_recv, &traps);
		conf_errors_add(errors, "%s: %s", setup->conf.credentials, strerror(-r));
	}
	return r;
}

/* Ownership of setup passes on success. */
static int apply(struct collector *c, struct setup *setup, struct conf_errors *errors,
		 struct http_reload_change *ret_counts)
{
	struct device_state_conf state = collector_state_conf(&setup->conf);
	struct change change = {0};
	struct device_set set;
	int r = plan(c, setup, &change);

	if (r == 0)
		r = check_kept(c, setup, &change, errors);
	if (r == 0)
		r = device_set_init(&set, change.devices, change.n);
	if (r == 0) {
		r = monitor_reserve(c->monitor, &set);
		if (r == 0)
			r = open_new(c, setup, errors);
		if (r < 0)
			device_set_release(&set);
	}
	if (r < 0) {
		change_deinit(&change);
		return r;
	}
	collector_conf_restart_keys(&c->setup->conf, &setup->conf, on_restart_key, NULL);
	swap_profiles(c, setup);
	/* From here on nothing fails: device_set_init() was done before. */
	for (size_t i = 0; i < change.n; i++) {
		if (change.added[i])
			start_polling(c, setup, change.devices[i]);
		else
			poll_anew(c, setup, change.devices[i], &setup->inventory.entries[i]);
		change.added[i] = false;
	}
	drop_gone(c, setup);
	device_set_release(&c->devices);
	c->devices = set;
	monitor_set_conf(c->monitor, &state);
	monitor_set_devices(c->monitor, &c->devices); /* cannot fail: reserved */
	alert_set_devices(c->alerts, &c->devices, collector_now());
	collector_notify_set_setup(c->notify, setup);
	collector_thresholds_set_setup(c->thresholds, setup);
	*ret_counts = change.counts;
	change_deinit(&change);
	setup_free(c->setup);
	c->setup = setup;
	return 0;
}

/* ---- what can be told only once the devices have told what they have ---- */

void collector_check_links(const struct collector *c, struct device *device,
			   struct conf_errors *ret_warnings)
{
	const struct inventory_link *link = NULL;
	char names[300];

	while ((link = device_next_unknown_link(device, link)))
		conf_errors_add(ret_warnings,
				"%s:%u: link_capacity_kbps: %s has no link \"%s\"; it has %s",
				c->setup->conf.inventory, device->entry->line, device->entry->id,
				link->name, device_link_names(device, names, sizeof(names)));
	device->links_checked = device->n_links > 0;
}

/* ---- the job: files are read by a worker, for the loop must not wait for a disk ---- */

struct waiter {
	struct waiter *next;
	http_reload_fn *fn;
	void *data;
};

struct reload_job {
	struct worker_job work; /* first: it is what the worker knows; with the outcome */
	char *path;
	struct waiter *waiters; /* for this reading of the files */
	struct waiter *later;	/* who asked after it began: the files are read again */
	struct setup *setup;
	struct conf_errors errors;
};

static void tell_waiters(struct waiter *waiters, int err, const struct conf_errors *errors,
			 const struct http_reload_change *change)
{
	while (waiters) {
		struct waiter *next = waiters->next;

		if (waiters->fn)
			waiters->fn(waiters->data, err, errors, change);
		free(waiters);
		waiters = next;
	}
}

static int finish(struct collector *c, struct reload_job *job,
		  struct http_reload_change *ret_change)
{
	int r = job->work.err;

	if (r == 0)
		r = apply(c, job->setup, &job->errors, ret_change);
	if (r < 0) {
		setup_free(job->setup);
	} else {
		for (size_t i = 0; i < c->devices.n; i++)
			collector_check_links(c, c->devices.devices[i], &job->errors);
	}
	for (size_t i = 0; i < job->errors.n; i++)
		log_line(r < 0 ? LOG_LEVEL_ERROR : LOG_LEVEL_WARN, "reload", "%s",
			 job->errors.lines[i]);
	if (r < 0) {
		c->stats.failed_reloads++;
		log_error("reload", "err=\"%s\" effect=\"the old configuration runs on\"",
			  strerror(-r));
	} else {
		c->stats.reloads++;
		http_api_devices_replaced(c->api);
		log_info("reload", "devices=%zu added=%zu removed=%zu status=done",
			 ret_change->devices, ret_change->added, ret_change->removed);
	}
	return r;
}

static int start_job(struct collector *c, struct waiter *waiters);

static void job_free(struct reload_job *job)
{
	conf_errors_deinit(&job->errors);
	free(job->path);
	free(job);
}

static void on_read(void *data, struct worker_job *work)
{
	struct reload_job *job = (struct reload_job *)work;
	struct http_reload_change change = {0};
	struct collector *c = data;
	struct waiter *later = job->later;
	int r;

	if (!c->reload) { /* too late: collector_reload_end() has told who waited */
		setup_free(job->setup);
		job_free(job);
		return;
	}
	c->reload = NULL;
	r = finish(c, job, &change);
	tell_waiters(job->waiters, r, &job->errors, &change);
	job_free(job);
	sd_notify_send("READY=1");
	if (later)
		start_job(c, later);
}

static int64_t read_files(void *data, struct worker_jobs *jobs, bool ending)
{
	struct worker_job *work;

	(void)data;
	(void)ending;
	STAILQ_FOREACH (work, jobs, entry) {
		struct reload_job *job = (struct reload_job *)work;

		work->err = setup_load(job->path, &job->setup, &job->errors);
	}
	return WORKER_IDLE;
}

int collector_reload_begin(struct collector *c)
{
	const struct worker_conf conf = {
		.name = "reload",
		.queue_max = 1,
		.batch_max = 1,
		.end_ms = 2000,
		.drop = true,
		.short_lived = true,
		.run = read_files,
		.done = on_read,
		.data = c,
	};

	return worker_new(c->loop, &conf, &c->reader);
}

/* Takes the waiters; tells them if it fails. */
static int start_job(struct collector *c, struct waiter *waiters)
{
	const struct conf_errors none = {0};
	struct reload_job *job = calloc(1, sizeof(*job));
	int r = -ENOMEM;

	assert(!c->reload && waiters);
	if (job)
		job->path = strdup(c->path);
	if (job && job->path) {
		job->waiters = waiters;
		r = worker_put(c->reader, &job->work);
	}
	if (r < 0) {
		c->stats.failed_reloads++;
		log_error("reload", "err=\"%s\"", strerror(-r));
		tell_waiters(waiters, r, &none, NULL);
		if (job)
			job_free(job);
		return r;
	}
	c->reload = job;
	sd_notify_send("RELOADING=1");
	return 0;
}

void collector_reload(void *data, http_reload_fn *fn, void *fn_data)
{
	const struct conf_errors none = {0};
	struct collector *c = data;
	struct waiter *waiter = calloc(1, sizeof(*waiter));

	loop_assert_thread(c->loop);
	if (!waiter) {
		if (fn)
			fn(fn_data, -ENOMEM, &none, NULL);
		return;
	}
	waiter->fn = fn;
	waiter->data = fn_data;
	if (!c->reload) {
		start_job(c, waiter);
		return;
	}
	waiter->next = c->reload->later;
	c->reload->later = waiter;
}

void collector_reload_end(struct collector *c)
{
	const struct conf_errors none = {0};
	struct reload_job *job = c->reload;

	c->reload = NULL;
	if (job) {
		tell_waiters(job->waiters, -ECANCELED, &none, NULL);
		tell_waiters(job->later, -ECANCELED, &none, NULL);
	}
	if (!worker_end(c->reader))
		return; /* the thread has the job, which is all that it looks at */
	c->reader = NULL;
}
