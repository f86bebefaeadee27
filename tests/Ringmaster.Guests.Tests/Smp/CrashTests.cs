using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

/// <summary>What one processor does to the whole machine.</summary>
public abstract class CrashTests(EngineChoice engine)
{
    private readonly SmpGuest _guests = new(engine);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_triple_fault_of_any_processor_ends_the_run_and_names_it(int number)
    {
        // By the number of its local APIC one crashes, the next sleeps, and the last never comes to rest.
        var outcome = _guests.Outcome($"""
            test:
                mov eax, 0xfee00020
                mov edi, [rax]
                shr edi, 24
                cmp edi, {number}
                je 2f
                cmp edi, {(number + 1) % 3}
                jne 1f
                cli
                hlt
            1:  pause
                jmp 1b
            2:  push 0
                push 0
                lidt [rsp]
                ud2
            verify:
                ret
            """, cpus: 3, rounds: 1);

        var crashed = Assert.IsType<RunOutcome.Crashed>(outcome);
        Assert.StartsWith($"CPU {number} had a triple fault", crashed.Report, StringComparison.Ordinal);
    }
}
