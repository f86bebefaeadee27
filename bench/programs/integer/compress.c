/* LZ77 in the manner of LZ4: a token byte with the length of the literals, their bytes, an offset and a match length. */
#include <string.h>

#include "../harness/program.h"

#define SIZE 65536
#define HASH_SLOTS 8192
#define SHORTEST 4
#define LONGEST (SHORTEST + 255)

static unsigned char text[SIZE], packed[SIZE * 2], unpacked[SIZE];
static uint16_t last_seen[HASH_SLOTS];

static void prepare(void)
{
    static const char *const words[] = { "guest ", "host ", "page ", "table ", "translation ", "of ", "the ", "a ", "virtual ",
        "machine ", "monitor ", "runs ", "in ", "memory ", "cache ", "exits\n" };
    uint32_t random = 6;
    for (size_t at = 0; at < SIZE;) {
        const uint32_t choice = next_random(&random);
        const char *word = words[choice % 16];
        for (; *word != 0 && at < SIZE; word++)
            text[at++] = (unsigned char)*word;
        if (choice >> 29 == 0 && at < SIZE)
            text[at++] = '0' + (choice >> 8) % 10;
    }
}

static uint32_t word_at(const unsigned char *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static unsigned char *put_literals(unsigned char *out, const unsigned char *from, size_t count)
{
    while (count > 0) {
        const size_t part = count < 255 ? count : 255;
        *out++ = (unsigned char)part;
        memcpy(out, from, part);
        out += part, from += part, count -= part;
        /* No match follows a part that is not the last: offset 0. */
        if (count > 0)
            out = (unsigned char *)memset(out, 0, 3) + 3;
    }
    return out;
}

static size_t compress(void)
{
    unsigned char *out = packed;
    size_t at = 0, literals = 0;
    memset(last_seen, 0, sizeof last_seen);
    while (at + SHORTEST <= SIZE) {
        const uint32_t word = word_at(text + at);
        uint16_t *const slot = &last_seen[(word * 2654435769u) >> 19];
        const size_t candidate = *slot;
        *slot = (uint16_t)at;
        if (candidate >= at || word_at(text + candidate) != word) {
            at++;
            continue;
        }
        size_t length = SHORTEST;
        while (length < LONGEST && at + length < SIZE && text[candidate + length] == text[at + length])
            length++;
        if (at == literals)
            *out++ = 0;
        else
            out = put_literals(out, text + literals, at - literals);
        const uint16_t offset = (uint16_t)(at - candidate);
        memcpy(out, &offset, sizeof offset);
        out[2] = (unsigned char)(length - SHORTEST);
        out += 3;
        literals = at += length;
    }
    out = put_literals(out, text + literals, SIZE - literals);
    return (size_t)(out - packed);
}

static size_t decompress(size_t size)
{
    const unsigned char *in = packed, *const end = packed + size;
    unsigned char *out = unpacked;
    while (in < end) {
        const size_t literals = *in++;
        memcpy(out, in, literals);
        out += literals, in += literals;
        if (in >= end)
            break;
        uint16_t offset;
        memcpy(&offset, in, sizeof offset);
        for (size_t length = offset == 0 ? 0 : in[2] + SHORTEST; length > 0; length--, out++)
            *out = out[-offset];
        in += 3;
    }
    return (size_t)(out - unpacked);
}

static uint64_t work(void)
{
    const size_t size = compress();
    const size_t length = decompress(size);
    const int same = length == SIZE && memcmp(text, unpacked, SIZE) == 0;
    return mix(mix(mix_bytes(CHECKSUM_START, packed, 256), size), same);
}

const struct program compress_program = {
    .name = "compress",
    .group = "integer",
    .about = "LZ77 compression and decompression of 64 KiB of text",
    .operation = "byte",
    .operations = SIZE,
    .prepare = prepare,
    .work = work,
};
