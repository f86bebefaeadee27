using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

/// <summary>MONITOR and MWAIT between processors (SDM 3A 9.10.4).</summary>
public abstract class MonitorTests(EngineChoice engine)
{
    private readonly SmpGuest _guests = new(engine);

    /// <summary>Two processors answer each other. Interrupts are masked and no timer runs: only the stores can wake them.</summary>
    [Fact]
    public void A_store_wakes_the_processor_that_waits_for_it() => _guests.Run("""
        test:
            mov r12d, edi
            xor r13d, r13d
        1:  mov eax, r13d
            and eax, 1
            cmp eax, r12d
            jne 3f
            lea eax, [r13 + 1]
            mov [turn], eax
        3:  cmp [turn], r13d
            ja 4f
            mov eax, offset turn
            xor ecx, ecx
            xor edx, edx
            monitor rax, ecx, edx
            # A store between the look and the arming must not be missed.
            cmp [turn], r13d
            ja 4f
            xor eax, eax
            mwait eax, ecx
            jmp 3b
        4:  inc r13d
            cmp r13d, ROUNDS
            jne 1b
            ret
        verify:
            mov eax, 1
            cpuid
            and ecx, 8
            xor ecx, 8
            cmp dword ptr [turn], ROUNDS
            setne al
            or al, cl
            ret
        .bss
        .align 64
        turn: .skip 64
        """, cpus: 2, rounds: 300, CpuConfig.DefaultModel, new CpuFeatureChange("monitor", true));
}
