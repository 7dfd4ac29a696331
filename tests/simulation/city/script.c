/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws a script, writes it, reads it. */
#include "tests/simulation/city/script.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/simulation/city/trouble.h"

enum {
	BOXES_LEAST = 20,
	BOXES_MOST = 24,
	KINDS_LEAST = 5,
	AT_ONCE = 3,   /* troubles of one moment */
	QUIET_S = 900, /* at the beginning and the end: things must be known, and heal */
};

/* ---- drawing ---- */

static const struct box_kind *draw_kind(struct dice *dice)
{
	uint64_t all = 0, at;
	size_t i = 0;

	for (size_t k = 0; k < BOX_KINDS_N; k++)
		all += BOX_KINDS[k].weight;
	for (at = dice_below(dice, all); at >= BOX_KINDS[i].weight; i++)
		at -= BOX_KINDS[i].weight;
	return &BOX_KINDS[i];
}

static unsigned int count_kinds(const struct script *script)
{
	unsigned int n = 0;

	for (size_t k = 0; k < BOX_KINDS_N; k++) {
		bool any = false;

		for (unsigned int i = 0; i < script->n_boxes; i++)
			any |= script->boxes[i].kind == &BOX_KINDS[k];
		n += any;
	}
	return n;
}

static void draw_boxes(struct script *script, struct dice *dice)
{
	do {
		script->n_boxes = (unsigned int)dice_between(dice, BOXES_LEAST, BOXES_MOST);
		for (unsigned int i = 0; i < script->n_boxes; i++) {
			struct script_box *box = &script->boxes[i];

			*box = (struct script_box){.kind = draw_kind(dice)};
			snprintf(box->id, sizeof(box->id), "%s-%u", box->kind->name, i);
			/* every third stands behind one of the first three */
			if (i > 3 && dice_chance(dice, 0.3))
				memcpy(box->parent, script->boxes[dice_below(dice, 3)].id, BOX_ID);
		}
	} while (count_kinds(script) < KINDS_LEAST);
}

static const struct trouble_kind *draw_trouble(struct dice *dice)
{
	uint64_t all = 0, at;
	unsigned int i = 0;

	for (unsigned int k = 0; k < TROUBLE_KINDS_N; k++)
		all += TROUBLE_KINDS[k].weight;
	for (at = dice_below(dice, all); at >= TROUBLE_KINDS[i].weight; i++)
		at -= TROUBLE_KINDS[i].weight;
	return &TROUBLE_KINDS[i];
}

/* Who was befallen before is befallen again, or one that stands before or behind it: it is
 * together that troubles are hard. */
static const char *draw_box(const struct script *script, struct dice *dice, const char *before)
{
	unsigned int at = (unsigned int)dice_below(dice, script->n_boxes);

	if (!before[0] || dice_chance(dice, 0.5))
		return script->boxes[at].id;
	if (dice_chance(dice, 0.3))
		return before;
	for (unsigned int i = 0; i < script->n_boxes; i++) {
		const struct script_box *box = &script->boxes[(at + i) % script->n_boxes];

		if (strcmp(box->parent, before) == 0)
			return box->id;
		if (strcmp(box->id, before) == 0 && box->parent[0])
			return box->parent;
	}
	return script->boxes[at].id;
}

static void add_trouble(struct script *script, struct dice *dice, int64_t at_s, char before[BOX_ID])
{
	const struct trouble_kind *kind = draw_trouble(dice);
	struct script_trouble *trouble;

	if (script->n_troubles == SCRIPT_TROUBLES_MAX)
		return;
	trouble = &script->troubles[script->n_troubles++];
	*trouble = (struct script_trouble){
		.kind = kind,
		.at_s = at_s,
		.for_s = dice_between(dice, kind->least_s, kind->most_s),
		.amount = dice_between(dice, kind->least, kind->most),
	};
	if (kind->of_box)
		snprintf(trouble->box, sizeof(trouble->box), "%s", draw_box(script, dice, before));
	memcpy(before, trouble->box, BOX_ID);
}

static int by_time(const void *a, const void *b)
{
	const struct script_trouble *x = a, *y = b;

	return (x->at_s > y->at_s) - (x->at_s < y->at_s);
}

