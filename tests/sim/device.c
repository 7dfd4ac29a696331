/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings of a simulated device, its time since boot and its counters. */
#include "tests/sim/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_value.h"
#include "tests/sim/record.h"
#include "tests/sim/usm.h"

static const char *const PROFILES[] = {
	[PROFILE_IF_MIB] = "if-mib",	 [PROFILE_IF_MIB_32] = "if-mib-32",
	[PROFILE_ROUTEROS] = "routeros", [PROFILE_UNIFI] = "unifi",
	[PROFILE_ARUBA] = "aruba",	 [PROFILE_AIRMAX] = "airmax",
};
static const char *const SHAPES[] = {"flat", "daily", "burst"};
static const char *const BULKS[] = {"ok", "hang", "error"};

void device_init(struct device *device, uint32_t addr)
{
	*device = (struct device){
		.addr = addr,
		.shape = SHAPE_DAILY,
		.interfaces = 4,
		.max_size = 1472,
		.clients = 8,
		.boots = 1,
		.rate = 125000,
		.name = "sim-%",
		.boot_us = -INT64_C(86400000000),
		.shift_us = -INT64_C(86400000000),
	};
}

/* Strings of settings live as long as the process; each once, however many devices share
 * it. */
static const char *intern(const char *text)
{
	static char **texts;
	static size_t n;
	char **more;

	for (size_t i = n; i > 0; i--)
		if (strcmp(texts[i - 1], text) == 0)
			return texts[i - 1];
	more = realloc(texts, (n + 1) * sizeof(*texts));
	if (!more)
		return NULL;
	texts = more;
	texts[n] = strdup(text);
	return texts[n] ? texts[n++] : NULL;
}

static const char *pick(const char *const *names, size_t n, const char *text, uint8_t *ret)
{
	for (size_t i = 0; i < n; i++) {
		if (names[i] && strcmp(names[i], text) == 0) {
			*ret = (uint8_t)i;
			return NULL;
		}
	}
	return "no such choice";
}

static const char *number(const char *text, int64_t min, int64_t max, int64_t *ret)
{
	return conf_value_int(text, "", ret) < 0 || *ret < min || *ret > max
		       ? "not a number, or out of range"
		       : NULL;
}

static const char *set_profile(struct device *device, const char *text)
{
	if (strncmp(text, "record:", 7) != 0)
		return pick(PROFILES, ARRAY_LEN(PROFILES), text, &device->profile);
	device->record = record_get(text + 7);
	if (!device->record)
		return "cannot read that recording";
	device->profile = PROFILE_RECORD;
	return NULL;
}

static const char *set_text(struct device *device, const char *key, const char *value)
{
	const char *text = intern(value);

	if (!text)
		return "out of memory";
	if (strcmp(key, "name") == 0)
		device->name = text;
	else
		device->community = text;
	return NULL;
}

static const char *set_user(struct device *device, const char *value)
{
	const struct usm_user *user = usm_user_get(value);

	if (!user)
		return "write NAME:AUTH:AUTHPASS:AES:PRIVPASS";
	device->user = user;
	free(device->keys);
	device->keys = NULL;
	return NULL;
}

/* Counters begin anew; what was planned is done. */
static void reboot(struct device *device, int64_t at_us)
{
	device->boot_us = device->shift_us = device->changed_us = at_us;
	device->counter_start = 0;
	device->reboot_us = 0;
	device->boots++;
}

static const char *set_reboot(struct device *device, const char *value, int64_t now_us)
{
	int64_t seconds;
	const char *wrong;

	if (strcmp(value, "now") == 0) {
		reboot(device, now_us);
		return NULL;
	}
	wrong = number(value, 0, 1 << 30, &seconds);
	if (!wrong)
		device->reboot_us = now_us + seconds * 1000000 + 1;
	return wrong;
}

static const char *set_switch(const char *value, const char *no, const char *yes, bool *ret)
{
	const char *const names[] = {no, yes};
	uint8_t which;
	const char *wrong = pick(names, 2, value, &which);

	if (!wrong)
		*ret = which;
	return wrong;
}

