/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/core/poll/fake_device.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/oid_text.h"

#define TRY_US 1000000 /* what a silent request costs */

/* ---- objects ---- */

static int compare(const snmp_oid_t *a, size_t a_len, const snmp_oid_t *b, size_t b_len)
{
	for (size_t i = 0; i < a_len && i < b_len; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return a_len < b_len ? -1 : a_len > b_len;
}

/* First object not before the OID. */
static size_t place(const struct fake *fake, const snmp_oid_t *oid, size_t len, bool *ret_found)
{
	size_t i = 0;

	while (i < fake->n_objects &&
	       compare(fake->objects[i].oid, fake->objects[i].len, oid, len) < 0)
		i++;
	*ret_found = i < fake->n_objects &&
		     !compare(fake->objects[i].oid, fake->objects[i].len, oid, len);
	return i;
}

static struct fake_object *object(struct fake *fake, const char *text)
{
	struct profile_oid oid;
	struct fake_object *o;
	bool found;
	size_t i;

	if (oid_text_parse(text, &oid) < 0)
		abort();
	i = place(fake, oid.id, oid.len, &found);
	o = &fake->objects[i];
	if (!found) {
		assert(fake->n_objects < FAKE_OBJECTS_MAX);
		memmove(o + 1, o, (fake->n_objects - i) * sizeof(*o));
		fake->n_objects++;
	}
	*o = (struct fake_object){0};
	memcpy(o->oid, oid.id, oid.len * sizeof(oid.id[0]));
	o->len = oid.len;
	return o;
}

void fake_set(struct fake *fake, const char *oid, uint8_t type, uint64_t value, double per_s)
{
	struct fake_object *o = object(fake, oid);

	o->type = type;
	o->base = value;
	o->per_s = per_s;
}

void fake_set_octets(struct fake *fake, const char *oid, const void *octets, size_t len)
{
	struct fake_object *o = object(fake, oid);

	o->type = SNMP_TYPE_OCTETS;
	o->text_len = len;
	memcpy(o->text, octets, len);
}

void fake_set_text(struct fake *fake, const char *oid, const char *text)
{
	fake_set_octets(fake, oid, text, strlen(text));
}

void fake_set_oid(struct fake *fake, const char *oid, const char *value)
{
	struct fake_object *o = object(fake, oid);
	struct profile_oid parsed;

	if (oid_text_parse(value, &parsed) < 0)
		abort();
	o->type = SNMP_TYPE_OID;
	o->value_len = parsed.len;
	memcpy(o->value_oid, parsed.id, parsed.len * sizeof(parsed.id[0]));
}

void fake_unset(struct fake *fake, const char *text)
{
	struct profile_oid oid;
	bool found;
	size_t i;

	if (oid_text_parse(text, &oid) < 0)
		abort();
	i = place(fake, oid.id, oid.len, &found);
	if (!found)
		return;
	fake->n_objects--;
	memmove(&fake->objects[i], &fake->objects[i + 1],
		(fake->n_objects - i) * sizeof(fake->objects[0]));
}

static uint64_t value_now(const struct fake *fake, const struct fake_object *o)
{
	int64_t since = o->set_at_us ? o->set_at_us : fake->boot_us;
	bool is_counter = o->type == SNMP_TYPE_COUNTER32 || o->type == SNMP_TYPE_COUNTER64;
	int64_t as_of_us = fake->renewed_us && is_counter
				   ? fake->now_us - fake->now_us % fake->renewed_us
				   : fake->now_us;
	double grown = o->per_s * (double)(as_of_us - since) / 1e6;
	uint64_t value = o->base + (uint64_t)(grown > 0 ? grown + 0.5 : 0);

	return o->type == SNMP_TYPE_COUNTER64 ? value : (uint32_t)value;
}

void fake_change_rate(struct fake *fake, const char *text, double per_s)
{
	struct profile_oid oid;
	struct fake_object *o;
	bool found;
	size_t i;

	if (oid_text_parse(text, &oid) < 0)
		abort();
	i = place(fake, oid.id, oid.len, &found);
	assert(found);
	o = &fake->objects[i];
	o->base = value_now(fake, o);
	o->per_s = per_s;
	o->set_at_us = fake->now_us;
}

void fake_reboot(struct fake *fake)
{
	fake->boot_us = fake->now_us;
	for (size_t i = 0; i < fake->n_objects; i++) {
		if (fake->objects[i].per_s > 0) {
			fake->objects[i].base = 0;
			fake->objects[i].set_at_us = 0;
		}
	}
}

static void set_at(struct fake *fake, const char *column, uint32_t index, uint8_t type,
		   uint64_t value, double per_s)
{
	char oid[80];

	snprintf(oid, sizeof(oid), "%s.%u", column, index);
	fake_set(fake, oid, type, value, per_s);
}

void fake_interface(struct fake *fake, uint32_t index, const char *name, unsigned int what,
		    double in_per_s, double out_per_s)
{
	char oid[80];

	snprintf(oid, sizeof(oid), "1.3.6.1.2.1.2.2.1.2.%u", index);
	fake_set_text(fake, oid, name);
	set_at(fake, "1.3.6.1.2.1.2.2.1.3", index, SNMP_TYPE_INTEGER, 6, 0);
	set_at(fake, "1.3.6.1.2.1.2.2.1.5", index, SNMP_TYPE_GAUGE32, 100000000, 0);
	set_at(fake, "1.3.6.1.2.1.2.2.1.7", index, SNMP_TYPE_INTEGER, 1, 0);
	set_at(fake, "1.3.6.1.2.1.2.2.1.8", index, SNMP_TYPE_INTEGER, 1, 0);
	set_at(fake, "1.3.6.1.2.1.2.2.1.14", index, SNMP_TYPE_COUNTER32, 0, 0);
	set_at(fake, "1.3.6.1.2.1.2.2.1.20", index, SNMP_TYPE_COUNTER32, 0, 0);
	if (what & FAKE_IF_32) {
		set_at(fake, "1.3.6.1.2.1.2.2.1.10", index, SNMP_TYPE_COUNTER32, 0, in_per_s);
		set_at(fake, "1.3.6.1.2.1.2.2.1.16", index, SNMP_TYPE_COUNTER32, 0, out_per_s);
	}
	if (!(what & FAKE_IF_X))
		return;
	snprintf(oid, sizeof(oid), "1.3.6.1.2.1.31.1.1.1.1.%u", index);
	fake_set_text(fake, oid, name);
	set_at(fake, "1.3.6.1.2.1.31.1.1.1.6", index, SNMP_TYPE_COUNTER64, 0, in_per_s);
	set_at(fake, "1.3.6.1.2.1.31.1.1.1.10", index, SNMP_TYPE_COUNTER64, 0, out_per_s);
	set_at(fake, "1.3.6.1.2.1.31.1.1.1.15", index, SNMP_TYPE_GAUGE32, 100, 0);
	set_at(fake, "1.3.6.1.2.1.31.1.1.1.19", index, SNMP_TYPE_TIMETICKS, 0, 0);
}

void fake_remove_interface(struct fake *fake, uint32_t index)
{
	static const snmp_oid_t IF_TABLE[] = {1, 3, 6, 1, 2, 1, 2, 2, 1};
	static const snmp_oid_t IFX_TABLE[] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1};
	size_t to = 0;

	for (size_t i = 0; i < fake->n_objects; i++) {
		const struct fake_object *o = &fake->objects[i];
		bool in_table = !memcmp(o->oid, IF_TABLE, sizeof(IF_TABLE)) ||
				!memcmp(o->oid, IFX_TABLE, sizeof(IFX_TABLE));

		if (!in_table || o->oid[o->len - 1] != index)
			fake->objects[to++] = *o;
	}
	fake->n_objects = to;
}

