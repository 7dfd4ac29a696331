/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filters of system calls. The lists are those of glibc and musl on the architectures
 * libseccomp knows: on those of 32 bits both call what ends in time64 first, and take the
 * older call only after ENOSYS. seccomp(2), seccomp_rule_add(3).
 */
#include "common/system/sandbox.h"

#include <errno.h>
#include <sys/prctl.h>

const char *const SANDBOX_WRITE_FILES[] = {
	"pwrite64",	   "flock",	"fsync",       "fdatasync", "syncfs",
	"sync_file_range", "ftruncate", "ftruncate64", "fallocate", "rename",
	"renameat",	   "renameat2", "unlink",      "unlinkat",  "mkdir",
	"mkdirat",	   "fchmod",	"umask",       NULL,
};

/* socket has a rule of its own */
const char *const SANDBOX_NETWORK[] = {
	"connect",    "bind",	    "getsockname", "getpeername", "setsockopt",
	"getsockopt", "send",	    "sendto",	   "recv",	  "recvfrom",
	"sendmsg",    "recvmsg",    "sendmmsg",	   "recvmmsg",	  "recvmmsg_time64",
	"shutdown",   "socketpair", NULL,
};

#if HAVE_SECCOMP

#include <fcntl.h>
#include <linux/sched.h>
#include <stdint.h>
#include <sys/mman.h>

#include <seccomp.h>

/* What any program of ours needs. */
static const char *const ALLOWED[] = {
	/* descriptors, and reading files */
	"read",
	"readv",
	"pread64",
	"write",
	"writev",
	"close",
	"lseek",
	"_llseek",
	"stat",
	"fstat",
	"lstat",
	"newfstatat",
	"stat64",
	"fstat64",
	"lstat64",
	"fstatat64",
	"statx",
	"access",
	"faccessat",
	"faccessat2",
	"readlink",
	"readlinkat",
	"getdents64",
	"getcwd",
	"fcntl",
	"fcntl64",
	"dup",
	"dup2",
	"dup3",
	/* memory; mmap and mprotect have rules of their own */
	"brk",
	"munmap",
	"mremap",
	"madvise",
	"msync",
	/* waiting */
	"poll",
	"ppoll",
	"ppoll_time64",
	"select",
	"_newselect",
	"pselect6",
	"pselect6_time64",
	"epoll_create1",
	"epoll_ctl",
	"epoll_wait",
	"epoll_pwait",
	"epoll_pwait2",
	"eventfd2",
	"pipe",
	"pipe2",
	"timerfd_create",
	"timerfd_settime",
	"timerfd_settime64",
	"timerfd_gettime",
	"timerfd_gettime64",
	"nanosleep",
	"clock_nanosleep",
	"clock_nanosleep_time64",
	/* signals, threads, the process itself */
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"sigreturn",
	"rt_sigpending",
	"sigaltstack",
	"futex",
	"futex_time64",
	"set_robust_list",
	"rseq",
	"membarrier",
	"sched_yield",
	"sched_getaffinity",
	"getpid",
	"gettid",
	"getppid",
	"getuid",
	"geteuid",
	"getgid",
	"getegid",
	"getuid32",
	"geteuid32",
	"getgid32",
	"getegid32",
	"getrandom",
	"uname",
	"sysinfo",
	"getrlimit",
	"ugetrlimit",
	"prlimit64",
	"getrusage",
	"tgkill",
	"tkill",
	"restart_syscall",
	"exit",
	"exit_group",
	/* clocks */
	"clock_gettime",
	"clock_gettime64",
	"clock_getres",
	"clock_getres_time64",
	"gettimeofday",
	"time",
	NULL,
};

