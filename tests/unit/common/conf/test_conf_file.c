/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/conf/conf_file: what files include, and who may read those with secrets. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/conf/conf_file.h"

#include <cmocka.h>

struct probe {
	char *title, *address;
};

struct sample {
	char *note, *community;
	char **sites;
	int level;
	struct probe *probes;
	size_t n_probes;
};

static const struct conf_name LEVEL_NAMES[] = {{"error", 0}, {"warn", 1}, {"info", 2}, {NULL, 0}};

static const struct conf_key PROBE_KEYS[] = {
	CONF_STR_REQUIRED(struct probe, address, "address", "what is probed", NULL),
	CONF_END,
};

static const struct conf_key KEYS[] = {
	CONF_STR(struct sample, note, "note", NULL, "any text", NULL),
	CONF_SECRET(struct sample, community, "community", "of v2c", NULL),
	CONF_STR_LIST(struct sample, sites, "sites", "which", NULL),
	CONF_ENUM(struct sample, level, "level", 2, LEVEL_NAMES, "how much to say"),
	CONF_SECTION(struct sample, probes, n_probes, "probe", PROBE_KEYS, struct probe,
		     "a target"),
	CONF_END,
};

static void put(int dir, const char *name, const char *text, mode_t mode)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Included files are found beside the one that includes them, and named in messages. */
static void test_files(void **state)
{
	char dir[] = "/tmp/test_conf.XXXXXX", path[64], expect[160];
	struct conf_errors errors = {0};
	struct sample s = {0};
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_DIRECTORY);
	put(fd, "a.conf", "include(\"b.conf\")\nnote = a\n", 0600);
	put(fd, "b.conf", "level = error\n", 0600);
	snprintf(path, sizeof(path), "%s/a.conf", dir);
	assert_int_equal(conf_load(path, KEYS, &s, &errors), 0);
	assert_int_equal(s.level, 0);
	assert_string_equal(s.note, "a");
	conf_free(KEYS, &s);

	put(fd, "b.conf", "\nlevel = loud\n", 0600);
	assert_int_equal(conf_load(path, KEYS, &s, &errors), -EINVAL);
	assert_int_equal(errors.n, 1);
	snprintf(expect, sizeof(expect),
		 "%s/b.conf:2: level: \"loud\" is not known; give one of error warn info", dir);
	assert_string_equal(errors.lines[0], expect);
	conf_errors_deinit(&errors);

	put(fd, "b.conf", "probe x { address = y\n", 0600);
	assert_int_equal(conf_load(path, KEYS, &s, &errors), -EINVAL);
	snprintf(expect, sizeof(expect), "%s/b.conf:1: probe: is never closed; add a '}'", dir);
	assert_string_equal(errors.lines[0], expect);
	conf_errors_deinit(&errors);

	/* Mistakes of both files in one run; and as often as one likes. */
	put(fd, "b.conf", "lvel = info\nnote = b\n", 0600);
	for (int i = 0; i < 20; i++) {
		conf_errors_deinit(&errors);
		assert_int_equal(conf_load(path, KEYS, &s, &errors), -EINVAL);
		assert_int_equal(errors.n, 2);
	}
	snprintf(expect, sizeof(expect), "%s/b.conf:1: lvel: unknown key; did you mean level?",
		 dir);
	assert_string_equal(errors.lines[0], expect);
	assert_non_null(strstr(errors.lines[1], "b.conf:2: note: was given in "));
	assert_non_null(strstr(errors.lines[1], "a.conf:2 already; keep one of the two"));
	conf_errors_deinit(&errors);

	put(fd, "b.conf", "include(\"a.conf\")\n", 0600);
	assert_int_equal(conf_load(path, KEYS, &s, &errors), -EINVAL);
	assert_non_null(strstr(errors.lines[0], "is included already; include it once"));
	conf_errors_deinit(&errors);

	assert_int_equal(conf_load(dir, KEYS, &s, &errors), -EISDIR);
	assert_int_equal(errors.n, 1);
	conf_errors_deinit(&errors);
	unlinkat(fd, "a.conf", 0);
	assert_int_equal(conf_load(path, KEYS, &s, &errors), -ENOENT);
	conf_errors_deinit(&errors);
	unlinkat(fd, "b.conf", 0);
	close(fd);
	rmdir(dir);
}

