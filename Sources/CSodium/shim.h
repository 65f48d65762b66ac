#pragma once
// No feature macro is defined here: every C module of a program must see the system's headers alike.
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/// Names the calling thread and lets everything else go before it: on Linux niceness belongs to a thread.
static inline void agent_make_background_thread(const char *name, int niceness) {
    prctl(PR_SET_NAME, name, 0, 0, 0);
    setpriority(PRIO_PROCESS, 0, niceness);
}
