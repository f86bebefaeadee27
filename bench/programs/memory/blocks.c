/* The C library's memcpy and memset. An operation is a KiB. */
#include <string.h>

#include "../harness/program.h"

#define MEBIBYTE (1 << 20)
#define SHIFTS 16 /* of the target against the source, so that no alignment is lucky */

static unsigned char source[MEBIBYTE], target[MEBIBYTE + SHIFTS];

static void prepare(void)
{
    uint32_t random = 14;
    for (size_t i = 0; i < sizeof source; i++)
        source[i] = (unsigned char)next_random(&random);
}

/* The length is volatile lest the compiler make instructions of its own out of the call. */
static uint64_t copy(volatile size_t length, int times)
{
    for (int i = 0; i < times; i++)
        memcpy(target + i % SHIFTS, source, length);
    return mix_bytes(CHECKSUM_START, target + SHIFTS, 32);
}

static uint64_t fill(volatile size_t length, int times)
{
    for (int i = 0; i < times; i++)
        memset(target + i % SHIFTS, i, length);
    return mix_bytes(CHECKSUM_START, target + SHIFTS, 32);
}

#define BLOCKS(function, size, length, times, text)                                                                 \
    static uint64_t function##_##size(void)                                                                         \
    {                                                                                                               \
        return function(length, times);                                                                             \
    }                                                                                                               \
    const struct program function##_##size##_program = {                                                            \
        .name = #function "-" #size,                                                                                \
        .group = "memory",                                                                                          \
        .about = text,                                                                                              \
        .operation = "KiB",                                                                                         \
        .operations = (unsigned long)(length) * (times) / 1024,                                                     \
        .prepare = prepare,                                                                                         \
        .work = function##_##size,                                                                                  \
    };

BLOCKS(copy, 64, 64, 65536, "memcpy of 64 bytes")
BLOCKS(copy, 4k, 4096, 2048, "memcpy of 4 KiB")
BLOCKS(copy, 1m, MEBIBYTE, 16, "memcpy of 1 MiB")
BLOCKS(fill, 4k, 4096, 4096, "memset of 4 KiB")
BLOCKS(fill, 1m, MEBIBYTE, 32, "memset of 1 MiB")
