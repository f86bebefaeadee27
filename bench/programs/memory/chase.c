/* A walk along a list whose nodes, one in each cache line, come in random order: each load waits for the one before. */
#include "../harness/program.h"

#define STEPS 100000
#define SMALL (256 * 1024 / sizeof(struct line))
#define LARGE (8 * 1024 * 1024 / sizeof(struct line))

struct line {
    struct line *next;
    uint64_t value;
    char rest[48];
};

static _Alignas(64) struct line lines[LARGE];

/* One cycle through all lines (Sattolo's shuffle). */
static void link_lines(uint32_t count)
{
    static uint32_t order[LARGE];
    uint32_t random = 13;
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count - 1; i > 0; i--) {
        const uint32_t other = next_random(&random) % i, swapped = order[i];
        order[i] = order[other];
        order[other] = swapped;
    }
    for (uint32_t i = 0; i < count; i++) {
        lines[order[i]].next = &lines[order[(i + 1) % count]];
        lines[order[i]].value = i;
    }
}

static void prepare_small(void)
{
    link_lines(SMALL);
}

static void prepare_large(void)
{
    link_lines(LARGE);
}

static uint64_t work(void)
{
    const struct line *at = lines;
    uint64_t sum = 0;
    for (int i = 0; i < STEPS; i++, at = at->next)
        sum += at->value;
    return mix(CHECKSUM_START, sum);
}

const struct program chase_256k_program = {
    .name = "chase-256k",
    .group = "memory",
    .about = "linked list over 256 KiB",
    .operation = "load",
    .operations = STEPS,
    .prepare = prepare_small,
    .work = work,
};
const struct program chase_8m_program = {
    .name = "chase-8m",
    .group = "memory",
    .about = "linked list over 8 MiB",
    .operation = "load",
    .operations = STEPS,
    .prepare = prepare_large,
    .work = work,
};