/* ---- hooks ---- */

static void on_sample(void *data, const struct sample *sample)
{
	struct fake *fake = data;
	struct fake_sample *s;

	assert(fake->n_samples < FAKE_SAMPLES_MAX);
	s = &fake->samples[fake->n_samples++];
	snprintf(s->object, sizeof(s->object), "%s", sample->series->object);
	snprintf(s->group, sizeof(s->group), "%s", sample->series->group->name);
	s->time_ms = sample->time_ms;
	s->duration_ms = sample->duration_ms;
	s->n = sample->series->group->n_ds;
	memcpy(s->value, sample->value, sizeof(s->value));
}

static void on_restarted(void *data, struct device *device, bool agent_only, int64_t boot_ms)
{
	struct fake *fake = data;

	(void)device;
	fake->restarts += !agent_only;
	fake->agent_restarts += agent_only;
	fake->boot_ms = boot_ms;
}

static void on_discovered(void *data, struct device *device)
{
	(void)device;
	((struct fake *)data)->discoveries++;
}

static void on_link_change(void *data, struct device *device, struct device_link *link, uint8_t old)
{
	(void)device;
	(void)link;
	(void)old;
	((struct fake *)data)->link_changes++;
}

/* ---- life ---- */

struct fake *fake_new(const struct profile_set *profiles, const char *profile, bool v1)
{
	struct fake *fake = calloc(1, sizeof(*fake));

