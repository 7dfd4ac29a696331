/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The collector itself, whose devices are not polled: their states, rates and samples come from
 * commands on stdin. For the integration and browser tests, which want to say exactly what
 * happens. The HTTP server has smaller limits than the collector's, so that a test reaches them.
 *
 *	web_fixture CONF STATE-FILE LISTEN...
 *
 * CONF is a pantau-collector.conf; its http-listen is not served, LISTEN is ("control=" before it:
 * as the control socket). "ready" is written to STATE-FILE once that is so.
 *
 * Commands, one a line, answered by "ok" or "error":
 *	status ID STATUS CAUSE	sets a device's state, with its event
 *	full yes|no		whether files can grow, as on a full disk
 *	history ID LINK DAYS	fills the traffic file up to now, one sample a minute
 *	sample ID LINK TIME-MS DURATION-MS IN OUT
 *				one sample of octets/s ("nan": unknown)
 *	rates			new rates for every device that is up
 *	auto SECONDS		the same again and again
 *	flush			waits until the samples are written
 *	quit
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collector/collector_private.h"
#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/event.h"
#include "collector/core/value/sample.h"
#include "common/conf/conf_errors.h"
#include "common/system/log.h"

enum { LISTEN_MAX = 4, SERIES_MAX = 4096, LINE_MAX_OCTETS = 512, STEP_MS = 60000 };

static const struct sample_group TRAFFIC = {
	.name = "traffic",
	.n_ds = 2,
	.ds = {{"in", "octets/s", 0, NAN}, {"out", "octets/s", 0, NAN}},
};

struct fixture {
	struct collector *c;
	struct loop_fd *input;
	struct loop_timer *again;
	int64_t again_us;
	struct series *series[SERIES_MAX];
	size_t n_series;
	int64_t next_event;
	unsigned int seed;
	char line[LINE_MAX_OCTETS];
	size_t line_len;
};

/* ---- devices ---- */

static double noise(struct fixture *fixture)
{
	return (double)rand_r(&fixture->seed) / RAND_MAX;
}

static void add_link(struct device *device, const char *name, int role, uint64_t capacity_bps)
{
	device->links = realloc(device->links, (device->n_links + 1) * sizeof(*device->links));
	device->links[device->n_links++] = (struct device_link){
		.name = strdup(name),
		.alias = strdup(role == LINK_ROLE_UPLINK ? "ke Command Centre" : ""),
		.if_index = (uint32_t)device->n_links + 1,
		.present = true,
		.role = (uint8_t)role,
		.medium = LINK_MEDIUM_FIBER,
		.admin = LINK_ADMIN_UP,
		.oper = LINK_OPER_UP,
		.oper_since_ms = loop_wall_ms() - 3600000,
		.capacity_bps = capacity_bps,
		.in_bps = NAN,
		.out_bps = NAN,
		.in_errors_per_s = 0,
		.out_errors_per_s = 0,
		.in_discards_per_s = 0,
		.out_discards_per_s = 0,
	};
}

static void add_links(struct device *device)
{
	const struct inventory_entry *entry = device->entry;

	add_link(device, entry->kind == INVENTORY_OPD ? "wan0" : "ether1", LINK_ROLE_UPLINK,
		 entry->capacity_down_bps);
	if (entry->kind == INVENTORY_OPD)
		add_link(device, "lan0", LINK_ROLE_LAN, 1000000000);
	if (entry->kind == INVENTORY_HOTSPOT) {
		device->metrics = calloc(1, sizeof(*device->metrics));
		device->n_metrics = 1;
		device->metrics[0] = (struct device_metric){
			.group = "clients", .name = "clients", .unit = "clients", .value = NAN};
	}
}

/* From now on the device does as it is told, and is not polled. */
static void take_over(struct fixture *fixture, struct device *device)
{
	poller_remove(fixture->c->poller, device);
	device->status = DEVICE_UP;
	device->since_ms = loop_wall_ms() - 86400000;
	device->sys_descr = strdup("Linux opd 6.1 <b>pantau-agent</b>");
	device->sys_name = strdup(device->entry->id);
	device->uptime_s = 864000;
	device->profile = "opd-agent";
	add_links(device);
}

