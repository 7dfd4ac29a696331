/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a running process call the kernel, as an intruder would who has got hold of it, and
 * prints what came of it: "EPERM", "ok", another error's name, or "killed by SIGSYS".
 * ptrace(2): the instruction by which the process entered the call it waits in is run once
 * more with other registers. x86-64; 77 elsewhere.
 *
 *	call_in PID getuid | mkdir | socket | socket-inet | clone | kill | execve | exec-memory
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "common/base/cleanup.h"

#if defined(__x86_64__)

/* No memory of the process is touched: paths are NULL, where the filter comes before EFAULT. */
static const struct call {
	const char *name;
	unsigned long long number, args[6];
} CALLS[] = {
	{"getuid", SYS_getuid, {0}},
	{"mkdir", SYS_mkdir, {0, 0700}},
	{"socket", SYS_socket, {AF_PACKET, SOCK_RAW, 0}},
	{"socket-inet", SYS_socket, {AF_INET, SOCK_DGRAM, 0}},
	{"clone", SYS_clone, {SIGCHLD}},
	{"kill", SYS_kill, {1, 0}},
	{"execve", SYS_execve, {0, 0, 0}},
	{"exec-memory",
	 SYS_mmap,
	 {0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
	  (unsigned long long)-1, 0}},
};

static const struct call *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(CALLS); i++)
		if (strcmp(CALLS[i].name, name) == 0)
			return &CALLS[i];
	errx(64, "no call \"%s\"", name);
}

static void set_call(struct user_regs_struct *regs, const struct call *call)
{
	regs->rip -= 2; /* back onto "syscall" */
	regs->rax = call->number;
	regs->orig_rax = (unsigned long long)-1; /* nothing to restart */
	regs->rdi = call->args[0];
	regs->rsi = call->args[1];
	regs->rdx = call->args[2];
	regs->r10 = call->args[3];
	regs->r8 = call->args[4];
	regs->r9 = call->args[5];
}

static void print_result(long long result)
{
	if (result < 0 && result > -4096)
		puts(strerrorname_np((int)-result));
	else
		puts("ok");
}

static void wait_for(pid_t pid, int *ret_status)
{
	if (waitpid(pid, ret_status, __WALL) != pid)
		err(1, "waitpid");
	if (WIFSIGNALED(*ret_status)) {
		printf("killed by SIG%s\n", sigabbrev_np(WTERMSIG(*ret_status)));
		exit(0);
	}
}

int main(int argc, char **argv)
{
	struct user_regs_struct before, regs;
	const struct call *call = argc == 3 ? find(argv[2]) : NULL;
	pid_t pid = call ? atoi(argv[1]) : 0;
	int status;

	if (!call)
		errx(64, "call_in PID CALL");
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0 ||
	    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0)
		err(1, "ptrace %d", pid);
	wait_for(pid, &status);
	if (ptrace(PTRACE_GETREGS, pid, NULL, &before) < 0)
		err(1, "registers");
	regs = before;
	set_call(&regs, call);
	if (ptrace(PTRACE_SETREGS, pid, NULL, &regs) < 0 ||
	    ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) < 0)
		err(1, "step");
	wait_for(pid, &status);
	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) < 0)
		err(1, "registers");
	print_result((long long)regs.rax);
	/* as if a signal had come: what it waited in ends with EINTR */
	before.orig_rax = (unsigned long long)-1;
	before.rax = (unsigned long long)-EINTR;
	if (ptrace(PTRACE_SETREGS, pid, NULL, &before) < 0 ||
	    ptrace(PTRACE_DETACH, pid, NULL, NULL) < 0)
		err(1, "detach");
	return 0;
}

#else

int main(void)
{
	return 77;
}

#endif
