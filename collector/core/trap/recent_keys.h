/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which notifications came lately, so that a repeated one is known: a set of 64-bit keys of
 * fixed size that forgets the oldest, and each once its own time has come. A key carries a
 * pointer of the caller's while its notification is being stored, and is not forgotten for its
 * time as long as it does. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct recent_keys;

int recent_keys_new(size_t capacity, struct recent_keys **ret); /* 0 or -ENOMEM */
struct recent_keys *recent_keys_free(struct recent_keys *keys);

/* The place of a key's pointer; NULL: not known, or not any more. Valid until the next call. */
void **recent_keys_find(struct recent_keys *keys, uint64_t key, int64_t now_ms);
/* Adds a key that is not known, to be known before until_ms (INT64_MAX: whenever). 0 is no key
 * and is not added. */
void recent_keys_add(struct recent_keys *keys, uint64_t key, void *pointer, int64_t until_ms);
void recent_keys_remove(struct recent_keys *keys, uint64_t key);