static void set_rates(struct fixture *fixture, struct device *device)
{
	device->last_answer_ms = loop_wall_ms();
	device->rtt_ms = 1 + 9 * noise(fixture);
	for (size_t i = 0; i < device->n_links; i++) {
		struct device_link *link = &device->links[i];
		const double capacity =
			(double)(link->capacity_bps ? link->capacity_bps : 100000000);

		link->in_bps =
			link->oper == LINK_OPER_UP ? capacity * (0.05 + 0.5 * noise(fixture)) : 0;
		link->out_bps =
			link->oper == LINK_OPER_UP ? capacity * (0.02 + 0.2 * noise(fixture)) : 0;
		link->sample_ms = device->last_answer_ms;
	}
	for (size_t i = 0; i < device->n_metrics; i++)
		device->metrics[i].value = floor(40 * noise(fixture));
}

static void all_rates(struct fixture *fixture)
{
	for (size_t i = 0; i < fixture->c->devices.n; i++) {
		struct device *device = fixture->c->devices.devices[i];

		if (device->status != DEVICE_UP && device->status != DEVICE_DEGRADED)
			continue;
		set_rates(fixture, device);
		http_api_device_polled(fixture->c->api, device);
	}
}

static void on_again(void *data)
{
	struct fixture *fixture = data;

	all_rates(fixture);
	loop_timer_arm(fixture->again, fixture->again_us);
}

/* ---- samples ---- */

static struct series *series_of(struct fixture *fixture, const char *id, const char *link)
{
	struct series *series;

	for (size_t i = 0; i < fixture->n_series; i++)
		if (strcmp(fixture->series[i]->device_id, id) == 0 &&
		    strcmp(fixture->series[i]->object, link) == 0)
			return fixture->series[i];
	if (fixture->n_series == SERIES_MAX)
		return NULL;
	series = calloc(1, sizeof(*series));
	*series = (struct series){strdup(id), strdup(link), &TRAFFIC, STEP_MS, NULL};
	fixture->series[fixture->n_series++] = series;
	return series;
}

static void put(struct fixture *fixture, struct series *series, int64_t time_ms,
		int64_t duration_ms, const double *value)
{
	const struct sample sample = {series, time_ms, duration_ms, {value[0], value[1]}};

	COLLECTOR_POLLER_HOOKS.sample(fixture->c, &sample);
}

/* A working day's shape: low at night, two humps by day, less at the weekend, one outage.
 */
static void fill_history(struct fixture *fixture, struct series *series, double capacity_bps,
			 int days)
{
	const int64_t now_ms = loop_wall_ms(), begin_ms = now_ms - (int64_t)days * 86400000;
	double drift = 0;

	for (int64_t t = begin_ms; t <= now_ms; t += STEP_MS) {
		const double hour = fmod((double)t / 3600000 + 7, 24),
			     day = fmod(floor((double)t / 86400000 + 0.29) + 3, 7);
		const double work =
			exp(-pow((hour - 10) / 2.2, 2)) + 0.8 * exp(-pow((hour - 14.5) / 2, 2));
		double level, value[2];

		drift = 0.98 * drift + 0.02 * (noise(fixture) - 0.5);
		level = (0.05 + 0.55 * work * (day >= 5 ? 0.25 : 1) + drift) *
			(0.85 + 0.3 * noise(fixture));
		value[0] = fmax(0, level) * capacity_bps / 8;
		value[1] = value[0] * (0.2 + 0.1 * noise(fixture));
		if (now_ms - t > 7200000 && now_ms - t < 9000000)
			value[0] = value[1] = NAN;
		put(fixture, series, t, STEP_MS, value);
	}
}

/* ---- commands ---- */

