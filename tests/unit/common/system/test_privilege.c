/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/system/privilege: run as root, else only the refusals; each drop in a child of its own.
 */
#include <errno.h>
#include <linux/capability.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/system/privilege.h"

#include <cmocka.h>

/* 0 if every thing is as it should be, else the number of the first that is not. */
static int drop_and_check(void)
{
	const int caps[] = {CAP_NET_BIND_SERVICE, CAP_NET_RAW};
	const struct passwd *nobody = getpwnam("nobody");
	char line[128] = "", expect[64];
	FILE *status;

	if (!nobody || privilege_drop("nobody", NULL, caps, 2) != 0)
		return 1;
	if (getuid() != nobody->pw_uid || geteuid() != nobody->pw_uid || getgid() != nobody->pw_gid)
		return 2;
	if (setuid(0) == 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 3;
	status = fopen("/proc/self/status", "r");
	snprintf(expect, sizeof(expect), "CapEff:\t%016llx\n",
		 1ULL << CAP_NET_BIND_SERVICE | 1ULL << CAP_NET_RAW);
	while (status && fgets(line, sizeof(line), status))
		if (strncmp(line, "CapEff:", 7) == 0)
			return strcmp(line, expect) == 0 ? 0 : 4;
	return 5;
}

/* In a user namespace of one user there is nobody to become. */
static int one_user_only(void)
{
	char word[8] = "";
	FILE *file = fopen("/proc/self/setgroups", "r");

	if (file) {
		if (!fgets(word, sizeof(word), file))
			word[0] = '\0';
		fclose(file);
	}
	return strncmp(word, "deny", 4) == 0;
}

static void test_drop(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0 || one_user_only()) {
		print_message("not root, or of a namespace without other users\n");
		skip();
	}
	pid = fork();
	if (pid == 0)
		_exit(drop_and_check());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* The field of /proc/self/status, or ~0. */
static unsigned long long cap_field(const char *name)
{
	FILE *status = fopen("/proc/self/status", "r");
	unsigned long long value = ~0ULL;
	char line[128];

	while (status && fgets(line, sizeof(line), status))
		if (strncmp(line, name, strlen(name)) == 0)
			value = strtoull(line + strlen(name), NULL, 16);
	if (status)
		fclose(status);
	return value;
}

static int keep_and_check(void)
{
	const int caps[] = {CAP_NET_BIND_SERVICE};
	const unsigned long long had = cap_field("CapPrm:");

	if (privilege_keep(caps, 1) != 0)
		return 1;
	if (cap_field("CapPrm:") != (had & 1ULL << CAP_NET_BIND_SERVICE) ||
	    cap_field("CapEff:") != cap_field("CapPrm:") || cap_field("CapAmb:") != 0)
		return 2;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 3;
	if (had & 1ULL << CAP_SETPCAP && cap_field("CapBnd:") != 1ULL << CAP_NET_BIND_SERVICE)
		return 4;
	if (privilege_keep(NULL, 0) != 0 || cap_field("CapPrm:") != 0)
		return 5;
	return privilege_keep(caps, 1) == 0 && cap_field("CapPrm:") == 0 ? 0 : 6;
}

/* Whoever we are. */
static void test_keep(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(keep_and_check());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_hide_memory(void **state)
{
	struct rlimit limit;
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		if (privilege_hide_memory() < 0 || prctl(PR_GET_DUMPABLE) != 0 ||
		    getrlimit(RLIMIT_CORE, &limit) < 0 || limit.rlim_cur || limit.rlim_max)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_refusals(void **state)
{
	(void)state;
	assert_int_equal(privilege_drop("no-such-user-here", NULL, NULL, 0), -ENOENT);
	assert_int_equal(privilege_drop("root", "no-such-group-here", NULL, 0), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hide_memory),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_keep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
