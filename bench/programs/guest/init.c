/*
 * The first program of the guest. It says how long the kernel took, loads the modules that the file /modules/order names, runs
 * what the file /plan says, and switches the machine off:
 *
 *     GUEST init MICROSECONDS NANOSECONDS      the kernel's time of starting init; the monotonic clock now
 *     GUEST failed NAME STATUS                 a program did not succeed
 *     GUEST end NANOSECONDS                    the monotonic clock before switching off
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
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

/* And shows the devices that they find. */
static void load_modules(void)
{
    char path[256] = "/modules/";
    const size_t start = strlen(path);
    FILE *order = fopen("/modules/order", "r");
    while (order != NULL && fgets(path + start, sizeof path - start, order) != NULL) {
        path[strcspn(path, "\n")] = 0;
        const int module = open(path, O_RDONLY);
        if (module < 0 || syscall(SYS_finit_module, module, "", 0) != 0)
            perror(path);
        close(module);
    }
    if (order != NULL && mount("dev", "/dev", "devtmpfs", 0, NULL) != 0)
        perror("/dev");
}

/* A program with its arguments; one without a path is a benchmark. */
static void run(char *line)
{
    char *words[MOST_WORDS + 1] = { "/bench/programs" };
    int count = line[0] == '/' ? 0 : 1;
    for (char *word = strtok(line, " \n"); word != NULL && count < MOST_WORDS; word = strtok(NULL, " \n"))
        words[count++] = word;
    if (count == 0 || (count == 1 && line[0] != '/'))
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
        printf("GUEST failed %s %d\n", words[words[0] == line ? 0 : 1], status);
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
    load_modules();
    run_plan();
    printf("GUEST end %lld\n", now());
    reboot(RB_POWER_OFF);
    perror("reboot");
    pause();
}
