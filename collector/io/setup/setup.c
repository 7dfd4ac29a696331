/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the files in the order in which they refer to each other, goes on after a mistake
 * as far as that makes sense, so that one run names them all. Checks between files are
 * here; those within a file are with its format.
 */
#include "collector/io/setup/setup.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/codec/inventory/inventory_check.h"
#include "collector/codec/inventory/inventory_text.h"
#include "collector/codec/notify/webhook.h"
#include "collector/io/setup/credential.h"
#include "collector/io/setup/profile_file.h"
#include "common/base/cleanup.h"
#include "common/base/cleanup_fd.h"
#include "common/base/endpoint.h"
#include "common/base/fnv1a.h"
#include "common/conf/conf_file.h"
#include "common/snmp/snmp_usm.h"

#define ZONE_DIR "/usr/share/zoneinfo"

enum { TOKEN_MAX = 256, TOKEN_LEAST = 16 };

/* Directories and tables stand there too; tzfile(5) begins with "TZif". */
static bool is_zone(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char magic[4];

	return fd >= 0 && read(fd, magic, sizeof(magic)) == sizeof(magic) &&
	       memcmp(magic, "TZif", sizeof(magic)) == 0;
}

/* A zone that does not exist counts as UTC, and the page's browser knows it no more. */
static int check_timezone(const struct collector_conf *conf, struct conf_errors *errors)
{
	char file[PATH_MAX];

	if (access(ZONE_DIR, F_OK) < 0) /* a small system without tzdata */
		return 0;
	if (snprintf(file, sizeof(file), ZONE_DIR "/%s", conf->timezone) < (int)sizeof(file) &&
	    is_zone(file))
		return 0;
	conf_errors_add(errors,
			"%s: timezone: \"%s\" is not in " ZONE_DIR "; write e.g. \"Asia/Jakarta\"",
			conf_places_key(conf->places, "timezone"), conf->timezone);
	return -EINVAL;
}

/* Only root becomes somebody else: whom a service manager has started as somebody needs
 * no such user. */
static int check_user(const struct collector_conf *conf, struct conf_errors *errors)
{
	if (geteuid() != 0 || conf->user[0] == '\0')
		return 0;
	if (!getpwnam(conf->user)) {
		conf_errors_add(errors,
				"%s: user: \"%s\" does not exist on this machine; adduser "
				"--system --group %s, or write user = \"\" to stay root",
				conf_places_key(conf->places, "user"), conf->user, conf->user);
		return -EINVAL;
	}
	if (conf->group[0] == '\0' || getgrnam(conf->group))
		return 0;
	conf_errors_add(errors,
			"%s: group: \"%s\" does not exist on this machine; addgroup "
			"--system %s, or write group = \"\" for the user's own",
			conf_places_key(conf->places, "group"), conf->group, conf->group);
	return -EINVAL;
}

static void keep_first(int *err, int r)
{
	if (*err == 0)
		*err = r;
}

int setup_load_conf(const char *path, struct collector_conf *ret, struct conf_errors *errors)
{
	int r = conf_load(path, COLLECTOR_CONF_KEYS, ret, errors);

	if (r == 0) {
		r = collector_conf_check(ret, errors);
		keep_first(&r, check_timezone(ret, errors));
		keep_first(&r, check_user(ret, errors));
	}
	if (r < 0)
		conf_free(COLLECTOR_CONF_KEYS, ret);
	return r;
}

static int read_file(const char *path, size_t max, uint8_t **ret, size_t *ret_len)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	cleanup_free uint8_t *text = NULL;
	struct stat st;
	size_t len = 0;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EISDIR;
	if ((uint64_t)st.st_size > max)
		return -EFBIG;
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		return -ENOMEM;
	while (len < (size_t)st.st_size) {
		ssize_t n = read(fd, text + len, (size_t)st.st_size - len);

		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret = steal_ptr(text);
	*ret_len = len;
	return 0;
}

