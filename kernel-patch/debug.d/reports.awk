# SPDX-License-Identifier: GPL-2.0-only
# The reports of the kernel's checkers in the output of debug.d/init; exit status 1 if there is any, or a failed test.
# A report is shown with the lines that follow it. A race between lines of KVM that the series does not touch is recognised
# by the functions that KCSAN names, and counted separately:
#  - kvm_vcpu_exit_request(), inlined into the ioctl, reads vcpu->mode where kvm_vcpu_kick() sets it.

/BUG: KCSAN: data-race in kvm_arch_vcpu_(ioctl_run|should_kick) .* \/ kvm_arch_vcpu_(ioctl_run|should_kick) / {
	known++
	left = 0
	next
}

/KASAN:|UBSAN:|KCSAN:|BUG:|WARNING:|Oops|general protection fault|possible (recursive|circular|irq lock)/ ||
/suspicious RCU usage|sleeping function|inconsistent lock state|unreferenced object|ODEBUG|^debug: not ok|^not ok/ {
	if (!left)
		reports++
	left = 40
}

left {
	left--
	print
}

/debug: the end/ { complete = 1 }

END {
	if (!complete) {
		print "the outer VM did not reach its end"
		exit 1
	}
	printf "%d reports%s\n", reports, known ? ", and " known " of lines that the series does not touch" : ""
	exit reports > 0
}
