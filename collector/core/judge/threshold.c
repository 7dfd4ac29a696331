/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Only values beyond their limit, and those that were and are not over yet, are remembered. */
#include "collector/core/judge/threshold.h"

#include <assert.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/conf/notify_conf.h"
#include "collector/core/device/inventory.h"
#include "collector/core/device/place_filter.h"

struct watch {
	const struct threshold_conf *threshold;
	char title[64], device_id[33], object[64];
	bool begun;
	int64_t bad_mono, bad_ms;   /* since when it is beyond the limit */
	int64_t good_mono, good_ms; /* begun: since when it is cleared; 0: it is not */
	int64_t known_mono;	    /* when it was known last */
};

/* A threshold with its texts read. */
struct rule {
	const struct threshold_conf *conf;
	char group[64];
	const char *name; /* in conf->value */
	double limit, clear;
	bool above;
};

struct threshold_set {
	struct threshold_hooks hooks;
	struct rule rules[THRESHOLDS_MAX];
	size_t n_rules;
	struct watch *watches;
	size_t n;
	uint64_t dropped;
};

static void set_rules(struct threshold_set *set, const struct threshold_conf *conf, size_t n)
{
	assert(n <= THRESHOLDS_MAX);
	set->n_rules = n;
	for (size_t i = 0; i < n; i++) {
		struct rule *rule = &set->rules[i];
		const char *dot = strchr(conf[i].value, '.');

		assert(dot); /* the key's check */
		snprintf(rule->group, sizeof(rule->group), "%.*s", (int)(dot - conf[i].value),
			 conf[i].value);
		rule->conf = &conf[i];
		rule->name = dot + 1;
		rule->above = conf[i].above[0] != '\0';
		rule->limit = threshold_conf_limit(&conf[i]);
		rule->clear = threshold_conf_clear(&conf[i]);
	}
}

int threshold_set_new(const struct threshold_conf *conf, size_t n,
		      const struct threshold_hooks *hooks, struct threshold_set **ret)
{
	struct threshold_set *set = calloc(1, sizeof(*set));

	assert(hooks->begun && hooks->ended);
	if (!set)
		return -ENOMEM;
	set->watches = calloc(THRESHOLD_WATCHES_MAX, sizeof(*set->watches));
	if (!set->watches) {
		free(set);
		return -ENOMEM;
	}
	set->hooks = *hooks;
	set_rules(set, conf, n);
	*ret = set;
	return 0;
}

struct threshold_set *threshold_set_free(struct threshold_set *set)
{
	if (set)
		free(set->watches);
	free(set);
	return NULL;
}

bool threshold_set_wants(const struct threshold_set *set, const char *group)
{
	for (size_t i = 0; i < set->n_rules; i++) {
		if (strcmp(set->rules[i].group, group) == 0)
			return true;
	}
	return false;
}

static void forget(struct threshold_set *set, struct watch *watch)
{
	*watch = set->watches[--set->n];
}

static void end(struct threshold_set *set, struct watch *watch, double value, int64_t end_ms)
{
	const struct watch was = *watch;

	forget(set, watch);
	if (was.begun)
		set->hooks.ended(set->hooks.data, was.title, was.device_id, was.object, value,
				 end_ms);
}

static struct watch *find(struct threshold_set *set, const struct threshold_conf *threshold,
			  const char *device_id, const char *object)
{
	for (size_t i = 0; i < set->n; i++) {
		struct watch *watch = &set->watches[i];

		if (watch->threshold == threshold && strcmp(watch->device_id, device_id) == 0 &&
		    strcmp(watch->object, object) == 0)
			return watch;
	}
	return NULL;
}

static struct watch *add(struct threshold_set *set, const struct threshold_conf *threshold,
			 const char *device_id, const char *object, struct moment now)
{
	struct watch *watch;

	if (set->n == THRESHOLD_WATCHES_MAX) {
		set->dropped++;
		return NULL;
	}
	watch = &set->watches[set->n++];
	*watch = (struct watch){.threshold = threshold,
				.bad_mono = now.mono_ms,
				.bad_ms = now.wall_ms,
				.known_mono = now.mono_ms};
	snprintf(watch->title, sizeof(watch->title), "%s", threshold->title);
	snprintf(watch->device_id, sizeof(watch->device_id), "%s", device_id);
	snprintf(watch->object, sizeof(watch->object), "%s", object);
	return watch;
}

static bool has_object(char *const *links, const char *object)
{
	size_t i = 0;

	while (links[i] && fnmatch(links[i], object, 0) != 0)
		i++;
	return !links[0] || links[i];
}

