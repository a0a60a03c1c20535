#!/bin/sh
# Runs a command while the kernel does not schedule each session as a group. Every process of
# PostgreSQL is a session, and a few of sixteen then wait for hundreds of milliseconds. In a control
# group for the processors, which systemd may give its service, they do not.
# Usage: without-autogroup.sh COMMAND... The setting is root's to change and is put back.
set -u
setting=/proc/sys/kernel/sched_autogroup_enabled
if [ "$(cat $setting 2>/dev/null)" = 1 ]; then
	trap '(echo 1 >$setting) 2>/dev/null' EXIT
	trap 'exit 1' INT TERM
	(echo 0 >$setting) 2>/dev/null ||
		echo "kernel.sched_autogroup_enabled is 1 and cannot be changed: the slowest of PostgreSQL's answers are the scheduler's." >&2
fi
"$@"
