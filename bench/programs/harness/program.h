/* What a benchmark program is, and what all of them may use. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct program {
    const char *name;
    const char *group;        /* integer, float, memory, system, disk, network or calibration */
    const char *about;        /* one line for people */
    const char *operation;    /* what is counted, in one word: "element" */
    unsigned long operations; /* in one call of work */
    void (*prepare)(void);    /* called once, not measured; may be null */
    uint64_t (*work)(void);   /* the same work each time; returns its checksum, the same each time and on every machine */
};

/* The directory that this executable lies in, without a slash at the end. */
extern const char *program_directory;

/* Ends the process with a message, because the system refused something. */
_Noreturn void give_up(const char *what);

/* A reproducible generator (Marsaglia's xorshift32); a state is never 0. */
static inline uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

/* Takes a value into a checksum (FNV-1a, a word at a time). */
static inline uint64_t mix(uint64_t checksum, uint64_t value)
{
    return (checksum ^ value) * 0x100000001B3u;
}

uint64_t mix_bytes(uint64_t checksum, const void *bytes, size_t count);

#define CHECKSUM_START 0xCBF29CE484222325u
