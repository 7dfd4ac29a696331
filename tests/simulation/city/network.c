/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides the fate of each datagram by the line of the device that sends or gets it. */
#include "tests/simulation/city/network.h"

#include "tests/simulation/city/city.h"

/* Whoever it stands behind forwards nothing. */
static bool is_cut_before(const struct city *city, int i)
{
	int parent = city->boxes[i].parent[0] ? city_box_of(city, city->boxes[i].parent) : -1;

	return parent >= 0 && (city->boxes[parent].off || city->lines[parent].cut);
}

static void on_way(void *data, struct net_address from, struct net_address to, size_t len,
		   struct net_fate *fate)
{
	struct city *city = data;
	int sender = city_box_at(city, from.ip), receiver = city_box_at(city, to.ip);
	int i = sender >= 0 ? sender : receiver;
	struct line *line;

	(void)len;
	if (i < 0) {
		fate->delay_us[0] = 100;
		return;
	}
	line = &city->lines[i];
	fate->copies = 1 + dice_chance(&line->dice, line->twice);
	for (unsigned int n = 0; n < fate->copies; n++) {
		fate->delay_us[n] = line->delay_us + dice_between(&line->dice, 0, line->jitter_us);
		if (dice_chance(&line->dice, line->late))
			fate->delay_us[n] += line->late_us;
	}
	if (line->cut || is_cut_before(city, i) || dice_chance(&line->dice, line->loss)) {
		fate->copies = 0;
		line->lost_in_a_row++;
	} else if (sender >= 0) {
		line->lost_in_a_row = 0;
	}
	if (sender >= 0 && line->answers_from && from.port == 161)
		fate->from.ip = line->answers_from;
}

void network_open(struct city *city)
{
	for (size_t i = 0; i < city->n_boxes; i++) {
		struct line *line = &city->lines[i];
		struct dice dice = dice_of(city->script->seed ^ 2, city->boxes[i].id);

		*line = (struct line){.delay_us = dice_between(&dice, 200, 20000)};
		line->jitter_us = line->delay_us / 4;
		line->dice = dice;
	}
	net_set_way(on_way, city);
}
