/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The collection of simulated devices; decides nothing about what they answer. */
#include "tests/sim/fleet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"

#define DEVICES_MAX 1000000
#define WORDS	    " \t\r\n"

struct device *fleet_find(const struct fleet *fleet, uint32_t addr)
{
	size_t low = 0, high = fleet->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (fleet->devices[middle].addr < addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low < fleet->n && fleet->devices[low].addr == addr ? &fleet->devices[low] : NULL;
}

static bool parse_addr(const char *text, uint32_t *ret)
{
	struct in_addr addr;

	if (inet_pton(AF_INET, text, &addr) != 1)
		return false;
	*ret = ntohl(addr.s_addr);
	return true;
}

/* In place. */
static bool parse_range(char *text, uint32_t *ret_first, uint32_t *ret_last)
{
	char *dash = strchr(text, '-'), *slash = strchr(text, '/');
	unsigned long len;

	if (dash)
		*dash = '\0';
	if (slash)
		*slash = '\0';
	if (!parse_addr(text, ret_first))
		return false;
	*ret_last = *ret_first;
	if (dash && !parse_addr(dash + 1, ret_last))
		return false;
	if (slash) {
		len = strtoul(slash + 1, NULL, 10);
		if (len < 8 || len > 32)
			return false;
		*ret_last = *ret_first | (uint32_t)(UINT64_C(0xffffffff) >> len);
	}
	return *ret_last >= *ret_first && *ret_last - *ret_first < DEVICES_MAX;
}

static int compare_devices(const void *a, const void *b)
{
	const struct device *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static bool make_missing(struct fleet *fleet, uint32_t first, uint32_t last)
{
	size_t known = fleet->n, missing = 0;
	struct device *devices;

	for (uint64_t addr = first; addr <= last; addr++)
		missing += !fleet_find(fleet, (uint32_t)addr);
	if (missing == 0)
		return true;
	devices = realloc(fleet->devices, (known + missing) * sizeof(*devices));
	if (!devices)
		return false;
	fleet->devices = devices;
	for (uint64_t addr = first; addr <= last; addr++) {
		struct fleet old = {.devices = devices, .n = known};

		if (!fleet_find(&old, (uint32_t)addr))
			device_init(&devices[fleet->n++], (uint32_t)addr);
	}
	qsort(devices, fleet->n, sizeof(*devices), compare_devices);
	return true;
}

int fleet_line(struct fleet *fleet, const char *line, int64_t now_us, char *error, size_t size)
{
	cleanup_free char *copy = strdup(line);
	char *rest = NULL, *word;
	uint32_t first, last;

	if (!copy)
		return -1;
	copy[strcspn(copy, "#")] = '\0';
	word = strtok_r(copy, WORDS, &rest);
	if (!word)
		return 0;
	if (!parse_range(word, &first, &last)) {
		snprintf(error, size, "%s: write an address, FIRST-LAST or ADDRESS/LENGTH", word);
		return -1;
	}
	if (!make_missing(fleet, first, last)) {
		snprintf(error, size, "out of memory");
		return -1;
	}
	while ((word = strtok_r(NULL, WORDS, &rest))) {
		for (uint64_t addr = first; addr <= last; addr++) {
			const char *wrong =
				device_set(fleet_find(fleet, (uint32_t)addr), word, now_us);

			if (wrong) {
				snprintf(error, size, "%s: %s", word, wrong);
				return -1;
			}
		}
	}
	return 0;
}

int fleet_load(struct fleet *fleet, const char *path, int64_t now_us)
{
	FILE *file = fopen(path, "r");
	char line[1024], error[256];
	unsigned int number = 0;
	int r = 0;

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	while (fgets(line, sizeof(line), file)) {
		number++;
		if (fleet_line(fleet, line, now_us, error, sizeof(error)) < 0) {
			fprintf(stderr, "%s:%u: %s\n", path, number, error);
			r = -1;
		}
	}
	fclose(file);
	return r;
}

static void say_octets(struct fleet *fleet, const char *words, int64_t now_us, char *ret,
		       size_t size)
{
	char text[32], direction[8];
	unsigned int index;
	uint32_t addr;
	struct device *device = NULL;

	if (sscanf(words, "%31s %u %7s %" SCNd64, text, &index, direction, &now_us) >= 3 &&
	    parse_addr(text, &addr))
		device = fleet_find(fleet, addr);
	if (!device || index <= device->renumber || index > device->renumber + device->interfaces) {
		snprintf(ret, size, "error: no such device or interface");
		return;
	}
	snprintf(ret, size, "%" PRIu64,
		 device_octets(device, index - device->renumber - 1, strcmp(direction, "out") == 0,
			       now_us));
}

static void say_stats(const struct fleet *fleet, char *ret, size_t size)
{
	const struct agent_stats *s = &fleet->stats;

	snprintf(ret, size,
		 "devices=%zu datagrams=%" PRIu64 " strangers=%" PRIu64 " dead=%" PRIu64
		 " lost=%" PRIu64 " delayed=%" PRIu64 " requests=%" PRIu64 " answers=%" PRIu64
		 " varbinds=%" PRIu64 " malformed=%" PRIu64 " wrong_community=%" PRIu64
		 " reports=%" PRIu64 " send_errors=%" PRIu64,
		 fleet->n, fleet->datagrams, fleet->strangers, fleet->dead, fleet->lost,
		 fleet->delayed, s->requests, s->answers, s->varbinds, s->malformed,
		 s->wrong_community, s->reports, fleet->send_errors);
}

void fleet_command(struct fleet *fleet, const char *command, int64_t now_us, char *ret, size_t size)
{
	char error[256] = "";

	if (strncmp(command, "set ", 4) == 0) {
		if (fleet_line(fleet, command + 4, now_us, error, sizeof(error)) < 0)
			snprintf(ret, size, "error: %s", error);
		else
			snprintf(ret, size, "ok");
	} else if (strncmp(command, "octets ", 7) == 0) {
		say_octets(fleet, command + 7, now_us, ret, size);
	} else if (strcmp(command, "now") == 0) {
		snprintf(ret, size, "%" PRId64, now_us);
	} else if (strcmp(command, "stats") == 0) {
		say_stats(fleet, ret, size);
	} else {
		snprintf(ret, size, "error: no such command");
	}
}

void fleet_deinit(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->n; i++)
		free(fleet->devices[i].keys);
	free(fleet->devices);
	*fleet = (struct fleet){0};
}
