/* The memory that the test and the oracle share; the test declares the same layout. All offsets are from its start. */
#pragma once
#include <stdint.h>

enum { MAX_REGIONS = 8, MAX_MAPPINGS = 64, MAX_CODE = 256 };

enum { REGION_WRITABLE = 1, REGION_EXECUTABLE = 2 };

/* A range of linear addresses that sequences may touch. */
struct region {
    uint64_t address;
    uint64_t length;
    uint64_t contents; /* the pages themselves */
    uint64_t image;    /* what they hold before each case; writable regions only */
    uint64_t flags;
};

/* Addresses that the oracle has mapped. */
struct mapping {
    uint64_t start;
    uint64_t end;
};

struct header {
    uint64_t size;
    uint64_t region_count;
    uint64_t slots;
    uint64_t changes;
    uint64_t max_changes;
    uint64_t code_region;
    struct region regions[MAX_REGIONS];
    struct mapping mappings[MAX_MAPPINGS]; /* the oracle's, as it fills in; regions among them */
};

/* General registers in the order of their encoding; the rest as FXSAVE64 and XSAVE lay it out (SDM 1 10.5.1, 13.5.2). */
struct registers {
    uint64_t general[16];
    uint64_t rip;
    uint64_t rflags;
    uint8_t legacy[512];
    uint8_t ymm_high[256];
};

enum { STATUS_TRAPPED = 1, STATUS_ENDLESS = 2, STATUS_TOO_MANY_CHANGES = 3 };

struct slot {
    uint32_t is_32_bit;
    uint32_t code_offset;
    uint32_t code_length;
    uint32_t status;
    uint64_t trap;
    uint64_t error;
    uint64_t cr2;
    uint32_t first_change;
    uint32_t change_count;
    struct registers before;
    struct registers after;
    uint8_t code[MAX_CODE];
};

/* A quadword of a writable region that differs from its image. */
struct change {
    uint64_t address;
    uint64_t value;
};
