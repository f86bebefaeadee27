#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

#include "../harness/program.h"

#define COUNT 5000

static uint64_t work(void)
{
    long different = 0;
    const long first = syscall(SYS_getpid);
    for (int i = 1; i < COUNT; i++)
        different += syscall(SYS_getpid) != first;
    return mix(CHECKSUM_START, (uint64_t)different);
}

const struct program getpid_program = {
    .name = "getpid",
    .group = "system",
    .about = "the shortest system call",
    .operation = "call",
    .operations = COUNT,
    .work = work,
};
