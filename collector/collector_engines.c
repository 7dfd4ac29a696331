/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The SNMPv3 engines of devices over a restart: id and boots are stored when they change,
 * and given back to the engine at the start, which saves every device two round trips and a
 * busy minute after an upgrade. A wrong memory costs one Report, by which it is corrected.
 */
#include <string.h>

#include "collector/collector_private.h"
#include "collector/core/device/inventory.h"
#include "common/base/fnv1a.h"

enum { SAVE_EVERY_S = 60 };

/* Changes with id and boots; the time follows from when it was read. */
static uint64_t fingerprint(const struct snmp_engine_id *id)
{
	const uint64_t hash = fnv1a(FNV1A_START ^ id->boots, id->octets, id->len);

	return hash ? hash : 1;
}

void collector_save_engines(void *data)
{
	struct collector *c = data;

	loop_assert_thread(c->loop);
	for (size_t i = 0; i < c->devices.n; i++) {
		struct device *device = c->devices.devices[i];
		const struct snmp_target *target = poller_target(c->poller, device);
		struct snmp_engine_id id = {.len = 0};
		struct store_engine engine;

		if (target)
			snmp_target_get_engine_id(target, &id);
		if (id.len != 0 && id.boots != 0 && device->engine_saved != fingerprint(&id)) {
			engine = (struct store_engine){.id_len = id.len,
						       .boots = id.boots,
						       .time_s = id.time,
						       .at_ms = loop_wall_ms() -
								(loop_now_us() - id.at_us) / 1000};
			memcpy(engine.id, id.octets, id.len);
			if (store_put_engine(c->store, device->entry->id, &engine) == 0)
				device->engine_saved = fingerprint(&id);
		}
	}
	if (!c->stopping)
		loop_timer_arm(c->engines_timer, SAVE_EVERY_S * INT64_C(1000000));
}

static void on_engine(void *data, const char *device_id, const struct store_engine *engine)
{
	struct collector *c = data;
	struct device *device = device_set_find(&c->devices, device_id);
	struct snmp_target *target = device ? poller_target(c->poller, device) : NULL;
	struct snmp_engine_id id = {.len = engine->id_len,
				    .boots = engine->boots,
				    .time = engine->time_s,
				    .at_us = loop_now_us() -
					     (loop_wall_ms() - engine->at_ms) * 1000};

	/* a clock that was set back since: the time would lie in the future; 0 means never read */
	if (!target || engine->at_ms > loop_wall_ms() || id.at_us == 0)
		return;
	memcpy(id.octets, engine->id, engine->id_len);
	if (snmp_target_set_engine_id(target, &id) == 0)
		device->engine_saved = fingerprint(&id);
}

int collector_load_engines(struct collector *c)
{
	int r = store_load_engines(c->store, on_engine, c);

	if (r == 0)
		r = loop_timer_new(c->loop, collector_save_engines, c, &c->engines_timer);
	if (r == 0)
		loop_timer_arm(c->engines_timer, SAVE_EVERY_S * INT64_C(1000000));
	return r;
}
