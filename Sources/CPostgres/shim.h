#pragma once
// No feature macro is defined here: every C module of a program must see the system's headers alike.
#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/// Names the calling thread, up to 15 bytes.
static inline void agent_name_database_thread(const char *name) {
    prctl(PR_SET_NAME, name);
}
