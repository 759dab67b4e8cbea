# SPDX-License-Identifier: GPL-2.0
"""That the debug kernel's complaints do not go unnoticed."""

from host.tests.guests import complaints, run
from host.tests.suite import check

# Faults that a kernel can find in itself, by its own modules. KASAN turns lockdep off.
PLANTED = """
insmod /lib/modules/kmemleak-test.ko
insmod /lib/modules/lkdtm.ko
for fault in SPINLOCKUP WARNING ARRAY_BOUNDS READ_AFTER_FREE; do
	sh -c "echo $fault >/sys/kernel/debug/provoke-crash/DIRECT"
done
echo 1 >/proc/sys/kernel/hung_task_timeout_secs
sh -c "echo HUNG_TASK >/sys/kernel/debug/provoke-crash/DIRECT" >/dev/null 2>&1 &
sleep 4
"""


def planted():
    """What the debug kernel would say is what all other jobs look for."""
    _, out, err = run(PLANTED + complaints("debug"), kernel="debug")
    for what, words in {
            "a warning": "WARNING: drivers/misc/lkdtm",
            "an index out of bounds": "UBSAN: array-index-out-of-bounds",
            "a use after free": "KASAN: slab-use-after-free",
            "a lock that is never released": "lock held when returning to user space",
            "a leak": "unreferenced object",
            "a task that hangs": "blocked for more than",
    }.items():
        yield check(f"planted, debug kernel: {what} is found", words in out, out + err)


DEBUG_JOBS = [planted]
