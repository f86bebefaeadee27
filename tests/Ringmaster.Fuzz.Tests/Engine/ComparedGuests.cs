using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;
using Ringmaster.Cpu.Translator;
using Ringmaster.Cpu.Translator.Lockstep;
using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>Runs hostile guests on the translator with the interpreter beside it.</summary>
internal sealed class ComparedGuests : IDisposable
{
    private const int MostExits = 60;

    private readonly TranslatorEngine _engine = new(new TranslatorOptions { Threshold = 0, ComparesWithInterpreter = true, CodeCacheSize = 4 << 20 });
    private readonly GuestMemory _memory = GuestMemory.Create(Layout.Ranges);
    private readonly List<(Cpu.Models.CpuidTable Cpuid, IVirtualCpu Vcpu)> _vcpus;
    private readonly TableWatch _tables;
    private readonly Watchdog _watchdog;
    private volatile IVirtualCpu? _running;

    public ComparedGuests()
    {
        _vcpus = [.. FuzzCpu.All(_engine).Select(c => (c, _engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(c, new StoppedClock()))))];
        _tables = new TableWatch(_memory);
        _watchdog = new Watchdog(TimeSpan.FromMilliseconds(20), () => _running?.Kick());
    }

    /// <summary>Instructions compared.</summary>
    public long Instructions => _vcpus.Sum(v => v.Vcpu.InstructionCount);

    /// <summary>Cases that began in code that can be translated; all others are left out.</summary>
    public int Cases { get; private set; }

    /// <summary>Cases that ended early, since both engines may be right.</summary>
    public int Undecided { get; private set; }

    /// <summary>Runs the guest of a seed.</summary>
    /// <exception cref="FuzzFailureException">The translator does not do what the interpreter does.</exception>
    public void Run(ulong seed, bool coherent)
    {
        var name = $"translation seed {seed:x16} {(coherent ? "coherent" : "raw")}";
        var random = new FuzzRandom(seed);
        var (cpuid, vcpu) = _vcpus[random.Below(_vcpus.Count)];
        var state = HostileGuest.Create(random, _memory, cpuid, coherent);
        // Code of 16 bits is never translated.
        if (!state.Cs.Attributes.IsBig && !state.Cs.Attributes.IsLong)
            return;
        // What is above 32 bits is undefined outside of 64-bit mode (SDM 1 3.4.1.1).
        if (!state.Cs.Attributes.IsLong)
            state.Registers[4] = (uint)state.Registers[4];
        Cases++;
        // Without an interrupt table the first exception ends the case.
        state.Idtr = default;
        vcpu.Import(state);
        _tables.Begin();
        _watchdog.Begin(name);
        _running = vcpu;
        try
        {
            RunToEnd(random, vcpu);
        }
        catch (LockstepException difference) when (difference.DependsOnUndefinedFlags || _tables.HaveChanged(state))
        {
            Undecided++;
        }
        catch (Exception error)
        {
            throw new FuzzFailureException($"{name}: {error.GetType().Name}: {error.Message}", error);
        }
        finally
        {
            _running = null;
            _watchdog.End();
        }
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        _vcpus.ForEach(v => v.Vcpu.Dispose());
        _memory.Dispose();
        _engine.Dispose();
    }

    private static void RunToEnd(FuzzRandom random, IVirtualCpu vcpu)
    {
        var answer = ExitAnswer.Done;
        for (var exits = 0; exits < MostExits; exits++)
        {
            var exit = vcpu.Run(answer);
            answer = EngineFuzz.Answer(random, exit);
            // What led to the shutdown is no instruction, and a kick may come in the middle of one: the interpreter is not there.
            if (exit.Kind is VmExitKind.Shutdown or VmExitKind.Kicked)
                return;
            if (exit.Kind != VmExitKind.Halt)
                continue;
            // The interpreter catches up, and both are compared.
            Assert.Null(vcpu.Settle(answer));
            return;
        }
    }
}
