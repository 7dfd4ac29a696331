/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * No bound is exceeded: each that bites has a counter of what it dropped, and in a city of some
 * dozen devices none has reason to, unless the disk is full. Nor does anything wait in memory for long.
 */
#include <math.h>
#include <string.h>

#include "collector/collector_private.h"
#include "common/base/stats.h"
#include "tests/simulation/city/city.h"
#include "tests/simulation/city/noc.h"
#include "tests/simulation/stage/disk.h"
#include "tests/simulation/truth/invariant.h"

#define WAITING_MAX 5000 /* samples of some minutes */

static void on_figure(void *data, const struct stats_figure *figure)
{
	struct city *city = data;

	if (!isfinite(figure->value) || figure->value < 0)
		city_wrong(city, "bound", NULL, "%s is %g", figure->name, figure->value);
	if (strstr(figure->name, "_dropped") && figure->value > 0 &&
	    disk_full_since_us() == INT64_MAX)
		city_wrong(city, "bound", NULL, "%s is %g", figure->name, figure->value);
	if (strstr(figure->name, "_queue") && figure->value > WAITING_MAX)
		city_wrong(city, "bound", NULL, "%s is %g", figure->name, figure->value);
}

static void on_minute(struct city *city, void *notes)
{
	struct collector *collector = noc_collector(city->noc);
	struct machine *before = stage_enter(noc_machine(city->noc));

	(void)notes;
	if (collector)
		collector_stats(collector, on_figure, city);
	stage_enter(before);
}

const struct invariant INVARIANT_BOUND = {
	.name = "bound",
	.what = "nothing is dropped for a bound's sake, and no queue grows",
	.minute = on_minute,
};
