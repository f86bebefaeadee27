/* Single-precision vectors with SSE: scale, add, limit, and a sum of products. */
#include <emmintrin.h>

#include "../harness/program.h"

#define COUNT 4096
#define ROUNDS 64

static _Alignas(16) float samples[COUNT], mixed[COUNT];

static void prepare(void)
{
    uint32_t random = 11;
    for (int i = 0; i < COUNT; i++)
        samples[i] = (float)(next_random(&random) % 2000) / 1000 - 1;
}

static uint64_t work(void)
{
    const __m128 gain = _mm_set1_ps(0.75f), highest = _mm_set1_ps(0.9f), lowest = _mm_set1_ps(-0.9f);
    for (int i = 0; i < COUNT; i++)
        mixed[i] = 0;
    __m128 energy = _mm_setzero_ps();
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < COUNT; i += 4) {
            const __m128 sample = _mm_load_ps(&samples[i]);
            const __m128 sum = _mm_add_ps(_mm_mul_ps(_mm_load_ps(&mixed[i]), gain), sample);
            const __m128 limited = _mm_max_ps(_mm_min_ps(sum, highest), lowest);
            energy = _mm_add_ps(energy, _mm_mul_ps(limited, sample));
            _mm_store_ps(&mixed[i], limited);
        }
    }
    float parts[4];
    _mm_storeu_ps(parts, energy);
    return mix_bytes(mix_bytes(CHECKSUM_START, parts, sizeof parts), mixed, 256);
}

const struct program vector_float_program = {
    .name = "vector-float",
    .group = "float",
    .about = "SSE single precision: mix 4,096 samples",
    .operation = "element",
    .operations = COUNT * ROUNDS,
    .prepare = prepare,
    .work = work,
};
