/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may do what, and who changed what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/ctl/commands/ctl_ask.h"
#include "collector/ctl/commands/ctl_commands.h"
#include "collector/ctl/words/ctl_table.h"
#include "collector/ctl/words/ctl_text.h"
#include "common/base/cleanup.h"

enum { PAIRS_MAX = 4 };

/* KEY VALUE ... NULL as the path's query. False: too long. */
static bool put_query(const struct ctl *ctl, char path[static CTL_QUERY_MAX],
		      const char *const *pairs)
{
	const char *keys[PAIRS_MAX + 1] = {NULL};
	char options[PAIRS_MAX][16], *argv[2 * PAIRS_MAX + 1] = {NULL};
	int n = 0;

	for (; pairs[2 * n]; n++) {
		keys[n] = pairs[2 * n];
		snprintf(options[n], sizeof(options[n]), "--%s", keys[n]);
		argv[2 * n] = options[n];
		argv[2 * n + 1] = (char *)(uintptr_t)pairs[2 * n + 1];
	}
	return ctl_read_filters(ctl, 2 * n, argv, keys, path) == 0;
}

static int learn_clock(struct ctl *ctl)
{
	json_t *status = NULL;
	const enum ctl_outcome outcome = ctl_ask_clock(ctl, &status);

	json_decref(status);
	return outcome == CTL_OK ? EXIT_SUCCESS : ctl_complain(ctl, outcome);
}

/* The change; *ret, if it is not NULL, is what the collector answered. */
static int change(struct ctl *ctl, const char *path, json_t **ret)
{
	json_t *json = NULL;
	enum ctl_outcome outcome = ctl_client_post(&ctl->client, path, &json);

	if (outcome == CTL_OK && ret) {
		*ret = json;
		return EXIT_SUCCESS;
	}
	json_decref(json);
	if (outcome == CTL_NOT_FOUND) {
		ctl_say(ctl, NULL, WORD_CTL_NO_PERSON, NULL);
		return EXIT_STATUS_FAILED;
	}
	return outcome == CTL_OK ? EXIT_SUCCESS : ctl_complain(ctl, outcome);
}

typedef void row_fn(const struct ctl *ctl, struct ctl_table *table, const json_t *row);

static int list(struct ctl *ctl, const char *path, const char *key, const char *align,
		const enum word *headings, row_fn *fn)
{
	struct ctl_table *table;
	json_t *answer = NULL, *row;
	const enum ctl_outcome outcome = ctl_ask(ctl, path, &answer);
	size_t i;

	if (outcome != CTL_OK) {
		json_decref(answer);
		return ctl_complain(ctl, outcome);
	}
	if (ctl->json)
		return ctl_print_json(answer);
	table = ctl_table_headed(ctl->lang, align, headings);
	json_array_foreach (json_object_get(answer, key), i, row) {
		if (table)
			fn(ctl, table, row);
	}
	if (table)
		ctl_table_print(table, stdout);
	ctl_table_free(table);
	json_decref(answer);
	return EXIT_SUCCESS;
}

/* ---- users ---- */

static void user_row(const struct ctl *ctl, struct ctl_table *table, const json_t *row)
{
	char time[CTL_TEXT_MAX];

	ctl_table_row(table,
		      (const char *const[]){
			      member_text(row, "name"),
			      words_named(ctl->lang, "person", member_text(row, "role")),
			      ctl_time(member_integer(row, "created_ms"), ctl->now_ms, time)});
}

int ctl_user(struct ctl *ctl, int argc, char **argv)
{
	static const enum word HEADINGS[] = {WORD_TERM_NAME, WORD_TERM_ROLE, WORD_TERM_SINCE};
	char path[CTL_QUERY_MAX] = "users";
	int status;

	if (argc == 0 || (argc == 1 && strcmp(argv[0], "list") == 0))
		return list(ctl, path, "users", "lll", HEADINGS, user_row);
	if (argc == 3 && strcmp(argv[0], "add") == 0) {
		if (!put_query(ctl, path,
			       (const char *const[]){"name", argv[1], "role", argv[2], NULL}))
			return ctl_usage(ctl, "user");
	} else if (argc == 2 && strcmp(argv[0], "remove") == 0 && !strpbrk(argv[1], "/?#%")) {
		snprintf(path, sizeof(path), "users/%.64s/remove", argv[1]);
	} else {
		return ctl_usage(ctl, "user");
	}
	status = learn_clock(ctl);
	return status == EXIT_SUCCESS ? change(ctl, path, NULL) : status;
}

