/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every number that polling yields, against a fleet whose counters are known functions of
 * time: 5 % of answers lost, answers up to two seconds late, one device in ten dead,
 * reboots, renumbered interfaces, wraps of 32 bits, and all of that together. The poller,
 * the engine, the sockets and the fleet are the real ones; only the sink is the test's.
 *
 *	every value is right to 0.1 %, or unknown, or not there; none is invented
 *	unknown values and holes in time only where the fleet gave cause
 *	no time is counted twice
 *
 *	test_exactness PROFILES [SECONDS]
 */
#include <err.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/device/profile.h"
#include "collector/core/value/sample.h"
#include "collector/io/setup/profile_file.h"
#include "collector/io/snmp/poller.h"
#include "common/loop/loop.h"
#include "common/system/log.h"
#include "fleet_truth.h"
#include "tests/bench/bench_fleet.h"

enum {
	LINKS = 4,
	KINDS_MAX = 32,
	DEVICES_MAX = 1024,
	SECONDS = 105,
	EVENT_S = 35,		/* what happens to a device happens about then */
	BACK_S = 20,		/* and so long after it the dead ones return */
	SAMPLES_LEAST = 3,	/* late ones are put together until they are exact: ... */
	SAMPLES_LEAST_LATE = 1, /* ... one, if something happens to the device besides */
};

#define INTERVAL_MS    10000
#define ALLOWED	       0.001
#define TICK_US	       10000.0 /* sysUpTime's resolution */
#define PROMPT_MS      100     /* how well the time of a sample is known, undelayed, */
#define DELAYED_MS     2500    /* and with answers two seconds late */
#define RATE_32	       12000000
#define TO_EVENT(rate) (INT64_C(4294967296) - (rate)*INT64_C(30)) /* wraps at 30 s */

/* Devices of one kind: settings of fleet_sim, and what that is cause for. */
struct kind {
	const char *name;
	unsigned int n;
	enum shape shape;
	uint64_t rate, counter;
	const char *words;  /* at the start */
	const char *event;  /* said to the fleet at EVENT_S */
	const char *event2; /* and BACK_S later */
	unsigned int holes; /* intervals that may be missing or unknown */
	bool delayed, dead;
};

static const struct kind KINDS[] = {
	{"plain", 20, SHAPE_FLAT, 125000, 0, "", NULL, NULL, 0, false, false},
	{"day's wave", 10, SHAPE_DAILY, 9000000, 0, "", NULL, NULL, 0, false, false},
	{"bursts", 10, SHAPE_BURST, 9000000, 0, "", NULL, NULL, 0, false, false},
	{"5 % lost", 40, SHAPE_DAILY, 9000000, 0, "loss=5", NULL, NULL, 0, false, false},
	{"0 to 2 s late", 40, SHAPE_FLAT, 9000000, 0, "jitter=2000", NULL, NULL, 0, true, false},
	{"1.5 s late", 10, SHAPE_FLAT, 9000000, 0, "delay=1500", NULL, NULL, 0, true, false},
	{"wrap", 20, SHAPE_FLAT, RATE_32, TO_EVENT(RATE_32), "profile=if-mib-32 loss=5", NULL, NULL,
	 0, false, false},
	{"wrap, late", 20, SHAPE_FLAT, RATE_32, TO_EVENT(RATE_32),
	 "profile=if-mib-32 jitter=2000 loss=5", NULL, NULL, 0, true, false},
	{"reboot", 20, SHAPE_DAILY, 9000000, 0, "loss=5", "reboot=now", NULL, 1, false, false},
	{"reboot, 32 bits", 20, SHAPE_FLAT, RATE_32, TO_EVENT(RATE_32), "profile=if-mib-32 loss=5",
	 "reboot=now", NULL, 1, false, false},
	{"reboot twice", 10, SHAPE_FLAT, 9000000, 0, "jitter=500", "reboot=now", "reboot=now", 2,
	 true, false},
	{"renumbered by 1", 20, SHAPE_DAILY, 9000000, 0, "", "renumber=1", NULL, 1, false, false},
	{"renumbered by 100", 20, SHAPE_DAILY, 9000000, 0, "loss=5", "renumber=100", NULL, 1, false,
	 false},
	{"and without ifXTable", 20, SHAPE_FLAT, RATE_32, TO_EVENT(RATE_32), "profile=if-mib-32",
	 "renumber=1", NULL, 1, false, false},
	{"away for 20 s", 20, SHAPE_DAILY, 9000000, 0, "", "state=dead", "state=alive", 0, false,
	 false},
	{"dead", 40, SHAPE_FLAT, 9000000, 0, "state=dead", NULL, NULL, 0, false, true},
	{"all together", 30, SHAPE_FLAT, RATE_32, TO_EVENT(RATE_32),
	 "profile=if-mib-32 jitter=2000 loss=5", "reboot=now renumber=1", "renumber=2", 3, true,
	 false},
};

