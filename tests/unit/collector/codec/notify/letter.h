/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter for the tests: an office is down, its second message (number 43) or its recovery. */
#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/codec/notify/channel_letter.h"
#include "collector/core/conf/notify_conf.h"
#include "collector/core/device/inventory.h"

struct letter {
	struct alert alert;
	struct inventory_entry entry;
	struct notify_item item;
	struct delivery delivery;
	struct notify_message message;
	struct channel_letter letter;
};

static inline char *literal(const char *text)
{
	return (char *)(uintptr_t)text;
}

static inline void letter_init(struct letter *l)
{
	*l = (struct letter){
		.alert = {.id = 17,
			  .kind = ALERT_DEVICE_DOWN,
			  .severity = SEVERITY_CRITICAL,
			  .device_id = "opd-07",
			  .begin_ms = INT64_C(1795244700123),
			  .cause = ALERT_CAUSE_LINE,
			  .n_behind = 3,
			  .value = NAN,
			  .limit = NAN},
		.entry = {.id = literal("opd-07"),
			  .kind = INVENTORY_OPD,
			  .name = literal("RSUD \"Wahidin\" & <Kota>"),
			  .provider = literal("Telkom"),
			  .kelurahan = literal("Surodinawan"),
			  .contract = literal("K-1"),
			  .group = literal("kesehatan")},
		.delivery = {.id = 42, .what = NOTIFY_BEGIN, .n_alerts = 1, .alerts = {17}},
		.message = {.what = NOTIFY_BEGIN,
			    .severity = SEVERITY_CRITICAL,
			    .title = "RSUD \"Wahidin\" & <Kota> tidak terjangkau",
			    .lines = {{"Sejak", "14.05 WIB"}, {"", "3 lain di belakangnya"}},
			    .n_lines = 2,
			    .url = "https://pantau.example/?a=1&b=2"},
	};
	l->item = (struct notify_item){&l->alert, &l->entry};
	l->letter = (struct channel_letter){
		.delivery = &l->delivery,
		.message = &l->message,
		.items = &l->item,
		.n_items = 1,
		.thread_remote = "",
		.chat = "",
		.host = "noc",
		.instance = "m1",
		.page_url = "https://pantau.example",
		.now_ms = INT64_C(1795244701456), /* 2026-11-21T07:05:01.456Z */
		.utc_offset_min = 420,
	};
}

static inline void letter_recovers(struct letter *l)
{
	l->alert.end_ms = l->alert.begin_ms + 60000;
	l->delivery.id = 43;
	l->delivery.thread = 42;
	l->delivery.what = l->message.what = NOTIFY_RECOVERY;
}

/* A section that says only what it is. */
static inline struct channel_conf channel_of(enum channel_type type)
{
	static char *none[] = {NULL};
	char *const empty = literal("");

	return (struct channel_conf){
		.title = literal("noc"),
		.type = (int)type,
		.chat = empty,
		.target = empty,
		.url = empty,
		.method = literal("POST"),
		.headers = none,
		.body = empty,
		.ok_from = 200,
		.ok_to = 299,
		.ok_field = empty,
		.ok_value = literal("true"),
		.host = empty,
		.user = empty,
		.from = empty,
		.to = none,
		.ca_file = empty,
		.command = none,
		.timeout_ms = 15000,
	};
}
