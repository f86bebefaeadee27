/*
 * Runs instruction sequences on the host CPU in user mode and reports how each ended.
 *
 * oracle FILE: maps FILE (struct header), then for each 4-byte count read from standard input runs that many slots and
 * writes one byte to standard output. A sequence ends by an exception, which Linux turns into a signal. The handler stores
 * the interrupted state, puts the memory back, and returns from the signal into the next sequence: one signal a case.
 *
 * The process gives up all system calls but read, write, exit and sigreturn before it runs anything.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <linux/seccomp.h>
#include <ucontext.h>
#include <unistd.h>
#include "shared.h"

enum {
    SELECTOR_CODE_64 = 0x33, SELECTOR_CODE_32 = 0x23, SELECTOR_DATA = 0x2B,
    XSAVE_HEADER = 512, XSAVE_YMM = 576,
    X87_SSE_AVX = 7,
    /* FXSAVE's bytes from here on belong to software; Linux keeps the frame's size there. */
    LEGACY_LENGTH = 416,
    INT3 = 0xCC,
};

static const int general_order[16] = {
    REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
    REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};

static struct header *shared;
static struct slot *slots;
static struct change *changes;
static uint32_t used_changes;
static uint32_t slot_count;
static uint32_t current;
static int running;
static uint32_t slot_at_last_tick;
static int ticks_in_slot;
static gregset_t main_registers;
static unsigned ymm_offset;

static void *at(uint64_t offset) { return (char *)shared + offset; }

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static uint8_t *code_of(const struct slot *slot)
{
    return (uint8_t *)at(shared->regions[shared->code_region].contents) + slot->code_offset;
}

static void enter_slot(mcontext_t *context, struct slot *slot)
{
    memcpy(code_of(slot), slot->code, slot->code_length);
    greg_t *general = context->gregs;
    for (int i = 0; i < 16; i++)
        general[general_order[i]] = (greg_t)slot->before.general[i];
    general[REG_RIP] = (greg_t)slot->before.rip;
    general[REG_EFL] = (greg_t)slot->before.rflags;
    general[REG_CSGSFS] = (greg_t)((slot->is_32_bit ? SELECTOR_CODE_32 : SELECTOR_CODE_64) | (uint64_t)SELECTOR_DATA << 48);

    uint8_t *area = (uint8_t *)context->fpregs;
    memcpy(area, slot->before.legacy, LEGACY_LENGTH);
    uint64_t present = X87_SSE_AVX;
    memcpy(area + XSAVE_HEADER, &present, sizeof present);
    memcpy(area + ymm_offset, slot->before.ymm_high, sizeof slot->before.ymm_high);
}

/* XSAVE says in its header which components are in their initial state (SDM 1 13.6). */
static void store_vectors(struct registers *registers, const uint8_t *area)
{
    uint64_t present;
    memcpy(&present, area + XSAVE_HEADER, sizeof present);
    memcpy(registers->legacy, area, LEGACY_LENGTH);
    if (!(present & 1)) {
        static const uint8_t initial[24] = { 0x7F, 3 };
        memcpy(registers->legacy, initial, sizeof initial);
        memset(registers->legacy + 32, 0, 128);
    }
    if (!(present & 2))
        memset(registers->legacy + 160, 0, 256);
    if (present & 4)
        memcpy(registers->ymm_high, area + ymm_offset, sizeof registers->ymm_high);
    else
        memset(registers->ymm_high, 0, sizeof registers->ymm_high);
}

/* Records what differs from a region's image and puts it back. */
static int restore_region(const struct region *region)
{
    uint64_t *contents = at(region->contents);
    const uint64_t *image = at(region->image);
    int fits = 1;
    for (uint64_t i = 0; i < region->length / 8; i += 8) {
        uint64_t difference = 0;
        for (int j = 0; j < 8; j++)
            difference |= contents[i + j] ^ image[i + j];
        if (!difference)
            continue;
        for (int j = 0; j < 8; j++) {
            if (contents[i + j] == image[i + j])
                continue;
            if (used_changes < shared->max_changes)
                changes[used_changes++] = (struct change) { region->address + (i + j) * 8, contents[i + j] };
            else
                fits = 0;
            contents[i + j] = image[i + j];
        }
    }
    return fits;
}

static void leave_slot(mcontext_t *context, struct slot *slot, uint32_t status)
{
    greg_t *general = context->gregs;
    for (int i = 0; i < 16; i++)
        slot->after.general[i] = (uint64_t)general[general_order[i]];
    slot->after.rip = (uint64_t)general[REG_RIP];
    slot->after.rflags = (uint64_t)general[REG_EFL];
    slot->trap = (uint64_t)general[REG_TRAPNO];
    slot->error = (uint64_t)general[REG_ERR];
    slot->cr2 = (uint64_t)general[REG_CR2];
    store_vectors(&slot->after, (const uint8_t *)context->fpregs);

    slot->first_change = used_changes;
    for (uint64_t i = 0; i < shared->region_count; i++) {
        if ((shared->regions[i].flags & REGION_WRITABLE) && !restore_region(&shared->regions[i]))
            status = STATUS_TOO_MANY_CHANGES;
    }
    slot->change_count = used_changes - slot->first_change;
    slot->status = status;
    memset(code_of(slot), INT3, slot->code_length);
}

