/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Turns what conf_reader.c has read into the struct that a table describes: types, ranges,
 * defaults, what must be given. Decides nothing about what keys are for.
 */
#include "common/conf/conf.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_field.h"
#include "common/conf/conf_reader.h"
#include "common/conf/conf_value.h"

enum { KEYS_MAX = 128, KNOWN_MAX = 512 /* octets of their names in a message */ };

/* A file, or one section of it. */
struct block {
	const struct conf_settings *all;
	size_t from, to; /* its settings */
	const char *file;
	const char *title; /* of a section, or NULL */
	unsigned int end;  /* its last line, where a missing key belongs */
	struct conf_errors *errors;
};

static void *field_of(void *conf, const struct conf_key *key)
{
	return (char *)conf + key->offset;
}

static size_t *count_of(void *conf, const struct conf_key *key)
{
	return (size_t *)(void *)((char *)conf + key->count_offset);
}

static struct conf_places **places_of(void *conf, const struct conf_key *end)
{
	return (struct conf_places **)(void *)((char *)conf + end->places_offset);
}

static size_t count_keys(const struct conf_key *keys)
{
	size_t n = 0;

	while (keys[n].type != CONF_TYPE_END)
		n++;
	assert(n <= KEYS_MAX);
	return n;
}

/* ---- settings ---- */

static int read_block(const struct block *block, const struct conf_key *keys, void *conf);

static bool has_title(const struct conf_key *key, const void *items, size_t n, const char *title)
{
	for (size_t i = 0; i < n; i++) {
		const void *item = (const char *)items + i * key->item_size;

		if (strcmp(*(char *const *)item, title) == 0)
			return true;
	}
	return false;
}

/* Whatever is wrong with the title, the inside is read too. */
static void check_title(const struct conf_field *field, const void *items, size_t n)
{
	const struct conf_word *title = &field->setting->title;

	if (!title->text)
		conf_field_complain(field, "has no title; write %s \"TITLE\" { ... }",
				    field->key->name);
	else if (title->doubt == CONF_DOUBT_ESCAPE)
		conf_field_complain(field, "a backslash in the title; write it in single quotes");
	else if (has_title(field->key, items, n, title->text))
		conf_field_complain(field,
				    "there is a \"%.100s\" already; give each a title of its own",
				    title->text);
}

static int read_section(const struct block *outer, const struct conf_field *field, void *conf)
{
	const struct conf_key *key = field->key;
	const struct conf_setting *setting = field->setting;
	const size_t first = (size_t)(setting - outer->all->settings) + 1;
	const char *title = setting->title.text ? setting->title.text : "";
	const struct block block = {.all = outer->all,
				    .from = first,
				    .to = first + setting->inside,
				    .file = setting->file,
				    .title = title,
				    .end = setting->end,
				    .errors = outer->errors};
	size_t *n = count_of(conf, key);
	char **items = field_of(conf, key), *item;

	check_title(field, *items, *n);
	item = reallocarray(*items, *n + 1, key->item_size);
	if (!item)
		return -ENOMEM;
	*items = item;
	item += *n * key->item_size;
	memset(item, 0, key->item_size);
	/* The first field, so that tables need no row for it. */
	*(char **)(void *)item = strdup(title);
	if (!*(char **)(void *)item)
		return -ENOMEM;
	++*n;
	return read_block(&block, key->keys, item);
}

/* before: where the key was given first, or NULL. */
static int read_setting(const struct block *block, struct conf_field *field,
			const struct conf_setting *before, void *conf)
{
	const struct conf_key *key = field->key;
	const struct conf_setting *setting = field->setting;

	if (key->type == CONF_TYPE_SECTION && setting->kind == CONF_SETTING_SECTION)
		return read_section(block, field, conf);
	if (key->type == CONF_TYPE_SECTION) {
		conf_field_complain(field, "is a section; write %s \"TITLE\" { ... }", key->name);
		return 0;
	}
	if (setting->kind == CONF_SETTING_SECTION || setting->kind == CONF_SETTING_CALL) {
		conf_field_complain(field, "is no section; write %s = %s", key->name,
				    key->type == CONF_TYPE_STR_LIST ? "{VALUE, VALUE}" : "VALUE");
		return 0;
	}
	if (before && !(key->type == CONF_TYPE_STR_LIST && setting->append))
		conf_field_complain(field, "was given in %s:%u already; keep one of the two",
				    before->file, before->key.line);
	return conf_field_read(field, field_of(conf, key));
}

/* ---- files and sections ---- */

/* What is known so far of the keys of a block, in the order of its table. */
struct given {
	const struct conf_setting *settings[KEYS_MAX]; /* where each was given first */
	bool meant[KEYS_MAX];			       /* an unknown key was meant to be this one */
};

static size_t find_key(const struct conf_key *keys, const char *name)
{
	size_t i = 0;

	while (keys[i].type != CONF_TYPE_END && strcmp(keys[i].name, name) != 0)
		i++;
	return i;
}

/* What is behind a secret in its line may be a part of it. */
static bool is_behind_secret(const struct block *block, const struct conf_key *keys, size_t i)
{
	const struct conf_setting *last = &block->all->settings[i > 0 ? i - 1 : 0];

	return i > block->from && last->kind == CONF_SETTING_VALUE &&
	       last->end == last[1].key.line && keys[find_key(keys, last->key.text)].secret;
}

static void report_unknown(const struct block *block, const struct conf_key *keys, size_t i,
			   struct given *given)
{
	const struct conf_setting *setting = &block->all->settings[i];
	const char *near = NULL;
	unsigned int distance = 0;
	char known[KNOWN_MAX] = "";
	size_t n = 0;

