/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nobody starves: of every port of a device without troubles there is a value every interval. */
#include <math.h>
#include <string.h>

#include "collector/core/value/sample.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/truth/cause.h"
#include "tests/simulation/truth/invariant.h"

#define PATIENCE 5 / 2 /* intervals */

struct notes {
	int64_t known_us[SCRIPT_BOXES_MAX][BOX_PORTS_MAX]; /* last value */
};

static void on_sample(struct city *city, void *data, const struct seen *seen)
{
	const struct sample *sample = seen->sample;
	struct notes *notes = data;

	(void)city;
	if (seen->port && strcmp(sample->series->group->name, "traffic") == 0 &&
	    !isnan(sample->value[0]) && !isnan(sample->value[1]))
		notes->known_us[seen->box_index][seen->port - seen->box->ports] = stage_now_us();
}

static void on_minute(struct city *city, void *data)
{
	int64_t now_us = stage_now_us();
	int64_t since_us = now_us - city->script->interval_s * STAGE_SECOND_US * PATIENCE -
			   15 * STAGE_SECOND_US;
	struct notes *notes = data;

	for (size_t i = 0; i < city->n_boxes; i++) {
		struct box *box = &city->boxes[i];

		if (box->vague || cause_has(city->causes, (int)i, since_us, now_us,
					    CAUSE_UNKNOWN | CAUSE_SILENT | CAUSE_AWAY))
			continue;
		for (size_t p = 0; p < box->n_ports; p++)
			if (box->ports[p].present && notes->known_us[i][p] < since_us)
				city_wrong(city, "starves", box, "%s has had no value for %.0f s",
					   box->ports[p].name,
					   city_time_s(city, now_us) -
						   city_time_s(city, notes->known_us[i][p]));
	}
}

const struct invariant INVARIANT_STARVES = {
	.name = "starves",
	.what = "every port of a device without troubles has a value every interval",
	.notes = sizeof(struct notes),
	.sample = on_sample,
	.minute = on_minute,
};
