/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody should look after. */
#include <stdio.h>
#include <stdlib.h>

#include "collector/ctl/commands/ctl_ask.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "collector/ctl/words/ctl_alert_text.h"

int ctl_alerts(struct ctl *ctl, int argc, char **argv)
{
	static const char *const KEYS[] = {"state",	   "device", "severity", "kind",
					   "acknowledged", "limit",  "before",	 NULL};
	char path[CTL_QUERY_MAX] = "alerts";
	enum ctl_outcome outcome;
	json_t *answer;

	if (ctl_read_filters(ctl, argc, argv, KEYS, path) < 0)
		return ctl_usage(ctl, "alerts");
	outcome = ctl_ask(ctl, path, &answer);
	if (outcome != CTL_OK) {
		json_decref(answer);
		return ctl_complain(ctl, outcome);
	}
	if (ctl->json)
		return ctl_print_json(answer);
	ctl_alert_text(ctl->lang, ctl->now_ms, answer, stdout);
	json_decref(answer);
	return EXIT_SUCCESS;
}
