/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sends messages by processes of their own (pantau-notify): one has the network and nothing else,
 * one runs commands. One that dies, or does not keep a deadline, is killed, counted and restarted;
 * what it had is unknown then, each told once. Nothing is sent twice from here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/codec/notify/notify_request.h"
#include "collector/codec/notify/notify_result.h"
#include "common/base/cleanup.h"
#include "common/base/stats.h"

struct loop;
struct notifier;

/* Under way at once, of all and of one channel: a receiver that hangs delays no other's. */
enum { NOTIFIER_MAX = 64, NOTIFIER_CHANNEL_MAX = 2 };

struct notifier_conf {
	const char *
		program; /* path of pantau-notify; NULL: beside this program, else the installed one */
	bool sandbox;	 /* it makes only the system calls that sending needs */
};

/* result is valid during the call. */
typedef void notifier_done_fn(void *data, const struct notify_result *result);

/* Before the collector enters its sandbox. Returns 0 or negative errno. */
must_check_ int notifier_new(struct loop *loop, const struct notifier_conf *conf,
			     struct notifier **ret);
/* Kills the processes. What is under way is forgotten without a call. */
struct notifier *notifier_free(struct notifier *notifier);
void notifier_freep(struct notifier **notifier);

/*
 * fn is called once, never from inside this call, at the latest some seconds after the request's
 * timeout; it may send again. request stays the caller's, its id does not matter. 0; -EAGAIN: so
 * many are under way, or the process is being restarted; -EMSGSIZE, -EINVAL (no UTF-8), -ENOMEM.
 */
must_check_ int notifier_send(struct notifier *notifier, const struct notify_request *request,
			      notifier_done_fn *fn, void *data);

/* A stats_provider_fn; data is the struct notifier *. */
void notifier_emit_stats(void *notifier, stats_emit_fn *emit, void *emit_data);
