; Firmware that does nothing but say that it runs: "FIRST" on the first serial port, and out through isa-debug-exit.
; Assemble with "nasm -f bin".

SERIAL_PORT     equ 0x3F8
LINE_STATUS     equ SERIAL_PORT + 5
CAN_TAKE_MORE   equ 1 << 5
EXIT_PORT       equ 0xF4
EXIT_GOOD       equ 0x10
ROM_SIZE        equ 0x10000
RESET_VECTOR    equ 0xFFF0      ; in the last 64 KiB below 4 GiB, where CS then lies (SDM 3A 11.1.4)

org 0
bits 16

begin:
    mov si, text
.next:
    mov dx, LINE_STATUS
.wait:
    in al, dx
    test al, CAN_TAKE_MORE
    jz .wait
    cs lodsb
    test al, al
    jz .end
    mov dx, SERIAL_PORT
    out dx, al
    jmp .next
.end:
    mov eax, EXIT_GOOD
    out EXIT_PORT, eax
.halt:
    hlt
    jmp .halt

text:   db "FIRST", 10, 0

    times RESET_VECTOR - ($ - $$) db 0
    jmp begin
    times ROM_SIZE - ($ - $$) db 0