/* Who may own the secrets besides root and the caller: whom the daemon runs as. */
static uid_t owner_of(const struct collector_conf *conf)
{
	const struct passwd *pw = conf->user && conf->user[0] ? getpwnam(conf->user) : NULL;

	return pw ? pw->pw_uid : geteuid();
}

static int load_credentials(struct setup *setup, struct conf_errors *errors)
{
	const char *path = setup->conf.credentials;
	int r = conf_load_secrets(path, owner_of(&setup->conf), CREDENTIALS_CONF_KEYS,
				  &setup->credentials, errors);

	if (r == 0)
		r = credentials_conf_check(&setup->credentials, errors);
	return r;
}

static int check_templates(const struct notify_conf *conf, struct conf_errors *errors)
{
	const size_t before = errors->n;

	for (size_t i = 0; i < conf->n_channels; i++) {
		if (conf->channels[i].type == CHANNEL_WEBHOOK)
			webhook_check(&conf->channels[i], errors);
	}
	return errors->n > before ? -EINVAL : 0;
}

static int load_notify(struct setup *setup, struct conf_errors *errors)
{
	const char *path = setup->conf.notify;
	int r;

	if (path[0] == '\0')
		return conf_parse("notify", NULL, 0, NOTIFY_CONF_KEYS, &setup->notify, errors);
	r = conf_load_secrets(path, owner_of(&setup->conf), NOTIFY_CONF_KEYS, &setup->notify,
			      errors);
	if (r == 0)
		r = notify_conf_check(&setup->notify, errors);
	return r == 0 ? check_templates(&setup->notify, errors) : r;
}

/* Protocols that the installed net-snmp was built without. */
static int check_protocols(const struct setup *setup, struct conf_errors *errors)
{
	int r = 0;

	for (size_t i = 0; i < setup->credentials.n_credentials; i++) {
		const struct credential_conf *c = &setup->credentials.credentials[i];
		struct snmp_credential cred = credential_for_snmp(c);

		if (c->version != SNMP_V3 || usm_check_credential(&cred) != -EPROTONOSUPPORT)
			continue;
		conf_errors_add(errors,
				"%s: credential \"%s\": auth, priv: this machine's net-snmp has "
				"not these "
				"protocols; write e.g. auth = \"sha256\" and priv = \"aes128\"",
				conf_places_key(c->places, "auth"), c->title);
		r = -EINVAL;
	}
	return r;
}

static int load_inventory(struct setup *setup, struct conf_errors *errors)
{
	const char *path = setup->conf.inventory;
	cleanup_free uint8_t *text = NULL;
	size_t len;
	int r = read_file(path, INVENTORY_TEXT_MAX, &text, &len);

	if (r < 0) {
		conf_errors_add(errors,
				"%s: %s; write the inventory there, or correct the key "
				"inventory (%s)",
				path, strerror(-r),
				conf_places_key(setup->conf.places, "inventory"));
		return r;
	}
	return inventory_text_parse(path, text, len, &setup->inventory, errors);
}

static int load_calendar(struct setup *setup, struct conf_errors *errors)
{
	const char *path = setup->conf.holidays;
	cleanup_free uint8_t *text = NULL;
	const char *wrong = office_hours_parse(setup->conf.office_hours, &setup->calendar.hours);
	size_t len;
	int r;

	assert(!wrong); /* the key's own check */
	if (path[0] == '\0')
		return 0;
	r = read_file(path, HOLIDAYS_TEXT_MAX, &text, &len);
	if (r < 0) {
		conf_errors_add(
			errors, "%s: %s; write the days there, or correct the key holidays (%s)",
			path, strerror(-r), conf_places_key(setup->conf.places, "holidays"));
		return r;
	}
	return holidays_parse(path, (const char *)text, len, &setup->calendar.holidays, errors);
}

