/* A virtio disk past the page cache (O_DIRECT): several pieces under way at once, one after the other or here and there. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../harness/program.h"

#define DEVICE "/dev/vda"
#define SIZE (256u << 20)
#define PIECE (1u << 20)
#define BLOCK 4096u
#define PIECES 64
#define BLOCKS 2048
#define MOST_DEPTH 32

struct pattern {
    uint32_t bytes;  /* of one transfer */
    uint32_t count;  /* of transfers */
    uint32_t depth;  /* transfers under way */
    int random;
};

static const struct pattern sequential = { PIECE, PIECES, 4, 0 }, scattered = { BLOCK, BLOCKS, 32, 1 };

static int file;
static aio_context_t context;
static unsigned char *buffers;
static struct iocb blocks[MOST_DEPTH];

/* What every word of the disk is, by its place. */
static uint64_t word_at(uint64_t offset)
{
    return (offset + 8) * 0x9E3779B97F4A7C15u;
}

static void fill(unsigned char *buffer, uint64_t offset, uint32_t bytes)
{
    for (uint32_t at = 0; at < bytes; at += 8)
        *(uint64_t *)(buffer + at) = word_at(offset + at);
}

static void prepare(void)
{
    file = open(DEVICE, O_RDWR | O_DIRECT);
    if (file < 0)
        give_up(DEVICE);
    buffers = aligned_alloc(BLOCK, (size_t)MOST_DEPTH * PIECE);
    if (buffers == NULL || syscall(SYS_io_setup, MOST_DEPTH, &context) != 0)
        give_up("io_setup");
    for (uint32_t offset = 0; offset < SIZE; offset += PIECE) {
        fill(buffers, offset, PIECE);
        if (pwrite(file, buffers, PIECE, offset) != PIECE)
            give_up(DEVICE);
    }
}

static void start(const struct pattern *pattern, int opcode, unsigned slot, uint32_t index, uint32_t *random)
{
    const uint64_t offset = pattern->random ? (uint64_t)(next_random(random) % (SIZE / BLOCK)) * BLOCK : (uint64_t)index * pattern->bytes;
    unsigned char *const buffer = buffers + (size_t)slot * PIECE;
    if (opcode == IOCB_CMD_PWRITE && pattern->random)
        fill(buffer, offset, pattern->bytes);
    struct iocb *block = &blocks[slot];
    memset(block, 0, sizeof *block);
    block->aio_data = slot;
    block->aio_lio_opcode = (uint16_t)opcode;
    block->aio_fildes = (uint32_t)file;
    block->aio_buf = (uint64_t)(uintptr_t)buffer;
    block->aio_nbytes = pattern->bytes;
    block->aio_offset = (int64_t)offset;
    if (syscall(SYS_io_submit, context, 1, &(struct iocb *){ block }) != 1)
        give_up("io_submit");
}

/* Transfers end in any order, so what they bring is added up. */
static uint64_t transfer(const struct pattern *pattern, int opcode)
{
    uint64_t sum = 0;
    uint32_t begun = 0, random = 17;
    for (unsigned slot = 0; slot < pattern->depth; slot++)
        start(pattern, opcode, slot, begun++, &random);
    for (uint32_t ended = 0; ended < pattern->count;) {
        struct io_event events[MOST_DEPTH];
        const long got = syscall(SYS_io_getevents, context, 1, MOST_DEPTH, events, NULL);
        if (got < 1)
            give_up("io_getevents");
        for (long i = 0; i < got; i++, ended++) {
            if (events[i].res != pattern->bytes)
                give_up("a transfer");
            const unsigned char *buffer = buffers + events[i].data * PIECE;
            sum += *(const uint64_t *)buffer ^ *(const uint64_t *)(buffer + pattern->bytes - 8);
            if (begun < pattern->count)
                start(pattern, opcode, (unsigned)events[i].data, begun++, &random);
        }
    }
    return opcode == IOCB_CMD_PREAD ? mix(CHECKSUM_START, sum) : CHECKSUM_START;
}

static uint64_t read_pieces(void)
{
    return transfer(&sequential, IOCB_CMD_PREAD);
}

static uint64_t write_pieces(void)
{
    return transfer(&sequential, IOCB_CMD_PWRITE);
}

static uint64_t read_blocks(void)
{
    return transfer(&scattered, IOCB_CMD_PREAD);
}

static uint64_t write_blocks(void)
{
    return transfer(&scattered, IOCB_CMD_PWRITE);
}

const struct program disk_read_program = {
    .name = "disk-read",
    .group = "disk",
    .about = "virtio-blk, pieces of 1 MiB one after the other, 4 under way",
    .operation = "MiB",
    .operations = PIECES,
    .prepare = prepare,
    .work = read_pieces,
};
const struct program disk_write_program = {
    .name = "disk-write",
    .group = "disk",
    .about = "the same, written",
    .operation = "MiB",
    .operations = PIECES,
    .prepare = prepare,
    .work = write_pieces,
};
const struct program disk_read_4k_program = {
    .name = "disk-read-4k",
    .group = "disk",
    .about = "virtio-blk, 4 KiB here and there, 32 under way",
    .operation = "block",
    .operations = BLOCKS,
    .prepare = prepare,
    .work = read_blocks,
};
const struct program disk_write_4k_program = {
    .name = "disk-write-4k",
    .group = "disk",
    .about = "the same, written",
    .operation = "block",
    .operations = BLOCKS,
    .prepare = prepare,
    .work = write_blocks,
};
