#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../harness/program.h"

static char nothing[4096];

static void prepare(void)
{
    snprintf(nothing, sizeof nothing, "%s/nothing", program_directory);
}

static uint64_t work(void)
{
    const pid_t child = fork();
    if (child < 0)
        give_up("fork");
    if (child == 0) {
        execl(nothing, nothing, (char *)NULL);
        _exit(127);
    }
    int status;
    if (waitpid(child, &status, 0) != child || status != 0)
        give_up(nothing);
    return mix(CHECKSUM_START, (uint64_t)status);
}

const struct program exec_program = {
    .name = "exec",
    .group = "system",
    .about = "fork, exec of a small static program and wait",
    .operation = "process",
    .operations = 1,
    .prepare = prepare,
    .work = work,
};
