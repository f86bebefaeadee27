#define _GNU_SOURCE
#include <sys/mman.h>

#include "../harness/program.h"

#define PAGE 4096
#define COUNT 256

static uint64_t work(void)
{
    unsigned char *memory = mmap(NULL, PAGE * COUNT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        give_up("mmap");
    /* A kernel without large pages refuses; then there is nothing to prevent. */
    madvise(memory, PAGE * COUNT, MADV_NOHUGEPAGE);
    uint64_t checksum = CHECKSUM_START;
    for (size_t at = 0; at < PAGE * COUNT; at += PAGE) {
        checksum = mix(checksum, memory[at + 1]);
        memory[at] = 1;
    }
    munmap(memory, PAGE * COUNT);
    return checksum;
}

const struct program fault_program = {
    .name = "fault",
    .group = "system",
    .about = "first touch of fresh pages: a fault to read, another to write",
    .operation = "page",
    .operations = COUNT,
    .work = work,
};
