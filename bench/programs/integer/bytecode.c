/* An interpreter with a switch in a loop. Its program counts Collatz steps for all numbers below a limit. */
#include "../harness/program.h"

#define LIMIT 2000
#define EXECUTED 681938 /* instructions for that limit; the checksum has what was counted */

enum { LOAD, COPY, ADD, TRIPLE, HALVE, SKIP_IF_ODD, SKIP_UNLESS_ONE, SKIP_IF_BELOW, JUMP, STOP };

struct instruction {
    unsigned char code, to, from;
    signed char offset;
    uint32_t value;
};

enum { NUMBER, CURRENT, STEPS, ONE, END, REGISTERS };

static const struct instruction code[] = {
    { LOAD, NUMBER, 0, 0, 1 },
    { LOAD, STEPS, 0, 0, 0 },
    { LOAD, ONE, 0, 0, 1 },
    { LOAD, END, 0, 0, LIMIT },
    { COPY, CURRENT, NUMBER, 0, 0 },       /* 4: next number */
    { SKIP_UNLESS_ONE, CURRENT, 0, 1, 0 }, /* 5: next step */
    { JUMP, 0, 0, 6, 0 },
    { ADD, STEPS, ONE, 0, 0 },
    { SKIP_IF_ODD, CURRENT, 0, 2, 0 },
    { HALVE, CURRENT, 0, 0, 0 },
    { JUMP, 0, 0, -6, 0 },
    { TRIPLE, CURRENT, 0, 0, 0 },
    { JUMP, 0, 0, -8, 0 },
    { ADD, NUMBER, ONE, 0, 0 }, /* 13 */
    { SKIP_IF_BELOW, NUMBER, END, 1, 0 },
    { STOP, 0, 0, 0, 0 },
    { JUMP, 0, 0, -13, 0 },
};

static uint64_t executed;

static uint32_t interpret(const struct instruction *at)
{
    uint32_t registers[REGISTERS] = { 0 };
    for (uint64_t count = 1;; at++, count++) {
        uint32_t *const to = &registers[at->to];
        switch (at->code) {
        case LOAD:
            *to = at->value;
            break;
        case COPY:
            *to = registers[at->from];
            break;
        case ADD:
            *to += registers[at->from];
            break;
        case TRIPLE:
            *to = *to * 3 + 1;
            break;
        case HALVE:
            *to /= 2;
            break;
        case SKIP_IF_ODD:
            at += *to % 2 != 0 ? at->offset : 0;
            break;
        case SKIP_UNLESS_ONE:
            at += *to != 1 ? at->offset : 0;
            break;
        case SKIP_IF_BELOW:
            at += *to < registers[at->from] ? at->offset : 0;
            break;
        case JUMP:
            at += at->offset;
            break;
        case STOP:
            executed = count;
            return registers[STEPS];
        }
    }
}

static uint64_t work(void)
{
    const uint32_t steps = interpret(code);
    return mix(mix(CHECKSUM_START, steps), executed);
}

const struct program bytecode_program = {
    .name = "bytecode",
    .group = "integer",
    .about = "bytecode interpreter: a switch in a loop",
    .operation = "instruction",
    .operations = EXECUTED,
    .work = work,
};
