/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is over can still be noted and set right, which the report wants; that is nobody's news. */
#include "collector/core/alert/alert_answer.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "collector/core/alert/alert_set_impl.h"
#include "common/base/utf8_text.h"

static const char *const NAMES[ALERT_ANSWER_N] = {
	[ALERT_ANSWER_ACK] = "ack",	    [ALERT_ANSWER_UNACK] = "unack",
	[ALERT_ANSWER_NOTE] = "note",	    [ALERT_ANSWER_CAUSE] = "cause",
	[ALERT_ANSWER_SILENCE] = "silence",
};

const char *alert_answer_name(enum alert_answer_kind kind)
{
	assert((unsigned int)kind < ALERT_ANSWER_N);
	return NAMES[kind];
}

bool alert_answer_parse(const char *name, enum alert_answer_kind *ret)
{
	for (unsigned int i = 0; i < ALERT_ANSWER_N; i++) {
		if (strcmp(NAMES[i], name) == 0) {
			*ret = (enum alert_answer_kind)i;
			return true;
		}
	}
	return false;
}

static void set_note(struct alert *alert, const struct alert_answer *answer)
{
	utf8_text_clean(answer->note, alert->note, sizeof(alert->note));
}

static int acknowledge(struct alert *alert, const struct person *person,
		       const struct alert_answer *answer, struct moment now)
{
	if (alert->acked_by[0])
		return -EALREADY;
	utf8_text_clean(person->name, alert->acked_by, sizeof(alert->acked_by));
	alert->acked_ms = now.wall_ms;
	if (answer->note[0])
		set_note(alert, answer);
	return 0;
}

static int take_back(struct alert *alert)
{
	if (!alert->acked_by[0])
		return -EALREADY;
	alert->acked_by[0] = '\0';
	alert->acked_ms = 0;
	return 0;
}

static void silence(struct alert *alert, int64_t until_ms, struct moment now)
{
	alert->silenced_ms = until_ms > now.wall_ms ? until_ms : 0;
	alert->silenced = alert->silenced_ms != 0;
}

static int answer_open(struct alert *alert, const struct person *person,
		       const struct alert_answer *answer, struct moment now)
{
	switch (answer->kind) {
	case ALERT_ANSWER_ACK:
		return acknowledge(alert, person, answer, now);
	case ALERT_ANSWER_UNACK:
		return take_back(alert);
	case ALERT_ANSWER_NOTE:
		set_note(alert, answer);
		return 0;
	case ALERT_ANSWER_SILENCE:
		silence(alert, answer->until_ms, now);
		return 0;
	default:
		return -EINVAL;
	}
}

static int answer_ended(struct alert_set *set, const struct alert_answer *answer)
{
	struct alert *alert = alert_set_find_ended(set, answer->alert_id);

	if (!alert || (answer->kind != ALERT_ANSWER_NOTE && answer->kind != ALERT_ANSWER_CAUSE))
		return -ENOENT;
	if (answer->kind == ALERT_ANSWER_NOTE) {
		set_note(alert, answer);
	} else {
		alert->cause = answer->cause;
		alert->cause_by_person = true;
	}
	if (set->hooks.corrected)
		set->hooks.corrected(set->hooks.data, alert);
	return 0;
}

int alert_set_answer(struct alert_set *set, const struct person *person,
		     const struct alert_answer *answer, struct moment now)
{
	struct alert *alert = alert_set_find_open(set, answer->alert_id);
	int r;

	if (person->role < PERSON_OPERATOR)
		return -EACCES;
	if (!alert)
		return answer_ended(set, answer);
	if (answer->kind == ALERT_ANSWER_CAUSE) {
		alert_set_set_cause_by_person(set, alert, answer->cause);
		return 0;
	}
	r = answer_open(alert, person, answer, now);
	if (r == 0)
		alert_set_tell(set, alert, ALERT_ANSWERED);
	return r;
}