	assert(fake);
	fake->now_us = 1000000000;
	fake->boot_us = 500000000;
	fake->delay_us = 200;
	fake->v1 = v1;
	fake->env = (struct poll_env){
		.profiles = profiles,
		.interval_ms = 10000,
		.discovery_interval_us = INT64_C(3600000000),
		.max_links = 256,
		.max_varbinds = 64,
		.max_octets = 1400,
		.hooks = {.data = fake,
			  .sample = on_sample,
			  .restarted = on_restarted,
			  .links_discovered = on_discovered,
			  .link_change = on_link_change},
	};
	fake->entry = (struct inventory_entry){.id = (char *)"dev", .profile = (char *)profile};
	fake->device = device_new(&fake->entry);
	fake_set_text(fake, "1.3.6.1.2.1.1.1.0", "a fake device");
	fake_set_oid(fake, "1.3.6.1.2.1.1.2.0", "1.3.6.1.4.1.32473.1");
	fake_set(fake, "1.3.6.1.2.1.1.3.0", SNMP_TYPE_TIMETICKS, 0, 100);
	fake_set_text(fake, "1.3.6.1.2.1.1.5.0", "fake");
	assert(!poll_session_new(&fake->env, fake->device, v1, &fake->session));
	return fake;
}

struct fake *fake_free(struct fake *fake)
{
	poll_session_free(fake->session);
	poll_env_deinit(&fake->env);
	device_free(fake->device);
	free(fake);
	return NULL;
}

/* ---- serving ---- */

static void fill(const struct fake *fake, const struct fake_object *o, struct snmp_varbind *vb)
{
	*vb = (struct snmp_varbind){.name = o->oid, .name_len = o->len, .type = o->type};
	if (o->type == SNMP_TYPE_OCTETS) {
		vb->v.octets.p = (const uint8_t *)o->text;
		vb->v.octets.len = o->text_len;
	} else if (o->type == SNMP_TYPE_OID) {
		vb->v.oid.p = o->value_oid;
		vb->v.oid.len = o->value_len;
	} else if (o->type == SNMP_TYPE_INTEGER) {
		vb->v.i = (int64_t)(int32_t)value_now(fake, o);
	} else if (o->type == SNMP_TYPE_TIMETICKS && o->per_s > 0) {
		vb->v.u = (uint32_t)(o->base + (uint64_t)((fake->now_us - fake->boot_us) / 10000));
	} else {
		vb->v.u = value_now(fake, o);
	}
}

static bool serves(const struct fake *fake, const struct fake_object *o)
{
	return !(fake->v1 && o->type == SNMP_TYPE_COUNTER64);
}

static bool get(const struct fake *fake, const struct snmp_varbind *asked, struct snmp_varbind *vb)
{
	bool found;
	size_t i = place(fake, asked->name, asked->name_len, &found);

	if (found && serves(fake, &fake->objects[i])) {
		fill(fake, &fake->objects[i], vb);
		return true;
	}
	*vb = *asked;
	vb->type = SNMP_TYPE_NO_SUCH_INSTANCE;
	return false;
}

static bool get_next(struct fake *fake, const struct snmp_varbind *asked, struct snmp_varbind *vb)
{
	bool found;
	size_t i;

	if (fake->successor && fake->successor(fake, asked->name, asked->name_len, &i)) {
		fill(fake, &fake->objects[i], vb);
		return true;
	}
	i = place(fake, asked->name, asked->name_len, &found);
	for (i += found; i < fake->n_objects; i++) {
		if (serves(fake, &fake->objects[i])) {
			fill(fake, &fake->objects[i], vb);
			return true;
		}
	}
	*vb = *asked;
	vb->type = SNMP_TYPE_END_OF_MIB_VIEW;
	return false;
}

/* Fills the answer; false: silence. */
static bool serve(struct fake *fake, const struct poll_ask *ask, const struct snmp_varbind *asked,
		  struct snmp_varbind *out, struct poll_answer *ret)
{
	size_t rounds = ask->pdu == SNMP_PDU_GETBULK ? (size_t)ask->repetitions : 1;
	size_t n = ask->n * rounds;
	bool ok;

