/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What devices tell by themselves: informs of their links, sent again until they are acknowledged
 * or the device gives up, and what others send in their name. Each carries a mark of its own, so
 * that it can be found in the store.
 */
#pragma once

#include <stdbool.h>

struct city;
struct inform_list;

/* Its mark in the variable bindings is this and its number. */
#define INFORM_MARK "told-"

enum inform_way {
	INFORM_ITSELF,	  /* an inform of the device */
	INFORM_FORGED,	  /* in its name, by somebody who does not know the community */
	INFORM_FORWARDED, /* a trap that who stands before it passes on (RFC 3584 3.1) */
};

struct inform_list *inform_list_new(void);
struct inform_list *inform_list_free(struct inform_list *list);

/* port: an index; -1: a link that nobody knows. */
void inform_link(struct city *city, int box, int port, bool up, enum inform_way way);

/* By number from 0 on. */
unsigned int inform_count(const struct city *city);
bool inform_is_acknowledged(const struct city *city, unsigned int number);
enum inform_way inform_way_of(const struct city *city, unsigned int number);
int inform_box(const struct city *city, unsigned int number);
