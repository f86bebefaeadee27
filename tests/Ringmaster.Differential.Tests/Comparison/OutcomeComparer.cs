using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Engine;
using Ringmaster.Differential.Tests.Generation;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>Lists the fields in which an engine's outcome differs from the host's.</summary>
/// <param name="processor">The host's processor, which may choose where the manuals leave a choice.</param>
internal sealed class OutcomeComparer(HostProcessor processor)
{
    private const ulong PageFault = 14, SimdException = 19, UpperHalf = 0x0000_7FFF_FFFF_F000;
    private const ulong PresentBit = 1;
    private const ushort Inexact = 0x20, ErrorSummary = 0x80, RoundedUp = 0x200;

    /// <summary>Instructions whose undefined flags are compared all the same, to learn what the host does.</summary>
    private static readonly bool s_isStrict = Environment.GetEnvironmentVariable("RINGMASTER_DIFFERENTIAL_STRICT") == "1";

    private static readonly string[] s_names64 =
        ["RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"];

    private readonly List<FieldDifference> _differences = [];

    /// <summary>Compares.</summary>
    /// <param name="test">The case.</param>
    /// <param name="host">How it ended on the host.</param>
    /// <param name="engine">How it ended in the engine.</param>
    /// <param name="addresses">The address of each instruction, and that of the end.</param>
    /// <param name="flags">What is undefined where.</param>
    /// <param name="before">The quadword at an address as it was before the case.</param>
    /// <returns>The differing fields; the list is used again by the next call.</returns>
    public IReadOnlyList<FieldDifference> Compare(TestCase test, Outcome host, Outcome engine, IReadOnlyList<ulong> addresses,
        FlagHistory flags, Func<ulong, ulong> before)
    {
        _differences.Clear();
        if (engine.Problem is not null)
        {
            _differences.Add(new FieldDifference("ending", $"exception {host.Vector}", engine.Problem));
            return _differences;
        }
        var at = FaultingInstruction.Find(test, host.Registers, addresses);
        if (MayDiffer(at) || MayDiffer(FaultingInstruction.Find(test, engine.Registers, addresses)))
            return _differences;
        CompareException(host, engine, at is { } large && ImplementationChoices.MayFaultAnywhere(large));
        CompareGeneral(test, host.Registers, engine.Registers);
        CompareFlags(host.Registers, engine.Registers, addresses, flags);
        CompareX87(host.Registers.Fx, engine.Registers.Fx, test.Is32Bit,
            host.Vector == SimdException && at is { } mixed && ImplementationChoices.MayEnterMmx(mixed),
            TranscendentalResults.CountOf(test, host.Registers.Rip, addresses[^1]));
        CompareVectors(host.Registers, engine.Registers, at is { } gather ? ImplementationChoices.PartialMask(gather) : null);
        CompareMemory(host.Changes, engine.Changes);
        if (processor.IsIntel && _differences.Count > 0)
        {
            var context = new DifferenceContext(test, host, engine, addresses, before);
            _differences.RemoveAll(d => IntelChoices.Explain(context, d));
        }
        return _differences;

        bool MayDiffer(FaultingInstruction? stopped) =>
            stopped is { } found && ImplementationChoices.MayDiffer(found, host, engine, test.Is32Bit);
    }

    /// <summary>A general register's name in differences.</summary>
    public static string NameOf(int register) => s_names64[register];

    private void Check(string name, ulong host, ulong engine, string format = "X16")
    {
        if (host != engine)
            _differences.Add(new FieldDifference(name, host.ToString(format), engine.ToString(format)));
    }

    private void CompareException(Outcome host, Outcome engine, bool anyAddress)
    {
        Check("vector", host.Vector, engine.Vector, "D");
        if (host.Vector != engine.Vector)
            return;
        var error = host.Error;
        if (host.Vector == PageFault)
        {
            if (!anyAddress)
                Check("CR2", host.Cr2, engine.Cr2);
            // Linux reports every fault above user space as a protection fault, to hide its own mappings.
            if (host.Cr2 >= UpperHalf)
                error = (error & ~PresentBit) | (engine.Error & PresentBit);
        }
        Check("error code", error, engine.Error, "X");
    }

    private void CompareGeneral(TestCase test, in RegisterFrame host, in RegisterFrame engine)
    {
        // The upper halves and R8 to R15 are undefined once compatibility mode has been left (SDM 1 3.4.1.1, APM 1 2.5.2).
        var count = test.Is32Bit ? 8 : 16;
        var mask = test.Is32Bit ? uint.MaxValue : ulong.MaxValue;
        for (var i = 0; i < count; i++)
            Check(s_names64[i], host.General[i] & mask, engine.General[i] & mask);
        Check("RIP", host.Rip & mask, engine.Rip & mask);
    }

