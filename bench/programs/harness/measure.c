#define _GNU_SOURCE
#include "measure.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What else happens on a machine only ever makes a stretch longer, so the shortest of several counts. */
#define STRETCHES 3

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

/* A guest has one processor; on a host with several, a process that moves or is split between them would not compare. */
static void stay_on_one_processor(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(sched_getcpu(), &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        give_up("sched_setaffinity");
}

static void repeat(const struct program *program, unsigned long times, uint64_t checksum)
{
    while (times-- > 0) {
        if (program->work() != checksum) {
            fprintf(stderr, "The same work gave another result.\n");
            exit(EXIT_FAILURE);
        }
    }
}

static void repeat_in_copies(const struct program *program, unsigned long times, uint64_t checksum, unsigned copies)
{
    for (unsigned i = 0; i < copies; i++) {
        const pid_t child = fork();
        if (child < 0)
            give_up("fork");
        if (child == 0) {
            repeat(program, times, checksum);
            _exit(EXIT_SUCCESS);
        }
    }
    for (unsigned i = 0; i < copies; i++) {
        int status;
        if (wait(&status) < 0 || status != 0)
            give_up("a copy");
    }
}

static double time_stretch(const struct program *program, unsigned long times, uint64_t checksum, unsigned copies)
{
    const double start = now();
    if (copies == 0)
        repeat(program, times, checksum);
    else
        repeat_in_copies(program, times, checksum, copies);
    return now() - start;
}

struct measurement measure(const struct program *program, double seconds, unsigned copies)
{
    if (copies == 0)
        stay_on_one_processor();
    if (program->prepare != NULL)
        program->prepare();

    /* The first call warms caches, and whatever translates code. Then the stretch grows until it is long enough. */
    const uint64_t checksum = program->work();
    const double wanted = seconds / STRETCHES;
    unsigned long times = 1;
    double best;
    while ((best = time_stretch(program, times, checksum, copies)) < wanted * 0.8) {
        /* Not on the word of a very short stretch alone. */
        const double growth = best > wanted / 16 ? wanted * 1.1 / best : 16;
        times = (unsigned long)(times * growth) + 1;
    }
    for (int i = 1; i < STRETCHES; i++) {
        const double elapsed = time_stretch(program, times, checksum, copies);
        if (elapsed < best)
            best = elapsed;
    }
    const double operations = (double)times * program->operations * (copies == 0 ? 1 : copies);
    return (struct measurement){ best * 1e9 / operations, checksum };
}