/* No part of a daemon could ever come here by mistake. */
static const char *const DEADLY[] = {
	"execve",
	"execveat",
	"fork",
	"vfork",
	"ptrace",
	"process_vm_readv",
	"process_vm_writev",
	"mount",
	"umount2",
	"pivot_root",
	"chroot",
	"setns",
	"unshare",
	"init_module",
	"finit_module",
	"delete_module",
	"kexec_load",
	"kexec_file_load",
	"bpf",
	"perf_event_open",
	"keyctl",
	"add_key",
	"request_key",
	"userfaultfd",
	"io_uring_setup",
	"personality",
	"reboot",
	"swapon",
	"swapoff",
	"setuid",
	"setgid",
	"setresuid",
	"setresgid",
	NULL,
};

static int add_named(scmp_filter_ctx ctx, uint32_t action, const char *const *names)
{
	for (; *names; names++) {
		int number = seccomp_syscall_resolve_name(*names), r;

		if (number == __NR_SCMP_ERROR)
			continue;
		r = seccomp_rule_add(ctx, action, number, 0);
		if (r < 0 && r != -EDOM) /* not on this architecture */
			return r;
	}
	return 0;
}

/* One call with one condition on one argument. */
static int add_if(scmp_filter_ctx ctx, const char *name, struct scmp_arg_cmp condition)
{
	int number = seccomp_syscall_resolve_name(name), r;

	if (number == __NR_SCMP_ERROR)
		return 0;
	r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, number, 1, condition);
	return r == -EDOM ? 0 : r;
}

static int add_sockets(scmp_filter_ctx ctx, const int *families)
{
	int r = 0;

	for (; r == 0 && families && *families; families++)
		r = add_if(ctx, "socket", SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)*families));
	return r;
}

static int add_ioctls(scmp_filter_ctx ctx, const unsigned long *requests)
{
	int r = 0;

	for (; r == 0 && requests && *requests; requests++)
		r = add_if(ctx, "ioctl", SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)*requests));
	return r;
}

/* Without O_CREAT and O_TRUNC, with the access mode O_RDONLY. */
static int add_opens(scmp_filter_ctx ctx, bool read_only)
{
	static const char *const any[] = {"open", "openat", NULL};
	const scmp_datum_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
	int r;

	if (!read_only)
		return add_named(ctx, SCMP_ACT_ALLOW, any);
	r = add_if(ctx, "open", SCMP_A1(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
	return r < 0 ? r : add_if(ctx, "openat", SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
}

/* Memory that can be written and run is what code is smuggled in by. */
static int add_memory(scmp_filter_ctx ctx)
{
	static const char *const names[] = {"mmap", "mmap2", "mprotect"};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(names); i++)
		r = add_if(ctx, names[i], SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return r;
}

/* Threads, but no processes. clone3 passes its flags in memory, where no filter sees
 * them; without it the C library takes clone. */
static int add_threads(scmp_filter_ctx ctx)
{
	int r = add_if(ctx, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));

	return r < 0 ? r : seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

int sandbox_enter(const struct sandbox_rules *rules)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int r;

	if (!ctx)
		return -ENOMEM;
	r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	if (r == 0) {
		r = add_named(ctx, SCMP_ACT_ALLOW, ALLOWED);
		for (const char *const *const *list = rules->calls; r == 0 && list && *list; list++)
			r = add_named(ctx, SCMP_ACT_ALLOW, *list);
		if (r == 0)
			r = add_named(ctx, SCMP_ACT_KILL_PROCESS, DEADLY);
		if (r == 0)
			r = add_opens(ctx, rules->read_only);
		if (r == 0)
			r = add_sockets(ctx, rules->families);
		if (r == 0)
			r = add_ioctls(ctx, rules->ioctls);
		if (r == 0)
			r = add_memory(ctx);
		if (r == 0 && rules->threads)
			r = add_threads(ctx);
	}
	if (r == 0)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	/* EINVAL: a kernel without filters; EOPNOTSUPP: one before 3.17, or a service
	 * manager's filter that seccomp(2) is not in. */
	return r == -EINVAL || r == -ECANCELED || r == -EOPNOTSUPP ? -ENOSYS : r;
}

#else

int sandbox_enter(const struct sandbox_rules *rules)
{
	(void)rules;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : -ENOSYS;
}

#endif
