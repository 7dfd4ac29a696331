/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The collector as a process of the NOC's machine. */
#include "tests/simulation/city/noc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/collector_private.h"
#include "collector/core/judge/event.h"
#include "common/system/log.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/stage/disk.h"
#include "tests/simulation/stage/page.h"
#include "tests/simulation/truth/cause.h"
#include "tests/simulation/truth/invariant.h"

enum { PATH = 300 };

/* Tuesday, 1 December 2026, 07:00 in Jakarta */
#define WALL_AT_START_US (INT64_C(1796083200) * STAGE_SECOND_US)

struct noc {
	struct city *city;
	struct machine machine;
	struct collector *collector;
	struct sink spy;
	int64_t started_us, lost_from_us;
};

/* One collector, one NOC: a sink has no place for whom it belongs to. */
static struct noc *of_spy(const struct sink *sink)
{
	return (struct noc *)((char *)(uintptr_t)sink - offsetof(struct noc, spy));
}

static void on_put(struct sink *sink, const struct sample *sample)
{
	invariant_sample(of_spy(sink)->city, sample);
}

static void on_event(void *data, const struct event *event)
{
	struct noc *noc = data;

	invariant_event(noc->city, event);
}

static void on_emit_stats(const struct sink *sink, stats_emit_fn *emit, void *emit_data)
{
	(void)sink;
	(void)emit;
	(void)emit_data;
}

static struct sink *on_close(struct sink *sink)
{
	(void)sink;
	return NULL;
}

static const struct sink_ops SPY = {.put = on_put, .emit_stats = on_emit_stats, .close = on_close};

/* ---- files ---- */

static FILE *write_file(const struct noc *noc, const char *name, mode_t mode)
{
	char path[PATH];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", noc->city->dir, name);
	file = fopen(path, "w");
	if (!file || chmod(path, mode) < 0) {
		perror(path);
		abort();
	}
	return file;
}

static bool is_parent(const struct city *city, const char *id)
{
	for (size_t i = 0; i < city->n_boxes; i++) {
		if (strcmp(city->boxes[i].parent, id) == 0)
			return true;
	}
	return false;
}

/* Those before others may pass on what these tell, as many as the collector takes. */
static void write_forwarders(const struct city *city, FILE *file)
{
	const char *before = "trap-forwarders = {";
	int n = 0;

	for (size_t i = 0; i < city->n_boxes && n < COLLECTOR_LISTEN_MAX; i++) {
		const uint32_t ip = city->boxes[i].machine.address;

		if (!is_parent(city, city->boxes[i].id))
			continue;
		fprintf(file, "%s\"%u.%u.%u.%u\"", before, ip >> 24, ip >> 16 & 255, ip >> 8 & 255,
			ip & 255);
		before = ", ";
		n++;
	}
	fprintf(file, "%s", n ? "}\n" : "");
}

static void write_conf(const struct noc *noc)
{
	FILE *file = write_file(noc, "collector.conf", 0644);
	const char *dir = noc->city->dir;

	fprintf(file,
		"inventory = \"%s/inventory.csv\"\ncredentials = \"%s/credentials.conf\"\n"
		"profiles-dir = \"%s\"\nweb-dir = \"%s\"\nstate-dir = \"%s/state\"\n"
		"rrd-dir = \"%s/rrd\"\nrrd-write-interval = 5m\nrun-dir = \"%s\"\nuser = "
		"\"\"\nsandbox = false\n"
		"http-listen = {\"127.0.0.1:8080\"}\ntrap-listen = {\"0.0.0.0:162\"}\n"
		"log-level = \"debug\"\npoll-interval = %llds\nbackoff-max = %llds\n",
		dir, dir, SIMULATION_PROFILES, dir, dir, dir, dir,
		(long long)noc->city->script->interval_s,
		(long long)(NOC_BACKOFF_MAX_US / STAGE_SECOND_US));
	write_forwarders(noc->city, file);
	fclose(file);
}

static void write_inventory(const struct noc *noc)
{
	FILE *file = write_file(noc, "inventory.csv", 0644);

	fprintf(file, "id,kind,name,address,port,credential,parent,profile\n");
	for (size_t i = 0; i < noc->city->n_boxes; i++) {
		const struct box *box = &noc->city->boxes[i];
		uint32_t ip = box->machine.address;

		fprintf(file, "%s,opd,%s,%u.%u.%u.%u,161,%s,%s,%s\n", box->id, box->id, ip >> 24,
			ip >> 16 & 255, ip >> 8 & 255, ip & 255, box->version ? "v2c" : "v1",
			box->parent, box->profile);
	}
	fclose(file);
}

