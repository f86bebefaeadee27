/* Runs a program's work for long enough and takes the time. */
#pragma once

#include "program.h"

struct measurement {
    double nanoseconds; /* of one operation */
    uint64_t checksum;
};

/*
 * Calls work for about the given time in three stretches; the shortest counts. With copies of 1 or more, so many processes do
 * the same stretch at once, and an operation's time is the whole time over the operations of all.
 */
struct measurement measure(const struct program *program, double seconds, unsigned copies);