/* What came of one link. */
struct track {
	int64_t end_ms; /* of its last sample; 0 none yet */
	unsigned int samples, holes;
};

/* What came of one kind. */
struct tally {
	uint64_t samples, values, unknown, wrong, holes, twice, silent;
	double worst;
};

struct subject {
	struct inventory_entry entry;
	struct device *device;
	const struct kind *kind;
	struct track tracks[LINKS];
};

struct test {
	struct loop *loop;
	struct loop_timer *timer;
	struct snmp_engine *engine;
	struct poller *poller;
	struct profile_set profiles;
	struct bench_responder fleet;
	char dir[32], control[64];
	int stage, seconds;
	double sim_offset_us; /* simulator's clock - wall clock */
	struct subject subjects[DEVICES_MAX];
	unsigned int n;
	struct tally tallies[KINDS_MAX];
	unsigned int failed;
};

/* ---- the fleet's control socket ---- */

static void command(const struct test *t, const char *text, char *reply, size_t size)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	struct timeval wait = {.tv_sec = 5};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ssize_t n;

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(sa_family_t)) < 0)
		err(1, "control socket");
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", t->control);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) < 0 ||
	    send(fd, text, strlen(text), 0) < 0 || (n = recv(fd, reply, size - 1, 0)) < 0)
		err(1, "%s", text);
	reply[n] = '\0';
	close(fd);
}

static void set_kind(const struct test *t, unsigned int first, const struct kind *kind,
		     const char *words)
{
	char text[384], range[64], reply[128];

	snprintf(text, sizeof(text), "set %s %s",
		 bench_fleet_range(first, first + kind->n - 1, range, sizeof(range)), words);
	command(t, text, reply, sizeof(reply));
	if (strcmp(reply, "ok") != 0)
		errx(1, "%s: %s", text, reply);
}

static void happen(const struct test *t, bool second)
{
	unsigned int first = 0;

	for (size_t k = 0; k < ARRAY_LEN(KINDS); first += KINDS[k++].n) {
		const char *words = second ? KINDS[k].event2 : KINDS[k].event;

		if (words)
			set_kind(t, first, &KINDS[k], words);
	}
}

/* Both clocks are this machine's: what one command takes is far below a tick. */
static void read_offset(struct test *t)
{
	char reply[128];

	command(t, "now", reply, sizeof(reply));
	t->sim_offset_us = strtod(reply, NULL) - (double)loop_wall_ms() * 1e3;
}

/* ---- judging ---- */

static struct subject *subject_of(struct test *t, const struct series *series)
{
	unsigned int i = (unsigned int)atoi(series->device_id + 1);

	if (i >= t->n)
		errx(1, "a sample of %s, which is not in the fleet", series->device_id);
	return &t->subjects[i];
}

/* How far off the value is: 0 if it is right for the interval or one that lies up to a
 * tick beside it, which is as well as the device tells its time. */
static double error_of(const struct test *t, const struct fleet_link *link, bool out,
		       const struct sample *sample)
{
	double end_us = (double)sample->time_ms * 1e3 + t->sim_offset_us;
	double start_us = end_us - (double)sample->duration_ms * 1e3;
	double least = INFINITY, most = -INFINITY, value = sample->value[out];

	for (int i = -1; i <= 1; i++) {
		double truth = fleet_truth(link, out, start_us + i * TICK_US, end_us + i * TICK_US);

		least = fmin(least, truth);
		most = fmax(most, truth);
	}
	if (value < least)
		return (least - value) / least;
	return value > most ? (value - most) / most : 0;
}

