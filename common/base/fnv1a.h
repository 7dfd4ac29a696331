/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FNV-1a with 64 bits: a short name for octets that nobody chose to collide. Not for secrets.
 * Source: http://www.isthe.com/chongo/tech/comp/fnv/
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The offset basis: where every hash begins. */
#define FNV1A_START UINT64_C(0xcbf29ce484222325)

/* hash, continued over these octets. */
uint64_t fnv1a(uint64_t hash, const void *octets, size_t len);
uint64_t fnv1a_text(uint64_t hash, const char *text);
/* One field of several: where it ends counts too. */
uint64_t fnv1a_field(uint64_t hash, const void *octets, size_t len);
