/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system calls that the agent makes once it runs, and no others. What is not listed
 * fails with EPERM, so that a C library which tries something new goes on without it;
 * what only an intruder wants ends the process.
 *
 * The list is that of glibc and musl on the architectures libseccomp knows; names that an
 * architecture lacks are skipped. seccomp(2), seccomp_rule_add(3).
 */
#include "agent/io/sandbox.h"

#include <errno.h>
#include <sys/prctl.h>

#if HAVE_SECCOMP

#include <linux/sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <linux/sockios.h>

static const char *const ALLOWED[] = {
	/* descriptors and files */
	"read",
	"readv",
	"pread64",
	"write",
	"writev",
	"pwrite64",
	"close",
	"open",
	"openat",
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
	"flock",
	"fsync",
	"fdatasync",
	"sync_file_range",
	"ftruncate",
	"ftruncate64",
	"fallocate",
	"rename",
	"renameat",
	"renameat2",
	"unlink",
	"unlinkat",
	"mkdir",
	"mkdirat",
	"fchmod",
	"umask",
	/* memory; mmap and mprotect have rules of their own */
	"brk",
	"munmap",
	"mremap",
	"madvise",
	"msync",
	/* waiting */
	"poll",
	"ppoll",
	"select",
	"_newselect",
	"pselect6",
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
	"timerfd_gettime",
	"nanosleep",
	"alarm",
	"setitimer",
	"clock_nanosleep",
	/* sockets; socket has a rule of its own */
	"connect",
	"bind",
	"getsockname",
	"getpeername",
	"setsockopt",
	"getsockopt",
	"send",
	"sendto",
	"recv",
	"recvfrom",
	"sendmsg",
	"recvmsg",
	"sendmmsg",
	"recvmmsg",
	"shutdown",
	"socketpair",
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
	"restart_syscall",
	"exit",
	"exit_group",
	/* clocks; adjtimex says how good they are (setting needs a capability that is
	   gone) */
	"clock_gettime",
	"clock_gettime64",
	"clock_getres",
	"gettimeofday",
	"time",
	"adjtimex",
	"clock_adjtime",
	"clock_adjtime64",
};

/* No part of the agent could ever come here by mistake. */
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
};

static int add_named(scmp_filter_ctx ctx, uint32_t action, const char *const *names,
		     size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int number = seccomp_syscall_resolve_name(names[i]), r;

		if (number == __NR_SCMP_ERROR)
			continue;
		r = seccomp_rule_add(ctx, action, number, 0);
		if (r < 0 && r != -EDOM) /* not on this architecture */
			return r;
	}
	return 0;
}

static int add_sockets(scmp_filter_ctx ctx)
{
	static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(families); i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
				     SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i]));
	return r;
}

/* if_indextoname(3), and what stdio asks of its files. */
static int add_ioctls(scmp_filter_ctx ctx)
{
	static const unsigned long requests[] = {SIOCGIFNAME, SIOCGIFINDEX, FIONREAD,
						 TCGETS};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(requests); i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				     SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)requests[i]));
	return r;
}

/* Memory that can be written and run is what code is smuggled in by. */
static int add_memory(scmp_filter_ctx ctx)
{
	static const char *const names[] = {"mmap", "mmap2", "mprotect"};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(names); i++) {
		int number = seccomp_syscall_resolve_name(names[i]);

		if (number == __NR_SCMP_ERROR)
			continue;
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, number, 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
		if (r == -EDOM)
			r = 0;
	}
	return r;
}

/* Threads (keys are derived in one), but no processes. clone3 passes its flags in memory,
 * where no filter sees them; without it the C library takes clone. */
static int add_threads(scmp_filter_ctx ctx)
{
	int r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				 SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));

	return r < 0 ? r
		     : seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

int sandbox_enter(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int r;

	if (!ctx)
		return -ENOMEM;
	r = add_named(ctx, SCMP_ACT_ALLOW, ALLOWED, ARRAY_LEN(ALLOWED));
	if (r == 0)
		r = add_named(ctx, SCMP_ACT_KILL_PROCESS, DEADLY, ARRAY_LEN(DEADLY));
	if (r == 0)
		r = add_sockets(ctx);
	if (r == 0)
		r = add_ioctls(ctx);
	if (r == 0)
		r = add_memory(ctx);
	if (r == 0)
		r = add_threads(ctx);
	if (r == 0)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	/* A kernel without seccomp filters says EINVAL. */
	return r == -EINVAL || r == -ECANCELED ? -ENOSYS : r;
}

#else

int sandbox_enter(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : -ENOSYS;
}

#endif
