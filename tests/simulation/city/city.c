/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds the city of a script, lets its time pass, takes it down. */
#include "tests/simulation/city/city.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/city/inform.h"
#include "tests/simulation/city/noc.h"
#include "tests/simulation/city/trouble.h"
#include "tests/simulation/stage/disk.h"
#include "tests/simulation/stage/rrd.h"
#include "tests/simulation/truth/cause.h"
#include "tests/simulation/truth/invariant.h"
#include "tests/simulation/truth/known.h"

enum { FIRST_ADDRESS = 10 << 24 | 1 << 16 | 1 };

double city_time_s(const struct city *city, int64_t at_us)
{
	return (double)(at_us - city->begun_us) / 1e6;
}

int city_box_at(const struct city *city, uint32_t ip)
{
	return ip >= FIRST_ADDRESS && ip - FIRST_ADDRESS < city->n_boxes ? (int)(ip - FIRST_ADDRESS)
									 : -1;
}

int city_box_of(const struct city *city, const char *id)
{
	for (size_t i = 0; i < city->n_boxes; i++)
		if (strcmp(city->boxes[i].id, id) == 0)
			return (int)i;
	return -1;
}

void city_wrong(struct city *city, const char *invariant, const struct box *box, const char *fmt,
		...)
{
	struct violation *v = &city->violation;
	char text[sizeof(v->text)];
	bool known;
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	known = known_excuses(city, invariant, box);
	if (city->loud)
		fprintf(stderr, "%10.3f %s %s %s: %s\n", city_time_s(city, stage_now_us()),
			known ? "KNOWN" : "WRONG", invariant, box ? box->id : "noc", text);
	if (known || v->invariant)
		return;
	v->invariant = invariant;
	v->at_s = (int64_t)city_time_s(city, stage_now_us());
	snprintf(v->box, sizeof(v->box), "%s", box ? box->id : "");
	memcpy(v->text, text, sizeof(text));
}

static void build(struct city *city)
{
	const struct script *script = city->script;

	city->n_boxes = script->n_boxes;
	city->boxes = calloc(city->n_boxes + 1, sizeof(*city->boxes));
	city->lines = calloc(city->n_boxes + 1, sizeof(*city->lines));
	if (!city->boxes || !city->lines)
		abort();
	for (unsigned int i = 0; i < script->n_boxes; i++) {
		box_make(&city->boxes[i], script->boxes[i].id, script->boxes[i].kind, script->seed,
			 FIRST_ADDRESS + i);
		memcpy(city->boxes[i].parent, script->boxes[i].parent, BOX_ID);
		box_open(&city->boxes[i]);
	}
	city->causes = cause_list_new();
	city->informs = inform_list_new();
	network_open(city);
	trouble_plan_all(city);
	invariant_begin(city);
	city->noc = noc_new(city);
	noc_start(city->noc);
}

static void take_down(struct city *city)
{
	city->noc = noc_free(city->noc);
	invariant_end(city);
	trouble_free_all(city);
	net_end();
	for (size_t i = 0; i < city->n_boxes; i++) {
		city->boxes[i].dead = true;
	}
	stage_run(stage_now_us() + 60 * STAGE_SECOND_US); /* what they think about yet */
	for (size_t i = 0; i < city->n_boxes; i++)
		box_close(&city->boxes[i]);
	inform_list_free(city->informs);
	invariant_free(city);
	cause_list_free(city->causes);
	rrd_model_end();
	disk_end();
	free(city->boxes);
	free(city->lines);
}

bool city_run(const struct script *script, const char *dir, bool loud, struct violation *ret,
	      struct city *ret_count)
{
	struct city city = {.script = script, .dir = dir, .loud = loud};
	int64_t end_us;

	stage_open(script->seed);
	city.begun_us = stage_now_us();
	end_us = city.begun_us + script->hours * 3600 * STAGE_SECOND_US;
	build(&city);
	for (int64_t us = city.begun_us; us < end_us && !city.violation.invariant;) {
		us += 60 * STAGE_SECOND_US;
		stage_run(us);
		invariant_minute(&city);
	}
	take_down(&city);
	stage_close();
	*ret = city.violation;
	*ret_count = city;
	return !city.violation.invariant;
}