    private void CompareFlags(in RegisterFrame host, in RegisterFrame engine, IReadOnlyList<ulong> addresses, FlagHistory flags)
    {
        var undefined = flags.Anywhere;
        for (var i = 0; i < addresses.Count; i++)
        {
            if (addresses[i] == host.Rip)
                undefined = flags.Before[i];
        }
        // INT3 is one byte long, so its trap points one beyond the end.
        if (host.Rip == addresses[^1] + 1)
            undefined = flags.Before[^1];
        var mask = s_isStrict ? ulong.MaxValue : ~(ulong)undefined;
        Check("RFLAGS", host.Rflags & mask, engine.Rflags & mask, "X8");
    }

    private void CompareX87(in FxArea host, in FxArea engine, bool is32Bit, bool mayEnterMmx, int transcendentals)
    {
        Check("FCW", host.ControlWord, engine.ControlWord, "X4");
        if (!mayEnterMmx)
        {
            // Where a transcendental's last bit may differ, so may the direction of its rounding, which C1 tells if something has
            // been rounded (SDM 1 8.1.3.3).
            var status = transcendentals > 0 && (host.StatusWord & Inexact) != 0 ? ~(ulong)RoundedUp : ulong.MaxValue;
            Check("FSW", host.StatusWord & status, engine.StatusWord & status, "X4");
            Check("FTW", host.TagWord, engine.TagWord, "X2");
        }
        // Without a pending exception AMD's XSAVE stores zeros here, and others what they like (APM 2 11.4.4; SDM 1 8.1.8).
        if ((host.StatusWord & ErrorSummary) != 0)
        {
            // FXRSTOR64 may load what is no address; how much of it a processor keeps is its own.
            var mask = is32Bit ? uint.MaxValue : 0x0000_FFFF_FFFF_FFFFUL;
            Check("FOP", host.LastOpcode, engine.LastOpcode, "X4");
            Check("FIP", host.LastInstruction & mask, engine.LastInstruction & mask);
            Check("FDP", host.LastData & mask, engine.LastData & mask);
        }
        for (var i = 0; i < 8 && !mayEnterMmx; i++)
        {
            var (expected, actual) = (host.Stack[i].Value, engine.Stack[i].Value);
            if (expected != actual && !(i < transcendentals && TranscendentalResults.AreNeighbours(expected, actual)))
                _differences.Add(new FieldDifference($"ST{i}", Text(expected), Text(actual)));
        }
        Check("MXCSR", host.Mxcsr, engine.Mxcsr, "X8");

        static string Text(Cpu.State.FloatRegister value) => $"{value.SignExponent:X4}:{value.Significand:X16}";
    }

    private void CompareVectors(in RegisterFrame host, in RegisterFrame engine, (int Register, int ElementBits)? partialMask)
    {
        for (var i = 0; i < 16; i++)
        {
            var mask = partialMask is not { } partial || partial.Register != i ? ulong.MaxValue
                : partial.ElementBits == 32 ? 0x8000_0000_8000_0000 : 0x8000_0000_0000_0000;
            if (Differ(host.Fx.Xmm, engine.Fx.Xmm, i, mask))
                _differences.Add(new FieldDifference($"XMM{i}", Text(host.Fx.Xmm, i), Text(engine.Fx.Xmm, i)));
            if (Differ(host.YmmHigh, engine.YmmHigh, i, mask))
                _differences.Add(new FieldDifference($"YMM{i} upper half", Text(host.YmmHigh, i), Text(engine.YmmHigh, i)));
        }

        static bool Differ(in VectorHalves left, in VectorHalves right, int index, ulong mask) =>
            ((left[2 * index] ^ right[2 * index] | left[2 * index + 1] ^ right[2 * index + 1]) & mask) != 0;

        static string Text(in VectorHalves halves, int index) => $"{halves[2 * index + 1]:X16}_{halves[2 * index]:X16}";
    }

    private void CompareMemory(List<MemoryChange> host, List<MemoryChange> engine)
    {
        var (h, e) = (0, 0);
        while ((h < host.Count || e < engine.Count) && _differences.Count < 64)
        {
            var atHost = h < host.Count ? host[h].Address : ulong.MaxValue;
            var atEngine = e < engine.Count ? engine[e].Address : ulong.MaxValue;
            if (atHost == atEngine)
                Check($"[{atHost:X}]", host[h++].Value, engine[e++].Value);
            else if (atHost < atEngine)
                _differences.Add(new FieldDifference($"[{atHost:X}]", host[h++].Value.ToString("X16"), "unchanged"));
            else
                _differences.Add(new FieldDifference($"[{atEngine:X}]", "unchanged", engine[e++].Value.ToString("X16")));
        }
    }
}
