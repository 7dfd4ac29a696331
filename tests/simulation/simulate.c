/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * simulate: runs cities by their seeds or by scripts, prints what did not hold, makes the
 * script that shows it small. See README.md beside this file.
 */
#include <errno.h>
#include <ftw.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/city/trouble.h"
#include "tests/simulation/real_time.h"
#include "tests/simulation/shrink.h"
#include "tests/simulation/stage/disk.h"
#include "tests/simulation/truth/invariant.h"
#include "tests/simulation/truth/known.h"

#define SHRINK_S 60.0

static const char USAGE[] =
	"Usage: simulate --seed N [--count N] | --fresh N | --hours N | --script FILE\n"
	"       simulate --print N | --help\n"
	"\n"
	"  --seed N      runs the city of that seed\n"
	"  --count N     and those of the seeds after it, N in all\n"
	"  --fresh N     runs N cities of seeds that nobody chose, and prints them\n"
	"  --seconds N   stops with the first city that ends after so long\n"
	"  --hours N     runs fresh cities for so many hours\n"
	"  --script FILE runs what stands there\n"
	"  --print N     prints the script of a seed\n"
	"  --loud        tells what happens, to standard error\n"
	"  --no-shrink   leaves a failing script as it is\n"
	"\n"
	"Exit status: 0 all held; 1 something did not; 64 wrong use.\n";

struct run {
	uint64_t seed, count;
	bool fresh, loud, shrinks;
	double seconds_max;
	const char *script;
	char dir[64];

	double begun_s, device_hours;
	uint64_t cities, failures, samples, events;
};

static void tell(const struct script *script, const struct violation *v)
{
	printf("FAILED seed %llu at second %lld: %s%s%s: %s\n", (unsigned long long)script->seed,
	       (long long)v->at_s, v->invariant, v->box[0] ? " of " : "", v->box, v->text);
}

/* The same script must do the same, or nothing that it shows can be looked into. */
static void fail(struct run *run, struct script *script, struct violation *v)
{
	struct violation again;
	struct city count;
	unsigned int tried;

	run->failures++;
	tell(script, v);
	(void)city_run(script, run->dir, false, &again, &count);
	if (!again.invariant || again.at_s != v->at_s || strcmp(again.text, v->text) != 0) {
		printf("and does not come again: %s\n", again.invariant ? again.text : "it held");
		return;
	}
	if (!run->shrinks)
		return;
	tried = shrink(script, v, run->dir, SHRINK_S);
	printf("after %u tries, small:\n", tried);
	tell(script, v);
	script_write(script, stdout);
}

static void run_script(struct run *run, struct script *script)
{
	struct violation violation;
	struct city count;
	bool held = city_run(script, run->dir, run->loud, &violation, &count);

	run->cities++;
	run->device_hours += (double)script->n_boxes * (double)script->hours;
	run->samples += count.count.samples;
	run->events += count.count.events;
	if (!held)
		fail(run, script, &violation);
	fflush(stdout);
}

static bool is_over(const struct run *run)
{
	return run->seconds_max > 0 && real_time_s() - run->begun_s >= run->seconds_max;
}

static void run_seeds(struct run *run)
{
	static struct script script;

	for (uint64_t i = 0; i < run->count && !is_over(run); i++) {
		uint64_t seed = run->fresh ? real_chance() : run->seed + i;

		if (run->fresh && run->count < 1000) {
			printf("fresh seed %llu\n", (unsigned long long)seed);
			fflush(stdout);
		}
		script_draw(seed, &script);
		run_script(run, &script);
	}
}

static int run_file(struct run *run)
{
	static struct script script;
	FILE *file = fopen(run->script, "r");
	int line;

	if (!file) {
		perror(run->script);
		return EXIT_FAILURE;
	}
	line = script_read(file, &script);
	fclose(file);
	if (line) {
		fprintf(stderr, "%s:%d: not what a script says\n", run->script, line);
		return EXIT_FAILURE;
	}
	run_script(run, &script);
	return EXIT_SUCCESS;
}

static void summarise(const struct run *run)
{
	double s = real_time_s() - run->begun_s;

	known_list();
	printf("%llu cities, %.0f device-hours in %.1f s: %.0f device-hours a minute; %llu "
	       "samples, "
	       "%llu events; %llu failed\n",
	       (unsigned long long)run->cities, run->device_hours, s,
	       s > 0 ? run->device_hours / s * 60 : 0, (unsigned long long)run->samples,
	       (unsigned long long)run->events, (unsigned long long)run->failures);
}

static int help(void)
{
	fputs(USAGE, stdout);
	puts("\nWhat must hold:");
	invariant_list();
	puts("\nKinds of devices:");
	for (size_t i = 0; i < BOX_KINDS_N; i++)
		printf("  %s", BOX_KINDS[i].name);
	puts("\n\nTroubles:");
	for (unsigned int i = 0; i < TROUBLE_KINDS_N; i++)
		printf("  %s", TROUBLE_KINDS[i].name);
	puts("");
	return EXIT_SUCCESS;
}

static int print_script(uint64_t seed)
{
	static struct script script;

	script_draw(seed, &script);
	script_write(&script, stdout);
	return EXIT_SUCCESS;
}

/* Returns -1 to go on, else the exit status. */
static int parse(struct run *run, int argc, char **argv)
{
	static const struct option LONG[] = {
		{"seed", required_argument, NULL, 's'},
		{"count", required_argument, NULL, 'n'},
		{"fresh", required_argument, NULL, 'f'},
		{"seconds", required_argument, NULL, 't'},
		{"hours", required_argument, NULL, 'H'},
		{"script", required_argument, NULL, 'c'},
		{"print", required_argument, NULL, 'p'},
		{"loud", no_argument, NULL, 'l'},
		{"no-shrink", no_argument, NULL, 'k'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "h", LONG, NULL)) != -1) {
		switch (c) {
		case 's':
			run->seed = strtoull(optarg, NULL, 0);
			run->count = run->count ? run->count : 1;
			break;
		case 'n':
			run->count = strtoull(optarg, NULL, 0);
			break;
		case 'f':
			run->fresh = true;
			run->count = strtoull(optarg, NULL, 0);
			break;
		case 't':
			run->seconds_max = strtod(optarg, NULL);
			break;
		case 'H':
			run->fresh = true;
			run->count = UINT64_MAX;
			run->seconds_max = strtod(optarg, NULL) * 3600;
			break;
		case 'c':
			run->script = optarg;
			break;
		case 'p':
			return print_script(strtoull(optarg, NULL, 0));
		case 'l':
			run->loud = true;
			break;
		case 'k':
			run->shrinks = false;
			break;
		case 'h':
			return help();
		default:
			return 64;
		}
	}
	if (run->count || run->script)
		return -1;
	fputs(USAGE, stderr);
	return 64;
}

static bool make_dir(struct run *run)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(run->dir, sizeof(run->dir), "%.32s/simulate-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(run->dir))
		perror(run->dir);
	else
		return true;
	return false;
}

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	(void)st;
	(void)what;
	(void)ftw;
	return remove(path);
}

int main(int argc, char **argv)
{
	struct run run = {.shrinks = true};
	int status = parse(&run, argc, argv);

	if (status >= 0)
		return status;
	if (!make_dir(&run))
		return EXIT_FAILURE;
	disk_open();
	run.begun_s = real_time_s();
	status = EXIT_SUCCESS;
	if (run.script)
		status = run_file(&run);
	else
		run_seeds(&run);
	summarise(&run);
	(void)nftw(run.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return run.failures ? EXIT_FAILURE : status;
}
