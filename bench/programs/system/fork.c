#include <sys/wait.h>
#include <unistd.h>

#include "../harness/program.h"

#define COUNT 4

static uint64_t work(void)
{
    uint64_t checksum = CHECKSUM_START;
    for (int i = 0; i < COUNT; i++) {
        const pid_t child = fork();
        if (child < 0)
            give_up("fork");
        if (child == 0)
            _exit(i);
        int status;
        if (waitpid(child, &status, 0) != child)
            give_up("waitpid");
        checksum = mix(checksum, (uint64_t)WEXITSTATUS(status));
    }
    return checksum;
}

const struct program fork_program = {
    .name = "fork",
    .group = "system",
    .about = "fork, exit and wait",
    .operation = "process",
    .operations = COUNT,
    .work = work,
};
