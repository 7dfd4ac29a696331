/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pantauctl's commands. Each gets its arguments without its own name and returns an exit status. */
#pragma once

#include "collector/core/words/words.h"
#include "collector/ctl/commands/ctl_client.h"
#include "common/system/exit_status.h"

struct ctl {
	struct ctl_client client;
	enum words_lang lang;
	bool lang_chosen;   /* or else the collector's */
	bool json;	    /* the API's own JSON instead of tables */
	const char *config; /* of check-config */
	int64_t now_ms;	    /* the collector's clock */
};

typedef int ctl_command_fn(struct ctl *ctl, int argc, char **argv);

ctl_command_fn ctl_maintenance, ctl_ack, ctl_unack, ctl_note, ctl_cause, ctl_silence, ctl_alerts,
	ctl_status, ctl_devices, ctl_device, ctl_events, ctl_reload, ctl_check_config,
	ctl_device_probe, ctl_deliveries, ctl_test_notify, ctl_user, ctl_token, ctl_audit,
	ctl_notifications, ctl_profile, ctl_senders, ctl_export, ctl_flush;

/* Says what went wrong; returns the exit status for it. */
int ctl_complain(const struct ctl *ctl, enum ctl_outcome outcome);
/* "pantauctl: ABOUT: WORD", its places filled (words_fill()); about and values may be NULL. */
void ctl_say(const struct ctl *ctl, const char *about, enum word word, const char *const *values);
int ctl_usage(const struct ctl *ctl, const char *command); /* of ctl_help.h */
/* Prints the API's JSON of one device, as tables or as it is; takes the reference. */
void ctl_show_device(struct ctl *ctl, json_t *device);