static int do_status(struct fixture *fixture, char **arg)
{
	struct device *device = device_set_find(&fixture->c->devices, arg[0]);
	struct event event = {.id = ++fixture->next_event, .source = EVENT_SOURCE_TRAP};
	enum device_cause cause = DEVICE_CAUSE_NONE;
	const enum device_status before = device ? device->status : DEVICE_UP;

	if (!device || !device_status_parse(arg[1], &device->status))
		return -EINVAL;
	if (arg[2])
		device_cause_parse(arg[2], &cause);
	device->cause = cause;
	device->since_ms = loop_wall_ms();
	COLLECTOR_MONITOR_HOOKS.changed(fixture->c, device);
	if ((before == DEVICE_DOWN) == (device->status == DEVICE_DOWN))
		return 0;
	event.kind = device->status == DEVICE_DOWN ? EVENT_DEVICE_DOWN : EVENT_DEVICE_UP;
	event.time_ms = event.seen_ms = device->since_ms;
	snprintf(event.device_id, sizeof(event.device_id), "%s", arg[0]);
	event.params.cause = cause;
	COLLECTOR_MONITOR_HOOKS.event(fixture->c, device, &event);
	return 0;
}

static int do_history(struct fixture *fixture, char **arg)
{
	struct series *series = series_of(fixture, arg[0], arg[1]);
	const struct device *device = device_set_find(&fixture->c->devices, arg[0]);
	const struct device_link *link = device ? device_find_link(device, arg[1]) : NULL;

	if (!series || !link)
		return -EINVAL;
	fill_history(fixture, series, (double)link->capacity_bps, atoi(arg[2]));
	return 0;
}

static int do_sample(struct fixture *fixture, char **arg)
{
	struct series *series = series_of(fixture, arg[0], arg[1]);
	const double value[2] = {strtod(arg[4], NULL), strtod(arg[5], NULL)};

	if (!series)
		return -ENOMEM;
	put(fixture, series, strtoll(arg[2], NULL, 10), strtoll(arg[3], NULL, 10), value);
	return 0;
}

static int do_rates(struct fixture *fixture, char **arg)
{
	(void)arg;
	all_rates(fixture);
	return 0;
}

static int do_auto(struct fixture *fixture, char **arg)
{
	fixture->again_us = (int64_t)(strtod(arg[0], NULL) * 1000000);
	loop_timer_arm(fixture->again, 0);
	return 0;
}

static void answer(int r)
{
	puts(r == 0 ? "ok" : "error");
	fflush(stdout);
}

static void on_flushed(void *data)
{
	struct fixture *fixture = data;

	answer(0);
	loop_fd_set(fixture->input, LOOP_READ);
}

/* Answers once all is written; the next command waits for that. */
static int do_flush(struct fixture *fixture, char **arg)
{
	struct sink *sink = fixture->c->sinks[0];
	const int r = sink->ops->flush(sink, NULL, on_flushed, fixture);

	(void)arg;
	if (r < 0)
		return r;
	loop_fd_set(fixture->input, 0);
	return -EINPROGRESS;
}

static int do_full(struct fixture *fixture, char **arg)
{
	struct rlimit limit;

	(void)fixture;
	signal(SIGXFSZ, SIG_IGN);
	if (getrlimit(RLIMIT_FSIZE, &limit) < 0)
		return -errno;
	limit.rlim_cur = strcmp(arg[0], "yes") == 0 ? 1 : limit.rlim_max;
	return setrlimit(RLIMIT_FSIZE, &limit) < 0 ? -errno : 0;
}

static int do_quit(struct fixture *fixture, char **arg)
{
	(void)arg;
	loop_stop(fixture->c->loop);
	return 0;
}

static const struct command {
	const char *name;
	int args;
	int (*fn)(struct fixture *fixture, char **arg);
} COMMANDS[] = {
	{"status", 2, do_status}, {"history", 3, do_history}, {"sample", 6, do_sample},
	{"rates", 0, do_rates},	  {"auto", 1, do_auto},	      {"flush", 0, do_flush},
	{"full", 1, do_full},	  {"quit", 0, do_quit},
};

static void run_command(struct fixture *fixture, char *line)
{
	char *arg[8] = {NULL}, *save = NULL, *name = strtok_r(line, " \n", &save);
	int n = 0, r = -ENOSYS;

	while (n < 7 && (arg[n] = strtok_r(NULL, " \n", &save)))
		n++;
	for (size_t i = 0; name && i < ARRAY_LEN(COMMANDS); i++)
		if (strcmp(COMMANDS[i].name, name) == 0)
			r = n >= COMMANDS[i].args ? COMMANDS[i].fn(fixture, arg) : -EINVAL;
	if (r != -EINPROGRESS)
		answer(r);
}

