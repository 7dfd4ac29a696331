/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides which text is a device's model, firmware or serial number, and which says nothing. */
#include "collector/core/reading/hardware_poll.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/core/device/device.h"
#include "collector/core/device/profile.h"
#include "collector/core/reading/walk_row.h"
#include "common/base/cleanup.h"

enum { TEXT_MAX = 128 };

bool hardware_poll_begin(const struct profile *profile, struct poll_walk *ret)
{
	poll_walk_init(ret, HARDWARE_POLL_ROWS_MAX);
	for (size_t i = 0; i < profile->n_hardware; i++) {
		const struct profile_hardware *place = &profile->hardware[i];

		for (size_t w = 0; w < place->n_where; w++)
			poll_walk_add(ret, place->where[w].column.id, place->where[w].column.len);
		for (size_t c = 0; c < place->n_columns; c++)
			poll_walk_add(ret, place->columns[c].oid.id, place->columns[c].oid.len);
	}
	return ret->n_columns > 0;
}

/* What vendors write where there is nothing. */
static bool is_nothing(const char *text)
{
	static const char *const NOTHING[] = {"",	 "n/a",		  "na",
					      "none",	 "unknown",	  "not available",
					      "default", "not specified", "null"};

	for (size_t i = 0; i < ARRAY_LEN(NOTHING); i++)
		if (!strcasecmp(text, NOTHING[i]))
			return true;
	return false;
}

/* Without blanks around it. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " ");
	len = strlen(text);
	while (len && text[len - 1] == ' ')
		text[--len] = '\0';
	return text;
}

/* The first row that is meant and says something; false: none, and ret is untouched. */
static bool find_text(const struct poll_walk *walk, const struct profile_hardware *place,
		      size_t first, size_t column, char ret[TEXT_MAX])
{
	char room[TEXT_MAX], *text;

	for (size_t i = 0; i < walk->n_rows; i++) {
		const struct poll_walk_cell *cells = walk->rows[i]->cells + first;

		if (!walk_row_fits(place->where, place->n_where, cells))
			continue;
		walk_row_cell_text(&cells[place->n_where + column], room, sizeof(room));
		text = trim(room);
		if (is_nothing(text))
			continue;
		strcpy(ret, text);
		return true;
	}
	return false;
}

static bool take_text(char **field, const char *text)
{
	char *copy = text[0] ? strdup(text) : NULL;

	if (text[0] && !copy)
		return false;
	free(*field);
	*field = copy;
	return true;
}

bool hardware_poll_take(const struct profile *profile, const struct poll_walk *walk,
			struct device *device)
{
	char found[PROFILE_HARDWARE_FIELDS][TEXT_MAX] = {0};
	size_t first = 0;

	assert(walk->n_columns <= POLL_WALK_COLUMNS_MAX);
	for (size_t i = 0; i < profile->n_hardware; i++) {
		const struct profile_hardware *place = &profile->hardware[i];

		for (size_t c = 0; c < place->n_columns; c++)
			if (!found[place->columns[c].field][0])
				find_text(walk, place, first, c, found[place->columns[c].field]);
		first += place->n_where + place->n_columns;
	}
	return take_text(&device->model, found[PROFILE_MODEL]) &&
	       take_text(&device->firmware, found[PROFILE_FIRMWARE]) &&
	       take_text(&device->serial, found[PROFILE_SERIAL]);
}