/* The sum over the files: their order in the directory does not matter. */
static uint64_t hash_directory(const char *path)
{
	DIR *dir = opendir(path);
	uint64_t sum = 0;
	struct dirent *e;

	while (dir && (e = readdir(dir))) {
		cleanup_free uint8_t *text = NULL;
		cleanup_free char *file = NULL;
		uint64_t hash = FNV1A_START;
		size_t len;

		if (asprintf(&file, "%s/%s", path, e->d_name) < 0) {
			file = NULL;
			break;
		}
		if (read_file(file, 1 << 20, &text, &len) < 0)
			continue;
		hash = fnv1a(hash, e->d_name, strlen(e->d_name) + 1);
		sum += fnv1a(hash, text, len);
	}
	if (dir)
		closedir(dir);
	return sum;
}

static int load_profiles(struct setup *setup, struct conf_errors *errors)
{
	setup->profiles_hash = hash_directory(setup->conf.profiles_dir);
	setup->profiles = calloc(1, sizeof(*setup->profiles));
	if (!setup->profiles)
		return -ENOMEM;
	return profile_dir_load(setup->conf.profiles_dir, setup->profiles, errors);
}

/* Names of the credentials that devices may be polled with. */
static int check_credential_names(const struct setup *setup, struct conf_errors *errors)
{
	size_t n = setup->credentials.n_credentials, used = 0;
	cleanup_free const char **names = calloc(n + 1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (setup->credentials.credentials[i].poll)
			names[used++] = setup->credentials.credentials[i].title;
	}
	return inventory_check_names(setup->conf.inventory, &setup->inventory, "credential", names,
				     used, errors);
}

static int check_profile_names(const struct setup *setup, struct conf_errors *errors)
{
	cleanup_free const char **names = calloc(setup->profiles->n + 1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < setup->profiles->n; i++)
		names[i] = setup->profiles->profiles[i].name;
	return inventory_check_names(setup->conf.inventory, &setup->inventory, "profile", names,
				     setup->profiles->n, errors);
}

/* Nothing would be known of them. */
static int check_pinged(const struct setup *setup, struct conf_errors *errors)
{
	const size_t before = errors->n;

	for (size_t i = 0; setup->conf.ping_interval_ms == 0 && i < setup->inventory.n; i++) {
		const struct inventory_entry *e = &setup->inventory.entries[i];

		if (inventory_is_pinged_alone(e))
			conf_errors_add(errors,
					"%s:%u: profile: \"" INVENTORY_PING
					"\" while ping-interval is 0; write another profile, or "
					"ping-interval = 12s",
					setup->conf.inventory, e->line);
	}
	return errors->n == before ? 0 : -EINVAL;
}

/* The first line of the file. */
static int read_token(const char *path, char *token, size_t size)
{
	FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	if (!fgets(token, (int)size, file))
		token[0] = '\0';
	fclose(file);
	token[strcspn(token, "\r\n")] = '\0';
	return 0;
}

static int load_token(struct setup *setup, struct conf_errors *errors)
{
	const char *path = setup->conf.reload_token_file;
	char token[TOKEN_MAX] = "";
	int r;

	if (path[0] == '\0')
		return 0;
	r = conf_file_check_secret(path, owner_of(&setup->conf), errors);
	if (r < 0)
		return r;
	r = read_token(path, token, sizeof(token));
	if (r < 0) {
		conf_errors_add(errors,
				"%s: cannot be read: %s; chown it to whom the collector "
				"runs as",
				path, strerror(-r));
		return r;
	}
	if (strlen(token) < TOKEN_LEAST) {
		conf_errors_add(errors, "%s: the token is too short; write at least %d characters",
				path, TOKEN_LEAST);
		return -EINVAL;
	}
	setup->reload_token = strdup(token);
	explicit_bzero(token, sizeof(token));
	return setup->reload_token ? 0 : -ENOMEM;
}

/* From its loopback a machine reaches nobody else. */
static int check_source(const struct setup *setup, const char *key, const char *source,
			struct conf_errors *errors)
{
	struct endpoint from, to;