static void draw_troubles(struct script *script, struct dice *dice)
{
	int64_t end_s = script->hours * 3600 - QUIET_S;

	for (int64_t at_s = QUIET_S; at_s < end_s; at_s += dice_between(dice, 600, 2400)) {
		char before[BOX_ID] = "";

		for (int i = 0; i < AT_ONCE; i++)
			add_trouble(script, dice, at_s + dice_between(dice, 0, 120), before);
	}
	qsort(script->troubles, script->n_troubles, sizeof(script->troubles[0]), by_time);
}

void script_draw(uint64_t seed, struct script *ret)
{
	static const int64_t INTERVALS_S[] = {60, 60, 60, 60, 30, 30, 20, 10, 5};
	struct dice dice = dice_of(seed, "script");

	*ret = (struct script){.seed = seed};
	ret->hours = dice_between(&dice, 6, 8);
	ret->interval_s = INTERVALS_S[dice_below(&dice, ARRAY_LEN(INTERVALS_S))];
	draw_boxes(ret, &dice);
	draw_troubles(ret, &dice);
}

/* ---- as text ---- */

void script_write(const struct script *script, FILE *to)
{
	fprintf(to, "seed %llu\nhours %lld\ninterval %lld\n", (unsigned long long)script->seed,
		(long long)script->hours, (long long)script->interval_s);
	for (unsigned int i = 0; i < script->n_boxes; i++)
		fprintf(to, "box %s %s %s\n", script->boxes[i].id, script->boxes[i].kind->name,
			script->boxes[i].parent);
	for (unsigned int i = 0; i < script->n_troubles; i++) {
		const struct script_trouble *t = &script->troubles[i];

		fprintf(to, "trouble %lld %lld %s %s %lld\n", (long long)t->at_s,
			(long long)t->for_s, t->kind->name, t->box[0] ? t->box : "-",
			(long long)t->amount);
	}
}

static bool has_box(const struct script *script, const char *id)
{
	for (unsigned int i = 0; i < script->n_boxes; i++)
		if (strcmp(script->boxes[i].id, id) == 0)
			return true;
	return false;
}

static bool read_box(struct script *script, const char *line)
{
	struct script_box *box = &script->boxes[script->n_boxes];
	char kind[32] = "";

	if (script->n_boxes == SCRIPT_BOXES_MAX)
		return false;
	*box = (struct script_box){0};
	if (sscanf(line, "box %32s %31s %32s", box->id, kind, box->parent) < 2)
		return false;
	box->kind = box_kind_find(kind);
	script->n_boxes++;
	return box->kind && (!box->parent[0] || has_box(script, box->parent));
}

static bool read_trouble(struct script *script, const char *line)
{
	struct script_trouble *t = &script->troubles[script->n_troubles];
	long long at_s, for_s, amount;
	char kind[32];

	if (script->n_troubles == SCRIPT_TROUBLES_MAX)
		return false;
	if (sscanf(line, "trouble %lld %lld %31s %32s %lld", &at_s, &for_s, kind, t->box,
		   &amount) != 5)
		return false;
	if (strcmp(t->box, "-") == 0)
		t->box[0] = '\0';
	t->at_s = at_s;
	t->for_s = for_s;
	t->amount = amount;
	t->kind = trouble_kind_find(kind);
	script->n_troubles++;
	return t->kind && (t->kind->of_box ? has_box(script, t->box) : !t->box[0]);
}

static bool read_line(struct script *script, const char *line)
{
	unsigned long long seed;
	long long n;

	if (line[0] == '\n' || line[0] == '#')
		return true;
	if (strncmp(line, "box ", 4) == 0)
		return read_box(script, line);
	if (strncmp(line, "trouble ", 8) == 0)
		return read_trouble(script, line);
	if (sscanf(line, "seed %llu", &seed) == 1) {
		script->seed = seed;
		return true;
	}
	if (sscanf(line, "hours %lld", &n) == 1 && n > 0 && n < 1000000) {
		script->hours = n;
		return true;
	}
	if (sscanf(line, "interval %lld", &n) == 1 && n >= 1 && n <= 3600) {
		script->interval_s = n;
		return true;
	}
	return false;
}

int script_read(FILE *from, struct script *ret)
{
	char line[256];

	*ret = (struct script){.hours = 6, .interval_s = 60};
	for (int n = 1; fgets(line, sizeof(line), from); n++)
		if (!read_line(ret, line))
			return n;
	return 0;
}