/* ---- tokens ---- */

static void token_row(const struct ctl *ctl, struct ctl_table *table, const json_t *row)
{
	char id[24], made[CTL_TEXT_MAX], ends[CTL_TEXT_MAX];
	const int64_t ends_ms = member_integer(row, "expires_ms");

	snprintf(id, sizeof(id), "%lld", (long long)member_integer(row, "id"));
	ctl_table_row(table, (const char *const[]){
				     id, member_text(row, "user"), member_text(row, "purpose"),
				     ctl_time(member_integer(row, "created_ms"), ctl->now_ms, made),
				     ends_ms > 0 ? ctl_time(ends_ms, ctl->now_ms, ends) : "-"});
}

/* It is shown this once; on standard output alone, for scripts. */
static int add_token(struct ctl *ctl, const char *path)
{
	json_t *answer = NULL;
	int status = change(ctl, path, &answer);

	if (status != EXIT_SUCCESS)
		return status;
	if (ctl->json)
		return ctl_print_json(answer);
	printf("%s\n", member_text(answer, "token"));
	fprintf(stderr, "%s\n", words_text(ctl->lang, WORD_CTL_TOKEN_ONCE));
	json_decref(answer);
	return EXIT_SUCCESS;
}

int ctl_token(struct ctl *ctl, int argc, char **argv)
{
	static const enum word HEADINGS[] = {WORD_TERM_ID, WORD_TERM_NAME, WORD_TERM_PURPOSE,
					     WORD_TERM_SINCE, WORD_TERM_UNTIL};
	char path[CTL_QUERY_MAX] = "tokens";
	const bool days = argc == 5 && strcmp(argv[3], "--days") == 0;
	int status;

	if (argc == 0 || (argc == 1 && strcmp(argv[0], "list") == 0))
		return list(ctl, path, "tokens", "rllll", HEADINGS, token_row);
	if ((argc == 3 || days) && strcmp(argv[0], "add") == 0) {
		if (!put_query(ctl, path,
			       (const char *const[]){"user", argv[1], "purpose", argv[2], "days",
						     days ? argv[4] : "0", NULL}))
			return ctl_usage(ctl, "token");
		status = learn_clock(ctl);
		return status == EXIT_SUCCESS ? add_token(ctl, path) : status;
	}
	if (argc != 2 || strcmp(argv[0], "revoke") != 0 ||
	    strspn(argv[1], "0123456789") != strlen(argv[1]))
		return ctl_usage(ctl, "token");
	snprintf(path, sizeof(path), "tokens/%.20s/revoke", argv[1]);
	status = learn_clock(ctl);
	return status == EXIT_SUCCESS ? change(ctl, path, NULL) : status;
}

/* ---- the log ---- */

static void audit_row(const struct ctl *ctl, struct ctl_table *table, const json_t *row)
{
	char time[CTL_TEXT_MAX];

	ctl_table_row(table, (const char *const[]){
				     ctl_time(member_integer(row, "at_ms"), ctl->now_ms, time),
				     member_text(row, "who"), member_text(row, "how"),
				     member_text(row, "what"), member_text(row, "target"),
				     member_text(row, "detail")});
}

int ctl_audit(struct ctl *ctl, int argc, char **argv)
{
	static const char *const KEYS[] = {"limit", "before", NULL};
	static const enum word HEADINGS[] = {WORD_TERM_TIME,   WORD_TERM_NAME,	  WORD_TERM_HOW,
					     WORD_TERM_CHANGE, WORD_TERM_ON_WHAT, WORD_TERM_TEXT};
	char path[CTL_QUERY_MAX] = "audit";

	if (ctl_read_filters(ctl, argc, argv, KEYS, path) < 0)
		return ctl_usage(ctl, "audit");
	return list(ctl, path, "audit", "llllll", HEADINGS, audit_row);
}