	if (fake->dead || (fake->no_bulk && ask->pdu == SNMP_PDU_GETBULK))
		return false;
	if (fake->lost && !--fake->lost)
		return false;
	assert(n <= FAKE_PDU_MAX);
	if (fake->no_access) {
		ret->error_status = 16;
		return true;
	}
	if (fake->bulk_gen_err && ask->pdu == SNMP_PDU_GETBULK) {
		ret->error_status = 5;
		ret->error_index = 1;
		return true;
	}
	if (fake->most && n > fake->most && ask->pdu != SNMP_PDU_GETBULK) {
		switch (fake->too_much) {
		case FAKE_SILENT:
			return false;
		case FAKE_TOO_BIG:
		case FAKE_TOO_BIG_EMPTY:
			ret->error_status = 1;
			return true;
		case FAKE_GEN_ERR:
			ret->error_status = 5;
			return true;
		default:
			break;
		}
	}
	if (fake->most && n > fake->most && ask->pdu == SNMP_PDU_GETBULK) {
		if (fake->too_much == FAKE_SILENT)
			return false;
		if (fake->too_much == FAKE_TOO_BIG_EMPTY) {
			ret->error_status = 1;
			return true;
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct snmp_varbind *from = i < ask->n ? &asked[i] : &out[i - ask->n];

		ok = ask->pdu == SNMP_PDU_GET ? get(fake, from, &out[i])
					      : get_next(fake, from, &out[i]);
		if (!ok && fake->v1) {
			ret->error_status = 2;
			ret->error_index = (int)i + 1;
			ret->n = ask->n;
			return true;
		}
	}
	if (fake->most && n > fake->most)
		n = fake->most; /* cut */
	if (fake->shuffled && n > 2) {
		struct snmp_varbind tmp = out[n - 1];

		out[n - 1] = out[n - 2];
		out[n - 2] = tmp;
	}
	ret->varbinds = out;
	ret->n = n;
	if (n > fake->greatest)
		fake->greatest = n;
	return true;
}

static void keep(struct fake *fake, const struct poll_ask *ask, const struct snmp_varbind *asked)
{
	fake->kept_number = ask->number;
	for (size_t i = 0; i < ask->n; i++) {
		memcpy(fake->kept_oids[i], asked[i].name, asked[i].name_len * sizeof(snmp_oid_t));
		fake->kept[i] = asked[i];
		fake->kept[i].name = fake->kept_oids[i];
	}
}

/* As the engine gives names that are those asked for. */
static void drop_names(const struct poll_ask *ask, const struct snmp_varbind *asked,
		       struct snmp_varbind *given, size_t n)
{
	for (size_t i = 0; i < n && i < ask->n && ask->pdu == SNMP_PDU_GET; i++) {
		if (given[i].name_len != asked[i].name_len ||
		    memcmp(given[i].name, asked[i].name, asked[i].name_len * sizeof(snmp_oid_t)))
			continue;
		given[i].as_asked = true;
		given[i].name = NULL;
		given[i].name_len = 0;
	}
}

/* What is asked for: in the room that was given, or kept from an earlier time. */
static const struct snmp_varbind *asked_for(struct fake *fake, const struct poll_ask *ask,
					    const struct snmp_varbind *asked)
{
	if (ask->number && ask->number == fake->kept_number) {
		fake->repeats++;
		asked = fake->kept;
	} else if (ask->number) {
		keep(fake, ask, asked);
	}
	fake->asked = fake->asked * 31 + ask->pdu;
	for (size_t i = 0; i < ask->n; i++)
		for (size_t j = 0; j < asked[i].name_len; j++)
			fake->asked = fake->asked * 1000003 + asked[i].name[j];
	return asked;
}

/* The cycle's next request; NULL at its end. */
static const struct snmp_varbind *next_request(struct fake *fake, struct poll_ask *ret)
{
	static struct snmp_varbind asked[128];
	static snmp_oid_t oids[128][128];
	const struct poll_walk_room room = {.varbinds = asked,
					    .oids = oids,
					    .n = fake->env.max_varbinds,
					    .keeps = fake->keeps,
					    .kept = fake->kept_number};

	memset(asked, 0, sizeof(asked));
	if (!poll_session_next(fake->session, &room, ret))
		return NULL;
	return asked_for(fake, ret, asked);
}

enum poll_result fake_cycle(struct fake *fake, bool probe)
{
	static struct snmp_varbind out[FAKE_PDU_MAX];
	const struct snmp_varbind *asked;
	struct poll_ask ask;

