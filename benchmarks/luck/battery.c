/* TestU01 over raw 64-bit draws read from standard input.

   battery VIEW small|rabbit|crush|big [LOG2_BITS]
   battery VIEW repeat TEST TIMES

   VIEW: high   the upper 32 bits of each draw
         low    the lower 32 bits, in reverse order (the lowest bit first: TestU01 looks hardest
                at the first bits of a number)
         both   high and low in turn
   rabbit takes the base-2 logarithm of how many bits each of its tests may read. repeat runs one
   of Crush's tests, by its number, so many times: what to do with a p-value that looks odd. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "TestU01.h"

#define WORDS (1 << 15)
static uint64_t block[WORDS];
static size_t at = WORDS;
static uint64_t words_read = 0;

static uint64_t next_word(void)
{
    if (at == WORDS) {
        if (fread(block, sizeof block, 1, stdin) != 1) {
            fprintf(stderr, "battery: standard input ended\n");
            exit(2);
        }
        at = 0;
    }
    words_read++;
    return block[at++];
}

static uint32_t reversed(uint32_t x)
{
    x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
    x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
    x = (x >> 4 & 0x0F0F0F0Fu) | (x & 0x0F0F0F0Fu) << 4;
    return __builtin_bswap32(x);
}

static unsigned int high(void) { return (unsigned int)(next_word() >> 32); }

static unsigned int low(void) { return reversed((uint32_t)next_word()); }

static unsigned int both(void)
{
    static uint64_t word;
    static int half = 0;
    half = !half;
    if (half) {
        word = next_word();
        return (unsigned int)(word >> 32);
    }
    return reversed((uint32_t)word);
}

int main(int count, char **words)
{
    if (count < 3) {
        fprintf(stderr, "usage: battery high|low|both small|rabbit|crush|big|repeat ...\n");
        return 2;
    }
    unsigned int (*view)(void) = !strcmp(words[1], "high") ? high
                               : !strcmp(words[1], "low") ? low : both;
    unif01_Gen *generator = unif01_CreateExternGenBits(words[1], view);
    swrite_Basic = FALSE; /* the summary, not every table */
    if (!strcmp(words[2], "small"))
        bbattery_SmallCrush(generator);
    else if (!strcmp(words[2], "rabbit"))
        bbattery_Rabbit(generator, (double)(1ull << atoi(count > 3 ? words[3] : "30")));
    else if (!strcmp(words[2], "crush"))
        bbattery_Crush(generator);
    else if (!strcmp(words[2], "repeat") && count == 5) {
        int times[256] = {0};
        times[atoi(words[3]) & 255] = atoi(words[4]);
        bbattery_RepeatCrush(generator, times);
    } else
        bbattery_BigCrush(generator);
    printf(" Draws read: %llu\n", (unsigned long long)words_read);
    unif01_DeleteExternGenBits(generator);
    return 0;
}
