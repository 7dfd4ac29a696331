/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives up root. Decides the order of the calls and checks that none can be undone; which
 * user and capabilities is the caller's affair.
 * Source: capabilities(7), setresuid(2), prctl(2).
 */
#include "common/system/privilege.h"

#include <assert.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int find_ids(const char *user, const char *group, uid_t *ret_uid, gid_t *ret_gid)
{
	const struct passwd *pw = getpwnam(user);
	const struct group *gr = group ? getgrnam(group) : NULL;

	if (!pw || (group && !gr))
		return -ENOENT;
	*ret_uid = pw->pw_uid;
	*ret_gid = gr ? gr->gr_gid : pw->pw_gid;
	return 0;
}

static uint64_t mask_of(const int *caps, size_t n_caps)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < n_caps; i++)
		mask |= UINT64_C(1) << caps[i];
	return mask;
}

/* Ends at the first number that the kernel does not know. */
static int drop_bounding(uint64_t keep)
{
	for (int cap = 0; cap < 64 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (!(keep & UINT64_C(1) << cap) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -errno;
	return 0;
}

static int set_caps(uint64_t keep)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{.effective = (uint32_t)keep, .permitted = (uint32_t)keep},
		{.effective = (uint32_t)(keep >> 32), .permitted = (uint32_t)(keep >> 32)},
	};

	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

static int set_ids(const char *user, bool all_groups, uid_t uid, gid_t gid)
{
	if ((all_groups ? initgroups(user, gid) : setgroups(1, &gid)) < 0)
		return -errno;
	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return -errno;
	return 0;
}

int privilege_drop(const char *user, const char *group, const int *caps, size_t n_caps)
{
	uint64_t keep = mask_of(caps, n_caps);
	uid_t uid;
	gid_t gid;
	int r = find_ids(user, group, &uid, &gid);

	assert(user && user[0] != '\0');
	if (r < 0)
		return r;
	if (geteuid() != 0)
		return geteuid() == uid && getuid() == uid ? 0 : -EPERM;
	/* The bounding set needs CAP_SETPCAP, so it goes first; then ids, keeping
	 * capabilities. */
	r = drop_bounding(keep);
	if (r < 0)
		return r;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return -errno;
	r = set_ids(user, !group, uid, gid);
	if (r == 0)
		r = set_caps(keep);
	if (r < 0)
		return r;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0 ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	/* A drop that can be undone was none. */
	return uid != 0 && setuid(0) == 0 ? -EPERM : 0;
}

int privilege_keep(const int *caps, size_t n_caps)
{
	uint64_t keep = mask_of(caps, n_caps);
	int r = drop_bounding(keep);

	assert(n_caps == 0 || caps);
	if (r == -EPERM) /* needs CAP_SETPCAP; no_new_privs does as much */
		r = 0;
	if (r == 0) {
		struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
		struct __user_cap_data_struct data[2] = {{0}};
		uint64_t permitted;

		/* Those that there are of keep. capset(2) is not for a service's process to call, as some
		 * service managers see it; where nothing is to be given up it need not. */
		if (syscall(SYS_capget, &header, data) < 0)
			return -errno;
		permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
		if (permitted & ~keep)
			r = set_caps(keep & permitted);
		if (r < 0)
			return r;
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

int privilege_hide_memory(void)
{
	const struct rlimit none = {0, 0};

	/* The limit alone would leave a handler (core_pattern with |) its copy. */
	if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return -errno;
	return 0;
}
