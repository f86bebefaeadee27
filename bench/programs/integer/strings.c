/* Splits a text into words, folds case, counts words, looks for phrases and writes numbers. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "../harness/program.h"

#define SIZE 32768
#define SLOTS 256

static char text[SIZE + 1], copy[SIZE + 1];

static struct {
    const char *word;
    uint32_t count;
} words[SLOTS];

static void prepare(void)
{
    uint32_t random = 9;
    size_t at = 0;
    while (at < SIZE) {
        const uint32_t choice = next_random(&random);
        for (uint32_t i = 0; i < 2 + choice % 3 && at < SIZE; i++)
            text[at++] = (char)((i == 0 && choice & 256 ? 'A' : 'a') + (choice >> (12 + 3 * i)) % 4);
        if (at < SIZE)
            text[at++] = choice >> 28 == 0 ? '\n' : ' ';
    }
}

static void count_word(const char *word)
{
    uint32_t slot = 0;
    for (const char *at = word; *at != 0; at++)
        slot = slot * 31 + (unsigned char)*at;
    for (slot %= SLOTS; words[slot].word != NULL && strcmp(words[slot].word, word) != 0; slot = (slot + 1) % SLOTS)
        ;
    words[slot].word = word;
    words[slot].count++;
}

static uint32_t count_phrase(const char *phrase)
{
    uint32_t count = 0;
    for (const char *at = text; (at = strstr(at, phrase)) != NULL; at++)
        count++;
    return count;
}

static uint64_t work(void)
{
    memcpy(copy, text, sizeof copy);
    for (char *at = copy; *at != 0; at++)
        *at = (char)tolower((unsigned char)*at);
    memset(words, 0, sizeof words);
    for (char *rest = copy, *word; (word = strsep(&rest, " \n")) != NULL;) {
        /* The table has room for all words of up to three letters. */
        if (strlen(word) < 4)
            count_word(word);
    }

    uint64_t checksum = mix(mix(CHECKSUM_START, count_phrase("ab c")), count_phrase("da d"));
    for (int i = 0; i < SLOTS; i++) {
        char line[64];
        if (words[i].word != NULL)
            checksum = mix_bytes(checksum, line, (size_t)snprintf(line, sizeof line, "%s: %u\n", words[i].word, words[i].count));
    }
    return checksum;
}

const struct program strings_program = {
    .name = "strings",
    .group = "integer",
    .about = "splitting, folding, counting and searching text",
    .operation = "byte",
    .operations = SIZE,
    .prepare = prepare,
    .work = work,
};