/* Numbers that are no more than that. */
static const struct {
	const char *key;
	uint32_t min, max;
	size_t offset;
} NUMBERS[] = {
	{"interfaces", 1, 1000, offsetof(struct device, interfaces)},
	{"clients", 0, 1000, offsetof(struct device, clients)},
	{"loss", 0, 100, offsetof(struct device, loss_percent)},
	{"delay", 0, 60000, offsetof(struct device, delay_ms)},
	{"jitter", 0, 60000, offsetof(struct device, jitter_ms)},
	{"max-varbinds", 0, 1000, offsetof(struct device, max_varbinds)},
	{"max-size", 484, 2000, offsetof(struct device, max_size)},
	{"renumber", 0, 1 << 24, offsetof(struct device, renumber)},
};

static const char *set_number(struct device *device, const char *key, const char *value)
{
	for (size_t i = 0; i < ARRAY_LEN(NUMBERS); i++) {
		int64_t n;
		const char *wrong;

		if (strcmp(NUMBERS[i].key, key) != 0)
			continue;
		wrong = number(value, NUMBERS[i].min, NUMBERS[i].max, &n);
		if (!wrong)
			*(uint32_t *)(void *)((char *)device + NUMBERS[i].offset) = (uint32_t)n;
		return wrong;
	}
	return "no such key";
}

/* Numbers that mean something as of now. */
static const char *set_wide(struct device *device, const char *key, const char *value,
			    int64_t now_us)
{
	int64_t n;
	const char *wrong = number(value, 0, INT64_C(1) << 62, &n);

	if (wrong)
		return wrong;
	if (strcmp(key, "rate") == 0) {
		device->rate = (uint64_t)n;
	} else if (strcmp(key, "counter") == 0) {
		device->counter_start = (uint64_t)n;
		device->shift_us = now_us;
	} else if (n > UINT32_MAX) {
		return "not a number, or out of range";
	} else {
		device->boot_us = now_us - n * 1000000;
	}
	return NULL;
}

const char *device_set(struct device *device, const char *word, int64_t now_us)
{
	const char *value = strchr(word, '=');
	char key[32];

	if (!value || (size_t)(value - word) >= sizeof(key))
		return "write key=value";
	memcpy(key, word, (size_t)(value - word));
	key[value++ - word] = '\0';
	if (strcmp(key, "profile") == 0)
		return set_profile(device, value);
	if (strcmp(key, "name") == 0 || strcmp(key, "community") == 0)
		return set_text(device, key, value);
	if (strcmp(key, "user") == 0)
		return set_user(device, value);
	if (strcmp(key, "shape") == 0)
		return pick(SHAPES, ARRAY_LEN(SHAPES), value, &device->shape);
	if (strcmp(key, "bulk") == 0)
		return pick(BULKS, ARRAY_LEN(BULKS), value, &device->bulk);
	if (strcmp(key, "state") == 0)
		return set_switch(value, "alive", "dead", &device->dead);
	if (strcmp(key, "types") == 0)
		return set_switch(value, "right", "wrong", &device->wrong_types);
	if (strcmp(key, "reboot") == 0)
		return set_reboot(device, value, now_us);
	if (strcmp(key, "rate") == 0 || strcmp(key, "counter") == 0 || strcmp(key, "uptime") == 0)
		return set_wide(device, key, value, now_us);
	if (strcmp(key, "link") == 0 || strcmp(key, "renumber") == 0)
		device->changed_us = now_us;
	if (strcmp(key, "link") == 0)
		return set_switch(value, "up", "down", &device->link_down);
	return set_number(device, key, value);
}

void device_advance(struct device *device, int64_t now_us)
{
	if (device->reboot_us && now_us >= device->reboot_us)
		reboot(device, device->reboot_us);
}

uint32_t device_uptime_ticks(const struct device *device, int64_t now_us)
{
	return (uint32_t)((now_us - device->boot_us) / 10000);
}

/* What comes in by the first interface goes out by the second, and so on, less each time.
 */
static uint64_t rate_of(const struct device *device, unsigned int n, bool out)
{
	uint64_t down = device->rate / (n / 2 + 1);

	return (n & 1) == out ? down : down / 8;
}

uint64_t device_octets(const struct device *device, unsigned int n, bool out, int64_t now_us)
{
	double phase_s = (double)(device->addr * 2654435761U >> 18) + n * 37;
	uint64_t rate = rate_of(device, n, out);

	return device->counter_start +
	       (uint64_t)(shape_octets(device->shape, rate, phase_s, now_us) -
			  shape_octets(device->shape, rate, phase_s, device->shift_us));
}
