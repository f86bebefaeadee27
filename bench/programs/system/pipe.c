#include <unistd.h>

#include "../harness/program.h"

#define COUNT 100

static int there[2], back[2];

/* The other process sends back each byte plus one, until its end of the pipe is closed by our exit. */
static void prepare(void)
{
    if (pipe(there) != 0 || pipe(back) != 0)
        give_up("pipe");
    const pid_t child = fork();
    if (child < 0)
        give_up("fork");
    if (child == 0) {
        unsigned char byte;
        close(there[1]);
        while (read(there[0], &byte, 1) == 1) {
            byte++;
            if (write(back[1], &byte, 1) != 1)
                break;
        }
        _exit(0);
    }
}

static uint64_t work(void)
{
    uint64_t checksum = CHECKSUM_START;
    for (int i = 0; i < COUNT; i++) {
        unsigned char byte = (unsigned char)i;
        if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
            give_up("pipe");
        checksum = mix(checksum, byte);
    }
    return checksum;
}

const struct program pipe_program = {
    .name = "pipe",
    .group = "system",
    .about = "a byte through a pipe to another process and back",
    .operation = "round-trip",
    .operations = COUNT,
    .prepare = prepare,
    .work = work,
};
