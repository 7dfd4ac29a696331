/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Polls one device with the collector's own poller and prints what comes of it as lines of
 * text, for integration tests and for trying a profile by hand:
 *
 *	poll_tool -p build/conf/profiles -a 127.0.0.1:1161 -c public -i 2s -n 5
 *
 * -V 1|2c|3 version, -u user -A auth passphrase -X priv passphrase (SHA-256, AES-128) for 3,
 * -P profile (auto), -i interval in ms, -n cycles.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/device/profile.h"
#include "collector/core/value/sample.h"
#include "collector/io/setup/profile_file.h"
#include "collector/io/snmp/poller.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

struct tool {
	struct loop *loop;
	struct poller *poller;
	int cycles;
};

static void on_sample(void *data, const struct sample *sample)
{
	const struct series *series = sample->series;

	(void)data;
	printf("sample object=%s group=%s time_ms=%" PRId64 " duration_ms=%" PRId64, series->object,
	       series->group->name, sample->time_ms, sample->duration_ms);
	for (size_t i = 0; i < series->group->n_ds; i++)
		printf(" %s=%.3f", series->group->ds[i].name, sample->value[i]);
	printf("\n");
}

static void on_links(void *data, struct device *device)
{
	(void)data;
	printf("device profile=%s name=%s object_id=%s descr=%s\n",
	       device->profile ? device->profile : "-", device->sys_name ? device->sys_name : "-",
	       device->sys_object_id ? device->sys_object_id : "-",
	       device->sys_descr ? device->sys_descr : "-");
	for (size_t i = 0; i < device->n_links; i++) {
		const struct device_link *link = &device->links[i];

		printf("link name=%s index=%" PRIu32 " present=%d role=%d capacity=%" PRIu64
		       " alias=%s\n",
		       link->name, link->if_index, link->present, link->role, link->capacity_bps,
		       link->alias ? link->alias : "");
	}
}

static void on_link_change(void *data, struct device *device, struct device_link *link, uint8_t old)
{
	(void)data;
	(void)device;
	printf("state link=%s oper=%d was=%d\n", link->name, link->oper, old);
}

static void on_restarted(void *data, struct device *device, bool agent_only, int64_t boot_ms)
{
	(void)data;
	(void)device;
	printf("%s boot_ms=%" PRId64 "\n", agent_only ? "agent-restarted" : "restarted", boot_ms);
}

static void on_result(void *data, struct device *device, enum snmp_outcome outcome, int64_t now_ms)
{
	struct tool *tool = data;

	printf("result outcome=%s time_ms=%" PRId64 " rtt_ms=%.3f uptime_s=%" PRId64
	       " problem=%s\n",
	       snmp_outcome_name(outcome), now_ms, device->rtt_ms, device->uptime_s,
	       device->problem ? device->problem : "-");
	fflush(stdout);
	if (--tool->cycles <= 0)
		loop_stop(tool->loop);
}

static void print_stats(void *data, const struct stats_figure *figure)
{
	(void)data;
	if (figure->value > 0)
		printf("stat %s=%.6g\n", figure->name, figure->value);
}

static int parse_address(char *text, struct sockaddr_in *ret)
{
	char *colon = strrchr(text, ':');

	*ret = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(161)};
	if (colon) {
		*colon = '\0';
		ret->sin_port = htons((uint16_t)atoi(colon + 1));
	}
	return inet_pton(AF_INET, text, &ret->sin_addr) == 1 ? 0 : -1;
}

static int load_profiles(const char *dir, struct profile_set *ret)
{
	struct conf_errors errors = {0};
	int r = profile_dir_load(dir, ret, &errors);

	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	conf_errors_deinit(&errors);
	return r;
}

struct options {
	const char *profiles, *profile, *version;
	char *address;
	struct snmp_credential cred;
	struct poller_conf conf;
	int cycles;
};

static int parse_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "p:a:c:V:u:A:X:P:i:n:b:")) != -1) {
		switch (c) {
		case 'p':
			o->profiles = optarg;
			break;
		case 'a':
			o->address = optarg;
			break;
		case 'c':
			o->cred.community = optarg;
			break;
		case 'V':
			o->version = optarg;
			break;
		case 'u':
			o->cred.user = optarg;
			break;
		case 'A':
			o->cred.auth_pass = optarg;
			break;
		case 'X':
			o->cred.priv_pass = optarg;
			break;
		case 'P':
			o->profile = optarg;
			break;
		case 'i':
			o->conf.interval_ms = atoi(optarg);
			break;
		case 'n':
			o->cycles = atoi(optarg);
			break;
		case 'b':
			o->conf.max_varbinds = (unsigned int)atoi(optarg);
			break;
		default:
			return -1;
		}
	}
	o->cred.version = !strcmp(o->version, "1")   ? SNMP_V1
			  : !strcmp(o->version, "3") ? SNMP_V3
						     : SNMP_V2C;
	if (o->cred.version == SNMP_V3) {
		o->cred.level = SNMP_SEC_AUTH_PRIV;
		o->cred.auth = SNMP_AUTH_SHA256;
		o->cred.priv = SNMP_PRIV_AES128;
	}
	return o->address ? 0 : -1;
}

static int run(struct tool *tool, const struct options *o, const struct profile_set *profiles,
	       const struct sockaddr_in *addr)
{
	const struct snmp_engine_conf engine_conf = {.max_outstanding = 64, .sockets = 1};
	const struct poll_hooks hooks = {
		.data = tool,
		.sample = on_sample,
		.result = on_result,
		.link_change = on_link_change,
		.links_discovered = on_links,
		.restarted = on_restarted,
	};
	struct inventory_entry entry = {.id = (char *)"device", .profile = (char *)o->profile};
	struct snmp_engine *engine = NULL;
	struct device *device = device_new(&entry);
	int r = snmp_engine_new(tool->loop, &engine_conf, &engine);

	if (r >= 0)
		r = poller_new(tool->loop, engine, profiles, &o->conf, &hooks, &tool->poller);
	if (r >= 0)
		r = poller_add(tool->poller, device, &o->cred, (const struct sockaddr *)addr,
			       sizeof(*addr));
	if (r >= 0) {
		poller_poll_now(tool->poller, device);
		r = loop_run(tool->loop);
		poller_emit_stats(tool->poller, print_stats, NULL);
	}
	poller_free(tool->poller);
	snmp_engine_free(engine);
	device_free(device);
	return r;
}

int main(int argc, char **argv)
{
	struct options o = {.profiles = "build/conf/profiles",
			    .profile = "auto",
			    .version = "2c",
			    .cycles = 3,
			    .cred.community = "public"};
	struct profile_set profiles = {0};
	struct tool tool = {0};
	struct sockaddr_in addr;
	int r;

	poller_conf_defaults(&o.conf);
	o.conf.interval_ms = 2000;
	log_open("poll_tool", LOG_TARGET_STDERR, LOG_LEVEL_INFO);
	if (parse_options(argc, argv, &o) < 0 || parse_address(o.address, &addr) < 0) {
		fprintf(stderr,
			"usage: poll_tool -a ADDRESS[:PORT] [-p PROFILES] [-c COMMUNITY] ...\n");
		return 2;
	}
	tool.cycles = o.cycles;
	if (load_profiles(o.profiles, &profiles) < 0)
		return 1;
	r = loop_new(&tool.loop);
	if (r >= 0)
		r = run(&tool, &o, &profiles, &addr);
	loop_free(tool.loop);
	profile_set_deinit(&profiles);
	if (r < 0)
		fprintf(stderr, "poll_tool: %s\n", strerror(-r));
	return r < 0;
}
