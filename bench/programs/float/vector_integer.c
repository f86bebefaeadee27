/* Packed integers with SSE2: blends two pictures, byte by byte, and sums up their differences. */
#include <emmintrin.h>

#include "../harness/program.h"

#define COUNT 16384
#define ROUNDS 32

static _Alignas(16) unsigned char front[COUNT], back[COUNT], blended[COUNT];

static void prepare(void)
{
    uint32_t random = 12;
    for (int i = 0; i < COUNT; i++) {
        front[i] = (unsigned char)next_random(&random);
        back[i] = (unsigned char)next_random(&random);
    }
}

static __m128i weigh(__m128i a, __m128i b, __m128i weight)
{
    return _mm_add_epi16(b, _mm_srai_epi16(_mm_mullo_epi16(_mm_sub_epi16(a, b), weight), 7));
}

static uint64_t work(void)
{
    const __m128i zero = _mm_setzero_si128();
    __m128i difference = zero;
    for (short round = 0; round < ROUNDS; round++) {
        const __m128i weight = _mm_set1_epi16(round * 4);
        for (int i = 0; i < COUNT; i += 16) {
            const __m128i a = _mm_load_si128((const __m128i *)&front[i]), b = _mm_load_si128((const __m128i *)&back[i]);
            const __m128i low = weigh(_mm_unpacklo_epi8(a, zero), _mm_unpacklo_epi8(b, zero), weight);
            const __m128i high = weigh(_mm_unpackhi_epi8(a, zero), _mm_unpackhi_epi8(b, zero), weight);
            const __m128i result = _mm_packus_epi16(low, high);
            difference = _mm_add_epi64(difference, _mm_sad_epu8(result, b));
            _mm_store_si128((__m128i *)&blended[i], result);
        }
    }
    uint64_t parts[2];
    _mm_storeu_si128((__m128i *)parts, difference);
    return mix_bytes(mix(mix(CHECKSUM_START, parts[0]), parts[1]), blended, 256);
}

const struct program vector_integer_program = {
    .name = "vector-integer",
    .group = "float",
    .about = "SSE2 packed integers: blend two pictures of 16 KiB",
    .operation = "byte",
    .operations = COUNT * ROUNDS,
    .prepare = prepare,
    .work = work,
};
