#include "../harness/program.h"

#define SIZE 64

static double left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];

static void prepare(void)
{
    uint32_t random = 10;
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            left[i][j] = next_random(&random) % 1000 / 7.0;
            right[i][j] = next_random(&random) % 1000 / 9.0;
        }
    }
}

static uint64_t work(void)
{
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            double sum = 0;
            for (int k = 0; k < SIZE; k++)
                sum += left[i][k] * right[k][j];
            product[i][j] = sum;
        }
    }
    return mix_bytes(CHECKSUM_START, product[SIZE / 2], sizeof product[0]);
}

const struct program matmul_program = {
    .name = "matmul",
    .group = "float",
    .about = "product of 64 x 64 matrices, one double at a time",
    .operation = "multiply-add",
    .operations = SIZE * SIZE * SIZE,
    .prepare = prepare,
    .work = work,
};
