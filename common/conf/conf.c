/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Turns a file that conf_raw.c has read into the struct that a table describes: types,
 * ranges, defaults, what must be given. Decides nothing about what keys are for.
 */
#include "common/conf/conf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_raw.h"
#include "common/conf/conf_value.h"

#define VALUE_SHOW 60 /* characters of a value that a message quotes */

static void *field_of(void *conf, const struct conf_key *key)
{
	return (char *)conf + key->offset;
}

static size_t *count_of(void *conf, const struct conf_key *key)
{
	return (size_t *)(void *)((char *)conf + key->count_offset);
}

/* One value being read, for the messages about it. */
struct place {
	const struct conf_key *key;
	const struct conf_raw_value *value;
	struct conf_errors *errors;
};

static void wrong(const struct place *place, const char *what, const char *right)
{
	const char *text = place->key->secret ? "(not shown)" : place->value->text;

	conf_errors_add(place->errors, "%s:%u: %s: \"%.*s\" %s; %s", place->value->file,
			place->value->line, place->key->name, VALUE_SHOW, text, what, right);
}

static void read_int(const struct place *place, int64_t *ret)
{
	const struct conf_key *key = place->key;
	char right[160];
	int r = conf_value_int(place->value->text, key->unit, ret);

	if (r == -EINVAL) {
		snprintf(right, sizeof(right), "give %s", conf_value_int_form(key->unit));
		wrong(place, "is not a number that fits here", right);
	} else if (r < 0 || *ret < key->min || *ret > key->max) {
		snprintf(right, sizeof(right), "give %lld to %lld%s%s", (long long)key->min,
			 (long long)key->max, key->unit[0] ? " " : "", key->unit);
		wrong(place, "is out of range", right);
	}
}

static void read_bool(const struct place *place, bool *ret)
{
	if (conf_value_bool(place->value->text, ret) < 0)
		wrong(place, "is neither yes nor no", "give yes or no");
}

static void read_enum(const struct place *place, int *ret)
{
	const struct conf_name *name = place->key->names;
	char right[240] = "give one of";
	size_t n = strlen(right);

	for (; name->name; name++) {
		if (strcmp(name->name, place->value->text) == 0) {
			*ret = name->value;
			return;
		}
	}
	for (name = place->key->names; name->name && n < sizeof(right); name++)
		n += (size_t)snprintf(right + n, sizeof(right) - n, " %s", name->name);
	wrong(place, "is not known", right);
}

static int read_str(const struct place *place, char **ret)
{
	const struct conf_key *key = place->key;
	const char *right = key->check ? key->check(place->value->text) : NULL;

	if (right)
		wrong(place, "is not right", right);
	*ret = strdup(place->value->text);
	return *ret ? 0 : -ENOMEM;
}

/* A list that is there but empty is not one that was left out, unless the key says so. */
static void empty_list(const struct place *place)
{
	const struct conf_key *key = place->key;
	const char *right = key->check ? key->check("") : NULL;

	if (key->type != CONF_TYPE_STR_LIST)
		conf_errors_add(place->errors, "%s:%u: %s: {} is an empty list; give one value",
				place->value->file, place->value->line, key->name);
	else if (!key->or_none)
		conf_errors_add(place->errors,
				"%s:%u: %s: {} is an empty list; give %s, or leave the "
				"key out",
				place->value->file, place->value->line, key->name,
				right ? right : "at least one value");
}

