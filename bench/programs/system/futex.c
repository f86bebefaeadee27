/* Two processes on one processor hand over to each other through a word that they share. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../harness/program.h"

#define ROUND_TRIPS 100

static _Atomic uint32_t *turn;

static void await(uint32_t mine)
{
    for (uint32_t seen; (seen = *turn) % 2 != mine;) {
        if (syscall(SYS_futex, turn, FUTEX_WAIT, seen, NULL, NULL, 0) != 0 && errno != EAGAIN && errno != EINTR)
            give_up("futex");
    }
}

static void hand_over(void)
{
    ++*turn;
    syscall(SYS_futex, turn, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void prepare(void)
{
    turn = mmap(NULL, sizeof *turn, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (turn == MAP_FAILED)
        give_up("mmap");
    const pid_t child = fork();
    if (child < 0)
        give_up("fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
            await(1);
            hand_over();
        }
    }
}

static uint64_t work(void)
{
    const uint32_t before = *turn;
    for (int i = 0; i < ROUND_TRIPS; i++) {
        hand_over();
        await(0);
    }
    return mix(CHECKSUM_START, *turn - before);
}

const struct program futex_program = {
    .name = "futex",
    .group = "system",
    .about = "context switches between two processes that hand over through a futex",
    .operation = "switch",
    .operations = 2 * ROUND_TRIPS,
    .prepare = prepare,
    .work = work,
};
