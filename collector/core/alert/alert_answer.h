/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person answers to an alert. Pure. */
#pragma once

#include "collector/core/alert/alert_set.h"
#include "collector/core/person/person.h"

enum alert_answer_kind {
	ALERT_ANSWER_ACK,
	ALERT_ANSWER_UNACK,
	ALERT_ANSWER_NOTE,    /* a ticket's number, say */
	ALERT_ANSWER_CAUSE,   /* what it really was; counts in the report */
	ALERT_ANSWER_SILENCE, /* nobody is told of it until then */
	ALERT_ANSWER_N
};
const char *alert_answer_name(
	enum alert_answer_kind kind); /* "ack", ... as in the API and the log */
bool alert_answer_parse(const char *name, enum alert_answer_kind *ret);

struct alert_answer {
	enum alert_answer_kind kind;
	int64_t alert_id;
	char note[ALERT_NOTE_MAX + 1]; /* of ACK, where "" keeps the one there is, and NOTE */
	enum alert_cause cause;	       /* of CAUSE */
	int64_t until_ms;	       /* of SILENCE, wall; what is past ends it */
};

/*
 * Returns 0; -EACCES: he may not; -ENOENT: there is no such alert, or, but for NOTE and CAUSE,
 * it is over; -EALREADY: somebody acknowledged it, or nobody did.
 */
int alert_set_answer(struct alert_set *set, const struct person *person,
		     const struct alert_answer *answer, struct moment now);