static bool is_for(const struct rule *rule, const struct threshold_value *value, bool office)
{
	const struct threshold_conf *conf = rule->conf;
	const struct place_filter places = {conf->groups, conf->kinds, conf->devices,
					    conf->providers};

	return strcmp(rule->group, value->group) == 0 && strcmp(rule->name, value->name) == 0 &&
	       (conf->when == WHEN_ALWAYS || (conf->when == WHEN_OFFICE) == office) &&
	       place_filter_fits(&places, value->entry, value->entry->id) &&
	       has_object(conf->links, value->object);
}

static void is_bad(struct threshold_set *set, struct watch *watch, double value, struct moment now)
{
	watch->good_mono = 0;
	if (watch->begun || now.mono_ms - watch->bad_mono < watch->threshold->for_ms)
		return;
	watch->begun = true;
	set->hooks.begun(set->hooks.data, watch->threshold, watch->device_id, watch->object, value,
			 watch->bad_ms);
}

/* Not beyond the limit; cleared: nor between the two. */
static void is_good(struct threshold_set *set, struct watch *watch, double value, bool cleared,
		    struct moment now)
{
	if (!watch->begun) {
		forget(set, watch);
		return;
	}
	if (!cleared) {
		watch->good_mono = 0;
		return;
	}
	if (watch->good_mono == 0) {
		watch->good_mono = now.mono_ms;
		watch->good_ms = now.wall_ms;
	}
	if (now.mono_ms - watch->good_mono >= watch->threshold->for_ms)
		end(set, watch, value, watch->good_ms);
}

static void judge(struct threshold_set *set, const struct rule *rule,
		  const struct threshold_value *value, struct moment now)
{
	const double v = value->value;
	const bool bad = rule->above ? v > rule->limit : v < rule->limit;
	const bool cleared = rule->above ? v <= rule->clear : v >= rule->clear;
	struct watch *watch = find(set, rule->conf, value->entry->id, value->object);

	if (!watch && bad)
		watch = add(set, rule->conf, value->entry->id, value->object, now);
	if (!watch)
		return;
	watch->known_mono = now.mono_ms;
	if (bad)
		is_bad(set, watch, v, now);
	else
		is_good(set, watch, v, cleared, now);
}

void threshold_set_put(struct threshold_set *set, const struct threshold_value *value, bool office,
		       struct moment now)
{
	assert(value->entry && value->object && value->group && value->name);
	if (!isfinite(value->value))
		return;
	for (size_t i = 0; i < set->n_rules; i++) {
		if (is_for(&set->rules[i], value, office))
			judge(set, &set->rules[i], value, now);
	}
}

static const struct rule *rule_of(const struct threshold_set *set, const char *title)
{
	for (size_t i = 0; i < set->n_rules; i++) {
		if (strcmp(set->rules[i].conf->title, title) == 0)
			return &set->rules[i];
	}
	return NULL;
}

bool threshold_set_restore(struct threshold_set *set, const char *title, const char *device_id,
			   const char *object, struct moment now)
{
	const struct rule *rule = rule_of(set, title);
	struct watch *watch = rule ? add(set, rule->conf, device_id, object, now) : NULL;

	if (watch)
		watch->begun = true;
	return watch != NULL;
}

/* Backwards, as below: the last takes the place of one that goes. */
void threshold_set_conf(struct threshold_set *set, const struct threshold_conf *conf, size_t n,
			struct moment now)
{
	set_rules(set, conf, n);
	for (size_t i = set->n; i-- > 0;) {
		struct watch *watch = &set->watches[i];
		const struct rule *rule = rule_of(set, watch->title);

		if (rule)
			watch->threshold = rule->conf;
		else
			end(set, watch, NAN, now.wall_ms);
	}
}

void threshold_set_forget(struct threshold_set *set, const char *device_id, struct moment now)
{
	for (size_t i = set->n; i-- > 0;) {
		if (strcmp(set->watches[i].device_id, device_id) == 0)
			end(set, &set->watches[i], NAN, now.wall_ms);
	}
}

void threshold_set_tick(struct threshold_set *set, struct moment now)
{
	for (size_t i = set->n; i-- > 0;) {
		if (now.mono_ms - set->watches[i].known_mono >= THRESHOLD_GIVE_UP_MS)
			end(set, &set->watches[i], NAN, now.wall_ms);
	}
}

uint64_t threshold_set_dropped(const struct threshold_set *set)
{
	return set->dropped;
}
