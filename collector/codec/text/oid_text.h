/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OIDs as text, as profiles write them: "1.3.6.1.2.1.2.2.1.10", with or without a leading
 * dot, and with a factor where the value is to be multiplied: "1.3.6.1.2.1.31.1.1.1.15*1000000".
 */
#pragma once

struct profile_oid;

/* 0, or -EINVAL: not such a text, an arc beyond 2^32 - 1, more than PROFILE_OID_LEN_MAX arcs, fewer than two, factor 0. */
int oid_text_parse(const char *text, struct profile_oid *ret);
