#include "../harness/program.h"

#define NUMBER 25
#define CALLS 242785 /* 2 fib(26) - 1 */

/* Neither inlined nor made into a loop, so that each number is one call. */
__attribute__((noipa, optimize("no-optimize-sibling-calls"))) static uint32_t fib(uint32_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static uint64_t work(void)
{
    return mix(CHECKSUM_START, fib(NUMBER));
}

const struct program fib_program = {
    .name = "fib",
    .group = "integer",
    .about = "recursive Fibonacci numbers: calls and returns",
    .operation = "call",
    .operations = CALLS,
    .work = work,
};