static void on_input(void *data, int fd, unsigned int what)
{
	struct fixture *fixture = data;
	char *end;
	const ssize_t n = read(fd, fixture->line + fixture->line_len,
			       sizeof(fixture->line) - 1 - fixture->line_len);

	(void)what;
	if (n <= 0) {
		loop_stop(fixture->c->loop);
		return;
	}
	fixture->line_len += (size_t)n;
	fixture->line[fixture->line_len] = '\0';
	while ((end = strchr(fixture->line, '\n'))) {
		*end++ = '\0';
		run_command(fixture, fixture->line);
		fixture->line_len = strlen(end);
		memmove(fixture->line, end, fixture->line_len + 1);
	}
	if (fixture->line_len >= sizeof(fixture->line) - 1)
		loop_stop(fixture->c->loop);
}

/* ---- life ---- */

/* The collector's server makes room for one with limits that a test can reach. */
static int serve(struct fixture *fixture, const char *const *listen)
{
	struct http_door_conf doors[LISTEN_MAX];
	struct http_server_conf conf = {
		.doors = doors,
		.hosts = (const char *const *)fixture->c->setup->conf.http_hosts,
		.max_connections = 64,
		.max_streams = 48,
		.request_timeout_ms = 2000,
		.reply_timeout_ms = 8000,
		.output_max = 128 << 10,
		.output_total_max = 1 << 20};

	for (; listen[conf.n_doors] && conf.n_doors < LISTEN_MAX; conf.n_doors++) {
		const char *text = listen[conf.n_doors];
		const bool control = strncmp(text, "control=", 8) == 0;

		doors[conf.n_doors] = (struct http_door_conf){text + (control ? 8 : 0), control};
	}
	http_server_free(fixture->c->http);
	fixture->c->http = NULL;
	return http_server_new(fixture->c->loop, &conf, http_api_handle, fixture->c->api,
			       &fixture->c->http);
}

static int start(struct fixture *fixture, char **argv)
{
	struct conf_errors errors = {0};
	int r = collector_new(argv[1], NULL, &fixture->c, &errors);

	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	conf_errors_deinit(&errors);
	if (r < 0)
		return r;
	for (size_t i = 0; i < fixture->c->devices.n; i++)
		take_over(fixture, fixture->c->devices.devices[i]);
	r = store_last_event_id(fixture->c->store, &fixture->next_event);
	if (r < 0)
		return r;
	fixture->next_event += 1000; /* behind those that the collector itself may make */
	r = serve(fixture, (const char *const *)argv + 3);
	if (r < 0)
		return r;
	r = loop_fd_new(fixture->c->loop, 0, LOOP_READ, on_input, fixture, &fixture->input);
	if (r < 0)
		return r;
	return loop_timer_new(fixture->c->loop, on_again, fixture, &fixture->again);
}

static void stop(struct fixture *fixture)
{
	loop_fd_free(fixture->input);
	loop_timer_free(fixture->again);
	collector_free(fixture->c);
	for (size_t i = 0; i < fixture->n_series; i++) {
		free((char *)(uintptr_t)fixture->series[i]->device_id);
		free((char *)(uintptr_t)fixture->series[i]->object);
		free(fixture->series[i]);
	}
}

int main(int argc, char **argv)
{
	struct fixture fixture = {.seed = 1};
	FILE *state;
	int r;

	if (argc < 4)
		return 2;
	log_open("web_fixture", LOG_TARGET_STDERR, LOG_LEVEL_DEBUG);
	r = start(&fixture, argv);
	if (r < 0) {
		fprintf(stderr, "web_fixture: %s\n", strerror(-r));
		stop(&fixture);
		return 1;
	}
	state = fopen(argv[2], "w");
	if (!state) {
		perror(argv[2]);
		stop(&fixture);
		return 1;
	}
	fputs("ready\n", state);
	fclose(state);
	collector_run(fixture.c);
	stop(&fixture);
	return 0;
}