static void judge_values(struct test *t, const struct subject *s, int n,
			 const struct sample *sample)
{
	struct tally *tally = &t->tallies[s->kind - KINDS];
	const struct sockaddr_in addr = bench_device(&t->fleet, (unsigned int)(s - t->subjects));
	const struct fleet_link link = {.addr = ntohl(addr.sin_addr.s_addr),
					.n = (unsigned int)n,
					.shape = s->kind->shape,
					.rate = s->kind->rate};

	for (int out = 0; out < 2; out++) {
		double off;

		tally->values++;
		if (isnan(sample->value[out])) {
			tally->unknown++;
			continue;
		}
		off = error_of(t, &link, out, sample);
		tally->worst = fmax(tally->worst, off);
		if (off <= ALLOWED)
			continue;
		if (tally->wrong++ < 3)
			printf("# %s: %s %s %s is %.1f, off by %.3f %%, over %" PRId64
			       " ms to %" PRId64 "\n",
			       s->kind->name, s->entry.id, sample->series->object,
			       sample->series->group->ds[out].name, sample->value[out], off * 100,
			       sample->duration_ms, sample->time_ms);
	}
}

/* Samples of a link follow each other without holes and without overlapping. */
static void judge_time(struct test *t, const struct subject *s, struct track *track,
		       const struct sample *sample)
{
	struct tally *tally = &t->tallies[s->kind - KINDS];
	int64_t slack_ms = s->kind->delayed ? DELAYED_MS : PROMPT_MS;
	int64_t hole_ms = sample->time_ms - sample->duration_ms - track->end_ms;
	bool unknown = isnan(sample->value[0]) || isnan(sample->value[1]);

	if (track->end_ms && hole_ms < -slack_ms && tally->twice++ < 3)
		printf("# %s: %s %s: %" PRId64 " ms counted twice\n", s->kind->name, s->entry.id,
		       sample->series->object, -hole_ms);
	if (unknown || (track->end_ms && hole_ms > slack_ms)) {
		tally->holes++;
		if (++track->holes > s->kind->holes)
			printf("# %s: %s %s: no value over %" PRId64 " ms to %" PRId64 "\n",
			       s->kind->name, s->entry.id, sample->series->object,
			       unknown ? sample->duration_ms : hole_ms, sample->time_ms);
	}
	track->end_ms = sample->time_ms;
	track->samples++;
}

static void on_sample(void *data, const struct sample *sample)
{
	struct test *t = data;
	struct subject *s = subject_of(t, sample->series);
	struct tally *tally = &t->tallies[s->kind - KINDS];
	int n = fleet_link_number(sample->series->object);

	if (strcmp(sample->series->group->name, "traffic") != 0)
		return;
	tally->samples++;
	if (n < 0 || s->kind->dead) {
		printf("# %s: %s: a sample of \"%s\"\n", s->kind->name, s->entry.id,
		       sample->series->object);
		tally->wrong++;
		return;
	}
	judge_time(t, s, &s->tracks[n], sample);
	judge_values(t, s, n, sample);
}

/* At the end: has every link of the living come along? */
static void judge_end(struct test *t, const struct subject *s)
{
	struct tally *tally = &t->tallies[s->kind - KINDS];
	unsigned int least =
		s->kind->delayed && s->kind->holes ? SAMPLES_LEAST_LATE : SAMPLES_LEAST;
	int64_t since_ms = loop_wall_ms() - (s->kind->delayed ? 4 : 2) * INTERVAL_MS;

	if (s->kind->dead)
		return;
	for (int i = 0; i < LINKS; i++) {
		const struct track *track = &s->tracks[i];

		if (track->samples >= least && track->end_ms >= since_ms &&
		    track->holes <= s->kind->holes)
			continue;
		printf("# %s: %s link %d: %u samples, %u holes, the last %" PRId64 " ms ago\n",
		       s->kind->name, s->entry.id, i, track->samples, track->holes,
		       loop_wall_ms() - track->end_ms);
		tally->silent++;
	}
}

static void report(struct test *t)
{
	for (unsigned int i = 0; i < t->n; i++)
		judge_end(t, &t->subjects[i]);
	printf("%-22s devices samples  values unknown  holes  wrong  twice silent  "
	       "worst error\n",
	       "kind");
	for (size_t k = 0; k < ARRAY_LEN(KINDS); k++) {
		const struct tally *y = &t->tallies[k];

		printf("%-22s %7u %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %6" PRIu64 " %6" PRIu64
		       " %6" PRIu64 " %6" PRIu64 " %10.4f %%\n",
		       KINDS[k].name, KINDS[k].n, y->samples, y->values, y->unknown, y->holes,
		       y->wrong, y->twice, y->silent, y->worst * 100);
		t->failed += y->wrong || y->twice || y->silent;
	}
}

/* ---- the course ---- */