	wall_map_update(&fake->env.wall, fake->now_us, fake->now_us / 1000 + 1700000000000);
	assert(!poll_session_begin(fake->session, probe, fake->now_us));
	while ((asked = next_request(fake, &ask))) {
		struct poll_answer answer = {.earliest_us = fake->now_us};
		int64_t extra = fake->extra_delay ? fake->extra_delay(fake) : 0;

		assert(ask.n <= fake->env.max_varbinds);
		fake->requests++;
		fake->discovering += poll_session_discovering(fake->session);
		fake->now_us += fake->delay_us;
		if (!serve(fake, &ask, asked, out, &answer)) {
			fake->silences++;
			fake->now_us += TRY_US;
			poll_session_fail(fake->session, POLL_FAILED_SILENCE, fake->now_us);
			continue;
		}
		if (fake->keeps && !answer.error_status)
			drop_names(&ask, asked, out, answer.n);
		fake->now_us += fake->delay_us / 2 + extra;
		answer.received_us = fake->now_us;
		wall_map_update(&fake->env.wall, fake->now_us, fake->now_us / 1000 + 1700000000000);
		poll_session_answer(fake->session, &answer);
	}
	return poll_session_end(fake->session, fake->now_us);
}

enum poll_result fake_cycle_after(struct fake *fake, double seconds)
{
	fake->now_us += (int64_t)(seconds * 1e6);
	return fake_cycle(fake, false);
}

const struct fake_sample *fake_last(const struct fake *fake, const char *name, const char *group)
{
	for (size_t i = fake->n_samples; i-- > 0;)
		if (!strcmp(fake->samples[i].object, name) &&
		    !strcmp(fake->samples[i].group, group))
			return &fake->samples[i];
	return NULL;
}

void fake_forget(struct fake *fake)
{
	fake->n_samples = 0;
	fake->requests = fake->discovering = fake->silences = fake->discoveries = 0;
	fake->restarts = fake->agent_restarts = fake->link_changes = 0;
}

/* ---- the profile ---- */

static void add_column(struct profile *p, enum profile_link_field field, const char *oid)
{
	struct profile_column *column = &p->links.columns[p->links.n_columns++];

	column->field = field;
	if (oid_text_parse(oid, &column->oid) < 0)
		abort();
}

void fake_if_mib(struct profile_set *ret)
{
	struct profile *p = calloc(1, sizeof(*p));
	const char *problem, *name;

	assert(p);
	p->name = strdup("if-mib");
	p->priority = -10;
	p->links.set = true;
	p->n_changed = 2;
	if (oid_text_parse("1.3.6.1.2.1.31.1.5.0", &p->changed[0]) < 0 ||
	    oid_text_parse("1.3.6.1.2.1.2.1.0", &p->changed[1]) < 0)
		abort();
	add_column(p, PROFILE_LINK_NAME, "1.3.6.1.2.1.31.1.1.1.1");
	add_column(p, PROFILE_LINK_DESCR, "1.3.6.1.2.1.2.2.1.2");
	add_column(p, PROFILE_LINK_ALIAS, "1.3.6.1.2.1.31.1.1.1.18");
	add_column(p, PROFILE_LINK_TYPE, "1.3.6.1.2.1.2.2.1.3");
	add_column(p, PROFILE_LINK_MAC, "1.3.6.1.2.1.2.2.1.6");
	add_column(p, PROFILE_LINK_SPEED, "1.3.6.1.2.1.31.1.1.1.15 * 1000000");
	add_column(p, PROFILE_LINK_SPEED, "1.3.6.1.2.1.2.2.1.5");
	add_column(p, PROFILE_LINK_CHECK, "1.3.6.1.2.1.31.1.1.1.1");
	add_column(p, PROFILE_LINK_CHECK, "1.3.6.1.2.1.2.2.1.2");
	add_column(p, PROFILE_LINK_CHECK, "1.3.6.1.2.1.2.2.1.6");
	add_column(p, PROFILE_LINK_OPER, "1.3.6.1.2.1.2.2.1.8");
	add_column(p, PROFILE_LINK_DISCONTINUITY, "1.3.6.1.2.1.31.1.1.1.19");
	add_column(p, PROFILE_LINK_IN_OCTETS, "1.3.6.1.2.1.31.1.1.1.6");
	add_column(p, PROFILE_LINK_IN_OCTETS, "1.3.6.1.2.1.2.2.1.10");
	add_column(p, PROFILE_LINK_OUT_OCTETS, "1.3.6.1.2.1.31.1.1.1.10");
	add_column(p, PROFILE_LINK_OUT_OCTETS, "1.3.6.1.2.1.2.2.1.16");
	add_column(p, PROFILE_LINK_IN_ERRORS, "1.3.6.1.2.1.2.2.1.14");
	add_column(p, PROFILE_LINK_OUT_ERRORS, "1.3.6.1.2.1.2.2.1.20");
	if (profile_finish(p, &problem) < 0)
		abort();
	*ret = (struct profile_set){.profiles = p, .n = 1};
	if (profile_set_finish(ret, &name, &problem) < 0)
		abort();
}
