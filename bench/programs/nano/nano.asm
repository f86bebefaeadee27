; The nanobenchmarks of Adams and Agesen, "A Comparison of Software and Hardware Techniques for x86 Virtualization" (ASPLOS 2006),
; as a multiboot kernel that needs no operating system; measure.inc says what it prints. Assemble with "nasm -f bin".

%include "kernel.inc"

    benchmark "syscall", syscall_passes, 1
    benchmark "in", in_passes, 1
    benchmark "cr8wr", cr8wr_passes, 1
    benchmark "call/ret", call_passes, CALLS_IN_A_PASS
    benchmark "pgfault", pgfault_passes, 1
    benchmark "divzero", divzero_passes, 1
    benchmark "ptemod", ptemod_passes, 1
    end_of_benchmarks

main:
    call load_descriptors
    jmp measure
