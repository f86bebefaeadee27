; What it takes to ask a monitor: accesses that no kernel answers by itself. A multiboot kernel, as the nanobenchmarks are;
; nano/measure.inc says what it prints. Assemble with "nasm -f bin -i ../nano/".

; Below 4 GiB, where monitors put PCI devices; no guest here has one. Present, and not cached (SDM 3A 4.9).
ABSENT_DEVICE   equ 0xD0000000 | 0x1B

%include "kernel.inc"

    benchmark "port", in_passes, 1
    benchmark "uart", uart_passes, 1
    benchmark "mmio", mmio_passes, 1
    end_of_benchmarks

main:
    call load_descriptors
    mov eax, ABSENT_DEVICE
    mov [test_table], rax
    jmp measure

; uart: a read of the serial port's line status, a device that every monitor here has.
uart_passes:
    mov r12, rbx
    mov edx, LINE_STATUS
.again:
    in al, dx
    dec rbx
    jnz .again
    ret

; mmio: a load from where there is no memory.
mmio_passes:
    mov r12, rbx
    mov esi, TEST_PAGE
.again:
    mov eax, [rsi]
    dec rbx
    jnz .again
    ret
