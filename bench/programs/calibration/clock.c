/* Additions that depend on each other take one cycle each, so this tells the length of a cycle of the processor's core. */
#include "../harness/program.h"

#define COUNT 1000000

static uint64_t work(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < COUNT / 20; i++)
        __asm__ volatile(".rept 20\n\tadd $3, %0\n\t.endr" : "+r"(sum));
    return mix(CHECKSUM_START, sum);
}

const struct program clock_program = {
    .name = "clock",
    .group = "calibration",
    .about = "dependent additions: the length of a core cycle",
    .operation = "cycle",
    .operations = COUNT,
    .work = work,
};