static void on_timer(void *data)
{
	struct test *t = data;

	switch (t->stage++) {
	case 0:
		happen(t, false);
		(void)loop_timer_arm(t->timer, BACK_S * INT64_C(1000000));
		break;
	case 1:
		happen(t, true);
		(void)loop_timer_arm(t->timer, (t->seconds - EVENT_S - BACK_S) * INT64_C(1000000));
		break;
	default:
		loop_stop(t->loop);
	}
}

static void start_fleet(struct test *t)
{
	static const char *const SHAPE_NAMES[] = {"flat", "daily", "burst"};
	unsigned int first = 0;
	char words[256];

	strcpy(t->dir, "/tmp/pantau-exact-XXXXXX");
	if (!mkdtemp(t->dir))
		err(1, "mkdtemp");
	snprintf(t->control, sizeof(t->control), "%s/fleet.sock", t->dir);
	for (size_t k = 0; k < ARRAY_LEN(KINDS); k++)
		t->n += KINDS[k].n;
	bench_fleet_start(&t->fleet, t->n, t->control, NULL);
	for (size_t k = 0; k < ARRAY_LEN(KINDS); first += KINDS[k++].n) {
		snprintf(words, sizeof(words), "shape=%s rate=%" PRIu64 " counter=%" PRIu64 " %s",
			 SHAPE_NAMES[KINDS[k].shape], KINDS[k].rate, KINDS[k].counter,
			 KINDS[k].words);
		set_kind(t, first, &KINDS[k], words);
	}
	read_offset(t);
}

static void add_device(struct test *t, unsigned int i, const struct kind *kind)
{
	static const struct snmp_credential V2C = {.version = SNMP_V2C, .community = "public"};
	struct subject *s = &t->subjects[i];
	struct sockaddr_in addr = bench_device(&t->fleet, i);
	char id[16];

	snprintf(id, sizeof(id), "d%u", i);
	s->kind = kind;
	s->entry = (struct inventory_entry){.id = strdup(id), .profile = (char *)"auto"};
	s->device = device_new(&s->entry);
	if (!s->device ||
	    poller_add(t->poller, s->device, &V2C, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		errx(1, "device %u", i);
}

static void start_poller(struct test *t, const char *profiles)
{
	const struct snmp_engine_conf engine = {.max_outstanding = 64, .sockets = 2};
	const struct poll_hooks hooks = {.data = t, .sample = on_sample};
	struct conf_errors errors = {0};
	struct poller_conf conf;
	unsigned int i = 0;

	poller_conf_defaults(&conf);
	conf.interval_ms = INTERVAL_MS;
	if (profile_dir_load(profiles, &t->profiles, &errors) < 0)
		errx(1, "%s: %s", profiles, errors.n ? errors.lines[0] : "cannot be read");
	if (loop_new(&t->loop) < 0 || loop_timer_new(t->loop, on_timer, t, &t->timer) < 0 ||
	    snmp_engine_new(t->loop, &engine, &t->engine) < 0 ||
	    poller_new(t->loop, t->engine, &t->profiles, &conf, &hooks, &t->poller) < 0)
		errx(1, "poller");
	for (size_t k = 0; k < ARRAY_LEN(KINDS); k++)
		for (unsigned int end = i + KINDS[k].n; i < end; i++)
			add_device(t, i, &KINDS[k]);
}

static void stop(struct test *t)
{
	poller_free(t->poller);
	snmp_engine_free(t->engine);
	for (unsigned int i = 0; i < t->n; i++) {
		device_free(t->subjects[i].device);
		free(t->subjects[i].entry.id);
	}
	profile_set_deinit(&t->profiles);
	loop_timer_free(t->timer);
	loop_free(t->loop);
	bench_responder_stop(&t->fleet);
	unlink(t->control);
	rmdir(t->dir);
}

int main(int argc, char **argv)
{
	static struct test t = {.seconds = SECONDS};

	if (argc < 2)
		errx(2, "usage: test_exactness PROFILES [SECONDS]");
	if (argc > 2)
		t.seconds = atoi(argv[2]);
	log_open("test_exactness", LOG_TARGET_STDERR, LOG_LEVEL_WARN);
	start_fleet(&t);
	start_poller(&t, argv[1]);
	(void)loop_timer_arm(t.timer, EVENT_S * INT64_C(1000000));
	if (loop_run(t.loop) < 0)
		errx(1, "loop");
	report(&t);
	stop(&t);
	return t.failed ? 1 : 0;
}
