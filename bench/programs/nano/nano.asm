; The nanobenchmarks of Adams and Agesen, "A Comparison of Software and Hardware Techniques for x86 Virtualization" (ASPLOS 2006),
; as a multiboot kernel that needs no operating system. On the first serial port it says
;
;     NANO start TICKS                      its time-stamp counter, for whoever reads this to compare with another clock
;     NANO result NAME TICKS OPERATIONS     so many operations took so many ticks
;     NANO failed NAME                      something else happened than should have
;     NANO end TICKS
;
; and ends through isa-debug-exit. Assemble with "nasm -f bin".

LOAD_ADDRESS    equ 0x100000
EXIT_PORT       equ 0xF4
EXIT_GOOD       equ 0x10
EXIT_BAD        equ 0x11

org LOAD_ADDRESS
bits 32

%include "boot.inc"

bits 64

%include "descriptors.inc"
%include "console.inc"
%include "operations.inc"

; A benchmark is measured in one stretch that takes at least so many ticks of a counter of 1 to 4 GHz.
LEAST_TICKS     equ 200_000_000
FIRST_PASSES    equ 64

struc benchmark
    .name       resq 1
    .routine    resq 1      ; makes RBX passes and counts them in R12 when they did what they should
    .operations resq 1      ; in a pass
endstruc

%macro benchmark 3
    section .data
%%name: db %1, 0
    section .table
    dq %%name, %2, %3
    section .text
%endmacro

; The last section of the image.
section .table follows=.data align=8
benchmarks:
section .text

    benchmark "syscall", syscall_passes, 1
    benchmark "in", in_passes, 1
    benchmark "cr8wr", cr8wr_passes, 1
    benchmark "call/ret", call_passes, CALLS_IN_A_PASS
    benchmark "pgfault", pgfault_passes, 1
    benchmark "divzero", divzero_passes, 1
    benchmark "ptemod", ptemod_passes, 1

section .table
    dq 0
image_end:
section .text

main:
    call load_descriptors
    mov rsi, start_text
    call print_time

    mov r15, benchmarks
.next:
    cmp qword [r15 + benchmark.name], 0
    je .end
    mov r14, FIRST_PASSES
.longer:
    shl r14, 2
    mov rbx, r14
    xor r12d, r12d
    call read_ticks
    mov r13, rax
    call [r15 + benchmark.routine]
    call read_ticks
    sub rax, r13
    cmp r12, r14
    jne failed
    cmp rax, LEAST_TICKS
    jb .longer
    call print_result
    add r15, benchmark_size
    jmp .next

.end:
    mov rsi, end_text
    call print_time
    mov eax, EXIT_GOOD
    out EXIT_PORT, eax
    jmp halt

; Takes RAX ticks for R14 passes of benchmark R15.
print_result:
    push rax
    mov rsi, result_text
    call print
    mov rsi, [r15 + benchmark.name]
    call print
    call print_space
    pop rax
    call print_number
    call print_space
    mov rax, r14
    mul qword [r15 + benchmark.operations]
    call print_number
    jmp print_line_end

; Says RSI and the time.
print_time:
    call print
    call read_ticks
    call print_number
    jmp print_line_end

; The benchmark R15 went wrong.
failed:
    mov rsi, failed_text
    call print
    mov rsi, [r15 + benchmark.name]
    call print
    call print_line_end
    mov eax, EXIT_BAD
    out EXIT_PORT, eax
halt:
    cli
    hlt
    jmp halt

; RAX: the time-stamp counter, read when everything before is done.
read_ticks:
    lfence
    rdtsc
    shl rdx, 32
    or rax, rdx
    ret

section .data
start_text:     db "NANO start ", 0
end_text:       db "NANO end ", 0
result_text:    db "NANO result ", 0
failed_text:    db "NANO failed ", 0
