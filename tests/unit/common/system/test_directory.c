/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/system/directory: links that root placed are followed, those of others are not. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/system/directory.h"

#include <cmocka.h>

enum { SOMEBODY = 12345 };

static char dir[] = "/tmp/pantau-directory-XXXXXX";

static const char *at(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int open_at(const char *name)
{
	int fd = directory_open(at(name));

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

static void link_at(const char *name, const char *to)
{
	assert_int_equal(symlink(to, at(name)), 0);
}

static uid_t owner(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(at(name), &st), 0);
	return st.st_uid;
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir)) /* of mode 0700 */
		return -1;
	assert_int_equal(mkdir(at("treasure"), 0755), 0);
	assert_int_equal(mkdir(at("treasure/below"), 0755), 0);
	assert_int_equal(mkdir(at("his"), 0755), 0);
	assert_int_equal(mkdir(at("open"), 0755), 0);
	assert_int_equal(chmod(at("open"), 0777), 0);
	link_at("link", "treasure");
	link_at("his/link", "../treasure");
	link_at("open/link", "../treasure");
	return 0;
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static void test_open(void **state)
{
	(void)state;
	assert_int_equal(open_at("treasure"), 0);
	assert_int_equal(open_at("treasure/below"), 0);
	assert_int_equal(open_at("none"), -ENOENT);
	assert_int_equal(directory_open("tmp"), -EINVAL);
	/* a link at the end is nobody's directory */
	assert_int_equal(open_at("link"), -ENOTDIR);
	assert_int_equal(open_at("open/link"), -ENOTDIR);
	assert_int_equal(open_at("open/link/below"), -ENOTDIR);
	if (geteuid() != 0)
		skip();
	assert_int_equal(open_at("link/below"), 0);
	assert_int_equal(chown(at("his"), SOMEBODY, SOMEBODY), 0);
	assert_int_equal(open_at("his/link/below"), -ENOTDIR);
}

static void test_give(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(directory_give(at("open/link"), SOMEBODY, SOMEBODY), -ENOTDIR);
	assert_int_equal(directory_give(at("open/link/below"), SOMEBODY, SOMEBODY), -ENOTDIR);
	assert_int_equal(owner("treasure"), 0);
	assert_int_equal(owner("treasure/below"), 0);
	assert_int_equal(directory_give(at("treasure/below"), SOMEBODY, SOMEBODY), 0);
	assert_int_equal(owner("treasure/below"), SOMEBODY);
}

/* "his" is another's, and in it "link" leads to root's treasure. */
static void test_make(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(directory_make(at("treasure/new"), 0750), 0);
	assert_int_equal(owner("treasure/new"), 0);
	assert_int_equal(directory_make(at("treasure/new"), 0750), 0); /* is there */
	assert_int_equal(rmdir(at("treasure/new")), 0);
	assert_int_equal(directory_make(at("open/link"), 0750), -ENOTDIR);
	assert_int_equal(directory_make(at("open/link/new"), 0750), -ENOTDIR);
	assert_int_equal(directory_make(at("his/link/new"), 0750), -ENOTDIR);
	assert_int_equal(access(at("treasure/new"), F_OK), -1);
	assert_int_equal(directory_make(at("none/new"), 0750), -ENOENT);
	assert_int_equal(directory_make("tmp/new", 0750), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_give),
		cmocka_unit_test(test_make),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
