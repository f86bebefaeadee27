/*
 * The first program of the guest. It says how long the kernel took, runs what the file /plan says, and switches the machine off:
 *
 *     GUEST init MICROSECONDS NANOSECONDS      the kernel's time of starting init; the monotonic clock now
 *     GUEST failed NAME STATUS                 a program did not succeed
 *     GUEST end NANOSECONDS                    the monotonic clock before switching off
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_WORDS 8

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* The time stamp of the kernel's own message, which "quiet" keeps from the console but not from its log. */
static long long init_time(void)
{
    char record[8192];
    const int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
    long long found = -1;
    for (ssize_t length; log >= 0 && (length = read(log, record, sizeof record - 1)) > 0;) {
        record[length] = 0;
        long long time;
        if (strstr(record, "Run /init as init process") != NULL && sscanf(record, "%*u,%*u,%lld", &time) == 1)
            found = time;
    }
    close(log);
    return found;
}

static void run(char *line)
{
    char *words[MOST_WORDS + 1] = { "/bench/programs" };
    int count = 1;
    for (char *word = strtok(line, " \n"); word != NULL && count < MOST_WORDS; word = strtok(NULL, " \n"))
        words[count++] = word;
    if (count == 1)
        return;
    const pid_t child = fork();
    if (child == 0) {
        execv(words[0], words);
        perror(words[0]);
        _exit(EXIT_FAILURE);
    }
    int status;
    waitpid(child, &status, 0);
    if (status != 0)
        printf("GUEST failed %s %d\n", words[1], status);
}

static void run_plan(void)
{
    /* The kernel still has work in the background when init starts. */
    nanosleep(&(struct timespec){ .tv_nsec = 200 * 1000 * 1000 }, NULL);
    char line[128];
    FILE *plan = fopen("/plan", "r");
    while (plan != NULL && fgets(line, sizeof line, plan) != NULL)
        run(line);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    printf("GUEST init %lld %lld\n", init_time(), now());
    run_plan();
    printf("GUEST end %lld\n", now());
    reboot(RB_POWER_OFF);
    perror("reboot");
    pause();
}