static void write_credentials(const struct noc *noc)
{
	FILE *file = write_file(noc, "credentials.conf", 0600);

	fprintf(file, "credential \"v2c\" { version = \"v2c\" community = \"kota\" }\n"
		      "credential \"v1\" { version = \"v1\" community = \"kota\" }\n");
	fclose(file);
}

static void make_dir(const struct noc *noc, const char *name)
{
	char path[PATH];

	snprintf(path, sizeof(path), "%s/%s", noc->city->dir, name);
	(void)mkdir(path, 0750);
}

static void write_files(const struct noc *noc)
{
	make_dir(noc, "state");
	make_dir(noc, "rrd");
	write_conf(noc);
	write_inventory(noc);
	write_credentials(noc);
}

/* ---- the process ---- */

static void on_log(void *data, enum log_level level, const char *line)
{
	struct noc *noc = data;

	if (noc->city->loud)
		fprintf(stderr, "%10.3f noc %s %s\n", city_time_s(noc->city, stage_now_us()),
			log_level_name(level), line);
	invariant_log(noc->city, (int)level, line);
}

void noc_start(struct noc *noc)
{
	struct machine *before = stage_enter(&noc->machine);
	struct conf_errors errors = {0};
	char path[PATH];
	int r;

	write_files(noc);
	noc->machine.off = false;
	snprintf(path, sizeof(path), "%s/collector.conf", noc->city->dir);
	r = collector_new(path, NULL, &noc->collector, &errors);
	for (size_t i = 0; i < errors.n && i < 5; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	conf_errors_deinit(&errors);
	if (r < 0) {
		city_wrong(noc->city, "starts", NULL, "the collector does not start: %s",
			   strerror(-r));
	} else {
		noc->spy.ops = &SPY;
		noc->collector->sinks[noc->collector->n_sinks++] = &noc->spy;
	}
	noc->started_us = stage_now_us();
	cause_add(noc->city->causes, -1, noc->started_us,
		  noc->started_us + 3 * noc->city->script->interval_s * STAGE_SECOND_US +
			  120 * STAGE_SECOND_US,
		  CAUSE_AWAY);
	stage_enter(before);
}

/* What was told so long before a kill is on the disk, if that is not full. */
#define WRITTEN_US (5 * STAGE_SECOND_US)

static void end(struct noc *noc, bool properly)
{
	struct machine *before = stage_enter(&noc->machine);
	int64_t written_us = properly ? INT64_MAX : stage_now_us();

	if (disk_full_since_us() < written_us)
		written_us = disk_full_since_us();
	if (written_us != INT64_MAX && noc->collector)
		noc->lost_from_us = written_us - WRITTEN_US;
	if (noc->collector)
		noc->collector->stopping = properly;
	noc->collector = collector_free(noc->collector);
	stage_enter(before);
}

void noc_stop(struct noc *noc)
{
	end(noc, true);
}

void noc_kill(struct noc *noc)
{
	noc->machine.off = true;
	end(noc, false);
}

void noc_reload(struct noc *noc)
{
	struct machine *before = stage_enter(&noc->machine);

	write_files(noc);
	if (noc->collector)
		collector_reload(noc->collector, NULL, NULL);
	stage_enter(before);
}

struct noc *noc_new(struct city *city)
{
	struct noc *noc = calloc(1, sizeof(*noc));

	if (!noc)
		abort();
	noc->city = city;
	noc->machine = (struct machine){.name = "noc",
					.address = 10u << 24 | 1,
					.wall_us = WALL_AT_START_US - stage_now_us()};
	log_set_sink(on_log, noc);
	page_watch(on_event, noc);
	return noc;
}

struct noc *noc_free(struct noc *noc)
{
	if (!noc)
		return NULL;
	noc_stop(noc);
	log_set_sink(NULL, NULL);
	page_watch(NULL, NULL);
	free(noc);
	return NULL;
}

struct machine *noc_machine(struct noc *noc)
{
	return &noc->machine;
}

struct collector *noc_collector(const struct noc *noc)
{
	return noc->collector;
}

int64_t noc_started_us(const struct noc *noc)
{
	return noc->started_us;
}

int64_t noc_lost_from_us(const struct noc *noc)
{
	return noc->lost_from_us;
}
