/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A value is unknown only where a trouble gave cause, or where the device is of a kind that
 * cannot say it. That one is missing altogether is INVARIANT_STARVES's.
 */
#include <math.h>
#include <string.h>

#include "collector/core/value/sample.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/truth/cause.h"
#include "tests/simulation/truth/invariant.h"

static bool cannot_say(const struct box *box, const struct sample *sample)
{
	return box->vague || (strcmp(sample->series->group->name, "errors") == 0 &&
			      box->lacks & BOX_LACKS_ERRORS);
}

static void on_sample(struct city *city, void *notes, const struct seen *seen)
{
	const struct sample *sample = seen->sample;
	const struct sample_group *group = sample->series->group;
	int64_t now_us = stage_now_us(), from_us = now_us - sample->duration_ms * 1000;

	(void)notes;
	if (cannot_say(seen->box, sample) ||
	    cause_has(city->causes, seen->box_index, from_us, now_us, CAUSE_UNKNOWN | CAUSE_AWAY))
		return;
	for (size_t d = 0; d < group->n_ds; d++) {
		if (!isnan(sample->value[d]))
			continue;
		city_wrong(city, "unknown", seen->box, "%s %s is unknown over %.3f s",
			   sample->series->object, group->ds[d].name,
			   (double)sample->duration_ms / 1000);
		return;
	}
}

const struct invariant INVARIANT_UNKNOWN = {
	.name = "unknown",
	.what = "a value is unknown only where there was a trouble",
	.sample = on_sample,
};