	if (is_behind_secret(block, keys, i)) {
		conf_errors_add(block->errors, "%s:%u: %s: " CONF_READER_WANTS_QUOTES,
				setting->file, setting->key.line, setting[-1].key.text,
				setting[-1].key.text);
		return;
	}
	for (const struct conf_key *key = keys; key->type != CONF_TYPE_END; key++) {
		conf_value_nearer(setting->key.text, key->name, &near, &distance);
		if (n < sizeof(known))
			n += (size_t)snprintf(known + n, sizeof(known) - n, "%s%s", n ? ", " : "",
					      key->name);
	}
	if (near)
		given->meant[find_key(keys, near)] = true;
	conf_errors_add(block->errors, "%s:%u: %s: unknown key; %s%s%s", setting->file,
			setting->key.line, setting->key.text,
			near ? "did you mean " : "known here: ", near ? near : known,
			near ? "?" : "");
}

static void report_missing(const struct block *block, const struct conf_key *key)
{
	conf_errors_add(block->errors, "%s:%u: %s: is missing%s%s%s; add %s%s (%s)", block->file,
			block->end, key->name, block->title ? " in section \"" : "",
			block->title ? block->title : "", block->title ? "\"" : "", key->name,
			key->type == CONF_TYPE_SECTION ? " \"TITLE\" { ... }" : " = ...",
			key->help);
}

static int add_places(const struct block *block, const struct conf_setting *setting,
		      const char *name, struct conf_places *places)
{
	int r = 0;

	if (setting->n == 0)
		return conf_places_add(places, name, setting->file, setting->key.line);
	for (size_t i = 0; r == 0 && i < setting->n; i++)
		r = conf_places_add(places, name, setting->file,
				    block->all->words[setting->first + i].line);
	return r;
}

static int read_settings(const struct block *block, const struct conf_key *keys,
			 struct conf_places *places, struct given *given, void *conf)
{
	const struct conf_setting *all = block->all->settings;
	int r = 0;

	for (size_t i = block->from; r == 0 && i < block->to; i += 1 + all[i].inside) {
		const size_t k = find_key(keys, all[i].key.text);
		struct conf_field field = {&keys[k], &all[i], NULL, block->errors};

		if (all[i].kind == CONF_SETTING_DONE)
			continue;
		if (keys[k].type == CONF_TYPE_END) {
			report_unknown(block, keys, i, given);
			continue;
		}
		if (all[i].n > 0)
			field.value = &block->all->words[all[i].first];
		r = read_setting(block, &field, given->settings[k], conf);
		if (!given->settings[k])
			given->settings[k] = &all[i];
		if (r == 0 && places)
			r = add_places(block, &all[i], keys[k].name, places);
	}
	return r;
}

static void check_given(const struct block *block, const struct conf_key *keys,
			const struct given *given, void *conf)
{
	for (size_t k = 0; keys[k].type != CONF_TYPE_END; k++) {
		const struct conf_field field = {&keys[k], given->settings[k], NULL, block->errors};

		if (!field.setting && keys[k].required && !given->meant[k])
			report_missing(block, &keys[k]);
		if (field.setting && field.setting->kind == CONF_SETTING_LIST &&
		    keys[k].type == CONF_TYPE_STR_LIST && !keys[k].or_none &&
		    !**(char ***)field_of(conf, &keys[k]))
			conf_field_refuse_empty(&field);
	}
}

static int read_block(const struct block *block, const struct conf_key *keys, void *conf)
{
	const struct conf_key *end = keys + count_keys(keys);
	struct conf_places *places = NULL;
	struct given given = {0};
	int r = 0;

	if (end->places_offset > 0) {
		places = *places_of(conf, end) = conf_places_new(block->file, block->end);
		r = places ? 0 : -ENOMEM;
	}
	for (const struct conf_key *key = keys; r == 0 && key < end; key++)
		r = conf_field_set_default(key, field_of(conf, key));
	if (r == 0)
		r = read_settings(block, keys, places, &given, conf);
	if (r == 0)
		check_given(block, keys, &given, conf);
	return r;
}

void conf_free(const struct conf_key *keys, void *conf)
{
	const struct conf_key *key = keys;

	for (; key->type != CONF_TYPE_END; key++) {
		if (key->type == CONF_TYPE_SECTION) {
			char *items = *(char **)field_of(conf, key);

			for (size_t i = 0; i < *count_of(conf, key); i++) {
				void *item = items + i * key->item_size;

				conf_free(key->keys, item);
				free(*(char **)item);
			}
			free(items);
			*(void **)field_of(conf, key) = NULL;
			*count_of(conf, key) = 0;
		} else {
			conf_field_clear(key, field_of(conf, key));
		}
	}
	if (key->places_offset > 0)
		*places_of(conf, key) = conf_places_free(*places_of(conf, key));
}

int conf_take(const char *name, const struct conf_settings *settings, const struct conf_key *keys,
	      void *ret_conf, struct conf_errors *errors)
{
	const size_t before = errors->n + errors->dropped;
	const struct block block = {.all = settings,
				    .to = settings->n,
				    .file = name,
				    .end = settings->end,
				    .errors = errors};
	int r = read_block(&block, keys, ret_conf);

	if (r == -ENOMEM)
		conf_errors_add(errors, "%s: out of memory", name);
	if (r == 0 && errors->n + errors->dropped > before)
		r = -EINVAL;
	if (r < 0)
		conf_free(keys, ret_conf);
	return r;
}

int conf_parse(const char *name, const uint8_t *text, size_t len, const struct conf_key *keys,
	       void *ret_conf, struct conf_errors *errors)
{
	cleanup_(conf_settings_deinit) struct conf_settings settings = {0};
	int r = conf_reader_read(&settings, name, (const char *)text, len, errors);

	return r < 0 ? r : conf_take(name, &settings, keys, ret_conf, errors);
}