static void leave_main(mcontext_t *context)
{
    memcpy(main_registers, context->gregs, sizeof main_registers);
    for (uint64_t i = 0; i < shared->region_count; i++) {
        const struct region *region = &shared->regions[i];
        if (region->flags & REGION_WRITABLE)
            memcpy(at(region->contents), at(region->image), region->length);
    }
    used_changes = 0;
    current = 0;
    running = 1;
}

static void return_to_main(mcontext_t *context)
{
    running = 0;
    memcpy(context->gregs, main_registers, sizeof main_registers);
    /* All components in their initial state, MXCSR with them. */
    uint64_t present = 0;
    memcpy((uint8_t *)context->fpregs + XSAVE_HEADER, &present, sizeof present);
    uint32_t mxcsr = 0x1F80;
    memcpy((uint8_t *)context->fpregs + 24, &mxcsr, sizeof mxcsr);
}

__attribute__((used)) static void on_signal(int signal, siginfo_t *info, void *argument)
{
    (void)info;
    mcontext_t *context = &((ucontext_t *)argument)->uc_mcontext;
    uint32_t status = STATUS_TRAPPED;
    if (signal == SIGVTALRM) {
        if (!running)
            return;
        if (slot_at_last_tick != current) {
            slot_at_last_tick = current;
            ticks_in_slot = 0;
            return;
        }
        if (++ticks_in_slot < 2)
            return;
        status = STATUS_ENDLESS;
    }
    if (running)
        leave_slot(context, &slots[current++], status);
    else
        leave_main(context);
    if (current < slot_count)
        enter_slot(context, &slots[current]);
    else
        return_to_main(context);
}

/* A sequence's AC, NT and ID would still be set here, and NT and ID would leak into the next case. */
void signal_entry(int, siginfo_t *, void *);
__asm__(".text\n"
        "signal_entry:\n"
        "    pushfq\n"
        "    andq $~0x244000, (%rsp)\n"
        "    popfq\n"
        "    jmp on_signal\n");

static void handle(int signal)
{
    struct sigaction action = { .sa_sigaction = signal_entry, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    sigfillset(&action.sa_mask);
    if (sigaction(signal, &action, NULL))
        die("sigaction");
}

static void map_shared(const char *path)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status))
        die(path);
    shared = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
    if (shared == MAP_FAILED)
        die("mmap");
    for (uint64_t i = 0; i < shared->region_count; i++) {
        const struct region *region = &shared->regions[i];
        int protection = PROT_READ | (region->flags & REGION_WRITABLE ? PROT_WRITE : 0) | (region->flags & REGION_EXECUTABLE ? PROT_EXEC : 0);
        void *wanted = (void *)region->address;
        if (mmap(wanted, region->length, protection, MAP_SHARED | MAP_POPULATE | MAP_FIXED_NOREPLACE, file, (off_t)region->contents) != wanted)
            die("mmap of a region");
    }
    slots = at(shared->slots);
    changes = at(shared->changes);
    close(file);
}

/* Its own code, stack and libraries lie where the kernel likes: a sequence may hit them. */
static void list_mappings(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    if (!maps)
        die("/proc/self/maps");
    char line[1024];
    for (int i = 0; i < MAX_MAPPINGS && fgets(line, sizeof line, maps); i++) {
        struct mapping *mapping = &shared->mappings[i];
        if (sscanf(line, "%" SCNx64 "-%" SCNx64, &mapping->start, &mapping->end) != 2)
            die(line);
    }
    fclose(maps);
}

static void prepare_processor(void)
{
    unsigned eax, ecx, edx;
    __cpuid_count(0xD, 2, eax, ymm_offset, ecx, edx);
    if (!eax)
        ymm_offset = XSAVE_YMM;
    /* 64-bit processes have null selectors here, which 32-bit code cannot use. */
    __asm__ volatile("mov %0, %%ds\n\tmov %0, %%es" : : "r"(SELECTOR_DATA));
}

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    map_shared(arguments[1]);
    /* An access below the stack would make it grow instead of faulting. */
    if (setrlimit(RLIMIT_STACK, &(struct rlimit) { 4096, 4096 }))
        die("setrlimit");
    list_mappings();
    static char stack[256 * 1024];
    if (sigaltstack(&(stack_t) { .ss_sp = stack, .ss_size = sizeof stack }, NULL))
        die("sigaltstack");
    static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGVTALRM };
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
        handle(signals[i]);
    prepare_processor();
    struct itimerval tick = { { 0, 20000 }, { 0, 20000 } };
    if (setitimer(ITIMER_VIRTUAL, &tick, NULL))
        die("setitimer");
    prctl(PR_SET_DUMPABLE, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
        die("seccomp");

    while (read(0, &slot_count, sizeof slot_count) == sizeof slot_count) {
        if (slot_count) {
            __asm__ volatile("int3" : : : "memory", "cc", "rax", "rcx", "rdx", "rbx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
                "r13", "r14", "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
        }
        if (write(1, "", 1) != 1)
            break;
    }
    /* exit_group is not allowed any more. */
    for (;;)
        __asm__ volatile("syscall" : : "a"(60), "D"(0) : "rcx", "r11", "memory");
}
