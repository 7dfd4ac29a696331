/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an export asks of a device's JSON (GET devices/ID), whatever the form that it writes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

/* Where the plugin is, and how it reaches the collector. */
struct export_options {
	const char *plugin;	/* "/usr/lib/nagios/plugins/check_pantau" */
	const char *server;	/* "http://127.0.0.1:8080" */
	const char *token_file; /* of check_pantau; NULL: none */
};

/*
 * A name that may be an argument of a command and the name of an object everywhere: letters, digits
 * and a few signs. Names come from devices; one with others is left out, not repaired, since
 * the plugin would ask for another one.
 */
bool export_site_is_plain(const char *name);

/* Links that have a service: the device's main one, and its other uplinks. */
bool export_site_wants_link(const json_t *link);

/* Whether its load can be known: not without a capacity, and a threshold would be unknown for ever. */
bool export_site_has_load(const json_t *link);

/* The path at position *at or behind it of the metrics; *at is then behind it. NULL: no more. Each path once. */
const char *export_site_next_path(const json_t *device, size_t *at);

enum { EXPORT_GROUP_MAX = 128 };

/* A group that devices are in over there: "pantau-kelurahan-Surodinawan". */
struct export_group {
	char name[EXPORT_GROUP_MAX]; /* what may not be there is '_' */
	const char *title;	     /* the device's text */
};

/* The device's group at position *at or behind it; *at is then behind it. False: no more. */
bool export_site_next_group(const json_t *device, size_t *at, struct export_group *ret);

/* Each group that one of the devices is in, once. */
typedef void export_group_fn(FILE *out, const struct export_group *group);
void export_site_each_group(FILE *out, const json_t *devices, export_group_fn *fn);
