/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An array in the order of the file: a file has tens of keys, and they are asked for only
 * when something is wrong. */
#include "common/conf/conf_places.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
	const char *key;
	char *text;
};

struct conf_places {
	char *end;
	struct place *places;
	size_t n;
};

static char *text_of(const char *file, unsigned int line)
{
	char *text;

	return asprintf(&text, "%s:%u", file, line) < 0 ? NULL : text;
}

struct conf_places *conf_places_new(const char *file, unsigned int line)
{
	struct conf_places *places = calloc(1, sizeof(*places));

	if (places)
		places->end = text_of(file, line);
	return places && !places->end ? conf_places_free(places) : places;
}

struct conf_places *conf_places_free(struct conf_places *places)
{
	if (!places)
		return NULL;
	for (size_t i = 0; i < places->n; i++)
		free(places->places[i].text);
	free(places->places);
	free(places->end);
	free(places);
	return NULL;
}

int conf_places_add(struct conf_places *places, const char *key, const char *file,
		    unsigned int line)
{
	struct place *grown = reallocarray(places->places, places->n + 1, sizeof(*places->places));

	assert(places && key);
	if (!grown)
		return -ENOMEM;
	places->places = grown;
	grown[places->n] = (struct place){key, text_of(file, line)};
	if (!grown[places->n].text)
		return -ENOMEM;
	places->n++;
	return 0;
}

static const char *find(const struct conf_places *places, const char *key, size_t n)
{
	for (size_t i = 0; i < places->n; i++) {
		if (strcmp(places->places[i].key, key) == 0 && n-- == 0)
			return places->places[i].text;
	}
	return NULL;
}

bool conf_places_has(const struct conf_places *places, const char *key)
{
	return find(places, key, 0) != NULL;
}

const char *conf_places_value(const struct conf_places *places, const char *key, size_t n)
{
	const char *text = find(places, key, n);

	return text ? text : places->end;
}

const char *conf_places_key(const struct conf_places *places, const char *key)
{
	return conf_places_value(places, key, 0);
}

const char *conf_places_end(const struct conf_places *places)
{
	return places->end;
}