	if (endpoint_parse_address(source, 0, &from) < 0 || !endpoint_is_loopback(&from))
		return 0;
	for (size_t i = 0; i < setup->inventory.n; i++) {
		const struct inventory_entry *e = &setup->inventory.entries[i];

		if (endpoint_parse_address(e->address, 0, &to) < 0 || endpoint_is_loopback(&to) ||
		    to.addr.ss_family != from.addr.ss_family)
			continue;
		conf_errors_add(errors,
				"%s: %s: \"%s\" reaches nothing but this machine, and %s (%s) is "
				"another; write an address that leads there, or \"\"",
				conf_places_key(setup->conf.places, key), key, source, e->id,
				e->address);
		return -EINVAL;
	}
	return 0;
}

static int load_all(struct setup *setup, struct conf_errors *errors)
{
	int credentials = load_credentials(setup, errors);
	int inventory = load_inventory(setup, errors);
	int profiles = load_profiles(setup, errors);
	int r = credentials;

	keep_first(&r, inventory);
	keep_first(&r, profiles);
	keep_first(&r, load_calendar(setup, errors));
	keep_first(&r, load_notify(setup, errors));
	keep_first(&r, load_token(setup, errors));
	if (credentials == 0)
		keep_first(&r, check_protocols(setup, errors));
	if (credentials == 0 && inventory == 0)
		keep_first(&r, check_credential_names(setup, errors));
	if (profiles == 0 && inventory == 0)
		keep_first(&r, check_profile_names(setup, errors));
	if (inventory == 0) {
		keep_first(&r, check_pinged(setup, errors));
		keep_first(&r, check_source(setup, "source-v4", setup->conf.source_v4, errors));
		keep_first(&r, check_source(setup, "source-v6", setup->conf.source_v6, errors));
	}
	return r;
}

int setup_load(const char *path, struct setup **ret, struct conf_errors *errors)
{
	cleanup_(setup_freep) struct setup *setup = calloc(1, sizeof(*setup));
	int r;

	if (!setup)
		return -ENOMEM;
	r = setup_load_conf(path, &setup->conf, errors);
	if (r < 0) /* it does not say where the others are */
		return r;
	r = load_all(setup, errors);
	if (r < 0)
		return r;
	*ret = steal_ptr(setup);
	return 0;
}

static void wipe(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
}

struct setup *setup_free(struct setup *setup)
{
	if (!setup)
		return NULL;
	for (size_t i = 0; i < setup->credentials.n_credentials; i++) {
		wipe(setup->credentials.credentials[i].community);
		wipe(setup->credentials.credentials[i].auth_pass);
		wipe(setup->credentials.credentials[i].priv_pass);
	}
	wipe(setup->reload_token);
	free(setup->reload_token);
	conf_free(CREDENTIALS_CONF_KEYS, &setup->credentials);
	notify_conf_wipe(&setup->notify);
	conf_free(COLLECTOR_CONF_KEYS, &setup->conf);
	inventory_deinit(&setup->inventory);
	holidays_deinit(&setup->calendar.holidays);
	if (setup->profiles)
		profile_set_deinit(setup->profiles);
	free(setup->profiles);
	free(setup);
	return NULL;
}

void setup_freep(struct setup **setup)
{
	setup_free(*setup);
}

const struct credential_conf *setup_credential(const struct setup *setup,
					       const struct inventory_entry *entry)
{
	return credentials_conf_find(&setup->credentials, entry->credential);
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_credential(const struct credential_conf *a, const struct credential_conf *b)
{
	return a->version == b->version && a->auth == b->auth && a->priv == b->priv &&
	       same_text(a->community, b->community) && same_text(a->user, b->user) &&
	       same_text(a->auth_pass, b->auth_pass) && same_text(a->priv_pass, b->priv_pass);
}

bool setup_same_target(const struct setup *a, const struct inventory_entry *in_a,
		       const struct setup *b, const struct inventory_entry *in_b)
{
	return same_text(in_a->address, in_b->address) && in_a->port == in_b->port &&
	       same_text(in_a->profile, in_b->profile) &&
	       same_text(in_a->answers_from, in_b->answers_from) &&
	       (inventory_is_pinged_alone(in_a) ||
		same_credential(setup_credential(a, in_a), setup_credential(b, in_b)));
}
