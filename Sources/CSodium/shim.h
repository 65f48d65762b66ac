#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sodium.h>
#include <sys/resource.h>

/// Names the calling thread and lets everything else go before it: on Linux niceness belongs to a thread.
static inline void agent_make_background_thread(const char *name, int niceness) {
    pthread_setname_np(pthread_self(), name);
    setpriority(PRIO_PROCESS, 0, niceness);
}