static void test_secret_file(void **state)
{
	static const struct {
		mode_t mode;
		int r;
	} cases[] = {{0600, 0}, {0400, 0}, {0640, -EPERM}, {0604, -EPERM}, {0610, -EPERM}};
	char dir[] = "/tmp/test_conf.XXXXXX", path[64];
	struct conf_errors errors = {0};
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_DIRECTORY);
	snprintf(path, sizeof(path), "%s/s", dir);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		put(fd, "s", "x", cases[i].mode);
		assert_int_equal(conf_file_check_secret(path, geteuid(), &errors), cases[i].r);
		assert_int_equal(errors.n, cases[i].r ? 1 : 0);
		conf_errors_deinit(&errors);
		unlinkat(fd, "s", 0);
	}
	assert_int_equal(conf_file_check_secret(path, geteuid(), &errors), -ENOENT);
	assert_int_equal(conf_file_check_secret(dir, geteuid(), &errors), -EPERM);
	assert_int_equal(errors.n, 2);
	conf_errors_deinit(&errors);
	close(fd);
	rmdir(dir);
}

/* Permissions and mistakes of what a file with secrets includes count like its own. */
static void test_included_secrets(void **state)
{
	char dir[] = "/tmp/test_conf.XXXXXX", path[64];
	struct conf_errors errors = {0};
	struct sample s = {0};
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_DIRECTORY);
	put(fd, "s", "note = a\ninclude(\"t\")\nsites = {a}\n", 0600);
	put(fd, "t", "community = 'geheim'\nsites += {b}\n", 0640);
	snprintf(path, sizeof(path), "%s/s", dir);
	assert_int_equal(conf_load_secrets(path, geteuid(), KEYS, &s, &errors), -EPERM);
	assert_int_equal(errors.n, 1);
	assert_non_null(
		strstr(errors.lines[0], "/t: holds secrets but has mode 0640; chmod 0600 "));
	conf_errors_deinit(&errors);

	assert_int_equal(fchmodat(fd, "t", 0600, 0), 0);
	assert_int_equal(conf_load_secrets(path, geteuid(), KEYS, &s, &errors), 0);
	assert_string_equal(s.community, "geheim");
	assert_string_equal(s.sites[0], "a");
	assert_string_equal(s.sites[1], "b");
	conf_free(KEYS, &s);

	put(fd, "s", "include(\"u\")\n", 0600);
	assert_int_equal(conf_load_secrets(path, geteuid(), KEYS, &s, &errors), -ENOENT);
	assert_int_equal(errors.n, 1);
	assert_non_null(strstr(errors.lines[0], "/s:1: include: /tmp/test_conf."));
	assert_non_null(strstr(errors.lines[0], "/u: cannot be read: No such file or directory"));
	conf_errors_deinit(&errors);

	/* No waiting for somebody to write. */
	assert_int_equal(mkfifoat(fd, "p", 0600), 0);
	put(fd, "s", "include(\"p\")\n", 0600);
	assert_int_equal(conf_load_secrets(path, geteuid(), KEYS, &s, &errors), -EPERM);
	assert_non_null(strstr(errors.lines[0], "/p: is not a regular file"));
	conf_errors_deinit(&errors);
	unlinkat(fd, "p", 0);

	put(fd, "s", "include(\"u\", \"v\")\n", 0600);
	assert_int_equal(conf_load(path, KEYS, &s, &errors), -EINVAL);
	assert_non_null(
		strstr(errors.lines[0], "/s:1: include: takes one file; write include(\"FILE\")"));
	conf_errors_deinit(&errors);
	unlinkat(fd, "s", 0);
	unlinkat(fd, "t", 0);
	close(fd);
	rmdir(dir);
}

static void test_too_long(void **state)
{
	char dir[] = "/tmp/test_conf.XXXXXX", path[64];
	struct conf_errors errors = {0};
	struct sample s = {0};
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_DIRECTORY);
	snprintf(path, sizeof(path), "%s/s", dir);
	put(fd, "s", "", 0600);
	assert_int_equal(truncate(path, CONF_FILE_OCTETS_MAX + 1), 0);
	assert_int_equal(conf_load(path, KEYS, &s, &errors), -EFBIG);
	assert_int_equal(errors.n, 1);
	conf_errors_deinit(&errors);
	assert_int_equal(truncate(path, CONF_FILE_OCTETS_MAX), 0);
	assert_int_equal(conf_load(path, KEYS, &s, &errors), -EINVAL);
	assert_non_null(strstr(errors.lines[0], "/s: holds a NUL octet; is it a text file?"));
	conf_errors_deinit(&errors);
	unlinkat(fd, "s", 0);
	close(fd);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_secret_file),
		cmocka_unit_test(test_included_secrets),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