static int read_list(const struct conf_key *key, cfg_opt_t *opt, struct conf_errors *errors,
		     char ***ret)
{
	char **list = calloc((size_t)opt->nvalues + 1, sizeof(*list));
	size_t n = 0;

	*ret = list;
	if (!list)
		return -ENOMEM;
	for (unsigned int i = 0; i < opt->nvalues; i++) {
		struct place place = {key, cfg_opt_getnptr(opt, i), errors};
		int r = 0;

		if (!place.value->empty)
			r = read_str(&place, &list[n++]);
		else if (opt->nvalues == 1)
			empty_list(&place);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_scalar(const struct place *place, void *field)
{
	switch (place->key->type) {
	case CONF_TYPE_INT:
		read_int(place, field);
		return 0;
	case CONF_TYPE_BOOL:
		read_bool(place, field);
		return 0;
	case CONF_TYPE_ENUM:
		read_enum(place, field);
		return 0;
	default:
		return read_str(place, field);
	}
}

static int set_default(const struct conf_key *key, void *field)
{
	switch (key->type) {
	case CONF_TYPE_INT:
		*(int64_t *)field = key->def;
		return 0;
	case CONF_TYPE_BOOL:
		*(bool *)field = key->def;
		return 0;
	case CONF_TYPE_ENUM:
		*(int *)field = (int)key->def;
		return 0;
	case CONF_TYPE_STR:
		if (!key->def_str)
			return 0;
		*(char **)field = strdup(key->def_str);
		return *(char **)field ? 0 : -ENOMEM;
	default:
		return 0;
	}
}

/* "FILE:LINE: " of a section is where it ends, which is where a missing key belongs. */
static void missing(const cfg_t *cfg, const struct conf_key *key, struct conf_errors *errors)
{
	conf_errors_add(errors, "%s:%d: %s: is missing%s%s%s; add %s%s (%s)", cfg->filename,
			cfg->line, key->name, cfg->title ? " in section \"" : "",
			cfg->title ? cfg->title : "", cfg->title ? "\"" : "", key->name,
			key->type == CONF_TYPE_SECTION ? " \"TITLE\" { ... }" : " = ...",
			key->help);
}

static int read_value(const struct conf_key *key, cfg_opt_t *opt, struct conf_errors *errors,
		      void *field)
{
	struct place place = {key, NULL, errors};

	if (opt->nvalues == 0)
		return set_default(key, field);
	if (opt->nvalues > 1) {
		place.value = cfg_opt_getnptr(opt, 1);
		wrong(&place, "is a second value", "this key takes one");
	}
	place.value = cfg_opt_getnptr(opt, 0);
	if (place.value->empty) {
		empty_list(&place);
		return 0;
	}
	return read_scalar(&place, field);
}

static int read_struct(cfg_t *cfg, const struct conf_key *keys, struct conf_errors *errors,
		       void *conf);

static int read_sections(const struct conf_key *key, cfg_opt_t *opt, struct conf_errors *errors,
			 void *conf)
{
	char *items;

	if (opt->nvalues == 0)
		return 0;
	items = calloc(opt->nvalues, key->item_size);
	if (!items)
		return -ENOMEM;
	*(void **)field_of(conf, key) = items;
	*count_of(conf, key) = opt->nvalues;
	for (unsigned int i = 0; i < opt->nvalues; i++) {
		cfg_t *section = cfg_opt_getnsec(opt, i);
		void *item = items + i * key->item_size;
		int r;

		/* The first field, so that tables need no row for it. */
		*(char **)item = strdup(section->title);
		if (!*(char **)item)
			return -ENOMEM;
		r = read_struct(section, key->keys, errors, item);
		if (r < 0)
			return r;
	}
	return 0;
}

/* A group that is not in the file has its defaults; what it requires is then required all
 * the same. */
static int read_group(const struct conf_key *key, cfg_t *cfg, cfg_opt_t *opt,
		      struct conf_errors *errors, void *group)
{
	cfg_t *section = cfg_opt_getnsec(opt, 0);
	cfg_t absent = {.name = (char *)(uintptr_t)key->name,
			.filename = cfg->filename,
			.line = cfg->line,
			.opts = opt->subopts};

	return read_struct(section ? section : &absent, key->keys, errors, group);
}

static cfg_opt_t *find_opt(const cfg_t *cfg, const char *name)
{
	cfg_opt_t *opt = cfg->opts;

	while (strcmp(opt->name, name) != 0)
		opt++;
	return opt;
}

static int read_key(cfg_t *cfg, const struct conf_key *key, struct conf_errors *errors, void *conf)
{
	cfg_opt_t *opt = find_opt(cfg, key->name);
	void *field = field_of(conf, key);

	if (key->required && opt->nvalues == 0)
		missing(cfg, key, errors);
	switch (key->type) {
	case CONF_TYPE_SECTION:
		return read_sections(key, opt, errors, conf);
	case CONF_TYPE_GROUP:
		return read_group(key, cfg, opt, errors, field);
	case CONF_TYPE_STR_LIST:
		return read_list(key, opt, errors, field);
	default:
		return read_value(key, opt, errors, field);
	}
}

static struct conf_places **places_of(void *conf, const struct conf_key *end)
{
	return (struct conf_places **)(void *)((char *)conf + end->places_offset);
}

static int read_places_of(const cfg_t *cfg, const struct conf_key *key, struct conf_places *places)
{
	cfg_opt_t *opt = find_opt(cfg, key->name);

	for (unsigned int i = 0; i < opt->nvalues; i++) {
		int r;

		if (opt->type == CFGT_SEC) {
			const cfg_t *section = cfg_opt_getnsec(opt, i);

			r = conf_places_add(places, key->name, section->filename,
					    (unsigned int)section->line);
		} else {
			const struct conf_raw_value *value = cfg_opt_getnptr(opt, i);

			r = conf_places_add(places, key->name, value->file, value->line);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

/* A section ends where its missing keys belong. */
static int read_places(const cfg_t *cfg, const struct conf_key *keys, struct conf_places **ret)
{
	*ret = conf_places_new(cfg->filename, (unsigned int)cfg->line);
	if (!*ret)
		return -ENOMEM;
	for (const struct conf_key *key = keys; key->type != CONF_TYPE_END; key++) {
		int r = read_places_of(cfg, key, *ret);

		if (r < 0)
			return r;
	}
	return 0;
}

static int read_struct(cfg_t *cfg, const struct conf_key *keys, struct conf_errors *errors,
		       void *conf)
{
	const struct conf_key *key = keys;

	for (; key->type != CONF_TYPE_END; key++) {
		int r = read_key(cfg, key, errors, conf);

		if (r < 0)
			return r;
	}
	return key->places_offset > 0 ? read_places(cfg, keys, places_of(conf, key)) : 0;
}

static void free_list(char **list)
{
	for (char **p = list; p && *p; p++)
		free(*p);
	free(list);
}

static void free_sections(const struct conf_key *key, void *conf)
{
	char *items = *(char **)field_of(conf, key);

	for (size_t i = 0; i < *count_of(conf, key); i++) {
		void *item = items + i * key->item_size;

		conf_free(key->keys, item);
		free(*(char **)item);
	}
	free(items);
	*(void **)field_of(conf, key) = NULL;
	*count_of(conf, key) = 0;
}

void conf_free(const struct conf_key *keys, void *conf)
{
	const struct conf_key *key = keys;

	for (; key->type != CONF_TYPE_END; key++) {
		void *field = field_of(conf, key);

		if (key->type == CONF_TYPE_SECTION) {
			free_sections(key, conf);
		} else if (key->type == CONF_TYPE_GROUP) {
			conf_free(key->keys, field);
		} else if (key->type == CONF_TYPE_STR_LIST) {
			free_list(*(char ***)field);
			*(char ***)field = NULL;
		} else if (key->type == CONF_TYPE_STR) {
			free(*(char **)field);
			*(char **)field = NULL;
		}
	}
	if (key->places_offset > 0)
		*places_of(conf, key) = conf_places_free(*places_of(conf, key));
}

/* After a mistake nothing may be left of what was read: numbers too. */
static void zero_fields(const struct conf_key *keys, void *conf)
{
	conf_free(keys, conf);
	for (const struct conf_key *key = keys; key->type != CONF_TYPE_END; key++) {
		void *field = field_of(conf, key);

		if (key->type == CONF_TYPE_INT)
			*(int64_t *)field = 0;
		else if (key->type == CONF_TYPE_BOOL)
			*(bool *)field = false;
		else if (key->type == CONF_TYPE_ENUM)
			*(int *)field = 0;
		else if (key->type == CONF_TYPE_GROUP)
			zero_fields(key->keys, field);
	}
}

/* text is len octets with a NUL after them and will be changed. */
static int parse(const char *name, char *text, size_t len, const struct conf_key *keys,
		 bool may_include, void *ret_conf, struct conf_errors *errors)
{
	cleanup_(conf_raw_freep) cfg_t *cfg = NULL;
	size_t before = errors->n + errors->dropped;
	int r;

	/* What an editor of Windows puts before UTF-8. */
	if (!strncmp(text, "\xef\xbb\xbf", 3))
		memset(text, ' ', 3);
	if (strlen(text) != len) {
		conf_errors_add(errors, "%s: holds a NUL octet; is it a text file?", name);
		return -EINVAL;
	}
	r = conf_raw_parse(name, text, keys, may_include, errors, &cfg);
	if (r == 0)
		r = read_struct(cfg, keys, errors, ret_conf);
	if (r == -EINVAL && errors->n + errors->dropped == before)
		conf_errors_add(errors, "%s: cannot be parsed; compare it with the example", name);
	if (r == -ENOMEM)
		conf_errors_add(errors, "%s: out of memory", name);
	if (r == 0 && errors->n + errors->dropped > before)
		r = -EINVAL;
	if (r < 0)
		zero_fields(keys, ret_conf);
	return r;
}

int conf_parse(const char *name, const uint8_t *text, size_t len, const struct conf_key *keys,
	       void *ret_conf, struct conf_errors *errors)
{
	cleanup_free char *copy = NULL;

	if (len > CONF_RAW_FILE_MAX) {
		conf_errors_add(errors, "%s: longer than %d octets; split it", name,
				CONF_RAW_FILE_MAX);
		return -EINVAL;
	}
	copy = malloc(len + 2);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, len);
	len = conf_raw_end_line(copy, len);
	return parse(name, copy, len, keys, false, ret_conf, errors);
}

int conf_load(const char *path, const struct conf_key *keys, void *ret_conf,
	      struct conf_errors *errors)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	int r = conf_raw_read(path, &text, &len);

	if (r < 0) {
		conf_errors_add(errors, "%s: cannot be read: %s", path, strerror(-r));
		return r;
	}
	return parse(path, text, len, keys, true, ret_conf, errors);
}

int conf_check_secret_file(const char *path, struct conf_errors *errors)
{
	return conf_check_secret_file_of(path, geteuid(), errors);
}

int conf_check_secret_file_of(const char *path, uid_t also, struct conf_errors *errors)
{
	struct stat st;
	int r;

	if (stat(path, &st) < 0) {
		r = -errno;
		conf_errors_add(errors, "%s: cannot be read: %s", path, strerror(-r));
		return r;
	}
	if (!S_ISREG(st.st_mode)) {
		conf_errors_add(errors, "%s: is not a regular file", path);
		return -EPERM;
	}
	if (st.st_uid != 0 && st.st_uid != geteuid() && st.st_uid != also) {
		conf_errors_add(errors, "%s: holds secrets but belongs to user %u; chown %u %s",
				path, st.st_uid, also, path);
		return -EPERM;
	}
	if (st.st_mode & 077) {
		conf_errors_add(errors, "%s: holds secrets but has mode %04o; chmod 0600 %s", path,
				st.st_mode & 07777, path);
		return -EPERM;
	}
	return 0;
}
