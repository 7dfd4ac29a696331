/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Was it told, to whom, and what did the receiver say? */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/ctl/commands/ctl_ask.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "collector/ctl/words/ctl_delivery_text.h"
#include "common/base/cleanup.h"

enum { WAIT_MS = 30000, LOOK_EVERY_MS = 200 };

int ctl_deliveries(struct ctl *ctl, int argc, char **argv)
{
	static const char *const KEYS[] = {"limit", "channel", "alert", "before", NULL};
	char path[CTL_QUERY_MAX] = "deliveries";
	enum ctl_outcome outcome;
	json_t *answer;

	if (ctl_read_filters(ctl, argc, argv, KEYS, path) < 0)
		return ctl_usage(ctl, "deliveries");
	outcome = ctl_ask(ctl, path, &answer);
	if (outcome != CTL_OK) {
		json_decref(answer);
		return ctl_complain(ctl, outcome);
	}
	if (ctl->json)
		return ctl_print_json(answer);
	ctl_delivery_text(ctl->lang, ctl->now_ms, answer, stdout);
	json_decref(answer);
	return EXIT_SUCCESS;
}

/* The delivery as it is now, or NULL; the caller's. */
static json_t *look(struct ctl *ctl, int64_t id)
{
	char path[64];
	json_t *answer = NULL, *found = NULL;

	snprintf(path, sizeof(path), "deliveries?limit=1&before=%" PRId64, id + 1);
	if (ctl_client_get(&ctl->client, path, &answer) == CTL_OK)
		found = json_incref(json_array_get(json_object_get(answer, "deliveries"), 0));
	json_decref(answer);
	if (found && json_integer_value(json_object_get(found, "id")) == id)
		return found;
	json_decref(found);
	return NULL;
}

/* Until the receiver has said something, or for half a minute. */
static json_t *wait_for(struct ctl *ctl, int64_t id)
{
	json_t *found = NULL;

	for (int waited = 0; waited < WAIT_MS; waited += LOOK_EVERY_MS) {
		json_decref(found);
		found = look(ctl, id);
		if (found && ctl_delivery_is_answered(found))
			return found;
		usleep(LOOK_EVERY_MS * 1000);
	}
	return found;
}

static int show_outcome(const struct ctl *ctl, json_t *delivery)
{
	const bool arrived = delivery && ctl_delivery_has_arrived(delivery);

	if (ctl->json)
		return ctl_print_json(delivery ? delivery : json_object());
	ctl_delivery_outcome(ctl->lang, delivery, stdout);
	json_decref(delivery);
	return arrived ? EXIT_SUCCESS : EXIT_FAILURE;
}

int ctl_test_notify(struct ctl *ctl, int argc, char **argv)
{
	char path[CTL_QUERY_MAX] = "test-notify";
	char key[] = "--channel";
	enum ctl_outcome outcome;
	json_t *json;
	int64_t id;

	if (argc != 1 || ctl_read_filters(ctl, 2, (char *[]){key, argv[0], NULL},
					  (const char *const[]){"channel", NULL}, path) < 0)
		return ctl_usage(ctl, "test-notify");
	outcome = ctl_ask_clock(ctl, &json); /* for its language */
	json_decref(json);
	if (outcome == CTL_OK)
		outcome = ctl_client_post(&ctl->client, path, &json);
	else
		return ctl_complain(ctl, outcome);
	if (outcome == CTL_NOT_FOUND) {
		json_decref(json);
		ctl_say(ctl, NULL, WORD_CTL_NO_CHANNEL,
			(const char *const[]){"name", argv[0], NULL});
		return EXIT_FAILURE;
	}
	if (outcome != CTL_OK) {
		json_decref(json);
		return ctl_complain(ctl, outcome);
	}
	id = json_integer_value(json_object_get(json, "id"));
	json_decref(json);
	return show_outcome(ctl, wait_for(ctl, id));
}
