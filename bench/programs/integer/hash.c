#include <string.h>

#include "../harness/program.h"

#define SLOTS 65536u
#define COUNT 32000

/* Open addressing; key 0 marks an empty slot, and no key is 0. */
static struct {
    uint32_t key, value;
} table[SLOTS];

static uint32_t slot_of(uint32_t key)
{
    uint32_t slot = (key * 2654435769u) >> 16;
    while (table[slot].key != 0 && table[slot].key != key)
        slot = (slot + 1) % SLOTS;
    return slot;
}

static uint64_t work(void)
{
    memset(table, 0, sizeof table);
    uint32_t random = 5;
    for (int i = 0; i < COUNT; i++) {
        const uint32_t key = next_random(&random), slot = slot_of(key);
        table[slot].key = key;
        table[slot].value += key >> 7;
    }

    uint64_t checksum = CHECKSUM_START;
    random = 5;
    for (int i = 0; i < COUNT; i++)
        checksum = mix(checksum, table[slot_of(next_random(&random))].value);
    return checksum;
}

const struct program hash_program = {
    .name = "hash",
    .group = "integer",
    .about = "hash table of 32,000 keys: insert, look up",
    .operation = "key",
    .operations = COUNT,
    .work = work,
};
